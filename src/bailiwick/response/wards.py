"""How soon does help come to my ward, and does it change?  Shown only where chance leaves no more than ten points.

A ward's share has the Wilson interval (Journal of the American Statistical Association 22, 1927, 209-212). Its change
is over the same calls, met or missed under both options, with the interval of paired proportions (McNemar,
Psychometrika 12, 1947, 153-157).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from bailiwick.case import Case
from bailiwick.response import groundwork, service
from bailiwick.response.runs import Records
from bailiwick.response.screening_rows import Z
from bailiwick.response.service import Posts
from bailiwick.response.statistics import measured, response_minutes, saturation, shares_by_point
from bailiwick.response.town import Flags, Floats, Ints
from bailiwick.response.workload import TARGET
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

WIDEST = 10.0
GRADES = ("immediate", "significant")
KINDS = ("today", "proposed")


def by_ward(case: Case, posts_by_option: Mapping[str, Posts]) -> ResultTable:
    """Calls on time today and as proposed, by ward and grade, with the change; empty where chance hides it.

    Other options are left to the figures by area: wards times options would fill the page.
    """
    rows: list[tuple[Cell, ...]] = []
    if groundwork.can_simulate(case):
        today = groundwork.today_of(case)
        before = _records(case, today, posts_by_option)
        for option in case.scheme.options:
            if option.kind not in KINDS:
                continue
            after = before if option.name == today.name else _records(case, option, posts_by_option)
            if after is not None:
                rows += _rows_of(case, option, after, before if option.name != today.name else None)
    hidden = sum(row[5] is None for row in rows)
    return ResultTable(
        "response_by_ward", "Calls on time by ward, central assumptions",
        ("option", "area", "ward", "name", "grade", "value", "low", "high", "calls", "against_today",
         "against_today_low", "against_today_high"),
        ("", "", "", "", "", "%", "%", "%", "calls", *("points",) * 3), tuple(rows),
        note=f"90% intervals of chance over {service.WEEKS - 1} weeks of simulated calls, one set of assumptions; "
             f"empty where they are wider than {WIDEST:g} points ({hidden} of {len(rows)} shares). Changes are "
             "paired on the same calls. An option without a steady state is left out.")


def _records(case: Case, option: Option, posts_by_option: Mapping[str, Posts]) -> Records | None:
    """The records of an option's steady state; None where it has none."""
    ground = service.scene(case, service.steady(case))
    ratio = np.array(service.ratios(case, posts_by_option.get(option.name),
                                    posts_by_option.get(groundwork.today_of(case).name)))
    records, _, _ = service.recorded(case, option, ground, service.cars_of(case, option, ground, ratio))
    return None if saturation(records) else records


def _rows_of(case: Case, option: Option, after: Records, before: Records | None) -> list[tuple[Cell, ...]]:
    points = [(code, point) for code in case.scheme.scope for point in case.system.area(code).points]
    total = int(after.point.max()) + 1
    found = shares_by_point([after], np.array(TARGET), points=total, widest=WIDEST / 100.0)
    change = None if before is None else paired_change(before, after, total)
    rows: list[tuple[Cell, ...]] = []
    for p, (code, point) in enumerate(points):
        for g, grade in enumerate(GRADES):
            cells: tuple[Cell, ...] = (None,) * 3
            if p < total and found.shown[p, g]:
                cells = tuple(100.0 * float(values[p, g]) for values in (found.share, found.low, found.high))
            moved: tuple[Cell, ...] = (None,) * 3
            if change is not None and p < total and np.ptp(change[1:, p, g]) <= WIDEST:
                moved = tuple(float(x) for x in change[:, p, g])
            calls = int(found.calls[p, g]) if p < total else 0
            rows.append((option.name, code, point.code, point.name, grade, *cells, calls, *moved))
    return rows


def paired_change(before: Records, after: Records, points: int) -> Floats:
    """Change of the share on time, low and high [3, P, 2] in points, by point and grade; infinitely wide without calls.

    The same calls in both; z interval of the difference of paired proportions.
    """
    kept = measured(before) & (before.grade < 2)
    cell = before.point[kept] * 2 + before.grade[kept]
    calls = np.bincount(cell, minlength=2 * points).astype(float)
    gained = _counted(cell, ~_on_time(before, kept) & _on_time(after, kept), points)
    lost = _counted(cell, _on_time(before, kept) & ~_on_time(after, kept), points)
    size = np.maximum(calls, 1.0)
    gap = (gained - lost) / size
    half = np.where(calls > 0, Z * np.sqrt(np.maximum(0.0, gained + lost - size * gap**2)) / size, np.inf)
    result: Floats = 100.0 * np.stack([gap, gap - half, gap + half]).reshape(3, points, 2)
    return result


def _on_time(records: Records, kept: Flags) -> Flags:
    inside: Flags = response_minutes(records)[kept] <= np.array(TARGET)[records.grade[kept]]
    return inside


def _counted(cell: Ints, which: Flags, points: int) -> Floats:
    number: Floats = np.bincount(cell, which.astype(float), minlength=2 * points).astype(float)
    return number
