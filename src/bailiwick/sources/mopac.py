"""What do residents say about the police, by borough and quarter?  The Public Attitude Survey's dashboard table.

Each value covers the twelve months to the end of its quarter.  The CSV writes decimals with a comma, names boroughs in
several ways and trails empty columns; the workbook holds the same table on a sheet called Borough.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.errors import nearest
from bailiwick.sources import places
from bailiwick.sources.reading import (
    Cell,
    Tidy,
    cells,
    csv_table,
    day,
    header_row,
    only,
    problem,
    sheet_with,
    values,
)

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("area", "measure", "quarter_end", "share", "london")
HEADER = ("Date", "Survey", "Borough", "Measure", "Proportion", "MPS")
ROLLING = "each value covers the twelve months to its quarter: neighbouring quarters share most of their answers"
ROUNDED = "shares are published to two decimals and without sample sizes"


def read(paths: Sequence[Path]) -> Tidy:
    """Shares from 0 to 1 by borough, measure and quarter: columns `COLUMNS`, `london` the force-wide share.

    Errors: SourceError for a changed header, an unknown borough, a date or share that is none, and a borough, measure
    and quarter given twice with other values.
    """
    path = only(paths, (".csv", ".xlsx", ".ods"))
    rows = _from_csv(path) if path.suffix.lower() == ".csv" else _from_workbook(path)
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates()
    keys = ["area", "measure", "quarter_end"]
    twice = frame.duplicated(keys)
    if twice.any():
        row = frame[twice].iloc[0]
        raise problem(path, f"{row['area']}, {row['measure']}, {row['quarter_end']} twice with other values", "once")
    frame = frame.sort_values(keys, ignore_index=True)
    return Tidy("attitudes", str(frame["quarter_end"].max()), frame, (ROLLING, ROUNDED, *_late(frame)))


def vintage(paths: Sequence[Path]) -> str:
    """The last quarter in the table."""
    return read(paths).vintage


def _late(frame: pd.DataFrame) -> tuple[str, ...]:
    first = frame.groupby("measure")["quarter_end"].min()
    start = first.min()
    return tuple(f"{measure} starts with the quarter to {begun}: its first values may cover less than twelve months"
                 for measure, begun in first.items() if begun > start)


def _from_csv(path: Path) -> list[tuple[object, ...]]:
    table = csv_table(path, HEADER)
    shares, london = values(path, table, "Proportion"), values(path, table, "MPS")
    text = zip(*(cells(table, name) for name in ("Date", "Survey", "Borough", "Measure")), strict=True)
    return [_row(path, f"line {line}", (*words, share, whole))
            for line, words, share, whole in zip(table.lines, text, shares, london, strict=True)]


def _from_workbook(path: Path) -> list[tuple[object, ...]]:
    sheet = sheet_with(path, "borough")
    start, at = header_row(path, sheet, HEADER)
    found = []
    for number, row in enumerate(sheet.rows[start + 1:], start + 2):
        told = [row[at[name]] if at[name] < len(row) else "" for name in HEADER]
        if any(cell not in ("", None) for cell in told):
            found.append(_row(path, f"row {number}", tuple(told)))
    if not found:
        raise problem(path, "no rows under the header of sheet " + sheet.name, "one row a borough, measure and quarter")
    return found


def _row(path: Path, where: str, told: Sequence[Cell]) -> tuple[object, ...]:
    when, _, borough, measure, *shares = told
    quarter = when if isinstance(when, date) else day(str(when))
    if quarter is None:
        raise problem(path, f"{where}: date {when!r}", "a date as 31/12/2014")
    area = places.borough(str(borough))
    if area is None or not area.startswith("E09"):
        raise problem(path, f"{where}: borough {borough!r} ({nearest(str(borough), places.borough_names())})",
                      "a London borough", "a renamed borough belongs in sources/places.py")
    share, london = (_share(path, where, cell) for cell in shares)
    return area, " ".join(str(measure).replace('"', "").split()), quarter, share, london


def _share(path: Path, where: str, cell: Cell) -> float | None:
    if cell in ("", None) or cell != cell:
        return None
    try:
        share = float(str(cell).strip().replace(",", "."))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise problem(path, f"{where}: share {cell!r}", "a share from 0 to 1")
    return share
