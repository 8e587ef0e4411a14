"""What holds for every small system: names change nothing, clashing rules are named, a refused window is tight."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.alternatives import partition
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import count, tightest_window
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import (
    CUT_BORDERS,
    SUM_OF_DEVIATIONS,
    WORST_DEVIATION,
    cut_borders,
    sum_of_deviations,
    worst_deviation,
)
from bailiwick.alternatives.network import network
from bailiwick.alternatives.optimum import Cap, Search, optimum
from bailiwick.alternatives.rank import rank
from bailiwick.alternatives.rules import Rules, deviation, within
from bailiwick.alternatives.study import GroupRequest, group_study
from bailiwick.errors import CaseError, MethodError

SMALL = settings(max_examples=15, deadline=None)


def renamed(graph, names):
    """The same graph under other names, given in the order of its own."""
    links = [(names[a], names[b], kind) for (a, b), kind in zip(graph.edges, graph.kinds, strict=True)]
    return network("other", dict(zip(names, graph.weights, strict=True)), links)


def said(graph, k):
    """Everything that can be told of maps of K commands without naming an area."""
    table = worst_deviation(cut_borders(commands(graph, Rules())), k)
    where = map_graph(table, [k])
    front = frontier(where, k, [CUT_BORDERS, WORST_DEVIATION])
    ranks = [rank(where, point.map, CUT_BORDERS) for point in front.points]
    return (len(table), count(table, k), sorted(p.values for p in front.points),
            sorted((r.better, r.equal, r.worse) for r in ranks),
            [optimum(table, k, name).value for name in (CUT_BORDERS, WORST_DEVIATION)], tightest_window(graph, k))


@SMALL
@given(data=st.data())
def test_names_and_their_order_change_nothing(planar, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, min(4, graph.n)))
    names = data.draw(st.permutations([f"z{i}" for i in range(graph.n)]))
    assert said(graph, k) == said(renamed(graph, names), k)


@SMALL
@given(data=st.data())
def test_the_tightest_window_has_a_map_and_anything_narrower_has_none(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, min(4, graph.n)))
    best = tightest_window(graph, k)
    worst = [max(deviation(sum(graph.weights[i] for i in part), graph.total, k) for part in parts)
             for parts in brute_force(graph) if len(parts) == k]
    assert best == min(worst)
    assert group_study(graph, GroupRequest(k, window=best)).maps == worst.count(best)
    if best > 0:
        with pytest.raises(MethodError, match=f"the tightest possible is ±{float(best):.4%}"):
            group_study(graph, GroupRequest(k, window=best * Fraction(999_999, 1_000_000)))


@SMALL
@given(data=st.data())
def test_the_tightest_window_under_rules_is_the_narrowest_that_the_same_rules_allow(planar, data):
    """Against the plain way: every distinct deviation tried in turn."""
    graph = data.draw(planar)
    k = data.draw(st.integers(1, min(3, graph.n)))
    a, b = data.draw(st.lists(st.sampled_from(graph.codes), min_size=2, max_size=2, unique=True))
    rules = Rules(largest=data.draw(st.sampled_from([None, 2, 4])), apart=((a, b),))
    steps = sorted({deviation(w, graph.total, k) for w in range(graph.total + 1)})

    def has(window):
        try:
            return count(commands(graph, within(rules, graph, k, window)), k) > 0
        except CaseError:
            return False

    assert tightest_window(graph, k, rules) == next((w for w in steps if has(w)), None)


@SMALL
@given(data=st.data())
def test_rules_that_clash_name_the_areas(planar, data):
    graph = data.draw(planar)
    a, b, c = data.draw(st.lists(st.sampled_from(graph.codes), min_size=3, max_size=3, unique=True))
    chained = Rules(together=((a, b), (b, c)), apart=((a, c),))
    with pytest.raises(CaseError) as caught:
        commands(graph, chained)
    assert all(name in str(caught.value) for name in (a, b, c))
    with pytest.raises(CaseError, match="together"):
        commands(graph, Rules(together=((a, b, c),), largest=2))


@SMALL
@given(data=st.data())
def test_a_rule_never_adds_a_map_and_keeps_every_map_that_obeys_it(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, min(4, graph.n)))
    a, b = data.draw(st.lists(st.integers(0, graph.n - 1), min_size=2, max_size=2, unique=True))
    maps = [m for m in brute_force(graph) if len(m) == k]
    together = sum(any({a, b} <= set(part) for part in m) for m in maps)
    pair = (graph.codes[a], graph.codes[b])
    assert count(commands(graph, Rules(apart=(pair,))), k) == len(maps) - together
    assert count(commands(graph, Rules(together=(pair,))), k) == together
    assert count(commands(graph, Rules(headquarters=pair)), k) == sum(
        all({a, b} & set(part) for part in m) for m in maps)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_leaving_dear_rows_out_of_the_search_changes_no_answer(planar, brute_force, data):
    """With as few as two rows tried first: the best, the second best and the best under a limit, against every map."""
    graph = data.draw(planar)
    k = data.draw(st.integers(2, min(4, graph.n)))
    table = cut_borders(sum_of_deviations(commands(graph, Rules()), k))
    column, cut = table.column(SUM_OF_DEVIATIONS), table.column(CUT_BORDERS)
    maps = [table.rows_of([[graph.codes[i] for i in part] for part in m]) for m in brute_force(graph) if len(m) == k]
    ordered = sorted(column.combined(rows) for rows in maps)
    limit = data.draw(st.sampled_from(sorted({cut.value(cut.combined(rows)) for rows in maps})))
    under = min(column.combined(rows) for rows in maps if cut.value(cut.combined(rows)) <= limit)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partition, "_FEW", data.draw(st.sampled_from([2, 5, 12])))
        first = optimum(table, k, SUM_OF_DEVIATIONS)
        capped = optimum(table, k, SUM_OF_DEVIATIONS, search=Search(caps=(Cap(CUT_BORDERS, limit),)))
        second = optimum(table, k, SUM_OF_DEVIATIONS, search=Search(without=(table.rows_of(first.map),)))
    assert first.proved and first.value == column.value(ordered[0]) == first.bound
    assert capped.proved and capped.value == column.value(under)
    if len(maps) > 1:
        assert second.proved and second.value == column.value(ordered[1])
    else:
        assert second.status == "no map"
