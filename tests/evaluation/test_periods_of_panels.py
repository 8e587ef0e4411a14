"""Periods written in every way that people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import CaseError
from bailiwick.evaluation.periods import Axis, axis, is_period, label

MONTHS = [(2015 + k // 12, k % 12 + 1) for k in range(26)]
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _last(y, m):
    return date(y + m // 12, m % 12 + 1, 1) - timedelta(days=1)


@pytest.mark.parametrize(
    "write",
    [
        lambda y, m: f"{y}-{m:02d}", lambda y, m: f"{m:02d}/{y}", lambda y, m: f"{y}{m:02d}", lambda y, m: f"{y}M{m}",
        lambda y, m: f"{NAMES[m - 1]}-{y % 100}", lambda y, m: f"{NAMES[m - 1]} {y}",
        lambda y, m: f"{y} {NAMES[m - 1]}",
        lambda y, m: f"01/{m:02d}/{y}", lambda y, m: f"{m:02d}/01/{y}", lambda y, m: f"{y}-{m:02d}-01",
        lambda y, m: f"{y}-{m:02d}-01 00:00:00", lambda y, m: _last(y, m).isoformat(),
        lambda y, m: _last(y, m).strftime("%d/%m/%Y"), lambda y, m: _last(y, m).strftime("%m/%d/%Y"),
        lambda y, m: f"15 {NAMES[m - 1]} {y}", lambda y, m: f"{NAMES[m - 1]} 1, {y}", lambda y, m: f"{y}{m:02d}01",
    ],
)
def test_months(write):
    words = [write(y, m) for y, m in MONTHS]
    found, places = axis(words[::-1])
    assert (found.kind, found.step, found.count) == ("month", 1, 26)
    assert found.labels[0] == "2015-01"
    assert places == tuple(range(25, -1, -1))
    assert found.position(words[14]) == pytest.approx(14, abs=0.999)


@pytest.mark.parametrize(
    "write",
    [
        lambda y, q: f"{y}Q{q}", lambda y, q: f"Q{q} {y}", lambda y, q: f"{y}-Q{q}",
        lambda y, q: f"{y}-{3 * q:02d}", lambda y, q: _last(y, 3 * q).isoformat(),
    ],
)
def test_quarters(write):
    words = [write(2014 + k // 4, k % 4 + 1) for k in range(14)]
    found, places = axis(words)
    assert (found.kind, found.labels[:2], places) == ("quarter", ("2014Q1", "2014Q2"), tuple(range(14)))


@pytest.mark.parametrize(
    "write",
    [
        str, lambda y: f"{y}.0", lambda y: f"{y}-12-31", lambda y: f"X{y}", lambda y: f"Year ending December {y}",
        lambda y: f"Jan {y} to Dec {y}",
    ],
)
def test_years(write):
    found, _ = axis([write(y) for y in range(1996, 2010)])
    assert (found.kind, found.labels[0], found.per_year) == ("year", "1996", 1)


def test_every_second_year_weeks_days_and_numbers():
    assert axis([str(y) for y in range(1940, 2000, 2)])[0] == Axis("year", 1940, 2, 30)
    weeks = [(date(2015, 1, 5) + timedelta(days=7 * k)).isoformat() for k in range(60)]
    assert (axis(weeks)[0].kind, axis(weeks)[0].step) == ("day", 7)
    days = [(date(2016, 2, 20) + timedelta(days=k)).strftime("%d.%m.%Y") for k in range(40)]
    assert axis(days)[0].labels[9] == "2016-02-29"
    assert axis([f"2016-W{w:02d}" for w in range(1, 40)])[0].step == 7
    assert axis([str(k) for k in range(-5, 12)])[0] == Axis("number", -5, 1, 17)
    assert axis([f"t{k}" for k in range(1, 9)])[0] == Axis("number", 1, 1, 8)


def test_a_month_that_looks_like_a_financial_year():
    found, _ = axis([f"2011-{m:02d}" for m in range(1, 13)])
    assert (found.kind, found.count) == ("month", 12)
    assert found.position("2011-12") == 11
    assert axis(["2011-12", "2012-13", "2013-14"])[0].kind == "year"


def test_a_date_inside_a_period_says_how_much_has_gone():
    months = Axis("month", 12 * 2017, 1, 12)
    assert months.position("2017-09") == 8
    assert months.position("2017-09-04") == pytest.approx(8 + 3 / 30)
    quarters = Axis("quarter", 4 * 2017, 1, 4)
    assert quarters.position("2017-04-01") == 1
    assert quarters.position("2017") == 0
    assert Axis("year", 2010, 1, 9).position("2014-07-02") == pytest.approx(4 + 182 / 365)
    assert Axis("number", 0, 1, 9).position("4") == 4
    assert months.part(3, 6).labels == ("2017-04", "2017-05", "2017-06")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no period at all"), (["2015-01", "yesterday"], "yesterday"), (["2015-01", ""], "(empty cell)"),
        (["2015-01", "2015-02", "2015-04"], "nothing for 2015-03"), (["2015Q1", "2015-02-03", "2015"], "a mixture"),
        (["2015-13"], "2015-13"), (["2015-02-30"], "2015-02-30"), (["31/31/2015"], "31/31/2015"),
    ],
)
def test_what_cannot_be_read_is_shown(words, said):
    with pytest.raises(CaseError) as caught:
        axis(words)
    assert said in str(caught.value)


def test_a_start_in_other_words_than_the_data_is_refused():
    with pytest.raises(CaseError, match="period"):
        Axis("number", 0, 1, 9).position("2014-07-02")
    with pytest.raises(CaseError, match="period"):
        Axis("month", 0, 1, 9).position("soon")


@given(st.integers(1900 * 12, 2100 * 12), st.integers(3, 60))
def test_labels_are_read_back(first, count):
    found, places = axis([label("month", first + k) for k in range(count)])
    assert places == tuple(range(count))
    assert found.kind in ("month", "quarter", "year")


def test_column_names_that_are_periods():
    assert all(is_period(w) for w in ("2014-01", "1970", "Q1 2017", "X1999", "31/12/2014", "t7"))
    assert not any(is_period(w) for w in ("7", "Camden", "gss", ""))


@pytest.mark.parametrize(
    ("write", "label_of_fifth", "start"),
    [
        (lambda k: f"{2000 + k}/{(k + 1) % 100:02d}", "2004/05", "2004-05"),
        (lambda k: f"{2000 + k}-{2001 + k}", "2004/05", "2004/05"), (lambda k: f"FY{2000 + k}", "FY2004", "FY 2004"),
        (lambda k: f"H{k % 2 + 1} {2000 + k // 2}", "2002H1", "2002-01-01"),
        (lambda k: f"2015W{k + 1:02d}", "2015-W05", "week 5 2015"),
        (lambda k: f"{2000 + k / 4:.2f}", "2001Q1", "2001.00"),
        (lambda k: f"{2000 + k / 12:.3f}", "2000-05", "2000.333"),
        (lambda k: f"Apr {2000 + k} to Mar {2001 + k}", "2004-04 to 2005-03", "2004-04-01"),
        (lambda k: f"year ending March {2001 + k}", "2004-04 to 2005-03", "Apr 2004 - Mar 2005"),
        (lambda k: f"{NAMES[3 * k % 12]}-{NAMES[(3 * k + 2) % 12]} {2000 + k // 4}", "2001Q1", "2001-01"),
        (lambda k: f"week {k}", "4", "4"),
    ],
)
def test_financial_years_halves_weeks_decimals_and_spans(write, label_of_fifth, start):
    words = [write(k) for k in range(14)]
    assert all(is_period(word) for word in words)
    found, places = axis(words)
    assert (found.labels[4], places) == (label_of_fifth, tuple(range(14)))
    assert found.position(start) == pytest.approx(4)
    assert found.part(4, 9).labels[0] == label_of_fifth


def test_a_date_is_not_placed_in_years_that_begin_nobody_knows_when():
    found, _ = axis(["2014/15", "2015/16", "2016/17"])
    with pytest.raises(CaseError, match="in which month its years begin"):
        found.position("2015-09-01")
    ending, _ = axis([f"year ending March {y}" for y in (2015, 2016, 2017)])
    assert ending.position("2015-10-01") == pytest.approx(1.5)


def test_rolling_spans_are_refused_and_months_of_two_figures_stay_months():
    with pytest.raises(CaseError, match="bit by bit"):
        axis([f"year ending {m} 2016" for m in ("March", "June", "September")])
    assert axis([f"2012.{m:02d}" for m in range(1, 13)])[0].kind == "month"
    assert axis(["2012.08", "2012.09", "2012.10"])[0].labels == ("2012-08", "2012-09", "2012-10")
