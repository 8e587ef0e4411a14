"""The same inputs give the same bytes, and nothing published later leaks in."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bailiwick import appraisal, casefile
from bailiwick.errors import CaseError
from bailiwick.findings import by_area

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "south-west-london-2018"


@pytest.fixture(scope="module")
def few():
    return replace(casefile.load("south-west-london-2018"), draws=12)


_APPRAISE = """
import sys
from dataclasses import replace
from pathlib import Path
from bailiwick import casefile, publish, uncertainty
from bailiwick.workers import executor
case = replace(casefile.load(sys.argv[1]), draws=6)
with executor(int(sys.argv[2])) as pool:
    publish.publish(uncertainty.appraise(case, pool), Path(sys.argv[3]))
"""


@pytest.mark.parametrize("name", [
    str(ROOT / "tests" / "casefile" / "town"),
    pytest.param(str(CASE), marks=pytest.mark.long),
], ids=lambda name: Path(name).name)
def test_neither_hash_seed_nor_number_of_workers_changes_a_byte(name, tmp_path):
    digests = []
    for seed, workers in (("0", "1"), ("1234", "2")):
        out = tmp_path / seed
        subprocess.run([sys.executable, "-c", _APPRAISE, name, workers, str(out)], check=True, capture_output=True,
                       env={**os.environ, "PYTHONHASHSEED": seed})
        digests.append({p.name: p.read_bytes() for p in sorted(out.iterdir())})
    assert digests[0].keys() == digests[1].keys() >= {"results.json", "report.html", "map.html", "record.json"}
    for file, content in digests[0].items():
        assert content == digests[1][file], file


def test_another_seed_moves_the_sets_and_no_central_money(few):
    """Money and closeness at the central assumptions need no random number; the sets do, and so do simulated calls."""
    one, two = (replace(few, seed=s) for s in (1, 2))
    assert one.sample(0).changed != two.sample(0).changed
    measures = [m for m in appraisal.MEASURES if not m.name.startswith("response.")]
    option = few.scheme.option("proposed")
    for measure in measures:
        if measure.name != "finance.service_neutral_saving":
            assert by_area(one, measure, option) == by_area(two, measure, option), measure.name


def test_rows_published_after_the_date_are_hidden():
    case = casefile.load("south-west-london-2018")
    for name, table in case.tables.items():
        late = [row for row in table if row["published"] is None or row["published"] > case.as_of]
        assert not late, name
    assert any(table.hidden for table in case.tables.values()), "the files do hold later rows, and they are counted"
    assert all(a.published is None or a.published <= case.as_of for a in case.assumptions.values()
               if a.kind != "guess")
    assert case.rulebook["published"] <= case.as_of


def test_a_planted_later_row_moves_nothing(tmp_path):
    """A row dated the day after is added: it may not change a single number."""
    folder = tmp_path / "case"
    shutil.copytree(CASE, folder)
    budget = folder / "data" / "budget.csv"
    with budget.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    planted = {**rows[0], "year": "2019-20", "published": "2018-02-01"}
    with budget.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([*rows, planted])
    listing = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for entry in listing["resources"]:
        if entry["path"] == "data/budget.csv":
            entry.pop("hash", None)
            entry.pop("sha256", None)
    (folder / "datapackage.json").write_text(json.dumps(listing), encoding="utf-8")
    before, after = casefile.load(str(CASE)), casefile.load(str(folder))
    assert after.tables["budget"].hidden == before.tables["budget"].hidden + 1
    assert appraisal.judge(before).values == appraisal.judge(after).values


def test_a_fact_published_later_is_refused(tmp_path):
    folder = tmp_path / "case"
    shutil.copytree(CASE, folder)
    path = folder / "case.toml"
    text = path.read_text(encoding="utf-8")
    assert "published = 2016-11-18" in text
    path.write_text(text.replace("published = 2016-11-18", "published = 2018-02-12", 1), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        casefile.load(str(folder))
    assert "2018-02-12" in str(caught.value)


def test_a_later_date_shows_more():
    before = casefile.load("south-west-london-2018")
    after = casefile.load("south-west-london-2018", as_of=date(2018, 3, 31))
    assert len(after.tables["figures"]) > len(before.tables["figures"])
    states = {g.name: g.state for g in appraisal.gates(after)}
    assert states["Decision by the Mayor's Office for Policing and Crime"] == "met"
    assert {g.name: g.state for g in appraisal.gates(before)}["Decision by the Mayor's Office for Policing and Crime"] \
        == "not met"
