"""Was there a better map: the choice set of a few areas by hand, counts and proofs by a second method."""

from __future__ import annotations

from fractions import Fraction

import pytest

from bailiwick import (
    appraisal,
    candidates,
    casefile,
    choices,
    choices_force,
    choices_nulls,
    choices_quoted,
    choices_response,
    choices_whole,
)
from bailiwick.alternatives.blocks import commands, containing
from bailiwick.alternatives.count import count
from bailiwick.alternatives.ensemble import ChainPlan
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import cut_borders, residents_who_change
from bailiwick.alternatives.network import network_of
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.rank import rank
from bailiwick.alternatives.rules import Rules, within
from bailiwick.choices_force import Setting, counted, counted_with_pilots, filled, graph_of, pilots
from bailiwick.choices_local import ALL, beaten_by, beats, rows
from bailiwick.choices_response import served
from bailiwick.choices_ways import grouping_of, numbers, rivals, sets_of, shortest_border, ways, worth
from bailiwick.findings import finding_id

CAP = 4


@pytest.fixture(scope="module")
def case():
    return casefile.load("south-west-london-2018")


@pytest.fixture(scope="module")
def small(case):
    """The command table and the four tables with commands of at most four areas, so that the test is quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "CAP", CAP)
        patch.setattr(choices_force, "CAP", CAP)
        patch.setattr(choices_force, "OTHERWISE", ((3, None), (CAP, 20), (CAP, 30)))
        patch.setattr(choices_response, "PAIRS", 3)
        known = candidates.candidates(case)
        found = choices.tables(case, known)
        return known, {table.name: table for table in found}, choices.checks(case, found)


def as_dicts(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def by_map(table):
    return {row["map"]: row for row in as_dicts(table)}


def test_every_partition_is_there_but_those_that_do_not_join_up(case):
    """Bell's number of four areas is 15; Merton and Richmond do not touch, which rules out two."""
    own = [way for way in ways(case) if not way.joins]
    assert len(own) == 13
    assert len({sets_of(way.grouping) for way in own}) == 13
    assert not case.system.is_contiguous(("E09000024", "E09000027"))
    assert all(case.system.is_contiguous(c) for way in ways(case) for c in sets_of(way.grouping))
    assert sorted(way.moved for way in own if way.moved) == sorted(case.scheme.scope)
    joins = {way.moved for way in ways(case) if way.joins}
    touching = {n for code in case.scheme.scope for n in case.system.neighbours(code)} - set(case.scheme.scope)
    assert joins == touching == {"E09000008", "E09000018", "E09000022", "E09000029"}


def test_only_the_pair_itself_hangs_on_the_shortest_border(case):
    link = shortest_border(case)
    assert {link.a, link.b} == {"E09000021", "E09000032"}
    assert link.land_metres == 624
    hanging = [sets_of(way.grouping) for way in ways(case) if link in way.hung]
    assert hanging == [(("E09000021", "E09000032"), ("E09000024",), ("E09000027",))]


def test_a_saving_is_the_difference_of_the_costs_of_posts(case):
    def cost(sets):
        return sum(sum(numbers(case, c)[0].values()) for c in grouping_of(case, sets).commands)

    today = [(code,) for code in case.scheme.scope]
    for way in ways(case):
        singles = today + ([(way.moved,)] if way.joins else [])
        assert worth(case, way.grouping).saving == pytest.approx(cost(singles) - cost(sets_of(way.grouping)), abs=1000)


def test_today_and_the_proposal_agree_with_the_appraisal(case, small):
    table = by_map(small[1]["alternatives_local"])
    judged = appraisal.judge(case).values
    for name, row in (("today", table["Kingston | Merton | Richmond | Wandsworth"]),
                      ("proposed", table["Kingston+Merton+Richmond+Wandsworth"])):
        assert row["is"] == name
        for column, measure, decimals in (("distance_mean", "locality.distance_to_headquarters", 1),
                                          ("crime_mix_distance", "locality.crime_mix_distance", 3),
                                          ("immediate_in_target", "response.immediate_in_target", 1),
                                          ("significant_in_target", "response.significant_in_target", 1)):
            assert row[column] == round(judged[finding_id(measure, name, "scheme")], decimals)
    today = table["Kingston | Merton | Richmond | Wandsworth"]
    assert today["saving_a_year"] == today["residents_who_change_commander"] == today["constables_against_today"] == 0


def test_whose_commander_stays_is_the_most_populous_areas(case, small):
    row = by_map(small[1]["alternatives_local"])["Kingston+Merton | Richmond | Wandsworth"]
    assert row["residents_who_change_commander"] == case.system.area("E09000021").population
    table = commands(network_of(case.system, codes=case.scheme.scope), Rules())
    moved = residents_who_change(table, [(code,) for code in case.scheme.scope])
    column = moved.column("residents who change commander")
    for way in (way for way in ways(case) if not way.joins):
        engine = column.combined(moved.rows_of(sets_of(way.grouping)))
        assert worth(case, way.grouping).change_commander == engine


