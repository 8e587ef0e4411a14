"""How are the numbers of money put together that are no sum of the ledger: payback, the way back, the gap, a pause?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from bailiwick.case import Case
from bailiwick.finance.books import books, steady
from bailiwick.finance.budget import BASE, outlook, series
from bailiwick.finance.cashflow import discount_factors, financial_year, payback_within_years, spans
from bailiwick.finance.estate import holdings
from bailiwick.finance.pause import waiting
from bailiwick.publish.trace_parts import Formula, Term, quotient, summed
from bailiwick.publish.trace_watch import Asked


def payback(case: Case, asked: Asked) -> Formula | None:
    """The running total by year until it is above nothing for good."""
    kept = books(case)
    costs, gains = kept.gross(asked.option.name)
    lengths = [b - a for a, b in spans(case.scheme.effective, financial_year(case.scheme.effective),
                                       case.scheme.horizon_years)]
    years = payback_within_years(costs, gains, lengths)
    if years is None or asked.option.kind == "today":
        return None
    total, terms = 0.0, []
    for year, cost, gain in zip(kept.years, costs, gains, strict=True):
        before, total = total, total - cost + gain
        terms.append(Term(f"running total after {year}", total, f"{before:,.0f} − {cost:,.0f} + {gain:,.0f}"))
    last = next((n + 1 for n in range(len(lengths)) if math.fsum(lengths[:n + 1]) >= years), len(terms))
    return Formula("years from the start until the running total stays above nothing; costs fall at the beginning of a "
                   "year, benefits evenly over it", tuple(terms[:last]), years)


def ratio(case: Case, asked: Asked) -> Formula | None:
    """The present value of benefits over that of costs, each from the ledger's flows by year."""
    kept = books(case)
    costs, gains = kept.gross(asked.option.name)
    factors = discount_factors(len(costs), case.rulebook)
    spent, had = (math.fsum(flow * factor for flow, factor in zip(flows, factors, strict=True))
                  for flows in (costs, gains))
    if spent <= 0:
        return None
    return quotient("present value of benefits over present value of costs", Term("benefits, present value", had),
                    Term("costs, present value", spent), 1.0,
                    (f"over {len(costs)} financial years, discounted by the rulebook; by year in table cash_by_year",))


def undoing(case: Case, asked: Asked) -> Formula:
    """The merger's own costs again, times a multiple, and buildings bought back."""
    account = books(case).account(asked.option.name)
    reference = steady(case, asked.option)
    if all(len(command.areas) == 1 for command in reference.grouping.commands):
        return Formula("nothing is merged, so nothing has to be undone", (), account.exit)
    multiple = case.value("finance.exit.multiple")
    again = [Term(cost.account, cost.pounds * multiple, f"{cost.pounds:,.0f} × {multiple:.2f}")
             for cost in account.one_offs if cost.item in ("moves", "training", "programme.it", "fit-out")]
    sold = math.fsum(h.receipt * h.share for h in holdings(case, reference) if h.state == "released")
    rebuy = case.value("finance.exit.rebuy")
    return summed("moves, training, IT and fitting out done again in reverse, and buildings bought back",
                  [*again, Term("buildings bought back", sold * rebuy, f"{sold:,.0f} × {rebuy:.2f}")])


def gap(case: Case, asked: Asked) -> Formula | None:
    """The yearly saving over what the force must find."""
    target = series(case.tables.get("budget"), "savings to find").get(BASE)
    saving = books(case).account(asked.option.name).saving
    if not target:
        return None
    return quotient("100 × yearly saving over the savings to find", Term("yearly saving against today", saving),
                    Term(f"savings to find, {BASE}", target), 100.0)


def budget(case: Case, asked: Asked) -> Formula | None:
    """The coming year's budget with the planned rise, less prices."""
    coming = outlook(case)
    if coming is None:
        return None
    told, prices = coming.budget_before, case.value("finance.prices.expected") / 100
    later = told * (1 + coming.cash_change_percent / 100)
    terms = (Term(f"budget, {BASE}", told),
             Term(f"budget, {coming.year}", later,
                  f"{coming.precept_rise:,.0f} more from the council-tax rise, {coming.grant_change:,.0f} from grant"),
             Term("rise of prices", prices))
    return Formula("100 × (budget of the coming year over this year's, over one plus the rise of prices, less one)",
                   terms, 100 * (later / told / (1 + prices) - 1))


def pausing(case: Case, asked: Asked) -> Formula | None:
    """The chance at which waiting and going ahead are worth the same."""
    if asked.option.kind != "pause":
        return None
    found = waiting(case, books(case), asked.option)
    terms = (Term("gain forgone by going ahead later", found.forgone), Term("bridging", found.bridging),
             Term("avoided if the evaluation turns out bad", found.avoided,
                  f"{found.transition:,.0f} + {found.exit:,.0f} − {found.saved_before:,.0f}"))
    below = found.forgone + found.avoided
    free = found.forgone + found.bridging <= 0
    chance = 0.0 if free else 1.0 if below <= found.forgone + found.bridging else \
        (found.forgone + found.bridging) / below
    return Formula("(forgone + bridging) over (forgone + avoided), from 0 to 1", terms, chance)


OF_SCHEME: Mapping[str, Callable[[Case, Asked], Formula | None]] = {
    "finance.payback_years": payback, "finance.benefit_cost_ratio": ratio, "finance.exit_cost": undoing,
    "finance.share_of_gap": gap,
    "finance.real_budget_change": budget, "finance.pause_break_even_chance": pausing,
}
