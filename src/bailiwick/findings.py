"""What was found: for which area, under which option, how sure, and from where?

The one rule: a measure is a function of a case and one command that returns, for each area in it, one number or the
reason why there is none.  What one command cannot know is a measure of scope `grouping`, computed from a whole option.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bailiwick.case import Case
from bailiwick.scheme import Command, Option
from bailiwick.tables import ResultTable

State = Literal["better", "same", "worse", "not shown"]
Holds = Literal["all", "most", "some", "few", "none"]
Basis = Literal["observed", "modelled", "estimated", "assumed", "screened"]


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Why there is no number: nobody has published it, it means nothing here, or the simulation was saturated."""

    reason: Literal["unknown", "not meaningful here", "saturated"]
    text: str = ""


Number = float | Unavailable
ByArea = Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its range; `level` is the share of accepted sets (or the confidence) inside it."""

    value: float
    low: float
    high: float
    level: float
    basis: Basis


@dataclass(frozen=True, slots=True)
class Measure:
    """A question that has one answer for each area.

    `compute` takes (case, command) when `scope` is command, and (case, option) when it is grouping; it returns a
    number or an Unavailable for each area code (or for "scheme", where areas have no share of their own).
    `combine` says how areas add up to the scheme, `weight` by what a mean is weighted (population | none).
    `sources` are where the figures come from, `reference` where the method does.
    """

    name: str
    title: str
    unit: str
    decimals: int
    better: Literal["higher", "lower", "neither"]
    role: Literal["service", "cost", "closeness", "context"]
    scope: Literal["command", "grouping"]
    combine: Literal["sum", "mean", "max", "min", "other"]
    weight: Literal["population", "none"]
    definition: str
    reference: str
    smallest_that_matters: float
    compute: Callable[[Case, Command], ByArea] | Callable[[Case, Option], ByArea]
    basis: Basis = "modelled"
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """The difference against another option, and whether it is big and sure enough to be called one."""

    against: str
    estimate: Estimate | None
    state: State
    holds_in: Holds


@dataclass(frozen=True, slots=True)
class Finding:
    """One number of the appraisal, for one subject under one option, with everything that stands behind it."""

    id: str
    measure: str
    subject: str
    option: str
    value: Estimate | Unavailable
    changes: tuple[Change, ...]
    sources: tuple[str, ...]
    published: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A test of the appraisal by itself: passed, failed, or None where it only informs."""

    name: str
    passed: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A published figure beside ours; `discrepancy` is how far they may differ and still agree, in the same unit."""

    figure_id: str
    modelled: float
    published: float
    discrepancy: float

    @property
    def agrees(self) -> bool:
        """Whether ours lies within the stated discrepancy of the published figure."""
        return abs(self.modelled - self.published) <= self.discrepancy


@dataclass(frozen=True, slots=True)
class Unknown:
    """A number that nobody has published: why it matters, who holds it, where it would turn the answer.

    `settles`: share of accepted sets whose answer would be settled by learning it, in [0, 1].
    """

    assumption: str
    title: str
    why_it_matters: str
    holder: str
    unit: str
    value: float
    low: float
    high: float
    breaks_even_at: float | None
    settles: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A lever that could turn the verdict: its setting, whom it protects, and what it costs a year."""

    lever: str
    setting: str
    protects: tuple[str, ...]
    cost_a_year: Estimate
    verdict_with: str
    verdict_without: str


@dataclass(frozen=True, slots=True)
class GateState:
    """Whether a gate was passed on the appraisal's date, as far as anybody outside could know."""

    name: str
    owner: str
    due: date | None
    requires: str
    state: Literal["met", "not met", "cannot be known"]
    evidence: tuple[str, ...]
    criterion_dated: date | None
    text: str


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What the appraisal can say of a claim."""

    id: str
    who: str
    when: date
    quote: str
    side: str
    url: str
    verdict: Literal["supported", "not supported", "cannot be tested"]
    text: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer by rule, the sentence that says it, its reasons and caveats, and the answer under two other rules."""

    answer: Literal["worthwhile", "worthwhile only if", "not worthwhile", "cannot be judged"]
    sentence: str
    reasons: tuple[str, ...]
    caveats: tuple[str, ...]
    under_other_rules: Mapping[str, str]
    rule_sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """Everything that an appraisal found; the report and the map print nothing else."""

    case: Case
    case_digest: str
    options: tuple[Option, ...]
    findings: tuple[Finding, ...]
    tables: tuple[ResultTable, ...]
    checks: tuple[Check, ...]
    unknowns: tuple[Unknown, ...]
    gates: tuple[GateState, ...]
    conditions: tuple[Condition, ...]
    claims: tuple[ClaimResult, ...]
    verdict: Verdict
    provenance: Mapping[str, object]
    commands: bytes = b""

    def finding(self, id: str) -> Finding:
        """The finding of that id; KeyError when there is none."""
        for finding in self.findings:
            if finding.id == id:
                return finding
        raise KeyError(id)


def finding_id(measure: str, option: str, subject: str) -> str:
    """The address of a number: measure/option/subject."""
    return f"{measure}/{option}/{subject}"


def by_area(case: Case, measure: Measure, option: Option) -> dict[str, Number]:
    """One number or reason for each area of the option, by asking the measure of each command (or of the whole)."""
    if measure.scope == "grouping":
        return dict(measure.compute(case, option))  # type: ignore[arg-type]
    found: dict[str, Number] = {}
    for command in option.grouping.commands:
        found.update(measure.compute(case, command))  # type: ignore[arg-type]
    return found


def combined(case: Case, measure: Measure, values: ByArea) -> Number:
    """The scheme's number from its areas', as the measure declares; Unavailable if any area's is."""
    if "scheme" in values:
        return values["scheme"]
    if measure.combine == "other":
        return Unavailable("not meaningful here", "areas do not add up to one number for this measure")
    numbers = []
    for code in sorted(values):
        value = values[code]
        if isinstance(value, Unavailable):
            return value
        numbers.append(value)
    if measure.combine == "mean":
        weights = [_weight(case, measure, code) for code in sorted(values)]
        return math.fsum(w * v for w, v in zip(weights, numbers, strict=True)) / math.fsum(weights)
    if measure.combine == "sum":
        return math.fsum(numbers)
    return max(numbers) if measure.combine == "max" else min(numbers)


def _weight(case: Case, measure: Measure, code: str) -> float:
    if measure.weight == "none":
        return 1.0
    return float(case.system.area(code).population or 0)


def state_of(low: float, high: float, measure: Measure) -> State:
    """What a change with this range may be called: `same` and `not shown` are different things.

    Worse or better needs the whole range beyond the smallest change that matters; same needs it wholly inside.
    """
    smallest = measure.smallest_that_matters
    if measure.better == "neither":
        return "same" if -smallest <= low and high <= smallest else "not shown"
    up, down = ("better", "worse") if measure.better == "higher" else ("worse", "better")
    if low > smallest:
        return up  # type: ignore[return-value]
    if high < -smallest:
        return down  # type: ignore[return-value]
    if -smallest <= low and high <= smallest:
        return "same"
    return "not shown"


def holds(share: float) -> Holds:
    """The word for a share of accepted sets: all, most (>= 90%), some, few (<= 10%), none."""
    if share >= 1:
        return "all"
    if share >= 0.9:
        return "most"
    if share > 0.1:
        return "some"
    return "few" if share > 0 else "none"
