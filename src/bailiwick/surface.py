"""In pairs: where would two unknowns together turn a headline?

A polynomial is fitted to simulated pairs, its error told by leaving each pair out in turn; where it says that the
headline turns, the case is asked again, and both are told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bailiwick import appraisal, finance, headlines
from bailiwick.case import Case
from bailiwick.draws import number_of
from bailiwick.errors import MethodError
from bailiwick.findings import Unavailable, by_area, combined, finding_id
from bailiwick.response import service
from bailiwick.sensitivity import switching
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

Floats = NDArray[np.float64]
Asked = Callable[[Case, float, float], float | None]

POINTS = 30
"""Pairs simulated for each surface."""

LINES = 5
"""Values of the first unknown at which the turning value of the second is told and confirmed."""

CARS = "response.cars_on_duty.today"
DESK = "response.desk.minutes"
REALISED = "finance.realisation"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two unknowns that are moved together: their titles, units and ranges, the headline, and how it is asked."""

    name: str
    title: str
    first: tuple[str, str, float, float]
    second: tuple[str, str, float, float]
    headline: tuple[str, str]
    ask: Asked


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A polynomial of two unknowns: its coefficients by power, the ends that they are scaled by, and its error.

    `error`: root mean square over pairs left out in turn, in the headline's unit.
    """

    powers: tuple[tuple[int, int], ...]
    weights: Floats
    ends: tuple[tuple[float, float], tuple[float, float]]
    error: float

    def __call__(self, first: float, second: float) -> float:
        return float(_columns(self._scaled(first, 0), self._scaled(second, 1), self.powers) @ self.weights)

    def _scaled(self, value: float, which: int) -> Floats:
        low, high = self.ends[which]
        return np.array(2.0 * (value - low) / (high - low) - 1.0)


def fitted(points: Floats, values: Floats, ends: tuple[tuple[float, float], tuple[float, float]]) -> Surface:
    """The polynomial of degree 1 to 4 with the least leave-one-out error; MethodError for fewer than eight points."""
    if len(values) < 8:
        raise MethodError(f"{len(values)} pairs have a number: too few to fit a surface through")
    scaled = [2.0 * (points[:, k] - ends[k][0]) / (ends[k][1] - ends[k][0]) - 1.0 for k in (0, 1)]
    best: Surface | None = None
    for degree in range(1, 5):
        powers = tuple((i, j) for i in range(degree + 1) for j in range(degree + 1 - i))
        if len(powers) > len(values) // 2:
            break
        matrix = _columns(scaled[0], scaled[1], powers)
        hat = matrix @ np.linalg.pinv(matrix)
        weights = np.linalg.pinv(matrix) @ values
        left_out = (values - matrix @ weights) / np.maximum(1.0 - np.diag(hat), 1e-9)
        error = float(np.sqrt(np.mean(left_out**2)))
        if best is None or error < best.error:
            best = Surface(powers, weights, ends, error)
    if best is None:
        raise MethodError("no surface could be fitted")
    return best


def _columns(first: Floats, second: Floats, powers: Sequence[tuple[int, int]]) -> Floats:
    return np.stack([first**i * second**j for i, j in powers], axis=-1)


def pairs(case: Case, option: str = "proposed") -> tuple[Pair, ...]:
    """The pairs that a case can be asked about: posts cut and years kept; cars and desk work."""
    found = []
    if REALISED in case.assumptions and headlines.has(case, option):
        planned = _fewer_posts(case, option)
        if planned > 0:
            found.append(Pair(
                "posts_and_years", "Posts that go, and years that they stay gone",
                ("Posts that go", "posts", 0.0, planned), ("Years that they stay gone", "years", 1.0, 15.0),
                ("Net present value against today", "GBP, 2017-18 prices"), partial(_kept, option, planned)))
    if CARS in case.assumptions and DESK in case.assumptions and case.tables.get("crimes") is not None:
        ends = [(a.title, a.unit, a.low, a.high) for a in (case.assumptions[CARS], case.assumptions[DESK])]
        found.append(Pair(
            "cars_and_desk", "Cars on duty, and a dispatcher's work on each call", ends[0], ends[1],
            ("Points to spare above the safety floor, worst area and grade", "points"), partial(_spare, option)))
    return tuple(found)


def _fewer_posts(case: Case, option: str) -> float:
    measure = appraisal.measure_named("finance.posts")
    if measure is None:
        return 0.0
    told = [combined(case, measure, by_area(case, measure, case.scheme.option(name))) for name in ("today", option)]
    before, after = (0.0 if isinstance(number, Unavailable) else number for number in told)
    return before - after


def _kept(option: str, planned: float, case: Case, posts: float, years: float) -> float | None:
    """The present value if so many of the planned posts go and come back after so many years; years may be broken."""
    whole = int(years)
    ends = []
    for horizon in (whole, whole + 1):
        asked = replace(case, scheme=replace(case.scheme, horizon_years=horizon),
                        changed={**case.changed, REALISED: posts / planned})
        ends.append(number_of(asked, finding_id("finance.net_present_value", option, "scheme")))
    if ends[0] is None or ends[1] is None:
        return None
    return ends[0] + (years - whole) * (ends[1] - ends[0])


def _spare(option: str, case: Case, cars: float, desk: float) -> float | None:
    """The points to spare in the worst area and grade with so many cars and so long a desk job; None if saturated."""
    asked = replace(headlines.few_options(case, option), changed={**case.changed, CARS: cars, DESK: desk})
    paired = service.paired(asked, finance.response_constables(asked), only=(option,))
    told = [headlines.spare(asked, paired, option, rule) for rule in headlines.floor_measures(asked)]
    known = [value for value in told if value is not None]
    return min(known) if known and len(known) == len(told) else None


def table(case: Case, pair: Pair, pool: Executor | None = None, points: int = POINTS) -> ResultTable:
    """For values of the first unknown, the value of the second at which the headline turns: on the surface, confirmed.

    The headline is asked again at that very pair: it should be nought within twice the surface's error.
    """
    ends = (pair.first[2:], pair.second[2:])
    places = _places(points, ends)
    numbers = list(spread(pool, partial(_asked, case, pair.ask), [tuple(place) for place in places.tolist()]))
    kept = np.array([value is not None for value in numbers], dtype=bool)
    values = np.array([value for value in numbers if value is not None])
    surface = fitted(places[kept], values, ends)
    at = np.linspace(*ends[0], LINES + 2)[1:-1]
    turned = [switching(partial(surface, float(first)), *ends[1]) for first in at]
    again = list(spread(pool, partial(_asked, case, pair.ask),
                        [(float(first), second) for first, second in zip(at, turned, strict=True)
                         if second is not None]))
    confirmed = iter(again)
    error = 2 * surface.error + 1e-9 * float(np.ptp(values))
    rows: list[tuple[Cell, ...]] = []
    for first, second in zip(at, turned, strict=True):
        checked = next(confirmed) if second is not None else None
        rows.append((float(first), second, checked, None if checked is None else abs(checked) <= error))
    degree = max(i + j for i, j in surface.powers)
    missing = len(numbers) - len(values)
    note = (f"A surface of degree {degree} through {len(values)} pairs; left-out pairs miss it by {surface.error:,.4g} "
            f"{pair.headline[1]} (root mean square), where the headline runs from {values.min():,.4g} to "
            f"{values.max():,.4g}." + (f" {missing} pairs have too few cars to work at all." if missing else ""))
    return ResultTable(
        f"pair_{pair.name}", f"{pair.title}: where “{pair.headline[0]}” turns",
        (pair.first[0], f"{pair.second[0]}, where it turns", "headline asked again there", "within the error"),
        (pair.first[1], pair.second[1], pair.headline[1], ""), tuple(rows), (), note)


def _asked(case: Case, ask: Asked, place: tuple[float, float]) -> float | None:
    return ask(case, *place)


def _places(points: int, ends: tuple[tuple[float, float], tuple[float, float]]) -> Floats:
    """Pairs spread evenly: the two-dimensional Kronecker sequence of the plastic number (Roberts 2018), and corners."""
    plastic = 1.3247179572447460
    steps = np.arange(1, max(1, points - 4) + 1)[:, None] * np.array([1 / plastic, 1 / plastic**2])
    unit = np.vstack([(0.5 + steps) % 1.0, [[0, 0], [0, 1], [1, 0], [1, 1]]])
    low, high = np.array([end[0] for end in ends]), np.array([end[1] for end in ends])
    places: Floats = low + unit * (high - low)
    return places

