"""Is the dip of the first months counted once: paid time in one line of money, late arrivals in their own units?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bailiwick import appraisal, casefile
from bailiwick.case import Case
from bailiwick.finance import MEASURES, checks
from bailiwick.finance.books import books
from bailiwick.findings import by_area

MOVED = {"finance.one_off_cost", "finance.net_present_value", "finance.payback_years",
         "finance.benefit_cost_ratio", "finance.pause_break_even_chance"}


def numbers(case: Case) -> dict[tuple[str, str], object]:
    return {(measure.name, option.name): by_area(case, measure, option)
            for measure in MEASURES for option in case.scheme.options}


def test_the_dip_is_one_line_that_feeds_one_headline(case):
    lines = [line for line in books(case).account("proposed").lines if line.item == "dip"]
    assert [(line.headline, line.kind, line.cash, line.economic) for line in lines] == [
        ("settling in", "cost", False, True)]
    assert checks.settling_in_once(case)[0].passed


def test_no_yearly_saving_and_nothing_without_a_merger_moves_with_the_dip(case, changed):
    deep, none = (numbers(changed(case, {"finance.dip.depth": depth})) for depth in (0.15, 0.0))
    moved = {name for name, option in deep if deep[name, option] != none[name, option]}
    assert moved == MOVED
    assert {option for name, option in deep if deep[name, option] != none[name, option]} == {
        "proposed", "redesigned", "pause", "pause-12"}


def test_a_dip_in_two_lines_is_told(case, monkeypatch):
    kept = books(case)
    account = kept.account("proposed")
    (line,) = [entry for entry in account.lines if entry.item == "dip"]
    for again in (line, replace(line, headline="one-off"), replace(line, cash=True)):
        lines = (*account.lines, again) if again == line else tuple(again if e == line else e for e in account.lines)
        monkeypatch.setitem(kept.made, "proposed", replace(account, lines=lines))
        (told,) = checks.settling_in_once(case)
        assert told.passed is False
        assert "proposed" in told.text


def test_the_dip_of_response_reaches_no_number_of_the_appraisal(monkeypatch):
    """One judgement of the first case reads the price of the paid time and never the depth or length of slower help."""
    read: set[str] = set()
    value = Case.value

    def noted(case: Case, name: str) -> float:
        read.add(name)
        return value(case, name)

    monkeypatch.setattr(Case, "value", noted)
    case = replace(casefile.load("south-west-london-2018"), seed=7)
    judged = appraisal.judge(case)
    assert len(judged.values) > 500
    assert {"finance.dip.depth", "finance.dip.months"} <= read
    assert sorted(name for name in read if name.startswith("response.")) != []
    assert [name for name in read if name.startswith("response.dip.")] == []


@pytest.mark.parametrize("months", [2.0, 12.0])
def test_the_price_of_the_dip_is_paid_time(case, changed, months):
    (line,) = [e for e in books(changed(case, {"finance.dip.months": months})).account("proposed").lines
               if e.item == "dip"]
    (half,) = [e for e in books(changed(case, {"finance.dip.months": months / 2})).account("proposed").lines
               if e.item == "dip"]
    assert line.amount == pytest.approx(2 * half.amount)
