"""Nearest better maps, compromises, dominance, local choices, the table filled from outside, what is measured."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.alternatives.assignments import assignments_csv, assignments_geojson
from bailiwick.alternatives.blocks import commands, filled, measured
from bailiwick.alternatives.choose import compromise, dominance, in_turn, nearest_better
from bailiwick.alternatives.local import borders_hung_on, local_maps
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import (
    COUNCILS_KEPT,
    CUT_BORDERS,
    DISTANCE,
    LARGEST_KM2,
    LONGEST_DISTANCE,
    RESIDENTS_WHO_CHANGE,
    SUM_OF_DEVIATIONS,
    WORST_DEVIATION,
    councils_kept,
    plain_measures,
    residents_who_change,
)
from bailiwick.alternatives.network import network
from bailiwick.alternatives.optimum import Proof, Search, optimum
from bailiwick.alternatives.rules import Rules
from bailiwick.alternatives.setting import settings as settings_of
from bailiwick.alternatives.tabulate import Declared, command_key, table_digest, tabulated
from bailiwick.errors import CaseError, MethodError


def value(table, grouping, name):
    column = table.column(name)
    return column.value(column.combined(table.rows_of(grouping)))


def as_codes(graph, parts):
    return tuple(sorted(tuple(graph.codes[i] for i in p) for p in parts))


@given(st.data())
@settings(max_examples=20)
def test_the_nearest_better_map_moves_fewest_residents(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(2, graph.n))
    table = plain_measures(commands(graph, Rules()), k)
    groupings = [as_codes(graph, m) for m in brute_force(graph) if len(m) == k]
    own = data.draw(st.sampled_from(groupings))
    moved = residents_who_change(table, own)
    assert value(moved, own, RESIDENTS_WHO_CHANGE) == 0
    better = [
        g
        for g in groupings
        if (
            value(table, g, CUT_BORDERS) <= value(table, own, CUT_BORDERS) - 1
            and value(table, g, WORST_DEVIATION) <= value(table, own, WORST_DEVIATION)
        )
        or (
            value(table, g, CUT_BORDERS) <= value(table, own, CUT_BORDERS)
            and value(table, g, WORST_DEVIATION) <= value(table, own, WORST_DEVIATION) - 0.05
        )
    ]
    found = nearest_better(table, own, {CUT_BORDERS: 1.0, WORST_DEVIATION: 0.05})
    if not better:
        assert found.proof.status == "no map" and found.improves is None
        return
    assert found.proof.proved
    assert found.proof.value == min(value(moved, g, RESIDENTS_WHO_CHANGE) for g in better)
    assert found.proof.map in better
    assert {n: (a, b) for n, a, b in found.values}[CUT_BORDERS][0] == value(table, own, CUT_BORDERS)


@given(st.data())
@settings(max_examples=15)
def test_compromise_order_of_measures_and_dominance(planar, brute_force, data):
    graph = data.draw(planar)
    k = data.draw(st.integers(1, graph.n))
    table = plain_measures(commands(graph, Rules()), k)
    groupings = [as_codes(graph, m) for m in brute_force(graph) if len(m) == k]
    found, shown = compromise(table, k, {CUT_BORDERS: 1.0, SUM_OF_DEVIATIONS: 2.5})
    totals = [value(table, g, CUT_BORDERS) + 2.5 * value(table, g, SUM_OF_DEVIATIONS) for g in groupings]
    assert found.proved and found.value == pytest.approx(min(totals), abs=1e-6)
    assert shown[0][1] + 2.5 * shown[1][1] == pytest.approx(min(totals), abs=1e-6)
    first, second = in_turn(table, k, [CUT_BORDERS, WORST_DEVIATION])
    pairs = [(value(table, g, CUT_BORDERS), value(table, g, WORST_DEVIATION)) for g in groupings]
    assert (first.value, second.value) == min(pairs)
    own = data.draw(st.sampled_from(groupings))
    mine = (value(table, own, CUT_BORDERS), value(table, own, WORST_DEVIATION))
    beaten = any(p != mine and p[0] <= mine[0] and p[1] <= mine[1] for p in pairs)
    (both, balance) = dominance(
        map_graph(table, [k]), own, {"both": [CUT_BORDERS, WORST_DEVIATION], "balance": [WORST_DEVIATION]}
    )
    assert both.beaten == beaten and both.own == mine
    assert balance.beaten == (min(p[1] for p in pairs) < mine[1])
    if both.beaten:
        assert (value(table, both.map, CUT_BORDERS), value(table, both.map, WORST_DEVIATION)) == both.theirs


def test_a_worst_of_measure_cannot_be_weighted(grid):
    table = plain_measures(commands(grid(3), Rules()), 3)
    with pytest.raises(MethodError, match="limit it instead"):
        compromise(table, 3, {WORST_DEVIATION: 1.0})


def test_a_solve_out_of_time_says_its_gap_and_never_proved(grid):
    table = commands(grid(6), Rules(largest=7))
    table = measured(table, "noise", np.random.default_rng(1).integers(0, 10**6, len(table)))
    found = optimum(table, 7, "noise", search=Search(seconds=0.02))
    assert found.status in ("best found", "not found")
    assert "proved" not in found.told() and not found.proved
    told = Proof("noise", 7.0, 5.0, "best found", (("a",),))
    assert told.told() == "best found, gap 2" and told.gap == 2.0
    assert Proof("noise", None, None, "no map", ()).told() == "no map"


def test_the_local_choice_set_of_a_square_of_four(grid):
    graph = grid(3)
    square = ["r0c0", "r0c1", "r1c0", "r1c1"]
    found = local_maps(graph, square)
    own = [m for m in found if m.kind == "among themselves"]
    # a ring of four: any set of borders but exactly three or one kept joined; 12 = joined-up partitions of a 2x2 town
    assert len(own) == 12 and own[0].commands == (tuple(square),)
    assert own[0].hangs_on == ()
    three = next(m for m in own if m.commands == (("r0c0", "r0c1", "r1c0"), ("r1c1",)))
    assert three.hangs_on == (("r0c0", "r0c1"), ("r0c0", "r1c0"))
    joins = [m for m in found if m.kind == "one joins"]
    assert [m.moved for m in joins] == ["r0c2", "r1c2", "r2c0", "r2c1"]
    assert all(len(m.commands) == 1 and m.moved in m.commands[0] for m in joins)
    leaves = [m for m in found if m.kind == "one leaves"]
    assert [m.moved for m in leaves] == square
    row = local_maps(graph, ["r0c0", "r0c1", "r0c2"])
    assert [m.moved for m in row if m.kind == "one leaves"] == ["r0c0", "r0c2"], "the middle cannot leave"
    assert borders_hung_on(graph, [0, 1, 2]) == ((0, 1), (1, 2))
    with pytest.raises(CaseError, match="areas"):
        local_maps(grid(4), list(grid(4).codes))


def square_of(batch):
    """Two values a command, from its codes alone: importable by workers."""
    return [(float(len(c)), float("nan") if c == ("r0c0",) else float(sum(ord(x) for x in "".join(c)))) for c in batch]


def test_the_table_is_filled_once_a_command_whatever_the_workers(grid):
    table = commands(grid(3), Rules(largest=4))
    declared = [Declared("size", "sum", "lower"), Declared("letters", "max", "higher", Fraction(1, 2))]
    store: dict[str, tuple[float, ...]] = {}
    alone = tabulated(table, square_of, declared, salt="v1", store=store)
    with ThreadPoolExecutor(2) as two:
        spread = tabulated(table, square_of, declared, salt="v1", executor=two)
    assert table_digest(alone) == table_digest(spread) != table_digest(table)
    assert len(store) == len(table) and command_key("v1", ("r0c0",)) in store
    assert alone.excluded == (("letters", 1),) and len(alone) == len(table) - 1
    assert alone.row_of(["r0c0"]) is None
    assert [alone.column("size").units[r] for r in range(len(alone))] == [
        len(alone.members(r)) for r in range(len(alone))
    ]

    def never(batch):
        raise AssertionError("every value was known")

    assert table_digest(tabulated(table, never, declared, salt="v1", store=store)) == table_digest(alone)
    with pytest.raises(MethodError, match="values for 2 measures"):
        tabulated(table, lambda batch: [(1.0,) for _ in batch], declared, salt="v2")
    with pytest.raises(MethodError, match="were asked for and 0 answered"):
        tabulated(table, lambda batch: [], declared, salt="v2")
    again = filled(table, {"size": np.arange(len(table))}, {"size": alone.column("size")})
    assert list(again.column("size").units[:3]) == [0, 1, 2]


def test_what_can_be_said_of_a_command_from_its_areas():
    graph = network(
        "row",
        {"a": 10, "b": 20, "c": 30, "d": 40},
        [("a", "b", "land"), ("b", "c", "land"), ("c", "d", "land")],
        points={"a": (0.0, 0.0), "b": (3000.0, 4000.0), "c": (6000.0, 8000.0), "d": (9000.0, 12000.0)},
    )
    from dataclasses import replace

    graph = replace(graph, km2=(1.0, 2.0, 3.5, 4.0))
    table = plain_measures(commands(graph, Rules()), 2)
    row = table.row_of(["a", "b", "c"])
    assert value(table, [["a", "b", "c"], ["d"]], CUT_BORDERS) == 1
    assert value(table, [["a", "b", "c"], ["d"]], WORST_DEVIATION) == pytest.approx(0.2)
    assert value(table, [["a", "b"], ["c", "d"]], SUM_OF_DEVIATIONS) == pytest.approx(0.8)
    # from b: 10 x 5 km + 30 x 5 km = 200; from c: 10 x 10 + 20 x 5 = 200
    assert table.column(DISTANCE).units[row] == 200
    assert table.column(LONGEST_DISTANCE).value(int(table.column(LONGEST_DISTANCE).units[row])) == 5.0
    assert value(table, [["a", "b", "c"], ["d"]], LARGEST_KM2) == 6.5
    kept = councils_kept(table, {"a": "north", "b": "north", "c": "south", "d": "south"})
    assert value(kept, [["a", "b"], ["c", "d"]], COUNCILS_KEPT) == 2
    assert value(kept, [["a", "b", "c"], ["d"]], COUNCILS_KEPT) == 1
    assert optimum(kept, 2, COUNCILS_KEPT).value == 2
    moved = residents_who_change(table, [["a", "b"], ["c", "d"]])
    # seats b and d; a command with both keeps the heavier one's people, c + d
    assert moved.column(RESIDENTS_WHO_CHANGE).units[moved.row_of(["a", "b", "c", "d"])] == 30
    assert moved.column(RESIDENTS_WHO_CHANGE).units[moved.row_of(["b", "c"])] == 30
    assert moved.column(RESIDENTS_WHO_CHANGE).units[moved.row_of(["a"])] == 10
    seated = residents_who_change(table, [["a", "b"], ["c", "d"]], {"a": "a", "c": "c"})
    assert seated.column(RESIDENTS_WHO_CHANGE).units[seated.row_of(["a"])] == 0
    assert seated.column(RESIDENTS_WHO_CHANGE).units[seated.row_of(["b", "c"])] == 20
    for today, seats in (
        ([["a"]], None),
        ([["a", "b"], ["c", "d"]], {"a": "a"}),
        ([["a", "b"], ["c", "d"]], {"a": "c", "c": "c"}),
    ):
        with pytest.raises(CaseError):
            residents_who_change(table, today, seats)
    with pytest.raises(CaseError, match="council"):
        councils_kept(table, {"a": "north"})


def test_assignments_for_spreadsheets_and_map_programs(grid):
    graph = grid(2)
    maps = {"halves": (("r0c0", "r0c1"), ("r1c0", "r1c1")), "whole": (tuple(graph.codes),)}
    rows = list(csv.DictReader(io.StringIO(assignments_csv(graph, maps))))
    assert [r["halves"] for r in rows] == ["1", "1", "2", "2"] and {r["whole"] for r in rows} == {"1"}
    found = assignments_geojson(graph, maps)
    assert found["features"][3]["properties"]["halves"] == 2 and found["features"][0]["geometry"] is None
    placed = assignments_geojson(graph, maps, [(0.1234567, 51.5)] * 4)
    assert placed["features"][0]["geometry"] == {"type": "Point", "coordinates": [0.12346, 51.5]}


def test_the_rank_under_every_choice_of_borders_cap_and_window(grid):
    graph = grid(3)
    links = [(graph.codes[a], graph.codes[b], "land") for a, b in graph.edges]
    more = network("town", dict.fromkeys(graph.codes, 1), [*links, ("r0c0", "r1c1", "crossing")], crossings=True)
    rows = [["r0c0", "r0c1", "r0c2"], ["r1c0", "r1c1", "r1c2"], ["r2c0", "r2c1", "r2c2"]]
    found = settings_of(
        [("land", graph), ("crossings", more)], rows, CUT_BORDERS, caps=[None, 3, 2], windows=[None, Fraction(0)]
    )
    by = {(s.borders, s.cap, s.window): s for s in found}
    assert len(by) == 12
    assert by["land", None, Fraction(0)].maps == 10 and by["land", None, None].maps == 258
    # three areas in one piece hold two of the twelve borders, whatever their shape: all ten maps cut six
    assert by["land", 3, Fraction(0)].rank.better == 0 and by["land", 3, Fraction(0)].rank.equal == 10
    assert by["land", 3, Fraction(0)].rank.value == 6
    assert by["land", None, None].rank.total == 258
    assert by["crossings", None, None].maps > by["land", None, None].maps
    assert by["land", 2, None].rank is None and "is not among" in by["land", 2, None].why
    assert by["land", 2, None].maps == 0
