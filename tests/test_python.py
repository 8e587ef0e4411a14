"""What a program may call: the three lines of the README and the rooms by themselves."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import bailiwick as bw

TOWN = Path(__file__).parent / "casefile" / "town"


def test_three_lines_from_a_case_to_a_folder(tmp_path):
    case = replace(bw.load(TOWN), draws=4)
    appraisal = bw.appraise(case)
    paths = bw.publish(appraisal, tmp_path / "out")
    assert {path.name for path in paths} == {
        "results.json", "report.html", "map.html", "commands.json.gz", "record.json"}
    assert all(path.is_file() for path in paths)


def test_the_rooms_stand_alone():
    assert callable(bw.evaluation.estimate)
    assert callable(bw.response.simulate)
    assert callable(bw.finance.net_present_value)
    assert callable(bw.alternatives.optimum)
    assert callable(bw.response.hypercube.exact)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        bw.nothing  # noqa: B018


def test_importing_the_package_imports_no_room():
    code = "import sys, bailiwick; print([m for m in sys.modules if m.startswith('bailiwick.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
