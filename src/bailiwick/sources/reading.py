"""What does a publisher's file say, and is it the file its reader knows?

Every fault is a SourceError that names the file, what was found, what was expected and what to do.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.errors import CaseError, SourceError, nearest
from bailiwick.sources.textfile import TextTable, numbers, text_table

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | int | date | bool | None
_BY_HAND = "download it again from the publisher; if the publisher has changed its form, the reader must be changed"


@dataclass(frozen=True, slots=True, eq=False)
class Tidy:
    """A publisher's table, one fact a row: `frame` with the columns its reader declares, its vintage, what to know."""

    source: str
    vintage: str
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def problem(path: Path | str, what: str, expected: str, to_do: str = _BY_HAND) -> SourceError:
    """The error for a file that is not what its reader knows."""
    name = path.name if isinstance(path, Path) else path
    return SourceError(f"{name}: {what}\n  expected: {expected}\n  to do:    {to_do}")


@contextmanager
def as_published(path: Path) -> Iterator[None]:
    """Nothing; a CaseError of the text reader becomes a SourceError about a publisher's file."""
    try:
        yield
    except CaseError as error:
        what = f"{error.key}: {error.got}" if error.key else str(error.got)
        raise problem(path, what, error.expected, error.hint or _BY_HAND) from None


def csv_table(path: Path, columns: Sequence[str]) -> TextTable:
    """The table of a CSV file that has at least these columns, letter case aside."""
    refuse_pages(path)
    with as_published(path):
        table = text_table(path, wanted=columns)
    missing = [name for name in columns if not table.has(name)]
    if missing:
        hint = nearest(missing[0], table.columns)
        raise problem(path, f"no column {', '.join(missing)} ({hint})", "the columns " + ", ".join(columns))
    return table


def cells(table: TextTable, column: str) -> list[str]:
    """The cells of a column by its name."""
    return table.column(table.position(column, option=column))


def values(path: Path, table: TextTable, column: str) -> list[float]:
    """The numbers of a column, NaN where empty; decimal commas and thousands separators understood."""
    with as_published(path):
        return numbers(table, cells(table, column), key=column)


def refuse_pages(path: Path) -> None:
    """SourceError when the file is absent, empty, or a web page that was saved in place of the file."""
    try:
        with path.open("rb") as stream:
            head = stream.read(400).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    except OSError as error:
        raise problem(path, error.strerror or "unreadable", "a file that can be read") from None
    if not head:
        raise problem(path, "an empty file", "the publisher's table")
    if head.startswith((b"<!doctype html", b"<html")):
        raise problem(path, "a web page", "the publisher's table", "the link led to a page: download the file itself")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, the first text on it, and its rows."""

    name: str
    title: str
    rows: tuple[tuple[Cell, ...], ...]


def sheets(path: Path) -> tuple[Sheet, ...]:
    """The sheets of an ODS or Excel workbook; SourceError for one that is cut off or none at all."""
    import python_calamine

    refuse_pages(path)
    if path.suffix.lower() in (".xlsx", ".ods") and not zipfile.is_zipfile(path):
        raise problem(path, "a workbook that is cut off, or none", "an ODS or Excel workbook")
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
        if broken:
            raise problem(path, f"damaged inside ({broken})", "a whole workbook")
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        found = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError,
            NotImplementedError) as error:
        raise problem(path, str(error).splitlines()[0][:80] or "unreadable", "an ODS or Excel workbook") from None
    return tuple(Sheet(name, _title(rows), tuple(tuple(map(_cell, row)) for row in rows)) for name, rows in found)


def sheet_with(path: Path, *words: str) -> Sheet:
    """The one sheet whose name or title holds all these words; SourceError naming the sheets there are."""
    found = [s for s in sheets(path) if all(w.casefold() in f"{s.name} {s.title}".casefold() for w in words)]
    if len(found) != 1:
        known = "; ".join(f"{s.name}: {s.title[:60]}" for s in sheets(path))
        raise problem(path, f"{len(found)} sheets about {' '.join(words)} ({known[:300]})", "one such sheet")
    return found[0]


def header_row(path: Path, sheet: Sheet, wanted: Sequence[str]) -> tuple[int, dict[str, int]]:
    """The row of a sheet that names its columns, and where each wanted name starts one of its cells."""
    for number, row in enumerate(sheet.rows):
        told = [" ".join(str(cell).split()).casefold() for cell in row]
        at = {name: next((i for i, t in enumerate(told) if t.startswith(name.casefold())), -1) for name in wanted}
        if all(place >= 0 for place in at.values()):
            return number, at
    raise problem(path, f"sheet {sheet.name} has no row that names " + ", ".join(wanted), "such a header row")


def only(paths: Sequence[Path], endings: Sequence[str]) -> Path:
    """The one file among these with such an ending; SourceError when there is none or more than one."""
    found = [path for path in paths if path.suffix.lower() in endings]
    if len(found) != 1:
        names = ", ".join(path.name for path in paths) or "no file"
        raise problem(names, f"{len(found)} files of the kind {' '.join(endings)}", "one", "hand over one file")
    return found[0]


def together(tables: Sequence[Tidy]) -> Tidy:
    """Tables of one source and one vintage under one another; SourceError when vintages would mix."""
    import pandas as pd

    vintages = sorted({f"{table.source} {table.vintage}" for table in tables})
    if len(vintages) != 1:
        raise SourceError(f"these do not belong together: {', '.join(vintages)}\n"
                          "  expected: one source and one vintage; a series restated later is another series\n"
                          "  to do:    fetch all parts on the same day, and use one vintage throughout")
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    notes = tuple(dict.fromkeys(note for table in tables for note in table.notes))
    return Tidy(tables[0].source, tables[0].vintage, frame, notes)


def day(text: str) -> date | None:
    """The date in a cell, written as 31/12/2014, 2014-12-31, 31 Dec 2014 or Dec 2014 (then the first), else None.

    >>> day("31/3/2015").isoformat()
    '2015-03-31'
    """
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d %b %Y", "%d %B %Y", "%b %Y", "%B %Y", "%b-%y", "%d-%b-%y", "%Y-%m",
                 "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None


def _title(rows: Sequence[Sequence[object]]) -> str:
    return next((" ".join(str(c).split()) for row in rows for c in row if isinstance(c, str) and c.strip()), "")


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return value.strip()
    return value if isinstance(value, int | float | date) else None if value is None else str(value)
