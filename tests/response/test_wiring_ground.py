"""What town, calls, cars and rules the first case describes."""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.response import groundwork, places, service, workload
from bailiwick.response.fleet import duty_hours
from bailiwick.response.town import checked, checked_regime


@pytest.fixture(scope="module")
def ground(case):
    return service.scene(case, groundwork.Window(2018.5, 2))


def force(case):
    name = case.system.area(case.scheme.scope[0]).force
    return tuple(a.code for a in case.system.areas if a.force == name)


def test_the_scheme_comes_first_then_the_ring_that_touches_it(case, ground):
    codes = ground.places.codes
    assert codes[:4] == case.scheme.scope
    assert [case.system.area(c).name for c in codes[4:]] == ["Croydon", "Hounslow", "Lambeth", "Sutton"]
    assert len(ground.places.residents) == sum(len(case.system.area(c).points) for c in codes)


def test_a_ward_is_not_reached_in_no_time(ground):
    inner = np.diag(ground.places.kilometres)[: len(ground.places.residents)]
    assert (inner > 0.2).all()
    assert (inner < 2.0).all()


def test_patrol_stands_lie_in_their_area_and_bring_cars_nearer_than_the_station_alone(case):
    area = case.system.area("E09000027")
    station = (area.easting, area.northing)
    stands = places._stands(area, station)
    where = np.array([(p.easting, p.northing) for p in area.points])
    people = np.array([p.residents for p in area.points], float)

    def mean(spots):
        gap = np.sqrt(((where[:, None] - np.array(spots)[None])**2).sum(axis=2)).min(axis=1)
        return (people * gap).sum() / people.sum()

    assert set(stands) <= {tuple(map(float, w)) for w in where}
    assert mean([station, *stands]) < 0.6 * mean([station])


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_areas_share_the_published_calls_of_the_force(case, weight):
    told = case.assume("response.crime_weight", weight).assume("response.calls.growth_a_year", 0.0)
    hourly = workload.volumes(told, force(case), 2018.5)
    assert hourly[:, 0].sum() * workload.HOURS_A_YEAR == pytest.approx(482_255)
    assert workload.shares(told, force(case)).sum() == pytest.approx(1.0)


def test_the_two_proxies_disagree_about_richmond(case):
    people = workload.shares(case.assume("response.crime_weight", 0.0), ("E09000027",))[0]
    crime = workload.shares(case.assume("response.crime_weight", 1.0), ("E09000027",))[0]
    assert crime < 0.75 * people


def test_calls_grow_from_the_year_they_were_counted(case):
    level = workload.force_level(case, 2018.0)
    growth = case.value("response.calls.growth_a_year")
    assert level * workload.HOURS_A_YEAR == pytest.approx(482_255 * (1 + growth)**4)


def test_without_a_published_count_the_level_is_a_rate(case):
    from dataclasses import replace

    bare = replace(case, tables={k: v for k, v in case.tables.items() if k != "figures"})
    people = sum(case.system.area(c).population for c in force(case))
    expected = case.value("response.calls.immediate_per_thousand") * people / 1000 / workload.HOURS_A_YEAR
    assert workload.force_level(bare, 2018.0) == pytest.approx(expected)


def test_hours_of_the_week_average_to_one_and_peak_in_the_evening(case):
    shape = workload.profile(case)
    assert shape.mean() == pytest.approx(1.0)
    assert shape[5 * 24 + 2] == pytest.approx(2 * shape[2])
    assert shape[18:22].min() > shape[12:18].max()
    assert 0.5 < workload.speed(case).min() < workload.speed(case).max() == 1.0


def test_an_average_area_has_the_assumed_cars(case):
    even = case
    for code in ("E09000021", "E09000024", "E09000027", "E09000032", "E09000007", "E09000019"):
        even = even.assume(f"cars.effect.{code}", 1.0)
    cars = groundwork.cars_today(even, force(case), "response.cars_on_duty.today")
    assert cars.mean() == pytest.approx(case.value("response.cars_on_duty.today"))
    more = groundwork.cars_today(even.assume("cars.effect.E09000021", 1.1), ("E09000021",),
                                 "response.cars_on_duty.today")
    assert more[0] == pytest.approx(1.1 * cars[force(case).index("E09000021")])


def test_cars_on_duty_are_what_the_rule_says_once_crews_are_missing(case, ground):
    town = groundwork.town_of(case, ground.places, ground.cars, ground.hourly)
    checked(town)
    regime = checked_regime(town, groundwork.regime_of(case, groundwork.today_of(case), ground.places))
    rostered = np.array([town.roster[:, town.unit_area == a].sum() / 168 for a in range(len(ground.cars))])
    present = (1 - regime.abstraction) * (1 - regime.events)
    assert rostered * present == pytest.approx(ground.cars, abs=0.1)
    on = duty_hours(town, regime, ground.calls, 336)
    assert on.sum(axis=1).mean() == pytest.approx(ground.cars.sum(), rel=0.03)


