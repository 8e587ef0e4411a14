"""What does each option spend and save, line by line and year by year?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from bailiwick.case import Case
from bailiwick.finance.cashflow import financial_year, months_later, spans, year_name, yearly_rate
from bailiwick.finance.estate import Holding, holdings, yearly_saving
from bailiwick.finance.ledger import NONE, Adjustment, Line, adjustment, flows, signed
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import (
    Balance,
    Counts,
    added,
    balance_of,
    cost,
    counts,
    needs_merger,
    option_of_kind,
)
from bailiwick.finance.precepts import merging_forces, unknown
from bailiwick.finance.programme import programme
from bailiwick.finance.transition import (
    OneOff,
    exit_cost,
    leavers,
    merging,
    reductions,
    redundancy,
    risk_allowance,
    surplus_years,
)
from bailiwick.scheme import Option

PRICE_BASE = "2017-18"


@dataclass(frozen=True, slots=True)
class Saving:
    """One yearly saving (negative: an added cost) in steady state, and the share of it that needs the merger.

    `begins`: the first day it is had, where that is later than the change itself.
    """

    account: str
    item: str
    headline: Literal["posts", "estate"]
    pounds: float
    needs_merger: float
    begins: date | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One option's books: posts by line, yearly savings, one-off costs, every ledger line, and the way back."""

    option: Option
    posts: Counts
    posts_cost: float
    estate_saving: float
    savings: tuple[Saving, ...]
    one_offs: tuple[OneOff, ...]
    lines: tuple[Line, ...]
    exit: float
    bridging: float

    @property
    def saving(self) -> float:
        """Pounds a year saved against today once the posts and buildings have gone."""
        return math.fsum(s.pounds for s in self.savings)

    @property
    def saving_from_merging(self) -> float:
        """The part of the yearly saving that would not come without merging."""
        return math.fsum(s.pounds * s.needs_merger for s in self.savings)


@dataclass(frozen=True, slots=True)
class Books:
    """All options' books of one case, on the same financial years and prices; an account is made when asked for."""

    years: tuple[str, ...]
    today: Counts
    today_cost: float
    balance: Balance
    factors: Adjustment
    case: Case
    made: dict[str, Account]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The books of every option, in the order of the options."""
        return tuple(self.account(option.name) for option in self.case.scheme.options)

    def account(self, name: str) -> Account:
        """The books of the option of that name; CaseError when there is none."""
        if name not in self.made:
            self.made[name] = _account(self.case, self.case.scheme.option(name), self.today, self.balance)
        return self.made[name]

    def net(self, option: str, *, cash: bool = False, before: bool = False) -> tuple[float, ...]:
        """Net benefit by year: economic or cash view, before or after optimism bias and realisation."""
        return flows(self.account(option).lines, self.years, "cash" if cash else "economic",
                     NONE if before else self.factors)

    def gross(self, option: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Costs and benefits by year, both positive: economic view, after optimism bias and realisation."""
        lines = self.account(option).lines
        costs = flows([line for line in lines if line.kind == "cost"], self.years, "economic", self.factors)
        gains = flows([line for line in lines if line.kind == "benefit"], self.years, "economic", self.factors)
        return tuple(0.0 - c for c in costs), gains

    def one_off(self, option: str, *, before: bool = False) -> float:
        """All it costs to change, in pounds, both views together: spending, redundancy, displaced pay, time lost, risk.

        Bridging of a pause included; receipts of sold buildings are not set against it.
        """
        wanted = ("one-off", "settling in", "risk", "bridging")
        factors = NONE if before else self.factors
        return -math.fsum(signed(line, factors) for line in self.account(option).lines
                          if line.headline in wanted and not line.sunk)


class _Same:
    """A case as a key of the cache: the very same object, so that no digest has to be worked out."""

    __slots__ = ("case",)

    def __init__(self, case: Case) -> None:
        self.case = case

    def __hash__(self) -> int:
        return id(self.case)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.case is other.case


def books(case: Case) -> Books:
    """The books of every option of this case or draw, worked out once per case object."""
    return _books(_Same(case))


def steady(case: Case, option: Option) -> Option:
    """The option whose posts and buildings hold in steady state: the proposal for a pause, itself otherwise."""
    return option_of_kind(case, "proposed") if option.kind == "pause" else option


@lru_cache(maxsize=4)
def _books(key: _Same) -> Books:
    case = key.case
    gap = yearly_saving(case, option_of_kind(case, "proposed")) - yearly_saving(case, option_of_kind(case, "cuts"))
    balance = balance_of(case, gap)
    today = _posts(case, option_of_kind(case, "today"), balance)
    first = financial_year(case.scheme.effective)
    years = tuple(year_name(first + n) for n in range(case.scheme.horizon_years))
    return Books(years, today, cost(case, today), balance, adjustment(case), case, {})


