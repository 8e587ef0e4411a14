"""Why are we a four?  Every way to command the areas of the scope, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.choices_response import NOT_SIMULATED, Response, Served
from bailiwick.choices_ways import (
    Way,
    Worth,
    all_listed,
    rivals,
    sets_of,
    short_name,
    shortest_border,
    told,
    ways,
    worth,
)
from bailiwick.scheme import Grouping
from bailiwick.tables import Cell, ResultTable

CLOSENESS: Mapping[str, str] = {"largest": "lower", "distance": "lower", "farthest": "lower", "mix": "lower",
                                "councils": "lower", "priorities": "higher"}
BALANCE: Mapping[str, str] = {"uneven_residents": "lower", "uneven_crimes": "lower"}
MATTERS = 1.0
"""Percentage points by which a simulated share must differ to be called better."""
ALL: Mapping[str, str] = {"saving": "higher", "change_commander": "lower", **CLOSENESS}

COLUMNS: tuple[tuple[str, str], ...] = (
    ("map", ""), ("kind", ""), ("is", ""), ("commands", "commands"),
    ("residents_who_change_commander", "people"), ("saving_a_year", "GBP a year, posts only"),
    ("constables_against_today", "constables"), ("largest_command", "people for one commander"),
    ("distance_mean", "km"), ("distance_worst_area", "km"), ("crime_mix_distance", "0 to 1"),
    ("councils_per_commander", "councils, at most"), ("uneven_residents", "% off an equal share, at most"),
    ("uneven_crimes", "% off an equal share, at most"), ("hangs_on_border", ""), ("border_metres", "m"),
    ("hangs_on_shortest_border", ""), ("beaten_on_balance_by", ""), ("beaten_on_closeness_by", ""),
    ("beaten_on_money_and_closeness_by", ""), ("beaten_on_response_by", ""), ("response", ""),
    ("immediate_in_target", "%"), ("immediate_worst_area", "%"),
    ("significant_in_target", "%"), ("significant_worst_area", "%"), ("headquarters", ""),
    ("priorities_shared_worst_area", "of 5"), ("officers_to_restore", "officers"), ("service_restored", ""),
    ("saving_at_equal_service", "GBP a year, posts only"), ("officers_who_change_commander", "officers"),
    ("borders_cut", "borders between commands"), ("councils_kept_whole", "councils"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One way with its worth and what a simulation says of it."""

    way: Way
    worth: Worth
    served: Served


def rows(case: Case, response: Response | None = None) -> tuple[Row, ...]:
    """Every way with its worth; response only for maps of the scope's own areas, and only when it can be asked."""
    found = ways(case)
    asked = [way for way in found if not way.joins]
    said = dict(zip(asked, response(case, [way.grouping for way in asked]), strict=True)) if response else {}
    return tuple(Row(way, worth(case, way.grouping), said.get(way, Served())) for way in found)


def local_table(case: Case, found: Sequence[Row]) -> ResultTable:
    """The local choice set as one page: a row a map, differences against today on the same areas."""
    return ResultTable(
        name="alternatives_local",
        title="Every way to command these areas" if all_listed(case) else "The maps that the case names, side by side",
        columns=tuple(name for name, _ in COLUMNS), units=tuple(unit for _, unit in COLUMNS),
        rows=tuple(_cells(case, row, found) for row in found), note=_note(case, found),
    )


def _cells(case: Case, row: Row, found: Sequence[Row]) -> tuple[Cell, ...]:
    way, w = row.way, row.worth
    beaten = (*beaten_by(case, row), faster_than(case, row, found))
    short = min(way.hung, key=lambda link: (link.land_metres or float("inf"), link.a, link.b), default=None)
    shortest = shortest_border(case)
    border = "none" if short is None else f"{short_name(case, short.a)}-{short_name(case, short.b)}"
    seen = row.served.shares or (None,) * 4
    return (
        told(case, sets_of(way.grouping)), _kind(case, way), identity(case, way.grouping), len(way.grouping.commands),
        w.change_commander, w.saving, w.constables, w.largest, w.distance, w.farthest, w.mix, w.councils,
        w.uneven_residents, w.uneven_crimes, border, None if short is None else short.land_metres,
        "yes" if shortest is not None and shortest in way.hung else "no", *beaten,
        row.served.why or "simulated", *seen, _headquarters(way), w.priorities, row.served.officers,
        _restored(row.served), row.served.neutral, w.officers_change, w.cut, len(way.areas),
    )


