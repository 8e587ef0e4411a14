"""How many minutes from here to there?

Without a street matrix: straight line times a detour factor, at a speed that the hour of the week then divides.
"""

from __future__ import annotations

import numpy as np

from bailiwick.response.town import Floats, refuse_if


def travel_minutes(easting: Floats, northing: Floats, *, detour: float, kilometres_an_hour: float) -> Floats:
    """Minutes between all places [N, N], metres in, at speed 1; CaseError for a place that is nowhere.

    >>> travel_minutes(np.array([0., 3000.]), np.array([0., 4000.]), detour=1.2, kilometres_an_hour=36.0)[0, 1].item()
    10.0
    """
    refuse_if(not kilometres_an_hour > 0, "kilometres_an_hour", got=kilometres_an_hour, expected="a speed above 0")
    refuse_if(not detour >= 1, "detour", got=detour, expected="a factor of 1 or more")
    places = np.column_stack([easting, northing]).astype(float)
    lost = np.flatnonzero(~np.isfinite(places).all(axis=1))
    if lost.size:
        refuse_if(True, f"places[{lost[0]}]", got="no coordinates", expected="easting and northing in metres")
    gap = places[:, None, :] - places[None, :, :]
    minutes: Floats = np.sqrt((gap**2).sum(axis=2)) * detour * 60.0 / (1000.0 * kilometres_an_hour)
    return minutes


def inner_distance(area_km2: float) -> float:
    """Mean kilometres between two places drawn at random in a square of that size.

    0.5214 times the side: the square's mean distance between two uniform points (Larson & Odoni, Urban Operations
    Research, section 3). It stands for the trip inside one ward, which a matrix of points sets to 0.
    """
    side = float(np.sqrt(area_km2))
    return side * float((2 + np.sqrt(2) + 5 * np.log(1 + np.sqrt(2))) / 15)


def with_inner_trips(travel: Floats, kilometres: Floats, *, detour: float, kilometres_an_hour: float) -> Floats:
    """The matrix with the trip from a point to itself set from `kilometres` [P] for the first P nodes, a copy."""
    result = travel.copy()
    here = np.arange(len(kilometres))
    result[here, here] = kilometres * detour * 60.0 / kilometres_an_hour
    return result


