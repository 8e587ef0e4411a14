"""What are the few numbers that an answer turns on, in one set of assumptions?

The money of an option, and how far the worst area stays above the safety floor: points left between the margin and the
bound of harm, the worst area of each grade.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bailiwick import appraisal
from bailiwick.appraisal import Judgement
from bailiwick.case import Case
from bailiwick.findings import finding_id

MONEY = (
    "finance.saving_a_year", "finance.saving_from_merging", "finance.service_neutral_saving",
    "finance.net_present_value",
)
"""The measures of money that every headline table tells, of the whole scheme."""

WITHOUT_SERVICE = tuple(name for name in MONEY if name != "finance.service_neutral_saving")
"""Those that finance alone knows: no simulation is needed."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the numbers that the answer turns on: its key in tables, its title and unit; it turns at zero."""

    key: str
    title: str
    unit: str


def headlines(case: Case) -> tuple[Headline, ...]:
    """The headlines of a case: its money, then the points to spare at the safety floor for each grade of its rule."""
    found = []
    for name in MONEY:
        measure = appraisal.measure_named(name)
        if measure is not None:
            found.append(Headline(name, measure.title, measure.unit))
    for rule in floor_measures(case):
        found.append(Headline(spare_key(rule), f"Points to spare above the safety floor: {rule['title']!s}", "points"))
    return tuple(found)


def spare_key(rule: Mapping[str, object]) -> str:
    """The key of a grade's points to spare."""
    return f"spare.{rule['measure']!s}"


def floor_measures(case: Case) -> list[Mapping[str, object]]:
    """The measures of the safety floor in the case's rule, each with its margin in points."""
    floor = case.rules.get("safety_floor", {})
    return list(floor["measures"]) if isinstance(floor, Mapping) else []


def money_measure(case: Case) -> str:
    """The measure of money that the case's rule asks for."""
    money = case.rules.get("money", {})
    return str(money["measure"]) if isinstance(money, Mapping) else ""


def most(case: Case) -> float:
    """The share of accepted sets that the rule calls most."""
    sets = case.rules.get("sets", {})
    return float(sets["most"]) if isinstance(sets, Mapping) else 0.9


def found_in(case: Case, judgement: Judgement, option: str) -> dict[str, float | None]:
    """Each headline of an option in one set, by key; None where it has no number or a run is saturated."""
    told: dict[str, float | None] = {}
    for headline in headlines(case):
        if headline.key in MONEY:
            value = judgement.values.get(finding_id(headline.key, option, "scheme"))
            told[headline.key] = value if isinstance(value, float) else None
    for rule in floor_measures(case):
        told[spare_key(rule)] = spare(case, judgement.paired, option, rule)
    return told


def spare(
    case: Case, paired: Mapping[tuple[str, str, str], tuple[float, float]], option: str, rule: Mapping[str, object]
) -> float | None:
    """The points between the margin and the bound of harm in the area where they are fewest; None if one is missing.

    `paired` holds the interval of each change against the cuts by option, measure and area; a loss is negative.
    """
    changes = [paired.get((option, str(rule["measure"]), code)) for code in case.scheme.scope]
    kept = [change[0] for change in changes if change is not None]
    return float(str(rule["margin"])) + min(kept) if kept and len(kept) == len(changes) else None


def worst_area(case: Case, judgement: Judgement, option: str, rule: Mapping[str, object]) -> str | None:
    """The code of the area that loses most against the cuts by a measure of the floor; None where one is missing."""
    found = {code: judgement.paired.get((option, str(rule["measure"]), code)) for code in case.scheme.scope}
    known = {code: change[0] for code, change in found.items() if change is not None}
    return min(known, key=lambda code: (known[code], code)) if known and len(known) == len(found) else None


def passes(case: Case, told: Mapping[str, float | None]) -> bool:
    """Whether an option meets the rule in one set: no area below the floor, and money still saved."""
    money = told.get(money_measure(case))
    floors = [told[spare_key(rule)] for rule in floor_measures(case)]
    return money is not None and money > 0 and all(value is not None and value >= 0 for value in floors)


def few_options(case: Case, option: str = "proposed") -> Case:
    """The case with today, the cuts and one option only: a third of the work, and the same numbers for them."""
    kept = tuple(o for o in case.scheme.options if o.kind in ("today", "cuts") or o.name == option)
    return replace(case, scheme=replace(case.scheme, options=kept))


def has(case: Case, option: str = "proposed") -> bool:
    """Whether the case has an option of that name."""
    return any(o.name == option for o in case.scheme.options)


def weakest_rank(rows: Sequence[Mapping[str, float | None]], keys: Sequence[str], *, up: bool) -> list[float]:
    """For each set, its worst (best, where `up` is False) rank among all sets over some headlines.

    A set without a number ranks below every set with one.  The set with the highest worst rank is the strongest case
    for; the set with the lowest best rank the strongest against: neither rests on one number alone.

    >>> weakest_rank([{"a": 1.0, "b": 9.0}, {"a": 2.0, "b": 5.0}, {"a": 3.0, "b": None}], ("a", "b"), up=True)
    [0.0, 1.0, 0.0]
    """
    ranks = []
    for key in keys:
        values = [row[key] for row in rows]
        told = [-math.inf if value is None else value for value in values]
        ranks.append([float(sum(other < mine for other in told)) for mine in told])
    pick = min if up else max
    return [pick(column) for column in zip(*ranks, strict=True)]
