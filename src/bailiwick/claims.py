"""Who said what, and is it so?  One set of rules for supporters and opponents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from bailiwick import appraisal
from bailiwick.case import Case, Claim
from bailiwick.evaluation.pilots_evidence import published_changes
from bailiwick.findings import ClaimResult, Estimate, Finding, finding_id

Word = Literal["supported", "not supported", "cannot be tested"]
Findings = Mapping[str, Finding]
_ABOUT = 0.1
"""How far from a number, as a share of it, a value may lie and still be about it."""
_NAMED = 6
"""Areas named with their figures in one text, at most."""
_TURNS = {"finance.service_neutral_saving": "finance.officers_break_even"}
"""The measure that says where another one would turn."""
_CHANGES = ("worse", "better", "same", "no worse than cuts")
_RATIOS = ("ratio at least", "ratio about")


class _Answer(NamedTuple):
    """A verdict, the figures behind it in words, and the ids of the findings it opens."""

    verdict: Word
    text: str
    ids: tuple[str, ...] = ()


def tested(case: Case, findings: Findings) -> tuple[ClaimResult, ...]:
    """Every claim made by the appraisal's date, with what the findings and the published tables say of it."""
    made = [claim for claim in case.claims if claim.when <= case.as_of]
    found = [_result(claim, _tested(case, claim, made, findings)) for claim in made]
    return tuple(_beside(claim, result, list(zip(made, found, strict=True)))
                 for claim, result in zip(made, found, strict=True))


def contradictions(case: Case, results: Sequence[ClaimResult]) -> tuple[tuple[str, str], ...]:
    """Pairs of claim ids about the same thing that cannot both stand: other numbers, or opposite verdicts."""
    by_id = {claim.id: claim for claim in case.claims}
    shown = [(by_id[result.id], result) for result in results]
    return tuple((a.id, b.id) for n, (a, ra) in enumerate(shown) for b, rb in shown[n + 1:]
                 if _differ((a, ra), (b, rb)))


def _tested(case: Case, claim: Claim, made: Sequence[Claim], findings: Findings) -> _Answer:
    if claim.rule == "untestable":
        return _Answer("cannot be tested", f"Not public by the appraisal's date. Held by {claim.holder}.")
    if claim.rule == "agrees":
        return _agrees(claim, made)
    special = _SPECIAL.get(claim.rule)
    answer = special(case, claim) if special else _by_findings(case, claim, findings)
    opened = tuple(i for i in (*answer.ids, *_ids(case, claim)) if i in findings)
    return answer._replace(ids=tuple(dict.fromkeys(opened)))


def _by_findings(case: Case, claim: Claim, findings: Findings) -> _Answer:
    used = [findings[i] for i in _ids(case, claim) if i in findings]
    missing = "No figure to test it with yet." + _held(claim)
    if not used:
        return _Answer("cannot be tested", missing)
    words = [_says(claim, finding, findings) for finding in used]
    figures = _figures(case, claim, used, findings)
    turns = _TURNS.get(claim.measure, "")
    also = (finding_id(turns, claim.option, claim.subject),) if turns else ()
    if "cannot be tested" in words and not (claim.subject == "any" and "supported" in words):
        unknown = words == ["cannot be tested"] * len(words) and all(_number(f) is None for f in used)
        return _Answer("cannot be tested", _joined(missing if unknown else "The range of the figures holds both "
                                                   "answers.", "" if unknown else figures), also)
    hits = words.count("supported")
    enough = hits > 0 if claim.subject == "any" else hits == len(words)
    if claim.subject in ("each", "any"):
        text = f"True of {hits} of {len(words)} areas."
    else:
        text = "The figures agree." if enough else "The figures say otherwise."
    return _Answer("supported" if enough else "not supported", _joined(text, figures), also)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _held(claim: Claim) -> str:
    return f" Held by {claim.holder}." if claim.holder else ""


def _ids(case: Case, claim: Claim) -> list[str]:
    if not claim.measure:
        return []
    subjects = list(case.scheme.scope) if claim.subject in ("each", "any") else [claim.subject]
    return [finding_id(claim.measure, claim.option, subject) for subject in subjects]


