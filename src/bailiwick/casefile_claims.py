"""What was said in the debate, by the day of the appraisal, and can each statement be tested as it is written?"""

from __future__ import annotations

from datetime import date

from bailiwick.case import Claim
from bailiwick.casefile_files import Document
from bailiwick.casefile_problems import Problems, check_known, check_once
from bailiwick.casefile_schema import CaseTable, ClaimsTable, ClaimTable

ROOMS = ("alternatives", "evaluation", "finance", "locality", "response")
_WITH_THRESHOLD = ("at least", "at most", "about", "ratio at least", "ratio about", "most others", "agrees")
_OF_NO_MEASURE = ("agrees",)


def claims_of(table: ClaimsTable | None, document: Document | None, case: CaseTable,
              problems: Problems) -> tuple[Claim, ...]:
    """All claims of a case, whenever they were made, after telling every problem of them."""
    if table is None or document is None:
        return ()
    check_once(problems, document, [(("claims", n, "id"), claim.id) for n, claim in enumerate(table.claims)])
    for n, claim in enumerate(table.claims):
        _check_threshold(document, n, claim, problems)
        if claim.rule == "untestable":
            _check_untestable(document, n, claim, problems)
        elif claim.rule == "agrees" and not claim.about:
            problems.tell(document, ("claims", n, "about"), got="nothing",
                          expected="what this claim and others give a number for", hint="add about = ...")
        elif claim.rule not in _OF_NO_MEASURE or claim.measure:
            _check_tested(document, n, claim, case, problems)
    return tuple(_claim(claim) for claim in table.claims)


def split_by_day(table: ClaimsTable | None, as_of: date) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims made by a day, and those made after it."""
    claims = [_claim(claim) for claim in table.claims] if table else []
    return tuple(c for c in claims if c.when <= as_of), tuple(c for c in claims if c.when > as_of)


def _check_threshold(document: Document, n: int, claim: ClaimTable, problems: Problems) -> None:
    needed = claim.rule in _WITH_THRESHOLD
    if needed and claim.threshold is None:
        problems.tell(document, ("claims", n, "threshold"), got="nothing",
                      expected=f'the number to compare with, as the rule is "{claim.rule}"', hint="add threshold = ...")
    if not needed and claim.threshold is not None:
        problems.tell(document, ("claims", n, "threshold"), got=f"{claim.threshold:g}",
                      expected=f'no number, as the rule is "{claim.rule}"', hint="delete it, or choose another rule")


def _check_untestable(document: Document, n: int, claim: ClaimTable, problems: Problems) -> None:
    if not claim.holder:
        problems.tell(document, ("claims", n, "holder"), got="nothing",
                      expected="who has the figure that would test it", hint="add holder = ...")
    if claim.measure or claim.option or claim.subject:
        problems.tell(document, ("claims", n, "rule"), got="untestable, with a measure, option or subject",
                      expected="a rule that uses them", hint="leave the three empty, or choose another rule")


def _check_tested(document: Document, n: int, claim: ClaimTable, case: CaseTable, problems: Problems) -> None:
    room, _, name = claim.measure.partition(".")
    if room not in ROOMS or not name:
        check_known(problems, (document, ("claims", n, "measure")), claim.measure, [f"{room}. ..." for room in ROOMS],
                    expected="a measure, as room.name")
    check_known(problems, (document, ("claims", n, "option")), claim.option, [o.name for o in case.options],
                expected="the name of one of the case's options")
    check_known(problems, (document, ("claims", n, "subject")), claim.subject,
                ["scheme", "each", "any", *case.areas.scope], expected="scheme, each, any, or a code in areas.scope")


def _claim(claim: ClaimTable) -> Claim:
    return Claim(
        id=claim.id, who=claim.who, when=claim.when, quote=claim.quote, side=claim.side, url=claim.url,
        measure=claim.measure, option=claim.option, subject=claim.subject, rule=claim.rule,
        threshold=None if claim.threshold is None else float(claim.threshold), holder=claim.holder, why=claim.why,
        about=claim.about,
    )
