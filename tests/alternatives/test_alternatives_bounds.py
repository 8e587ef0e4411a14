"""Beyond exact counting: a bound that no map passes, a map close to it, and the 43 forces of England and Wales."""

from __future__ import annotations

import csv
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.alternatives.assignment import best_of_chain, distance_bound, distance_of
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import count
from bailiwick.alternatives.ensemble import ChainPlan, ensemble
from bailiwick.alternatives.measures import CUT_BORDERS, DISTANCE, plain_measures
from bailiwick.alternatives.network import network
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.rules import Rules, within
from bailiwick.alternatives.sweep import census
from bailiwick.errors import MethodError


def placed(graph):
    """The town with a point a kilometre apart in each square, weights in hundreds."""
    points = tuple((1000.0 * int(c[3:]), 1000.0 * int(c[1])) for c in graph.codes)
    return replace(graph, points=points, weights=tuple(100 * w for w in graph.weights))


@given(st.lists(st.integers(1, 4), min_size=9, max_size=9))
@settings(max_examples=8)
def test_no_map_is_below_the_bound(grid, weights):
    graph = placed(grid(3, weights=weights))
    window = Fraction(3, 5)
    if any(w > within(Rules(), graph, 3, window).heaviest for w in graph.weights):
        return
    best = optimum(plain_measures(commands(graph, within(Rules(), graph, 3, window)), 3), 3, DISTANCE)
    if not best.proved:
        return
    # the table holds whole resident-kilometres: three commands may be half of one off each
    assert distance_of(graph, best.map) == pytest.approx(best.value, abs=1.5)
    assert distance_bound(graph, 3, window).value <= distance_of(graph, best.map) + 1e-9


def test_a_chain_and_short_bursts_come_within_a_few_percent_of_the_bound(grid):
    graph = placed(grid(8, weights=[1 + (7 * i) % 4 for i in range(64)]))
    chains = ensemble(graph, 6, Fraction(1, 5), np.random.default_rng(3), plan=ChainPlan(steps=2000, keep=100))
    found = best_of_chain(chains, np.random.default_rng(4), bursts=100)
    assert found.status == "best found" and found.gap is not None and found.bound is not None
    assert 0 <= found.gap / found.bound < 0.05
    assert found.told().startswith("best found, gap ")
    assert best_of_chain(chains, np.random.default_rng(4), bursts=100) == found


def test_what_the_bound_refuses(grid):
    with pytest.raises(MethodError, match="easting and northing"):
        distance_bound(grid(3), 3, Fraction(1))
    with pytest.raises(MethodError, match="at most 250"):
        distance_bound(grid(16), 3, Fraction(1))
    with pytest.raises(MethodError, match=r"no map of 10 commands exists at ±100\.0%"):
        distance_bound(placed(grid(3)), 10, Fraction(1))


def test_the_43_forces_are_counted_and_their_best_map_proved(shared_data):
    folder = shared_data / "ew"
    with (folder / "police_force_areas.csv").open() as file:
        people = {r["pfa"]: int(r["pop2011"]) for r in csv.DictReader(file)}
    with (folder / "police_force_adjacency.csv").open() as file:
        links = [(r["pfa_a"], r["pfa_b"], "land") for r in csv.DictReader(file)]
    graph = network("forces", people, links)
    assert graph.n == 43 and len(graph.pieces()) == 1
    everything = census(graph)
    assert everything.count(43) == 1 and everything.count(42) == len(graph.edges)
    table = commands(graph, Rules(largest=3))
    assert count(table, 20) == census(graph, Rules(largest=3), most=20).count(20)
    proof = optimum(plain_measures(table, 20), 20, CUT_BORDERS)
    assert proof.proved and len(proof.map) == 20
