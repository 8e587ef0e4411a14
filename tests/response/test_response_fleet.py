"""Are crews, shifts, posting, abstraction, parade and travel what they are said to be?"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.errors import CaseError
from bailiwick.response import Regime, fleet, simulate, travel
from bailiwick.response.fleet import Shift


def test_crews_are_bounded_by_officers_and_by_cars():
    crews = fleet.crews_on_the_road(np.array([12, 12, 5]), np.array([20, 6, 20]), double_share=0.5)
    assert crews.tolist() == [8, 6, 3]
    assert fleet.crews_on_the_road(np.array([9]), np.array([99]), double_share=1.0).tolist() == [4]
    with pytest.raises(CaseError, match="double_share"):
        fleet.crews_on_the_road(np.array([9]), np.array([9]), double_share=1.2)


def test_shifts_run_past_midnight_and_past_sunday():
    night = Shift(22, 9, np.array([1, 2]))
    posts = fleet.posts_from_shifts((night,), np.array([0, 1, 1]), 2)
    assert posts.unit_area.tolist() == [0, 1, 1]
    assert posts.unit_base.tolist() == [0, 1, 2]
    on = posts.roster[:, 0]
    assert on.sum() == 7 * 9
    assert on[[22, 23, 24, 30]].all()
    assert not on[[7, 21, 31]].any()
    assert on[:6].all(), "Sunday's night ends on Monday"


def test_weekend_crews_and_handover_overlap():
    weekend = np.zeros((7, 1), int)
    weekend[5:] = 3
    posts = fleet.posts_from_shifts((Shift(7, 9, np.array([2])), Shift(15, 9, np.array([2])), Shift(12, 8, weekend)),
                                    np.array([0]), 1)
    on = posts.roster.sum(axis=1)
    assert on[15] == 4, "both shifts are on during the handover hour"
    assert on[24 + 13] == 2
    assert on[5 * 24 + 13] == 5


@pytest.mark.parametrize(("shift", "text"), [
    (Shift(0, 25, np.array([1])), "lasts"), (Shift(0, 8, np.array([-1])), "crews"),
    (Shift(0, 8, np.array([0])), "no crew"),
])
def test_shifts_that_cannot_be(shift, text):
    with pytest.raises(CaseError, match=text):
        fleet.posts_from_shifts((shift,), np.array([0]), 1)
    with pytest.raises(CaseError, match="no base"):
        fleet.posts_from_shifts((Shift(0, 8, np.array([1, 1])),), np.array([0]), 2)


def test_cars_posted_to_demand_and_with_a_floor(town):
    start = np.bincount(town.unit_area)
    merged = Regime(dispatch="pooled", commands=(0, 0, 0, 1), posting="demand")
    moved = fleet.posted(town._replace(rates=town.rates * np.array([1, 0.02, 1, 1])[:, None, None]), merged)
    cars = np.bincount(moved.unit_area, minlength=4)
    assert cars.sum() == start.sum()
    assert cars[3] == start[3], "another command's cars stay"
    assert cars[1] <= 1
    floor = fleet.posted(town._replace(rates=town.rates * np.array([1, 0.02, 1, 1])[:, None, None]),
                         merged._replace(posting="floor", posting_floor=6))
    assert np.bincount(floor.unit_area)[1] == 6
    assert (town.base_area[floor.unit_base] == floor.unit_area).all()
    assert fleet.posted(town, Regime()) is town


def test_a_missing_share_of_crews_is_missing_for_whole_shifts(town, make_calls):
    late = (np.arange(168)[:, None] - 8 * (np.arange(len(town.unit_area)) % 3)) % 24 < 8
    shifts = town._replace(roster=late)
    calls = make_calls(town, weeks=4)
    regime = Regime(abstraction=0.2, events=0.1)
    on = fleet.duty_hours(shifts, regime, calls, calls.hours)
    full = late[np.arange(calls.hours) % 168]
    assert not (on & ~full).any()
    assert on.sum() / full.sum() == pytest.approx(0.8 * 0.9, abs=0.03)
    lengths = [len(run) for run in "".join("x" if x else " " for x in on[:, 1]).split()]
    assert set(lengths[1:-1]) == {8}
    fewer = fleet.duty_hours(shifts, Regime(abstraction=0.1), calls, calls.hours)
    assert not (on & ~fewer).any(), "a larger share misses the same crews and more"


def test_a_distant_parade_and_a_briefing_slow_the_start_of_a_shift(town, make_calls):
    roster = np.ones_like(town.roster)
    roster[:, 1:] = ((np.arange(168)[:, None] % 24) // 8) == np.arange(1, len(town.unit_area)) % 3
    shifts, calls = town._replace(roster=roster), make_calls(town, weeks=2)
    near = simulate(shifts, Regime(), calls)
    far = simulate(shifts, Regime(parade=(9, 9, 9, 9), briefing=20.0), calls)
    started = (calls.time % 480 < 60) & (calls.need > 0) & (calls.area == 0) & (calls.grade == 0)
    assert np.nanmean((far.first - far.received)[started]) > np.nanmean((near.first - near.received)[started])


def test_straight_lines_and_detours():
    minutes = travel.travel_minutes(np.array([0, 3000.0]), np.array([0, 4000.0]), detour=1.3, kilometres_an_hour=39.0)
    assert minutes[0, 1] == pytest.approx(10.0)
    inner = travel.with_inner_trips(minutes, np.array([0.65]), detour=1.0, kilometres_an_hour=39.0)
    assert inner[0, 0] == pytest.approx(1.0)
    assert inner[1, 1] == 0
    rng = np.random.default_rng(5)
    a, b = rng.uniform(0, 2, (2, 200_000, 2))
    assert travel.inner_distance(4.0) == pytest.approx(np.hypot(*(a - b).T).mean(), rel=0.01)
    for bad in ({"detour": 0.9, "kilometres_an_hour": 30}, {"detour": 1.2, "kilometres_an_hour": 0}):
        with pytest.raises(CaseError):
            travel.travel_minutes(np.zeros(2), np.zeros(2), **bad)
    with pytest.raises(CaseError, match="no coordinates"):
        travel.travel_minutes(np.array([0, np.nan]), np.zeros(2), detour=1.2, kilometres_an_hour=30)
