"""What town, what cars and what rules does a case, with its set of assumptions, describe under each option?"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.errors import CaseError
from bailiwick.findings import Unavailable
from bailiwick.response import workload
from bailiwick.response.demand import draw_calls
from bailiwick.response.places import Places, places_of
from bailiwick.response.town import PULL, WEEK, Calls, Flags, Floats, Ints, Regime, Town
from bailiwick.scheme import Command, Option

SHIFTS = (7, 15, 23)
LENGTH = 8
EXTRA_DAYS = (4, 5, 3, 6, 2, 0, 1)
"""The days, Monday 0, that get a crew more when crews do not come out even: Friday and Saturday first."""

AID = ("immediate-only-aid", "own-first")
WARM_HOURS = 168.0


class Fleet(NamedTuple):
    """Crews: `unit_area`, `unit_base` [U] and `roster` [168, U]."""

    unit_area: Ints
    unit_base: Ints
    roster: Flags


class Window(NamedTuple):
    """A stretch of simulated time: the year whose level of calls it has, its weeks, and the name of its streams."""

    year: float
    weeks: int
    stream: str = "incidents"


def today_of(case: Case) -> Option:
    """The option that describes how things are; CaseError when the case has none."""
    for option in case.scheme.options:
        if option.kind == "today":
            return option
    raise CaseError(f"case {case.name}", "options", got="no option of kind today", expected="one, to compare with")


def can_simulate(case: Case) -> bool:
    """Whether every area of the scheme has points with residents and the case says how its commands run.

    An area of several councils, a whole force, is too large: help is sent inside it, not across it.
    """
    areas = [case.system.area(code) for code in case.scheme.scope]
    return all(a.points and not of_forces(a) for a in areas) and "response.crime_weight" in case.assumptions


def of_forces(area: Area) -> bool:
    """Whether an area is a whole force of several councils."""
    return area.councils is not None and area.councils > 1


def none_because(case: Case) -> Unavailable:
    """Why a case that cannot be simulated has no response."""
    if any(of_forces(case.system.area(code)) for code in case.scheme.scope):
        return Unavailable("not meaningful here", "an area is a whole force: help is sent inside it, not across it")
    return Unavailable("unknown", "the case has no points with residents, or no response assumptions")


def cars_today(case: Case, codes: tuple[str, ...], strength: str) -> Floats:
    """Cars on duty in each area, averaged over the week, by the rule: an average area's, times need.

    Need is the area's share of calls, and for the rest its share of the ground, over the average of the force.
    Where the case names an effect of its own (`cars.effect.<code>`), the rule is multiplied by it.
    """
    force = [a for a in case.system.areas if a.force == case.system.area(codes[0]).force]
    calls = workload.shares(case, codes) * len(force)
    ground = np.array([case.system.area(c).area_km2 for c in codes])
    ground = ground / (sum(a.area_km2 for a in force) / len(force))
    follow = case.value("response.cars.follow_calls")
    effect = np.array([case.value(f"cars.effect.{c}") if f"cars.effect.{c}" in case.assumptions else 1.0
                       for c in codes])
    result: Floats = case.value(strength) * (follow * calls + (1 - follow) * ground) * effect
    return result


def posted(case: Case, option: Option, places: Places, cars: Floats) -> Floats:
    """The cars of each area once each command has posted its own as its model says."""
    cars = cars.copy()
    need = workload.shares(case, places.codes)
    for command in option.grouping.commands:
        rule = case.scheme.model(command.model).posting
        members = [places.codes.index(c) for c in command.areas]
        if rule == "by-area" or len(members) < 2:
            continue
        total = cars[members].sum()
        wanted = total * need[members] / need[members].sum()
        if rule == "to-demand-with-floor":
            wanted = np.maximum(wanted, case.value("response.cars.floor") * cars[members])
            wanted *= total / wanted.sum()
        cars[members] = wanted
    return cars


def fleet_of(case: Case, places: Places, cars: Floats) -> Fleet:
    """Crews for that many cars on duty in each area [A], averaged over the week, missing crews allowed for.

    Crew-shifts of a week are whole numbers, so cars are resolved to a twenty-first. Crews of the same rank in the three
    shifts follow each other: another car more or less leaves the others as they were.
    """
    late = case.value("response.cars.late_shift")
    weights = np.array([(1 - late) * 0.55, late, (1 - late) * 0.45])
    present = (1 - case.value("response.cars.missing")) * (1 - case.value("response.events.share"))
    patrol = case.value("response.cars.patrol")
    area, base, column = [], [], []
    for a, number in enumerate(cars):
        total = np.array([round(crews) for crews in float(number) / present * 3 * 7 * weights])
        mine = np.flatnonzero(places.base_area == a)
        stands = mine[mine > places.station[a]]
        rank = np.arange(-(-int(total.max()) // 7))
        days = np.clip(total[None, :] - 7 * rank[:, None], 0, 7)
        out = np.floor((rank + 1) * patrol + 1e-9) > np.floor(rank * patrol + 1e-9)
        stand = stands[rank % len(stands)] if len(stands) else np.full(len(rank), places.station[a])
        k, shift = np.nonzero(days)
        area.append(np.full(len(k), a))
        base.append(np.where(out, stand, places.station[a])[k])
        column.append(8 * shift + days[k, shift])
    return Fleet(np.concatenate(area), np.concatenate(base), _duties()[:, np.concatenate(column)])


@lru_cache(maxsize=1)
def _duties() -> Flags:
    """Who is on duty in each hour of the week [168, 3 * 8]: column 8 * shift + number of days worked."""
    on = np.zeros((WEEK, 8 * len(SHIFTS)), bool)
    for shift, starts in enumerate(SHIFTS):
        for number in range(8):
            for day in range(7) if number == 7 else EXTRA_DAYS[:number]:
                on[(day * 24 + starts + np.arange(LENGTH)) % WEEK, 8 * shift + number] = True
    return on


def town_of(case: Case, places: Places, cars: Floats, hourly: Floats) -> Town:
    """The town in which cars [A] are on duty and calls [A, G] an hour come."""
    fleet = fleet_of(case, places, cars)
    detour, kilometres = case.value("response.travel.detour"), case.value("response.travel.speed")
    return Town(
        areas=places.codes, point_area=places.point_area, point_weight=places.residents,
        rates=workload.rates(case, hourly), travel=places.kilometres * (detour * 60.0 / kilometres),
        base_area=places.base_area, unit_area=fleet.unit_area, unit_base=fleet.unit_base, roster=fleet.roster,
        speed=workload.speed(case), blue=np.array([case.value("response.travel.blue_light"), 1.0, 1.0]),
        suite=places.station, target=np.array(workload.TARGET), grades=workload.GRADES,
    )


def calls_of(case: Case, town: Town, window: Window) -> Calls:
    """The calls of a window: one stream for each area, so that every option and every set faces the same incidents."""
    rngs = [case.rng(f"{window.stream}/{code}") for code in town.areas]
    return draw_calls(rngs, town, workload.work(case), hours=window.weeks * WEEK)


def command_of(case: Case, option: Option, code: str) -> Command:
    """The command of an area under an option; an area outside the scheme keeps a command of its own, run as today's."""
    if code in option.grouping.areas:
        return option.grouping.command_of(code)
    return Command((code,), today_of(case).grouping.commands[0].model)