def _posts(case: Case, option: Option, balance: Balance) -> Counts:
    return added(tuple(counts(case, command, balance) for command in option.grouping.commands))


def _account(case: Case, option: Option, today: Counts, balance: Balance) -> Account:
    reference = steady(case, option)
    after = _posts(case, reference, balance)
    held = holdings(case, reference)
    savings = (*_post_savings(case, reference, today, after), *_estate_savings(case, reference, held))
    one_offs = _one_offs(case, reference, after, reductions(case, today, after), held)
    receipts = math.fsum(h.receipt * h.share for h in held if h.state == "released")
    bridging = bridging_cost(case, option.delay_months) if option.kind == "pause" else 0.0
    lines = tuple(_lines(case, option, today, savings=savings, one_offs=one_offs,
                         change=(after, held, bridging)))
    return Account(option, after, cost(case, after), math.fsum(s.pounds for s in savings if s.headline == "estate"),
                   savings, one_offs, lines, exit_cost(case, reference, one_offs, receipts), bridging)


def bridging_cost(case: Case, months: int) -> float:
    """What waiting costs in itself: the shadow commanders already in post, paid for the months of the pause."""
    return case.value("finance.pause.shadow_posts") * cost_of_post(case, "chief superintendent") * months / 12


def _post_savings(case: Case, option: Option, today: Counts, after: Counts) -> Iterator[Saving]:
    shares = needs_merger(case)
    for post, now, then, share in zip(case.scheme.posts, today, after, shares, strict=True):
        if abs(now - then) > 1e-12:
            yield Saving(f"Posts: {post.rank}, {post.role}", post.key, "posts",
                         (now - then) * cost_of_post(case, post.rank), 0.0 if option.kind == "cuts" else share)


def _estate_savings(case: Case, option: Option, held: tuple[Holding, ...]) -> Iterator[Saving]:
    share = 0.0 if option.kind == "cuts" else case.value("finance.estate.needs_merger")
    for h in held:
        if h.state == "released" and h.share:
            yield Saving(f"Building released: {h.site.name}", f"site.{h.site.name}.running", "estate",
                         h.running_cost * h.share, share, h.leaves)
        elif h.state == "opened":
            yield Saving(f"Building opened: {h.site.name}", f"site.{h.site.name}.running", "estate",
                         -h.running_cost, 1.0, h.site.opens)


def _one_offs(case: Case, option: Option, after: Counts, fewer: dict[str, float],
              held: tuple[Holding, ...]) -> tuple[OneOff, ...]:
    paid = redundancy(case, fewer)
    if option.kind in ("today", "cuts"):
        return paid
    fit_out = tuple(OneOff(f"Fitting out: {h.site.name}", "fit-out", h.fit_out, bias="standard-building", vatable=True)
                    for h in held if h.state == "opened")
    found = tuple(cost for cost in merging(case, after) if cost.item != "risk") + fit_out
    return (*paid, *found, risk_allowance(case, found))


def _lines(case: Case, option: Option, today: Counts, *, savings: tuple[Saving, ...], one_offs: tuple[OneOff, ...],
           change: tuple[Counts, tuple[Holding, ...], float]) -> Iterator[Line]:
    if option.kind == "today":
        return
    after, held, bridging = change
    when = _When(months_later(case.scheme.effective, option.delay_months), financial_year(case.scheme.effective),
                 case.scheme.horizon_years)
    for saving in savings:
        yield from _recurrent(case, option, saving, when)
    yield from _displaced(case, option, today, after=after, when=when)
    yield from _uses(case, option, held, when)
    begun = when.index(when.start)
    if begun is not None:
        yield from _once(option, one_offs, when.years[begun])
        yield from _receipts(option, held, when)
    if bridging:
        yield from _bridging(case, option, bridging, when)
    yield from _flagged(case, option, one_offs, when.years[begun or 0])
    yield from _vat_lost(case, option, when)
    yield from _sunk(case, option, when.years[0])


@dataclass(frozen=True, slots=True)
class _When:
    """The day of the change and the financial years of the ledger."""

    start: date
    first: int
    count: int

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years' names."""
        return _years(self.first, self.count)

    def index(self, day: date) -> int | None:
        """The number of the financial year of a day, None outside the ledger."""
        n = financial_year(day) - self.first
        return n if 0 <= n < self.count else None

    def spans(self, begins: date | None = None) -> tuple[tuple[str, tuple[float, float]], ...]:
        """Each year with the years passed since the change, or since a later beginning, at its two ends."""
        start = max(self.start, begins) if begins else self.start
        return tuple(zip(self.years, spans(start, self.first, self.count), strict=True))


@lru_cache(maxsize=16)
def _years(first: int, count: int) -> tuple[str, ...]:
    return tuple(year_name(first + n) for n in range(count))


