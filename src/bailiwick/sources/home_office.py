"""How many officers, staff, community support officers and specials does each force have?  Home Office tables (ODS).

The number of tables changes with every release, so that a table is found by its title, never by its number.  The
releases from 2019 give headcounts in further tables with nearly the same title: only full-time equivalents are read,
but for specials, who are counted by heads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.sources import places
from bailiwick.sources.reading import Cell, Sheet, Tidy, problem, sheets

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("force", "name", "level", "kind", "date", "value", "unit")
KINDS: dict[str, str] = {
    "police officers by police force area": "officers",
    "police staff by police force area": "staff",
    "police community support officers by police force area": "community support officers",
    "designated officers by police force area": "designated officers",
    "special constables by police force area": "specials",
}
_REGIONS = frozenset({"north east", "north west", "yorkshire and the humber", "east midlands", "west midlands",
                      "eastern", "east of england", "london", "south east", "south west", "wales"})
_NUMBER = re.compile(r"^table\s+\w+\s*:?\s*")
_FOOT = re.compile(r"\s*\(s\.[^)]*\)|(?<=[a-z])\d+")


def read(paths: Sequence[Path]) -> Tidy:
    """Strength by force, kind and day from one or several releases: columns `COLUMNS`.

    `level` is force, region, other or total.  Where releases state the same day twice the later one stands and a note
    says how many figures were restated.  Errors: SourceError for a release without the table of officers, or whose
    forces do not add up to its own total.
    """
    import pandas as pd

    frames = [_release(path) for path in paths]
    if not frames:
        raise problem("police workforce", "no file", "an ODS of the Home Office")
    frames.sort(key=lambda frame: frame["date"].max())
    keys = ["force", "name", "level", "kind", "date"]
    whole = pd.concat(frames, ignore_index=True)
    last = whole.drop_duplicates(keys, keep="last")
    spread = whole.groupby(keys, sort=False)["value"].agg(lambda v: v.max() - v.min())
    restated = int((spread > 0.5).sum())
    notes = [f"{restated} figures were restated by a later release, which is used"] if restated else []
    frame = last.sort_values(["kind", "date", "level", "force", "name"], ignore_index=True)
    return Tidy("police-workforce", str(frame["date"].max()), frame[list(COLUMNS)], tuple(notes))


def vintage(paths: Sequence[Path]) -> str:
    """The last day the tables describe."""
    return read(paths).vintage


def _release(path: Path) -> pd.DataFrame:
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for sheet in sheets(path):
        kind = _kind(sheet)
        if kind:
            rows += _table(path, sheet, kind)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if not (frame["kind"] == "officers").any():
        raise problem(path, "no table titled Police officers by police force area", "the Home Office workforce tables")
    _check_sums(path, frame)
    return frame


def _kind(sheet: Sheet) -> str | None:
    title = sheet.title.casefold()
    plain = _FOOT.sub("", _NUMBER.sub("", title))
    kind = next((kind for start, kind in KINDS.items() if plain.startswith(start)), None)
    heads = "headcount" in title or any(str(c).casefold() == "headcount" for row in sheet.rows[:5] for c in row)
    return None if heads and kind != "specials" else kind


def _table(path: Path, sheet: Sheet, kind: str) -> list[tuple[object, ...]]:
    start = next((n for n, row in enumerate(sheet.rows) if sum(isinstance(c, date) for c in row) >= 1), None)
    if start is None:
        raise problem(path, f"sheet {sheet.name} has no row of dates", "columns headed by days")
    days = {i: cell for i, cell in enumerate(sheet.rows[start]) if isinstance(cell, date)}
    unit = "heads" if kind == "specials" else "full-time equivalents"
    found: list[tuple[object, ...]] = []
    seen: dict[str, int] = {}
    for row in sheet.rows[start + 1:]:
        name = re.sub(r"(?<=[a-z])\d+(,\d+)*$", "", str(row[0]).strip())
        numbers = {i: row[i] for i in days if isinstance(row[i], int | float)}
        if not name or not numbers:
            if found and not name:
                break
            continue
        seen[name] = seen.get(name, 0) + 1
        level, code = _level(name, seen[name])
        found += [(code, name, level, kind, days[i], _value(cell), unit) for i, cell in numbers.items()]
    return found


def _value(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else float("nan")


def _level(name: str, time: int) -> tuple[str, str | None]:
    """The level of a row; West Midlands is a region where it comes first and a force where it comes again."""
    plain = places.plain(name)
    if plain.startswith("total") or "england and wales" in plain:
        return "total", None
    if plain in _REGIONS and time == 1:
        return "region", None
    code = places.force(name)
    return ("force", code) if code else ("other", None)


def _check_sums(path: Path, frame: pd.DataFrame) -> None:
    for (kind, when), part in frame.groupby(["kind", "date"]):
        forces = part[part["level"] == "force"]
        if forces["force"].duplicated().any():
            twice = forces[forces["force"].duplicated()].iloc[0]["name"]
            raise problem(path, f"{twice} stands twice in the table of {kind}", "each force once")
        totals = part[(part["level"] == "total") & part["name"].str.contains("43")]
        if len(forces) == 43 and len(totals) and abs(forces["value"].sum() - totals["value"].iloc[0]) > 1:
            raise problem(path, f"{kind} on {when}: forces add up to {forces['value'].sum():.2f}, "
                                f"the table says {totals['value'].iloc[0]:.2f}", "a table that adds up")
