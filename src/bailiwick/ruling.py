"""What follows from the findings by rule: the verdict, its reasons and caveats, and what the levers would cost?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bailiwick import finance, verdict
from bailiwick.case import Case
from bailiwick.draws import LEVEL, Draws, central_range
from bailiwick.findings import Condition, Estimate, Finding, Unavailable, Verdict, finding_id
from bailiwick.headlines import floor_measures, money_measure, most
from bailiwick.scheme import Option
from bailiwick.sensitivity import impact, influence, separating, used

_WIDE = (-math.inf, math.inf)
"""The harm of a set in which one of the two runs is saturated: nothing is known of it."""


def ruled(case: Case, findings: Mapping[str, Finding], draws: Draws) -> Verdict:
    """The verdict by the case's rule, with its reasons and caveats."""
    proposal = standing(case, "proposed", draws)
    repairs = {o.name: standing(case, o.name, draws) for o in case.scheme.options if o.kind == "redesigned"}
    word = verdict.answer(proposal, repairs)
    missing = [str(rule["title"]) for rule in floor_measures(case) if not harms(case, draws, rule, "proposed")]
    facts = separating(draws, passing(case, draws, "proposed"))
    return Verdict(
        answer=word,
        sentence=_sentence(case, word, verdict.repairing(repairs), missing, facts),
        reasons=_reasons(case, findings, draws, missing),
        caveats=_caveats(case, draws, missing, facts),
        under_other_rules=verdict.under_other_rules(
            proposal, any_area_worse=_worse(case, findings, case.scheme.scope),
            total_worse=_worse(case, findings, ("scheme",))),
        rule_sha256=next((i.sha256 for i in case.inputs if "/rules/" in i.path), ""),
    )


def passing(case: Case, draws: Draws, option: str) -> NDArray[np.bool_]:
    """For each accepted set, whether the option keeps every area inside the floor and still saves money [S]."""
    kept = np.ones(len(draws.judgements), dtype=bool)
    for rule in floor_measures(case):
        for harm in harms(case, draws, rule, option).values():
            kept &= np.array([high <= float(str(rule["margin"])) for _, high in harm])
    return kept & (np.array(_money(case, draws, option) or [math.nan] * len(kept)) > 0)


def standing(case: Case, option: str, draws: Draws) -> verdict.Standing:
    """What decides for one option over the accepted sets: the floor over all areas and grades, and the money."""
    share = most(case)
    floors = [state for rule in floor_measures(case) for state in _floors(case, draws, rule, option, share).values()]
    return verdict.Standing(verdict.joint(floors), verdict.money_of(_money(case, draws, option), share))


def _floors(
    case: Case, draws: Draws, rule: Mapping[str, object], option: str, share: float
) -> dict[str, verdict.Floor]:
    """The state of the floor in each area for one grade."""
    lost = harms(case, draws, rule, option)
    return {code: verdict.floor_of(lost.get(code, []), float(str(rule["margin"])), share)
            for code in case.scheme.scope}


