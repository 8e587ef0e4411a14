"""London's 32 boroughs into 12 commands, by two counting methods, an outside engine, the walk and the solver."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.choose import nearest_better
from bailiwick.alternatives.count import count, counts, sample, tightest_window
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.local import local_maps
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import (
    CUT_BORDERS,
    DISTANCE,
    RESIDENTS_WHO_CHANGE,
    SUM_OF_DEVIATIONS,
    WORST_DEVIATION,
    plain_measures,
)
from bailiwick.alternatives.optimum import optimum, validated
from bailiwick.alternatives.order import cheapest_order, order_cost
from bailiwick.alternatives.rank import histogram, rank
from bailiwick.alternatives.rules import Rules, deviation, within
from bailiwick.alternatives.sweep import census
from bailiwick.alternatives.walk import WalkOptions, walk

FOUR = ("E09000021", "E09000024", "E09000027", "E09000032")


@pytest.fixture(scope="module", params=[False, True], ids=["land", "crossings"])
def graph(request, london):
    return london(request.param)


def universe(graph):
    """Graphillion's set of all subgraphs, edges in the order of our areas."""
    from graphillion import GraphSet

    place = {v: n for n, v in enumerate(cheapest_order(graph.adjacency()))}
    edges = sorted(tuple(sorted((place[a], place[b]))) for a, b in graph.edges)
    GraphSet.set_universe(edges, traversal="as-is")
    return GraphSet, place


def test_the_two_methods_and_graphillion_count_the_same_maps(graph):
    assert len(graph.edges) == (71 if "crossing" in graph.kinds else 63)
    swept = census(graph, most=12)
    sets, place = universe(graph)
    assert swept.count(12) == sets.partitions(num_comp_lb=12, num_comp_ub=12).len()
    rules = within(Rules(), graph, 12, Fraction(1, 4))
    ours = count(commands(graph, rules), 12)
    assert ours == census(graph, rules, most=12).count(12)
    weights = {place[i]: w for i, w in enumerate(graph.weights)}
    theirs = sets.balanced_partitions(
        weight_list=weights, lower=rules.lightest, upper=rules.heaviest, num_comps=12
    ).len()
    assert ours == theirs
    assert count(commands(graph, Rules(largest=5)), 12) == census(graph, Rules(largest=5), most=12).count(12)


def test_a_good_order_of_areas_is_far_cheaper_and_changes_nothing(graph):
    adj = graph.adjacency()
    assert order_cost(adj, cheapest_order(adj)) * 4 < order_cost(adj, range(graph.n))
    everything = census(graph)
    assert everything.count(1) == 1 and everything.count(32) == 1 and everything.count(31) == len(graph.edges)


def test_walk_ranks_solver_and_frontier_agree_within_a_window(graph):
    table = plain_measures(commands(graph, within(Rules(), graph, 12, Fraction(1, 5))), 12)
    where = map_graph(table, [12])
    maps = counts(where)[12]
    own = table.grouping(sample(where, 12, np.random.default_rng(3), 1)[0])
    names = (CUT_BORDERS, WORST_DEVIATION, SUM_OF_DEVIATIONS, DISTANCE)
    went = walk(where, 12, names, options=WalkOptions(own=own, efficient=2000))
    assert went.maps == maps
    for spread in went.spreads:
        proof = optimum(table, 12, spread.measure)
        assert proof.proved and proof.value == spread.best
        assert validated(table, 12, table.rows_of(proof.map)) == proof.map
        found = rank(where, own, spread.measure)
        assert (found.better, found.equal, found.worse) == (spread.better, spread.equal, spread.worse)
    assert sum(histogram(where, table.column(CUT_BORDERS), 12).values()) == maps
    two = frontier(where, 12, names[:2])
    pairs = walk(where, 12, names[:2], options=WalkOptions(efficient=500)).efficient
    assert [p.values for p in two.points] == [v for v, _ in pairs]
    assert [p.values for p in frontier(where, 12, names).points] == [v for v, _ in went.efficient]


def test_a_proposal_is_inside_its_own_window(graph, bcus_of_2018):
    worst = max(
        deviation(sum(graph.weights[graph.position(c)] for c in command), graph.total, 12) for command in bcus_of_2018
    )
    table = plain_measures(commands(graph, within(Rules(), graph, 12, worst)), 12)
    where = map_graph(table, [12])
    found = rank(where, bcus_of_2018, WORST_DEVIATION)
    assert found.worse == 0 and found.equal >= 1 and found.total == counts(where)[12]
    cut = rank(where, bcus_of_2018, CUT_BORDERS)
    assert cut.better + cut.equal + cut.worse == found.total and cut.equal >= 1
    better = nearest_better(table, bcus_of_2018, {CUT_BORDERS: 1.0, WORST_DEVIATION: 0.01})
    assert better.proof.proved and better.proof.measure == RESIDENTS_WHO_CHANGE and (better.proof.value or 0) > 0
    told = {n: (own, theirs) for n, own, theirs in better.values}
    assert all(theirs <= own for own, theirs in told.values())
    assert any(theirs < own for own, theirs in told.values())


def test_the_tightest_window_has_a_map_and_nothing_tighter_does(graph):
    tight = tightest_window(graph, 12)
    assert tight is not None
    assert count(commands(graph, within(Rules(), graph, 12, tight)), 12) > 0
    just_below = tight - Fraction(1, graph.total)
    assert count(commands(graph, within(Rules(), graph, 12, just_below)), 12) == 0


def test_the_four_boroughs_of_the_south_west_hang_on_one_border(graph):
    found = local_maps(graph, FOUR)
    whole = found[0]
    assert whole.commands == (FOUR,) and whole.kind == "among themselves"
    names = {m.moved: graph.names[graph.position(m.moved)] for m in found if m.moved}
    assert {"Sutton", "Hounslow", "Lambeth", "Croydon"} <= {names[m.moved] for m in found if m.kind == "one joins"}
    assert all(len(m.commands) == 2 for m in found if m.kind == "one leaves")
    partitions = [m for m in found if m.kind == "among themselves"]
    assert len({m.commands for m in partitions}) == len(partitions)
    from bailiwick.alternatives.network import Network  # the same four, as a graph of their own

    alone: Network = graph.restricted(FOUR)
    assert len(partitions) == sum(census(alone).count(k) for k in range(1, 5))
