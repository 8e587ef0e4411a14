"""Does a boundary file and a spreadsheet make a case that loads, and is every fault of the two told?"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bailiwick import casefile, casefile_sheet
from bailiwick.cli import app
from bailiwick.errors import CaseError
from bailiwick.sources.figures import read_figures
from bailiwick.sources.polygons import Columns
from bailiwick.sources.workbook import workbook

DAY = date(2018, 1, 31)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    """The made-up town's boundary file and workbook; for reading only."""
    return casefile_sheet.example("harbour", tmp_path_factory.mktemp("harbour"))


@pytest.fixture
def begin(harbour, tmp_path):
    """A function that starts a case on the town's boundary file, edited, with one sheet of its own or its workbook."""

    def begun(sheet=None, *, edit=lambda told: told, text=None):
        boundaries = harbour[0]
        if text is not None or edit(json.loads(boundaries.read_text())) != json.loads(boundaries.read_text()):
            boundaries = tmp_path / "edited.geojson"
            told = edit(json.loads(harbour[0].read_text()))
            boundaries.write_text(json.dumps(told) if text is None else text, encoding="utf-8")
        figures = (harbour[1],)
        if sheet is not None:
            figures = (tmp_path / "figures.csv",)
            figures[0].write_text(sheet, encoding="utf-8")
        return casefile.start("town", casefile.Beginning(boundaries, Columns(), figures), tmp_path, as_of=DAY)

    return begun


def test_a_town_becomes_a_case_with_its_own_areas_borders_points_and_posts(harbour, begin):
    started = begin()
    case = casefile.load(started.folder)
    assert [area.code for area in case.system.areas] == [f"HB{n:02d}" for n in range(1, 13)]
    assert case.scheme.scope == ("HB01", "HB02", "HB03", "HB04")
    assert [c.areas for c in case.scheme.option("proposed").grouping.commands] == [("HB01", "HB02", "HB03", "HB04")]
    assert case.system.area("HB04").population == 52_300
    assert [(link.a, link.b, link.over) for link in case.system.contiguity if link.kind == "crossing"] == [
        ("HB02", "HB06", "Long Bridge"), ("HB03", "HB07", "Tram Tunnel")]
    assert ("HB01", "HB05") not in {(link.a, link.b) for link in case.system.contiguity}, "a river lies between them"
    points = case.system.area("HB01").points
    assert sum(point.residents for point in points) == 41_200
    middle = sum(point.northing * point.residents for point in points) / 41_200
    assert case.system.area("HB01").northing == pytest.approx(middle, abs=1)
    assert set(case.system.outlines) == {area.code for area in case.system.areas}
    assert case.scheme.posts[2].rank == "sergeant"
    assert case.value("posts.sergeant.supervision.today") == 22
    assert case.assumption("posts.inspector.response_duty.today").kind == "data"
    assert sum(int(row["count"]) for row in case.tables["crimes"] if row["area"] == "HB01") == 2_224
    told = [str(task) for task in casefile.tasks(case) if task.kind == "border"]
    assert any("Abbot's Mill and Eastgate: nothing but a gap" in text for text in told)
    assert not any("Brickfield and Fenside" in text for text in told), "the spreadsheet has named a bridge there"
    assert any("share a border on land" in note for note in started.notes)


def test_without_a_spreadsheet_the_check_asks_for_residents(harbour, tmp_path):
    started = casefile.start("bare", casefile.Beginning(harbour[0]), tmp_path, as_of=DAY)
    assert any("Residents are missing for 12 areas" in note for note in started.notes)
    with pytest.raises(CaseError, match="no residents of Abbot's Mill"):
        casefile.load(started.folder)


def test_the_blank_workbook_names_the_areas_and_reads_back_empty(harbour, tmp_path):
    path = casefile_sheet.blank("mine", harbour[0], Columns(), tmp_path)
    found = read_figures([path])
    assert [row["name"] for row in found.rows("areas")][:2] == ["Abbot's Mill", "Brickfield"]
    assert set(found.column("areas", "residents")) == {None}
    assert {"a": "HB01", "b": "HB05"}.items() <= found.rows("crossings")[0].items()
    with pytest.raises(CaseError, match="there already"):
        casefile_sheet.blank("mine", harbour[0], Columns(), tmp_path)


