"""How many maps are there, and what does a fair draw look like?

Nothing here is estimated: counts are whole numbers of any size, and every map is drawn with the same chance. It holds
for the commands in the table, that is under the rules it was made with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.blocks import CommandTable, commands
from bailiwick.alternatives.maps import MOST_BYTES, MapGraph, map_graph, ways_to_finish, whole_number
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.rules import Rules, deviation, within
from bailiwick.errors import CaseError, MethodError

Fits = Callable[[Rules, Fraction], bool]
"""Whether any map keeps some rules within a window."""

_SMALL = 2


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


def sample(graph: MapGraph, k: int, rng: np.random.Generator, size: int) -> tuple[tuple[int, ...], ...]:
    """`size` maps of K commands as table rows, every map with the same chance, independent, with replacement.

    From each state the next command is chosen with probability (ways to finish after it) / (ways to finish), in whole
    numbers throughout. `MethodError` when there is no map.
    """
    if not graph.has(k):
        raise MethodError(f"no map of {k} commands exists under these rules ({graph.table.rules.told()})")
    ways = ways_to_finish(graph)
    known: dict[tuple[int, int], int] = {}
    return tuple(_one_draw(graph, ways, known, k, rng) for _ in range(size))


def _one_draw(
    graph: MapGraph, ways: NDArray[np.int64], known: dict[tuple[int, int], int], k: int, rng: np.random.Generator
) -> tuple[int, ...]:
    state, rows = 0, []
    for left in range(k, 0, -1):
        pick = _below(_ways(ways, known, state, left), rng)
        for e in range(int(graph.ptr[state]), int(graph.ptr[state + 1])):
            here = _ways(ways, known, int(graph.child[e]), left - 1)
            if pick < here:
                rows.append(int(graph.row[e]))
                state = int(graph.child[e])
                break
            pick -= here
    return tuple(sorted(rows))


def _ways(ways: NDArray[np.int64], known: dict[tuple[int, int], int], state: int, left: int) -> int:
    found = known.get((state, left))
    if found is None:
        found = known[state, left] = whole_number(ways[state, left])
    return found


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


def tightest_window(
    graph: Network, k: int, rules: Rules | None = None, *, most_bytes: int = MOST_BYTES
) -> Fraction | None:
    """The smallest window in which a map of K commands exists, or None when there is none at any window.

    Halving over the distinct deviations of all commands, one look for a map at each step. Small commands are tried
    first: what they reach bounds the search, and ends it where no window can be narrower than the heaviest area.
    """
    check_k(graph, k)
    rules = rules or Rules()
    heaviest = max(graph.weights)
    floor = deviation(heaviest, graph.total, k) if k * heaviest > graph.total else Fraction(0)
    fits = partial(_feasible, graph, k, most_bytes)
    known = _tightest_of_small(graph, k, rules, floor, fits)
    if known is not None and known <= floor:
        return known
    return _tightest(graph, k, rules, (floor, known), fits)


def _tightest_of_small(graph: Network, k: int, rules: Rules, floor: Fraction, fits: Fits) -> Fraction | None:
    """The same with few areas a command: no narrower than the answer; None where that is not found out this way."""
    few = -(-graph.n // k) + _SMALL
    if rules.largest is not None and rules.largest <= few:
        return None
    try:
        return _tightest(graph, k, replace(rules, largest=few), (floor, None), fits)
    except MethodError:
        return None


def _tightest(
    graph: Network, k: int, rules: Rules, ends: tuple[Fraction, Fraction | None], fits: Fits
) -> Fraction | None:
    """The smallest window that has a map, at least the first of `ends`; the second, if any, is one that has."""
    floor, known = ends
    wide = max(Fraction(1, 20), floor) if known is None else known
    while known is None and not fits(rules, wide):
        if wide > k + 1:
            return None
        wide *= 2
    try:
        table = commands(graph, within(rules, graph, k, wide))
    except CaseError:
        return known
    found = {deviation(int(w), graph.total, k) for w in np.unique(table.weights)}
    steps = sorted(d for d in found if d >= floor)
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if fits(rules, steps[middle]):
            high = middle
        else:
            low = middle + 1
    return steps[low]


def _feasible(graph: Network, k: int, most_bytes: int, rules: Rules, window: Fraction) -> bool:
    try:
        table = commands(graph, within(rules, graph, k, window))
    except CaseError:
        return False
    return map_graph(table, [k], most_bytes=most_bytes).has(k)


def why_none(graph: Network, k: int, rules: Rules, window: Fraction | None) -> str:
    """The sentence that says no map exists, with the tightest window in which one does."""
    asked = "" if window is None else f" at ±{float(window):.1%}"
    best = tightest_window(graph, k, rules)
    if best is None:
        return f"no map of {k} commands exists under these rules, whatever the window"
    return f"no map of {k} commands exists{asked}; the tightest possible is ±{float(best):.4%}"
