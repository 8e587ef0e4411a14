"""How many maps are there, where does one stand among all of them, and what does a fair draw look like?

Nothing here is estimated: counts are whole numbers of any size, ranks are exact, and every map is drawn with the same
chance. All of it holds for the commands in the table, that is under the rules it was made with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.blocks import Column, CommandTable, commands
from bailiwick.alternatives.kernel_maps import reach_of_sums, sum_histogram
from bailiwick.alternatives.maps import MOST_BYTES, MapGraph, map_graph, ways_to_finish, whole_number
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.rules import Rules, deviation, within
from bailiwick.errors import CaseError, MethodError


@dataclass(frozen=True, slots=True)
class Rank:
    """How many of all maps are better than, as good as (itself included) and worse than one map on one measure."""

    measure: str
    value: float
    better: int
    equal: int
    worse: int

    @property
    def total(self) -> int:
        """The number of maps compared."""
        return self.better + self.equal + self.worse

    @property
    def share_at_least_as_good(self) -> float:
        """The share of all maps that are no worse, ties counted; NaN when there is no map."""
        return (self.better + self.equal) / self.total if self.total else float("nan")


def counts(graph: MapGraph) -> dict[int, int]:
    """The number of maps for each number of commands asked for."""
    if not graph.states:
        return dict.fromkeys(graph.parts, 0)
    ways = ways_to_finish(graph)
    return {k: whole_number(ways[0, k]) for k in graph.parts}


def count(table: CommandTable, k: int) -> int:
    """The number of maps of K commands."""
    check_k(table.network, k)
    return counts(map_graph(table, [k]))[k]


def check_k(graph: Network, k: int) -> None:
    """`CaseError` when there cannot be K commands of so many areas."""
    if not 1 <= k <= graph.n:
        raise CaseError(
            graph.name, "commands", got=k, expected=f"a whole number from 1 to the number of areas, {graph.n}"
        )


def histogram(graph: MapGraph, column: Column, k: int) -> dict[float, int]:
    """The number of maps of K commands at each value of a measure, lowest value first.

    Sums are carried through the graph; for the worst-of measures the maps without the rows beyond each value are
    counted. `MethodError` when the sums need more memory than is allowed: walk the maps, or declare a coarser grid.
    """
    if not graph.has(k):
        return {}
    units = _sum_units(graph, column, k) if column.combine == "sum" else _extreme_units(graph.table, column, k)
    return {column.value(u): c for u, c in units.items()}


def _sum_units(graph: MapGraph, column: Column, k: int) -> dict[int, int]:
    step = int(np.gcd.reduce(column.units - column.units[0])) or 1
    shifted = (column.units - column.units[0]) // step
    cost = shifted[graph.row]
    low, high = reach_of_sums(graph.ptr, graph.child, cost, graph.ok, k)
    width = np.maximum(high - low + 1, 0)
    start = np.zeros((graph.states, k + 2), dtype=np.int64)
    start[:, 1:] = np.cumsum(width, axis=1)
    begin = np.concatenate([[0], np.cumsum(width.sum(axis=1))[:-1]])
    start += begin[:, None]
    cells = int(start[-1, -1])
    if cells * graph.limbs * 8 > MOST_BYTES:
        raise MethodError(
            f"{column.name}: {cells:,} sums need too much memory: walk the maps or declare a coarser grid"
        )
    arena = np.zeros((cells, graph.limbs), dtype=np.int64)
    sum_histogram(graph.ptr, graph.child, cost, graph.ok, low, start, arena)
    first = int(low[0, k])
    found = {}
    for j in range(int(start[0, k]), int(start[0, k + 1])):
        ways = whole_number(arena[j])
        if ways:
            found[(first + j - int(start[0, k])) * step + k * int(column.units[0])] = ways
    return found


def _extreme_units(table: CommandTable, column: Column, k: int) -> dict[int, int]:
    found: dict[int, int] = {}
    before = 0
    up = column.combine == "max"
    for value in sorted({int(u) for u in column.units}, reverse=not up):
        kept = column.units <= value if up else column.units >= value
        now = count(table.only(kept), k)
        if now > before:
            found[value] = now - before
        before = now
    return dict(sorted(found.items()))


def rank(graph: MapGraph, grouping: Sequence[Sequence[str]], measure: str) -> Rank:
    """Where one map stands among all maps of as many commands on one measure, exactly."""
    table = graph.table
    rows = table.rows_of(grouping)
    k, column = len(rows), table.column(measure)
    own = column.combined(rows)
    if column.combine == "sum":
        units = _sum_units(graph, column, k) if graph.has(k) else {}
        below, equal = sum(c for u, c in units.items() if u < own), units.get(own, 0)
        above = sum(units.values()) - below - equal
    else:
        below, equal, above = _extreme_rank(table, column, k, own)
    better, worse = (below, above) if column.better == "lower" else (above, below)
    return Rank(measure, column.value(own), better, equal, worse)


def _extreme_rank(table: CommandTable, column: Column, k: int, own: int) -> tuple[int, int, int]:
    whole = count(table, k)
    if column.combine == "max":
        upto, under = count(table.only(column.units <= own), k), count(table.only(column.units < own), k)
        return under, upto - under, whole - upto
    upto, over = count(table.only(column.units >= own), k), count(table.only(column.units > own), k)
    return whole - upto, upto - over, over


def sample(graph: MapGraph, k: int, rng: np.random.Generator, size: int) -> tuple[tuple[int, ...], ...]:
    """`size` maps of K commands as table rows, every map with the same chance, independent, with replacement.

    From each state the next command is chosen with probability (ways to finish after it) / (ways to finish), in whole
    numbers throughout. `MethodError` when there is no map.
    """
    if not graph.has(k):
        raise MethodError(f"no map of {k} commands exists under these rules ({graph.table.rules.told()})")
    ways = ways_to_finish(graph)
    return tuple(_one_draw(graph, ways, k, rng) for _ in range(size))


def _one_draw(graph: MapGraph, ways: NDArray[np.int64], k: int, rng: np.random.Generator) -> tuple[int, ...]:
    state, rows = 0, []
    for left in range(k, 0, -1):
        pick = _below(whole_number(ways[state, left]), rng)
        for e in range(int(graph.ptr[state]), int(graph.ptr[state + 1])):
            here = whole_number(ways[graph.child[e], left - 1])
            if pick < here:
                rows.append(int(graph.row[e]))
                state = int(graph.child[e])
                break
            pick -= here
    return tuple(sorted(rows))


def _below(bound: int, rng: np.random.Generator) -> int:
    """A whole number from 0 up to but not including `bound`, each with the same chance: bits drawn until below."""
    bits = bound.bit_length()
    words = -(-bits // 32)
    while True:
        drawn = 0
        for word in rng.integers(0, 1 << 32, size=words, dtype=np.uint64):
            drawn = drawn << 32 | int(word)
        drawn >>= 32 * words - bits
        if drawn < bound:
            return drawn


def tightest_window(graph: Network, k: int, rules: Rules | None = None) -> Fraction | None:
    """The smallest window in which a map of K commands exists, or None when there is none at any window.

    Halving over the distinct deviations of all commands, one look for a map at each step.
    """
    check_k(graph, k)
    rules = rules or Rules()
    wide = Fraction(1, 20)
    while not _feasible(graph, k, rules, wide):
        if wide > k + 1:
            return None
        wide *= 2
    table = commands(graph, within(rules, graph, k, wide))
    steps = sorted({deviation(int(w), graph.total, k) for w in np.unique(table.weights)})
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if _feasible(graph, k, rules, steps[middle]):
            high = middle
        else:
            low = middle + 1
    return steps[low]


def _feasible(graph: Network, k: int, rules: Rules, window: Fraction) -> bool:
    try:
        table = commands(graph, within(rules, graph, k, window))
    except CaseError:
        return False
    return map_graph(table, [k]).has(k)


def why_none(graph: Network, k: int, rules: Rules, window: Fraction | None) -> str:
    """The sentence that says no map exists, with the tightest window in which one does."""
    asked = "" if window is None else f" at ±{float(window):.1%}"
    best = tightest_window(graph, k, rules)
    if best is None:
        return f"no map of {k} commands exists under these rules, whatever the window"
    return f"no map of {k} commands exists{asked}; the tightest possible is ±{float(best):.4%}"
