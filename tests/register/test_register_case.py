"""A case that names its register takes from it what bears on its gates, and is refused when a link is broken."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest

from bailiwick import appraisal, casefile, register
from bailiwick.errors import CaseError

TOWN = Path(__file__).parents[1] / "casefile" / "town"


@pytest.fixture
def town(tmp_path):
    """A copy of the made-up town, free to be edited, that names a register."""
    folder = Path(shutil.copytree(TOWN, tmp_path / "town"))
    file = folder / "case.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("verdict_rules"))
    file.write_text("\n".join([*lines[:at], 'register = "register.sqlite"', *lines[at:]]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def plain():
    """The town as it is without a register."""
    return casefile.load(TOWN)


def test_an_entry_that_bears_on_a_gate_changes_the_gate_and_the_digest(town, plain, make_entry):
    gate = plain.scheme.gates[0]
    day = plain.as_of
    path = town / "register.sqlite"
    register.append(path, make_entry(gate="a gate of another case", shows="met", day=day))
    other = casefile.load(town)
    register.append(path, make_entry(gate=gate.name, shows="met", day=day, title="Signed"))
    told = casefile.load(town)
    assert other.scheme.gates == plain.scheme.gates
    assert told.scheme.gates[0].evidence[-1].text.startswith("Signed (decision by Deputy Mayor")
    assert told.digest != other.digest
    assert appraisal.gates(told)[0].state == "met"
    assert not any(i.path == "register.sqlite" for i in told.inputs)


def test_an_entry_dated_later_or_of_another_case_is_not_read(town, plain, make_entry):
    gate = plain.scheme.gates[0]
    register.append(town / "register.sqlite", make_entry(gate=gate.name, shows="met", day=date(2026, 1, 1)))
    register.append(town / "register.sqlite", make_entry(gate=gate.name, shows="met", day=plain.as_of, case="other"))
    assert casefile.load(town).scheme.gates == plain.scheme.gates


def test_a_broken_register_is_a_problem_of_the_case(town, make_entry):
    path = town / "register.sqlite"
    register.append(path, make_entry())
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER entries_are_never_deleted")
    connection.commit()
    connection.close()
    with pytest.raises(CaseError, match="guard") as refused:
        casefile.load(town)
    assert refused.value.key == "register"


@pytest.mark.parametrize("name", ["absent.sqlite", "../register.sqlite"])
def test_a_register_that_is_not_there_is_a_problem_of_the_case(town, name):
    file = town / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("register.sqlite", name), encoding="utf-8")
    with pytest.raises(CaseError, match="in the case folder"):
        casefile.load(town)
