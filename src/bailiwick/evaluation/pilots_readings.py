"""What did each pilot, and all of them together, do to each outcome in each phase, and how sure is it?

A pilot is the unit of assignment. The joint effect is the mean of the pilots' own effects, each on its own start; its
placebos are all disjoint ways of taking one placebo of each pilot, so no fit is made twice. Where those placebos share
members the joint p is never allowed below the smallest floor of a single pilot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from bailiwick.case import Case
from bailiwick.errors import MethodError
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.effect import Effect, Range
from bailiwick.evaluation.estimation import answered, placebo_fits
from bailiwick.evaluation.panel import Floats, Ints
from bailiwick.evaluation.pilots_panels import Measured, Refused, outcomes
from bailiwick.evaluation.placebo import interval, max_t, p_floor, rank_p
from bailiwick.evaluation.plan import Plan, plan_from_toml
from bailiwick.evaluation.power import minimum_detectable_effect
from bailiwick.evaluation.question import Question, question
from bailiwick.evaluation.reference import disjoint
from bailiwick.evaluation.robustness import in_time
from bailiwick.evaluation.strength import Circumstances, Judgement, judged

JOINT = "joint"
WHOLE = "whole period after the start"
Sets = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One effect: of a pilot or jointly, by one method, over one phase, with its placebo effects [n].

    `exposed`: mean share of the values that was observed after the start. `p` is for this outcome alone, `family_p`
    corrected for the other outcomes of its family.
    """

    measured: Measured
    method: str
    pilot: str
    phase: str
    first: str
    last: str
    periods: int
    att: float
    placebos: Floats
    exposed: float
    floor: float
    p: float
    interval: tuple[float, float] | None
    mde: float | None
    family_p: float | None = None
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Everything the pilots' tables are made of: the plan, what could not be measured, effects and readings."""

    plan: Plan
    measured: tuple[Measured, ...]
    refused: tuple[Refused, ...]
    effects: Mapping[tuple[str, str, str], Effect]
    readings: tuple[Reading, ...]

    def headline(self, *, pilot: str | None = None, phase: str | None = WHOLE) -> tuple[Reading, ...]:
        """The readings by the plan's method, of one pilot or all, over one phase or all."""
        return tuple(r for r in self.readings if r.method == self.plan.method and (phase is None or r.phase == phase)
                     and (pilot is None or r.pilot == pilot))


@lru_cache(maxsize=4)
def findings(case: Case) -> Findings | None:
    """The evaluation of a case's pilots by its plan, once per case; None where the case has no plan."""
    if not case.plan:
        return None
    plan = plan_from_toml(case.plan.encode(), where=f"case {case.name}, evaluation plan")
    measured, refused = outcomes(case, plan)
    effects: dict[tuple[str, str, str], Effect] = {}
    late: list[Refused] = []
    for one in measured:
        try:
            effects.update(_effects(plan, one))
        except MethodError as error:
            late.append(Refused(one.name, one.title, str(error)))
    gone = {refusal.name for refusal in late}
    kept = tuple(one for one in measured if one.name not in gone)
    return Findings(plan, kept, (*refused, *late), effects, _judged(plan, kept, effects))


def methods(plan: Plan) -> tuple[str, ...]:
    """The plan's methods, its headline first."""
    return tuple(dict.fromkeys((plan.method, *plan.also)))


def _effects(plan: Plan, one: Measured) -> dict[tuple[str, str, str], Effect]:
    found = {}
    for group in one.panel.pilots:
        asked = question(one.panel, one.design, pilot=group.id)
        recipe = RECIPES[plan.method]
        fakes = in_time(one.panel, recipe, never(one, group.start), design=one.design, pilot=group.id)
        head = replace(answered(asked, recipe), in_time=fakes)
        found[one.name, group.id, plan.method] = head
        for method in methods(plan)[1:]:
            found[one.name, group.id, method] = _beside(asked, head, method)
    return found


def _beside(asked: Question, head: Effect, method: str) -> Effect:
    """The answer of a method that stands beside the headline: same placebo sets, without the headline's own checks."""
    fits = placebo_fits(asked, RECIPES[method], head.placebo_sets)
    path, att, placebos = fits.path[0], float(fits.effects[0]), fits.effects[1:]
    return replace(
        head, method=method, att=att, gap=path, draws=fits.path[1:], synthetic=head.observed - path, weights=(),
        time_weights=(), kkt_gap=float(fits.kkt.max()), noise=float(fits.noise[0]), pre_rmspe=float(fits.rmspe[0]),
        placebo_p=rank_p(att, placebos), interval=interval(att, placebos, level=head.level),
        mde=minimum_detectable_effect(placebos, alpha=head.alpha, power=head.power), loo_range=None,
        near_optimal=None, in_time=(), flags=())


