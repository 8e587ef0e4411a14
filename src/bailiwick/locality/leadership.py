"""How many people, councils, square kilometres, crimes and wards share one commander, and one named lead?"""

from __future__ import annotations

import math
from collections.abc import Callable

from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.findings import ByArea, Number, Unavailable
from bailiwick.locality.crimes import NO_CRIMES, crime_year
from bailiwick.scheme import Command, Post

NO_RESIDENTS = Unavailable("unknown", "no population of these areas was published by this date")


def residents_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the residents of its whole command, who share one commander."""
    return _for_all(command, _total(case, command, lambda area: area.population, NO_RESIDENTS))


def councils_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the elected councils that share its commander."""
    unknown = Unavailable("unknown", "the number of councils in these areas is not given")
    return _for_all(command, _total(case, command, lambda area: area.councils, unknown))


def area_km2_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the square kilometres of its whole command."""
    return _for_all(command, _total(case, command, lambda area: area.area_km2, NO_RESIDENTS))


def wards_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the electoral wards of its whole command."""
    unknown = Unavailable("unknown", "no number of wards of these areas was published by this date")
    return _for_all(command, _total(case, command, lambda area: area.wards, unknown))


def crimes_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the crimes recorded in its whole command in the latest year published."""
    year = crime_year(case)
    counts = None if year is None else year.of(command.areas)
    return _for_all(command, NO_CRIMES if counts is None else float(counts.sum()))


def officers_per_commander(case: Case, command: Command) -> ByArea:
    """For each area, the police officers of its whole command on the latest day published, full-time equivalents."""
    table = case.tables.get("officers")
    days = sorted({str(row["reference_period"]) for row in table}) if table else []
    known = {str(row["area"]): row["officers"] for row in table.where(reference_period=days[-1])} if table and days \
        else {}
    if any(code not in known for code in command.areas):
        return _for_all(command, Unavailable("unknown", "no number of officers of these areas was published by this "
                                                        "date"))
    return _for_all(command, math.fsum(float(str(known[code])) for code in command.areas))


def lead_posts(case: Case) -> tuple[Post, ...]:
    """The post lines whose role names a lead: senior officers of whom each fronts one area."""
    return tuple(post for post in case.scheme.posts if "lead" in post.role.replace("-", " ").split())


def named_leads(case: Case, command: Command) -> Number:
    """The number of lead posts that the command's operating model gives it; a budget cut is read as today's."""
    lines = lead_posts(case)
    if not lines:
        return Unavailable("unknown", "no post line of the case names an area lead")
    model = case.scheme.model(command.model)
    total = 0.0
    for post in lines:
        count = case.value(post.today)
        if model.posts in ("proposed", "redesigned"):
            after = case.value(post.proposed if model.posts == "proposed" else post.redesigned)
            count = count + after if post.proposed_as == "change" else after
        total += count * (len(command.areas) if post.per == "area" else 1)
    return total


def residents_per_named_lead(case: Case, command: Command) -> ByArea:
    """For each area, the residents who share the most senior officer that answers for it and for no larger place.

    In a command of one area that is the commander.  Otherwise each lead fronts one area as far as leads suffice;
    with fewer leads than areas they share the command's residents, and with none everybody shares the commander.
    """
    totals = residents_per_commander(case, command)
    leads = 1.0 if len(command.areas) == 1 else named_leads(case, command)
    found: dict[str, Number] = {}
    for code in command.areas:
        own, total = case.system.area(code).population, totals[code]
        if isinstance(leads, Unavailable) or isinstance(total, Unavailable) or own is None:
            found[code] = leads if isinstance(leads, Unavailable) else NO_RESIDENTS
        elif leads >= len(command.areas):
            found[code] = float(own)
        else:
            found[code] = total / max(leads, 1.0)
    return found


def _total(case: Case, command: Command, count: Callable[[Area], float | None], unknown: Unavailable) -> Number:
    counts = [count(area) for area in case.system.subset(command.areas)]
    if None in counts:
        return unknown
    return math.fsum(value for value in counts if value is not None)


def _for_all(command: Command, value: Number) -> ByArea:
    return dict.fromkeys(command.areas, value)
