"""Which figures test a claim?  Each with its place in the page and the command that opens it to the ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from markupsafe import Markup

from bailiwick.publish.bound import Book
from bailiwick.publish.page import TableView, tabled
from bailiwick.publish.results import Json


def anchors(book: Book) -> dict[str, str]:
    """The place in the page of each finding that tests a claim, by finding id, in the order of the claims."""
    told = [id for claim in cast("list[Json]", book.results["claims"]) for id in cast("list[str]", claim["findings"])]
    known = [id for id in dict.fromkeys(told) if book.by_id(id) is not None]
    return {id: "finding-" + id.replace("/", "-").replace(".", "-").replace("_", "-").replace(":", "-") for id in known}


def links(book: Book, claim: Json, places: Mapping[str, str]) -> Markup:
    """Links from a claim to its figures, named by area; nothing where no figure tests it."""
    made = [Markup('<a href="#{}" aria-label="{}: {}">{}</a>').format(
        places[id], _where(book, id), _what(book, id), _where(book, id))
        for id in cast("list[str]", claim["findings"]) if id in places]
    return Markup(' <span class="files">Figures: {}.</span>').format(Markup(", ").join(made)) if made else Markup("")


def table(book: Book, places: Mapping[str, str]) -> TableView | None:
    """Every figure that tests a claim, with what it was worked out as and the command that shows how."""
    if not places:
        return None
    every = [str(found["id"]) for found in cast("list[Json]", book.results["findings"])]
    names = [str(option["name"]) for option in book.options]
    body = []
    for id, place in places.items():
        found = cast(Json, book.by_id(id))
        option = str(found["option"])
        said = book.at(f"/options/{names.index(option)}/title") if option in names else Markup("{}").format(option)
        body.append([
            Markup('<span id="{}">{}, {}</span>').format(place, _title(book, found), _where(book, id)), said,
            book.full(found), book.changed(found, "today") if option != "today" else Markup(""),
            Markup("<code>bailiwick why {} {}</code>").format(
                book.at("/case/name"), book.at(f"/findings/{every.index(id)}/id"))])
    return tabled("claims-findings", "The figures behind the claims",
                  [("Figure", ""), ("Option", ""), ("Value", ""), ("Against today", ""), ("How it was made", "")], body,
                  [False, False, True, False, False])


def _where(book: Book, id: str) -> str:
    subject = id.rsplit("/", 1)[1]
    return "all areas together" if subject == "scheme" else book.names.get(subject, subject)


def _what(book: Book, id: str) -> str:
    measure = id.split("/", 1)[0]
    return str(book.measures[measure]["title"]) if measure in book.measures else measure


def _title(book: Book, found: Json) -> Markup:
    measure = str(found["measure"])
    return book.at(f"/measures/{measure}/title") if measure in book.measures else Markup("{}").format(measure)
