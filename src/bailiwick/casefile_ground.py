"""Which area system do a boundary file and a spreadsheet make?  The files of the folder areas, and what to decide."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.catalogue.systems import SCHEMAS, UNDECIDED
from bailiwick.errors import CaseError, nearest

if TYPE_CHECKING:
    from pyproj import Transformer

    from bailiwick.sources.boundaries import Border, Boundaries, BoundaryArea
    from bailiwick.sources.figures import Figures
    from bailiwick.sources.polygons import Columns, ShapeTable

UNKNOWN_FORCE = "TODO: the police force"
_OUTLINE_POINTS = 1_500.0
_STRAY_METRES = 2_000.0
Cells = dict[str, object]


@dataclass(frozen=True, slots=True)
class Ground:
    """The area files of a new case by path, what to tell the user, and where each area and place lies in metres."""

    files: Mapping[str, str]
    notes: tuple[str, ...]
    atlas: Atlas


@dataclass(frozen=True, slots=True)
class Atlas:
    """The areas of a boundary file, found by code or name, and their grid in metres."""

    crs: str
    areas: Mapping[str, BoundaryArea]
    shapes: ShapeTable

    def code(self, cell: str, where: str, key: str) -> str:
        """The code of the area that a cell names by code or name; CaseError with the nearest one."""
        if cell in self.areas:
            return cell
        named = {" ".join(a.name.casefold().split()): a.code for a in self.areas.values()}
        found = named.get(" ".join(cell.casefold().split()))
        if found is None:
            raise CaseError(where, key, got=cell or "an empty cell",
                            expected=f"the code or name of an area of {self.shapes.where}",
                            hint=nearest(cell, [*self.areas, *(a.name for a in self.areas.values())]))
        return found

    def place(self, row: Mapping[str, str], where: str, code: str) -> tuple[float, float] | None:
        """Easting and northing of a row in metres, from those columns or from lon and lat; None where both are blank.

        CaseError for a place more than 2 km outside the area that the row names.
        """
        import shapely

        pair = next((p for p in (("easting", "northing"), ("lon", "lat")) if row.get(p[0]) and row.get(p[1])), None)
        if pair is None:
            return None
        x, y = (_number(row[name], where, name) for name in pair)
        if pair[0] == "lon":
            x, y = _transformer(self.crs).transform(x, y)
        away = float(shapely.distance(shapely.Point(x, y), self.shapes.shapes[self.shapes.codes.index(code)]))
        if not away <= _STRAY_METRES:
            raise CaseError(where, " and ".join(pair), got=f"{row[pair[0]]}, {row[pair[1]]}",
                            expected=f"a place in {self.areas[code].name}; this one lies {away / 1000:.0f} km outside",
                            hint=f"metres of {self.crs}, or columns lon and lat in degrees; are the two swapped?")
        return round(float(x), 1), round(float(y), 1)


@lru_cache(maxsize=4)
def _transformer(crs: str) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def ground_of(name: str, path: Path, given: Columns, figures: Figures, day: date) -> Ground:
    """The files of an area system called `name`: points, sizes, borders and outlines from the boundary file.

    Residents, households, wards, forces, resident points and crossings come from the spreadsheet, with the day they
    were published (else `day`).  A pair of areas that nothing but water parts is written as undecided.  Errors:
    CaseError with file, line or area.
    """
    from bailiwick.sources.boundaries import boundaries_of, read_shapes

    shapes = read_shapes(path, given=given)
    found = boundaries_of(shapes, path)
    atlas = Atlas(found.crs, {area.code: area for area in found.areas}, shapes)
    points = _points(atlas, figures, day)
    crossings = _crossings(atlas, figures, found)
    told = {
        "areas": _areas(atlas, figures, points, (found, day)), "facts": _facts(atlas, figures, day),
        "points": points, "links": _links(found, crossings, day), "crossings": crossings,
    }
    files = {f"areas/{name}.toml": _settings(name, found.where, [*told])}
    files |= {f"areas/{name}-{part}.csv": _csv(part, rows) for part, rows in told.items()}
    files[f"areas/{name}-shapes.json"] = _shapes(atlas)
    return Ground(files, (*_notes(found, crossings), *_missing(atlas, told["facts"])), atlas)


def _settings(name: str, where: str, parts: Iterable[str]) -> str:
    lines = "\n".join(f'{part} = "{name}-{part}.csv"' for part in parts)
    return (f'# Areas of {where}.  Shapes serve for drawing only; who touches whom stands in {name}-links.csv.\n'
            f'name = "{name}"\ntitle = {json.dumps(f"The areas of {where}", ensure_ascii=False)}\nkind = "council"\n\n'
            f'[files]\n{lines}\nshapes = "{name}-shapes.json"\n')


def _csv(part: str, rows: Sequence[Cells]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, SCHEMAS[part].names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _dated(row: Mapping[str, str], day: date, vintage: str) -> Cells:
    return {"reference_period": row.get("period") or "as supplied", "published": row.get("published") or
            day.isoformat(), "vintage": vintage}


def _number(cell: str, where: str, key: str) -> float:
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        raise CaseError(where, key, got=cell, expected="a number") from None


def _points(atlas: Atlas, figures: Figures, day: date) -> list[Cells]:
    found = []
    residents = figures.column("points", "residents")
    for n, row in enumerate(figures.rows("points")):
        where = figures.where("points", n)
        code = atlas.code(row["area"], where, "area")
        place = atlas.place(row, where, code)
        if place is None:
            raise CaseError(where, "easting and northing", got="nothing", expected="where the place is",
                            hint="or give lon and lat in degrees")
        found.append({"code": row["code"], "name": row.get("name") or row["code"], "area": code, "easting": place[0],
                      "northing": place[1], "residents": _whole(residents[n], where, "residents"),
                      **_dated(row, day, "as supplied")})
    return found


def _whole(value: float | None, where: str, key: str) -> int:
    if value is None or value < 0 or value != int(value):
        raise CaseError(where, key, got="nothing" if value is None else value, expected="a whole number of 0 or more")
    return int(value)


def area_rows(atlas: Atlas, figures: Figures) -> dict[str, tuple[int, Mapping[str, str]]]:
    """The spreadsheet's row of each area, by code, with its position; CaseError for strangers and repeated areas.

    The column of codes is the one that names most of the areas, by code or by name, whatever it is called.
    """
    rows = figures.rows("areas")
    if not rows:
        return {}
    known = {*atlas.areas, *(" ".join(a.name.casefold().split()) for a in atlas.areas.values())}

    def _hits(column: str) -> int:
        return sum(row[column] in known or " ".join(row[column].casefold().split()) in known for row in rows)

    column = max(rows[0], key=_hits)
    if not _hits(column):
        raise CaseError(figures.where("areas", 0), "code", got=rows[0].get("code") or next(iter(rows[0].values())),
                        expected=f"a column with the codes of {atlas.shapes.where}, as {', '.join([*atlas.areas][:3])}")
    found: dict[str, tuple[int, Mapping[str, str]]] = {}
    for n, row in enumerate(rows):
        code = atlas.code(row[column], figures.where("areas", n), column)
        if code in found:
            raise CaseError(figures.where("areas", n), column, got=f"{row[column]}, already in "
                            f"{figures.where('areas', found[code][0])}", expected="each area once")
        found[code] = n, row
    return found


def _areas(atlas: Atlas, figures: Figures, points: Sequence[Cells], read: tuple[Boundaries, date]) -> list[Cells]:
    boundaries, day = read
    told = area_rows(atlas, figures)
    built = []
    for area in boundaries.areas:
        _, row = told.get(area.code, (0, {}))
        easting, northing = _middle([p for p in points if p["area"] == area.code]) or (area.easting, area.northing)
        built.append({"code": area.code, "name": area.name, "force": row.get("force") or UNKNOWN_FORCE,
                      "area_km2": area.area_km2, "easting": easting, "northing": northing,
                      **_dated({"period": "as in the file"}, day, f"sha256 {boundaries.sha256[:12]}")})
    return built


def _middle(points: Sequence[Cells]) -> tuple[float, float] | None:
    weights = [float(str(p["residents"])) for p in points]
    total = sum(weights)
    if not total:
        return None
    middle = [sum(w * float(str(p[axis])) for w, p in zip(weights, points, strict=True)) / total
              for axis in ("easting", "northing")]
    return round(middle[0], 1), round(middle[1], 1)


def _facts(atlas: Atlas, figures: Figures, day: date) -> list[Cells]:
    columns = {what: figures.column("areas", what) for what in ("residents", "households", "wards")}
    return [
        {"area": code, "what": what, "value": _whole(values[n], figures.where("areas", n), what),
         **_dated(row, day, "as supplied")}
        for code, (n, row) in sorted(area_rows(atlas, figures).items())
        for what, values in columns.items() if values[n] is not None
    ]


def _crossings(atlas: Atlas, figures: Figures, found: Boundaries) -> list[Cells]:
    land = {(border.a, border.b) for border in found.land}
    years = figures.column("crossings", "opened")
    built: list[Cells] = []
    for n, row in enumerate(figures.rows("crossings")):
        if not row["name"]:
            continue
        where = figures.where("crossings", n)
        a, b = sorted(atlas.code(row[key], where, key) for key in ("a", "b"))
        if a == b or (a, b) in land:
            raise CaseError(where, "a and b", got=f"{row['a']} and {row['b']}",
                            expected="two areas that do not share a border on land", hint="take the row out")
        built.append({"a": a, "b": b, "name": row["name"], "mode": row.get("mode") or "bridge",
                      "opened": _whole(years[n], where, "opened"), "source": row.get("source") or "as supplied"})
    return sorted(built, key=lambda cells: (str(cells["a"]), str(cells["b"]), str(cells["name"])))


def _links(found: Boundaries, crossings: Sequence[Cells], day: date) -> list[Cells]:
    always = _dated({"period": "as in the file"}, day, f"sha256 {found.sha256[:12]}")
    joined = {(str(c["a"]), str(c["b"])): c for c in crossings}
    land = [{"a": b.a, "b": b.b, "kind": "land", "land_metres": b.land_metres, "source": found.where, **always}
            for b in found.land]
    over = [{"a": a, "b": b, "kind": "crossing", "source": c["source"], **always} for (a, b), c in joined.items()]
    none = [{"a": b.a, "b": b.b, "kind": "none", "reason": f"{UNDECIDED}: {_why(b)}", "source": found.where, **always}
            for b in found.review if (b.a, b.b) not in joined]
    return sorted([*land, *over, *none], key=lambda cells: (str(cells["a"]), str(cells["b"])))


def _why(border: Border) -> str:
    if border.why.startswith("nothing but"):
        return f"nothing but a gap of {border.gap_metres:.0f} m between them"
    return f"{border.why}, {border.gap_metres:.0f} m away" if border.gap_metres else border.why


def _shapes(atlas: Atlas) -> str:
    """The outlines thinned along shared borders: about one corner for each 1/1,500 of the whole width, for drawing."""
    import numpy as np
    import shapely

    west, south, east, north = shapely.total_bounds(atlas.shapes.shapes)
    width = float(max(east - west, north - south))
    thin = shapely.coverage_simplify(atlas.shapes.shapes, width / _OUTLINE_POINTS)
    digits = 0 if width > 20_000 else 1
    found: dict[str, list[list[list[float]]]] = defaultdict(list)
    for code, shape in zip(atlas.shapes.codes, thin, strict=True):
        parts = sorted(shapely.get_parts(shapely.normalize(shape)), key=lambda part: -part.area)
        for part in parts:
            for ring in (part.exterior, *part.interiors):
                corners = np.round(shapely.get_coordinates(ring)[:-1], digits)
                if len(corners) >= 3 and (part is parts[0] or part.area > (width / _OUTLINE_POINTS) ** 2):
                    found[code].append([[float(x), float(y)] for x, y in corners])
    told = ",\n".join(f"  {json.dumps(code)}: {json.dumps(rings, separators=(',', ':'))}"
                      for code, rings in sorted(found.items()))
    return f'{{"crs": {json.dumps(atlas.crs)}, "areas": {{\n{told}\n}}}}\n'


def _notes(found: Boundaries, crossings: Sequence[Cells]) -> tuple[str, ...]:
    decided = {(c["a"], c["b"]) for c in crossings}
    open_pairs = [border for border in found.review if (border.a, border.b) not in decided]
    names = {area.code: area.name for area in found.areas}
    kept = [note for note in found.notes if not note.endswith("which have a crossing")]
    code, name = found.columns
    read = (f"Read {len(found.areas)} areas from {found.where} (codes from {code}, names from {name}): "
            f"{len(found.land)} pairs share a border on land.")
    asked = [f"  {names[b.a]} and {names[b.b]}: {_why(b)}" for b in open_pairs]
    head = ["To decide, pair by pair: are they joined by land, or by a bridge, tunnel or ferry?"] if asked else []
    return (read, *(f"{note[0].upper()}{note[1:]}." for note in kept), *head, *asked)


def _missing(atlas: Atlas, facts: Sequence[Cells]) -> tuple[str, ...]:
    known = {str(row["area"]) for row in facts if row["what"] == "residents"}
    missing = [area.name for code, area in atlas.areas.items() if code not in known]
    if not missing:
        return ()
    shown = ", ".join(missing[:6]) + (" ..." if len(missing) > 6 else "")
    return (f"Residents are missing for {len(missing)} areas ({shown}): give them in a spreadsheet with --figures.",)
