"""Which buildings are kept, released or sold under each option, and what does that save or bring in?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bailiwick.case import Case
from bailiwick.finance.posts import option_of_kind
from bailiwick.scheme import Option, Site

State = Literal["kept", "released", "opened"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One building under one option: `share` of its saving is credited (1 where merging releases it).

    Pounds at the case's price base; `receipt` is expected, the value times the share of buildings that are owned and
    can be sold, not handed back to a landlord. Kept or used, an owned building has that worth too: what it would
    fetch is forgone for as long as it is used.
    """

    site: Site
    state: State
    share: float
    running_cost: float
    receipt: float
    fit_out: float
    leaves: date | None


def holdings(case: Case, option: Option) -> tuple[Holding, ...]:
    """Every building of the scheme under one option, in the scheme's order.

    A building is released where the case gives a day on which it closes, the option's commands neither lead nor work
    from it, and today's do or did.  Under `cuts` the share of that saving that needs no merger is made.  Public
    counters are another programme's (the Public Access Strategy) and never credited here.
    """
    return tuple(_holding(case, option, site) for site in case.scheme.sites)


def yearly_saving(case: Case, option: Option) -> float:
    """The running costs a year that the option saves on buildings against today, new buildings' costs taken off."""
    total = 0.0
    for held in holdings(case, option):
        if held.state == "released":
            total += held.share * held.running_cost
        elif held.state == "opened":
            total -= held.running_cost
    return total


def _holding(case: Case, option: Option, site: Site) -> Holding:
    running, receipt = _price(case, site, "running_cost"), _price(case, site, "receipt")
    sold = case.value("finance.estate.sold_share")
    share = 1 - case.value("finance.estate.needs_merger") if option.kind == "cuts" else 1.0
    if _released(case, option, site):
        return Holding(site, "released", share, running, receipt * sold, 0.0, site.closes)
    if site.opens is not None and option.kind not in ("today", "cuts") and site.name in used(case, option):
        return Holding(site, "opened", 1.0, running, receipt * sold, case.value("finance.estate.fit_out"), None)
    return Holding(site, "kept", 0.0, running, receipt * sold, 0.0, None)


def used(case: Case, option: Option) -> tuple[str, ...]:
    """The sorted names of the buildings from which the option's commands are led or work."""
    names: set[str] = set()
    for command in option.grouping.commands:
        names.update(case.scheme.model(command.model).bases)
        if command.headquarters:
            names.add(command.headquarters)
    return tuple(sorted(names))


def _released(case: Case, option: Option, site: Site) -> bool:
    if site.closes is None or site.role == "counter" or option.kind == "today":
        return False
    serving = option_of_kind(case, "proposed") if option.kind == "cuts" else option
    return site.name not in used(case, serving)


def _price(case: Case, site: Site, what: str) -> float:
    own = f"finance.estate.{what}.{site.name.lower().replace(' ', '_')}"
    return case.value(own if own in case.assumptions else f"finance.estate.{what}")
