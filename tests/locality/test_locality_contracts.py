"""Rules every measure and table of the room keeps, on the made-up town and on the first case."""

import math
from dataclasses import replace
from datetime import date

import pytest

from bailiwick import locality
from bailiwick.findings import Unavailable, by_area, combined
from bailiwick.scheme import Command

MEASURES = {measure.name: measure for measure in locality.MEASURES}


@pytest.fixture(scope="module")
def first_case():
    casefile = pytest.importorskip("bailiwick.casefile")
    return casefile.load("south-west-london-2018")


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_each_area_gets_one_finite_number_or_a_reason(town, name):
    measure = MEASURES[name]
    for option in town.scheme.options:
        found = by_area(town, measure, option)
        assert sorted(found) == ["F", "N", "S"]
        for value in found.values():
            assert isinstance(value, Unavailable) or math.isfinite(value)
        whole = combined(town, measure, found)
        unknown = {"locality.officers_per_commander"}    # the town publishes no officers
        assert isinstance(whole, Unavailable) == (measure.combine == "other" or name in unknown)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_an_area_whose_command_stays_does_not_change(town, name):
    today, proposed = (by_area(town, MEASURES[name], town.scheme.option(o)) for o in ("today", "proposed"))
    assert today["F"] == proposed["F"]


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_the_order_of_areas_in_a_command_is_nothing(town, name):
    measure = MEASURES[name].compute
    assert measure(town, Command(("S", "N"), "bcu", "Dock")) == measure(town, Command(("N", "S"), "bcu", "Dock"))


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_other_names_of_areas_change_nothing(town, name):
    rename = {"F": "Z9", "N": "A1", "S": "M5"}
    system = replace(town.system, areas=tuple(replace(a, code=rename[a.code]) for a in town.system.areas))
    sites = tuple(replace(s, area=rename[s.area]) for s in town.scheme.sites)
    rows = tuple({**row, "area": rename[row["area"]]} for row in town.tables["crimes"])
    other = replace(town, system=system, scheme=replace(town.scheme, sites=sites), content="renamed",
                    tables={"crimes": replace(town.tables["crimes"], rows=rows)})
    here = MEASURES[name].compute(town, Command(("N", "S"), "bcu", "Dock"))
    there = MEASURES[name].compute(other, Command(("A1", "M5"), "bcu", "Dock"))
    assert {rename[code]: value for code, value in here.items()} == there


def test_everything_is_closeness_and_never_enters_the_verdict():
    assert {measure.role for measure in locality.MEASURES} <= {"closeness", "context"}
    assert len(MEASURES) == len(locality.MEASURES) == 18
    assert all(name.startswith("locality.") for name in MEASURES)
    for measure in locality.MEASURES:
        assert measure.definition.endswith(".")
        assert measure.smallest_that_matters > 0
        assert measure.reference


def test_tables_have_a_unit_for_each_column_and_cells_for_each(town):
    for name, maker in locality.TABLES:
        table = maker(town)
        assert table.name == name
        assert len(table.columns) == len(table.units) == len(set(table.columns))
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert table.rows
        assert all(not isinstance(cell, float) or math.isfinite(cell) for row in table.rows for cell in row)


def test_tables_name_findings_that_exist(town):
    for _, maker in locality.TABLES:
        for finding in maker(town).finding_ids:
            measure, option, subject = finding.split("/")
            assert subject in by_area(town, MEASURES[measure], town.scheme.option(option))


def test_options_with_the_same_answer_are_listed_once(town):
    table = dict(locality.TABLES)["leadership"](town)
    assert {row[0] for row in table.rows} == {"today", "proposed"}
    assert "The same as today: cuts, pause." in table.note


