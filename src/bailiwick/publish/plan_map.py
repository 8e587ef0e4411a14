"""What changes for me, and could the map be drawn better?  One file that anyone can draw on, without a network.

Every figure is printed from the results or looked up in the engine's command table, which travels inside the page.
Without its script the page shows every view, one below the other.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from markupsafe import Markup

from bailiwick.errors import CaseError
from bailiwick.publish import maps, section_evidence, section_method, section_money, section_places
from bailiwick.publish.bound import Book, listed
from bailiwick.publish.front import front
from bailiwick.publish.page import Section, TableView
from bailiwick.publish.plan_data import drawable, embedded, known, merging, running_pilots
from bailiwick.publish.plan_inputs import inputs
from bailiwick.publish.plan_shapes import Land, land
from bailiwick.publish.plan_svg import Sheet, drawing, patterns, scale_of
from bailiwick.publish.plan_table import PlanTable, read_table
from bailiwick.publish.plan_views import sketch, views
from bailiwick.publish.report import UNRECORDED, asset, environment
from bailiwick.publish.results import Json

SCRIPTS = ("codec", "table", "say", "improve", "ranks", "sheet", "plans", "take", "draw", "compare", "space",
           "pages")
SHORT = 12
LETTERS = 12


@dataclass(frozen=True, slots=True)
class Panel:
    """A page printed whole from the results: its id, its name in the menu, and its section."""

    id: str
    name: str
    section: Section


def map_page(document: Json, name: str = UNRECORDED, commands: bytes | None = None) -> str:
    """The map page; `name` is the fingerprint it is cited by, `commands` the bytes of the command table, if any.

    CaseError when the command table is not one, or belongs to another case.
    """
    book = Book(document)
    table = _own_table(book, commands) if commands else None
    laid = land(maps.outlines(book))
    style = asset("page.css") + "\n" + asset("map/map.css")
    lively = drawable(table)
    script = bundled()
    page = environment().get_template("map.html.j2").render(
        book=book, front=front(book), views=views(book, laid), panels=panels(book, name), inputs=inputs(book),
        space=_space(book, lively=lively), merging=merging(book),
        pilots=tuple(listed([book.area(code) for code in group]) for group in running_pilots(book)),
        areas=tuple((code, _short(book, section_places.one_area(book, code))) for code in book.scope),
        others=tuple((code, book.names[code]) for code in (table.areas if table else ()) if code not in book.scope),
        approximate=laid.approximate, credit=laid.credit, lively=lively, table=table,
        board=_board(book, laid, table) if table and lively else "", hero=_hero(book, laid),
        weaves=patterns("z", scale_of(laid.view(book.scope))) + patterns("f", 1.0),
        cite=section_method.cite(book, name), repeat=section_method.repeat(book), record=name,
        data=embedded(known(book, laid, table)),
        packed=base64.b64encode(commands).decode() if commands and lively else "",
        style=Markup(style), script=Markup(script), policy=_policy(style, script))  # noqa: S704 - our own files
    return "\n".join(line.rstrip() for line in page.splitlines() if line.strip()) + "\n"


def panels(book: Book, name: str) -> tuple[Panel, ...]:
    """The pages printed from the results alone, in the order of the menu; long tables are left to the report."""
    found = (
        ("money", "Money", section_money.money(book)),
        ("response", "999 response", section_evidence.room(book, "response")),
        ("closeness", "Closeness", section_places.closeness(book)),
        ("pilots", "Pilots", section_evidence.room(book, "evaluation")),
        ("claims", "Claims", section_evidence.claims(book)), ("decisions", "Decisions", section_evidence.gates(book)),
        ("method", "Method and data", section_method.method(book, name)),
    )
    return tuple(Panel(id, title, _trimmed(replace(section, id=id))) for id, title, section in found)


@cache
def bundled() -> str:
    """The modules of the page as one: in the order of SCRIPTS, imports and exports left out."""
    folder = resources.files("bailiwick.publish") / "static" / "map"
    parts = []
    for name in SCRIPTS:
        text = (folder / f"{name}.js").read_text(encoding="utf-8")
        text = re.sub(r"^import [^;]*;\n", "", text, flags=re.MULTILINE)
        text = re.sub(r"^export \{[^}]*\};\n?", "", text, flags=re.MULTILINE)
        parts.append(re.sub(r"^export ", "", text, flags=re.MULTILINE))
    return "\n".join(line.rstrip() for line in "\n".join(parts).splitlines() if line.strip())


def _policy(style: str, script: str) -> str:
    return "; ".join(("default-src 'none'", f"style-src '{_hash(style)}'", f"script-src '{_hash(script)}'",
                      "base-uri 'none'", "form-action 'none'"))


def _own_table(book: Book, commands: bytes) -> PlanTable:
    table = read_table(commands)
    if table.digest != book.case["digest"]:
        raise CaseError("commands.json.gz", "case", got=table.digest, expected=str(book.case["digest"]),
                        hint="make both afresh with `bailiwick appraise CASE`")
    return table


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _trimmed(section: Section) -> Section:
    return replace(section, blocks=tuple(b for b in section.blocks if not (isinstance(b, TableView) and b.folded)))


def _short(book: Book, section: Section) -> Section:
    if len(book.scope) <= SHORT:
        return section
    return replace(section, blocks=tuple(b for b in section.blocks if not isinstance(b, TableView)))


def _space(book: Book, *, lively: bool) -> Section | None:
    told = bool(book.of_room("alternatives")) or any(name.startswith("alternatives") for name in book.tables)
    if lively and not told:
        return None
    return _trimmed(replace(section_evidence.room(book, "alternatives"), id="space"))


def _hero(book: Book, laid: Land) -> Markup:
    proposed = book.of_kind("proposed") or book.options[0]
    return sketch(book, laid, proposed, "start")


def _board(book: Book, laid: Land, table: PlanTable) -> Markup:
    return drawing(laid, Sheet("board", laid.view(table.areas, 0.02), {}, book.names, table.areas, lively=True,
                               patterns="f", text=0.0165))
