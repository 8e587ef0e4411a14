"""A count of one to four people is refused unless it is said why it may stand."""

from __future__ import annotations

import json

import pytest

from bailiwick.disclosure import REASON, refuse_small_counts, small_counts_in_results, small_counts_in_text
from bailiwick.errors import CaseError


@pytest.mark.parametrize("text", ["3 victims", "Two women said so", "one elderly resident", "4 people", "1 child",
                                  "told by three suspects in 2017"])
def test_small_counts_in_words_are_found(text):
    assert small_counts_in_text(text)


@pytest.mark.parametrize("text", ["12 victims", "one in four residents", "2 cars", "£3 people paid", "1,204 people",
                                  "5 people", "nine in ten", "one command", "three people in ten",
                                  "0 victims", "3.2 people"])
def test_other_counts_are_let_through(text):
    assert small_counts_in_text(text) == ()


def results(value, unit="people", note=""):
    return {"tables": {"t": {"columns": ["area", "n"], "units": ["", unit], "rows": [["a", 900], ["b", value]],
                             "note": note}}, "findings": []}


@pytest.mark.parametrize(("value", "small"), [(1, True), (4, True), (4.5, True), (5, False), (0, False), (None, False)])
def test_small_cells_of_a_table_are_found(value, small):
    assert bool(small_counts_in_results(results(value))) == small
    assert not small_counts_in_results(results(value, unit="posts"))
    assert not small_counts_in_results(results(value, note=f"{REASON} they are published already."))


def test_a_small_finding_is_found_and_refused_with_its_name():
    document = {"findings": [{"id": "m/o/a", "measure": "m", "unit": "residents", "value": 2, "note": ""}],
                "measures": {"m": {"combine": "mean"}}}
    assert small_counts_in_results(document) == ()
    document["measures"]["m"]["combine"] = "sum"
    found = small_counts_in_results(document)
    assert found == ("finding m/o/a: 2 residents",)
    with pytest.raises(CaseError, match="m/o/a"):
        refuse_small_counts([*found, "x"], "results.json", how="say why")
    refuse_small_counts((), "results.json", how="say why")


def test_the_first_case_publishes_no_small_count(first_case):
    path = first_case / "out" / "south-west-london-2018" / "results.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    assert small_counts_in_results(document) == ()
