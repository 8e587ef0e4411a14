"""How many borders must any map cut, where maps can be neither listed nor counted? A bound from eigenvalues.

Write L for the Laplacian of the borders, W for the weights, m_1 >= m_2 >= ... for the weights of the K commands. Their
indicator vectors, scaled, are W-orthonormal, so twice the cut is at least the sum of m_i times the i-th smallest
eigenvalue of L x = lambda W x.  Adding any diagonal to L and taking its sum away again keeps the bound valid and can
raise it: that is sought by subgradient steps.

Donath and Hoffman, "Lower bounds for the partitioning of graphs", IBM Journal of Research and Development 17 (1973).
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from bailiwick.alternatives.ensemble import Ensemble, cut_of, grouping_of
from bailiwick.alternatives.measures import CUT_BORDERS
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.optimum import Proof
from bailiwick.alternatives.recombine import ChainLaw, chain
from bailiwick.alternatives.rules import window_bounds
from bailiwick.errors import MethodError

MOST_AREAS_BOUNDED = 1_500
_STEPS = 8
_BURST = 10
_SLACK = 1e-6

Floats = NDArray[np.float64]


def cut_bound(graph: Network, k: int, window: Fraction, *, steps: int = _STEPS) -> int:
    """The number of borders that every map of K commands within the window cuts at least, joined up or not.

    `MethodError` above 1,500 areas: eigenvalues take time with the cube of the areas.
    """
    if graph.n > MOST_AREAS_BOUNDED:
        raise MethodError(f"{graph.n} areas: the bound on cut borders is worked out for at most {MOST_AREAS_BOUNDED}")
    low, high = window_bounds(graph.total, k, window)
    sizes = _steepest(graph.total, k, low, high)
    weights = np.maximum(np.array(graph.weights, dtype=np.float64), 1e-9 * graph.total)
    laplacian = _laplacian(graph)
    added, best, held = np.zeros(graph.n), 0.0, 0.0
    length = 1.0
    for _ in range(steps):
        value, slope = _bound(laplacian, added, weights, sizes)
        if value > best:
            best, held = value, value
        elif value < held:
            length *= 0.8
        norm = float(np.linalg.norm(slope))
        if norm < _SLACK:
            break
        added = added + length * slope / norm * math.sqrt(graph.n) / 4
    return max(0, math.ceil(best / 2 - _SLACK * max(1.0, best)))


def _steepest(total: int, k: int, low: int, high: int) -> Floats:
    """The weights of K commands, heaviest first, that make the bound least: as uneven as the window lets them be."""
    sizes = np.full(k, float(low))
    left = float(total - k * low)
    for i in range(k):
        more = min(left, float(high - low))
        sizes[i] += more
        left -= more
    return sizes


def _laplacian(graph: Network) -> Floats:
    matrix = np.zeros((graph.n, graph.n))
    for a, b in graph.edges:
        matrix[a, b] -= 1.0
        matrix[b, a] -= 1.0
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix


def _bound(laplacian: Floats, added: Floats, weights: Floats, sizes: Floats) -> tuple[float, Floats]:
    """(twice the bound, the direction in which the diagonal `added` raises it)."""
    root = np.sqrt(weights)
    scaled = (laplacian + np.diag(added)) / root[:, None] / root[None, :]
    values, vectors = eigh(scaled, subset_by_index=[0, len(sizes) - 1])
    shares = (vectors / root[:, None]) ** 2
    return float(sizes @ values) - float(added.sum()), shares @ sizes - 1.0


def least_cut_of_chain(chains: Ensemble, rng: np.random.Generator, *, bursts: int = 200) -> Proof:
    """The map that cuts fewest borders found from the chains' maps by short bursts, with the bound for all maps.

    Bursts as in `assignment.best_of_chain`. The status is `proved` only where bound and map meet.
    """
    graph = chains.network
    bound = cut_bound(graph, chains.k, chains.window)
    low, high = window_bounds(graph.total, chains.k, chains.window)
    law = ChainLaw("new_pair", low, high)
    kept = chains.maps.reshape(-1, graph.n).astype(np.int64)
    a, b = np.array(graph.edges, dtype=np.int64).T
    cuts = (kept[:, a] != kept[:, b]).sum(axis=1)
    best, least = kept[int(np.argmin(cuts))], int(cuts.min())
    for _ in range(bursts):
        burst = chain(graph, best, law, rng, _BURST, _BURST)
        at = int(np.argmin(burst.cut))
        if int(burst.cut[at]) <= least:
            least, best = int(burst.cut[at]), burst.maps[at].astype(np.int64)
    grouping = grouping_of(graph, best.astype(np.int16))
    if cut_of(graph, grouping) != least:
        raise MethodError("internal check failed: the map found does not cut the borders that its chain counted")
    return Proof(CUT_BORDERS, float(least), float(bound), "proved" if least <= bound else "best found", grouping)