def test_beaten_maps_are_beaten_and_the_others_are_not(case):
    """Worked afresh over every pair of maps of the same areas."""
    for row in rows(case, None):
        others = [worth(case, g) for g in rivals(case, row.way)]
        assert all(sorted(g.areas) == sorted(row.way.areas) for g in rivals(case, row.way))
        beaten = any(beats(w, row.worth, ALL) for w in others)
        named = dict(zip(("balance", "closeness", "all"), beaten_by(case, row), strict=True))
        assert (named["all"] != "no") == beaten


def test_a_neighbours_own_today_is_part_of_the_comparison(small):
    table = by_map(small[1]["alternatives_local"])
    joined = next(row for name, row in table.items() if row["kind"] == "Sutton joins")
    assert joined["saving_a_year"] > table["Kingston+Merton+Richmond+Wandsworth"]["saving_a_year"]
    assert joined["response"] == "not simulated"
    assert joined["immediate_in_target"] is None


def test_without_a_simulation_the_table_says_so(case):
    assert all(row.served.why == "not simulated" and row.served.shares is None for row in rows(case, None))
    (today,) = served(case, [case.scheme.option("today").grouping])
    assert today.officers == today.neutral == 0 and today.restored and today.shares is not None


def test_ranks_count_every_other_command_once(case, small):
    known, found, _ = small
    for row in as_dicts(found["alternatives_standing"]):
        assert row["better"] + row["equal"] + row["worse"] == row["of"]
    four = [row for row in as_dicts(found["alternatives_standing"]) if row["among"] == "4 areas"
            and row["borders"] == "land" and row["measure"] == "locality.residents_per_commander"]
    sizes = [n for command, n in zip(known.commands, known.residents, strict=True) if len(command) == 4]
    own = sum(case.system.area(code).population for code in case.scheme.scope)
    assert [(four[0]["better"], four[0]["of"])] == [(sum(n < own for n in sizes), len(sizes) - 1)]


def test_counts_agree_with_the_list_of_commands(case, small):
    graph = graph_of(case, False)
    together = commands(graph, Rules(largest=CAP, together=(case.scheme.scope,)))
    whole, holding, three = counted(case, Setting(False, CAP, None), None)
    assert holding[12] == count(together, 12)
    assert whole[12] == count(commands(graph, Rules(largest=CAP)), 12)
    assert three[12] == count(commands(graph, Rules(largest=3)), 12) > 0
    assert three[10] == 0
    listed = [row for row in as_dicts(small[1]["alternatives_maps"]) if row["window"] == "none"
              and row["commands"] == 12 and row["borders"] == "land" and row["largest_allowed"] == CAP]
    assert [row["maps"] for row in listed] == [whole[12]]
    assert all(row["at_most_three"] + row["with_larger"] == row["maps"]
               for row in as_dicts(small[1]["alternatives_maps"]))


def test_the_proposal_is_too_large_for_a_narrow_window_of_twelve(case):
    share = sum(case.system.area(code).population for code in case.scheme.scope) / (graph_of(case, False).total / 12)
    assert 1.2 < share < 1.3
    assert counted(case, Setting(False, CAP, 20), 12)[1] == {}
    assert counted(case, Setting(False, CAP, 30), 12)[1][12] > 0


def test_maps_that_keep_the_pilots_are_counted_by_a_second_method(case):
    """The list of commands, restricted to the pilots' commands and all that do not meet them, against the frontier."""
    graph = graph_of(case, False)
    kept, both = counted_with_pilots(case, Setting(False, CAP, None), None)
    assert [len(g) for g in pilots(case)] == [3, 2]
    table = commands(graph, Rules(largest=CAP))
    assert kept[12] == count(containing(table, pilots(case)), 12) > 0
    assert both[12] == count(containing(table, (*pilots(case), case.scheme.scope)), 12) > 0
    assert both[12] < kept[12] < counted(case, Setting(False, CAP, None), None)[0][12]


def test_the_best_maps_are_confirmed_by_another_solver(case, small):
    known, found, _ = small
    table = filled(case, graph_of(case, False), known, 12)
    assert table.sizes.max() == CAP
    proof = optimum(table, 12, "locality.distance_to_headquarters")
    row = next(r for r in as_dicts(found["alternatives_best"]) if r["commands"] == 12 and r["among"] == "all maps"
               and r["measure"] == "Distance to the commander's headquarters")
    assert proof.proved
    assert row["value"] == round(proof.value / table.network.total, 1)
    assert all("proved" in r["certainty"] for r in as_dicts(found["alternatives_best"]))