def _says(claim: Claim, finding: Finding, findings: Findings) -> Word:
    """Whether one finding supports the claim; a range that holds both answers cannot test it."""
    if claim.rule in _CHANGES:
        change = next((c for c in finding.changes if c.against == _other(claim)), None)
        if change is None or change.estimate is None or change.state == "not shown":
            return "cannot be tested"
        wanted = ("same", "better") if claim.rule == "no worse than cuts" else (claim.rule,)
        return "supported" if change.state in wanted else "not supported"
    number = _number(finding)
    if number is None or claim.threshold is None:
        return "cannot be tested"
    low, high = number.low, number.high
    if claim.rule in _RATIOS:
        before = _number(findings.get(finding_id(claim.measure, "today", finding.subject)))
        if before is None or before.low <= 0:
            return "cannot be tested"
        low, high = low / before.high, high / before.low
    return _against(claim, low, high, claim.threshold)


def _other(claim: Claim) -> str:
    """The option that the claim compares with."""
    return "cuts" if claim.rule == "no worse than cuts" else "today"


def _number(finding: Finding | None) -> Estimate | None:
    return finding.value if finding is not None and isinstance(finding.value, Estimate) else None


def _against(claim: Claim, low: float, high: float, bound: float) -> Word:
    if claim.rule in ("about", "ratio about"):
        near, far = sorted((bound * (1 - _ABOUT), bound * (1 + _ABOUT)))
        if near <= low and high <= far:
            return "supported"
        return "not supported" if high < near or low > far else "cannot be tested"
    if claim.rule == "at most":
        low, high, bound = -high, -low, -bound
    if low >= bound:
        return "supported"
    return "not supported" if high < bound else "cannot be tested"


def _figures(case: Case, claim: Claim, used: Sequence[Finding], findings: Findings) -> str:
    """The figures behind a verdict, each with today's where the claim compares with it."""
    if len(used) > _NAMED:
        return ""
    compares = claim.rule in _CHANGES or claim.rule in _RATIOS
    parts = []
    for finding in used:
        before = findings.get(finding_id(finding.measure, _other(claim), finding.subject)) if compares else None
        named = f"{case.system.area(finding.subject).name} " if claim.subject in ("each", "any") else ""
        told, today = _said(finding), _said(before) if before is not None else ""
        parts.append(f"{named}{told}" + (f", {_other(claim)} {today}" if today else "") if told else "")
    measure = appraisal.measure_named(claim.measure)
    title = f"{measure.title}: " if measure else ""
    text = "; ".join(part for part in parts if part)
    turn = _said(findings.get(finding_id(_TURNS.get(claim.measure, ""), claim.option, claim.subject)))
    return (f"{title}{text}." if text else "") + (f" It is used up at {turn}." if text and turn else "")


def _said(finding: Finding | None) -> str:
    """A finding's number with its unit and, where it has one, its range."""
    number = _number(finding)
    if finding is None or number is None:
        return ""
    measure = appraisal.measure_named(finding.measure)
    decimals, unit = (measure.decimals, measure.unit) if measure else (1, "")
    value, low, high = (_written(x, decimals, unit) for x in (number.value, number.low, number.high))
    one = unit[:-1] if value == low == high == "1" and unit.endswith("s") and " " not in unit else unit
    after = "" if unit.startswith("GBP") or not unit else unit if unit.startswith("%") else f" {one}"
    return f"{value}{after}" + (f" (likely {low} to {high})" if low != high else "")


def _written(value: float, decimals: int, unit: str) -> str:
    rounded = round(value, decimals) + 0.0
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    return ("−" if rounded < 0 else "") + ("£" if unit.startswith("GBP") else "") + text


def _pilot_better(case: Case, claim: Claim) -> _Answer:
    """The pilots' published changes, less the range that the change elsewhere may have had."""
    changes = published_changes(case)
    bounds = [one.bound() for one in changes]
    if not changes:
        return _Answer("cannot be tested", "No figure before and after was public by the appraisal's date."
                       + _held(claim))
    titles = {pilot.id: pilot.title for pilot in case.scheme.pilots}
    figures = "; ".join(
        f"{one.row['what']}, {titles.get(str(one.row['pilot']), one.row['pilot'])}: {one.before:g}% before, "
        f"{one.after:g}% after, effect {_written(b.low, 1, '')} to {_written(b.high, 1, '')} points"
        for one, b in zip(changes, bounds, strict=True))
    if all(b.low > 0 for b in bounds):
        return _Answer("supported", f"The figures agree. {figures}.")
    if all(b.high < 0 for b in bounds):
        return _Answer("not supported", f"The figures say otherwise. {figures}.")
    return _Answer("cannot be tested", f"The range of the figures holds both answers. {figures}.")


