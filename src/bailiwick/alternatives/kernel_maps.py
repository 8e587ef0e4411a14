"""How do commands fit together into maps? States are sets of areas covered so far; every map is built exactly once.

The next command must hold the lowest area not covered. Masks are int64 in the engine's own order of the areas.
Large counts are held in limbs of 62 bits, so that the sum of two limbs and a carry never overflows.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bailiwick.alternatives.kernel_blocks import bit_count, bit_index, grown

Ints = NDArray[np.int64]

LIMB_BITS = 62
LIMB = (1 << 62) - 1


@njit(cache=True)
def scrambled(key: int) -> int:
    """A well-spread number of 0 or more; products stay below 2^62 so that nothing overflows."""
    h = ((key & 0x7FFFFFFF) * 0x2C1B3C6D) ^ (key >> 31)
    h ^= h >> 29
    h = ((h & 0x7FFFFFFF) * 0x297A2D39) ^ (h >> 31)
    return int(h ^ (h >> 25))


@njit(cache=True)
def slot_of(keys: Ints, table: Ints, key: int) -> int:
    """The slot of an open-addressing table that holds `key`'s id, or the empty slot (-1) where it belongs."""
    last = table.shape[0] - 1
    h = scrambled(key)
    at = h & last
    while table[at] >= 0 and keys[table[at]] != key:
        at = (at + 1) & last
    return int(at)


@njit(cache=True)
def rehashed(keys: Ints, count: int, size: int) -> Ints:
    """A table of `size` slots (a power of two) holding the ids of the first `count` keys."""
    table = np.full(size, -1, dtype=np.int64)
    for i in range(count):
        table[slot_of(keys, table, keys[i])] = i
    return table


@njit(cache=True)
def bits_between(low: int, high: int) -> int:
    """The mask of bits low..high, cut off to 0..61; 0 when there is none."""
    low = max(low, 0)
    high = min(high, LIMB_BITS - 1)
    if high < low:
        return 0
    return (LIMB >> (LIMB_BITS - 1 - high)) & ~((1 << low) - 1)


