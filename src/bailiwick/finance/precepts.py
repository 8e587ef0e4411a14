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
from bailiwick.tables import Cell, ResultTable

UNKNOWN = "unknown: the precept and the tax base of every area are needed"


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


def forces(case: Case) -> tuple[str, ...]:
    """The forces whose areas the scheme joins, sorted."""
    return tuple(sorted({case.system.area(code).force for code in case.scheme.scope}))


def levies(case: Case) -> tuple[Levy, ...] | None:
    """Every area of the scheme with its precept and the single one; None unless all have a precept and a tax base."""
    table = case.tables.get("precepts")
    rows = {str(row["area"]): row for row in table} if table else {}
    if any(code not in rows for code in case.scheme.scope):
        return None
    band_d = {code: float(str(rows[code]["band_d"])) for code in case.scheme.scope}
    tax_base = {code: float(str(rows[code]["tax_base"])) for code in case.scheme.scope}
    if math.fsum(tax_base.values()) <= 0:
        return None
    change = precept_equalisation(band_d, tax_base)
    areas = [case.system.area(code) for code in case.scheme.scope]
    return tuple(Levy(a.code, a.force, band_d[a.code], tax_base[a.code], band_d[a.code] + change[a.code],
                      a.households) for a in areas)


def precept(case: Case) -> ResultTable:
    """Each area's police council tax today and under one precept, and what levelling up or down would take.

    No rows where one force means one precept; rows without numbers where several forces merge and the figures are
    not supplied.
    """
    found = levies(case)
    rows: tuple[tuple[Cell, ...], ...] = ()
    if found is not None:
        highest, lowest = max(levy.band_d for levy in found), min(levy.band_d for levy in found)
        rows = tuple(_row(case, levy, highest, lowest) for levy in found)
    elif len(forces(case)) > 1:
        rows = tuple((code, case.system.area(code).name, case.system.area(code).force, *(None,) * 7)
                     for code in case.scheme.scope)
    return ResultTable(
        "precept", "One police council tax instead of several: who would pay more",
        ("area", "name", "force", "Band D today", "single Band D", "change on a Band D home", "change per household",
         "moved by the change", "raised more at the highest rate", "raised less at the lowest rate"),
        ("", "", "", "GBP a year", "GBP a year", "GBP a year", "GBP a year", "GBP a year", "GBP a year",
         "GBP a year"), rows, (),
        "" if not rows else UNKNOWN[0].upper() + UNKNOWN[1:] + "." if found is None else
        "The single precept raises in all what the areas' own raise today, so what moves sums to nothing. It is a "
        "transfer between households and in no economic total.")


def _row(case: Case, levy: Levy, highest: float, lowest: float) -> tuple[Cell, ...]:
    each = levy.per_household
    return (levy.area, case.system.area(levy.area).name, levy.force, round(levy.band_d, 2), round(levy.single, 2),
            round(levy.change, 2) + 0.0, None if each is None else round(each, 2) + 0.0, round(levy.moved) + 0.0,
            round((highest - levy.band_d) * levy.tax_base) + 0.0, round((levy.band_d - lowest) * levy.tax_base) + 0.0)
