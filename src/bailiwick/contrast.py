"""In how little do the strongest case for and the strongest case against differ, and what would settle it?

Both are accepted sets.  Beginning with the set against, as few assumptions as can be found are given the values of the
set for until the answer turns: isolating what makes a difference by halving (Zeller and Hildebrandt 2002).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bailiwick import appraisal, finance, headlines
from bailiwick.case import Case
from bailiwick.decides import fitted_line
from bailiwick.draws import Draws, number_of
from bailiwick.findings import finding_id
from bailiwick.response import service
from bailiwick.sensitivity import settings
from bailiwick.tables import Cell, ResultTable

UNREAD = ("locality.", "evaluation.", "alternatives.")
"""Assumptions of rooms that the rule of the verdict does not ask."""

_FELT = 0.005
TRIES = 24
"""Mixed sets that are judged at most."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The accepted sets that make the strongest case for and against, by their place; `by` names what they differ in.

    Nothing where both sets give the same answer to every question asked.
    """

    strongest: int
    weakest: int
    by: str


def sides(draws: Draws, option: str = "proposed") -> Sides | None:
    """The strongest case for and against among the accepted sets; None where no set has every number.

    By weakest rank over the rule's own headlines (the service-neutral saving and the points to spare): the set that is
    least bad on its worst figure, and the one that is least good on its best.
    """
    case = draws.case
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    keys = ruled_keys(case)
    known = [i for i, row in enumerate(told) if all(row.get(key) is not None for key in keys)]
    if not known or not keys:
        return None
    rows = [told[i] for i in known]
    up, down = headlines.weakest_rank(rows, keys, up=True), headlines.weakest_rank(rows, keys, up=False)
    passed = [headlines.passes(case, row) for row in rows]
    best = known[max(range(len(rows)), key=lambda i: (passed[i], up[i], -i))]
    worst = known[min(range(len(rows)), key=lambda i: (passed[i], down[i], i))]
    return Sides(best, worst, _differs(case, told[best], told[worst]))


def two_cases(draws: Draws, option: str = "proposed") -> ResultTable:
    """Which accepted set makes the strongest case for, and which against, by its row in `accepted_sets`."""
    chosen = sides(draws, option) if headlines.has(draws.case, option) else None
    rows: tuple[tuple[Cell, ...], ...] = ()
    if chosen is not None:
        named = draws.case.accepted or draws.ks
        rows = tuple((side, i, named[draws.ks[i]], chosen.by)
                     for side, i in (("for", chosen.strongest), ("against", chosen.weakest)))
    return ResultTable(
        "two_cases", "The strongest case for and against among the accepted sets", ("side", "row", "set", "differ_in"),
        ("", "", "", ""), rows, (),
        "The set whose worst headline ranks highest, and the set whose best headline ranks lowest: neither case rests "
        "on one figure alone.")


def ruled_keys(case: Case) -> tuple[str, ...]:
    """The keys of the headlines that the rule of the verdict asks for: its money, then each grade's points to spare."""
    return (headlines.money_measure(case), *(headlines.spare_key(rule) for rule in headlines.floor_measures(case)))


def _differs(case: Case, best: dict[str, float | None], worst: dict[str, float | None]) -> str:
    if headlines.passes(case, best) != headlines.passes(case, worst):
        return "passes"
    for key in ruled_keys(case):
        mine, theirs = best[key], worst[key]
        if mine is not None and theirs is not None and mine > 0 >= theirs:
            return key
    return ""


