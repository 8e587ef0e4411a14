"""Which areas does a boundary file describe, how large are they, and which of them touch?

Reads GeoPackage, GeoJSON and shapefiles, mends invalid polygons, measures in metres, and lists the pairs that share a
border on land apart from the pairs a person must look at: a gap of water, a corner, an island.
"""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bailiwick.sources.polygons import NATIONAL_GRID, Columns, ShapeTable, outlines, read_shapes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import shapely

    Shapes = npt.NDArray[np.object_]
    Pairs = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.float64]

__all__ = ["Border", "Boundaries", "BoundaryArea", "Columns", "ShapeTable", "borders", "boundaries_of",
           "outlines", "read_boundaries", "read_shapes"]

_SHORT = 50.0


@dataclass(frozen=True, slots=True)
class BoundaryArea:
    """One area of a boundary file: its point lies inside it (easting, northing in metres), `mended` if repaired."""

    code: str
    name: str
    easting: float
    northing: float
    lon: float
    lat: float
    area_km2: float
    parts: int
    mended: bool


@dataclass(frozen=True, slots=True)
class Border:
    """A pair of areas, code `a` before `b`: `land` with the metres they share, or `review` with the metres between."""

    a: str
    b: str
    kind: Literal["land", "review"]
    land_metres: float
    gap_metres: float
    why: str


@dataclass(frozen=True, slots=True)
class Boundaries:
    """What a boundary file says: areas by code, borders on land, and the pairs that a person must decide.

    `crs` is the grid in metres that easting and northing are in; `columns` the two columns that were read.
    """

    where: str
    sha256: str
    crs: str
    columns: tuple[str, str]
    areas: tuple[BoundaryArea, ...]
    land: tuple[Border, ...]
    review: tuple[Border, ...]
    notes: tuple[str, ...]


def read_boundaries(
    path: Path, *, given: Columns | None = None, tolerance: float = 1.0, within: float = 1_000.0
) -> Boundaries:
    """The areas of a boundary file with their points, sizes and borders.

    `tolerance`: metres by which two borders may lie apart and still be one; `within`: metres of water or open ground
    across which a crossing is worth a look.  CaseError for a file that cannot be used, naming the column or the area.
    """
    return boundaries_of(read_shapes(path, given=given), path, tolerance=tolerance, within=within)


def boundaries_of(table: ShapeTable, path: Path, *, tolerance: float = 1.0, within: float = 1_000.0) -> Boundaries:
    """The areas of a boundary file that has been read already, as `read_boundaries` gives them."""
    land, review = borders(table, tolerance=tolerance, within=within)
    areas = _areas(table)
    mended = [area.code for area in areas if area.mended]
    notes = tuple(note for note in (
        f"{len(mended)} of {len(areas)} polygons crossed themselves and were mended: {', '.join(mended[:8])}"
        + (" ..." if len(mended) > 8 else "") if mended else "",
        f"{len(review)} pairs do not share a border of {_SHORT:.0f} m or more: decide which have a crossing"
        if review else "",
        "" if table.crs == NATIONAL_GRID else f"outside Great Britain: metres of {table.crs}",
    ) if note)
    return Boundaries(table.where, _sha256(path), table.crs, table.columns, areas, land, review, notes)


def borders(table: ShapeTable, *, tolerance: float, within: float) -> tuple[tuple[Border, ...], tuple[Border, ...]]:
    """The pairs that share a border on land, and the pairs to review, each sorted by codes.

    A border counts on land when at least 50 m of it run together within `tolerance`.  To review: pairs that meet in
    less, pairs with nothing but a gap of at most `within` metres between them, and the nearest area of an island.
    """
    import numpy as np
    import shapely

    tree = shapely.STRtree(table.shapes)
    left, right = tree.query(table.shapes, predicate="dwithin", distance=max(within, tolerance))
    pairs = np.array(sorted((int(i), int(j)) for i, j in zip(left, right, strict=True) if i < j),
                     dtype=np.int64).reshape(-1, 2)
    gaps = shapely.distance(table.shapes[pairs[:, 0]], table.shapes[pairs[:, 1]])
    land: list[Border] = []
    review: list[Border] = []
    for (i, j), gap in zip(pairs[gaps <= tolerance], gaps[gaps <= tolerance], strict=True):
        shared = _shared(table.shapes[i], table.shapes[j], tolerance)
        why = "they share a border" if shared >= _SHORT else "they meet in a corner or a very short border"
        (land if shared >= _SHORT else review).append(_border(table, (i, j), shared, float(gap), why))
    apart = pairs[gaps > tolerance]
    for (i, j), gap in _across(table.shapes, tree, apart, gaps[gaps > tolerance]):
        review.append(_border(table, (i, j), 0.0, float(gap), "nothing but a gap between them: water?"))
    listed = {(border.a, border.b) for border in review}
    review += [border for border in _islands(table, land) if (border.a, border.b) not in listed]
    return _sorted(land), _sorted(review)


