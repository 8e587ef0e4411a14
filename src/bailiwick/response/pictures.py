"""What do the central assumptions show, drawn: each area, the desk, the levers, the designs, the officers?

Every table is of one case, its assumptions as they stand; ranges over the accepted sets are elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import numpy as np

from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.response import groundwork, service
from bailiwick.response.groundwork import with_servers
from bailiwick.response.service import PAIRED, Adjust, Outcome, Posts, Scene
from bailiwick.response.statistics import t_interval
from bailiwick.response.town import Regime
from bailiwick.scheme import Command, Grouping, OperatingModel, Option
from bailiwick.tables import Cell, ResultTable

DESK_LOADS = (0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 0.97)
"""Loads of one pooled desk at which the curve is drawn."""

STRENGTHS = (0.8, 0.9, 1.0, 1.1, 1.2)
GRADES = ("immediate", "significant")

Rows = list[tuple[Cell, ...]]
PostsByOption = Mapping[str, Posts]


def merged_option(case: Case) -> Option | None:
    """The proposal, if the case has one and it merges anything."""
    found = next((o for o in case.scheme.options if o.kind == "proposed"), None)
    return found if found and any(len(c.areas) > 1 for c in found.grouping.commands) else None


def variant(case: Case, option: Option, name: str, **changes: object) -> tuple[Case, Option]:
    """The case and the option with the models of its merged commands changed, under another name."""
    models: list[OperatingModel] = []
    commands: list[Command] = []
    for command in option.grouping.commands:
        model = case.scheme.model(command.model)
        if len(command.areas) > 1:
            model = replace(model, name=f"{model.name}/{name}", **changes)  # type: ignore[arg-type]
            models.append(model)
        commands.append(replace(command, model=model.name))
    scheme = replace(case.scheme, models=(*case.scheme.models, *models))
    return replace(case, scheme=scheme), replace(option, grouping=Grouping(tuple(commands)))


def by_area(case: Case, posts_by_option: PostsByOption) -> ResultTable:
    """Each measure that carries an interval, by option and area, with its change against today and against the cuts."""
    rows: Rows = []
    known = {o.name: service.asked(case, o, posts_by_option) for o in case.scheme.options}
    bases = [next((o.name for o in case.scheme.options if o.kind == kind), None) for kind in ("today", "cuts")]
    for option in case.scheme.options:
        outcome = known[option.name]
        if isinstance(outcome, Unavailable):
            continue
        against = [known[name] if name else Unavailable("unknown") for name in bases]
        for j, name in enumerate(PAIRED):
            here = _weekly(outcome, j)
            interval = t_interval(here, level=service.LEVEL)
            changes = [_changes(base, outcome, j) for base in against]
            for k, code in enumerate(case.scheme.scope):
                rows.append((option.name, code, name, float(_level(outcome, j)[k]), float(interval.low[k]),
                             float(interval.high[k]), *changes[0][k], *changes[1][k]))
    columns = ("option", "area", "measure", "value", "low", "high", "against_today", "against_today_low",
               "against_today_high", "against_cuts", "against_cuts_low", "against_cuts_high")
    return ResultTable(
        "response_by_area", "Response by area and option, central assumptions", columns,
        ("", "", "", *("% or minutes",) * 9), tuple(rows),
        note="Intervals hold chance within one set of assumptions: 90% over weeks, changes paired on the same calls.")


def _level(outcome: Outcome, j: int) -> np.ndarray:
    return (outcome.share() if j < 2 else outcome.mean())[:, j % 2]


def _weekly(outcome: Outcome, j: int) -> np.ndarray:
    if j < 2:
        whole = 100.0 * outcome.on_time / np.maximum(1.0, outcome.calls)
        return np.asarray(whole[:, :, j])
    return np.asarray(service.weekly_means(outcome)[:, :, j % 2])


def _changes(base: Outcome | Unavailable, outcome: Outcome, j: int) -> list[tuple[Cell, Cell, Cell]]:
    if isinstance(base, Unavailable):
        return [(None, None, None)] * outcome.calls.shape[1]
    change = _level(outcome, j) - _level(base, j)
    interval = t_interval(_weekly(outcome, j) - _weekly(base, j), level=service.LEVEL)
    return [(float(change[k]), float(interval.low[k]), float(interval.high[k])) for k in range(len(change))]


def total(outcome: Outcome, grade: int) -> float:
    """Per cent of calls on time over all areas of the scheme."""
    return 100.0 * float(outcome.on_time[:, :, grade].sum() / max(1.0, outcome.calls[:, :, grade].sum()))


def _shares(outcome: Outcome) -> tuple[Cell, Cell, Cell, Cell]:
    """On time over all areas and in the worst area, I and S; nothing where the run saturates."""
    if outcome.reasons:
        return None, None, None, None
    share = outcome.share()
    return total(outcome, 0), total(outcome, 1), float(share[:, 0].min()), float(share[:, 1].min())


def desk_curve(case: Case) -> ResultTable:
    """What the load of the dispatcher's desk alone does: the same cars, calls and jobs, on one channel or several."""
    rows: Rows = []
    option = merged_option(case)
    if option is not None and groundwork.can_simulate(case):
        today = groundwork.today_of(case)
        ground = service.scene(case, service.steady(case))
        first = service.run(case, option, ground, ground.cars, adjust=_desk(ground, 1.0, 1))
        for load in DESK_LOADS:
            factor = load / float(first.desk[0])
            for label, who, desks in (("today, a desk for each area", today, None), ("pooled, one desk", option, 1),
                                      ("pooled, two desks", option, 2)):
                outcome = service.run(case, who, ground, ground.cars, adjust=_desk(ground, factor, desks))
                rows.append((load, factor, label, *_shares(outcome)))
    return ResultTable(
        "response_desk_curve", "Pooling against the load of the dispatcher's desk",
        ("pooled_desk_load", "desk_work_factor", "arrangement", "immediate", "significant", "worst_area_immediate",
         "worst_area_significant"),
        ("share", "ratio", "", "%", "%", "%", "%"), tuple(rows),
        note="Nothing differs between the arrangements but who may be sent and how many desks the channel has. "
             + _turn(rows))


