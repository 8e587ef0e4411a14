"""What the published figures rule out, what the accepted sets foretell, and when harm would be known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.findings import Unavailable, finding_id
from bailiwick.response import answers, calibration, evidence, forecast, monitoring, pictures, service
from bailiwick.tables import Table


@pytest.fixture(scope="module")
def posts(case):
    return {o.name: dict.fromkeys(case.scheme.scope, 99.0 if o.name == "cuts" else 110.0) for o in case.scheme.options}


@pytest.fixture(scope="module")
def few(case):
    """The case at two sets, both taken as accepted."""
    return replace(case, draws=2, accepted=(0, 1))


def with_figures(case, **changed):
    table = case.tables["figures"]
    rows = tuple({**row, **changed.get(str(row["id"]), {})} for row in table)
    return replace(case, tables={**case.tables, "figures": Table(table.schema, rows, table.path, table.hidden)},
                   content=case.content + repr(sorted(changed)))


def test_the_central_set_reproduces_what_was_published(case):
    found = {fit.figure_id: fit for fit in calibration.fits(case)}
    assert set(found) == {"ci_2016_i_calls", "ci_2016_i_in_15", "ci_2016_s_in_60", "met_2014_i_in_15"}
    assert found["ci_2016_i_in_15"].published == 88.4
    assert found["ci_2016_s_in_60"].published == 80.3
    assert all(fit.agrees for fit in found.values())


def test_only_figures_of_role_fit_are_matched(case):
    told = with_figures(case, ci_2016_i_in_15={"role": "test"})
    assert calibration.fits(told) == ()
    assert calibration.matched_figures(told) == 0
    assert "no published figure" in calibration.calibrated(told)[0].text


def test_the_outcome_of_the_pilot_and_hindsight_move_no_fit(case):
    told = with_figures(case, ci_2017_i_in_15={"value": 10.0}, ci_2017_s_in_60={"value": 10.0},
                        ci_2017_i_calls={"value": 1.0}, met_2017_i_in_15={"value": 1.0})
    assert calibration.fits(told) == calibration.fits(case)


def test_before_the_figures_were_published_nothing_is_matched():
    early = casefile.load("south-west-london-2018")
    hidden = tuple(row for row in early.tables["figures"] if row["published"] <= date(2017, 6, 30))
    told = replace(early, tables={**early.tables, "figures": Table(early.tables["figures"].schema, hidden)})
    assert calibration.fits(told) == ()


def test_a_set_that_misses_the_calls_is_not_simulated(case):
    told = case.assume("response.crime_weight", 0.0).assume("response.calls.growth_a_year", -0.01)
    fits = calibration.fits(told)
    assert [fit.figure_id for fit in fits] == ["ci_2016_i_calls"]
    assert not fits[0].agrees


def test_longer_jobs_make_the_pilot_areas_later(case):
    told = case.assume("response.job.significant", case.assumption("response.job.significant").high)
    assert calibration.on_time_today(told)[1] < calibration.on_time_today(case)[1] - 2


def test_degrees_of_freedom_are_counted_and_said(case):
    left = calibration.degrees_of_freedom(case)
    assert left == 4 - len(calibration.free_assumptions(case)) < 0
    check, = calibration.calibrated(case)
    assert check.passed is None
    assert check.text.startswith("Assumed, not calibrated")
    assert str(left) in check.text
    assert not any("dip" in name for name in calibration.free_assumptions(case))


def test_the_prediction_of_the_pilot_takes_each_mechanism_alone_and_together(few):
    table = evidence.prediction(few, (0, 1))
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert tuple(rows) == evidence.MECHANISMS
    assert evidence.priors_sha256(few) in table.note
    low = "significant_low"
    assert rows["investigations kept"][low] < rows["none"][low]
    assert rows["all together"][low] is None or rows["all together"][low] < rows["investigations kept"][low]
    assert rows["control room slower"]["immediate"] < rows["none"]["immediate"]
    assert rows["none"]["immediate_seen"] == 74.6
    assert rows["all together"]["reach_both"] >= rows["more calls"]["reach_both"]


def test_priors_are_sealed_without_the_outcome(case):
    told = with_figures(case, ci_2017_i_in_15={"value": 10.0})
    assert evidence.priors_sha256(told) == evidence.priors_sha256(case)
    wider = replace(case, assumptions={**case.assumptions, "response.pilot.answer": replace(
        case.assumption("response.pilot.answer"), high=9.0)})
    assert evidence.priors_sha256(wider) != evidence.priors_sha256(case)


def test_the_table_of_matched_figures_counts_sets_and_freedom(few):
    table = evidence.matched(few, (0, 1))
    assert [row[0] for row in table.rows] == ["ci_2016_i_calls", "ci_2016_i_in_15", "ci_2016_s_in_60",
                                              "ci_2016_s_calls", "met_2014_i_in_15"]
    assert table.note.startswith("2 of 2 sets accepted")
    assert table.rows[0][5] <= table.rows[0][4] <= table.rows[0][6]


def test_the_forecast_is_blind_and_says_who_waits_longer(few):
    table = forecast.table(few, (0, 1))
    assert len(table.rows) == 3 * 4 * 4
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    for row in rows:
        assert row["saturated"] <= row["sets"] <= 2
        bounds = [row[name] for name in ("merged_low", "merged", "merged_high") if row[name] is not None]
        assert bounds == sorted(bounds)
    told = with_figures(few, met_2017_i_in_15={"value": 1.0}, ci_2017_i_in_15={"value": 1.0})
    assert forecast.table(told, (0,)) == forecast.table(few, (0,))


def test_the_dip_fades_and_is_smaller_later(case):
    first = forecast.strain_of(case, 0.0, 26.0, 8)
    second = forecast.strain_of(case.assume("response.dip.weeks", 52), 26.0, 52.0, 8)
    last = forecast.strain_of(case, 52.0, 104.0, 8)
    depth = case.value("response.dip.depth")
    assert first.slower == 1 + depth
    assert first.fading == pytest.approx(case.value("response.dip.weeks") * 8 / 26)
    assert 1 < second.slower < 1 + depth / 2
    assert last.slower == 1.0


def test_a_merged_run_without_steady_state_counts_as_waiting_longer():
    row = forecast._row(np.array([90.0, 80.0, 85.0]), np.array([91.0, np.nan, 80.0]), 0)
    assert row[9:] == (2 / 3, 3, 1)
    assert row[3:6] == (80.0, None, 91.0)
    slower = forecast._row(np.array([10.0, 12.0]), np.array([11.0, np.nan]), 2)
    assert slower[9] == 1.0
    assert slower[5] is None
    assert forecast._row(np.array([np.nan]), np.array([1.0]), 0) == ((None,) * 10 + (0, 0))


def test_a_sign_that_turns_from_set_to_set_is_said(few):
    measure = "response.immediate_in_target"
    values = [{finding_id(measure, o, c): v for o, v in (("today", 80.0), ("proposed", after))
               for c in few.scheme.scope} for after in (82.0, 77.0)]
    first, second, steady = evidence.turning_signs(few, (0, 1), values)
    assert first.passed is False
    assert "in 1 sets, fewer in 1" in first.text
    assert second.passed is True
    assert steady.passed is True
    same, _, _ = evidence.turning_signs(few, (0, 1), [values[0], values[0]])
    assert same.passed is True


def test_a_sign_that_turns_with_the_pull_of_waiting_calls_says_so(case):
    told = replace(case, draws=12, accepted=tuple(range(12)))
    measure = "response.significant_in_target"
    own = [told.draw(k).value("response.pull.own_area") for k in range(12)]
    assert set(own) == {0.0, 1.0}
    values = [{finding_id(measure, o, c): v for o, v in (("today", 80.0), ("proposed", 82.0 if pull else 77.0))
               for c in told.scheme.scope} for pull in own]
    _, significant, _ = evidence.turning_signs(told, tuple(range(12)), values)
    assert "it goes with whether a free car takes its own area's waiting calls first" in significant.text
    assert "response.pull.own_area" not in calibration.free_assumptions(told)


def test_sets_without_a_steady_state_are_counted_in_words(case):
    swamped = Unavailable("saturated", "the queue grows from day to day")
    measure = "response.immediate_in_target"
    values = [{finding_id(measure, o.name, c): swamped if o.name == "proposed" and k == 2 else 80.0
               for o in case.scheme.options for c in case.scheme.scope} for k in range(8)]
    check = evidence.steady_states(case, values)
    assert check.passed is None
    assert "as proposed: 1 of 8 (12%)" in check.text
    assert "nan" not in check.text.lower()
    assert "redesigned" not in check.text
    assert evidence.steady_states(case, values[:2]).passed is True


def simulated_months(chart, shift, runs=4000):
    rng = np.random.default_rng(3)
    total, alive, months = np.zeros(runs), np.ones(runs, bool), np.zeros(runs)
    while alive.any():
        total = np.maximum(0.0, total + rng.standard_normal(runs) + shift - chart.allowance)
        months += alive
        alive &= total < chart.threshold
    return months.mean()


@pytest.mark.parametrize("shift", [0.0, 0.5, 1.5])
def test_the_markov_chain_agrees_with_charts_run_by_hand(shift):
    chart = monitoring.Chart(0.5, 2.5)
    assert monitoring.months_to_alarm(chart, shift) == pytest.approx(simulated_months(chart, shift), rel=0.06)


def test_the_published_average_run_length_of_a_textbook_chart():
    """Montgomery, Introduction to Statistical Quality Control: k = 1/2, h = 5 gives 465 two-sided, so 930 one-sided."""
    assert monitoring.months_to_alarm(monitoring.Chart(0.5, 5.0), 0.0) == pytest.approx(930, rel=0.02)
    assert monitoring.months_to_alarm(monitoring.Chart(0.5, 5.0), 1.0) == pytest.approx(10.4, rel=0.02)


def test_a_chart_errs_as_seldom_as_asked_and_sees_larger_harm_sooner():
    chart = monitoring.chart_for(2.0, 60.0)
    assert monitoring.months_to_alarm(chart, 0.0) == pytest.approx(60.0, rel=1e-4)
    months = [monitoring.months_to_alarm(chart, s) for s in (0.5, 1.0, 2.0, 4.0)]
    assert months == sorted(months, reverse=True)
    assert monitoring.chart_for(2.0, 120.0).threshold > chart.threshold


def test_the_spread_of_a_month_is_never_below_chance():
    calls = np.full(12, 300.0)
    calm = monitoring.monthly_spread(np.full(12, 240.0), calls)
    assert calm == pytest.approx(100 * np.sqrt(0.8 * 0.2 / (300 * monitoring.WEEKS_A_MONTH)))
    assert monitoring.monthly_spread(np.tile([200.0, 280.0], 6), calls) > 3 * calm


def test_every_area_has_a_chart_and_a_day_by_which_harm_is_known(case):
    table = monitoring.table(case)
    assert [row[:2] for row in table.rows] == [(c, g) for c in case.scheme.scope for g in ("immediate", "significant")]
    for row in table.rows:
        assert row[7] > row[8] > row[9] >= 1.0
        assert date.fromisoformat(row[11]) > case.scheme.effective
    assert "stop at the threshold" in table.note


def test_the_desk_curve_turns_significant_calls_before_immediate_ones(case, monkeypatch):
    monkeypatch.setattr(pictures, "DESK_LOADS", (0.3, 0.97))
    rows = {(row[0], row[2]): row for row in pictures.desk_curve(case).rows}
    low, high = rows[0.3, "pooled, one desk"], rows[0.97, "pooled, one desk"]
    assert low[3] > rows[0.3, "today, a desk for each area"][3]
    assert high[3] is None or high[3] < rows[0.97, "today, a desk for each area"][3]
    assert high[4] is None or low[4] - high[4] > low[3] - high[3]
    assert rows[0.97, "pooled, two desks"][4] > (high[4] or 0.0)


def test_service_rises_with_officers(case, posts, monkeypatch):
    monkeypatch.setattr(pictures, "STRENGTHS", (0.9, 1.0, 1.1))
    table = pictures.officers(case, posts)
    for option in {row[0] for row in table.rows}:
        mine = [row for row in table.rows if row[0] == option]
        assert [row[1] for row in mine] == sorted(row[1] for row in mine)
        assert [row[3] for row in mine] == sorted(row[3] for row in mine)


def test_by_area_repeats_what_is_judged(case, posts):
    found = service.judged(case, posts)
    for row in pictures.by_area(case, posts).rows:
        assert row[3] == found[finding_id(row[2], row[0], row[1])]
        assert row[9] == pytest.approx(row[3] - found[finding_id(row[2], "cuts", row[1])])


def test_the_reporting_sheet_is_filled_in_and_every_table_has_a_name(case):
    sheet = dict(answers.TABLES)["response_stress"](case)
    assert {row[0][0] for row in sheet.rows} == set("123456")
    assert all(len(row[2]) > 20 for row in sheet.rows)
    names = [name for part in (answers.TABLES, answers.TABLES_WITH_POSTS, answers.TABLES_WITH_PRICES,
                                       answers.TABLES_OF_SETS) for name, _ in part]
    assert len(names) == len(set(names)) == 12
    assert all(name.startswith("response_") for name in names)
