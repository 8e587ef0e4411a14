"""Phrases agree in number, sign and certainty, for every value that can stand in the results."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.publish import words

UNITS = ("people", "posts", "km", "GBP a year, 2017-18 prices", "share, 0 to 1", "% of residents", "crimes a year", "")
sizes = st.floats(-1e10, 1e10, allow_nan=False)
decimals = st.integers(-3, 3)


@given(sizes, decimals)
def test_rounding_is_to_the_nearest_and_never_gives_a_negative_nought(value, places):
    kept = words.rounded(value, places)
    assert abs(kept - value) <= 0.5 * 10.0**-places * (1 + 1e-9)
    assert not str(kept).startswith("-0.0") or kept != 0


@given(sizes)
def test_money_carries_its_sign_and_reads_back_within_its_own_precision(pounds):
    said = words.money(pounds)
    assert said.startswith(words.MINUS) == (words.rounded(pounds, 0) < 0)
    found = re.fullmatch(r"−?£([\d,.]+)(?: (million|billion))?", said)
    assert found
    scale = {"million": 1e6, "billion": 1e9, None: 1.0}[found[2]]
    slack = {"million": 5e4, "billion": 5e7, None: 500.0 if abs(pounds) >= 10_000 else 0.5}[found[2]]
    assert abs(float(found[1].replace(",", "")) * scale - abs(pounds)) <= slack * 1.001


@given(st.one_of(st.none(), sizes), st.sampled_from(("better", "same", "worse", "not shown")), st.sampled_from(UNITS),
       st.integers(0, 2))
def test_about_the_same_is_said_if_and_only_if_that_is_the_state(value, state, unit, places):
    said = words.change(value, state, unit, places)
    assert (said == "about the same") == (state == "same" and value is not None)
    assert (said == words.NOT_KNOWN) == (value is None)
    assert not re.search(r"[-−]\d", said), "a change says more or less, never a sign"
    if said.startswith("perhaps"):
        assert state == "not shown"


@given(sizes.filter(lambda x: abs(x) >= 1), st.sampled_from(UNITS))
def test_more_and_less_follow_the_sign(value, unit):
    said = words.change(value, "worse", unit, 2)
    assert said.endswith("more") if value > 0 else said.endswith(("less", "fewer"))


@pytest.mark.parametrize(("value", "unit", "said"), [
    (1, "people", "1 person"), (0, "people", "0 people"), (2, "people", "2 people"), (-1, "posts", "−1 post"),
    (1.04, "posts", "1 post"), (None, "people", "not known"), (0, "GBP a year", "£0 a year"),
    (-420_000, "GBP a year, 2017-18 prices", "−£420,000 a year"), (7_100_000, "GBP, 2017-18 prices", "£7.1 million"),
    (-4, "change in posts per borough", "−4 (change in posts per borough)"), (0.054, "0 to 1", "0.05"),
    (94, "% of residents", "94% of residents"),
])
def test_a_number_is_said_with_its_unit(value, unit, said):
    places = 0 if unit in ("people", "posts", "GBP a year") else 2
    assert words.phrase(value, unit, places) == said


@given(sizes, sizes, st.sampled_from(UNITS))
def test_a_range_whose_ends_read_alike_is_not_printed(low, high, unit):
    said = words.span(min(low, high), max(low, high), unit)
    ends = said.split(" to ")
    assert said == "" or (len(ends) == 2 and ends[0] != ends[1])


def test_missing_words_are_words():
    assert words.missing("unknown") == words.missing(None) == "not known"
    assert words.missing("not meaningful here") == "does not apply"
    assert "too few cars" in words.missing("saturated")


def test_lists_and_dates_read_as_english():
    assert words.joined(["a", "b"], "or") == "a or b"
    assert words.day("2018-05-23") == "23 May 2018"
    assert words.tidy("31 rows after 2018-01-31 cost GBP 5") == "31 rows after 31 January 2018 cost £5"
