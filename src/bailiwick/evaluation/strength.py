"""How far can an answer be trusted, and what else could explain it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bailiwick.evaluation.effect import Effect
from bailiwick.evaluation.power import Verdict, harm_excluded, is_equivalent

Confidence = Literal["high", "medium", "low"]
State = Literal["open", "tested", "ruled out"]
SIGN_METHODS = ("did", "dsc", "sdid")


@dataclass(frozen=True, slots=True)
class Confounder:
    """Something else that happened there and then: what is on record, whom it touches, and what test would tell.

    `outcomes` empty: it may touch any outcome. `state`: open, tested, or ruled out; only the last lifts its weight.
    """

    id: str
    name: str
    areas: tuple[str, ...]
    start: str
    end: str
    outcomes: tuple[str, ...]
    direction: str
    evidence: str
    source: str
    test: str
    state: State

    def touches(self, outcome: str) -> bool:
        """Whether it may have moved this outcome."""
        return not self.outcomes or outcome in self.outcomes


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict in one of three words, its sentence, the reasons for it, what clouds it, and its strength.

    `p`: corrected for the other outcomes of the family. `maryland`: level 1 to 5 of the Scientific Methods Scale.
    """

    verdict: Verdict
    sentence: str
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    p: float
    maryland: int
    maryland_why: str
    confidence: Confidence
    confidence_why: tuple[str, ...]
    harm_excluded: bool | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stands around an estimate: the confounders, the margin, the plan's standing, and controls that moved."""

    confounders: tuple[Confounder, ...] = ()
    margin: float | None = None
    better: str = "neither"
    planned: bool = False
    controls_moved: tuple[str, ...] = ()
    pilots: int = 1


def judged(
    effects: Mapping[str, Effect], headline: str, *, around: Circumstances, family_p: float | None = None,
    signs: Mapping[str, float] | None = None,
) -> Judgement:
    """The verdict on one outcome and pilot from the estimates of several methods.

    changed: corrected p <= alpha, one sign in DiD, demeaned SC and SDID, no in-time placebo and no left-out donor that
    contradicts. no change larger than m: the 90% interval inside the margin. cannot tell: everything else. `signs`:
    the effect by method where not all of them are in `effects`.
    """
    effect = effects[headline]
    known = {m: effects[m].att for m in SIGN_METHODS if m in effects} | dict(signs or {})
    p = effect.placebo_p if family_p is None else max(family_p, effect.placebo_p)
    threats = _threats(known, effect, around)
    caveats = _caveats(effect, around)
    verdict: Verdict = "cannot tell"
    reasons = [f"p = {_chance(p)} from {effect.placebo_n} placebos (floor {_chance(effect.p_floor)})"]
    if p > effect.placebo_p:
        alone = _chance(effect.placebo_p)
        reasons[0] = f"p = {_chance(p)}, held or corrected up from {alone} by {effect.placebo_n} placebos"
    if p <= effect.alpha and not threats:
        verdict = "changed"
        reasons.append("the same sign in " + ", ".join(m for m in SIGN_METHODS if m in known))
    elif is_equivalent(_ninety(effect), around.margin):
        verdict = "no change larger than m"
        reasons.append("the 90% interval lies inside the margin set before")
    else:
        reasons.extend(threats)
    level, why = _maryland(effect, threats, around)
    confidence, because = _confidence(verdict, threats, caveats, around)
    sentence = _sentence(verdict, effect, p, threats=threats, margin=around.margin)
    if verdict == "changed" and caveats:
        sentence += " Its cause is disputed: " + "; ".join(caveats) + "."
    return Judgement(
        verdict,
        sentence,
        tuple(reasons),
        caveats,
        p,
        level,
        why,
        confidence,
        because,
        harm_excluded(_ninety(effect), around.margin, better=around.better),
    )


def _chance(p: float) -> str:
    """A p in three places, never as nothing."""
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1g}"


def _ninety(effect: Effect) -> tuple[float, float] | None:
    return effect.interval if abs(effect.level - 0.9) < 1e-9 else None


