"""The gates of a case read the register: a criterion dates a gate only if it came before its test."""

from __future__ import annotations

from datetime import date

import pytest

from bailiwick import register
from bailiwick.scheme import Evidence, Gate

NAME = "Success criteria fixed"
DUE = date(2017, 1, 1)
SEEN = Evidence(date(2017, 1, 26), "not met", "had not been agreed", "https://example.test")


@pytest.fixture
def gates_with(tmp_path, make_entry):
    def made(*entries, gate=None, as_of=date(2018, 1, 31)):
        path = tmp_path / "r.sqlite"
        for told in entries:
            register.append(path, make_entry(**{"kind": "criterion", "reference": "", "gate": NAME, **told}))
        return register.with_register((gate or Gate(NAME, "MOPAC", DUE, "criteria", None, (SEEN,)),),
                                      register.lines(path), as_of)[0]

    return made


def test_a_criterion_before_its_test_dates_the_gate(gates_with):
    assert gates_with({"day": date(2016, 12, 1)}).criterion_dated == date(2016, 12, 1)


def test_a_criterion_after_its_test_does_not(gates_with):
    gate = gates_with({"day": date(2017, 1, 2), "shows": "met"})
    assert gate.criterion_dated is None
    assert [e.shows for e in gate.evidence] == ["met", "not met"]


def test_without_a_due_day_the_first_evidence_is_the_test(gates_with):
    open_gate = Gate(NAME, "MOPAC", None, "criteria", None, (SEEN,))
    assert gates_with({"day": date(2017, 1, 20)}, gate=open_gate).criterion_dated == date(2017, 1, 20)
    assert gates_with({"day": date(2017, 2, 20)}, gate=open_gate).criterion_dated == date(2017, 1, 20)


def test_only_entries_of_that_gate_dated_by_the_day_count(gates_with):
    gate = gates_with({"day": date(2018, 2, 12), "shows": "met"}, {"day": date(2016, 1, 1), "gate": "Another"})
    assert gate == Gate(NAME, "MOPAC", DUE, "criteria", None, (SEEN,))


def test_a_decision_is_evidence_and_says_which_entry_it_is(gates_with):
    gate = gates_with({"kind": "decision", "reference": "PCD 9", "day": date(2018, 1, 30), "shows": "met"})
    assert gate.evidence[-1].text == "Go ahead with one command (decision by Deputy Mayor, PCD 9)"
    assert gate.evidence[-1].url.startswith("register entry 1, entered ")
    assert gate.criterion_dated is None


def test_the_entries_that_bear_on_the_gates_are_listed(book):
    gate = Gate(NAME, "MOPAC", DUE, "criteria", None)
    assert [line.number for line in register.bearing_on((gate,), register.lines(book), date(2018, 1, 31))] == [1]
    assert register.bearing_on((gate,), register.lines(book), date(2016, 1, 31)) == ()
