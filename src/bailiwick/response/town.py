"""What does a simulation need to be told, and is it usable?

Plain arrays throughout. Indices of areas, points, bases and units are positions in these arrays; nodes are the points,
then the bases. Minutes are minutes, hours of the week count from Monday 00:00, grades are ordered, the most urgent
first.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from bailiwick.errors import CaseError, nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

Dispatch = Literal["strict", "own-first", "immediate-only-aid", "pooled"]
Posting = Literal["borough", "demand", "floor"]
Pull = Literal["oldest", "own-area"]
DISPATCH: tuple[str, ...] = get_args(Dispatch)
POSTING: tuple[str, ...] = get_args(Posting)
PULL: tuple[str, ...] = get_args(Pull)
BORDERS = ("strict", "own-first", "immediate-only-aid")
WEEK = 168


class Town(NamedTuple):
    """The ground, the demand and the cars; A areas, P points, B bases, U units, G grades, N = P + B nodes.

    `areas` names; `point_area` [P]; `point_weight` [P] relative demand inside its area; `rates` [A, G, 168] calls an
    hour; `travel` [N, N] minutes to the row's node from the column's at speed 1; `base_area` [B]; `unit_area`,
    `unit_base` [U]; `roster` [168, U] on duty; `speed` [168] divides travel; `blue` [G] divides travel of a car on
    its way to that grade; `suite` [A] base at which prisoners are taken in, or -1; `target` [G] minutes, infinite
    where there is none.
    """

    areas: tuple[str, ...]
    point_area: Ints
    point_weight: Floats
    rates: Floats
    travel: Floats
    base_area: Ints
    unit_area: Ints
    unit_base: Ints
    roster: Flags
    speed: Floats
    blue: Floats
    suite: Ints
    target: Floats
    grades: tuple[str, ...] = ("I", "S", "E")


class Regime(NamedTuple):
    """How one option runs the town; every field is a lever.

    `commands` [A] label of each area's command (None: each area its own). `dispatch` holds inside a command, `border`
    between commands; `dedicated` areas keep their own team for all but the most urgent grade. `pull`: of the waiting
    calls of a grade in its pool a clearing car takes the oldest anywhere, or its own area's first. `reach` [A, A] may
    the row's area be aided by the column's. `channels` [A] label of each area's radio channel and `desks` a number for
    each channel, 0 or None for no limit; `spans` and `supervisors` likewise. `desk_load`, `oversight_load`,
    `job_load`, `answer_load` multiply drawn minutes; `desk_per_unit` minutes of radio traffic for each unit sent;
    `carry` the share of drawn investigation minutes that response officers do. `diversion_gain` minutes a diversion
    must save (None: no diversion). `turn` share of a trip after which a car counts as at its end (above 1: at its
    start until it is there). `parade` base at which each area's shifts start (None: the unit's own); `briefing`
    minutes. `abstraction` share of crews missing from each shift; `events` share of the rest sent elsewhere. The dip
    multiplies desk and job minutes by 1 + `dip_depth` on the first day, fading to nothing after `dip_weeks`.
    """

    dispatch: Dispatch = "own-first"
    commands: tuple[int, ...] | None = None
    border: Dispatch = "own-first"
    dedicated: tuple[int, ...] = ()
    reach: Flags | None = None
    channels: tuple[int, ...] | None = None
    desks: tuple[int, ...] | None = None
    spans: tuple[int, ...] | None = None
    supervisors: tuple[int, ...] | None = None
    desk_load: float = 1.0
    desk_per_unit: float = 0.0
    oversight_load: float = 1.0
    job_load: float = 1.0
    answer_load: float = 1.0
    carry: float = 0.0
    diversion_gain: float | None = None
    turn: float = 0.5
    turnout: float = 0.0
    posting: Posting = "borough"
    posting_floor: int = 1
    pull: Pull = "oldest"
    parade: tuple[int, ...] | None = None
    briefing: float = 0.0
    abstraction: float = 0.0
    events: float = 0.0
    dip_depth: float = 0.0
    dip_weeks: float = 0.0


class Calls(NamedTuple):
    """The drawn calls in order of time, shared by every option; n calls.

    `time` minutes from the start; `point`, `area`, `grade`, `need` [n]; `job` [n, 3] minutes by order of attendance;
    `custody` minutes at the suite, 0 for none; `guard` minutes the last unit stays on; `carried` minutes of
    investigation; `desk`, `oversight`, `answer`, `turnout` minutes; `slowness` multiplies trips. `absence` [A,
    shifts, slots] uniform numbers that decide which crews are missing. `hours` simulated, `start` hour of the week at
    which they begin.
    """

    time: Floats
    point: Ints
    area: Ints
    grade: Ints
    need: Ints
    job: Floats
    custody: Floats
    guard: Floats
    carried: Floats
    desk: Floats
    oversight: Floats
    answer: Floats
    turnout: Floats
    slowness: Floats
    absence: Floats
    hours: int
    start: int = 0


def refuse_if(wrong: bool | np.bool_, key: str, *, got: object, expected: str, hint: str = "") -> None:
    """CaseError about the response inputs when the claim `wrong` holds."""
    if wrong:
        raise CaseError("response inputs", key, got=got, expected=expected, hint=hint)


def _finite(name: str, values: Floats, *, low: float = 0.0, above: bool = False) -> None:
    bad = ~np.isfinite(values) | ((values <= low) if above else (values < low))
    if bad.any():
        place = tuple(int(k) for k in np.argwhere(bad)[0])
        sign = "above" if above else "at least"
        refuse_if(True, f"{name}{list(place)}", got=float(values[place]), expected=f"a finite number {sign} {low:g}")


def _within(name: str, values: Ints, high: int, what: str, *, low: int = 0) -> None:
    bad = np.flatnonzero((values < low) | (values >= high))
    if bad.size:
        refuse_if(True, f"{name}[{bad[0]}]", got=int(values[bad[0]]),
                  expected=f"the number of {what}, {low} to {high - 1}")


def _shape(name: str, values: npt.NDArray[np.generic], shape: tuple[int, ...]) -> None:
    refuse_if(values.shape != shape, name, got=f"an array of shape {values.shape}", expected=f"shape {shape}")


def checked(town: Town) -> Town:
    """The same town in canonical types; CaseError names the first field that cannot be used."""
    areas, points, bases = len(town.areas), len(town.point_area), len(town.base_area)
    units, grades, nodes = len(town.unit_area), len(town.grades), points + bases
    town = town._replace(
        point_weight=np.ascontiguousarray(town.point_weight, float), rates=np.ascontiguousarray(town.rates, float),
        travel=np.ascontiguousarray(town.travel, float), speed=np.ascontiguousarray(town.speed, float),
        blue=np.ascontiguousarray(town.blue, float), target=np.ascontiguousarray(town.target, float),
        roster=np.ascontiguousarray(town.roster, bool), point_area=np.ascontiguousarray(town.point_area, np.int64),
        base_area=np.ascontiguousarray(town.base_area, np.int64),
        unit_area=np.ascontiguousarray(town.unit_area, np.int64),
        unit_base=np.ascontiguousarray(town.unit_base, np.int64),
        suite=np.ascontiguousarray(town.suite, np.int64),
    )
    refuse_if(units == 0, "unit_area", got="no unit", expected="at least one unit")
    for name, values, shape in (
        ("point_weight", town.point_weight, (points,)), ("rates", town.rates, (areas, grades, WEEK)),
        ("travel", town.travel, (nodes, nodes)), ("unit_base", town.unit_base, (units,)),
        ("roster", town.roster, (WEEK, units)), ("speed", town.speed, (WEEK,)), ("blue", town.blue, (grades,)),
        ("suite", town.suite, (areas,)), ("target", town.target, (grades,)),
    ):
        _shape(name, values, shape)
    _finite("point_weight", town.point_weight)
    _finite("rates", town.rates)
    _finite("travel", town.travel)
    _finite("speed", town.speed, above=True)
    _finite("blue", town.blue, above=True)
    _within("point_area", town.point_area, areas, "an area")
    _within("base_area", town.base_area, areas, "an area")
    _within("unit_area", town.unit_area, areas, "an area")
    _within("unit_base", town.unit_base, bases, "a base")
    _within("suite", town.suite, bases, "a base, or -1 for none", low=-1)
    _check_demand_has_points(town)
    _check_roster(town)
    return town


def _check_demand_has_points(town: Town) -> None:
    weight = np.bincount(town.point_area, town.point_weight, minlength=len(town.areas))
    for a in np.flatnonzero((town.rates.sum(axis=(1, 2)) > 0) & (weight <= 0)):
        refuse_if(True, f"rates[{a}]", got=f"demand in {town.areas[a]}, which has no point with a weight",
                  expected="at least one point of that area with a weight above 0",
                  hint="add its wards or set its rates to 0")


def _check_roster(town: Town) -> None:
    empty = np.flatnonzero(~town.roster.any(axis=1))
    if empty.size:
        refuse_if(True, f"roster[{empty[0]}]", got=f"no unit on duty in hour {empty[0]} of the week",
                  expected="at least one unit in every hour of the week", hint="extend a shift over that hour")


def word(value: str, known: tuple[str, ...], key: str) -> None:
    """CaseError when a word is not one of the known ones, with the nearest of them."""
    refuse_if(value not in known, key, got=value, expected="one of " + ", ".join(known), hint=nearest(value, known))


def checked_regime(town: Town, regime: Regime) -> Regime:
    """The same regime; CaseError names the first lever that cannot be used in this town."""
    areas = len(town.areas)
    word(regime.dispatch, DISPATCH, "dispatch")
    word(regime.border, BORDERS, "border")
    word(regime.posting, POSTING, "posting")
    word(regime.pull, PULL, "pull")
    for key, labels, servers in (
        ("commands", regime.commands, None), ("channels", regime.channels, regime.desks),
        ("spans", regime.spans, regime.supervisors),
    ):
        _check_groups(key, labels, servers, areas)
    for key in ("desk_load", "desk_per_unit", "oversight_load", "job_load", "answer_load", "carry", "turn", "turnout",
                "briefing", "dip_depth", "dip_weeks", "diversion_gain"):
        value = getattr(regime, key)
        if value is not None:
            refuse_if(not np.isfinite(value) or value < 0, key, got=value, expected="a finite number, 0 or more")
    for key in ("abstraction", "events"):
        value = getattr(regime, key)
        refuse_if(not 0 <= value < 1, key, got=value, expected="a share, at least 0 and below 1")
    _within("dedicated", np.array(regime.dedicated, np.int64), areas, "an area")
    if regime.parade is not None:
        _shape("parade", np.array(regime.parade), (areas,))
        _within("parade", np.array(regime.parade, np.int64), len(town.base_area), "a base")
    if regime.reach is not None:
        _shape("reach", regime.reach, (areas, areas))
    return regime


def _check_groups(key: str, labels: tuple[int, ...] | None, servers: tuple[int, ...] | None, areas: int) -> None:
    if labels is None:
        refuse_if(servers is not None and len(servers) != areas, key, got=f"{len(servers or ())} servers",
                  expected=f"one number for each of the {areas} areas when {key} are not named")
    else:
        refuse_if(len(labels) != areas, key, got=f"{len(labels)} labels",
                  expected=f"one label for each of {areas} areas")
        refuse_if(min(labels) < 0, key, got=min(labels), expected="labels from 0 up")
        refuse_if(servers is not None and max(labels) >= len(servers or ()), key, got=max(labels),
                  expected=f"a label below {len(servers or ())}, the length of its server list")
    refuse_if(servers is not None and min(servers) < 0, key, got=servers, expected="whole numbers, 0 for no limit")


def checked_calls(town: Town, calls: Calls) -> Calls:
    """The same calls; CaseError when times are unordered or missing, or a call lies nowhere."""
    _finite("calls.time", calls.time)
    late = np.flatnonzero(np.diff(calls.time) < 0)
    if late.size:
        refuse_if(True, f"calls.time[{late[0] + 1}]", got=float(calls.time[late[0] + 1]),
                  expected=f"a time not before {calls.time[late[0]]:g}", hint="sort the calls by time received")
    _within("calls.point", calls.point, len(town.point_area), "a point")
    _within("calls.area", calls.area, len(town.areas), "an area")
    _within("calls.grade", calls.grade, len(town.grades), "a grade")
    _within("calls.need", calls.need, 4, "units needed")
    for name in ("job", "custody", "guard", "carried", "desk", "oversight", "answer", "turnout", "slowness"):
        _finite(f"calls.{name}", getattr(calls, name))
    return calls
