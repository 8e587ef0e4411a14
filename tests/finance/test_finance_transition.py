"""What does the change cost: leavers, redundancy, programme, settling in, and the way back?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.finance.books import books
from bailiwick.finance.ledger import NONE, flows
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import counts
from bailiwick.finance.programme import KEYS, officers_today, programme, share
from bailiwick.finance.transition import leavers, merging, reductions, redundancy, surplus_years
from bailiwick.scheme import Command


def test_the_surplus_of_officers_is_a_triangle():
    """r officers displaced, l leaving a year: r^2 / 2l officer-years in all."""
    assert surplus_years(6, 3, 0, 100) == pytest.approx(6 * 6 / (2 * 3))
    assert surplus_years(6, 0, 0, 2) == 12
    assert surplus_years(-1, 3, 0, 10) == 0


@given(reduction=st.floats(0, 50), leaving=st.floats(0.01, 30), start=st.floats(0, 5), length=st.floats(0, 5))
def test_the_surplus_agrees_with_counting_it_day_by_day(reduction, leaving, start, length):
    days = 4000
    middle = start + (np.arange(days) + 0.5) * length / days
    counted = float(np.maximum(0, reduction - leaving * middle).sum() * length / days)
    assert surplus_years(reduction, leaving, start, start + length) == pytest.approx(counted, rel=1e-3, abs=1e-3)


@given(st.floats(0, 50), st.floats(0.01, 30), st.lists(st.floats(0, 3), min_size=1, max_size=6))
def test_years_laid_end_to_end_add_up(reduction, leaving, lengths):
    ends = np.cumsum(lengths)
    pieces = [surplus_years(reduction, leaving, b - n, b) for n, b in zip(lengths, ends, strict=True)]
    assert math.fsum(pieces) == pytest.approx(surplus_years(reduction, leaving, 0, float(ends[-1])), abs=1e-6)


def test_those_displaced_from_one_role_fill_another_of_the_same_rank(case):
    today = counts(case, Command(("A",), "borough"))
    moved = list(today)
    moved[4] += 5
    moved[6] -= 8
    assert reductions(case, today, tuple(moved))["constable"] == pytest.approx(3)
    assert reductions(case, today, tuple(moved))["sergeant"] == 0


def test_officers_leave_by_rank_and_staff_are_not_among_them(case):
    found = leavers(case, counts(case, Command(("A",), "borough")))
    assert "staff" not in found
    assert found["sergeant"] == pytest.approx(45 * 0.09 * 2)


def test_more_places_elsewhere_make_displaced_officers_cheaper(case):
    few, many = (books(case.assume("finance.leavers.reach", n)).one_off("proposed") for n in (1.0, 4.0))
    assert few > many


def test_posts_never_fall_faster_than_leavers_allow(case):
    kept = books(case)
    paid = math.fsum(line.amount for line in kept.account("proposed").lines if line.item == "displaced.sergeant")
    cut, leaving = 16.0, 180 * 0.09 * 2
    assert paid == pytest.approx(cut * cut / (2 * leaving) * cost_of_post(case, "sergeant"))


def test_redundancy_is_a_transfer_in_cash_only(case):
    (paid,) = redundancy(case, {"staff": 10.0, "constable": 5.0})
    assert paid.transfer
    assert paid.pounds == pytest.approx(10 * 0.4 * 22_000)
    lines = [line for line in books(case).account("proposed").lines if line.item == "redundancy.staff"]
    years = books(case).years
    assert flows(lines, years, "economic", NONE)[0] == 0
    assert flows(lines, years, "cash", NONE)[0] == pytest.approx(-12 * 0.4 * 22_000)


def test_what_is_spent_is_counted_once_and_left_out(case):
    whole = programme(case)
    assert whole is not None
    apart = (730_000 + 1_479_943) * 0.5
    assert whole.sunk == pytest.approx(5_400_000 + apart)
    assert whole.it_left == pytest.approx(7_700_000 - 5_400_000)
    assert whole.other_left == pytest.approx(2_050_000 - apart)
    assert math.fsum(s.pounds for s in whole.spent) == pytest.approx(whole.sunk)


def test_the_programme_is_shared_by_areas_residents_or_officers(case):
    assert share(case, "areas") == pytest.approx(4 / 6)
    assert share(case, "residents") == pytest.approx(0.5)
    assert share(case, "posts") == pytest.approx(officers_today(case) / 18_141)
    assert KEYS == ("areas", "residents", "posts")


def test_a_programme_going_ahead_anyway_charges_nothing_here(case):
    alone, marginal = books(case), books(case.assume("finance.programme.marginal", 1))
    assert marginal.one_off("proposed") < alone.one_off("proposed")
    assert not [line for line in marginal.account("proposed").lines if line.item.startswith("programme.")]


def test_a_case_without_a_programme_has_none(case, without):
    lone = without(case, "finance.programme.it")
    assert programme(lone) is None
    assert not [line for line in books(lone).account("proposed").lines if line.sunk]


def test_settling_in_costs_paid_time_and_no_cash(case):
    posts = counts(case, Command(("A", "B", "C", "D"), "bcu"))
    (dip,) = [c for c in merging(case, posts) if c.item == "dip"]
    assert dip.pounds == pytest.approx(440 * cost_of_post(case, "constable") * 0.05 * 5 / 12)
    assert not dip.cash


def test_risk_stands_apart_from_optimism_bias(case):
    lines = [line for line in books(case).account("proposed").lines if line.headline == "risk"]
    assert len(lines) == 1
    assert lines[0].bias == ""


def test_undoing_costs_only_where_something_was_merged(case):
    kept = books(case)
    assert kept.account("today").exit == kept.account("cuts").exit == 0
    assert kept.account("proposed").exit > 0
    dearer = books(case.assume("finance.exit.multiple", 2.0))
    assert dearer.account("proposed").exit > kept.account("proposed").exit
