"""Lists, counts, ranks, draws, walks, optima and frontiers against every map found the slow way."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.alternatives.blocks import commands, containing, measured
from bailiwick.alternatives.count import count, counts, sample, tightest_window
from bailiwick.alternatives.frontier import beaten_by, frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import CUT_BORDERS, WORST_DEVIATION, cut_borders, plain_measures
from bailiwick.alternatives.network import network
from bailiwick.alternatives.optimum import Cap, Search, optimum
from bailiwick.alternatives.rank import command_rank, histogram, rank
from bailiwick.alternatives.rules import Rules, deviation, within
from bailiwick.alternatives.sweep import census
from bailiwick.alternatives.walk import WalkOptions, walk
from bailiwick.errors import MethodError

MEASURES = (CUT_BORDERS, WORST_DEVIATION, "noise", "pride", "least")


def judged(table, k, seed=3):
    """The table with a sum, a worst-of, a sum where higher is better, a least-of where higher is better."""
    rng = np.random.default_rng(seed)
    by_mask = {int(m): rng.integers(0, 20) for m in sorted(int(m) for m in table.masks)}
    noise = np.array([by_mask[int(m)] for m in table.masks], dtype=float)
    table = plain_measures(table, k)
    table = measured(table, "noise", noise)
    table = measured(table, "pride", (noise * 7) % 13 - 4, better="higher")
    return measured(table, "least", (noise * 5) % 11, combine="min", better="higher")


def as_codes(graph, parts):
    return tuple(sorted(tuple(graph.codes[i] for i in p) for p in parts))


def value(table, grouping, name):
    column = table.column(name)
    return column.value(column.combined(table.rows_of(grouping)))


def cut(graph, parts):
    of = {i: n for n, p in enumerate(parts) for i in p}
    return sum(of[a] != of[b] for a, b in graph.edges)


@given(st.data())
@settings(max_examples=25)
def test_everything_agrees_with_every_map_found_the_slow_way(planar, brute_force, data):
    graph = data.draw(planar)
    maps = brute_force(graph)
    table = commands(graph, Rules())
    assert counts(map_graph(table)) == {k: sum(len(m) == k for m in maps) for k in range(1, graph.n + 1)}
    assert sorted(table.members(r) for r in range(len(table))) == sorted({c for m in maps for c in as_codes(graph, m)})
    k = data.draw(st.integers(1, graph.n))
    ours = [m for m in maps if len(m) == k]
    swept = census(graph, by_cut=True)
    assert swept.at_most(k, len(graph.edges)) == len(ours)
    assert swept.at_most(k, 4) == sum(cut(graph, m) <= 4 for m in ours)
    table = judged(table, k)
    where = map_graph(table, [k])
    groupings = [as_codes(graph, m) for m in ours]
    own = data.draw(st.sampled_from(groupings))
    went = walk(where, k, MEASURES, options=WalkOptions(own=own))
    assert went.maps == len(ours)
    for spread in went.spreads:
        column = table.column(spread.measure)
        values = [value(table, g, spread.measure) for g in groupings]
        best = min(values) if column.better == "lower" else max(values)
        mine = value(table, own, spread.measure)
        better = sum(v < mine if column.better == "lower" else v > mine for v in values)
        assert optimum(table, k, spread.measure).value == best
        assert spread.best == best == value(table, spread.best_map, spread.measure)
        found = rank(where, own, spread.measure)
        assert (found.better, found.equal, found.total) == (better, values.count(mine), len(values))
        assert (spread.better, spread.equal, spread.worse) == (found.better, found.equal, found.worse)
        assert histogram(where, column, k) == {v: values.count(v) for v in sorted(set(values))}
        assert sum(b[2] for b in spread.bins) == len(values)


@given(st.data())
@settings(max_examples=25)
def test_the_frontier_is_the_set_no_map_beats(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, graph.n))
    table = judged(commands(graph, Rules()), k)
    names = data.draw(
        st.sampled_from([(CUT_BORDERS, WORST_DEVIATION), ("noise", "pride"), (CUT_BORDERS, "pride", "noise")])
    )
    groupings = [as_codes(graph, m) for m in brute_force(graph) if len(m) == k]
    signs = [1 if table.column(n).better == "lower" else -1 for n in names]
    vectors = {tuple(s * value(table, g, n) for s, n in zip(signs, names, strict=True)) for g in groupings}
    best = sorted(
        v for v in vectors if not any(w != v and all(a <= b for a, b in zip(w, v, strict=True)) for w in vectors)
    )
    where = map_graph(table, [k])
    found = frontier(where, k, names)
    assert [tuple(s * x for s, x in zip(signs, p.values, strict=True)) for p in found.points] == best
    for point in found.points:
        assert tuple(value(table, point.map, n) for n in names) == point.values
    walked = walk(where, k, names, options=WalkOptions(efficient=200)).efficient
    assert [v for v, _ in walked] == [p.values for p in found.points]
    some = groupings[0]
    values = tuple(value(table, some, n) for n in names)
    turned = tuple(s * x for s, x in zip(signs, values, strict=True))
    assert (beaten_by(found, values, where) is None) == (turned in best)


@given(st.data())
@settings(max_examples=20)
def test_rules_and_windows_keep_exactly_the_maps_they_should(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, graph.n))
    a, b, c = data.draw(st.permutations(graph.codes).map(lambda p: p[:3]))
    window = data.draw(st.sampled_from([Fraction(1, 2), Fraction(3, 10), Fraction(1)]))
    bare = Rules(together=((a, b),), apart=((a, c),), headquarters=(a, c))
    groupings = [as_codes(graph, m) for m in brute_force(graph) if len(m) == k]
    weight = dict(zip(graph.codes, graph.weights, strict=True))

    def fits(grouping, limit):
        return all(deviation(sum(weight[i] for i in g), graph.total, k) <= limit for g in grouping)

    def obeys(grouping):
        sides = [{a, b} & set(g) for g in grouping]
        return (
            all(len(s) != 1 for s in sides)
            and not any({a, c} <= set(g) for g in grouping)
            and all({a, c} & set(g) for g in grouping)
        )

    expected = sum(fits(g, window) and obeys(g) for g in groupings)
    heavy = any(deviation(w, graph.total, k) > window and w * k > graph.total for w in graph.weights)
    pair = weight[a] + weight[b]
    if not heavy and not (deviation(pair, graph.total, k) > window and pair * k > graph.total):
        rules = within(bare, graph, k, window)
        if rules.largest >= 2:
            assert counts(map_graph(commands(graph, rules), [k]))[k] == expected
    tight = min((max(deviation(sum(weight[i] for i in g), graph.total, k) for g in m) for m in groupings), default=None)
    assert tightest_window(graph, k) == tight
    assert census(graph, Rules(largest=3), most=k).count(k) == sum(all(len(g) <= 3 for g in m) for m in groupings)


@given(st.data())
@settings(max_examples=20)
def test_the_order_of_input_and_the_names_change_nothing(planar, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(2, graph.n))
    links = [(graph.codes[a], graph.codes[b], "land") for a, b in graph.edges]
    shuffled = data.draw(st.permutations(links))
    again = network(
        "small",
        dict(reversed(list(zip(graph.codes, graph.weights, strict=True)))),
        [(b, a, kind) for a, b, kind in shuffled],
    )
    assert again == graph
    new = dict(zip(graph.codes, data.draw(st.permutations([f"z{i}" for i in range(graph.n)])), strict=True))
    renamed = network(
        "small",
        {new[c]: w for c, w in zip(graph.codes, graph.weights, strict=True)},
        [(new[a], new[b], kind) for a, b, kind in links],
    )
    first, second = (map_graph(plain_measures(commands(g, Rules(largest=4)), k)) for g in (graph, renamed))
    assert counts(first) == counts(second)
    if first.has(k):
        for name in (CUT_BORDERS, WORST_DEVIATION):
            assert optimum(first.table, k, name).value == optimum(second.table, k, name).value
        shown = [[p.values for p in frontier(g, k, [CUT_BORDERS, WORST_DEVIATION]).points] for g in (first, second)]
        assert shown[0] == shown[1]


def test_every_map_is_drawn_with_the_same_chance(grid):
    where = map_graph(commands(grid(4), Rules(smallest=4, largest=4)), [4])
    drawn = sample(where, 4, np.random.default_rng(20180131), 11_700)
    tally = dict.fromkeys(drawn, 0)
    for rows in drawn:
        tally[rows] += 1
    assert len(tally) == 117
    chi_square = sum((n - 100) ** 2 / 100 for n in tally.values())
    # 99.9% point of chi-square with 116 degrees of freedom: 168.6; 0.1% point: 75.0
    assert 75.0 < chi_square < 168.6
    assert drawn == sample(where, 4, np.random.default_rng(20180131), 11_700)


def test_a_limit_on_another_measure_and_the_second_best(grid):
    table = judged(commands(grid(3), Rules()), 3)
    where = map_graph(table, [3])
    points = frontier(where, 3, [CUT_BORDERS, "noise"]).points
    for point in points:
        found = optimum(table, 3, "noise", search=Search(caps=(Cap(CUT_BORDERS, point.values[0]),)))
        assert found.proved and found.value == point.values[1]
    values = histogram(where, table.column("noise"), 3)
    seen: list[tuple[int, ...]] = []
    for expected in list(itertools.chain.from_iterable([v] * n for v, n in values.items()))[:4]:
        found = optimum(table, 3, "noise", search=Search(without=tuple(seen)))
        assert found.proved and found.value == expected
        seen.append(table.rows_of(found.map))


def test_counts_beyond_64_bits_are_whole_numbers(grid):
    ladder = [2, 12]
    while len(ladder) < 40:
        ladder.append(6 * ladder[-1] + ladder[-2])
    for length in (2, 3, 5, 40):
        swept = census(grid(2, length))
        assert sum(maps for _, _, maps in swept.cells) == ladder[length - 1]
        assert swept.count(2 * length) == 1 and swept.count(2 * length - 1) == 3 * length - 2
    assert ladder[39] > 2**64


def test_a_walk_is_the_same_for_one_worker_and_two(grid):
    from concurrent.futures import ThreadPoolExecutor

    table = judged(commands(grid(4), Rules(smallest=2, largest=6)), 4)
    where = map_graph(table, [4])
    options = WalkOptions(own=table.grouping(sample(where, 4, np.random.default_rng(1), 1)[0]), efficient=500)
    alone = walk(where, 4, MEASURES[:3], options=options)
    with ThreadPoolExecutor(2) as two:
        assert walk(where, 4, MEASURES[:3], options=options, executor=two) == alone
    assert alone.maps == 8849


def test_a_walk_that_would_not_end_is_refused(grid):
    where = map_graph(plain_measures(commands(grid(4), Rules()), 4), [4])
    with pytest.raises(Exception, match="62,741 maps are more than the 1,000"):
        walk(where, 4, [CUT_BORDERS], options=WalkOptions(most=1000))


@given(st.data())
@settings(max_examples=15)
def test_maps_that_hold_a_command_and_where_it_stands_among_commands(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, graph.n))
    groupings = [as_codes(graph, m) for m in brute_force(graph) if len(m) == k]
    table = judged(commands(graph, Rules()), k)
    command = data.draw(st.sampled_from(sorted({c for g in groupings for c in g})))
    held = containing(table, [command])
    assert count(held, k) == sum(command in g for g in groupings)
    best = optimum(held, k, "noise")
    assert command in best.map
    assert best.value == min(value(table, g, "noise") for g in groupings if command in g)
    for name in ("noise", "pride"):
        column = table.column(name)
        values = [column.value(int(u)) for u in column.units]
        mine = values[table.row_of(command)]
        found = command_rank(table, command, name)
        better = sum(v < mine if column.better == "lower" else v > mine for v in values)
        assert (found.better, found.equal, found.total) == (better, values.count(mine), len(values))


def test_a_command_that_is_not_there_cannot_be_held(grid):
    table = cut_borders(commands(grid(3), Rules(largest=2)))
    for asked in (
        lambda: containing(table, [["r0c0", "r0c1", "r0c2"]]),
        lambda: command_rank(table, ["r0c0", "r0c1", "r0c2"], CUT_BORDERS),
    ):
        with pytest.raises(MethodError, match=r"r0c0 \+ r0c1 \+ r0c2 is not among"):
            asked()
    with pytest.raises(MethodError, match="share an area"):
        containing(table, [["r0c0", "r0c1"], ["r0c1", "r0c2"]])


def test_large_fine_sums_are_ranked_by_meeting_in_the_middle(grid):
    table = commands(grid(4), Rules(largest=6))
    table = measured(table, "fine", np.random.default_rng(5).integers(0, 10**9, len(table)))
    where = map_graph(table, [4])
    own = table.grouping(sample(where, 4, np.random.default_rng(6), 1)[0])
    found = rank(where, own, "fine")
    walked = walk(where, 4, ["fine"], options=WalkOptions(own=own)).spreads[0]
    assert (found.better, found.equal, found.worse) == (walked.better, walked.equal, walked.worse)
    assert found.total == counts(where)[4] and found.equal >= 1
