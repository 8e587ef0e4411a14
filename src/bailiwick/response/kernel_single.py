"""How long does each call wait and each car travel in the plain model: one car a call, one pool, no desks?

The common model on which engines can be compared. Two modes give the same records. The scan looks at every unit in
turn and is the reference. The other knows which units stand at which node and walks the nodes in order of travel time
to the call, stopping at the first that has an idle unit; with few idle units it looks at these instead.

Order: at equal times a unit clears before a call comes; the unit with the fewest minutes, then the lowest id, goes; a
clearing unit takes the lowest grade, then the oldest call. A unit counts as at its last scene until it is home.

Clearances wait in a calendar: a ring of bins of equal width, each a short unordered list. Units on their way home are
on a list that is looked through only when the first of them is due.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.int32]

# Nothing is allocated inside, so reference counting is switched off: it would cost more than the work itself.
COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
INLINED: dict[str, Any] = {**COMPILED, "forceinline": True}

BUSY, RETURNING, HOME = 0, 1, 2
NODE, STATE, BIN, LINK, PLACE, BESIDE, BASE = range(7)
CURSOR, IDLE, WAITING, ROAD, HEAD = range(5)
BINS_A_MINUTE, NEXT_HOME, FAR = 0, 1, 2
BINS = 8192
FEW = 4


class Fleet(NamedTuple):
    """Who stands where: `travel` [P, N] minutes to a point from a node; `back` [P, B'] home again, by distinct base.

    `order` [P, N] nodes by travel time to each point, ties by number, written as -1 - node where the next is just as
    near; `home` [U] node of each unit's base; `base` [U] its column in `back`.
    """

    travel: Floats
    back: Floats
    order: Shorts
    home: Ints
    base: Ints


class Jobs(NamedTuple):
    """The calls in order of time: minute, point, grade and minutes on the job, each [n]; `grades` is their number."""

    time: Floats
    point: Ints
    grade: Ints
    job: Floats
    grades: int


class Pool(NamedTuple):
    """What changes: unit numbers [U, 7] and times to clear [U]; first unit of each bin and node; idle units; queues.

    `road` units on their way home and `home_at` when they are there, by place on the list; `dial` the bins a minute,
    when the first of them is home, and a time after everything.
    """

    unit: Ints
    time: Floats
    bins: Shorts
    there: Shorts
    idle: Shorts
    tally: Ints
    follows: Ints
    road: Shorts
    home_at: Floats
    dial: Floats


@njit(**INLINED)
def enter(p: Pool, u: int, time: float) -> None:
    """A unit's clearance put into the calendar."""
    cell = int(time * p.dial[BINS_A_MINUTE])
    slot = cell & (BINS - 1)
    p.time[u] = time
    p.unit[u, BIN] = cell
    p.unit[u, LINK] = p.bins[slot]
    p.bins[slot] = u


@njit(**INLINED)
def leave(p: Pool, u: int) -> None:
    """A unit's clearance taken out of the calendar."""
    slot = p.unit[u, BIN] & (BINS - 1)
    k = p.bins[slot]
    if k == u:
        p.bins[slot] = p.unit[u, LINK]
        return
    while p.unit[k, LINK] != u:
        k = p.unit[k, LINK]
    p.unit[k, LINK] = p.unit[u, LINK]


@njit(**INLINED)
def first_due(p: Pool, limit: float) -> int:
    """The unit that clears first and not after `limit`, lowest id at equal times; -1 if none."""
    last = int(limit * p.dial[BINS_A_MINUTE])
    cell = p.tally[CURSOR]
    while cell <= last:
        k = p.bins[cell & (BINS - 1)]
        best, chosen = np.inf, -1
        while k >= 0:
            if p.unit[k, BIN] == cell and (p.time[k] < best or (p.time[k] == best and k < chosen)):
                best, chosen = p.time[k], k
            k = p.unit[k, LINK]
        if chosen >= 0:
            p.tally[CURSOR] = cell
            return chosen if best <= limit else -1
        cell += 1
    p.tally[CURSOR] = last
    return -1


@njit(**INLINED)
def stand(p: Pool, u: int, node: int) -> None:
    """A unit put among those at a node, which are in order of id."""
    p.unit[u, NODE] = node
    k = p.there[node]
    if k < 0 or u < k:
        p.unit[u, BESIDE] = k
        p.there[node] = u
        return
    while p.unit[k, BESIDE] >= 0 and p.unit[k, BESIDE] < u:
        k = p.unit[k, BESIDE]
    p.unit[u, BESIDE] = p.unit[k, BESIDE]
    p.unit[k, BESIDE] = u


@njit(**INLINED)
def depart(p: Pool, u: int) -> None:
    """A unit taken away from its node."""
    node = p.unit[u, NODE]
    k = p.there[node]
    if k == u:
        p.there[node] = p.unit[u, BESIDE]
        return
    while p.unit[k, BESIDE] != u:
        k = p.unit[k, BESIDE]
    p.unit[k, BESIDE] = p.unit[u, BESIDE]


@njit(**INLINED)
def nearest_idle(f: Fleet, p: Pool, point: int) -> int:
    """The idle unit with the fewest minutes to a point, lowest id at equal minutes; -1 if none is idle."""
    best, chosen = np.inf, -1
    if p.tally[IDLE] <= FEW:
        for k in range(p.tally[IDLE]):
            u = p.idle[k]
            minutes = f.travel[point, p.unit[u, NODE]]
            if minutes < best or (minutes == best and u < chosen):
                best, chosen = minutes, u
        return chosen
    k = 0
    while True:
        node = f.order[point, k]
        tied = node < 0
        if tied:
            node = -1 - node
        u = p.there[node]
        if u >= 0 and (chosen < 0 or u < chosen):
            chosen = u
        if chosen >= 0 and not tied:
            return chosen
        k += 1


@njit(**INLINED)
def nearest_scanned(f: Fleet, p: Pool, point: int) -> int:
    """The same unit found by looking at every unit."""
    best, chosen = np.inf, -1
    for u in range(f.home.size):
        if p.unit[u, STATE] != BUSY:
            minutes = f.travel[point, p.unit[u, NODE]]
            if minutes < best:
                best, chosen = minutes, u
    return chosen


@njit(**INLINED)
def serve(f: Fleet, j: Jobs, p: Pool, out: Floats, i: int, u: int, now: float) -> None:
    """A unit sent to a call from where it stands: minute sent, minutes of travel, unit and node left are written."""
    here, point = p.unit[u, NODE], j.point[i]
    minutes = f.travel[point, here]
    out[i, 0] = now
    out[i, 1] = minutes
    out[i, 2] = u
    out[i, 3] = here
    p.unit[u, NODE] = point
    p.unit[u, STATE] = BUSY
    enter(p, u, now + minutes + j.job[i])


@njit(**INLINED)
def leave_road(p: Pool, k: int) -> None:
    """The k-th unit taken off the list of those on their way home; the last one takes its place."""
    p.tally[ROAD] -= 1
    last = p.tally[ROAD]
    p.road[k] = p.road[last]
    p.home_at[k] = p.home_at[last]
    p.unit[p.road[k], BIN] = k


@njit(**INLINED)
def bring_home(f: Fleet, p: Pool, now: float) -> None:
    """Every unit that is home by now stands at its base."""
    first, k = np.inf, 0
    while k < p.tally[ROAD]:
        if p.home_at[k] <= now:
            u = p.road[k]
            depart(p, u)
            p.unit[u, STATE] = HOME
            stand(p, u, f.home[u])
            leave_road(p, k)
        else:
            first = min(first, p.home_at[k])
            k += 1
    p.dial[NEXT_HOME] = first


@njit(**INLINED)
def clear(f: Fleet, j: Jobs, p: Pool, out: Floats, u: int) -> None:
    """A unit that has cleared takes a waiting call or starts for home."""
    now = p.time[u]
    leave(p, u)
    if p.tally[WAITING] > 0:
        p.tally[WAITING] -= 1
        q = 0
        while p.tally[HEAD + 2 * q] < 0:
            q += 1
        i = p.tally[HEAD + 2 * q]
        p.tally[HEAD + 2 * q] = p.follows[i]
        serve(f, j, p, out, i, u, now)
        return
    node, k = p.unit[u, NODE], p.tally[ROAD]
    home_at = now + f.back[node, f.base[u]]
    p.unit[u, STATE] = RETURNING
    p.unit[u, PLACE] = p.tally[IDLE]
    p.idle[p.tally[IDLE]] = u
    p.tally[IDLE] += 1
    stand(p, u, node)
    p.unit[u, BIN] = k
    p.road[k] = u
    p.home_at[k] = home_at
    p.tally[ROAD] = k + 1
    p.dial[NEXT_HOME] = min(p.dial[NEXT_HOME], home_at)


@njit(**COMPILED)
def play(f: Fleet, j: Jobs, p: Pool, out: Floats, scan: bool) -> None:
    """Every call served: rows of `out` [n, 4] are minute sent, minutes of travel, unit, node the unit left."""
    n = j.time.size
    for i in range(n + 1):
        new = j.time[i] if i < n else np.inf
        while i < n or p.tally[WAITING] > 0:
            u = first_due(p, new if i < n else p.dial[FAR])
            if u < 0:
                break
            clear(f, j, p, out, u)
        if i == n:
            break
        if new >= p.dial[NEXT_HOME]:
            bring_home(f, p, new)
        u = nearest_scanned(f, p, j.point[i]) if scan else nearest_idle(f, p, j.point[i])
        if u >= 0:
            depart(p, u)
            if p.unit[u, STATE] == RETURNING:
                leave_road(p, p.unit[u, BIN])
            k, last = p.unit[u, PLACE], p.idle[p.tally[IDLE] - 1]
            p.idle[k] = last
            p.unit[last, PLACE] = k
            p.tally[IDLE] -= 1
            serve(f, j, p, out, i, u, new)
        else:
            p.tally[WAITING] += 1
            p.follows[i] = -1
            q = HEAD + 2 * j.grade[i]
            if p.tally[q] < 0:
                p.tally[q] = i
            else:
                p.follows[p.tally[q + 1]] = i
            p.tally[q + 1] = i


def fleet_of(travel: Floats, home: Ints, *, points: int) -> Fleet:
    """The fleet of units whose homes are nodes; `travel` [N, N] minutes to the row's node from the column's."""
    nodes, base = np.unique(home, return_inverse=True)
    to_point = np.ascontiguousarray(travel[:points], float)
    order = np.argsort(to_point, axis=1, kind="stable").astype(np.int32)
    minutes = np.take_along_axis(to_point, order.astype(np.int64), axis=1)
    tied = np.zeros(order.shape, bool)
    tied[:, :-1] = minutes[:, 1:] == minutes[:, :-1]
    back = np.ascontiguousarray(travel[nodes][:, :points].T, float)
    return Fleet(to_point, back, np.where(tied, -1 - order, order).astype(np.int32),
                 np.ascontiguousarray(home, np.int64), base.astype(np.int64))


def played(f: Fleet, j: Jobs, scan: bool) -> Floats:
    """The records [n, 4] of every call: minute sent, minutes of travel, unit, node the unit left."""
    n, units = j.time.size, f.home.size
    unit = np.zeros((units, 7), np.int64)
    unit[:, STATE] = HOME
    unit[:, NODE] = f.home
    unit[:, PLACE] = np.arange(units)
    there = np.full(f.travel.shape[1], -1, np.int32)
    for u in range(units - 1, -1, -1):
        unit[u, BESIDE] = there[f.home[u]]
        there[f.home[u]] = u
    tally = np.full(HEAD + 2 * j.grades, -1, np.int64)
    tally[[CURSOR, IDLE, WAITING, ROAD]] = 0, units, 0, 0
    gap = max(j.time[-1] / n, 1e-9) if n else 1.0
    dial = np.array([1.0 / gap, np.inf, 9e15 * gap])
    pool = Pool(unit, np.zeros(units), np.full(BINS, -1, np.int32), there, np.arange(units, dtype=np.int32), tally,
                np.empty(n, np.int64), np.empty(units + 1, np.int32), np.empty(units + 1), dial)
    out = np.empty((n, 4))
    play(f, j, pool, out, scan)
    return out
