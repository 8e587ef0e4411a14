"""Which crimes were recorded where, in the latest whole year that had been published?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.tables import Row, Table

Counts = NDArray[np.float64]

NO_CRIMES = Unavailable("unknown", "no whole year of recorded crime was published for these areas by this date")
_YEAR = re.compile(r"\d{4}")
_KEPT: list[tuple[Table, date, CrimeYear | None]] = []
_MOST_KEPT = 8


@dataclass(frozen=True, slots=True, eq=False)
class CrimeYear:
    """One calendar year: `types` sorted, and for each area code the crimes of each type, in that order."""

    period: str
    published: date | None
    types: tuple[str, ...]
    by_area: dict[str, Counts]

    def of(self, areas: tuple[str, ...]) -> Counts | None:
        """The crimes of each type in all these areas together; None when one of them has none published."""
        if any(code not in self.by_area for code in areas):
            return None
        total = np.zeros(len(self.types))
        for code in areas:
            total += self.by_area[code]
        return total


def crime_year(case: Case) -> CrimeYear | None:
    """The latest calendar year of the table `crimes` published by the case's date; None without table or rows.

    A type without a row for an area counts as none recorded there.  The reading of a table is kept, because all
    draws of a case share one.
    """
    table = case.tables.get("crimes")
    if table is None:
        return None
    for known, day, year in _KEPT:
        if known is table and day == case.as_of:
            return year
    year = _read(case, table)
    _KEPT.append((table, case.as_of, year))
    del _KEPT[:-_MOST_KEPT]
    return year


def _read(case: Case, table: Table) -> CrimeYear | None:
    rows = [row for row in table if _YEAR.fullmatch(str(row["reference_period"])) and _published(case, row)]
    if not rows:
        return None
    period = max(str(row["reference_period"]) for row in rows)
    rows = [row for row in rows if row["reference_period"] == period]
    types = tuple(sorted({str(row["type"]) for row in rows}))
    place = {name: i for i, name in enumerate(types)}
    by_area: dict[str, Counts] = {}
    for row in rows:
        counts = by_area.setdefault(str(row["area"]), np.zeros(len(types)))
        counts[place[str(row["type"])]] += float(row["count"] or 0)  # type: ignore[arg-type]
    days = [row["published"] for row in rows if isinstance(row["published"], date)]
    return CrimeYear(period, max(days) if days else None, types, by_area)


def _published(case: Case, row: Row) -> bool:
    day = row["published"]
    return isinstance(day, date) and case.published_by(day)
