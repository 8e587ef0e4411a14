"""Which tables of money does the appraisal print?"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bailiwick.case import Case
from bailiwick.finance.books import PRICE_BASE, Account, Books, books
from bailiwick.finance.budget import FIRST, LAST, deflator, outlook, real_budget, series, share_of_gap
from bailiwick.finance.cashflow import discount_factors, net_present_value, year_name
from bailiwick.finance.estate import holdings
from bailiwick.finance.ledger import NONE, signed
from bailiwick.finance.pause import waiting
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import SUPERVISORS, Counts, needs_merger, option_of_kind
from bailiwick.finance.programme import KEYS, programme, share, share_key
from bailiwick.findings import finding_id
from bailiwick.scheme import Option, Post
from bailiwick.tables import Cell, ResultTable

GBP = f"GBP, {PRICE_BASE} prices"
Rows = tuple[tuple[Cell, ...], ...]


def _pounds(amount: float) -> float:
    """Pounds to the nearest pound, without a minus before zero."""
    return round(amount) + 0.0


def of_ranks(case: Case, posts: Counts, ranks: tuple[str, ...]) -> float:
    """The number of posts held by these ranks."""
    return math.fsum(n for n, post in zip(posts, case.scheme.posts, strict=True) if post.rank in ranks)


def posts_by_rank(case: Case) -> ResultTable:
    """Posts by option, rank and role, their change from today and their yearly cost."""
    kept = books(case)
    rows: list[tuple[Cell, ...]] = []
    for account in kept.accounts:
        lines = zip(case.scheme.posts, kept.today, account.posts, needs_merger(case), strict=True)
        for post, now, then, needs in lines:
            rows.append((account.option.name, post.rank, post.role, round(then, 2), round(then - now, 2) + 0.0,
                         _pounds(then * cost_of_post(case, post.rank)), round(needs, 3), _rests_on(case, post)))
    return ResultTable(
        "posts_by_rank", "Posts by rank and role under each option",
        ("option", "rank", "role", "posts", "change from today", "cost a year", "share that needs the merger",
         "rests on"),
        ("", "", "", "posts", "posts", GBP, "share, 0 to 1", ""), tuple(rows),
        tuple(finding_id("finance.posts", o.name, "scheme") for o in case.scheme.options),
        "A pause ends in the proposal: its posts are those after it. Parts of posts arise where areas share one, and "
        "where `cuts` is balanced to the pound.")


def _rests_on(case: Case, post: Post) -> str:
    """The weakest evidence behind a line of posts: a guess, research elsewhere, or a published figure."""
    kinds = {case.assumption(name).kind for name in (post.today, post.proposed)}
    return "a guess" if "guess" in kinds else "research" if "research" in kinds else "a published figure"


def comparisons(case: Case) -> ResultTable:
    """The three comparisons, never mixed: equal money, equal service, equal posts."""
    kept = books(case)
    merged = [a for a in kept.accounts if a.option.kind in ("proposed", "redesigned", "alternative")]
    rows = tuple(row for account in merged for row in _three(case, kept, account))
    ids = tuple(finding_id(m, a.option.name, "scheme") for a in merged for m in (
        "finance.saving_a_year", "finance.saving_from_merging", "finance.officers_break_even",
        "finance.service_neutral_saving", "finance.one_off_cost"))
    return ResultTable(
        "comparisons", "What merging changes at equal money, at equal service and at equal posts",
        ("comparison", "option", "against", "saving a year", "posts", "constables", "supervisors", "one-off cost",
         "officers to break even", "reading"),
        ("", "", "", GBP, "posts", "posts", "posts", GBP, "officers", ""), rows, ids,
        "Each number is the option less the one it is compared with. Empty: unknown.")


def _three(case: Case, kept: Books, account: Account) -> Iterator[tuple[Cell, ...]]:
    name, each = account.option.name, cost_of_post(case, "constable")
    cut = kept.account(option_of_kind(case, "cuts").name)
    change = tuple(a - b for a, b in zip(account.posts, cut.posts, strict=True))
    one_off, cut_off = kept.one_off(name), kept.one_off(cut.option.name)
    spare = (account.saving - cut.saving) / each
    yield ("equal money", name, cut.option.name, 0.0, round(math.fsum(change) + spare, 1) + 0.0,
           round(of_ranks(case, change, ("constable",)) + spare, 1) + 0.0,
           round(of_ranks(case, change, SUPERVISORS), 1) + 0.0, _pounds(one_off - cut_off), None,
           "At one yearly budget: posts more (or fewer) than under cuts without merging"
           + (f"; {spare:+.1f} constables bring this option to that budget" if abs(spare) >= 0.05 else ""))
    yield ("equal service", name, "today", None, None, None, None, _pounds(one_off),
           round(account.saving / each, 1),
           "Unknown until response is modelled; the saving is gone once this many constables must be added back")
    yield ("equal posts", name, "today", 0.0, 0.0, 0.0, 0.0, _pounds(_without_displaced(kept, account)), None,
           "Nobody's post goes: no saving by construction; what is left is the cost of the change")


def _without_displaced(kept: Books, account: Account) -> float:
    return -math.fsum(signed(line, kept.factors) for line in account.lines
                      if line.headline in ("one-off", "settling in", "risk") and not line.sunk
                      and not line.item.startswith(("displaced.", "redundancy.")))


def ledger(case: Case) -> ResultTable:
    """Every line of the ledger with its flags, planned and expected."""
    kept = books(case)
    rows = tuple(
        (line.option, line.year, line.account, line.headline, line.kind, _pounds(line.amount),
         _pounds(line.amount * kept.factors.of(line)), line.economic and not line.vat and not line.transfer,
         line.cash, line.transfer, line.sunk, line.vat, line.bias, line.realised, round(line.needs_merger, 3),
         line.note)
        for account in kept.accounts for line in account.lines)
    return ResultTable(
        "ledger", "Every amount, where it falls and in which view it counts",
        ("option", "year", "account", "headline", "kind", "planned", "expected", "economic view", "cash view",
         "transfer", "sunk", "VAT", "optimism bias", "realisation applies", "share that needs the merger", "note"),
        ("", "", "", "", "", GBP, GBP, "", "", "", "", "", "", "", "share, 0 to 1", ""), rows, (),
        "Expected: planned times optimism bias on costs or the realised share of benefits. Sunk lines are in no total.")


def cash_by_year(case: Case) -> ResultTable:
    """Costs, benefits, net, running total and present value by option and year (economic view), and the net in cash."""
    kept = books(case)
    factors = discount_factors(len(kept.years), case.rulebook)
    rows: list[tuple[Cell, ...]] = []
    for account in kept.accounts:
        name = account.option.name
        (costs, gains), cash = kept.gross(name), kept.net(name, cash=True)
        running = 0.0
        for n, year in enumerate(kept.years):
            net = gains[n] - costs[n]
            running += net
            rows.append((name, year, _pounds(costs[n]), _pounds(gains[n]), _pounds(net), _pounds(running),
                         _pounds(net * factors[n]), _pounds(cash[n])))
    return ResultTable(
        "cash_by_year", "Costs and benefits by financial year against today",
        ("option", "year", "costs", "benefits", "net", "cumulative", "discounted", "net cash"),
        ("", "", GBP, GBP, GBP, GBP, GBP, GBP), tuple(rows),
        tuple(finding_id("finance.net_present_value", o.name, "scheme") for o in case.scheme.options),
        "Economic view, after optimism bias and realisation. Net cash adds redundancy and VAT, leaves out time lost.")


def waterfall(case: Case) -> ResultTable:
    """From the present value of today's cost to the option's, step by step."""
    kept = books(case)
    factors = discount_factors(len(kept.years), case.rulebook)
    base = kept.today_cost * math.fsum(factors)
    rows: list[tuple[Cell, ...]] = []
    for account in kept.accounts:
        total = base
        rows.append((account.option.name, "today's posts", _pounds(base), _pounds(base)))
        for step, amount in _steps(case, kept, account):
            total += amount
            rows.append((account.option.name, step, _pounds(amount), _pounds(total)))
        rows.append((account.option.name, "net cost", _pounds(total), _pounds(total)))
    return ResultTable(
        "waterfall", "From today's cost to each option's, present value over the period",
        ("option", "step", "amount", "running total"), ("", "", GBP, GBP), tuple(rows),
        tuple(finding_id("finance.net_present_value", o.name, "scheme") for o in case.scheme.options),
        f"Present value over {len(kept.years)} financial years. Net cost = today's cost less the net present value.")


def _steps(case: Case, kept: Books, account: Account) -> Iterator[tuple[str, float]]:
    weights = dict(zip(kept.years, discount_factors(len(kept.years), case.rulebook), strict=True))
    named = {"posts": "posts", "estate": "estate", "receipts": "estate", "one-off": "one-off costs",
             "bridging": "one-off costs", "settling in": "time lost while changing", "risk": "risk allowance"}
    plain = dict.fromkeys(("posts", "estate", "one-off costs", "time lost while changing", "risk allowance"), 0.0)
    bias = unrealised = 0.0
    for line in account.lines:
        if not line.counts_in("economic"):
            continue
        planned, expected = -signed(line, NONE) * weights[line.year], -signed(line, kept.factors) * weights[line.year]
        plain[named[line.headline]] += planned
        if line.kind == "cost":
            bias += expected - planned
        else:
            unrealised += expected - planned
    yield from plain.items()
    yield "optimism bias on costs", bias
    yield "benefits that do not come", unrealised


def programme_views(case: Case) -> ResultTable:
    """The programme's remaining cost that falls here: alone by each share key, and where it goes ahead anyway."""
    whole = programme(case)
    rows: list[tuple[Cell, ...]] = []
    if whole is not None:
        left = whole.it_left + whole.other_left
        rows = [("alone", f"by {key}" + (" (used)" if _used(case, key) else ""), round(100 * share(case, key), 2),
                 _pounds(left), _pounds(left * share(case, key))) for key in KEYS]
        rows.append(("marginal", "the programme goes ahead anyway"
                     + (" (used)" if case.value("finance.programme.marginal") >= 0.5 else ""), 0.0, _pounds(left), 0.0))
    return ResultTable(
        "programme_views", "What of the programme's remaining cost falls on this merger",
        ("view", "share key", "share", "programme cost still to come", "falls here"), ("", "", "%", GBP, GBP),
        tuple(rows), tuple(finding_id("finance.one_off_cost", o.name, "scheme") for o in case.scheme.options),
        "Before optimism bias; moves and training come on top in every view."
        if rows else "The case belongs to no wider programme.")


