"""Where is this, and whose command is it, before and after?

A map is drawn from outlines that serve for drawing only: the catalogue's, or cells grown from the areas' points where
the catalogue has none.  Commands are told apart by letter, outline and pattern; colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, dist, pi, sin
from statistics import median
from string import ascii_uppercase
from typing import cast

from markupsafe import Markup

from bailiwick import catalogue
from bailiwick.publish.bound import Book
from bailiwick.publish.results import Json

Point = tuple[float, float]
Polygon = Sequence[Sequence[float]]
FILLS = ("#CFE0F2", "#CFECE8", "#F0D5E2", "#FDE0D0")
PATTERNS = ("", "lines", "dots", "cross")
INK, PAPER, WATER = "#12436D", "#F1F3F5", "#A9CCE3"
WIDTH = 640.0


@dataclass(frozen=True, slots=True)
class Outlines:
    """What a map is drawn from: polygons of areas and water in metres; `approximate` where grown from points."""

    areas: Mapping[str, Sequence[Polygon]]
    river: Sequence[Polygon]
    approximate: bool
    credit: str
    labels: Mapping[str, Sequence[float]]


def outlines(book: Book) -> Outlines:
    """The outlines that a case brings, or the catalogue's of its area system, or cells grown from its areas' points."""
    own = cast("Mapping[str, Sequence[Polygon]]", book.case.get("outlines", {}))
    if own and set(book.names) <= set(own):
        return Outlines(own, (), False, str(book.case.get("system_title", "")), {})
    name = str(book.case.get("system", ""))
    if name in catalogue.names("shapes"):
        kept = catalogue.shapes(name)
        held = cast("Mapping[str, Sequence[Polygon]]", kept["areas"])
        if set(book.names) <= set(held):
            return Outlines(held, cast("Sequence[Polygon]", kept.get("river", ())), bool(kept.get("approximate")),
                            str(kept.get("licence", "")),
                            cast("Mapping[str, Sequence[float]]", kept.get("labels", {})))
    sites = {str(a["code"]): (float(cast(float, a["easting"])), float(cast(float, a["northing"])))
             for a in book.areas}
    return Outlines({code: [cell] for code, cell in cells(sites).items()}, (), True, "", {})


def cells(sites: Mapping[str, Point]) -> dict[str, list[Point]]:
    """The part of the land around the points that is nearest to each: a Voronoi cell, by clipping with bisectors.

    The land reaches beyond the outermost points by about the usual distance between neighbours.

    >>> max(round(x) for x, _ in cells({"a": (0.0, 0.0), "b": (10.0, 0.0)})["a"])
    5
    """
    frame, grown = _around(sites), {}
    for code, site in sites.items():
        cell = frame
        for other in sorted(sites.values(), key=lambda p: dist(p, site)):
            if cell and dist(other, site) > 2 * max(dist(p, site) for p in cell):
                break
            if other != site:
                cell = _nearer(cell, site, other)
        grown[code] = cell
    return grown


def _around(sites: Mapping[str, Point]) -> list[Point]:
    """The hull of circles around the points, anticlockwise: as wide as points commonly lie apart."""
    places = sorted(set(sites.values()))
    nearest = [min((dist(p, q) for q in places if q != p), default=1.0) for p in places]
    reach = 0.7 * max(median(nearest), 1.0)
    ring = [(reach * cos(pi * k / 8), reach * sin(pi * k / 8)) for k in range(16)]
    corners = sorted((x + u, y + v) for x, y in places for u, v in ring)

    def half(points: Sequence[Point]) -> list[Point]:
        kept: list[Point] = []
        for p in points:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return half(corners) + half(corners[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def lettered(option: Json) -> dict[str, str]:
    """The letter of the command that each area belongs to, commands in the order of their first area."""
    commands = cast("list[list[str]]", option["commands"])
    return {code: _letter(i) for i, command in enumerate(commands) for code in command}


def locator(book: Book, shapes: Outlines) -> Markup:
    """A small map of all areas with the scope picked out."""
    frame = _Frame.around([p for polygons in shapes.areas.values() for polygon in polygons for p in polygon], 320.0)
    drawn = [
        Markup('<path class="{}" d="{}"/>').format("in" if code in book.scope else "out", frame.path(polygons))
        for code, polygons in sorted(shapes.areas.items())
    ]
    return _svg("locator", frame, [*drawn, _water(frame, shapes)])


def command_map(book: Book, shapes: Outlines, option: Json, *, links: bool = False) -> Markup:
    """The map of one option: the areas in scope filled by command, their neighbours faint, headquarters marked.

    With `links`, each area is a link to its own page, named for those who do not see it.
    """
    mine = [p for code in book.scope for polygon in shapes.areas[code] for p in polygon]
    frame = _Frame.around(mine, WIDTH, 0.07)
    letters = lettered(option)
    name = str(option["name"])
    parts = [_patterns(name)]
    parts += [Markup('<path class="out" d="{}"/>').format(frame.path(polygons))
              for code, polygons in sorted(shapes.areas.items()) if code not in book.scope]
    commands = cast("list[list[str]]", option["commands"])
    for code in book.scope:
        area = _area(name, letters.get(code, ""), frame.path(shapes.areas[code]))
        label = f"{book.names[code]}, command {letters.get(code, '')}: show what changes"
        parts.append(Markup('<a href="#area={}" aria-label="{}">{}</a>').format(code, label, area) if links else area)
    parts += [Markup('<path class="edge" d="{}"/>').format(
        frame.strokes(outline([p for code in command for p in shapes.areas[code]]))) for command in commands]
    parts.append(_water(frame, shapes))
    marks = _headquarters(book, option)
    parts += [_label(book, frame, shapes, (code, letters.get(code, "")), marks) for code in book.scope]
    parts += [_mark(frame.at(place)) for place in marks]
    return _svg("commands", frame, parts, hidden=not links)


def outline(polygons: Iterable[Polygon]) -> tuple[tuple[Point, Point], ...]:
    """The sides that belong to one polygon only: the boundary of several areas taken together, inner sides left out.

    >>> len(outline([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]]))
    4
    """
    seen: dict[tuple[Point, Point], int] = {}
    for polygon in polygons:
        corners = [(float(p[0]), float(p[1])) for p in polygon]
        for a, b in zip(corners, [*corners[1:], *corners[:1]], strict=True):
            if a != b:
                side = (a, b) if a < b else (b, a)
                seen[side] = seen.get(side, 0) + 1
    return tuple(side for side, count in seen.items() if count == 1)


def legend(book: Book, option: Json) -> tuple[Markup, ...]:
    """One line for each command of an option: its letter, its areas, and where it is run from."""
    run_from = cast("list[Json]", option.get("run_from", []))
    lines = []
    place = book.options.index(option)
    for i, command in enumerate(cast("list[list[str]]", option["commands"])):
        base = run_from[i].get("headquarters") if i < len(run_from) else None
        said = Markup("base nearest its residents, chosen by rule") if not base else Markup("run from {}").format(
            book.at(f"/options/{place}/run_from/{i}/headquarters"))
        areas = book.area("+".join(command))
        lines.append(Markup("<strong>Command {}</strong>: {}, {}").format(_letter(i), areas, said))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    top: float
    scale: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Sequence[Sequence[float]], width: float, margin: float = 0.02) -> _Frame:
        """The frame of that width that holds these points, with a margin as a share of its longer side."""
        eastings, northings = [p[0] for p in points], [p[1] for p in points]
        wide, tall = max(eastings) - min(eastings), max(northings) - min(northings)
        pad = margin * max(wide, tall)
        scale = width / (wide + 2 * pad)
        return cls(min(eastings) - pad, max(northings) + pad, scale, width, (tall + 2 * pad) * scale)

    def at(self, point: Sequence[float]) -> Point:
        """Where a place falls in the drawing."""
        return (point[0] - self.left) * self.scale, (self.top - point[1]) * self.scale

    def path(self, polygons: Sequence[Polygon]) -> Markup:
        """The polygons as the data of one SVG path."""
        drawn = []
        for polygon in polygons:
            steps = (f"{x:.1f},{y:.1f}" for x, y in map(self.at, polygon))
            drawn.append(f"M{'L'.join(steps)}Z")
        return Markup("".join(drawn))  # noqa: S704 - letters, digits, commas and points only

    def strokes(self, sides: Iterable[tuple[Point, Point]]) -> Markup:
        """The sides as the data of one SVG path."""
        drawn = []
        for a, b in sides:
            (x, y), (u, v) = self.at(a), self.at(b)
            drawn.append(f"M{x:.1f},{y:.1f}L{u:.1f},{v:.1f}")
        return Markup("".join(drawn))  # noqa: S704 - letters, digits, commas and points only


def _letter(i: int) -> str:
    return ascii_uppercase[i % 26] * (i // 26 + 1)


def _nearer(cell: Sequence[Point], site: Point, other: Point) -> list[Point]:
    middle = ((site[0] + other[0]) / 2, (site[1] + other[1]) / 2)
    across = (other[0] - site[0], other[1] - site[1])

    def beyond(p: Point) -> float:
        return (p[0] - middle[0]) * across[0] + (p[1] - middle[1]) * across[1]

    kept: list[Point] = []
    for p, q in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        a, b = beyond(p), beyond(q)
        if a <= 0:
            kept.append(p)
        if (a < 0) != (b < 0) and a != b:
            t = a / (a - b)
            kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return kept


def _area(option: str, letter: str, path: Markup) -> Markup:
    i = ord(letter[0]) - ord("A") if letter else 0
    pattern = PATTERNS[(i // len(FILLS) + i) % len(PATTERNS)]
    drawn = Markup('<path class="area" fill="{}" d="{}"/>').format(FILLS[i % len(FILLS)], path)
    if pattern:
        drawn += Markup('<path class="hatch" fill="url(#{}-{})" d="{}"/>').format(option, pattern, path)
    return drawn


def _patterns(option: str) -> Markup:
    stroke = Markup('stroke="{}" stroke-opacity="0.28" fill="none"').format(INK)
    ways = {"lines": "M0,9L9,0", "dots": "M4,4h1.5", "cross": "M0,4.5H9M4.5,0V9"}
    made = [Markup('<pattern id="{}-{}" width="9" height="9" patternUnits="userSpaceOnUse"><path d="{}" {}/></pattern>')
            .format(option, name, way, stroke) for name, way in ways.items()]
    return Markup("<defs>{}</defs>").format(Markup("").join(made))


def _water(frame: _Frame, shapes: Outlines) -> Markup:
    return Markup('<path class="water" d="{}"/>').format(frame.path(shapes.river)) if shapes.river else Markup("")


def _label(book: Book, frame: _Frame, shapes: Outlines, area: tuple[str, str], marks: Sequence[Point]) -> Markup:
    code, letter = area
    middle = shapes.labels.get(code) or centre(max(shapes.areas[code], key=lambda polygon: abs(_doubled(polygon))))
    x, y = frame.at(middle)
    half = 5.6 * len(book.names[code])
    x = min(max(x, half + 2), frame.width - half - 2)
    for mark in marks:
        u, v = frame.at(mark)
        if abs(u - x) < half + 20 and -48 < v - y < 34:
            y = v + 46 if y >= v else v - 30
    return Markup('<g class="label"><text class="letter" x="{0:.1f}" y="{1:.1f}">{2}</text>'
                  '<text x="{0:.1f}" y="{3:.1f}">{4}</text></g>').format(x, y - 4, letter, y + 16, book.names[code])


def centre(polygon: Polygon) -> Point:
    """The centroid of a polygon.

    >>> centre([(0, 0), (2, 0), (2, 2), (0, 2)])
    (1.0, 1.0)
    """
    doubled = _doubled(polygon)
    if doubled == 0:
        return polygon[0][0], polygon[0][1]
    x = y = 0.0
    for (a, b), (c, d) in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        cross = a * d - c * b
        x, y = x + (a + c) * cross, y + (b + d) * cross
    return x / (3 * doubled), y / (3 * doubled)


def _doubled(polygon: Polygon) -> float:
    return sum(p[0] * q[1] - q[0] * p[1] for p, q in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True))


def _headquarters(book: Book, option: Json) -> list[Point]:
    sites = {str(s["name"]): s for s in cast("list[Json]", book.case.get("sites", []))}
    named = [sites.get(str(command.get("headquarters"))) for command in cast("list[Json]", option.get("run_from", []))]
    return [(cast(float, site["easting"]), cast(float, site["northing"])) for site in named if site is not None]


def _mark(place: Point) -> Markup:
    x, y = place
    return Markup('<g class="hq"><path d="M{0:.1f},{1:.1f}l9,9l-9,9l-9,-9Z"/>'
                  '<text x="{2:.1f}" y="{3:.1f}">HQ</text></g>').format(x, y - 9, x + 13, y + 6)


def _svg(kind: str, frame: _Frame, parts: Sequence[Markup], *, hidden: bool = True) -> Markup:
    told = Markup('aria-hidden="true" focusable="false"') if hidden else Markup('role="group" aria-label="Map"')
    return Markup('<svg class="map {}" viewBox="0 0 {:.0f} {:.0f}" xmlns="http://www.w3.org/2000/svg" {}>{}</svg>'
                  ).format(kind, frame.width, frame.height, told, Markup("").join(parts))