def _sizes(case: Case, claim: Claim) -> tuple[int, list[int]]:
    """The number of areas in the option's command, and in each other command that was announced."""
    mine = {code for command in case.scheme.option(claim.option).grouping.commands
            if claim.subject in (*command.areas, "scheme") for code in command.areas}
    announced: dict[str, list[str]] = {}
    for row in case.tables.get("announced", ()):
        announced.setdefault(str(row["command"]), []).append(str(row["area"]))
    return len(mine), sorted(len(areas) for areas in announced.values() if not mine & set(areas))


def _unannounced(claim: Claim) -> _Answer:
    return _Answer("cannot be tested", "The other commands were not public by the appraisal's date." + _held(claim))


def _only_one_so_large(case: Case, claim: Claim) -> _Answer:
    size, others = _sizes(case, claim)
    if not others:
        return _unannounced(claim)
    text = f"It has {size} areas; of the {len(others)} other commands announced, {_counted(others)}."
    return _Answer("supported" if max(others) < size else "not supported", text)


def _most_others(case: Case, claim: Claim) -> _Answer:
    _, others = _sizes(case, claim)
    if not others:
        return _unannounced(claim)
    most = 2 * sum(size == claim.threshold for size in others) > len(others)
    return _Answer("supported" if most else "not supported",
                   f"Of the {len(others)} other commands announced, {_counted(others)}.")


def _counted(sizes: Sequence[int]) -> str:
    return " and ".join(f"{n} {'has' if n == 1 else 'have'} {size} areas" for size, n in sorted(Counter(sizes).items()))


def _agrees(claim: Claim, made: Sequence[Claim]) -> _Answer:
    """Whether everybody who gave a number for the same thing gave this one; which of several is right is not public."""
    others = [c for c in made if c.about == claim.about and c.id != claim.id and c.threshold is not None]
    if not others:
        return _Answer("cannot be tested", "Nobody else gave a number for it by the appraisal's date." + _held(claim))
    apart = sorted({c.threshold for c in (claim, *others) if c.threshold is not None})
    if len(apart) == 1:
        return _Answer("supported", f"Everybody who gave a number gave this one, {apart[0]:,g}.")
    numbers = ", ".join(f"{n:,g}" for n in apart[:-1]) + f" and {apart[-1]:,g}"
    return _Answer("cannot be tested", f"{len(apart)} numbers were given for it: {numbers}. Which is right is not "
                   "public." + _held(claim))


_SPECIAL: Mapping[str, Callable[[Case, Claim], _Answer]] = {
    "pilot better": _pilot_better, "only one so large": _only_one_so_large, "most others": _most_others,
}


def _differ(one: tuple[Claim, ClaimResult], other: tuple[Claim, ClaimResult]) -> bool:
    (a, ra), (b, rb) = one, other
    if not a.about or a.about != b.about:
        return False
    if "agrees" in (a.rule, b.rule):
        return a.threshold != b.threshold
    return {ra.verdict, rb.verdict} == {"supported", "not supported"}


def _beside(claim: Claim, result: ClaimResult, every: Sequence[tuple[Claim, ClaimResult]]) -> ClaimResult:
    """The result with those who said otherwise of the same thing."""
    said = [f"{other.who} ({other.when.day} {other.when:%B %Y}): “{other.quote}”" for other, theirs in every
            if other is not claim and _differ((claim, result), (other, theirs))]
    return replace(result, text=f"{result.text} Said otherwise: {'; '.join(said)}.") if said else result


def _result(claim: Claim, answer: _Answer) -> ClaimResult:
    return ClaimResult(claim.id, claim.who, claim.when, claim.quote, claim.side, claim.url, answer.verdict,
                       f"{claim.why}. {answer.text}", answer.ids)
