"""What does a citizen, a councillor or a mayor read?  One page that opens from disk and prints to A4."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cache
from importlib import resources
from string import ascii_uppercase

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bailiwick.publish import (
    downloads,
    section_around,
    section_choices,
    section_decides,
    section_evidence,
    section_method,
    section_money,
    section_places,
)
from bailiwick.publish.appendix import appendices
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.front import front
from bailiwick.publish.page import Block, Section, TableView
from bailiwick.publish.results import Json
from bailiwick.publish.section_area import area_sections

UNRECORDED = "not recorded"


def report(results: Json, record: str = UNRECORDED) -> str:
    """The report as one HTML page, from results alone; `record` is the fingerprint that it is cited by."""
    book = Book(results)
    found = numbered(book, sections(book, record), record)
    return rendered("report.html.j2", book=book, front=front(book), sections=found, record=record,
                    cite=section_method.cite(book, record), repeat=section_method.repeat(book))


def area_report(results: Json, code: str, record: str = UNRECORDED) -> str:
    """The two pages of one area: what changes there, beside the others, who answers, what to ask and to request."""
    book = Book(results)
    found = area_sections(book, code)
    return rendered("area.html.j2", book=book, code=code, front=front(book), sections=numbered(book, found, record),
                    cite=section_method.cite(book, record), repeat=section_method.repeat(book))


def sections(book: Book, record: str) -> tuple[Section, ...]:
    """The sections of the report in their order, then its appendices."""
    return (
        section_places.proposal(book), section_money.budget(book), section_money.options(book),
        section_money.money(book), section_evidence.room(book, "response"), section_places.closeness(book),
        section_around.fairness(book), section_evidence.room(book, "evaluation"),
        section_choices.better_map(book), section_decides.section(book), section_around.rule(book),
        section_around.delivery(book),
        section_around.consultation(book), section_evidence.claims(book), section_evidence.gates(book),
        section_method.unknowns(book), *appendices(book, record),
    )


def numbered(book: Book, found: tuple[Section, ...], record: str) -> tuple[tuple[str, Section], ...]:
    """Each section with its number, each appendix with its letter; ids made distinct, charts given their files."""
    licensed, cited = downloads.licence(book), plain(section_method.cite(book, record))
    kept = [downloads.dressed(s, licensed, cited, map_rules()) for s in _distinct(found)]
    plainly = sum(not s.appendix for s in kept)
    return tuple((ascii_uppercase[i - plainly] if s.appendix else str(i + 1), s) for i, s in enumerate(kept))


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


@cache
def map_rules() -> str:
    """The rules of the style sheet by which maps are drawn, for a map that leaves the page."""
    return "".join(line.strip() for line in asset("page.css").splitlines() if line.startswith(".map"))


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
