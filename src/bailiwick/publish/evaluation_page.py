"""What does a reader see of an evaluation? One accessible page that needs nothing else to open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from bailiwick import __version__
from bailiwick.evaluation.effect import Effect
from bailiwick.evaluation.question import POOLED
from bailiwick.evaluation.study import PilotStudy, Study
from bailiwick.publish import evaluation_charts as charts
from bailiwick.publish.evaluation_charts import Figure, number

NAMES = {
    "did": "difference in differences", "sc": "synthetic control", "dsc": "demeaned synthetic control",
    "sdid": "synthetic difference in differences",
}


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method's line of the table of answers."""

    name: str
    effect: str
    p: str
    of: str
    interval: str
    mde: str
    headline: bool


@dataclass(frozen=True, slots=True)
class PilotView:
    """Everything the page says about one pilot, as words and figures."""

    id: str
    title: str
    study: PilotStudy
    rows: tuple[MethodRow, ...]
    figures: tuple[Figure, ...]
    phases: tuple[tuple[str, ...], ...]
    leave_one_out: str
    near: str
    ring: str


def evaluation_page(study: Study) -> str:
    """The HTML of a study: every pilot, the worse first, each chart with its alt text and its table."""
    views = tuple(_view(pilot, k) for k, pilot in enumerate(study.worst_first))
    environment = Environment(
        loader=PackageLoader("bailiwick.publish"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("evaluation.html.j2")
    effect = views[0].study.effect
    return template.render(
        study=study, views=views, checks=study.checks, version=__version__, outcome=study.panel.outcome,
        unit=effect.unit, start=effect.periods[effect.before], source=study.panel.source, names=NAMES,
        pilots=len(study.panel.pilots), alpha=effect.alpha,
    )


def _view(study: PilotStudy, at: int) -> PilotView:
    effect = study.effect
    name = f"p{at}-{re.sub(r'[^a-z0-9]+', '-', study.pilot.lower()).strip('-')[:24] or 'pilot'}"
    made = (
        charts.event_study(effect, name), charts.observed_and_synthetic(effect, name), charts.detectable(effect, name),
        charts.donor_weights(effect, name), charts.in_time(effect, name),
        charts.specification_curve(study.variants, name),
    )
    return PilotView(
        name, "All pilots together" if study.pilot == POOLED else study.pilot, study,
        tuple(_row(m, e, headline=m == study.headline) for m, e in study.effects.items()),
        tuple(f for f in made if f is not None), _phases(effect), _left_out(effect), _near(effect), _ring(study),
    )


def _row(method: str, effect: Effect, *, headline: bool) -> MethodRow:
    rank = round(effect.placebo_p * (effect.placebo_n + 1))
    return MethodRow(
        NAMES[method], number(effect.att, 4), f"{effect.placebo_p:.3f}",
        f"{rank} of {effect.placebo_n + 1}, floor {effect.p_floor:.3f}", _interval(effect.interval), number(effect.mde),
        headline,
    )


def _interval(pair: tuple[float, float] | None) -> str:
    return "none at this level" if pair is None else f"{number(pair[0])} to {number(pair[1])}"


def _phases(effect: Effect) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (p.name, f"{p.first} to {p.last}", f"{p.dose:g}", number(p.att), f"{p.p:.3f}", _interval(p.interval),
         number(p.mde))
        for p in effect.by_phase
    )


def _left_out(effect: Effect) -> str:
    span = effect.loo_range
    if span is None:
        return ""
    return (
        f"With one donor left out at a time the effect runs from {number(span.low)} (without {span.at_low}) to "
        f"{number(span.high)} (without {span.at_high})."
    )


def _near(effect: Effect) -> str:
    span = effect.near_optimal
    if span is None:
        return ""
    return (
        "There are more donors than periods before the start, so other weights fit almost as well: with those the "
        f"effect runs from {number(span.low)} to {number(span.high)}."
    )


def _ring(study: PilotStudy) -> str:
    if study.ring is None:
        return ""
    ring = study.ring
    return (
        f"The {len(ring.treated)} units that touch the pilot, tested as if treated: {number(ring.att)} "
        f"(p = {ring.placebo_p:.3f}, {ring.placebo_n} placebos). An effect there hints that the change spilled over."
    )
