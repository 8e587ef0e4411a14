"""What each option comes to in the first case, paired, and what restores it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bailiwick.findings import Unavailable, by_area, finding_id
from bailiwick.response import groundwork, measures, restore, service, simulate, summarise

OPTIONS = ("today", "cuts", "proposed", "redesigned", "redesigned-teams", "pause", "pause-12")


@pytest.fixture(scope="module")
def posts(case):
    """Response constables by option and area: the cuts lose a tenth."""
    return {name: dict.fromkeys(case.scheme.scope, 99.0 if name == "cuts" else 110.0) for name in OPTIONS}


@pytest.fixture(scope="module")
def found(case, posts):
    return service.judged(case, posts)


def number(found, measure, option, code):
    return found[finding_id(measure, option, code)]


def test_every_measure_has_a_number_for_each_option_and_area(case, found):
    assert set(found) == {finding_id(m, o, c) for m in service.MEASURED for o in OPTIONS for c in case.scheme.scope}
    assert all(isinstance(v, float) and math.isfinite(v) for v in found.values())


def test_registered_measures_are_those_that_are_judged():
    assert {m.name for m in measures.MEASURES} == set(service.MEASURED)
    assert [m.role for m in measures.MEASURES[:5]] == ["service"] * 5


def test_a_pause_is_today_until_it_ends(case, found):
    for measure in service.MEASURED:
        for code in case.scheme.scope:
            assert number(found, measure, "pause", code) == number(found, measure, "today", code)


def test_fewer_constables_mean_slower_help(case, found):
    for code in case.scheme.scope:
        for measure in service.PAIRED[:2]:
            assert number(found, measure, "cuts", code) < number(found, measure, "today", code)
        for measure in service.PAIRED[2:]:
            assert number(found, measure, "cuts", code) > number(found, measure, "today", code)
        assert number(found, "response.unit_utilisation", "cuts", code) \
            > number(found, "response.unit_utilisation", "today", code)


def test_one_channel_carries_the_work_of_four(case, found):
    loads = [number(found, "response.desk_utilisation", "today", code) for code in case.scheme.scope]
    pooled = {number(found, "response.desk_utilisation", "proposed", code) for code in case.scheme.scope}
    assert len(pooled) == 1
    assert pooled.pop() == pytest.approx(sum(loads), rel=0.02)


def test_pooling_sends_more_cars_across_borders(case, found):
    for code in case.scheme.scope:
        assert number(found, "response.cross_border_share", "proposed", code) \
            > number(found, "response.cross_border_share", "today", code)


def test_the_paired_interval_holds_the_change(case, posts, found):
    pairs = service.paired(case, posts)
    assert set(pairs) == {(o, m, c) for o in OPTIONS for m in service.PAIRED for c in case.scheme.scope}
    for (option, measure, code), (low, high) in pairs.items():
        change = number(found, measure, option, code) - number(found, measure, "cuts", code)
        assert low <= high
        slack = 0.3 + (high - low) / 2
        assert low - slack <= change <= high + slack, (option, measure, code)
    for measure in service.PAIRED:
        assert pairs["cuts", measure, "E09000032"] == (0.0, 0.0)
    low, _ = pairs["today", "response.immediate_in_target", "E09000021"]
    assert low > 0


def test_pairs_against_another_option_turn_round(case, posts):
    to_cuts = service.paired(case, posts)["today", service.PAIRED[0], "E09000021"]
    to_today = service.paired(case, posts, "today")["cuts", service.PAIRED[0], "E09000021"]
    assert to_today == pytest.approx((-to_cuts[1], -to_cuts[0]))


def test_common_calls_make_the_interval_narrower_than_two_lone_ones(case, posts):
    today = service.asked(case, case.scheme.option("today"), posts)
    cuts = service.asked(case, case.scheme.option("cuts"), posts)
    assert (today.calls == cuts.calls).all()
    paired = (today.on_time - cuts.on_time).sum(axis=1)[:, 0].std()
    alone = np.hypot(today.on_time.sum(axis=1)[:, 0].std(), cuts.on_time.sum(axis=1)[:, 0].std())
    assert paired < 0.7 * alone


def test_an_outcome_agrees_with_the_summary_of_its_run(case):
    today = groundwork.today_of(case)
    ground = service.scene(case, groundwork.Window(2018.5, 3))
    town = groundwork.town_of(case, ground.places, ground.cars, ground.hourly)
    records = simulate(town, groundwork.regime_of(case, today, ground.places), ground.calls, warm_hours=168)
    summary = summarise(records, town.target)
    outcome = service.run(case, today, ground, ground.cars)
    assert outcome.share() == pytest.approx(100 * summary.share[:4, :2])
    assert outcome.mean() == pytest.approx(summary.mean[:4, :2])
    assert outcome.late_tail == pytest.approx(summary.p90[:4, 0])
    assert outcome.busy == pytest.approx(summary.busy[:4])
    assert outcome.calls.sum(axis=0).astype(int).tolist() == summary.calls[:4, :2].tolist()


def test_a_run_without_a_steady_state_gives_no_number(case, posts):
    hard = case
    for name in ("response.job.immediate", "response.job.significant", "response.job.extended",
                 "response.units.immediate", "response.calls.growth_a_year"):
        hard = hard.assume(name, case.assumption(name).high)
    hard = hard.assume("response.cars_on_duty.today", case.assumption("response.cars_on_duty.today").low)
    value = number(service.judged(hard, posts), service.PAIRED[0], "cuts", "E09000021")
    assert isinstance(value, Unavailable)
    assert value.reason == "saturated"
    assert "cuts" not in {option for option, _, _ in service.paired(hard, posts)}
    assert service.paired(hard, posts) == {}


def test_without_finance_the_cuts_are_unknown_and_the_rest_as_today_is_staffed(case, found):
    measure = measures.MEASURES[0]
    cuts = by_area(case, measure, case.scheme.option("cuts"))
    assert all(isinstance(v, Unavailable) and v.reason == "unknown" for v in cuts.values())
    today = by_area(case, measure, case.scheme.option("today"))
    assert today["E09000021"] == number(found, measure.name, "today", "E09000021")


def test_a_case_without_points_is_unknown_and_not_zero(case):
    areas = tuple(replace(a, points=()) if a.code == "E09000021" else a for a in case.system.areas)
    bare = replace(case, system=replace(case.system, areas=areas), content="without points")
    found = by_area(bare, measures.MEASURES[0], bare.scheme.option("today"))
    assert all(isinstance(v, Unavailable) and v.reason == "unknown" for v in found.values())


def test_today_and_pause_need_no_officers(case, posts):
    for name in ("today", "pause"):
        assert restore.officers_to_restore(case, case.scheme.option(name), posts) == 0.0


def test_cuts_are_restored_by_the_constables_they_gave_up(case, posts):
    assert restore.officers_to_restore(case, case.scheme.option("cuts"), posts) == pytest.approx(44.0)


def test_the_officers_found_restore_the_service(case, posts):
    option = case.scheme.option("redesigned")
    found = restore.restoration(case, option, posts)
    before = service.asked(case, case.scheme.option("today"), posts)
    assert found.reached
    assert found.worst > 1.0
    ground = service.scene(case, service.steady(case))
    each = 440.0 / ground.cars[:4].sum()
    assert found.officers == pytest.approx(found.cars * each)
    lacking = restore.shortfall(case, before, service.asked(case, option, posts))
    weight = np.maximum(lacking.max(axis=1), 0) * ground.cars[:4]
    cars = ground.cars.copy()
    cars[:4] += found.cars * weight / weight.sum()
    after = service.run(case, option, ground, groundwork.posted(case, option, ground.places, cars))
    assert -2.0 < restore.shortfall(case, before, after).max() < 0.7


def test_a_service_that_no_officers_restore_is_said_to_need_more(case, posts, monkeypatch):
    monkeypatch.setattr(restore, "MOST", 0.01)
    found = restore.officers_to_restore(case, case.scheme.option("redesigned"), posts)
    assert isinstance(found, Unavailable)
    assert "more than" in found.text
