"""What would have happened to the calls that really came, and does the model give back what did?

A force's own log, restricted or not, is replayed: its calls at their times and places, its time on the job where it is
recorded and drawn work where it is not. Columns are arrays or the columns of a data frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bailiwick.errors import CaseError, nearest
from bailiwick.response.demand import CREWS, Work, checked_work, streams_of, work_of
from bailiwick.response.fleet import SHIFT_HOURS
from bailiwick.response.runs import Records
from bailiwick.response.statistics import Clock, measured, response_minutes
from bailiwick.response.town import Calls, Floats, Ints, Town, word

REQUIRED = ("received", "grade", "point")
OPTIONAL = ("units", "assigned", "arrived", "cleared")
Column = Sequence[object] | npt.NDArray[np.generic]


class Trace(NamedTuple):
    """A log replayed: its `calls`, and the minutes `assigned`, `arrived`, `cleared` recorded of them [n], NaN unknown.

    Minutes count from midnight before the first call; `calls.start` is that day's first hour of the week.
    """

    calls: Calls
    assigned: Floats
    arrived: Floats
    cleared: Floats


class Replay(NamedTuple):
    """Recorded beside simulated, by area and, last, all of them, and by grade [A + 1, G]; NaN where nothing is known.

    `calls` with a recorded arrival; shares in target and medians; `difference` simulated less recorded share.
    """

    calls: Ints
    recorded_share: Floats
    simulated_share: Floats
    recorded_median: Floats
    simulated_median: Floats
    difference: Floats


def _wrong(where: str, column: str, row: int, *, got: object, expected: str) -> CaseError:
    return CaseError(where, f"{column}, row {row + 1}", got=got, expected=expected,
                     hint="correct the row or leave it out")


def _column(columns: Mapping[str, Column], name: str, where: str) -> npt.NDArray[np.generic]:
    if name not in columns:
        raise CaseError(where, name, got="no such column", expected="the columns " + ", ".join(REQUIRED),
                        hint=nearest(name, list(columns)))
    return np.asarray(columns[name])


UNKNOWN = ("", "NaT", "nan", "NaN", "None", "<NA>")


def _time(value: object, where: str, column: str, row: int) -> np.datetime64:
    text = str(value).strip()
    if text in UNKNOWN:
        return np.datetime64("NaT")
    if not text.endswith("Z") and "+" not in text:
        with suppress(ValueError):
            return np.datetime64(text, "ns")
    raise _wrong(where, column, row, got=text, expected="a local time like 2017-06-01T14:05:00")


def _times(values: npt.NDArray[np.generic], where: str, column: str) -> npt.NDArray[np.datetime64]:
    if values.dtype.kind == "M":
        return values.astype("datetime64[ns]")
    return np.array([_time(v, where, column, k) for k, v in enumerate(values)], "datetime64[ns]")


def _received(columns: Mapping[str, Column], where: str) -> npt.NDArray[np.datetime64]:
    times = _times(_column(columns, "received", where), where, "received")
    if not times.size:
        raise CaseError(where, "received", got="no row", expected="at least one call")
    missing = np.flatnonzero(np.isnat(times))
    if missing.size:
        raise _wrong(where, "received", int(missing[0]), got="no time", expected="the time the call was received")
    early = np.flatnonzero(np.diff(times) < np.timedelta64(0))
    if early.size:
        row = int(early[0]) + 1
        raise _wrong(where, "received", row, got=str(times[row]), expected=f"a time not before {times[row - 1]}")
    return times


def _codes(values: npt.NDArray[np.generic], known: Sequence[object], where: str, column: str) -> Ints:
    number = {str(k): i for i, k in enumerate(known)}
    codes = np.array([number.get(str(v), -1) for v in values], np.int64)
    bad = np.flatnonzero(codes < 0)
    if bad.size:
        row = int(bad[0])
        raise CaseError(where, f"{column}, row {row + 1}", got=str(values[row]), expected=f"a known {column}",
                        hint=nearest(str(values[row]), number))
    return codes


def _minutes(columns: Mapping[str, Column], name: str, after: Floats, origin: np.datetime64, where: str) -> Floats:
    """Recorded minutes of one stamp, NaN where it is not recorded; CaseError where it precedes `after`."""
    if name not in columns:
        return np.full(len(after), np.nan)
    times = _times(np.asarray(columns[name]), where, name)
    minutes = np.where(np.isnat(times), np.nan, (times - origin) / np.timedelta64(1, "m"))
    early = np.flatnonzero(minutes < after)
    if early.size:
        row = int(early[0])
        raise _wrong(where, name, row, got=str(times[row]), expected="a time not before the one before it")
    return minutes


def _units(columns: Mapping[str, Column], size: int, where: str) -> Ints:
    units = np.asarray(columns["units"] if "units" in columns else np.ones(size), float)
    bad = np.flatnonzero(~np.isin(units, (0, 1, 2, 3)))
    if bad.size:
        raise _wrong(where, "units", int(bad[0]), got=float(units[bad[0]]), expected="0, 1, 2 or 3 units")
    return units.astype(np.int64)


def trace_of(
    columns: Mapping[str, Column], town: Town, work: Work, rng: np.random.Generator, *, points: Sequence[object],
    where: str = "trace"
) -> Trace:
    """The trace of a log with columns received, grade and point, and if known units, assigned, arrived, cleared.

    `points` names the town's points in order. A recorded spell from arrival to clearance replaces the first unit's
    drawn job, custody and guard minutes. CaseError names column and row of unordered or missing times and of unknown
    words.
    """
    times = _received(columns, where)
    origin = times[0].astype("datetime64[D]").astype("datetime64[ns]")
    received = (times - origin) / np.timedelta64(1, "m")
    grade = _codes(_column(columns, "grade", where), town.grades, where, "grade")
    point = _codes(_column(columns, "point", where), points, where, "point")
    assigned = _minutes(columns, "assigned", received, origin, where)
    arrived = _minutes(columns, "arrived", np.where(np.isnan(assigned), received, assigned), origin, where)
    cleared = _minutes(columns, "cleared", np.where(np.isnan(arrived), received, arrived), origin, where)
    streams = streams_of(rng)
    drawn = work_of(streams, checked_work(work, len(town.grades)), grade)
    spell = cleared - arrived
    known = np.isfinite(spell)
    drawn["job"][known, 0] = spell[known]
    for name in ("custody", "guard"):
        drawn[name][known] = 0.0
    hours = int(received[-1] // 60) + 1
    weekday = int((origin.astype("datetime64[D]").astype(np.int64) + 3) % 7)
    absence = streams["absence"].random((len(town.areas), hours // SHIFT_HOURS + 64, CREWS))
    calls = Calls(time=received, point=point, area=town.point_area[point], grade=grade,
                  need=_units(columns, len(times), where), absence=absence, hours=hours, start=24 * weekday, **drawn)
    return Trace(calls, assigned, arrived, cleared)


def replayed(trace: Trace, records: Records, target: Floats, *, clock: Clock = "received") -> Replay:
    """Recorded beside simulated response of the calls whose arrival was recorded, warm-up left out."""
    word(clock, ("received", "dispatched"), "clock")
    counted = measured(records) & np.isfinite(trace.arrived)
    start = trace.calls.time if clock == "received" else trace.assigned
    observed = (trace.arrived - start)[counted]
    modelled = response_minutes(records, clock)[counted] - (records.answer[counted] if clock == "received" else 0.0)
    area, grade = records.area[counted], records.grade[counted]
    shape = (records.areas + 1, records.grades)
    calls = np.zeros(shape, np.int64)
    shares, medians = np.full((2, *shape), np.nan), np.full((2, *shape), np.nan)
    for a in range(records.areas + 1):
        for g in range(records.grades):
            mine = (grade == g) & ((area == a) | (a == records.areas))
            calls[a, g] = mine.sum()
            if not mine.any():
                continue
            for k, minutes in enumerate((observed[mine], modelled[mine])):
                shares[k, a, g] = (minutes <= target[g]).mean()
                medians[k, a, g] = np.nanmedian(minutes) if np.isfinite(minutes).any() else np.nan
    return Replay(calls, shares[0], shares[1], medians[0], medians[1], shares[1] - shares[0])
