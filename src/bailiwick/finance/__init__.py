"""What does the merger save, when, how sure is it, and would cuts without merging save it too?"""

from __future__ import annotations

import math
from collections.abc import Callable

from bailiwick.case import Case
from bailiwick.finance import checks, figures
from bailiwick.finance.books import PRICE_BASE, Account, books, steady
from bailiwick.finance.budget import BASE, outlook, series, share_of_gap
from bailiwick.finance.cashflow import (
    Money,
    financial_year,
    net_present_value,
    payback,
    payback_within_years,
    real,
    share_due_to_merging,
    spans,
)
from bailiwick.finance.horizons import horizons
from bailiwick.finance.pause import break_even_chance, waiting
from bailiwick.finance.pay import cost_of_post, employer_cost, fits
from bailiwick.finance.posts import SUPERVISORS, Balance, Counts, balancing_line, cost, counts_by_area
from bailiwick.finance.precepts import precept, precept_equalisation
from bailiwick.finance.reference import reference_class
from bailiwick.finance.shares import cost_shares
from bailiwick.findings import ByArea, Check, Fit, Measure, Number, Unavailable
from bailiwick.scheme import Command, Option
from bailiwick.tables import ResultTable

__all__ = [
    "CHECKS", "MEASURES", "TABLES", "Fit", "Money", "break_even_chance", "cost_of_post", "employer_cost", "fits",
    "net_present_value", "payback", "payback_within_years", "precept_equalisation", "real", "response_constables",
    "service_neutral_saving", "share_due_to_merging",
]

_GBP = f"GBP a year, {PRICE_BASE} prices"
_PAY = ("Police.uk, Home Office announces police pay award, 12 September 2017",
        "Lords written answer HL737: employer's cost of a constable")
_GREEN_BOOK = "HM Treasury, The Green Book"


def _counted(case: Case, command: Command, worth: Callable[[Counts], float]) -> ByArea:
    return {code: worth(posts) for code, posts in counts_by_area(case, command, _balance(case, command)).items()}


def _balance(case: Case, command: Command) -> Balance | None:
    cutting = case.scheme.model(command.model).posts == "cuts"
    return books(case).balance if cutting else None


def recurrent_cost(case: Case, command: Command) -> ByArea:
    """Each area's share of what the command's posts cost a year, pounds."""
    return _counted(case, command, lambda posts: cost(case, posts))


def posts(case: Case, command: Command) -> ByArea:
    """Each area's share of the command's posts, officers and staff."""
    return _counted(case, command, math.fsum)


def supervisors(case: Case, command: Command) -> ByArea:
    """Each area's share of the command's officers from sergeant to chief superintendent."""
    return _counted(case, command, lambda n: figures.of_ranks(case, n, SUPERVISORS))


def constables(case: Case, command: Command) -> ByArea:
    """Each area's share of the command's constables."""
    return _counted(case, command, lambda n: figures.of_ranks(case, n, ("constable",)))


def response_constables(case: Case) -> dict[str, dict[str, float]]:
    """Response constables of each area under each option: of the line from which cuts are made good."""
    line = balancing_line(case)
    return {
        option.name: {
            code: posts[line]
            for command in steady(case, option).grouping.commands
            for code, posts in counts_by_area(case, command, _balance(case, command)).items()
        }
        for option in case.scheme.options
    }


def _scheme(value: Callable[[Case, Account], Number]) -> Callable[[Case, Option], ByArea]:
    def compute(case: Case, option: Option) -> ByArea:
        """The number of the whole scheme under one option."""
        return {"scheme": value(case, books(case).account(option.name))}

    return compute


def _saving(case: Case, account: Account) -> Number:
    return account.saving


def _saving_from_merging(case: Case, account: Account) -> Number:
    return account.saving_from_merging


def _one_off(case: Case, account: Account) -> Number:
    return books(case).one_off(account.option.name) + 0.0


def _net_present_value(case: Case, account: Account) -> Number:
    return net_present_value(books(case).net(account.option.name), case.rulebook)


def _payback(case: Case, account: Account) -> Number:
    if account.option.kind == "today":
        return Unavailable("not meaningful here", "nothing is spent and nothing saved")
    costs, benefits = books(case).gross(account.option.name)
    passed = spans(case.scheme.effective, financial_year(case.scheme.effective), case.scheme.horizon_years)
    years = payback_within_years(costs, benefits, [b - a for a, b in passed])
    if years is None:
        return Unavailable("not meaningful here", f"not paid back within {case.scheme.horizon_years} years")
    return years


