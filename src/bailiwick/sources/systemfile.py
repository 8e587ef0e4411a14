"""Which areas do these two tables describe, and which of them touch? Any adjacency CSV and attributes CSV will do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bailiwick.alternatives.network import CROSSING, LAND, Network, network
from bailiwick.errors import CaseError, nearest
from bailiwick.sources.textfile import TextTable, numbers, text_table

CODES = ("code", "gss", "pfa", "id")
WEIGHTS = ("weight", "residents", "population", "pop")
ENDS = (("code_a", "code_b"), ("gss_a", "gss_b"), ("pfa_a", "pfa_b"), ("a", "b"), ("from", "to"))
_NONE = "none"
_KINDS = {
    "": LAND,
    LAND: LAND,
    CROSSING: CROSSING,
    "bridge": CROSSING,
    "tunnel": CROSSING,
    "ferry": CROSSING,
    "foot": CROSSING,
    _NONE: _NONE,
}


@dataclass(frozen=True, slots=True)
class SystemFiles:
    """The files and the columns that are not to be guessed: code, weight, today's command, a proposal's command.

    `outlines` is a GeoJSON file of the areas in degrees, for drawing; it decides nothing.
    """

    adjacency: Path
    attributes: Path
    code: str | None = None
    weight: str | None = None
    today: str | None = None
    proposal: str | None = None
    outlines: Path | None = None


@dataclass(frozen=True, slots=True)
class FoundSystem:
    """The graph over land, the graph with crossings, and what else the attributes say.

    `today` and `proposal` are groupings as codes; `lonlat` degrees by code, in the order of the codes; `proposed`
    single commands that a case proposes; `outlines` GeoJSON geometries in degrees by code, for drawing only.
    """

    land: Network
    crossings: Network
    today: tuple[tuple[str, ...], ...] | None
    proposal: tuple[tuple[str, ...], ...] | None
    lonlat: tuple[tuple[float, float], ...] | None
    proposed: tuple[tuple[str, ...], ...] = ()
    outlines: Mapping[str, Mapping[str, object]] | None = None


def system_from_files(files: SystemFiles, *, name: str | None = None) -> FoundSystem:
    """The system in an adjacency table and an attributes table.

    Attributes: a code and a whole-number weight for each area; optional name, easting and northing, lon and lat,
    area_km2, and columns that name a command for each area. Adjacency: two columns of codes or names, optional kind
    (land, crossing, bridge, tunnel, ferry, foot, none). `CaseError` naming file, line and nearest match for an unknown
    area, a repeated one, a missing weight, an unknown kind, and a pair listed one way in a list that goes both ways.
    """
    attributes = text_table(files.attributes, wanted=(*CODES, *WEIGHTS, "name"))
    codes = _codes(attributes, files.code)
    weights = _weights(attributes, codes, files.weight)
    names = dict(zip(codes, _names(attributes, codes), strict=True))
    links = _links(text_table(files.adjacency, wanted=("kind", *(c for pair in ENDS for c in pair))), names)
    points, lonlat = _pairs(attributes, codes, ("easting", "northing")), _pairs(attributes, codes, ("lon", "lat"))
    sizes = _optional(attributes, "area_km2")
    both = []
    for crossings in (False, True):
        graph = network(
            name or files.adjacency.stem,
            weights,
            links,
            crossings=crossings,
            names=names,
            points=None if points is None else dict(zip(codes, points, strict=True)),
        )
        at = {code: i for i, code in enumerate(codes)}
        both.append(graph if sizes is None else replace(graph, km2=tuple(sizes[at[c]] for c in graph.codes)))
    return FoundSystem(
        both[0],
        both[1],
        _grouping(attributes, codes, files.today),
        _grouping(attributes, codes, files.proposal),
        None if lonlat is None else tuple(p for _, p in sorted(zip(codes, lonlat, strict=True))),
        outlines=None if files.outlines is None else outlines_in(files.outlines, codes),
    )


def outlines_in(path: Path, codes: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """The geometry of each area in a GeoJSON file in degrees, by code; areas that the file does not hold are left out.

    The property that names most of the areas is taken for the code. `CaseError` for a file that is not a
    FeatureCollection, has coordinates that are no degrees, or names none of the areas.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        features = [(dict(f["properties"] or {}), f["geometry"]) for f in told["features"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(str(path), "", got=type(error).__name__, expected="a GeoJSON FeatureCollection") from error
    keys = sorted({key for properties, _ in features for key in properties})
    hits = {key: sum(str(p.get(key)) in set(codes) for p, _ in features) for key in keys}
    best = max(keys, key=lambda key: hits[key], default=None)
    if best is None or not hits[best]:
        raise CaseError(str(path), "properties", got=", ".join(keys) or "none", expected="a property with the codes",
                        hint=f"codes are such as {', '.join(sorted(codes)[:3])}")
    found = {str(p[best]): g for p, g in features if str(p.get(best)) in set(codes) and g}
    for code, geometry in found.items():
        x, y = _first_place(geometry)
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            raise CaseError(str(path), code, got=f"{x:g}, {y:g}", expected="degrees of longitude and latitude (WGS 84)")
    return found


def _first_place(geometry: Mapping[str, object]) -> tuple[float, float]:
    place: object = geometry.get("coordinates")
    while isinstance(place, list) and place and isinstance(place[0], list):
        place = place[0]
    if not isinstance(place, list) or len(place) < 2 or not all(isinstance(v, int | float) for v in place[:2]):
        return float("nan"), float("nan")
    return float(place[0]), float(place[1])


def _codes(table: TextTable, asked: str | None) -> list[str]:
    column = asked or next((c for c in CODES if table.has(c)), table.columns[0])
    cells = table.column(table.position(column, option="--code"))
    seen: dict[str, int] = {}
    for cell, line in zip(cells, table.lines, strict=True):
        if not cell:
            raise CaseError(table.where, f"{column}, line {line}", got="an empty cell", expected="the code of an area")
        if cell in seen:
            raise CaseError(
                table.where,
                f"{column}, line {line}",
                got=f"{cell}, already on line {seen[cell]}",
                expected="each area once",
            )
        seen[cell] = line
    return cells


def _names(table: TextTable, codes: Sequence[str]) -> list[str]:
    if not table.has("name"):
        return list(codes)
    cells = table.column(table.position("name", option="name"))
    return [name or code for name, code in zip(cells, codes, strict=True)]


def _weights(table: TextTable, codes: Sequence[str], asked: str | None) -> dict[str, int | None]:
    column = asked or next((c for c in WEIGHTS if table.has(c)), None)
    if column is None:
        raise CaseError(
            table.where,
            "weight",
            got=", ".join(table.columns),
            expected="a column of " + ", ".join(WEIGHTS),
            hint="name it with --weight COLUMN",
        )
    cells = table.column(table.position(column, option="--weight"))
    found: dict[str, int | None] = {}
    for code, value, cell, line in zip(codes, numbers(table, cells, key=column), cells, table.lines, strict=True):
        if not value >= 0 or value != int(value):
            raise CaseError(
                table.where,
                f"{column}, line {line}",
                got=cell or "an empty cell",
                expected=f"a whole number of 0 or more for {code}",
            )
        found[code] = int(value)
    return found


def _optional(table: TextTable, column: str) -> list[float] | None:
    if not table.has(column):
        return None
    found = numbers(table, table.column(table.position(column, option=column)), key=column)
    return None if any(v != v for v in found) else found


def _pairs(table: TextTable, codes: Sequence[str], columns: tuple[str, str]) -> list[tuple[float, float]] | None:
    first, second = _optional(table, columns[0]), _optional(table, columns[1])
    return None if first is None or second is None else list(zip(first, second, strict=True))


def _grouping(table: TextTable, codes: Sequence[str], column: str | None) -> tuple[tuple[str, ...], ...] | None:
    if column is None:
        return None
    groups: dict[str, list[str]] = {}
    cells = table.column(table.position(column, option="column of commands"))
    for code, cell, line in zip(codes, cells, table.lines, strict=True):
        if not cell:
            raise CaseError(
                table.where, f"{column}, line {line}", got="an empty cell", expected=f"the command of {code}"
            )
        groups.setdefault(cell, []).append(code)
    return tuple(sorted(tuple(sorted(g)) for g in groups.values()))


def _links(table: TextTable, names: dict[str, str]) -> list[tuple[str, str, str]]:
    known = {**{name: code for code, name in names.items()}, **{code: code for code in names}}
    ends = _ends(table, known)
    kinds = table.column(table.position("kind", option="kind")) if table.has("kind") else [""] * len(table.rows)
    directed: dict[tuple[str, str], int] = {}
    links = []
    for row, kind, line in zip(table.rows, kinds, table.lines, strict=True):
        a, b = (_known_area(table.where, row[i], known, line) for i in ends)
        told = _kind(table.where, kind, line)
        directed[a, b] = line
        if told != _NONE:
            links.append((a, b, told))
    _check_both_ways(table.where, directed)
    return links


def _ends(table: TextTable, known: dict[str, str]) -> tuple[int, int]:
    offered = [pair for pair in ENDS if table.has(pair[0]) and table.has(pair[1])]
    places = [(table.position(a, option=a), table.position(b, option=b)) for a, b in offered]
    for place in places:
        if table.rows[0][place[0]] in known:
            return place
    if places:
        return places[0]
    if len(table.columns) < 2:
        raise CaseError(table.where, "header", got=", ".join(table.columns), expected="two columns of areas, as a,b")
    return 0, 1


def _known_area(where: str, cell: str, known: dict[str, str], line: int) -> str:
    if cell not in known:
        raise CaseError(
            where,
            f"line {line}",
            got=cell or "an empty cell",
            expected="an area of the attributes table",
            hint=nearest(cell, known),
        )
    return known[cell]


def _kind(where: str, kind: str, line: int) -> str:
    word = kind.casefold()
    if word == "river":
        raise CaseError(
            where,
            f"kind, line {line}",
            got=kind,
            expected="land, crossing or none",
            hint="a boundary in a river says nothing about a bridge: write crossing where there is one, none elsewhere",
        )
    if word not in _KINDS:
        raise CaseError(
            where, f"kind, line {line}", got=kind, expected="land, crossing or none", hint=nearest(word, _KINDS)
        )
    return _KINDS[word]


def _check_both_ways(where: str, directed: dict[tuple[str, str], int]) -> None:
    """A list in which any pair stands both ways is a list of directions: every pair must then stand both ways."""
    both = sum((b, a) in directed for a, b in directed if a != b)
    if not both:
        return
    for (a, b), line in directed.items():
        if a != b and (b, a) not in directed:
            raise CaseError(
                where,
                f"line {line}",
                got=f"{a} - {b} without {b} - {a}",
                expected="every pair both ways, or each pair once",
            )
