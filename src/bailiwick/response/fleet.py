"""Which crews are on the road, from where, hour by hour?

A unit is one crew's post: its shifts, its area, its base. Officers become crews (single or double), crews become cars
on the road only while there are cars, and a share of crews is missing from every shift: leave, sickness, training,
court.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bailiwick.response.dispatch import command_labels
from bailiwick.response.kernel_counts import on_duty
from bailiwick.response.town import WEEK, Calls, Flags, Floats, Ints, Regime, Town, refuse_if

SHIFT_HOURS = 8


class Shift(NamedTuple):
    """One shift of a day: the hour it starts, the hours it lasts, and its `crews` in each area [A] or by day [7, A]."""

    starts: int
    lasts: int
    crews: Ints


class Posts(NamedTuple):
    """The posts of a fleet: `unit_area`, `unit_base` [U] and `roster` [168, U]."""

    unit_area: Ints
    unit_base: Ints
    roster: Flags


def crews_on_the_road(officers: Ints, cars: Ints, *, double_share: float) -> Ints:
    """Crews that officers make, double-crewed in the share given, and no more than there are cars.

    >>> crews_on_the_road(np.array([12]), np.array([20]), double_share=0.5).tolist()
    [8]
    """
    refuse_if(not 0 <= double_share <= 1, "double_share", got=double_share, expected="a share from 0 to 1")
    crews = np.floor(np.asarray(officers) / (1.0 + double_share) + 1e-9).astype(np.int64)
    return np.minimum(crews, np.asarray(cars, np.int64))


def posts_from_shifts(shifts: tuple[Shift, ...], base_area: Ints, areas: int) -> Posts:
    """One unit for each crew of each shift, its bases in turn; shifts may overlap at handover and run past midnight.

    A crew that works only some days of the week (`crews` [7, A]) is on duty on those days only.
    """
    area, base, columns = [], [], []
    bases = [np.flatnonzero(np.asarray(base_area) == a) for a in range(areas)]
    for shift in shifts:
        crews = np.broadcast_to(np.asarray(shift.crews, np.int64), (7, areas))
        refuse_if(not 0 < shift.lasts <= 24, "shift.lasts", got=shift.lasts, expected="1 to 24 hours")
        refuse_if(bool((crews < 0).any()), "shift.crews", got=int(crews.min()), expected="0 or more crews")
        for a in range(areas):
            top = int(crews[:, a].max())
            refuse_if(top > 0 and bases[a].size == 0, f"base_area of area {a}", got="crews but no base",
                      expected="at least one base in every area that has crews")
            for k in range(top):
                on = np.zeros(WEEK, bool)
                for day in np.flatnonzero(crews[:, a] > k):
                    on[(day * 24 + shift.starts + np.arange(shift.lasts)) % WEEK] = True
                area.append(a)
                base.append(int(bases[a][k % bases[a].size]))
                columns.append(on)
    refuse_if(not area, "shifts", got="no crew in any shift", expected="at least one crew")
    return Posts(np.array(area, np.int64), np.array(base, np.int64), np.array(columns).T)


def largest_remainders(total: int, weight: Floats, floor: int) -> Ints:
    """Whole numbers adding to `total`, in proportion to weights, none below the floor while the total allows it.

    >>> largest_remainders(10, np.array([6., 3., 1.]), 2).tolist()
    [6, 2, 2]
    """
    size = len(weight)
    floor = min(floor, total // size)
    share = np.asarray(weight, float)
    share = np.full(size, 1 / size) if share.sum() <= 0 else share / share.sum()
    got = np.full(size, floor, np.int64)
    while got.sum() < total:
        got[int(np.argmax(share * total - got))] += 1
    return got


def _shift_groups(roster: Flags) -> list[Ints]:
    groups: dict[bytes, list[int]] = {}
    for u in range(roster.shape[1]):
        groups.setdefault(roster[:, u].tobytes(), []).append(u)
    return [np.array(members) for members in groups.values()]


def posted(town: Town, regime: Regime) -> Town:
    """The town with its cars where the regime posts them: as they are, by demand in the command, or with a floor.

    Cars of one shift pattern are shared out again among the areas of their command; bases are taken in turn.
    """
    if regime.posting == "borough":
        return town
    floor = regime.posting_floor if regime.posting == "floor" else 0
    labels = command_labels(regime, len(town.areas))
    area, base = town.unit_area.copy(), town.unit_base.copy()
    demand = town.rates[:, :2].sum(axis=(1, 2))
    based = np.bincount(town.base_area, minlength=len(town.areas)) > 0
    for group in _shift_groups(town.roster):
        for label in np.unique(labels):
            members = np.flatnonzero((labels == label) & based)
            cars = group[np.isin(town.unit_area[group], np.flatnonzero(labels == label))]
            if members.size < 2 or cars.size == 0:
                continue
            wanted = largest_remainders(cars.size, demand[members], floor)
            _repost(cars, members, wanted, area, base, town.base_area)
    return town._replace(unit_area=area, unit_base=base)


def _repost(cars: Ints, members: Ints, wanted: Ints, area: Ints, base: Ints, base_area: Ints) -> None:
    """Cars beyond an area's wanted number go to the areas that lack some; the rest stay where they are."""
    spare: list[int] = []
    lacking: list[int] = []
    for a, number in zip(members, wanted, strict=True):
        here = cars[area[cars] == a]
        spare.extend(int(u) for u in here[number:])
        lacking.extend([int(a)] * max(0, int(number) - here.size))
    for u, a in zip(spare, lacking, strict=False):
        area[u] = a
        bases = np.flatnonzero(base_area == a)
        base[u] = bases[u % bases.size]


def missing_share(regime: Regime) -> float:
    """The share of crews not on the road: ordinary abstraction, then officers sent to events elsewhere."""
    return 1.0 - (1.0 - regime.abstraction) * (1.0 - regime.events)


def duty_hours(town: Town, regime: Regime, calls: Calls, hours: int) -> Flags:
    """Who is on duty in each hour of the run [hours, U]; a missing crew is missing for a whole shift.

    The k-th unit of an area is missing from a shift when that area's k-th number for the shift is below the share, so
    every option loses the same crews.
    """
    share, rank = missing_share(regime), np.zeros(len(town.unit_area), np.int64)
    if share <= 0:
        return town.roster[(calls.start + np.arange(hours)) % WEEK]
    for a in range(len(town.areas)):
        mine = town.unit_area == a
        rank[mine] = np.arange(mine.sum())
    refuse_if(calls.absence.shape[2] == 0, "calls.absence", got="no numbers drawn",
              expected="numbers for every crew, to draw abstraction")
    roster = np.ascontiguousarray(town.roster, np.uint8)
    whole = np.ascontiguousarray(calls.absence)
    present: Flags = on_duty(roster, whole, town.unit_area, rank, (hours, calls.start, SHIFT_HOURS), share).view(bool)
    return present
