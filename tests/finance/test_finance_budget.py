"""Is the budget deflated rightly, with and without the council-tax rise, and are unknown years left unknown?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bailiwick.finance.books import books
from bailiwick.finance.budget import deflator, outlook, real_budget, series, share_of_gap
from bailiwick.finance.figures import budget
from bailiwick.finance.precepts import precept_equalisation


def test_a_budget_is_put_into_2017_18_prices(case):
    by_gdp, by_pay = real_budget(case)["2016-17"]
    assert by_gdp == pytest.approx(3e9 * 1.015)
    assert by_pay == pytest.approx(3e9 * 1.01)


def test_years_nobody_published_stay_unknown(case):
    found = real_budget(case)
    assert list(found) == [f"20{y}-{y + 1}" for y in range(10, 19)]
    assert [year for year, pair in found.items() if pair != (None, None)] == ["2016-17", "2017-18"]


def test_the_price_index_is_carried_on_only_after_its_last_year(case):
    index = deflator(case, "gdp")
    assert sorted(index) == ["2015-16", "2016-17", "2017-18", "2018-19"]
    assert index["2018-19"] == pytest.approx(100 * 1.015 ** 2)


def test_the_pay_index_is_chained_awards(case):
    assert deflator(case, "police-pay")["2017-18"] == pytest.approx(100 * 1.01 ** 2)


def test_the_coming_year_with_and_without_the_rise(case):
    found = outlook(case)
    assert found is not None
    assert found.precept_rise == 12 * 2_500_000
    assert found.cash_change_percent == pytest.approx(1.0)
    assert found.with_rise_percent == pytest.approx(100 * (1.01 / 1.015 - 1))
    assert found.without_rise_percent == pytest.approx(100 * (1 / 1.015 - 1))
    assert found.with_rise_pay_percent == pytest.approx(found.with_rise_percent)


@pytest.mark.parametrize("item", ["budget", "precept rise proposed", "tax base", "grant change"])
def test_without_a_published_plan_there_is_no_outlook(case, item):
    told = case.tables["budget"]
    fewer = replace(told, rows=tuple(r for r in told.rows if r["item"] != item))
    assert outlook(replace(case, tables={**case.tables, "budget": fewer})) is None


def test_added_funding_once_known_takes_the_place_of_the_plan(case):
    told = case.tables["budget"]
    more = {**told.rows[0], "year": "2018-19", "item": "added funding", "value": 90_000_000.0}
    later = outlook(replace(case, tables={**case.tables, "budget": replace(told, rows=(*told.rows, more))}))
    assert later is not None
    assert later.cash_change_percent == pytest.approx(3.0)
    assert later.without_rise_percent == pytest.approx(100 * (1 + 60 / 3000) / 1.015 - 100)


def test_the_share_of_the_gap(case):
    assert share_of_gap(4e6, 400e6) == pytest.approx(1.0)
    assert share_of_gap(4e6, None) is None
    row = next(r for r in budget(case).rows if r[0] == "2017-18")
    saving = books(case).account("proposed").saving
    assert row[-2] == pytest.approx(100 * saving / 400e6, abs=0.005)
    assert row[-1] is None


def test_no_table_no_series(case):
    assert series(None, "budget") == {}
    empty = replace(case, tables={})
    assert deflator(empty, "gdp") == {}
    assert outlook(empty) is None
    assert all(pair == (None, None) for pair in real_budget(empty).values())


def test_one_precept_raises_what_the_separate_ones_did():
    band_d, base = {"a": 176.28, "b": 187.11}, {"a": 594_000.0, "b": 285_000.0}
    change = precept_equalisation(band_d, base)
    assert sum((band_d[k] + change[k]) * base[k] for k in base) == pytest.approx(
        sum(band_d[k] * base[k] for k in base))
    assert band_d["a"] + change["a"] == pytest.approx(band_d["b"] + change["b"])
