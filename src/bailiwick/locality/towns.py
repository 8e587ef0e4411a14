"""What would change if another town were the headquarters, and how many residents live within reach?"""

from __future__ import annotations

from bailiwick.case import Case
from bailiwick.findings import finding_id
from bailiwick.locality.distance import (
    BANDS,
    Headquarters,
    bases,
    headquarters,
    mean_kilometres,
    minutes_per_kilometre,
    share_within,
)
from bailiwick.locality.options import compared, named, rounded
from bailiwick.scheme import Command, Option
from bailiwick.tables import Cell, ResultTable

RowOf = tuple[Cell, ...]


def headquarters_choice(case: Case) -> ResultTable:
    """Every base of each merged command as its headquarters: distance, drive and residents out of reach, by area.

    One row for each base and area and one for the command as a whole, which is weighted by population.  The base the
    proposal names is marked.
    """
    rows: list[RowOf] = []
    for command in _merged(case):
        now = headquarters(case, command)
        for base in bases(case, command.areas):
            rows.extend(_base_rows(case, command, base, base.name == now.name))
    proposals = [option.name for option in case.scheme.options if option.kind == "proposed"]
    return ResultTable(
        name="headquarters_choice", title="Distance to the commander with each town as headquarters",
        columns=("headquarters", "proposed", "area", "name", "residents", "kilometres", "minutes",
                 "residents_over_30_minutes", "share_over_30_minutes"),
        units=("", "", "", "", "people", "km", "minutes", "people", "%"),
        rows=tuple(rows),
        finding_ids=tuple(finding_id("locality.distance_to_headquarters", option, code)
                          for option in proposals for code in case.scheme.scope),
        note=f"Straight lines from resident points; minutes = km x {case.value('locality.detour'):.2f} detour / "
             f"{case.value('locality.kilometres_per_hour'):.0f} km/h. A town stands at the resident-weighted point of "
             "its central ward." + _stand_ins(case),
    )


def travel_bands(case: Case) -> ResultTable:
    """Residents of each area within 15, 15 to 30 and over 30 driving minutes of their commander, by option."""
    rows, note = compared(case, _band_rows)
    return ResultTable(
        name="travel_bands", title="How long a drive to the commander",
        columns=("option", "area", "name", "headquarters", "residents", "within_15", "from_15_to_30", "over_30",
                 "share_within_15", "share_from_15_to_30", "share_over_30"),
        units=("", "", "", "", "people", "people", "people", "people", "%", "%", "%"),
        rows=rows,
        finding_ids=tuple(finding_id(f"locality.residents_within_{band}_minutes", str(row[0]), str(row[1]))
                          for row in rows for band in BANDS),
        note=note,
    )


def _stand_ins(case: Case) -> str:
    known = {site.name for site in case.scheme.sites}
    missing = sorted({base.name for command in _merged(case) for base in bases(case, command.areas)} - known)
    return f" No base is known in {', '.join(missing)}: the residents' middle point stands in." if missing else ""


def _merged(case: Case) -> tuple[Command, ...]:
    return tuple(command for option in case.scheme.options if option.kind == "proposed"
                 for command in option.grouping.commands if len(command.areas) > 1)


def _base_rows(case: Case, command: Command, base: Headquarters, proposed: bool) -> list[RowOf]:
    rows: list[RowOf] = []
    far_total, weighted, people_total = 0.0, 0.0, 0
    for area in case.system.subset(command.areas):
        distance = mean_kilometres(area, base)
        near = share_within(case, area, base, BANDS[1])
        if distance is None or near is None or area.population is None:
            rows.append((base.name, proposed, area.code, area.name, area.population, None, None, None, None))
            continue
        far = (1 - near) * area.population
        far_total, weighted = far_total + far, weighted + distance * area.population
        people_total += area.population
        rows.append(_choice(case, base, proposed, (area.code, area.name), (area.population, distance, far)))
    if people_total and all(row[5] is not None for row in rows):
        whole = "scheme" if command.areas == tuple(sorted(case.scheme.scope)) else command.name
        rows.append(_choice(case, base, proposed, (whole, "All areas of the command"),
                            (people_total, weighted / people_total, far_total)))
    return rows


def _choice(case: Case, base: Headquarters, proposed: bool, subject: tuple[str, str],
            figures: tuple[int, float, float]) -> RowOf:
    people, distance, far = figures
    return (base.name, proposed, *subject, people, rounded(distance, 1),
            rounded(distance * minutes_per_kilometre(case), 0), rounded(far, 0), rounded(100 * far / people, 0))


def _band_rows(case: Case, option: Option) -> list[RowOf]:
    rows: list[RowOf] = []
    for command in option.grouping.commands:
        base = headquarters(case, command)
        for area in case.system.subset(command.areas):
            near, wider = (share_within(case, area, base, band) for band in BANDS)
            people = area.population
            if near is None or wider is None:
                rows.append((area.code, area.name, named(base), people, *(None,) * 6))
                continue
            shares = (near, wider - near, 1 - wider)
            counts = [None if people is None else rounded(share * people, 0) for share in shares]
            rows.append((area.code, area.name, named(base), people, *counts,
                         *(rounded(100 * share, 0) for share in shares)))
    return sorted(rows, key=lambda row: str(row[0]))
