"""What every measure of every room promises, checked over the register."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from bailiwick import appraisal, casefile
from bailiwick.findings import Unavailable, by_area, combined
from bailiwick.scheme import Command, Grouping, Option

MEASURES = appraisal.MEASURES
NAMES = [m.name for m in MEASURES]


@pytest.fixture(scope="module")
def case():
    return casefile.load("south-west-london-2018")


@pytest.mark.parametrize("measure", MEASURES, ids=NAMES)
def test_each_area_has_a_finite_number_or_a_reason(case, measure):
    for option in case.scheme.options:
        found = by_area(case, measure, option)
        assert set(found) in ({"scheme"}, set(case.scheme.scope)), option.name
        for code, value in found.items():
            if isinstance(value, Unavailable):
                assert value.reason and value.text, f"{option.name} {code}: a reason is told in words"
            else:
                assert math.isfinite(value), f"{option.name} {code}"


@pytest.mark.parametrize("measure", MEASURES, ids=NAMES)
def test_a_measure_says_what_it_is(measure):
    room, _, short = measure.name.partition(".")
    assert room in {"finance", "locality", "response", "evaluation", "alternatives"}
    assert short.islower()
    assert len(measure.definition) > 20
    assert measure.title
    assert measure.unit
    assert measure.smallest_that_matters >= 0


def test_names_are_unique():
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("measure", [m for m in MEASURES if m.scope == "command"],
                         ids=[m.name for m in MEASURES if m.scope == "command"])
def test_an_area_whose_command_does_not_change_does_not_change(case, measure):
    """Merge three of the four: Wandsworth keeps its command, its model and its headquarters."""
    today = case.scheme.option("today")
    kept = today.grouping.command_of("E09000032")
    others = Command(("E09000021", "E09000024", "E09000027"), "bcu", "Kingston")
    merged = Option("partly", "alternative", "three of four", Grouping((kept, others)))
    assert by_area(case, measure, merged)["E09000032"] == by_area(case, measure, today)["E09000032"]


@pytest.mark.parametrize("measure", MEASURES, ids=NAMES)
def test_the_order_of_areas_and_commands_changes_nothing(case, measure):
    option = case.scheme.option("today")
    turned = replace(option, grouping=Grouping(tuple(reversed(option.grouping.commands))))
    assert by_area(case, measure, option) == by_area(case, measure, turned)
    total = combined(case, measure, by_area(case, measure, option))
    assert total == combined(case, measure, by_area(case, measure, turned)) or isinstance(total, Unavailable)


@pytest.mark.parametrize("measure", MEASURES, ids=NAMES)
def test_no_set_of_assumptions_gives_a_number_that_is_not_one(case, measure):
    for k in (0, case.draws // 2, case.draws - 1):
        drawn = case.sample(k)
        for option in drawn.scheme.options:
            values = by_area(drawn, measure, option).values()
            assert all(isinstance(v, Unavailable) or math.isfinite(v) for v in values)


def test_the_four_boroughs_add_up_to_the_published_totals(case):
    residents = sum(case.system.area(code).population for code in case.scheme.scope)
    assert residents == 893_078
    later = casefile.load("south-west-london-2018", as_of=date(2018, 7, 1))
    assert sum(later.system.area(code).population for code in later.scheme.scope) == 899_598
    assert sum(case.system.area(code).area_km2 for code in case.scheme.scope) == pytest.approx(166.55)
