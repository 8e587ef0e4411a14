"""How far is a screened map from the same map simulated whole?  Thirty maps of the force, help across borders included.

Commands are screened one by one on their own areas and a ring; in a whole map every command meets its real neighbours.
The rank agreement and the largest error say how much the short cut may be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import sample
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.rules import Rules, within
from bailiwick.case import Case
from bailiwick.choices_force import graph_of
from bailiwick.choices_ways import Sets, told
from bailiwick.errors import MethodError
from bailiwick.response import groundwork, screening
from bailiwick.response.runs import simulate
from bailiwick.response.statistics import measured, response_minutes, saturation
from bailiwick.scheme import Command, Grouping, Option
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

MAPS = 30
LARGEST, WINDOW = 6, Fraction(1, 2)
GRADES = ("immediate", "significant")
_BATCH = 5

Floats = NDArray[np.float64]


class Agreement(NamedTuple):
    """The maps with both answers: `screened` and `whole` [M, 2] points against today, I then S; NaN where saturated."""

    maps: tuple[Sets, ...]
    screened: Floats
    whole: Floats

    def rank(self, grade: int) -> float:
        """Spearman's rank correlation over the maps in which both are known; NaN with fewer than three."""
        both = np.isfinite(self.screened[:, grade]) & np.isfinite(self.whole[:, grade])
        if both.sum() < 3:
            return float("nan")
        a, b = (_ranks(x[both, grade]) for x in (self.screened, self.whole))
        return float(np.corrcoef(a, b)[0, 1])

    def error(self, grade: int) -> tuple[float, float]:
        """The largest and the mean difference, screened less whole, in points, the largest by size."""
        gap = (self.screened - self.whole)[:, grade]
        known = gap[np.isfinite(gap)]
        if not known.size:
            return float("nan"), float("nan")
        return float(known[np.argmax(np.abs(known))]), float(known.mean())


def _ranks(values: Floats) -> Floats:
    """Ranks with ties shared."""
    below = (values[None, :] < values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    ranks: Floats = below + (equal - 1) / 2.0
    return ranks


def random_maps(case: Case, k: int, number: int = MAPS) -> tuple[Sets, ...]:
    """So many maps of the force, each drawn with equal chance among those of K commands near an equal share."""
    graph = graph_of(case, False)
    rules = within(Rules(largest=LARGEST), graph, k, WINDOW)
    table = commands(graph, rules)
    drawn = sample(map_graph(table, [k]), k, case.rng("alternatives/whole maps"), number)
    return tuple(table.grouping(rows) for rows in drawn)


def agreement(case: Case, maps: Sequence[Sets], pool: Executor | None = None) -> Agreement:
    """Each map screened, a mean of its commands by residents, and simulated whole, at the central assumptions."""
    groups = tuple(sorted({group for sets in maps for group in sets}, key=lambda g: (len(g), g)))
    rows = {row.command: row for row in screening.screened(case, groups, (), partial(spread, pool)).rows()}
    people = {group: sum(case.system.area(c).population or 0 for c in group) for group in groups}
    screened = np.array([[_mean(sets, people, {g: getattr(rows[g], grade) for g in sets}) for grade in GRADES]
                         for sets in maps])
    batches = [tuple(maps[i:i + _BATCH]) for i in range(0, len(maps), _BATCH)]
    whole = [one for part in spread(pool, partial(_whole, case), batches) for one in part]
    return Agreement(tuple(maps), screened, np.array(whole).reshape(-1, 2))


def _mean(sets: Sets, people: dict[tuple[str, ...], int], values: dict[tuple[str, ...], float | None]) -> float:
    known = [(people[g], v) for g in sets if (v := values[g]) is not None]
    if len(known) < len(sets):
        return float("nan")
    return float(sum(n * v for n, v in known) / sum(n for n, _ in known))


def _whole(case: Case, maps: Sequence[Sets]) -> list[Floats]:
    codes = tuple(sorted(code for group in maps[0] for code in group))
    ground = screening.ground_of(case, codes, screening.window_of(case))
    before = _shares(case, ground, ())
    if before is None:
        raise MethodError("today has no steady state over the whole force: no map can be compared with it")
    people = np.array([case.system.area(code).population or 0 for code in codes], dtype=np.float64)
    found = []
    for sets in maps:
        after = _shares(case, ground, sets)
        found.append(np.full(2, np.nan) if after is None else people @ (after - before) / people.sum())
    return found


def _shares(case: Case, ground: screening.Ground, sets: Sets) -> Floats | None:
    """Per cent of calls on time by area and grade [A, 2] with every command of a map at once; None if saturated.

    No commands: every area as it is today.
    """
    places = ground.places
    today = groundwork.today_of(case).grouping.commands[0].model
    together = screening.model_of(case)
    named = sets or tuple((code,) for code in places.codes)
    option = Option("", "alternative", "", Grouping(tuple(Command(g, together if len(g) > 1 else today)
                                                          for g in named)))
    town = groundwork.town_of(case, places, groundwork.posted(case, option, places, ground.cars), ground.hourly)
    regime = groundwork.regime_of(case, option, places)
    for group in named:
        regime = screening.staffed(case, regime, ground, together, group)
    calls = ground.calls
    if regime.carry > 0:
        merged = [code for group in sets if len(group) > 1 for code in group]
        inside = np.isin(places.codes, merged)
        calls = calls._replace(carried=np.where(inside[calls.area], calls.carried, 0.0))
    records = simulate(town, regime, calls, warm_hours=screening.WARM, trusted=True)
    if saturation(records):
        return None
    keep = measured(records) & (records.grade < 2)
    cell, size = records.area[keep] * 2 + records.grade[keep], 2 * len(places.codes)
    met = (response_minutes(records)[keep] <= town.target[records.grade[keep]]).astype(np.float64)
    shares: Floats = 100.0 * np.bincount(cell, met, minlength=size) / np.maximum(1, np.bincount(cell, minlength=size))
    return shares.reshape(-1, 2)


def agreement_table(case: Case, found: Agreement) -> ResultTable:
    """The table `alternatives_screening`: each map screened and whole, with the rank agreement in its note."""
    rows: list[tuple[Cell, ...]] = []
    for m, sets in enumerate(found.maps):
        pairs = [(float(found.screened[m, g]), float(found.whole[m, g])) for g in range(2)]
        cells: list[Cell] = []
        for a, b in pairs:
            cells += [None if np.isnan(x) else round(x, 1) + 0.0 for x in (a, b, a - b)]
        rows.append((told(case, sets), *cells))
    columns = ("map", *(f"{grade}_{what}" for grade in GRADES for what in ("screened", "whole", "error")))
    return ResultTable("alternatives_screening", "Screened response against the whole force simulated", columns,
                       ("", *("points",) * 6), tuple(rows), note=_note(found))


def _note(found: Agreement) -> str:
    said = []
    for g, grade in enumerate(GRADES):
        largest, mean = found.error(g)
        if np.isfinite(largest):
            rank = found.rank(g)
            agree = "too few maps to rank" if np.isnan(rank) else f"rank correlation {rank:.2f}"
            said.append(f"{grade.capitalize()} calls: {agree}, largest error {largest:+.1f} points, mean error "
                        f"{mean:+.1f}.")
    return " ".join((f"{len(found.maps)} maps drawn with equal chance, each screened command by command and simulated "
                     "whole with help across command borders, on the same four weeks of calls, central assumptions.",
                     *said))
