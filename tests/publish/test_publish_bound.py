"""Each figure on a page is one that stands in the results: a scanner reads the pages as a stranger's program would."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from bailiwick.publish import area_report, map_page, report, words
from bailiwick.publish.bound import Book, pointed
from bailiwick.publish.section_method import glossary

VOID = {"meta", "br", "link", "input", "hr", "img", "path", "rect", "circle", "line", "source"}
SILENT = {"style", "script", "svg", "title"}
ALLOWED = ("999",)
NUMBER = re.compile(r"(−?)£?([\d,]+(?:\.\d+)?)(?: ?(billion|bn|million|m|%)(?![a-z]))?")
SCALE = {"billion": 1e9, "bn": 1e9, "million": 1e6, "m": 1e6, "%": 1.0, "": 1.0}


class Scanner(HTMLParser):
    """Collects bound pieces with their text, and any text with a figure that is bound to nothing."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.bound, self.loose, self.numbers = [], [], [], []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        piece = None
        if "data-ref" in told or "data-finding" in told:
            piece = {**told, "tag": tag, "text": ""}
            self.bound.append(piece)
        if tag not in VOID:
            self.open.append((tag, told, piece))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open[-1][0] == tag, f"{tag} closes {self.open[-1][0]}"
            self.open.pop()

    def handle_data(self, data):
        if any(tag in SILENT for tag, _, _ in self.open):
            return
        inner = next((piece for _, _, piece in reversed(self.open) if piece), None)
        if inner is not None:
            inner["text"] += data
        elif any("number" in (told.get("class") or "") for _, told, _ in self.open):
            self.numbers.append(data.strip())
        elif re.search(r"\d", re.sub("|".join(ALLOWED), "", data)):
            self.loose.append(data.strip())


def scanned(page):
    scanner = Scanner()
    scanner.feed(page)
    scanner.close()
    assert not scanner.open
    return scanner


def reads_as(text, value, *, sizes=False):
    """Whether a printed number is that value, to the precision it is printed with."""
    found = NUMBER.search(text)
    if not found:
        return not re.search(r"\d", text)
    digits = found[2].replace(",", "")
    decimals = len(digits.partition(".")[2])
    scale = SCALE[found[3] or ""]
    printed = float(digits) * scale * (-1 if found[1] and not sizes else 1)
    wanted = abs(value) if sizes else value
    step = 0.5 * 10.0**-decimals * scale
    if "£" in text and not found[3] and abs(value) >= 10_000:
        step = 500.0
    return any(abs(printed - w) <= step * (1 + 1e-9) + 1e-12 for w in (wanted, 100 * wanted))


def finding_value(document, piece):
    found = Book(document).by_id(piece["data-finding"])
    assert found is not None, piece
    kind, _, against = piece.get("data-key", "value").partition("/")
    if kind == "change":
        return next(c for c in found["changes"] if c["against"] == against)["value"]
    return found[kind]


def check(document, piece):
    if "data-finding" in piece:
        value = finding_value(document, piece)
    elif piece["data-ref"] in ("record", "outlines"):
        return
    else:
        value = pointed(document, piece["data-ref"])
    if "value" in piece:
        assert json.loads(piece["value"]) == value, piece
        signless = piece.get("data-key", "").startswith("change") or "−" not in piece["text"]
        assert reads_as(piece["text"], value, sizes=signless), (piece, value)
    elif isinstance(value, str) and re.search(r"\d", piece["text"]):
        told = {words.tidy(value), words.day(value), words.human(value), words.unit_words(value, None),
                f"£ {words.unit_words(value, None)}", words.tidy(value.split(" (http")[0]),
                value.replace("_", " ").replace(", headquarters ", " at "), *words.split(words.tidy(value))}
        assert piece["text"] in told, (piece, value)


PAGES = {"report": report, "map": map_page, "area": lambda d: area_report(d, "T4")}


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_on_a_page_is_bound_to_the_results(document, name):
    scanner = scanned(PAGES[name](document))
    assert not scanner.loose
    assert len(scanner.bound) > 60
    for piece in scanner.bound:
        check(document, piece)


def test_the_scanner_itself_catches_a_wrong_and_a_loose_figure(page, document):
    one = re.search(r'<data value="([^"]+)" data-finding="finance.saving_a_year/proposed/scheme"[^>]*>([^<]+)', page)
    wrong = page.replace(one[0], one[0].replace(one[2], "£9.9 million"), 1)
    with pytest.raises(AssertionError):
        for piece in scanned(wrong).bound:
            check(document, piece)
    assert scanned(page.replace("<p>Repeat it", "<p>It saves 5 pounds. Repeat it")).loose


def test_paragraph_numbers_run_in_order_within_each_section(page):
    numbers = [n for n in scanned(page).numbers if re.fullmatch(r"\d+\.\d+", n)]
    sections = {}
    for n in numbers:
        section, _, place = n.partition(".")
        sections.setdefault(section, []).append(int(place))
    assert sections
    assert all(found == list(range(1, len(found) + 1)) for found in sections.values())


def test_a_figure_that_nobody_knows_is_never_printed_as_nought(page, document):
    missing = re.findall(r'<span class="missing" data-finding="([^"]+)">([^<]+)</span>', page)
    assert {text for _, text in missing} <= set(words.MISSING.values())
    assert all(Book(document).by_id(id)["value"] is None for id, _ in missing)
    assert missing


def test_hostile_words_in_a_case_are_shown_as_words(page):
    assert "<money>" not in page
    assert "it saves &lt;money&gt;" in page
    assert "javascript:" not in page


def test_the_glossary_holds_no_figures():
    assert len(glossary()) >= 25
    assert not any(re.search(r"\d", meaning) for _, meaning in glossary())
