"""p, interval, max-T, detectable effect and conformal set as functions of the placebos alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.evaluation.placebo import (
    conformal_set,
    critical_size,
    interval,
    max_t,
    moving_block_p,
    p_floor,
    rank_p,
    rmspe_ratio,
)
from bailiwick.evaluation.power import harm_excluded, is_equivalent, minimum_detectable_effect, power_at

DRAWS = st.lists(st.floats(-100, 100), min_size=1, max_size=60).map(np.array)
EFFECT = st.floats(-150, 150)


@given(EFFECT, DRAWS)
def test_p_is_never_below_its_floor_and_counts_the_treated(effect, draws):
    p = rank_p(effect, draws)
    assert p_floor(len(draws)) <= p <= 1
    assert p * (1 + len(draws)) == pytest.approx(round(p * (1 + len(draws))))


@given(EFFECT, DRAWS, st.sampled_from([0.05, 0.1, 0.2, 0.5]))
def test_the_interval_is_the_test_turned_round(effect, draws, alpha):
    """A constant effect d lies outside the interval exactly where the test of effect - d rejects at alpha."""
    span = interval(effect, draws, level=1 - alpha)
    if span is None:
        assert p_floor(len(draws)) > alpha + 1e-12
        return
    for d in (0.0, effect, span[0] - 1e-3, span[0] + 1e-3, span[1] - 1e-3, span[1] + 1e-3):
        if min(abs(d - span[0]), abs(d - span[1])) < 1e-6:
            continue
        rejected = rank_p(effect - d, draws) <= alpha + 1e-12
        assert rejected == (not span[0] <= d <= span[1])


def test_too_few_placebos_give_no_interval():
    assert interval(1.0, np.array([0.1, 0.2, 0.3]), level=0.9) is None
    assert critical_size(np.array([0.1, 0.2, 0.3]), 0.1) is None
    assert minimum_detectable_effect(np.array([0.1, 0.2, 0.3]), alpha=0.1) is None
    assert power_at(100.0, np.array([0.1, 0.2, 0.3]), alpha=0.1) == 0


def test_ties_count_against_the_effect():
    assert rank_p(2.0, np.array([2.0, 1.0])) == pytest.approx(2 / 3)
    assert rank_p(2.0, np.array([2.0 - 1e-12, 1.0])) == pytest.approx(2 / 3)
    assert rank_p(0.0, np.zeros(9)) == 1


@given(DRAWS, st.sampled_from([0.05, 0.1, 0.2]), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_detectable_effect_is_the_least_that_reaches_the_power_on_a_fine_grid(draws, alpha, power):
    found = minimum_detectable_effect(draws, alpha=alpha, power=power)
    if found is None:
        assert critical_size(draws, alpha) is None
        return
    grid = np.linspace(0, found * 1.5 + 1, 400)
    per_sign = []
    for sign in (1, -1):
        reached = [g for g in grid if power_at(sign * g, draws, alpha=alpha) >= power - 1e-12]
        assert reached
        per_sign.append(reached[0])
    step = grid[1] - grid[0]
    assert found <= max(per_sign) + 1e-9
    assert found >= max(per_sign) - step - 1e-9


def test_power_of_known_placebos():
    draws = np.arange(-19, 20, 1.0)
    assert critical_size(draws, 0.05) == 19
    assert power_at(20.0, draws) == pytest.approx(np.mean(np.abs(draws + 20) > 19))
    assert minimum_detectable_effect(draws) == pytest.approx(30.0, abs=1.0)


def test_max_t_by_hand():
    draws = np.array([[1.0, -1.0, 1.0, -1.0], [4.0, 0.0, 0.0, 0.0]])
    effects = np.array([3.0, 3.0])
    largest = (np.abs(draws) / draws.std(axis=1)[:, None]).max(axis=0)
    assert max_t(effects, draws) == pytest.approx([rank_p(3.0, largest), rank_p(3 / draws[1].std(), largest)])


@given(st.integers(1, 6), st.integers(5, 40), st.integers(0, 1000))
def test_max_t_is_never_kinder_than_each_outcome_alone(outcomes, sets, seed):
    rng = np.random.default_rng(seed)
    draws, effects = rng.normal(size=(outcomes, sets)), rng.normal(0, 2, outcomes)
    corrected = max_t(effects, draws)
    assert all(corrected[k] >= rank_p(effects[k], draws[k]) - 1e-12 for k in range(outcomes))
    if outcomes == 1:
        assert corrected[0] == rank_p(effects[0], draws[0])


def test_max_t_survives_an_outcome_that_never_moves():
    assert max_t(np.array([0.0, 5.0]), np.array([[0.0, 0, 0], [1.0, 2, 3]])) == pytest.approx([1, 0.25])


def test_rmspe_ratio():
    path = np.array([[1.0, 1.0, 3.0, 3.0], [0.0, 0.0, 0.0, 0.0], [2.0, 2.0, 0.0, 0.0]])
    assert rmspe_ratio(path, 2).tolist() == [3.0, 0.0, 0.0]
    assert rmspe_ratio(np.array([[0.0, 1.0]]), 1)[0] > 1e100


@pytest.mark.parametrize(
    ("span", "margin", "inside"),
    [((-1, 1), 2, True), ((-2, 1), 2, False), ((0.5, 1), 2, True), (None, 2, False), ((-1, 1), None, False)],
)
def test_equivalence(span, margin, inside):
    assert is_equivalent(span, margin) is inside


def test_one_sided_harm():
    assert harm_excluded((-1, 9), 2, better="higher") is True
    assert harm_excluded((-3, 9), 2, better="higher") is False
    assert harm_excluded((-9, 1), 2, better="lower") is True
    assert harm_excluded((-9, 1), 2, better="neither") is None
    assert harm_excluded(None, 2, better="lower") is None


def test_a_conformal_set_may_be_empty_or_in_pieces_and_says_so():
    calm = np.tile([0.1, -0.2, 0.15, -0.1, 0.05, 0.2, -0.15, 0.1, -0.05, 0.12, -0.18, 0.07], 3)
    grid = np.linspace(-5, 5, 101)

    def _less(d):
        return np.append(calm, [3.0 - d, -3.0 - d])

    empty = conformal_set(_less, grid, after=2, level=0.9)
    assert empty.parts == ()
    assert "empty" in empty.says
    whole = conformal_set(lambda d: np.append(calm, [1.0 - d, 1.0 - d]), grid, after=2, level=0.9)
    assert len(whole.parts) == 1
    assert whole.parts[0][0] < 1.0 < whole.parts[0][1]
    pieces = conformal_set(lambda d: np.append(np.ones(30) * 0.5, [abs(d) - 2, abs(d) - 2]), grid, after=2, level=0.9)
    assert len(pieces.parts) == 2
    assert "pieces" in pieces.says
    wide = conformal_set(lambda d: np.ones(6), grid, after=2, level=0.9)
    assert "end of the grid" in wide.says


def test_moving_block_p_by_hand():
    assert moving_block_p(np.array([0.0, 0.0, 0.0, 1.0]), 1) == 0.25
    assert moving_block_p(np.ones(5), 2) == 1.0
