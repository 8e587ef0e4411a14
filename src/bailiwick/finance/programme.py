"""What of the wider programme's cost falls on this scheme, and what is already spent and cannot be saved?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from bailiwick.case import Case
from bailiwick.finance.posts import SUPERVISORS, cost, counts, option_of_kind

ShareKey = Literal["areas", "residents", "posts"]
KEYS: tuple[ShareKey, ...] = ("areas", "residents", "posts")
_NEEDED = "finance.programme.it"


@dataclass(frozen=True, slots=True)
class Spent:
    """Money that is gone whatever is decided: named, in pounds, with its source."""

    name: str
    pounds: float
    note: str


@dataclass(frozen=True, slots=True)
class Programme:
    """The whole programme in pounds: IT and other implementation, what of each is spent, what is left to spend."""

    it: float
    other: float
    spent: tuple[Spent, ...]
    it_left: float
    other_left: float

    @property
    def sunk(self) -> float:
        """All that is spent, counted once."""
        return self.it + self.other - self.it_left - self.other_left


def programme(case: Case) -> Programme | None:
    """The programme the scheme belongs to, or None where the case belongs to none.

    Approvals and this year's IT spending may be the same money in part: `finance.programme.overlap` is that share.
    """
    if _NEEDED not in case.assumptions:
        return None
    it, other = case.value(_NEEDED), case.value("finance.programme.other")
    it_spent = case.value("finance.programme.it_2017_18") * case.value("finance.programme.spent_share")
    first = case.value("finance.programme.approved_to_march_2017")
    second = case.value("finance.programme.approved_2017")
    apart = (first + second) * (1 - case.value("finance.programme.overlap"))
    it_left = max(0.0, it - it_spent)
    spent = (
        Spent("Approved to March 2017", first, "spent before the decision"),
        Spent("Approved in 2017", second, "spent before the decision"),
        Spent("IT planned for 2017-18", it_spent, "the share of the year's plan that is taken as spent or committed"),
        Spent("Counted in both", -(first + second - apart), "approvals that paid for that IT, taken off once"),
    )
    return Programme(it, other, spent, it_left, max(0.0, other - apart))


def share(case: Case, key: ShareKey) -> float:
    """The scheme's share of the programme, in [0, 1], by number of areas, by residents, or by posts.

    The programme covers every area of the scope's forces.  Without residents of all of them, or without a number of
    posts in the programme, the share by areas stands in.
    """
    forces = {case.system.area(code).force for code in case.scheme.scope}
    members = [a for a in case.system.areas if a.force in forces]
    mine = [a for a in members if a.code in case.scheme.scope]
    if key == "residents" and all(a.population for a in members):
        return math.fsum(a.population or 0 for a in mine) / math.fsum(a.population or 0 for a in members)
    if key == "posts" and "finance.programme.officers" in case.assumptions:
        return min(1.0, officers_today(case) / case.value("finance.programme.officers"))
    return len(mine) / len(members)


def share_key(case: Case) -> ShareKey:
    """The declared key by which the programme's cost is shared: assumption `finance.programme.share_key`."""
    return KEYS[round(case.value("finance.programme.share_key"))]


def officers_today(case: Case) -> float:
    """Officer posts in the scheme's scope today: all ranks from constable up."""
    ranks = ("constable", *SUPERVISORS)
    total = 0.0
    for command in option_of_kind(case, "today").grouping.commands:
        posts = counts(case, command)
        total += math.fsum(n for n, post in zip(posts, case.scheme.posts, strict=True) if post.rank in ranks)
    return total


def cost_today(case: Case) -> float:
    """What today's posts in the scope cost a year."""
    return math.fsum(cost(case, counts(case, c)) for c in option_of_kind(case, "today").grouping.commands)
