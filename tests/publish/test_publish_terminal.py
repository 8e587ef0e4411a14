"""The terminal's answers: fifteen lines after an appraisal, and each question by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bailiwick.errors import CaseError
from bailiwick.publish import terminal


def test_the_summary_is_fifteen_lines_from_verdict_to_files(document):
    paths = [Path("out/town/results.json"), Path("out/town/report.html")]
    lines = (*terminal.summary(document), *terminal.files(paths))
    assert len(lines) == 15
    assert "31 January 2018" in lines[0]
    assert lines[2].startswith("CANNOT BE JUDGED ON PUBLIC DATA.")
    labels = [line.split(":")[0].strip() for line in lines if line.startswith("  ")]
    assert labels == ["Money", "Closeness", "Response", "Decide", "Conditions", "Or wait", "Watch", "Ask for",
                      "Next date", "Sure?", "Files"]
    assert "£2.1 million" in lines[3]
    assert lines[-1].endswith("out/town/results.json  out/town/report.html")
    assert not any("<" in line or "&" in line for line in lines)


def test_the_summary_stands_on_bare_results(document):
    bare = {**document, "findings": [], "tables": {}, "gates": [], "conditions": [], "unknowns": [], "measures": {}}
    lines = terminal.summary(bare)
    assert len(lines) == 13
    assert "not known" in lines[3]


def test_options_stand_side_by_side_with_their_ranges(document):
    lines, data = terminal.comparison(document, ["today", "proposed"])
    saving = next(line for line in lines if line.startswith("Saving a year"))
    assert "£0" in saving
    assert "£2.14m (−£310,000 to £4.46m)" in saving
    assert data[0]["proposed"] == {"value": 2_140_000, "low": -310_000, "high": 4_460_000}
    with pytest.raises(CaseError, match="proposd"):
        terminal.comparison(document, ["proposd"])


def test_one_area_shows_before_after_and_the_change(document):
    lines, data = terminal.one_area(document, "T4")
    assert lines[0].startswith("Southfield")
    people = next(line for line in lines if line.startswith("People for each commander"))
    assert "320,000" in people
    assert "710,409" in people
    assert "390,409 people more" in people
    assert {row["measure"] for row in data} >= {"locality.distance_to_headquarters"}


def test_switching_values_say_where_the_answer_turns_or_that_it_does_not(document):
    lines, data = terminal.breakeven(document)
    assert any("17.5 posts" in line for line in lines)
    assert any("nowhere in its range" in line for line in lines)
    assert len(data) == 2
    assert "nothing that matters is unknown" in terminal.breakeven({**document, "unknowns": []})[0][0]


def test_claims_and_questions_are_words_to_use(document):
    lines, data = terminal.claims(document)
    assert lines[0] == "SUPPORTED: “more distant”"
    assert len(data) == 2
    lines, asked = terminal.questions(document, "T4")
    assert lines[0] == "Questions for Southfield"
    assert any("Freedom of Information Act" in line for line in lines)
    assert asked[0]["holder"] == "Town Police, human resources"
    assert "Inspectors today" in asked[0]["request"]


def test_a_trace_leads_from_a_number_to_its_source(document):
    lines, data = terminal.trace(document, "locality.distance_to_headquarters/proposed/T5")
    text = "\n".join(lines)
    assert "5.7 km" in text
    assert "against today: 4.9 km more (in every case we tried)" in text
    assert "source: Office of Made-up Figures, 2016" in text
    assert "of: Westley" in text
    assert data["value"] == 5.7


def test_two_cases_differ_where_their_assumptions_do(appraisal):
    other = replace(appraisal.case, name="other", changed={"finance.pay.constable": 60_000.0})
    assert terminal.differences(appraisal.case, other) == [
        "finance.pay.constable: 50,000 posts in town-2018, 60,000 posts in other"]
    assert "assume the same" in terminal.differences(appraisal.case, appraisal.case)[0]
