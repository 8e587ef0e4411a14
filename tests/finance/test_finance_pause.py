"""What does waiting cost, and when does it pay?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.finance import break_even_chance
from bailiwick.finance.books import books, bridging_cost
from bailiwick.finance.cashflow import months_later, net_present_value
from bailiwick.finance.pause import waiting
from bailiwick.finance.pay import cost_of_post


@given(forgone=st.floats(0, 1e7), bridging=st.floats(0, 1e6), avoided=st.floats(0, 1e8))
def test_at_the_break_even_chance_waiting_and_going_ahead_are_worth_the_same(forgone, bridging, avoided):
    chance = break_even_chance(forgone, bridging, avoided)
    assert 0 <= chance <= 1
    if 0 < chance < 1:
        assert chance * avoided - (1 - chance) * forgone - bridging == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("forgone", "bridging", "avoided", "chance"), [
    (0, 0, 5, 0.0), (-1, 0, 5, 0.0), (10, 2, 1, 1.0), (10, 2, 2, 1.0), (1, 0, 3, 0.25),
])
def test_the_ends_of_the_scale(forgone, bridging, avoided, chance):
    assert break_even_chance(forgone, bridging, avoided) == chance


def test_waiting_forgoes_the_saving_of_its_months(case):
    kept = books(case)
    found = waiting(case, kept, case.scheme.option("pause"))
    half_a_year = kept.account("proposed").saving * kept.factors.realised / 2
    assert found.forgone == pytest.approx(half_a_year, rel=0.1)
    assert found.forgone_if_cuts_go_ahead < found.forgone


def test_waiting_longer_costs_more_and_needs_a_higher_chance(case):
    kept = books(case)
    short, long = (waiting(case, kept, case.scheme.option(name)) for name in ("pause", "pause-12"))
    assert long.forgone > short.forgone
    assert long.bridging > short.bridging
    assert long.break_even > short.break_even


def test_bridging_is_the_shadow_commanders_pay(case):
    assert bridging_cost(case, 6) == pytest.approx(cost_of_post(case, "chief superintendent"))
    paid = [line.amount for line in books(case).account("pause-12").lines if line.item == "bridging"]
    assert sum(paid) == pytest.approx(bridging_cost(case, 12))
    assert len(paid) == 2, "a year from 23 May lies in two financial years"


def test_a_dearer_way_back_lowers_the_chance_needed(case):
    dear = case.assume("finance.exit.multiple", 2.0)
    pause = case.scheme.option("pause")
    assert waiting(dear, books(dear), pause).break_even < waiting(case, books(case), pause).break_even


def test_nothing_is_counted_before_the_delayed_start(case):
    kept = books(case)
    assert kept.account("pause-12").saving == kept.account("proposed").saving
    first = [line for line in kept.account("pause-12").lines if line.year == "2018-19" and line.kind == "benefit"]
    assert first == []
    assert net_present_value(kept.net("pause-12"), case.rulebook) < net_present_value(
        kept.net("proposed"), case.rulebook)


def test_the_delay_counts_calendar_months(case):
    assert months_later(case.scheme.effective, 6).isoformat() == "2018-11-23"


def test_harm_a_month_makes_an_even_chance_even(case):
    dear = case.assume("finance.pause.months_to_reversal", 24)
    found = waiting(dear, books(dear), dear.scheme.option("pause-12"))
    gain = 0.5 * (found.avoided + found.harm * 24) - 0.5 * found.forgone - found.bridging
    assert gain == pytest.approx(0, abs=1) if found.harm else gain >= 0
