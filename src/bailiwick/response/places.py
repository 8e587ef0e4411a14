"""Where is everything: whose areas are in play, where do callers live, from where do cars set out?

The areas of the scheme come first, then the ring of areas that touch them, as they are today.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.response.town import Floats, Ints
from bailiwick.response.travel import inner_distance
from bailiwick.scheme import Site

STANDS = 3
Spot = tuple[float, float]


class Places(NamedTuple):
    """A areas (`codes`, the first `own` of them the ones asked for), P points with residents, B bases.

    `point_area`, `residents` [P]; `base_area` [B], `station` [A] the base that is an area's station; `sites` the base
    at which each named site stands; `kilometres` [P + B, P + B] straight lines, the diagonal of a point its inner trip;
    `touch` [A, A] which areas have a common border or crossing.
    """

    codes: tuple[str, ...]
    own: int
    point_area: Ints
    residents: Floats
    base_area: Ints
    station: Ints
    sites: tuple[tuple[str, int], ...]
    kilometres: Floats
    touch: Floats


def ring_of(case: Case, own: tuple[str, ...]) -> tuple[str, ...]:
    """The areas of the same force that touch these over land, sorted."""
    force = case.system.area(own[0]).force
    around = {n for code in own for n in case.system.neighbours(code)} - set(own)
    return tuple(sorted(n for n in around if case.system.area(n).force == force and case.system.area(n).points))


def places_of(case: Case, own: tuple[str, ...], *, ring: bool = True) -> Places:
    """The places of these areas and, when asked, of the ring around them."""
    codes = (*own, *(ring_of(case, own) if ring else ()))
    sites = tuple(s for s in case.scheme.sites if s.role in ("headquarters", "base"))
    near = tuple(tuple(n for n in case.system.neighbours(c, crossings=True) if n in codes) for c in codes)
    return _laid_out(tuple(case.system.area(c) for c in codes), len(own), sites, near)


@lru_cache(maxsize=8)
def _laid_out(
    areas: tuple[Area, ...], own: int, sites: tuple[Site, ...], near: tuple[tuple[str, ...], ...]
) -> Places:
    codes = tuple(area.code for area in areas)
    spots: list[Spot] = []
    owner: list[int] = []
    station: list[int] = []
    named: list[tuple[str, int]] = []
    for k, area in enumerate(areas):
        station.append(len(spots))
        mine = [s for s in sites if s.area == area.code]
        named += [(site.name, len(spots) + j) for j, site in enumerate(mine)]
        here = [(s.easting, s.northing) for s in mine] or [_middle(area)]
        here += _stands(area, here[0])
        spots += here
        owner += [k] * len(here)
    points = [(p.easting, p.northing) for area in areas for p in area.points]
    where = np.array([*points, *spots], float)
    gap = where[:, None, :] - where[None, :, :]
    kilometres = np.sqrt((gap**2).sum(axis=2)) / 1000.0
    inner = np.concatenate([np.full(len(a.points), inner_distance(a.area_km2 / len(a.points))) for a in areas])
    kilometres[np.arange(len(inner)), np.arange(len(inner))] = inner
    return Places(
        codes=codes, own=own,
        point_area=np.repeat(np.arange(len(areas)), [len(a.points) for a in areas]),
        residents=np.array([p.residents for a in areas for p in a.points], float),
        base_area=np.array(owner, np.int64), station=np.array(station, np.int64), sites=tuple(named),
        kilometres=kilometres, touch=np.array([[float(c in n) for c in codes] for n in near]),
    )


def part_of_places(places: Places, where: Ints) -> tuple[Places, Ints]:
    """The places of some of the areas, in the order given, all of them its own, and the new number of each point."""
    label = np.full(len(places.codes), -1, np.int64)
    label[where] = np.arange(len(where))
    points, bases = (_grouped(label, owner) for owner in (places.point_area, places.base_area))
    point, base = np.full(len(places.point_area), -1, np.int64), np.full(len(places.base_area), -1, np.int64)
    point[points], base[bases] = np.arange(len(points)), np.arange(len(bases))
    nodes = np.concatenate([points, len(point) + bases])
    return Places(
        codes=tuple(places.codes[k] for k in where), own=len(where), point_area=label[places.point_area[points]],
        residents=places.residents[points], base_area=label[places.base_area[bases]],
        station=base[places.station[where]], sites=tuple((n, int(base[b])) for n, b in places.sites if base[b] >= 0),
        kilometres=places.kilometres[np.ix_(nodes, nodes)], touch=places.touch[np.ix_(where, where)],
    ), point


def _grouped(label: Ints, owner: Ints) -> Ints:
    """The things whose owner has a label, by label, else in order."""
    mine = np.flatnonzero(label[owner] >= 0)
    return mine[np.argsort(label[owner[mine]], kind="stable")]


def _middle(area: Area) -> Spot:
    """The point with residents that is nearest the area's own point, which residents weigh."""
    nearest = min(area.points, key=lambda p: ((p.easting - area.easting)**2 + (p.northing - area.northing)**2, p.code))
    return nearest.easting, nearest.northing


def _stands(area: Area, station: Spot) -> list[Spot]:
    """Points at which patrolling cars stand: each the one that brings residents nearest to a car, given the others."""
    where = np.array([(p.easting, p.northing) for p in area.points], float)
    people = np.array([p.residents for p in area.points], float)
    gap = np.sqrt(((where[:, None, :] - where[None, :, :])**2).sum(axis=2))
    best = np.sqrt(((where - np.array(station))**2).sum(axis=1))
    chosen: list[Spot] = []
    for _ in range(min(STANDS, len(where))):
        k = int(np.argmin((people[:, None] * np.minimum(best[:, None], gap)).sum(axis=0)))
        best = np.minimum(best, gap[:, k])
        chosen.append((float(where[k, 0]), float(where[k, 1])))
    return chosen
