"""Who came, from where and how soon, when this town had these calls under this regime?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bailiwick.response import dispatch, fleet, kernel
from bailiwick.response.town import (
    WEEK,
    Calls,
    Flags,
    Floats,
    Ints,
    Regime,
    Town,
    checked,
    checked_calls,
    checked_regime,
)

DRAIN_HOURS = 24
DAY = 1440.0


class Records(NamedTuple):
    """What happened, call by call; times are minutes from the start, NaN where it never happened.

    `stamps` [n, 11], columns named in `kernel`: desk start and end, ready to dispatch, first assigned, first and last
    needed arrival, clear, then the first unit there, the node it left, the area it is posted in, and diversions
    suffered. `worked`, `on_duty` [U] minutes between `warm` and `end`; `unit_area` [U]. `desk_load`,
    `supervisor_load`: work offered to each channel and span over its capacity, 0 where there is no limit. `need`,
    `grade`, `area`, `point`, `received`, `answer` [n] as in the calls.
    """

    received: Floats
    answer: Floats
    area: Ints
    point: Ints
    grade: Ints
    need: Ints
    stamps: Floats
    worked: Floats
    on_duty: Floats
    unit_area: Ints
    desk_load: Floats
    supervisor_load: Floats
    areas: int
    grades: int
    warm: float
    end: float

    @property
    def first(self) -> Floats:
        """Minute at which the first unit reached each call [n]."""
        return self.stamps[:, kernel.FIRST]

    @property
    def assigned(self) -> Floats:
        """Minute at which the first unit that held was sent to each call [n]."""
        return self.stamps[:, kernel.ASSIGNED]

    @property
    def ready(self) -> Floats:
        """Minute from which each call could be dispatched [n]."""
        return self.stamps[:, kernel.READY]

    @property
    def crossed(self) -> Floats:
        """1 where the first unit there is posted in another area than the call's, else 0; NaN when none came [n]."""
        home = self.stamps[:, kernel.HOME_AREA]
        return np.where(np.isnan(home), np.nan, (home != self.area).astype(float))


def dip(regime: Regime, time: Floats) -> Floats:
    """The factor of the transition on desk and job minutes at each time; [1] when there is none."""
    if regime.dip_depth == 0 or regime.dip_weeks == 0:
        return np.ones(1)
    return 1.0 + regime.dip_depth * np.maximum(0.0, 1.0 - time / (regime.dip_weeks * 7 * DAY))


def load_of(calls: Calls, regime: Regime) -> kernel.Load:
    """The calls with the regime's loads on them, packed for the event loop."""
    n = len(calls.time)
    factor = dip(regime, calls.time)
    drawn = np.empty((n, 9))
    drawn[:, kernel.TIME] = calls.time
    job = drawn[:, kernel.JOB:kernel.JOB + 3]
    np.multiply(calls.job, (regime.job_load * factor)[:, None], out=job)
    if regime.carry > 0:
        job[:, 0] += regime.carry * calls.carried
    who = np.empty((n, 4), np.int64)
    for column, values in enumerate((calls.point, calls.area, calls.grade, calls.need)):
        who[:, column] = values
    guarded = np.flatnonzero((calls.guard > 0) & (calls.need > 0))
    job[guarded, calls.need[guarded] - 1] += calls.guard[guarded]
    drawn[:, kernel.CUSTODY] = calls.custody
    drawn[:, kernel.DESK] = calls.desk * regime.desk_load * factor + regime.desk_per_unit * calls.need
    drawn[:, kernel.OVERSIGHT] = calls.oversight * regime.oversight_load * factor
    drawn[:, kernel.TURNOUT] = calls.turnout
    drawn[:, kernel.SLOWNESS] = calls.slowness
    return kernel.Load(drawn, who)


class Packed(NamedTuple):
    """A run's calls with the regime's loads on them, who is on duty [hours, U], and the hours that count."""

    load: kernel.Load
    answer: Floats
    on: Flags
    hours: int
    start: int


def packed(town: Town, regime: Regime, calls: Calls) -> Packed:
    """The calls and the duty hours of a town whose cars stand where the regime posts them."""
    on = fleet.duty_hours(town, regime, calls, calls.hours + DRAIN_HOURS)
    return Packed(load_of(calls, regime), calls.answer * regime.answer_load, on, calls.hours, calls.start)


