"""How soon did help come, to whom, and may the run be believed?

Statistics come after the run, from its records. A run that saturates or drifts gives its reasons and no numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import stdtrit

from bailiwick.errors import MethodError
from bailiwick.response.kernel import DESK_END
from bailiwick.response.runs import DAY, Records
from bailiwick.response.town import Flags, Floats, Ints, word

Clock = Literal["received", "created", "dispatched"]
CLOCKS = ("received", "created", "dispatched")
QUANTITIES = ("share", "mean", "median", "p90", "cross", "unmet", "queue")

MAX_BUSY = 0.98
MAX_UNMET = 0.01
GROWTH_T = 4.0
GROWTH_RATIO = 2.0
GROWTH_CALLS = 5.0
MIN_DAYS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """What one run came to: rows are the areas and, last, all of them; columns are the grades; NaN where no call.

    `calls` measured and attended or to attend; `share` within target of all of them, the unmet counted as late; `mean`,
    `median`, `p90` minutes of those met; `cross` share met by another area's unit; `unmet` share; `queue` mean number
    of calls ready but unassigned, all [A + 1, G]. `busy` [A + 1] share of on-duty minutes at work. `desk_load` by
    channel, `supervisor_load` by span. `reasons` why the run is saturated, none when it is not.
    """

    calls: Ints
    share: Floats
    mean: Floats
    median: Floats
    p90: Floats
    cross: Floats
    unmet: Floats
    queue: Floats
    busy: Floats
    desk_load: Floats
    supervisor_load: Floats
    reasons: tuple[str, ...]

    @property
    def saturated(self) -> bool:
        """Whether the run gives no numbers that may be printed."""
        return bool(self.reasons)

    def value(self, quantity: str, *, area: int, grade: int) -> float | None:
        """One number of one area (-1: all) and grade; None when there was no call or the run is saturated."""
        word(quantity, QUANTITIES, "quantity")
        number = float(getattr(self, quantity)[area, grade])
        return None if self.saturated or np.isnan(number) else number


class Interval(NamedTuple):
    """A mean over replications with its t interval; `low` and `high` are NaN with fewer than two."""

    mean: Floats
    low: Floats
    high: Floats
    spread: Floats


def response_minutes(records: Records, clock: Clock = "received") -> Floats:
    """Minutes to the first unit at scene [n] from the call received, its record created or the unit sent; NaN unmet."""
    word(clock, CLOCKS, "clock")
    if clock == "received":
        return records.first - records.received + records.answer
    if clock == "created":
        return records.first - records.stamps[:, DESK_END]
    return records.first - records.assigned


def measured(records: Records) -> Flags:
    """Which calls count [n]: received after the warm-up and needing a unit."""
    return (records.received >= records.warm) & (records.received < records.end) & (records.need > 0)


def _ratio(top: Floats, below: Floats | Ints) -> Floats:
    result: Floats = np.divide(top, below, out=np.full(np.shape(top), np.nan), where=np.asarray(below) > 0)
    return result


def _with_total(cells: Floats) -> Floats:
    return np.concatenate([cells, cells.sum(axis=0, keepdims=True)])


def _summed(cell: Ints, weight: Floats | None, records: Records) -> Floats:
    size = records.areas * records.grades
    return _with_total(np.bincount(cell, weight, minlength=size).astype(float).reshape(records.areas, records.grades))


def _quantiles(minutes: Floats, cell: Ints, records: Records, shares: tuple[float, ...]) -> Floats:
    """Quantiles [len(shares), A + 1, G] of the minutes in each cell and in each grade."""
    result = np.full((len(shares), records.areas + 1, records.grades), np.nan)
    order = np.argsort(cell, kind="stable")
    minutes, cell = minutes[order], cell[order]
    edges = np.searchsorted(cell, np.arange(records.areas * records.grades + 1))
    for k in range(records.areas * records.grades):
        if edges[k + 1] > edges[k]:
            a, g = divmod(k, records.grades)
            result[:, a, g] = np.quantile(minutes[edges[k]:edges[k + 1]], shares)
    for g in range(records.grades):
        mine = minutes[cell % records.grades == g]
        if mine.size:
            result[:, -1, g] = np.quantile(mine, shares)
    return result


def _queue_minutes(records: Records) -> Floats:
    """Minutes each call stood ready but unassigned inside the measured time [n]."""
    leaves = np.where(np.isnan(records.assigned), records.end, records.assigned)
    spell = np.minimum(leaves, records.end) - np.maximum(records.ready, records.warm)
    minutes: Floats = np.nan_to_num(np.maximum(0.0, spell))
    return minutes


def daily_queue(records: Records) -> Floats:
    """Mean number of calls received but without a unit, on each whole measured day."""
    days = int((records.end - records.warm) // DAY)
    attended = records.need > 0
    joins = np.sort(records.received[attended])
    leaves = np.where(np.isnan(records.assigned), np.inf, records.assigned)[attended]
    leaves.sort()
    hours = records.warm + 15.0 * np.arange(days * 96)
    waiting = np.searchsorted(joins, hours, side="right") - np.searchsorted(leaves, hours, side="right")
    mean: Floats = waiting.reshape(days, 96).mean(axis=1) if days else np.zeros(0)
    return mean


def grows(queue: Floats) -> bool:
    """Whether a daily queue drifts upwards: a significant slope, and a last third well above the first.

    The slope's t is that of ordinary least squares on days, its error widened by sqrt((1 + r) / (1 - r)) for residuals
    that follow each other with correlation r; six days at least are asked for.
    """
    days = len(queue)
    if days < MIN_DAYS:
        return False
    third = days // 3
    early, late = float(queue[:third].mean()), float(queue[-third:].mean())
    if late < GROWTH_CALLS or late < GROWTH_RATIO * early:
        return False
    day = np.arange(days) - (days - 1) / 2
    slope = float((day * queue).sum() / (day**2).sum())
    residual = queue - queue.mean() - slope * day
    spread = float((residual**2).sum())
    follows = min(0.9, max(0.0, float((residual[1:] * residual[:-1]).sum()) / spread)) if spread > 0 else 0.0
    error = float(np.sqrt(spread / (days - 2) / (day**2).sum() * (1 + follows) / (1 - follows)))
    return slope > GROWTH_T * error


def saturation(records: Records) -> tuple[str, ...]:
    """Every reason why a run may not be published; none when it may."""
    reasons = []
    counted = measured(records)
    for name, load in (("desk", records.desk_load), ("supervisor", records.supervisor_load)):
        full = np.flatnonzero(load >= 1.0)
        reasons += [f"{name} load {load[k]:.2f} of group {k} is 1 or more" for k in full]
    duty = records.on_duty.sum()
    busy = records.worked.sum() / duty if duty > 0 else 1.0
    if busy >= MAX_BUSY:
        reasons.append(f"units are busy {busy:.3f} of their time")
    unmet = np.isnan(records.first[counted]).mean() if counted.any() else 0.0
    if unmet > MAX_UNMET:
        reasons.append(f"{unmet:.1%} of calls were never met")
    if grows(daily_queue(records)):
        reasons.append("the queue grows from day to day")
    return tuple(reasons)


def summarise(records: Records, target: Floats, *, clock: Clock = "received") -> Summary:
    """The summary of one run against targets [G] in minutes; MethodError when nothing was measured."""
    counted = measured(records)
    if not counted.any():
        raise MethodError("no call was received between the warm-up and the end: simulate longer")
    minutes = response_minutes(records, clock)[counted]
    grade = records.grade[counted]
    cell = records.area[counted] * records.grades + grade
    met = ~np.isnan(minutes)
    number = _summed(cell, None, records)
    late = ~(minutes <= target[grade])
    half, tenth = _quantiles(minutes[met], cell[met], records, (0.5, 0.9))
    attended = records.need > 0
    everywhere = records.area[attended] * records.grades + records.grade[attended]
    queue = _summed(everywhere, _queue_minutes(records)[attended], records) / (records.end - records.warm)
    worked = np.bincount(records.unit_area, records.worked, minlength=records.areas)
    on_duty = np.bincount(records.unit_area, records.on_duty, minlength=records.areas)
    return Summary(
        calls=number.astype(np.int64), share=1.0 - _ratio(_summed(cell, late.astype(float), records), number),
        mean=_ratio(_summed(cell[met], minutes[met], records), _summed(cell[met], None, records)),
        median=half, p90=tenth,
        cross=_ratio(_summed(cell[met], records.crossed[counted][met], records), _summed(cell[met], None, records)),
        unmet=_ratio(_summed(cell, (~met).astype(float), records), number), queue=queue,
        busy=_ratio(_with_total(worked.astype(float)), _with_total(on_duty.astype(float))), desk_load=records.desk_load,
        supervisor_load=records.supervisor_load, reasons=saturation(records),
    )


def t_interval(values: Floats, *, level: float = 0.9) -> Interval:
    """Mean and t interval over the first axis, replications."""
    values = np.asarray(values, float)
    count = values.shape[0]
    mean = values.mean(axis=0)
    if count < 2:
        unknown = np.full_like(mean, np.nan)
        return Interval(mean, unknown, unknown, unknown)
    spread = values.std(axis=0, ddof=1)
    half = stdtrit(count - 1, 0.5 + level / 2) * spread / np.sqrt(count)
    return Interval(mean, mean - half, mean + half, spread)


def compare(
    before: Sequence[Summary], after: Sequence[Summary], quantity: str = "share", *, level: float = 0.9
) -> Interval:
    """The paired change [A + 1, G] from one regime to another over replications with the same calls.

    MethodError when the numbers of replications differ, or any run is saturated.
    """
    word(quantity, QUANTITIES, "quantity")
    if len(before) != len(after) or not before:
        raise MethodError(f"{len(before)} runs before and {len(after)} after: pairs need the same number, at least one")
    for name, runs in (("before", before), ("after", after)):
        for k, run in enumerate(runs):
            if run.saturated:
                raise MethodError(f"replication {k} {name} is saturated: {'; '.join(run.reasons)}")
    changes = [getattr(a, quantity) - getattr(b, quantity) for b, a in zip(before, after, strict=True)]
    return t_interval(np.stack(changes), level=level)


def replications_needed(values: Floats, half_width: float, *, level: float = 0.9) -> int:
    """Replications that would bring the widest t interval of `values` [R, ...] down to a half width."""
    interval = t_interval(values, level=level)
    widest = float(np.nanmax(interval.high - interval.low)) / 2
    count = len(values)
    while stdtrit(count - 1, 0.5 + level / 2) * float(np.nanmax(interval.spread)) / np.sqrt(count) > half_width:
        count += 1
    return count if widest > half_width else len(values)


def converged(values: Floats, half_width: float, *, level: float = 0.9) -> bool:
    """Whether every t interval over replications is at most so wide on each side."""
    interval = t_interval(values, level=level)
    return bool(np.nanmax(interval.high - interval.low) / 2 <= half_width)


class PointShares(NamedTuple):
    """Share in target by point and grade [P, G], its 90% interval, the calls behind it, and whether it may be shown."""

    share: Floats
    low: Floats
    high: Floats
    calls: Ints
    shown: Flags


def shares_by_point(
    runs: Sequence[Records], target: Floats, *, points: int, clock: Clock = "received", widest: float = 0.10
) -> PointShares:
    """The share in target at each point, shown where its Wilson 90% interval is at most `widest` wide.

    Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
    """
    grades = runs[0].grades
    calls, good = np.zeros(points * grades), np.zeros(points * grades)
    for run in runs:
        counted = measured(run)
        cell = run.point[counted] * grades + run.grade[counted]
        inside = response_minutes(run, clock)[counted] <= target[run.grade[counted]]
        calls += np.bincount(cell, minlength=points * grades)
        good += np.bincount(cell, inside.astype(float), minlength=points * grades)
    z = 1.6448536269514722
    size = np.maximum(calls, 1)
    p = good / size
    middle = (p + z**2 / (2 * size)) / (1 + z**2 / size)
    half = z / (1 + z**2 / size) * np.sqrt(p * (1 - p) / size + z**2 / (4 * size**2))
    shown = (calls > 0) & (2 * half <= widest)
    share = np.where(calls > 0, p, np.nan)
    shape = (points, grades)
    return PointShares(share.reshape(shape), (middle - half).reshape(shape), (middle + half).reshape(shape),
                       calls.astype(np.int64).reshape(shape), shown.reshape(shape))


class NoiseModel(NamedTuple):
    """Standard deviation of one run's share in target: `scale` * calls ** `exponent`."""

    scale: float
    exponent: float

    def spread(self, calls: Floats) -> Floats:
        """The standard deviation expected of a share from so many calls."""
        return self.scale * np.asarray(calls, float) ** self.exponent


def noise_by_size(shares: Floats, calls: Floats) -> NoiseModel:
    """The noise model fitted to shares [R, K] of K commands over R replications and their mean calls [K].

    Least squares of log standard deviation on log calls; an exponent near -0.5 says calls are as good as independent.
    """
    spread = np.asarray(shares, float).std(axis=0, ddof=1)
    usable = (spread > 0) & (np.asarray(calls) > 0)
    if usable.sum() < 2 or np.ptp(np.log(np.asarray(calls)[usable])) == 0:
        raise MethodError("a noise model needs commands of at least two sizes with some spread")
    slope, level = np.polyfit(np.log(np.asarray(calls, float)[usable]), np.log(spread[usable]), 1)
    return NoiseModel(float(np.exp(level)), float(slope))
