"""How is a number put together?  Its formula with the numbers in it, from the same case and the same functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import cast

from bailiwick import finance
from bailiwick.case import Case
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import discount_factors
from bailiwick.finance.ledger import signed
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import SUPERVISORS, counts_by_area
from bailiwick.findings import Unavailable, by_area
from bailiwick.locality.crimes import crime_year
from bailiwick.publish import trace_formula_money, trace_formula_people, trace_formula_response
from bailiwick.publish.trace_parts import Formula, Term, summed
from bailiwick.publish.trace_watch import NEUTRAL, Asked, evaluated
from bailiwick.response import service
from bailiwick.response.restore import restoration
from bailiwick.scheme import Command


def formula(case: Case, asked: Asked) -> Formula | None:
    """The formula of a number with the numbers in it; None where the measure has no closed one."""
    name, whole = asked.measure.name, asked.subject == "scheme"
    if name in _OF_SCHEME and whole:
        return _OF_SCHEME[name](case, asked)
    if name in _OF_POSTS:
        return _posts(case, asked)
    if name in service.MEASURED:
        return _joined(case, asked) if whole else trace_formula_response.of_area(case, asked)
    if whole:
        return _joined(case, asked)
    return _of_command(case, asked)


def _saving(case: Case, asked: Asked) -> Formula:
    lines = books(case).account(asked.option.name).savings
    return summed("sum of what each line saves a year against today (negative: costs more)",
                   (Term(line.account, line.pounds) for line in lines))


def _merging(case: Case, asked: Asked) -> Formula:
    lines = books(case).account(asked.option.name).savings
    return summed("sum of each line's yearly saving times the share of it that needs the merger", (
        Term(line.account, line.pounds * line.needs_merger,
             f"{line.pounds:,.0f} × {line.needs_merger:.2f}") for line in lines))


def _one_off(case: Case, asked: Asked) -> Formula:
    kept = books(case)
    wanted = ("one-off", "settling in", "risk", "bridging")
    totals: dict[str, float] = {}
    for line in kept.account(asked.option.name).lines:
        if line.headline in wanted and not line.sunk:
            totals[line.account] = totals.get(line.account, 0.0) - signed(line, kept.factors)
    return summed("sum of the ledger's lines of change, after optimism bias, sunk cost left out",
                   (Term(account, value) for account, value in totals.items()))


def _present_value(case: Case, asked: Asked) -> Formula:
    kept = books(case)
    net = kept.net(asked.option.name)
    factors = discount_factors(len(net), case.rulebook)
    return summed("sum over years of benefits less costs, times the discount factor", (
        Term(year, flow * factor, f"{flow:,.0f} × {factor:.4f}")
        for year, flow, factor in zip(kept.years, net, factors, strict=True)))


def _officers(case: Case, asked: Asked) -> Formula | None:
    saving, cost = books(case).account(asked.option.name).saving, cost_of_post(case, "constable")
    if asked.option.kind == "today":
        return None
    terms = (Term("yearly saving against today", saving), Term("yearly cost of a constable", cost))
    return Formula("yearly saving over the yearly cost of a constable", terms, saving / cost)


def _neutral(case: Case, asked: Asked) -> Formula | None:
    found = restoration(case, asked.option, finance.response_constables(case))
    if isinstance(found, Unavailable):
        return None
    saving, cost = books(case).account(asked.option.name).saving, cost_of_post(case, "constable")
    paid = Term("constables that restore response, paid", -found.officers * cost,
                f"{found.officers:,.1f} × {cost:,.0f}")
    left = saving + paid.value
    return Formula("yearly saving less the pay of the constables that bring response back to today's",
                   (Term("yearly saving against today", saving), paid), left if found.reached or left <= 0 else None)


def _posts(case: Case, asked: Asked) -> Formula:
    """Posts of each line times what a post of the line's rank counts for: its cost, or one."""
    name, lines = asked.measure.name, case.scheme.posts
    held = [0.0] * len(lines)
    for command in asked.option.grouping.commands:
        cutting = case.scheme.model(command.model).posts == "cuts"
        for code, counts in counts_by_area(case, command, books(case).balance if cutting else None).items():
            if asked.subject in ("scheme", code):
                held = [a + b for a, b in zip(held, counts, strict=True)]
    worth, ranks = _OF_POSTS[name]
    rule = "sum over lines of posts times the yearly cost of a post" if worth else "sum of the posts of each line"
    return summed(rule, (
        Term(f"{post.rank}, {post.role}", number * (cost_of_post(case, post.rank) if worth else 1.0),
             f"{number:,.2f} × {cost_of_post(case, post.rank):,.0f}" if worth else "")
        for post, number in zip(lines, held, strict=True) if not ranks or post.rank in ranks))


