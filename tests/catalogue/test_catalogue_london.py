"""Is the packaged London the real one, as known on each day?"""

from collections import Counter
from datetime import date

import pytest

from bailiwick import catalogue
from bailiwick.errors import CaseError

FOUR = ("E09000021", "E09000024", "E09000027", "E09000032")
CITY = "E09000001"
FIRST_CASE = date(2018, 1, 31)


@pytest.fixture(scope="module")
def london():
    return catalogue.area_system("london-boroughs", FIRST_CASE)


@pytest.fixture(scope="module")
def met(london):
    return [area.code for area in london.areas if area.force == "Metropolitan Police"]


def test_four_boroughs_have_the_residents_known_on_the_day(london):
    assert sum(area.population for area in london.subset(FOUR)) == 893_078
    later = catalogue.area_system("london-boroughs")
    assert sum(area.population for area in later.subset(FOUR)) == 899_598
    assert round(sum(area.area_km2 for area in london.subset(FOUR)), 2) == 166.55


@pytest.mark.parametrize(("day", "people"), [
    (date(2012, 12, 30), None), (date(2012, 12, 31), 307_000), (date(2017, 6, 21), 307_000),
    (date(2017, 6, 22), 316_096), (date(2018, 6, 29), 316_096), (date(2018, 6, 30), 323_257),
])
def test_population_is_the_latest_published_by_the_day(day, people):
    found = catalogue.area_system("london-boroughs", day).area("E09000032").population
    assert found == people if people != 307_000 else abs(found - people) < 300


def test_golden_totals_of_the_whole_city(london):
    later = catalogue.area_system("london-boroughs")
    assert sum(area.population for area in later.areas) == 8_825_001
    assert sum(area.population for area in london.areas) == 8_787_892
    assert sum(area.households for area in london.areas) == 3_266_173
    assert round(sum(area.area_km2 for area in london.areas), 2) == 1573.49
    points = [point for area in london.areas for point in area.points]
    assert len(points) == 625
    assert sum(point.residents for point in points) == 8_173_941
    assert len({point.code for point in points}) == 625


def test_the_city_has_its_own_force_and_wards_add_up_to_the_mayors_629(london, met):
    assert len(london.areas) == 33
    assert len(met) == 32
    assert london.area(CITY).force == "City of London Police"
    assert london.area(CITY).wards is None
    assert sum(london.area(code).wards for code in met) == 629
    assert sum(area.wards for area in london.subset(FOUR)) == 74
    assert all(area.councils == 1 for area in london.areas)


def test_links_are_land_or_a_named_crossing(london, met):
    assert Counter(link.kind for link in london.contiguity) == {"land": 68, "crossing": 9}
    inside = [link for link in london.contiguity if {link.a, link.b} <= set(met)]
    assert Counter(link.kind for link in inside) == {"land": 63, "crossing": 8}
    assert all(link.over and link.source for link in london.contiguity if link.kind == "crossing")
    assert all(link.land_metres > 0 for link in london.contiguity if link.kind == "land")
    assert london.is_contiguous(met)
    assert london.is_contiguous(FOUR)


@pytest.mark.parametrize("pair", [
    ("E09000002", "E09000004"), ("E09000002", "E09000011"), ("E09000004", "E09000016"), ("E09000023", "E09000030"),
    ("E09000001", "E09000022"),
])
def test_pairs_across_the_river_without_a_crossing_never_touch(london, pair):
    assert pair[1] not in london.neighbours(pair[0], crossings=True)


def test_without_one_land_link_the_river_cuts_the_force_in_two(london, met):
    across = [link for link in london.contiguity if {link.a, link.b} == {"E09000018", "E09000027"}]
    assert [link.kind for link in across] == ["land"]


def test_a_crossing_counts_from_the_year_it_opened():
    over = {link.over for link in catalogue.area_system("london-boroughs", FIRST_CASE).contiguity}
    assert not any("Silvertown" in names for names in over)
    assert any("Silvertown" in link.over for link in catalogue.area_system("london-boroughs").contiguity)


def test_every_point_lies_within_reach_of_its_area(london):
    for area in london.areas:
        for point in area.points:
            apart = ((point.easting - area.easting) ** 2 + (point.northing - area.northing) ** 2) ** 0.5
            assert apart < 14_000, (area.name, point.name)


def test_shares_of_points_agree_with_the_shared_tables(shared_data, london):
    lines = (shared_data / "london" / "wards_points.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == 625
    people = Counter()
    for line in lines:
        cells = line.rsplit(",", 8)
        people[cells[1]] += int(cells[5])
    for area in london.areas:
        assert sum(point.residents for point in area.points) == people[area.code]


def test_crimes_show_no_year_before_it_was_over():
    known = catalogue.table("crimes-london", FIRST_CASE)
    assert {row["reference_period"] for row in known} == {"2016", "2017"}
    assert {row["reference_period"] for row in catalogue.table("crimes-london", date(2018, 1, 30))} == {"2016"}
    assert len({row["area"] for row in known}) == 32
    assert CITY not in {row["area"] for row in known}
    assert sum(row["count"] for row in known.where(reference_period="2017")) == 819_749
    assert all("not what was visible then" in row["vintage"] for row in known)


def test_crimes_are_the_months_of_the_shared_table_added_up(shared_data):
    path = shared_data / "london" / "crime_borough_total_monthly_2014_2019.csv"
    total = Counter()
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        code, month, count = line.split(",")
        total[code, month[:4]] += int(float(count))
    ours = Counter()
    for row in catalogue.table("crimes-london"):
        ours[row["area"], row["reference_period"]] += row["count"]
    assert ours == {key: total[key] for key in ours}
    assert len(ours) == 64


@pytest.mark.parametrize(("call", "shelf", "hint"), [
    (lambda: catalogue.area_system("london-borough"), "areas", 'did you mean "london-boroughs"?'),
    (lambda: catalogue.table("crime-london"), "tables", 'did you mean "crimes-london"?'),
    (lambda: catalogue.shapes("london"), "shapes", "london-boroughs"),
])
def test_an_unknown_name_gets_the_nearest_match(call, shelf, hint):
    with pytest.raises(CaseError) as told:
        call()
    assert told.value.key == shelf
    assert hint in told.value.hint


def test_the_same_system_is_read_once():
    assert catalogue.area_system("london-boroughs", FIRST_CASE) is catalogue.area_system("london-boroughs", FIRST_CASE)
