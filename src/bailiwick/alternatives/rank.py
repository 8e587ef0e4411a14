"""Where does one map stand among all maps on one measure?

Exact, never estimated. For sums the whole histogram is carried through the graph of maps or, where they are too fine
for that, the halves of all maps are met in the middle; for worst-of measures maps without worse commands are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bailiwick.alternatives.blocks import Column, CommandTable
from bailiwick.alternatives.count import count, counts
from bailiwick.alternatives.kernel_maps import reach_of_sums, sum_histogram
from bailiwick.alternatives.kernel_rank import meet_in_the_middle, middle, path_counts, sums_backward, sums_forward
from bailiwick.alternatives.maps import MOST_BYTES, MapGraph, whole_number
from bailiwick.errors import MethodError

_FEW_CELLS = 3_000_000


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


def histogram(graph: MapGraph, column: Column, k: int) -> dict[float, int]:
    """The number of maps of K commands at each value of a measure, lowest value first.

    Sums are carried through the graph; for the worst-of measures the maps without the rows beyond each value are
    counted. `MethodError` when the sums need more memory than is allowed: walk the maps, or declare a coarser grid.
    """
    if not graph.has(k):
        return {}
    units = (
        _sum_units(graph, column, k, MOST_BYTES // (8 * graph.limbs))
        if column.combine == "sum"
        else _extreme_units(graph.table, column, k)
    )
    if units is None:
        raise MethodError(f"{column.name}: too many different sums to hold: walk the maps or declare a coarser grid")
    return {column.value(u): c for u, c in units.items()}


def _sum_units(graph: MapGraph, column: Column, k: int, most_cells: int) -> dict[int, int] | None:
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
    if cells > most_cells:
        return None
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


def command_rank(table: CommandTable, command: Sequence[str], measure: str) -> Rank:
    """Where one command stands among all commands of the table on one measure; `MethodError` when it is not there."""
    column, row = table.column(measure), table.row_of(command)
    if row is None:
        raise MethodError(f"the command {' + '.join(sorted(command))} is not among those the rules allow")
    wished = column.wished
    better, equal = int((wished < wished[row]).sum()), int((wished == wished[row]).sum())
    return Rank(measure, column.value(int(column.units[row])), better, equal, len(table) - better - equal)


def rank(graph: MapGraph, grouping: Sequence[Sequence[str]], measure: str) -> Rank:
    """Where one map stands among all maps of as many commands on one measure, exactly."""
    table = graph.table
    rows = table.rows_of(grouping)
    k, column = len(rows), table.column(measure)
    own = column.combined(rows)
    if column.combine == "sum":
        below, equal, above = _sum_rank(graph, column, k, own)
    else:
        below, equal, above = _extreme_rank(table, column, k, own)
    better, worse = (below, above) if column.better == "lower" else (above, below)
    return Rank(measure, column.value(own), better, equal, worse)


def _sum_rank(graph: MapGraph, column: Column, k: int, own: int) -> tuple[int, int, int]:
    """(below, equal, above): by a histogram where few different sums are possible, else met in the middle."""
    units = _sum_units(graph, column, k, _FEW_CELLS)
    if units is not None:
        below, equal = sum(c for u, c in units.items() if u < own), units.get(own, 0)
        return below, equal, sum(units.values()) - below - equal
    forward, backward = path_counts(graph.ptr, graph.child, graph.ok, k)
    cut, held = middle(graph.ptr, graph.child, forward, backward)
    if held * 8 > MOST_BYTES:
        raise MethodError(f"{column.name}: {held:,.0f} part sums to hold: declare a coarser grid or narrow the window")
    cost = column.units[graph.row]
    start, front = sums_forward(graph.ptr, graph.child, cost, graph.ok, k, cut)
    end, back = sums_backward(graph.ptr, graph.child, cost, k, cut)
    smaller, same = meet_in_the_middle(start, front, end, back, own, cut)
    return int(smaller), int(same), counts(graph)[k] - int(smaller) - int(same)


def _extreme_rank(table: CommandTable, column: Column, k: int, own: int) -> tuple[int, int, int]:
    whole = count(table, k)
    if column.combine == "max":
        upto, under = count(table.only(column.units <= own), k), count(table.only(column.units < own), k)
        return under, upto - under, whole - upto
    upto, over = count(table.only(column.units >= own), k), count(table.only(column.units > own), k)
    return whole - upto, upto - over, over
