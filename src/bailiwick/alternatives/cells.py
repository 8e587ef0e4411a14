"""Which wards touch, when only their middles are known? Cells grown from points: an approximation, and called so.

Each point gets the ground that is nearer to it than to any other; two points touch where their cells do (Voronoi cells,
found as the edges of the Delaunay triangulation).  Points of different areas touch only if the areas do, so that a
river without a bridge stays a border.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.spatial import Delaunay

from bailiwick.alternatives.network import Network, network
from bailiwick.areas import AreaSystem, Point
from bailiwick.errors import CaseError

APPROXIMATE = "borders are approximate: cells grown from the points, joined across areas only where the areas touch"


def cells_of(system: AreaSystem, codes: Sequence[str], *, crossings: bool = False) -> Network:
    """The points of these areas as a graph, weighted by residents; with `crossings` also over bridges and ferries.

    `CaseError` for fewer than three points and for two at one place. The kind of a border between points of two areas
    is that of the areas' border, land inside an area.
    """
    placed = [(point, code) for code in sorted(codes) for point in system.area(code).points]
    if len(placed) < 3:
        raise CaseError(f"system {system.name}", "points", got=f"{len(placed)} points", expected="three or more")
    at = np.array([(point.easting, point.northing) for point, _ in placed])
    if len(np.unique(at, axis=0)) < len(at):
        raise CaseError(f"system {system.name}", "points", got="two at one place", expected="one at each place")
    kinds = {frozenset((link.a, link.b)): link.kind for link in sorted(
        system.contiguity, key=lambda link: link.kind == "land") if crossings or link.kind == "land"}
    touching = sorted({tuple(sorted(pair)) for cell in Delaunay(at).simplices.tolist()
                       for pair in combinations(cell, 2)})
    links = []
    for i, j in touching:
        (a, home), (b, away) = placed[i], placed[j]
        kind = "land" if home == away else kinds.get(frozenset((home, away)))
        if kind is not None:
            links.append((a.code, b.code, kind))
    points = [point for point, _ in placed]
    return network(f"{system.name}-points", {p.code: p.residents for p in points}, links, crossings=crossings,
                   names=_names(placed, system), points={p.code: (p.easting, p.northing) for p in points})


def _names(placed: Sequence[tuple[Point, str]], system: AreaSystem) -> dict[str, str]:
    """Each point's name, with its area's where two points share one."""
    shared = [point.name for point, _ in placed]
    return {point.code: f"{point.name} ({system.area(code).name})" if shared.count(point.name) > 1 else point.name
            for point, code in placed}
