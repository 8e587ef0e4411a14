"""Would the same method have found something where nothing happened, and does the answer hang on one choice?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from statistics import median

import numpy as np

from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation.effect import DEFAULT, Design, InTime
from bailiwick.evaluation.estimation import ALL_DONORS_LEFT_OUT, placebo_fits
from bailiwick.evaluation.fits import KERNEL_FROM, Recipe, Solver, padded, run
from bailiwick.evaluation.panel import Panel, Scale, TreatedGroup, start_position
from bailiwick.evaluation.placebo import rank_p
from bailiwick.evaluation.question import Question, chosen, placebo_sets, question

MOST_IN_TIME = 400


def in_time(
    panel: Panel,
    recipe: Recipe,
    starts: Sequence[str | int] | None = None,
    *,
    design: Design = DEFAULT,
    pilot: str | None = None,
) -> tuple[InTime, ...]:
    """The effect at starts that never were, on data cut before the real one, each with every placebo refitted.

    `starts`: labels or positions; None takes up to three, a year into the window (half of a window shorter than two)
    and evenly spread. Empty when the window before the start is too short for any, or a treated series never moved in
    it. In a very large pool every so many-th placebo set serves, so that there are at most four hundred; each answer
    carries their number.
    """
    asked = question(panel, design, pilot=pilot)
    first, stop = asked.columns[0], asked.columns[asked.sample.before - 1] + 1
    places = _default_starts(panel, first, stop) if starts is None else [_place(panel, s) for s in starts]
    for place in places:
        if not first + 2 <= place < stop:
            raise CaseError(
                "panel",
                "in-time start",
                got=panel.periods[min(max(place, 0), panel.axis.count - 1)],
                expected=f"a period from {panel.periods[min(first + 2, stop - 1)]} up to the one before the real start",
            )
    cut = replace(design, until=stop, anticipation=0)
    early = panel.y[list(asked.treated)][:, list(asked.columns[: asked.sample.before])]
    if starts is None and (np.ptp(early, axis=1) == 0).any():
        return ()
    return tuple(_in_time(panel, recipe, place, cut, pilot) for place in places)


def _place(panel: Panel, start: str | int) -> int:
    return start if isinstance(start, int) else start_position(panel.axis, start)[0]


def _default_starts(panel: Panel, first: int, stop: int) -> list[int]:
    year = max(2, int(np.ceil(panel.axis.per_year or 2)))
    earliest = first + max(3, min(year, (stop - first) // 2))
    room = stop - 1 - earliest
    if room < 0:
        return []
    return sorted({earliest + round(room * share) for share in (0.25, 0.5, 0.75)})


def _in_time(panel: Panel, recipe: Recipe, place: int, design: Design, pilot: str | None) -> InTime:
    moved = replace(panel, breaks=(), pilots=tuple(TreatedGroup(g.id, g.units, place) for g in panel.pilots))
    asked = question(moved, design, pilot=pilot)
    sets, _ = placebo_sets(asked)
    if len(asked.sample.pool) > ALL_DONORS_LEFT_OUT:
        sets = sets[:: -(-len(sets) // MOST_IN_TIME)]
    effects = placebo_fits(asked, recipe, sets, weights=False).effects
    att = float(effects[0])
    return InTime(panel.periods[place], att, rank_p(att, effects[1:]), len(sets))


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The choices that a plan lets vary: every combination is one specification.

    `since`: first positions of the window; `after`: numbers of periods after the start; `leave_out`: named sets of
    donors left out; `starts`: positions of the start; `anticipation`: periods dropped before it.
    """

    methods: tuple[str, ...] = ("did", "sc", "dsc", "sdid")
    since: tuple[int, ...] = (0,)
    after: tuple[int | None, ...] = (None,)
    leave_out: tuple[tuple[str, tuple[str, ...]], ...] = (("all donors", ()),)
    scales: tuple[Scale, ...] = ("level",)
    starts: tuple[int | None, ...] = (None,)
    anticipation: tuple[int, ...] = (0,)

    @property
    def count(self) -> int:
        """The number of specifications."""
        sizes = (self.methods, self.since, self.after, self.leave_out, self.scales, self.starts, self.anticipation)
        return int(np.prod([len(s) for s in sizes]))


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination of choices and the effect under it; `share` is the effect in per cent of the level before."""

    method: str
    since: str
    start: str
    after: int
    donors: str
    scale: str
    anticipation: int
    att: float
    share: float


@dataclass(frozen=True, slots=True)
class Multiverse:
    """The effects of all declared specifications, smallest first, and what share has the headline's sign.

    No p comes out of it. `refused`: specifications that could not be computed, with the reason of the first.
    """

    specifications: tuple[Specification, ...]
    same_sign: float
    median: float
    low: float
    high: float
    refused: int
    reason: str


def multiverse(
    panel: Panel,
    recipes: dict[str, Recipe],
    dimensions: Dimensions,
    *,
    design: Design = DEFAULT,
    pilot: str | None = None,
    headline: float | None = None,
) -> Multiverse:
    """The effect under every combination of the declared choices, and how many agree in sign with the headline.

    `headline`: the effect whose sign counts; None takes the first specification's.
    Shares (per cent of the treated level before the start, log points times 100) make the scales comparable; where the
    treated stood at nothing, per cent of the panel's mean size.
    """
    outer = product(
        dimensions.since,
        dimensions.after,
        dimensions.leave_out,
        dimensions.scales,
        dimensions.starts,
        dimensions.anticipation,
    )
    solver: Solver = "active set" if dimensions.count >= KERNEL_FROM else "auto"
    rows: list[Specification] = []
    refused, reason = 0, ""
    for since, after, (donors, gone), scale, start, anticipation in outer:
        variant = replace(
            design,
            since=since,
            leave_out=design.leave_out + gone,
            scale=scale,
            anticipation=anticipation,
            solver=solver,
        )
        try:
            asked = _variant(panel, variant, start=start, after=after, pilot=pilot)
        except (MethodError, CaseError) as error:
            refused += len(dimensions.methods)
            reason = reason or str(error)
            continue
        rows.extend(_specification(asked, recipes[method], donors) for method in dimensions.methods)
    if not rows:
        raise MethodError(f"no specification of the multiverse can be computed: {reason}")
    return _summary(rows, rows[0].share if headline is None else headline, refused, reason)


def _variant(panel: Panel, design: Design, *, start: int | None, after: int | None, pilot: str | None) -> Question:
    if start is not None:
        panel = replace(panel, pilots=tuple(replace(g, start=start, phases=()) for g in panel.pilots))
    if after is not None:
        begins = max(g.start for g in chosen(panel, pilot)[1])
        end = panel.axis.count if design.until is None else design.until
        design = replace(design, until=min(begins + after, end))
    return question(panel, design, pilot=pilot)


def _specification(asked: Question, recipe: Recipe, donors: str) -> Specification:
    rows = padded([asked.treated])
    att = float(run(asked.sample, recipe, rows, rows, solver=asked.design.solver, weights=False).effects[0])
    before, labels = asked.sample.before, asked.labels
    return Specification(
        recipe.name,
        labels[0],
        labels[before],
        len(labels) - before,
        donors,
        asked.design.scale,
        asked.design.anticipation,
        att,
        _share(asked, att),
    )


def _share(asked: Question, att: float) -> float:
    if asked.design.scale == "index":
        return att
    if asked.design.scale == "log":
        return 100 * att
    rows, columns = list(asked.treated), list(asked.columns[: asked.sample.before])
    level = abs(float(asked.panel.y[rows][:, columns].mean())) or float(np.abs(asked.panel.y).mean())
    return 100 * att / level


def _summary(rows: list[Specification], head: float, refused: int, reason: str) -> Multiverse:
    shares = [r.share for r in rows]
    agree = sum(s * head > 0 for s in shares) / len(shares)
    ordered = sorted(rows, key=lambda r: (r.share, r.method, r.since, r.start, r.donors, r.scale, r.after))
    return Multiverse(tuple(ordered), agree, median(shares), min(shares), max(shares), refused, reason)


def usual_dimensions(panel: Panel, design: Design = DEFAULT, *, pilot: str | None = None) -> Dimensions:
    """Choices that anybody would try on an unknown panel: window, length after, start one period off, donors, scale.

    Used where no plan declares its own; results from it are labelled exploratory.
    """
    asked = question(panel, design, pilot=pilot)
    before, count = asked.sample.before, asked.sample.y.shape[1] - asked.sample.before
    first = asked.columns[0]
    since = sorted({first, first + before // 4, first + before // 2} if before >= 8 else {first})
    after = sorted({count, max(1, (2 * count) // 3), max(1, count // 3)})
    scales: tuple[Scale, ...] = ("level",)
    early = panel.y[:, list(asked.columns[:before])]
    if (early.mean(axis=1) > 0).all():
        scales = ("level", "index", "log") if (panel.y > 0).all() else ("level", "index")
    ring: tuple[tuple[str, tuple[str, ...]], ...] = ()
    if panel.adjacency is not None and not design.drop_ring:
        touching = tuple(panel.units[k] for k in panel.touching(panel.treated))
        ring = (("without the ring", touching),) if touching else ()
    starts = _shifted_starts(panel, asked)
    return Dimensions(
        since=tuple(since), after=tuple(after), leave_out=(("all donors", ()), *ring), scales=scales, starts=starts
    )


def _shifted_starts(panel: Panel, asked: Question) -> tuple[int | None, ...]:
    own = asked.columns[asked.sample.before]
    return tuple(p for p in (own - 1, own, own + 1) if asked.columns[0] + 2 <= p < asked.columns[-1] + 1)
