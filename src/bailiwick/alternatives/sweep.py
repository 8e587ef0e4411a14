"""How many maps are there when no size cap keeps the list of commands short?

The frontier method: areas are added one at a time, and only what the frontier remembers tells partial maps apart.
Counts come out for every number of commands in one run, by cut borders when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bailiwick.alternatives.kernel_maps import LIMB_BITS
from bailiwick.alternatives.kernel_sweep import LABELS_A_WORD, MOST_OPEN, Bounds, Step, advance
from bailiwick.alternatives.maps import MOST_BYTES, whole_number
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.order import cheapest_order
from bailiwick.alternatives.rules import Rules, check_rules
from bailiwick.errors import MethodError


@dataclass(frozen=True, slots=True)
class Census:
    """The number of maps by number of commands and by cut borders: `cells` are (commands, cut or None, maps)."""

    cells: tuple[tuple[int, int | None, int], ...]
    widest_layer: int

    def count(self, k: int) -> int:
        """The number of maps of K commands."""
        return sum(maps for parts, _, maps in self.cells if parts == k)

    def at_most(self, k: int, cut: int) -> int:
        """The number of maps of K commands that cut no more than so many borders, ties counted."""
        if any(c is None for _, c, _ in self.cells):
            raise MethodError("this census was made without cut borders: ask for them")
        return sum(maps for parts, c, maps in self.cells if parts == k and c is not None and c <= cut)


def census(
    graph: Network,
    rules: Rules | None = None,
    *,
    most: int | None = None,
    by_cut: bool = False,
    most_bytes: int = MOST_BYTES,
) -> Census:
    """Counts of all maps of up to `most` commands (of any number) whose commands keep the rules on size and weight.

    `MethodError` for rules that only a command table can check, and before more than `most_bytes` would be used.
    Method: frontier-based search with forbidden pairs (Kawahara and others, "Frontier-based search for enumerating all
    constrained subgraphs", IEICE Transactions 2017), states merged on the fly.
    """
    rules = rules or Rules()
    if rules.together or rules.apart or rules.headquarters:
        raise MethodError(
            "together, apart and headquarters rules need the command table: list the commands, then count"
        )
    check_rules(graph, rules)
    order = cheapest_order(graph.adjacency())
    steps, widths = _steps(graph, order)
    if max(widths) > MOST_OPEN:
        raise MethodError(f"{max(widths)} areas would be half done at a time, more than {MOST_OPEN}: use the ensemble")
    bounds = _bounds(graph, rules)
    parts = min(most or graph.n, graph.n) + 1
    cuts = len(graph.edges) + 1 if by_cut else 1
    limbs = len(graph.edges) // LIMB_BITS + 1
    words = -(-(max(widths) + 1) // LABELS_A_WORD) + (2 if bounds.tracked else 1) * (max(widths) + 1)
    limit = most_bytes // (8 * (words + parts * cuts * limbs) * 3)
    keys, counts = np.zeros((1, words), dtype=np.int64), np.zeros((1, parts, cuts, limbs), dtype=np.int64)
    counts[0, 0, 0, 0] = 1
    widest = 1
    for done, step in enumerate(steps):
        complete, keys, counts = advance(keys, counts, widths[done], step, bounds, limit)
        if not complete:
            raise MethodError(
                f"{limit:,} partial maps after {done} of {graph.n} areas need more than {most_bytes / 1e9:.1f} GB: "
                "narrow the window, lower the size cap, or use the ensemble"
            )
        widest = max(widest, len(keys))
    cells = []
    for p in range(1, parts):
        for c in range(cuts):
            maps = whole_number(counts[0, p, c]) if len(counts) else 0
            if maps:
                cells.append((p, c if by_cut else None, maps))
    return Census(tuple(cells), widest)


def _bounds(graph: Network, rules: Rules) -> Bounds:
    by_weight = rules.heaviest is not None or rules.lightest > 0
    by_size = rules.largest is not None or rules.smallest > 1
    return Bounds(
        rules.lightest,
        graph.total if rules.heaviest is None else rules.heaviest,
        rules.smallest if by_size else 0,
        rules.largest or graph.n,
        by_weight + 2 * by_size,
    )


def _steps(graph: Network, order: Sequence[int]) -> tuple[list[Step], list[int]]:
    """(steps, number of frontier places before each step)."""
    adj = graph.adjacency()
    frontier: list[int] = []
    done = 0
    steps, widths = [], []
    for v in order:
        widths.append(len(frontier))
        neighbours = [i for i, u in enumerate(frontier) if adj[v] >> u & 1]
        done |= 1 << v
        frontier.append(v)
        stays = [1 if adj[u] & ~done else 0 for u in frontier]
        steps.append(Step(np.array(neighbours, dtype=np.int64), np.array(stays, dtype=np.int64), graph.weights[v]))
        frontier = [u for u, stay in zip(frontier, stays, strict=True) if stay]
    return steps, widths
