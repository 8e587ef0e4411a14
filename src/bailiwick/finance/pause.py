"""What does waiting cost, what does it save if the evaluation turns out bad, and at which chance of that is it even?"""

from __future__ import annotations

from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.finance.books import Books
from bailiwick.finance.cashflow import discount_factors, net_present_value
from bailiwick.finance.ledger import signed
from bailiwick.finance.posts import option_of_kind
from bailiwick.scheme import Option


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pause against going ahead, present values in pounds.

    `forgone`: what going ahead now gains over going ahead later, if the evaluation turns out good; `bridging`: the
    cost of waiting in itself; `avoided`: what reversal would waste (transition and exit) less the saving made before
    it. `harm`: the unpriced harm a month that would make waiting pay at an even chance of reversal.
    """

    option: str
    months: int
    forgone: float
    forgone_if_cuts_go_ahead: float
    bridging: float
    transition: float
    exit: float
    saved_before: float
    break_even: float
    harm: float

    @property
    def avoided(self) -> float:
        """What is avoided by not having merged when the evaluation turns out bad."""
        return self.transition + self.exit - self.saved_before


def break_even_chance(forgone: float, bridging: float, avoided: float) -> float:
    """The chance of reversal at which waiting and going ahead are worth the same, in [0, 1].

    Waiting costs `bridging` for certain, `forgone` with chance 1 - p, and avoids `avoided` with chance p:
    p = (forgone + bridging) / (forgone + avoided). 1 where no chance is high enough on money alone, 0 where waiting
    costs nothing. The value of waiting under an irreversible choice: Arrow and Fisher 1974; Dixit and Pindyck 1994.

    >>> break_even_chance(2.0, 1.0, 4.0)
    0.5
    """
    if forgone + bridging <= 0:
        return 0.0
    if forgone + avoided <= forgone + bridging:
        return 1.0
    return (forgone + bridging) / (forgone + avoided)


def waiting(case: Case, books: Books, option: Option) -> Waiting:
    """The comparison of one pause with going ahead now."""
    now = option_of_kind(case, "proposed").name
    ahead = net_present_value(books.net(now), case.rulebook)
    later = books.account(option.name)
    bridging = _present(case, books, option.name, ("bridging",))
    forgone = ahead - net_present_value(books.net(option.name), case.rulebook) - bridging
    months = case.value("finance.pause.months_to_reversal")
    transition = _present(case, books, now, ("one-off", "settling in", "risk"), within=months)
    saved = _saved(case, books, now, months)
    leaving = later.exit * discount_factors(len(books.years), case.rulebook)[min(int(months // 12),
                                                                                  len(books.years) - 1)]
    avoided = transition + leaving - saved
    merging = books.account(now)
    part = merging.saving_from_merging / merging.saving if merging.saving else 1.0
    harm = max(0.0, (forgone + 2 * bridging - avoided) / months)
    return Waiting(option.name, option.delay_months, forgone, forgone * part, bridging, transition, leaving, saved,
                   break_even_chance(forgone, bridging, avoided), harm)


def _present(case: Case, books: Books, option: str, headlines: tuple[str, ...], within: float = 1e9) -> float:
    factors = dict(zip(books.years, discount_factors(len(books.years), case.rulebook), strict=True))
    last = books.years[min(len(books.years) - 1, int(within // 12))]
    return -sum(signed(line, books.factors) * factors[line.year] for line in books.account(option).lines
                if line.headline in headlines and line.counts_in("economic") and line.year <= last)


def _saved(case: Case, books: Books, option: str, months: float) -> float:
    account = books.account(option)
    return account.saving * books.factors.realised * months / 12 if account.saving > 0 else account.saving * months / 12
