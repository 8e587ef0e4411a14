"""What every method in METHODS must do, whatever it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import METHODS, RECIPES, Design, estimate
from bailiwick.evaluation.effect import Effect
from bailiwick.evaluation.placebo import interval, rank_p

ALL = pytest.mark.parametrize("method", sorted(METHODS))


@ALL
def test_every_method_answers_with_an_effect_that_can_be_recomputed(county, method):
    effect = estimate(county(), method)
    assert isinstance(effect, Effect)
    assert effect.method == method
    assert effect.att == pytest.approx(effect.gap[effect.before :].mean())
    assert effect.placebo_p == rank_p(effect.att, effect.placebo_effects)
    assert effect.interval == interval(effect.att, effect.placebo_effects, level=0.9)
    assert effect.placebo_n == len(effect.draws) == len(effect.placebo_sets)
    assert effect.placebo_p >= effect.p_floor == 1 / (1 + effect.placebo_n)
    assert sum(w for _, w in effect.weights) == pytest.approx(1)
    assert effect.kkt_gap < 1e-11
    assert effect.observed - effect.synthetic == pytest.approx(effect.gap)
    assert dict(effect.by_period) == dict(zip(effect.periods[24:], effect.gap[24:], strict=True))


@ALL
@given(size=st.floats(-50, 50), seed=st.integers(0, 50))
def test_a_planted_change_comes_back_whole(county, county_values, method, size, seed):
    y = county_values(seed)
    plain = estimate(county(y=y), method).att
    y[[6, 7], 24:] += size
    assert estimate(county(y=y), method).att == pytest.approx(plain + size, abs=1e-7)


@ALL
def test_treated_values_after_the_start_change_no_weight(county, county_values, method):
    y = county_values(1)
    before = estimate(county(y=y), method)
    y[[6, 7], 24:] *= 3
    after = estimate(county(y=y), method)
    assert after.weights == before.weights
    assert after.time_weights == before.time_weights
    assert np.array_equal(after.draws, before.draws)


@ALL
@given(factor=st.floats(1e-6, 1e6), seed=st.integers(0, 20))
def test_scale_multiplies_the_effect_and_leaves_p(county, county_values, method, factor, seed):
    y = county_values(seed)
    plain, grown = estimate(county(y=y), method), estimate(county(y=y * factor), method)
    assert grown.att == pytest.approx(plain.att * factor, rel=1e-6, abs=1e-9 * factor)
    assert grown.placebo_p == plain.placebo_p
    assert grown.mde == pytest.approx(plain.mde * factor, rel=1e-6)


@ALL
def test_the_order_of_units_changes_nothing(county, county_values, method):
    y = county_values(2)
    plain = estimate(county(y=y), method)
    order = np.random.default_rng(0).permutation(20)
    panel = county(y=y)
    index = np.argsort(order)
    mixed = replace(
        panel, units=tuple(panel.units[k] for k in order), y=panel.y[order],
        adjacency=tuple(sorted((min(index[a], index[b]), max(index[a], index[b])) for a, b in panel.adjacency)),
    )
    other = estimate(mixed, method)
    assert other.att == pytest.approx(plain.att, abs=1e-9)
    assert other.placebo_p == plain.placebo_p
    assert sorted(other.placebo_effects) == pytest.approx(sorted(plain.placebo_effects), abs=1e-9)
    assert dict(other.weights) == pytest.approx(dict(plain.weights), abs=1e-9)


@ALL
def test_moving_the_calendar_changes_nothing(county, county_values, method):
    panel = county(y=county_values(3))
    later = replace(panel, axis=replace(panel.axis, first=panel.axis.first + 600))
    assert estimate(later, method).att == estimate(panel, method).att


@pytest.mark.parametrize("method", ["did", "dsc", "sdid"])
def test_a_constant_for_each_unit_changes_nothing_in_what_is_centred(county, county_values, method):
    y = county_values(4)
    moved = y + np.random.default_rng(1).normal(0, 40, (20, 1))
    assert estimate(county(y=moved), method).att == pytest.approx(estimate(county(y=y), method).att, abs=1e-8)


def test_a_constant_for_each_unit_changes_synthetic_control(county, county_values):
    y = county_values(4)
    moved = y + np.random.default_rng(1).normal(0, 40, (20, 1))
    assert abs(estimate(county(y=moved), "sc").att - estimate(county(y=y), "sc").att) > 0.1


@pytest.mark.parametrize(("method", "moves"), [("did", False), ("sc", False), ("dsc", False), ("sdid", True)])
def test_a_shock_common_to_all_moves_only_what_holds_it_as_noise(county, county_values, method, moves):
    y = county_values(5)
    shocked = y + np.random.default_rng(2).normal(0, 30, (1, 36))
    plain, other = estimate(county(y=y), method).att, estimate(county(y=shocked), method).att
    assert (abs(plain - other) > 1e-6) is moves
    if moves:
        design = Design(noise="demeaned")
        first, second = (estimate(county(y=v), method, design=design).noise for v in (y, shocked))
        assert first == pytest.approx(second)


@ALL
def test_nothing_moves_between_runs(county, method):
    first, second = estimate(county(), method), estimate(county(), method)
    assert np.array_equal(first.draws, second.draws)
    assert first.att == second.att


@ALL
def test_size_under_the_null_is_exact_over_all_relabellings(single, method):
    """Each unit in turn as the treated one: by symmetry exactly floor(alpha n) of n are called changed at alpha."""
    y = np.cumsum(np.random.default_rng(11).normal(size=(21, 24)), axis=1)
    hits = 0
    for k in range(21):
        order = [k, *(j for j in range(21) if j != k)]
        hits += estimate(single(y[order], 16), method, design=Design(reference="all")).placebo_p <= 0.1
    assert hits <= 4


def test_an_unknown_method_is_named(county):
    with pytest.raises(MethodError, match="sdidd"):
        estimate(county(), "sdidd")


def test_an_unknown_pilot_is_named(county):
    with pytest.raises(CaseError, match="pilott"):
        estimate(county(), pilot="pilott")


def test_several_pilots_give_each_its_answer_and_one_pooled(county):
    panel = county(pilots=(("north", ("u01", "u02")), ("south", ("u17", "u18", "u19"))))
    north, south, both = (estimate(panel, pilot=p) for p in ("north", "south", None))
    assert (north.pilot, south.pilot, both.pilot) == ("north", "south", "pooled")
    assert set(both.treated) == set(north.treated) | set(south.treated)
    assert not set(north.donors) & set(south.treated)
    pairs, triples = set(north.placebo_sets), set(south.placebo_sets)
    assert both.placebo_n == sum(not set(a) & set(b) for a in pairs for b in triples)
    assert min(len(s) for s in both.placebo_sets) == 5


def test_pooled_pilots_that_started_apart_leave_out_the_months_between(county):
    panel = county(pilots=(("north", ("u01",)), ("south", ("u18",))))
    first, second = panel.pilots
    apart = replace(panel, pilots=(replace(first, start=22), replace(second, start=26)))
    effect = estimate(apart)
    assert effect.before == 22
    assert effect.periods[22] == panel.periods[26]


@ALL
def test_parallel_straight_lines_have_no_effect_and_no_crash(single, method):
    y = np.arange(12.0)[None, :] + np.arange(8.0)[:, None]
    effect = estimate(single(y, 8), method)
    if method != "sc":
        assert effect.att == pytest.approx(0, abs=1e-9)


def test_recipes_and_methods_name_the_same(county):
    assert sorted(RECIPES) == sorted(METHODS)
    assert [RECIPES[m].name for m in sorted(RECIPES)] == sorted(METHODS)