def _joined(case: Case, asked: Asked) -> Formula | None:
    """The scheme's number from its areas', as the measure declares."""
    measure = asked.measure
    codes = case.scheme.scope
    values = [evaluated(case, Asked(measure, asked.option, code)) for code in codes] if _has_areas(case, asked) else []
    if not values or any(isinstance(value, Unavailable) for value in values):
        return None
    numbers = [cast(float, value) for value in values]
    areas = [case.system.area(code) for code in codes]
    weights = [float(area.population or 0) if measure.weight == "population" else 1.0 for area in areas]
    terms = tuple(Term(area.name, number, f"weight {weight:,.0f}" if measure.combine == "mean" else "")
                  for area, number, weight in zip(areas, numbers, weights, strict=True))
    totals: Mapping[str, Callable[[], float]] = {
        "sum": lambda: math.fsum(numbers), "max": lambda: max(numbers), "min": lambda: min(numbers),
        "mean": lambda: math.fsum(w * n for w, n in zip(weights, numbers, strict=True)) / math.fsum(weights)}
    rules = {"sum": "sum over areas", "max": "the highest area", "min": "the lowest area",
             "mean": "mean over areas" + (", weighted by residents" if measure.weight == "population" else "")}
    if measure.combine not in totals:
        return None
    return Formula(rules[measure.combine], terms, totals[measure.combine]())


def _has_areas(case: Case, asked: Asked) -> bool:
    if asked.measure.name in service.MEASURED or asked.measure.scope == "command":
        return True
    return "scheme" not in by_area(case, asked.measure, asked.option)


def _of_command(case: Case, asked: Asked) -> Formula | None:
    command = asked.option.grouping.command_of(asked.subject)
    name = asked.measure.name.removeprefix("locality.")
    if name in _SHARED:
        parts = _SHARED[name](case, command)
        if any(value is None for value in parts.values()):
            return None
        return summed("sum over the areas of the command, who share one commander",
                       (Term(case.system.area(code).name, float(value or 0)) for code, value in parts.items()))
    return trace_formula_people.of_area(case, asked)


def _crimes(case: Case, command: Command) -> dict[str, float | None]:
    year = crime_year(case)
    found = {} if year is None else {code: year.of((code,)) for code in command.areas}
    return {code: None if counts is None else float(counts.sum()) for code, counts in found.items()} or {"": None}


def _area_facts(fact: str) -> Callable[[Case, Command], dict[str, float | None]]:
    def told(case: Case, command: Command) -> dict[str, float | None]:
        return {code: getattr(case.system.area(code), fact) for code in command.areas}

    return told


_SHARED: Mapping[str, Callable[[Case, Command], dict[str, float | None]]] = {
    "residents_per_commander": _area_facts("population"), "area_km2_per_commander": _area_facts("area_km2"),
    "councils_per_commander": _area_facts("councils"), "wards_per_commander": _area_facts("wards"),
    "crimes_per_commander": _crimes,
}
_OF_SCHEME: Mapping[str, Callable[[Case, Asked], Formula | None]] = {
    "finance.saving_a_year": _saving, "finance.saving_from_merging": _merging, "finance.one_off_cost": _one_off,
    "finance.net_present_value": _present_value, "finance.officers_break_even": _officers, NEUTRAL: _neutral,
    **trace_formula_money.OF_SCHEME,
}
_OF_POSTS: Mapping[str, tuple[bool, tuple[str, ...]]] = {
    "finance.recurrent_cost": (True, ()), "finance.posts": (False, ()),
    "finance.supervisors": (False, SUPERVISORS), "finance.constables": (False, ("constable",)),
}
"""Whether a post counts by its cost, and of which ranks: all where none is named."""
