"""Which force does a council belong to, and where do the people of a small area live on average?

Two tables of the Office for National Statistics: the lookup from councils to community safety partnerships to police
force areas, and population-weighted centroids.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bailiwick.sources.reading import Tidy, cells, csv_table, only, problem, refuse_pages, values

FORCE_COLUMNS = ("area", "name", "partnership", "force", "force_name")
CENTRE_COLUMNS = ("area", "name", "easting", "northing")


def read(paths: Sequence[Path]) -> Tidy:
    """The lookup (`FORCE_COLUMNS`) or the centroids (`CENTRE_COLUMNS`), by what the header holds."""
    path = only(paths, (".csv",))
    header = _header(path)
    if any(re.fullmatch(r"PFA\d\dCD", name) for name in header):
        return _lookup(path, header)
    if any(re.fullmatch(r"(LSOA|MSOA|OA)\d\dCD", name) for name in header):
        return _centres(path, header)
    raise problem(path, f"a table of {', '.join(header[:6])}", "a lookup to PFAyyCD or centroids by LSOAyyCD")


def vintage(paths: Sequence[Path]) -> str:
    """The edition that the names of the columns carry, as 2016 for PFA16CD."""
    found = [re.fullmatch(r"(PFA|LSOA|MSOA|OA)(\d\d)CD", name) for name in _header(only(paths, (".csv",)))]
    years = [match.group(2) for match in found if match]
    return f"20{years[0]}" if years else "undated"


def _header(path: Path) -> list[str]:
    refuse_pages(path)
    with path.open("rb") as stream:
        first = stream.readline(100_000).decode("utf-8-sig", "replace")
    return [name.strip().strip('"').upper() for name in first.split(",")]


def _lookup(path: Path, header: Sequence[str]) -> Tidy:
    year = next(name[3:5] for name in header if re.fullmatch(r"PFA\d\dCD", name))
    columns = tuple(f"{stem}{year}{end}" for stem, end in
                    (("LAD", "CD"), ("LAD", "NM"), ("CSP", "CD"), ("PFA", "CD"), ("PFA", "NM")))
    table = csv_table(path, columns)
    import pandas as pd

    frame = pd.DataFrame(dict(zip(FORCE_COLUMNS, (cells(table, name) for name in columns), strict=True)))
    frame = frame.drop_duplicates().sort_values("area", ignore_index=True)
    twice = frame[frame["area"].duplicated()]
    if len(twice):
        raise problem(path, f"{twice['area'].iloc[0]} in two forces or partnerships", "each council once")
    bare = frame[(frame["area"] == "") | (frame["force"] == "")]
    if len(bare):
        raise problem(path, f"{bare['name'].iloc[0] or 'a row'} without a code", "codes in every row")
    return Tidy("force-areas", f"20{year}", frame)


def _centres(path: Path, header: Sequence[str]) -> Tidy:
    code = next(name for name in header if re.fullmatch(r"(LSOA|MSOA|OA)\d\dCD", name))
    label = code[:-2] + "NM"
    table = csv_table(path, ("X", "Y", code))
    import pandas as pd

    names = cells(table, label) if table.has(label) else [""] * len(table.rows)
    frame = pd.DataFrame({"area": cells(table, code), "name": names, "easting": values(path, table, "X"),
                          "northing": values(path, table, "Y")}).sort_values("area", ignore_index=True)
    _check_grid(path, frame["easting"].tolist(), frame["northing"].tolist())
    if frame["area"].duplicated().any():
        raise problem(path, "an area stands twice", "each area once")
    return Tidy("centroids", f"20{code[-4:-2]}", frame)


def _check_grid(path: Path, east: Sequence[float], north: Sequence[float]) -> None:
    inside = all(0 <= x <= 700_000 and 0 <= y <= 1_300_000 for x, y in zip(east, north, strict=True))
    if not inside or max(east) < 1_000:
        raise problem(path, f"coordinates up to {max(east):.1f}, {max(north):.1f}", "metres of the National Grid",
                      "download the edition in EPSG:27700, or move the swapped columns X and Y back")
