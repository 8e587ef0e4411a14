"""How is the land drawn, once, so that every map of the page is a view of the same shapes?

All coordinates are whole units of one frame 4,000 wide; a map is that frame or a part of it.  Shapes are for drawing
only and never decide who touches whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bailiwick.publish import maps

WIDE = 4000
Corner = tuple[int, int]
Side = tuple[Corner, Corner]


@dataclass(frozen=True, slots=True)
class Land:
    """The shapes of a page in units of its frame.

    `origin`: west, north and scale that lay metres on the frame; `paths`: SVG path of each area; `borders`: pairs of
    codes ("" for outside) with the path of the line between them; `water`: one path; `labels`: where a name goes;
    `boxes`: left, top, right, bottom of each area.
    """

    origin: tuple[float, float, float]
    height: int
    paths: Mapping[str, str]
    borders: tuple[tuple[str, str, str], ...]
    water: str
    labels: Mapping[str, Corner]
    boxes: Mapping[str, tuple[int, int, int, int]]
    approximate: bool
    credit: str

    def at(self, easting: float, northing: float) -> Corner:
        """Where a place in metres lies on the frame."""
        west, north, scale = self.origin
        return round(20 + (easting - west) * scale), round(20 + (north - northing) * scale)

    def view(self, codes: Iterable[str], margin: float = 0.08) -> tuple[int, int, int, int]:
        """The part of the frame that shows these areas: left, top, width, height."""
        boxes = [self.boxes[code] for code in codes if code in self.boxes]
        if not boxes:
            return 0, 0, WIDE, self.height
        left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
        right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
        pad = round(margin * max(right - left, bottom - top))
        return left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad


def land(shapes: maps.Outlines) -> Land:
    """The outlines laid on the frame."""
    corners = [p for polygons in shapes.areas.values() for polygon in polygons for p in polygon]
    west, north = min(p[0] for p in corners), max(p[1] for p in corners)
    scale = (WIDE - 40) / max(max(p[0] for p in corners) - west, 1.0)

    def laid(point: Sequence[float]) -> Corner:
        return round(20 + (point[0] - west) * scale), round(20 + (north - point[1]) * scale)

    rings = {code: [_ring([laid(p) for p in polygon]) for polygon in polygons]
             for code, polygons in sorted(shapes.areas.items())}
    labels = {code: laid(shapes.labels.get(code) or maps.centre(max(polygons, key=len)))
              for code, polygons in shapes.areas.items()}
    height = 20 + max(p[1] for found in rings.values() for ring in found for p in ring)
    return Land((west, north, scale), height, {code: _path(found) for code, found in rings.items()}, _borders(rings),
                _path([[laid(p) for p in polygon] for polygon in shapes.river]), labels,
                {code: _box(found) for code, found in rings.items()}, shapes.approximate, shapes.credit)


def _ring(corners: Sequence[Corner]) -> list[Corner]:
    return [c for i, c in enumerate(corners) if c != corners[i - 1]] or list(corners[:1])


def _path(rings: Iterable[Sequence[Corner]]) -> str:
    """Rings as an SVG path of relative steps.

    >>> _path([[(10, 10), (20, 10), (20, 25)]])
    'M10 10l10 0 0 15z'
    """
    drawn = []
    for ring in rings:
        steps = " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring))
        drawn.append(f"M{ring[0][0]} {ring[0][1]}l{steps}z")
    return "".join(drawn)


def _box(rings: Sequence[Sequence[Corner]]) -> tuple[int, int, int, int]:
    xs, ys = [p[0] for ring in rings for p in ring], [p[1] for ring in rings for p in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _borders(rings: Mapping[str, Sequence[Sequence[Corner]]]) -> tuple[tuple[str, str, str], ...]:
    owners: dict[Side, list[str]] = {}
    for code, found in rings.items():
        for ring in found:
            for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
                owners.setdefault((a, b) if a < b else (b, a), []).append(code)
    pairs: dict[tuple[str, str], list[Side]] = {}
    for side, codes in owners.items():
        sorted_codes = sorted(set(codes))
        if len(sorted_codes) > 1 or len(codes) == 1:
            pairs.setdefault((sorted_codes[0], sorted_codes[1] if len(sorted_codes) > 1 else ""), []).append(side)
    return tuple((a, b, _lines(sides)) for (a, b), sides in sorted(pairs.items()))


def _lines(sides: Sequence[Side]) -> str:
    """Sides chained into as few strokes as can be, as an SVG path.

    >>> _lines([((0, 0), (1, 0)), ((2, 5), (1, 0))])
    'M0 0l1 0 1 5'
    """
    left = list(sides)
    strokes = []
    while left:
        chain = list(left.pop(0))
        grown = True
        while grown:
            grown = False
            for side in left:
                joint = chain[-1] if chain[-1] in side else chain[0] if chain[0] in side else None
                if joint is None:
                    continue
                other = side[1] if side[0] == joint else side[0]
                chain = [*chain, other] if joint == chain[-1] else [other, *chain]
                left.remove(side)
                grown = True
                break
        steps = " ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(chain))
        strokes.append(f"M{chain[0][0]} {chain[0][1]}l{steps}")
    return "".join(strokes)
