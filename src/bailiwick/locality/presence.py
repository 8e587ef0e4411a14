"""How many officers are promised to each ward, and to how many residents is that one?"""

from __future__ import annotations

from bailiwick.case import Case
from bailiwick.findings import ByArea, Number, Unavailable
from bailiwick.scheme import Command

NO_WARDS = Unavailable("unknown", "no number of wards of this area was published by this date")


def dedicated_ward_officers(case: Case, command: Command) -> ByArea:
    """For each area, the dedicated ward officers that the published floor promises: wards times officers a ward.

    The floor is a promise, ring-fenced whoever commands; posts filled and days lost to other duties are not known.
    """
    floor = case.value("locality.ward_officers_per_ward")
    return {code: _times(case.system.area(code).wards, floor) for code in command.areas}


def ward_community_support_officers(case: Case, command: Command) -> ByArea:
    """For each area, the community support officers that the published floor promises to its wards."""
    floor = case.value("locality.support_officers_per_ward")
    return {code: _times(case.system.area(code).wards, floor) for code in command.areas}


def residents_per_ward_officer(case: Case, command: Command) -> ByArea:
    """For each area, its residents for each dedicated ward officer of the floor."""
    found: dict[str, Number] = {}
    for code, officers in dedicated_ward_officers(case, command).items():
        people = case.system.area(code).population
        if isinstance(officers, Unavailable):
            found[code] = officers
        elif people is None:
            found[code] = Unavailable("unknown", "no population of this area was published by this date")
        elif officers <= 0:
            found[code] = Unavailable("not meaningful here", "no ward officer is promised")
        else:
            found[code] = people / officers
    return found


def _times(wards: int | None, floor: float) -> Number:
    return NO_WARDS if wards is None else wards * floor
