"""How soon will help come in the first half-year, the second, and the second year, and who will wait longer?

From the accepted sets, with nothing that was learned after the day of the appraisal. The first half-year carries the
dip of the transition; calls grow as assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bailiwick.case import Case
from bailiwick.response import groundwork, pictures, service
from bailiwick.response.groundwork import Window
from bailiwick.response.service import MEASURED, PAIRED, Outcome, Strain
from bailiwick.response.town import Floats
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

Mapper = Callable[[Callable[[int], "Forecast"], Sequence[int]], Iterable["Forecast"]]

SPANS = (("months 1-6", 0.0, 26.0), ("months 7-12", 26.0, 52.0), ("months 13-24", 52.0, 104.0))
"""Name, first and last week after the start."""

WEEKS = 8
SMALLEST = (1.0, 1.0, 0.5, 3.0)
"""The least worsening of each measure that counts as waiting longer: points, points, minutes, minutes."""

LOW, HIGH = 0.05, 0.95
AT_MOST = 40
"""Sets asked at most, evenly spaced: a forecast of more would cost time and move nothing."""



class Forecast(NamedTuple):
    """One accepted set: `before` and `after` [spans, A, 4], NaN where a run saturates.

    The four measures are those that carry an interval.
    """

    before: Floats
    after: Floats


def strain_of(case: Case, first: float, last: float, weeks: int) -> Strain:
    """The dip between two weeks after the start, squeezed into so many simulated weeks.

    While the dip lasts into the span it fades as assumed; in a later span it stands at its mean over the span.
    """
    depth, gone = case.value("response.dip.depth"), case.value("response.dip.weeks")
    if first == 0.0:
        return Strain(1.0 + depth, gone * weeks / (last - first))
    left = np.maximum(0.0, 1.0 - np.linspace(first, last, 53) / gone)
    return Strain(1.0 + depth * float(left.mean()))


def forecast_of(case: Case, k: int) -> Forecast:
    """The forecast from the k-th accepted set."""
    drawn = case.draw(k)
    today, merged = groundwork.today_of(drawn), pictures.merged_option(drawn)
    shape = (len(SPANS), len(drawn.scheme.scope), len(PAIRED))
    before, after = np.full(shape, np.nan), np.full(shape, np.nan)
    start = drawn.scheme.effective
    opening = start.year + (start.timetuple().tm_yday - 1) / 365.25
    for s, (_, first, last) in enumerate(SPANS):
        ground = service.scene(drawn, Window(round(opening + (first + last) / 104.0, 3), WEEKS, "forecast"))
        ones = np.ones(ground.places.own)
        before[s] = _four(service.run(drawn, today, ground, service.cars_of(drawn, today, ground, ones)))
        if merged is not None:
            cars = service.cars_of(drawn, merged, ground, ones)
            after[s] = _four(service.run(drawn, merged, ground, cars, strain=strain_of(drawn, first, last, WEEKS)))
    return Forecast(before, after)


def _four(outcome: Outcome) -> Floats:
    if outcome.reasons:
        return np.full((outcome.calls.shape[1], len(PAIRED)), np.nan)
    return np.column_stack([outcome.share(), outcome.mean()])


def table(case: Case, ks: Sequence[int], mapper: Mapper = map) -> ResultTable:
    """The blind forecast: by span, area and measure, today's way continued and the proposal, over the accepted sets.

    `mapper` applies a function to every set, in this process or by others, in order.
    """
    rows: list[tuple[Cell, ...]] = []
    merged: Option | None = pictures.merged_option(case)
    asked = ks[::-(-len(ks) // AT_MOST)] if ks else ks
    found = list(mapper(partial(forecast_of, case), asked)) if merged and groundwork.can_simulate(case) else []
    if found:
        before = np.stack([f.before for f in found])
        after = np.stack([f.after for f in found])
        for s, (span, _, _) in enumerate(SPANS):
            for k, code in enumerate(case.scheme.scope):
                for j in range(len(PAIRED)):
                    rows.append((span, code, MEASURED[j], *_row(before[:, s, k, j], after[:, s, k, j], j)))
    columns = ("span", "area", "measure", "no_change", "no_change_low", "no_change_high", "merged", "merged_low",
               "merged_high", "change", "change_low", "change_high", "sets_waiting_longer", "sets", "saturated")
    units = ("", "", "", *("% or minutes",) * 9, "share", "sets", "sets")
    return ResultTable(
        "response_forecast", "Blind forecast of the merged command, months 1-6, 7-12 and 13-24", columns, units,
        tuple(rows),
        note=f"Medians and the middle 90% of {len(found)} accepted sets, as known on {case.as_of.isoformat()}. Waiting "
             "longer: the share of sets in which the measure worsens by more than the smallest change that matters, or "
             "the merged command has no steady state. Such a set counts as worse than every number; a bound that "
             "falls on it is empty. Sets under which today itself has no steady state are left out.")


def _row(before: Floats, after: Floats, j: int) -> tuple[Cell, ...]:
    """One line; a merged run without steady state lies beyond every number, so that leaving it out flatters nothing."""
    solid = np.isfinite(before)
    if not solid.any():
        return (*(None,) * 10, 0, 0)
    swamped = int(np.isnan(after[solid]).sum())
    b, a = before[solid], np.where(np.isnan(after[solid]), -np.inf if j < 2 else np.inf, after[solid])
    worse = float(((b - a if j < 2 else a - b) > SMALLEST[j]).mean())
    return (*band(b), *band(a), *band(a - b), worse, int(solid.sum()), swamped)


def band(values: Floats) -> tuple[float | None, float | None, float | None]:
    """Median and middle 90% of some values, nearest ranks; nothing where a rank falls on a run without steady state."""
    ranks = np.quantile(values, [0.5, LOW, HIGH], method="nearest")
    middle, low, high = (float(r) if np.isfinite(r) else None for r in ranks)
    return middle, low, high
