"""How many calls come to each area in each hour of the week, and how much work is each?

The level is anchored on the force's published immediate calls; areas share it by residents and recorded crime.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from bailiwick.case import Case
from bailiwick.response.demand import Work
from bailiwick.response.town import WEEK, Floats
from bailiwick.tables import Table

LEVEL = "met_2014_i_calls"
"""The published figure that anchors the level: immediate calls of the force in its year."""

IMMEDIATE, SIGNIFICANT, EXTENDED = 0, 1, 2
GRADES = ("I", "S", "E")
TARGET = (15.0, 60.0, np.inf)
HOURS_A_YEAR = 8766.0


def shares(case: Case, codes: tuple[str, ...]) -> Floats:
    """Each area's share of its force's calls: residents and recorded crime, blended by `response.crime_weight`.

    By residents alone where the case has no table of crimes.
    """
    force = case.system.area(codes[0]).force
    everyone = tuple((a.code, float(a.population or sum(p.residents for p in a.points)))
                     for a in case.system.areas if a.force == force)
    total = sum(n for _, n in everyone)
    people = np.array([dict(everyone)[c] / total for c in codes])
    crimes = _latest_crimes(case.tables["crimes"]) if "crimes" in case.tables else ()
    counted = dict(crimes)
    if not counted or any(code not in counted for code, _ in everyone):
        return people
    recorded = sum(counted[code] for code, _ in everyone)
    weight = case.value("response.crime_weight")
    blend: Floats = (1 - weight) * people + weight * np.array([counted[c] / recorded for c in codes])
    return blend


class _ByIdentity:
    """A table as a key of the cache: the same object, the same key."""

    def __init__(self, table: Table) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.table is self.table


def _latest_crimes(table: Table) -> tuple[tuple[str, float], ...]:
    return _crimes(_ByIdentity(table))


@lru_cache(maxsize=8)
def _crimes(key: _ByIdentity) -> tuple[tuple[str, float], ...]:
    latest = max((str(row["reference_period"]) for row in key.table), default="")
    found: dict[str, float] = {}
    for row in key.table:
        if row["reference_period"] == latest:
            found[str(row["area"])] = found.get(str(row["area"]), 0.0) + float(str(row["count"]))
    return tuple(sorted(found.items()))


def force_level(case: Case, year: float) -> float:
    """Immediate calls an hour of the whole force in a year, grown from the published figure or, without one, a rate."""
    table = case.tables.get("figures")
    rows = table.where(id=LEVEL) if table else ()
    growth = 1.0 + case.value("response.calls.growth_a_year")
    for row in rows:
        since = year - float(str(row["reference_period"])[:4])
        return float(str(row["value"])) / HOURS_A_YEAR * float(growth**since)
    force = case.system.area(case.scheme.scope[0]).force
    people = sum(a.population or sum(p.residents for p in a.points) for a in case.system.areas if a.force == force)
    return case.value("response.calls.immediate_per_thousand") * people / 1000.0 / HOURS_A_YEAR


def volumes(case: Case, codes: tuple[str, ...], year: float) -> Floats:
    """Calls an hour by area and grade [A, G] in a year, averaged over the week."""
    immediate = force_level(case, year) * shares(case, codes)
    per = np.array([1.0, case.value("response.calls.significant_per_immediate"),
                    case.value("response.calls.extended_per_immediate")])
    result: Floats = immediate[:, None] * per[None, :]
    return result


def profile(case: Case) -> Floats:
    """Calls in each hour of the week over the mean hour [168], Monday 00:00 first.

    Busiest from 18 to 22, midnight to 4 as busy on Saturday and Sunday mornings as `response.calls.weekend_night` times
    the other nights (hours of the day published for an English force: response.md [8]).
    """
    hour = np.arange(WEEK)
    day, clock = hour // 24, hour % 24
    shape = np.select([clock < 4, clock < 7, clock < 12, clock < 18, clock < 22], [0.7, 0.45, 0.9, 1.1, 1.0], 1.15)
    shape = np.where((clock >= 18) & (clock < 22), case.value("response.calls.evening_peak"), shape)
    shape = np.where((day >= 5) & (clock < 4), shape * case.value("response.calls.weekend_night"), shape)
    result: Floats = shape / shape.mean()
    return result


def rates(case: Case, hourly: Floats) -> Floats:
    """Calls in each hour of the week [A, G, 168] from their averages [A, G]."""
    result: Floats = hourly[:, :, None] * profile(case)[None, None, :]
    return result


def speed(case: Case) -> Floats:
    """Speed in each hour of the week over that of the free road [168]: slowest in the working day's peaks."""
    hour = np.arange(WEEK)
    day, clock = hour // 24, hour % 24
    slow = np.select([clock < 6, clock < 7, clock < 10, clock < 16, clock < 19, clock < 22],
                     [0.0, 0.4, 1.0, 0.7, 1.0, 0.5], 0.2)
    slow = np.where(day >= 5, 0.6 * slow, slow)
    result: Floats = 1.0 - case.value("response.travel.congestion") * slow
    return result


def work(case: Case) -> Work:
    """How much work a call is, by grade, as this case or draw assumes."""
    v = case.value
    spread = v("response.job.spread")
    job = [[[1.0, v(f"response.job.{grade}"), spread]] for grade in ("immediate", "significant", "extended")]
    oversight = v("response.oversight.minutes")
    every = np.ones(3)
    return Work(
        need=np.array([_needs(v("response.units.immediate")), _needs(v("response.units.significant")),
                       [0.0, 1.0, 0.0, 0.0]]),
        job=np.array(job), support=np.full(3, v("response.job.support")),
        custody=np.array([[v("response.custody.share"), v("response.custody.minutes")]] * 2 + [[0.0, 0.0]]),
        guard=np.array([[v("response.guard.share"), v("response.guard.minutes")], [0.0, 0.0], [0.0, 0.0]]),
        carried=np.array([[v("response.investigation.share"), v("response.investigation.minutes")]] * 3),
        oversight=np.array([[v("response.oversight.share"), oversight],
                            [v("response.oversight.share") / 2, oversight], [0.0, 0.0]]),
        desk=every * v("response.desk.minutes"), answer=every * v("response.answer.minutes"),
        turnout=every * v("response.turnout.minutes"), minutes_cv=1.0, travel_cv=v("response.travel.spread"),
        day_cv=v("response.calls.day_spread"), burst=v("response.calls.burst"),
    )


def _needs(units: float) -> list[float]:
    """Shares of calls that need no, one, two and three units, when they need so many on average (1 to 2.1).

    >>> [round(share, 3) for share in _needs(1.6)]
    [0.0, 0.49, 0.42, 0.09]
    """
    three = 0.15 * (units - 1.0)
    two = units - 1.0 - 2.0 * three
    return [0.0, 1.0 - two - three, two, three]
