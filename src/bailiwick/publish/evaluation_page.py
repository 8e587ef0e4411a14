"""What does a reader see of an evaluation? One accessible page that needs nothing else to open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bailiwick import __version__
from bailiwick.evaluation.effect import Effect
from bailiwick.evaluation.question import POOLED
from bailiwick.evaluation.study import PilotStudy, Study
from bailiwick.publish import evaluation_charts as charts
from bailiwick.publish.evaluation_charts import Figure, chance, number

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
    family: str
    verdict: str
    study: PilotStudy
    rows: tuple[MethodRow, ...]
    figures: tuple[Figure, ...]
    phases: tuple[tuple[str, ...], ...]
    leave_one_out: str
    near: str
    ring: str


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One outcome's line of the page that shows all outcomes of a pilot side by side."""

    outcome: str
    page: str
    verdict: str
    effect: str
    interval: str
    p: str
    corrected: str
    mde: str


@dataclass(frozen=True, slots=True)
class FamilyView:
    """All outcomes of one pilot, and in words which of them were tested together."""

    id: str
    title: str
    together: str
    rows: tuple[FamilyRow, ...]


def evaluation_pages(studies: Sequence[Study]) -> tuple[tuple[str, str], ...]:
    """File names and HTML: one page for one outcome; for several an overview first, then a page for each."""
    if len(studies) == 1:
        return (("evaluation.html", evaluation_page(studies[0])),)
    names = [f"evaluation-{k + 1}-{slug(one.panel.outcome)}.html" for k, one in enumerate(studies)]
    pages = tuple((name, evaluation_page(one)) for name, one in zip(names, studies, strict=True))
    return (("evaluation.html", _overview(studies, names)), *pages)


def slug(text: str) -> str:
    """Letters and digits of a name, joined by hyphens, for file names and anchors."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:24].strip("-") or "outcome"


def _template(name: str) -> Template:
    return Environment(
        loader=PackageLoader("bailiwick.publish"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    ).get_template(name)


def _overview(studies: Sequence[Study], names: Sequence[str]) -> str:
    first = studies[0].pilots[0]
    told = [p for one in studies for p in one.pilots if p.judgement.verdict != "cannot tell"]
    changed = [p for p in told if p.judgement.verdict == "changed"]
    every = sum(len(one.pilots) for one in studies)
    views = tuple(
        FamilyView(
            f"f{k}-{slug(p.pilot)}", _title(p.pilot), _together(studies, p.pilot), _family_rows(studies, names, p.pilot)
        )
        for k, p in enumerate(studies[0].worst_first)
    )
    standings = sorted({f"{one.standing}: {one.standing_why}" for one in studies})
    return _template("evaluation_family.html.j2").render(
        views=views, count=len(studies), version=__version__, rows=studies, source=studies[0].panel.source,
        start=first.effect.periods[first.effect.before], method=NAMES[first.headline],
        standing=f"This result is {'; '.join(standings)}.",
        answer=f"{len(changed)} of {every} verdicts: changed",
        sentence=" ".join(p.judgement.sentence for p in told) or "Of none of these outcomes can the data tell.",
    )


def _family_rows(studies: Sequence[Study], names: Sequence[str], pilot: str) -> tuple[FamilyRow, ...]:
    return tuple(
        FamilyRow(
            one.panel.outcome, name, _said(p), number(p.effect.att, 4), _interval(p.effect.interval),
            chance(p.effect.placebo_p), chance(p.judgement.p), number(p.effect.mde),
        )
        for one, name in zip(studies, names, strict=True)
        for p in one.pilots
        if p.pilot == pilot
    )


def _said(study: PilotStudy) -> str:
    """The verdict with its margin written out."""
    margin = study.around.margin
    return study.judgement.verdict if margin is None else study.judgement.verdict.replace("than m", f"than {margin:g}")


def _together(studies: Sequence[Study], pilot: str) -> str:
    families = dict.fromkeys(p.family for one in studies for p in one.pilots if p.pilot == pilot and p.family)
    return " ".join(f"Tested together: {', '.join(family)}." for family in families)


def _title(pilot: str) -> str:
    return "All pilots together" if pilot == POOLED else pilot


def _family(study: PilotStudy) -> str:
    others = [name for name in study.family if name != study.effect.outcome]
    if not others:
        return ""
    return (
        f"Looked at together with {', '.join(others)}: p = {chance(study.effect.placebo_p)} alone, "
        f"{chance(study.judgement.p)} corrected for all {len(study.family)}, and the corrected one decides."
    )


def evaluation_page(study: Study) -> str:
    """The HTML of a study: every pilot, the worse first, each chart with its alt text and its table."""
    views = tuple(_view(pilot, k) for k, pilot in enumerate(study.worst_first))
    template = _template("evaluation.html.j2")
    effect = views[0].study.effect
    return template.render(
        study=study, views=views, checks=study.checks, version=__version__, outcome=study.panel.outcome,
        unit=effect.unit, start=effect.periods[effect.before], source=study.panel.source, names=NAMES,
        pilots=len(study.panel.pilots), alpha=effect.alpha, chance=chance,
    )


def _view(study: PilotStudy, at: int) -> PilotView:
    effect = study.effect
    name = f"p{at}-{slug(study.pilot)}"
    made = (
        charts.event_study(effect, name), charts.observed_and_synthetic(effect, name), charts.detectable(effect, name),
        charts.donor_weights(effect, name), charts.in_time(effect, name),
        charts.specification_ranges(study.variants, name),
    )
    return PilotView(
        name, _title(study.pilot), _family(study), _said(study), study,
        tuple(_row(m, e, headline=m == study.headline) for m, e in study.effects.items()),
        tuple(f for f in made if f is not None), _phases(effect), _left_out(effect), _near(effect), _ring(study),
    )


def _row(method: str, effect: Effect, *, headline: bool) -> MethodRow:
    rank = round(effect.placebo_p * (effect.placebo_n + 1))
    return MethodRow(
        NAMES[method], number(effect.att, 4), chance(effect.placebo_p),
        f"{rank} of {effect.placebo_n + 1}, floor {chance(effect.p_floor)}", _interval(effect.interval),
        number(effect.mde), headline,
    )


def _interval(pair: tuple[float, float] | None) -> str:
    return "none at this level" if pair is None else f"{number(pair[0])} to {number(pair[1])}"


def _phases(effect: Effect) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (p.name, f"{p.first} to {p.last}", f"{p.dose:g}", number(p.att), chance(p.p), _interval(p.interval),
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
        f"The {len(ring.treated)} units that touch the pilot, tested as if treated: {number(ring.att)} (p = "
        f"{chance(ring.placebo_p)}, {ring.placebo_n} placebos). An effect there hints that the change spilled over."
    )
