"""What does it cost to get there, to wait for officers to leave, and to come back?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.finance.ledger import Bias, Headline
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import CIVILIANS, SUPERVISORS, Counts, balancing_line
from bailiwick.finance.programme import programme, share, share_key
from bailiwick.scheme import Option


@dataclass(frozen=True, slots=True)
class OneOff:
    """One cost of the change, in pounds, paid in the year of the change unless a ledger spreads it."""

    account: str
    item: str
    pounds: float
    headline: Headline = "one-off"
    bias: Bias = ""
    cash: bool = True
    transfer: bool = False
    vatable: bool = False


def surplus_years(reduction: float, leavers: float, start: float, end: float) -> float:
    """Officer-years paid beyond the new establishment between two times after the change (years).

    The surplus starts at `reduction` and falls by `leavers` a year until it is gone: the integral of
    max(0, reduction - leavers x t).

    >>> surplus_years(4, 2, 0, 10), surplus_years(4, 2, 1, 10)
    (4.0, 1.0)
    """
    if reduction <= 0:
        return 0.0
    if leavers <= 0:
        return reduction * (end - start)
    gone = reduction / leavers
    a, b = min(start, gone), min(end, gone)
    return (reduction * b - leavers * b * b / 2) - (reduction * a - leavers * a * a / 2)


def reductions(case: Case, today: Counts, after: Counts) -> dict[str, float]:
    """Posts fewer by rank, other lines of the same rank taking up those displaced; 0 where the rank does not shrink."""
    net: dict[str, float] = {}
    for post, now, then in zip(case.scheme.posts, today, after, strict=True):
        net[post.rank] = net.get(post.rank, 0.0) + now - then
    return {rank: max(0.0, n) for rank, n in net.items()}


def leavers(case: Case, today: Counts) -> dict[str, float]:
    """Officers of each rank who leave or are promoted a year and whose place a displaced officer can take.

    `finance.leavers.reach`: how many times the scope's own leavers are open to them, posts elsewhere in the force
    included.
    """
    held: dict[str, float] = {}
    for post, now in zip(case.scheme.posts, today, strict=True):
        if post.rank not in CIVILIANS:
            held[post.rank] = held.get(post.rank, 0.0) + now
    reach = case.value("finance.leavers.reach")
    return {rank: n * reach * case.value("finance.leavers." + rank.replace(" ", "_")) for rank, n in held.items()}


def redundancy(case: Case, fewer: dict[str, float]) -> tuple[OneOff, ...]:
    """What staff are paid who lose their posts and are not placed elsewhere: a transfer, so cash only."""
    share_out = case.value("finance.redundancy.share")
    each = case.value("finance.redundancy.cost")
    return tuple(
        OneOff("Redundancy of staff", f"redundancy.{rank}", fewer[rank] * share_out * each, transfer=True)
        for rank in CIVILIANS if fewer.get(rank)
    )


def merging(case: Case, after: Counts) -> tuple[OneOff, ...]:
    """The costs of merging itself: programme share, moves, training, settling in, and a risk allowance apart."""
    everyone = math.fsum(after)
    response = after[balancing_line(case)]
    trained = response + math.fsum(
        n for n, post in zip(after, case.scheme.posts, strict=True) if post.rank in SUPERVISORS)
    constable = cost_of_post(case, "constable")
    lost = case.value("finance.dip.depth") * case.value("finance.dip.months") / 12
    found = [
        *_programme_share(case),
        OneOff("Moves", "moves", everyone * case.value("finance.transition.share_moved")
               * case.value("finance.transition.move_cost"), bias="outsourcing", vatable=True),
        OneOff("Training courses", "training", trained * case.value("finance.transition.training_cost"),
               bias="outsourcing", vatable=True),
        OneOff("Time in training", "training.time", trained * case.value("finance.transition.training_days")
               * constable / case.value("finance.transition.working_days"), headline="settling in", cash=False),
        OneOff("Time lost while settling in", "dip", response * constable * lost, headline="settling in", cash=False),
    ]
    return (*found, risk_allowance(case, tuple(found)))


def risk_allowance(case: Case, costs: tuple[OneOff, ...]) -> OneOff:
    """Money set aside for named risks, a share of the one-off spending, apart from optimism bias."""
    spending = math.fsum(c.pounds for c in costs if c.headline == "one-off" and not c.transfer)
    return OneOff("Risk allowance", "risk", spending * case.value("finance.risk.share"), headline="risk")


def exit_cost(case: Case, option: Option, costs: tuple[OneOff, ...], receipts: float) -> float:
    """What undoing the merger costs, in pounds: its own moves, training and IT again, and buildings bought back.

    Zero for an option that merges nobody.
    """
    if all(len(command.areas) == 1 for command in option.grouping.commands):
        return 0.0
    again = math.fsum(c.pounds for c in costs if c.item in ("moves", "training", "programme.it", "fit-out"))
    return again * case.value("finance.exit.multiple") + receipts * case.value("finance.exit.rebuy")


def _programme_share(case: Case) -> tuple[OneOff, ...]:
    whole = programme(case)
    if whole is None:
        return ()
    part = 0.0 if case.value("finance.programme.marginal") >= 0.5 else share(case, share_key(case))
    return (
        OneOff("Programme: IT", "programme.it", whole.it_left * part, bias="equipment", vatable=True),
        OneOff("Programme: other", "programme.other", whole.other_left * part, bias="outsourcing", vatable=True),
    )
