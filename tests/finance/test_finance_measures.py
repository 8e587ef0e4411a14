"""Does every measure and table of the room answer for every option, and for any draw?"""

from __future__ import annotations

import math

import pytest

from bailiwick import finance
from bailiwick.finance import CHECKS, MEASURES, TABLES, service_neutral_saving
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import net_present_value
from bailiwick.finance.horizons import horizons
from bailiwick.finance.pay import cost_of_post
from bailiwick.findings import Measure, Unavailable, by_area, combined
from bailiwick.scheme import Command

BY_NAME = {m.name: m for m in MEASURES}


def value(case, name: str, option: str):
    measure = BY_NAME[name]
    return combined(case, measure, by_area(case, measure, case.scheme.option(option)))


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_a_measure_answers_for_each_area_or_for_the_scheme(case, measure: Measure):
    for option in case.scheme.options:
        found = by_area(case, measure, option)
        assert sorted(found) == (["scheme"] if measure.scope == "grouping" else list(case.scheme.scope))
        for number in found.values():
            assert isinstance(number, Unavailable) or math.isfinite(number)


def test_names_are_unique_and_carry_the_room():
    assert len(BY_NAME) == len(MEASURES)
    assert all(name.startswith("finance.") for name in BY_NAME)
    assert len({name for name, _ in TABLES}) == len(TABLES)


def test_area_costs_add_up_to_the_books(case):
    kept = books(case)
    for name in ("today", "cuts", "proposed", "redesigned"):
        assert value(case, "finance.recurrent_cost", name) == pytest.approx(kept.account(name).posts_cost)
        assert value(case, "finance.posts", name) == pytest.approx(math.fsum(kept.account(name).posts))


def test_supervisors_fall_by_merging_and_constables_are_kept(case):
    """Equal money: the proposal keeps constables that cuts lose, and loses supervisors that cuts keep."""
    assert value(case, "finance.supervisors", "proposed") < value(case, "finance.supervisors", "cuts")
    assert value(case, "finance.constables", "proposed") > value(case, "finance.constables", "cuts")


def test_an_area_whose_command_does_not_change_costs_the_same(case):
    command = Command(("E",), "borough")
    assert finance.recurrent_cost(case, command) == finance.recurrent_cost(
        case.assume("finance.exit.multiple", 2.0), command)


def test_today_is_zero_or_means_nothing(case):
    assert value(case, "finance.saving_a_year", "today") == 0
    assert value(case, "finance.net_present_value", "today") == 0
    assert value(case, "finance.service_neutral_saving", "today") == 0
    for name in ("finance.payback_years", "finance.benefit_cost_ratio", "finance.officers_break_even",
                 "finance.pause_break_even_chance"):
        assert value(case, name, "today").reason == "not meaningful here"


def test_the_saving_at_equal_service_is_unknown_until_officers_are_known(case):
    assert value(case, "finance.service_neutral_saving", "proposed").reason == "unknown"
    option = case.scheme.option("proposed")
    even = value(case, "finance.officers_break_even", "proposed")
    assert service_neutral_saving(case, option, even) == pytest.approx(0, abs=1e-6)
    assert service_neutral_saving(case, option, even - 1) == pytest.approx(cost_of_post(case, "constable"))


def test_a_change_that_is_never_paid_back_says_so(case, changed):
    ruinous = changed(case, {"posts.superintendent.functions.proposed": 100.0})
    found = value(ruinous, "finance.payback_years", "proposed")
    assert isinstance(found, Unavailable)
    assert "10 years" in found.text


def test_benefits_over_costs_and_benefits_less_costs_come_from_the_same_flows(case):
    for name in ("cuts", "proposed", "redesigned"):
        costs, gains = (net_present_value(flow, case.rulebook) for flow in books(case).gross(name))
        assert value(case, "finance.benefit_cost_ratio", name) == pytest.approx(gains / costs)
        assert value(case, "finance.net_present_value", name) == pytest.approx(gains - costs)


def test_more_years_are_worth_more_while_each_year_saves(case):
    table = horizons(case)
    told = {row[1]: row[3] for row in table.rows if row[0] == "proposed"}
    assert list(told) == [5, 10, 20]
    assert told[5] < told[10] < told[20]
    assert told[10] == round(value(case, "finance.net_present_value", "proposed"))
    assert [row[1] for row in table.rows if row[2]] == [10] * len(case.scheme.options)
    assert "No option's" in table.note


def test_only_a_pause_has_a_chance_of_reversal_at_which_it_pays(case):
    assert 0 < value(case, "finance.pause_break_even_chance", "pause") < 1
    assert isinstance(value(case, "finance.pause_break_even_chance", "cuts"), Unavailable)