def _used(case: Case, key: str) -> bool:
    return key == share_key(case) and case.value("finance.programme.marginal") < 0.5


def sunk_costs(case: Case) -> ResultTable:
    """What is already spent, shown and left out of every total."""
    whole = programme(case)
    rows: Rows = ()
    if whole is not None:
        rows = tuple((s.name, _pounds(s.pounds), s.note) for s in whole.spent)
        rows = (*rows, ("Sunk in all", _pounds(whole.sunk), "in no total; the same whatever is decided"))
    return ResultTable("sunk_costs", "What is already spent on the whole programme", ("item", "amount", "note"),
                       ("", GBP, ""), rows)


def pause(case: Case) -> ResultTable:
    """Each pause against going ahead now: what it costs, what it avoids, where the two are even."""
    kept = books(case)
    found = [waiting(case, kept, o) for o in _pauses(case)]
    rows = tuple((w.option, w.months, _pounds(w.forgone), _pounds(w.forgone_if_cuts_go_ahead), _pounds(w.bridging),
                  _pounds(w.transition), _pounds(w.exit), _pounds(w.saved_before), round(w.break_even, 3),
                  _pounds(w.harm)) for w in found)
    return ResultTable(
        "pause", "What waiting costs and what it avoids",
        ("option", "months", "saving forgone", "forgone if cuts go ahead meanwhile", "bridging", "transition avoided",
         "exit avoided", "saving made before reversal", "break-even chance of reversal", "harm a month to break even"),
        ("", "months", GBP, GBP, GBP, GBP, GBP, GBP, "chance, 0 to 1", GBP + " a month"), rows,
        tuple(finding_id("finance.pause_break_even_chance", w.option, "scheme") for w in found),
        "Present values. Harm to residents is not priced here: the last column is the harm a month, until reversal, "
        "at which waiting pays at an even chance of reversal. 1: on money alone no chance is high enough.")


