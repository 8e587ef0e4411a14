"""Bounded differences, forecasts for the next place, and moving windows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import MethodError
from bailiwick.evaluation import estimate
from bailiwick.evaluation.bounds import bounded_difference
from bailiwick.evaluation.rolling import exposure, exposure_phases, non_overlapping, unrolled
from bailiwick.evaluation.transfer import forecast

NUMBER = st.floats(-100, 100)


@given(NUMBER, NUMBER, NUMBER, st.floats(0, 10))
def test_bounds_hold_every_control_in_the_range(change, a, b, error):
    low, high = min(a, b), max(a, b)
    found = bounded_difference(change, low, high, change_error=error)
    for control in np.linspace(low, high, 7):
        assert found.low - 1e-9 <= change - control <= found.high + 1e-9
    assert found.overturned_at == change
    assert (found.sign == "not known") == (found.low <= 0 <= found.high)
    if error == 0:
        assert found.inside == (low <= change <= high)


def test_the_sentence_names_the_value_that_overturns_the_sign():
    found = bounded_difference(-13.8, -8.0, 1.0, unit="points")
    assert (found.low, found.high) == pytest.approx((-14.8, -5.8))
    assert found.sentence == (
        "It fell for any change elsewhere from -8 to 1 points; only a change elsewhere beyond -13.8 points would "
        "overturn that."
    )
    assert "not known" in bounded_difference(-2, -5, 1).sentence
    for bad in ({"control_low": 2, "control_high": 1}, {"control_low": 0, "control_high": 1, "change_error": -1}):
        with pytest.raises(MethodError):
            bounded_difference(1.0, **bad)


def test_forecast_by_hand():
    """Two pilots, equal errors: DerSimonian-Laird tau^2 = (d^2/2 - s^2), mean halfway, one degree of freedom."""
    found = forecast([10.0, 4.0], [1.0, 1.0], place="the south west")
    assert found.mean == pytest.approx(7)
    assert found.between == pytest.approx(18 - 1)
    assert found.mean_error == pytest.approx(np.sqrt(18 / 2))
    assert found.high - found.mean == pytest.approx(6.313751515 * np.sqrt(17 + 9))
    assert not found.forecasts
    assert found.sentence == "the pilots do not forecast the south west"


def test_forecast_of_many_alike_pilots_takes_a_side():
    found = forecast([5.0, 5.1, 4.9, 5.2, 4.8], [0.5] * 5, place="here")
    assert found.between == 0
    assert found.forecasts
    assert "a rise in here" in found.sentence
    assert "a fall" in forecast([-5.0, -5.1, -4.9], [0.2] * 3, place="here").sentence
    wide = forecast([5.0, 5.1, 4.9], [0.5] * 3, place="here", between_at_least=25.0)
    assert wide.between == 25
    assert not wide.forecasts


@pytest.mark.parametrize(("effects", "errors"), [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, 0.0])])
def test_forecasts_that_cannot_be_made(effects, errors):
    with pytest.raises(MethodError):
        forecast(effects, errors, place="here")


def test_exposure_of_the_survey_windows():
    """Windows ending June, September, December 2017 and March 2018, start April 2017: a quarter more each time."""
    assert exposure(14, 10, window=4)[9:].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert exposure(5, 2, window=2, exposed=0.5).tolist() == [0, 0, 0.25, 0.75, 1]
    names = [p.name for p in exposure_phases(15, 10, window=4)]
    assert names == ["window 25% exposed", "window 50% exposed", "window 75% exposed", "fully exposed windows"]
    assert [p.dose for p in exposure_phases(15, 10, window=4)] == [0.25, 0.5, 0.75, 1.0]
    assert exposure_phases(12, 10, window=4)[-1].last == 12


def _rolled(quarters, window=4):
    return np.stack([np.convolve(row, np.full(window, 1 / window), mode="valid") for row in quarters])


def test_unrolling_gives_back_the_change_on_a_year_before(county):
    rng = np.random.default_rng(0)
    quarters = 60 + rng.normal(size=(20, 39))
    panel = county(y=_rolled(quarters))
    single = unrolled(panel, window=4)
    assert single.y == pytest.approx(quarters[:, 4:] - quarters[:, :-4])
    assert single.pilots[0].start == 23
    assert single.periods[0] == panel.periods[1]


def test_a_step_phases_in_and_the_effect_per_dose_is_the_step(county):
    quarters = 60 + np.random.default_rng(1).normal(0, 0.01, (20, 39))
    quarters[[6, 7], 27:] += 8
    panel = county(y=_rolled(quarters))
    pilot = replace(panel.pilots[0], phases=exposure_phases(36, 24, window=4))
    effect = estimate(replace(panel, pilots=(pilot,)), "did")
    assert [p.per_dose for p in effect.by_phase[:-1]] == pytest.approx([8] * 4, abs=0.1)


def test_windows_that_share_no_interview(county):
    panel = county()
    thin = non_overlapping(panel, window=12)
    assert thin.periods == ("2015-12", "2016-12", "2017-12")
    assert thin.y == pytest.approx(panel.y[:, [11, 23, 35]])
    assert (thin.pilots[0].start, thin.pilots[0].exposed) == (2, 1.0)
    later = non_overlapping(panel.started("2017-07"), window=12)
    assert later.pilots[0].exposed == pytest.approx(0.5)
    with pytest.raises(MethodError, match="at least three"):
        non_overlapping(panel, window=24)
    with pytest.raises(MethodError, match="both sides"):
        non_overlapping(panel, window=6, last=23)