@njit(cache=True)
def viable(left_areas: int, left_weight: int, runs: Ints, limits: Ints) -> int:
    """The numbers of parts so far (as bits) from which a wanted number is still possible by size and weight.

    runs: first and last of each run of wanted numbers; limits: smallest and largest size, lightest and heaviest weight.
    """
    need, most = 0, 0
    if left_areas > 0:
        need = max((left_areas + limits[1] - 1) // limits[1], 1)
        most = left_areas // limits[0]
        if limits[3] > 0:
            need = max(need, (left_weight + limits[3] - 1) // limits[3])
        if limits[2] > 0:
            most = min(most, left_weight // limits[2])
        if most < need:
            return 0
    kept = 0
    for i in range(0, runs.shape[0], 2):
        kept |= bits_between(runs[i] - most, runs[i + 1] - need)
    return kept


@njit(cache=True)
def state_graph(
    rows: Ints, weights: Ints, sizes: Ints, ptr: Ints, setup: Ints, runs: Ints, limits: Ints
) -> tuple[int, Ints, Ints, Ints, Ints, Ints]:
    """(stopped, cov, used, first, after, packed): all states reachable from nothing covered, in order of discovery.

    rows, weights, sizes: masks, weights and sizes grouped by lowest bit, group r at ptr[r]:ptr[r + 1].
    setup: number of areas, total weight, most states, most edges; runs and limits as in `viable`.
    stopped: -1, or the areas gone through when a bound was passed. first[s]:after[s] are the edges of state s;
    `packed` holds first the child of every edge and then the row it adds.
    """
    n, total, most_states, most_edges = setup[0], setup[1], setup[2], setup[3]
    full = (1 << n) - 1
    cov = np.zeros(1024, dtype=np.int64)
    used = np.zeros(1024, dtype=np.int64)
    weighed = np.zeros(1024, dtype=np.int64)
    following = np.zeros(1024, dtype=np.int64)
    first = np.zeros(1025, dtype=np.int64)
    after = np.zeros(1024, dtype=np.int64)
    child = np.zeros(4096, dtype=np.int64)
    row = np.zeros(4096, dtype=np.int64)
    head = np.full(n + 1, -1, dtype=np.int64)
    table = np.full(4096, -1, dtype=np.int64)
    used[0] = 1
    following[0] = -1
    head[0] = 0
    table[slot_of(cov, table, 0)] = 0
    states, edges = 1, 0
    for r in range(n):
        s = head[r]
        while s >= 0:
            first[s] = edges
            here, load, so_far = cov[s], weighed[s], used[s] << 1
            uncovered = n - bit_count(here)
            for i in range(ptr[r], ptr[r + 1]):
                if rows[i] & here != 0:
                    continue
                key = here | rows[i]
                heavy = load + weights[i]
                bits = so_far & viable(uncovered - sizes[i], total - heavy, runs, limits)
                if bits == 0:
                    continue
                at = slot_of(cov, table, key)
                c = table[at]
                if c < 0:
                    if states >= most_states:
                        return r, cov[:states], used[:states], first[:states], after[:states], child[:edges]
                    c = states
                    states += 1
                    cov, used, weighed = grown(cov, states), grown(used, states), grown(weighed, states)
                    following, first, after = grown(following, states), grown(first, states), grown(after, states)
                    cov[c] = key
                    used[c] = 0
                    weighed[c] = heavy
                    table[at] = c
                    level = n if key == full else bit_index(~key)
                    following[c] = head[level]
                    head[level] = c
                    if 2 * states > table.shape[0]:
                        table = rehashed(cov, states, 4 * table.shape[0])
                used[c] |= bits
                if edges >= most_edges:
                    return r, cov[:states], used[:states], first[:states], after[:states], child[:edges]
                edges += 1
                child, row = grown(child, edges), grown(row, edges)
                child[edges - 1] = c
                row[edges - 1] = i
            after[s] = edges
            s = following[s]
    packed = np.empty(2 * edges, dtype=np.int64)
    packed[:edges] = child[:edges]
    packed[edges:] = row[:edges]
    return -1, cov[:states], used[:states], first[:states], after[:states], packed


@njit(cache=True)
def still_wanted(used: int, wanted: int) -> int:
    """The numbers of parts to come (as bits) that make a wanted number with some number of parts so far."""
    found = 0
    while used != 0:
        low = used & -used
        used ^= low
        found |= wanted >> bit_index(low)
    return found


@njit(cache=True)
def without_dead_ends(
    cov: Ints, used: Ints, first: Ints, after: Ints, packed: Ints, n: int, wanted: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """(ptr, child, row, ok) of the states from which a wanted map can be finished, by number of lowest area missing.

    State 0 covers nothing, the last covers everything, children come after their parents; bit p of ok[s] is set when
    p more commands can finish from s. All empty when there is no map.
    """
    states, edges = cov.shape[0], packed.shape[0] // 2
    full = (1 << n) - 1
    level = np.zeros(states, dtype=np.int64)
    start = np.zeros(n + 2, dtype=np.int64)
    for s in range(states):
        level[s] = n if cov[s] == full else bit_index(~cov[s])
        start[level[s] + 1] += 1
    for r in range(n + 1):
        start[r + 1] += start[r]
    order = np.zeros(states, dtype=np.int64)
    for s in range(states):
        order[start[level[s]]] = s
        start[level[s]] += 1
    ok = np.zeros(states, dtype=np.int64)
    wish = np.zeros(states, dtype=np.int64)
    keep = np.zeros(states, dtype=np.bool_)
    kept_edges = 0
    for j in range(states - 1, -1, -1):
        s = order[j]
        if cov[s] == full:
            ok[s] = 1
        for e in range(first[s], after[s]):
            ok[s] |= (ok[packed[e]] << 1) & LIMB
        wish[s] = still_wanted(used[s], wanted)
        keep[s] = wish[s] & ok[s] != 0
        if keep[s]:
            for e in range(first[s], after[s]):
                if (wish[s] >> 1) & ok[packed[e]] != 0:
                    kept_edges += 1
    number = np.full(states, -1, dtype=np.int64)
    kept = 0
    for j in range(states):
        if keep[order[j]]:
            number[order[j]] = kept
            kept += 1
    ptr = np.zeros(kept + 1, dtype=np.int64)
    child = np.zeros(kept_edges, dtype=np.int64)
    row = np.zeros(kept_edges, dtype=np.int64)
    finish = np.zeros(kept, dtype=np.int64)
    at = 0
    for j in range(states):
        s = order[j]
        if not keep[s]:
            continue
        finish[number[s]] = ok[s]
        for e in range(first[s], after[s]):
            if (wish[s] >> 1) & ok[packed[e]] != 0:
                child[at] = number[packed[e]]
                row[at] = packed[edges + e]
                at += 1
        ptr[number[s] + 1] = at
    return ptr, child, row, finish


@njit(cache=True)
def add_into(target: Ints, extra: Ints) -> None:
    """Adds one count in limbs to another, in place."""
    carry = 0
    for w in range(target.shape[0]):
        total = target[w] + extra[w] + carry
        target[w] = total & LIMB
        carry = total >> LIMB_BITS


@njit(cache=True)
def completions(ptr: Ints, child: Ints, ok: Ints, most: int, limbs: int) -> NDArray[np.int64]:
    """How many ways there are to finish each state with exactly p more commands: shape (states, most + 1, limbs)."""
    states = ptr.shape[0] - 1
    ways = np.zeros((states, most + 1, limbs), dtype=np.int64)
    ways[states - 1, 0, 0] = 1
    for s in range(states - 2, -1, -1):
        for e in range(ptr[s], ptr[s + 1]):
            c = child[e]
            for p in range(most):
                if (ok[c] >> p) & 1:
                    add_into(ways[s, p + 1], ways[c, p])
    return ways


@njit(cache=True)
def reach_of_sums(
    ptr: Ints, child: Ints, cost: Ints, ok: Ints, most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(lowest, highest) sum of `cost` over the edges of any way to finish, each of shape (states, most + 1).

    Where there is no way to finish, highest is below lowest.
    """
    states = ptr.shape[0] - 1
    low = np.zeros((states, most + 1), dtype=np.int64)
    high = np.full((states, most + 1), -1, dtype=np.int64)
    high[states - 1, 0] = 0
    for s in range(states - 2, -1, -1):
        for e in range(ptr[s], ptr[s + 1]):
            c = child[e]
            for p in range(most):
                if ((ok[c] >> p) & 1) == 0:
                    continue
                a, b = low[c, p] + cost[e], high[c, p] + cost[e]
                if high[s, p + 1] < low[s, p + 1]:
                    low[s, p + 1], high[s, p + 1] = a, b
                else:
                    low[s, p + 1] = min(low[s, p + 1], a)
                    high[s, p + 1] = max(high[s, p + 1], b)
    return low, high


@njit(cache=True)
def sum_histogram(
    ptr: Ints,
    child: Ints,
    cost: Ints,
    ok: Ints,
    low: NDArray[np.int64],
    start: NDArray[np.int64],
    arena: NDArray[np.int64],
) -> None:
    """Fills `arena` (cells, limbs): the number of ways to finish (state, p) with each sum, from start[s, p] on.

    `start` has shape (states, most + 2): the cells of (s, p) are start[s, p]:start[s, p + 1], the first for low[s, p].
    """
    states, most = ptr.shape[0] - 1, low.shape[1] - 1
    arena[start[states - 1, 0], 0] = 1
    for s in range(states - 2, -1, -1):
        for e in range(ptr[s], ptr[s + 1]):
            c = child[e]
            for p in range(most):
                if ((ok[c] >> p) & 1) == 0:
                    continue
                shift = start[s, p + 1] + low[c, p] + cost[e] - low[s, p + 1]
                for j in range(start[c, p], start[c, p + 1]):
                    add_into(arena[shift + j - start[c, p]], arena[j])
