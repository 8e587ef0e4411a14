"""How soon does help come to each area under each option, and is the difference more than chance?

One simulation of an option feeds every measure. All options face the same calls, so that changes are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from bailiwick.case import Case
from bailiwick.findings import ByArea, Number, Unavailable, finding_id
from bailiwick.response import groundwork, workload
from bailiwick.response.groundwork import WARM_HOURS, Window
from bailiwick.response.places import Places
from bailiwick.response.runs import DAY, Records, simulate
from bailiwick.response.statistics import measured, response_minutes, saturation, t_interval
from bailiwick.response.town import Calls, Floats, Regime, Town
from bailiwick.scheme import Grouping, Option

Posts = Mapping[str, float]
"""Response constables of each area under an option."""

Adjust = Callable[[Regime], Regime]
"""A change of an option's rules."""

WEEKS = 13
LEVEL = 0.9
PAIRED = ("response.immediate_in_target", "response.significant_in_target", "response.immediate_mean",
          "response.significant_mean")
"""The measures whose changes carry a paired interval."""

MEASURED = (*PAIRED, "response.immediate_p90", "response.cross_border_share", "response.unit_utilisation",
            "response.desk_utilisation")


class Scene(NamedTuple):
    """What the options of one case or draw have in common: the places, calls an hour, today's cars, the calls."""

    places: Places
    hourly: Floats
    cars: Floats
    calls: Calls
    window: Window


class Outcome(NamedTuple):
    """What one option came to, in the areas of the scheme (A of them).

    `calls` [W, A, 2] measured calls by week and grade (I, S); `on_time` [W, A, 2] of them within target; `minutes` [W,
    A, 2] summed over those met, `met` [W, A, 2] their number; `late_tail` [A] minutes below which nine in ten immediate
    calls are met; `crossed` [A] share of I and S calls met by another area's car; `busy` [A]; `desk` [A] load of the
    area's channel. `reasons` why the run is saturated, none when it is not.
    """

    calls: Floats
    on_time: Floats
    minutes: Floats
    met: Floats
    late_tail: Floats
    crossed: Floats
    busy: Floats
    desk: Floats
    reasons: tuple[str, ...]

    def share(self) -> Floats:
        """Per cent of calls on time by area and grade [A, 2]."""
        result: Floats = 100.0 * self.on_time.sum(axis=0) / np.maximum(1.0, self.calls.sum(axis=0))
        return result

    def mean(self) -> Floats:
        """Mean minutes of the calls met, by area and grade [A, 2]."""
        result: Floats = self.minutes.sum(axis=0) / np.maximum(1.0, self.met.sum(axis=0))
        return result


class Strain(NamedTuple):
    """What weighs on the scheme's own areas: `slower` factor on desk work and jobs, `fading` weeks over which it goes.

    `fading` 0 keeps it as it is.
    """

    slower: float = 1.0
    fading: float = 0.0


NONE = Strain()


def steady(case: Case) -> Window:
    """The weeks that measures are taken from: the level of calls of the year after the merger."""
    return Window(case.scheme.effective.year + 0.5, WEEKS)


@lru_cache(maxsize=2)
def scene(case: Case, window: Window) -> Scene:
    """What all options of a case face in a window; kept for the last two."""
    places = groundwork.places_in_scope(case)
    hourly = workload.volumes(case, places.codes, window.year)
    model = case.scheme.model(groundwork.today_of(case).grouping.commands[0].model)
    cars = groundwork.cars_today(case, places.codes, model.strength)
    town = groundwork.town_of(case, places, cars, hourly)
    return Scene(places, hourly, cars, groundwork.calls_of(case, town, window), window)


def cars_of(case: Case, option: Option, ground: Scene, ratio: Floats) -> Floats:
    """Cars on duty in each area under an option: its model's strength, times the ratio of response constables, posted.

    `ratio` [own] is each area's response constables over today's.
    """
    cars = ground.cars.copy()
    today = case.scheme.model(groundwork.today_of(case).grouping.commands[0].model).strength
    for k in range(ground.places.own):
        command = groundwork.command_of(case, option, ground.places.codes[k])
        cars[k] *= ratio[k] * case.value(case.scheme.model(command.model).strength) / case.value(today)
    return groundwork.posted(case, option, ground.places, cars)


