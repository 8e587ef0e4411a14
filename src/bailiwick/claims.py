"""Who said what, and is it so?  One set of rules for supporters and opponents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bailiwick.case import Case, Claim
from bailiwick.findings import ClaimResult, Estimate, Finding, finding_id

Word = Literal["supported", "not supported", "cannot be tested"]


def tested(case: Case, findings: Mapping[str, Finding]) -> tuple[ClaimResult, ...]:
    """Every claim made by the appraisal's date, with what the findings say of it."""
    return tuple(_tested(case, claim, findings) for claim in case.claims if claim.when <= case.as_of)


def _tested(case: Case, claim: Claim, findings: Mapping[str, Finding]) -> ClaimResult:
    if claim.rule == "untestable":
        return _result(claim, "cannot be tested", f"Not public by the appraisal's date. Held by {claim.holder}.", ())
    used = [findings[i] for i in _ids(case, claim) if i in findings]
    missing = "No figure to test it with yet." + (f" Held by {claim.holder}." if claim.holder else "")
    if not used:
        return _result(claim, "cannot be tested", missing, ())
    words = [_says(claim, finding, findings) for finding in used]
    ids = tuple(finding.id for finding in used)
    if "cannot be tested" in words and not (claim.subject == "any" and "supported" in words):
        return _result(claim, "cannot be tested", missing if words == ["cannot be tested"] * len(words) else
                       "The range of the figures holds both answers.", ids)
    hits = words.count("supported")
    enough = hits > 0 if claim.subject == "any" else hits == len(words)
    if claim.subject in ("each", "any"):
        text = f"True of {hits} of {len(words)} areas."
    else:
        text = "The figures agree." if enough else "The figures say otherwise."
    return _result(claim, "supported" if enough else "not supported", text, ids)


def _ids(case: Case, claim: Claim) -> list[str]:
    subjects = list(case.scheme.scope) if claim.subject in ("each", "any") else [claim.subject]
    return [finding_id(claim.measure, claim.option, subject) for subject in subjects]


def _says(claim: Claim, finding: Finding, findings: Mapping[str, Finding]) -> Word:
    """Whether one finding supports the claim; a range that holds both answers cannot test it."""
    if claim.rule in ("worse", "better", "same"):
        change = next((c for c in finding.changes if c.against == "today"), None)
        if change is None or change.estimate is None or change.state == "not shown":
            return "cannot be tested"
        return "supported" if change.state == claim.rule else "not supported"
    if not isinstance(finding.value, Estimate) or claim.threshold is None:
        return "cannot be tested"
    low, high = finding.value.low, finding.value.high
    if claim.rule == "ratio at least":
        before = findings.get(finding_id(claim.measure, "today", finding.subject))
        if before is None or not isinstance(before.value, Estimate) or before.value.low <= 0:
            return "cannot be tested"
        low, high = low / before.value.high, high / before.value.low
    return _against(claim, low, high)


def _against(claim: Claim, low: float, high: float) -> Word:
    if claim.threshold is None:
        return "cannot be tested"
    if claim.rule == "at most":
        low, high, bound = -high, -low, -claim.threshold
    else:
        bound = claim.threshold
    if low >= bound:
        return "supported"
    return "not supported" if high < bound else "cannot be tested"


def _result(claim: Claim, verdict: Word, text: str, ids: tuple[str, ...]) -> ClaimResult:
    return ClaimResult(claim.id, claim.who, claim.when, claim.quote, claim.side, claim.url, verdict,
                       f"{claim.why}. {text}", ids)
