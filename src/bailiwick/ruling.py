"""What follows from the findings by rule: the verdict, its reasons and caveats, and what the levers would cost?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bailiwick import appraisal, finance, verdict
from bailiwick.case import Case
from bailiwick.draws import LEVEL, Draws, central_range
from bailiwick.findings import Condition, Estimate, Finding, Unavailable, Unknown, Verdict, finding_id
from bailiwick.scheme import Option
from bailiwick.sensitivity import influence


def ruled(case: Case, findings: Mapping[str, Finding], draws: Draws, unknowns: tuple[Unknown, ...]) -> Verdict:
    """The verdict by the case's rule, with its reasons and caveats."""
    proposal = _standing(case, "proposed", draws)
    repairs = {o.name: _standing(case, o.name, draws) for o in case.scheme.options if o.kind == "redesigned"}
    word = verdict.answer(proposal, repairs)
    missing = [str(m["title"]) for m in _floor_measures(case) if appraisal.measure_named(str(m["measure"])) is None]
    return Verdict(
        answer=word,
        sentence=_sentence(case, word, verdict.repairing(repairs), missing),
        reasons=_reasons(findings, missing),
        caveats=_caveats(case, draws, missing),
        under_other_rules=verdict.under_other_rules(proposal, any_area_worse=None, total_worse=None),
        rule_sha256=next((i.sha256 for i in case.inputs if "/rules/" in i.path), ""),
    )


def _floor_measures(case: Case) -> list[Mapping[str, object]]:
    floor = case.rules.get("safety_floor", {})
    return list(floor["measures"]) if isinstance(floor, Mapping) else []


def _standing(case: Case, option: str, draws: Draws) -> verdict.Standing:
    most = float(case.rules["sets"]["most"])  # type: ignore[index]
    floors = []
    for rule in _floor_measures(case):
        for code in case.scheme.scope:
            harm = _harm(draws, str(rule["measure"]), option, code)
            floors.append(verdict.floor_of(harm, float(str(rule["margin"])), most))
    savings = _money(case, draws, option)
    return verdict.Standing(verdict.joint(floors), verdict.money_of(savings, most))


def _harm(draws: Draws, measure: str, option: str, code: str) -> list[tuple[float, float]]:
    now, before = finding_id(measure, option, code), finding_id(measure, "cuts", code)
    harm = []
    for judgement in draws.judgements:
        a, b = judgement.values.get(now), judgement.values.get(before)
        if a is None or b is None or isinstance(a, Unavailable) or isinstance(b, Unavailable):
            return []
        harm.append((b - a, b - a))
    return harm


def _money(case: Case, draws: Draws, option: str) -> list[float]:
    money = case.rules["money"]
    id = finding_id(str(money["measure"]), option, "scheme")  # type: ignore[index]
    column = [judgement.values.get(id) for judgement in draws.judgements]
    return [v for v in column if isinstance(v, float)] if all(isinstance(v, float) for v in column) else []


def _sentence(case: Case, word: str, repairing: Sequence[str], missing: Sequence[str]) -> str:
    if word == "cannot be judged" and missing:
        return (
            "It cannot be judged on public data: whether help would come more slowly is not answered yet, and no "
                "saving counts until the service it costs is known.")
    if word == "cannot be judged":
        return "It cannot be judged on public data: what nobody has published decides the answer."
    if word == "worthwhile only if":
        titles = [case.scheme.option(name).title for name in repairing]
        return "It is worthwhile only if it is changed: " + "; or ".join(t[0].lower() + t[1:] for t in titles) + "."
    if word == "worthwhile":
        return "It is worthwhile: no borough's 999 response falls below the safety floor, and it saves money."
    return "It is not worthwhile: it does not save money once lost service is bought back, or a borough is less safe."


def _reasons(findings: Mapping[str, Finding], missing: Sequence[str]) -> tuple[str, ...]:
    reasons = [f"Not answered yet: {title}." for title in missing]
    for id, text in (("finance.service_neutral_saving/proposed/scheme", "The saving after lost service is bought back"),
                     ("finance.saving_from_merging/proposed/scheme", "The yearly saving that needs the merger")):
        finding = findings.get(id)
        if finding and isinstance(finding.value, Unavailable):
            reasons.append(f"{text} is not known.")
        elif finding and isinstance(finding.value, Estimate):
            sign = "positive" if finding.value.low > 0 else "negative" if finding.value.high < 0 else "of unsure sign"
            reasons.append(f"{text} is {sign} in the range examined.")
    return tuple(reasons)


def _caveats(case: Case, draws: Draws, missing: Sequence[str]) -> tuple[str, ...]:
    """Three caveats, chosen by arithmetic: missing evidence first, then the guesses that move money most."""
    caveats = ["999 response is outside this answer. It is the largest risk and has no range here."] if missing else []
    moved = influence(draws)
    ordered = sorted(moved, key=lambda n: (-moved[n], n))
    for name in ordered:
        a = case.assumptions[name]
        if a.kind == "guess" and len(caveats) < 3:
            caveats.append(f"{a.title}: a guess between {a.low:g} and {a.high:g} {a.unit}. {a.holder} has the figure.")
    return tuple(caveats)


def conditions(case: Case, findings: Mapping[str, Finding], draws: Draws) -> tuple[Condition, ...]:
    """Every other setting of the levers that the case declares as an option, cheapest first."""
    without = verdict.answer(_standing(case, "proposed", draws), {})
    found = []
    for option in case.scheme.options:
        if option.kind not in ("redesigned", "pause"):
            continue
        cost = _cost_against_proposal(case, findings, draws, option)
        if cost is not None:
            with_it = verdict.answer(_standing(case, option.name, draws), {})
            found.append(Condition(option.name, option.title, (), cost, with_it, without))
    return tuple(sorted(found, key=lambda c: (c.cost_a_year.value, c.lever)))


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
