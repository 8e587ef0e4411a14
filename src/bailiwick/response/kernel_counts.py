"""Who is on duty hour by hour, and how many calls were on time or still waiting?  Counted in one pass each."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from bailiwick.response.kernel import AREA, ASSIGNED, CHANNEL, DESK, FIRST, GRADE, NEED, OVERSIGHT, SPAN, TIME

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}

QUARTER = 15.0
MEASURED, UNMET = range(2)


@njit(**COMPILED)
def walk(on: Bytes, roster: Bytes, absence: Floats, crew: Ints, rank: Ints, first: int, shift: int, share: float
         ) -> None:
    """Each crew's spells in turn [hours, U]: gone for the whole of one when its number for that shift is low."""
    week, shifts, slots = roster.shape[0], absence.shape[1], absence.shape[2]
    for hour in range(on.shape[0]):
        row = (first + hour) % week
        before = (row + week - 1) % week
        for u in range(on.shape[1]):
            on[hour, u] = roster[row, u]
            if roster[row, u] == 0:
                continue
            if hour > 0 and roster[before, u] == 1:
                on[hour, u] = on[hour - 1, u]
            elif absence[crew[u], hour // shift % shifts, rank[u] % slots] < share:
                on[hour, u] = 0


def on_duty(roster: Bytes, absence: Floats, crew: Ints, rank: Ints, span: tuple[int, int, int], share: float) -> Bytes:
    """Who is on duty [hours, U]; `span` the hours, the hour of the week of the first, and the hours of a shift.

    `crew` [U] its area and `rank` [U] its place in it, by which its numbers are found in `absence`.
    """
    hours, first, shift = span
    on = np.empty((hours, roster.shape[1]), np.uint8)
    walk(on, roster, absence, crew, rank, first, shift, share)
    return on


@njit(**COMPILED)
def quarter(time: float, warm: float, last: int) -> int:
    """The first quarter of an hour after the warm-up that is not before a time, `last` for none."""
    if not time <= warm + QUARTER * (last - 1):
        return last
    k = max(0, int(np.ceil((time - warm) / QUARTER)))
    while k > 0 and warm + QUARTER * (k - 1) >= time:
        k -= 1
    while warm + QUARTER * k < time:
        k += 1
    return k


@njit(**COMPILED)
def told(
    stamp: Floats, drawn: Floats, who: Ints, answer: Floats, place: Ints, target: Floats, warm: float, end: float,
    calls: Ints, on_time: Ints, step: Ints, work: Floats, count: Ints,
) -> None:
    """Calls and calls on time [A, G], calls that begin less those that cease to wait by quarter, work of the servers.

    `count` [2] takes the calls measured and those never met; `work` [Q] minutes of desks, then supervisors.
    """
    last = step.shape[0] - 1
    for i in range(who.shape[0]):
        time, area, grade = drawn[i, TIME], who[i, AREA], who[i, GRADE]
        inside = warm <= time < end
        if inside:
            work[place[area, CHANNEL]] += drawn[i, DESK]
            work[place[area, SPAN]] += drawn[i, OVERSIGHT]
        if who[i, NEED] == 0:
            continue
        step[quarter(time, warm, last)] += 1
        step[quarter(stamp[i, ASSIGNED], warm, last)] -= 1
        if inside:
            count[MEASURED] += 1
            calls[area, grade] += 1
            if np.isnan(stamp[i, FIRST]):
                count[UNMET] += 1
            elif stamp[i, FIRST] - time + answer[i] <= target[grade]:
                on_time[area, grade] += 1
