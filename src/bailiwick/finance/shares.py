"""Who would pay what for one police, under each usual way of sharing a bill, where areas pay apart?

Studies of joint police for neighbouring towns turn on this: a merger that saves in all can still cost one town more.
Keys in use: Pennsylvania Department of Community and Economic Development, Regional Police Services.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.finance.books import PRICE_BASE, books
from bailiwick.finance.posts import option_of_kind
from bailiwick.tables import Cell, ResultTable, Row

_GBP = f"GBP a year, {PRICE_BASE} prices"
_BASELINE = "finance.shares.baseline"


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to share a bill: each area's share in [0, 1], summing to 1."""

    name: str
    shares: Mapping[str, float]


def shared_by(weights: Mapping[str, float]) -> dict[str, float]:
    """Shares in proportion to weights, equal shares where all weights are nothing.

    >>> shared_by({"a": 1.0, "b": 3.0})
    {'a': 0.25, 'b': 0.75}
    """
    total = math.fsum(weights.values())
    return {area: w / total if total else 1 / len(weights) for area, w in weights.items()}


def with_baseline(shares: Mapping[str, float], baseline: float) -> dict[str, float]:
    """Shares of which the part `baseline` is the same for every area and the rest as given.

    >>> with_baseline({"a": 0.25, "b": 0.75}, 0.5)
    {'a': 0.375, 'b': 0.625}
    """
    return {area: baseline / len(shares) + (1 - baseline) * share for area, share in shares.items()}


def pays_today(case: Case) -> dict[str, float] | None:
    """What each area pays a year today, None unless every area of the scheme pays for itself and says what."""
    rows = _rows(case)
    if any(code not in rows for code in case.scheme.scope):
        return None
    return {code: float(str(rows[code]["pays"])) for code in case.scheme.scope}


def rules(case: Case) -> tuple[Rule, ...]:
    """The ways of sharing for which every area has a figure: the keys alone, then with an equal baseline, then today's.

    Keys: property value, population, calls, recorded crime. Nothing where the areas do not pay apart.
    """
    today = pays_today(case)
    if today is None:
        return ()
    plain = tuple(Rule(name, shared_by(weights)) for name, weights in _keys(case))
    part = case.value(_BASELINE)
    mixed = tuple(Rule(f"baseline and {rule.name}", with_baseline(rule.shares, part)) for rule in plain)
    return (*plain, *mixed, Rule("as today", shared_by(today)))


def yearly_bill(case: Case, option: str) -> float:
    """What all areas together would pay a year: today's bills less the option's expected yearly saving."""
    today = pays_today(case) or {}
    kept = books(case)
    saved = kept.account(option).saving
    return math.fsum(today.values()) - (saved * kept.factors.realised if saved > 0 else saved)


def cost_shares(case: Case) -> ResultTable:
    """Each area's yearly bill under the proposal by every way of sharing, against what it pays today."""
    today = pays_today(case) or {}
    rows = tuple(row for rule in rules(case) for row in _bills(case, rule, today))
    return ResultTable(
        "cost_shares", "Who would pay what for the proposal, by each way of sharing the bill",
        ("way of sharing", "area", "name", "share", "pays today", "would pay", "change", "change per resident"),
        ("", "", "", "%", _GBP, _GBP, _GBP, "GBP a year"), rows, (),
        "" if not rows else "The bill is today's less the yearly saving that is expected to come. Baseline: a part "
        "that every area pays alike, the rest by the key. A way of sharing is left out where an area has no figure.")


def _bills(case: Case, rule: Rule, today: Mapping[str, float]) -> tuple[tuple[Cell, ...], ...]:
    bill = yearly_bill(case, option_of_kind(case, "proposed").name)
    found: list[tuple[Cell, ...]] = []
    for code in case.scheme.scope:
        area = case.system.area(code)
        change = bill * rule.shares[code] - today[code]
        found.append((rule.name, code, area.name, round(100 * rule.shares[code], 2), round(today[code]) + 0.0,
                      round(bill * rule.shares[code]) + 0.0, round(change) + 0.0,
                      round(change / area.population, 2) + 0.0 if area.population else None))
    return tuple(found)


def _keys(case: Case) -> list[tuple[str, dict[str, float]]]:
    rows, scope = _rows(case), case.scheme.scope
    found: list[tuple[str, dict[str, float]]] = []
    told: tuple[tuple[str, dict[str, float | None]], ...] = (
        ("property value", {code: _number(rows[code], "property_value") for code in scope}),
        ("population", {code: case.system.area(code).population for code in scope}),
        ("calls", {code: _number(rows[code], "calls") for code in scope}),
        ("recorded crime", _crimes(case)),
    )
    for name, weights in told:
        known = {code: w for code, w in weights.items() if w is not None}
        if len(known) == len(scope):
            found.append((name, known))
    return found


def _crimes(case: Case) -> dict[str, float | None]:
    table = case.tables.get("crimes")
    counts: dict[str, float | None] = dict.fromkeys(case.scheme.scope)
    for row in table or ():
        code, count = str(row["area"]), row["count"]
        if code in counts and isinstance(count, (int, float)):
            counts[code] = (counts[code] or 0.0) + count
    return counts


def _rows(case: Case) -> dict[str, Row]:
    table = case.tables.get("payers")
    return {str(row["area"]): row for row in table} if table else {}


def _number(row: Row, column: str) -> float | None:
    value = row[column]
    return float(value) if isinstance(value, (int, float)) else None
