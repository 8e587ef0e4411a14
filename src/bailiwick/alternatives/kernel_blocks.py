"""Which sets of areas are in one piece? Each found once, by growing it from its first area.

Masks are int64 with at most 62 areas, so that no sum or shift ever meets the sign bit.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@njit(cache=True)
def bit_index(mask: int) -> int:
    """Position of the lowest set bit; mask must not be 0."""
    i = 0
    if mask & 0xFFFFFFFF == 0:
        mask >>= 32
        i += 32
    if mask & 0xFFFF == 0:
        mask >>= 16
        i += 16
    if mask & 0xFF == 0:
        mask >>= 8
        i += 8
    if mask & 0xF == 0:
        mask >>= 4
        i += 4
    if mask & 0x3 == 0:
        mask >>= 2
        i += 2
    if mask & 0x1 == 0:
        i += 1
    return i


@njit(cache=True)
def bit_count(mask: int) -> int:
    """Number of set bits of a mask of 0 or more."""
    found = 0
    while mask != 0:
        mask &= mask - 1
        found += 1
    return found


@njit(cache=True)
def grown(array: Ints, needed: int) -> Ints:
    """The array itself, or a copy of at least twice its length when `needed` does not fit."""
    if needed <= array.shape[0]:
        return array
    bigger = np.zeros(max(needed, 2 * array.shape[0]), dtype=np.int64)
    bigger[: array.shape[0]] = array
    return bigger


@njit(cache=True)
def connected_sets(adj: Ints, weight: Ints, cap: int, bounds: Ints, limit: int) -> tuple[bool, Ints, Ints]:
    """(complete, masks, weights) of every connected set of at most `cap` areas weighing bounds[0]..bounds[1].

    Stops, not complete, when more than `limit` sets have been found. Growth is pruned by the upper bound only.
    """
    n = adj.shape[0]
    lower, upper = bounds[0], bounds[1]
    masks = np.zeros(1024, dtype=np.int64)
    weights = np.zeros(1024, dtype=np.int64)
    found = 0
    s_set = np.zeros(cap + 1, dtype=np.int64)
    s_ext = np.zeros(cap + 1, dtype=np.int64)
    s_forbidden = np.zeros(cap + 1, dtype=np.int64)
    s_weight = np.zeros(cap + 1, dtype=np.int64)
    one = 1
    for r in range(n):
        if weight[r] > upper:
            continue
        top = 0
        s_set[0] = one << r
        s_forbidden[0] = (one << (r + 1)) - 1
        s_ext[0] = adj[r] & ~s_forbidden[0]
        s_weight[0] = weight[r]
        emit = True
        while top >= 0:
            if emit and s_weight[top] >= lower:
                if found >= limit:
                    return False, masks[:found], weights[:found]
                masks = grown(masks, found + 1)
                weights = grown(weights, found + 1)
                masks[found] = s_set[top]
                weights[found] = s_weight[top]
                found += 1
            emit = False
            ext = s_ext[top]
            if ext == 0 or top + 1 >= cap:
                top -= 1
                continue
            low = ext & -ext
            s_ext[top] = ext ^ low
            s_forbidden[top] |= low
            b = bit_index(low)
            if s_weight[top] + weight[b] <= upper:
                s_set[top + 1] = s_set[top] | low
                s_ext[top + 1] = s_ext[top] | (adj[b] & ~s_forbidden[top] & ~s_set[top])
                s_forbidden[top + 1] = s_forbidden[top]
                s_weight[top + 1] = s_weight[top] + weight[b]
                top += 1
                emit = True
    return True, masks[:found], weights[:found]


@njit(cache=True)
def set_facts(adj: Ints, masks: Ints) -> tuple[Ints, Ints]:
    """(areas, borders leaving) of each mask."""
    count = masks.shape[0]
    size = np.zeros(count, dtype=np.int64)
    leaving = np.zeros(count, dtype=np.int64)
    for i in range(count):
        left = masks[i]
        while left != 0:
            low = left & -left
            left ^= low
            size[i] += 1
            leaving[i] += bit_count(adj[bit_index(low)] & ~masks[i])
    return size, leaving