def _benefit_cost_ratio(case: Case, account: Account) -> Number:
    costs, benefits = (net_present_value(flow, case.rulebook) for flow in books(case).gross(account.option.name))
    if costs <= 0:
        return Unavailable("not meaningful here", "nothing is spent that a benefit could be held against")
    return benefits / costs


def _exit(case: Case, account: Account) -> Number:
    return account.exit


def _officers_break_even(case: Case, account: Account) -> Number:
    if account.option.kind == "today":
        return Unavailable("not meaningful here", "nothing is saved that officers could use up")
    return account.saving / cost_of_post(case, "constable")


def _pause_chance(case: Case, account: Account) -> Number:
    if account.option.kind != "pause":
        return Unavailable("not meaningful here", "the option is not a pause")
    return waiting(case, books(case), account.option).break_even


def _service_neutral(case: Case, account: Account) -> Number:
    if account.option.kind == "today":
        return 0.0
    return Unavailable("unknown", "how many officers it takes to restore today's response is not known; the saving is "
                                  "gone at the number of finance.officers_break_even")


def service_neutral_saving(case: Case, option: Option, officers: float) -> float:
    """The yearly saving left after adding back `officers` constables to restore today's service, pounds.

    Service is priced here, once, as the cost of restoring it.
    """
    return books(case).account(option.name).saving - officers * cost_of_post(case, "constable")


def _real_budget_change(case: Case, account: Account) -> Number:
    if account.option.kind != "today":
        return Unavailable("not meaningful here", "the budget is the force's, the same under every option")
    coming = outlook(case)
    if coming is None:
        return Unavailable("unknown", "no plan for the coming year's budget was published")
    return coming.with_rise_percent


def _share_of_gap(case: Case, account: Account) -> Number:
    share = share_of_gap(account.saving, series(case.tables.get("budget"), "savings to find").get(BASE))
    return Unavailable("unknown", "the force's savings target was not published") if share is None else share


_BY_COMMAND = (
    Measure("finance.recurrent_cost", "Yearly cost of the command's posts", _GBP, -3, "lower", "cost", "command", "sum",
            "none", "Posts of each rank times what a post of that rank costs, on-costs included. A post of the whole "
            "command is shared among its areas by residents. A pause keeps today's posts while it lasts.",
            "employer cost = (pay + additions) x on-costs", 100_000, recurrent_cost, sources=_PAY),
    Measure("finance.posts", "Posts, officers and staff", "posts", 1, "neither", "context", "command", "sum", "none",
            "All posts of the establishment that the case describes.", "the case's establishment", 1, posts),
    Measure("finance.supervisors", "Officers from sergeant to chief superintendent", "posts", 1, "neither", "context",
            "command", "sum", "none", "Officers who supervise others.", "the case's establishment", 1, supervisors),
    Measure("finance.constables", "Constables", "posts", 1, "higher", "context", "command", "sum", "none",
            "Constables in every role.", "the case's establishment", 1, constables),
)

