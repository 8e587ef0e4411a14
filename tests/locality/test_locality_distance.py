"""How far is the commander?  Worked by hand on the made-up town, and against a slow reading of the rule."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.findings import Unavailable
from bailiwick.locality import distance as d
from bailiwick.scheme import Command, Site

BOTH = Command(("N", "S"), "bcu", "Dock")


def test_distances_to_a_named_headquarters(town):
    found = d.distance_to_headquarters(town, BOTH)
    # North: n1 is 4 km off (100 people), n2 is 4 km north and 4 km east, hypot = 4 sqrt 2 (300 people)
    assert found["N"] == pytest.approx((100 * 4 + 300 * 4 * 2**0.5) / 400)
    assert found["S"] == pytest.approx((200 * 0 + 200 * 3) / 400)


def test_minutes_are_kilometres_times_detour_over_speed(town):
    km = d.distance_to_headquarters(town, BOTH)
    minutes = d.travel_time_to_headquarters(town, BOTH)
    assert minutes == {code: pytest.approx(value * 1.5 / 30 * 60) for code, value in km.items()}
    faster = town.assume("locality.kilometres_per_hour", 60)
    assert d.travel_time_to_headquarters(faster, BOTH)["N"] == pytest.approx(minutes["N"] / 2)


def test_bands_count_residents_at_the_edge_as_within(town):
    # 3 minutes a kilometre: s2 at 3 km is 9 minutes, n1 at 4 km is 12, n2 at 5.66 km is 17 minutes
    assert d.residents_within_15(town, BOTH) == {"N": 25.0, "S": 100.0}
    assert d.residents_within_30(town, BOTH) == {"N": 100.0, "S": 100.0}
    edge = town.assume("locality.kilometres_per_hour", 36).assume("locality.detour", 1.5)
    assert d.minutes_per_kilometre(edge) == 2.5
    base = d.headquarters(edge, BOTH)
    assert d.share_within(edge, edge.system.area("N"), base, 10.0) == 0.25
    assert d.share_within(edge, edge.system.area("N"), base, 9.999) == 0.0


def test_a_named_headquarters_says_so_and_may_lie_outside(town):
    base = d.headquarters(town, Command(("N",), "borough", "Dock"))
    assert (base.name, base.area, base.by_rule) == ("Dock", "S", False)


def test_without_a_name_the_base_nearest_the_median_serves(town):
    # eastings 0 (100), 4000 (300), 0 (200), 3000 (200): half of 800 people is reached at 3000; northings: at 0
    assert d.median_point(town.system.subset(("N", "S"))) == (3000.0, 0.0)
    base = d.headquarters(town, Command(("N", "S"), "bcu"))
    assert (base.name, base.by_rule) == ("Dock", True)
    assert "by rule" in base.why


def test_an_area_without_base_offers_its_own_point(town):
    base = d.headquarters(town, Command(("F",), "borough"))
    assert (base.name, base.easting, base.northing, base.by_rule) == ("Far", 0, -8000, True)
    assert [b.name for b in d.bases(town, ("F", "N", "S"))] == ["Far", "Hill", "Dock"]


@pytest.mark.parametrize(("opens", "closes", "stands"), [
    (None, None, True), (None, date(2018, 5, 23), False), (None, date(2018, 5, 24), True),
    (date(2018, 5, 23), None, True), (date(2018, 5, 24), None, False),
])
def test_only_bases_that_stand_on_the_day_count(town, opens, closes, stands):
    site = Site("Annex", "F", 100, -8000, "base", opens, closes)
    case = replace(town, scheme=replace(town.scheme, sites=(*town.scheme.sites, site)))
    assert [b.name for b in d.bases(case, ("F",))] == (["Annex"] if stands else ["Far"])


def test_nobody_known_is_unknown_never_zero(with_areas):
    case = with_areas("F", points=(), population=None)
    command = Command(("F",), "borough")
    assert d.headquarters(case, command).name == "Far"
    for measure in (d.distance_to_headquarters, d.travel_time_to_headquarters, d.residents_within_15,
                    d.residents_within_30):
        value = measure(case, command)["F"]
        assert isinstance(value, Unavailable)
        assert value.reason == "unknown"


def test_without_points_the_areas_own_point_stands_in(with_areas):
    case = with_areas("N", points=())
    assert d.distance_to_headquarters(case, BOTH)["N"] == pytest.approx(5.0)  # (3000, 4000) to (0, 0)


def test_points_without_residents_weigh_nothing(with_areas, town):
    empty = replace(town.system.area("N").points[0], code="n0", easting=9e5, residents=0)
    case = with_areas("N", points=(*town.system.area("N").points, empty))
    assert d.distance_to_headquarters(case, BOTH) == d.distance_to_headquarters(town, BOTH)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=12))
def test_the_weighted_median_is_the_median_of_everybody(pairs):
    values, weights = zip(*pairs, strict=True)
    everybody = sorted(value for value, weight in pairs for _ in range(weight))
    found = d.weighted_median(np.array(values, dtype=float), np.array(weights, dtype=float))
    assert found == everybody[(len(everybody) - 1) // 2]


@given(st.floats(-4e5, 4e5), st.floats(-4e5, 4e5))
def test_moving_the_whole_town_changes_no_distance(east, north):
    from bailiwick.areas import Area, Point
    spots = ((0, 0, 5), (3000, 4000, 5))
    here = Area("X", "X", "P", 10, 1, 1.0, 0, 0, tuple(Point(str(i), "", x, y, n) for i, (x, y, n) in enumerate(spots)))
    there = replace(here, points=tuple(replace(p, easting=p.easting + east, northing=p.northing + north)
                                       for p in here.points))
    base = d.Headquarters("B", "X", 0.0, 0.0, True, "")
    assert d.mean_kilometres(here, base) == pytest.approx(2.5)
    moved = replace(base, easting=east, northing=north)
    assert d.mean_kilometres(there, moved) == pytest.approx(2.5)
