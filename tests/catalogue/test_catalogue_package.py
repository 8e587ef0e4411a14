"""Does the datapackage list every file, truly, and do the shapes look like London?"""

import hashlib
import json
from datetime import date
from importlib.resources import files

import pytest

from bailiwick import catalogue
from bailiwick.catalogue.systems import SCHEMAS as SYSTEM_SCHEMAS
from bailiwick.tables import SCHEMAS

ROOT = files("bailiwick.catalogue")
ENTRIES = {entry["path"]: entry for entry in catalogue.resources()}


def shipped():
    return sorted(f"{shelf}/{file.name}" for shelf in ("areas", "tables", "shapes")
                  for file in ROOT.joinpath(shelf).iterdir())


def test_every_file_is_listed_and_nothing_else():
    assert sorted(ENTRIES) == shipped()


@pytest.mark.parametrize("path", sorted(ENTRIES))
def test_an_entry_tells_hash_size_publisher_and_licence(path):
    entry, data = ENTRIES[path], ROOT.joinpath(path).read_bytes()
    assert entry["hash"] == "sha256:" + hashlib.sha256(data).hexdigest(), "write the new hash into datapackage.json"
    assert entry["bytes"] == len(data)
    assert entry["publisher"]
    assert entry["licenses"]
    assert entry["title"]
    assert {"reference_period", "first_published", "vintage"} <= set(entry)
    assert len(data) < 100_000


@pytest.mark.parametrize("path", sorted(path for path in ENTRIES if path.endswith(".csv")))
def test_an_entry_describes_the_columns_as_the_schema_does(path):
    entry = ENTRIES[path]
    schema = SCHEMAS[entry["table"]] if "table" in entry else SYSTEM_SCHEMAS[path.rsplit("-", 1)[1][:-4]]
    assert tuple(field["name"] for field in entry["schema"]["fields"]) == schema.names
    assert tuple(entry["schema"]["primaryKey"]) == schema.key
    header = ROOT.joinpath(path).read_text(encoding="utf-8").split("\n", 1)[0]
    assert tuple(header.split(",")) == schema.names


@pytest.mark.parametrize("name", catalogue.names("tables"))
def test_every_table_reads_and_hides_what_came_later(name):
    table = catalogue.table(name)
    assert len(table) > 0
    before = catalogue.table(name, date(1900, 1, 1))
    assert len(before) == 0
    assert before.hidden == len(table)


def test_shapes_are_closed_plain_polygons_of_every_area_and_the_thames():
    shapes = catalogue.shapes("london-boroughs")
    london = catalogue.area_system("london-boroughs")
    assert set(shapes["areas"]) == {area.code for area in london.areas}
    west, south, east, north = shapes["bbox"]
    assert 50_000 < east - west < 62_000
    assert 40_000 < north - south < 50_000
    for area in london.areas:
        outlines = shapes["areas"][area.code]
        assert abs(sum(enclosed(ring) for ring in outlines) / 1e6 / area.area_km2 - 1) < 0.035, area.name
        assert any(contains(ring, shapes["labels"][area.code]) for ring in outlines)
        assert any(contains(ring, (area.easting, area.northing)) for ring in outlines), area.name


def test_the_thames_runs_through_the_picture_between_the_banks():
    shapes = catalogue.shapes("london-boroughs")
    river = shapes["river"]
    xs = [x for ring in river for x, _ in ring]
    assert max(xs) - min(xs) > 35_000
    assert 15 < sum(enclosed(ring) for ring in river) / 1e6 < 30
    tower_reach = (533_000, 180_450)
    assert any(contains(ring, tower_reach) for ring in river)
    land = [ring for rings in shapes["areas"].values() for ring in rings]
    assert not any(contains(ring, tower_reach) for ring in land)


def test_wards_lie_in_the_outline_of_their_borough():
    shapes = catalogue.shapes("london-boroughs")
    outside = [point.name for area in catalogue.area_system("london-boroughs").areas for point in area.points
               if not any(contains(ring, (point.easting, point.northing)) for ring in shapes["areas"][area.code])]
    assert len(outside) <= 6, outside


def test_shapes_carry_their_licence():
    assert "vega-datasets" in catalogue.shapes("london-boroughs")["licence"]
    text = ROOT.joinpath("shapes/LICENCE-vega-datasets.txt").read_text(encoding="utf-8")
    assert "Redistribution and use in source and binary forms" in text
    json.dumps(catalogue.shapes("london-boroughs"))


def enclosed(ring):
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def contains(ring, spot):
    x, y = spot
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
