"""The tree of a number holds what the number rests on: its formula gives it, and nothing left out can move it."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bailiwick import appraisal, casefile, headlines, publish
from bailiwick.cli import app
from bailiwick.errors import CaseError
from bailiwick.findings import Unavailable
from bailiwick.publish.trace import code_of, printed_at, trace
from bailiwick.publish.trace_formula import formula
from bailiwick.publish.trace_watch import NEUTRAL, Asked, evaluated, swings, watched

NAME = "south-west-london-2018"
SOURCE = Path(__file__).resolve().parents[2] / "src"
SAVING = "finance.saving_a_year/proposed/scheme"


@pytest.fixture(scope="module")
def case():
    return casefile.load(NAME)


def asked(case, id):
    measure, option, subject = id.split("/")
    return Asked(appraisal.measure_named(measure), case.scheme.option(option), subject)


def numbers(case):
    """Every number of the rooms of money and closeness, merged, cut and paused, with what asks for it."""
    kinds = ("today", "cuts", "proposed", "pause")
    for measure in appraisal.MEASURES:
        if measure.name.startswith("response.") or measure.name == NEUTRAL:
            continue
        for option in (next(o for o in case.scheme.options if o.kind == kind) for kind in kinds):
            for subject in (case.scheme.scope[0], "scheme"):
                one = Asked(measure, option, subject)
                try:
                    value = evaluated(case, one)
                except KeyError:
                    continue
                if not isinstance(value, Unavailable):
                    yield one, value


def simulated(case):
    """Every simulated number of one area under the proposal, and the saving at equal service."""
    few = headlines.few_options(case)
    for measure in appraisal.MEASURES:
        if measure.name.startswith("response.") or measure.name == NEUTRAL:
            subject = "scheme" if measure.name == NEUTRAL else case.scheme.scope[1]
            one = Asked(measure, few.scheme.option("proposed"), subject)
            value = evaluated(few, one)
            if not isinstance(value, Unavailable):
                yield one, value


def test_every_measure_has_a_formula_that_gives_its_number(case):
    explained = {}
    for one, value in (*numbers(case), *simulated(case)):
        told = formula(case, one)
        if told is None:
            assert one.subject == "scheme", f"{one.id} has no formula"
            continue
        assert told.total == pytest.approx(value, rel=1e-9, abs=0.05 if abs(value) > 50 else 1e-6), one.id
        assert told.terms or value == 0, one.id
        explained[one.measure.name] = told
    counted = {measure.name for measure in appraisal.MEASURES}
    silent = {"locality.officers_per_commander"}
    assert counted - set(explained) <= silent, "each measure with a number is explained"
    said = " ".join(explained["response.unit_utilisation"].remarks)
    assert f"seed {case.seed}" in said
    assert "streams incidents/AREA" in said


@pytest.mark.parametrize("id", [SAVING, "finance.net_present_value/redesigned/scheme",
                                "locality.travel_time_to_headquarters/proposed/E09000032",
                                "finance.real_budget_change/today/scheme"])
def test_no_assumption_that_is_not_listed_can_move_the_number(case, id):
    one = asked(case, id)
    value, reads = watched(case, one)
    assert value == evaluated(case, one), "watching changes nothing"
    draw = random.Random(id)
    unread = [name for name, a in case.assumptions.items() if name not in reads.assumptions and a.low < a.high]
    for name in draw.sample(unread, min(20, len(unread))):
        told = case.assumption(name)
        for end in (told.low, told.high):
            assert evaluated(case.assume(name, end), one) == value, name


def test_swings_are_what_the_ends_of_the_range_give_widest_first(case):
    one = asked(case, SAVING)
    value, reads = watched(case, one)
    moved = swings(case, one, tuple(reads.assumptions))
    assert len(moved) > 10
    first = moved[0]
    assert first.at_low == evaluated(case.assume(first.name, case.assumption(first.name).low), one)
    sizes = [swing.size(value) for swing in moved]
    assert sizes == sorted(sizes, reverse=True)


def test_rows_that_are_read_are_those_of_the_table(case):
    _, reads = watched(case, asked(case, "finance.real_budget_change/today/scheme"))
    table = case.tables["budget"]
    assert 0 < len(reads.rows["budget"]) < len(table)
    assert all(table.rows[n] == row for n, row in reads.rows["budget"].items())


@pytest.mark.parametrize("measure", appraisal.MEASURES, ids=lambda m: m.name)
def test_the_code_of_every_measure_is_a_line_that_defines_a_function(measure):
    place, name = code_of(measure.compute).rsplit(" ", 1)
    path, line = place.split(":")
    assert re.match(rf"\s*def {name}\(", (SOURCE / path).read_text(encoding="utf-8").splitlines()[int(line) - 1])


def test_where_a_finding_is_printed_is_told_by_the_part_of_the_page():
    page = '<p id="a-1">x <data data-finding="m/o/s">1</data></p><p id="a-2"></p><td data-finding="m/o/s">1</td>'
    assert printed_at(page, "m/o/s") == ("a-1", "a-2")
    assert printed_at(page, "m/o") == ()


@pytest.fixture(scope="module")
def published(first_case):
    folder = first_case / "out" / NAME
    return (json.loads((folder / "results.json").read_text(encoding="utf-8")),
            {name: (folder / name).read_text(encoding="utf-8") for name in publish.PAGES})


def test_the_tree_of_the_saving_shows_its_ledger_lines_and_where_it_is_printed(case, published):
    document, pages = published
    lines, data = trace(document, case, SAVING, pages)
    tree = data["trace"]
    assert tree["computed again"][0].endswith("as recorded")
    assert any("Posts: constable" in line for line in tree["formula"])
    assert tree["formula"][-1].endswith("in all")
    assert tree["code"][0].startswith("bailiwick/finance/__init__.py:")
    assert any(line.startswith("report.html#") for line in tree["printed"])
    assert "results.json table comparisons" in tree["printed"]
    assert f"seed {case.seed}" in tree["draws"][0]
    assert any("the number is" in line for line in tree["assumptions that move it, widest first"])
    assert all(len(line) <= 118 for line in lines)
    json.dumps(data)


def test_the_tree_of_a_response_finding_shows_calls_rows_and_the_simulation(case, published):
    document, pages = published
    _, data = trace(document, case, "response.immediate_in_target/proposed/E09000032", pages)
    tree = data["trace"]
    assert tree["computed again"][0].endswith("as recorded")
    assert [line.split("  ")[-1] for line in tree["formula"][1:3]] == ["calls reached in time", "calls"]
    assert tree["assumptions that the code reads"][0].startswith(("response.", "cars."))
    assert any(line.startswith("table crimes: ") and "OGL-UK-3.0" in line for line in tree["input rows"])
    assert any("response/runs.py" in line for line in tree["code"])


def test_a_number_that_is_not_known_says_why(case, published):
    document, pages = published
    id = next(f["id"] for f in document["findings"] if f["value"] is None and f["measure"].startswith("finance."))
    tree = trace(document, case, id, pages)[1]["trace"]
    assert tree["computed again"][0].startswith("no number: ")
    assert "formula" not in tree


def test_a_recorded_number_that_no_longer_comes_out_is_said(case, published):
    document = json.loads(json.dumps(published[0]))
    next(f for f in document["findings"] if f["id"] == SAVING)["value"] += 1000
    assert "has changed since" in trace(document, case, SAVING)[1]["trace"]["computed again"][0]


def test_the_command_prints_the_tree_and_refuses_an_id_nobody_knows(first_case, published, monkeypatch):
    monkeypatch.chdir(first_case)
    monkeypatch.setattr("bailiwick.cli._document", lambda case: published[0])
    done = CliRunner().invoke(app, ["why", NAME, SAVING], catch_exceptions=False)
    assert done.exit_code == 0
    assert "report.html#" in done.stdout
    with pytest.raises(CaseError, match="did you mean"):
        CliRunner().invoke(app, ["why", NAME, SAVING.replace("saving", "savin")], catch_exceptions=False)
