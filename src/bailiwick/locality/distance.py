"""How far, and how long a drive, is it from people's homes to their commander?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.findings import ByArea, Number, Unavailable
from bailiwick.scheme import Command, Site

Floats = NDArray[np.float64]

BANDS = (15, 30)
NO_POINTS = Unavailable("unknown", "no resident points were published by this date")


@dataclass(frozen=True, slots=True)
class Headquarters:
    """Where a command is run from (metres, EPSG:27700) and how that was settled.

    `by_rule` is True when nobody named it and the base nearest the residents' median point stands in for it; `why`
    says so in words that can be printed.
    """

    name: str
    area: str
    easting: float
    northing: float
    by_rule: bool
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The resident points of an area as arrays of one length: easting and northing in metres, and people."""

    easting: Floats
    northing: Floats
    people: Floats


@lru_cache(maxsize=512)
def places(area: Area) -> Places:
    """The resident points of an area; its own point stands in when it has none but a known population."""
    points = [p for p in area.points if p.residents > 0]
    if not points and area.population:
        return Places(np.array([area.easting]), np.array([area.northing]), np.array([float(area.population)]))
    return Places(np.array([p.easting for p in points], dtype=np.float64),
                  np.array([p.northing for p in points], dtype=np.float64),
                  np.array([p.residents for p in points], dtype=np.float64))


def weighted_median(values: Floats, weights: Floats) -> float:
    """The smallest value up to which at least half of the weight lies; both arrays of one length, weights positive.

    >>> weighted_median(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 1.0]))
    2.0
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


@lru_cache(maxsize=4096)
def median_point(areas: tuple[Area, ...]) -> tuple[float, float] | None:
    """The residents' median easting and median northing (metres) over these areas; None when nobody is known there."""
    known = [places(area) for area in areas]
    people = np.concatenate([p.people for p in known])
    if not people.size:
        return None
    return (weighted_median(np.concatenate([p.easting for p in known]), people),
            weighted_median(np.concatenate([p.northing for p in known]), people))


def bases(case: Case, areas: tuple[str, ...]) -> tuple[Headquarters, ...]:
    """The places from which these areas could be run, by area and name.

    Each area offers its headquarters and bases that stand on the day the scheme takes effect; an area without one
    offers its own point, weighted by residents.
    """
    found = []
    for area in case.system.subset(areas):
        sites = [site for site in case.scheme.sites if site.area == area.code and _stands(case, site)]
        for site in sorted(sites, key=lambda site: site.name):
            found.append(Headquarters(site.name, area.code, site.easting, site.northing, True, "a base of the command"))
        if not sites:
            found.append(Headquarters(area.name, area.code, area.easting, area.northing, True,
                                      "no base is known there: the residents' own middle point stands in"))
    return tuple(found)


def headquarters(case: Case, command: Command) -> Headquarters:
    """Where this command is run from: the site it names, or the base nearest its residents' median point.

    Ties go to the first by area and name.  The median point is the median of eastings and the median of northings,
    each weighted by residents.
    """
    if command.headquarters is not None:
        site = case.scheme.site(command.headquarters)
        return Headquarters(site.name, site.area, site.easting, site.northing, False, "named by the option")
    offered = bases(case, command.areas)
    middle = median_point(case.system.subset(command.areas))
    if middle is None:
        return offered[0]
    best = min(offered, key=lambda base: (base.easting - middle[0]) ** 2 + (base.northing - middle[1]) ** 2)
    return Headquarters(best.name, best.area, best.easting, best.northing, True,
                        "chosen by rule: the base nearest the residents' median point")


@lru_cache(maxsize=8192)
def kilometres(area: Area, easting: float, northing: float) -> Floats:
    """The straight-line distance from each resident point of the area to a place given in metres: km, one per point."""
    here = places(area)
    return np.hypot(here.easting - easting, here.northing - northing) / 1000.0


def mean_kilometres(area: Area, base: Headquarters) -> float | None:
    """The mean straight-line distance of the area's residents to a base, km; None when nobody is known there."""
    people = places(area).people
    if not people.size:
        return None
    return float(kilometres(area, base.easting, base.northing) @ people / people.sum())


def minutes_per_kilometre(case: Case) -> float:
    """The driving minutes for each straight-line kilometre: detour over speed."""
    return case.value("locality.detour") / case.value("locality.kilometres_per_hour") * 60.0


def share_within(case: Case, area: Area, base: Headquarters, minutes: float) -> float | None:
    """The share of the area's residents who live at most that many driving minutes from a base, in [0, 1]."""
    people = places(area).people
    if not people.size:
        return None
    near = kilometres(area, base.easting, base.northing) * minutes_per_kilometre(case) <= minutes
    return float(people[near].sum() / people.sum())


def distance_to_headquarters(case: Case, command: Command) -> ByArea:
    """For each area, the mean straight-line distance of its residents to the command's headquarters, km."""
    base = headquarters(case, command)
    return {code: _known(mean_kilometres(case.system.area(code), base)) for code in command.areas}


def travel_time_to_headquarters(case: Case, command: Command) -> ByArea:
    """For each area, the mean driving time of its residents to the command's headquarters, minutes."""
    pace = minutes_per_kilometre(case)
    return {code: value if isinstance(value, Unavailable) else value * pace
            for code, value in distance_to_headquarters(case, command).items()}


def residents_within_15(case: Case, command: Command) -> ByArea:
    """For each area, the percentage of its residents at most 15 driving minutes from the headquarters."""
    return _within(case, command, BANDS[0])


def residents_within_30(case: Case, command: Command) -> ByArea:
    """For each area, the percentage of its residents at most 30 driving minutes from the headquarters."""
    return _within(case, command, BANDS[1])


def _within(case: Case, command: Command, minutes: float) -> ByArea:
    base = headquarters(case, command)
    found: dict[str, Number] = {}
    for code in command.areas:
        share = share_within(case, case.system.area(code), base, minutes)
        found[code] = NO_POINTS if share is None else 100.0 * share
    return found


def _known(value: float | None) -> Number:
    return NO_POINTS if value is None else value


def _stands(case: Case, site: Site) -> bool:
    day = case.scheme.effective
    return (site.role in ("headquarters", "base")
            and (site.opens is None or site.opens <= day) and (site.closes is None or site.closes > day))
