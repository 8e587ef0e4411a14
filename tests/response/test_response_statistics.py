"""Do records become the right numbers, and is a run that cannot be believed refused?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bailiwick.errors import CaseError, MethodError
from bailiwick.response import Regime, compare, kernel, simulate, statistics, summarise


@pytest.fixture(scope="module")
def runs(town, make_calls):
    draws = [make_calls(town, weeks=1, seed=s) for s in range(4)]
    before = [simulate(town, Regime(), d) for d in draws]
    after = [simulate(town, Regime(dispatch="pooled", commands=(0,) * 4), d) for d in draws]
    return before, after


def test_a_summary_is_what_a_loop_over_the_records_gives(town, runs):
    records = runs[0][0]
    summary = summarise(records, town.target)
    minutes = records.first - records.received + records.answer
    for a in (0, 3, -1):
        for g in range(3):
            mine = [
                k for k in range(len(minutes)) if records.warm <= records.received[k] < records.end
                and records.need[k] > 0 and records.grade[k] == g and a in (-1, records.area[k])
            ]
            assert summary.calls[a, g] == len(mine)
            assert summary.share[a, g] == pytest.approx(np.mean(minutes[mine] <= town.target[g]))
            assert summary.mean[a, g] == pytest.approx(np.mean(minutes[mine]))
            assert summary.median[a, g] == pytest.approx(np.median(minutes[mine]))
            assert summary.p90[a, g] == pytest.approx(np.quantile(minutes[mine], 0.9))
            crossed = [records.stamps[k, kernel.HOME_AREA] != records.area[k] for k in mine]
            assert summary.cross[a, g] == pytest.approx(np.mean(crossed))
    assert summary.busy[-1] == pytest.approx(records.worked.sum() / records.on_duty.sum())
    assert summary.value("share", area=0, grade=0) == summary.share[0, 0]
    with pytest.raises(CaseError, match="quantity"):
        summary.value("shares", area=0, grade=0)


def test_the_queue_is_the_calls_that_stand_ready_without_a_unit(town, make_calls):
    lean = town._replace(roster=np.arange(len(town.unit_area)) % 4 < np.full((168, 1), 3))
    records = simulate(lean, Regime(), make_calls(town, weeks=0.5))
    summary = summarise(records, town.target)
    minutes = np.arange(records.warm, records.end, 2.0)
    needs = records.need > 0
    seen = [(needs & (records.ready <= m) & ~(records.assigned <= m)).sum() for m in minutes]
    assert summary.queue[-1].sum() == pytest.approx(np.mean(seen), rel=0.05)


def test_clocks_start_where_they_say(runs):
    records = runs[0][0]
    received = statistics.response_minutes(records, "received")
    created = statistics.response_minutes(records, "created")
    sent = statistics.response_minutes(records, "dispatched")
    met = np.isfinite(received)
    assert (received[met] >= created[met]).all()
    assert (created[met] >= sent[met] - 1e-9).all()


def test_no_call_is_no_number_not_nought(town, make_calls):
    calls = make_calls(town, weeks=0.3)
    only = calls._replace(grade=np.where(calls.grade == 2, 1, calls.grade))
    summary = summarise(simulate(town, Regime(), only), town.target)
    assert summary.value("share", area=0, grade=2) is None
    with pytest.raises(MethodError, match="simulate longer"):
        summarise(simulate(town, Regime(), calls, warm_hours=900), town.target)


def test_paired_changes_are_narrower_than_unpaired_ones(town, runs):
    before, after = ([summarise(r, town.target) for r in side] for side in runs)
    change = compare(before, after)
    single = np.array([a.share[-1, 0] for a in after]) - np.array([b.share[-1, 0] for b in before])
    assert change.mean[-1, 0] == pytest.approx(single.mean())
    low, high = stats.t.interval(0.9, 3, single.mean(), single.std(ddof=1) / 2)
    assert (change.low[-1, 0], change.high[-1, 0]) == pytest.approx((low, high))
    spreads = [np.var([run.share[-1, 0] for run in side], ddof=1) for side in (before, after)]
    unpaired = np.sqrt(sum(spreads))
    assert change.spread[-1, 0] < unpaired
    with pytest.raises(MethodError, match="pairs"):
        compare(before, after[:2])
    with pytest.raises(CaseError, match="quantity"):
        compare(before, after, "speed")


def test_saturated_runs_give_reasons_and_no_numbers(town, make_calls):
    calls = make_calls(town, weeks=2)
    few = town._replace(roster=np.arange(len(town.unit_area)) % 4 < np.full((168, 1), 1))
    swamped = summarise(simulate(few, Regime(), calls), town.target)
    assert swamped.saturated
    assert swamped.value("share", area=-1, grade=0) is None
    jammed = summarise(simulate(town, Regime(channels=(0,) * 4, desks=(1,), desk_load=6.0), calls), town.target)
    assert any("desk load" in reason for reason in jammed.reasons)
    inspector = summarise(
        simulate(town, Regime(spans=(0,) * 4, supervisors=(1,), oversight_load=40.0), calls), town.target)
    assert any("supervisor load" in reason for reason in inspector.reasons)
    fine = summarise(simulate(town._replace(unit_base=town.unit_base), Regime(), calls), town.target)
    with pytest.raises(MethodError, match="saturated"):
        compare([fine], [jammed])


def test_a_queue_that_grows_is_seen_and_one_that_wanders_is_not():
    rng = np.random.default_rng(3)
    days = np.arange(27)
    assert statistics.grows(2.0 + 1.5 * days + rng.normal(0, 2, 27))
    wrong = 0
    for _ in range(300):
        wander = np.zeros(27)
        for k in range(1, 27):
            wander[k] = 0.6 * wander[k - 1] + rng.gamma(0.5, 6.0)
        wrong += statistics.grows(wander)
    assert wrong <= 9
    assert not statistics.grows(np.arange(4.0) * 100)


def test_replications_until_the_interval_is_narrow_enough():
    rng = np.random.default_rng(1)
    values = rng.normal(0.8, 0.02, (8, 3))
    assert not statistics.converged(values, 0.002)
    assert statistics.converged(values, 0.05)
    needed = statistics.replications_needed(values, 0.004)
    spread = values.std(axis=0, ddof=1).max()
    assert stats.t.ppf(0.95, needed - 1) * spread / np.sqrt(needed) <= 0.004
    assert stats.t.ppf(0.95, needed - 2) * spread / np.sqrt(needed - 1) > 0.004
    assert statistics.replications_needed(values, 0.05) == 8
    assert np.isnan(statistics.t_interval(values[:1]).low).all()


def test_points_with_wide_intervals_are_not_shown(town, runs):
    shares = statistics.shares_by_point(runs[0], town.target, points=len(town.point_area))
    calls = sum(int((statistics.measured(r)).sum()) for r in runs[0])
    assert shares.calls.sum() == calls
    shown, hidden = shares.shown, ~shares.shown & (shares.calls > 0)
    assert ((shares.high - shares.low)[shown] <= 0.10).all()
    assert ((shares.high - shares.low)[hidden] > 0.10).all()
    assert shown.any()
    assert hidden.any()


def test_noise_falls_with_the_number_of_calls():
    rng = np.random.default_rng(4)
    calls = np.array([200, 800, 3200, 12800])
    shares = rng.binomial(calls, 0.8, (400, 4)) / calls
    model = statistics.noise_by_size(shares, calls)
    assert model.exponent == pytest.approx(-0.5, abs=0.04)
    assert model.spread(800.0) == pytest.approx(np.sqrt(0.16 / 800), rel=0.1)
    with pytest.raises(MethodError, match="two sizes"):
        statistics.noise_by_size(shares[:, :1], calls[:1])
