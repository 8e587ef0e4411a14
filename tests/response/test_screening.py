"""Does the screening of many commands tell what one whole simulation of each would, and own up to its noise?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.errors import MethodError
from bailiwick.response import groundwork, kernel, screening, screening_tables, workload
from bailiwick.response.groundwork import Window
from bailiwick.response.places import places_of
from bailiwick.response.runs import carried_out, ground_of, packed, rules_of, simulate
from bailiwick.response.screening_counts import counted
from bailiwick.response.screening_rows import STEADY, SWAMPED, UNKNOWN, row_of, state_of_command, state_of_grade
from bailiwick.response.statistics import measured, response_minutes, saturation
from bailiwick.response.town import Regime
from bailiwick.scheme import Command, Grouping, Option

KINGSTON, MERTON, RICHMOND, WANDSWORTH = "E09000021", "E09000024", "E09000027", "E09000032"
GROUPS = ((KINGSTON,), (KINGSTON, MERTON), (MERTON, KINGSTON, WANDSWORTH), (RICHMOND, WANDSWORTH))


@pytest.fixture(scope="module")
def case():
    return replace(casefile.load("south-west-london-2018"), draws=12, accepted=(1,))


@pytest.fixture(scope="module")
def found(case):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "REPLICATIONS", 2)
        patch.setattr(screening, "WEEKS", 2)
        return screening.screened(case, GROUPS, (0,))


def test_one_row_a_command_in_the_order_asked_with_numbers_or_none(found):
    rows = found.rows()
    assert [row.command for row in rows] == [tuple(sorted(group)) for group in GROUPS]
    assert found.sets == (None, 0)
    for row in rows:
        assert row.sets == 2
        if row.immediate_low is not None:
            assert row.immediate_low <= row.immediate <= row.immediate_high
            assert row.immediate_worst <= row.immediate


def test_an_area_on_its_own_is_as_today(found):
    row = found.rows()[0]
    assert (row.immediate, row.significant, row.immediate_worst, row.state) == (0.0, 0.0, 0.0, "about the same")
    assert (found.noise.of(1) == 0).all()


def test_results_do_not_depend_on_the_workers_or_the_company_a_command_keeps(case, found, monkeypatch):
    monkeypatch.setattr(screening, "REPLICATIONS", 2)
    monkeypatch.setattr(screening, "WEEKS", 2)
    with ThreadPoolExecutor(2) as pool:
        backwards = screening.screened(case, GROUPS[::-1], (), pool.map)
    np.testing.assert_array_equal(backwards.change[0, ::-1], found.change[0])
    np.testing.assert_array_equal(backwards.noise.spread, found.noise.spread)


def test_a_screened_change_is_that_of_the_same_command_simulated_as_an_option(case, found):
    """The places of the command and its ring laid out afresh, without the rest of the force."""
    group = (KINGSTON, MERTON)
    places = places_of(case, screening.scope_of(case, group), ring=False)
    year = case.scheme.effective.year + 0.5
    hourly = workload.volumes(case, places.codes, year)
    cars = groundwork.cars_today(case, places.codes, "response.cars_on_duty.today")
    calls = groundwork.calls_of(case, groundwork.town_of(case, places, cars, hourly), Window(year, 2, "screening"))
    mine = [places.codes.index(code) for code in group]
    shares = []
    for commands in ((Command(group, "bcu"),), tuple(Command((code,), "borough") for code in places.codes)):
        option = Option("", "alternative", "", Grouping(commands))
        posted = groundwork.posted(case, option, places, cars)
        carried = np.where(np.isin(calls.area, mine), calls.carried, 0.0)
        records = simulate(groundwork.town_of(case, places, posted, hourly),
                           groundwork.regime_of(case, option, places), calls._replace(carried=carried), warm_hours=24)
        minutes, kept = response_minutes(records), measured(records)
        shares.append([[100 * (minutes[kept & (records.area == a) & (records.grade == g)] <= limit).mean()
                        for g, limit in enumerate((15, 60))] for a in mine])
    weights = np.array([sum(p.residents for p in case.system.area(code).points) for code in group], float)
    gap = np.array(shares[0]) - np.array(shares[1])
    assert found.change[0, 1, :, 0] == pytest.approx(weights @ gap / weights.sum(), abs=1e-9)
    assert found.change[0, 1, :, 1] == pytest.approx(gap.min(axis=0), abs=1e-9)


@pytest.mark.parametrize(("units", "desks", "steady"), [(16, 0, True), (4, 0, False), (16, 1, False), (7, 0, None)])
def test_the_quick_count_is_that_of_the_statistics(make_town, make_work, make_calls, units, desks, steady):
    """The same calls on time, and the same runs refused: too few cars, a channel that cannot keep up."""
    town = make_town(units=units)
    calls = make_calls(town, make_work(desk=3.0 if desks else 0.94), weeks=2)
    regime = Regime(abstraction=0.1, diversion_gain=2.0, channels=(0,) * 4, desks=(desks,), supervisors=(0,) * 4)
    work = packed(town, regime, calls)
    records = carried_out(town, regime, work, warm_hours=24.0)
    ground = ground_of(town, regime, work.on, calls.start)
    rules = rules_of(town, regime, warm=24.0 * 60, end=60.0 * calls.hours)
    found = counted(work.load, work.answer, (ground, rules, town.target), kernel.run(ground, work.load, rules))
    assert (found is None) == bool(saturation(records)) != (steady if steady is not None else found is not None)
    if found is not None:
        keep, cell = measured(records), records.area * 3 + records.grade
        on_time = keep & (response_minutes(records) <= town.target[records.grade])
        for got, which in zip(found, (keep, on_time), strict=True):
            np.testing.assert_array_equal(got.ravel(), np.bincount(cell[which], minlength=12))


def test_desks_keep_up_with_calls_and_the_proposal_keeps_its_own(case):
    codes = screening._in_play(case, [case.scheme.scope])
    ground = screening.ground_of(case.assume("response.desks_per_channel.pooled", 2), codes, screening.window_of(case))
    everyone = screening.part(ground, codes)
    for group, desks in ((case.scheme.scope, 2), ((KINGSTON, MERTON), 1), (codes, 7)):
        told = case.assume("response.desks_per_channel.pooled", 2)
        option = Option("", "alternative", "", Grouping((Command(group, "bcu"),)))
        regime = groundwork.regime_of(told, option, everyone.places)
        channel = regime.channels[codes.index(group[0])]
        raised = screening.staffed(told, regime, everyone, "bcu", group)
        share = workload.volumes(told, group, 2018.5).sum() / workload.volumes(told, case.scheme.scope, 2018.5).sum()
        assert raised.desks[channel] == max(1, int(np.ceil(2 * share - 1e-9)))
        assert raised.desks[channel] == desks or group == codes
        others = [k for k in range(len(raised.desks)) if k != channel]
        assert [raised.desks[k] for k in others] == [regime.desks[k] for k in others]


def test_a_command_is_better_or_worse_only_clear_of_the_noise_in_every_set():
    assert state_of_grade(np.array([2.0, 1.6]), 1.0, 0.5) == "better"
    assert state_of_grade(np.array([2.0, 1.4]), 1.0, 0.5) == "cannot tell"
    assert state_of_grade(np.array([0.4, -0.5]), 1.0, 0.5) == "about the same"
    assert state_of_grade(np.array([0.4, -0.6]), 1.0, 0.5) == "cannot tell"
    assert state_of_grade(np.array([0.0]), 1.0, 1.5) == "cannot tell"
    assert state_of_grade(np.zeros(0), 1.0, 0.5) == "cannot tell"
    assert state_of_command("better", "cannot tell") == "cannot tell"
    assert state_of_command("about the same", "about the same") == "about the same"
    assert state_of_command("cannot tell", "worse") == "worse"


def test_a_set_without_a_steady_state_is_worse_than_any_number_and_has_none():
    change = np.full((3, 2, 2), np.nan)
    change[0] = -4.0
    row = row_of(("a", "b"), change, np.array([STEADY, SWAMPED, UNKNOWN]), np.full((2, 2), 0.1))
    assert (row.immediate, row.immediate_low, row.saturated, row.sets, row.state) == (-4.0, None, 1, 2, "worse")
    swamped = row_of(("a", "b"), np.full((1, 2, 2), np.nan), np.array([SWAMPED]), np.zeros((2, 2)))
    assert (swamped.immediate, swamped.significant_worst, swamped.state) == (None, None, "worse")
    unknown = row_of(("a", "b"), np.full((1, 2, 2), np.nan), np.array([UNKNOWN]), np.zeros((2, 2)))
    assert unknown.state == "cannot tell"


def test_the_noise_of_a_size_is_the_mean_of_its_commands_variances():
    rng = np.random.default_rng(1)
    sample = (("a", "b"), ("a", "c"), ("a", "b", "c"))
    true = np.array([1.0, 2.0, 0.5])
    runs = [screening.Found(rng.standard_normal((3, 2, 2)) * true[:, None, None], np.zeros(3, int))
            for _ in range(2000)]
    noise = screening.noise_of(sample, runs)
    assert noise.sizes == (2, 3)
    assert noise.spread[0] == pytest.approx(np.full((2, 2), np.sqrt(2.5)), rel=0.1)
    assert noise.of(9) == pytest.approx(np.full((2, 2), 0.5), rel=0.1)
    runs[0].change[2] = np.nan
    assert screening.noise_of(sample, runs).sizes == (2,)


def test_commands_are_sampled_evenly_by_size():
    groups = [(f"{k:02}",) for k in range(9)] + [(f"{k:02}", "x") for k in range(50)] + [("a", "b", "c")]
    sample = screening.sampled(groups)
    assert sample == (("09", "x"), ("19", "x"), ("29", "x"), ("39", "x"), ("a", "b", "c"))
    assert screening.sampled(groups[::-1]) == sample


def test_the_noise_and_the_error_on_named_options_are_tables(case, found):
    noise = screening_tables.noise_table(found)
    assert {row[0] for row in noise.rows} == {2, 3}
    assert all(row[3] > 0 for row in noise.rows)
    told = replace(found, sets=(None,))
    only = replace(case, scheme=replace(case.scheme, options=tuple(
        o for o in case.scheme.options if o.name in ("today", "proposed"))), content="two options")
    table = screening_tables.error_table(only, told)
    assert [row[:4] for row in table.rows] == [("proposed", "central", g, p) for g in ("immediate", "significant")
                                               for p in ("mean of residents", "worst area")]
    for row in table.rows:
        assert row[6] == row[4] - row[5]
        assert abs(row[6]) < 5.0
    assert "Largest error" in table.note


def test_nothing_is_screened_where_nothing_is_proposed_to_merge_or_nobody_lives(case):
    apart = replace(case, scheme=replace(case.scheme, options=case.scheme.options[:2]), content="no proposal")
    with pytest.raises(MethodError, match="no proposal merges areas"):
        screening.screened(apart, GROUPS, ())
    empty = replace(case, system=replace(case.system, areas=tuple(
        replace(a, points=()) if a.code == MERTON else a for a in case.system.areas)), content="no points")
    with pytest.raises(MethodError, match="no points with residents"):
        screening.screened(empty, GROUPS, ())