def test_the_budget_question_is_asked_once(case, changed):
    assert value(case, "finance.real_budget_change", "today") == pytest.approx(-0.4926, abs=1e-3)
    assert value(changed(case, tables={}), "finance.real_budget_change", "today").reason == "unknown"
    assert value(case, "finance.real_budget_change", "cuts").reason == "not meaningful here"


def test_the_share_of_the_gap_is_the_saving_over_the_target(case, changed):
    saving = value(case, "finance.saving_a_year", "proposed")
    assert value(case, "finance.share_of_gap", "proposed") == pytest.approx(100 * saving / 400e6)
    assert value(case, "finance.share_of_gap", "today") == 0
    assert value(changed(case, tables={}), "finance.share_of_gap", "proposed").reason == "unknown"


@pytest.mark.parametrize(("name", "make"), TABLES, ids=[n for n, _ in TABLES])
def test_a_table_is_rectangular_and_the_same_every_time(case, name, make):
    first, second = make(case), make(case)
    assert first == second
    assert first.name == name
    assert len(first.columns) == len(first.units)
    assert {len(row) for row in first.rows} <= {len(first.columns)}
    assert all(not isinstance(cell, float) or math.isfinite(cell) for row in first.rows for cell in row)


def test_the_findings_that_tables_name_exist(case):
    known = {f"{m.name}/{o.name}" for m in MEASURES for o in case.scheme.options}
    for _, make in TABLES:
        assert all(id.rsplit("/", 1)[0] in known for id in make(case).finding_ids)


def test_the_waterfall_lands_on_the_net_present_value(case):
    table = dict(TABLES)["waterfall"](case)
    for option in case.scheme.options:
        rows = [r for r in table.rows if r[0] == option.name]
        expected = rows[0][2] - value(case, "finance.net_present_value", option.name)
        assert rows[-1][2] == pytest.approx(expected, abs=2)
        assert math.fsum(r[2] for r in rows[:-1]) == pytest.approx(rows[-1][2], abs=10)


def test_cash_by_year_adds_up_to_the_net_present_value(case):
    table = dict(TABLES)["cash_by_year"](case)
    for option in case.scheme.options:
        rows = [r for r in table.rows if r[0] == option.name]
        assert math.fsum(r[6] for r in rows) == pytest.approx(
            value(case, "finance.net_present_value", option.name), abs=10)
        for row in rows:
            assert row[4] == pytest.approx(row[3] - row[2], abs=2)


def test_the_ledger_table_rebuilds_the_economic_flows(case):
    table = dict(TABLES)["ledger"](case)
    at = {name: i for i, name in enumerate(table.columns)}
    for option in case.scheme.options:
        counted = [r for r in table.rows if r[0] == option.name and r[at["economic view"]] and not r[at["sunk"]]]
        net = math.fsum(r[at["expected"]] * (1 if r[at["kind"]] == "benefit" else -1) for r in counted)
        assert net == pytest.approx(math.fsum(books(case).net(option.name)), abs=200)


def test_three_comparisons_are_never_mixed(case):
    table = dict(TABLES)["comparisons"](case)
    at = {name: i for i, name in enumerate(table.columns)}
    rows = {(r[0], r[1]): r for r in table.rows}
    for option in ("proposed", "redesigned"):
        assert rows["equal money", option][at["saving a year"]] == 0
        assert rows["equal posts", option][at["saving a year"]] == 0
        assert rows["equal posts", option][at["one-off cost"]] > 0
        assert rows["equal service", option][at["saving a year"]] is None
        assert rows["equal service", option][at["officers to break even"]] > 0
    assert rows["equal money", "proposed"][at["constables"]] == pytest.approx(
        value(case, "finance.constables", "proposed") - value(case, "finance.constables", "cuts"), abs=0.06)


def test_views_of_the_programme_stand_side_by_side(case):
    rows = dict(TABLES)["programme_views"](case).rows
    assert [r[0] for r in rows] == ["alone", "alone", "alone", "marginal"]
    assert [("(used)" in r[1]) for r in rows] == [True, False, False, False]


def test_every_draw_can_be_judged_and_holds_together(case):
    for k in range(6):
        drawn = case.sample(k * 30)
        for measure in MEASURES:
            for option in drawn.scheme.options:
                by_area(drawn, measure, option)
        told = {c.name: c.passed for make in CHECKS for c in make(drawn)}
        assert told["The ledger adds up"]
        assert told["Cuts cost a year what the proposal costs"]
        assert told["No saving is counted twice"]


def test_books_are_kept_once_per_case_and_never_mixed_up(case, changed):
    assert books(case) is books(case)
    other = changed(case, {"finance.realisation": 0.6})
    assert books(other) is not books(case)
    assert books(other).factors.realised == 0.6
