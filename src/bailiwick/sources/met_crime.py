"""How many crimes did the Metropolitan Police record, by borough, ward or small area, by type and month?

The publisher issues each table twice, "(Historical)" and "(most recent 24 months)", with a column a month.  The months
in the header say which is which, never the name of the file.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.errors import nearest
from bailiwick.sources import places
from bailiwick.sources.reading import Tidy, problem, refuse_pages

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("area", "name", "borough", "major", "minor", "month", "count")
JUMP = 5.0
REDEFINED: tuple[tuple[str, str, str], ...] = (
    ("Burglary", "2017-04", "sheds and outbuildings became domestic burglary: use all burglary across this month"),
    ("Historical Fraud and Forgery", "2013-02", "fraud left the series for Action Fraud: leave it out"),
    ("*", "2024-03", "new records system of the force about February to March 2024 (recalled, to be confirmed)"),
)
_MONTH = re.compile(r"(20\d\d)(0[1-9]|1[0-2])")
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "small areas": (("lsoa_code", "lsoa code"), ("lsoa_name", "lsoa name"), ("borough", "lookup_boroughname"),
                    ("major_category", "majortext"), ("minor_category", "minortext")),
    "wards": (("wardcode", "ward code"), ("wardname", "ward name"), ("lookup_boroughname", "boroughname", "borough"),
              ("majortext", "major_category"), ("minortext", "minor_category")),
    "boroughs": ((), (), ("lookup_boroughname", "boroughname", "borough"), ("majortext", "major_category"),
                 ("minortext", "minor_category")),
}
_SOURCE = {"small areas": "met-crime-lsoas", "wards": "met-crime-wards", "boroughs": "met-crime"}


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    path: Path
    level: str
    months: tuple[str, ...]
    wide: pd.DataFrame


def read(paths: Sequence[Path]) -> Tidy:
    """Crimes by area, type and month: columns `COLUMNS`; `area` is a code, `unknown` or `airports`.

    The words of a single part are categories, since a table of small areas has millions of rows.
    Errors: SourceError for a changed header, an unknown borough, a cell that is no count, two parts that overlap with
    other numbers, leave months out between them, or are of different levels.
    """
    parts = sorted((_part(path) for path in paths), key=lambda part: part.months)
    if not parts:
        raise problem("recorded crime", "no file", "one CSV or both parts")
    if len({part.level for part in parts}) != 1:
        raise problem(parts[-1].path, "tables of " + " and ".join(sorted({p.level for p in parts})), "one level")
    _check_seam(parts)
    import pandas as pd

    keys = ["area", "name", "borough", "major", "minor", "month"]
    frame = _tidy(parts[0])
    if len(parts) > 1:
        ends = ("", *(part.months[-1] for part in parts))
        rows = [_tidy(part, after=end) for part, end in zip(parts, ends, strict=False)]
        frame = pd.concat([row.astype(dict.fromkeys(keys, "str")) for row in rows], ignore_index=True)
        frame = frame.sort_values(keys, ignore_index=True)
    return Tidy(_SOURCE[parts[0].level], vintage(paths), frame[list(COLUMNS)], _notes(parts, frame))


def vintage(paths: Sequence[Path]) -> str:
    """The last month in the tables: the vintage of this publisher."""
    return max(_part_months(path)[-1] for path in paths)


def unknown_share(frame: pd.DataFrame) -> dict[str, float]:
    """Percentage of a month's crimes without a known borough, by month."""
    total = frame.groupby("month", observed=True)["count"].sum()
    lost = frame[frame["borough"] == places.UNKNOWN].groupby("month", observed=True)["count"].sum()
    share = (100 * lost.reindex(total.index, fill_value=0) / total.where(total > 0)).fillna(0.0)
    return {str(month): float(value) for month, value in share.items()}


def _header(path: Path) -> list[str]:
    refuse_pages(path)
    if path.suffix.lower() == ".parquet":
        if importlib.util.find_spec("pyarrow") is None:
            raise problem(path, "a Parquet file, and pyarrow is not installed", "the publisher's CSV")
        import pyarrow.parquet as parquet

        return [str(name) for name in parquet.read_schema(path).names]
    with path.open("rb") as stream:
        raw = stream.readline(1_000_000)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise problem(path, "bytes that are not UTF-8", "a CSV in UTF-8") from None
    return [cell.strip().strip('"') for cell in text.rstrip("\r\n").split(",")]


def _part_months(path: Path) -> tuple[str, ...]:
    names = [name for name in _header(path) if _MONTH.fullmatch(name)]
    if not names:
        raise problem(path, "no column named as a month (201804)", "the wide table of recorded crime")
    wanted = [f"{year:04d}{month:02d}" for year in range(2000, 2100) for month in range(1, 13)
              if names[0] <= f"{year:04d}{month:02d}" <= names[-1]]
    if names != wanted:
        raise problem(path, f"months from {names[0]} to {names[-1]} in {len(names)} columns",
                      "every month once, in order")
    return tuple(f"{name[:4]}-{name[4:]}" for name in names)