def never(one: Measured, start: int) -> tuple[int, ...] | None:
    """Starts that never were: a year and a year and a half before the real one, each a year or more into the panel.

    None where the panel is too short for either: then `in_time` looks for what there is.
    """
    year = int(one.panel.axis.per_year or 2)
    found = tuple(sorted(place for place in (start - year, start - year - year // 2) if place >= max(year, 3)))
    return found or None


def _judged(plan: Plan, measured: Sequence[Measured], effects: Mapping[tuple[str, str, str], Effect],
            ) -> tuple[Reading, ...]:
    raw = [reading for one in measured for method in methods(plan) for reading in _readings(one, method, effects)]
    corrected = _corrected(raw)
    signs = {(r.measured.name, r.pilot, r.phase, r.method): r for r in corrected}
    return tuple(replace(r, judgement=_judgement(plan, r, signs, effects)) if r.method == plan.method else r
                 for r in corrected)


def _readings(one: Measured, method: str, effects: Mapping[tuple[str, str, str], Effect]) -> Iterable[Reading]:
    """The pilots' own readings by phase, then the joint ones over the phases that all pilots have."""
    own: dict[str, dict[str, Reading]] = {}
    for group in one.panel.pilots:
        effect = effects[one.name, group.id, method]
        own[group.id] = dict(_by_phase(one, effect))
        yield from own[group.id].values()
    if len(own) < 2:
        return
    sets = tuple(effects[one.name, group.id, method].placebo_sets for group in one.panel.pilots)
    for phase in next(iter(own.values())):
        if all(phase in readings for readings in own.values()):
            yield _joint([readings[phase] for readings in own.values()], sets)


def _by_phase(one: Measured, effect: Effect) -> Iterable[tuple[str, Reading]]:
    place = {label: k for k, label in enumerate(effect.periods)}
    column = {label: k for k, label in enumerate(one.panel.periods)}
    exposed = one.exposed(effect.pilot)
    for phase in effect.by_phase:
        first, last = place[phase.first], place[phase.last] + 1
        share = float(exposed[column[phase.first]:column[phase.last] + 1].mean())
        att, placebos = float(effect.gap[first:last].mean()), effect.draws[:, first:last].mean(axis=1)
        yield phase.name, Reading(
            one, effect.method, effect.pilot, phase.name, phase.first, phase.last, phase.periods, att, placebos, share,
            effect.p_floor, rank_p(att, placebos), interval(att, placebos, level=effect.level),
            minimum_detectable_effect(placebos, alpha=effect.alpha, power=effect.power))


def _joint(parts: Sequence[Reading], sets: tuple[Sets, ...]) -> Reading:
    rows = combinations(sets)
    placebos = np.mean([part.placebos[rows[:, k]] for k, part in enumerate(parts)], axis=0)
    att, first = float(np.mean([part.att for part in parts])), parts[0]
    design, floor = first.measured.design, min(part.floor for part in parts)
    return replace(
        first, pilot=JOINT, first=min(part.first for part in parts), last=max(part.last for part in parts),
        periods=min(part.periods for part in parts), att=att, placebos=placebos,
        exposed=float(np.mean([part.exposed for part in parts])), floor=floor, p=max(floor, rank_p(att, placebos)),
        interval=interval(att, placebos, level=design.level),
        mde=minimum_detectable_effect(placebos, alpha=design.alpha, power=design.power))


@lru_cache(maxsize=16)
def combinations(sets: tuple[Sets, ...]) -> Ints:
    """Row numbers [m, pilots] of all ways of taking one placebo of each pilot without a shared member."""
    index = [{group: k for k, group in enumerate(family)} for family in sets]
    rows = [[index[k][group] for k, group in enumerate(row)] for row in disjoint(sets)]
    if not rows:
        raise MethodError("no placebos of the pilots are disjoint: a joint test is not possible")
    return np.array(rows, dtype=np.int64)


def _corrected(readings: Sequence[Reading]) -> list[Reading]:
    """The readings with p corrected for their family: same pilot, phase and method, same placebo sets (max-T)."""
    families: dict[tuple[str, str, str, str, int], list[int]] = {}
    for k, r in enumerate(readings):
        key = (r.measured.planned.family, r.pilot, r.phase, r.method, len(r.placebos))
        families.setdefault(key, []).append(k)
    out = list(readings)
    for rows in families.values():
        draws = np.array([readings[k].placebos for k in rows])
        for k, p in zip(rows, max_t(np.array([readings[k].att for k in rows]), draws), strict=True):
            out[k] = replace(readings[k], family_p=max(float(p), readings[k].floor))
    return out


def _judgement(plan: Plan, reading: Reading, signs: Mapping[tuple[str, str, str, str], Reading],
               effects: Mapping[tuple[str, str, str], Effect]) -> Judgement:
    one = reading.measured
    named = {method: signs[one.name, reading.pilot, reading.phase, method] for method in methods(plan)}
    group = [g.id for g in one.panel.pilots] if reading.pilot == JOINT else [reading.pilot]
    shown = {method: _over([effects[one.name, id, method] for id in group], part) for method, part in named.items()}
    margin = None if one.planned.margin is None else one.planned.margin * reading.exposed
    around = Circumstances(plan.confounders, margin, one.planned.better, one.label != "exploratory",
                           pilots=len(one.panel.pilots))
    return judged(shown, plan.method, around=around, family_p=reading.family_p)


def _over(effects: Sequence[Effect], reading: Reading) -> Effect:
    """The effect of one reading in the form that verdicts are given on: checks of all its pilots, its own numbers."""
    first = effects[0]
    ranges = [e.loo_range for e in effects if e.loo_range is not None]
    loo = None
    if ranges:
        loo = Range(float(np.mean([r.low for r in ranges])), float(np.mean([r.high for r in ranges])),
                    ranges[0].at_low, ranges[0].at_high)
    return replace(
        first, pilot=reading.pilot, treated=tuple(name for e in effects for name in e.treated), att=reading.att,
        placebo_p=reading.p, placebo_n=len(reading.placebos),
        p_floor=max(reading.floor, p_floor(len(reading.placebos))), interval=reading.interval, mde=reading.mde,
        loo_range=loo, in_time=tuple(f for e in effects for f in e.in_time))
