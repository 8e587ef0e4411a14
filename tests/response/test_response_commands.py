"""Are many commands simulated by the same code as one option, whoever does the work?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bailiwick.errors import CaseError
from bailiwick.response import Plan, Regime, simulate, simulate_commands
from bailiwick.response.commands import part_of, regime_of, scope_of
from bailiwick.response.runs import packed
from bailiwick.response.statistics import measured, response_minutes

COMMANDS = [(0, 1), (0, 1, 2, 3), (2,), (1, 3), (0, 2, 3)]
TOUCH = np.array([[0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]], bool)


@pytest.fixture(scope="module")
def calls(town, make_calls):
    return make_calls(town, weeks=0.7)


def test_the_whole_town_as_one_command_is_the_option_itself(town, calls):
    plan = Plan(regime=Regime(dispatch="pooled", diversion_gain=2.0), desks=0.5, supervisors=0.5)
    result = simulate_commands([(0, 1, 2, 3)], town, calls, plan)
    regime = Regime(dispatch="pooled", diversion_gain=2.0, commands=(0,) * 4, channels=(0,) * 4, desks=(2,),
                    spans=(0,) * 4, supervisors=(2,))
    records = simulate(town, regime, calls)
    counted = measured(records)
    for a in range(4):
        mine = counted & (records.area == a) & (records.grade == 0)
        assert result.share[0, a, 0] == (response_minutes(records)[mine] <= 15).mean()
        assert result.calls[0, a, 0] == mine.sum()


def test_results_do_not_depend_on_the_workers_or_the_company_a_command_keeps(town, calls):
    plan = Plan(desks=1.0, neighbours=TOUCH)
    alone = simulate_commands(COMMANDS, town, calls, plan)
    with ThreadPoolExecutor(2) as pool:
        shared = simulate_commands(COMMANDS, town, calls, plan, executor=pool)
    backwards = simulate_commands(COMMANDS[::-1], town, calls, plan)
    for one, two, three in zip(alone, shared, backwards, strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_array_equal(one, three[::-1])


def test_areas_outside_have_no_number(town, calls):
    result = simulate_commands(COMMANDS, town, calls, Plan(neighbours=TOUCH))
    for k, members in enumerate(COMMANDS):
        outside = np.setdiff1d(np.arange(4), members)
        assert np.isnan(result.share[k, outside]).all()
        assert np.isfinite(result.share[k, list(members)]).all()
        assert (result.calls[k, outside] == 0).all()


def test_a_saturated_command_has_no_number(town, calls):
    plan = Plan(regime=Regime(dispatch="pooled", desk_load=9.0), desks=0.5)
    result = simulate_commands([(0, 1), (2,)], town, calls, plan)
    assert result.saturated.tolist() == [True, False]
    assert np.isnan(result.share[0]).all()
    assert np.isfinite(result.share[1, 2]).all()


def test_reposted_cars_are_for_named_options(town, calls):
    with pytest.raises(CaseError, match="posting"):
        simulate_commands([(0, 1)], town, calls, Plan(regime=Regime(posting="demand")))


def test_the_ring_is_today_and_the_groups_are_made_for_each_command():
    plan = Plan(desks=0.6, supervisors=0.0, neighbours=TOUCH)
    scope = scope_of(plan, (1,))
    assert scope.tolist() == [1, 0, 3]
    regime = regime_of(plan, 2, 4)
    assert regime.commands == (0, 0, 1, 2)
    assert regime.channels == (0, 0, 1, 2)
    assert regime.desks == (2, 1, 1)
    assert regime.supervisors == (0, 0, 0)


def test_a_part_of_a_town_keeps_its_calls_and_cars(town, calls):
    small, part = part_of(town, packed(town, Regime(), calls), np.array([3, 1]))
    assert small.areas == ("North", "East")
    point, area = part.load.who[:, 0], part.load.who[:, 1]
    assert len(area) == len(part.answer) == np.isin(calls.area, (1, 3)).sum()
    assert (small.point_area[point] == area).all()
    mine = calls.area == 1
    there = np.flatnonzero(np.isin(town.point_area, (1, 3)))
    assert (there[point[area == 1]] == calls.point[mine]).all()
    assert small.travel[len(small.point_area) + small.suite[0], 5] == town.travel[240 + town.suite[3], there[5]]
    assert len(small.unit_area) == np.isin(town.unit_area, (1, 3)).sum()