def _across(shapes: Shapes, tree: shapely.STRtree, pairs: Pairs, gaps: Numbers) -> list[tuple[Pairs, float]]:
    """The pairs whose shortest way meets no third area, a twentieth of its length aside."""
    import numpy as np
    import shapely

    ways = shapely.shortest_line(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    at, met = tree.query(ways, predicate="intersects")
    third = (met != pairs[at, 0]) & (met != pairs[at, 1])
    at, met = at[third], met[third]
    covered = np.bincount(at, shapely.length(shapely.intersection(ways[at], shapes[met])), minlength=len(pairs))
    return [(pairs[k], float(gaps[k])) for k in np.flatnonzero(covered <= 0.05 * shapely.length(ways))]


def _islands(table: ShapeTable, land: list[Border]) -> list[Border]:
    """For every area without a neighbour on land, the nearest other area."""
    import numpy as np
    import shapely

    joined = {code for border in land for code in (border.a, border.b)}
    found: dict[tuple[str, str], Border] = {}
    for i, code in enumerate(table.codes):
        others = np.delete(np.arange(len(table.codes)), i)
        if code in joined or not others.size:
            continue
        gaps = shapely.distance(table.shapes[i], table.shapes[others])
        border = _border(table, (i, int(others[int(np.argmin(gaps))])), 0.0, float(gaps.min()),
                         "no neighbour on land: this is the nearest area")
        found.setdefault((border.a, border.b), border)
    return list(found.values())


def _areas(table: ShapeTable) -> tuple[BoundaryArea, ...]:
    import numpy as np
    import shapely
    from pyproj import Transformer

    centre = shapely.centroid(table.shapes)
    points = np.where(shapely.contains_properly(table.shapes, centre), centre, shapely.point_on_surface(table.shapes))
    x, y = shapely.get_x(points), shapely.get_y(points)
    lon, lat = Transformer.from_crs(table.crs, "EPSG:4326", always_xy=True).transform(x, y)
    size, parts = shapely.area(table.shapes) / 1e6, shapely.get_num_geometries(table.shapes)
    found = [
        BoundaryArea(code, table.names[i], round(float(x[i]), 1), round(float(y[i]), 1), round(float(lon[i]), 6),
                     round(float(lat[i]), 6), round(float(size[i]), 4), int(parts[i]), table.mended[i])
        for i, code in enumerate(table.codes)
    ]
    return tuple(sorted(found, key=lambda area: area.code))


def _shared(one: object, two: object, tolerance: float) -> float:
    """Metres of border in common: exactly where the lines are the same, else what lies within the tolerance."""
    import shapely

    edge, other = shapely.boundary(one), shapely.boundary(two)
    exact = float(shapely.length(shapely.intersection(edge, other)))
    if exact >= _SHORT:
        return exact
    near = shapely.intersection(edge, shapely.buffer(other, tolerance))
    return max(exact, float(shapely.length(near)) - 2 * tolerance)


def _border(table: ShapeTable, pair: tuple[int, int], shared: float, gap: float, why: str) -> Border:
    a, b = sorted(table.codes[k] for k in pair)
    kind: Literal["land", "review"] = "land" if shared >= _SHORT else "review"
    return Border(a, b, kind, round(shared, 1), round(gap, 1), why)


def _sorted(found: list[Border]) -> tuple[Border, ...]:
    return tuple(sorted(found, key=lambda border: (border.a, border.b)))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
