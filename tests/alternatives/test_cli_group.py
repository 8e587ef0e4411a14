"""The command `group` as a stranger runs it: text, JSON, files, refusals."""

from __future__ import annotations

import csv
import itertools
import json
import subprocess
import sys

import pytest
import typer
from shapely.geometry import Point, shape
from typer.testing import CliRunner

from bailiwick import casefile, choices_named, choices_response
from bailiwick.cli_group import group
from bailiwick.errors import BailiwickError

AREAS = (
    "code,name,weight,now,plan,easting,northing\n"
    "A,Ash,10,n,p,500000,200000\nB,Birch,20,n,p,501000,200000\nC,Cedar,30,s,p,500000,201000\nD,Dene,40,s,q,501000,201000\n"
)
BORDERS = "a,b,kind\nA,B,land\nA,C,land\nB,D,land\nC,D,bridge\n"


@pytest.fixture
def town(tmp_path):
    (tmp_path / "areas.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "borders.csv").write_text(BORDERS, encoding="utf-8")
    return ["town", "--adjacency", str(tmp_path / "borders.csv"), "--attributes", str(tmp_path / "areas.csv")]


def run(words, folder):
    app = typer.Typer()
    app.command()(group)
    return CliRunner().invoke(app, [*words, "--out", str(folder / "out")], catch_exceptions=True)


def test_text_json_and_files_say_the_same(town, tmp_path):
    words = [*town, "--commands", "2", "--today", "now", "--proposal", "plan"]
    words += ["--minimise", "cut,worst,residents-who-change"]
    done = run(words, tmp_path)
    assert done.exit_code == 0, done.output
    assert "town: 4 areas, 3 borders (land), weight 100; K = 2" in done.output
    assert "Maps: 3" in done.output and "Maps over land borders and crossings: 6" in done.output
    assert "Best on cut borders: 1 (proved)" in done.output
    assert "best under the separable model" in done.output
    # A+B+C joined through A against D: cut 1; 60 and 40 of 100 is 20% off; A, B, D and C are ranked with it
    assert "The proposal on cut borders: 1; of 3 maps 0 are better, 3 as good (itself included), 0 worse" in done.output
    told = json.loads((tmp_path / "out" / "group.json").read_text())
    assert told["maps"] == "3" and told["other_borders"] == {"name": "land borders and crossings", "maps": "6"}
    assert told["every_k"] == {"1": "1", "2": "3", "3": "3", "4": "1"}
    again = run([*words, "--json"], tmp_path)
    assert json.loads(again.output) == told
    with (tmp_path / "out" / "assignments.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [r["proposal"] for r in rows] == ["1", "1", "1", "2"]
    assert {"best cut borders", "best worst deviation", "trade-off 1"} <= set(rows[0])
    features = json.loads((tmp_path / "out" / "assignments.geojson").read_text())["features"]
    assert features[0]["geometry"]["type"] == "Point" and features[3]["properties"]["proposal"] == 2


def test_crossings_must_apart_hq_and_left_out_areas(town, tmp_path):
    crossed = run([*town, "--commands", "2", "--crossings", "--must", "Cedar+Dene", "--apart", "A|C"], tmp_path)
    assert "4 borders (land and crossings)" in crossed.output and "Maps: 2" in crossed.output
    seated = run([*town, "--commands", "2", "--crossings", "--hq", "A,D"], tmp_path)
    assert "Maps: 4" in seated.output
    less = run([*town, "--commands", "2", "--leave-out", "Dene"], tmp_path)
    assert "3 areas" in less.output and "Maps: 2" in less.output


@pytest.mark.parametrize(("words", "told"), [
    (["--commands", "9"], ["commands", "number of areas, 4"]),
    (["--commands", "2", "--within", "lots"], ["--within", "20% or 0.2"]),
    (["--commands", "2", "--within", "1%"], ["no map of 2 commands exists at ±1.0%", "possible is ±20.0000%"]),
    (["--commands", "2", "--minimise", "cut borderz"], ['did you mean "cut-borders"?']),
    (["--commands", "2", "--must", "Ash"], ["--must", "two areas or more"]),
    (["--commands", "2", "--must", "Ash+Nowhere"], ["Nowhere"]),
    (["--commands", "2", "--must", "Ash+Birch", "--apart", "Ash|Birch"], ["apart Ash | Birch"]),
    (["--commands", "3", "--proposal", "plan"], ["2 commands", "as many as --commands 3"]),
    (["--commands", "2", "--leave-out", "A"], ["2 separate pieces", "Cedar", "nearest pair"]),
])  # fmt: skip
def test_what_cannot_be_done_is_one_plain_message(town, tmp_path, words, told):
    done = run([*town, *words], tmp_path)
    assert isinstance(done.exception, BailiwickError)
    for word in told:
        assert word in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_one_file_without_the_other_and_an_unknown_system(town, tmp_path):
    assert "--attributes" in str(run([*town[:3], "--commands", "2"], tmp_path).exception)
    assert isinstance(run(["nowhere", "--commands", "2"], tmp_path).exception, BailiwickError)


def test_the_bundled_system_leaves_the_city_of_london_out(tmp_path):
    done = run(["london-boroughs", "--commands", "12", "--within", "18%", "--json"], tmp_path)
    told = json.loads(done.output)
    assert told["areas"] == 32 and told["borders"] == {"land": 63}
    assert all(b["status"] == "proved" for b in told["best"])


def test_above_62_areas_a_chain_answers_and_calls_nothing_best(tmp_path):
    codes = [f"r{i // 9}c{i % 9}" for i in range(72)]
    (tmp_path / "areas.csv").write_text("code,weight\n" + "".join(f"{c},1\n" for c in codes), encoding="utf-8")
    pairs = [(i, i + 1) for i in range(72) if i % 9 < 8] + [(i, i + 9) for i in range(63)]
    text = "a,b\n" + "".join(f"{codes[i]},{codes[j]}\n" for i, j in pairs)
    (tmp_path / "borders.csv").write_text(text, encoding="utf-8")
    words = ["big", "--adjacency", str(tmp_path / "borders.csv"), "--attributes", str(tmp_path / "areas.csv")]
    done = run([*words, "--commands", "4", "--within", "20%"], tmp_path)
    assert done.exit_code == 0, done.exception
    assert "Maps: not counted. 72 areas" in done.output and "R-hat" in done.output
    assert "least cut borders" in done.output and "no map is below" in done.output
    assert "Best on" not in done.output and "a chain proves nothing about the best map" in done.output
    assert "needs a window" in str(run([*words, "--commands", "4"], tmp_path).exception)
    assert "at most 62" in str(run([*words, "--commands", "4", "--max-size", "20"], tmp_path).exception)


def test_nothing_but_the_answer_reaches_standard_output(town, tmp_path):
    code = "import typer; from bailiwick.cli_group import group; app = typer.Typer(); app.command()(group); app()"
    done = subprocess.run(
        [sys.executable, "-c", code, *town, "--commands", "2", "--json", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["commands"] == 2 and done.stderr == ""


def test_bundled_boroughs_come_with_closed_anticlockwise_outlines(tmp_path):
    done = run(["london-boroughs", "--commands", "12", "--within", "18%"], tmp_path)
    assert done.exit_code == 0, done.exception
    features = json.loads((tmp_path / "out" / "assignments.geojson").read_text())["features"]
    assert len(features) == 32 and {f["geometry"]["type"] for f in features} <= {"Polygon", "MultiPolygon"}
    for feature in features:
        many = feature["geometry"]["coordinates"]
        for (ring,) in [many] if feature["geometry"]["type"] == "Polygon" else many:
            assert ring[0] == ring[-1] and len(ring) > 3
            assert all(-0.6 < x < 0.4 and 51.2 < y < 51.8 for x, y in ring)
            assert sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) > 0
    by_name = {f["properties"]["name"]: shape(f["geometry"]) for f in features}
    assert by_name["Camden"].contains(Point(-0.1426, 51.5390))  # Camden Town
    assert not by_name["Barnet"].contains(Point(-0.1426, 51.5390))


def test_your_own_outlines_are_joined_by_code_and_draw_only(town, tmp_path):
    square = {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 52], [0, 51]]]}
    told = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": c, "name": "x"}, "geometry": square} for c in "ABC"]}
    (tmp_path / "drawn.geojson").write_text(json.dumps(told), encoding="utf-8")
    words = [*town, "--commands", "2", "--outlines", str(tmp_path / "drawn.geojson")]
    assert run(words, tmp_path).exit_code == 0
    kinds = [f["geometry"]["type"] for f in
             json.loads((tmp_path / "out" / "assignments.geojson").read_text())["features"]]
    assert kinds == ["Polygon", "Polygon", "Polygon", "Point"]


