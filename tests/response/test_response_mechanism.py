"""Does pooling's benefit turn to harm by desk load alone, S first, then I, as the pilots showed?"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.response import Regime, simulate, summarise

ONE = {"dispatch": "pooled", "commands": (0,) * 4, "channels": (0,) * 4}
TODAY = Regime(desks=(1,) * 4)
ONE_DESK = Regime(desks=(1,), **ONE)
TWO_DESKS = Regime(desks=(2,), **ONE)
WEEKS, SEEDS = 4, (5, 6, 7)


@pytest.fixture(scope="module")
def experiment(make_town, make_work, make_calls):
    town = make_town(swing=0.3, even=True)._replace(blue=np.array([1.5, 1.0, 1.0]))
    work = make_work()._replace(
        oversight=np.zeros((3, 2)), minutes_cv=0.5, job=np.array([[[0.7, 35, 0.8], [0.3, 110, 1.0]]] * 3),
        need=np.array([[0, 0.8, 0.2, 0], [0, 1.0, 0, 0], [0.2, 0.8, 0, 0]]))
    draws = [make_calls(town, work, weeks=WEEKS, seed=s) for s in SEEDS]
    done: dict[tuple[Regime, float], np.ndarray] = {}

    def shares(regime: Regime, load: float) -> np.ndarray:
        key = (regime, load)
        if key not in done:
            runs = [summarise(simulate(town, regime._replace(desk_load=load), d), town.target) for d in draws]
            done[key] = np.mean([r.share for r in runs], axis=0)
        return done[key]
    return shares


def test_with_unlimited_desks_pooling_is_no_worse_than_own_first(experiment):
    pooled = Regime(**ONE)
    gain = experiment(pooled, 0.0)[-1, :2] - experiment(Regime(), 0.0)[-1, :2]
    assert gain[0] > 0.01
    assert gain[1] > -0.005


def test_at_low_desk_load_the_merged_channel_helps(experiment):
    assert experiment(ONE_DESK, 1.0)[-1, 0] > experiment(TODAY, 1.0)[-1, 0] + 0.02


def test_s_turns_to_harm_before_i(experiment):
    change = experiment(ONE_DESK, 2.5)[-1] - experiment(TODAY, 2.5)[-1]
    assert change[1] < -0.05
    assert change[0] > 0.0


def test_at_high_desk_load_both_are_harmed(experiment):
    change = experiment(ONE_DESK, 2.9)[-1] - experiment(TODAY, 2.9)[-1]
    assert change[1] < -0.3
    assert change[0] < -0.005


def test_a_second_desk_restores_both(experiment):
    change = experiment(TWO_DESKS, 2.9)[-1] - experiment(TODAY, 2.9)[-1]
    assert change[0] > 0.03
    assert change[1] > -0.01


def test_the_busiest_borough_pays_for_strict_borders(experiment):
    strict = experiment(Regime(dispatch="strict", border="strict"), 1.0)
    assert strict[0, 0] < strict[-1, 0] - 0.15
    assert strict[0, 0] < experiment(Regime(), 1.0)[0, 0] - 0.15


def test_one_supervising_inspector_for_four_boroughs_harms_like_one_desk(make_town, make_work, make_calls):
    town = make_town(swing=0.3, even=True)
    work = make_work()._replace(oversight=np.array([[1.0, 2.6], [1.0, 2.6], [0, 0]]), minutes_cv=0.5)
    calls = make_calls(town, work, weeks=1)
    share = {}
    for name, supervisors, spans in (("each", (1,) * 4, (0, 1, 2, 3)), ("one", (1,), (0,) * 4)):
        regime = Regime(dispatch="pooled", commands=(0,) * 4, spans=spans, supervisors=supervisors)
        records = simulate(town, regime, calls)
        share[name] = summarise(records, town.target).share[-1]
    assert share["one"][1] < share["each"][1] - 0.05
