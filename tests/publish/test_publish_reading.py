"""Page one can be read at twelve, and every sentence agrees with its number: less, nothing, more, unsure, unknown."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick.publish import area_report, terminal
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.front import front
from bailiwick.publish.front_why import left_said, saving_said, share_said, why
from bailiwick.publish.page import Section
from bailiwick.publish.report import sections
from bailiwick.publish.scrutiny import CASES, enquiry

MERGED = "finance.{}/proposed/scheme"


def page_one(document):
    """The words of page one, each line a sentence."""
    page = front(Book(document))
    said = [plain(page.sentence), *map(plain, page.reasons), *map(plain, page.caveats), plain(page.guesses)]
    for box in page.boxes:
        for line in box.lines:
            said += [f"{line.word}. {plain(line.text)}", *(f"{plain(item)}." for item in line.items)]
    return " ".join(said)


def reading_ages(text):
    """The ages of two measures that need no dictionary: school grade plus five.

    Automated Readability Index (Smith and Senter 1967); Coleman-Liau index (1975).
    """
    import textstat

    return [grade(text) + 5 for grade in (textstat.automated_readability_index, textstat.coleman_liau_index)]


def test_page_one_of_a_made_up_case_reads_at_twelve(document):
    assert max(reading_ages(page_one(document))) <= 12.5


def test_page_one_of_the_first_case_reads_at_twelve(first_case):
    path = first_case / "out" / "south-west-london-2018" / "results.json"
    text = page_one(json.loads(path.read_text(encoding="utf-8")))
    assert max(reading_ages(text)) <= 12.5
    assert 300 < len(text.split()) < 750, "a page that is read in two minutes or three"


def test_the_measure_itself_tells_hard_words_from_plain_ones():
    hard = ("Notwithstanding considerable methodological heterogeneity, organisational consolidation demonstrably "
            "precipitates substantial deterioration.")
    assert min(reading_ages(hard)) > 16


# -- sentences agree with their numbers --------------------------------------------------------------------------------


def changed(document, measure, **values):
    """The results with another value, low or high of one finding of the proposal."""
    other = {**document, "findings": [
        {**f, **values} if f["id"] == MERGED.format(measure) else f for f in document["findings"]]}
    return Book(other), next(f for f in other["findings"] if f["id"] == MERGED.format(measure))


pounds = st.one_of(st.none(), st.just(0), st.integers(-10**8, 10**8))


@settings(max_examples=60)
@given(pounds)
def test_a_saving_is_a_saving_a_loss_a_loss_and_nothing_nothing(document, value):
    book, found = changed(document, "saving_a_year", value=value)
    said = plain(saving_said(book, found))
    if value is None:
        assert said == "Nobody has published what it would save."
    elif value == 0:
        assert said == "It would save nothing: £0 a year."
    else:
        assert ("would cost" in said) == (value < 0)
        assert ("would save £" in said) == (value > 0)
        assert "−" not in said


@settings(max_examples=60)
@given(pounds, pounds)
def test_the_merger_is_credited_with_no_more_than_there_is(document, whole, part):
    book, total = changed(document, "saving_a_year", value=whole)
    said = plain(share_said(book, total, {**total, "value": part, "id": MERGED.format("saving_from_merging")}))
    if whole is None or part is None or whole <= 0:
        assert said == ""
    elif part <= 0:
        assert said == "None of it needs the merger."
    elif part >= whole:
        assert said == "All of it needs the merger."
    else:
        assert said.startswith("Of that, £")
        assert said.endswith("The rest could be saved without it.")


@settings(max_examples=60)
@given(pounds, st.integers(0, 10**7), st.integers(0, 10**7))
def test_money_is_left_only_where_the_whole_range_is_above_nothing(document, value, down, up):
    ends = {"low": None, "high": None} if value is None else {"low": value - down, "high": value + up}
    book, found = changed(document, "service_neutral_saving", value=value, **ends)
    said = plain(left_said(book, found))
    if value is None:
        assert "Nobody can say" in said
    elif value - down > 0:
        assert "still left" in said
    elif value + up <= 0:
        assert "no money is left" in said
    else:
        assert "could use up the saving" in said
    assert plain(left_said(book, None)) == ""


@pytest.mark.parametrize(("states", "end"), [
    (("worse", "same", "same", "same"), "fewer in Northgate than with cuts alone."),
    (("worse",) * 4, "fewer in every area than with cuts alone."),
    (("not shown",) * 4, "it could get better or worse in every area. Nobody can show which."),
    (("better", "not shown", "same", "same"), "it could get better or worse in Millbrook. Nobody can show which."),
    (("better", "better", "same", "same"), "more in Northgate and Millbrook than with cuts alone, and fewer nowhere."),
    (("same",) * 4, "about the same as with cuts alone in every area."),
])
def test_help_is_said_to_hold_only_where_that_is_shown(document, states, end):
    more = copy.deepcopy(document)
    like = more["measures"]["locality.residents_per_commander"]
    calls = {**like, "title": "Calls reached", "unit": "%", "role": "service"}
    more["measures"]["response.immediate_in_target"] = calls
    for code, state in zip(("T1", "T2", "T4", "T5"), states, strict=True):
        more["findings"].append({
            "id": f"response.immediate_in_target/proposed/{code}", "measure": "response.immediate_in_target",
            "unit": "%", "option": "proposed", "subject": code, "value": 80.0, "low": 75.0, "high": 85.0, "sources": [],
            "changes": [{"against": "cuts", "value": 1.0, "low": 0.0, "high": 2.0, "state": state, "holds_in": "all"}]})
    said = next(plain(line) for line in why(Book(more)) if plain(line).startswith("Help."))
    assert said == f"Help. calls reached in 15 minutes: {end}"


def test_the_rest_of_a_sentence_stands_without_what_the_headline_has_said(document):
    told = {**document, "verdict": {**document["verdict"],
                                    "sentence": "It cannot be judged on public data: both answers fit."}}
    assert plain(front(Book(told)).sentence) == "Both answers fit."


# -- lines of enquiry and the paper of one area ------------------------------------------------------------------------


def test_lines_of_enquiry_come_by_the_five_cases_each_with_its_figure(document):
    lines = enquiry(Book(document))
    assert list(dict.fromkeys(line.case for line in lines)) == list(CASES)
    for line in lines:
        assert plain(line.question).endswith("?")
        assert plain(line.figure).endswith(".")
    assert any("Freedom of Information Act" in plain(line.ask) for line in lines)
    printed, data = terminal.scrutiny(document, "T4")
    assert printed[0].startswith("Lines of enquiry: Southfield")
    assert [row["case"] for row in data] == sorted((row["case"] for row in data), key=CASES.index)
    losses = [row["figure"] for row in data if "farther off" in row["question"]]
    assert losses
    assert all("Northgate" not in figure for figure in losses)


def test_lines_of_enquiry_stand_on_the_barest_results(document):
    bare = {**document, "findings": [], "tables": {}, "gates": [], "unknowns": [], "measures": {}, "conditions": []}
    assert all(plain(line.question).endswith("?") for line in enquiry(Book(bare)))
    assert "<h1>" in area_report(bare, "T4")


def test_the_wording_of_a_request_is_that_of_the_results_where_they_hold_one(document):
    told = {**document, "tables": {**document["tables"], "information_requests": {
        "title": "Requests", "columns": ["assumption", "request"], "units": ["", ""], "finding_ids": [], "note": "",
        "rows": [["posts.inspector.today", "To Town Police: please send me the number."]]}}}
    asked = " ".join(row["request"] for row in terminal.scrutiny(told)[1])
    assert "To Town Police: please send me the number." in asked


def test_the_paper_of_an_area_puts_it_first_among_its_neighbours(document):
    page = area_report(document, "T4")
    table = page[page.index('id="neighbours"'):page.index("</thead>", page.index('id="neighbours"'))]
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", table)
    assert heads[:2] == ["As proposed", "Southfield"]


def test_each_heading_elsewhere_is_answered_by_a_section_that_exists(document):
    from bailiwick.publish.appendix import crosswalks

    ids = {s.id for s in sections(Book(document), "BW-0") if isinstance(s, Section)} | {"title"}
    rows = [row for _, told in crosswalks() for row in told]
    assert len(rows) > 30
    assert {where for _, where, _ in rows if where} <= ids
    assert all(what.strip() for _, _, what in rows)


def test_the_lines_to_cite_and_to_repeat_name_record_date_and_seed(document):
    from bailiwick.publish import report

    page = report(document, "BW-0123456789ab")
    cited = plain_text(re.search(r"<cite>.*?</cite>", page)[0])
    assert cited.startswith("BW-0123456789ab: One command for four areas of the town. As known on 31 January 2018.")
    repeat = plain_text(re.search(r"<code>bailiwick appraise.*?</code>", page)[0])
    assert re.fullmatch(r"bailiwick appraise town-2018 --as-of 2018-01-31 --seed \d+", repeat)


def plain_text(markup):
    return re.sub(r"<[^>]+>", "", markup)
