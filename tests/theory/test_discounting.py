"""Discounting, deflating and payback against closed forms, and against a second way of working them out.

Closed forms: annuity, growing annuity (Gordon), perpetuity. Rates: HM Treasury, The Green Book, 3.5% to year 30, then
3.0, 2.5, 2.0, 1.5 and 1.0%.
"""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import MethodError
from bailiwick.finance import net_present_value, payback, payback_within_years, real
from bailiwick.finance.cashflow import chained, discount_factors, financial_year, months_later, spans, year_name

RULEBOOKS = Path(__file__).parents[2] / "src" / "bailiwick" / "catalogue" / "rulebooks"
amounts = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40)
rates = st.floats(0, 0.2)


def rulebook(name: str) -> dict[str, object]:
    return tomllib.loads((RULEBOOKS / f"{name}.toml").read_text(encoding="utf-8"))


def exact(flows: list[float], rate: float) -> float:
    """A second way: Horner's rule from the last year back, in exact fractions."""
    value = Fraction(0)
    for flow in reversed(flows):
        value = value / (1 + Fraction(rate)) + Fraction(flow)
    return float(value)


@given(amounts, rates)
def test_the_net_present_value_agrees_with_exact_fractions(flows, rate):
    assert net_present_value(flows, rate) == pytest.approx(exact(flows, rate), rel=1e-9, abs=1e-3)


@pytest.mark.parametrize("years", [1, 2, 10, 30, 60])
def test_an_annuity(years):
    """1 a year in years 0 to n-1 at rate r is worth (1 - v^n) / (1 - v), v = 1 / (1 + r)."""
    v = 1 / 1.035
    assert net_present_value([1.0] * years, 0.035) == pytest.approx((1 - v ** years) / (1 - v))


@given(growth=st.floats(-0.05, 0.03), years=st.integers(1, 60))
def test_a_growing_annuity(growth, years):
    q = (1 + growth) / 1.035
    flows = [(1 + growth) ** t for t in range(years)]
    assert net_present_value(flows, 0.035) == pytest.approx((1 - q ** years) / (1 - q))


def test_a_long_annuity_is_nearly_a_perpetuity():
    assert net_present_value([1.0] * 2000, 0.035) == pytest.approx(1 + 1 / 0.035, rel=1e-6)


@given(amounts, rates, st.floats(-10, 10))
def test_it_is_linear_and_falls_with_delay(flows, rate, times):
    assert net_present_value([times * f for f in flows], rate) == pytest.approx(
        times * net_present_value(flows, rate), rel=1e-9, abs=1e-3)
    assert net_present_value([0.0, *flows], rate) == pytest.approx(
        net_present_value(flows, rate) / (1 + rate), rel=1e-9, abs=1e-3)


def test_no_rate_no_discount():
    assert net_present_value([1, 2, 3], 0.0) == 6


@pytest.mark.parametrize("name", ["green-book-2003", "green-book-2018", "green-book-2020", "green-book-2022",
                                  "green-book-2026"])
def test_the_declining_rates_of_every_rulebook(name):
    factors = discount_factors(351, rulebook(name))
    assert factors[0] == 1
    assert factors[30] == pytest.approx(1.035 ** -30)
    assert factors[75] == pytest.approx(1.035 ** -30 * 1.03 ** -45)
    assert factors[125] == pytest.approx(1.035 ** -30 * 1.03 ** -45 * 1.025 ** -50)
    assert factors[200] / factors[125] == pytest.approx(1.02 ** -75)
    assert factors[300] / factors[200] == pytest.approx(1.015 ** -100)
    assert factors[350] / factors[300] == pytest.approx(1.01 ** -50)


@pytest.mark.parametrize("name", ["green-book-2003", "green-book-2018", "green-book-2020", "green-book-2022",
                                  "green-book-2026"])
def test_every_rulebook_is_dated_and_complete(name):
    book = rulebook(name)
    assert book["name"] == name
    assert book["published"].year == book["edition"]
    bands = book["discount"]["standard"]
    assert all(b["from"] == a["to"] + 1 for a, b in pairwise(bands))
    assert all(row["lower"] <= row["upper"] for row in book["optimism_bias"].values())
    assert book["optimism_bias"]["equipment"] == {"upper": 200.0, "lower": 10.0}