def test_the_best_maps_hold_under_other_choices_of_borders_cap_and_window(case, small):
    known, found, _ = small
    rows = as_dicts(found["alternatives_sensitivity"])
    at = {(r["commands"], r["borders"], r["largest_allowed"], r["window"], r["measure"]): r for r in rows}
    assert {r["borders"] for r in rows} == {"land", "land and crossings"}
    assert len({key[:4] for key in at}) == 2 * 2 * 4
    for (k, border, cap, window, measure), r in at.items():
        if r["value"] is None:
            assert r["certainty"] == "proved: none exists"
            continue
        assert r["value_with_proposal"] is None or r["value_with_proposal"] >= r["value"] > 0
        assert r["value"] <= at.get((k, "land", cap, window, measure), r)["value"]
        assert r["value"] >= at[k, border, CAP, "none", measure]["value"]
        assert "separable" in r["certainty"] and r["map"].count("|") == k - 1
    table = filled(case, graph_of(case, False), known, 12)
    three = table.only(table.sizes <= 3)
    proof = optimum(three, 12, "locality.distance_to_headquarters")
    closest = at[12, "land", 3, "none", "Distance to the commander's headquarters"]
    assert proof.proved and closest["value"] == round(proof.value / table.network.total, 2)
    assert closest["value_with_proposal"] is None
    best = [r["value"] for r in as_dicts(found["alternatives_best"]) if r["commands"] == 12
            and r["measure"] == "worst deviation" and r["among"] == "all maps"]
    assert best == [at[12, "land", CAP, "none", "worst deviation"]["value"]]


def test_the_rank_on_cut_borders_where_maps_cannot_be_held_agrees_with_the_list(case):
    """Into 30 commands no command can have more than three areas, so that the list of commands is whole."""
    graph = graph_of(case, False)
    pair = ("E09000021", "E09000024")
    sets = tuple(sorted([("E09000009", "E09000018"), pair, *((c,) for c in graph.codes
                                                             if c not in (*pair, "E09000009", "E09000018"))]))
    listed = rank(map_graph(cut_borders(commands(graph, Rules(largest=3))), [30]), sets, "cut borders")
    (row,) = choices_whole._by_borders(case, sets, "a map")
    assert row[5:10] == (listed.value, listed.better, listed.equal - 1, listed.worse, listed.total - 1)
    apart = tuple(sorted([("E09000024", "E09000027"), *((c,) for c in graph.codes
                                                       if c not in ("E09000024", "E09000027"))]))
    assert choices_whole._by_borders(case, apart, "not joined up") == []


def test_both_nulls_stand_side_by_side_by_name(case, small):
    rows = as_dicts(small[1]["alternatives_nulls"])
    names = [(r["borders"], r["commands"], r["null"]) for r in rows]
    assert len(set(names)) == 8 and {n for *_, n in names} == {choices_nulls.UNIFORM, choices_nulls.CHAIN}
    for exact, chain in zip(rows[::2], rows[1::2], strict=True):
        assert (exact["borders"], exact["commands"], exact["window"]) == tuple(
            chain[c] for c in ("borders", "commands", "window"))
        assert exact["least"] <= exact["low"] <= exact["median"] <= exact["high"]
        assert "R-hat" in chain["diagnostics"] and chain["median"] <= exact["median"]
    first = rows[0]
    rules = within(Rules(), graph_of(case, False), 12, Fraction(3, 10))
    table = commands(graph_of(case, False), rules)
    assert (first["window"], first["maps"]) == (30, count(table, 12))
    assert first["share_with_proposal"] == round(
        100 * count(containing(table, [case.scheme.scope]), 12) / count(table, 12), 4)


def test_a_named_map_has_its_place_in_both_nulls(monkeypatch):
    monkeypatch.setattr(choices_nulls, "PLANS", (ChainPlan(chains=4, steps=12_000, keep=10),))
    found = choices_nulls.nulls(casefile.load("london-2018"))
    rows = [r for r in as_dicts(found) if r["borders"] == "land" and r["map"] == "proposed"]
    assert [r["null"] for r in rows] == [choices_nulls.UNIFORM, choices_nulls.CHAIN]
    assert all(r["value"] == 38 and r["share_with_proposal"] is None for r in rows)
    assert rows[0]["share_at_least_as_compact"] < 10 < 50 < rows[1]["share_at_least_as_compact"]
    assert f"of all {rows[0]['maps']:,} maps within ±50%" in found.note


def test_nothing_is_better_than_a_best_map_of_these_areas(case, small):
    best = [r for r in as_dicts(small[1]["alternatives_best"]) if r["of"] == "these areas"]
    local = [r for r in as_dicts(small[1]["alternatives_local"]) if "joins" not in r["kind"]]
    value = {r["measure"]: r["value"] for r in best}
    assert value["yearly saving against today"] == max(r["saving_a_year"] for r in local)
    assert value["mean distance to headquarters"] == min(r["distance_mean"] for r in local)


def test_the_number_of_commands_is_one_quoted_in_time(case, small):
    assert [q.commands for q in choices_quoted.quoted(case)] == [12, 16]
    assert all("2017" in q.source for q in choices_quoted.quoted(case))
    assert "No map of the whole force had been published" in small[1]["alternatives_best"].note


def test_all_checks_pass_and_units_fit(small):
    _, found, checked = small
    assert len(checked) == 3
    assert all(check.passed for check in checked)
    for table in found.values():
        assert table.note
        assert len(table.columns) == len(table.units) == len(set(table.columns))
        assert all(len(row) == len(table.columns) for row in table.rows)
