"""What a stranger's files and requests get wrong, and what they are told."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from bailiwick.alternatives.blocks import commands, measured
from bailiwick.alternatives.count import count, sample, tightest_window
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import (
    CUT_BORDERS,
    cut_borders,
    distance_to_the_middle,
    largest_km2,
    plain_measures,
)
from bailiwick.alternatives.network import network, network_of, require_joined
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.rank import rank
from bailiwick.alternatives.rules import Rules, cap_without_loss, check_rules, window_bounds, within
from bailiwick.alternatives.study import GroupRequest, group_study
from bailiwick.alternatives.sweep import census
from bailiwick.alternatives.walk import WalkOptions, walk
from bailiwick.areas import Area, AreaSystem, Link
from bailiwick.errors import CaseError, MethodError
from bailiwick.sources.systemfile import SystemFiles, system_from_files

ATTRIBUTES = "code,name,weight\nA,Ash,10\nB,Birch,20\nC,Cedar,30\nD,Dogwood,40\n"
ADJACENCY = "a,b,kind\nA,B,land\nB,C,bridge\nC,D,land\nA,D,none\n"


def read(tmp_path, adjacency=ADJACENCY, attributes=ATTRIBUTES, **columns):
    (tmp_path / "pairs.csv").write_text(adjacency, encoding="utf-8")
    (tmp_path / "areas.csv").write_text(attributes, encoding="utf-8")
    return system_from_files(SystemFiles(tmp_path / "pairs.csv", tmp_path / "areas.csv", **columns))


def test_two_tables_become_two_graphs(tmp_path):
    found = read(tmp_path)
    assert found.land.edges == ((0, 1), (2, 3)) and found.crossings.edges == ((0, 1), (1, 2), (2, 3))
    assert found.crossings.kinds == ("land", "crossing", "land") and found.land.names[0] == "Ash"
    assert found.land.weights == (10, 20, 30, 40) and found.today is None and found.land.points is None


def test_names_serve_as_well_as_codes_and_columns_can_be_named(tmp_path):
    attributes = (
        "ref,name,people,now,plan,easting,northing,area_km2,lon,lat\n"
        "9,Ash,10,x,p,500000,200000,1.5,-0.1,51.5\n1,Birch,20,x,q,501000,200000,2.5,-0.2,51.6\n"
    )
    found = read(
        tmp_path, "from,to\nAsh,Birch\n", attributes, code="ref", weight="people", today="now", proposal="plan"
    )
    assert found.land.codes == ("1", "9") and found.land.edges == ((0, 1),)
    assert found.today == (("1", "9"),) and found.proposal == (("1",), ("9",))
    assert found.land.points == ((501000.0, 200000.0), (500000.0, 200000.0)) and found.land.km2 == (2.5, 1.5)
    assert found.lonlat == ((-0.2, 51.6), (-0.1, 51.5))


@pytest.mark.parametrize(
    ("adjacency", "attributes", "words"),
    [
        ("a,b\nA,B\nB,X\n", ATTRIBUTES, ["pairs.csv: line 3", "X", "area of the attributes"]),
        ("a,b\nA,B\nB,Ceder\n", ATTRIBUTES, ['did you mean "Cedar"?']),
        ("a,b\nA,B\nB,A\nB,C\n", ATTRIBUTES, ["line 4", "B - C without C - B", "both ways"]),
        ("a,b,kind\nA,B,river\n", ATTRIBUTES, ["line 2", "river", "says nothing about a bridge"]),
        ("a,b,kind\nA,B,brige\n", ATTRIBUTES, ['did you mean "bridge"?']),
        ("a,b,kind\nA,B,land\nB,A,bridge\n", ATTRIBUTES, ["B - A", "land", "crossing", "one kind a pair"]),
        ("a,b\nA,A\n", ATTRIBUTES, ["touching itself"]),
        ("a\nA\n", ATTRIBUTES, ["two columns"]),
        (ADJACENCY, ATTRIBUTES + "A,Again,3\n", ["areas.csv", "line 6", "already on line 2"]),
        (ADJACENCY, ATTRIBUTES.replace("Cedar,30", "Cedar,"), ["line 4", "empty cell", "whole number", "C"]),
        (ADJACENCY, ATTRIBUTES.replace("Cedar,30", "Cedar,-3"), ["line 4", "-3"]),
        (ADJACENCY, ATTRIBUTES.replace("Cedar,30", "Cedar,2.5"), ["line 4", "2.5", "whole number"]),
        (ADJACENCY, ATTRIBUTES.replace("Cedar,30", "Cedar,many"), ["line 4", "many"]),
        (ADJACENCY, ATTRIBUTES.replace("weight", "heads"), ["--weight COLUMN"]),
        (ADJACENCY, ATTRIBUTES.replace("C,Cedar", ",Cedar"), ["line 4", "the code of an area"]),
    ],
)
def test_a_wrong_file_is_told_by_file_line_and_nearest_match(tmp_path, adjacency, attributes, words):
    with pytest.raises(CaseError) as told:
        read(tmp_path, adjacency, attributes)
    for word in words:
        assert word in str(told.value)


def test_a_column_of_commands_must_be_there_and_full(tmp_path):
    with pytest.raises(CaseError, match="column of commands"):
        read(tmp_path, today="plan")
    with pytest.raises(CaseError, match="line 3"):
        read(tmp_path, attributes="code,weight,now\nA,1,x\nB,1,\nC,1,x\nD,1,x\n", today="now")


def test_pieces_are_named_with_the_nearest_pair():
    graph = network(
        "isles",
        {"a": 1, "b": 1, "c": 1, "far": 1},
        [("a", "b", "land"), ("b", "c", "crossing")],
        points={"a": (0.0, 0.0), "b": (1.0, 0.0), "c": (2.0, 0.0), "far": (9.0, 0.0)},
    )
    with pytest.raises(CaseError) as told:
        require_joined(graph)
    assert "3 separate pieces" in str(told.value) and "{c}" in str(told.value) and "{far}" in str(told.value)
    assert "nearest pair across the gap: c - b" in str(told.value)
    with pytest.raises(CaseError, match="contiguity"):
        group_study(graph, GroupRequest(2))
    # the engine itself still counts such a system: an island is a command of its own
    assert (
        count(commands(graph, Rules()), 3) == 1
        and census(graph).count(3) == 1
        and count(commands(graph, Rules()), 2) == 0
    )


@pytest.mark.parametrize("k", [0, -1, 10])
def test_more_commands_than_areas_or_none(grid, k):
    table = cut_borders(commands(grid(3), Rules()))
    for asked in (lambda: count(table, k), lambda: optimum(table, k, CUT_BORDERS), lambda: tightest_window(grid(3), k)):
        with pytest.raises(CaseError, match="commands"):
            asked()


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (
            Rules(together=(("r0c0", "r0c1"), ("r0c1", "r0c2")), apart=(("r0c0", "r0c2"),)),
            ["apart r0c0 | r0c2", "together r0c0 + r0c1 + r0c2"],
        ),
        (Rules(largest=2, together=(("r0c0", "r0c1", "r0c2"),)), ["3 areas", "at most 2"]),
        (Rules(heaviest=2, together=(("r0c0", "r0c1", "r0c2"),)), ["weighing 3", "at most 2"]),
        (Rules(heaviest=0), ["alone weighs 1", "widen the window"]),
        (Rules(largest=2, smallest=3), ["3 to 2"]),
        (Rules(together=(("r0c0", "nowhere"),)), ["nowhere", "one area"]),
    ],
)
def test_rules_that_cannot_hold_are_named_before_any_solve(grid, rules, words):
    with pytest.raises(CaseError) as told:
        check_rules(grid(3), rules)
    for word in words:
        assert word in str(told.value)
    with pytest.raises(CaseError):
        commands(grid(3), rules)


def test_areas_in_different_pieces_cannot_be_together():
    graph = network("two", {"a": 1, "b": 1}, [])
    with pytest.raises(CaseError, match="rules"):
        check_rules(graph, Rules(together=(("a", "b"),)))


def test_an_impossible_window_says_the_tightest_possible(grid):
    graph = grid(3, weights=[1, 1, 1, 1, 5, 1, 1, 1, 1])
    with pytest.raises(MethodError) as told:
        group_study(graph, GroupRequest(4, window=Fraction(1, 10)))
    assert "r1c1 alone weighs 5" in str(told.value)
    assert "no map of 4 commands exists at ±10.0%; the tightest possible is ±53.8462%" in str(told.value)
    uneven = grid(3, weights=[4, 1, 1, 1, 1, 1, 1, 1, 4])
    with pytest.raises(MethodError, match=r"no map of 2 commands exists at ±1\.0%; the tightest possible is ±6\.6667%"):
        group_study(uneven, GroupRequest(2, window=Fraction(1, 100)))
    with pytest.raises(MethodError, match="under these rules, whatever the window"):
        group_study(grid(3), GroupRequest(2, rules=Rules(largest=4)))


def test_a_window_is_exact_at_its_ends():
    assert window_bounds(10, 3, Fraction(2, 10)) == (3, 4)
    assert window_bounds(9, 3, Fraction(1, 3)) == (2, 4)
    assert window_bounds(9, 3, Fraction(0)) == (3, 3)
    # the proposal's own worst deviation keeps the proposal: |K p - T| / T as a fraction, never a float
    total, k, own = 8_817_347, 12, 893_078
    low, high = window_bounds(total, k, Fraction(abs(k * own - total), total))
    assert high == own and low == -(-(2 * total - k * own) // k)
    graph = network("row", {"a": 1, "b": 2, "c": 3}, [("a", "b", "land"), ("b", "c", "land")])
    assert [cap_without_loss(graph, w) for w in (1, 2, 3, 5, 6)] == [1, 1, 2, 2, 3]
    assert within(Rules(largest=2), graph, 2, Fraction(1)).largest == 2


def test_a_measure_with_no_number_or_an_infinite_one(grid):
    table = commands(grid(2), Rules())
    values = np.arange(len(table), dtype=float)
    values[3] = np.nan
    kept = measured(table, "fun", values)
    assert len(kept) == len(table) - 1 and kept.excluded == (("fun", 1),)
    assert optimum(kept, 2, "fun").value != 3
    values[4] = np.inf
    with pytest.raises(MethodError, match=r"fun: the value of r\dc\d.* is not a finite number"):
        measured(table, "fun", values)
    with pytest.raises(MethodError, match="no command has a value"):
        measured(table, "fun", np.full(len(table), np.nan))
    with pytest.raises(MethodError, match="coarser grid"):
        measured(table, "fun", np.full(len(table), 1e12), grid=Fraction(1, 10**6))
    with pytest.raises(ValueError, match=r"\(3,\) values"):
        measured(table, "fun", [1, 2, 3])
    with pytest.raises(MethodError, match='no measure "joy"; it has: fun'):
        optimum(kept, 2, "joy")


def test_memory_is_refused_before_it_runs_out(grid):
    table = commands(grid(6), Rules(largest=6))
    with pytest.raises(MethodError, match=r"partial maps after \d+ of 36 areas need more than 0.0 GB"):
        map_graph(table, [6], most_bytes=1_000_000)
    with pytest.raises(MethodError, match=r"partial maps after \d+ of 36 areas need more than 0.0 GB"):
        census(grid(6), Rules(largest=6), most_bytes=1_000_000)
    with pytest.raises(MethodError, match="more than 1,000 joined-up commands"):
        commands(grid(6), Rules(largest=6), most=1000)
    with pytest.raises(MethodError, match="63 areas: commands can be listed for at most 62"):
        commands(grid(7, 9), Rules())
    with pytest.raises(MethodError, match="need the command table"):
        census(grid(3), Rules(together=(("r0c0", "r0c1"),)))


def test_questions_without_an_answer(grid):
    graph = grid(3)
    table = plain_measures(commands(graph, Rules(smallest=4, largest=4)), 2)
    where = map_graph(table, [2])
    assert not where.has(2) and optimum(table, 2, CUT_BORDERS).status == "no map"
    for asked in (
        lambda: sample(where, 2, np.random.default_rng(1), 1),
        lambda: frontier(where, 2, [CUT_BORDERS]),
        lambda: walk(where, 2, [CUT_BORDERS]),
    ):
        with pytest.raises(MethodError, match="no map of 2 commands"):
            asked()
    full = map_graph(plain_measures(commands(graph, Rules(largest=4)), 3), [3])
    with pytest.raises(MethodError, match=r"r0c0 \+ r2c2 is not among"):
        rank(full, [["r0c0", "r2c2"]], CUT_BORDERS)
    with pytest.raises(MethodError, match="exactly one command"):
        rank(full, [["r0c0"], ["r0c0", "r0c1"]], CUT_BORDERS)
    with pytest.raises(MethodError, match="has 9 commands, not 3"):
        walk(full, 3, [CUT_BORDERS], options=WalkOptions(own=tuple((c,) for c in graph.codes)))
    with pytest.raises(MethodError, match="one to four measures"):
        frontier(full, 3, [])
    best_of = map_graph(measured(full.table, "luck", full.table.weights, combine="min", better="lower"), [3])
    with pytest.raises(MethodError, match="judged by its best command"):
        frontier(best_of, 3, ["luck"])
    with pytest.raises(MethodError, match="undominated maps"):
        walk(full, 3, ["cut borders", "sum of deviations", "worst deviation"], options=WalkOptions(efficient=1))
    with pytest.raises(MethodError, match="easting and northing"):
        distance_to_the_middle(table)
    with pytest.raises(MethodError, match="area_km2"):
        largest_km2(table)


def test_an_area_system_becomes_a_graph():
    areas = tuple(
        Area(c, n, "force", p, None, 2.0, 1.0, 2.0)
        for c, n, p in (("1", "One", 5), ("2", "Two", 7), ("3", "Three", None))
    )
    links = (Link("1", "2", "crossing", "a bridge", "made up"), Link("2", "3", "land", "", "made up"))
    system = AreaSystem("town", "Town", areas, links)
    assert network_of(system, codes=["1", "2"]).edges == ()
    joined = network_of(system, crossings=True, codes=["2", "1"])
    assert joined.edges == ((0, 1),) and joined.weights == (5, 7) and joined.km2 == (2.0, 2.0)
    assert joined.position("two") == 1 and joined.position("O") == 0
    with pytest.raises(CaseError, match="weight of 3"):
        network_of(system)
    with pytest.raises(CaseError, match="area"):
        network_of(system, codes=["1", "9"])
    with pytest.raises(CaseError, match="area"):
        joined.position("T" * 9)
