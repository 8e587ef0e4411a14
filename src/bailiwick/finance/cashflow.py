"""What is a stream of money worth today, when does it pay back, and what is it in the prices of one year?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import cast

from bailiwick.errors import MethodError


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the prices of one financial year; sums of different price bases are refused."""

    pounds: float
    price_base: str

    def __add__(self, other: Money) -> Money:
        """The sum; MethodError when the price bases differ."""
        if self.price_base != other.price_base:
            raise MethodError(f"money in {self.price_base} prices cannot be added to money in {other.price_base} "
                              "prices: deflate one of them first")
        return Money(self.pounds + other.pounds, self.price_base)


def yearly_rate(rulebook: Mapping[str, object], year: int) -> float:
    """The discount rate from year - 1 to `year`, by the rulebook's bands of years; year 0 is not discounted."""
    bands = cast("Sequence[Mapping[str, float]]", cast("Mapping[str, object]", rulebook["discount"])["standard"])
    for band in bands:
        if year <= band["to"]:
            return float(band["rate"]) / 100
    return float(bands[-1]["rate"]) / 100


def discount_factors(years: int, rate: float | Mapping[str, object]) -> tuple[float, ...]:
    """The weights of years 0 to `years` - 1: the product of 1 / (1 + rate) over the years passed.

    A constant rate gives (1 + r)^-t; a rulebook gives its declining rates, each in its own years (HM Treasury,
    The Green Book, annex on discounting).

    >>> [round(f, 4) for f in discount_factors(3, 0.035)]
    [1.0, 0.9662, 0.9335]
    """
    factors = [1.0]
    for year in range(1, years):
        step = rate if isinstance(rate, (int, float)) else yearly_rate(rate, year)
        factors.append(factors[-1] / (1 + step))
    return tuple(factors[:years])


def net_present_value(flows: Sequence[float], rate: float | Mapping[str, object]) -> float:
    """The sum of yearly flows, year 0 first, each times its discount factor.

    `rate`: a share a year (0.035) or a rulebook with declining rates.

    >>> round(net_present_value([-100, 60, 60], 0.035), 2)
    13.98
    """
    return math.fsum(f * d for f, d in zip(flows, discount_factors(len(flows), rate), strict=True))


def real(amounts: Mapping[str, float], index: Mapping[str, float], base: str) -> dict[str, float]:
    """Cash amounts by year in the prices of year `base`: amount x index(base) / index(year).

    A year without an index has no real amount and is left out: nothing is interpolated.  MethodError when the base
    year has none.

    >>> real({"2016": 100.0, "2017": 100.0, "2030": 1.0}, {"2016": 98.0, "2017": 100.0}, "2017")["2016"].__round__(2)
    102.04
    """
    if base not in index:
        raise MethodError(f"no price index is known for {base}, the year in whose prices the amounts are wanted")
    return {year: amount * index[base] / index[year] for year, amount in amounts.items() if year in index}


def chained(changes: Mapping[str, float], base: str) -> dict[str, float]:
    """An index, 100 in year `base`, from yearly percentage changes (each from the year before, years in order).

    >>> chained({"2011": 2.0, "2012": 0.0}, "2010")
    {'2010': 100.0, '2011': 102.0, '2012': 102.0}
    """
    index = {base: 100.0}
    last = 100.0
    for year in sorted(y for y in changes if y > base):
        last *= 1 + changes[year] / 100
        index[year] = last
    return index


def payback(flows: Sequence[float]) -> float | None:
    """Years until the running total of yearly flows is back at zero for good, or None when it is not by the end.

    Within a year the flow is spread evenly.  0.0 when the total never falls below zero.

    >>> payback([-100, 50, 100])
    2.5
    """
    totals = [math.fsum(flows[:n + 1]) for n in range(len(flows))]
    below = [n for n, total in enumerate(totals) if total < -1e-9]
    if not below:
        return 0.0
    turn = below[-1] + 1
    if turn >= len(flows):
        return None
    return turn + -totals[turn - 1] / flows[turn]


def payback_within_years(costs: Sequence[float], benefits: Sequence[float], lengths: Sequence[float]) -> float | None:
    """Years until benefits have paid for costs for good, or None when they have not by the end.

    Costs (positive) fall at the beginning of each period, benefits evenly over it; `lengths` are the periods' lengths
    in years. Unlike `payback` it sees a cost and the saving that repays it inside one year.

    >>> payback_within_years([30.0, 0.0], [60.0, 60.0], [1.0, 1.0])
    0.5
    """
    total = passed = 0.0
    found: float | None = 0.0
    for cost, benefit, length in zip(costs, benefits, lengths, strict=True):
        low = total - cost
        total = low + benefit
        if total < -1e-9:
            found = None
        elif low < -1e-9:
            found = passed + length * -low / benefit
        passed += length
    return found


def share_due_to_merging(with_merger: float, without: float) -> float:
    """The share of a scheme's worth that the same programme without a merger would not have brought.

    >>> round(share_due_to_merging(1364, 1057), 3)
    0.225
    """
    return (with_merger - without) / with_merger


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of that day begins (1 April).

    >>> financial_year(date(2018, 3, 31)), financial_year(date(2018, 4, 1))
    (2017, 2018)
    """
    return day.year if day.month >= 4 else day.year - 1


def year_name(start: int) -> str:
    """A financial year as it is written.

    >>> year_name(2018), year_name(1999)
    ('2018-19', '1999-00')
    """
    return f"{start}-{(start + 1) % 100:02d}"


@lru_cache(maxsize=256)
def spans(start: date, first: int, years: int) -> tuple[tuple[float, float], ...]:
    """For each financial year from `first`: years since `start` at its beginning and at its end, never below 0."""
    found = []
    passed = 0.0
    for year in range(first, first + years):
        opens, closes = date(year, 4, 1), date(year + 1, 4, 1)
        part = min(1.0, max(0, (closes - start).days) / (closes - opens).days)
        found.append((passed, passed + part))
        passed += part
    return tuple(found)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day.

    >>> months_later(date(2018, 8, 31), 6)
    datetime.date(2019, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise MethodError(f"no date {months} months after {day}")
