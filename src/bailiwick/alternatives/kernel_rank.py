"""How many maps have a smaller sum? Sums of the first and second halves of all maps, met in the middle."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Grid = NDArray[np.int64]


@njit(cache=True)
def path_counts(ptr: Ints, child: Ints, ok: Ints, k: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(forward, backward): ways to reach and to finish each state with p commands, shape (states, k + 1), as floats."""
    states = ptr.shape[0] - 1
    forward = np.zeros((states, k + 1))
    backward = np.zeros((states, k + 1))
    forward[0, 0] = 1.0
    backward[states - 1, 0] = 1.0
    for s in range(states):
        for p in range(k + 1):
            if (ok[s] >> (k - p)) & 1 == 0:
                forward[s, p] = 0.0
        for e in range(ptr[s], ptr[s + 1]):
            for p in range(k):
                forward[child[e], p + 1] += forward[s, p]
    for s in range(states - 2, -1, -1):
        for e in range(ptr[s], ptr[s + 1]):
            for p in range(k):
                backward[s, p + 1] += backward[child[e], p]
    return forward, backward


@njit(cache=True)
def middle(ptr: Ints, child: Ints, forward: NDArray[np.float64], backward: NDArray[np.float64]) -> tuple[int, float]:
    """(state, sums to be held) of the cut between states where the fewest sums have to be held."""
    states = ptr.shape[0] - 1
    crossing = np.zeros(states + 1)
    for s in range(states):
        here = forward[s].sum()
        for e in range(ptr[s], ptr[s + 1]):
            crossing[s + 1] += here
            crossing[child[e] + 1] -= here
    behind = backward.sum()
    before, running = 0.0, 0.0
    best, least = 1, np.inf
    for c in range(1, states):
        before += forward[c - 1].sum()
        behind -= backward[c - 1].sum()
        running += crossing[c]
        if before + running + behind < least:
            best, least = c, before + running + behind
    return best, least


@njit(cache=True)
def sums_forward(ptr: Ints, child: Ints, cost: Ints, ok: Ints, k: int, cut: int) -> tuple[Grid, Ints]:
    """(start, sums): sums of all ways from the first state to (s, p) through states below `cut` only.

    Those of (s, p) are sums[start[s, p] : start[s, p + 1]]; start has shape (states, k + 2).
    """
    states = ptr.shape[0] - 1
    many = np.zeros((states, k + 1), dtype=np.int64)
    many[0, 0] = 1
    for s in range(cut):
        for e in range(ptr[s], ptr[s + 1]):
            for p in range(k):
                if (ok[child[e]] >> (k - p - 1)) & 1:
                    many[child[e], p + 1] += many[s, p]
    start = np.zeros((states, k + 2), dtype=np.int64)
    total = 0
    for s in range(states):
        for p in range(k + 1):
            start[s, p] = total
            total += many[s, p]
        start[s, k + 1] = total
    fill = start.copy()
    sums = np.zeros(total, dtype=np.int64)
    for s in range(cut):
        for e in range(ptr[s], ptr[s + 1]):
            c = child[e]
            for p in range(k):
                if (ok[c] >> (k - p - 1)) & 1 == 0:
                    continue
                at = fill[c, p + 1]
                for i in range(start[s, p], start[s, p + 1]):
                    sums[at] = sums[i] + cost[e]
                    at += 1
                fill[c, p + 1] = at
    return start, sums


@njit(cache=True)
def sums_backward(ptr: Ints, child: Ints, cost: Ints, k: int, cut: int) -> tuple[Grid, Ints]:
    """(start, sums): sums of all ways to finish (s, p more commands) for the states from `cut` on, laid out alike."""
    states = ptr.shape[0] - 1
    many = np.zeros((states, k + 1), dtype=np.int64)
    many[states - 1, 0] = 1
    for s in range(states - 2, cut - 1, -1):
        for e in range(ptr[s], ptr[s + 1]):
            for p in range(k):
                many[s, p + 1] += many[child[e], p]
    start = np.zeros((states, k + 2), dtype=np.int64)
    total = 0
    for s in range(states):
        for p in range(k + 1):
            start[s, p] = total
            total += many[s, p]
        start[s, k + 1] = total
    sums = np.zeros(total, dtype=np.int64)
    for s in range(states - 2, cut - 1, -1):
        for p in range(k):
            at = start[s, p + 1]
            for e in range(ptr[s], ptr[s + 1]):
                for i in range(start[child[e], p], start[child[e], p + 1]):
                    sums[at] = sums[i] + cost[e]
                    at += 1
    return start, sums


@njit(cache=True)
def meet_in_the_middle(forward: Grid, front: Ints, backward: Grid, back: Ints, own: int, cut: int) -> tuple[int, int]:
    """(maps with a smaller sum, maps with the same sum) by sorting both halves at every state from `cut` on."""
    states, k = forward.shape[0], forward.shape[1] - 2
    below, same = 0, 0
    for s in range(cut, states):
        for p in range(k + 1):
            if forward[s, p] == forward[s, p + 1] or backward[s, k - p] == backward[s, k - p + 1]:
                continue
            a = np.sort(front[forward[s, p] : forward[s, p + 1]])
            b = np.sort(back[backward[s, k - p] : backward[s, k - p + 1]])
            low, high = b.shape[0], b.shape[0]
            for i in range(a.shape[0]):
                while low > 0 and a[i] + b[low - 1] >= own:
                    low -= 1
                while high > 0 and a[i] + b[high - 1] > own:
                    high -= 1
                below += low
                same += high - low
    return below, same
