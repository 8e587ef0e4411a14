"""What does a citizen, a councillor or a mayor read?  One page that opens from disk and prints to A4."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bailiwick.publish import section_evidence, section_method, section_money, section_places
from bailiwick.publish.bound import Book
from bailiwick.publish.front import front
from bailiwick.publish.page import Block, Section, TableView
from bailiwick.publish.results import Json

UNRECORDED = "not recorded"


def report(results: Json, record: str = UNRECORDED) -> str:
    """The report as one HTML page, from results alone; `record` is the fingerprint that it is cited by."""
    book = Book(results)
    return rendered("report.html.j2", book=book, front=front(book), sections=_distinct(sections(book, record)),
                    cite=section_method.cite(book, record), repeat=section_method.repeat(book), record=record)


def area_report(results: Json, code: str, record: str = UNRECORDED) -> str:
    """The short report of one area: what changes there, who answers, what nobody knows, and the words to ask."""
    book = Book(results)
    return rendered("area.html.j2", book=book, code=code, front=front(book),
                    sections=_distinct((section_places.one_area(book, code), section_evidence.gates(book),
                                        section_method.unknowns(book))),
                    cite=section_method.cite(book, record), repeat=section_method.repeat(book))


def sections(book: Book, record: str) -> tuple[Section, ...]:
    """The sections of the report in their order."""
    return (
        section_places.proposal(book), section_money.options(book), section_money.money(book),
        section_evidence.room(book, "response"), section_places.closeness(book), section_money.budget(book),
        section_evidence.room(book, "evaluation"), section_evidence.room(book, "alternatives"),
        section_evidence.claims(book), section_evidence.gates(book), section_method.checks(book),
        section_method.unknowns(book), section_method.method(book, record),
    )


def rendered(template: str, **context: object) -> str:
    """A template filled in, its style sheet and script inside and named by hash in the security policy."""
    style = asset("page.css")
    policy = "; ".join((
        "default-src 'none'", f"style-src '{_hash(style)}'", "script-src 'none'", "img-src data:", "base-uri 'none'",
        "form-action 'none'"))
    page = environment().get_template(template).render(
        style=Markup(style), policy=policy, **context)  # noqa: S704 - our own files
    return _closed_up(page) + "\n"


@cache
def environment() -> Environment:
    """The templates of this package, escaping everything that is not bound markup."""
    return Environment(loader=PackageLoader("bailiwick.publish"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


def asset(name: str) -> str:
    """The text of a style sheet or a script of this package."""
    return _closed_up((resources.files("bailiwick.publish") / "static" / name).read_text(encoding="utf-8"))


def _closed_up(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _distinct(found: tuple[Section, ...]) -> tuple[Section, ...]:
    seen: dict[str, int] = {}

    def named(id: str) -> str:
        seen[id] = seen.get(id, 0) + 1
        return id if seen[id] == 1 else f"{id}-{seen[id]}"

    def block(b: Block) -> Block:
        if isinstance(b, TableView):
            return replace(b, id=named(b.id))
        table = getattr(b, "table", None)
        return replace(b, table=replace(table, id=named(table.id))) if table is not None else b

    return tuple(replace(s, blocks=tuple(block(b) for b in s.blocks)) for s in found)