@pytest.mark.parametrize(("text", "told"), [
    ("[1, 2", "a GeoJSON FeatureCollection"),
    ('{"type": "Point"}', "a GeoJSON FeatureCollection"),
    ('{"features": [{"properties": {"id": "Z"}, "geometry": null}]}', "a property with the codes"),
    ('{"features": [{"properties": {"id": "A"}, "geometry": {"type": "Point", "coordinates": [500000, 200000]}}]}',
     "degrees of longitude and latitude"),
    ('{"features": [{"properties": {"id": "A"}, "geometry": {"type": "Point", "coordinates": []}}]}', "degrees"),
])  # fmt: skip
def test_outlines_that_cannot_be_drawn_are_refused(town, tmp_path, text, told):
    (tmp_path / "drawn.geojson").write_text(text, encoding="utf-8")
    done = run([*town, "--commands", "2", "--outlines", str(tmp_path / "drawn.geojson")], tmp_path)
    assert isinstance(done.exception, BailiwickError)
    assert told in str(done.exception) and "drawn.geojson" in str(done.exception)


GOOD = {
    "comma and a byte-order mark": ("\ufeffid,pop\nA,1\nB,2\nC,3\n", "from,to\nA,B\nB,C\n"),
    "semicolons": ("code;residents\nA;1\nB;2\nC;3\n", "a;b\nA;B\nB;C\n"),
    "names for codes, spaces": ("code,name,weight\n1,Ash,1\n2,Birch,2\n3,Cedar,3\n", "a,b\n Ash ,Birch\nBirch,Cedar\n"),
    "every pair both ways": ("code,weight\nA,1\nB,2\nC,3\n", "a,b\nA,B\nB,A\nB,C\nC,B\n"),
    "tabs and further columns": ("code\tweight\tmayor\nA\t1\tx\nB\t2\ty\nC\t3\tz\n", "a\tb\tkm\nA\tB\t4\nB\tC\t5\n"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_strangers_tables_as_they_come(tmp_path, kind):
    areas, borders = GOOD[kind]
    (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
    (tmp_path / "borders.csv").write_text(borders, encoding="utf-8")
    words = ["town", "--adjacency", str(tmp_path / "borders.csv"), "--attributes", str(tmp_path / "areas.csv")]
    done = run([*words, "--commands", "2", "--json"], tmp_path)
    assert done.exit_code == 0, done.exception
    assert json.loads(done.output)["maps"] == "2"  # a line of three areas is cut in one of two places


BAD = {
    "an unknown area": ("code,weight\nA,1\nB,2\n", "a,b\nA,Bee\n", ["borders.csv", "line 2", "Bee"]),
    "an area twice": ("code,weight\nA,1\nA,2\n", "a,b\nA,A\n", ["areas.csv", "line 3", "already on line 2"]),
    "a weight that is no number": ("code,weight\nA,many\nB,2\n", "a,b\nA,B\n", ["areas.csv", "line 2", "many"]),
    "an empty weight": ("code,weight\nA,\nB,2\n", "a,b\nA,B\n", ["areas.csv", "line 2"]),
    "half a weight": ("code,weight\nA,1.5\nB,2\n", "a,b\nA,B\n", ["whole number", "1.5"]),
    "a pair one way only": ("code,weight\nA,1\nB,2\nC,3\n", "a,b\nA,B\nB,A\nB,C\n", ["B - C without C - B"]),
    "a river": ("code,weight\nA,1\nB,2\n", "a,b,kind\nA,B,river\n", ["river", "bridge"]),
    "no rows": ("code,weight\n", "a,b\n", ["areas.csv"]),
    "an island": ("code,weight\nA,1\nB,2\nC,3\n", "a,b\nA,B\n", ["2 separate pieces", "C"]),
    "no weights": ("code,colour\nA,red\nB,blue\n", "a,b\nA,B\n", ["--weight COLUMN"]),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_wrong_with_a_strangers_tables_is_named(tmp_path, kind):
    areas, borders, told = BAD[kind]
    (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
    (tmp_path / "borders.csv").write_text(borders, encoding="utf-8")
    words = ["town", "--adjacency", str(tmp_path / "borders.csv"), "--attributes", str(tmp_path / "areas.csv")]
    done = run([*words, "--commands", "2"], tmp_path)
    assert isinstance(done.exception, BailiwickError), done.output
    for word in told:
        assert word in str(done.exception)


def test_the_43_forces_of_a_strangers_files(shared_data, tmp_path):
    """The real tables: codes pfa, weights of 2011. The Metropolitan Police outweighs any fair share and is left out."""
    files = [shared_data / "ew" / name for name in ("police_force_adjacency.csv", "police_force_areas.csv")]
    outlines = shared_data / "ew" / "police_force_areas_small.geojson"
    words = ["forces", "--adjacency", str(files[0]), "--attributes", str(files[1]), "--weight", "pop2011"]
    heavy = run([*words, "--commands", "20", "--within", "60%"], tmp_path)
    assert "Metropolitan Police" in str(heavy.exception) and "the tightest possible is ±191" in str(heavy.exception)
    done = run([*words, "--commands", "20", "--max-size", "4", "--leave-out", "E23000001,E23000034", "--within",
                "80%", "--seconds", "20", "--minimise", "cut borders", "--outlines", str(outlines), "--json"], tmp_path)
    assert done.exit_code == 0, done.exception
    told = json.loads(done.output)
    assert int(told["maps"]) > 10**12
    features = json.loads((tmp_path / "out" / "assignments.geojson").read_text())["features"]
    assert len(features) == told["areas"] == 41
    assert {f["geometry"]["type"] for f in features} <= {"Polygon", "MultiPolygon"}


def test_areas_that_are_forces_themselves_are_grouped_with_one_another(tmp_path):
    done = run(["gb-forces", "--commands", "2", "--max-size", "1"], tmp_path)
    assert isinstance(done.exception, BailiwickError)
    assert "no map of 2 commands exists" in str(done.exception)


@pytest.mark.parametrize("name", ["london-boroughs", "south-west-london-2018"])
def test_only_a_case_about_its_whole_force_can_be_simulated_whole(name, tmp_path):
    done = run([name, "--commands", "16", "--max-size", "3", "--minimise", "cut borders", "--simulate"], tmp_path)
    assert isinstance(done.exception, BailiwickError)
    assert "whole force" in str(done.exception) or "every area of the force" in str(done.exception)


def test_each_map_of_a_whole_force_is_simulated_once_and_today_changes_nothing(monkeypatch):
    monkeypatch.setattr(choices_response, "PAIRS", 2)
    case = casefile.load("london-2018")
    today, plan = (tuple(c.areas for c in case.scheme.option(name).grouping.commands) for name in ("today", "proposed"))
    same, first, again = choices_named.simulated(case, {"as it is": today, "the plan": plan, "the plan again": plan})
    assert same.document() == {"title": "as it is", "immediate": [0.0] * 3, "significant": [0.0] * 3}
    assert first.pair is not None and first.document() == again.document() | {"title": "the plan"}
    assert (first.pair.low <= first.pair.change).all() and (first.pair.change <= first.pair.high).all()
    assert first.told().startswith("the plan: immediate calls ")
    nothing = choices_named.NamedMap("a map", plan, None)
    assert nothing.told() == "a map: no steady state, so nothing can be said of response"
    assert nothing.document() == {"title": "a map", "immediate": None, "significant": None}
