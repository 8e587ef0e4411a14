"""Which areas touch, in any form of boundary file, and which pairs must a person decide?"""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from bailiwick.errors import CaseError
from bailiwick.sources.boundaries import Columns, borders, outlines, read_boundaries, read_shapes
from bailiwick.sources.polygons import ShapeTable

EAST, NORTH, SIDE = 520_000.0, 170_000.0, 2_000.0


def square(column, row, *, side=SIDE, wide=1.0, shift=0.0):
    west, south = EAST + column * side + shift, NORTH + row * side
    return shapely.box(west, south, west + side * wide, south + side)


def town():
    """Three columns by two rows; a river of 300 m runs between the second and third column.

        D E | F
        A B | C
    """
    return {code: square(n % 3, n // 3, shift=300.0 if n % 3 == 2 else 0.0) for n, code in enumerate("ABCDEF")}


def saved(path, shapes, *, crs="EPSG:27700", driver=None, codes="code", names="name"):
    fields = [np.array(list(shapes)), np.array([f"Area {c}" for c in shapes])]
    drivers = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}
    geometry = np.array([shapely.to_wkb(s) if s is not None else None for s in shapes.values()], dtype=object)
    pyogrio.raw.write(path, geometry, fields, [codes, names], geometry_type="Unknown" if driver else "Polygon", crs=crs,
                      driver=driver or drivers[path.suffix])
    return path


def degrees(shape):
    return shapely.transform(shape, Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True).transform,
                             interleaved=False)


def pairs(found):
    return {b.a + b.b for b in found}


@pytest.mark.parametrize("name", ["town.gpkg", "town.shp", "town.geojson"])
def test_a_town_in_each_form_has_the_same_areas_and_borders(tmp_path, name):
    shapes = {c: degrees(s) for c, s in town().items()} if name.endswith("json") else town()
    path = saved(tmp_path / name, shapes, crs="EPSG:4326" if name.endswith("json") else "EPSG:27700")
    found = read_boundaries(path)
    assert [a.code for a in found.areas] == list("ABCDEF")
    assert found.columns == ("code", "name")
    assert found.crs == "EPSG:27700"
    assert pairs(found.land) == {"AB", "AD", "BE", "CF", "DE"}
    assert pairs(found.review) == {"AE", "BC", "BD", "BF", "CE", "EF"}
    why = {b.a + b.b: (b.why, round(b.gap_metres)) for b in found.review}
    assert why["BC"] == ("nothing but a gap between them: water?", 300)
    assert why["AE"] == ("they meet in a corner or a very short border", 0)
    for area in found.areas:
        assert area.area_km2 == pytest.approx(4.0, rel=1e-3)
        assert (area.easting - EAST) % 100 == pytest.approx(0, abs=2) or area.easting > EAST
    assert next(b for b in found.land if (b.a, b.b) == ("A", "B")).land_metres == pytest.approx(SIDE, rel=1e-3)
    assert len(found.sha256) == 64
    assert any("6 pairs do not share a border" in note for note in found.notes)


def test_the_point_of_an_area_lies_inside_it(tmp_path):
    ring = shapely.difference(square(0, 0), shapely.buffer(shapely.centroid(square(0, 0)), 800))
    shapes = {"A": ring, "B": square(1, 0)}
    (area, _) = read_boundaries(saved(tmp_path / "a.gpkg", shapes)).areas
    assert shapely.contains(ring, shapely.Point(area.easting, area.northing))


def test_polygons_that_cross_themselves_are_mended_and_told(tmp_path):
    bow = shapely.Polygon([(EAST, NORTH), (EAST + SIDE, NORTH + SIDE), (EAST + SIDE, NORTH), (EAST, NORTH + SIDE)])
    found = read_boundaries(saved(tmp_path / "a.gpkg", {"A": bow, "B": square(1, 0)}))
    assert [a.mended for a in found.areas] == [True, False]
    assert found.areas[0].area_km2 == pytest.approx(2.0)
    assert found.notes[0].startswith("1 of 2 polygons crossed themselves and were mended: A")


