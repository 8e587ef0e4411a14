"""Which area is in which command, in a form that spreadsheets and map programs read?"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence

from bailiwick.alternatives.network import Network

Grouping = Sequence[Sequence[str]]
Geometry = Mapping[str, object]


def command_numbers(graph: Network, grouping: Grouping) -> tuple[int, ...]:
    """The number of each area's command; commands are numbered from 1 in the order of their first area."""
    ordered = sorted(tuple(sorted(command)) for command in grouping)
    of = {code: n for n, command in enumerate(ordered, start=1) for code in command}
    return tuple(of[code] for code in graph.codes)


def assignments_csv(graph: Network, maps: Mapping[str, Grouping]) -> str:
    """One line an area: code, name, weight, and the number of its command in each map."""
    numbered = {title: command_numbers(graph, grouping) for title, grouping in maps.items()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name", "weight", *numbered])
    for i, code in enumerate(graph.codes):
        writer.writerow([code, graph.names[i], graph.weights[i], *(n[i] for n in numbered.values())])
    return text.getvalue()


def assignments_geojson(
    graph: Network,
    maps: Mapping[str, Grouping],
    lonlat: Sequence[tuple[float, float]] | None = None,
    outlines: Mapping[str, Geometry] | None = None,
) -> dict[str, object]:
    """One feature an area with its command in each map: its outline where one is known, else a point, else no geometry.

    Points come from `lonlat` (degrees, WGS 84, in the order of the codes) or else from eastings and northings of the
    British National Grid. `outlines` are GeoJSON geometries in degrees by code. RFC 7946.
    """
    numbered = {title: command_numbers(graph, grouping) for title, grouping in maps.items()}
    if lonlat is None and graph.points is not None:
        lonlat = [degrees(easting, northing) for easting, northing in graph.points]
    features = []
    for i, code in enumerate(graph.codes):
        place: Geometry | None = (outlines or {}).get(code)
        if place is None and lonlat is not None:
            place = {"type": "Point", "coordinates": [round(v, 5) for v in lonlat[i]]}
        properties = {"code": code, "name": graph.names[i], "weight": graph.weights[i]}
        features.append(
            {"type": "Feature", "geometry": place, "properties": properties | {t: n[i] for t, n in numbered.items()}}
        )
    return {"type": "FeatureCollection", "features": features}


def outline(polygons: Sequence[Sequence[Sequence[float]]]) -> Geometry:
    """The GeoJSON geometry of open rings on the British National Grid: closed, anticlockwise, in degrees."""
    rings = []
    for polygon in polygons:
        ring = [[round(v, 5) for v in degrees(easting, northing)] for easting, northing in polygon]
        if _turns_right(ring):
            ring.reverse()
        rings.append([[*ring, ring[0]]])
    return {"type": "Polygon", "coordinates": rings[0]} if len(rings) == 1 else {
        "type": "MultiPolygon", "coordinates": rings}  # fmt: skip


def _turns_right(ring: Sequence[Sequence[float]]) -> bool:
    """Whether an open ring runs clockwise, by the sign of its area (the shoelace formula)."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) < 0


def degrees(easting: float, northing: float) -> tuple[float, float]:
    """Longitude and latitude (WGS 84) of a place on the British National Grid, to about five metres.

    Inverse transverse Mercator on the Airy 1830 ellipsoid, then the seven-parameter shift of Ordnance Survey, "A guide
    to coordinate systems in Great Britain", sections 6.6 and C.

    >>> lon, lat = degrees(651409.903, 313177.270)
    >>> round(lon, 3), round(lat, 3)
    (1.716, 52.658)
    """
    a, b, f0, lat0, lon0, e0, n0 = 6377563.396, 6356256.909, 0.9996012717, math.radians(49), math.radians(-2), 4e5, -1e5
    e2, n = 1 - (b / a) ** 2, (a - b) / (a + b)
    lat, rest = lat0, northing - n0
    while abs(rest) > 1e-5:
        lat += rest / (a * f0)
        rest = northing - n0 - _meridian_arc(b * f0, n, lat, lat0)
    sine, cosine, tangent = math.sin(lat), math.cos(lat), math.tan(lat)
    nu = a * f0 / math.sqrt(1 - e2 * sine**2)
    rho = a * f0 * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    eta2, t2, d = nu / rho - 1, tangent**2, (easting - e0) / nu
    north = lat - tangent * nu / rho * (d**2 / 2 - d**4 / 24 * (5 + 3 * t2 + eta2 - 9 * t2 * eta2))
    north -= tangent * nu / rho * d**6 / 720 * (61 + 90 * t2 + 45 * t2**2)
    east = lon0 + (d - d**3 / 6 * (nu / rho + 2 * t2) + d**5 / 120 * (5 + 28 * t2 + 24 * t2**2)) / cosine
    return _shifted(north, east)


def _meridian_arc(bf: float, n: float, lat: float, lat0: float) -> float:
    down, up = lat - lat0, lat + lat0
    return bf * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * down
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(down) * math.cos(up)
        + (15 / 8 * (n**2 + n**3)) * math.sin(2 * down) * math.cos(2 * up)
        - 35 / 24 * n**3 * math.sin(3 * down) * math.cos(3 * up)
    )


def _shifted(lat: float, lon: float) -> tuple[float, float]:
    a, b = 6377563.396, 6356256.909
    e2 = 1 - (b / a) ** 2
    nu = a / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    x, y, z = nu * math.cos(lat) * math.cos(lon), nu * math.cos(lat) * math.sin(lon), (1 - e2) * nu * math.sin(lat)
    scale = 1 - 20.4894e-6
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
    x, y, z = (
        446.448 + scale * x - rz * y + ry * z,
        -125.157 + rz * x + scale * y - rx * z,
        542.060 - ry * x + rx * y + scale * z,
    )
    a, b = 6378137.0, 6356752.3141
    e2, flat = 1 - (b / a) ** 2, math.hypot(x, y)
    north = math.atan2(z, flat * (1 - e2))
    for _ in range(10):
        nu = a / math.sqrt(1 - e2 * math.sin(north) ** 2)
        north = math.atan2(z + e2 * nu * math.sin(north), flat)
    return math.degrees(math.atan2(y, x)), math.degrees(north)
