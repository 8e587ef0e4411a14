"""How do the built-in files read with the figures that are kept on this computer in their place, and what changes?

A row whose figures are the kept ones stays as it is.  A row that differs takes the kept figures and says of which
vintage they are: it keeps its first day of publication, and is no longer what was visible then.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bailiwick import catalogue
from bailiwick.sources import library
from bailiwick.sources.agreement import PAIRS, RESIDENTS, period_of
from bailiwick.sources.reading import Tidy
from bailiwick.sources.store import Record, Store

_OUTLINE_SHARE = 1_500.0
_MID_YEAR = "mid-"


@dataclass(frozen=True, slots=True)
class Renewed:
    """One built-in file with kept figures in it: its text, the record they come from, and what changes, in words."""

    text: str
    record: Record
    says: str


@dataclass(frozen=True, slots=True)
class Places:
    """The sources that hold an area system's outlines, small places with residents, and residents by year."""

    outlines: str
    points: str = ""
    residents: str = ""


PLACES: Mapping[str, Places] = {
    "london-boroughs": Places("borough-shapes", "small-area-shapes", RESIDENTS.source),
    "gb-forces": Places("force-shapes"),
}


def renewed_table(name: str, store: Store) -> Renewed | None:
    """A table of the catalogue with the kept figures of its source; None where nothing of it is kept."""
    pair = next((pair for start, pair in PAIRS.items() if name.startswith(start)), None)
    tidy = _kept(pair.source, store) if pair else None
    if pair is None or tidy is None:
        return None
    kept = pair.kept(tidy.frame)

    def _figure(row: Mapping[str, str], column: str) -> float | None:
        what = row["type"] if column == "count" and "type" in row else column
        return kept.get((row["area"], period_of(row), what))

    columns = pair.columns or ("count",)
    return _rewritten(f"tables/{name}.csv", columns, _figure, (tidy, store.newest(pair.source), pair.tolerance))


def renewed_system(name: str, store: Store) -> dict[str, Renewed]:
    """The files of an area system that kept sources change, by part: facts, points, shapes."""
    places = PLACES.get(name)
    found: dict[str, Renewed | None] = {}
    if places is not None:
        found = {"facts": _facts(name, places, store), "points": _points(name, places, store),
                 "shapes": _shapes(name, places, store)}
    return {part: renewed for part, renewed in found.items() if renewed is not None}


def _kept(source: str, store: Store) -> Tidy | None:
    return library.load(source, store) if source and store.records(source) else None


def _lines(path: str) -> tuple[list[str], list[dict[str, str]]]:
    shelf, name = path.split("/")
    text = catalogue.folder("areas" if shelf == "areas" else "tables").joinpath(name).read_text(encoding="utf-8")
    reader = csv.DictReader(io.StringIO(text))
    return list(reader.fieldnames or ()), list(reader)


def _rewritten(path: str, columns: Sequence[str], figure: Callable[[Mapping[str, str], str], float | None],
               kept: tuple[Tidy, Record, float]) -> Renewed:
    tidy, record, tolerance = kept
    header, rows = _lines(path)
    changed = 0
    for row in rows:
        told = {column: figure(row, column) for column in columns if row[column]}
        apart = {c: v for c, v in told.items() if v is not None and abs(float(row[c]) - v) > tolerance}
        if apart:
            row.update({column: f"{value:.10g}" for column, value in apart.items()})
            row["vintage"] = f"{tidy.source} {tidy.vintage}, later vintage, not what was visible then"
            changed += 1
    says = f"{path}: {changed} of {len(rows)} rows take other figures from {record.source} {record.vintage}"
    return Renewed(_csv(header, rows), record, says if changed else f"{path}: the same as {record.source} "
                   f"{record.vintage} wherever both have a figure")


def _csv(header: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _facts(name: str, places: Places, store: Store) -> Renewed | None:
    tidy = _kept(places.residents, store)
    if tidy is None:
        return None
    people = RESIDENTS.kept(tidy.frame)

    def _figure(row: Mapping[str, str], column: str) -> float | None:
        if row["what"] != "residents" or not row["reference_period"].startswith(_MID_YEAR):
            return None
        return people.get((row["area"], row["reference_period"].removeprefix(_MID_YEAR), "residents"))

    return _rewritten(f"areas/{name}-facts.csv", ("value",), _figure, (tidy, store.newest(places.residents), 0.0))


def _points(name: str, places: Places, store: Store) -> Renewed | None:
    tidy = _kept(places.points, store)
    if tidy is None or tidy.frame["residents"].isna().any():
        return None
    header, rows = _lines(f"areas/{name}-points.csv")
    record = store.newest(places.points)
    areas = {row["area"] for row in rows}
    columns = (tidy.frame[c].tolist() for c in ("area", "name", "parent", "easting", "northing", "residents"))
    told = [{"code": code, "name": title, "area": parent, "easting": f"{x:.0f}", "northing": f"{y:.0f}",
             "residents": int(people), "reference_period": rows[0]["reference_period"],
             "published": rows[0]["published"], "vintage": f"{record.source} {record.vintage}"}
            for code, title, parent, x, y, people in zip(*columns, strict=True) if parent in areas and people > 0]
    before = sum(int(row["residents"]) for row in rows)
    after = sum(int(str(row["residents"])) for row in told)
    return Renewed(_csv(header, told), record, f"areas/{name}-points.csv: {len(told):,} small areas with {after:,} "
                   f"residents in place of {len(rows):,} wards with {before:,}")


def _shapes(name: str, places: Places, store: Store) -> Renewed | None:
    import numpy as np
    import shapely

    tidy = _kept(places.outlines, store)
    if tidy is None:
        return None
    shapes = shapely.from_wkb(np.array(tidy.frame["shape"].tolist(), dtype=object))
    west, south, east, north = shapely.total_bounds(shapes)
    step = max(east - west, north - south) / _OUTLINE_SHARE
    drawn = {}
    for code, shape in zip(tidy.frame["area"], shapely.coverage_simplify(shapes, step), strict=True):
        parts = sorted(shapely.get_parts(shapely.normalize(shape)), key=lambda part: -part.area)
        drawn[str(code)] = [np.round(shapely.get_coordinates(part.exterior)[:-1]).astype(int).tolist()
                            for part in parts if part is parts[0] or part.area > step**2]
    record = store.newest(places.outlines)
    rows = ",\n".join(f"  {json.dumps(code)}: {json.dumps(rings, separators=(',', ':'))}"
                      for code, rings in sorted(drawn.items()))
    return Renewed(f'{{"areas": {{\n{rows}\n}}}}\n', record,
                   f"areas/{name}-shapes.json: {len(drawn)} official outlines of {record.source} {record.vintage} to "
                   "draw with, in place of the built-in ones")
