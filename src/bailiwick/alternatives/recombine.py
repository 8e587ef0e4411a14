"""What does a random-redistricting chain see of the maps, where they cannot be counted and beside the count?

Variants and the law each samples, for uniform spanning trees and parts of equal weight (tau: number of spanning trees):
  new_pair      random cut border, another pair when a tree fails: prod tau times a sum over pairs; favours compact maps
  same_pair     random cut border, another tree in the same pair: cut * prod tau
  uniform_pair  uniform touching pair, another tree in the same pair: no closed form
  reversible    fixed pair slots, accepted with 1 / (slots * borders between the new parts): prod tau
DeFord, Duchin and Solomon, "Recombination", Harvard Data Science Review 2021; Cannon, Duchin, Randall and Rule,
"Spanning tree methods for sampling graph partitions", arXiv 2210.01401.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.kernel_recombine import Desk, Law, Town, Trace, carve, run_chain
from bailiwick.alternatives.network import Network
from bailiwick.errors import MethodError

Variant = Literal["new_pair", "same_pair", "uniform_pair", "reversible"]
VARIANTS: tuple[Variant, ...] = ("new_pair", "same_pair", "uniform_pair", "reversible")


@dataclass(frozen=True, slots=True)
class ChainLaw:
    """Which chain: its variant, the weights a command may have (ends included), balanced borders a tree may have."""

    variant: Variant
    low: int
    high: int
    slots: int = 1
    tries: int = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """One chain: cut borders and largest |K p - T| after each step (int64), maps kept (int16, shape kept x areas).

    `stayed` steps changed nothing; `trees` were drawn in all.
    """

    cut: NDArray[np.int64]
    deviation: NDArray[np.int64]
    maps: NDArray[np.int16]
    stayed: int
    trees: int


def chain(
    graph: Network, start: NDArray[np.int64], law: ChainLaw, rng: np.random.Generator, steps: int, keep: int = 0
) -> Chain:
    """One chain of `steps` steps from a map (part of each area, 0..K-1), of which `keep` maps are kept, evenly spaced.

    `MethodError` when a step gives up after `law.tries` trees, or when the reversible chain met a tree with more
    balanced borders than it has slots for, which would break its law.
    """
    town = _town(graph)
    part = np.array(start, dtype=np.int64)
    k = int(part.max()) + 1
    load = np.bincount(part, weights=town.weight, minlength=k).astype(np.int64)
    if load.min() < law.low or load.max() > law.high:
        raise MethodError("the chain must start from a map whose commands keep the weights asked for")
    trace = Trace(
        cut=np.zeros(steps, dtype=np.int64),
        deviation=np.zeros(steps, dtype=np.int64),
        maps=np.zeros((min(keep, steps), graph.n), dtype=np.int16),
        tally=np.zeros(3, dtype=np.int64),
    )
    done = run_chain(town, part, load, _law(law), rng, _desk(graph), trace)
    if done < steps:
        raise MethodError(
            f"the chain gave up at step {int(done):,}: {law.tries:,} trees had no border to cut within the window; "
            "widen it, or count the maps first"
        )
    if trace.tally[2]:
        raise MethodError(
            f"{int(trace.tally[2]):,} trees had more than {law.slots} balanced borders: give the chain more slots"
        )
    return Chain(trace.cut, trace.deviation, trace.maps, int(trace.tally[0]), int(trace.tally[1]))


def first_map(graph: Network, k: int, law: ChainLaw, rng: np.random.Generator, restarts: int = 50) -> NDArray[np.int64]:
    """A map of K commands within the window, cut one by one from random trees; `MethodError` when none is found.

    That none is found does not show that there is none: at borough size count the maps.
    """
    town, desk = _town(graph), _desk(graph)
    few = Law(0, law.low, law.high, 1, 200)
    for _ in range(restarts):
        part = np.zeros(graph.n, dtype=np.int64)
        if carve(town, part, few, k, rng, desk):
            return part
    raise MethodError(f"no map of {k} commands found in {restarts} tries: the window may be too narrow; count the maps")


def _law(law: ChainLaw) -> Law:
    return Law(VARIANTS.index(law.variant), law.low, law.high, law.slots, law.tries)


def _town(graph: Network) -> Town:
    a = np.array([e[0] for e in graph.edges], dtype=np.int64)
    b = np.array([e[1] for e in graph.edges], dtype=np.int64)
    near, far = np.concatenate([a, b]), np.concatenate([b, a])
    at = np.lexsort((far, near))
    ptr = np.searchsorted(near[at], np.arange(graph.n + 1)).astype(np.int64)
    return Town(ptr, far[at], a, b, np.array(graph.weights, dtype=np.int64))


def _desk(graph: Network) -> Desk:
    def room(size: int) -> NDArray[np.int64]:
        return np.zeros(size, dtype=np.int64)

    n = graph.n
    return Desk(
        nodes=room(n),
        inside=room(n),
        local=room(2 * len(graph.edges)),
        degree=room(n),
        in_tree=room(n),
        parent=room(n),
        order=room(n),
        below=room(n),
        choices=room(2 * n + 2),
        clock=room(2),
    )
