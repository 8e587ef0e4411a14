"""What decides: which assumptions move each headline, where would each turn it, and is the answer settled?

Money is asked one assumption at a time, all else at its central value.  What needs a simulation is read from the
accepted sets: a line fitted through them, told only where it is beyond chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from bailiwick import headlines
from bailiwick.case import Case
from bailiwick.draws import Draws, central_range, number_of
from bailiwick.findings import finding_id
from bailiwick.headlines import Headline
from bailiwick.sensitivity import settings, switching
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

TOP = 8
"""Assumptions told for each headline: those that move it most."""

_OTHER_ROOMS = ("response.", "locality.", "alternatives.", "evaluation.", "cars.")
"""Assumptions that finance never reads: rooms do not know each other."""

_END = 1e-6

Ends = tuple[str, str, float | None, float | None, float | None, float | None]
"""An assumption's effect on a headline: key, name, the headline at its low and its high end, where it turns, fit."""


def accepted_sets(draws: Draws, option: str = "proposed") -> ResultTable:
    """Every accepted set: whether the option passes the rule in it, its headlines, and what it assumes."""
    case = draws.case
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    drawn = settings(draws)
    heads = headlines.headlines(case)
    rules = headlines.floor_measures(case)
    rows = tuple(
        (draws.case.accepted[k] if draws.case.accepted else k, headlines.passes(case, told[i]),
         *(told[i][h.key] for h in heads),
         *(headlines.worst_area(case, draws.judgements[i], option, rule) for rule in rules),
         *(float(drawn[name][i]) for name in drawn))
        for i, k in enumerate(draws.ks)
    )
    note = ("Each row is one combination of assumptions that reproduces what was published. None is more likely than "
            "another.") if draws.trials.calibrated else (
        "No combination tried here reproduces what was published: these fit the published money only.")
    return ResultTable(
        "accepted_sets", "Every set of assumptions that fits what was published, and what follows from it",
        ("set", "passes", *(h.key for h in heads), *(f"worst.{rule['measure']!s}" for rule in rules), *drawn),
        ("", "", *(h.unit for h in heads), *("" for _ in rules), *("see assumptions" for _ in drawn)),
        rows,
        tuple(finding_id(name, option, "scheme") for name in headlines.MONEY), note)


def what_decides(draws: Draws, pool: Executor | None = None, option: str = "proposed") -> ResultTable:
    """For each headline, the assumptions that move it most: its value at both ends of each, and where it turns."""
    case = draws.case
    known = {h.key: h for h in headlines.headlines(case)}
    found = [*_one_at_a_time(case, option, pool), *_fitted(draws, option)]
    rows: list[tuple[Cell, ...]] = []
    for key, headline in known.items():
        mine = sorted((ends for ends in found if ends[0] == key and _swing(ends) > 0),
                      key=lambda ends: (-_swing(ends), ends[1]))[:TOP]
        turned = _turned(case, option, mine, pool)
        rows += [_row(case, headline, ends, turns) for ends, turns in zip(mine, turned, strict=True)]
    columns = ("headline", "headline_title", "headline_unit", "assumption", "title", "unit", "kind", "holder", "used",
               "from", "to", "at_from", "at_to", "swing", "turns_at", "method")
    return ResultTable(
        "what_decides", "What decides: each headline at both ends of what moves it most", columns,
        ("",) * 8 + ("see unit",) * 2 + ("see unit",) + ("see headline",) * 3 + ("see unit", ""), tuple(rows),
        tuple(finding_id(name, option, "scheme") for name in headlines.MONEY),
        "One at a time: all else at the value used. Fitted: a straight line through the accepted sets, told only where "
        "chance alone would not give it once in twenty tries of all assumptions.")


def _row(case: Case, headline: Headline, ends: Ends, turns: float | None) -> tuple[Cell, ...]:
    a = case.assumptions[ends[1]]
    method = "one at a time" if ends[5] is None else "fitted"
    at_low, at_high, swing = (rounded(value, headline.unit) for value in (ends[2], ends[3], _swing(ends)))
    return (headline.key, headline.title, headline.unit, a.name, a.title, a.unit, a.kind, a.holder, case.value(a.name),
            a.low, a.high, at_low, at_high, swing, rounded(turns, a.unit), method)


def rounded(value: float | None, unit: str) -> float | None:
    """A number to whole pounds, or to four figures where it is not money.

    >>> rounded(1234567.89, "GBP a year"), rounded(1.46054, "minutes"), rounded(None, "km")
    (1234568.0, 1.461, None)
    """
    if value is None:
        return None
    return float(round(value)) if unit.startswith("GBP") else float(f"{value:.4g}")


def _swing(ends: Ends) -> float:
    return abs(ends[3] - ends[2]) if ends[2] is not None and ends[3] is not None else 0.0


def _one_at_a_time(case: Case, option: str, pool: Executor | None) -> list[Ends]:
    if not headlines.has(case, option):
        return []
    names = [name for name in case.varied() if not name.startswith(_OTHER_ROOMS)]
    batches = [names[i:i + 20] for i in range(0, len(names), 20)]
    return [ends for part in spread(pool, partial(_money_ends, case, option), batches) for ends in part]


def _money_ends(case: Case, option: str, names: Sequence[str]) -> list[Ends]:
    found: list[Ends] = []
    for name in names:
        a = case.assumptions[name]
        low, high = (_money(case.assume(name, end), option) for end in (a.low, a.high))
        found += [(key, name, low[key], high[key], None, None) for key in low]
    return found


