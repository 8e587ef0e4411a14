"""Where does a map stand among maps drawn by a random-redistricting chain, and may that be said at all?

The chain favours compact maps (it draws them by their numbers of spanning trees); counting gives every map the same
weight. Both shares are shown wherever both exist, each named, and a disagreement in kind is said in the same sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.diagnostics import LEAST_CHAINS, Diagnosis, diagnosis
from bailiwick.alternatives.network import Network, require_joined
from bailiwick.alternatives.recombine import Chain, ChainLaw, Variant, chain, first_map
from bailiwick.alternatives.rules import window_bounds
from bailiwick.errors import MethodError

_UNUSUAL = 0.05


@dataclass(frozen=True, slots=True)
class ChainPlan:
    """How the chains are run: how many, how long, which variant, how many maps each keeps, and slots if reversible."""

    chains: int = 4
    steps: int = 20_000
    variant: Variant = "new_pair"
    keep: int = 500
    slots: int = 8


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """Seeded, independent chains of maps of K commands within a window, from different starts.

    `cut` and `deviation` (largest |K p - T|) have shape (chains, steps); `maps` (chains, kept, areas) the parts of
    the areas. `distinct` counts different maps among those kept.
    """

    network: Network
    k: int
    window: Fraction
    plan: ChainPlan
    cut: NDArray[np.int64]
    deviation: NDArray[np.int64]
    maps: NDArray[np.int16]
    diagnoses: tuple[Diagnosis, ...]
    distinct: int
    stayed_share: float
    trees_a_step: float

    @property
    def converged(self) -> bool:
        """Whether every measure passed: without it no share is given."""
        return all(d.passed for d in self.diagnoses)

    def share_at_least_as_compact(self, cut: int) -> float:
        """The share of steps with no more cut borders than `cut`, ties counted; `MethodError` unless converged."""
        self._require()
        return float((self.cut <= cut).mean())

    def share_at_least_as_balanced(self, deviation: int) -> float:
        """The share of steps whose largest |K p - T| is no more than `deviation`; `MethodError` unless converged."""
        self._require()
        return float((self.deviation <= deviation).mean())

    def groupings(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The maps kept, as codes."""
        return tuple(grouping_of(self.network, row) for row in self.maps.reshape(-1, self.network.n))

    def _require(self) -> None:
        if not self.converged:
            told = "; ".join(d.told() for d in self.diagnoses)
            raise MethodError(f"no share is given: the chains have not seen enough ({told}); run more steps")


def ensemble(
    graph: Network,
    k: int,
    window: Fraction,
    rng: np.random.Generator,
    *,
    plan: ChainPlan | None = None,
    executor: Executor | None = None,
) -> Ensemble:
    """Chains of maps of K commands within the window, each with its own generator and start, and their diagnoses.

    The result does not depend on the executor. `MethodError` below four chains or when no start is found, `CaseError`
    for a system in pieces.
    """
    plan = plan or ChainPlan()
    if plan.chains < LEAST_CHAINS:
        raise MethodError(f"at least {LEAST_CHAINS} chains are needed to see whether they agree, not {plan.chains}")
    require_joined(graph)
    low, high = window_bounds(graph.total, k, window)
    law = ChainLaw(plan.variant, low, high, slots=plan.slots)
    jobs = [(graph, k, law, own, plan) for own in rng.spawn(plan.chains)]
    run: list[Chain] = list(map(_one, jobs) if executor is None else executor.map(_one, jobs))
    cut, deviation = np.stack([c.cut for c in run]), np.stack([c.deviation for c in run])
    maps = np.stack([c.maps for c in run])
    steps = plan.chains * plan.steps
    return Ensemble(
        network=graph,
        k=k,
        window=window,
        plan=plan,
        cut=cut,
        deviation=deviation,
        maps=maps,
        diagnoses=(
            diagnosis("cut borders", cut.astype(np.float64)),
            diagnosis("worst deviation", deviation.astype(np.float64)),
        ),
        distinct=_distinct(maps.reshape(-1, graph.n), k),
        stayed_share=sum(c.stayed for c in run) / steps,
        trees_a_step=sum(c.trees for c in run) / steps,
    )


def _one(job: tuple[Network, int, ChainLaw, np.random.Generator, ChainPlan]) -> Chain:
    graph, k, law, rng, plan = job
    return chain(graph, first_map(graph, k, law, rng), law, rng, plan.steps, plan.keep)


def _distinct(maps: NDArray[np.int16], k: int) -> int:
    """The number of different maps among rows of parts, however the parts are numbered."""
    named = np.zeros(maps.shape, dtype=np.int16)
    for part in range(k):
        inside = maps == part
        named[inside] = np.repeat(inside.argmax(axis=1), inside.sum(axis=1))
    return len(np.unique(named, axis=0))


def grouping_of(graph: Network, parts: NDArray[np.int16]) -> tuple[tuple[str, ...], ...]:
    """The map in which area i is in command parts[i], as codes."""
    groups: dict[int, list[str]] = {}
    for code, part in zip(graph.codes, parts, strict=True):
        groups.setdefault(int(part), []).append(code)
    return tuple(sorted(tuple(g) for g in groups.values()))


def cut_of(graph: Network, grouping: Sequence[Sequence[str]]) -> int:
    """The number of borders between different commands of a map."""
    of = {graph.position(code): n for n, command in enumerate(grouping) for code in command}
    return sum(of[a] != of[b] for a, b in graph.edges)


def two_nulls(window: Fraction, maps: int | None, counted: float | None, chained: float | None) -> str:
    """The sentence with both shares of maps at least as compact, saying so when they disagree in kind.

    `maps` and `counted` are None where the maps cannot be counted, `chained` where no chain was run or none converged.
    """
    drawn = "a random-redistricting chain (tree-weighted, favours compact maps) gives "
    if counted is None or maps is None:
        said = (
            f"{drawn}{chained:.1%} at least as compact"
            if chained is not None
            else "neither count nor chain is available"
        )
        return f"the maps within ±{float(window):.0%} are too many to count; {said}"
    first = f"of all {maps:,} maps within ±{float(window):.0%}, {counted:.1%} are at least as compact"
    if chained is None:
        return first
    kinds = _kind(counted), _kind(chained)
    end = "" if kinds[0] == kinds[1] else f"; the two disagree in kind ({kinds[0]} by count, {kinds[1]} by chain)"
    return f"{first}; {drawn}{chained:.1%}{end}"


def _kind(share: float) -> str:
    if share <= _UNUSUAL:
        return "unusually compact"
    return "unusually sprawling" if share >= 1 - _UNUSUAL else "typical"
