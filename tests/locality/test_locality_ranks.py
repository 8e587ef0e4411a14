"""Ranks among all conceivable commands: against a slow count, and fast enough for the whole of London."""

import time
from dataclasses import replace
from datetime import date
from itertools import chain, combinations

import numpy as np
import pytest

from bailiwick import catalogue
from bailiwick.areas import AreaSystem
from bailiwick.findings import Unavailable, combined
from bailiwick.locality import MEASURES, ranks
from bailiwick.locality.ranks import command_figures
from bailiwick.scheme import Command

TWINS = {
    "residents": "locality.residents_per_commander", "area_km2": "locality.area_km2_per_commander",
    "crimes": "locality.crimes_per_commander", "councils": "locality.councils_per_commander",
    "distance_to_headquarters": "locality.distance_to_headquarters",
}


def every(codes):
    return list(chain.from_iterable(combinations(sorted(codes), size) for size in range(1, len(codes) + 1)))


@pytest.fixture(scope="module")
def london():
    return catalogue.area_system("london-boroughs", date(2018, 1, 31))


@pytest.fixture
def big(town, london):
    """The town's scheme on London's map: no site, so that headquarters are chosen by rule."""
    return replace(town, system=london, scheme=replace(town.scheme, sites=(), options=()), content="london",
                   tables={"crimes": catalogue.table("crimes-london", date(2018, 1, 31))})


def agree(case, listed):
    figures = command_figures(case, listed)
    for measure in MEASURES:
        for short, name in TWINS.items():
            if measure.name != name:
                continue
            for i, areas in enumerate(listed):
                found = combined(case, measure, measure.compute(case, Command(areas, "bcu")))
                if isinstance(found, Unavailable):
                    assert np.isnan(figures[short][i]), (short, areas)
                else:
                    assert figures[short][i] == pytest.approx(found, rel=1e-12), (short, areas)


def test_figures_of_many_commands_equal_those_of_each(town):
    agree(town, every("FNS"))


def test_figures_agree_on_random_commands_of_london(big):
    rng = np.random.default_rng(5)
    codes = [area.code for area in big.system.areas]
    agree(big, [tuple(sorted(rng.choice(codes, size, replace=False))) for size in rng.integers(1, 7, 60)])


def test_ranks_are_counts_of_larger_values(town):
    listed = every("FNS")
    table = ranks(town, listed)
    rows = {(row[0], row[1], row[2]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    people = {areas: sum(town.system.area(code).population for code in areas) for areas in listed}
    for (_, command, measure), row in rows.items():
        if measure == "residents":
            mine = people[tuple(command.split("+"))]
            assert row["value"] == mine
            assert row["rank"] == 1 + sum(value > mine for value in people.values())
            assert row["of"] == 7
            same = [v for areas, v in people.items() if len(areas) == len(command.split("+"))]
            assert (row["rank_among_same_size"], row["of_same_size"]) == (1 + sum(v > mine for v in same), len(same))
    assert rows["proposed", "N+S", "councils"]["equal"] == 3
    assert {row[0] for row in table.rows} == {"today", "proposed"}


def test_a_headquarters_named_against_the_rule_is_ranked_as_well(town):
    command = Command(("N", "S"), "bcu", "Hill")
    option = town.scheme.option("proposed")
    case = replace(town, scheme=replace(town.scheme, options=(
        replace(option, grouping=replace(option.grouping, commands=(command,))),)))
    rows = {row[2]: row for row in ranks(case, every("FNS")).rows}
    assert rows["distance_to_headquarters, headquarters Hill"][3] > rows["distance_to_headquarters"][3]


def test_what_nobody_published_is_left_out_and_counted(town, with_areas):
    case = with_areas("F", population=None)
    rows = {(row[0], row[1], row[2]): row for row in ranks(case, every("FNS")).rows}
    assert rows["proposed", "N+S", "residents"][5:9] == (1, 3, 1, 4)
    assert rows["today", "F", "residents"][3:6] == (None, "people", None)
    without = replace(town, tables={})
    assert {row[3] for row in ranks(without, every("FNS")).rows if row[2] == "crimes"} == {None}


def test_a_place_where_nobody_is_known_has_no_distance(with_areas):
    case = with_areas("F", population=None, points=())
    figures = command_figures(case, [("F",)])
    assert np.isnan(figures["distance_to_headquarters"][0])
    assert figures["area_km2"][0] == 30.0


def test_repeats_and_order_of_candidates_change_nothing(town):
    listed = every("FNS")
    assert ranks(town, [tuple(reversed(c)) for c in listed] + listed).rows == ranks(town, listed).rows


def test_no_candidates_is_an_empty_comparison(town):
    assert {row[5] for row in ranks(town, []).rows} == {1}
    assert {row[6] for row in ranks(town, []).rows} == {0}


def joined(system: AreaSystem, codes: list[str], cap: int) -> list[tuple[str, ...]]:
    found = {frozenset([code]) for code in codes}
    front = set(found)
    allowed = set(codes)
    for _ in range(cap - 1):
        front = {piece | {near} for piece in front for code in piece
                 for near in system.neighbours(code) if near in allowed and near not in piece}
        found |= front
    return sorted(tuple(sorted(piece)) for piece in found)


def test_all_of_london_takes_less_than_a_second_of_one_core(big):
    codes = [area.code for area in big.system.areas if area.force == "Metropolitan Police"]
    listed = joined(big.system, codes, 6)
    assert len(listed) == 2938
    began = time.process_time()
    figures = command_figures(big, listed)
    assert time.process_time() - began < 1.0
    assert not any(np.isnan(values).any() for values in figures.values())
