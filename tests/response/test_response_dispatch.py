"""Does each rule send, and let pull, exactly whom the rule says?  Three boroughs; 0 and 1 are one command."""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.response import Regime, dispatch, simulate
from bailiwick.response.town import Calls, Town

TWO = (0, 0, 1)


def row(regime, number, area, grades=3):
    entry = dispatch.tiers(regime, 3, grades)[number, area]
    return entry[1:1 + entry[0]].tolist()


@pytest.mark.parametrize(("rule", "pool", "aid_i", "aid_s"), [
    ("strict", [0], [], []), ("own-first", [0], [1], [1]), ("immediate-only-aid", [0], [1], []),
    ("pooled", [0, 1], [], []),
])
def test_inside_a_command_with_hard_borders(rule, pool, aid_i, aid_s):
    regime = Regime(dispatch=rule, border="strict", commands=TWO)
    assert row(regime, 0, 0) == pool
    assert row(regime, 1, 0) == aid_i
    assert row(regime, 2, 0) == aid_s
    assert row(regime, 4, 0) == aid_i, "a unit pulls the calls of those it may aid"
    assert row(regime, 5, 0) == aid_s
    assert row(regime, 0, 2) == [2]


def test_between_commands():
    assert row(Regime(dispatch="pooled", border="own-first", commands=TWO), 2, 0) == [2]
    assert row(Regime(dispatch="pooled", border="immediate-only-aid", commands=TWO), 1, 0) == [2]
    assert row(Regime(dispatch="pooled", border="immediate-only-aid", commands=TWO), 2, 0) == []


def test_reach_limits_who_comes_and_who_pulls():
    reach = np.ones((3, 3), bool)
    reach[0, 2] = False
    regime = Regime(reach=reach)
    assert row(regime, 1, 0) == [1]
    assert row(regime, 1, 2) == [0, 1]
    assert row(regime, 4, 2) == [1], "borough 2 pulls from 1 only"


def test_a_dedicated_team_serves_its_own_and_aids_the_most_urgent():
    regime = Regime(dispatch="pooled", commands=(0, 0, 0), dedicated=(1,))
    assert row(regime, 0, 0) == [0, 2]
    assert row(regime, 0, 1) == [1]
    assert row(regime, 2, 0) == [], "the team is not sent to S elsewhere"
    assert row(Regime(dispatch="own-first", commands=(0, 0, 0), dedicated=(1,)), 1, 0) == [1, 2]


def test_the_own_queue_comes_first_only_where_the_rule_says_so():
    assert row(Regime(dispatch="pooled", commands=TWO), 7, 0) == []
    assert row(Regime(dispatch="pooled", commands=TWO, pull="own-area"), 7, 1) == [1]
    assert dispatch.tiers(Regime(), 3, 3).shape == (8, 3, 4)


def line_town(homes: list[int]) -> Town:
    """Three boroughs on a line, one point and one base each, 10 minutes apart."""
    place = np.array([0, 10, 20, 0, 10, 20.0])
    areas = np.array(homes)
    return Town(
        areas=("a", "b", "c"), point_area=np.arange(3), point_weight=np.ones(3), rates=np.ones((3, 3, 168)),
        travel=np.abs(place[:, None] - place[None]), base_area=np.arange(3), unit_area=areas, unit_base=areas,
        roster=np.ones((168, len(homes)), bool), speed=np.ones(168), blue=np.ones(3), suite=np.full(3, -1),
        target=np.array([15.0, 60.0, np.inf]),
    )


def call_list(rows: list[tuple[float, int, int, int, float]]) -> Calls:
    """Calls of (time, borough, grade, units, job)."""
    time, point, grade, need, job = (np.array(c) for c in zip(*rows, strict=True))
    n, z = len(rows), np.zeros(len(rows))
    return Calls(time=time.astype(float), point=point, area=point, grade=grade, need=need, job=np.tile(job[:, None], 3),
                 custody=z, guard=z, carried=z, desk=z, oversight=z, answer=z, turnout=z, slowness=np.ones(n),
                 absence=np.zeros((3, 4, 9)), hours=10)


def test_a_traced_diversion_by_hand():
    """The S call at b takes a's car; at minute 6, past half way, an I call comes at a: it turns and the S waits."""
    town = line_town([0])
    calls = call_list([(100.0, 1, 1, 1, 30.0), (106.0, 0, 0, 1, 20.0)])
    with_turn = simulate(town, Regime(diversion_gain=1.0), calls, warm_hours=0)
    assert with_turn.first[1] == 116.0, "from b, where it counts as being after half the trip"
    assert with_turn.stamps[0, 10] == 1
    assert with_turn.first[0] == 136.0 + 10.0
    without = simulate(town, Regime(), calls, warm_hours=0)
    assert without.first.tolist() == [110.0, 140.0 + 10.0]


def test_a_gain_too_small_is_no_reason_to_turn():
    town = line_town([0, 2])
    calls = call_list([(100.0, 1, 1, 1, 30.0), (101.0, 0, 0, 1, 20.0)])
    eager = simulate(town, Regime(dispatch="pooled", commands=(0,) * 3, diversion_gain=19.0), calls, warm_hours=0)
    assert eager.stamps[0, 7] != eager.stamps[1, 7]
    assert eager.stamps[0, 10] == 1
    slow = simulate(town, Regime(dispatch="pooled", commands=(0,) * 3, diversion_gain=21.0), calls, warm_hours=0)
    assert slow.stamps[0, 10] == 0
    assert slow.first[1] == 121.0


def test_own_first_pulls_its_own_before_an_older_call_next_door():
    town = line_town([0])
    calls = call_list([(10.0, 0, 1, 1, 60.0), (20.0, 1, 1, 1, 5.0), (30.0, 0, 1, 1, 5.0), (40.0, 1, 0, 1, 5.0)])
    records = simulate(town, Regime(), calls, warm_hours=0)
    assert np.argsort(records.first).tolist() == [0, 3, 2, 1], "I first, then the own S, then the neighbour's older S"
    strict = simulate(town, Regime(dispatch="strict", border="strict"), calls, warm_hours=0)
    assert np.isnan(strict.first[[1, 3]]).all()


def test_a_pooled_car_takes_the_oldest_call_or_its_own_areas_first():
    town = line_town([0])
    calls = call_list([(10.0, 0, 1, 1, 60.0), (20.0, 1, 1, 1, 5.0), (30.0, 0, 1, 1, 5.0), (40.0, 1, 0, 1, 5.0)])
    pooled = Regime(dispatch="pooled", commands=TWO)
    oldest = simulate(town, pooled, calls, warm_hours=0)
    assert np.argsort(oldest.first).tolist() == [0, 3, 1, 2], "I first, then the older S next door, then the own"
    own = simulate(town, pooled._replace(pull="own-area"), calls, warm_hours=0)
    assert np.argsort(own.first).tolist() == [0, 3, 2, 1], "I first wherever it is, then the own S"


def test_two_units_of_one_call_work_by_order_of_attendance():
    town = line_town([0, 1])
    calls = call_list([(10.0, 0, 0, 2, 0.0)])._replace(job=np.array([[30.0, 12.0, 9.0]]))
    records = simulate(town, Regime(), calls, warm_hours=0)
    assert records.first[0] == 10.0
    assert records.stamps[0, 5] == 20.0, "last needed arrival"
    assert records.stamps[0, 6] == 40.0, "clear when the longer job ends"
    assert records.worked.tolist() == [30.0, 22.0]
