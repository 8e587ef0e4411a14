"""Which numbers answer the question: which window, which scale, which donors, which placebo sets?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bailiwick.errors import CaseError, MethodError, nearest
from bailiwick.evaluation.effect import DEFAULT, Design, checked
from bailiwick.evaluation.fits import Sample
from bailiwick.evaluation.panel import Floats, Panel, PeriodPhase, Scale, TreatedGroup
from bailiwick.evaluation.reference import all_groups, contiguous_groups, disjoint, drawn_groups, is_joined_up

POOLED = "pooled"


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One pilot (or all pilots pooled) on one outcome: sample, treated positions by pilot, and the columns' labels.

    `columns`: the panel position of each column of the sample. `phases`: runs of sample columns.
    """

    panel: Panel
    design: Design
    pilot: str
    members: tuple[tuple[int, ...], ...]
    sample: Sample
    columns: tuple[int, ...]
    phases: tuple[PeriodPhase, ...]
    unit: str
    notes: tuple[str, ...] = ()

    @property
    def treated(self) -> tuple[int, ...]:
        """Positions of the treated units of this question."""
        return tuple(sorted(k for group in self.members for k in group))

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each column of the sample."""
        periods = self.panel.periods
        return tuple(periods[k] for k in self.columns)


def chosen(panel: Panel, pilot: str | None) -> tuple[str, tuple[TreatedGroup, ...]]:
    """The name of the question and its pilots: the only one, the one named, or all of them pooled."""
    if not panel.pilots:
        raise MethodError("the panel names no treated unit: use with_pilots")
    if pilot is None or pilot == POOLED:
        name = panel.pilots[0].id if len(panel.pilots) == 1 else POOLED
        return name, panel.pilots
    for group in panel.pilots:
        if group.id == pilot:
            return pilot, (group,)
    raise CaseError(
        "panel", "pilot", got=pilot, expected="a pilot of the panel", hint=nearest(pilot, [p.id for p in panel.pilots])
    )


def question(panel: Panel, design: Design = DEFAULT, *, pilot: str | None = None) -> Question:
    """The sample that answers `design` for one pilot, or for all pilots as one treated set.

    Pooled pilots that started apart are compared before the first and after the last start.
    """
    checked(design)
    name, groups = chosen(panel, pilot)
    start, stop = max(g.start for g in groups), min(g.start for g in groups) - design.anticipation
    since, until = design.since or 0, panel.axis.count if design.until is None else design.until
    y, lost = scaled(panel, design.scale, since=since, stop=stop)
    since = max(since, lost)
    _refuse_window(panel, (since, stop, start, until))
    columns = (*range(since, stop), *range(start, until))
    members = tuple(panel.positions(g.units, key="treated") for g in groups)
    pool = donor_pool(panel, design)
    _refuse_series(panel, y[:, columns], members, pool)
    sample = Sample(
        np.ascontiguousarray(y[:, columns]), stop - since, np.asarray(pool, dtype=np.int64), design.noise == "demeaned"
    )
    place = {column: k for k, column in enumerate(columns)}
    phases = _phases(groups, place, start, until)
    notes = tuple(
        f"{g.id}: the first treated period is exposed for {g.exposed:.0%} of its length"
        for g in groups
        if g.exposed < 1
    )
    return Question(panel, design, name, members, sample, columns, phases, _unit(panel, design.scale), notes)


def donor_pool(panel: Panel, design: Design) -> tuple[int, ...]:
    """Positions of the untreated units that may serve as donors: never a pilot, nor what the design leaves out."""
    gone = set(panel.treated) | set(panel.positions(design.leave_out, key="donor left out"))
    if design.drop_ring:
        if panel.adjacency is None:
            raise MethodError("a spillover ring needs to know which units touch: give --adjacency")
        gone |= set(panel.touching(panel.treated, over_water=design.ring_over_water))
    return tuple(k for k in range(len(panel.units)) if k not in gone)


def scaled(panel: Panel, scale: Scale, *, since: int, stop: int) -> tuple[Floats, int]:
    """y[units, periods] on the scale asked for, and the first period that has a value on it.

    index: own mean over [since, stop) = 100. log: natural logarithm. year on year: change on the same period last year.
    """
    y = panel.y
    if scale == "level":
        return y, 0
    if scale == "index":
        mean = y[:, since:stop].mean(axis=1, keepdims=True) if stop > since else np.ones((len(y), 1))
        low = np.flatnonzero(mean[:, 0] <= 0)
        if len(low):
            raise MethodError(f"{panel.units[low[0]]}: mean before the start is not above zero, so it has no index")
        return y / mean * 100.0, 0
    if scale == "log":
        if (y <= 0).any():
            i, t = np.argwhere(y <= 0)[0]
            raise MethodError(f"{panel.units[i]}, {panel.periods[t]}: {y[i, t]:g} has no logarithm")
        return np.log(y), 0
    if scale != "year on year":
        raise MethodError(f'scale is {scale!r}: it must be "level", "index", "log" or "year on year"')
    lag = panel.axis.per_year
    if lag is None or lag != int(lag) or lag < 2:
        raise MethodError("year-on-year change needs monthly or quarterly periods")
    out = np.zeros_like(y)
    out[:, int(lag) :] = y[:, int(lag) :] - y[:, : -int(lag)]
    return out, int(lag)


def placebo_sets(asked: Question) -> tuple[tuple[tuple[int, ...], ...], str]:
    """The sets of donors that stand in for the treated, and the sentence that says how they were chosen."""
    panel, design, pool = asked.panel, asked.design, tuple(int(k) for k in asked.sample.pool)
    kind: str = design.reference
    if kind == "auto":
        joined = panel.adjacency is not None and all(is_joined_up(m, panel.adjacency) for m in asked.members)
        kind = "listed" if panel.groups else "contiguous" if joined else "random" if design.draws else "all"
    families = [_family(panel, design, kind, pool, size=len(m)) for m in asked.members]
    rows = [tuple(sorted(k for group in row for k in group)) for row in disjoint(families)]
    room = len(pool) - sum(len(m) for m in asked.members)
    if not rows or room < 1:
        raise MethodError(
            f"no placebo set: {asked.pilot} has {len(asked.treated)} units, and {len(pool)} donors have no group "
            "like it that leaves donors over. Fewer exclusions, more donors or smaller pilots (--groups) would help"
        )
    return tuple(rows), _said(kind, [len(m) for m in asked.members], len(rows), design)


def _family(
    panel: Panel, design: Design, kind: str, pool: tuple[int, ...], *, size: int
) -> tuple[tuple[int, ...], ...]:
    if kind == "contiguous":
        if panel.adjacency is None:
            raise MethodError("contiguous placebo groups need to know which units touch: give --adjacency")
        return contiguous_groups(pool, panel.adjacency, size)
    if kind == "listed":
        inside = frozenset(pool)
        return tuple(g for g in panel.groups if inside.issuperset(g))
    if kind == "random":
        return drawn_groups(pool, size, count=design.draws or 999, rng=np.random.default_rng(0))
    return all_groups(pool, size)


def _said(kind: str, sizes: list[int], count: int, design: Design) -> str:
    what = " with ".join(f"{n} donors" if n > 1 else "single donors" for n in sizes)
    if len(sizes) > 1 and kind != "random":
        joined = "joined-up " if kind == "contiguous" else "listed " if kind == "listed" else ""
        return f"all {count:,} ways of taking {joined}groups of {what}, no donor twice"
    how = {
        "contiguous": f"all {count:,} joined-up groups of {what}",
        "listed": f"all {count:,} listed donor groups",
        "random": f"{count:,} groups of {what} drawn at random (seed 0): who touches whom is unknown, too many to list",
    }.get(kind, f"all {count:,} groups of {what}")
    return "all " + str(count) + " single donors" if sizes == [1] and kind in ("all", "contiguous") else how


def _phases(groups: Sequence[TreatedGroup], place: dict[int, int], start: int, until: int) -> tuple[PeriodPhase, ...]:
    """Phases as runs of sample columns; for a pool, those that all its pilots share."""
    shared = [p for p in groups[0].phases if all(p in g.phases for g in groups[1:])]
    found = []
    for phase in shared:
        first, last = max(phase.first, start), min(phase.last, until)
        if first < last:
            found.append(replace(phase, first=place[first], last=place[last - 1] + 1))
    return tuple(found)


def _refuse_window(panel: Panel, edges: tuple[int, int, int, int]) -> None:
    since, stop, start, until = edges
    labels = panel.periods
    if not since >= 0 or until > len(labels):
        raise CaseError("panel", "window", got=f"{since} to {until}", expected=f"positions from 0 to {len(labels)}")
    if stop - since < 2:
        raise MethodError(
            f"{max(0, stop - since)} period(s) before the start: at least two are needed to see where they headed"
        )
    if until <= start:
        raise MethodError(f"no period after the start at {labels[start]}")
    for change in panel.breaks:
        if since < change.at < until and not change.parent:
            raise MethodError(
                f"{panel.outcome}: {change.what} from {labels[change.at]}, inside the window: before and after it the "
                "series counts different things. Use a total that did not change, or a window on one side"
            )


def _refuse_series(panel: Panel, y: Floats, members: Sequence[tuple[int, ...]], pool: tuple[int, ...]) -> None:
    bad = np.argwhere(~np.isfinite(y))
    if len(bad):
        raise MethodError(f"{panel.units[bad[0][0]]}: a value that is not a finite number")
    for k in (k for group in members for k in group):
        if np.ptp(y[k]) == 0:
            raise MethodError(f"{panel.units[k]}: the treated series never changes ({y[k, 0]:g} in every period)")
    if len(pool) and all(np.ptp(y[k]) == 0 for k in pool):
        raise MethodError("no donor's series ever changes: there is nothing to compare with")


def _unit(panel: Panel, scale: Scale) -> str:
    return {"index": "% of own mean before", "log": "log points"}.get(scale, panel.unit)
