"""How many people live in each council area, and is the figure an estimate or a projection?

Three forms: a table of yearly borough variables that carries mid-year estimates, the Greater London Authority's table
of density (estimates first, projections after), and a CSV from Nomis.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from bailiwick.sources.reading import Tidy, cells, csv_table, only, problem, refuse_pages, values

COLUMNS = ("area", "year", "population", "kind", "source")
_CODE = re.compile(r"^[EWSN]\d{8}$")


def read(paths: Sequence[Path]) -> Tidy:
    """Residents by council and year: columns `COLUMNS`; `kind` is `estimate` or `projection`.

    Errors: SourceError for a form that is none of the three, a population that is no whole number, a council and year
    given twice.
    """
    path = only(paths, (".csv",))
    refuse_pages(path)
    with path.open("rb") as stream:
        head = stream.readline(100_000).decode("utf-8", "replace").casefold()
    if "inland_area" in head:
        source, rows = "projections", _density(path)
    elif "population_size" in head:
        source, rows = "population", _yearly(path)
    else:
        source, rows = "population", _nomis(path)
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values(["area", "year"], ignore_index=True)
    twice = frame[frame.duplicated(["area", "year"])]
    if len(twice):
        raise problem(path, f"{twice['area'].iloc[0]} in {twice['year'].iloc[0]} twice", "each council and year once")
    future = sorted(set(frame.loc[frame["kind"] == "projection", "year"]))
    notes = (f"{future[0]} to {future[-1]} are projections, not estimates: never use them for rates",) if future else ()
    return Tidy(source, str(frame["year"].max()), frame, notes)


def estimates(table: Tidy) -> Tidy:
    """The estimates of a table; SourceError when it holds projections only."""
    kept = table.frame[table.frame["kind"] == "estimate"].reset_index(drop=True)
    if kept.empty:
        raise problem(table.source, "projections only", "mid-year estimates", "fetch population instead of projections")
    return Tidy(table.source, table.vintage, kept, table.notes)


def vintage(paths: Sequence[Path]) -> str:
    """The last year in the table."""
    return read(paths).vintage


def _density(path: Path) -> list[tuple[object, ...]]:
    table = csv_table(path, ("Code", "Year", "Source", "Population"))
    rows: list[tuple[object, ...]] = []
    for code, year, source, people, line in zip(
            cells(table, "Code"), cells(table, "Year"), cells(table, "Source"), values(path, table, "Population"),
            table.lines, strict=True):
        if _CODE.match(code):
            kind = "estimate" if "MYE" in source.upper() or "estimate" in source.casefold() else "projection"
            rows.append((code, _year(path, line, year), _people(path, line, people), kind, source))
    return _some(path, rows)


def _yearly(path: Path) -> list[tuple[object, ...]]:
    table = csv_table(path, ("code", "date", "population_size"))
    rows: list[tuple[object, ...]] = []
    for code, when, people, line in zip(cells(table, "code"), cells(table, "date"),
                                        values(path, table, "population_size"), table.lines, strict=True):
        if code.startswith(("E06", "E07", "E08", "E09")) and not math.isnan(people):
            rows.append((code, _year(path, line, when), _people(path, line, people), "estimate", "mid-year estimates"))
    return _some(path, rows)


def _nomis(path: Path) -> list[tuple[object, ...]]:
    table = csv_table(path, ("DATE", "GEOGRAPHY_CODE", "OBS_VALUE"))
    columns = ("DATE", "GEOGRAPHY_CODE")
    rows: list[tuple[object, ...]] = []
    text = zip(*(cells(table, name) for name in columns), strict=True)
    for (when, code), people, line in zip(text, values(path, table, "OBS_VALUE"), table.lines, strict=True):
        if _CODE.match(code):
            rows.append((code, _year(path, line, when), _people(path, line, people), "estimate", "Nomis"))
    return _some(path, rows)


def _some(path: Path, rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    if not rows:
        raise problem(path, "no row with the code of a council", "codes as E09000032")
    return rows


def _year(path: Path, line: int, text: str) -> int:
    if not re.match(r"^(19|20)\d\d", text):
        raise problem(path, f"line {line}: year {text!r}", "a year as 2017")
    return int(text[:4])


def _people(path: Path, line: int, people: float) -> int:
    if not people >= 0 or people % 1 > 0:
        raise problem(path, f"line {line}: population {people}", "a whole number of residents")
    return int(people)