def test_one_more_car_leaves_the_others_as_they_were(case, ground):
    before = groundwork.fleet_of(case, ground.places, ground.cars)
    more = ground.cars.copy()
    more[0] += 1.0
    after = groundwork.fleet_of(case, ground.places, more)
    mine = after.roster[:, after.unit_area == 0]
    was = before.roster[:, before.unit_area == 0]
    assert mine.sum() > was.sum()
    assert (mine[:, : was.shape[1] - 3] >= was[:, : was.shape[1] - 3]).all()


def test_posting_moves_cars_and_keeps_their_number(case, ground):
    for name in ("proposed", "redesigned"):
        option = case.scheme.option(name)
        cars = groundwork.posted(case, option, ground.places, ground.cars)
        assert cars[:4].sum() == pytest.approx(ground.cars[:4].sum())
        assert (cars[4:] == ground.cars[4:]).all()
        assert not np.allclose(cars[:4], ground.cars[:4])
    kept = groundwork.posted(case, case.scheme.option("redesigned-teams"), ground.places, ground.cars)
    assert (kept == ground.cars).all()
    floored = groundwork.posted(case, case.scheme.option("redesigned"), ground.places, ground.cars)
    assert (floored[:4] >= 0.75 * ground.cars[:4]).all()


def test_each_option_runs_as_its_model_says(case, ground):
    rules = {o.name: groundwork.regime_of(case, o, ground.places) for o in case.scheme.options}
    assert len(set(rules["today"].commands)) == 8
    assert rules["proposed"].dispatch == "pooled"
    assert len(set(rules["proposed"].commands[:4])) == 1
    assert len(set(rules["proposed"].channels[:4])) == 1
    assert len(set(rules["redesigned"].channels)) == 8
    assert rules["redesigned"].dispatch == "own-first"
    assert rules["redesigned-teams"].dedicated == (0, 1, 2, 3)
    assert rules["today"].carry == 0.0 < rules["proposed"].carry
    assert rules["pause"].commands == rules["today"].commands


def test_kingston_parades_elsewhere_once_merged(case, ground):
    sites = dict(ground.places.sites)
    today = groundwork.regime_of(case, case.scheme.option("today"), ground.places)
    merged = groundwork.regime_of(case, case.scheme.option("proposed"), ground.places)
    assert today.parade[0] == sites["Kingston"]
    assert merged.parade[0] in {sites["Twickenham"], sites["Wimbledon"], sites["Wandsworth"]}
    assert merged.parade[1] == sites["Wimbledon"]


def test_aid_across_borders_is_an_assumption_and_needs_a_border(case, ground):
    closed = groundwork.regime_of(case.assume("response.aid.any_grade", 0), case.scheme.option("today"), ground.places)
    assert closed.border == "immediate-only-aid"
    codes = ground.places.codes
    assert closed.reach[codes.index("E09000021"), codes.index("E09000029")]
    assert not closed.reach[codes.index("E09000021"), codes.index("E09000008")]


def test_which_waiting_call_comes_first_is_an_assumption(case, ground):
    assert groundwork.regime_of(case, case.scheme.option("proposed"), ground.places).pull == "oldest"
    told = case.assume("response.pull.own_area", 1)
    assert groundwork.regime_of(told, told.scheme.option("proposed"), ground.places).pull == "own-area"


def test_more_servers_go_to_the_channels_of_the_scheme_only(case, ground):
    rules = groundwork.regime_of(case, case.scheme.option("proposed"), ground.places)
    more = groundwork.with_servers(rules, 4, desks=3, supervisors=2)
    assert more.desks[more.channels[0]] == 3
    assert more.supervisors[more.spans[0]] == 2
    assert all(more.desks[k] == rules.desks[k] for k in more.channels[4:])


def test_the_ring_keeps_no_investigations_and_suffers_no_dip(ground):
    told = service.strained(ground.calls, 4, 0.5, service.Strain(1.5))
    ring = ground.calls.area >= 4
    assert (told.carried[ring] == 0).all()
    assert (told.carried[~ring] == ground.calls.carried[~ring]).all()
    assert told.job[ring] == pytest.approx(ground.calls.job[ring])
    assert told.desk[~ring] == pytest.approx(1.5 * ground.calls.desk[~ring])


def test_a_fading_dip_is_gone_when_it_says_so(ground):
    told = service.strained(ground.calls, 4, 0.0, service.Strain(2.0, fading=1.0))
    later = ground.calls.time >= 7 * 1440
    assert (told.job[later] == ground.calls.job[later]).all()
    assert (told.job[(ground.calls.time < 60) & (ground.calls.area < 4)]
            > 1.9 * ground.calls.job[(ground.calls.time < 60) & (ground.calls.area < 4)]).all()


@pytest.mark.parametrize("units", [1.0, 1.3, 2.0, 2.1])
def test_shares_of_cars_needed_have_the_assumed_mean(units):
    shares = workload._needs(units)
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) >= -1e-12
    assert sum(n * s for n, s in enumerate(shares)) == pytest.approx(units)