def _desk(ground: Scene, factor: float, desks: int | None) -> Adjust:
    def adjust(regime: Regime) -> Regime:
        changed = regime._replace(
            carry=0.0, desk_load=factor, desk_per_unit=regime.desk_per_unit * factor, parade=None, briefing=0.0,
            supervisors=None, spans=None)
        return with_servers(changed, ground.places.own, desks=desks)

    return adjust


def _turn(rows: Rows) -> str:
    """Where the curve says that pooling on one desk turns from benefit to harm."""
    told = []
    for column, grade in ((3, "immediate"), (4, "significant")):
        by_load: dict[float, dict[str, Cell]] = {}
        for row in rows:
            by_load.setdefault(float(str(row[0])), {})[str(row[2])] = row[column]
        worse = [load for load, cells in by_load.items() if _harms(cells)]
        told.append(f"{grade} calls from a load of {min(worse):.2f}" if worse else f"{grade} calls at no load examined")
    return "On one desk pooling harms " + " and ".join(told) + "." if rows else ""


def _harms(cells: Mapping[str, Cell]) -> bool:
    before, after = (cells.get(name) for name in ("today, a desk for each area", "pooled, one desk"))
    return isinstance(before, float) and (after is None or float(str(after)) < before)


def designs(case: Case) -> ResultTable:
    """The proposal under every mix of dispatch, desks, posting and parade, against today, with today's officers."""
    rows: Rows = []
    option = merged_option(case)
    before = service.asked(case, groundwork.today_of(case), None)
    if option is not None and not isinstance(before, Unavailable):
        today = case.scheme.model(groundwork.today_of(case).grouping.commands[0].model)
        lead = case.scheme.model(max(option.grouping.commands, key=lambda c: len(c.areas)).model)
        own = len(case.scheme.scope)
        for rule, desks, posting, bases in product(("pooled", "own-first"), (1, 2), ("by-area", "to-demand"),
                                                   (lead.bases, today.bases)):
            told, other = variant(case, option, f"{rule} {desks} {posting} {len(bases)}", dispatch=rule,
                                  posting=posting, bases=bases)
            ground = service.scene(told, service.steady(told))
            cars = groundwork.posted(told, other, ground.places, ground.cars)
            after = service.run(told, other, ground, cars, adjust=_with_desks(own, desks))
            parade = "as proposed" if bases == lead.bases else "today's stations"
            shares = None if after.reasons else after.share() - before.share()
            for k, code in enumerate(case.scheme.scope):
                cells = (None, None) if shares is None else (float(shares[k, 0]), float(shares[k, 1]))
                rows.append((rule, desks, posting, parade, code, *cells))
    return ResultTable(
        "response_designs", "The proposal under every mix of dispatch, desks, posting and parade",
        ("dispatch", "desks", "posting", "parade", "area", "immediate", "significant"),
        ("", "desks", "", "", "", "points against today", "points against today"), tuple(rows))


def _with_desks(own: int, desks: int) -> Adjust:
    return lambda regime: with_servers(regime, own, desks=desks)


def officers(case: Case, posts_by_option: PostsByOption) -> ResultTable:
    """Service against the number of response officers, for each way of working."""
    rows: Rows = []
    today = groundwork.today_of(case)
    for option in case.scheme.options:
        if option.kind in ("cuts", "pause") or not groundwork.can_simulate(case):
            continue
        told = posts_by_option[today.name]
        base = np.array(service.ratios(case, posts_by_option[option.name], told))
        for strength in STRENGTHS:
            ratio = tuple(float(r) for r in base * strength)
            number = sum(r * told[code] for r, code in zip(ratio, case.scheme.scope, strict=True))
            rows.append((option.name, number, *_shares(service.steady_outcome(case, option.grouping, ratio))))
    return ResultTable(
        "response_officers", "Service against the number of response officers",
        ("option", "officers", "immediate", "significant", "worst_area_immediate", "worst_area_significant"),
        ("", "officers", "%", "%", "%", "%"), tuple(rows),
        note="Cuts run as today with fewer officers: read them off today's line. Empty: no steady state.")


