"""What does a machine read of a study? Plain values, rounded to six figures, in a fixed order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from bailiwick.evaluation.effect import Effect, InTime, PhaseEffect, Range
from bailiwick.evaluation.robustness import Multiverse
from bailiwick.evaluation.strength import Judgement
from bailiwick.evaluation.study import PilotStudy, Study

SCHEMA = "bailiwick/evaluation/1"
SET_SCHEMA = "bailiwick/evaluations/1"
FIGURES = 6
Json = dict[str, object]


def rounded(value: float | None) -> float | None:
    """The value to six significant figures; None for nothing and for what is not finite."""
    if value is None or not math.isfinite(value):
        return None
    if value == 0:
        return 0.0
    return round(float(value), FIGURES - 1 - math.floor(math.log10(abs(value))))


def studies_record(studies: Sequence[Study]) -> Json:
    """The record of one study; of several, one line for each outcome and pilot first, then the record of each."""
    if len(studies) == 1:
        return study_record(studies[0])
    lines = [
        {
            "outcome": one.panel.outcome, "pilot": p.pilot, "tested_with": list(p.family),
            "att": rounded(p.effect.att), "p": rounded(p.effect.placebo_p), "p_corrected": rounded(p.judgement.p),
            "p_floor": rounded(p.effect.p_floor), "mde": rounded(p.effect.mde), "verdict": p.judgement.verdict,
        }
        for one in studies
        for p in one.worst_first
    ]
    return {"schema": SET_SCHEMA, "tested_together": lines, "outcomes": [study_record(one) for one in studies]}


def study_record(study: Study) -> Json:
    """The study as JSON values: the answer of each pilot first, then how it was reached."""
    panel = study.panel
    return {
        "schema": SCHEMA,
        "outcome": panel.outcome,
        "unit": study.pilots[0].effect.unit,
        "source": panel.source,
        "vintage": panel.vintage,
        "standing": study.standing,
        "standing_why": study.standing_why,
        "pilots": [_pilot(p) for p in study.worst_first],
        "checks": [{"name": c.name, "passed": c.passed, "text": c.text} for c in study.checks],
    }


def _pilot(study: PilotStudy) -> Json:
    return {
        "pilot": study.pilot,
        "verdict": study.judgement.verdict,
        "headline": study.headline,
        "tested_with": list(study.family),
        "judgement": _judgement(study.judgement),
        "effects": {name: effect_record(study.effects[name]) for name in study.effects},
        "multiverse": _multiverse(study.variants),
        "ring": None if study.ring is None else effect_record(study.ring, short=True),
    }


def _judgement(found: Judgement) -> Json:
    return {
        "sentence": found.sentence,
        "reasons": list(found.reasons),
        "caveats": list(found.caveats),
        "p": rounded(found.p),
        "maryland_level": found.maryland,
        "maryland_why": found.maryland_why,
        "confidence": found.confidence,
        "confidence_why": list(found.confidence_why),
        "harm_excluded": found.harm_excluded,
    }


def effect_record(effect: Effect, *, short: bool = False) -> Json:
    """One effect as JSON values; `short` leaves out the paths, weights and placebos."""
    head: Json = {
        "method": effect.method,
        "treated": list(effect.treated),
        "start": effect.periods[effect.before],
        "periods_before": effect.before,
        "periods_after": len(effect.periods) - effect.before,
        "att": rounded(effect.att),
        "p": rounded(effect.placebo_p),
        "p_floor": rounded(effect.p_floor),
        "placebos": effect.placebo_n,
        "reference": effect.reference,
        "statistic": effect.statistic,
        "interval": _pair(effect.interval),
        "level": effect.level,
        "mde": rounded(effect.mde),
        "alpha": effect.alpha,
        "power": effect.power,
        "kkt_gap": rounded(effect.kkt_gap),
        "pre_rmspe": rounded(effect.pre_rmspe),
        "flags": list(effect.flags),
    }
    if short:
        return head
    return head | {
        "by_period": _pairs(effect.by_period),
        "by_phase": [_phase(p) for p in effect.by_phase],
        "donor_weights": _pairs(effect.weights),
        "time_weights": _pairs(effect.time_weights),
        "leave_one_out": _range(effect.loo_range),
        "near_optimal": _range(effect.near_optimal),
        "in_time": [_in_time(f) for f in effect.in_time],
        "placebo_effects": [rounded(float(v)) for v in effect.placebo_effects],
        "gap": [rounded(float(v)) for v in effect.gap],
        "observed": [rounded(float(v)) for v in effect.observed],
        "synthetic": [rounded(float(v)) for v in effect.synthetic],
        "periods": list(effect.periods),
    }


def _pair(pair: tuple[float, float] | None) -> list[float | None] | None:
    return None if pair is None else [rounded(pair[0]), rounded(pair[1])]


def _pairs(pairs: Iterable[tuple[str, float]]) -> Mapping[str, float | None]:
    return {name: rounded(value) for name, value in pairs}


def _phase(phase: PhaseEffect) -> Json:
    return {
        "name": phase.name, "first": phase.first, "last": phase.last, "periods": phase.periods, "dose": phase.dose,
        "att": rounded(phase.att), "p": rounded(phase.p), "mde": rounded(phase.mde), "interval": _pair(phase.interval),
        "per_dose": rounded(phase.per_dose),
    }


def _range(span: Range | None) -> Json | None:
    if span is None:
        return None
    return {"low": rounded(span.low), "high": rounded(span.high), "at_low": span.at_low, "at_high": span.at_high}


def _in_time(fake: InTime) -> Json:
    return {"start": fake.start, "att": rounded(fake.att), "p": rounded(fake.p), "placebos": fake.n}


def _multiverse(found: Multiverse) -> Json:
    return {
        "specifications": len(found.specifications), "same_sign": rounded(found.same_sign),
        "median_percent": rounded(found.median), "low_percent": rounded(found.low),
        "high_percent": rounded(found.high), "refused": found.refused, "refused_why": found.reason,
        "percent": [rounded(s.share) for s in found.specifications],
        "columns": ["method", "window_from", "start", "after", "donors", "scale", "anticipation", "percent"],
        "rows": [
            [s.method, s.since, s.start, s.after, s.donors, s.scale, s.anticipation, rounded(s.share)]
            for s in found.specifications
        ],
    }
