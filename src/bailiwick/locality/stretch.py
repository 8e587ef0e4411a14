"""Side by side, by area and option: how stretched is the commander, and whose priorities rule?"""

from __future__ import annotations

from collections.abc import Sequence

from bailiwick.case import Case
from bailiwick.findings import finding_id
from bailiwick.locality import leadership as lead
from bailiwick.locality import priorities as mix
from bailiwick.locality.crimes import crime_year
from bailiwick.locality.distance import headquarters
from bailiwick.locality.options import cell, compared, named
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

RowOf = tuple[Cell, ...]

_LEADERSHIP = ("residents_per_commander", "residents_per_named_lead", "councils_per_commander",
               "area_km2_per_commander", "crimes_per_commander", "wards_per_commander")
_PRIORITIES = ("top_five_shared", "crime_mix_distance", "share_of_command_demand", "share_of_command_harm")
_LEAD_NOTE = ("A named lead fronts one area and also runs one function of the whole command; in a command of one area "
              "the commander is the lead. How much of a lead's time the area gets is not published.")


def leadership(case: Case) -> ResultTable:
    """Residents, councils, km2, crimes and wards for each commander, always beside residents for each named lead."""
    rows, note = compared(case, _leadership_rows)
    return ResultTable(
        name="leadership", title="How much each commander answers for",
        columns=("option", "area", "name", "command", "headquarters", *_LEADERSHIP),
        units=("", "", "", "", "", "people", "people", "councils", "km2", "crimes a year", "wards"),
        rows=rows,
        finding_ids=_ids(rows, _LEADERSHIP),
        note=" ".join(filter(None, (note, _LEAD_NOTE))),
    )


def priorities(case: Case) -> ResultTable:
    """The area's five most frequent crime types against its command's, its mix's distance and its share of the work."""
    rows, note = compared(case, _priority_rows)
    year = crime_year(case)
    period = f"Recorded crime of {year.period}." if year else "No year of recorded crime was published by this date."
    return ResultTable(
        name="priorities", title="Whose problems rule: crime mix of each area and its command",
        columns=("option", "area", "name", "crimes", "area_top_five", "command_top_five", *_PRIORITIES),
        units=("", "", "", "crimes a year", "", "", "of 5", "0 to 1", "%", "%"),
        rows=rows,
        finding_ids=_ids(rows, _PRIORITIES),
        note=f"{period} {note}".strip(),
    )


def _ids(rows: Sequence[RowOf], measures: Sequence[str]) -> tuple[str, ...]:
    return tuple(finding_id(f"locality.{measure}", str(row[0]), str(row[1])) for row in rows for measure in measures)


def _leadership_rows(case: Case, option: Option) -> list[RowOf]:
    rows: list[RowOf] = []
    for command in option.grouping.commands:
        figures = [(measure(case, command), decimals) for measure, decimals in (
            (lead.residents_per_commander, 0), (lead.residents_per_named_lead, 0), (lead.councils_per_commander, 0),
            (lead.area_km2_per_commander, 2), (lead.crimes_per_commander, 0), (lead.wards_per_commander, 0))]
        base = named(headquarters(case, command))
        for area in case.system.subset(command.areas):
            rows.append((area.code, area.name, "+".join(command.areas), base,
                         *(cell(values[area.code], decimals) for values, decimals in figures)))
    return sorted(rows, key=lambda row: str(row[0]))


def _priority_rows(case: Case, option: Option) -> list[RowOf]:
    rows: list[RowOf] = []
    year = crime_year(case)
    for command in option.grouping.commands:
        whole = None if year is None else year.of(command.areas)
        figures = [(measure(case, command), decimals) for measure, decimals in (
            (mix.top_five_shared, 0), (mix.crime_mix_distance, 3),
            (mix.share_of_command_demand, 0), (mix.share_of_command_harm, 0))]
        for area in case.system.subset(command.areas):
            if year is None or whole is None:
                told: RowOf = (None, None, None)
            else:
                own = year.by_area[area.code]
                told = (int(own.sum()), "; ".join(mix.top_types(own, year.types)),
                        "; ".join(mix.top_types(whole, year.types)))
            rows.append((area.code, area.name, *told,
                         *(cell(values[area.code], decimals) for values, decimals in figures)))
    return sorted(rows, key=lambda row: str(row[0]))
