"""What does a table file from a stranger say, whatever its encoding, delimiter and way of writing numbers?"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bailiwick.errors import CaseError, nearest

DELIMITERS = (",", ";", "\t", "|")
MOST_LINES_ABOVE = 30
MISSING = frozenset({
    "", "na", "n/a", "nan", "null", "none", "nil", ".", "..", "...", "-", "–", ":", "#n/a", "*", "**", "[c]", "[u]",
    "[w]", "[x]", "[z]", "missing", "not available", "suppressed", "unknown",
})
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$")
_BINARY = {b"PK\x03\x04": "an Excel or zip file", b"\xd0\xcf\x11\xe0": "an old Excel file", b"%PDF": "a PDF"}


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text: column names and rows of cells, with the line of the file each row stood on."""

    where: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def position(self, column: str, *, option: str) -> int:
        """The position of a column by its name, letter case aside; CaseError with the nearest name."""
        if column in self.columns:
            return self.columns.index(column)
        folded = [c.casefold() for c in self.columns]
        if folded.count(column.casefold()) == 1:
            return folded.index(column.casefold())
        raise CaseError(
            self.where, option, got=column, expected="the name of a column", hint=nearest(column, self.columns)
        )

    def has(self, column: str) -> bool:
        """Whether there is a column of that name."""
        return column.casefold() in [c.casefold() for c in self.columns]

    def column(self, position: int) -> list[str]:
        """The cells of one column."""
        return [row[position] for row in self.rows]

    def kept(self, flags: Sequence[bool]) -> TextTable:
        """The rows whose flag is set."""
        pairs = [(r, n) for r, n, keep in zip(self.rows, self.lines, flags, strict=True) if keep]
        return TextTable(self.where, self.columns, tuple(r for r, _ in pairs), tuple(n for _, n in pairs))


def text_table(path: Path, *, wanted: Sequence[str] = ()) -> TextTable:
    """The table in a CSV, TSV or Parquet file; CaseError when there is none to read.

    `wanted`: column names that are expected, which settle the delimiter.
    """
    where = path.name or str(path)
    if not path.exists():
        folder = path.parent
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        raise CaseError(
            str(path),
            "",
            got="no such file",
            expected="a CSV or Parquet file",
            hint=nearest(where, names) if names else "",
        )
    if path.is_dir():
        raise CaseError(str(path), "", got="a folder", expected="a CSV or Parquet file")
    if path.suffix.lower() in (".parquet", ".pq"):
        return _parquet(path)
    return _parsed(where, _decoded(where, _bytes(path)), wanted)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(
            str(path), "", got=error.strerror or "unreadable", expected="a file that can be read"
        ) from error


def _decoded(where: str, raw: bytes) -> str:
    if not raw.strip():
        raise CaseError(where, "", got="an empty file", expected="a header line and rows")
    for start, what in _BINARY.items():
        if raw.startswith(start):
            raise CaseError(where, "", got=what, expected="a text table", hint="save it as CSV first")
    if raw.startswith(b"PAR1"):
        raise CaseError(where, "", got="a Parquet file", expected="a text table", hint="give it the ending .parquet")
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise CaseError(
        where, "", got="bytes that are not text", expected="a text table in UTF-8", hint="save it as CSV (UTF-8)"
    )


