"""How long does each call wait and each car travel in the plain model: one car a call, one pool, no desks?

The common model on which engines can be compared. Two modes give the same records: `scanned` looks at every unit in
turn and is the reference; `preferred` promotes returned units to their base lazily, looks at the short list of units
still returning, then at the bases in order of travel time to the call, stopping at the first that has a unit.

Order: at equal times a unit clears before a call comes; the unit with the fewest minutes, then the lowest id, goes; a
clearing unit takes the lowest grade, then the oldest call. A unit counts as at its last scene until it is home.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Nothing is allocated inside, so reference counting is switched off: it would cost more than the work itself.
COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
INLINED: dict[str, Any] = {**COMPILED, "forceinline": True}

FREE_AT, HOME_AT, = 0, 1
NODE, BASE, SLOT = 0, 1, 2


class Fleet(NamedTuple):
    """Who stands where: `travel` [N, N] minutes, row by destination; `home` [U] node of each unit's base.

    `order` [D, B] bases by travel time to each point, ties by number; `base` [U]; `node` [B] node of each base;
    `first` [B + 1] slots of each base's units.
    """

    travel: Floats
    home: Ints
    order: Ints
    base: Ints
    node: Ints
    first: Ints


class Jobs(NamedTuple):
    """The calls in order of time: minute, point, grade and minutes on the job, each [n]; `grades` is their number."""

    time: Floats
    point: Ints
    grade: Ints
    job: Floats
    grades: int


class Pool(NamedTuple):
    """What changes: unit clocks [U, 2] and nodes [U, 3]; heap; members of each base and of the returning list."""

    clock: Floats
    unit: Ints
    when: Floats
    who: Ints
    member: Ints
    returning: Ints
    tally: Ints
    queue: Ints


BUSY_UNITS, RETURNING, AT_BASES = 0, 1, 2


@njit(**INLINED)
def busy_until(p: Pool, time: float, u: int) -> None:
    """A unit put into the heap of busy units."""
    k = p.tally[BUSY_UNITS, 0]
    p.tally[BUSY_UNITS, 0] = k + 1
    while k > 0:
        up = (k - 1) >> 1
        if p.when[up] < time or (p.when[up] == time and p.who[up] < u):
            break
        p.when[k] = p.when[up]
        p.who[k] = p.who[up]
        k = up
    p.when[k] = time
    p.who[k] = u


@njit(**INLINED)
def first_cleared(p: Pool) -> int:
    """The unit that clears first, taken out of the heap."""
    u: int = p.who[0]
    size = p.tally[BUSY_UNITS, 0] - 1
    p.tally[BUSY_UNITS, 0] = size
    time, last = p.when[size], p.who[size]
    k, child = 0, 1
    while child < size:
        other = child + 1
        if other < size and (
            p.when[other] < p.when[child] or (p.when[other] == p.when[child] and p.who[other] < p.who[child])
        ):
            child = other
        if time < p.when[child] or (time == p.when[child] and last < p.who[child]):
            break
        p.when[k] = p.when[child]
        p.who[k] = p.who[child]
        k, child = child, 2 * child + 1
    p.when[k] = time
    p.who[k] = last
    return u


@njit(**INLINED)
def settle_at_base(f: Fleet, p: Pool, u: int) -> None:
    """A unit home again, put among its base's members."""
    b = f.base[u]
    p.member[f.first[b] + p.tally[AT_BASES, b]] = u
    p.tally[AT_BASES, b] += 1


@njit(**INLINED)
def take_preferred(f: Fleet, p: Pool, point: int, now: float) -> int:
    """The nearest idle unit, taken off its list, or -1: the returning first, then the bases in order of preference."""
    best, chosen, place, k = np.inf, -1, -1, 0
    while k < p.tally[RETURNING, 0]:
        u = p.returning[k]
        if now >= p.clock[u, HOME_AT]:
            settle_at_base(f, p, u)
            p.tally[RETURNING, 0] -= 1
            p.returning[k] = p.returning[p.tally[RETURNING, 0]]
            continue
        minutes = f.travel[point, p.unit[u, NODE]]
        if minutes < best or (minutes == best and u < chosen):
            best, chosen, place = minutes, u, k
        k += 1
    base = -1
    for k in range(f.node.size):
        b = f.order[point, k]
        if p.tally[AT_BASES, b] == 0:
            continue
        minutes = f.travel[point, f.node[b]]
        if minutes > best:
            break
        for j in range(f.first[b], f.first[b] + p.tally[AT_BASES, b]):
            u = p.member[j]
            if minutes < best or u < chosen:
                best, chosen, place, base = minutes, u, j, b
    if base >= 0:
        p.tally[AT_BASES, base] -= 1
        p.member[place] = p.member[f.first[base] + p.tally[AT_BASES, base]]
        p.unit[chosen, NODE] = f.node[base]
    elif chosen >= 0:
        p.tally[RETURNING, 0] -= 1
        p.returning[place] = p.returning[p.tally[RETURNING, 0]]
    return chosen