def harms(
    case: Case, draws: Draws, rule: Mapping[str, object], option: str
) -> dict[str, list[tuple[float, float]]]:
    """The loss of service against cuts by area: for each accepted set the paired interval, low and high.

    Empty when no set has one: the evidence is missing.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for code in case.scheme.scope:
        gains = [judgement.paired.get((option, str(rule["measure"]), code)) for judgement in draws.judgements]
        if any(gain is not None for gain in gains):
            found[code] = [_WIDE if gain is None else (0.0 - gain[1], 0.0 - gain[0]) for gain in gains]
    return found


def _money(case: Case, draws: Draws, option: str) -> list[float]:
    """The saving that the rule asks for in each accepted set, NaN where there is none; empty if no set has it."""
    name = money_measure(case)
    found = [judgement.values.get(finding_id(name, option, "scheme")) for judgement in draws.judgements]
    numbers = [value if isinstance(value, float) else math.nan for value in found]
    return [] if all(math.isnan(value) for value in numbers) else numbers


def _worse(case: Case, findings: Mapping[str, Finding], subjects: Sequence[str]) -> bool | None:
    """Whether a service measure is worse than under cuts for one of the subjects; None where it is not shown."""
    states = []
    for rule in floor_measures(case):
        for subject in subjects:
            finding = findings.get(finding_id(str(rule["measure"]), "proposed", subject))
            change = next((c for c in finding.changes if c.against == "cuts"), None) if finding else None
            states.append("not shown" if change is None else change.state)
    if "worse" in states:
        return True
    return None if not states or "not shown" in states else False


def _sentence(
    case: Case, word: str, repairing: Sequence[str], missing: Sequence[str], facts: Sequence[str]
) -> str:
    if word == "cannot be judged" and missing:
        return ("It cannot be judged on public data: whether help would come more slowly is not answered yet, and no "
                "saving counts until the service it costs is known.")
    if word == "cannot be judged":
        told = [case.assumptions[name].title for name in facts[:2]]
        named = " and ".join(title[0].lower() + title[1:] for title in told)
        return ("It cannot be judged on public data: the figures that fit what was published allow both answers"
                + (f". What separates them most: {named}." if told else "."))
    if word == "worthwhile only if":
        titles = [case.scheme.option(name).title for name in repairing]
        return "It is worthwhile only if it is changed: " + "; or ".join(t[0].lower() + t[1:] for t in titles) + "."
    if word == "worthwhile":
        return "It is worthwhile: no area's 999 response falls below the safety floor, and it saves money."
    return "It is not worthwhile: it does not save money once lost service is bought back, or an area is less safe."


def _reasons(
    case: Case, findings: Mapping[str, Finding], draws: Draws, missing: Sequence[str]
) -> tuple[str, ...]:
    reasons = [f"Not answered yet: {title}." for title in missing]
    if not missing:
        reasons += [_floor_reason(case, draws, rule) for rule in floor_measures(case)]
        passes = passing(case, draws, "proposed")
        reasons.append(f"All areas stay above the floor and money is still saved in {int(passes.sum())} of the "
                       f"{len(passes)} sets of assumptions that fit what was published.")
    for id, text in (("finance.service_neutral_saving/proposed/scheme", "The saving after lost service is bought back"),
                     ("finance.saving_from_merging/proposed/scheme", "The yearly saving that needs the merger")):
        finding = findings.get(id)
        if finding is None or isinstance(finding.value, Unavailable):
            reasons.append(f"{text} is not known.")
        else:
            low, high = finding.value.low, finding.value.high
            sign = "positive" if low > 0 else "negative" if high < 0 else "of unsure sign"
            reasons.append(f"{text} is {sign} in the range examined.")
    return tuple(reasons)


def _floor_reason(case: Case, draws: Draws, rule: Mapping[str, object]) -> str:
    states = _floors(case, draws, rule, "proposed", most(case))
    told = {word: [case.system.area(code).name for code, state in states.items() if state == word]
            for word in ("held", "breached", "not shown")}
    parts = [f"{word} in {_listed(names)}" for word, names in told.items() if names]
    return f"Safety floor, {rule['title']!s}: " + "; ".join(parts) + "."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _caveats(case: Case, draws: Draws, missing: Sequence[str], facts: Sequence[str]) -> tuple[str, ...]:
    """Three caveats, chosen by arithmetic: missing evidence, what separates the answers, what moves money most."""
    if missing:
        caveats = ["999 response is outside this answer. It is the largest risk and has no range here."]
    elif draws.trials.calibrated:
        caveats = ["999 response is simulated: nobody has published cars, radio desks or calls by borough. Only "
                   f"{len(draws.ks)} of {draws.tried} sets of assumptions fit what was published."]
    else:
        caveats = ["999 response is simulated and assumed, not calibrated: no set of assumptions tried here fits what "
                   "was published."]
    for name in ranked(case, draws, facts):
        a = case.assumptions[name]
        if a.kind == "guess" and len(caveats) < 3:
            caveats.append(f"{a.title}: a guess between {a.low:g} and {a.high:g} {a.unit}. {a.holder} has the figure.")
    return tuple(caveats)


def ranked(case: Case, draws: Draws, facts: Sequence[str]) -> tuple[str, ...]:
    """The assumptions in the order in which they deserve a warning: what separates the answers, then by rating.

    The rating of impact is computed, that of quality is its author's: red on red comes before red on amber, and so on;
    among equals the one that moves the headline most comes first.
    """
    moved = influence(draws)
    grade = {"red": 0, "amber": 1, "green": 2}
    order = sorted(moved, key=lambda name: (
        grade[impact(moved[name])], grade[case.assumptions[name].quality], -moved[name], name))
    return tuple(name for name in dict.fromkeys((*facts, *order)) if used(case, name))


def conditions(case: Case, findings: Mapping[str, Finding], draws: Draws) -> tuple[Condition, ...]:
    """Every other setting of the levers that the case declares as an option, cheapest first."""
    without = verdict.answer(standing(case, "proposed", draws), {})
    found = []
    for option in case.scheme.options:
        if option.kind not in ("redesigned", "pause"):
            continue
        cost = _cost_against_proposal(case, findings, draws, option)
        if cost is not None:
            with_it = verdict.answer(standing(case, option.name, draws), {})
            found.append(Condition(option.name, option.title, _protected(case, draws, option), cost, with_it, without))
    return tuple(sorted(found, key=lambda c: (c.cost_a_year.value, c.lever)))


def _protected(case: Case, draws: Draws, option: Option) -> tuple[str, ...]:
    """The areas whose floor is held under the option and not under the proposal, for some grade."""
    share = most(case)
    gained = []
    for rule in floor_measures(case):
        before, after = (_floors(case, draws, rule, name, share) for name in ("proposed", option.name))
        gained += [code for code in case.scheme.scope if after[code] == "held" and before[code] != "held"]
    return tuple(sorted(set(gained)))


def _cost_against_proposal(
    case: Case, findings: Mapping[str, Finding], draws: Draws, option: Option
) -> Estimate | None:
    """The equivalent annual cost of the option against the proposal: the loss of present value, spread evenly."""
    mine = finding_id("finance.net_present_value", option.name, "scheme")
    theirs = finding_id("finance.net_present_value", "proposed", "scheme")
    if mine not in findings or theirs not in findings:
        return None
    a, b = findings[theirs].value, findings[mine].value
    columns = draws.numbers(theirs), draws.numbers(mine)
    if isinstance(a, Unavailable) or isinstance(b, Unavailable) or columns[0] is None or columns[1] is None:
        return None
    years = finance.net_present_value([1.0] * case.scheme.horizon_years, case.rulebook)
    value = (a.value - b.value) / years
    low, high = central_range(((columns[0] - columns[1]) / years).tolist())
    return Estimate(value, min(low, value), max(high, value), LEVEL, "assumed")
