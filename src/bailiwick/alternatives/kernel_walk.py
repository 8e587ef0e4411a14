"""What does every single map score? A depth-first walk over the graph of maps, one accumulator a measure.

The last commands of a map (its tail) depend only on the state they start from, so tails are laid out once per state
and every map is one prefix met with one tail. Measures that add come first, those that take the largest come last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Grid = NDArray[np.int64]


class Ways(NamedTuple):
    """The graph: edges of state s at ptr[s]:ptr[s + 1]; bit p of ok[s] when p more commands can finish."""

    ptr: Ints
    child: Ints
    ok: Ints


class Tails(NamedTuple):
    """Tails of state s at first[s]:first[s + 1]: units (measures, tails) and the edges they are made of."""

    first: Ints
    units: Grid
    edges: Grid


class Tally(NamedTuple):
    """How maps are entered, and what they come to; all per measure unless said.

    bins (measures, most bins): value v goes to (v - low) >> shift. own: a value to compare with; in its bin, `below`
    and `equal` are counted exactly. `ends` (measures, 2): least and largest value; `ends_path` the edges of such maps.
    sense: 1 where lower is better, -1 where higher. held[0]: undominated maps in pareto (room, measures), -1 when not
    wanted, -2 once there is no room left.
    """

    bins: Grid
    low: Ints
    shift: Ints
    own: Ints
    below: Ints
    equal: Ints
    ends: Grid
    ends_path: NDArray[np.int64]
    sense: Ints
    pareto: Grid
    pareto_path: Grid
    held: Ints


@njit(cache=True)
def tail_counts(ways: Ways, depth: int) -> Ints:
    """Where the tails of each state begin, for tails of exactly `depth` commands."""
    states = ways.ptr.shape[0] - 1
    ways_to = np.zeros((states, depth + 1), dtype=np.int64)
    ways_to[states - 1, 0] = 1
    first = np.zeros(states + 1, dtype=np.int64)
    for s in range(states - 1, -1, -1):
        for e in range(ways.ptr[s], ways.ptr[s + 1]):
            for p in range(depth):
                ways_to[s, p + 1] += ways_to[ways.child[e], p]
    for s in range(states):
        first[s + 1] = first[s] + ways_to[s, depth]
    return first


@njit(cache=True)
def lay_tails(ways: Ways, units: Grid, sums: int, depth: int, tails: Tails) -> None:
    """Fills the tails of every state; units (edges, measures), the first `sums` of which add."""
    states, measures = ways.ptr.shape[0] - 1, units.shape[1]
    at = np.zeros(depth + 1, dtype=np.int64)
    for s in range(states):
        if tails.first[s + 1] == tails.first[s]:
            continue
        row = tails.first[s]
        level, at[0] = 0, ways.ptr[s]
        here = np.zeros(depth + 1, dtype=np.int64)
        here[0] = s
        while level >= 0:
            e = at[level]
            if e == ways.ptr[here[level] + 1]:
                level -= 1
                continue
            at[level] = e + 1
            c = ways.child[e]
            if (ways.ok[c] >> (depth - level - 1)) & 1 == 0:
                continue
            tails.edges[row, level] = e
            if level + 1 < depth:
                level += 1
                here[level] = c
                at[level] = ways.ptr[c]
                continue
            if row + 1 < tails.edges.shape[0]:
                tails.edges[row + 1] = tails.edges[row]
            for m in range(measures):
                total = units[tails.edges[row, 0], m]
                for d in range(1, depth):
                    v = units[tails.edges[row, d], m]
                    total = total + v if m < sums else max(total, v)
                tails.units[m, row] = total
            row += 1


@njit(cache=True)
def keep_pareto(value: Ints, path: Ints, tally: Tally) -> None:
    """Puts a map among those that none beats on every measure, and takes out those it beats."""
    held, measures = tally.held[0], value.shape[0]
    for i in range(held):
        beaten = True
        for m in range(measures):
            if tally.pareto[i, m] > value[m]:
                beaten = False
                break
        if beaten:
            for m in range(measures if i > 0 else 0):
                swap = tally.pareto[i, m]
                tally.pareto[i, m] = tally.pareto[0, m]
                tally.pareto[0, m] = swap
            for d in range(path.shape[0] if i > 0 else 0):
                step = tally.pareto_path[i, d]
                tally.pareto_path[i, d] = tally.pareto_path[0, d]
                tally.pareto_path[0, d] = step
            return
    kept = 0
    for i in range(held):
        worse = True
        for m in range(measures):
            if tally.pareto[i, m] < value[m]:
                worse = False
                break
        if not worse:
            tally.pareto[kept] = tally.pareto[i]
            tally.pareto_path[kept] = tally.pareto_path[i]
            kept += 1
    if kept >= tally.pareto.shape[0]:
        tally.held[0] = -2
        return
    tally.pareto[kept] = value
    tally.pareto_path[kept] = path
    tally.held[0] = kept + 1


@njit(cache=True)
def meet(acc: Ints, path: Ints, span: Ints, sums: int, tails: Tails, tally: Tally) -> None:
    """Enters every map made of one prefix (accumulators `acc`, edges `path`) and the tails span[0]:span[1]."""
    measures = acc.shape[0]
    bins, low, shift, own = tally.bins, tally.low, tally.shift, tally.own
    below, equal, ends, units = tally.below, tally.equal, tally.ends, tails.units
    depth = tails.edges.shape[1]
    value = np.empty(measures if tally.held[0] >= 0 else 0, dtype=np.int64)
    for m in range(measures):
        base, start, by, mine = acc[m], low[m], shift[m], own[m]
        own_bin = (mine - start) >> by
        least, most = ends[m, 0], ends[m, 1]
        adds = m < sums
        for t in range(span[0], span[1]):
            v = units[m, t]
            if adds:
                v += base
            elif base > v:
                v = base
            b = (v - start) >> by
            bins[m, b] += 1
            if b == own_bin:
                if v < mine:
                    below[m] += 1
                elif v == mine:
                    equal[m] += 1
            if v < least or v > most:
                side = 0 if v < least else 1
                if v < least:
                    least = v
                if v > most:
                    most = v
                for d in range(path.shape[0] - depth):
                    tally.ends_path[m, side, d] = path[d]
                for d in range(depth):
                    tally.ends_path[m, side, path.shape[0] - depth + d] = tails.edges[t, d]
                if least == most:
                    tally.ends_path[m, 1 - side] = tally.ends_path[m, side]
        ends[m, 0], ends[m, 1] = least, most
    if tally.held[0] < 0:
        return
    for t in range(span[0], span[1]):
        beaten = tally.held[0] > 0
        for m in range(measures):
            v = units[m, t] + acc[m] if m < sums else max(units[m, t], acc[m])
            value[m] = v * tally.sense[m]
            beaten = beaten and tally.pareto[0, m] <= value[m]
        if beaten:
            continue
        for d in range(depth):
            path[path.shape[0] - depth + d] = tails.edges[t, d]
        keep_pareto(value, path, tally)
        if tally.held[0] < 0:
            return


@njit(cache=True)
def walk_from(ways: Ways, units: Grid, start: Ints, total: Grid, path: Ints, tails: Tails, tally: Tally) -> int:
    """Number of maps below one partial map, each entered into the tally.

    start: state, commands still to come before the tail, how many measures add; total[0] holds the accumulators so
    far, path the edges so far in its first places. Children that cannot finish with what is left are skipped.
    """
    state, left, sums = start[0], start[1], start[2]
    depth = tails.edges.shape[1]
    done = path.shape[0] - left - depth
    at = np.zeros(left + 1, dtype=np.int64)
    stop = np.zeros(left + 1, dtype=np.int64)
    span = np.zeros(2, dtype=np.int64)
    visited, level = 0, 0
    if left == 0:
        span[0], span[1] = tails.first[state], tails.first[state + 1]
        meet(total[0], path, span, sums, tails, tally)
        return int(span[1] - span[0])
    at[0], stop[0] = ways.ptr[state], ways.ptr[state + 1]
    measures = units.shape[1]
    while level >= 0:
        e = at[level]
        if e == stop[level]:
            level -= 1
            continue
        at[level] = e + 1
        c = ways.child[e]
        if (ways.ok[c] >> (left - level - 1 + depth)) & 1 == 0:
            continue
        for m in range(sums):
            total[level + 1, m] = total[level, m] + units[e, m]
        for m in range(sums, measures):
            total[level + 1, m] = max(total[level, m], units[e, m])
        path[done + level] = e
        level += 1
        if level == left:
            span[0], span[1] = tails.first[c], tails.first[c + 1]
            visited += span[1] - span[0]
            meet(total[left], path, span, sums, tails, tally)
            level -= 1
        else:
            at[level], stop[level] = ways.ptr[c], ways.ptr[c + 1]
    return int(visited)