def _pauses(case: Case) -> tuple[Option, ...]:
    return tuple(o for o in case.scheme.options if o.kind == "pause")


def estate(case: Case) -> ResultTable:
    """Each building under each option: kept, released or opened, with its saving and expected receipt."""
    rows = tuple(
        (o.name, h.site.name, h.state, None if h.leaves is None else h.leaves.isoformat(),
         _pounds(h.share * h.running_cost * (-1 if h.state == "opened" else 1)), _pounds(h.share * h.receipt))
        for o in case.scheme.options if o.kind != "pause" for h in holdings(case, o))
    return ResultTable(
        "estate", "Buildings kept, released and opened",
        ("option", "building", "state", "closes", "running cost saved a year", "expected receipt"),
        ("", "", "", "date", GBP, GBP), rows, (),
        "A building without a published closing date is kept and saves nothing.")


def budget(case: Case) -> ResultTable:
    """The budget by year in cash and in 2017-18 prices, the precept, and the share of the gap the proposal closes."""
    table = case.tables.get("budget")
    cash, band = series(table, "budget"), series(table, "precept band D")
    gdp, pay = deflator(case, "gdp"), deflator(case, "police-pay")
    saving = books(case).account(option_of_kind(case, "proposed").name).saving
    gaps, unidentified = series(table, "savings to find"), series(table, "savings not identified")
    coming = outlook(case)
    rows: list[tuple[Cell, ...]] = []
    for year, (by_gdp, by_pay) in real_budget(case).items():
        last = coming is not None and coming.year == year
        rows.append((year, cash.get(year), _rounded(by_gdp, 0), _rounded(by_pay, 0), _rounded(gdp.get(year), 2),
                     _rounded(pay.get(year), 2), band.get(year),
                     _rounded(coming.with_rise_percent, 2) if last and coming else None,
                     _rounded(coming.without_rise_percent, 2) if last and coming else None,
                     _rounded(coming.with_rise_pay_percent, 2) if last and coming else None,
                     _rounded(share_of_gap(saving, gaps.get(year)), 2),
                     _rounded(share_of_gap(saving, unidentified.get(year)), 2)))
    return ResultTable(
        "budget", "The police budget in real terms, the council-tax rise, and the gap",
        ("year", "budget, cash", "budget by GDP deflator", "budget by police pay", "GDP deflator", "police pay index",
         "precept band D", "real change with the council-tax rise", "real change without it",
         "real change with it, by police pay", "share of savings to find", "share of savings not identified"),
        ("financial year", "GBP, cash", GBP, GBP, "2017 = 100", f"{year_name(FIRST)} = 100",
         "GBP per household, cash", "%", "%", "%", "%", "%"), tuple(rows),
        (finding_id("finance.real_budget_change", "today", "scheme"),),
        f"{year_name(FIRST)} to {year_name(LAST)}. Empty: not published by the date of the appraisal; nothing is "
        "interpolated. GDP deflator of the calendar year in which the financial year begins; years not yet published "
        "are carried on at the expected rise.")


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places) + 0.0


def before_and_after(case: Case) -> ResultTable:
    """The net present value before and after optimism bias and realisation, in both views."""
    kept = books(case)
    rows: list[tuple[Cell, ...]] = []
    for account in kept.accounts:
        name = account.option.name
        values = [net_present_value(kept.net(name, cash=cash, before=before), case.rulebook)
                  for cash in (False, True) for before in (True, False)]
        rows.append((name, *(_pounds(v) for v in values), _pounds(kept.one_off(name, before=True)),
                     _pounds(kept.one_off(name)), _pounds(account.saving),
                     _pounds(account.saving * (kept.factors.realised if account.saving > 0 else 1.0))))
    return ResultTable(
        "before_and_after", "What optimism bias and unrealised benefits change",
        ("option", "economic NPV, planned", "economic NPV, expected", "cash NPV, planned", "cash NPV, expected",
         "one-off cost, planned", "one-off cost, expected", "saving a year, planned", "saving a year, expected"),
        ("", *(GBP,) * 8), tuple(rows),
        tuple(finding_id("finance.net_present_value", o.name, "scheme") for o in case.scheme.options))
