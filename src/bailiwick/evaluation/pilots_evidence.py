"""What could not be measured in the pilots, what bounds it, and what evidence would have settled it at what cost?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bailiwick.case import Case
from bailiwick.evaluation.bounds import BoundedDifference, bounded_difference
from bailiwick.evaluation.pilots_readings import JOINT, Findings, findings
from bailiwick.evaluation.pilots_words import nothing, rounded
from bailiwick.tables import Cell, ResultTable, Row

SWEEP = 7
NINETY_FIVE = 1.959964
_NOT_MEASURABLE = (
    ("what", ""), ("why_it_matters", ""), ("instead", "what was published"), ("holder", "who has it"), ("reason", ""),
)
_BOUND = (
    ("outcome", ""), ("pilot", ""), ("before", "%"), ("after", "%"), ("change", "points"),
    ("change_elsewhere", "points, assumed"), ("effect", "points"), ("effect_low", "points"), ("effect_high", "points"),
    ("sign", ""), ("overturned_at", "points elsewhere"), ("reads", ""),
)
_SETTLE = (
    ("what", ""), ("would_settle", "the evidence wanted"), ("holder", "who has it or could collect it"),
    ("cost_low", "GBP"), ("cost_high", "GBP"), ("cost_is", ""), ("reckoned", ""),
)


def not_measurable(case: Case) -> ResultTable:
    """What nobody outside could measure, the most important first: named in the case, and found on its tables."""
    name, title = "pilots_not_measurable", "What could not be measured in the pilots"
    found = findings(case)
    wanted = case.tables.get("evidence_wanted", ())
    rows: list[tuple[Cell, ...]] = [
        (row["what"], row["why"], row["instead"], row["holder"], "nobody published it") for row in wanted]
    if found is not None:
        rows += _half_seen(found)
        rows += [(refused.title, "It was named in the plan", "the table of the case", "", refused.why)
                 for refused in found.refused]
    first = str(next(iter(wanted))["what"]) if len(wanted) else ""
    note = (f"Not measurable: {first[0].lower()}{first[1:]}. So whether help came later because commands were merged "
            "can only be bounded, and everything below is about other outcomes." if first else
            "The case names nothing that could not be measured.")
    return ResultTable(name, title, tuple(c for c, _ in _NOT_MEASURABLE), tuple(u for _, u in _NOT_MEASURABLE),
                       tuple(rows), note=note)


def _half_seen(found: Findings) -> list[tuple[Cell, ...]]:
    """Outcomes whose values cover several periods and of which no value lies wholly after a start."""
    rolling = [one for one in found.measured if one.window > 1]
    most = [float(one.exposed(group.id)[-1]) for one in rolling for group in one.panel.pilots]
    if not rolling or max(most) >= 1:
        return []
    what = f"Opinion wholly after the start ({len(rolling)} questions)"
    return [(what, "An effect on opinion shows only with the share of interviews held after the start",
             f"means of {rolling[0].window} quarters; the latest is {rolling[0].panel.periods[-1]}",
             "publisher of the survey",
             f"between {min(most):.0%} and {max(most):.0%} of the latest value's interviews came after the start")]


@dataclass(frozen=True, slots=True)
class Published:
    """A pilot's published change without a published comparison, and what stands around it."""

    row: Row
    before: float
    after: float
    error: float
    likely: float
    low: float
    high: float

    @property
    def change(self) -> float:
        """After less before, in points."""
        return round(self.after - self.before, 6)

    def bound(self, low: float | None = None, high: float | None = None) -> BoundedDifference:
        """The effect when the change elsewhere lies from `low` to `high`; the whole stated range by default."""
        return bounded_difference(self.change, self.low if low is None else low, self.high if high is None else high,
                                  unit="points", change_error=self.error)


def published_changes(case: Case) -> tuple[Published, ...]:
    """The pilots' published changes whose figures were known by the appraisal's date.

    The error is the naive binomial one at 95% where the numbers of cases were published, else nothing.
    """
    figures = {str(row["id"]): row for row in case.tables.get("figures", ())}
    found = []
    for row in case.tables.get("pilot_changes", ()):
        if str(row["before"]) not in figures or str(row["after"]) not in figures:
            continue
        before, after = (float(figures[str(row[key])]["value"]) for key in ("before", "after"))  # type: ignore[arg-type]
        told = case.assumption(str(row["elsewhere"]))
        found.append(Published(row, before, after, _error(row, figures, (before, after)),
                               told.value, told.low, told.high))
    return tuple(found)


def _error(row: Row, figures: Mapping[str, Row], shares: tuple[float, float]) -> float:
    variance = 0.0
    for key, share in zip(("before_count", "after_count"), shares, strict=True):
        counted = figures.get(str(row[key]))
        if counted is None:
            return 0.0
        variance += share * (100 - share) / float(counted["value"])  # type: ignore[arg-type]
    return NINETY_FIVE * math.sqrt(variance)


