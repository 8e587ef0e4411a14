"""How far can the best map be, where maps can be neither listed nor counted? A bound that holds for every map.

    minimise    sum of w_i d_ij x_ij                      (resident-kilometres to the middle j of i's command)
    subject to  sum over j of x_ij = 1, x_ij <= x_jj, sum of x_jj = K,
                L x_jj <= sum over i of w_i x_ij <= U x_jj

Hess and others, "Nonpartisan political redistricting by computer", Operations Research 13 (1965), without whole numbers
and without contiguity: what is left out can only make the true best larger, so the value is a bound for all maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

from bailiwick.alternatives.ensemble import Ensemble, grouping_of
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.optimum import Proof
from bailiwick.alternatives.recombine import ChainLaw, chain
from bailiwick.alternatives.rules import window_bounds
from bailiwick.errors import MethodError

MOST_AREAS_ASSIGNED = 250
MEASURE = "distance to the middle"
_BURST = 10


@dataclass(frozen=True, slots=True)
class Bound:
    """What no map can be below on the distance to the middle, in resident-kilometres; None when time ran out."""

    value: float | None
    areas: int


def distance_bound(graph: Network, k: int, window: Fraction, *, seconds: float = 120.0) -> Bound:
    """The bound on resident-kilometres over all maps of K commands within the window.

    `MethodError` without points, above 250 areas (the programme grows with the square), or when no map can exist.
    """
    if graph.n > MOST_AREAS_ASSIGNED:
        raise MethodError(f"{graph.n} areas: the bound on distance is worked out for at most {MOST_AREAS_ASSIGNED}")
    solver = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("time_limit", float(seconds))):
        solver.setOptionValue(option, value)
    solver.passModel(_programme(graph, k, window))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise MethodError(f"no map of {k} commands exists at ±{float(window):.1%}")
    if status != highspy.HighsModelStatus.kOptimal:
        return Bound(None, graph.n)
    return Bound(float(solver.getInfo().objective_function_value) * (1 - 1e-6), graph.n)


def kilometres_apart(graph: Network) -> NDArray[np.float64]:
    """Straight-line kilometres between the points of all areas: shape (areas, areas)."""
    if graph.points is None:
        raise MethodError(f"{graph.name} has no points: distances need the columns easting and northing")
    at = np.array(graph.points)
    apart: NDArray[np.float64] = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]) / 1000
    return apart


def _programme(graph: Network, k: int, window: Fraction) -> highspy.HighsLp:
    n = graph.n
    weights = np.array(graph.weights, dtype=np.float64)
    low, high = window_bounds(graph.total, k, window)
    i, j = (index.ravel() for index in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    own = j * n + j
    linked = np.flatnonzero(i != j)
    rows = [(i, np.arange(n * n), np.ones(n * n))]
    rows.append((n + np.repeat(np.arange(len(linked)), 2), _paired(linked, own[linked]), _signs(len(linked))))
    base = n + len(linked)
    for bound in (low, high):
        capacity = weights[i] - np.where(i == j, float(bound), 0.0)
        rows.append((base + j, np.arange(n * n), capacity))
        base += n
    rows.append((np.full(n, base), np.arange(n) * (n + 1), np.ones(n)))
    lower = np.concatenate([np.ones(n), np.full(len(linked), -np.inf), np.zeros(n), np.full(n, -np.inf), [k]])
    upper = np.concatenate([np.ones(n), np.zeros(len(linked)), np.full(n, np.inf), np.zeros(n), [k]])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n * n, base + 1
    lp.col_cost_ = (weights[:, None] * kilometres_apart(graph)).ravel()
    lp.col_lower_, lp.col_upper_ = np.zeros(n * n), np.ones(n * n)
    lp.row_lower_, lp.row_upper_ = lower, upper
    at, column, value = (np.concatenate([part[p] for part in rows]) for p in range(3))
    order = np.lexsort((column, at))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.searchsorted(at[order], np.arange(base + 2)).astype(np.int32)
    lp.a_matrix_.index_ = column[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order]
    return lp


def _paired(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.stack([first, second], axis=1).ravel()


def _signs(count: int) -> NDArray[np.float64]:
    return np.tile([1.0, -1.0], count)


def distance_of(graph: Network, grouping: Sequence[Sequence[str]]) -> float:
    """Resident-kilometres of a map: each command's middle is the area from which its sum is least."""
    apart, weights = kilometres_apart(graph), np.array(graph.weights, dtype=np.float64)
    total = 0.0
    for command in grouping:
        members = [graph.position(code) for code in command]
        total += float((weights[members] @ apart[np.ix_(members, members)]).min())
    return total


def best_of_chain(chains: Ensemble, rng: np.random.Generator, *, bursts: int = 400, seconds: float = 120.0) -> Proof:
    """The map of least distance found from the chains' maps by short bursts, with the bound for all maps.

    A burst is a few steps of the chain from the best map so far; the best of them starts the next. Cannon,
    Goldbloom-Helzner, Gupta, Matthews and Suwal, "Voting rights, Markov chains, and optimization by short bursts",
    Methodology and Computing in Applied Probability 25 (2023).
    """
    graph, k = chains.network, chains.k
    bound = distance_bound(graph, k, chains.window, seconds=seconds)
    low, high = window_bounds(graph.total, k, chains.window)
    law = ChainLaw("new_pair", low, high)
    rows = sorted({tuple(int(p) for p in row) for row in chains.maps.reshape(-1, graph.n)})
    value, best = min((distance_of(graph, grouping_of(graph, np.array(r, dtype=np.int16))), r) for r in rows)
    for _ in range(bursts):
        burst = chain(graph, np.array(best, dtype=np.int64), law, rng, _BURST, _BURST)
        tried = [(distance_of(graph, grouping_of(graph, m)), tuple(int(p) for p in m)) for m in burst.maps]
        value, best = min([(value, best), *tried])
    proved = bound.value is not None and value <= bound.value
    grouping = grouping_of(graph, np.array(best, dtype=np.int16))
    return Proof(MEASURE, value, bound.value, "proved" if proved else "best found", grouping)
