"""Entries to enter, and a register of three of them."""

from __future__ import annotations

from datetime import date

import pytest

from bailiwick import register
from bailiwick.register import Entry

GATE = "Success criteria fixed"


@pytest.fixture
def make_entry():
    """An entry, whole, with what is given in place of its own words."""

    def make(**told) -> Entry:
        usual = {"kind": "decision", "title": "Go ahead with one command", "day": date(2018, 2, 12),
                 "by": "Deputy Mayor", "summary": "One command for the town.", "reference": "PCD 1"}
        return Entry(**{**usual, **told})

    return make


@pytest.fixture
def book(tmp_path, make_entry):
    """The path of a register of three entries."""
    path = tmp_path / "register.sqlite"
    register.append(path, make_entry(kind="criterion", title="Nine calls in ten", day=date(2016, 12, 1), gate=GATE,
                                     reference="", shows="met"))
    register.append(path, make_entry(kind="consultation response", title="A letter", reference="", by="a resident"))
    register.append(path, make_entry(title="The decision", signs_off=("Q15",)))
    return path
