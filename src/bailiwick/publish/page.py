"""What is a page made of?  Sections of numbered paragraphs, lists, figures and tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.results import Json

LONGEST = 80
NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One numbered paragraph."""

    kind: ClassVar[str] = "paragraph"
    text: Markup


@dataclass(frozen=True, slots=True)
class Points:
    """A list; `ordered` where its order carries meaning."""

    kind: ClassVar[str] = "points"
    items: tuple[Markup, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: Markup


@dataclass(frozen=True, slots=True)
class TableView:
    """A table as a reader sees it: a caption, a head of (words, unit), a body of bound cells.

    The first cell heads its row; `numeric` says which columns hold figures; `folded` puts it behind a summary line.
    """

    kind: ClassVar[str] = "table"
    id: str
    caption: Markup
    head: tuple[tuple[str, str], ...]
    body: tuple[tuple[Markup, ...], ...]
    numeric: tuple[bool, ...]
    note: Markup = NOTHING
    folded: bool = False
    cut: bool = False

    @property
    def styles(self) -> tuple[str, ...]:
        """The class of each column: `num` for figures, `long`, `wordy` or `some` by how many words, or nothing."""
        widest = [max((len(row[i].striptags()) for row in self.body), default=0) for i in range(len(self.head))]
        steps = (("long", 160), ("wordy", 44), ("some", 16))
        return tuple("num" if number else next((name for name, most in steps if width > most), "")
                     for number, width in zip(self.numeric, widest, strict=True))


@dataclass(frozen=True, slots=True)
class Download:
    """A file that travels inside the page: what the link says, the name it is saved under, and its data: address."""

    label: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: a headline that states the finding, what is shown in which unit, two drawings, words, numbers."""

    kind: ClassVar[str] = "figure"
    id: str
    headline: Markup
    subtitle: str
    wide: Markup
    narrow: Markup
    alt: str
    source: Markup
    table: TableView | None
    licence: Markup = NOTHING
    files: tuple[Download, ...] = ()

    def __post_init__(self) -> None:
        if len(self.alt) < 20:
            raise ValueError(f"figure {self.id}: alt text of {len(self.alt)} characters cannot state the finding")


Block = Paragraph | Points | Heading | TableView | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: its title, the sentence that is its finding, and what shows it."""

    id: str
    title: str
    lead: Markup
    blocks: tuple[Block, ...]
    appendix: bool = False


SectionMaker = Callable[[Book], Section]


def bold(title: Markup | str, text: Markup | str) -> Markup:
    """A list item that opens with its title in bold."""
    return Markup("<strong>{}</strong> {}").format(title, text)


def link(url: str, text: Markup | str) -> Markup:
    """A link to a web address; the words alone where the address is not one."""
    if not url.startswith(("https://", "http://")):
        return escape(text)
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, text)


def view(book: Book, name: str, *, rows: Sequence[int] | None = None, drop: Sequence[str] = (), folded: bool = False,
         caption: Markup | None = None) -> TableView | None:
    """A table of results as its reader sees it, or None where the results hold none.

    Columns `x_low` and `x_high` become the range behind `x`; `rows` picks rows by number, `drop` leaves columns out.
    Columns and rows that hold nothing are left out. Unless rows are picked at most 80 are shown; the note says so.
    """
    table = book.table(name)
    if table is None:
        return None
    columns = cast("list[str]", table["columns"])
    units = cast("list[str]", table["units"])
    held = cast("list[list[object]]", table["rows"])
    wanted = [r for r in (range(len(held)) if rows is None else rows) if any(c is not None for c in held[r][1:])]
    hidden = {*drop, *(("area",) if "name" in columns and "area" in columns else ())}
    shown = [i for i, c in enumerate(columns) if c not in hidden and not _is_end(c, columns)
             and any(held[r][i] not in (None, "") for r in wanted)]
    most = LONGEST if rows is None else len(wanted)
    body = tuple(tuple(_cell(book, name, columns, r, c) for c in shown) for r in wanted[:most])
    numeric = tuple(_numeric([held[r][c] for r in wanted]) for c in shown)
    note = book.at(f"/tables/{name}/note") if table.get("note") else Markup("")
    return TableView(
        id=f"table-{name.replace('_', '-')}", caption=caption or _caption(book, name),
        head=tuple((headed(f"/tables/{name}/columns/{c}", words.human(columns[c])),
                    headed(f"/tables/{name}/units/{c}", _unit(units[c]))) for c in shown), body=body, numeric=numeric,
        note=note, folded=folded, cut=len(wanted) > most,
    )


def optional(*blocks: Block | None) -> tuple[Block, ...]:
    """The blocks that exist, in order."""
    return tuple(block for block in blocks if block is not None)


def _caption(book: Book, name: str) -> Markup:
    return book.at(f"/tables/{name}/title") if book.tables[name].get("title") else escape(words.human(name))


def headed(pointer: str, text: str) -> str:
    """The words of a column or a unit, bound to where they stand when they hold a figure."""
    if not any(c.isdigit() for c in text):
        return text
    return Markup('<span data-ref="{}">{}</span>').format(pointer, text)


def _is_end(column: str, columns: Sequence[str]) -> bool:
    stem, _, end = column.rpartition("_")
    return end in ("low", "high") and stem in columns


def _cell(book: Book, name: str, columns: Sequence[str], row: int, column: int) -> Markup:
    said = _option_or_cell(book, name, columns[column], row, column)
    ends = [columns.index(f"{columns[column]}_{end}") for end in ("low", "high")
            if f"{columns[column]}_{end}" in columns]
    held = cast("list[list[object]]", book.tables[name]["rows"])[row]
    if len(ends) < 2 or held[ends[0]] is None or held[ends[0]] == held[ends[1]]:
        return said
    return Markup('{} <span class="range">({} to {})</span>').format(
        said, book.cell(name, row, ends[0]), book.cell(name, row, ends[1]))


def _option_or_cell(book: Book, name: str, title: str, row: int, column: int) -> Markup:
    value = cast("list[list[object]]", book.tables[name]["rows"])[row][column]
    if title == "published" and isinstance(value, str):
        return book.day(f"/tables/{name}/rows/{row}/{column}")
    return book.cell(name, row, column)


def _numeric(cells: Sequence[object]) -> bool:
    known = [c for c in cells if c is not None]
    return bool(known) and all(isinstance(c, int | float) and not isinstance(c, bool) for c in known)


def _unit(unit: str) -> str:
    if words.is_money(unit):
        rest = words.unit_words(unit, None)
        return f"£ {rest}".strip()
    silent = words.is_share(unit) or unit in ("date", "see unit", "financial year")
    return "" if silent else words.unit_words(unit, None)


def tabled(id: str, caption: Markup | str, head: Sequence[tuple[str, str]], body: Sequence[Sequence[Markup]],
           numeric: Sequence[bool]) -> TableView:
    """A table built by a section out of bound pieces."""
    return TableView(id=id, caption=escape(caption), head=tuple(head), body=tuple(tuple(row) for row in body),
                     numeric=tuple(numeric))


def sourced(book: Book, found: Json | None) -> Markup:
    """Where a finding is from and how it was reached, in a line."""
    if found is None:
        return Markup("")
    index = next((i for i, f in enumerate(cast("list[Json]", book.results["findings"])) if f is found), None)
    names = cast("list[str]", found["sources"])
    if index is None or not names:
        return Markup("")
    said = [book.at(f"/findings/{index}/sources/{k}") for k in range(len(names))]
    return Markup("Source: {}.").format(Markup("; ").join(said))