@njit(**INLINED)
def take_scanned(f: Fleet, p: Pool, point: int, now: float) -> int:
    """The nearest idle unit found by looking at every unit, or -1."""
    best, chosen = np.inf, -1
    for u in range(f.home.size):
        if p.clock[u, FREE_AT] <= now:
            node = f.home[u] if now >= p.clock[u, HOME_AT] else p.unit[u, NODE]
            minutes = f.travel[point, node]
            if minutes < best:
                best, chosen = minutes, u
    if chosen >= 0 and now >= p.clock[chosen, HOME_AT]:
        p.unit[chosen, NODE] = f.home[chosen]
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
    clears = now + minutes + j.job[i]
    p.unit[u, NODE] = point
    p.clock[u, FREE_AT] = clears
    busy_until(p, clears, u)


@njit(**COMPILED)
def play(f: Fleet, j: Jobs, p: Pool, out: Floats, scan: bool) -> None:
    """Every call served: rows of `out` [n, 4] are minute sent, minutes of travel, unit, node the unit left."""
    n, i, waiting = j.time.size, 0, 0
    while i < n or waiting > 0:
        new = j.time[i] if i < n else np.inf
        if p.tally[BUSY_UNITS, 0] > 0 and p.when[0] <= new:
            now = p.when[0]
            u = first_cleared(p)
            if waiting > 0:
                waiting -= 1
                q = 0
                while p.queue[0, q] < 0:
                    q += 1
                call = p.queue[0, q]
                p.queue[0, q] = p.queue[2, call]
                serve(f, j, p, out, call, u, now)
            else:
                p.clock[u, HOME_AT] = now + f.travel[f.home[u], p.unit[u, NODE]]
                p.returning[p.tally[RETURNING, 0]] = u
                p.tally[RETURNING, 0] += 1
            continue
        u = take_scanned(f, p, j.point[i], new) if scan else take_preferred(f, p, j.point[i], new)
        if u >= 0:
            serve(f, j, p, out, i, u, new)
            if scan:
                p.tally[RETURNING, 0] = 0
        else:
            waiting += 1
            q = j.grade[i]
            if p.queue[0, q] < 0:
                p.queue[0, q] = i
            else:
                p.queue[2, p.queue[1, q]] = i
            p.queue[1, q] = i
        i += 1


def fleet_of(travel: Floats, home: Ints, *, points: int) -> Fleet:
    """The fleet of units whose bases are the nodes after the points; `travel` minutes to the row from the column."""
    node = np.unique(home)
    base = np.searchsorted(node, home)
    order = np.argsort(travel[:points][:, node], axis=1, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(base, minlength=len(node)))])
    return Fleet(np.ascontiguousarray(travel, float), *(
        np.ascontiguousarray(x, np.int64) for x in (home, order, base, node, first)))


def played(f: Fleet, j: Jobs, scan: bool) -> Floats:
    """The records [n, 4] of every call: minute sent, minutes of travel, unit, node the unit left."""
    n, units, bases = j.time.size, f.home.size, f.node.size
    unit = np.zeros((units, 3), np.int64)
    unit[:, NODE] = f.home
    count = np.zeros((3, max(1, bases)), np.int64)
    count[AT_BASES, :bases] = np.diff(f.first)
    member = np.argsort(f.base, kind="stable").astype(np.int64)
    clock = np.full((units, 2), -np.inf)
    queue = np.full((3, max(n, j.grades)), -1, np.int64)
    pool = Pool(clock, unit, np.empty(units + 1), np.empty(units + 1, np.int64), member,
                np.empty(2 * units + 1, np.int64), count, queue)
    out = np.full((n, 4), np.nan)
    play(f, j, pool, out, scan)
    return out
