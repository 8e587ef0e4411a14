"""Does the answer in money hang on how many years are counted?"""

from __future__ import annotations

from dataclasses import replace

from bailiwick.case import Case
from bailiwick.finance.books import PRICE_BASE, books
from bailiwick.finance.cashflow import net_present_value
from bailiwick.findings import finding_id
from bailiwick.tables import Cell, ResultTable

PERIODS = (5, 10, 20)
"""Years that are tried beside the case's own: short, usual for people and buildings that are re-planned, and long."""


def horizons(case: Case) -> ResultTable:
    """The net present value of each option over shorter and longer periods than the case's own."""
    years = tuple(sorted({*PERIODS, case.scheme.horizon_years}))
    kept = {n: books(replace(case, scheme=replace(case.scheme, horizon_years=n))) for n in years}
    rows: list[tuple[Cell, ...]] = []
    for option in case.scheme.options:
        values = [net_present_value(kept[n].net(option.name), case.rulebook) for n in years]
        rows += [(option.name, n, n == case.scheme.horizon_years, round(value) + 0.0)
                 for n, value in zip(years, values, strict=True)]
    turned = [option.name for option in case.scheme.options
              if len({row[3] > 0 for row in rows if row[0] == option.name and isinstance(row[3], float)
                      and row[3] != 0}) > 1]
    said = f"The sign of the present value hangs on the period for {', '.join(turned)}." if turned else \
        "No option's present value changes its sign with the period."
    return ResultTable(
        "horizons", "The net present value if fewer or more years are counted",
        ("option", "years", "used", "net present value"), ("", "years", "", f"GBP, {PRICE_BASE} prices"), tuple(rows),
        tuple(finding_id("finance.net_present_value", option.name, "scheme") for option in case.scheme.options),
        f"{said} Savings on posts last as long as the posts stay away, so a long period credits what later budgets may "
        "undo; a short one leaves out what is still to come.")
