"""What does one area's councillor need on two pages?  Five lines, beside its neighbours, who answers, what to ask."""

from __future__ import annotations

from typing import cast

from markupsafe import Markup

from bailiwick.publish import section_evidence, section_places, words
from bailiwick.publish.bound import Book
from bailiwick.publish.headline import DISTANCE, NEUTRAL, PEOPLE, SAVING, TRAVEL, named
from bailiwick.publish.page import Block, Paragraph, Points, Section, bold, headed, optional, tabled
from bailiwick.publish.results import Json
from bailiwick.publish.scrutiny import enquiry
from bailiwick.publish.section_method import request
from bailiwick.publish.section_who import answers_here

WARDS = "locality.dedicated_ward_officers"
ASKED = 13
"""Lines of enquiry that fit the paper."""
WANTED = 5
"""Figures to ask for that fit the paper."""
BESIDE = 6
"""Areas that stand side by side."""


def area_sections(book: Book, code: str) -> tuple[Section, ...]:
    """The sections of the two-page paper of one area."""
    return (_changes(book, code), _beside(book, code), _answers(book, code), _questions(book, code), _missing(book),
            _dates(book))


def _changes(book: Book, code: str) -> Section:
    """Five lines, today and proposed with the likely range, then what the money of the whole merger comes to."""
    proposed = named(book, "proposed")
    body = []
    for measure in _lines(book):
        before, after = book.finding(measure, "today", code), book.finding(measure, proposed, code)
        if after is not None:
            against = "cuts" if book.measures[measure]["role"] == "service" else "today"
            body.append([_titled(book, measure), book.short(before), book.short(after),
                         Markup("{}{}").format(book.changed(after, against),
                                               Markup(", against cuts alone") if against == "cuts" else Markup(""))])
    for measure in (SAVING, NEUTRAL):
        found = book.finding(measure, proposed)
        if found is not None:
            body.append([Markup("{}, all areas together").format(book.at(f"/measures/{measure}/title")),
                         book.short(book.finding(measure, "today")), book.short(found), book.changed(found, "today")])
    table = tabled("five-lines", Markup("Today and as proposed, with the likely range"),
                   [("Measure", ""), ("Today", ""), ("Proposed", ""), ("Change", "")], body, [False, True, True, False])
    said = section_places.one_area(book, code).blocks[0]
    lead = said.items[0] if isinstance(said, Points) and said.items else Markup("Nothing was found for this area.")
    return Section("changes", "What changes", lead, (table,) if body else ())


def _titled(book: Book, measure: str) -> Markup:
    """The title of a measure with its unit, where the figures beside it do not carry it."""
    unit = str(book.measures[measure]["unit"])
    word = "" if words.is_money(unit) or words.is_share(unit) or unit.startswith("%") else words.unit_words(unit, None)
    title = book.at(f"/measures/{measure}/title")
    return Markup("{} ({})").format(title, headed(f"/measures/{measure}/unit", word)) if word else title


def _lines(book: Book) -> list[str]:
    service = [m for m, told in book.measures.items() if told["role"] == "service"][:2]
    return [m for m in (*service, PEOPLE, DISTANCE, TRAVEL, WARDS) if m in book.measures]


def _beside(book: Book, code: str) -> Section:
    """The areas of the merger side by side, this one first, as proposed."""
    proposed = named(book, "proposed")
    codes = (code, *(c for c in book.scope if c != code))[:BESIDE]
    shown = [m for m in _lines(book) if m != DISTANCE or TRAVEL not in book.measures]
    body = [[_titled(book, m), *(book.said(book.finding(m, proposed, c), style="cell") for c in codes)]
            for m in shown if any(book.finding(m, proposed, c) for c in codes)]
    head = [("As proposed", ""), *((book.names.get(c, c), "") for c in codes)]
    table = tabled("neighbours", "What each area of the merger would get", head, body,
                   [False, *[True] * len(codes)]) if body else None
    return Section("neighbours", "Beside the other areas", _rank(book, code, proposed), optional(table))


def _rank(book: Book, code: str, proposed: str) -> Markup:
    far = next((m for m in (TRAVEL, DISTANCE) if book.finding(m, proposed, code)), "")
    values = {c: cast(float, f["value"]) for c in book.scope if far and (f := book.finding(far, proposed, c))
              and f["value"] is not None}
    if code not in values or len(values) < 2:
        return Markup("The same measures for every area of the merger.")
    farthest, nearest = max(values.values()), min(values.values())
    if values[code] == farthest > nearest:
        return Markup("No other area of the merger would be farther from its commander.")
    if values[code] == nearest < farthest:
        return Markup("No other area of the merger would be nearer to its commander.")
    return Markup("Others in the merger would be nearer to their commander, and others farther.")


def _answers(book: Book, code: str) -> Section:
    blocks: list[Block] = list(answers_here(book, code))
    lead = Markup("What the public has been told about who does what.") if blocks else \
        Markup("Nothing has been published on who would do what.")
    return Section("answers", "Who answers", lead, tuple(blocks))


def _questions(book: Book, code: str) -> Section:
    """The questions to put, each with its figure, from each of the five cases in turn."""
    lines = enquiry(book, code)
    cases: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        cases.setdefault(line.case, []).append(i)
    turns = sorted(range(len(lines)), key=lambda i: (cases[lines[i].case].index(i), i))
    kept = sorted(turns[:ASKED])
    items = tuple(bold(Markup("{}").format(lines[i].question), lines[i].figure) for i in kept)
    return Section("questions", "Questions to ask", Markup("Each question has its figure behind it."),
                   (Points(items, ordered=True),) if items else ())


def _missing(book: Book) -> Section:
    unknowns = cast("list[Json]", book.results["unknowns"])
    if not unknowns:
        return Section("missing", "What to request", Markup("Everything that is needed has been published."), ())
    listed = tuple(bold(Markup("{}.").format(book.at(f"/unknowns/{i}/title")),
                        Markup("Held by {}.").format(book.at(f"/unknowns/{i}/holder")))
                   for i in range(min(WANTED, len(unknowns))))
    return Section("missing", "What to request", Markup("Anyone may ask for these under the Freedom of Information "
                                                       "Act."), (Points(listed), Paragraph(request(book, 0))))


def _dates(book: Book) -> Section:
    """The gates with their state on the day of the appraisal, without their evidence."""
    lead = section_evidence.gates(book).lead
    gates = cast("list[Json]", book.results["gates"])
    items = tuple(Markup("{}: {}{}").format(
        book.at(f"/gates/{i}/name"), book.at(f"/gates/{i}/state"),
        Markup(", due {}").format(book.day(f"/gates/{i}/due")) if gate["due"] else Markup(""))
        for i, gate in enumerate(gates[:8]))
    return Section("dates", "Gates and dates", lead, (Points(items),) if items else ())
