"""What would one police council tax in place of several mean for each area's households?

A merger of forces ends with one precept. The precept that raises the same in all is the mean of the areas' own,
weighted by their tax bases: whoever pays less than it today pays more. It is a transfer between households, in no
economic total.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.finance.posts import option_of_kind
from bailiwick.scheme import Command
from bailiwick.tables import Cell, ResultTable, Row

_FORCE_AREAS = ("E23", "W15")
"""Codes of police force areas, in England and in Wales (Office for National Statistics, register of code entities)."""


@dataclass(frozen=True, slots=True)
class Levy:
    """One area's police council tax, today and under one precept.

    `band_d` and `single` are pounds a year on a Band D home, `tax_base` is Band D homes, `households` is None where
    no count of homes is known.
    """

    area: str
    force: str
    band_d: float
    tax_base: float
    single: float
    households: int | None

    @property
    def change(self) -> float:
        """Pounds a year more on a Band D home."""
        return self.single - self.band_d

    @property
    def moved(self) -> float:
        """Pounds a year more from the whole area; these sum to nothing over all areas."""
        return self.change * self.tax_base

    @property
    def per_household(self) -> float | None:
        """Pounds a year more for each household of whatever band."""
        return self.moved / self.households if self.households else None


def precept_equalisation(band_d: Mapping[str, float], tax_base: Mapping[str, float]) -> dict[str, float]:
    """By area, the change in Band D (pounds) if all areas paid one precept that raises the same in all.

    The single precept is the mean of the areas' own, weighted by their tax bases. Devon & Cornwall with Dorset, 2018,
    was given up over this.

    >>> precept_equalisation({"a": 100.0, "b": 200.0}, {"a": 3.0, "b": 1.0})
    {'a': 25.0, 'b': -75.0}
    """
    raised = math.fsum(band_d[area] * tax_base[area] for area in sorted(band_d))
    single = raised / math.fsum(tax_base[area] for area in sorted(band_d))
    return {area: single - band_d[area] for area in sorted(band_d)}


def merging_forces(case: Case) -> tuple[str, ...]:
    """The sorted names of the forces that the proposal puts under one command with another force."""
    return tuple(sorted({force for command in _across(case) for force in _forces(case, command)}))


def levies(case: Case) -> tuple[Levy, ...]:
    """Every area whose precept and tax base are known, with the single precept of its command under the proposal.

    A command of which one area's figures are missing has none.
    """
    rows = _rows(case)
    found: dict[str, Levy] = {}
    for command in option_of_kind(case, "proposed").grouping.commands:
        if any(code not in rows for code in command.areas):
            continue
        band_d = {code: float(str(rows[code]["band_d"])) for code in command.areas}
        tax_base = {code: float(str(rows[code]["tax_base"])) for code in command.areas}
        if math.fsum(tax_base.values()) > 0:
            change = precept_equalisation(band_d, tax_base)
            found.update({code: _levy(case, code, (band_d, tax_base), change[code]) for code in command.areas})
    return tuple(found[code] for code in case.scheme.scope if code in found)


def unknown(case: Case) -> tuple[str, ...]:
    """The areas whose force would be merged with another and whose single precept cannot be worked out."""
    known = {levy.area for levy in levies(case)}
    across = {code for command in _across(case) for code in command.areas}
    return tuple(code for code in case.scheme.scope if code in across and code not in known)


def precept(case: Case) -> ResultTable:
    """Each area's police council tax today and under one precept, and what levelling up or down would take.

    No rows where one force means one precept; rows without numbers where forces merge and the figures are not
    supplied.
    """
    found, missing = {levy.area: levy for levy in levies(case)}, unknown(case)
    rows = tuple(_row(case, found[code], found) if code in found
                 else (code, case.system.area(code).name, force_of(case, code), *(None,) * 7)
                 for code in case.scheme.scope if code in found or code in missing)
    known = "The single precept of a command raises in all what its areas' own raise today, so what moves sums to " \
        "nothing. It is a transfer between households and in no economic total." if found else ""
    empty = "Empty: unknown; the precept and the tax base of every area of the command are needed." if missing else ""
    return ResultTable(
        "precept", "One police council tax instead of several: who would pay more",
        ("area", "name", "force", "Band D today", "single Band D", "change on a Band D home", "change per household",
         "moved by the change", "raised more at the highest rate", "raised less at the lowest rate"),
        ("", "", "", "GBP a year", "GBP a year", "GBP a year", "GBP a year", "GBP a year", "GBP a year",
         "GBP a year"), rows, (), " ".join(text for text in (known, empty) if text))


def force_of(case: Case, code: str) -> str:
    """The force that sets an area's precept: the area itself where it is a police force area of England and Wales."""
    area = case.system.area(code)
    return area.name if code.startswith(_FORCE_AREAS) else area.force


def _forces(case: Case, command: Command) -> set[str]:
    return {force_of(case, code) for code in command.areas}


def _across(case: Case) -> list[Command]:
    """The proposal's commands that put areas of several forces together."""
    return [command for command in option_of_kind(case, "proposed").grouping.commands
            if len(_forces(case, command)) > 1]


def _rows(case: Case) -> dict[str, Row]:
    table = case.tables.get("precepts")
    return {str(row["area"]): row for row in table} if table else {}


def _levy(case: Case, code: str, told: tuple[Mapping[str, float], Mapping[str, float]], change: float) -> Levy:
    area, (band_d, tax_base) = case.system.area(code), told
    return Levy(code, force_of(case, code), band_d[code], tax_base[code], band_d[code] + change, area.households)


def _row(case: Case, levy: Levy, found: Mapping[str, Levy]) -> tuple[Cell, ...]:
    together = option_of_kind(case, "proposed").grouping.command_of(levy.area).areas
    rates = [found[code].band_d for code in together]
    each = levy.per_household
    return (levy.area, case.system.area(levy.area).name, levy.force, round(levy.band_d, 2), round(levy.single, 2),
            round(levy.change, 2) + 0.0, None if each is None else round(each, 2) + 0.0, round(levy.moved) + 0.0,
            round((max(rates) - levy.band_d) * levy.tax_base) + 0.0,
            round((levy.band_d - min(rates)) * levy.tax_base) + 0.0)
