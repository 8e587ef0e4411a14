"""Is this CSV file what its schema declares, and which of its rows were published by the day of the appraisal?"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Container, Iterable, Sequence
from datetime import date

from bailiwick.errors import CaseError, nearest
from bailiwick.tables import Cell, Column, Row, Schema, Table

LARGEST = 1e15


def decoded(data: bytes, where: str) -> str:
    """The text of a UTF-8 file without a byte-order mark; CaseError otherwise."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise CaseError(where, "first bytes", got="a byte-order mark", expected="plain UTF-8",
                        hint="save the file as UTF-8 without BOM")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaseError(where, f"byte {error.start}", got=f"0x{data[error.start]:02x}", expected="UTF-8 text",
                        hint="save the file as UTF-8") from None


def parse(text: str, where: str, schema: Schema,
          areas: Container[str] | None = None) -> tuple[tuple[Row, ...], tuple[CaseError, ...]]:
    """The typed rows of a CSV text and everything that is wrong with it, in file order.

    With `areas`, every cell of a column of kind area must be one of these codes.  A fault in the header ends the
    reading: nothing behind it could be trusted.
    """
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=False))
    faults = _header_faults(lines, where, schema)
    if faults:
        return (), tuple(faults)
    rows: list[Row] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(schema.columns):
            faults.append(CaseError(where, f"line {number}", got=f"{len(cells)} cells",
                                    expected=f"{len(schema.columns)} cells: {', '.join(schema.names)}"))
            continue
        row, wrong = _row(cells, f"{where}, line {number}", schema, areas)
        faults.extend(wrong)
        rows.append(row)
    faults.extend(_repeated(rows, where, schema))
    return tuple(rows), tuple(faults)


def read(text: str, where: str, schema: Schema, *, as_of: date | None = None,
         areas: Container[str] | None = None) -> Table:
    """The table of a CSV text as known on `as_of`; CaseError for its first fault.

    Rows published later are left out and counted in `hidden`; without a date nothing is hidden.
    """
    rows, faults = parse(text, where, schema, areas)
    if faults:
        raise faults[0]
    known = tuple(row for row in rows if published_by(row, as_of))
    return Table(schema=schema, rows=known, path=where, hidden=len(rows) - len(known))


def published_by(row: Row, day: date | None) -> bool:
    """Whether the row was published by that day; a row without a date never was, unless no day is asked for."""
    if day is None or "published" not in row:
        return True
    published = row["published"]
    return isinstance(published, date) and published <= day


def _header_faults(lines: Sequence[Sequence[str]], where: str, schema: Schema) -> list[CaseError]:
    if not lines or not any(cell.strip() for cell in lines[0]):
        return [CaseError(where, "header", got="an empty file", expected=", ".join(schema.names))]
    header = [cell.strip() for cell in lines[0]]
    if len(header) == 1 and len(schema.columns) > 1:
        marks = [mark for mark in (";", "\t", "|") if mark in header[0]]
        if marks:
            return [CaseError(where, "header", got=header[0], expected="columns separated by commas",
                              hint=f"save the file with commas instead of {marks[0]!r}")]
    faults = [CaseError(where, f"column {name}", got="no such column", expected=", ".join(schema.names),
                        hint=nearest(name, header)) for name in schema.names if name not in header]
    faults += [CaseError(where, f"column {name}", got="a column the schema does not know",
                         expected=", ".join(schema.names), hint=nearest(name, schema.names))
               for name in header if name not in schema.names]
    if not faults and tuple(header) != schema.names:
        faults.append(CaseError(where, "header", got=", ".join(header),
                                expected="each column once and in this order: " + ", ".join(schema.names)))
    return faults


def _row(cells: Iterable[str], where: str, schema: Schema,
         areas: Container[str] | None) -> tuple[dict[str, Cell], list[CaseError]]:
    row: dict[str, Cell] = {}
    faults = []
    for column, text in zip(schema.columns, cells, strict=True):
        try:
            row[column.name] = _cell(text.strip(), where, column, areas)
        except CaseError as fault:
            faults.append(fault)
            row[column.name] = None
    return row, faults


def _cell(text: str, where: str, column: Column, areas: Container[str] | None) -> Cell:
    if not text:
        if column.optional:
            return None
        raise CaseError(where, column.name, got="nothing", expected=column.meaning)
    if column.kind in ("integer", "number"):
        return _number(text, where, column)
    if column.kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise CaseError(where, column.name, got=text, expected="a day as 2018-01-31") from None
    if column.kind == "choice" and text not in column.choices:
        raise CaseError(where, column.name, got=text, expected="one of " + ", ".join(column.choices),
                        hint=nearest(text, column.choices))
    if column.kind == "area" and areas is not None and text not in areas:
        known = [str(a) for a in areas] if isinstance(areas, Iterable) else []
        raise CaseError(where, column.name, got=text, expected="the code of an area", hint=nearest(text, known))
    return text


def _number(text: str, where: str, column: Column) -> float | int:
    what = "a whole number" if column.kind == "integer" else "a number"
    expected = f"{what} ({column.unit})" if column.unit else what
    try:
        value = int(text) if column.kind == "integer" else float(text)
    except ValueError:
        raise CaseError(where, column.name, got=text, expected=expected,
                        hint="no thousands separators, units or words in the cell") from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise CaseError(where, column.name, got=text, expected=f"{expected} no larger than {LARGEST:g}")
    if column.minimum is not None and value < column.minimum:
        raise CaseError(where, column.name, got=text, expected=f"{expected}, at least {column.minimum:g}")
    if column.maximum is not None and value > column.maximum:
        raise CaseError(where, column.name, got=text, expected=f"{expected}, at most {column.maximum:g}")
    return value


def _repeated(rows: Sequence[Row], where: str, schema: Schema) -> list[CaseError]:
    seen = set()
    faults = []
    for row in rows:
        key = tuple(row[name] for name in schema.key)
        if key in seen and None not in key:
            faults.append(CaseError(where, " + ".join(schema.key), got=", ".join(str(part) for part in key),
                                    expected="each combination once"))
        seen.add(key)
    return faults
