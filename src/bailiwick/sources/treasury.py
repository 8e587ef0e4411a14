"""What was a pound of one financial year worth in another?  HM Treasury GDP deflators.

Issued each quarter as a workbook or CSV: a row a financial year (2017-18), an index and a yearly change.  Forecasts
move at every Budget, so that one issue is one vintage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from bailiwick.sources.reading import Cell, Tidy, only, problem, refuse_pages, sheets

COLUMNS = ("year", "index", "change")
_YEAR = re.compile(r"^(\d{4})[-/](\d{2})(\d{2})?$")
_BASE = re.compile(r"(\d{4}[-/]\d{2})\s*=\s*100")


def read(paths: Sequence[Path]) -> Tidy:
    """The deflator by financial year: columns `COLUMNS`, `index` with one year at 100, `change` in percent.

    Errors: SourceError for a table of calendar years only, years out of order or left out, an index whose changes are
    not those printed beside it (two columns swapped, or a price index in its place).
    """
    path = only(paths, (".csv", ".xlsx", ".ods"))
    rows, text = _rows(path)
    found = [(year, index, change) for row in rows if (year := _year(row)) and (told := _numbers(row))
             for index, change in [told]]
    if not found:
        raise problem(path, "no row of a financial year", "years as 2017-18 with an index and a change")
    _check(path, found)
    import pandas as pd

    frame = pd.DataFrame(found, columns=list(COLUMNS))
    if not re.search(r"deflator", text, re.IGNORECASE):
        raise problem(path, "a table that does not call itself GDP deflator", "HM Treasury's GDP deflators",
                      "consumer prices are another series: choose the file of GDP deflators at market prices")
    return Tidy("deflators", vintage(paths), frame, ("years after the issue are forecasts of that day",))


def vintage(paths: Sequence[Path]) -> str:
    """The month of issue in the name of the file, else the last year in the table."""
    path = only(paths, (".csv", ".xlsx", ".ods"))
    match = re.search(r"(January|February|March|April|May|June|July|August|September|October|November|December)_"
                      r"(20\d\d)", path.name)
    if match:
        months = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")
        return f"{match.group(2)}-{months.index(match.group(1)) + 1:02d}"
    years = [year for row in _rows(path)[0] if (year := _year(row))]
    return max(years) if years else "undated"


def _rows(path: Path) -> tuple[list[tuple[Cell, ...]], str]:
    if path.suffix.lower() == ".csv":
        import csv

        refuse_pages(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise problem(path, "bytes that are not UTF-8", "a CSV in UTF-8") from None
        rows: list[tuple[Cell, ...]] = [tuple(_typed(cell) for cell in row) for row in csv.reader(text.splitlines())]
        return rows, text
    found = [row for sheet in sheets(path) for row in sheet.rows]
    return found, " ".join(str(cell) for row in found[:12] for cell in row)


def _typed(cell: str) -> Cell:
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return cell.strip()


def _year(row: Sequence[Cell]) -> str | None:
    match = next((m for cell in row[:2] if isinstance(cell, str) and (m := _YEAR.match(cell.strip()))), None)
    return f"{match.group(1)}-{match.group(3) or match.group(2)}" if match else None


def _numbers(row: Sequence[Cell]) -> tuple[float, float | None] | None:
    told = [float(cell) for cell in row if isinstance(cell, int | float) and cell == cell]
    return (told[0], told[1] if len(told) > 1 else None) if told else None


def _check(path: Path, found: Sequence[tuple[str, float, float | None]]) -> None:
    for (before, base, _), (year, index, change) in pairwise(found):
        if int(year[:4]) != int(before[:4]) + 1:
            raise problem(path, f"{year} after {before}", "every financial year once, in order")
        if base <= 0 or index <= 0:
            raise problem(path, f"index {min(base, index)} in {year}", "an index above 0")
        if change is not None and abs(100 * (index / base - 1) - change) > 0.15:
            raise problem(path, f"{year}: the index rises by {100 * (index / base - 1):.2f}%, printed {change:.2f}%",
                          "an index and its own change", "are the two columns, or two files, swapped?")
        if abs(index / base - 1) > 0.3:
            raise problem(path, f"{year}: a change of {100 * (index / base - 1):.0f}%", "a plausible deflator")
