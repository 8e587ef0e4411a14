"""Is there one ledger, with each pound in it once, in the right view, year and prices?"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from bailiwick.errors import MethodError
from bailiwick.finance import CHECKS, checks
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import Money, net_present_value
from bailiwick.finance.ledger import NONE, Adjustment, Line, adjustment, counted_twice, flows, signed

YEARS = ("2018-19", "2019-20")


def line(**given: object) -> Line:
    told = {"option": "o", "year": "2018-19", "account": "a", "item": "i", "headline": "posts", "amount": 100.0,
            "kind": "benefit"} | given
    return Line(**told)


def every(case) -> tuple[Line, ...]:
    return tuple(entry for account in books(case).accounts for entry in account.lines)


def test_no_line_feeds_two_headline_benefits(case):
    assert counted_twice(every(case)) == ()


@pytest.mark.parametrize("again", [{"headline": "estate"}, {"account": "the same under another name"}])
def test_a_saving_credited_twice_is_found(case, again):
    lines = every(case)
    credited = next(entry for entry in lines if entry.kind == "benefit")
    failed = checks.double_counting((*lines, replace(credited, **again)))
    assert failed.passed is False
    assert credited.item in failed.text


def test_the_same_item_in_another_year_or_option_is_not_twice():
    assert counted_twice((line(), line(year="2019-20"), line(option="p"))) == ()


@pytest.mark.parametrize(("given", "economic", "cash"), [
    ({}, 100, 100), ({"kind": "cost"}, -100, -100), ({"transfer": True}, 0, 100), ({"vat": True}, 0, 100),
    ({"sunk": True}, 0, 0), ({"cash": False}, 100, 0), ({"economic": False}, 0, 100),
])
def test_flags_say_in_which_view_a_line_counts(given, economic, cash):
    assert flows([line(**given)], YEARS, "economic")[0] == economic
    assert flows([line(**given)], YEARS, "cash")[0] == cash


def test_prices_of_two_years_are_never_added():
    with pytest.raises(MethodError, match="2010-11 and 2017-18"):
        flows([line(), line(price_base="2010-11")], YEARS, "cash")
    with pytest.raises(MethodError, match="deflate"):
        Money(1, "2017-18") + Money(1, "2016-17")
    assert Money(1, "2017-18") + Money(2, "2017-18") == Money(3, "2017-18")


def test_bias_falls_on_costs_and_realisation_on_benefits():
    factors = Adjustment({"equipment": 2.0}, 0.8)
    assert signed(line(realised=True), factors) == pytest.approx(80)
    assert signed(line(), factors) == 100
    assert signed(line(kind="cost", bias="equipment"), factors) == -300
    assert signed(line(kind="cost", realised=True), factors) == -100, "an added cost always comes"


@pytest.mark.parametrize(("position", "expected"), [(0.3, 0.10 + 0.3 * 1.9), (1.0, 2.0)])
def test_bias_lies_between_the_rulebooks_bounds(case, position, expected):
    assert adjustment(case.assume("finance.optimism.position", position)).bias["equipment"] == pytest.approx(expected)


def test_optimism_bias_only_makes_it_dearer(case):
    kept = books(case)
    for account in kept.accounts:
        assert kept.one_off(account.option.name) >= kept.one_off(account.option.name, before=True)
        before, after = (net_present_value(kept.net(account.option.name, before=b), case.rulebook)
                         for b in (True, False))
        assert after <= before + 1e-6


def test_the_first_year_is_the_part_after_the_start(case):
    first, second = (next(e.amount for e in books(case).account("proposed").lines
                          if e.item == "sergeant.supervision" and e.year == y) for y in YEARS)
    days = (date(2019, 4, 1) - date(2018, 5, 23)).days
    assert first / second == pytest.approx(days / 365)


def test_years_are_financial_years_from_the_one_of_the_start(case):
    assert books(case).years[0] == "2018-19"
    assert books(case).years[-1] == "2027-28"
    assert len(books(case).years) == case.scheme.horizon_years


def test_today_is_the_zero_of_every_account(case):
    account = books(case).account("today")
    assert account.lines == ()
    assert account.saving == 0


def test_the_net_present_value_of_a_stripped_merger_by_hand(case, changed):
    """Only sergeants go, nothing else moves, no cost, no bias, all realised: an annuity with a part first year."""
    zero = {n: 0.0 for n in case.assumptions if n.startswith((
        "finance.transition.share", "finance.transition.training_c", "finance.transition.training_d",
        "finance.dip.", "finance.risk", "finance.programme.it", "finance.programme.other",
        "finance.redundancy.share", "finance.estate.running", "finance.estate.receipt"))}
    zero |= {"finance.realisation": 1.0, "finance.leavers.reach": 1e9}
    zero |= {"posts.chief superintendent.commander.proposed": 4.0, "posts.superintendent.functions.proposed": 8.0,
             "posts.inspector.response duty.proposed": 20.0, "posts.constable.local policing.proposed": 0.0,
             "posts.staff.business support.proposed": 32.0}
    bare = changed(case, zero)
    kept = books(bare)
    yearly = 16 * (42_000 + 2_349 + 4_000) * 1.32
    days = (date(2019, 4, 1) - date(2018, 5, 23)).days / 365
    expected = yearly * (days + math.fsum(1.035 ** -t for t in range(1, 10)))
    assert kept.account("proposed").saving == pytest.approx(yearly)
    assert net_present_value(kept.net("proposed"), bare.rulebook) == pytest.approx(expected, rel=1e-6)


def test_pay_that_outgrows_prices_saves_more_each_year(case):
    growing = books(case.assume("finance.pay.real_growth", 0.01))
    amounts = [e.amount for e in growing.account("proposed").lines if e.item == "sergeant.supervision"]
    assert amounts[2] / amounts[1] == pytest.approx(1.01)


def test_vat_and_precept_are_lines_of_zero_with_a_reason(case):
    flagged = [e for e in books(case).account("proposed").lines if e.headline == "flagged"]
    assert [(e.amount, bool(e.note)) for e in flagged] == [(0.0, True), (0.0, True)]


def test_vat_that_is_not_recovered_is_cash_and_not_economic(case, changed):
    taxed = changed(case, {"finance.vat.recoverable": 0.0})
    bought = books(taxed)
    (vat,) = [e for e in bought.account("proposed").lines if e.vat]
    assert vat.amount > 0
    assert bought.net("proposed") == pytest.approx(books(case).net("proposed"))
    assert sum(bought.net("proposed", cash=True)) == pytest.approx(
        sum(books(case).net("proposed", cash=True)) - vat.amount)


def test_two_forces_have_two_precepts(case, changed):
    areas = tuple(replace(a, force="Other Police") if a.code == "D" else a for a in case.system.areas)
    torn = changed(case, system=replace(case.system, areas=areas))
    (told,) = checks.precept(torn)
    assert told.passed is None
    assert "Other Police" in told.text
    assert "unknown" in told.text
    assert not [e for e in books(torn).account("proposed").lines if e.item == "precept"]


def test_sunk_money_is_shown_and_in_no_total(case):
    kept = books(case)
    assert any(e.sunk and e.amount > 0 for e in kept.account("proposed").lines)
    (passed,) = checks.sunk_excluded(case)
    assert passed.passed
    assert "none of it counted" in passed.text


def test_all_checks_pass_on_a_sound_case(case):
    found = [check for make in CHECKS for check in make(case)]
    assert [c.name for c in found if c.passed is False] == []
    assert [c.name for c in found if c.passed is None] == ["What the saving rests on"]
    assert len({c.name for c in found}) == len(found)


def test_a_rulebook_from_the_future_is_told(case, changed, rulebooks):
    (late,) = checks.rulebook_in_force(changed(case, rulebook=rulebooks["green-book-2018"]))
    assert late.passed is False


def test_a_merger_that_costs_nothing_to_make_is_told(case, changed, without):
    """Nobody's post goes, nothing is moved or taught, and there is no programme: the cost of change is nil."""
    values = {n: 0.0 for n in case.assumptions if n.startswith((
        "finance.transition.share", "finance.transition.training_", "finance.dip"))}
    for start in ("chief superintendent.commander", "superintendent.functions", "inspector.response duty",
                  "staff.business support"):
        for part in ("proposed", "redesigned"):
            values[f"posts.{start}.{part}"] = 4 * case.value(f"posts.{start}.today")
    for start in ("sergeant.supervision", "constable.local policing", "constable.response"):
        values |= {f"posts.{start}.{part}": 0.0 for part in ("proposed", "redesigned")}
    free = changed(without(case, "finance.programme.it"), values)
    (failed,) = checks.transition_costed(free)
    assert failed.passed is False
    assert "proposed" in failed.text


def test_ward_officers_are_ring_fenced(case, changed):
    cut = changed(case, {"posts.constable.dedicated ward officer.proposed": -1.0})
    (failed,) = checks.officer_floor(cut)
    assert failed.passed is False
    assert "ward officer" in failed.text
    assert checks.officer_floor(case)[0].passed


def test_mixed_price_bases_of_assumptions_are_told(case, changed):
    mixed = dict(case.assumptions)
    mixed["finance.pay.staff"] = replace(mixed["finance.pay.staff"], price_base="2010-11")
    (failed,) = checks.one_price_base(changed(case, assumptions=mixed))
    assert failed.passed is False


def test_the_steady_factor_of_no_adjustment_is_one():
    assert NONE.of(line(kind="cost", bias="equipment")) == 1.0
