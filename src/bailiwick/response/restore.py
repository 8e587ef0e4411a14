"""How many officers would buy back the service that an option loses, and what else would?

Extra cars are added to an option, under the same calls, until no area's share of calls on time is further below today's
than a stated tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from bailiwick.case import Case
from bailiwick.findings import Number, Unavailable
from bailiwick.response import groundwork, service
from bailiwick.response.service import Adjust, Outcome, Posts, Scene
from bailiwick.response.town import Floats
from bailiwick.scheme import Option

MOST = 0.4
"""Extra cars are sought up to this share of today's."""

STEPS = 2


class Known(NamedTuple):
    """What a search starts from: the scene, constables over today's [A], today, points lacking [A, 2], officers a car.

    Officers a car are today's response constables over today's cars on duty, so that a constable lost and a constable
    bought back are worth the same.
    """

    ground: Scene
    ratio: Floats
    before: Outcome
    lacking: Floats
    each: float


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restores an option's service: `cars` on duty day and night, the `officers` they take, or more than that.

    `reached` False: not even so many restore it. `worst` per cent of calls on time that the worst area and grade lacks
    without them, against today, beyond the tolerance. `shares` of the officers by area of the scheme; `change` by area
    in points of I and S against today without them, empty where not simulated or without a steady state.
    """

    cars: float
    officers: float
    reached: bool
    worst: float
    shares: tuple[float, ...] = ()
    change: tuple[tuple[float, float], ...] = ()


def restoration(
    case: Case, option: Option, posts_by_option: Mapping[str, Posts], *,
    adjust: Adjust | None = None,
) -> Restoration | Unavailable:
    """The fewest extra cars that bring every area's I and S back to today's, found on the same calls.

    `adjust` changes the option's rules first. An option of kind cuts is restored by the constables it gave up; today
    and pause need none. Unavailable where today itself has no steady state.
    """
    today = groundwork.today_of(case)
    before = service.asked(case, today, posts_by_option)
    if isinstance(before, Unavailable):
        return before
    if option.kind in ("today", "pause"):
        return Restoration(0.0, 0.0, True, 0.0)
    here, told = posts_by_option[option.name], posts_by_option[today.name]
    ground = service.scene(case, service.steady(case))
    if option.kind == "cuts":
        return _given_back(case, ground, here, told)
    ratio = np.array(service.ratios(case, here, told))
    first = service.run(case, option, ground, service.cars_of(case, option, ground, ratio), adjust=adjust) \
        if adjust else service.steady_outcome(case, option.grouping, tuple(ratio.tolist()))
    lacking = shortfall(case, before, first)
    change = () if first.reasons else tuple((float(i), float(s)) for i, s in first.share() - before.share())
    if not first.reasons and lacking.max() <= 0:
        return Restoration(0.0, 0.0, True, float(lacking.max()), change=change)
    each = sum(told.values()) / float(ground.cars[:ground.places.own].sum())
    return replace(_sought(case, option, Known(ground, ratio, before, lacking, each), adjust), change=change)


def _given_back(case: Case, ground: Scene, here: Posts, told: Posts) -> Restoration:
    lost = sum(told[code] - here[code] for code in case.scheme.scope)
    cars = sum(ground.cars[k] * (1 - here[code] / told[code]) for k, code in enumerate(case.scheme.scope) if told[code])
    return Restoration(float(cars), float(lost), True, 0.0)


def shortfall(case: Case, before: Outcome, after: Outcome) -> Floats:
    """Points by which each area and grade lacks today's share of calls on time, beyond the tolerance [A, 2]."""
    result: Floats = before.share() - after.share() - case.value("response.restore.within")
    return result


def _sought(
    case: Case, option: Option, known: Known, adjust: Adjust | None
) -> Restoration:
    """The crossing of the worst shortfall with zero, by chords from zero and from the most cars allowed."""
    ground, ratio, before, lacking, each = known
    own = ground.places.own
    cars = ground.cars[:own] * ratio
    weight = np.maximum(lacking.max(axis=1), 0.0) * cars
    weight = cars if weight.sum() <= 0 else weight
    shares = tuple(float(w) for w in weight / weight.sum())
    most = MOST * float(ground.cars[:own].sum())

    def worst(extra: float) -> float:
        raised = (cars + extra * weight / weight.sum()) / ground.cars[:own]
        after = service.run(case, option, ground, service.cars_of(case, option, ground, raised), adjust=adjust)
        return 100.0 if after.reasons else float(shortfall(case, before, after).max())

    start = float(lacking.max())
    low, high = (0.0, max(start, 0.01)), (most, worst(most))
    if high[1] > 0:
        return Restoration(most, each * most, False, start, shares)
    for _ in range(STEPS):
        tried = _chord(low, high)
        found = (tried, worst(tried))
        low, high = (low, found) if found[1] <= 0 else (found, high)
    extra = _chord(low, high)
    return Restoration(extra, each * extra, True, start, shares)


def _chord(low: tuple[float, float], high: tuple[float, float]) -> float:
    """Where the line through two points, above and not above zero, crosses zero.

    >>> _chord((0.0, 3.0), (4.0, -1.0))
    3.0
    """
    return low[0] + (high[0] - low[0]) * low[1] / (low[1] - high[1])


def officers_to_restore(case: Case, option: Option, posts_by_option: Mapping[str, Posts]) -> Number:
    """Officers that bring an option's service back to today's; Unavailable, with their number, if more are needed."""
    found = restoration(case, option, posts_by_option)
    if isinstance(found, Unavailable):
        return found
    if not found.reached:
        return Unavailable("unknown", f"more than {found.officers:.0f} officers would be needed")
    return found.officers
