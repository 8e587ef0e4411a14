"""How many posts of each rank does a command have, under any model and any grouping?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.errors import CaseError
from bailiwick.finance.pay import cost_of_post
from bailiwick.scheme import Command, Grouping, Option, OptionKind, Post

SUPERVISORS = ("sergeant", "inspector", "chief inspector", "superintendent", "chief superintendent")
"""The ranks that the programme counts as supervisors: sergeant to chief superintendent."""

CIVILIANS = ("staff", "pcso")
"""The ranks that are employed and can be made redundant; all others hold office as constables and cannot."""

Counts = tuple[float, ...]
"""One number of posts for each line of the scheme's establishment, in its order."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What `cuts` must still give up, once the posts that can go without merging are gone, to cost the same.

    `parts` constables by line (negative: can be added back), worth `money` pounds a year in all; `short` is the money
    that could not be found because the lines have no more posts.
    """

    parts: Counts
    money: float
    short: float

    @property
    def posts(self) -> float:
        """All constables given up."""
        return math.fsum(self.parts)


def option_of_kind(case: Case, kind: OptionKind) -> Option:
    """The case's first option of that kind; CaseError when there is none."""
    for option in case.scheme.options:
        if option.kind == kind:
            return option
    raise CaseError(f"case {case.name}", "options", got="no such option", expected=f"an option of kind {kind}")


def resident_shares(case: Case, command: Command) -> dict[str, float]:
    """Each area's share of a command's residents, equal shares where a population is unknown; they sum to 1."""
    known = [case.system.area(code).population for code in command.areas]
    weights = [float(p) for p in known if p]
    if len(weights) < len(known):
        return {code: 1 / len(known) for code in command.areas}
    total = math.fsum(weights)
    return {code: weight / total for code, weight in zip(command.areas, weights, strict=True)}


def counts_by_area(case: Case, command: Command, balance: Balance | None = None) -> dict[str, Counts]:
    """Posts by area and line of a command.  A post of the whole command is shared by residents.

    Under a model whose posts are `cuts`, the lines' reductions that need no merger are made and `balance` (of the
    whole scheme) is shared among areas as today's posts of its line are.
    """
    if case.scheme.model(command.model).posts == "cuts":
        return _cut(case, command, balance)
    return _as_modelled(case, command)


def counts(case: Case, command: Command, balance: Balance | None = None) -> Counts:
    """Posts by line of a whole command; any candidate command can be asked."""
    return added(tuple(counts_by_area(case, command, balance).values()))


def added(parts: tuple[Counts, ...]) -> Counts:
    """The sum of posts, line by line.

    >>> added(((1.0, 2.0), (3.0, 4.0)))
    (4.0, 6.0)
    """
    return tuple(math.fsum(column) for column in zip(*parts, strict=True))


def cost(case: Case, posts: Counts) -> float:
    """What these posts cost a year, pounds at the case's price base, on-costs included."""
    return math.fsum(n * cost_of_post(case, post.rank) for n, post in zip(posts, case.scheme.posts, strict=True))


def needs_merger(case: Case) -> Counts:
    """The share of each line's change that cannot happen without merging, in [0, 1]."""
    return tuple(case.value(post.needs_merger) for post in case.scheme.posts)


def balancing_line(case: Case) -> int:
    """The line of response constables, or the largest line of constables where none is called so."""
    constables = [(i, p) for i, p in enumerate(case.scheme.posts) if p.rank == "constable"]
    if not constables:
        raise CaseError(f"case {case.name}", "posts", got="no line of constables",
                        expected="at least one, to balance the option `cuts`")
    for i, post in constables:
        if "response" in post.role:
            return i
    return max(constables, key=lambda pair: case.value(pair[1].today))[0]


def balance_of(case: Case, estate_gap: float = 0.0) -> Balance:
    """The constables that `cuts` gives up to cost a year what the proposal costs.

    `estate_gap`: pounds a year by which the unmerged buildings cost more than the merged ones.
    """
    line = balancing_line(case)
    before = _whole(case, option_of_kind(case, "cuts"))
    target = _whole(case, option_of_kind(case, "proposed"))
    money = cost(case, before) - cost(case, target) + estate_gap
    each = cost_of_post(case, case.scheme.posts[line].rank)
    parts = _given_up(case, line, before, money / each)
    return Balance(parts, money, money - math.fsum(parts) * each)


def _given_up(case: Case, line: int, before: Counts, wanted: float) -> Counts:
    """So many constables by line: the share `finance.cuts.from_response` from response, the rest from the others.

    Ward officers are ring-fenced and give none; what one line cannot give the others do.
    """
    others = [i for i, post in enumerate(case.scheme.posts)
              if post.rank == "constable" and i != line and "ward" not in post.role]
    room = math.fsum(before[i] for i in others)
    share = case.value("finance.cuts.from_response") if room > 0 else 1.0
    rest = min(wanted - min(share * wanted, before[line]), room)
    parts = [0.0] * len(before)
    parts[line] = min(wanted - rest, before[line])
    for i in others:
        parts[i] = rest * before[i] / room
    return tuple(parts)


def _whole(case: Case, option: Option) -> Counts:
    return added(tuple(counts(case, command) for command in option.grouping.commands))


def _as_modelled(case: Case, command: Command) -> dict[str, Counts]:
    model = case.scheme.model(command.model)
    shares = resident_shares(case, command)
    each = tuple(_per_unit(case, post, model.posts) for post in case.scheme.posts)
    own = tuple(post.per == "area" or (post.per == "channel" and model.channels == "per-area")
                for post in case.scheme.posts)
    return {
        code: tuple(n if alone else n * share for n, alone in zip(each, own, strict=True))
        for code, share in shares.items()
    }


def _per_unit(case: Case, post: Post, staffing: str) -> float:
    today = case.value(post.today)
    if staffing == "today":
        return today
    told = case.value(post.redesigned if staffing == "redesigned" else post.proposed)
    return max(0.0, today + told if post.proposed_as == "change" else told)


def _cut(case: Case, command: Command, balance: Balance | None) -> dict[str, Counts]:
    today = option_of_kind(case, "today").grouping
    merged = option_of_kind(case, "proposed").grouping
    shares = needs_merger(case)
    everywhere = _by_area(case, today, today.areas)
    later = _by_area(case, merged, command.areas)
    found = {}
    for code in command.areas:
        kept = [a - (1 - share) * (a - b) for a, b, share in zip(everywhere[code], later[code], shares, strict=True)]
        if balance is not None:
            kept = [n - part * _part(everywhere, code, i) if part else n for i, (n, part) in
                    enumerate(zip(kept, balance.parts, strict=True))]
        found[code] = tuple(kept)
    return found


def _by_area(case: Case, grouping: Grouping, areas: tuple[str, ...]) -> dict[str, Counts]:
    """Posts by area and line under a grouping's own models, each command asked once."""
    asked = dict.fromkeys(grouping.command_of(code) for code in areas)
    return {code: posts for command in asked for code, posts in _as_modelled(case, command).items()}


def _part(everywhere: dict[str, Counts], code: str, line: int) -> float:
    """An area's share of today's posts of one line."""
    total = math.fsum(posts[line] for posts in everywhere.values())
    return everywhere[code][line] / total if total else 1 / len(everywhere)
