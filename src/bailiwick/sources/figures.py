"""What does the spreadsheet of a case say?  Each table is known by its columns, in a workbook or in CSV files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from bailiwick.errors import CaseError, nearest
from bailiwick.sources.reading import Cell, sheets
from bailiwick.sources.textfile import MISSING, TextTable, numbers, text_table

WORKBOOKS = (".xlsx", ".xls", ".xlsb", ".ods")
_COUNTS = ("today", "proposed", "redesigned", "needs_merger")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of table: the columns by which it is known, those it may have, and what it tells."""

    name: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    tells: str


FORMS: tuple[Form, ...] = (
    Form("posts", ("rank", "role", "per", "today", "proposed"),
         ("attribution", "proposed_as", "redesigned", "needs_merger", "holder", "why", "source", "url", "published",
          *(f"{part}_{end}" for part in _COUNTS for end in ("low", "high"))), "posts today and as proposed"),
    Form("crimes", ("area", "type", "count"), ("period", "published"), "recorded crimes"),
    Form("points", ("code", "area", "residents"), ("name", "easting", "northing", "lon", "lat", "period", "published"),
         "small places with residents, as wards"),
    Form("sites", ("name", "area", "role"), ("easting", "northing", "lon", "lat", "opens", "closes"),
         "police buildings"),
    Form("crossings", ("a", "b", "name"), ("mode", "opened", "source"), "bridges, tunnels and ferries"),
    Form("areas", ("residents",),
         ("code", "name", "households", "wards", "force", "today", "proposed", "period", "published"), "the areas"),
)
_ALSO = {"population": "residents", "command_today": "today", "command_proposed": "proposed",
         "reference_period": "period"}


@dataclass(frozen=True, slots=True)
class Figures:
    """The tables of a spreadsheet by kind (`FORMS`), and the files they came from."""

    tables: Mapping[str, TextTable] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def rows(self, kind: str) -> list[Mapping[str, str]]:
        """The rows of one kind of table, cell by column name, nothing where there is no such table."""
        table = self.tables.get(kind)
        if table is None:
            return []
        return [dict(zip(table.columns, row, strict=True)) for row in table.rows]

    def where(self, kind: str, row: int) -> str:
        """File, sheet and line of a row, counted from 0, for an error."""
        table = self.tables[kind]
        return f"{table.where}, line {table.lines[row]}"

    def column(self, kind: str, name: str) -> list[float | None]:
        """The numbers of a column, None where a cell is empty or the column is absent; CaseError at what is neither."""
        table = self.tables.get(kind)
        if table is None:
            return []
        if not table.has(name):
            return [None] * len(table.rows)
        found = numbers(table, table.column(table.position(name, option=name)), key=name)
        return [None if value != value else value for value in found]


def read_figures(paths: Sequence[Path]) -> Figures:
    """The tables of these workbooks and CSV files; CaseError for a table of no kind, or two of one kind."""
    found: dict[str, TextTable] = {}
    for path in paths:
        for table in _tables(path):
            kind, named = _kind(table)
            if kind in found:
                raise CaseError(named.where, "", got=f"a second table of {kind}", expected="one table of each kind",
                                hint=f"the other is {found[kind].where}: put the rows under one another")
            found[kind] = named
    return Figures(found, tuple(path.name for path in paths))


def _tables(path: Path) -> list[TextTable]:
    if path.suffix.lower() not in WORKBOOKS:
        return [text_table(path, wanted=sorted({c for form in FORMS for c in (*form.needs, *form.may)}))]
    if not path.is_file():
        near = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CaseError(str(path), "", got="no such file", expected="a workbook or a CSV file",
                        hint=nearest(path.name, near) if near else "")
    told = (_of_sheet(f"{path.name}, sheet {sheet.name}", sheet.rows) for sheet in sheets(path))
    return [table for table in told if table is not None]


def _of_sheet(where: str, rows: Sequence[Sequence[Cell]]) -> TextTable | None:
    """The table of a sheet: its header is the first row with two cells or more; None for notes and headers alone."""
    texts = [[_text(cell) for cell in row] for row in rows]
    head = next((n for n, row in enumerate(texts) if sum(bool(cell) for cell in row) > 1), None)
    if head is None:
        return None
    keep = [i for i, name in enumerate(texts[head]) if name]
    columns = tuple(texts[head][i] for i in keep)
    for name in columns:
        if [c.casefold() for c in columns].count(name.casefold()) > 1:
            raise CaseError(where, "header", got=name, expected="each column name once")
    body = [(n, tuple(row[i] if i < len(row) else "" for i in keep)) for n, row in enumerate(texts) if n > head]
    full = [(n + 1, row) for n, row in body if any(row)]
    if not full:
        return None
    return TextTable(where, columns, tuple(row for _, row in full), tuple(n for n, _ in full))


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _kind(table: TextTable) -> tuple[str, TextTable]:
    plain = ["_".join(name.casefold().split()) for name in table.columns]
    names = [_ALSO.get(name, name) if _ALSO.get(name) not in plain else name for name in plain]
    for form in FORMS:
        if set(form.needs) <= set(names):
            rows = tuple(tuple("" if c.casefold() in MISSING else c for c in row) for row in table.rows)
            return form.name, TextTable(table.where, tuple(names), rows, table.lines)
    wanted = "; ".join(f"{form.name}: {', '.join(form.needs)}" for form in FORMS)
    near = {form.name: [bool(get_close_matches(name, names, 1)) for name in form.needs] for form in FORMS}
    close = max(FORMS, key=lambda form: sum(near[form.name]) / len(form.needs))
    missing = next(name for name in close.needs if name not in names)
    raise CaseError(table.where, "header", got=", ".join(table.columns), expected=f"the columns of a table ({wanted})",
                    hint=f"for {close.tells} add the column {missing} ({nearest(missing, names)})")