def test_borders_drawn_a_little_apart_still_touch_within_the_tolerance(tmp_path):
    apart = {"A": square(0, 0), "B": square(1, 0, shift=0.8)}
    path = saved(tmp_path / "a.gpkg", apart)
    assert pairs(read_boundaries(path).land) == {"AB"}
    assert pairs(read_boundaries(path, tolerance=0.1).land) == set()
    assert pairs(read_boundaries(path, tolerance=0.1).review) == {"AB"}


def test_an_island_far_out_is_listed_with_its_nearest_area(tmp_path):
    found = read_boundaries(saved(tmp_path / "a.gpkg", {"A": square(0, 0), "B": square(1, 0), "I": square(9, 0)}))
    assert [(b.a, b.b, b.why) for b in found.review] == [("B", "I", "no neighbour on land: this is the nearest area")]


def test_areas_behind_a_third_one_are_no_crossing(tmp_path):
    shapes = {"A": square(0, 0), "B": square(1, 0, wide=0.2), "C": square(1, 0, wide=1.0, shift=0.2 * SIDE)}
    found = read_boundaries(saved(tmp_path / "a.gpkg", shapes))
    assert pairs(found.land) == {"AB", "BC"}
    assert found.review == ()


def test_areas_outside_great_britain_are_measured_in_their_own_zone(tmp_path):
    box = shapely.box(13.3, 52.4, 13.4, 52.5)
    found = read_boundaries(saved(tmp_path / "a.geojson", {"A": box, "B": shapely.box(13.4, 52.4, 13.5, 52.5)},
                                  crs="EPSG:4326"))
    assert found.crs == "EPSG:32633"
    assert found.areas[0].area_km2 == pytest.approx(75.6, rel=0.01)
    assert found.notes[-1] == "outside Great Britain: metres of EPSG:32633"


@pytest.mark.parametrize(("columns", "code", "name"), [
    (("LAD18CD", "LAD18NM"), "LAD18CD", "LAD18NM"), (("GSS_CODE", "NAME"), "GSS_CODE", "NAME"),
    (("pfa", "label"), "pfa", "label")])
def test_official_columns_are_found(tmp_path, columns, code, name):
    path = saved(tmp_path / "a.gpkg", town(), codes=columns[0], names=columns[1])
    assert read_shapes(path).columns == (code, name)


def test_columns_can_be_named_and_misspelt_ones_are_told(tmp_path):
    path = saved(tmp_path / "a.gpkg", town(), codes="plot", names="owner")
    with pytest.raises(CaseError, match="name the code column"):
        read_boundaries(path)
    assert read_boundaries(path, given=Columns(code="PLOT", name="owner")).areas[0].name == "Area A"
    with pytest.raises(CaseError, match='did you mean "owner"'):
        read_boundaries(path, given=Columns(code="plot", name="ownr"))


def test_what_cannot_be_used_is_refused_with_the_area_or_the_column(tmp_path):
    twice = saved(tmp_path / "twice.gpkg", town())
    fields = [np.array(["A", "A"]), np.array(["x", "y"])]
    wkb = np.array([shapely.to_wkb(square(0, 0)), shapely.to_wkb(square(1, 0))], dtype=object)
    pyogrio.raw.write(twice, wkb, fields, ["code", "name"], geometry_type="Polygon", crs="EPSG:27700", driver="GPKG")
    with pytest.raises(CaseError, match="A, already on shape 1"):
        read_boundaries(twice)
    with pytest.raises(CaseError, match="areas without a shape"):
        read_boundaries(saved(tmp_path / "none.gpkg", {"A": square(0, 0), "B": None}))
    line = {"A": shapely.LineString([(EAST, NORTH), (EAST + 9, NORTH)]), "B": square(1, 0)}
    with pytest.raises(CaseError, match="a shape without surface"):
        read_boundaries(saved(tmp_path / "line.gpkg", line, driver="GPKG"))
    with pytest.raises(CaseError, match="they look like metres"):
        read_boundaries(saved(tmp_path / "metres.geojson", town(), crs="EPSG:4326"))
    with pytest.raises(CaseError, match=r'did you mean "twice\.gpkg"'):
        read_boundaries(tmp_path / "twise.gpkg")
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(CaseError, match=r"one of \.gpkg"):
        read_boundaries(tmp_path / "a.txt")