def contrast(draws: Draws, option: str = "proposed", tries: int = TRIES) -> ResultTable:
    """The fewest assumptions found in which the case for and the case against must differ for the answer to differ."""
    chosen = sides(draws, option) if headlines.has(draws.case, option) else None
    if chosen is None or not chosen.by:
        note = "No set of assumptions has every number." if chosen is None else (
            "Every accepted set gives the same answer: the two sides differ in size only.")
        return _table(draws, option, chosen, (), note)
    case = headlines.few_options(draws.case, option)
    best, worst = (dict(case.draw(draws.ks[i]).changed) for i in (chosen.strongest, chosen.weakest))
    search = Search(lambda names: _holds(_mixed(case, worst, best, names), option, chosen.by), tries)
    listed = ordered(draws, option, best, worst)
    names, least = search.found(listed, [name for name in shown(draws, option) if name in listed])
    mixed = _mixed(case, worst, best, names)
    fits = all(f.agrees for f in (*appraisal.money_fits(mixed), *appraisal.response_fits(mixed)))
    note = (f"With the values of the case for in these {len(names)} alone, the set against "
            + ("meets the rule" if chosen.by == "passes" else "turns its sign") + ". "
            + ("None of them can be left out. " if least else f"Fewer may do: {tries} trials were made. ")
            + ("The mixed set still reproduces what was published." if fits else
               "The mixed set no longer reproduces every published figure, so these cannot all move alone."))
    return _table(draws, option, chosen, names, note)


def _mixed(case: Case, worst: dict[str, float], best: dict[str, float], names: Sequence[str]) -> Case:
    return replace(case, changed={**worst, **{name: best[name] for name in names}})


def _holds(case: Case, option: str, by: str) -> bool:
    """Whether the headline that the two sides differ in is above zero; the floor is asked before the money."""
    rules = headlines.floor_measures(case)
    if by == "passes" or by.startswith("spare."):
        paired = service.paired(case, finance.response_constables(case), only=(option,))
        spare = {headlines.spare_key(rule): headlines.spare(case, paired, option, rule) for rule in rules}
        asked = [spare[by]] if by in spare else list(spare.values())
        if not all(value is not None and value >= 0 for value in asked) or by in spare:
            return all(value is not None and value >= 0 for value in asked)
    told = headlines.found_in(case, appraisal.judge(case), option)
    money = told.get(headlines.money_measure(case))
    return headlines.passes(case, told) if by == "passes" else money is not None and money > 0


def ordered(draws: Draws, option: str, best: dict[str, float], worst: dict[str, float]) -> tuple[str, ...]:
    """The assumptions that differ and are felt: those that should help the set against most first, and harm last.

    The help looked for is the step from the set against to the set for, times the slope of each of the rule's headlines
    over the accepted sets, by what the set against lacks of that headline.
    """
    case, drawn = draws.case, settings(draws)
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    against: dict[str, float | None] = next(
        (row for row, k in zip(told, draws.ks, strict=True) if case.draw(k).changed == worst), {})
    help = dict.fromkeys(drawn, 0.0)
    for key in ruled_keys(case):
        value = against.get(key)
        if value is None or value >= 0:
            continue
        for name, slope in _slopes(drawn, [row[key] for row in told]).items():
            help[name] += slope * (best[name] - worst[name]) / -value
    felt = {name: _reach(case, best, worst, name) for name in drawn if best[name] != worst[name]}
    weight = {name: help[name] * reach if help[name] > 0 else help[name] for name, reach in felt.items()}
    return tuple(sorted((name for name in felt if felt[name] > 0), key=lambda name: (-weight[name], name)))


def _slopes(drawn: dict[str, NDArray[np.float64]], column: Sequence[float | None]) -> dict[str, float]:
    """The slope of a headline by each assumption alone, over the sets where it has a number; none for fewer than 3."""
    kept = np.array([value is not None for value in column], dtype=bool)
    numbers = np.array([value for value in column if value is not None], dtype=np.float64)
    if len(numbers) < 3:
        return {}
    middle = numbers - numbers.mean()
    return {name: float(np.mean((values[kept] - values[kept].mean()) * middle) / np.var(values[kept]))
            for name, values in drawn.items() if np.ptp(values[kept]) > 0}


