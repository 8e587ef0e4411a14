"""Which areas does this folder describe?  One TOML and its CSV files become an area system as known on a day."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from importlib.resources.abc import Traversable
from typing import cast

from bailiwick.areas import Area, AreaSystem, Link, Outline, Point
from bailiwick.catalogue.reading import decoded, published_by, read
from bailiwick.errors import CaseError, nearest
from bailiwick.tables import Column, Row, Schema, Table

LARGEST_METRES = 10_000_000  # northings of a UTM zone, for areas outside Great Britain
_PUBLISHED = (
    Column("reference_period", "text", "", "the period the row describes"),
    Column("published", "date", "", "the day it was first published; later than the appraisal's date hides it"),
    Column("vintage", "text", "", "the release the value was taken from"),
)


def _metres(name: str) -> Column:
    return Column(name, "number", "m, EPSG:27700", f"{name} of the point weighted by residents", minimum=0,
                  maximum=LARGEST_METRES)


AREAS = Schema("areas", "The areas of a system", (
    Column("code", "text", "", "code of the area"),
    Column("name", "text", "", "name of the area"),
    Column("force", "text", "", "police force it belongs to"),
    Column("area_km2", "number", "km2", "land area", minimum=0),
    _metres("easting"),
    _metres("northing"),
    *_PUBLISHED,
), ("code",))
FACTS = Schema("area-facts", "Figures of areas, each with its period and the day it was published", (
    Column("area", "area", "", "code of the area"),
    Column("what", "choice", "", "what is counted", choices=("residents", "households", "wards", "councils")),
    Column("value", "integer", "as counted", "the count", minimum=0),
    *_PUBLISHED,
), ("area", "what", "published"))
POINTS = Schema("area-points", "Small places with residents inside the areas", (
    Column("code", "text", "", "code of the place"),
    Column("name", "text", "", "name of the place"),
    Column("area", "area", "", "code of the area it lies in"),
    _metres("easting"),
    _metres("northing"),
    Column("residents", "integer", "people", "usual residents", minimum=0),
    *_PUBLISHED,
), ("code",))
LINKS = Schema("area-links", "Pairs of areas that touch, or whose boundary runs in a river", (
    Column("a", "area", "", "code of the first area"),
    Column("b", "area", "", "code of the second area"),
    Column("kind", "choice", "", "land; crossing (a bridge, tunnel or ferry joins them); none (river, no crossing)",
           choices=("land", "crossing", "none")),
    Column("land_metres", "number", "m", "length of the land boundary, approximate", optional=True, minimum=0),
    Column("reason", "text", "", "why a pair that faces across a river is not joined", optional=True),
    Column("source", "text", "", "where this is from"),
    *_PUBLISHED,
), ("a", "b"))
CROSSINGS = Schema("area-crossings", "Bridges, tunnels and ferries between areas", (
    Column("a", "area", "", "code of the first area"),
    Column("b", "area", "", "code of the second area"),
    Column("name", "text", "", "name of the crossing"),
    Column("mode", "choice", "", "what it is", choices=("bridge", "tunnel", "ferry", "foot bridge", "foot tunnel")),
    Column("opened", "integer", "year", "year it opened", minimum=1000, maximum=2100),
    Column("closed_to_motors", "integer", "year", "year it was shut to motors", optional=True, minimum=1000),
    Column("source", "text", "", "where this is from"),
), ("a", "b", "name"))
SCHEMAS: Mapping[str, Schema] = {
    "areas": AREAS, "facts": FACTS, "points": POINTS, "links": LINKS, "crossings": CROSSINGS,
}
_NEEDED = ("areas", "facts", "points", "links")
_DRAWN = "shapes"
UNDECIDED = "TODO"


def read_system(folder: Traversable, name: str, as_of: date | None = None) -> AreaSystem:
    """The area system of `name`.toml in a folder, as known on `as_of` (None: everything ever published).

    The TOML gives name, title, kind (council | force: whether each area is one council) and, under [files], the CSV
    files beside it, and as `shapes` a JSON file with the outlines to draw with; under [sources] the titles
    that each measure's figures come from.  Of several figures the one published last by that day counts; without one
    it is None.  A pair enters `contiguity` when it touches on land, or when a crossing that stood by that day is named
    for it.  Errors: CaseError naming file, line and column.
    """
    settings = _settings(folder, name)
    files = cast("Mapping[str, str]", settings["files"])
    told = cast("Mapping[str, list[str]]", settings.get("sources", {}))
    areas = _table(folder, files["areas"], AREAS, None, None)
    codes = sorted(str(row["code"]) for row in areas)
    facts = _table(folder, files["facts"], FACTS, as_of, codes)
    points = _table(folder, files["points"], POINTS, as_of, codes)
    links = _table(folder, files["links"], LINKS, None, codes)
    crossings = _table(folder, files["crossings"], CROSSINGS, None, codes) if "crossings" in files else None
    _check_points(points)
    return AreaSystem(
        name=str(settings["name"]), title=str(settings["title"]),
        areas=_areas(areas, facts, points, settings["kind"] == "council"),
        contiguity=_contiguity(links, crossings, as_of),
        outlines=_outlines(folder, files[_DRAWN], codes) if _DRAWN in files else {},
        undecided=_undecided(areas, links),
        sources={measure: tuple(titles) for measure, titles in told.items()},
    )


def _settings(folder: Traversable, name: str) -> Mapping[str, object]:
    where = f"{name}.toml"
    try:
        found = tomllib.loads(decoded(_bytes(folder, where), where))
    except tomllib.TOMLDecodeError as error:
        raise CaseError(where, "", got=str(error), expected="a TOML file") from None
    known = ("name", "title", "kind", "files")
    for key in (*known, *sorted(found)):
        if key not in found:
            raise CaseError(where, key, got="nothing", expected=f"the keys {', '.join(known)}",
                            hint=nearest(key, found))
        if key not in (*known, "sources"):
            raise CaseError(where, key, got=found[key], expected=f"the keys {', '.join(known)}",
                            hint=nearest(key, known))
    if found["kind"] not in ("council", "force"):
        raise CaseError(where, "kind", got=found["kind"], expected="council or force")
    if found["name"] != name:
        raise CaseError(where, "name", got=found["name"], expected=f'"{name}", as the file is called')
    _check_files(where, found["files"])
    _check_sources(where, found.get("sources", {}))
    return found


def _check_sources(where: str, sources: object) -> None:
    if not isinstance(sources, dict):
        raise CaseError(where, "sources", got=sources, expected="a table of measures, each with a list of titles")
    for measure, titles in sources.items():
        if not isinstance(titles, list) or not all(isinstance(title, str) and title for title in titles):
            raise CaseError(where, f"sources.{measure}", got=titles, expected="a list of titles")


def _check_files(where: str, files: object) -> None:
    if not isinstance(files, dict) or not all(isinstance(path, str) for path in files.values()):
        raise CaseError(where, "files", got=files, expected="a table of file names: " + ", ".join(SCHEMAS))
    for key in _NEEDED:
        if key not in files:
            raise CaseError(where, f"files.{key}", got="nothing", expected="the name of a CSV file beside it")
    known = (*SCHEMAS, _DRAWN)
    for key, path in files.items():
        if key not in known:
            raise CaseError(where, f"files.{key}", got=path, expected=", ".join(known), hint=nearest(key, known))
        if "/" in path or "\\" in path or path.startswith("."):
            raise CaseError(where, f"files.{key}", got=path, expected="the name of a file in the same folder")


def _bytes(folder: Traversable, path: str) -> bytes:
    file = folder.joinpath(path)
    if file.is_dir():
        raise CaseError(path, "", got="a folder", expected="a file")
    try:
        return file.read_bytes()
    except OSError as error:
        beside = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        raise CaseError(path, "", got=error.strerror or "no such file", expected="a file that can be read",
                        hint=nearest(path, beside)) from None


def _table(folder: Traversable, path: str, schema: Schema, as_of: date | None, codes: list[str] | None) -> Table:
    table = read(decoded(_bytes(folder, path), path), path, schema, as_of=as_of, areas=codes)
    if not table.rows and not table.hidden and schema is AREAS:
        raise CaseError(path, "rows", got="none", expected="at least one area")
    return table


def _areas(areas: Table, facts: Table, points: Table, council: bool) -> tuple[Area, ...]:
    latest: dict[tuple[str, str], int] = {}
    for row in sorted(facts, key=lambda row: str(row["published"])):
        latest[str(row["area"]), str(row["what"])] = cast("int", row["value"])
    inside: dict[str, list[Point]] = defaultdict(list)
    for row in points:
        inside[str(row["area"])].append(Point(
            str(row["code"]), str(row["name"]), _float(row, "easting"), _float(row, "northing"),
            cast("int", row["residents"])))
    built = []
    for row in sorted(areas, key=lambda row: str(row["code"])):
        code = str(row["code"])
        built.append(Area(
            code=code, name=str(row["name"]), force=str(row["force"]), population=latest.get((code, "residents")),
            households=latest.get((code, "households")), area_km2=_float(row, "area_km2"),
            easting=_float(row, "easting"), northing=_float(row, "northing"),
            points=tuple(sorted(inside[code], key=lambda point: point.code)),
            wards=latest.get((code, "wards")), councils=latest.get((code, "councils"), 1 if council else None),
        ))
    return tuple(built)


def _float(row: Row, name: str) -> float:
    return float(cast("float", row[name]))


def _outlines(folder: Traversable, path: str, codes: list[str]) -> dict[str, Outline]:
    """The polygons of a JSON file {"areas": {code: [[[easting, northing], ...], ...]}}, in metres."""
    try:
        told = json.loads(decoded(_bytes(folder, path), path))
        found = {str(code): tuple(tuple((float(x), float(y)) for x, y in ring) for ring in rings)
                 for code, rings in told["areas"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(path, "areas", got=f"{type(error).__name__}: {error}",
                        expected="JSON: under areas, for each code its polygons as lists of [easting, northing]",
                        hint="leave shapes out of [files] to draw approximate cells instead") from None
    for code in codes:
        if not found.get(code) or any(len(ring) < 3 for ring in found[code]):
            raise CaseError(path, code, got="no polygon", expected="a polygon for every area")
    return {code: found[code] for code in codes}


def _undecided(areas: Table, links: Table) -> tuple[str, ...]:
    names = {str(row["code"]): str(row["name"]) for row in areas}
    return tuple(f"{names[str(row['a'])]} and {names[str(row['b'])]}: {str(row['reason']).removeprefix(UNDECIDED)[2:]}"
                 for row in links if row["kind"] == "none" and str(row["reason"]).startswith(UNDECIDED))


def _check_points(points: Table) -> None:
    people: dict[str, int] = defaultdict(int)
    for row in points:
        people[str(row["area"])] += cast("int", row["residents"])
    for area in sorted(people):
        if people[area] == 0:
            raise CaseError(points.path, f"residents of {area}", got=0, expected="points with residents")


def _contiguity(links: Table, crossings: Table | None, as_of: date | None) -> tuple[Link, ...]:
    standing: dict[tuple[str, str], list[Row]] = defaultdict(list)
    named = set()
    for row in crossings or ():
        pair = str(row["a"]), str(row["b"])
        named.add(pair)
        if as_of is None or cast("int", row["opened"]) <= as_of.year:
            standing[pair].append(row)
    built = []
    for row in links:
        pair = str(row["a"]), str(row["b"])
        _check_link(row, links.path, pair in named)
        named.discard(pair)
        if row["kind"] == "land":
            built.append(Link(*pair, "land", "", str(row["source"]), cast("float | None", row["land_metres"])))
        elif row["kind"] == "crossing" and standing[pair] and published_by(row, as_of):
            over = "; ".join(str(crossing["name"]) for crossing in standing[pair])
            built.append(Link(*pair, "crossing", over, str(standing[pair][0]["source"])))
    if named:
        raise CaseError(crossings.path if crossings else "", "a + b", got=" + ".join(min(named)),
                        expected="a pair that the links file lists as a crossing")
    return tuple(sorted(built, key=lambda link: (link.a, link.b)))


def _check_link(row: Row, where: str, named: bool) -> None:
    pair = f"{row['a']} + {row['b']}"
    if not str(row["a"]) < str(row["b"]):
        raise CaseError(where, "a + b", got=pair, expected="two different codes, the smaller first")
    if row["kind"] == "crossing" and not named:
        raise CaseError(where, pair, got="crossing", expected="a crossing of that pair in the crossings file",
                        hint='name a bridge, tunnel or ferry there, or write "none" and the reason')
    if row["kind"] == "none" and (named or not row["reason"]):
        raise CaseError(where, pair, got="none", expected="a reason, and no crossing named for the pair")