def test_a_shapefile_without_its_companions_says_which(tmp_path):
    path = saved(tmp_path / "a.shp", town())
    path.with_suffix(".prj").unlink()
    with pytest.raises(CaseError, match="no coordinate system"):
        read_boundaries(path)
    assert len(read_boundaries(path, given=Columns(crs="EPSG:27700")).areas) == 6
    with pytest.raises(CaseError, match="a known coordinate system"):
        read_boundaries(path, given=Columns(crs="EPSG:1"))
    path.with_suffix(".dbf").unlink()
    path.with_suffix(".shx").unlink()
    with pytest.raises(CaseError, match=r"\.shx|name the code column"):
        read_boundaries(path)


@pytest.mark.parametrize("raw", [b"", b"SQLite format 3\x00" + b"\x00" * 200, b"<html>",
                                 b'{"type": "FeatureCollection", "features": []}', b"\x00\x00\x27\x0a" + b"\x00" * 96])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp", "a.zip"])
def test_damaged_files_are_refused(tmp_path, name, raw):
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(CaseError):
        read_boundaries(tmp_path / name)


def test_a_zip_of_shapefiles_as_offices_issue_it(tmp_path):
    path = saved(tmp_path / "areas.shp", town())
    other = saved(tmp_path / "wards.shp", {"W": square(0, 0)})
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as one, zipfile.ZipFile(tmp_path / "two.zip", "w") as two:
        for part in sorted(tmp_path.glob("areas.*")) + sorted(tmp_path.glob("wards.*")):
            two.write(part, f"ESRI/{part.name}")
            if part.stem == path.stem:
                one.write(part, f"ESRI/{part.name}")
    assert pairs(read_boundaries(tmp_path / "one.zip").land) == {"AB", "AD", "BE", "CF", "DE"}
    with pytest.raises(CaseError, match=r"areas, wards\n[\s\S]*name the layer"):
        read_boundaries(tmp_path / "two.zip")
    assert len(read_boundaries(tmp_path / "two.zip", given=Columns(layer=other.stem)).areas) == 1
    with pytest.raises(CaseError, match='did you mean "wards"'):
        read_boundaries(tmp_path / "two.zip", given=Columns(layer="ward"))


def test_two_layers_must_be_told_apart(tmp_path):
    path = saved(tmp_path / "a.gpkg", town())
    fields = [np.array(["A"]), np.array(["x"])]
    wkb = np.array([shapely.to_wkb(square(0, 0))], dtype=object)
    pyogrio.raw.write(path, wkb, fields, ["code", "name"], layer="two", geometry_type="Polygon", crs="EPSG:27700",
                      driver="GPKG", append=True)
    with pytest.raises(CaseError, match="one layer of polygons"):
        read_boundaries(path)
    assert len(read_boundaries(path, given=Columns(layer="two")).areas) == 1
    with pytest.raises(CaseError, match='did you mean "two"'):
        read_boundaries(path, given=Columns(layer="tow"))


def test_thin_outlines_stay_a_coverage_in_degrees(tmp_path):
    found = outlines(read_shapes(saved(tmp_path / "a.gpkg", town())))
    assert [f["properties"]["code"] for f in found["features"]] == list("ABCDEF")
    shapes = [shapely.from_geojson(json.dumps(f["geometry"])) for f in found["features"]]
    assert all(shapely.is_valid(s) and -1 < s.centroid.x < 0 and 51 < s.centroid.y < 52 for s in shapes)


@given(wide=st.integers(1, 4), high=st.integers(1, 4), jitter=st.floats(0, 0.3))
def test_a_grid_has_the_borders_of_a_grid(wide, high, jitter):
    shapes = np.array([square(c, r, shift=jitter) for r in range(high) for c in range(wide)], dtype=object)
    codes = tuple(f"{r}{c}" for r in range(high) for c in range(wide))
    table = ShapeTable("grid", "EPSG:27700", ("code", "name"), codes, codes, shapes, (False,) * len(codes), {})
    land, review = borders(table, tolerance=1.0, within=1_000.0)
    assert len(land) == high * (wide - 1) + wide * (high - 1)
    assert len(review) == 2 * (high - 1) * (wide - 1)
    assert all(b.a < b.b for b in (*land, *review))
