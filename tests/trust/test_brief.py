"""Both briefs of the first case: each figure is a finding's, in the range told, and answered; and the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bailiwick.cli import app
from bailiwick.errors import CaseError, MethodError
from bailiwick.publish import break_even_lines, section_decides
from bailiwick.publish.bound import Book
from bailiwick.publish.brief import brief
from bailiwick.publish.page import Figure, TableView

NAME = "south-west-london-2018"


@pytest.fixture(scope="module")
def stored(first_case) -> Path:
    return first_case / "out" / NAME / "results.json"


@pytest.fixture(scope="module")
def document(stored):
    return json.loads(stored.read_text(encoding="utf-8"))


def rows(document, name):
    table = document["tables"][name]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


@pytest.mark.parametrize("reader", ["council", "mayor"])
def test_every_figure_of_a_brief_is_a_findings_and_lies_in_the_range_told(document, reader):
    lines, data = brief(document, reader)
    known = {finding["id"] for finding in document["findings"]}
    for points in data["cases"].values():
        assert len(points) >= 3, "a case needs something to stand on"
        for point in points:
            assert point["figures"] and point["reply"]
            for figure in point["figures"]:
                assert figure["finding"] in known
                assert figure["low"] <= figure["value"] <= figure["high"]
    text = "\n".join(lines)
    first, second = (text.index(title) for title in (
        ("THE CASE AGAINST", "THE CASE FOR") if reader == "council" else ("THE CASE FOR", "THE CASE AGAINST")))
    assert first < second < text.index("WHERE THE TWO CASES PART") < text.index("THE ONE FIGURE TO ASK FOR")
    assert text.count("The other side will say:") == sum(len(points) for points in data["cases"].values())
    assert all(len(line) <= 130 for line in lines)
    assert not re.search(r"\b(nan|inf)\b|None\b(?! of)", text)


def test_money_in_a_brief_is_what_its_accepted_set_holds(document):
    _, data = brief(document, "mayor")
    sets = rows(document, "accepted_sets")
    chosen = {row["side"]: sets[row["row"]] for row in rows(document, "two_cases")}
    for side, points in data["cases"].items():
        for figure in (f for point in points for f in point["figures"]):
            measure, option, subject = figure["finding"].split("/")
            if measure in chosen[side] and (option, subject) == ("proposed", "scheme"):
                assert figure["value"] == chosen[side][measure]
            if f"spare.{measure}" in chosen[side]:
                assert figure["value"] == chosen[side][f"spare.{measure}"]
                assert subject == chosen[side][f"worst.{measure}"]


def test_the_cases_part_over_few_figures_that_each_lie_in_their_range(document):
    _, data = brief(document, "council")
    sets = rows(document, "accepted_sets")
    chosen = {row["side"]: sets[row["row"]] for row in rows(document, "two_cases")}
    assert chosen["for"]["passes"] or not any(row["passes"] for row in sets)
    parted = rows(document, "contrast")
    assert parted
    assert len(parted) <= 12 or "Fewer may do" in document["tables"]["contrast"]["note"]
    for row in parted:
        assert row["in_the_case_for"] == pytest.approx(chosen["for"][row["assumption"]], rel=1e-3, abs=1e-3)
        assert row["in_the_case_against"] == pytest.approx(chosen["against"][row["assumption"]], rel=1e-3, abs=1e-3)
        assert row["from"] <= row["in_the_case_for"] <= row["to"]
    asked = data["settles"]
    assert asked["assumption"] in {one["assumption"] for one in data["differences"]}
    assert "Freedom of Information Act 2000" in asked["request"]


def test_other_readers_and_cases_without_accepted_sets_are_told_so(document):
    with pytest.raises(CaseError, match="council or mayor"):
        brief(document, "king")
    bare = {**document, "tables": {**document["tables"], "two_cases": {**document["tables"]["two_cases"], "rows": []}}}
    with pytest.raises(MethodError, match="raise --draws"):
        brief(bare, "mayor")


def test_the_stored_tables_say_the_same_as_each_other(document):
    sets = rows(document, "accepted_sets")
    assert len(sets) == document["provenance"]["accepted"]
    told = next(reason for reason in document["verdict"]["reasons"] if "money is still saved in" in reason)
    assert f"saved in {sum(row['passes'] for row in sets)} of the {len(sets)} sets" in told
    last = [row for row in rows(document, "convergence") if row["sets"] == len(sets)]
    assert {row["headline"] for row in last} >= {c for c in sets[0] if c.startswith("spare.")}
    saving = next(row for row in last if row["headline"] == "finance.saving_from_merging")
    values = sorted(row["finance.saving_from_merging"] for row in sets)
    assert values[0] <= saving["low"] <= saving["median"] <= saving["high"] <= values[-1]
    tried = rows(document, "scenarios")
    assert [row["scenario"] for row in tried] == ["as-assumed", "transition-fails", "officers-27500", "abstraction",
                                                  "demand-up-10"]
    assumed, failing = tried[0], tried[1]
    assert failing["finance.net_present_value"] < assumed["finance.net_present_value"]
    assert failing["finance.service_neutral_saving"] == assumed["finance.service_neutral_saving"]
    assert len(json.dumps(document)) < 5_000_000


def test_the_warnings_on_page_one_are_the_worst_rated_guesses(document):
    """After the one about response: what separates the answers, then red impact on red quality, and so on down."""
    rated = {row["title"]: row for row in rows(document, "assumptions")}
    named = [rated[text.split(": a guess")[0]] for text in document["verdict"]["caveats"] if ": a guess" in text]
    assert len(document["verdict"]["caveats"]) == 3
    order = ["red", "amber", "green"]
    best = min((order.index(row["impact"]), order.index(row["quality"])) for row in rated.values()
               if row["kind"] == "guess")
    assert (order.index(named[0]["impact"]), order.index(named[0]["quality"])) == best
    assert named[0]["impact"] == "red"


def test_the_section_of_the_report_prints_bound_figures_only(document):
    found = section_decides.section(Book(document))
    assert found.blocks and found.lead
    tables = [b for b in found.blocks if isinstance(b, TableView)]
    figures = [b for b in found.blocks if isinstance(b, Figure)]
    assert len(tables) >= 3
    assert figures and all(len(figure.alt) > 40 for figure in figures)
    for cell in (cell for table in tables for row in table.body for cell in row):
        loose = re.sub(r"<(data|span|time)[^>]*data-ref[^>]*>.*?</\1>", "", str(cell))
        assert not re.search(r"\d", re.sub(r"<[^>]*>", "", loose)), cell


def test_what_turns_each_headline_is_printed_and_pairs_beside_it(document):
    lines, unknowns = break_even_lines.alone(document)
    assert unknowns == document["unknowns"]
    text = "\n".join(lines)
    for row in rows(document, "what_decides"):
        assert row["headline_title"] in text


def test_the_commands_answer_from_what_is_stored(first_case, monkeypatch, tmp_path):
    monkeypatch.chdir(first_case)
    runner = CliRunner()
    done = runner.invoke(app, ["brief", NAME, "--for", "mayor", "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["reader"] == "mayor"
    table = tmp_path / "outcomes.csv"
    line = "locality.residents_per_commander,Wandsworth,2030,900000,made up for this test\n"
    table.write_text("measure,area,period,value,source\n" + line, encoding="utf-8")
    done = runner.invoke(app, ["hindsight", NAME, str(table), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["scores"][0]["inside"] is False
    done = runner.invoke(app, ["known", NAME, "2018-02-13", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["dates"][0]["verdict"] is not None
    assert told["dates"][1]["verdict"] is None
