"""What is the cheapest way to buy back the time that a merger costs callers, lever by lever and borough by borough?

Each lever changes the proposal alone; officers are then added until every area's calls on time are back to today's. A
lever's own posts and the officers it leaves to be bought are priced at what a post costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from bailiwick.case import Case
from bailiwick.response import groundwork
from bailiwick.response.groundwork import with_servers
from bailiwick.response.pictures import PostsByOption, merged_option, variant
from bailiwick.response.restore import Restoration, restoration
from bailiwick.response.service import Adjust
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

PLAIN = "as proposed"


class Lever(NamedTuple):
    """One change of the proposal: of its model, or of its rules once made; seats it adds day and night.

    `priced` False: it moves work or buildings whose cost is not known here.
    """

    label: str
    model: Mapping[str, object] = {}
    adjust: Adjust | None = None
    dispatchers: int = 0
    inspectors: int = 0
    priced: bool = True


def known(case: Case, option: Option) -> tuple[Lever, ...]:
    """The levers of a proposal, itself first."""
    own = len(case.scheme.scope)
    lead = max(option.grouping.commands, key=lambda c: len(c.areas))
    model = case.scheme.model(lead.model)
    desks, inspectors = round(case.value(model.desks)), round(case.value(model.supervisors))
    today = case.scheme.model(groundwork.today_of(case).grouping.commands[0].model)
    seats = [len(lead.areas) * round(case.value(name)) for name in (today.desks, today.supervisors)]
    split = {"channels": "per-area", "desks": today.desks, "supervisors": today.supervisors}
    return (
        Lever(PLAIN),
        Lever("one more dispatcher at work", adjust=lambda r: with_servers(r, own, desks=desks + 1), dispatchers=1),
        Lever("one more inspector on duty", adjust=lambda r: with_servers(r, own, supervisors=inspectors + 1),
              inspectors=1),
        Lever("investigations handed over", {"carries_investigations": False}, priced=False),
        Lever("cars stay in their areas", {"posting": "by-area"}),
        Lever("a floor of cars in each area", {"posting": "to-demand-with-floor"}),
        Lever("own area's cars sent first", {"dispatch": "own-first"}),
        Lever("own area's waiting calls taken first", adjust=lambda r: r._replace(pull="own-area")),
        Lever("a dedicated team for each area", {"dispatch": "dedicated", "posting": "by-area"}),
        Lever("today's stations kept", {"bases": today.bases}, priced=False),
        Lever("a channel and an inspector for each area", split, dispatchers=seats[0] - desks,
              inspectors=seats[1] - inspectors),
    )


class Tried(NamedTuple):
    """A lever and what then restores the service; None where today has no steady state."""

    lever: Lever
    found: Restoration | None


def tried(case: Case, posts_by_option: PostsByOption) -> tuple[Tried, ...]:
    """Every lever of the proposal and what restores the service with it; none where nothing merges."""
    if not groundwork.can_simulate(case):
        return ()
    return _tried(case, tuple((name, tuple(sorted(posts.items()))) for name, posts in sorted(posts_by_option.items())))


@lru_cache(maxsize=1)
def _tried(case: Case, told: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]) -> tuple[Tried, ...]:
    option = merged_option(case)
    posts = {name: dict(by_area) for name, by_area in told}
    rows = []
    for lever in known(case, option) if option is not None else ():
        changed, other = variant(case, option, lever.label, **lever.model) if option else (case, None)
        found = restoration(changed, other, posts, adjust=lever.adjust) if other else None
        rows.append(Tried(lever, found if isinstance(found, Restoration) else None))
    return tuple(rows)


def levers(case: Case, posts_by_option: PostsByOption) -> ResultTable:
    """What each lever alone does to the proposal, how many officers then restore it, and what it is worth in them."""
    done = [t for t in tried(case, posts_by_option) if t.found is not None]
    plain = _officers(done[0].found) if done else None
    rows: list[tuple[Cell, ...]] = []
    for lever, found in done:
        officers = _officers(found)
        worth = plain - officers if plain is not None and officers is not None else None
        change = found.change if found else ()
        lost = [min(pair[g] for pair in change) if change else None for g in (0, 1)]
        rows.append((lever.label, *lost, officers, worth, lever.dispatchers, lever.inspectors))
    return ResultTable(
        "response_levers", "What each lever alone does to the proposal",
        ("lever", "worst_area_immediate", "worst_area_significant", "officers_to_restore", "worth_officers",
         "dispatcher_seats", "inspector_seats"),
        ("", "points against today", "points against today", "officers", "officers", "seats", "seats"), tuple(rows),
        note="Officers to restore: the fewest that bring every area's calls on time back to today's, central "
             "assumptions; empty where not even two fifths more cars do. Worth: how many fewer than as proposed. Seats "
             "are added to the proposal's, staffed day and night.")


def _officers(found: Restoration | None) -> float | None:
    return found.officers if found is not None and found.reached else None


def buy_back(case: Case, posts_by_option: PostsByOption, cost: Mapping[str, float]) -> ResultTable:
    """The yearly price of bringing service back to today's with each lever, the whole scheme first, then by area.

    `cost` of a post a year by rank: constable, inspector, staff. Officers by area: where most is lacking.
    """
    rows: list[tuple[Cell, ...]] = []
    seat = case.value("response.restore.posts_per_seat") if groundwork.can_simulate(case) else 0.0
    done = tried(case, posts_by_option)
    prices = [_price(t, seat, cost) for t in done]
    solid = [p for p in prices if p is not None]
    for (lever, found), price in zip(done, prices, strict=True):
        if found is None:
            continue
        officers = _officers(found)
        own = seat * (lever.dispatchers * cost["staff"] + lever.inspectors * cost["inspector"])
        rows.append((lever.label, "scheme", *([None, None] if not found.change else _worst(found)), officers,
                     own if lever.priced else None, price, price is not None and price == min(solid)))
        for k, code in enumerate(case.scheme.scope):
            here = officers * found.shares[k] if officers is not None and found.shares else officers
            rows.append((lever.label, code, *(found.change[k] if found.change else (None, None)), here, None,
                         None if here is None else here * cost["constable"], None))
    return ResultTable(
        "response_buy_back", "What it costs a year to bring response back to today's, lever by lever",
        ("lever", "area", "immediate", "significant", "officers", "lever_cost", "cost", "cheapest"),
        ("", "", "points against today", "points against today", "officers", "GBP a year", "GBP a year", ""),
        tuple(rows),
        note=f"Central assumptions. A seat day and night takes {seat:g} posts. Officers go where most is lacking; an "
             "area's cost is that of its officers, the scheme's adds the lever's own posts. Not priced: handing "
             "investigations to others and keeping stations. Empty officers: not even two fifths more cars restore it.")


def _worst(found: Restoration) -> tuple[float, float]:
    return min(pair[0] for pair in found.change), min(pair[1] for pair in found.change)


def _price(one: Tried, seat: float, cost: Mapping[str, float]) -> float | None:
    """Pounds a year of a lever's posts and the officers still to be bought; None where not reached or not priced."""
    officers = _officers(one.found)
    if officers is None or not one.lever.priced:
        return None
    lever = one.lever
    return officers * cost["constable"] + seat * (
        lever.dispatchers * cost["staff"] + lever.inspectors * cost["inspector"])
