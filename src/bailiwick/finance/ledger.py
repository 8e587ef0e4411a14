"""Which pound is spent or saved, when, on what, and in which view does it count?

One ledger; every total is read from it.

A line is positive: a benefit is money not spent, a cost money spent.  The economic view leaves out transfers, VAT and
sunk cost; the cash view leaves out what is never paid (time lost) and sunk cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from bailiwick.case import Case
from bailiwick.errors import MethodError

View = Literal["economic", "cash"]
Bias = Literal["", "standard-building", "equipment", "outsourcing"]
Headline = Literal["posts", "estate", "receipts", "one-off", "settling in", "risk", "flagged", "bridging", "sunk"]


@dataclass(frozen=True, slots=True)
class Line:
    """One amount in one financial year under one option, before optimism bias and realisation.

    `item` is the post line, building or programme part behind it; `headline` the one total it may feed. `bias` is the
    rulebook's class of optimism bias, empty for none; `realised` says whether the realisation factor applies.
    `needs_merger` is the share that would not come without merging, in [0, 1].
    """

    option: str
    year: str
    account: str
    item: str
    headline: Headline
    amount: float
    kind: Literal["benefit", "cost"]
    needs_merger: float = 1.0
    economic: bool = True
    cash: bool = True
    transfer: bool = False
    sunk: bool = False
    vat: bool = False
    bias: Bias = ""
    realised: bool = False
    price_base: str = "2017-18"
    note: str = ""

    def counts_in(self, view: View) -> bool:
        """Whether the line belongs to that view."""
        if self.sunk:
            return False
        return self.economic and not self.transfer and not self.vat if view == "economic" else self.cash


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What turns planned amounts into expected ones: optimism bias by class (shares) and the realised share."""

    bias: Mapping[str, float]
    realised: float

    def of(self, line: Line) -> float:
        """The factor on a line's amount."""
        if line.kind == "benefit":
            return self.realised if line.realised else 1.0
        return 1.0 + self.bias[line.bias] if line.bias else 1.0


NONE = Adjustment({"standard-building": 0.0, "equipment": 0.0, "outsourcing": 0.0}, 1.0)
"""No adjustment: every plan comes true."""


def adjustment(case: Case) -> Adjustment:
    """The case's adjustment: the rulebook's lower and upper bias of each class, mixed by `finance.optimism.position`.

    Position 1 is the upper bound (nothing done against it), 0 the lower (everything done): Mott MacDonald 2002, as
    adopted in the Green Book's supplementary guidance on optimism bias.
    """
    table = cast("Mapping[str, Mapping[str, float]]", case.rulebook["optimism_bias"])
    position = case.value("finance.optimism.position")
    rates = {name: (row["lower"] + position * (row["upper"] - row["lower"])) / 100 for name, row in table.items()}
    return Adjustment(rates, case.value("finance.realisation"))


def signed(line: Line, factors: Adjustment = NONE) -> float:
    """The line's amount, positive for a benefit, after adjustment."""
    return (1 if line.kind == "benefit" else -1) * line.amount * factors.of(line)


def flows(lines: Iterable[Line], years: Sequence[str], view: View, factors: Adjustment = NONE) -> tuple[float, ...]:
    """Net benefit by year in one view; MethodError when the lines mix price bases."""
    totals = dict.fromkeys(years, 0.0)
    bases = set()
    for line in lines:
        if line.counts_in(view):
            totals[line.year] += signed(line, factors)
            bases.add(line.price_base)
    if len(bases) > 1:
        raise MethodError("the ledger mixes prices of " + " and ".join(sorted(bases)) + ": deflate to one price base")
    return tuple(totals[year] for year in years)


def counted_twice(lines: Iterable[Line]) -> tuple[str, ...]:
    """Names of what is credited more than once: an item in one year under two headlines, or twice under one."""
    seen: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for line in lines:
        if line.kind == "benefit" and not line.sunk:
            seen[line.option, line.year, line.item].append(f"{line.headline}: {line.account}")
    return tuple(f"{option}, {year}, {item} in {' and '.join(accounts)}"
                 for (option, year, item), accounts in sorted(seen.items()) if len(accounts) > 1)