def _threats(known: Mapping[str, float], effect: Effect, around: Circumstances) -> tuple[str, ...]:
    found = []
    signs = {m: known[m] > 0 for m in SIGN_METHODS if m in known}
    missing = [m for m in SIGN_METHODS if m not in known]
    if missing:
        found.append("not run: " + ", ".join(missing) + ", so agreement in sign is not shown")
    if len(set(signs.values())) > 1:
        found.append("the methods disagree on the sign")
    for fake in effect.in_time:
        if fake.p <= effect.alpha:
            found.append(f"a start that never was ({fake.start}) shows an effect too (p = {_chance(fake.p)})")
    if not effect.in_time:
        found.append("too few periods, or no movement, before the start for any in-time placebo")
    if effect.loo_range is not None and effect.loo_range.low * effect.loo_range.high < 0:
        found.append("the sign hangs on one donor")
    found.extend(f"a negative control moved: {name}" for name in around.controls_moved)
    return tuple(found)


def _caveats(effect: Effect, around: Circumstances) -> tuple[str, ...]:
    return tuple(
        f"{c.name} ({c.start} to {c.end or 'now'}) is not ruled out"
        for c in around.confounders
        if c.state != "ruled out" and c.touches(effect.outcome) and (not c.areas or set(c.areas) & set(effect.treated))
    )


def _sentence(
    verdict: Verdict, effect: Effect, p: float, *, threats: Sequence[str], margin: float | None
) -> str:
    unit = effect.unit if effect.unit.startswith("%") else f" {effect.unit}" if effect.unit else ""
    if verdict == "changed":
        word = "rose" if effect.att > 0 else "fell"
        span = effect.interval if _ninety(effect) else None
        ninety = "" if span is None else f", 90% interval {span[0]:.3g} to {span[1]:.3g}"
        size = f"{abs(effect.att):.3g}{unit}"
        return f"{effect.outcome} {word} by {size} against its comparison (p = {_chance(p)}{ninety})."
    if verdict == "no change larger than m":
        return f"{effect.outcome}: no change larger than {margin:g}{unit} either way."
    if p <= effect.alpha:
        said = "; ".join(threats)
        return f"{effect.outcome}: cannot tell. The estimate is {effect.att:.3g}{unit} (p = {_chance(p)}), but {said}."
    if effect.mde is None:
        return (
            f"{effect.outcome}: cannot tell; {effect.placebo_n} placebos can never show an effect at {effect.alpha:g}. "
            "More untreated units would settle it."
        )
    return (
        f"{effect.outcome}: cannot tell. Only a change of {effect.mde:.3g}{unit} or more would have been seen four "
        f"times in five, the estimate is {effect.att:.3g}. "
        "More periods, more pilots or a steadier outcome would settle it."
    )


def _maryland(effect: Effect, threats: Sequence[str], around: Circumstances) -> tuple[int, str]:
    """Level of the Maryland Scientific Methods Scale (Sherman et al. 1997)."""
    if any("start that never was" in t or "disagree" in t for t in threats):
        return 2, "the comparison units do not stand in for the treated: before and after only"
    if around.pilots >= 6:
        return 4, "before and after in several treated and untreated units, matched on their past"
    return (
        3,
        "before and after with matched comparison units; too few treated units for level 4, and not drawn by lot",
    )


def _confidence(
    verdict: Verdict, threats: Sequence[str], caveats: Sequence[str], around: Circumstances
) -> tuple[Confidence, tuple[str, ...]]:
    """High with no doubt left, medium with one, low with more (after HM Treasury, The Magenta Book)."""
    doubts = [*threats, *caveats]
    if not around.planned:
        doubts.append("exploratory: no plan was registered before the data were read")
    if verdict == "cannot tell":
        doubts.append("the data cannot tell")
    level: Confidence = "high" if not doubts else "medium" if len(doubts) == 1 else "low"
    return level, tuple(doubts)
