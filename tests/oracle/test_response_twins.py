"""Do five engines, given the same calls, print the same digits?"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.response import fleet, kernel, runs
from bailiwick.response.demand import draw_calls
from bailiwick.response.kernel_single import Jobs, fleet_of, played
from bailiwick.response.town import Regime

# mean I, mean S, I within 15, S within 60, share that waits; the first 5 % of 30,000 calls dropped
PUBLISHED = (19.0495, 36.5343, 0.53997, 0.79297, 0.29877)


@pytest.fixture(scope="module")
def common(twins):
    return twins.r40(rate=0.5, calls=30_000, seed=7)


def printed(sent, trip, common):
    _, _, time, _, grade, _ = common
    response, waits = (sent - time) + trip, sent > time + 1e-9
    late = np.arange(len(time)) >= len(time) // 20
    i, s = late & (grade == 0), late & (grade == 1)
    return (round(response[i].mean(), 4), round(response[s].mean(), 4), round((response[i] <= 15).mean(), 5),
            round((response[s] <= 60).mean(), 5), round(waits[late].mean(), 5))


def as_full_model(common):
    travel, home, time, point, grade, job = common
    n, units, hours = len(time), len(home), int(time[-1] / 60) + 200
    crew = np.column_stack([home, home, np.zeros(units)]).astype(np.int64)
    always = np.ones((hours, units), np.uint8)
    ground = kernel.Ground(travel, np.ones((3, hours)), always, crew, np.array([[-1, 0, 0, 1]]))
    drawn = np.zeros((n, 9))
    drawn[:, kernel.TIME], drawn[:, kernel.JOB:kernel.JOB + 3], drawn[:, kernel.SLOWNESS] = time, job[:, None], 1
    who = np.column_stack([point, np.zeros(n), grade, np.ones(n)]).astype(np.int64)
    tier = np.zeros((5, 1, 2), np.int64)
    tier[0, 0, 0] = 1
    rules = kernel.Rules(tier, np.zeros(2, np.int64), np.array([0, -1.0, 2.0, 0, 0, 60.0 * hours]))
    return ground, kernel.Load(drawn, who), rules


def test_the_plain_kernel_prints_the_published_digits_in_both_modes(common):
    travel, home, *calls = common
    jobs = Jobs(calls[0], calls[1], calls[2], calls[3], 2)
    fast = played(fleet_of(travel, home, points=300), jobs, False)
    scanned = played(fleet_of(travel, home, points=300), jobs, True)
    assert np.array_equal(fast, scanned)
    assert printed(fast[:, 0], fast[:, 1], common) == PUBLISHED


def test_the_full_kernel_without_its_features_prints_them_too(common):
    stamps, _ = kernel.run(*as_full_model(common))
    sent = stamps[:, kernel.ASSIGNED]
    assert printed(sent, stamps[:, kernel.FIRST] - sent, common) == PUBLISHED


@pytest.mark.parametrize("engine", ["plain", "simpy_callbacks", "simpy_lean", "simpy_idiomatic"])
def test_other_engines_print_them(twins, common, engine):
    records = getattr(twins, engine)(*common)
    assert printed(records[:, 0], records[:, 1], common) == PUBLISHED


def test_ciw_prints_them(twins, common):
    records = twins.ciw_twin(*common)
    assert printed(records[:, 0], records[:, 1], common) == PUBLISHED


def test_units_agree_call_by_call_between_engines(twins, common):
    travel, home, time, point, grade, job = (x[:3000] if k > 1 else x for k, x in enumerate(common))
    ours = played(fleet_of(travel, home, points=300), Jobs(time, point, grade, job, 2), False)
    theirs = twins.simpy_lean(travel, home, time, point, grade, job)
    assert np.array_equal(ours[:, 2], theirs[:, 2])


FULL = {
    "today": Regime(diversion_gain=2.0, desks=(1,) * 4, supervisors=(1,) * 4, desk_load=3.0, turnout=1.0, carry=0.5),
    "proposed": Regime(
        dispatch="pooled", commands=(0, 0, 0, 1), channels=(0, 0, 0, 1), desks=(2, 1), spans=(0, 0, 0, 1),
        supervisors=(1, 1), desk_load=2.0, diversion_gain=1.0, briefing=12.0, parade=(0, 0, 0, 9), abstraction=0.25),
    "immediate": Regime(dispatch="immediate-only-aid", commands=(0,) * 4, diversion_gain=0.0, desk_per_unit=0.3),
    "strict": Regime(dispatch="strict", commands=(0,) * 4, border="strict", turn=2.0),
    "own queue": Regime(dispatch="pooled", commands=(0, 0, 0, 1), pull="own-area", diversion_gain=1.0, turnout=1.0),
    "dedicated": Regime(dispatch="pooled", commands=(0,) * 4, dedicated=(2,), border="immediate-only-aid", turnout=0.5,
                        dip_depth=0.5, dip_weeks=1.0),
}


@pytest.mark.parametrize("name", sorted(FULL))
def test_the_full_kernel_equals_the_slow_reference_stamp_by_stamp(towns, full_model, name):
    town = towns.four_boroughs(units=8, calls_a_day=420.0)
    hour = np.arange(168)[:, None] % 24
    shift = np.arange(len(town.unit_area)) % 3 * 8
    town = town._replace(roster=((hour - shift) % 24 < 9) | (np.arange(len(town.unit_area)) % 4 == 0))
    work = towns.usual_work()
    calls = draw_calls([np.random.default_rng([11, a]) for a in range(4)], town, work, hours=60)
    regime = FULL[name]
    posted = fleet.posted(town, regime)
    load, _, on, _, _ = runs.packed(posted, regime, calls)
    ground = runs.ground_of(posted, regime, on, calls.start)
    rules = runs.rules_of(posted, regime, warm=0.0, end=60.0 * calls.hours)
    ours, _ = kernel.run(ground, load, rules)
    theirs = full_model.Model(ground, load, rules).run()
    np.testing.assert_array_equal(ours, theirs)
    assert np.isfinite(ours[calls.need > 0, kernel.FIRST]).mean() > 0.5
    if regime.diversion_gain is not None:
        assert ours[:, kernel.DIVERTED].sum() > 0
