"""Proposition 99 (Abadie, Diamond & Hainmueller 2010; Arkhangelsky et al. 2021), outcomes only.

Exact solutions, on which three independent exact solvers agree. R's synthdid prints -15.603828 for SDID and -19.619663
for SC: where its Frank-Wolfe steps stop, kept here as a second, looser reference.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bailiwick.evaluation import METHODS, RECIPES, Design, estimate
from bailiwick.evaluation.placebo import critical_size
from bailiwick.evaluation.robustness import in_time
from bailiwick.sources.panelfile import PanelRequest, panel_from_file

EXACT = 1e-6
STOPS_EARLY = {"sdid": (-15.603828, 0.002), "sc": (-19.619663, 0.12), "did": (-27.349111, 1e-6)}
EFFECTS = {"did": -27.349111, "sc": -19.513630, "dsc": -11.109042, "sdid": -15.605398}
SPREADS = {"sdid": 9.368416, "sc": 10.633046, "did": 17.286800}
RANKS = {"sdid": 2, "sc": 3, "did": 4}
UNITS = {
    "sdid": {"Nevada": 0.124194, "New Hampshire": 0.104568, "Connecticut": 0.078362, "Delaware": 0.070434,
             "Colorado": 0.057420},
    "sc": {"Utah": 0.393908, "Montana": 0.231840, "Nevada": 0.204923, "Connecticut": 0.109090,
           "New Hampshire": 0.045429, "Colorado": 0.014811},
}
YEARS = {"1988": 0.427076, "1986": 0.366471, "1987": 0.206453}
PATH = {"1989": -4.8438, "1992": -8.3869, "1995": -18.9097, "2000": -24.4992}
FAKES = {"1980": (-2.931759, 20), "1983": (0.313181, 39), "1985": (-1.989514, 31)}
LEFT_OUT = {"sdid": (-17.060031, -14.984411), "sc": (-20.513536, -17.968251)}


@pytest.fixture(scope="module")
def panel(shared_data):
    file = shared_data / "causal" / "california_prop99.csv"
    return panel_from_file(file, PanelRequest("State", "Year", "packs", "California", "1989"))


@pytest.fixture(scope="module", params=["nnls", "active set"])
def effects(request, panel):
    return {m: estimate(panel, m, design=Design(solver=request.param)) for m in METHODS}


@pytest.mark.parametrize("method", sorted(EFFECTS))
def test_effects_to_the_sixth_decimal(effects, method):
    assert effects[method].att == pytest.approx(EFFECTS[method], abs=EXACT)


@pytest.mark.parametrize("method", sorted(STOPS_EARLY))
def test_effects_within_the_known_gap_of_programmes_that_stop_early(effects, method):
    value, gap = STOPS_EARLY[method]
    assert effects[method].att == pytest.approx(value, abs=gap)


@pytest.mark.parametrize("method", sorted(UNITS))
def test_donor_weights(effects, method):
    found = dict(effects[method].weights)
    assert list(found)[: len(UNITS[method])] == list(UNITS[method])
    for unit, weight in UNITS[method].items():
        assert found[unit] == pytest.approx(weight, abs=EXACT)


def test_time_weights_and_noise(effects):
    effect = effects["sdid"]
    assert {t: pytest.approx(w, abs=EXACT) for t, w in effect.time_weights} == YEARS
    assert effect.noise == pytest.approx(5.494401, abs=EXACT)
    assert (12**0.25) * effect.noise == pytest.approx(10.226233, abs=EXACT)
    assert effects["sc"].pre_rmspe == pytest.approx(1.656400, abs=EXACT)


@pytest.mark.parametrize("method", sorted(SPREADS))
def test_placebo_spread_and_rank(effects, method):
    effect = effects[method]
    assert effect.placebo_n == 38
    assert effect.placebo_effects.std() == pytest.approx(SPREADS[method], abs=EXACT)
    assert effect.placebo_p == pytest.approx(RANKS[method] / 39)
    assert effect.p_floor == pytest.approx(1 / 39)


def test_rmspe_ratio_of_synthetic_control(panel):
    effect = estimate(panel, "sc", design=Design(statistic="rmspe ratio"))
    assert effect.facts["rmspe ratio"] == pytest.approx(12.439969, abs=EXACT)
    assert effect.placebo_p == pytest.approx(3 / 39)


def test_interval_and_detectable_effect(panel, effects):
    effect = effects["sdid"]
    assert effect.interval == pytest.approx((-30.470694, -0.740102), abs=EXACT)
    assert critical_size(effect.placebo_effects, 0.1) == pytest.approx(14.865296, abs=EXACT)
    assert critical_size(effect.placebo_effects, 0.05) == pytest.approx(31.764424, abs=EXACT)
    assert effect.mde == pytest.approx(39.56, abs=0.01)
    assert estimate(panel, "sdid", design=Design(alpha=0.1)).mde == pytest.approx(22.66, abs=0.01)


@pytest.mark.parametrize("method", sorted(LEFT_OUT))
def test_one_donor_left_out(effects, method):
    span = effects[method].loo_range
    assert (span.low, span.high) == pytest.approx(LEFT_OUT[method], abs=EXACT)


def test_starts_that_never_were(panel):
    for fake in in_time(panel, RECIPES["sdid"], sorted(FAKES)):
        effect, rank = FAKES[fake.start]
        assert fake.att == pytest.approx(effect, abs=EXACT)
        assert fake.p == pytest.approx(rank / 39)


def test_gap_path(effects):
    path = dict(effects["sdid"].by_period)
    for year, gap in PATH.items():
        assert path[year] == pytest.approx(gap, abs=5e-5)


def test_unit_weight_objective_is_below_the_one_that_stops_early(panel, effects):
    """The reference programme stops at 9.37392; the minimum is 9.357864 (both divided by T0)."""
    weights = dict(effects["sdid"].weights)
    w = np.array([weights.get(u, 0.0) for u in panel.units])
    early = panel.y[:, :19] - panel.y[:, :19].mean(axis=1, keepdims=True)
    gap = early[panel.units.index("California")] - w @ early
    zeta2 = 12**0.5 * effects["sdid"].noise ** 2
    assert (gap @ gap) / 19 + zeta2 * (w @ w) == pytest.approx(9.357864, abs=EXACT)


def test_a_planted_change_moves_every_effect_by_itself(panel):
    y = panel.y.copy()
    y[panel.units.index("California"), 19:] += 7.25
    planted = replace(panel, y=y)
    for method, value in EFFECTS.items():
        assert estimate(planted, method).att == pytest.approx(value + 7.25, abs=EXACT)
