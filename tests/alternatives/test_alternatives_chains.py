"""The chains against the exact law of each variant on a town small enough to know it, and their diagnoses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest

from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.diagnostics import Diagnosis, diagnosis, effective_size, r_hat
from bailiwick.alternatives.ensemble import ChainPlan, cut_of, ensemble, grouping_of, two_nulls
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.network import network
from bailiwick.alternatives.recombine import VARIANTS, ChainLaw, chain, first_map
from bailiwick.alternatives.rules import Rules, window_bounds
from bailiwick.errors import CaseError, MethodError

# share of maps by cut borders on the 4x4 town into four equal parts, from the weights of all 117 maps
KNOWN = {
    "uniform": {8: 0.008547, 10: 0.119658, 11: 0.205128, 12: 0.666667},
    "reversible": {8: 0.391437, 10: 0.342508, 11: 0.146789, 12: 0.119266},
    "same_pair": {8: 0.326115, 10: 0.356688, 11: 0.168153, 12: 0.149045},
    "new_pair": {8: 0.335550},
    "uniform_pair": {8: 0.168262},
}


@pytest.fixture(scope="module")
def town(grid):
    """The 4x4 town, all its 117 maps as frozensets of frozensets, numbers of spanning trees, borders between parts."""
    graph = grid(4)
    g = nx.Graph(list(graph.edges))
    table = commands(graph, Rules(smallest=4, largest=4))
    where = map_graph(table, [4])
    found = set()

    def follow(state, rows):
        if state == where.states - 1:
            found.add(frozenset(frozenset(graph.position(c) for c in table.members(r)) for r in rows))
        for e in range(int(where.ptr[state]), int(where.ptr[state + 1])):
            follow(int(where.child[e]), (*rows, int(where.row[e])))

    follow(0, ())
    trees: dict[frozenset[int], float] = {}

    def tau(part):
        if part not in trees:
            laplacian = nx.laplacian_matrix(g.subgraph(sorted(part))).toarray().astype(float)
            trees[part] = round(np.linalg.det(laplacian[1:, 1:]))
        return trees[part]

    def between(a, b):
        return sum((u in a and v in b) or (u in b and v in a) for u, v in g.edges)

    maps = sorted(found, key=lambda m: sorted(sorted(p) for p in m))
    return graph, maps, tau, between


def splits(town, m, a, b):
    """(place, chance that a uniform tree of both parts gives it, borders between the new parts) of every new map."""
    _, maps, tau, between = town
    rest = m - {a, b}
    for place, other in enumerate(maps):
        if rest < other:
            c, d = sorted(other - rest, key=sorted)
            yield place, tau(c) * tau(d) * between(c, d) / tau(a | b), between(c, d)


def exact_law(town, variant):
    """The stationary law over the 117 maps, and the transition matrix written out."""
    _, maps, _, between = town
    move = np.zeros((len(maps), len(maps)))
    for i, m in enumerate(maps):
        parts = sorted(m, key=sorted)
        pairs = [(a, b) for n, a in enumerate(parts) for b in parts[n + 1 :] if between(a, b)]
        cut = sum(between(a, b) for a, b in pairs)
        for a, b in pairs:
            ways = list(splits(town, m, a, b))
            whole = sum(w for _, w, _ in ways)
            for j, w, e in ways:
                move[i, j] += {
                    "same_pair": between(a, b) / cut * w / whole,
                    "uniform_pair": w / whole / len(pairs),
                    "new_pair": between(a, b) / cut * w,
                    "reversible": w / e / 6,
                }[variant]
        if variant == "new_pair":
            move[i] /= move[i].sum()
        elif variant == "reversible":
            move[i, i] += 1 - move[i].sum()
    far = move
    for _ in range(16):
        far = far @ far
    return far.mean(axis=0), move


def cuts(town):
    _graph, maps, _, between = town
    return np.array([sum(between(a, b) for a in m for b in m if sorted(a) < sorted(b)) for m in maps])


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_samples_its_own_law(town, variant):
    graph, maps, tau, _ = town
    (law, move), cut = exact_law(town, variant), cuts(town)
    for borders, share in KNOWN[variant].items():
        assert law[cut == borders].sum() == pytest.approx(share, abs=1e-6)
    start = np.repeat(np.arange(4), 4)
    rng = np.random.default_rng(117)
    drawn = np.stack([chain(graph, start, ChainLaw(variant, 4, 4), own, 100_000).cut for own in rng.spawn(4)])
    for borders in (8, 10, 11, 12):
        share = float(law[cut == borders].sum())
        hit = (drawn == borders).astype(float)
        error = np.sqrt(share * (1 - share) / effective_size(hit))
        assert abs(hit.mean() - share) < 4 * error
        assert error < 0.01
    if variant == "reversible":
        weights = np.array([np.prod([tau(p) for p in m]) for m in maps])
        assert weights.sum() == 654
        assert (weights / 654) @ move == pytest.approx(weights / 654, abs=1e-14)
    if variant == "same_pair":
        weights = np.array([np.prod([tau(p) for p in m]) for m in maps]) * cut
        assert weights.sum() == 6280
        assert (weights / 6280) @ move == pytest.approx(weights / 6280, abs=1e-14)


def test_counting_and_the_chain_disagree_on_the_same_map(town):
    cut = cuts(town)
    for borders, share in KNOWN["uniform"].items():
        assert (cut == borders).mean() == pytest.approx(share, abs=5e-7)
    said = two_nulls(Fraction(0), 117, 1 / 117, 0.391)
    assert "of all 117 maps within ±0%, 0.9% are at least as compact" in said
    assert "gives 39.1%" in said and "disagree in kind (unusually compact by count, typical by chain)" in said
    assert "disagree" not in two_nulls(Fraction(1, 5), 117, 0.4, 0.5)
    assert "too many to count" in two_nulls(Fraction(1, 5), None, None, 0.5)
    assert two_nulls(Fraction(1, 5), 10, 0.98, None).endswith("98.0% are at least as compact")


def test_every_map_of_a_chain_is_joined_up_complete_and_within_bounds(grid):
    graph = grid(6, weights=[1 + (i * 7) % 5 for i in range(36)])
    low, high = window_bounds(graph.total, 5, Fraction(1, 5))
    for variant in VARIANTS:
        law = ChainLaw(variant, low, high, slots=12)
        rng = np.random.default_rng(5)
        run = chain(graph, first_map(graph, 5, law, rng), law, rng, 600, keep=200)
        for step, parts in enumerate(run.maps, start=1):
            grouping = grouping_of(graph, parts)
            assert len(grouping) == 5 and sorted(c for g in grouping for c in g) == list(graph.codes)
            weights = [sum(graph.weights[graph.position(c)] for c in g) for g in grouping]
            assert low <= min(weights) and max(weights) <= high
            assert all(graph.is_joined([graph.position(c) for c in g]) for g in grouping)
            assert run.cut[3 * step - 1] == cut_of(graph, grouping)
            assert run.deviation[3 * step - 1] == max(abs(5 * w - graph.total) for w in weights)


def test_chains_agree_and_the_same_seed_gives_the_same_bytes(grid):
    graph, plan = grid(5), ChainPlan(chains=4, steps=6000, keep=100)
    first = ensemble(graph, 5, Fraction(2, 5), np.random.default_rng(7), plan=plan)
    with ThreadPoolExecutor(2) as two:
        again = ensemble(graph, 5, Fraction(2, 5), np.random.default_rng(7), plan=plan, executor=two)
    assert first.cut.tobytes() == again.cut.tobytes() and first.maps.tobytes() == again.maps.tobytes()
    assert first.converged, [d.told() for d in first.diagnoses]
    assert first.share_at_least_as_compact(40) == 1.0
    assert 0 < first.share_at_least_as_compact(int(np.median(first.cut))) < 1
    assert 0 < first.share_at_least_as_balanced(int(np.median(first.deviation))) <= 1
    assert first.distinct > 300 and len(first.groupings()) == 400
    assert first.trees_a_step >= 1.0 and first.stayed_share == 0.0


def test_no_share_is_given_before_the_chains_agree(grid):
    short = ensemble(grid(6), 6, Fraction(1, 2), np.random.default_rng(1), plan=ChainPlan(steps=40, keep=4))
    assert not short.converged
    with pytest.raises(MethodError, match="not seen enough"):
        short.share_at_least_as_compact(30)
    with pytest.raises(MethodError, match="at least 4 chains"):
        ensemble(grid(3), 3, Fraction(1), np.random.default_rng(1), plan=ChainPlan(chains=2))


def test_what_a_chain_refuses(grid):
    graph = grid(4)
    with pytest.raises(MethodError, match="keep the weights"):
        chain(graph, np.repeat([0, 0, 0, 1], 4), ChainLaw("new_pair", 7, 9), np.random.default_rng(1), 5)
    with pytest.raises(MethodError, match="more slots"):
        chain(graph, np.repeat([0, 0, 1, 1], 4), ChainLaw("reversible", 1, 15), np.random.default_rng(1), 200)
    with pytest.raises(MethodError, match="gave up at step 1: 1 trees"):
        chain(grid(4), np.repeat([0, 1, 2, 3], 4), ChainLaw("same_pair", 4, 4, tries=1), np.random.default_rng(3), 50)
    with pytest.raises(MethodError, match="no map of 5 commands found"):
        first_map(graph, 5, ChainLaw("new_pair", 4, 4), np.random.default_rng(1), restarts=3)
    halves = network("halves", {"a": 1, "b": 1, "c": 1, "d": 1}, [("a", "b", "land"), ("c", "d", "land")])
    with pytest.raises(CaseError, match=r"2 separate pieces|contiguity"):
        ensemble(halves, 2, Fraction(1), np.random.default_rng(1))


def test_r_hat_and_effective_size_on_chains_whose_answer_is_known():
    rng = np.random.default_rng(11)
    free = rng.normal(size=(4, 2000))
    assert r_hat(free) < 1.005
    assert effective_size(free) == pytest.approx(8000, rel=0.1)
    slow = np.zeros((4, 20_000))
    noise = rng.normal(size=slow.shape)
    for t in range(1, slow.shape[1]):
        slow[:, t] = 0.9 * slow[:, t - 1] + noise[:, t]
    # an AR(1) chain with coefficient r has effective size n (1 - r) / (1 + r)
    assert effective_size(slow) == pytest.approx(80_000 * 0.1 / 1.9, rel=0.15)
    apart = free + np.array([[0.0], [0.0], [0.0], [2.0]])
    assert r_hat(apart) > 1.1 and not diagnosis("x", apart).passed
    wide = free * np.array([[1.0], [1.0], [1.0], [5.0]])
    assert r_hat(wide) > 1.05, "the folded part sees a chain that is too wide"
    assert diagnosis("x", free).passed
    assert not Diagnosis("x", 3, 1.0, 1000.0, 1000.0).passed
    assert r_hat(np.ones((4, 50))) == 1.0 and effective_size(np.ones((4, 50))) == 200
    stuck = np.repeat([[0.0], [1.0], [0.0], [1.0]], 50, axis=1)
    assert r_hat(stuck) == float("inf") and effective_size(stuck) < 10
    with pytest.raises(MethodError, match="at least four steps"):
        diagnosis("x", np.ones((4, 3)))
