"""What does each option of the case come to, in four sentences and a table, beside its map?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book, listed
from bailiwick.publish.front import DISTANCE, FROM_MERGING, ONE_OFF, PEOPLE, SAVING, TRAVEL
from bailiwick.publish.page import TableView, tabled
from bailiwick.publish.plan_shapes import Land
from bailiwick.publish.plan_svg import FEW, Sheet, drawing, lettered
from bailiwick.publish.results import Json

KINDS = ("today", "cuts", "proposed", "redesigned", "alternative")
LABELS = {"today": "Today", "cuts": "Cuts, no merger", "proposed": "Proposed", "redesigned": "Redesigned"}
_COLUMNS = (PEOPLE, DISTANCE, TRAVEL)


@dataclass(frozen=True, slots=True)
class View:
    """One option as the page shows it."""

    name: str
    label: str
    title: Markup
    sentences: tuple[Markup, ...]
    drawing: Markup
    table: TableView


def shown_options(book: Book) -> list[Json]:
    """The options that have a map of their own, today first; a pause is left out, since its map is today's."""
    return [o for kind in KINDS for o in book.options if o.get("kind", o["name"]) == kind]


def views(book: Book, land: Land) -> tuple[View, ...]:
    """Each shown option with its map, its sentences and its table."""
    shown = shown_options(book)
    return tuple(View(str(o["name"]), label_of(book, o), _title(book, o), _sentences(book, o), sketch(book, land, o),
                      _table(book, o)) for o in shown)


def label_of(book: Book, option: Json) -> str:
    """What the option is called on a button."""
    kind, name = str(option.get("kind", option["name"])), str(option["name"])
    first = next(o for o in book.options if o.get("kind", o["name"]) == kind) is option
    return LABELS.get(kind, words.human(name)) if first else words.human(name.replace("-", " "))


def sketch(book: Book, land: Land, option: Json, prefix: str = "see") -> Markup:
    """The map of an option: its areas, its commands, and where they are run from."""
    commands = cast("list[list[str]]", option["commands"])
    codes = [code for command in commands for code in command]
    marks = tuple(_base(book, land, str(c["headquarters"])) for c in cast("list[Json]", option.get("run_from", []))
                  if _site(book, str(c.get("headquarters"))))
    return drawing(land, Sheet(f"{prefix}-{option['name']}", land.view(codes), lettered(commands), book.names,
                               sorted(codes), marks, text=0.031 if len(codes) <= FEW else 0.019))


def _site(book: Book, name: str) -> Json | None:
    return next((s for s in cast("list[Json]", book.case.get("sites", [])) if s["name"] == name), None)


def _base(book: Book, land: Land, name: str) -> tuple[int, int]:
    site = cast(Json, _site(book, name))
    return land.at(cast(float, site["easting"]), cast(float, site["northing"]))


def _title(book: Book, option: Json) -> Markup:
    if not option.get("title"):
        return escape(label_of(book, option))
    return book.at(f"/options/{book.options.index(option)}/title")


def _sentences(book: Book, option: Json) -> tuple[Markup, ...]:
    name, kind = str(option["name"]), str(option.get("kind", option["name"]))
    said = [_who(book, option), _money(book, name, kind), _answering(book, name), _help(book, name, kind)]
    return tuple(s for s in said if s)


def _who(book: Book, option: Json) -> Markup:
    index = book.options.index(option)
    count = len(cast("list[object]", option["commands"]))
    bases = [Markup("{}").format(book.at(f"/options/{index}/run_from/{i}/headquarters"))
             for i, c in enumerate(cast("list[Json]", option.get("run_from", []))) if c.get("headquarters")]
    run = Markup(", run from {}").format(listed(bases)) if bases and len(bases) <= 4 else Markup("")
    return Markup("{} {}{}.").format(book.at(f"/options/{index}/command_count", "", 0),
                                     "command" if count == 1 else "commands", run)


def _money(book: Book, name: str, kind: str) -> Markup:
    if kind == "today":
        return Markup("This is how things are, so it saves nothing.")
    saving, merging = book.finding(SAVING, name), book.finding(FROM_MERGING, name)
    if saving is None:
        return Markup("What it would save is not known.")
    said = Markup("It would save {} once settled.").format(book.full(saving))
    once = book.finding(ONE_OFF, name)
    if once is not None and once["value"]:
        said += Markup(" The change itself costs {}.").format(book.full(once))
    if merging is not None and merging["value"]:
        said += Markup(" Of the saving, {} needs the merger; the rest could be cut without it.").format(
            book.said(merging))
    return said


def _answering(book: Book, name: str) -> Markup:
    found = [f for code in book.scope if (f := book.finding(PEOPLE, name, code)) and f["value"] is not None]
    if not found:
        return Markup("")
    most = max(found, key=lambda f: cast(float, f["value"]))
    least = min(found, key=lambda f: cast(float, f["value"]))
    if most["value"] == least["value"]:
        return Markup("Each commander would answer to {}.").format(book.said(most)) if name != "today" else Markup(
            "Each commander answers to {}.").format(book.said(most))
    return Markup("A commander answers to between {} ({}) and {} ({}).").format(
        book.said(least, style="amount"), book.area(str(least["subject"])), book.said(most),
        book.area(str(most["subject"])))


def _help(book: Book, name: str, kind: str) -> Markup:
    mine = [f for f in book.of_room("response") if f["option"] == name and f["value"] is not None
            and book.measures.get(str(f["measure"]), {}).get("role") == "service"]
    if not mine:
        return Markup("") if kind == "today" else Markup("Whether help would come more slowly <strong>cannot be told"
                                                         "</strong> from these results.")
    whole = next((f for f in mine if f["subject"] == "scheme"), mine[0])
    if kind == "today":
        return Markup("{}: {}.").format(book.at(f"/measures/{whole['measure']}/title"), book.full(whole))
    against = "today" if kind == "cuts" else "cuts"
    beside = "today" if against == "today" else "cuts without a merger"
    measures = sorted({str(f["measure"]) for f in mine}, key=list(book.measures).index)
    said = [Markup("{}: {} in {}").format(book.at(f"/measures/{m}/title"), state, listed(places))
            for m in measures for state in ("worse", "better")
            if (places := [book.area(str(f["subject"])) for f in mine if f["measure"] == m
                           and f["subject"] in book.scope and book.state(f, against) == state])]
    if not said:
        return Markup("Against {}, no difference in how fast help comes is shown for any area.").format(beside)
    return Markup("Against {}: {}.").format(beside, Markup("; ").join(said))


def _table(book: Book, option: Json) -> TableView:
    name = str(option["name"])
    letters = lettered(cast("list[list[str]]", option["commands"]))
    kept = [m for m in _COLUMNS if any(book.finding(m, name, code) for code in book.scope)]
    body = [[book.area(code), escape(letters.get(code, "its own")),
             *(book.full(book.finding(m, name, code)) for m in kept)] for code in book.scope]
    head = [("Area", ""), ("Command", ""), *((book.at(f"/measures/{m}/title"), "") for m in kept)]
    return tabled(f"see-table-{name}", "The same as a table", head, body, [False, False, *[True] * len(kept)])