def _encodings(raw: bytes) -> tuple[str, ...]:
    """Encodings to try: UTF-16 by its mark or by the empty byte beside every plain letter of the first line."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    head = raw[:64]
    for encoding, odd, even in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if len(head) >= 4 and not any(head[odd::2]) and all(head[even::2]):
            return (encoding,)
    return ("utf-8-sig", "cp1252", "latin-1")


def _parsed(where: str, text: str, wanted: Sequence[str]) -> TextTable:
    folded = {w.casefold() for w in wanted}
    lines = [line for line in text.splitlines() if line.strip()][:MOST_LINES_ABOVE]

    def _score(line: str, delimiter: str) -> tuple[int, int]:
        names = [c.strip().casefold() for c in next(csv.reader([line], delimiter=delimiter), [])]
        return len(folded & set(names)), len(names)

    def _named(line: str) -> int:
        return max(_score(line, delimiter)[0] for delimiter in DELIMITERS)

    head = lines[0]
    if len(folded) > 1 and _named(head) == 0:
        head = max(lines, key=_named)
        head = head if _named(head) > 1 else lines[0]
    above = len(text[: text.index(head)].splitlines())
    delimiter = max(DELIMITERS, key=lambda d: _score(head, d))
    body = io.StringIO(text[text.index(head) :], newline="")
    try:
        records = [
            (number + above, [c.strip() for c in row])
            for number, row in _numbered(csv.reader(body, delimiter=delimiter, strict=True))
            if any(c.strip() for c in row)
        ]
    except csv.Error as error:
        raise CaseError(
            where, "", got=str(error), expected="a table with one record a line and closed quotes"
        ) from error
    return _checked(where, records)


def _numbered(reader: csv.reader) -> list[tuple[int, list[str]]]:  # type: ignore[valid-type]
    return [(reader.line_num, row) for row in reader]  # type: ignore[attr-defined]


def _checked(where: str, records: list[tuple[int, list[str]]]) -> TextTable:
    header, body = records[0][1], records[1:]
    while header and not header[-1] and all(len(row) < len(header) or not row[len(header) - 1] for _, row in body):
        header = header[:-1]
    if not body:
        raise CaseError(where, "", got="a header without rows", expected="at least one row")
    for name in header:
        if name and header.count(name) > 1:
            raise CaseError(where, "header", got=name, expected="each column name once")
    rows, lines = [], []
    for number, row in body:
        if len(row) > len(header) and any(row[len(header) :]):
            raise CaseError(
                where,
                f"line {number}",
                got=f"{len(row)} cells",
                expected=f"{len(header)} cells, as in the header",
                hint="is the delimiter right, and are numbers with a comma quoted?",
            )
        rows.append(tuple((row + [""] * len(header))[: len(header)]))
        lines.append(number)
    return TextTable(where, tuple(header), tuple(rows), tuple(lines))


def _parquet(path: Path) -> TextTable:
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except ImportError as error:
        raise CaseError(
            path.name, "", got="a Parquet file", expected="pyarrow installed, or a CSV", hint="pip install pyarrow"
        ) from error
    except (OSError, ValueError) as error:
        raise CaseError(path.name, "", got=str(error).splitlines()[0], expected="a Parquet file") from error
    if frame.empty:
        raise CaseError(path.name, "", got="no rows", expected="at least one row")
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    cells = [["" if pd.isna(v) else _plain(v) for v in frame[name]] for name in frame.columns]
    rows = tuple(zip(*cells, strict=True))
    return TextTable(path.name, tuple(str(c) for c in frame.columns), rows, tuple(range(1, len(rows) + 1)))


def _plain(value: object) -> str:
    text = str(value)
    return text[:-9] if text.endswith(" 00:00:00") else text


def numbers(table: TextTable, cells: Sequence[str], *, key: str) -> list[float]:
    """The cells as numbers, NaN where empty or marked missing; CaseError at the first that is neither.

    Thousands separators, decimal commas (when the column has some that can be nothing else), a percent or pound sign.
    """
    stripped = [cell.replace("£", "").replace("$", "").replace("\u00a0", "").rstrip("%").strip() for cell in cells]
    decimal_comma = any(_DECIMAL_COMMA.match(c) and not _THOUSANDS.match(c) for c in stripped)
    found = []
    for cell, raw, line in zip(stripped, cells, table.lines, strict=True):
        value = _number(cell, decimal_comma)
        if value is None:
            raise CaseError(
                table.where, f"{key}, line {line}", got=raw, expected="a number, or an empty cell where it is not known"
            )
        if math.isinf(value):
            raise CaseError(table.where, f"{key}, line {line}", got=raw, expected="a finite number")
        found.append(value)
    return found


def _number(cell: str, decimal_comma: bool) -> float | None:
    if cell.casefold() in MISSING:
        return math.nan
    if decimal_comma:
        cell = cell.replace(".", "").replace(",", ".") if "," in cell else cell
    elif _THOUSANDS.match(cell):
        cell = cell.replace(",", "")
    try:
        return float(cell) if "_" not in cell else None
    except ValueError:
        return None