_OF_THE_SCHEME = (
    Measure("finance.saving_a_year", "Yearly saving against today", _GBP, -3, "higher", "cost", "grouping", "sum",
            "none", "Today's yearly cost of posts and buildings less the option's, once posts and buildings have gone, "
            "before the share of benefits that does not come. For a pause: after it.",
            _GREEN_BOOK, 100_000, _scheme(_saving), sources=_PAY),
    Measure("finance.saving_from_merging", "Yearly saving that needs the merger", _GBP, -3, "higher", "cost",
            "grouping", "sum", "none", "The part of the yearly saving that cuts without merging could not reach: each "
            "line's change times the share of it that needs the merger.", "the case's needs_merger shares", 100_000,
            _scheme(_saving_from_merging), sources=_PAY),
    Measure("finance.one_off_cost", "Cost of the change", f"GBP, {PRICE_BASE} prices", -3, "lower", "cost", "grouping",
            "sum", "none", "Share of the programme's remaining cost, moves, training, time lost, displaced officers "
            "paid until absorbed, redundancy, risk allowance and bridging, after optimism bias, undiscounted. Sunk "
            "cost and sales of buildings are apart.", _GREEN_BOOK, 100_000, _scheme(_one_off)),
    Measure("finance.net_present_value", "Net present value against today", f"GBP, {PRICE_BASE} prices", -3, "higher",
            "cost", "grouping", "sum", "none", "Benefits less costs over the period, economic view, after optimism "
            "bias and unrealised benefits, discounted at the rulebook's rate.", _GREEN_BOOK, 250_000,
            _scheme(_net_present_value), sources=_PAY),
    Measure("finance.payback_years", "Years until the change has paid for itself", "years", 1, "lower", "cost",
            "grouping", "other", "none", "From the day the scheme takes effect until benefits have paid for costs for "
            "good, undiscounted; costs fall at the beginning of each financial year, benefits evenly over it.",
            _GREEN_BOOK, 0.5, _scheme(_payback)),
    Measure("finance.benefit_cost_ratio", "Benefits for each pound of cost", "times the cost", 1, "higher", "context",
            "grouping", "other", "none", "Present value of benefits over present value of costs, economic view, after "
            "optimism bias and unrealised benefits. What is saved each year, buildings put to other use included, "
            "counts as benefit; all that is spent, or lost while changing, as cost. Sunk cost, transfers and VAT are "
            "in neither.", _GREEN_BOOK, 0.1, _scheme(_benefit_cost_ratio), sources=_PAY),
    Measure("finance.exit_cost", "Cost of undoing it", f"GBP, {PRICE_BASE} prices", -3, "lower", "cost", "grouping",
            "sum", "none", "Moves, training and IT done again in reverse, and buildings bought back.",
            "the scheme's own costs of change times a multiple", 100_000, _scheme(_exit)),
    Measure("finance.officers_break_even", "Constables whose cost would use up the saving", "officers", 1, "neither",
            "cost", "grouping", "other", "none", "Yearly saving against today divided by the yearly cost of a "
            "constable: if restoring response needs more, nothing is saved.", "break-even", 1,
            _scheme(_officers_break_even), sources=_PAY),
    Measure("finance.pause_break_even_chance", "Chance of reversal at which waiting pays", "chance, 0 to 1", 2,
            "neither", "cost", "grouping", "other", "none", "The chance that the evaluation turns out bad and the "
            "merger is undone, at which waiting and going ahead are worth the same in money; 1: no chance is high "
            "enough on money alone. Harm to residents is not in it.", "Arrow and Fisher 1974; Dixit and Pindyck 1994",
            0.05, _scheme(_pause_chance)),
    Measure("finance.service_neutral_saving", "Yearly saving at equal service", _GBP, -3, "higher", "cost", "grouping",
            "other", "none", "The yearly saving after paying for the officers that bring response back to today's.",
            "cost of restoration", 100_000, _scheme(_service_neutral), sources=_PAY),
    Measure("finance.share_of_gap", "Share of the force's savings target that this closes", "%", 2, "higher",
            "context", "grouping", "other", "none", "The yearly saving against today over the savings that the whole "
            "force has said it must find.", "saving / savings to find", 0.1, _scheme(_share_of_gap)),
    Measure("finance.real_budget_change", "Real change of the force's budget next year", "%", 2, "higher", "context",
            "grouping", "other", "none", "The coming year's budget with the planned council-tax rise against this "
            "year's, less expected rises in prices (GDP deflator).", "deflation by the GDP deflator", 0.1,
            _scheme(_real_budget_change)),
)

MEASURES: tuple[Measure, ...] = (*_BY_COMMAND, *_OF_THE_SCHEME)

TABLES: tuple[tuple[str, Callable[[Case], ResultTable]], ...] = (
    ("posts_by_rank", figures.posts_by_rank),
    ("comparisons", figures.comparisons),
    ("ledger", figures.ledger),
    ("cash_by_year", figures.cash_by_year),
    ("waterfall", figures.waterfall),
    ("before_and_after", figures.before_and_after),
    ("budget", figures.budget),
    ("programme_views", figures.programme_views),
    ("sunk_costs", figures.sunk_costs),
    ("estate", figures.estate),
    ("pause", figures.pause),
    ("precept", precept),
    ("cost_shares", cost_shares),
    ("reference_class", reference_class),
    ("horizons", horizons),
)

CHECKS: tuple[Callable[[Case], tuple[Check, ...]], ...] = (
    checks.cuts_differ, checks.equal_money, checks.no_double_counting, checks.ledger_adds_up, checks.one_price_base,
    checks.sunk_excluded, checks.transition_costed, checks.precept, checks.officer_floor, checks.unit_cost_agrees,
    checks.rulebook_in_force, checks.discounting_twice, checks.settling_in_once, checks.building_worth_once,
    checks.savings_rest_on,
)
