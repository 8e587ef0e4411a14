"""What does the terminal say?  Fifteen lines after an appraisal, and short answers to one question at a time.

Each answer is a pair: lines for people, and the same as plain data for machines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from bailiwick.case import Case
from bailiwick.errors import CaseError, nearest
from bailiwick.publish import words
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.front import (
    ANSWERS,
    DISTANCE,
    FROM_MERGING,
    ONE_OFF,
    PEOPLE,
    SAVING,
    Course,
    changed_areas,
    front,
    losers,
    worst_measures,
)
from bailiwick.publish.results import Json
from bailiwick.publish.scrutiny import enquiry
from bailiwick.publish.section_method import request

Answer = tuple[list[str], object]
WIDTH = 110
LONGEST = 200


def summary(document: Json) -> tuple[str, ...]:
    """The verdict, money, closeness, what to decide, conditions and what to watch: with the files, 15 lines."""
    book = Book(document)
    verdict = cast(Json, document["verdict"])
    boxes = {box.id: {course.word: _line(course) for course in box.lines} for box in front(book).boxes}
    decide, council, resident = boxes["decide"], boxes["council"], boxes["resident"]
    lines = [
        f"{book.case['title']}, as known on {words.day(str(book.case['as_of']))}",
        "",
        f"{ANSWERS[str(verdict['answer'])].upper()}. {verdict['sentence']}",
        _labelled("Money", _money(book)),
        _labelled("Closeness", _closeness(book)),
        _labelled("Response", _response(book)),
        _labelled("Decide", decide["By the rule"]),
        _labelled("Conditions", decide["Redesign"]),
        _labelled("Or wait", decide["Pause"]),
        _labelled("Watch", council["Stop rule"]),
        _labelled("Ask for", council["Ask for"]),
        _labelled("Next date", resident["When you will know"]),
        _labelled("Sure?", _doubt(book)),
    ]
    return tuple(lines)


def files(paths: Sequence[Path]) -> tuple[str, ...]:
    """Where the files are, below the answer."""
    return ("", _labelled("Files", "  ".join(str(path) for path in paths)))


def _line(course: Course) -> str:
    said = plain(course.text)
    return f"{said} {'; '.join(plain(item) for item in course.items[:1])}".strip()


def comparison(document: Json, options: Sequence[str]) -> Answer:
    """Options side by side: each measure of the whole scheme with its likely range."""
    book = Book(document)
    known = [str(o["name"]) for o in book.options]
    for name in options:
        if name not in known:
            raise CaseError("compare", "OPTION", got=name, expected="an option of the case", hint=nearest(name, known))
    rows, data = [], []
    for measure, told in book.measures.items():
        found = [book.finding(measure, name) for name in options]
        if any(f and f["value"] is not None for f in found):
            rows.append([_titled(told), *(_ranged(book, f) for f in found)])
            data.append({"measure": measure, **{n: _numbers(f) for n, f in zip(options, found, strict=True)}})
    return _columns(["", *options], rows), data


def one_area(document: Json, code: str) -> Answer:
    """One area before and after, its measures one to a line, with the change in words."""
    book = Book(document)
    option = book.of_kind("proposed")
    name = str(option["name"]) if option else ""
    rows, data = [], []
    for measure, told in book.measures.items():
        before, after = book.finding(measure, "today", code), book.finding(measure, name, code)
        if after is not None:
            rows.append([_titled(told), _ranged(book, before), _ranged(book, after),
                         plain(book.changed(after, "today"))])
            data.append({"measure": measure, "today": _numbers(before), "proposed": _numbers(after)})
    return [f"{book.names.get(code, code)}: today and as proposed", "",
            *_columns(["", "today", "proposed", "change"], rows)], data


def breakeven(document: Json) -> Answer:
    """The unknowns with the value at which each would turn the answer."""
    book = Book(document)
    unknowns = cast("list[Json]", document["unknowns"])
    rows = []
    for u in unknowns:
        unit = str(u.get("unit", ""))
        turns = u["breaks_even_at"]
        rows.append([str(u.get("title") or u["name"]), _phrase(u.get("value"), unit),
                     f"{_phrase(u.get('low'), unit)} to {_phrase(u.get('high'), unit)}",
                     "nowhere in its range" if turns is None else _phrase(turns, unit), str(u["holder"])])
    lines = _columns(["unknown", "we used", "range", "turns at", "holder"], rows)
    return lines if unknowns else [f"{book.case['title']}: nothing that matters is unknown."], unknowns


def claims(document: Json) -> Answer:
    """Each claim with who said it, whether it is so, and why."""
    listed = cast("list[Json]", document["claims"])
    lines = []
    for claim in listed:
        lines += [f"{str(claim['verdict']).upper()}: “{claim['quote']}”",
                  f"    {claim['who']}, {words.day(str(claim['when']))}"]
        lines += textwrap.wrap(str(claim.get("text", "")), WIDTH, initial_indent="    ", subsequent_indent="    ")
    return lines or ["This case lists no claims."], listed


def questions(document: Json, code: str | None = None) -> Answer:
    """What nobody has published, with the words to ask for it; for one area, its losses come first."""
    book = Book(document)
    lines: list[str] = []
    if code is not None:
        lines += [f"Questions for {book.names.get(code, code)}", ""]
        for measure, found in worst_measures(book, most=8):
            mine = [f for f in found if f["subject"] == code]
            if mine:
                lines.append(f"- What will be done about this: {plain(losers(book, measure, mine))}?")
    unknowns = cast("list[Json]", document["unknowns"])
    for i in range(len(unknowns)):
        lines += textwrap.wrap(plain(request(book, i)), WIDTH, initial_indent="- ", subsequent_indent="  ")
    asked = [{"name": u["name"], "holder": u["holder"], "request": plain(request(book, i))}
             for i, u in enumerate(unknowns)]
    return lines or ["Nothing that matters is unknown."], asked


def scrutiny(document: Json, code: str | None = None) -> Answer:
    """Lines of enquiry for a committee by the five cases, each with its figure and what to request."""
    book = Book(document)
    lines = [f"Lines of enquiry: {book.names.get(code, code) if code else book.case['title']}, as known on "
             f"{words.day(str(book.case['as_of']))}"]
    found, case = enquiry(book, code), ""
    for i, line in enumerate(found, start=1):
        if line.case != case:
            case = line.case
            lines += ["", f"{case} case"]
        lines += textwrap.wrap(f"{i}. {plain(line.question)}", WIDTH, initial_indent="  ", subsequent_indent="     ")
        for word, said in (("Figure", line.figure), ("Request", line.ask)):
            if said:
                lines += textwrap.wrap(f"{word}: {plain(said)}", WIDTH, initial_indent=" " * 5,
                                       subsequent_indent=" " * 5)
    return lines, [{"case": line.case, "question": plain(line.question), "figure": plain(line.figure),
                    "request": plain(line.ask)} for line in found]


def trace(document: Json, id: str) -> Answer:
    """One finding with its measure, range, changes, note, sources and the tables that draw on it."""
    book = Book(document)
    found = cast(Json, book.by_id(id))
    measure = book.measures.get(str(found["measure"]), {})
    lines = [
        id, f"  {measure.get('title', found['measure'])}: {plain(book.full(found))}",
        f"  of: {found.get('area') or found['subject']}; option: {book.option_title(str(found['option']))}",
        f"  definition: {measure.get('definition', 'none given')}",
        f"  method: {measure.get('reference') or 'none cited'}; basis: {found['basis'] or 'none'}",
    ]
    for change in cast("list[Json]", found["changes"]):
        lines.append(f"  against {change['against']}: {plain(book.changed(found, str(change['against'])))} "
                     f"({words.HOLDS[str(change['holds_in'])]})")
    lines += [f"  source: {source}" for source in cast("list[str]", found["sources"])]
    if found["note"]:
        lines.append(f"  note: {found['note']}")
    drawn_on = [name for name, table in book.tables.items() if id in cast("list[str]", table["finding_ids"])]
    if drawn_on:
        lines.append(f"  tables: {', '.join(drawn_on)}")
    lines.append(f"  code: bailiwick/{str(found['measure']).split('.')[0]}, measure {found['measure']}")
    return lines, {**found, "definition": measure.get("definition", ""), "tables": drawn_on}


def differences(case: Case, other: Case) -> list[str]:
    """Where two cases assume different things: one line for each assumption whose value differs or is in one only."""
    lines = []
    for name in sorted({*case.assumptions, *other.assumptions}):
        mine = case.value(name) if name in case.assumptions else None
        theirs = other.value(name) if name in other.assumptions else None
        if mine != theirs:
            unit = (case.assumptions.get(name) or other.assumptions[name]).unit
            lines.append(f"{name}: {_phrase(mine, unit)} in {case.name}, {_phrase(theirs, unit)} in {other.name}")
    return lines or [f"{case.name} and {other.name} assume the same."]


def _money(book: Book) -> str:
    option = book.of_kind("proposed")
    name = str(option["name"]) if option else ""
    saving, merging, cost = (book.finding(m, name) for m in (SAVING, FROM_MERGING, ONE_OFF))
    return (f"saves {plain(book.full(saving))}; of it {plain(book.said(merging, style='amount'))} from merging itself; "
            f"costs {plain(book.said(cost, style='amount'))} to set up")


def _closeness(book: Book) -> str:
    parts = [f"in {plain(book.area(str(found[0]['subject'])))} {plain(book.changed(found[0], 'today'))} {words_}"
             for m, words_ in ((PEOPLE, "for each commander"), (DISTANCE, "to headquarters"))
             if m in book.measures and (found := changed_areas(book, m))]
    return "; ".join(parts) or "no area is shown to lose by what could be measured"


def _response(book: Book) -> str:
    tile = front(book).tiles[2]
    return f"{plain(tile.label)}: {plain(tile.figure)} ({plain(tile.under)})"


def _doubt(book: Book) -> str:
    return (plain(front(book).guesses) or "every number that can be disputed has a source.").removesuffix(".")


def _labelled(label: str, text: str) -> str:
    if label == "Files":
        return f"  {label + ':':12} {text}"
    said = text
    while len(said) > LONGEST and ". " in said:
        said = said.rpartition(". ")[0]
    said = textwrap.shorten(said.removesuffix("."), LONGEST, placeholder=" ...")
    return f"  {label + ':':12} {said[:1].upper()}{said[1:]}"


def _titled(measure: Json) -> str:
    unit = words.unit_words(str(measure["unit"]), None)
    return f"{measure['title']}, {unit}" if unit else str(measure["title"])


def _ranged(book: Book, found: Json | None) -> str:
    if found is None or found["value"] is None:
        return words.missing(cast("str | None", found.get("reason") if found else None))
    unit, decimals = str(found["unit"]), book.decimals(str(found["measure"]))
    value = words.amount(cast(float, found["value"]), unit, decimals, short=True)
    low, high = (words.amount(cast("float | None", found[k]), unit, decimals, short=True) for k in ("low", "high"))
    return value if low == high else f"{value} ({low} to {high})"


def _numbers(found: Json | None) -> object:
    return None if found is None else {k: found[k] for k in ("value", "low", "high")}


def _phrase(value: object, unit: str) -> str:
    if not isinstance(value, int | float):
        return words.NOT_KNOWN
    return words.phrase(value, unit, 2) if isinstance(value, float) and not value.is_integer() else words.phrase(
        value, unit, 0)


def _columns(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    table = [list(heads), *(list(row) for row in rows)]
    widths = [min(max(len(row[i]) for row in table), 60) for i in range(len(heads))]
    return ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