def _restored(served: Served) -> str:
    if served.officers is None:
        return "not known"
    return "yes" if served.restored else "no, more officers are needed"


def _kind(case: Case, way: Way) -> str:
    if way.moved is None:
        return "among themselves"
    name = short_name(case, way.moved)
    return f"{name} joins" if way.joins else f"{name} leaves, the others stay together"


def identity(case: Case, grouping: Grouping) -> str:
    """Whether a map is today's or the proposal's: their name, or nothing."""
    for name in ("today", "proposed"):
        if sets_of(case.scheme.option(name).grouping) == sets_of(grouping):
            return name
    return ""


def _headquarters(way: Way) -> str:
    return " | ".join(command.headquarters or "by rule" for command in way.grouping.commands)


def beaten_by(case: Case, row: Row) -> tuple[str, str, str]:
    """Which map of the same areas beats this one on balance, on closeness and on all of it; "no" when none does.

    Beaten: no worse on every measure of the set and better on one, as printed. Balance is compared only among maps of
    as many commands: a single command is always even.
    """
    others = [(g, worth(case, g)) for g in rivals(case, row.way)]
    alike = [(g, w) for g, w in others if len(g.commands) == len(row.way.grouping.commands)]
    return (_beater(case, row.worth, alike, BALANCE), _beater(case, row.worth, others, CLOSENESS),
            _beater(case, row.worth, others, ALL))


def faster_than(case: Case, row: Row, found: Sequence[Row]) -> str:
    """Which map meets more calls in target: no share lower and one higher by `MATTERS`; among several, the fastest."""
    own = row.served.shares
    if own is None:
        return NOT_SIMULATED
    better = [(sum(shares), told(case, sets_of(other.way.grouping))) for other in found
              if (shares := other.served.shares) is not None and faster(shares, own)]
    return max(better)[1] if better else "no"


