"""How soon would help come under each way to command these areas?  Each whole map is simulated on the same calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bailiwick import finance
from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.response import groundwork, service
from bailiwick.response.groundwork import Window
from bailiwick.response.restore import restoration
from bailiwick.response.statistics import t_interval
from bailiwick.scheme import Grouping, Option
from bailiwick.workers import spread

NOT_SIMULATED = "not simulated"
SHARES = ("response.immediate_in_target", "response.significant_in_target")
PAIRS = 40
"""Weeks over which a map is compared with another under the same calls before it is named."""

_LEVEL = 0.9
_BATCH = 4


class Served(NamedTuple):
    """What a simulation says of one map: calls in target, per cent, and what restoring today's service costs.

    Shares of immediate and of significant calls are means of residents, then those of the worst area. `officers`
    restore today's service, `neutral` is the saving left once they are paid. All None, and `why` says why, where it
    cannot be simulated; `neutral` None where even the most officers tried do not restore the service and the saving
    is not gone by then.
    """

    immediate: float | None = None
    immediate_worst: float | None = None
    significant: float | None = None
    significant_worst: float | None = None
    officers: float | None = None
    restored: bool = False
    neutral: float | None = None
    why: str = NOT_SIMULATED

    @property
    def shares(self) -> tuple[float, float, float, float] | None:
        """The four shares of calls in target, or None."""
        if self.immediate is None or self.immediate_worst is None or self.significant is None \
                or self.significant_worst is None:
            return None
        return self.immediate, self.immediate_worst, self.significant, self.significant_worst


Response = Callable[[Case, Sequence[Grouping]], Sequence[Served]]
"""What a simulation says of each grouping of the scope."""


class Pair(NamedTuple):
    """The change from one map to another in points of calls in target: whole [2] and each area [A, 2], I then S.

    `low` and `high` are the ends of the 90% t interval over `PAIRS` weeks of the same calls; A areas of the scope.
    """

    change: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    areas: NDArray[np.float64]
    areas_low: NDArray[np.float64]
    areas_high: NDArray[np.float64]


def served(case: Case, groupings: Sequence[Grouping]) -> tuple[Served, ...]:
    """What one simulation of each map says, the same calls in each, and what it costs to restore today's service.

    Cars are in step with the response constables that the map's posts leave. Maps are simulated in the case as it is,
    not in one to which they were added, so that a set of assumptions draws its calls once and today runs in it once.
    """
    asked, names = _with_ways(case, groupings)
    posts = finance.response_constables(asked)
    said = []
    for option in (asked.scheme.option(name) for name in names):
        found = service.numbers(case, service.asked(case, option, posts))
        values = [[found[measure].get(code) for code in case.scheme.scope] for measure in SHARES]
        said.append(_priced((case, asked), option, posts, _shares(case, values)))
    return tuple(said)


def _with_ways(case: Case, groupings: Sequence[Grouping]) -> tuple[Case, tuple[str, ...]]:
    """The case with each grouping as one more option, and the names of those options."""
    names = tuple(f"way-{i}" for i in range(len(groupings)))
    ways = tuple(Option(name, "alternative", name, g) for name, g in zip(names, groupings, strict=True))
    told = case.content + "".join(f"|{name}:{g!r}" for name, g in zip(names, groupings, strict=True))
    return replace(case, content=told, scheme=replace(case.scheme, options=(*case.scheme.options, *ways))), names


def _shares(case: Case, found: Sequence[Sequence[object]]) -> Served:
    weights = [case.system.area(code).population or 0 for code in case.scheme.scope]
    cells: list[float] = []
    for values in found:
        reasons = [v.text or v.reason for v in values if isinstance(v, Unavailable)]
        if reasons:
            return Served(why=f"{NOT_SIMULATED}: {reasons[0]}")
        known = [float(v) for v in values if isinstance(v, int | float)]
        if len(known) < len(weights) or not sum(weights):
            return Served()
        mean = sum(w * v for w, v in zip(weights, known, strict=True)) / sum(weights)
        cells += [round(mean, 1), round(min(known), 1)]
    return Served(cells[0], cells[1], cells[2], cells[3], why="")


def _priced(cases: tuple[Case, Case], option: Option, posts: dict[str, dict[str, float]], said: Served) -> Served:
    """The same with the officers that restore today's service and the saving left once they are paid.

    `cases`: the case to simulate in, and the same with the option in it, for its money.
    """
    if said.shares is None:
        return said
    found = restoration(cases[0], option, posts)
    if isinstance(found, Unavailable):
        return said
    left = round(finance.service_neutral_saving(cases[1], option, found.officers), -3) + 0.0
    return said._replace(officers=round(found.officers, 0) + 0.0, restored=found.reached,
                         neutral=left if found.reached or left <= 0 else None)


def outcomes(
    case: Case, groupings: Sequence[Grouping], pool: Executor | None = None
) -> tuple[service.Outcome | None, ...]:
    """What each map comes to over `PAIRS` weeks of the same calls; None where it has no steady state."""
    if not groundwork.can_simulate(case):
        return (None,) * len(groupings)
    batches = [groupings[i:i + _BATCH] for i in range(0, len(groupings), _BATCH)]
    return tuple(one for part in spread(pool, partial(_outcomes, case), batches) for one in part)


def _outcomes(case: Case, groupings: Sequence[Grouping]) -> list[service.Outcome | None]:
    asked, names = _with_ways(case, groupings)
    posts = finance.response_constables(asked)
    today = next(o for o in asked.scheme.options if o.kind == "today")
    ground = service.scene(case, Window(case.scheme.effective.year + 0.5, PAIRS))
    found = []
    for name in names:
        option = asked.scheme.option(name)
        ratio = np.array(service.ratios(asked, posts[name], posts[today.name]))
        found.append(service.run(asked, option, ground, service.cars_of(asked, option, ground, ratio)))
    return [None if one.reasons else one for one in found]


def paired(case: Case, before: service.Outcome | None, after: service.Outcome | None) -> Pair | None:
    """The change from one map to another, week by week; None where either has no steady state.

    The range of a change that is the same in every week is that change.
    """
    if before is None or after is None:
        return None
    weights = np.array([case.system.area(code).population or 0 for code in case.scheme.scope], dtype=np.float64)
    calls = np.maximum(1.0, before.calls.mean(axis=0))
    by_area = 100.0 * (after.on_time - before.on_time) / calls
    each = t_interval(by_area, level=_LEVEL)
    whole = t_interval(np.tensordot(by_area, weights / weights.sum(), axes=(1, 0)), level=_LEVEL)
    ends = [np.where(np.isnan(end), one.mean, end) for one in (whole, each) for end in (one.low, one.high)]
    return Pair(whole.mean, ends[0], ends[1], each.mean, ends[2], ends[3])