def test_a_polygon_that_crosses_itself_is_mended_and_said(begin):
    def bow_tie(told):
        ring = told["features"][0]["geometry"]["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]
        return told

    assert any("crossed themselves and were mended: HB01" in note for note in begin(edit=bow_tie).notes)


def _renamed(told):
    for feature in told["features"]:
        feature["properties"] = {"colour": feature["properties"]["code"]}
    return told


def _twice(told):
    told["features"][1]["properties"]["code"] = "HB01"
    return told


def _metres(told):
    for feature in told["features"]:
        feature["geometry"]["coordinates"] = [[[500_000, 200_000], [501_000, 200_000], [501_000, 201_000],
                                               [500_000, 200_000]]]
    return told


@pytest.mark.parametrize(("edit", "found", "hint"), [
    (_renamed, "colour", "name the code column"), (_twice, "HB01, already on shape 1", "multipolygon"),
    (_metres, "said to be degrees", "EPSG:27700"),
])
def test_a_boundary_file_that_cannot_be_used_is_told(begin, tmp_path, edit, found, hint):
    with pytest.raises(CaseError) as caught:
        begin(edit=edit)
    assert found in str(caught.value.got)
    assert hint in caught.value.hint
    assert not (tmp_path / "town").exists()


@pytest.mark.parametrize(("sheet", "where", "found", "hint"), [
    ("code,residents\nHB01,100\nHB1,5\n", "line 3", "HB1", 'did you mean "HB'),
    ("code,residents\nHB01,100\nHB01,5\n", "line 3", "HB01, already in", ""),
    ("code,residents\nHB01,many\n", "figures.csv", "many", ""),
    ("code,residents\nHB01,-5\n", "line 2", "-5", ""),
    ("code,residents\nX,5\nY,6\n", "line 2", "X", ""),
    ("code,resident\nHB01,100\n", "figures.csv", "resident", "add the column residents"),
    ("rank,role,per,today,proposed\nsergeant,duty,area,5,4\n", "line 2", "nothing", "is a guess"),
    ("rank,role,per,today,proposed,source\nsergeant,duty,town,5,4,Plan\n", "line 2", "town", ""),
    ("code,area,residents,lon,lat\nW1,HB01,5,51.5,0.1\n", "line 2", "51.5, 0.1", "swapped"),
    ("code,area,residents\nW1,HB01,5\n", "line 2", "nothing", "lon and lat"),
    ("a,b,name,opened\nHB01,HB02,Bridge,1900\n", "line 2", "HB01 and HB02", "take the row out"),
    ("a,b,name,opened\nHB01,HB05,Bridge,\n", "line 2", "nothing", ""),
    ("name,area,role\nYard,HB01,castle\n", "line 2", "castle", ""),
    ("area,type,count\nHB01,Theft,5\n", "line 2", "nothing", ""),
])
def test_a_fault_of_the_spreadsheet_is_told_with_its_line(begin, tmp_path, sheet, where, found, hint):
    with pytest.raises(CaseError) as caught:
        begin(sheet)
    assert where in f"{caught.value.where} {caught.value.key}"
    assert found in str(caught.value.got)
    assert hint in caught.value.hint
    assert not (tmp_path / "town").exists()


def test_two_tables_of_one_kind_are_refused(tmp_path):
    path = tmp_path / "two.xlsx"
    path.write_bytes(workbook({"one": [["code", "residents"], ["A", 1]], "two": [["code", "residents"], ["B", 2]]}))
    with pytest.raises(CaseError, match="a second table of areas"):
        read_figures([path])


def test_a_workbook_gives_back_what_was_written(tmp_path):
    rows = [["code", "residents", "name", "today", "proposed"], ["A<1>", 1200, "Q & \"R\"", 0.5, ""]]
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook({"notes": [["only words"]], "here & there": rows, "empty": []}))
    assert path.read_bytes() == workbook({"notes": [["only words"]], "here & there": rows, "empty": []})
    found = read_figures([path])
    assert found.rows("areas") == [{"code": "A<1>", "residents": "1200", "name": 'Q & "R"', "today": "0.5",
                                    "proposed": ""}]
    assert found.tables["areas"].where == "book.xlsx, sheet here & there"


def test_areas_outside_britain_are_kept_in_metres_of_their_zone(begin):
    def moved(told):
        for feature in told["features"]:
            ring = feature["geometry"]["coordinates"][0]
            feature["geometry"]["coordinates"] = [[[x + 20, y - 10] for x, y in ring]]
        return told

    started = begin("code,residents,proposed\nHB01,100,X\nHB02,200,X\n", edit=moved)
    case = casefile.load(started.folder)
    assert case.scheme.scope == ("HB01", "HB02")
    assert case.system.area("HB01").northing > 4_000_000
    assert any(note.startswith("Outside Great Britain: metres of EPSG:32") for note in started.notes)


@pytest.mark.parametrize(("line", "found", "hint"), [
    ("x", "nothing", "--example"), ("x --areas london-boroughs --blank", "area system of the catalogue", "spreadsheet"),
    ("x --areas gone.gpkg", "no such file", "harbour.geojson"),
    ("x --areas harbour.geojson --as-of today", "today", ""),
    ("x --areas harbour.geojson --code colour", "colour", "code"),
    ("x --areas harbour.geojson --figures no.xlsx", "no such file", ""),
])
def test_what_cannot_be_used_on_the_command_line_is_told(harbour, monkeypatch, line, found, hint):
    monkeypatch.chdir(harbour[0].parent)
    outcome = CliRunner().invoke(app, ["new", *line.split()])
    assert isinstance(outcome.exception, CaseError)
    assert found in str(outcome.exception.got)
    assert hint in outcome.exception.hint
    assert not (harbour[0].parent / "x").exists()


@pytest.mark.long
def test_a_stranger_gets_from_a_boundary_file_to_report_and_map(tmp_path):
    for line in ("new harbour --example",
                 "new harbour --areas harbour.geojson --figures harbour.xlsx --as-of 2018-01-31",
                 "check harbour", "appraise harbour --draws 2"):
        done = subprocess.run([sys.executable, "-m", "bailiwick", *line.split()], cwd=tmp_path, capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr
    out = Path(tmp_path, "out", "harbour")
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["verdict"]["answer"]
    assert len(results["case"]["outlines"]) == 12
    for page in ("report.html", "map.html"):
        text = (out / page).read_text(encoding="utf-8")
        assert "Castle Hill" in text
        assert "Outlines are approximate" not in text
