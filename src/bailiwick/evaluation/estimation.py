"""How does one recipe become one answer with its placebos, its interval and its detectable effect?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import linprog

from bailiwick.evaluation.effect import DEFAULT, Design, Effect, PhaseEffect, Range
from bailiwick.evaluation.fits import Fits, Recipe, padded, run
from bailiwick.evaluation.panel import Floats, Panel
from bailiwick.evaluation.placebo import interval, p_floor, rank_p, rmspe_ratio
from bailiwick.evaluation.power import minimum_detectable_effect
from bailiwick.evaluation.question import Question, placebo_sets, question

FEW_PERIODS = 12
WORST_KKT = 1e-9
NEAR = 0.05
ALL_DONORS_LEFT_OUT = 400


def answer(panel: Panel, recipe: Recipe, design: Design = DEFAULT, *, pilot: str | None = None) -> Effect:
    """The effect of one recipe on one panel, with every placebo refitted by the same code.

    Raises MethodError where the panel cannot answer, CaseError where a name is unknown.
    """
    return answered(question(panel, design, pilot=pilot), recipe)


def answered(asked: Question, recipe: Recipe) -> Effect:
    """The effect of one recipe on a prepared question: real fit, placebos, left-out donors."""
    sets, reference = placebo_sets(asked)
    fits = placebo_fits(asked, recipe, sets)
    effect = _assembled(asked, recipe, fits, sets, reference)
    loo = left_out(asked, recipe, effect)
    effect = replace(effect, loo_range=loo)
    flags = list(effect.flags)
    if loo.low * loo.high < 0:
        flags.append(f"the sign changes when {loo.at_low if effect.att > 0 else loo.at_high} is left out of the donors")
    if recipe.fitted_units and not recipe.noise_ridge and asked.sample.before < len(asked.sample.pool):
        near = near_optimal(asked, recipe, fits)
        flags.append("more donors than periods before: the weights are pinned by a nearly-zero ridge; see their range")
        effect = replace(effect, near_optimal=near)
    return replace(effect, flags=tuple(flags))


def placebo_fits(
    asked: Question, recipe: Recipe, sets: tuple[tuple[int, ...], ...], *, weights: bool = True
) -> Fits:
    """The real fit in row 0 and one placebo a row after it: a placebo never has its own members as donors."""
    rows = padded([asked.treated, *sets])
    return run(asked.sample, recipe, rows, rows, solver=asked.design.solver, weights=weights)


def _assembled(
    asked: Question, recipe: Recipe, fits: Fits, sets: tuple[tuple[int, ...], ...], reference: str
) -> Effect:
    design, names = asked.design, asked.panel.units
    path, draws = fits.path[0], fits.path[1:]
    att, placebos = float(fits.effects[0]), fits.effects[1:]
    p, facts = _tested(design, fits)
    observed = asked.sample.y[list(asked.treated)].mean(axis=0)
    return Effect(
        method=recipe.name, outcome=asked.panel.outcome, unit=asked.unit, pilot=asked.pilot,
        treated=tuple(names[k] for k in asked.treated), donors=tuple(names[k] for k in asked.sample.pool),
        periods=asked.labels, before=asked.sample.before, att=att, gap=path,
        by_phase=_phase_effects(asked, path, draws), weights=_named(fits.units, names),
        time_weights=tuple((t, float(w)) for t, w in zip(asked.labels, fits.times, strict=False) if w > 0),
        observed=observed, synthetic=observed - path, kkt_gap=float(fits.kkt.max()), noise=float(fits.noise[0]),
        pre_rmspe=float(fits.rmspe[0]), placebo_p=p, placebo_n=len(sets), p_floor=p_floor(len(sets)),
        reference=reference, statistic=design.statistic, interval=interval(att, placebos, level=design.level),
        level=design.level, mde=minimum_detectable_effect(placebos, alpha=design.alpha, power=design.power),
        alpha=design.alpha, power=design.power, draws=draws, placebo_sets=sets,
        flags=_flags(asked, recipe, fits, len(sets)), facts=facts,
    )


def _tested(design: Design, fits: Fits) -> tuple[float, dict[str, float]]:
    """The placebo p by the statistic of the design."""
    if design.statistic == "rmspe ratio":
        ratio = rmspe_ratio(fits.path, fits.before)
        return rank_p(float(ratio[0]), ratio[1:]), {"rmspe ratio": float(ratio[0])}
    return rank_p(float(fits.effects[0]), fits.effects[1:]), {}


def _named(weights: Floats, units: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    found = [(units[k], float(weights[k])) for k in np.flatnonzero(weights > 0)]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def _phase_effects(asked: Question, path: Floats, draws: Floats) -> tuple[PhaseEffect, ...]:
    """One row a phase, the mean over all of them last: never a headline."""
    labels, before = asked.labels, asked.sample.before
    rows = [(p.name, p.first, p.last, p.dose) for p in asked.phases]
    rows.append(("whole period after the start", before, len(labels), 1.0))
    return tuple(_phase_effect(asked, path, draws, row) for row in rows)


def _phase_effect(asked: Question, path: Floats, draws: Floats, row: tuple[str, int, int, float]) -> PhaseEffect:
    name, first, last, dose = row
    design, labels = asked.design, asked.labels
    att, placebos = float(path[first:last].mean()), draws[:, first:last].mean(axis=1)
    return PhaseEffect(
        name,
        labels[first],
        labels[last - 1],
        last - first,
        dose,
        att,
        rank_p(att, placebos),
        minimum_detectable_effect(placebos, alpha=design.alpha, power=design.power),
        interval(att, placebos, level=design.level),
        att / dose if dose else None,
    )


def _flags(asked: Question, recipe: Recipe, fits: Fits, count: int) -> tuple[str, ...]:
    flags = list(asked.notes)
    alpha = asked.design.alpha
    if p_floor(count) > alpha:
        flags.append(f"{count} placebos cannot give a p below {p_floor(count):.3f}: nothing can be shown at {alpha:g}")
    if recipe.fitted_units and asked.sample.before < FEW_PERIODS:
        flags.append(
            f"{asked.sample.before} periods before the start: a match on so few regresses to the mean; see DiD"
        )
    if recipe.fitted_units and fits.rmspe[0] > 2 * np.median(fits.rmspe[1:]):
        flags.append("the fit before the start is more than twice as bad as the median placebo's")
    if fits.kkt.max() > WORST_KKT:
        flags.append(f"a fit is not at its optimum: KKT gap {fits.kkt.max():.1e} of the scale")
    return tuple(flags)


def left_out(asked: Question, recipe: Recipe, effect: Effect) -> Range:
    """The range of the effect with each donor left out in turn (in a very large pool: each donor with a weight)."""
    pool = [int(k) for k in asked.sample.pool]
    if len(pool) > ALL_DONORS_LEFT_OUT:
        weighted = {name for name, _ in effect.weights[:ALL_DONORS_LEFT_OUT]}
        pool = [k for k in pool if asked.panel.units[k] in weighted]
    if len(asked.sample.pool) < 3:
        return Range(effect.att, effect.att, "nothing", "nothing")
    gone = padded([(*asked.treated, k) for k in pool])
    treated = padded([asked.treated] * len(pool))
    fits = run(asked.sample, recipe, treated, gone, solver=asked.design.solver, weights=False)
    low, high = int(fits.effects.argmin()), int(fits.effects.argmax())
    names = asked.panel.units
    return Range(float(fits.effects[low]), float(fits.effects[high]), names[pool[low]], names[pool[high]])


def near_optimal(asked: Question, recipe: Recipe, fits: Fits) -> Range:
    """The range of effects over donor weights that fit nearly as well before the start.

    Nearly: in every period before the start the fitted value stays within a twentieth of the noise of the best fit's.
    Two linear programmes over the simplex.
    """
    sample, pool = asked.sample, asked.sample.pool
    others, before = sample.y[pool], sample.before
    early = others[:, :before]
    level = early.mean(axis=1) if recipe.centred else np.zeros(len(pool))
    rows = (early - level[:, None]).T
    best = rows @ fits.units[pool]
    reach = NEAR * fits.noise[0] + 1e-9 * float(np.abs(rows).max())
    late = others[:, before:].mean(axis=1) - level
    target = sample.y[list(asked.treated)].mean(axis=0)
    own = float(target[before:].mean() - (target[:before].mean() if recipe.centred else 0.0))
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(
            sign * late,
            A_ub=np.vstack([rows, -rows]),
            b_ub=np.concatenate([best + reach, reach - best]),
            A_eq=np.ones((1, len(pool))),
            b_eq=[1.0],
            bounds=(0, 1),
            method="highs",
        )
        ends.append(own - sign * float(found.fun) if found.success else float(fits.effects[0]))
    return Range(min(ends), max(ends), "near-optimal weights", "near-optimal weights")