def strained(calls: Calls, own: int, carry: float, strain: Strain) -> Calls:
    """The calls with the strain on those of the first `own` areas, and no investigation kept by the others."""
    mine = calls.area < own
    changed = calls
    if carry > 0:
        changed = changed._replace(carried=np.where(mine, calls.carried, 0.0))
    if strain.slower == 1.0:
        return changed
    fade = np.ones(len(calls.time))
    if strain.fading > 0:
        fade = np.maximum(0.0, 1.0 - calls.time / (strain.fading * 7 * DAY))
    factor = np.where(mine, 1.0 + (strain.slower - 1.0) * fade, 1.0)
    return changed._replace(
        desk=changed.desk * factor, oversight=changed.oversight * factor, job=changed.job * factor[:, None])


def run(
    case: Case, option: Option, ground: Scene, cars: Floats, *, strain: Strain = NONE,
    adjust: Adjust | None = None,
) -> Outcome:
    """What an option came to with so many cars on duty in each area [A]; `adjust` changes its rules first."""
    records, regime, town = recorded(case, option, ground, cars, strain=strain, adjust=adjust)
    channels = np.array(regime.channels)[:ground.places.own]
    return outcome_of(records, ground.places.own, channels, town)


def recorded(
    case: Case, option: Option, ground: Scene, cars: Floats, *, strain: Strain = NONE,
    adjust: Adjust | None = None,
) -> tuple[Records, Regime, Town]:
    """The records, call by call, behind an outcome, with the rules and the town they come from."""
    town = groundwork.town_of(case, ground.places, cars, ground.hourly)
    regime = groundwork.regime_of(case, option, ground.places)
    regime = adjust(regime) if adjust else regime
    calls = strained(ground.calls, ground.places.own, regime.carry, strain)
    return simulate(town, regime, calls, warm_hours=WARM_HOURS, trusted=True), regime, town


