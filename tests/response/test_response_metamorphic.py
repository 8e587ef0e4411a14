"""Does the model change, or not change, as it must when its inputs are changed in ways whose effect is known?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.response import Regime, draw_calls, kernel, simulate, summarise
from bailiwick.response.town import Calls


@pytest.fixture(scope="module")
def calls(town, make_calls):
    return make_calls(town, weeks=1)


def same(a, b) -> bool:
    return np.array_equal(a.stamps, b.stamps, equal_nan=True)


def test_pooled_with_one_borough_is_strict_with_one_borough(town, calls):
    alone = Regime(dispatch="pooled", commands=(0, 1, 2, 3), border="strict")
    assert same(simulate(town, alone, calls), simulate(town, Regime(dispatch="strict", border="strict"), calls))


def test_plenty_of_desks_is_no_limit(town, calls):
    plenty = Regime(desks=(900,) * 4, supervisors=(900,) * 4)
    assert same(simulate(town, plenty, calls), simulate(town, Regime(), calls))


def test_a_roster_that_never_changes_is_no_roster(town, calls):
    always = town._replace(roster=np.ones_like(town.roster))
    assert same(simulate(always, Regime(briefing=30.0), calls), simulate(town, Regime(), calls))


def test_one_area_less_is_nothing_to_strict_neighbours(town, calls):
    strict = Regime(dispatch="strict", border="strict", desks=(1,) * 4, diversion_gain=1.0)
    whole = simulate(town, strict, calls)
    busier = town._replace(unit_base=np.where(town.unit_area == 3, 11, town.unit_base))
    other = simulate(busier, strict, calls)
    mine = calls.area != 3
    assert np.array_equal(whole.stamps[mine], other.stamps[mine], equal_nan=True)


def test_time_measured_in_other_units_scales_every_stamp(town, calls):
    k = 2.0
    regime = Regime(diversion_gain=None, turn=2.0, desks=(1,) * 4)
    fields = ("time", "job", "custody", "guard", "carried", "desk", "oversight", "answer", "turnout")
    longer = calls._replace(**{f: getattr(calls, f) * k for f in fields}, hours=2 * calls.hours)
    slow = town._replace(travel=town.travel * k)
    first, second = simulate(town, regime, calls), simulate(slow, regime, longer)
    served = np.isfinite(first.stamps[:, kernel.CLEAR]) & np.isfinite(second.stamps[:, kernel.CLEAR])
    assert served.mean() > 0.95
    assert np.allclose(second.first[served], k * first.first[served], rtol=1e-12)


def test_relabelled_areas_change_nothing_but_the_labels(town, calls):
    order = np.array([2, 0, 3, 1])
    label = np.argsort(order)
    moved = town._replace(
        areas=tuple(town.areas[a] for a in order), point_area=label[town.point_area], rates=town.rates[order],
        base_area=label[town.base_area], unit_area=label[town.unit_area], suite=town.suite[order])
    renamed = calls._replace(area=label[calls.area], absence=calls.absence[order])
    regime = Regime(desks=(1,) * 4, diversion_gain=2.0, turnout=1.0)
    before, after = simulate(town, regime, calls), simulate(moved, regime, renamed)
    columns = [k for k in range(kernel.STAMPS) if k != kernel.HOME_AREA]
    assert np.array_equal(before.stamps[:, columns], after.stamps[:, columns], equal_nan=True)
    np.testing.assert_array_equal(summarise(before, town.target).share[order], summarise(after, town.target).share[:4])


def test_grades_of_equal_rank_change_nothing_when_no_call_waits(make_town, make_work, make_calls):
    town = make_town(units=60)._replace(blue=np.ones(3))
    calls = make_calls(town, make_work(desk=0.0)._replace(oversight=np.zeros((3, 2))), weeks=0.5)
    first = simulate(town, Regime(), calls)
    second = simulate(town, Regime(), calls._replace(grade=2 - calls.grade))
    assert (first.assigned[calls.need > 0] == first.ready[calls.need > 0]).all()
    assert same(first, second)


def test_one_more_unit_never_slows_the_mean_beyond_noise(town, make_calls):
    changes = []
    for seed in range(6):
        calls = make_calls(town, weeks=1, seed=seed)
        more = town._replace(
            unit_area=np.append(town.unit_area, 0), unit_base=np.append(town.unit_base, 1),
            roster=np.column_stack([town.roster, np.ones(168, bool)]))
        before = summarise(simulate(town, Regime(), calls), town.target).mean[-1, 0]
        changes.append(summarise(simulate(more, Regime(), calls), town.target).mean[-1, 0] - before)
    assert np.mean(changes) < 3 * np.std(changes) / np.sqrt(len(changes))
    assert np.mean(changes) < 0


def test_two_copies_of_an_isolated_area_give_the_statistics_of_one(make_town, make_calls):
    town = make_town()
    calls = make_calls(town, weeks=1)
    one = simulate(town, Regime(dispatch="strict", border="strict"), calls)
    merged = summarise(one, town.target)
    for a in range(4):
        mine = calls.area == a
        fields = {f: getattr(calls, f)[mine] for f in Calls._fields if f not in ("absence", "hours", "start")}
        alone = calls._replace(**fields)
        result = summarise(simulate(town, Regime(dispatch="strict", border="strict"), alone), town.target)
        np.testing.assert_array_equal(result.share[a], merged.share[a])


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000), units=st.integers(2, 12), shifts=st.booleans(), desks=st.integers(0, 2),
    levers=st.fixed_dictionaries({
        "dispatch": st.sampled_from(["strict", "own-first", "immediate-only-aid", "pooled"]),
        "border": st.sampled_from(["strict", "own-first", "immediate-only-aid"]),
        "diversion_gain": st.one_of(st.none(), st.floats(0, 5)), "desk_load": st.floats(0.2, 6.0),
    }),
)
def test_small_random_towns_keep_the_laws(laws, seed, units, shifts, desks, levers):
    laws(seed, units, shifts, desks, Regime(**levers))


@pytest.fixture(scope="module")
def laws(make_town, make_work):
    def hold(seed, units, shifts, desks, regime):
        check_the_laws(make_town(units=units, calls_a_day=200.0, points=24), make_work(), seed, shifts, regime._replace(
            commands=(0, 0, 1, 1), desks=(desks,) * 4, supervisors=(desks,) * 4, briefing=10.0 if shifts else 0.0))
    return hold


def check_the_laws(town, work, seed, shifts, regime):
    if shifts:
        late = (np.arange(168)[:, None] - 8 * (np.arange(len(town.unit_area)) % 3)) % 24
        roster = late < 10
        roster[:, 0] = True
        town = town._replace(roster=roster)
    calls = draw_calls([np.random.default_rng([seed, a]) for a in range(4)], town, work, hours=30)
    records = simulate(town, regime, calls)
    s = records.stamps
    sent, first, last, clear = (s[:, k] for k in (kernel.ASSIGNED, kernel.FIRST, kernel.LAST, kernel.CLEAR))
    served = np.isfinite(first)
    assert (first[served] >= sent[served]).all(), "no arrival before dispatch"
    known = np.isfinite(sent)
    assert (s[known, kernel.READY] <= sent[known]).all(), "no dispatch before the desk is done"
    assert (s[known, kernel.READY] >= calls.time[known]).all()
    done = np.isfinite(clear) & np.isfinite(last)
    assert (last[done] >= first[done]).all()
    assert not served[calls.need == 0].any()
    assert (records.worked <= records.on_duty + 1e-6).all(), "no unit works more minutes than it has"
    if regime.dispatch == "strict" and regime.border == "strict":
        assert (s[served, kernel.HOME_AREA] == calls.area[served]).all()
    if regime.dispatch == "pooled" and regime.border == "strict":
        assert (s[served, kernel.HOME_AREA] // 2 == calls.area[served] // 2).all()
    alone = served & (calls.need == 1) & np.isfinite(clear)
    for u in range(len(town.unit_area)):
        mine = np.flatnonzero(alone & (s[:, kernel.UNIT] == u))
        mine = mine[np.argsort(first[mine])]
        assert (first[mine][1:] >= clear[mine][:-1] - 1e-9).all(), "no unit in two places"


def test_every_call_is_served_once_when_there_is_time(town, calls):
    records = simulate(town, Regime(), calls)
    needs = calls.need > 0
    assert np.isfinite(records.first[needs]).all()
    assert np.isfinite(records.stamps[needs, kernel.LAST]).all()
