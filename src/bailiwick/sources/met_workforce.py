"""How many officers, staff and community support officers did the Metropolitan Police have, month by month?

Two tables: Police Force Strength (a CSV, force-wide, no boroughs) and the Workforce data report (a workbook, by Basic
Command Unit).  Their columns have had several names, so that they are found by the words they hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bailiwick.sources.reading import Cell, Tidy, cells, csv_table, day, only, problem, sheets, values

COLUMNS = ("unit", "kind", "date", "value")
WHOLE = "Metropolitan Police"
_KINDS: tuple[tuple[str, str], ...] = (
    (r"pcso|community support", "community support officers"), (r"special", "specials"), (r"officer", "officers"),
    (r"staff", "staff"),
)


def read(paths: Sequence[Path]) -> Tidy:
    """Strength by unit, kind and day: columns `COLUMNS`; the unit of the force-wide table is the whole force."""
    path = only(paths, (".csv", ".xlsx", ".ods"))
    rows = _strength(path) if path.suffix.lower() == ".csv" else _report(path)
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if frame.empty:
        raise problem(path, "no figure", "strength by month")
    twice = frame[frame.duplicated(["unit", "kind", "date"])]
    if len(twice):
        row = twice.iloc[0]
        raise problem(path, f"{row['unit']}, {row['kind']} twice on {row['date']}", "once")
    frame = frame.sort_values(["unit", "kind", "date"], ignore_index=True)
    return Tidy("met-strength", str(frame["date"].max()), frame, ("force-wide: the table has no boroughs",)
                if set(frame["unit"]) == {WHOLE} else ())


def vintage(paths: Sequence[Path]) -> str:
    """The last month in the table."""
    return read(paths).vintage


def _kind(name: str) -> str | None:
    plain = name.casefold()
    return next((kind for pattern, kind in _KINDS if re.search(pattern, plain)), None)


def _strength(path: Path) -> list[tuple[object, ...]]:
    table = csv_table(path, ())
    when = next((c for c in table.columns if re.search(r"\b(date|month|period)\b", c.casefold())), None)
    kinds = {c: kind for c in table.columns if c != when and (kind := _kind(c)) and "total" not in c.casefold()}
    if when is None or "officers" not in kinds.values() or len(set(kinds.values())) < len(kinds):
        raise problem(path, "columns " + ", ".join(table.columns),
                      "a month, and one column each of officers, staff, PCSOs")
    days = [day(text) for text in cells(table, when)]
    bad = next((line for line, found in zip(table.lines, days, strict=True) if found is None), None)
    if bad is not None:
        raise problem(path, f"line {bad}: a month that cannot be read", "a month as Jan 2018 or 31/01/2018")
    return [(WHOLE, kind, when_, value) for column, kind in kinds.items()
            for when_, value in zip(days, values(path, table, column), strict=True) if value == value]


def _report(path: Path) -> list[tuple[object, ...]]:
    """Table 2.1 of the workforce report: a row a unit, a column a kind, the month in the title."""
    found = [sheet for sheet in sheets(path) if re.search(r"\b2\.1\b", f"{sheet.name} {sheet.title}")]
    if len(found) != 1:
        raise problem(path, f"{len(found)} sheets numbered 2.1", "the workforce report with Table 2.1")
    rows = found[0].rows
    month = _month(" ".join(str(cell) for row in rows[:6] for cell in row))
    start, kinds = next(((n, k) for n, row in enumerate(rows) if "officers" in (k := _kinds(row)).values()), (-1, {}))
    if month is None or start < 0:
        raise problem(path, "no month in the title or no column of officers", "Table 2.1 by Basic Command Unit")
    return [(str(row[0]).strip(), kind, month, float(cell)) for row in rows[start + 1:] if str(row[0]).strip()
            for place, kind in kinds.items() if isinstance(cell := row[place], int | float) and cell == cell]


def _kinds(row: Sequence[Cell]) -> dict[int, str]:
    told = {place: _kind(cell) for place, cell in enumerate(row)
            if place and isinstance(cell, str) and len(cell) < 60}
    return {place: kind for place, kind in told.items() if kind}


def _month(text: str) -> date | None:
    match = re.search(r"(\d{1,2} )?([A-Z][a-z]+ 20\d\d)", text)
    return day(f"{match.group(1) or ''}{match.group(2)}") if match else None
