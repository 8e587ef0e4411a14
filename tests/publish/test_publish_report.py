"""The report holds together whatever is missing from the results, and says what it must in plain English."""

from __future__ import annotations

import copy
import itertools
import json
import re
from html.parser import HTMLParser

import pytest

from bailiwick.publish import map_page, report
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.front import ANSWERS, front
from bailiwick.publish.page import Figure
from bailiwick.publish.report import sections

SECTIONS = ("proposal", "budget", "options", "money", "response", "closeness", "fairness", "pilots", "alternatives",
            "decides", "rule", "delivery", "consultation", "claims", "gates", "unknowns", "data", "assumptions",
            "method", "checks", "tables", "crosswalks", "glossary", "record")


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def outline(page):
    parser = Outline()
    parser.feed(page)
    return parser.tags


def test_the_report_is_one_file_without_script_or_network(page):
    tags = outline(page)
    assert not any(tag in ("script", "link", "img", "iframe", "object") for tag, _ in tags)
    assert not any("src" in told or any(name.startswith("on") for name in told) for _, told in tags)
    assert not any("style" in told for _, told in tags), "the security policy allows no inline style"
    policy = next(told["content"] for tag, told in tags if told.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "@import" not in page
    assert "url(http" not in page


def test_landmarks_headings_tables_and_pictures_are_in_order(page):
    tags = outline(page)
    names = [tag for tag, _ in tags]
    assert names.count("h1") == 1
    assert names.count("main") == 1
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    assert names.count("table") == names.count("caption") == names.count("thead")
    assert all(told.get("scope") in ("col", "row") for tag, told in tags if tag == "th")
    ids = [told["id"] for _, told in tags if "id" in told]
    assert len(ids) == len(set(ids))
    targets = {told["href"][1:] for tag, told in tags if tag == "a" and told.get("href", "").startswith("#")}
    assert targets <= set(ids)
    pictures = [told for _, told in tags if told.get("role") == "img"]
    assert len(pictures) >= 6
    assert all(len(told["aria-label"]) >= 20 for told in pictures)


def test_every_section_is_there_and_opens_with_a_sentence(document):
    book = Book(document)
    found = sections(book, "BW-0")
    assert tuple(s.id for s in found) == SECTIONS
    for section in found:
        said = plain(section.lead)
        assert said.endswith((".", "?")), section.id
        assert said[:1].isupper() or said[:1].isdigit(), section.id


def test_alt_text_states_the_finding_of_its_chart(document):
    figures = [b for s in sections(Book(document), "BW-0") for b in s.blocks if isinstance(b, Figure)]
    assert len(figures) >= 7
    for figure in figures:
        assert plain(figure.headline)[:40] in figure.alt
        assert figure.subtitle


def test_rooms_without_findings_stand_as_not_answered_yet(page):
    assert page.count("Not answered yet.") == 3
    assert "Will help come more slowly?" in page


def test_findings_of_a_new_room_appear_with_no_further_code(document):
    more = copy.deepcopy(document)
    more["measures"]["response.immediate_in_target"] = {
        "title": "Calls reached in time", "unit": "% of calls", "decimals": 1, "better": "higher", "role": "service",
        "scope": "command", "combine": "mean", "definition": "d", "reference": "", "smallest_that_matters": 1.0}
    for option, value in (("today", 90.0), ("cuts", 88.0), ("proposed", 84.5)):
        for code in ("T1", "T2", "T4", "T5", "scheme"):
            changes = [{"against": "cuts", "value": value - 88.0, "low": value - 89.0, "high": value - 87.0,
                        "state": "worse" if option == "proposed" else "same", "holds_in": "all"}]
            more["findings"].append({
                "id": f"response.immediate_in_target/{option}/{code}", "measure": "response.immediate_in_target",
                "title": "Calls reached in time", "unit": "% of calls", "option": option, "subject": code,
                "value": value, "low": value - 1, "high": value + 1, "level": 0.9, "basis": "modelled",
                "changes": changes, "published": None, "sources": ["A model"], "note": ""})
    more["tables"]["response_calls"] = {"title": "Calls", "columns": ["area", "calls"], "units": ["", "calls"],
                                        "rows": [["T1", 12]], "finding_ids": [], "note": ""}
    page = report(more)
    assert page.count("Not answered yet.") == 2
    assert "Calls reached in time in Northgate: 3.5 points less." in plain_text(page)
    assert 'id="table-response-calls"' in page
    tile = front(Book(more)).tiles[2]
    assert plain(tile.figure) == "84.5% of calls"


def plain_text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_report_stands_without_any_one_table(document):
    for name in document["tables"]:
        less = {**document, "tables": {k: v for k, v in document["tables"].items() if k != name}}
        page = report(less)
        assert all(f'id="{s}"' in page for s in SECTIONS)


def test_the_report_stands_when_a_table_has_other_columns(document):
    odd = copy.deepcopy(document)
    for table in odd["tables"].values():
        table["columns"] = [f"{name}_renamed" for name in table["columns"]]
    page = report(odd)
    assert 'id="table-odd-table"' not in page
    assert page.count("<figure") >= 4


def test_the_report_stands_on_the_barest_results(document):
    bare = {**document, "findings": [], "tables": {}, "gates": [], "conditions": [], "checks": [], "unknowns": [],
            "claims": [], "measures": {}, "pilots": []}
    page = report(bare)
    assert "not known" in page
    assert all(f'id="{s}"' in page for s in SECTIONS)
    assert "<h1" in map_page(bare)


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_advice_follows_the_answer_by_rule(document, answer):
    changed = {**document, "verdict": {**document["verdict"], "answer": answer}}
    box = front(Book(changed)).boxes[0]
    said = plain(box.lines[0].text)
    assert said.startswith({"worthwhile": "Go.", "worthwhile only if": "Go only", "not worthwhile": "Do not go",
                            "cannot be judged": "Pause"}[answer])
    assert plain(front(Book(changed)).answer) == ANSWERS[answer]


def test_a_loss_is_called_a_loss(document):
    changed = copy.deepcopy(document)
    for f in changed["findings"]:
        if f["id"] == "finance.saving_a_year/proposed/scheme":
            f.update(value=-500_000, low=-900_000, high=-100_000)
        if f["id"] == "finance.saving_from_merging/proposed/scheme":
            f.update(value=0, low=0, high=0)
    text = plain_text(report(changed))
    assert "would not save money: it would cost £500,000 a year more than today (likely" in text
    assert "Merging itself saves nothing: £0 a year." in text


def test_pages_have_the_same_bytes_every_time(page, document):
    again = json.loads(json.dumps(document))
    assert page == report(again)
    assert map_page(document, "BW-1") == map_page(again, "BW-1")


def syllables(word):
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(1, groups - (word.endswith("e") and not word.endswith("le") and groups > 1))


def grade(text):
    """The school grade of Flesch and Kincaid: reading age is five more (Kincaid and others 1975)."""
    sentences = [s for s in re.split(r"[.!?:;]\s", text) if s.strip()]
    found = re.findall(r"[A-Za-z’']+", text)
    return 0.39 * len(found) / len(sentences) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def test_page_one_can_be_read_at_twelve(document):
    page = front(Book(document))
    said = [plain(page.sentence), *map(plain, page.reasons), *map(plain, page.caveats)]
    for box in page.boxes:
        for line in box.lines:
            said += [f"{line.word}. {plain(line.text)}", *(f"{plain(item)}." for item in line.items)]
    text = re.sub(r"\(held by [^)]*\)", "", " ".join(said))
    assert grade(text) <= 8.0
