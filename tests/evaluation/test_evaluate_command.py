"""The command `evaluate`: files written, answer printed, one message and nothing written where it cannot."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from bailiwick.cli_evaluate import evaluate
from bailiwick.evaluation.plan import digest

ASK = ["--unit", "unit", "--time", "time", "--outcome", "calm", "--treated", "u00", "--from", "2016-01"]
APP = typer.Typer()
APP.command()(evaluate)


@pytest.fixture
def file(tmp_path):
    values = 50 + np.cumsum(np.random.default_rng(1).normal(size=(24, 24)), axis=1)
    values[0, 12:] += 40
    frame = pd.DataFrame({
        "unit": np.repeat([f"u{k:02d}" for k in range(24)], 24),
        "time": [f"{2015 + k // 12}-{k % 12 + 1:02d}" for k in range(24)] * 24, "calm": values.ravel(),
    })
    frame.to_csv(tmp_path / "panel.csv", index=False)
    return tmp_path / "panel.csv"


def run(*words):
    return CliRunner().invoke(APP, [str(w) for w in words])


def test_the_answer_the_page_and_the_record(file, tmp_path):
    done = run(file, *ASK, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "u00: CHANGED" in done.output
    assert re.search(r"sdid +\d+\.\d+ +0\.0417 +0\.0417", done.output)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["evaluation.html", "evaluation.json"]
    record = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    effect = record["pilots"][0]["effects"]["sdid"]
    assert record["schema"] == "bailiwick/evaluation/1"
    assert effect["att"] == pytest.approx(40, abs=8)
    assert effect["placebos"] == len(effect["placebo_effects"]) == 23
    assert record["standing"] == "exploratory"


def test_the_same_bytes_twice(file, tmp_path):
    for name in ("a", "b"):
        assert run(file, *ASK, "--out", tmp_path / name).exit_code == 0
    for name in ("evaluation.html", "evaluation.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_json_for_machines_is_all_that_is_printed(file, tmp_path):
    done = run(file, *ASK, "--json", "--method", "did", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert list(json.loads(done.stdout)["pilots"][0]["effects"]) == ["did"]


def test_every_option_reaches_the_design(file, tmp_path):
    done = run(
        file, *ASK, "--scale", "index", "--margin", "500", "--better", "higher", "--anticipation", "1", "--since",
        "2015-02", "--until", "2016-12", "--exclude", "u23", "--out", tmp_path / "out", "--json",
    )
    assert done.exit_code == 0, done.output
    effect = json.loads(done.stdout)["pilots"][0]["effects"]["sdid"]
    assert (effect["periods_before"], effect["periods_after"], effect["placebos"]) == (10, 11, 22)
    assert json.loads(done.stdout)["unit"] == "% of own mean before"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "sdd"], "--method"), (["--scale", "logs"], "--scale"), (["--better", "up"], "--better"),
        (["--margin", "-1"], "--margin"), (["--where", "nothing"], "--where"), (["--treated", "zz"], "--treated"),
        (["--from", "2015-01"], "--from"), (["--until", "2015-06"], "--from"), (["--scale", "year-on-year"], "period"),
        (["--anticipation", "11"], "period"), (["--groups", "none.csv"], "none.csv"),
    ],
)
def test_bad_use_is_one_message_exit_2_and_nothing_written(file, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.setattr("sys.argv", ["bailiwick", "evaluate", str(file), *ASK, *words, "--out", str(tmp_path / "out")])
    cli = pytest.importorskip("bailiwick.cli", exc_type=ImportError)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_out_must_not_be_a_file(file, tmp_path):
    done = run(file, *ASK, "--out", file)
    assert done.exit_code != 0
    assert "a folder" in str(done.exception)


def test_two_pilots_on_a_map(shared_data, tmp_path):
    data = shared_data / "london"
    (tmp_path / "groups.csv").write_text(
        "unit,group\nE09000007,Camden and Islington\nE09000019,Camden and Islington\nE09000002,East\nE09000016,East\n"
        "E09000026,East\n"
    )
    done = run(
        data / "crime_borough_total_monthly_2014_2019.csv", "--unit", "gss", "--time", "month", "--outcome", "count",
        "--treated", "E09000002,E09000007,E09000016,E09000019,E09000026", "--from", "2017-04", "--until", "2018-04",
        "--groups", tmp_path / "groups.csv", "--adjacency", data / "borough_adjacency.csv", "--scale", "index",
        "--method", "sdid", "--out", tmp_path / "out", "--json",
    )
    assert done.exit_code == 0, done.output
    pilots = {p["pilot"]: p["effects"]["sdid"] for p in json.loads(done.stdout)["pilots"]}
    assert [pilots[p]["placebos"] for p in ("Camden and Islington", "East", "pooled")] == [50, 102, 4081]
    found = [pilots[p]["mde"] for p in ("Camden and Islington", "East", "pooled")]
    assert found == pytest.approx([10.5, 9.0, 7.2], abs=0.1)


PLAN = """
title = "Calm"
also = ["did", "dsc"]
[[outcomes]]
name = "calm"
better = "higher"
margin = 5.0
[[pilots]]
id = "first"
areas = ["u00"]
start = "2016-01"
[variants]
after = [6, 12]
[[confounders]]
id = "x"
name = "moped crime"
from = "2016-03"
"""


def test_a_plan_lodged_before_makes_the_result_pre_specified(file, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN)
    sha = digest(PLAN.encode())
    done = run(file, *ASK, "--plan", plan, "--registered", f"2017-12-01={sha}", "--out", tmp_path / "out", "--json")
    record = json.loads(done.stdout)
    assert record["standing"] == "pre-specified"
    assert sha in record["standing_why"]
    assert record["pilots"][0]["multiverse"]["specifications"] == 2 * 3
    assert list(record["pilots"][0]["effects"]) == ["sdid", "did", "dsc"]
    assert "moped crime" in record["pilots"][0]["judgement"]["caveats"][0]
    done = run(file, *ASK, "--plan", plan, "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["standing"] == "exploratory"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plan", "absent.toml"], "no such file"), (["--treated", "u03"], "u00"),
        (["--registered", "yesterday"], "--registered"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(file, tmp_path, words, said):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN)
    done = run(file, *ASK, "--plan", plan, *words, "--out", tmp_path / "out")
    assert done.exit_code != 0
    assert said in str(done.exception)
    assert not (tmp_path / "out").exists()
