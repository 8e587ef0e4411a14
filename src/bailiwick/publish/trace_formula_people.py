"""How are the numbers of closeness put together: distances over residents, crimes over crimes, promises by ward?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.locality import distance, leadership
from bailiwick.locality.crimes import Counts, CrimeYear, crime_year
from bailiwick.locality.priorities import harm_weights, jensen_shannon, top_types
from bailiwick.publish.trace_parts import Formula, Term, quotient
from bailiwick.publish.trace_watch import Asked
from bailiwick.scheme import Command


def of_area(case: Case, asked: Asked) -> Formula | None:
    """The formula of one area's number under its command; None where this module does not know the measure."""
    name = asked.measure.name.removeprefix("locality.")
    made = _OF_AREA.get(name)
    return made(case, asked, asked.option.grouping.command_of(asked.subject)) if made else None


def _distance(case: Case, asked: Asked, command: Command) -> Formula:
    """Residents times kilometres over residents; times minutes a kilometre for the drive."""
    base = distance.headquarters(case, command)
    area = case.system.area(asked.subject)
    people = distance.places(area).people
    far = distance.kilometres(area, base.easting, base.northing)
    whole = Term("residents times kilometres", float(far @ people))
    remarks = _from(base, len(people))
    residents = Term("residents", float(people.sum()))
    if not asked.measure.name.startswith("locality.travel_time"):
        return quotient("residents times kilometres over residents", whole, residents, 1.0, remarks)
    pace = distance.minutes_per_kilometre(case)
    found = quotient("residents times kilometres over residents, times minutes a kilometre", whole, residents, pace,
                     remarks)
    reckoned = (f"{case.value('locality.detour'):.4g} / {case.value('locality.kilometres_per_hour'):.4g} × 60")
    return Formula(found.rule, (*found.terms, Term("minutes a kilometre", pace, reckoned)), found.total, found.remarks)


def _within(case: Case, asked: Asked, command: Command) -> Formula:
    minutes = 15.0 if "15" in asked.measure.name else 30.0
    base = distance.headquarters(case, command)
    area = case.system.area(asked.subject)
    people = distance.places(area).people
    near = distance.kilometres(area, base.easting, base.northing) * distance.minutes_per_kilometre(case) <= minutes
    return quotient(f"100 × residents of the points at most {minutes:.0f} minutes away over residents",
                    Term(f"residents of {int(near.sum())} of {len(people)} points", float(people[near].sum())),
                    Term("residents", float(people.sum())), 100.0, _from(base, len(people)))


def _from(base: distance.Headquarters, points: int) -> tuple[str, ...]:
    why = f" ({base.why})" if base.by_rule else ""
    return (f"from {points} points where residents live to {base.name}{why}",
            f"headquarters at easting {base.easting:.0f}, northing {base.northing:.0f}")


def _lead(case: Case, asked: Asked, command: Command) -> Formula | None:
    own = case.system.area(asked.subject).population
    leads = 1.0 if len(command.areas) == 1 else leadership.named_leads(case, command)
    if own is None or isinstance(leads, Unavailable):
        return None
    if leads >= len(command.areas):
        return Formula("a lead for each area: its own residents", (Term("residents of the area", float(own)),),
                       float(own), (f"{leads:g} leads for {len(command.areas)} areas",))
    people = sum(case.system.area(code).population or 0 for code in command.areas)
    return quotient("residents of the command over its leads", Term("residents of the command", float(people)),
                    Term("leads", max(leads, 1.0)))


def _ward(case: Case, asked: Asked, command: Command) -> Formula | None:
    kind = "support" if "support" in asked.measure.name else "ward"
    wards, floor = case.system.area(asked.subject).wards, case.value(f"locality.{kind}_officers_per_ward")
    if wards is None:
        return None
    promised = Term("officers promised", wards * floor, f"{wards} wards × {floor:g}")
    if not asked.measure.name.endswith("residents_per_ward_officer"):
        return Formula("wards times officers promised to each", (promised,), promised.value)
    people = case.system.area(asked.subject).population
    if not people or not promised.value:
        return None
    return quotient("residents over the ward officers promised", Term("residents", float(people)), promised)


def _crimes(case: Case, command: Command) -> tuple[CrimeYear, Counts] | None:
    year = crime_year(case)
    whole = None if year is None else year.of(command.areas)
    return None if year is None or whole is None else (year, whole)


def _share(case: Case, asked: Asked, command: Command) -> Formula | None:
    known = _crimes(case, command)
    if known is None:
        return None
    (year, whole), harm = known, asked.measure.name.endswith("harm")
    weights = harm_weights(case, year.types) if harm else np.ones(len(year.types))
    if isinstance(weights, Unavailable):
        return None
    what = "crimes weighted by harm, theft = 1" if harm else "crimes recorded"
    return quotient(f"100 × {what} in the area over those in its command",
                    Term(f"{what}, area, {year.period}", float(year.by_area[asked.subject] @ weights)),
                    Term(f"{what}, command", float(whole @ weights)), 100.0)


def _mix(case: Case, asked: Asked, command: Command) -> Formula | None:
    """Jensen-Shannon: the halves of the divergence by type, its square root."""
    known = _crimes(case, command)
    if known is None:
        return None
    year, whole = known
    own = year.by_area[asked.subject]
    if not own.sum():
        return None
    a, b = own / own.sum(), whole / whole.sum()
    middle = (a + b) / 2
    terms = tuple(
        Term(kind, float(sum(p * np.log2(p / m) / 2 for p in (x, y) if p > 0)),
             f"{100 * x:.1f}% here, {100 * y:.1f}% in all")
        for kind, x, y, m in zip(year.types, a, b, middle, strict=True))
    return Formula("square root of the sum over crime types of ½ p log2(p / m) + ½ q log2(q / m), where p and q are "
                   "the type's shares in the area and in its command and m is their mean", terms,
                   jensen_shannon(own, whole), (f"crimes recorded in {year.period}",))


def _top(case: Case, asked: Asked, command: Command) -> Formula | None:
    known = _crimes(case, command)
    if known is None:
        return None
    year, whole = known
    mine, theirs = top_types(year.by_area[asked.subject], year.types), top_types(whole, year.types)
    shared = [kind for kind in mine if kind in theirs]
    return Formula("how many of the area's five most frequent crime types are among its command's five",
                   tuple(Term(kind, 1.0) for kind in shared), float(len(shared)),
                   ("only here: " + "; ".join(kind for kind in mine if kind not in theirs),) if len(shared) < len(mine)
                   else ())


_OF_AREA: Mapping[str, Callable[[Case, Asked, Command], Formula | None]] = {
    "distance_to_headquarters": _distance, "travel_time_to_headquarters": _distance,
    "residents_within_15_minutes": _within, "residents_within_30_minutes": _within, "residents_per_named_lead": _lead,
    "dedicated_ward_officers": _ward, "ward_support_officers": _ward, "residents_per_ward_officer": _ward,
    "share_of_command_demand": _share, "share_of_command_harm": _share, "crime_mix_distance": _mix,
    "top_five_shared": _top,
}