def ground_of(town: Town, regime: Regime, on: Flags, start: int) -> kernel.Ground:
    """The ground packed for the event loop, the cars where they stand; hours count from `start` of the week."""
    points, areas = len(town.point_area), len(town.areas)
    speed = town.speed[(start + np.arange(len(on))) % WEEK]
    scale = np.vstack([1.0 / (town.blue[:, None] * speed[None, :]), 1.0 / speed[None, :]])
    home = points + town.unit_base
    parade = home if regime.parade is None else points + np.array(regime.parade, np.int64)[town.unit_area]
    channel, desks = dispatch.server_groups(regime.channels, regime.desks, areas)
    span, _ = dispatch.server_groups(regime.spans, regime.supervisors, areas)
    first = np.concatenate([[0], np.cumsum(np.bincount(town.unit_area, minlength=areas))])[:-1]
    suite = np.where(town.suite < 0, -1, points + town.suite)
    place = np.column_stack([suite, first, channel, desks.size + span]).astype(np.int64)
    crew = np.column_stack([home, parade, town.unit_area]).astype(np.int64)
    # another memory order would have the event loop compiled a second time
    on_duty = np.ascontiguousarray(on, np.uint8)
    return kernel.Ground(np.ascontiguousarray(town.travel), np.ascontiguousarray(scale), on_duty, crew, place)


def rules_of(town: Town, regime: Regime, *, warm: float, end: float) -> kernel.Rules:
    """The rules packed for the event loop."""
    areas, grades = len(town.areas), len(town.grades)
    _, desks = dispatch.server_groups(regime.channels, regime.desks, areas)
    _, supervisors = dispatch.server_groups(regime.spans, regime.supervisors, areas)
    gain = -1.0 if regime.diversion_gain is None else regime.diversion_gain
    dials = np.array([regime.turnout, gain, regime.turn, regime.briefing, warm, end], float)
    return kernel.Rules(dispatch.tiers(regime, areas, grades), np.concatenate([desks, supervisors]), dials)


def offered_load(minutes: Floats, time: Floats, group: Ints, servers: Ints, *, warm: float, end: float) -> Floats:
    """Work offered to each group of servers between two minutes, over what it can do; 0 where there is no limit."""
    inside = slice(*np.searchsorted(time, [warm, end]))
    work = np.bincount(group[inside], minutes[inside], minlength=servers.size)
    capacity = servers * (end - warm)
    load: Floats = np.divide(work, capacity, out=np.zeros(servers.size), where=capacity > 0)
    return load


def simulate(town: Town, regime: Regime, calls: Calls, *, warm_hours: float = 24.0, trusted: bool = False) -> Records:
    """The records of one run; the first `warm_hours` are kept but marked, so that statistics can drop them.

    After the last hour of calls the run goes on for a day, so that calls already made are answered; one still
    unanswered then stays NaN. Inputs are checked unless `trusted`. CaseError names what cannot be used.
    """
    if not trusted:
        town = checked(town)
        regime = checked_regime(town, regime)
        calls = checked_calls(town, calls)
    town = fleet.posted(town, regime)
    return carried_out(town, regime, packed(town, regime, calls), warm_hours=warm_hours)


def carried_out(town: Town, regime: Regime, work: Packed, *, warm_hours: float) -> Records:
    """The records of a packed run."""
    warm, end = 60.0 * warm_hours, 60.0 * work.hours
    ground = ground_of(town, regime, work.on, work.start)
    rules = rules_of(town, regime, warm=warm, end=end)
    stamps, clocks = kernel.run(ground, work.load, rules)
    _, desks = dispatch.server_groups(regime.channels, regime.desks, len(town.areas))
    received = np.ascontiguousarray(work.load.drawn[:, kernel.TIME])
    point, area, grade, need = np.ascontiguousarray(work.load.who.T)
    group = ground.place[area]
    desk_load = offered_load(
        work.load.drawn[:, kernel.DESK], received, group[:, kernel.CHANNEL], desks, warm=warm, end=end)
    supervisor_load = offered_load(
        work.load.drawn[:, kernel.OVERSIGHT], received, group[:, kernel.SPAN] - desks.size, rules.servers[desks.size:],
        warm=warm, end=end)
    return Records(
        received=received, answer=work.answer, area=area, point=point, grade=grade, need=need, stamps=stamps,
        worked=clocks[:, kernel.WORKED], on_duty=clocks[:, kernel.ON_DUTY], unit_area=town.unit_area,
        desk_load=desk_load, supervisor_load=supervisor_load, areas=len(town.areas), grades=len(town.grades),
        warm=warm, end=end,
    )
