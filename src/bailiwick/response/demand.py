"""When and where do calls come, and how much work is each?

Drawn area by area, one random stream for each attribute, so that every option faces the same incidents and a change to
one attribute does not move another. Counts are overdispersed: each area's day has a gamma multiplier, and within it
each hour is Poisson; bursts repeat a call at the same point within the hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bailiwick.response.fleet import SHIFT_HOURS
from bailiwick.response.town import WEEK, Calls, Floats, Ints, Town, refuse_if

ATTRIBUTES = ("level", "count", "time", "point", "need", "job", "custody", "guard", "carried", "desk", "oversight",
              "answer", "turnout", "slowness", "absence")
CREWS = 256


class Work(NamedTuple):
    """How much work a call is, by grade [G]; minutes, and cv = standard deviation over mean.

    `need` [G, 4] shares of calls settled at the desk and needing one, two, three units; `job` [G, K, 3] a mixture of K
    lognormals: share, mean, cv; `support` [G] factor on the job time of the second and third unit. Shares and means:
    `custody`, `guard`, `carried`, `oversight` [G, 2]. Means: `desk`, `answer`, `turnout` [G]. `minutes_cv` of all but
    the job; `travel_cv` of trips; `day_cv` of the day's multiplier; `burst` chance that a call is repeated within the
    hour.
    """

    need: Floats
    job: Floats
    support: Floats
    custody: Floats
    guard: Floats
    carried: Floats
    oversight: Floats
    desk: Floats
    answer: Floats
    turnout: Floats
    minutes_cv: float = 1.0
    travel_cv: float = 0.0
    day_cv: float = 0.0
    burst: float = 0.0


class Drawn(NamedTuple):
    """One area's calls in order of time; fields as in `Calls`."""

    time: Floats
    point: Ints
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


def checked_work(work: Work, grades: int) -> Work:
    """The same work; CaseError where shares do not add to 1 or a mean is negative."""
    for name in ("need", "support", "custody", "guard", "carried", "oversight", "desk", "answer", "turnout", "job"):
        values = np.asarray(getattr(work, name), float)
        refuse_if(values.shape[0] != grades, f"work.{name}", got=f"{values.shape[0]} rows", expected=f"{grades} grades")
        refuse_if(bool((~np.isfinite(values) | (values < 0)).any()), f"work.{name}", got=values.tolist(),
                  expected="finite numbers, 0 or more")
    for name, shares in (("need", work.need), ("job", work.job[:, :, 0])):
        total = np.asarray(shares, float).sum(axis=1)
        refuse_if(bool((np.abs(total - 1) > 1e-9).any()), f"work.{name}", got=total.tolist(),
                  expected="shares adding to 1")
    for name in ("minutes_cv", "travel_cv", "day_cv"):
        value = getattr(work, name)
        refuse_if(not np.isfinite(value) or value < 0, f"work.{name}", got=value, expected="0 or more")
    refuse_if(not 0 <= work.burst < 1, "work.burst", got=work.burst, expected="a chance, at least 0 and below 1")
    return work


def lognormal(rng: np.random.Generator, mean: Floats, cv: Floats | float) -> Floats:
    """Lognormal numbers of the given means and cv, one for each mean; a mean of 0 gives 0, a cv of 0 the mean."""
    spread = np.sqrt(np.log1p(np.asarray(cv, float) ** 2))
    result: Floats = mean * np.exp(spread * rng.standard_normal(len(mean)) - spread**2 / 2)
    return result


def shares_by_hour(town: Town, area: int) -> Floats:
    """Expected calls in each hour of the week and grade of one area [168, G]."""
    return np.ascontiguousarray(town.rates[area].T)