def faster(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether no share of calls in target is lower and one is higher by `MATTERS`."""
    return all(x >= y for x, y in zip(a, b, strict=True)) and any(x >= y + MATTERS for x, y in zip(a, b, strict=True))


def _beater(case: Case, own: Worth, others: Sequence[tuple[Grouping, Worth]], asked: Mapping[str, str]) -> str:
    better = [(g, w) for g, w in others if beats(w, own, asked)]
    top = [g for g, w in better if not any(beats(v, w, asked) for _, v in better)]
    return told(case, sets_of(top[0])) if top else "no"


def beats(a: Worth, b: Worth, asked: Mapping[str, str]) -> bool:
    """Whether one map is no worse than another on every measure asked and better on one; unknown never beats."""
    strictly = False
    for name, wish in asked.items():
        x, y = getattr(a, name), getattr(b, name)
        if x is None or y is None:
            return False
        gain = y - x if wish == "lower" else x - y
        if gain < 0:
            return False
        strictly = strictly or gain > 0
    return strictly


def best_rows(case: Case, found: Sequence[Row]) -> list[tuple[str, str, str, float, str, int, str]]:
    """Best map of these areas on each measure by trying all: measure, unit, wish, value, map, ties, certainty."""
    own = [row for row in found if not row.way.joins]
    named = {"saving": ("yearly saving against today", "GBP a year, posts only"),
             "change_commander": ("residents who change commander", "people"),
             "largest": ("residents of the largest command", "people"),
             "distance": ("mean distance to headquarters", "km"),
             "farthest": ("distance to headquarters, worst area", "km"),
             "mix": ("how unlike its command's an area's crime is", "0 to 1"),
             "councils": ("councils that share a commander, at most", "councils"),
             "priorities": ("top five problems shared with the command, worst area", "of 5")}
    sure = "proved: " if all_listed(case) else "no proof: "
    best = []
    for key, (measure, unit) in named.items():
        values = [(getattr(row.worth, key), row) for row in own if getattr(row.worth, key) is not None]
        if not values:
            continue
        top = (min if ALL[key] == "lower" else max)(value for value, _ in values)
        ties = [row for value, row in values if value == top]
        best.append((measure, unit, ALL[key], top, told(case, sets_of(ties[0].way.grouping)), len(ties),
                     f"{sure}all {len(values)} maps compared"))
    return best


def _note(case: Case, found: Sequence[Row]) -> str:
    own = [row for row in found if not row.way.joins]
    link = shortest_border(case)
    proposal = worth(case, case.scheme.option("proposed").grouping)
    today = worth(case, case.scheme.option("today").grouping)
    thin = sum(link in row.way.hung for row in own) if link else 0
    first = (f"There are {len(own)} ways to put these {len(case.scheme.scope)} areas under joined-up commands"
             if all_listed(case) else
             f"These are the {len(own)} different maps that the case names; all others are counted below, not listed")
    if link is not None and all_listed(case):
        hanging = "one of them hangs" if thin == 1 else f"{thin} of them hang"
        first += (f"; {hanging} on the {link.land_metres:,.0f} m border between "
                  f"{short_name(case, link.a)} and {short_name(case, link.b)}")
    return " ".join((
        first + ".", _middle(case, own, proposal), _helped(own, case),
        f"Today one commander answers for at most {today.largest:,} residents, under the proposal for "
        f"{proposal.largest:,}.",
        "Savings are those of posts, without buildings; cuts without a merger can reach the same yearly cost, so "
        "against them the saving is nil by construction. Where a neighbour joins, today includes the neighbour's own "
        "command. Whose commander stays: that of the most populous area of each command. Headquarters are the options' "
        "own, otherwise the base nearest the residents' median point. Beaten: another map of the same areas is no "
        "worse on every measure named and better on one; balance is compared among maps of as many commands. "
        "Response is one simulation of each whole map on the same calls, at the central assumptions, with cars in step "
        "with the constables that its posts leave; better there means by at least one point in a hundred.",
    ))


def _helped(own: Sequence[Row], case: Case) -> str:
    """The sentence on response: today, the proposal, and what lies between, in the simulation."""
    seen = {identity(case, row.way.grouping): row.served for row in own}
    if "today" not in seen or "proposed" not in seen:
        return ""
    today, proposed = seen["today"].shares, seen["proposed"].shares
    if today is None or proposed is None:
        return ""
    return (f"In the simulation {today[0]:.1f}% of immediate and {today[2]:.1f}% of significant calls are met in time "
            f"today, {proposed[0]:.1f}% and {proposed[2]:.1f}% under the proposal.")


def _middle(case: Case, own: Sequence[Row], proposal: Worth) -> str:
    """The sentence that a citizen asks for: what the best map between today and the proposal would give."""
    between = [row for row in own if not identity(case, row.way.grouping) and row.worth.saving is not None]
    if not between or proposal.saving is None or proposal.saving <= 0:
        return ""
    best = max(between, key=lambda row: (row.worth.saving or 0.0, -row.worth.largest))
    share = 100.0 * (best.worth.saving or 0.0) / proposal.saving
    return (f"The map other than the proposal that saves most, {told(case, sets_of(best.way.grouping))}, saves "
            f"{share:.0f}% of what the proposal saves and has one commander for at most {best.worth.largest:,} "
            f"residents" + (", as many as the proposal." if best.worth.largest == proposal.largest else
                            f" instead of {proposal.largest:,}."))
