"""Which maps does no other beat on every measure? Partial maps that are beaten are dropped as soon as they are."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Grid = NDArray[np.int64]


@njit(cache=True)
def beaten(pool: Grid, count: int, value: Ints) -> bool:
    """Whether some of the first `count` vectors is no worse than `value` on every measure."""
    for i in range(count):
        good = True
        for m in range(value.shape[0]):
            if pool[i, m] > value[m]:
                good = False
                break
        if good:
            return True
    return False


@njit(cache=True)
def undominated(pool: Grid, origin: Grid, count: int, order: Ints) -> int:
    """Moves the vectors that none beats (one of equals) to the front of pool and origin; returns how many.

    `order` lists the vectors by their sum, so that no vector is beaten by a later one, and holds places ascending
    among equals.
    """
    kept_pool = np.empty((count, pool.shape[1]), dtype=np.int64)
    kept_origin = np.empty((count, origin.shape[1]), dtype=np.int64)
    kept = 0
    for i in range(count):
        j = order[i]
        if not beaten(kept_pool, kept, pool[j]):
            kept_pool[kept] = pool[j]
            kept_origin[kept] = origin[j]
            kept += 1
    pool[:kept] = kept_pool[:kept]
    origin[:kept] = kept_origin[:kept]
    return kept


@njit(cache=True)
def labels(
    ptr: Ints, child: Ints, ok: Ints, units: Grid, sums: int, setup: Ints
) -> tuple[bool, NDArray[np.int64], Grid, Grid]:
    """(complete, start, values, origin) of the undominated ways to finish every state with every number of commands.

    units (edges, measures): the first `sums` add, the rest take the largest. setup: most commands, most labels.
    Labels of (state, p) are start[s, p]:start[s, p + 1]; origin holds the edge taken and the label it leads to.
    """
    states, measures, most, room = ptr.shape[0] - 1, units.shape[1], setup[0], setup[1]
    start = np.zeros((states, most + 2), dtype=np.int64)
    values = np.zeros((4096, measures), dtype=np.int64)
    origin = np.zeros((4096, 2), dtype=np.int64)
    pool = np.zeros((4096, measures), dtype=np.int64)
    source = np.zeros((4096, 2), dtype=np.int64)
    lowest = np.iinfo(np.int64).min // 4
    for m in range(measures):
        values[0, m] = 0 if m < sums else lowest
    start[states - 1, 1:] = 1
    found = 1
    for s in range(states - 2, -1, -1):
        start[s, 0] = found
        start[s, 1] = found
        for p in range(1, most + 1):
            count = 0
            for e in range(ptr[s], ptr[s + 1]):
                c = child[e]
                if (ok[c] >> (p - 1)) & 1 == 0:
                    continue
                for i in range(start[c, p - 1], start[c, p]):
                    if count == pool.shape[0]:
                        pool, source = twice(pool), twice(source)
                    for m in range(measures):
                        v = units[e, m]
                        pool[count, m] = values[i, m] + v if m < sums else max(values[i, m], v)
                    source[count, 0], source[count, 1] = e, i
                    count += 1
            if count > 0:
                total = np.zeros(count, dtype=np.int64)
                for i in range(count):
                    for m in range(measures):
                        total[i] += pool[i, m]
                count = undominated(pool, source, count, np.argsort(total, kind="mergesort"))
            if found + count > room:
                return False, start, values[:found], origin[:found]
            while found + count > values.shape[0]:
                values, origin = twice(values), twice(origin)
            values[found : found + count] = pool[:count]
            origin[found : found + count] = source[:count]
            found += count
            start[s, p + 1] = found
    return True, start, values[:found], origin[:found]


@njit(cache=True)
def twice(array: Grid) -> Grid:
    """A copy with twice as many rows."""
    bigger = np.zeros((2 * array.shape[0], array.shape[1]), dtype=np.int64)
    bigger[: array.shape[0]] = array
    return bigger
