"""The command `group` as a stranger runs it: text, JSON, files, refusals."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

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