def _part(path: Path) -> _Part:
    import pandas as pd

    months = _part_months(path)
    try:
        wide = pd.read_parquet(path) if path.suffix.lower() == ".parquet" else pd.read_csv(
            path, encoding="utf-8-sig", keep_default_na=False, low_memory=False)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise problem(path, str(error).splitlines()[0][:80], "the wide table of recorded crime") from None
    wide.columns = [str(name).strip() for name in wide.columns]
    folded = {name.casefold(): name for name in wide.columns}
    level = "small areas" if {"lsoa_code", "lsoa code"} & set(folded) else (
        "wards" if {"wardcode", "ward code"} & set(folded) else "boroughs")
    kept: dict[str, str] = {}
    for name, known in zip(COLUMNS, _KEYS[level], strict=False):
        column = next((folded[k] for k in known if k in folded), None)
        if column is None and known:
            raise problem(path, f"no column {known[0]} ({nearest(known[0], wide.columns)})", "a column " + known[0])
        if column is not None:
            kept[column] = name
    numbers = [month.replace("-", "") for month in months]
    wide = wide[[*kept, *numbers]].rename(columns={**kept, **dict(zip(numbers, months, strict=True))})
    return _Part(path, level, months, _counted(path, wide, months))


def _counted(path: Path, wide: pd.DataFrame, months: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    counts = {}
    for month in months:
        cells = pd.to_numeric(wide[month], errors="coerce")
        bad = cells.isna() | (cells < 0) | (cells % 1 != 0)
        if bad.any():
            row = int(bad.to_numpy().nonzero()[0][0])
            raise problem(path, f"line {row + 2}, month {month}: {str(wide[month].iloc[row])!r}",
                          "a whole number of crimes")
        counts[month] = cells.astype("int64")
    codes = {name: places.borough(str(name)) for name in sorted(set(wide["borough"].astype(str)))}
    lost = [name for name, code in codes.items() if code is None]
    if lost:
        raise problem(path, f"borough {lost[0]!r} ({nearest(lost[0], places.borough_names())})", "a London borough",
                      "a renamed borough belongs in sources/places.py")
    boroughs = wide["borough"].astype(str).map(codes)
    words = {name: wide[name].astype(str).str.strip() for name in ("area", "name", "minor") if name in wide}
    majors = {name: _title(name) for name in sorted(set(wide["major"].astype(str)))}
    return pd.DataFrame({"area": boroughs, "name": "", **words, "borough": boroughs,
                         "major": wide["major"].astype(str).map(majors), **counts})


def _title(text: str) -> str:
    words = text.strip().lower().split()
    return " ".join(word if word in ("and", "the", "of") else word.capitalize() for word in words)


def _tidy(part: _Part, after: str = "") -> pd.DataFrame:
    """A row an area, type and month; of months that the part before holds as well, that part's rows stand."""
    keys = ["area", "name", "borough", "major", "minor"]
    wide = part.wide
    if wide.duplicated(keys).any():
        wide = wide.groupby(keys, sort=False)[list(part.months)].sum().reset_index()
    months = [month for month in part.months if month > after]
    small = wide.astype(dict.fromkeys(keys, "category"))
    return small.melt(keys, months, "month", "count")


def _check_seam(parts: Sequence[_Part]) -> None:
    for early, late in pairwise(parts):
        shared = sorted(set(early.months) & set(late.months))
        if not shared:
            following = f"{int(early.months[-1].replace('-', '')) + (89 if early.months[-1].endswith('12') else 1)}"
            if late.months[0].replace("-", "") != following:
                raise problem(late.path, f"starts {late.months[0]}, the other part ends {early.months[-1]}",
                              "parts that follow on one another", "fetch both parts on the same day")
        for month in shared:
            sums = [int(part.wide[month].sum()) for part in (early, late)]
            if sums[0] != sums[1]:
                raise problem(late.path, f"{sums[1]} crimes in {month}, {sums[0]} in {early.path.name}",
                              "the same numbers in both parts",
                              "these are two vintages: fetch both parts on the same day")


def _notes(parts: Sequence[_Part], frame: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    for place, part in enumerate(parts):
        recent = "recent" in part.path.name.casefold()
        if len(parts) == 2 and recent != (place == 1) and ("histor" in part.path.name.casefold() or recent):
            notes.append(f"{part.path.name} holds {part.months[0]} to {part.months[-1]}: the two files are swapped")
    share = unknown_share(frame)
    usual = sorted(share.values())[len(share) // 2] if share else 0.0
    notes += [f"{month}: {value:.1f}% of crimes have no borough, usually {usual:.1f}%: use totals, or leave it out"
              for month, value in share.items() if value > usual + JUMP]
    first, last = parts[0].months[0], parts[-1].months[-1]
    notes += [f"{major if major != '*' else 'All types'}, {month}: {text}" for major, month, text in REDEFINED
              if first < month <= last]
    if parts[0].level == "wards":
        notes.append("wards of 2022: they do not join ward boundaries from before May 2014; use boroughs")
    if parts[0].level == "small areas":
        notes.append("small areas of 2021: only some codes match those of 2011; use the borough for the rest")
    return tuple(notes)