def outcome_of(records: Records, own: int, channels: Floats, town: Town) -> Outcome:
    """The outcome of one run in its first `own` areas, whose channels are given."""
    weeks = int((records.end - records.warm) // (7 * DAY))
    keep = measured(records) & (records.area < own) & (records.grade < 2)
    minutes, area, grade = response_minutes(records)[keep], records.area[keep], records.grade[keep]
    week = np.minimum(((records.received[keep] - records.warm) // (7 * DAY)).astype(np.int64), weeks - 1)
    cell, shape = (week * own + area) * 2 + grade, (weeks, own, 2)
    met = np.isfinite(minutes)
    inside = minutes <= town.target[grade]

    def counted(weight: Floats | None, which: Floats | None = None) -> Floats:
        chosen = cell if which is None else cell[which]
        return np.bincount(chosen, weight, minlength=weeks * own * 2).astype(float).reshape(shape)

    urgent = met & (grade == 0)
    tail = np.array([_ninetieth(minutes[urgent & (area == a)]) for a in range(own)])
    crossed = np.bincount(area[met], records.crossed[keep][met], minlength=own)
    worked = np.bincount(records.unit_area, records.worked, minlength=records.areas)[:own]
    duty = np.bincount(records.unit_area, records.on_duty, minlength=records.areas)[:own]
    return Outcome(
        calls=counted(None), on_time=counted(inside.astype(float)), minutes=counted(minutes[met], met),
        met=counted(None, met), late_tail=tail,
        crossed=crossed / np.maximum(1, np.bincount(area[met], minlength=own)),
        busy=worked / np.maximum(1.0, duty), desk=records.desk_load[channels], reasons=saturation(records),
    )


def _ninetieth(minutes: Floats) -> float:
    return float(np.quantile(minutes, 0.9)) if minutes.size else float("nan")


def ratios(case: Case, posts: Posts | None, today: Posts | None) -> tuple[float, ...]:
    """Each area's response constables over today's; 1 where nothing is said."""
    if posts is None or today is None:
        return (1.0,) * len(case.scheme.scope)
    return tuple(posts[code] / today[code] if today[code] > 0 else 1.0 for code in case.scheme.scope)


@lru_cache(maxsize=64)
def steady_outcome(case: Case, grouping: Grouping, ratio: tuple[float, ...]) -> Outcome:
    """What a grouping comes to in its steady state, at so many response constables over today's in each area."""
    option = Option("", "alternative", "", grouping)
    ground = scene(case, steady(case))
    return run(case, option, ground, cars_of(case, option, ground, np.array(ratio)))


def asked(case: Case, option: Option, posts_by_option: Mapping[str, Posts] | None) -> Outcome | Unavailable:
    """The outcome of an option, or why there is none; an option of kind pause is today's until it ends."""
    if not groundwork.can_simulate(case):
        return groundwork.none_because(case)
    if option.kind == "cuts" and posts_by_option is None:
        return Unavailable("unknown", "how many response constables the cuts leave is not told")
    today = groundwork.today_of(case)
    if option.kind == "pause":
        option = today
    told = posts_by_option or {}
    outcome = steady_outcome(case, option.grouping, ratios(case, told.get(option.name), told.get(today.name)))
    if outcome.reasons:
        return Unavailable("saturated", "the simulation has no steady state: " + "; ".join(outcome.reasons))
    return outcome


def numbers(case: Case, outcome: Outcome | Unavailable) -> dict[str, ByArea]:
    """Every measure of an outcome, by name and area."""
    scope = case.scheme.scope
    if isinstance(outcome, Unavailable):
        return {name: dict.fromkeys(scope, outcome) for name in MEASURED}
    share, mean = outcome.share(), outcome.mean()
    columns = (share[:, 0], share[:, 1], mean[:, 0], mean[:, 1], outcome.late_tail, 100.0 * outcome.crossed,
               100.0 * outcome.busy, 100.0 * outcome.desk)
    return {name: {code: float(column[k]) for k, code in enumerate(scope)}
            for name, column in zip(MEASURED, columns, strict=True)}


def judged(case: Case, posts_by_option: Mapping[str, Posts]) -> dict[str, Number]:
    """Every service measure of one case or draw under each option and area, by finding id.

    `posts_by_option`: response constables of each area under each option; cars follow them, today's being the measure.
    """
    found: dict[str, Number] = {}
    for option in case.scheme.options:
        for name, by_area in numbers(case, asked(case, option, posts_by_option)).items():
            for code, number in by_area.items():
                found[finding_id(name, option.name, code)] = number
    return found


def paired(
    case: Case, posts_by_option: Mapping[str, Posts], against: str | None = None, *, only: Sequence[str] = ()
) -> dict[tuple[str, str, str], tuple[float, float]]:
    """The 90% interval of each change against an option (the cuts, if none is named), by option, measure and area.

    `only` these options are asked, all where none is named.

    From the differences of weekly figures under the same calls; the t interval over weeks of one set of assumptions.
    Absent where either run is saturated. Positive: the option's number is higher.
    """
    base = _base(case, against)
    if base is None:
        return {}
    before = asked(case, base, posts_by_option)
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    for option in case.scheme.options:
        if only and option.name not in only:
            continue
        after = asked(case, option, posts_by_option)
        if isinstance(before, Unavailable) or isinstance(after, Unavailable):
            continue
        for name, (low, high) in _intervals(before, after).items():
            for k, code in enumerate(case.scheme.scope):
                found[option.name, name, code] = (float(low[k]), float(high[k]))
    return found


def _base(case: Case, against: str | None) -> Option | None:
    if against is not None:
        return case.scheme.option(against)
    return next((option for option in case.scheme.options if option.kind == "cuts"), None)


def _intervals(before: Outcome, after: Outcome) -> dict[str, tuple[Floats, Floats]]:
    """The paired interval [A] of each measure that carries one."""
    calls = np.maximum(1.0, before.calls.mean(axis=0))
    gained = t_interval(100.0 * (after.on_time - before.on_time) / calls, level=LEVEL)
    slower = t_interval(weekly_means(after) - weekly_means(before), level=LEVEL)
    return {name: (interval.low[:, g], interval.high[:, g])
            for name, interval, g in zip(PAIRED, (gained, gained, slower, slower), (0, 1, 0, 1), strict=True)}


def weekly_means(outcome: Outcome) -> Floats:
    """Mean minutes by week, area and grade [W, A, 2]; a week without a call has the mean of all."""
    whole = np.broadcast_to(outcome.mean()[None], outcome.met.shape)
    result: Floats = np.divide(outcome.minutes, outcome.met, out=whole.copy(), where=outcome.met > 0)
    return result