def shown(draws: Draws, option: str) -> tuple[str, ...]:
    """The assumptions that go with one of the rule's headlines over the accepted sets beyond chance."""
    case, drawn = draws.case, settings(draws)
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    found: list[str] = []
    for key in ruled_keys(case):
        kept = np.array([row[key] is not None for row in told], dtype=bool)
        numbers = np.array([row[key] for row in told if row[key] is not None], dtype=np.float64)
        found += [name for name, values in drawn.items()
                  if fitted_line(values[kept], numbers, len(drawn)) is not None]
    return tuple(dict.fromkeys(found))


def _reach(case: Case, best: dict[str, float], worst: dict[str, float], name: str) -> float:
    """How far the rule can feel one assumption: 0 not at all, 1 through the service, a tenth through money alone.

    Of those that only finance reads, by what finance says of them: they reach the service where they move an area's
    response constables over today's by half a hundredth.
    """
    if name.startswith(UNREAD):
        return 0.0
    if not name.startswith(("finance.", "posts.")):
        return 1.0
    before = replace(case, changed=worst)
    after = replace(case, changed={**worst, name: best[name]})
    staffed = [_staffing(one) for one in (before, after)]
    if any(abs(a - b) > _FELT for a, b in zip(*staffed, strict=True)):
        return 1.0
    saving = finding_id("finance.saving_a_year", "proposed", "scheme")
    money = [(number_of(one, saving), finance.cost_of_post(one, "constable")) for one in (before, after)]
    return 0.1 if money[0] != money[1] or staffed[0] != staffed[1] else 0.0


def _staffing(case: Case) -> list[float]:
    """Response constables of each option and area over today's."""
    told = finance.response_constables(case)
    today = next(option.name for option in case.scheme.options if option.kind == "today")
    return [told[option.name][code] / told[today][code] if told[today][code] else 1.0
            for option in case.scheme.options for code in case.scheme.scope]


class Search:
    """A search for the fewest names that make a test hold, if a test that holds goes on holding with more names.

    The last name of the shortest beginning of a list that makes it hold is needed; with it kept, the shortest beginning
    of the names before it gives the next, until those found do alone.
    """

    def __init__(self, holds: Callable[[Sequence[str]], bool], tries: int) -> None:
        self._holds, self._left = holds, tries

    def found(self, names: Sequence[str], first: Sequence[str] = ()) -> tuple[tuple[str, ...], bool]:
        """The names found, and whether none can be left out; `first` are tried before the others, and kept if needed.

        Where the tries run out, the last names known to do are returned.
        """
        needed = list(first)
        rest = tuple(name for name in names if name not in needed)
        while rest and not (needed and self._asked(needed)):
            low, high = 0, len(rest)
            while high - low > 1 and self._left > 0:
                middle = (low + high) // 2
                low, high = (low, middle) if self._asked((*needed, *rest[:middle])) else (middle, high)
            if self._left <= 0:
                return (*needed, *rest[:high]), False
            needed.append(rest[high - 1])
            rest = rest[:high - 1]
        return self._least(needed)

    def _least(self, names: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        kept = list(names)
        for name in names:
            fewer = [other for other in kept if other != name]
            if not fewer:
                break
            if self._left <= 0:
                return tuple(kept), False
            if self._asked(fewer):
                kept = fewer
        return tuple(kept), True

    def _asked(self, names: Sequence[str]) -> bool:
        self._left -= 1
        return self._holds(names)


def _table(draws: Draws, option: str, chosen: Sides | None, names: Sequence[str], note: str) -> ResultTable:
    case, drawn = draws.case, settings(draws)
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        a = case.assumptions[name]
        at = (chosen.strongest, chosen.weakest) if chosen else (0, 0)
        rows.append((name, a.title, a.unit, a.kind, a.holder, a.low, a.high, *(float(drawn[name][i]) for i in at)))
    return ResultTable(
        "contrast", "The fewest assumptions found in which the two cases must differ",
        ("assumption", "title", "unit", "kind", "holder", "from", "to", "in_the_case_for", "in_the_case_against"),
        ("",) * 5 + ("see unit",) * 4, tuple(rows), (), note)
