"""Does a post cost what published pay says, and is the Met's own figure reproduced?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bailiwick.errors import CaseError
from bailiwick.finance import Fit, checks, employer_cost, fits
from bailiwick.finance.pay import cost_of_post


def test_the_published_top_point_constable_is_reproduced():
    """Lords answer HL737: a top-point constable cost £52,900 in London and £49,800 elsewhere, about 2015.

    From those two the multiplier on the difference in pay (London weighting £2,349) is 1.32.
    """
    assert employer_cost(0, 2349, 1.32) == pytest.approx(52_900 - 49_800, rel=0.001)


def test_a_constable_costs_pay_and_additions_times_on_costs(case):
    assert cost_of_post(case, "constable") == pytest.approx((35_500 + 2_349 + 4_000) * 1.32)


def test_staff_have_their_own_weighting_and_on_costs(case):
    assert cost_of_post(case, "staff") == pytest.approx((29_000 + 3_000) * 1.28)


def test_ranks_cost_more_the_higher_they_are(case):
    ranks = ("constable", "sergeant", "inspector", "chief inspector", "superintendent", "chief superintendent")
    costs = [cost_of_post(case, rank) for rank in ranks]
    assert costs == sorted(costs)


def test_a_rank_without_pay_is_refused_with_the_nearest_name(case):
    with pytest.raises(CaseError, match=r"finance\.pay\.constabel") as told:
        cost_of_post(case, "constabel")
    assert "finance.pay.constable" in str(told.value)


def test_the_published_price_of_a_constable_is_matched(case):
    (fit,) = fits(case)
    assert fit.figure_id == "constables_for_8m"
    assert fit.published == pytest.approx(57_143, abs=0.5)
    assert fit.agrees
    assert checks.unit_cost_agrees(case)[0].passed


@pytest.mark.parametrize(("basic", "agrees"), [(32_616, False), (34_500, True), (38_382, True)])
def test_pay_that_does_not_reproduce_the_published_price_is_told(case, basic, agrees):
    assert fits(case.assume("finance.pay.constable", basic))[0].agrees is agrees


def test_agreement_includes_the_bound():
    assert Fit("x", 10.0, 12.0, 2.0).agrees
    assert not Fit("x", 10.0, 12.1, 2.0).agrees


def test_a_hidden_figure_is_not_matched(case):
    hidden = replace(case, tables={})
    assert fits(hidden) == ()
    assert checks.unit_cost_agrees(hidden)[0].passed is None