def response_bound(case: Case) -> ResultTable:
    """The pilots' published change less an unknown change elsewhere, swept over its range, and what overturns it."""
    name, title = "pilots_response_bound", "Response in the pilot: what the published change can and cannot show"
    changes = published_changes(case)
    titles = {pilot.id: pilot.title for pilot in case.scheme.pilots}
    rows = [row for one in changes
            for row in _bound_rows(one, titles.get(str(one.row["pilot"]), str(one.row["pilot"])))]
    if not changes:
        return nothing(name, title, _BOUND, "No before and after figure of a pilot had been published by that day.")
    said = []
    for one in changes:
        bound, what = one.bound(), str(one.row["what"])
        sure = "a fall for every change in that range" if bound.sign == "fell" else (
            "a rise for every change in that range" if bound.sign == "rose" else "of unknown sign")
        said.append(f"{what}: {one.change:+.1f} points in the pilot; less a change elsewhere of {one.low:+g} to "
                    f"{one.high:+g} points that nobody published, {bound.low:+.1f} to {bound.high:+.1f}, {sure}; only "
                    f"a change elsewhere of {bound.overturned_at:+.1f} or worse would mean that the pilot did no harm")
    if any(one.change > 0 for one in changes):
        said = [text.replace("or worse would mean that the pilot did no harm", "would mean no effect") for text in said]
    return ResultTable(name, title, tuple(c for c, _ in _BOUND), tuple(u for _, u in _BOUND), tuple(rows),
                       note=". ".join(said) + ". The range is a guess; the figures are of one quarter and one pilot.")


def _bound_rows(one: Published, pilot: str) -> list[tuple[Cell, ...]]:
    whole = one.bound()
    head: tuple[Cell, ...] = (str(one.row["what"]), pilot, one.before, one.after, rounded(one.change, 1))
    rows: list[tuple[Cell, ...]] = [(
        *head, f"{one.low:+g} to {one.high:+g}", rounded(one.change - one.likely, 1), rounded(whole.low, 1),
        rounded(whole.high, 1), whole.sign, rounded(whole.overturned_at, 1), whole.sentence)]
    swept = [*np.linspace(one.low, one.high, SWEEP).tolist(), one.change]
    for elsewhere in sorted(set(swept)):
        here = one.bound(elsewhere, elsewhere)
        reads = f"then it {here.sign}" if here.sign != "not known" else "then it may have been either"
        if elsewhere == one.change:
            reads = "then there was no effect: the change elsewhere equals the pilot's"
        rows.append((*head, f"{elsewhere:+g}", rounded(one.change - elsewhere, 1), rounded(here.low, 1),
                     rounded(here.high, 1), here.sign, rounded(here.overturned_at, 1), reads))
    return rows


def settle(case: Case) -> ResultTable:
    """The evidence that would have settled it, who holds it, what it would cost, and how many pilots it takes."""
    name, title = "pilots_settle", "What evidence would have settled it, and at what cost"
    found = findings(case)
    wanted = case.tables.get("evidence_wanted", ())
    rows: list[tuple[Cell, ...]] = [
        (row["what"], row["would_settle"], row["holder"], row["cost_low"], row["cost_high"],
         "a guess" if row["cost_kind"] == "guess" else str(row["cost_kind"]), row["cost_basis"]) for row in wanted]
    rows += _more_pilots(found) if found is not None else []
    note = "The case names no evidence that would settle it."
    for first in tuple(wanted)[:1]:
        guess = " (a guess)" if first["cost_kind"] == "guess" else ""
        note = (f"{str(first['would_settle']).split(':')[0]}: GBP {first['cost_low']:,.0f} to {first['cost_high']:,.0f}"
                f"{guess} would have measured what is now only bounded.")
    return ResultTable(name, title, tuple(c for c, _ in _SETTLE), tuple(u for _, u in _SETTLE), tuple(rows), note=note)


def _more_pilots(found: Findings) -> list[tuple[Cell, ...]]:
    """How many pilots like these would show a change as small as the margin, for each primary outcome.

    The detectable effect falls with the root of their number if places are alike.
    """
    count = len(found.plan.pilots)
    rows: list[tuple[Cell, ...]] = []
    for r in found.headline():
        margin = r.measured.planned.margin
        alone = count == 1 or r.pilot == JOINT
        if r.measured.planned.role != "primary" or not alone or r.mde is None or margin is None:
            continue
        needed = max(count, math.ceil(count * (r.mde / r.exposed / margin) ** 2))
        unit = "points" if r.measured.unit == "points" else "%"
        rows.append((
            f"More pilots, for: {r.measured.title.lower()}",
            f"about {needed} pilots like these instead of {count}, to see a change of {margin:g} {unit}",
            "whoever decides how many places try it", None, None, "worked out",
            f"{count} show {r.mde / r.exposed:.1f} {unit} four times in five; falls with the root of their number, if "
            "places are alike"))
    return rows
