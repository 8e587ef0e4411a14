"""What stands behind the report?  Data, assumptions, measures, checks, tables, model sheet, crosswalks, glossary."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish.bound import Book
from bailiwick.publish.page import Heading, Paragraph, Points, Section, bold, optional, tabled, view
from bailiwick.publish.results import Json
from bailiwick.publish.section_method import (
    checks,
    cite,
    data_table,
    glossary,
    made_with,
    measures_table,
    repeat,
)

SHEET = "response_stress"

def appendices(book: Book, record: str) -> tuple[Section, ...]:
    """The appendices of a report in their order, all written from the results."""
    made = checks(book)
    found = (
        _data(book), _assumptions(book), _measures(book),
        Section("checks", "Verification and validation", made.lead, made.blocks, appendix=True),
        _sheet(book), _tables(book), _crosswalks(), _glossary(), _record(book, record))
    return tuple(section for section in found if section is not None)


@cache
def crosswalks() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Each other document's headings with the section of this report that answers, or what is missing."""
    text = (resources.files("bailiwick.publish") / "crosswalks.toml").read_text(encoding="utf-8")
    return tuple((str(name), tuple((str(a), str(b), str(c)) for a, b, c in told["rows"]))
                 for name, told in tomllib.loads(text).items())


def _data(book: Book) -> Section:
    lead = Markup("Every file that was read is named with its publisher, licence, date and fingerprint.")
    return Section("data", "Data and licences", lead, optional(data_table(book)), appendix=True)


def _assumptions(book: Book) -> Section:
    counts = cast(Json, book.results.get("counts", {}))
    lead = Markup("Every number that can be disputed, with its range, its kind and where it is from.")
    if counts.get("assumptions"):
        lead = Markup("Of {}, {} published, {} from research, and {} that nobody has published.").format(
            book.counted("/counts/assumptions", "number that can be disputed", "numbers that can be disputed"),
            book.counted("/counts/assumptions_data", "is", "are"),
            book.counted("/counts/assumptions_research", "is", "are"),
            book.counted("/counts/assumptions_guess", "is a guess", "are guesses"))
    rows = range(len(book.rows("assumptions")))
    table = view(book, "assumptions", rows=rows, drop=("name", "url", "quality"), folded=True)
    return Section("assumptions", "Assumptions", lead, optional(table), appendix=True)


def _measures(book: Book) -> Section:
    return Section("method", "Method", Markup("Every measure is one number for one area under one command, made the "
                                              "same way for every option."),
                   optional(*made_with(book), measures_table(book)), appendix=True)


def _sheet(book: Book) -> Section | None:
    table = view(book, SHEET, folded=True)
    if table is None:
        return None
    return Section("model", "The simulation, by the STRESS-DES list", Markup(
        "The simulation of emergency calls is described by the published list for such models, point by point."),
        (table,), appendix=True)


def _tables(book: Book) -> Section:
    body = [[Markup('<code data-ref="/tables/{0}">{0}</code>').format(name),
             book.at(f"/tables/{name}/title") if told.get("title") else escape(name)]
            for name, told in book.tables.items() if told["rows"]]
    table = tabled("every-table", "Tables in results.json", [("Name", ""), ("What it holds", "")], body, [False, False])
    return Section("tables", "Results tables", Markup("All figures are in results.json beside this page, as tables "
                                                      "that a program can read."), (table,), appendix=True)


def _crosswalks() -> Section:
    blocks = []
    for i, (name, rows) in enumerate(crosswalks()):
        body = [[escape(theirs), Markup('<a href="#{}">{}</a>').format(where, what) if where else
                 Markup('<span class="missing">{}</span>').format(what)] for theirs, where, what in rows]
        letter = "abcdefgh"[i]
        blocks.append(tabled(f"crosswalk-{letter}", name, [("There", ""), ("Here", "")], body, [False, False]))
    return Section("crosswalks", "Where other documents’ headings are answered", Markup(
        "Each heading that a committee or an assurer looks for is matched to a section here, or said to be missing."),
        tuple(blocks), appendix=True)


def _glossary() -> Section:
    terms = Points(tuple(bold(Markup("{}:").format(term), meaning) for term, meaning in glossary()))
    return Section("glossary", "Glossary", Markup("The words of the field in plain English."), (terms,), appendix=True)


def _record(book: Book, record: str) -> Section:
    return Section("record", "How to cite and repeat this", Markup(
        "Anyone can repeat this appraisal on their own machine and get the same bytes."), (
        Heading(Markup("Cite this")), Paragraph(cite(book, record)),
        Heading(Markup("Repeat this")), Paragraph(repeat(book)),
        Paragraph(Markup("<code>bailiwick verify record.json</code> hashes every input and every result again. That a "
                         "record agrees with itself is no independent proof."))), appendix=True)