def test_headquarters_choice_by_hand(town):
    table = dict(locality.TABLES)["headquarters_choice"](town)
    rows = {(row[0], row[2]): dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert set(rows) == {(base, place) for base in ("Hill", "Dock") for place in ("N", "S", "command:N+S")}
    assert rows["Dock", "S"]["kilometres"] == 1.5
    assert rows["Dock", "S"]["proposed"] is True
    assert rows["Hill", "N"]["kilometres"] == 3.0        # 100 people at 0 km, 300 at 4 km
    assert rows["Hill", "S"]["kilometres"] == 4.5        # 200 at 4 km, 200 at 5 km
    assert rows["Hill", "command:N+S"]["kilometres"] == pytest.approx((3.0 * 420 + 4.5 * 500) / 920, abs=0.05)
    assert rows["Hill", "command:N+S"]["residents"] == 920
    slow = dict(locality.TABLES)["headquarters_choice"](town.assume("locality.kilometres_per_hour", 10))
    far = {(row[0], row[2]): row[7] for row in slow.rows}
    assert far["Dock", "N"] == 420                       # 9 minutes a kilometre: 4 km is 36 minutes
    assert far["Dock", "S"] == 0


def test_accountability_fills_gaps_with_holders(town):
    table = dict(locality.TABLES)["accountability"](town)
    assert len(table.rows) == 3 * 2 * 7
    assert {row[4] for row in table.rows} == {None}
    assert {row[5] for row in table.rows} == {"Town Police"}


def test_checks_pass_on_a_sound_town_and_fail_on_a_broken_one(town, with_areas):
    def passed(case):
        return [check.passed for maker in locality.CHECKS for check in maker(case)]
    assert passed(town) == [True, True, True]
    assert passed(with_areas("N", population=None)) == [None, True, True]
    assert passed(with_areas("N", points=town.system.area("S").points)) == [True, False, True]
    assert passed(with_areas("N", points=())) == [True, False, True]
    option = town.scheme.option("today")
    short = replace(option, grouping=replace(option.grouping, commands=option.grouping.commands[1:]))
    moved = replace(option, grouping=replace(option.grouping, commands=(
        Command(("N",), "borough", "Dock"), *option.grouping.commands[:1], *option.grouping.commands[2:])))
    for changed, expected in ((short, [False, True, True]), (moved, [True, True, False])):
        case = replace(town, scheme=replace(town.scheme, options=(changed,)))
        assert passed(case) == expected


def test_the_first_case_says_what_the_papers_said(first_case):
    def value(name, option):
        return by_area(first_case, MEASURES["locality." + name], first_case.scheme.option(option))
    wandsworth = "E09000032"
    assert value("residents_per_commander", "today")[wandsworth] == 316_096      # "around 320,000 people"
    assert value("residents_per_commander", "proposed")[wandsworth] == 893_078   # "around 900,000"
    assert round(value("area_km2_per_commander", "proposed")[wandsworth], 2) == 166.55
    assert value("area_km2_per_commander", "today")[wandsworth] / 2.589988 == pytest.approx(13.2, abs=0.05)
    assert value("councils_per_commander", "proposed")[wandsworth] == 4
    assert sum(value("dedicated_ward_officers", "proposed").values()) == 148
    assert value("crimes_per_commander", "proposed")[wandsworth] == sum(value("crimes_per_commander", "today").values())
    assert value("distance_to_headquarters", "today")["E09000021"] == value("distance_to_headquarters", "proposed")[
        "E09000021"]


def test_the_first_case_reads_nothing_published_later(first_case):
    for name, maker in locality.TABLES:
        for row in maker(first_case).rows:
            assert all(cell <= date(2018, 1, 31) for cell in row if isinstance(cell, date)), name
    table = dict(locality.TABLES)["accountability"](first_case)
    told = {(row[0], row[2], row[3]): row for row in table.rows}
    assert len(told) == 4 * 2 * 7
    assert told["E09000032", "today", "rank of that officer"][4] == "chief superintendent"
    assert told["E09000032", "proposed", "usual length of post"][4] is None
    assert all(row[4] or row[5] for row in table.rows)
    assert "4 answers were published after" in table.note


def test_every_assumption_of_the_room_is_used_and_known(first_case):
    used = {"locality.detour", "locality.kilometres_per_hour", "locality.ward_officers_per_ward",
            "locality.support_officers_per_ward"}
    used |= {locality.priorities.harm_name(row["type"]) for row in first_case.tables["crimes"]}
    given = {name for name in first_case.assumptions if name.startswith("locality.")}
    assert given == used
    for name in sorted(given):
        known = first_case.assumption(name)
        assert known.low <= known.value <= known.high
        assert known.kind != "guess" or (known.holder and known.why)