def regime_of(case: Case, option: Option, places: Places) -> Regime:
    """The rules of an option in its steady state.

    Dispatch and aid inside the commands follow the merged command's model (or the only one's); aid between commands is
    an assumption; each channel has the desks and inspectors that its model names.
    """
    commands = [command_of(case, option, code) for code in places.codes]
    labels = [next(i for i, other in enumerate(commands) if other == c) for c in commands]
    lead = case.scheme.model(max(option.grouping.commands, key=lambda c: len(c.areas)).model)
    channel = [k if case.scheme.model(c.model).channels == "per-area" else labels[k] for k, c in enumerate(commands)]
    desks = _servers(case, commands, channel, "desks")
    same = np.array(labels)[:, None] == np.array(labels)[None, :]
    return Regime(
        dispatch="own-first" if lead.dispatch == "dedicated" else lead.dispatch,
        commands=tuple(labels), border=AID[round(case.value("response.aid.any_grade"))],  # type: ignore[arg-type]
        dedicated=tuple(k for k, c in enumerate(commands) if case.scheme.model(c.model).dispatch == "dedicated"),
        reach=same | (places.touch > 0),
        channels=tuple(channel), desks=desks, spans=tuple(channel),
        supervisors=_servers(case, commands, channel, "supervisors"),
        desk_per_unit=case.value("response.desk.minutes_per_unit"),
        carry=case.value("response.investigation.carried") if lead.carries_investigations else 0.0,
        diversion_gain=case.value("response.diversion.gain"), turnout=case.value("response.turnout.minutes"),
        parade=_parade(case, places, commands), briefing=case.value("response.briefing.minutes"),
        abstraction=case.value("response.cars.missing"), events=case.value("response.events.share"),
        pull=PULL[round(case.value("response.pull.own_area"))],  # type: ignore[arg-type]
    )


def with_servers(regime: Regime, own: int, *, desks: int | None = None, supervisors: int | None = None) -> Regime:
    """The same rules with another number of desks or supervisors on each channel of the first `own` areas."""
    def changed(servers: tuple[int, ...] | None, groups: tuple[int, ...] | None, number: int | None
                ) -> tuple[int, ...] | None:
        if servers is None or groups is None or number is None:
            return servers
        mine = groups[:own]
        return tuple(number if k in mine else n for k, n in enumerate(servers))

    return regime._replace(desks=changed(regime.desks, regime.channels, desks),
                           supervisors=changed(regime.supervisors, regime.spans, supervisors))


def _servers(case: Case, commands: list[Command], channel: list[int], what: str) -> tuple[int, ...]:
    """How many desks or supervisors each channel has; channel k's are those of area k's model."""
    numbers = [round(case.value(getattr(case.scheme.model(c.model), what))) for c in commands]
    return tuple(numbers[k] for k in range(max(channel) + 1))


def _parade(case: Case, places: Places, commands: list[Command]) -> tuple[int, ...]:
    """The base at which each area's shifts start: the nearest of its model's bases, or its own station."""
    known = dict(places.sites)
    found = []
    first = len(places.point_area)
    for k, command in enumerate(commands):
        inside = [known[name] for name in case.scheme.model(command.model).bases
                  if name in known and places.codes[int(places.base_area[known[name]])] in command.areas]
        own = int(places.station[k])
        found.append(min(inside, key=lambda b: (places.kilometres[first + own, first + b], b)) if inside else own)
    return tuple(found)


def places_in_scope(case: Case) -> Places:
    """The places of the scheme's areas and their ring."""
    return places_of(case, case.scheme.scope)
