"""What is the whole trade-off? Every map that no other beats on all the named measures, over all maps, by proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bailiwick.alternatives.blocks import Column
from bailiwick.alternatives.kernel_frontier import labels
from bailiwick.alternatives.maps import MOST_BYTES, MapGraph
from bailiwick.errors import MethodError


@dataclass(frozen=True, slots=True)
class Point:
    """One undominated combination of values, with a map that has it."""

    values: tuple[float, ...]
    map: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Frontier:
    """All undominated combinations of the measures over all maps of K commands, best on the first measure first."""

    measures: tuple[str, ...]
    points: tuple[Point, ...]


def frontier(graph: MapGraph, k: int, measures: Sequence[str]) -> Frontier:
    """The exact frontier of one to four measures over all maps of K commands.

    Sums and worst-of measures never improve a beaten partial map past the one that beats it, so beaten ones are
    dropped at once. `MethodError` for a best-of measure of mixed sense, where that does not hold in this form, when
    there is no map, and before memory runs out.
    """
    columns = [graph.table.column(m) for m in measures]
    if not 1 <= len(columns) <= 4:
        raise MethodError(f"a frontier takes one to four measures, not {len(columns)}")
    for column in columns:
        if column.wished_combine == "min":
            raise MethodError(f"{column.name}: a map is judged by its best command, which the frontier does not take")
    if not graph.has(k):
        raise MethodError(f"no map of {k} commands exists under these rules ({graph.table.rules.told()})")
    inner = sorted(range(len(columns)), key=lambda m: columns[m].combine != "sum")
    sums = sum(c.combine == "sum" for c in columns)
    units = np.stack([columns[m].wished for m in inner], axis=1)[graph.row]
    room = MOST_BYTES // (16 * (len(columns) + 2))
    setup = np.array([k, room], dtype=np.int64)
    complete, start, values, origin = labels(graph.ptr, graph.child, graph.ok, units, sums, setup)
    if not complete:
        raise MethodError(f"more than {room:,} undominated partial maps: use fewer measures or a coarser grid")
    outer = [inner.index(m) for m in range(len(columns))]
    points = []
    for i in range(int(start[0, k]), int(start[0, k + 1])):
        rows, at = [], i
        for _ in range(k):
            rows.append(int(graph.row[origin[at, 0]]))
            at = int(origin[at, 1])
        shown = tuple(int(values[i, m]) for m in outer)
        points.append((shown, graph.table.grouping(rows)))
    return Frontier(
        tuple(measures), tuple(Point(_told(columns, units_), grouping) for units_, grouping in sorted(points))
    )


def _told(columns: Sequence[Column], units: Sequence[int]) -> tuple[float, ...]:
    return tuple(c.value(u if c.better == "lower" else -u) for c, u in zip(columns, units, strict=True))


def beaten_by(found: Frontier, values: Sequence[float], graph: MapGraph) -> Point | None:
    """The point that is no worse on every measure and better on one, or None: the map is undominated."""
    signs = [1.0 if graph.table.column(m).better == "lower" else -1.0 for m in found.measures]
    own = [s * v for s, v in zip(signs, values, strict=True)]
    for point in found.points:
        theirs = [s * v for s, v in zip(signs, point.values, strict=True)]
        if all(a <= b for a, b in zip(theirs, own, strict=True)) and theirs != own:
            return point
    return None
