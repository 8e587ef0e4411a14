"""What changes for me?  One page with the map of each option, an equal table, and a view of one area at a time.

Every view is drawn beforehand from the results; the script only shows one and hides the others, so that page and
results cannot disagree.  Without the script the page shows everything, one view below the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import maps, section_places, words
from bailiwick.publish.bound import Book, sentences
from bailiwick.publish.front import DISTANCE, PEOPLE, SAVING, TRAVEL, front
from bailiwick.publish.page import TableView, tabled
from bailiwick.publish.report import UNRECORDED, rendered
from bailiwick.publish.results import Json
from bailiwick.publish.section_method import cite

_KINDS = ("today", "cuts", "proposed", "redesigned", "alternative")
_LABELS = {"today": "Today", "cuts": "Cuts alone", "proposed": "Proposed", "redesigned": "Redesigned"}
_COLUMNS = (PEOPLE, DISTANCE, TRAVEL)


@dataclass(frozen=True, slots=True)
class View:
    """One option on the map page."""

    name: str
    label: str
    title: Markup
    says: Markup
    drawing: Markup
    legend: tuple[Markup, ...]
    table: TableView


def map_page(results: Json, record: str = UNRECORDED) -> str:
    """The map as one HTML page, from results alone."""
    book = Book(results)
    shapes = maps.outlines(book)
    areas = tuple((code, section_places.one_area(book, code)) for code in book.scope)
    return rendered("map.html.j2", book=book, front=front(book), views=views(book, shapes), areas=areas,
                    approximate=shapes.approximate, credit=shapes.credit, cite=cite(book, record))


def views(book: Book, shapes: maps.Outlines) -> tuple[View, ...]:
    """The options that can be shown, today first; the pause is left out, since its map is today's."""
    shown = [o for kind in _KINDS for o in book.options if o.get("kind", o["name"]) == kind]
    return tuple(_view(book, shapes, option, shown) for option in shown)


def _view(book: Book, shapes: maps.Outlines, option: Json, shown: list[Json]) -> View:
    kind, name = str(option.get("kind", "")), str(option["name"])
    first = next(o for o in shown if o.get("kind") == kind) is option
    label = _LABELS.get(kind, words.human(name)) if first else words.human(name.replace("-", " "))
    index = book.options.index(option)
    return View(name, label, book.at(f"/options/{index}/title") if option.get("title") else escape(label),
                _says(book, option), maps.command_map(book, shapes, option, links=True), maps.legend(book, option),
                _table(book, option))


def _says(book: Book, option: Json) -> Markup:
    name = str(option["name"])
    index = book.options.index(option)
    count = cast(int, option.get("command_count", len(cast("list[object]", option["commands"]))))
    parts = [Markup("{} {}.").format(book.at(f"/options/{index}/command_count", "", 0),
                                     "command" if count == 1 else "commands")]
    saving = book.finding(SAVING, name)
    if option.get("kind") != "today" and saving is not None:
        parts.append(Markup("Saving a year: {}.").format(book.full(saving)))
    if option.get("kind") == "today":
        parts.append(Markup("This is how things are."))
    return sentences(parts)


def _table(book: Book, option: Json) -> TableView:
    name = str(option["name"])
    letters = maps.lettered(option)
    kept = [m for m in _COLUMNS if any(book.finding(m, name, code) for code in book.scope)]
    body = [[book.area(code), escape(letters.get(code, "")),
             *(book.full(book.finding(m, name, code)) for m in kept)] for code in book.scope]
    head = [("Area", ""), ("Command", ""), *((str(book.measures[m]["title"]), "") for m in kept)]
    return tabled(f"map-table-{name}", Markup("The same as a table: {}").format(book.option_title(name)), head, body,
                  [False, False, *[True] * len(kept)])


