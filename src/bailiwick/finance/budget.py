"""How does the budget move in real terms, with and without the council-tax rise, and how much of the gap is closed?"""

from __future__ import annotations

from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.finance.cashflow import chained, real, year_name
from bailiwick.tables import Table

FIRST, LAST = 2010, 2018
BASE = "2017-18"


@dataclass(frozen=True, slots=True)
class Outlook:
    """The coming year against this one: known changes in pounds, and the real change of the whole budget in percent."""

    year: str
    budget_before: float
    grant_change: float
    precept_rise: float
    cash_change_percent: float
    with_rise_percent: float
    without_rise_percent: float
    with_rise_pay_percent: float


def series(table: Table | None, item: str) -> dict[str, float]:
    """The visible values of one budget item by financial year."""
    if table is None:
        return {}
    return {str(row["year"]): float(row["value"]) for row in table.where(item=item)
            if isinstance(row["value"], (int, float))}


def deflator(case: Case, name: str) -> dict[str, float]:
    """The visible index of one series by financial year: `gdp` (calendar year at its start) or `police-pay`.

    GDP: a financial year takes the calendar year in which it begins; the years after the last published one are
    carried on at `finance.prices.expected` a year up to the coming year, and only there. Pay: chained yearly awards,
    each counted from the financial year of its 1 September.
    """
    table = case.tables.get("deflators")
    rows = table.where(series=name) if table else ()
    if name == "police-pay":
        awards = {_as_year(str(r["year"])): float(r["value"]) for r in rows if isinstance(r["value"], (int, float))}
        return chained(awards, year_name(FIRST))
    index = {_as_year(str(r["year"])): float(r["value"]) for r in rows if isinstance(r["value"], (int, float))}
    return _carried_on(index, case.value("finance.prices.expected") / 100)


def _as_year(told: str) -> str:
    return told if "-" in told else year_name(int(told))


def _carried_on(index: dict[str, float], rate: float) -> dict[str, float]:
    if not index:
        return {}
    last = int(max(index)[:4])
    carried = dict(index)
    for year in range(last + 1, LAST + 1):
        carried[year_name(year)] = carried[year_name(year - 1)] * (1 + rate)
    return carried


def outlook(case: Case) -> Outlook | None:
    """The coming year's budget against this year's, or None while this year's budget or the plan is not published.

    Everything but the general grant and the precept is taken to move by `finance.budget.other_change` percent.
    """
    table = case.tables.get("budget")
    budget = series(table, "budget").get(BASE)
    rise = series(table, "precept rise proposed").get(year_name(LAST))
    base = series(table, "tax base")
    if budget is None or rise is None or not base:
        return None
    raised = rise * base[max(base)]
    added = series(table, "added funding").get(year_name(LAST))
    grant = series(table, "grant change").get(year_name(LAST))
    if grant is None and added is None:
        return None
    other = budget * case.value("finance.budget.other_change") / 100
    without = other + (added - raised if added is not None else grant or 0.0)
    prices, pay = case.value("finance.prices.expected") / 100, case.value("finance.prices.pay") / 100
    return Outlook(year_name(LAST), budget, without - other, raised, 100 * (without + raised) / budget,
                   _real_percent(budget, without + raised, prices), _real_percent(budget, without, prices),
                   _real_percent(budget, without + raised, pay))


def _real_percent(before: float, change: float, prices: float) -> float:
    """The real change in percent of a budget that moves by `change` while prices rise by the share `prices`."""
    return 100 * ((before + change) / before / (1 + prices) - 1)


def real_budget(case: Case) -> dict[str, tuple[float | None, float | None]]:
    """By financial year 2010-11 to 2018-19: the published budget in 2017-18 prices by the GDP deflator and police pay.

    None where the budget of that year, or an index, is not published: nothing is interpolated.
    """
    told = series(case.tables.get("budget"), "budget")
    gdp, pay = deflator(case, "gdp"), deflator(case, "police-pay")
    by_gdp = real(told, gdp, BASE) if BASE in gdp else {}
    by_pay = real(told, pay, BASE) if BASE in pay else {}
    years = [year_name(y) for y in range(FIRST, LAST + 1)]
    return {year: (by_gdp.get(year), by_pay.get(year)) for year in years}


def share_of_gap(saving: float, gap: float | None) -> float | None:
    """The percentage of a gap in the budget that a yearly saving closes; None when the gap is not published."""
    return None if not gap else 100 * saving / gap
