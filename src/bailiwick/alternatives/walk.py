"""What does the whole distribution look like? Every map inside the rules, visited once and scored on every measure."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.blocks import Column
from bailiwick.alternatives.count import counts
from bailiwick.alternatives.kernel_maps import reach_of_sums
from bailiwick.alternatives.kernel_walk import Tails, Tally, Ways, lay_tails, tail_counts, walk_from
from bailiwick.alternatives.maps import MapGraph
from bailiwick.errors import MethodError

MOST_MAPS = 10_000_000_000
_BIN_BITS = 9
_MOST_TAIL_BYTES = 20_000_000
_HUGE = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Spread:
    """One measure over all maps: bins (from, to, maps) with ends included, the best value, and a map that has it.

    `better`, `equal`, `worse` count against the map given to the walk; all None when none was given.
    """

    measure: str
    bins: tuple[tuple[float, float, int], ...]
    best: float
    best_map: tuple[tuple[str, ...], ...]
    better: int | None
    equal: int | None
    worse: int | None


@dataclass(frozen=True, slots=True)
class Walk:
    """All maps of K commands: how many, how each measure spreads, and the maps none other beats on all measures."""

    maps: int
    spreads: tuple[Spread, ...]
    efficient: tuple[tuple[tuple[float, ...], tuple[tuple[str, ...], ...]], ...] | None


@dataclass(frozen=True, slots=True)
class WalkOptions:
    """What else a walk should do: compare with `own`, keep up to `efficient` undominated maps, how far it may go."""

    own: tuple[tuple[str, ...], ...] | None = None
    efficient: int = 0
    most: int = MOST_MAPS
    tasks: int = 16


def walk(
    graph: MapGraph,
    k: int,
    measures: Sequence[str],
    *,
    options: WalkOptions | None = None,
    executor: Executor | None = None,
) -> Walk:
    """Every map of K commands scored on every measure; split over the executor's workers, the same for any number.

    `MethodError` when there are more maps than `options.most` (the number is known before the walk starts), or more
    undominated maps than there is room for.
    """
    options = options or WalkOptions()
    maps = counts(graph)[k] if graph.has(k) else 0
    if not maps:
        raise MethodError(f"no map of {k} commands exists under these rules ({graph.table.rules.told()})")
    if maps > options.most:
        raise MethodError(
            f"{maps:,} maps are more than the {options.most:,} that can be walked: narrow the window or rank by sums"
        )
    columns = [graph.table.column(m) for m in measures]
    job = _job(graph, k, columns, options)
    starts = _starts(job, options.tasks)
    if executor is None:
        parts = [_part(job, s) for s in starts]
    else:
        parts = list(executor.map(_part, [job] * len(starts), starts))
    return _merged(graph, job, parts, measures)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """What every task needs. Columns are turned so that lower is better, then put as sums first and largest-of last.

    `flip` is -1 for a smallest-of column, which is held as the largest of its opposites.
    """

    ways: Ways
    units: NDArray[np.int64]
    tails: Tails
    k: int
    sums: int
    reach: NDArray[np.int64]
    own: NDArray[np.int64]
    flip: NDArray[np.int64]
    room: int
    columns: tuple[Column, ...]


def _job(graph: MapGraph, k: int, columns: Sequence[Column], options: WalkOptions) -> _Job:
    ordered = tuple(sorted(columns, key=lambda c: c.combine != "sum"))
    sums = sum(c.combine == "sum" for c in ordered)
    flip = np.array([-1 if c.wished_combine == "min" else 1 for c in ordered], dtype=np.int64)
    rows = np.stack([c.wished for c in ordered], axis=1) * flip
    own = np.full(len(ordered), _HUGE, dtype=np.int64)
    if options.own is not None:
        chosen = graph.table.rows_of(options.own)
        if len(chosen) != k:
            raise MethodError(f"the map to compare with has {len(chosen)} commands, not {k}")
        own[:] = [(1 if c.better == "lower" else -1) * c.combined(chosen) for c in ordered]
        own *= flip
    reach = np.array([_reach(graph, rows[:, m], k, adds=m < sums) for m in range(len(ordered))], dtype=np.int64)
    ways = Ways(graph.ptr, graph.child, graph.ok)
    units = np.ascontiguousarray(rows[graph.row])
    return _Job(ways, units, _tails(ways, units, sums, k), k, sums, reach, own, flip, options.efficient, ordered)


def _tails(ways: Ways, units: NDArray[np.int64], sums: int, k: int) -> Tails:
    depth, first = 1, tail_counts(ways, 1)
    while depth < k:
        longer = tail_counts(ways, depth + 1)
        if int(longer[-1]) * (units.shape[1] + depth + 1) * 8 > _MOST_TAIL_BYTES:
            break
        depth, first = depth + 1, longer
    count = int(first[-1])
    tails = Tails(first, np.zeros((units.shape[1], count), dtype=np.int64), np.zeros((count, depth), dtype=np.int64))
    lay_tails(ways, units, sums, depth, tails)
    return tails


def _reach(graph: MapGraph, units: NDArray[np.int64], k: int, *, adds: bool) -> tuple[int, int]:
    if not adds:
        return int(units.min()), int(units.max())
    low, high = reach_of_sums(graph.ptr, graph.child, units[graph.row], graph.ok, k)
    return int(low[0, k]), int(high[0, k])


def _starts(job: _Job, tasks: int) -> list[tuple[tuple[int, ...], ...]]:
    """The first commands of all maps (as edges, up to two each), dealt into tasks in a fixed way."""
    ways, k, depth = job.ways, job.k, job.tails.edges.shape[1]
    paths: list[tuple[int, ...]] = [()]
    for level in range(min(2, k - depth)):
        ends = [int(ways.child[p[-1]]) if p else 0 for p in paths]
        paths = [
            (*path, e)
            for path, end in zip(paths, ends, strict=True)
            for e in range(int(ways.ptr[end]), int(ways.ptr[end + 1]))
            if int(ways.ok[ways.child[e]]) >> (k - level - 1) & 1
        ]
    return [tuple(paths[i::tasks]) for i in range(min(tasks, len(paths)))]


def _part(job: _Job, starts: Sequence[tuple[int, ...]]) -> tuple[int, Tally]:
    measures, depth = len(job.columns), job.tails.edges.shape[1]
    tally = _empty_tally(job)
    neutral = np.where(np.arange(measures) < job.sums, 0, -_HUGE)
    visited = 0
    for path in starts:
        total = np.zeros((job.k + 1, measures), dtype=np.int64)
        total[0] = neutral
        for e in path:
            total[0, : job.sums] += job.units[e, : job.sums]
            total[0, job.sums :] = np.maximum(total[0, job.sums :], job.units[e, job.sums :])
        edges = np.zeros(job.k, dtype=np.int64)
        edges[: len(path)] = path
        state = int(job.ways.child[path[-1]]) if path else 0
        start = np.array([state, job.k - depth - len(path), job.sums], dtype=np.int64)
        visited += walk_from(job.ways, job.units, start, total, edges, job.tails, tally)
    return visited, tally


def _empty_tally(job: _Job) -> Tally:
    measures = len(job.columns)
    wide = [max(0, int(r[1] - r[0]).bit_length() - _BIN_BITS) for r in job.reach]
    return Tally(
        bins=np.zeros((measures, (1 << _BIN_BITS) + 1), dtype=np.int64),
        low=job.reach[:, 0].copy(),
        shift=np.array(wide, dtype=np.int64),
        own=job.own,
        below=np.zeros(measures, dtype=np.int64),
        equal=np.zeros(measures, dtype=np.int64),
        ends=np.array([[_HUGE, -_HUGE]] * measures, dtype=np.int64),
        ends_path=np.zeros((measures, 2, job.k), dtype=np.int64),
        sense=job.flip,
        pareto=np.zeros((max(1, job.room), measures), dtype=np.int64),
        pareto_path=np.zeros((max(1, job.room), job.k), dtype=np.int64),
        held=np.array([0 if job.room else -1], dtype=np.int64),
    )


def _merged(graph: MapGraph, job: _Job, parts: Sequence[tuple[int, Tally]], measures: Sequence[str]) -> Walk:
    maps = sum(visited for visited, _ in parts)
    spreads = {c.name: _spread(graph, job, m, parts) for m, c in enumerate(job.columns)}
    shown = tuple(spreads[name] for name in measures)
    if not job.room:
        return Walk(maps, shown, None)
    if any(t.held[0] < 0 for _, t in parts):
        raise MethodError(f"more than {job.room} undominated maps: use the frontier, or fewer measures")
    place = [[c.name for c in job.columns].index(name) for name in measures]
    found = [
        (tuple(int(t.pareto[i, m]) for m in place), _grouping(graph, t.pareto_path[i]))
        for _, t in parts
        for i in range(int(t.held[0]))
    ]
    best: dict[tuple[int, ...], tuple[tuple[str, ...], ...]] = {}
    for units, grouping in sorted(found):
        if not any(all(a <= b for a, b in zip(kept, units, strict=True)) for kept in best):
            best[units] = grouping
    columns = [job.columns[m] for m in place]
    return Walk(maps, shown, tuple((turned_back(columns, u), g) for u, g in sorted(best.items())))


def turned_back(columns: Sequence[Column], units: Sequence[int]) -> tuple[float, ...]:
    """Values of the measures from units turned so that lower is better."""
    return tuple(c.value(u if c.better == "lower" else -u) for c, u in zip(columns, units, strict=True))


def _grouping(graph: MapGraph, path: NDArray[np.int64]) -> tuple[tuple[str, ...], ...]:
    return graph.table.grouping(int(graph.row[e]) for e in path)


def _spread(graph: MapGraph, job: _Job, m: int, parts: Sequence[tuple[int, Tally]]) -> Spread:
    column = job.columns[m]
    sign = int(job.flip[m]) * (1 if column.better == "lower" else -1)
    tally = parts[0][1]
    low, shift = int(tally.low[m]), int(tally.shift[m])
    bins = sum((t.bins[m] for _, t in parts), np.zeros_like(tally.bins[m]))
    shown = []
    for b in np.flatnonzero(bins):
        ends = sorted((sign * (low + (int(b) << shift)), sign * (low + ((int(b) + 1) << shift) - 1)))
        shown.append((column.value(ends[0]), column.value(ends[1]), int(bins[b])))
    side = 0 if job.flip[m] == 1 else 1
    best, path = min(((int(job.flip[m] * t.ends[m, side]), tuple(t.ends_path[m, side])) for _, t in parts), key=_first)
    counts = _against_own(job, m, parts, bins) if int(job.own[m]) != _HUGE else (None, None, None)
    return Spread(
        measure=column.name,
        bins=tuple(sorted(shown)),
        best=turned_back([column], [best])[0],
        best_map=_grouping(graph, np.array(path)),
        better=counts[0],
        equal=counts[1],
        worse=counts[2],
    )


def _first(found: tuple[int, tuple[int, ...]]) -> int:
    return found[0]


def _against_own(
    job: _Job, m: int, parts: Sequence[tuple[int, Tally]], bins: NDArray[np.int64]
) -> tuple[int, int, int]:
    tally = parts[0][1]
    own_bin = (int(job.own[m]) - int(tally.low[m])) >> int(tally.shift[m])
    equal = sum(int(t.equal[m]) for _, t in parts)
    below = sum(int(t.below[m]) for _, t in parts) + int(bins[: max(0, own_bin)].sum())
    above = int(bins.sum()) - below - equal
    return (below, equal, above) if job.flip[m] == 1 else (above, equal, below)
