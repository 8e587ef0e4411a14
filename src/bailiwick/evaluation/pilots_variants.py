"""Does a result of the pilots hang on a start, a window, a scale, a donor, or on something else that happened there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bailiwick.case import Case
from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.effect import Design, Effect
from bailiwick.evaluation.fits import padded, run
from bailiwick.evaluation.panel import Panel, TreatedGroup
from bailiwick.evaluation.pilots_panels import Measured
from bailiwick.evaluation.pilots_readings import JOINT, Findings, Reading, findings
from bailiwick.evaluation.pilots_words import (
    POINTS_OR_SHARE,
    amount,
    group_of,
    listed,
    measured_in,
    nothing,
    pilot_words,
    rounded,
)
from bailiwick.evaluation.question import question
from bailiwick.evaluation.robustness import Dimensions, Multiverse, multiverse
from bailiwick.evaluation.rolling import non_overlapping
from bailiwick.evaluation.strength import Confounder
from bailiwick.tables import Cell, ResultTable

MOST_TOLD = 3
EXTREME = 10
_VARIANTS = (
    ("outcome", ""), ("pilot", ""), ("measured_in", ""), ("effect", POINTS_OR_SHARE), ("by_start", POINTS_OR_SHARE),
    ("specifications", ""), ("same_sign", "share of variants"), ("all_variants", "% of the level before"),
    ("all_variants_low", "% of the level before"), ("all_variants_high", "% of the level before"),
    ("neighbours", POINTS_OR_SHARE), ("windows_apart", POINTS_OR_SHARE),
)
_CONFOUNDERS = (
    ("kind", ""), ("name", ""), ("where", ""), ("first", ""), ("last", ""), ("touches", ""), ("direction", ""),
    ("on_record", ""), ("source", ""), ("test", ""), ("shows", ""), ("state", ""),
)


def variants(case: Case) -> ResultTable:
    """For each outcome and pilot: the effect under each declared start, and its range over all declared choices."""
    name, title = "pilots_variants", "Do the pilots' results hang on one choice?"
    found = findings(case)
    if found is None:
        return nothing(name, title, _VARIANTS)
    own = [r for r in found.headline() if r.pilot != JOINT]
    rows = tuple(_variant_row(found, r) for r in own)
    firm = sum(row[6] == 1.0 for row in rows)
    note = (f"In {firm} of {len(rows)} results every declared variant has the sign of the planned one; in the others "
            "the direction hangs on choices that could as well have been made otherwise. Variants: the declared "
            "starts, months left out before them, donors without the neighbours, scale and method; no p comes out of "
            "them." if rows else "No outcome was measured, so none can be varied.")
    return ResultTable(name, title, tuple(c for c, _ in _VARIANTS), tuple(u for _, u in _VARIANTS), rows, note=note)


def _variant_row(found: Findings, r: Reading) -> tuple[Cell, ...]:
    one = r.measured
    declared = found.plan.dimensions(one.panel)
    every = _multiverse(one, declared, r)
    starts = _multiverse(one, Dimensions(methods=(r.method,), starts=declared.starts, scales=(one.design.scale,)), r)
    ordered = sorted(starts.specifications, key=lambda s: s.start) if starts else []
    told = "; ".join(f"{s.start}: {rounded(s.att, 1):+.1f}" for s in ordered)
    return (
        one.title, pilot_words(found, r.pilot), measured_in(one.unit), rounded(r.att), _without_repeats(told),
        len(every.specifications) if every else 0, rounded(every.same_sign) if every else None,
        rounded(every.median, 1) if every else None, rounded(every.low, 1) if every else None,
        rounded(every.high, 1) if every else None, rounded(ring(one, r.pilot, r.method)), rounded(_apart(one, r)),
    )


def _without_repeats(text: str) -> str:
    return "; ".join(dict.fromkeys(text.split("; ")))


def _multiverse(one: Measured, dimensions: Dimensions, r: Reading) -> Multiverse | None:
    try:
        return multiverse(one.panel, RECIPES, dimensions, design=one.design, pilot=r.pilot, headline=r.att)
    except (MethodError, CaseError):
        return None


def ring(one: Measured, pilot: str, method: str) -> float | None:
    """The effect on the neighbours of a pilot as if they had been treated: a hint of spillover; None without a ring."""
    panel = one.panel
    group = next(g for g in panel.pilots if g.id == pilot)
    around = tuple(k for k in panel.touching(panel.positions(group.units)) if k not in panel.treated)
    if not around:
        return None
    moved = replace(panel, pilots=(TreatedGroup("ring", tuple(panel.units[k] for k in around), group.start),))
    gone = tuple(panel.units[k] for k in panel.treated)
    return _fitted(moved, replace(one.design, leave_out=one.design.leave_out + gone, drop_ring=False), method, None)


def _fitted(panel: Panel, design: Design, method: str, pilot: str | None) -> float | None:
    try:
        asked = question(panel, design, pilot=pilot)
    except (MethodError, CaseError):
        return None
    rows = padded([asked.treated])
    return float(run(asked.sample, RECIPES[method], rows, rows, solver="nnls", weights=False).effects[0])


def _apart(one: Measured, r: Reading) -> float | None:
    """The plain difference in differences on windows that share no interview; None where values do not overlap."""
    if one.window == 1:
        return None
    try:
        panel = non_overlapping(one.panel, window=one.window)
    except MethodError:
        return None
    return _fitted(panel, one.design, "did", r.pilot)


def confounders(case: Case) -> ResultTable:
    """What else happened there and then, changes of definition, neighbours, and how extreme the pilots stood before."""
    name, title = "pilots_confounders", "What else could explain a change in the pilots?"
    found = findings(case)
    if found is None:
        return nothing(name, title, _CONFOUNDERS)
    names = {area.code: area.name for area in case.system.areas}
    rows = [_register_row(found, c, names) for c in found.plan.confounders]
    rows += [_break_row(found, entry) for entry in found.plan.breaks]
    rows += [row for group in found.plan.pilots for row in (_rank_row(found, group.id), _ring_row(found, group.id))]
    still = [c.name for c in found.plan.confounders if c.state == "open"]
    note = (f"{len(still)} of {len(found.plan.confounders)} rival explanations are open: no published figure rules "
            "them out, so a change in a pilot is a change there and then, not shown to be the merger's.")
    return ResultTable(name, title, tuple(c for c, _ in _CONFOUNDERS), tuple(u for _, u in _CONFOUNDERS), tuple(rows),
                       note=note)


def _register_row(found: Findings, c: Confounder, names: dict[str, str]) -> tuple[Cell, ...]:
    titles = [one.title.lower() for one in found.measured if one.name in c.outcomes]
    return ("named confounder", c.name, listed([names.get(a, a) for a in c.areas]) if c.areas else "everywhere",
            c.start or "not dated", c.end or "still going on", listed(titles) if c.outcomes else "anything",
            c.direction, c.evidence, c.source, c.test, _tested(found, c, names), c.state)


def _tested(found: Findings, c: Confounder, names: dict[str, str]) -> str:
    """What the declared test shows on up to three results that the confounder may touch, the largest first."""
    touched = [r for r in found.headline() if r.pilot != JOINT and c.touches(r.measured.name)
               and (c.outcomes or r.measured.planned.role == "primary")]
    touched.sort(key=lambda r: (r.p, r.measured.name, r.pilot))
    said = [text for r in touched if (text := _one_test(found, c, r, names))]
    if said:
        return "; ".join(said[:MOST_TOLD])
    if not c.areas and c.state == "tested":
        return "the comparison areas had it too, so only an uneven part of it would show"
    return "no test is possible on published figures"


def _one_test(found: Findings, c: Confounder, r: Reading, names: dict[str, str]) -> str:
    one, head = r.measured, f"{r.measured.title.lower()}, {pilot_words(found, r.pilot)}"
    donors = tuple(a for a in c.areas if a in one.panel.units and one.panel.positions([a])[0] not in one.panel.treated)
    if donors:
        moved = _fitted(one.panel, replace(one.design, leave_out=one.design.leave_out + donors), r.method, r.pilot)
        told = listed([names.get(a, a) for a in donors])
        return "" if moved is None else f"{head}: {amount(r.att, r)}, and {amount(moved, r)} without {told}"
    inside, outside = _split(found.effects[one.name, r.pilot, r.method], one.panel, c, group_of(r, r.pilot).start)
    if inside is None or outside is None:
        return ""
    return f"{head}: {amount(inside, r)} while it lasted, {amount(outside, r)} in the other periods"


def _split(effect: Effect, panel: Panel, c: Confounder, start: int) -> tuple[float | None, float | None]:
    """The mean effect inside and outside the dates of a confounder, None on a side without a period."""
    place = {label: k for k, label in enumerate(panel.periods)}
    first = int(np.floor(panel.axis.position(c.start) + 1e-9)) if c.start else 0
    last = int(np.ceil(panel.axis.position(c.end) - 1e-9)) if c.end else panel.axis.count
    after = [(place[label], value) for label, value in effect.by_period if place[label] >= start]
    sides = [[v for k, v in after if (first <= k < last) == side] for side in (True, False)]
    inside, outside = (float(np.mean(side)) if side else None for side in sides)
    return inside, outside


def _break_row(found: Findings, entry: tuple[str, str, str, str]) -> tuple[Cell, ...]:
    series, at, what, parent = entry
    title = next((one.title for one in found.measured if one.name == series), series)
    return ("change of definition", "What is counted was redefined", "everywhere", at, "for good", title.lower(),
            "between its parts", what, "the case's evaluation plan", "use a total that did not change",
            f"{parent} is used: the change moves crimes inside it" if parent else "no stable total: not used",
            "ruled out" if parent else "open")


def _rank_row(found: Findings, pilot: str) -> tuple[Cell, ...]:
    told = [text for one in found.measured if (text := _extreme(one, pilot))]
    state = "open" if told else "ruled out"
    shows = (f"extreme in {len(told)} of {len(found.measured)} outcomes: {listed(told)}; an extreme place tends back "
             "by itself" if told else f"in none of {len(found.measured)} outcomes among the most extreme tenth")
    return ("regression to the mean", "Where the pilot stood before", pilot_words(found, pilot),
            "the year before the start", "the start", "anything", "towards the others",
            "The pilots were chosen, not drawn", "worked out here", "rank among all areas in the last year before",
            shows, state)


def _extreme(one: Measured, pilot: str) -> str:
    panel = one.panel
    group = next(g for g in panel.pilots if g.id == pilot)
    year = int(panel.axis.per_year or 1)
    early = panel.y[:, max(0, group.start - year):group.start].mean(axis=1)
    own = float(early[list(panel.positions(group.units))].mean())
    others = np.array([early[k] for k in range(len(panel.units)) if k not in panel.treated])
    rank, count = 1 + int((others > own).sum()), len(others) + 1
    if EXTREME * rank > count and EXTREME * (count + 1 - rank) > count:
        return ""
    return f"{one.title.lower()} ({rank} of {count} from the top)"


def _ring_row(found: Findings, pilot: str) -> tuple[Cell, ...]:
    told: Sequence[str] = [
        f"{r.measured.title.lower()} {amount(value, r)}" for r in found.headline(pilot=pilot)
        if r.measured.planned.role == "primary" and (value := ring(r.measured, pilot, r.method)) is not None]
    return ("spillover", "Neighbours of the pilot as if they had been treated", pilot_words(found, pilot), "the start",
            "still going on", "anything", "either", "Neighbours lend and borrow cars, and crime moves",
            "worked out here", "estimate the neighbours", listed(told), "open" if told else "tested")