def test_the_2003_edition_was_in_force_in_january_2018_and_the_next_was_not():
    days = [rulebook(f"green-book-{year}")["published"].isoformat() for year in (2003, 2018)]
    assert days[0] < "2018-01-31" < days[1]


@given(st.floats(1, 1e9), st.floats(-0.02, 0.1), st.integers(0, 12))
def test_money_that_keeps_up_with_prices_is_constant_in_real_terms(amount, inflation, years):
    index = {str(2005 + t): 100 * (1 + inflation) ** t for t in range(years + 1)}
    cash = {year: amount * index[year] / 100 for year in index}
    for base in index:
        found = real(cash, index, base)
        assert all(value == pytest.approx(amount * index[base] / 100) for value in found.values())


def test_real_and_nominal_discounting_agree():
    """A nominal flow at the nominal rate is worth the real flow at the real rate (Fisher)."""
    flows = {str(2018 + t): 100.0 * 1.02 ** t for t in range(8)}
    index = {year: 100 * 1.02 ** t for t, year in enumerate(flows)}
    nominal = net_present_value(list(flows.values()), 1.035 * 1.02 - 1)
    assert net_present_value(list(real(flows, index, "2018").values()), 0.035) == pytest.approx(nominal)


def test_years_without_an_index_are_left_out_and_a_base_without_one_is_refused():
    assert real({"2016": 1.0, "2017": 2.0}, {"2017": 100.0}, "2017") == {"2017": 2.0}
    with pytest.raises(MethodError, match="2016"):
        real({"2016": 1.0}, {"2017": 100.0}, "2016")


def test_an_index_is_chained_from_its_base():
    assert chained({"2011-12": 0.0, "2012-13": 10.0, "2013-14": 10.0}, "2010-11")["2013-14"] == pytest.approx(121)
    assert chained({"2009-10": 50.0}, "2010-11") == {"2010-11": 100.0}


@given(cost=st.floats(1, 1e6), yearly=st.floats(1, 1e6))
def test_an_even_saving_pays_back_after_cost_over_saving(cost, yearly):
    """Cost in year 0, saving from year 1: back after 1 + cost / saving years, where the period is long enough."""
    found = payback([-cost] + [yearly] * 30)
    if cost / yearly < 29.9:
        assert found == pytest.approx(1 + cost / yearly, rel=1e-6)
    elif cost / yearly > 30.1:
        assert found is None


def test_payback_waits_for_the_last_time_below_zero():
    assert payback([-10, 20, -15, 10]) == pytest.approx(3.5)
    assert payback([5, 5]) == 0.0
    assert payback([-1, 0.5]) is None


@given(cost=st.floats(1, 1e6), yearly=st.floats(1, 1e6), first=st.floats(0.1, 1))
def test_a_cost_at_the_start_is_paid_back_after_cost_over_saving(cost, yearly, first):
    """One cost at the start, an even saving from then on: back after cost / saving years, part years included."""
    lengths = [first] + [1.0] * 30
    found = payback_within_years([cost] + [0.0] * 30, [yearly * n for n in lengths], lengths)
    if cost / yearly < 30:
        assert found == pytest.approx(cost / yearly, rel=1e-6)
    elif cost / yearly > 31.1:
        assert found is None


def test_a_later_cost_has_to_be_paid_back_as_well():
    assert payback_within_years([10, 0, 40], [20, 20, 20], [1, 1, 1]) == pytest.approx(2.5)
    assert payback_within_years([0, 0], [1, 1], [1, 1]) == 0.0


@given(st.dates(min_value=date(2000, 1, 1),
                max_value=date(2030, 12, 31)), st.integers(1, 30))
def test_spans_run_from_the_start_without_gap(day, years):
    first = financial_year(day)
    found = spans(day, first, years)
    assert found[0][0] == 0
    assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(found))
    assert all(b - a == pytest.approx(1) for a, b in found[1:])
    assert 0 < found[0][1] <= 1


@given(st.dates(min_value=date(2000, 1, 1),
                max_value=date(2030, 12, 31)), st.integers(0, 60))
def test_months_later_is_the_same_day_or_the_months_last(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or later.day >= 28


def test_financial_years_are_named_as_they_are_written():
    assert [year_name(y) for y in (1999, 2009, 2017)] == ["1999-00", "2009-10", "2017-18"]