def _times(streams: dict[str, np.random.Generator], town: Town, work: Work, area: int, hours: int, start: int
           ) -> tuple[Floats, Ints]:
    expected = shares_by_hour(town, area)[(start + np.arange(hours)) % WEEK]
    days = -(-hours // 24)
    level = np.ones(days)
    if work.day_cv > 0:
        shape = 1.0 / work.day_cv**2
        level = streams["level"].gamma(shape, 1.0 / shape, days)
    expected = expected * level[np.arange(hours) // 24, None] * (1.0 - work.burst)
    count = streams["count"].poisson(expected)
    hour = np.repeat(np.repeat(np.arange(hours), count.shape[1]), count.ravel())
    grade = np.repeat(np.tile(np.arange(count.shape[1]), hours), count.ravel())
    time = 60.0 * (hour + streams["time"].random(len(hour)))
    return time, grade.astype(np.int64)


def _with_bursts(stream: np.random.Generator, burst: float, call: tuple[Floats, Ints, Ints], end: float
                 ) -> tuple[Floats, Ints, Ints]:
    """The calls and, for each, a geometric number of repeats at the same point within the hour after it."""
    time, grade, point = call
    if burst > 0:
        again = stream.geometric(1.0 - burst, len(time)) - 1
        who = np.repeat(np.arange(len(time)), again)
        later = time[who] + 60.0 * stream.random(len(who))
        who, later = who[later < end], later[later < end]
        time = np.concatenate([time, later])
        grade = np.concatenate([grade, grade[who]])
        point = np.concatenate([point, point[who]])
    order = np.argsort(time, kind="stable")
    return time[order], grade[order], point[order]


def _sometimes(stream: np.random.Generator, table: Floats, grade: Ints, cv: float) -> Floats:
    """Minutes drawn for the share of calls that have them, 0 for the others; `table` [G, 2] share and mean."""
    has = stream.random(len(grade)) < table[grade, 0]
    return np.where(has, lognormal(stream, table[grade, 1], cv), 0.0)


def _jobs(stream: np.random.Generator, work: Work, grade: Ints) -> Floats:
    """Minutes on the job of the first, second and third unit [n, 3], all of one component of the mixture."""
    pick = stream.random(len(grade))
    component = (pick[:, None] >= np.cumsum(work.job[:, :, 0], axis=1)[grade, :-1]).sum(axis=1)
    mean, cv = work.job[grade, component, 1], work.job[grade, component, 2]
    later = mean * work.support[grade]
    return np.column_stack([lognormal(stream, mean, cv), lognormal(stream, later, cv), lognormal(stream, later, cv)])


def area_calls(
    rng: np.random.Generator, town: Town, work: Work, *, area: int, hours: int, start: int = 0
) -> Drawn:
    """One area's calls over `hours` from hour `start` of the week, each attribute from its own stream of `rng`.

    The k-th stream is the k-th child of `rng`; a generator that has already spawned children gives other calls.
    """
    streams = streams_of(rng)
    time, grade = _times(streams, town, work, area, hours, start)
    places = np.flatnonzero(town.point_area == area)
    weight = np.cumsum(town.point_weight[places])
    if len(time):
        drawn = np.searchsorted(weight, streams["point"].random(len(time)) * weight[-1], side="right")
        point = places[np.minimum(drawn, len(places) - 1)]
    else:
        point = np.zeros(0, np.int64)
    time, grade, point = _with_bursts(streams["level"], work.burst, (time, grade, point), 60.0 * hours)
    shifts = -(-hours // SHIFT_HOURS) + 3 * WEEK // SHIFT_HOURS
    return Drawn(time=time, point=point.astype(np.int64), grade=grade, need=needed(streams, work, grade),
                 **work_of(streams, work, grade), absence=streams["absence"].random((shifts, CREWS)))


def needed(streams: dict[str, np.random.Generator], work: Work, grade: Ints) -> Ints:
    """How many units each call needs, drawn for calls of the given grades."""
    shares = np.cumsum(work.need, axis=1)[grade, :-1]
    units: Ints = (streams["need"].random(len(grade))[:, None] >= shares).sum(axis=1).astype(np.int64)
    return units


def work_of(streams: dict[str, np.random.Generator], work: Work, grade: Ints) -> dict[str, Floats]:
    """All minutes drawn for calls of the given grades, by field of `Calls`, each field from its own stream."""
    cv, n = work.minutes_cv, len(grade)
    return {
        "job": _jobs(streams["job"], work, grade),
        "custody": _sometimes(streams["custody"], work.custody, grade, cv),
        "guard": _sometimes(streams["guard"], work.guard, grade, cv),
        "carried": _sometimes(streams["carried"], work.carried, grade, cv),
        "desk": lognormal(streams["desk"], work.desk[grade], cv),
        "oversight": _sometimes(streams["oversight"], work.oversight, grade, cv),
        "answer": lognormal(streams["answer"], work.answer[grade], cv),
        "turnout": lognormal(streams["turnout"], work.turnout[grade], cv),
        "slowness": lognormal(streams["slowness"], np.ones(n), work.travel_cv),
    }


def streams_of(rng: np.random.Generator) -> dict[str, np.random.Generator]:
    """One stream for each attribute: the k-th child of the generator is the k-th attribute's."""
    return dict(zip(ATTRIBUTES, rng.spawn(len(ATTRIBUTES)), strict=True))


def merged_calls(drawn: Sequence[Drawn], *, hours: int, start: int = 0) -> Calls:
    """The calls of all areas, in order of the areas, merged by time; equal times keep the order of the areas."""
    area = np.repeat(np.arange(len(drawn)), [len(d.time) for d in drawn])
    order = np.argsort(np.concatenate([d.time for d in drawn]), kind="stable")
    fields = {
        name: np.concatenate([getattr(d, name) for d in drawn])[order]
        for name in Drawn._fields if name != "absence"
    }
    absence = np.stack([d.absence for d in drawn])
    return Calls(area=area[order].astype(np.int64), absence=absence, hours=hours, start=start, **fields)


def draw_calls(
    rngs: Sequence[np.random.Generator], town: Town, work: Work, *, hours: int, start: int = 0
) -> Calls:
    """The calls of a town, one generator for each area; the same generators give the same calls to every option."""
    refuse_if(len(rngs) != len(town.areas), "rngs", got=f"{len(rngs)} generators",
              expected=f"one for each of {len(town.areas)} areas")
    work = checked_work(work, len(town.grades))
    drawn = [area_calls(rng, town, work, area=a, hours=hours, start=start) for a, rng in enumerate(rngs)]
    return merged_calls(drawn, hours=hours, start=start)