def _money(case: Case, option: str) -> dict[str, float | None]:
    return {key: number_of(case, finding_id(key, option, "scheme")) for key in headlines.WITHOUT_SERVICE}


def _turned(case: Case, option: str, found: Sequence[Ends], pool: Executor | None) -> list[float | None]:
    """Where each turns its headline: searched where the case is asked anew, on the fitted line where it was fitted."""
    asked = [ends for ends in found if ends[5] is None]
    searched = iter([turns for part in spread(pool, partial(_searched, case, option), [asked] if asked else [])
                     for turns in part])
    return [next(searched) if ends[5] is None else ends[4] for ends in found]


def _searched(case: Case, option: str, found: Sequence[Ends]) -> list[float | None]:
    turned = []
    for key, name, _, _, _, _ in found:
        a = case.assumptions[name]
        turned.append(switching(partial(_headline, case, finding_id(key, option, "scheme"), name), a.low, a.high))
    return turned


def _headline(case: Case, id: str, name: str, value: float) -> float | None:
    return number_of(case.assume(name, value), id)


def _fitted(draws: Draws, option: str) -> list[Ends]:
    """A line through the accepted sets for each headline that needs a simulation and each assumption, beyond chance."""
    case, drawn = draws.case, settings(draws)
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    needing = [h.key for h in headlines.headlines(case) if h.key not in headlines.WITHOUT_SERVICE]
    found: list[Ends] = []
    for key in needing:
        kept = np.array([row[key] is not None for row in told], dtype=bool)
        numbers = np.array([row[key] for row in told if row[key] is not None], dtype=np.float64)
        for name, values in drawn.items():
            line = fitted_line(values[kept], numbers, len(drawn))
            if line is not None:
                a = case.assumptions[name]
                found.append((key, name, line(a.low), line(a.high), line.zero(a.low, a.high), line.share))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, and the share of variance that it explains."""

    begin: float
    slope: float
    share: float

    def __call__(self, at: float) -> float:
        return self.begin + self.slope * at

    def zero(self, low: float, high: float) -> float | None:
        """Where the line crosses zero between two ends, or None."""
        at = -self.begin / self.slope if self.slope else math.inf
        return at if low <= at <= high else None


def fitted_line(values: NDArray[np.float64], numbers: NDArray[np.float64], tries: int) -> Line | None:
    """The least-squares line, or None where its correlation is within what chance gives to one of so many tries at 5%.

    Fisher's transformation of the correlation, its level shared evenly among the tries (Bonferroni).
    """
    if len(values) < 6 or np.ptp(values) <= _END * max(1.0, float(np.abs(values).max())) or np.ptp(numbers) == 0:
        return None
    r = float(np.corrcoef(values, numbers)[0, 1])
    beyond = NormalDist().inv_cdf(1 - 0.025 / max(1, tries)) / math.sqrt(len(values) - 3)
    if abs(r) < 1 and math.atanh(abs(r)) < beyond:
        return None
    slope = r * float(numbers.std() / values.std())
    return Line(float(numbers.mean()) - slope * float(values.mean()), slope, r * r)


def convergence(draws: Draws, option: str = "proposed") -> ResultTable:
    """How the range of each headline, and the share of sets that pass, move with the number of accepted sets."""
    case = draws.case
    told = [headlines.found_in(case, judgement, option) for judgement in draws.judgements]
    passed = [headlines.passes(case, row) for row in told]
    rows: list[tuple[Cell, ...]] = []
    for headline in headlines.headlines(case):
        for n in steps(len(told)):
            known = [row[headline.key] for row in told[:n]]
            numbers = [value for value in known if value is not None]
            low, high = central_range(numbers) if numbers else (None, None)
            middle = float(np.median(numbers)) if numbers else None
            told_ends = (rounded(value, headline.unit) for value in (middle, low, high))
            rows.append((headline.key, headline.title, headline.unit, n, len(numbers), *told_ends, sum(passed[:n]) / n))
    return ResultTable(
        "convergence", "How the ranges move as more accepted sets are counted",
        ("headline", "title", "unit", "sets", "with_a_number", "median", "low", "high", "share_that_pass"),
        ("", "", "", "sets", "sets", "see unit", "see unit", "see unit", "share"), tuple(rows),
        tuple(finding_id(name, option, "scheme") for name in headlines.MONEY), settled_note(rows))


def steps(total: int) -> tuple[int, ...]:
    """The numbers of sets at which ranges are told: a fifth, two fifths ... all.

    >>> steps(28), steps(3), steps(0)
    ((6, 12, 17, 23, 28), (1, 2, 3), ())
    """
    return tuple(sorted({math.ceil(total * k / 5) for k in range(1, 6)} - {0}))


def settled_note(rows: Sequence[Sequence[Cell]]) -> str:
    """Whether the ranges still move: the largest move of an end over the last two fifths, by the width of the range."""
    worst = 0.0
    by_key: dict[str, list[Sequence[Cell]]] = {}
    for row in rows:
        if row[6] is not None:
            by_key.setdefault(str(row[0]), []).append(row)
    for mine in by_key.values():
        before, last = mine[max(0, len(mine) - 3)], mine[-1]
        low, high = float(str(last[6])), float(str(last[7]))
        if high > low:
            moved = max(abs(float(str(before[6])) - low), abs(float(str(before[7])) - high))
            worst = max(worst, moved / (high - low))
    if not by_key:
        return "No headline has a number."
    state = "settled" if worst <= 0.1 else "still moving: more accepted sets (--draws) would steady them"
    return f"Over the last two fifths of the sets no end of a range moved by more than {worst:.0%} of it: {state}."

