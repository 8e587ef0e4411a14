"""How many minutes is it by road from these bases to those places, at this hour?  OpenStreetMap roads.

Needs the extra `roads` (osmium).  A road without a tagged limit gets the legal one: 70 mph on motorways, 30 mph where
there are street lamps (Highway Code, rule 124).  At those speeds a matrix is free flow at the limit: a lower bound of
driving time for anybody who keeps to it, no estimate of police driving.  Slower hours, and what a siren gains, are the
caller's assumption (`Speeds`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bailiwick.errors import CaseError, MethodError
from bailiwick.sources.reading import Tidy, only, problem, refuse_pages

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from scipy.sparse import csr_array

    Numbers = npt.NDArray[np.float64]

COLUMNS = ("start", "end", "metres", "class", "mph")
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street",
           "service")
LIMITS: Mapping[str, float] = MappingProxyType({**dict.fromkeys(CLASSES, 30.0), "motorway": 70.0})
_METRES_A_MINUTE = 1609.344 / 60
_PRIVATE = frozenset({"no", "private"})
_LINK = re.compile(r"_link$")


@dataclass(frozen=True, slots=True)
class Speeds:
    """What traffic makes of a limit: a factor by road class and one by hour of the day (0 to 23); 1 is the limit."""

    by_class: Mapping[str, float] = field(default_factory=dict)
    by_hour: tuple[float, ...] = (1.0,) * 24

    def __post_init__(self) -> None:
        if len(self.by_hour) != 24 or min(*self.by_hour, *self.by_class.values(), 1.0) <= 0:
            raise CaseError("speeds", "by_hour", got=self.by_hour, expected="24 factors above 0")
        unknown = sorted(set(self.by_class) - set(CLASSES))
        if unknown:
            raise CaseError("speeds", "by_class", got=unknown[0], expected="one of " + ", ".join(CLASSES))


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """A road network: `points` [nodes, 2] easting and northing in metres; one entry a direction in the other arrays."""

    points: Numbers
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    metres: Numbers
    classes: npt.NDArray[np.int64]
    mph: Numbers


def read(paths: Sequence[Path]) -> Tidy:
    """The drivable roads of an extract, one row a direction: columns `COLUMNS`; nodes by number."""
    import numpy as np
    import pandas as pd

    roads = network(only(paths, (".pbf",)))
    frame = pd.DataFrame({"start": roads.starts, "end": roads.ends, "metres": roads.metres,
                          "class": np.array(CLASSES)[roads.classes], "mph": roads.mph})
    return Tidy("roads", vintage(paths), frame, (f"{len(roads.points)} junctions in one connected network",))


def vintage(paths: Sequence[Path]) -> str:
    """The day of the data that the extract tells, else `undated`."""
    path = only(paths, (".pbf",))
    osmium = _osmium(path)
    try:
        told = osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING).header().get(
            "osmosis_replication_timestamp")
    except RuntimeError as error:
        raise _damaged(path, error) from None
    return str(told)[:10] if told else "undated"


def network(path: Path) -> Roads:
    """The drivable roads of an .osm.pbf between junctions, those that lead nowhere and come from nowhere left out."""
    refuse_pages(path)
    ways, places = _ways(path)
    if not ways:
        raise problem(path, "no drivable road", "an OpenStreetMap extract with roads")
    uses: dict[int, int] = {}
    for nodes, *_ in ways:
        for place, node in enumerate(nodes):
            uses[node] = uses.get(node, 0) + (2 if place in (0, len(nodes) - 1) else 1)
    return _connected(_pieces(ways, {node for node, count in uses.items() if count > 1}, _metres(places)))


def minutes(
    roads: Roads, origins: Numbers, destinations: Numbers, *, hour: int, speeds: Speeds | None = None,
    within: float = 1_000.0,
) -> Numbers:
    """Driving minutes [origins, destinations] by the quickest way (Dijkstra 1959) at an hour of the day.

    Points are eastings and northings in metres; each is joined to its nearest junction by a straight line at 30 mph.
    NaN where there is no way.  Errors: MethodError when a point lies further than `within` metres from any junction.
    """
    import numpy as np
    from scipy.sparse.csgraph import dijkstra
    from scipy.spatial import cKDTree

    tree = cKDTree(roads.points)
    (near_from, from_nodes), (near_to, to_nodes) = tree.query(origins), tree.query(destinations)
    far = max(float(np.max(near_from, initial=0)), float(np.max(near_to, initial=0)))
    if far > within:
        raise MethodError(f"a point lies {far:.0f} m from the nearest road, more than {within:.0f} m: "
                          "does the extract cover the area, and are the points in EPSG:27700?")
    unique, place = np.unique(from_nodes, return_inverse=True)
    found = dijkstra(_graph(roads, hour, speeds or Speeds()), directed=True, indices=unique)[place][:, to_nodes]
    walk = (near_from[:, None] + near_to[None, :]) / (30 * _METRES_A_MINUTE)
    return np.where(np.isfinite(found), found + walk, np.nan)


def _graph(roads: Roads, hour: int, speeds: Speeds) -> csr_array:
    import numpy as np
    from scipy.sparse import csr_array

    factor = np.array([speeds.by_class.get(name, 1.0) for name in CLASSES])[roads.classes] * speeds.by_hour[hour]
    took = roads.metres / (roads.mph * factor * _METRES_A_MINUTE)
    order = np.lexsort((took, roads.ends, roads.starts))
    starts, ends, took = roads.starts[order], roads.ends[order], took[order]
    first = np.ones(len(starts), dtype=bool)
    first[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
    size = len(roads.points)
    return csr_array((np.maximum(took[first], 1e-9), (starts[first], ends[first])), shape=(size, size))


_Way = tuple[list[int], int, float, int]


def _ways(path: Path) -> tuple[list[_Way], dict[int, tuple[float, float]]]:
    """Drivable ways (nodes, class, mph, direction) and the degrees of their nodes."""
    osmium = _osmium(path)
    ways: list[_Way] = []
    places: dict[int, tuple[float, float]] = {}
    try:
        for way in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway")):
            if not way.is_way():
                continue
            tags = {tag.k: tag.v for tag in way.tags}
            kind = _LINK.sub("", tags["highway"])
            nodes = [(node.ref, node.location) for node in way.nodes if node.location.valid()]
            if kind not in CLASSES or len(nodes) < 2 or _shut(tags):
                continue
            places.update((ref, (location.lon, location.lat)) for ref, location in nodes)
            ways.append(([ref for ref, _ in nodes], CLASSES.index(kind), _limit(tags, kind), _direction(tags)))
    except (RuntimeError, ValueError) as error:
        raise _damaged(path, error) from None
    return ways, places


def _shut(tags: Mapping[str, str]) -> bool:
    told = tags.get("motor_vehicle", tags.get("vehicle", tags.get("access", "yes")))
    return told in _PRIVATE


def _limit(tags: Mapping[str, str], kind: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h)?", tags.get("maxspeed", "").strip())
    if match is None or float(match.group(1)) <= 0:
        return LIMITS[kind]
    return float(match.group(1)) * (1.0 if match.group(2) == "mph" else 1 / 1.609344)


def _direction(tags: Mapping[str, str]) -> int:
    """1 along the way only, -1 against it only, 0 both."""
    told = tags.get("oneway", "")
    if told in ("-1", "reverse"):
        return -1
    round_about = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return 1 if told in ("yes", "true", "1") or (round_about and told != "no") else 0


def _metres(places: Mapping[int, tuple[float, float]]) -> dict[int, tuple[float, float]]:
    from pyproj import Transformer

    moved = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True).transform(
        [p[0] for p in places.values()], [p[1] for p in places.values()])
    return dict(zip(places, zip(*moved, strict=True), strict=True))


def _pieces(ways: Iterable[_Way], junctions: set[int], points: Mapping[int, tuple[float, float]]) -> Roads:
    import numpy as np

    number = {node: place for place, node in enumerate(sorted(junctions))}
    rows: list[tuple[int, int, float, int, float]] = []
    for nodes, kind, mph, direction in ways:
        start, metres = nodes[0], 0.0
        for before, node in zip(nodes, nodes[1:], strict=False):  # noqa: RUF007
            (x, y), (u, v) = points[before], points[node]
            metres += ((x - u) ** 2 + (y - v) ** 2) ** 0.5
            if node in number:
                ends = (number[start], number[node])
                rows += [(*ends, metres, kind, mph)] if direction >= 0 else []
                rows += [(*ends[::-1], metres, kind, mph)] if direction <= 0 else []
                start, metres = node, 0.0
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    return Roads(np.array([points[node] for node in sorted(junctions)]), table[:, 0].astype(np.int64),
                 table[:, 1].astype(np.int64), table[:, 2], table[:, 3].astype(np.int64), table[:, 4])


def _connected(roads: Roads) -> Roads:
    """The largest part in which every junction can be reached from every other."""
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    size = len(roads.points)
    links = csr_array((np.ones(len(roads.starts)), (roads.starts, roads.ends)), shape=(size, size))
    _, label = connected_components(links, directed=True, connection="strong")
    kept = label == np.argmax(np.bincount(label))
    number = np.cumsum(kept) - 1
    inside = kept[roads.starts] & kept[roads.ends]
    return Roads(roads.points[kept], number[roads.starts[inside]], number[roads.ends[inside]], roads.metres[inside],
                 roads.classes[inside], roads.mph[inside])


def _osmium(path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202
    try:
        import osmium
        import osmium.filter
        import osmium.io
    except ImportError:
        raise problem(path, "the package osmium is not installed", "the extra roads",
                      "pip install 'bailiwick[roads]'") from None
    return osmium


def _damaged(path: Path, error: Exception) -> Exception:
    return problem(path, f"a damaged extract ({str(error)[:70]})", "an OpenStreetMap extract as .osm.pbf")