def _recurrent(case: Case, option: Option, saving: Saving, when: _When) -> Iterator[Line]:
    growth = 1 + case.value("finance.pay.real_growth") if saving.headline == "posts" else 1.0
    for n, (year, (a, b)) in enumerate(when.spans(saving.begins)):
        pounds = saving.pounds * (b - a) * growth ** n
        if pounds:
            yield Line(option.name, year, saving.account, saving.item, saving.headline, abs(pounds),
                       "benefit" if pounds > 0 else "cost", saving.needs_merger, realised=True)


def _displaced(case: Case, option: Option, today: Counts, *, after: Counts, when: _When) -> Iterator[Line]:
    fewer = reductions(case, today, after)
    for rank, leaving in leavers(case, today).items():
        for year, (a, b) in when.spans():
            years = surplus_years(fewer.get(rank, 0.0), leaving, a, b)
            if years > 0:
                yield Line(option.name, year, f"Displaced officers paid until absorbed: {rank}", f"displaced.{rank}",
                           "one-off", years * cost_of_post(case, rank), "cost")


def _once(option: Option, one_offs: tuple[OneOff, ...], year: str) -> Iterator[Line]:
    for c in one_offs:
        if c.pounds:
            yield Line(option.name, year, c.account, c.item, c.headline, c.pounds, "cost", cash=c.cash,
                       transfer=c.transfer, bias=c.bias)


def _receipts(option: Option, held: tuple[Holding, ...], when: _When) -> Iterator[Line]:
    for h in held:
        if h.state != "released" or not h.receipt * h.share or h.leaves is None:
            continue
        n = when.index(max(when.start, h.leaves))
        if n is not None:
            yield Line(option.name, when.years[n], f"Sale of building: {h.site.name}", f"site.{h.site.name}.sale",
                       "receipts", h.receipt * h.share, "benefit", economic=False, realised=True,
                       note="cash for a building of the same worth: in the economic view its use counts instead")


def _uses(case: Case, option: Option, held: tuple[Holding, ...], when: _When) -> Iterator[Line]:
    """The opportunity cost of owned buildings: worth times the discount rate for each year of use gained or lost."""
    for h in held:
        worth = h.receipt * (h.share if h.state == "released" else 1.0)
        begins = h.leaves if h.state == "released" else h.site.opens
        if h.state == "kept" or not worth or begins is None:
            continue
        for n, (year, (a, b)) in enumerate(when.spans(begins)):
            if b > a:
                freed = h.state == "released"
                yield Line(option.name, year, f"Building {'free for' if freed else 'kept from'} another use: "
                           f"{h.site.name}", f"site.{h.site.name}.use", "estate",
                           worth * yearly_rate(case.rulebook, n) * (b - a), "benefit" if freed else "cost",
                           cash=False, realised=True)


def _bridging(case: Case, option: Option, bridging: float, when: _When) -> Iterator[Line]:
    now = _When(case.scheme.effective, when.first, when.count)
    end = option.delay_months / 12
    for year, (a, b) in now.spans():
        inside = max(0.0, min(b, end) - min(a, end))
        if inside:
            yield Line(option.name, year, "Bridging: shadow commanders kept in post", "bridging", "bridging",
                       bridging * inside / end, "cost")


def _flagged(case: Case, option: Option, one_offs: tuple[OneOff, ...], year: str) -> Iterator[Line]:
    lost = (1 - case.value("finance.vat.recoverable")) * case.value("finance.vat.rate")
    bought = math.fsum(c.pounds for c in one_offs if c.vatable)
    yield Line(option.name, year, "VAT that cannot be recovered", "vat", "flagged", bought * lost, "cost",
               economic=False, vat=True,
               note="" if lost else "zero: police bodies in England and Wales recover VAT, before and after")
    note = "zero in all: one precept raises what several did; who pays it is in the table of precepts"
    if not merging_forces(case):
        note = "zero: no force is merged with another, so precepts stay as they are"
    elif unknown(case):
        note = ""
    if note:
        yield Line(option.name, year, "Precept equalisation", "precept", "flagged", 0.0, "cost", economic=False,
                   transfer=True, note=note)


def _vat_lost(case: Case, option: Option, when: _When) -> Iterator[Line]:
    """VAT of each year's purchases that a merged body could no longer recover, where merging changes its status."""
    lost = case.value("finance.vat.lost_a_year")
    if option.kind == "cuts" or not lost:
        return
    for year, (a, b) in when.spans():
        if b > a:
            yield Line(option.name, year, "VAT no longer recovered", "vat.yearly", "flagged", lost * (b - a), "cost",
                       economic=False, vat=True, note="the merged body would have another VAT status")


def _sunk(case: Case, option: Option, year: str) -> Iterator[Line]:
    whole = programme(case)
    if whole is not None and option.kind != "cuts":
        yield Line(option.name, year, "Programme: already spent", "sunk", "sunk", whole.sunk, "cost", sunk=True,
                   note="the whole programme; the same whatever is decided, so in no total")
