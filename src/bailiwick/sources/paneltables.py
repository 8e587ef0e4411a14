"""Which units, groups, phases and borders do the small tables beside a panel name?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bailiwick.errors import CaseError, nearest
from bailiwick.evaluation.panel import Panel, PeriodPhase, period_phases
from bailiwick.sources.textfile import numbers, text_table

MOST_NAMED = 4
Pairs = tuple[tuple[int, int], ...]


def split_names(text: str) -> list[str]:
    """The names in a list such as U,U; quoted names keep their commas."""
    quote = "'" if "'" in text and '"' not in text and text.count("'") % 2 == 0 else '"'
    row = next(csv.reader([text], skipinitialspace=True, quotechar=quote), [])
    return [name.strip() for name in row if name.strip()]


def folded(name: str) -> str:
    """The name without case, doubled spaces and the .0 that spreadsheets add to codes."""
    text = " ".join(name.split()).casefold()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text


def matched(where: str, text: str, units: Sequence[str], *, option: str) -> tuple[str, ...]:
    """The units named in `text`, letter case and a trailing .0 aside; CaseError for a name that is not there.

    Names with a comma may stand quoted or bare: of "Bristol, City of,Leeds" the longest names that exist are taken.
    """
    by_fold = {folded(unit): unit for unit in reversed(units)} | {unit: unit for unit in units}
    found: list[str] = []
    parts = split_names(text)
    while parts:
        size = next((n for n in range(len(parts), 0, -1) if _key(parts[:n], by_fold) is not None), 0)
        if not size:
            raise CaseError(where, option, got=parts[0], expected="a unit of the panel", hint=nearest(parts[0], units))
        found.append(by_fold[_key(parts[:size], by_fold) or ""])
        parts = parts[size:]
    if not found:
        raise CaseError(where, option, got=text or "nothing", expected="at least one unit")
    return tuple(sorted(set(found)))


def _key(parts: Sequence[str], known: dict[str, str]) -> str | None:
    joined = (", ".join(parts), ",".join(parts))
    return next((key for text in joined for key in (text, folded(text)) if key in known), None)


def groups(path: Path | None, panel: Panel, treated: tuple[str, ...]) -> dict[str, list[str]]:
    """Units by group from a table unit,group, or all treated units as one group."""
    if path is None:
        label = "+".join(treated) if len(treated) <= MOST_NAMED else f"{treated[0]} and {len(treated) - 1} more"
        return {label: list(treated)}
    table = text_table(path, wanted=("unit", "group"))
    unit, group = (table.position(c, option="columns of --groups") for c in ("unit", "group"))
    found: dict[str, list[str]] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        if row[group]:
            name = matched(f"{table.where}, line {line}", f'"{row[unit]}"', panel.units, option="unit")[0]
            found.setdefault(row[group], []).append(name)
    _refuse_groups(table.where, found, treated)
    return {label: sorted(found[label]) for label in sorted(found)}


def _refuse_groups(where: str, found: dict[str, list[str]], treated: tuple[str, ...]) -> None:
    members = [name for names in found.values() for name in names]
    for name in treated:
        if name not in members:
            raise CaseError(where, "unit", got=f"nothing for {name}", expected="a group for every treated unit")
    for name in sorted(set(members)):
        if members.count(name) > 1:
            raise CaseError(where, "unit", got=name, expected="each unit in one group")
    for label, names in found.items():
        if set(names) & set(treated) and set(names) - set(treated):
            other = sorted(set(names) - set(treated))[0]
            said = "a group is treated whole or not at all"
            raise CaseError(where, label, got=f"{other}, which is not treated", expected=said)


@dataclass(frozen=True, slots=True)
class _Phase:
    name: str
    start: str
    end: str | None
    dose: float


def phases(path: Path | None, panel: Panel) -> dict[str, tuple[PeriodPhase, ...]]:
    """Phases by group ("" for all) from a table with name, from, to and, if given, dose and group."""
    if path is None:
        return {}
    table = text_table(path, wanted=("name", "from", "to"))
    name, start, end = (table.position(c, option="columns of --phases") for c in ("name", "from", "to"))
    count = len(table.rows)
    dose, group = [1.0] * count, [""] * count
    if table.has("dose"):
        dose = numbers(table, table.column(table.position("dose", option="columns of --phases")), key="dose")
    if table.has("group"):
        group = table.column(table.position("group", option="columns of --phases"))
    found: dict[str, list[_Phase]] = {}
    for row, size, label in zip(table.rows, dose, group, strict=True):
        found.setdefault(label, []).append(_Phase(row[name], row[start], row[end] or None, size))
    return {label: period_phases(panel.axis, rows) for label, rows in found.items()}


def borders(path: Path | None, panel: Panel) -> tuple[Pairs | None, Pairs]:
    """Pairs that touch over land, and over water, from a table: the two columns that name most units of the panel."""
    if path is None:
        return None, ()
    table = text_table(path)
    known = {folded(unit): k for k, unit in enumerate(panel.units)}
    hits = [sum(folded(cell) in known for cell in table.column(k)) for k in range(len(table.columns))]
    best = sorted(sorted(range(len(hits)), key=lambda k: (-hits[k], k))[:2])
    if len(best) < 2 or min(hits[k] for k in best) == 0:
        raise CaseError(
            table.where,
            "",
            got="columns " + ", ".join(table.columns),
            expected="two columns with names of units that touch",
            hint=f"the panel's units are written like {panel.units[0]}",
        )
    kinds = table.column(table.position("kind", option="")) if table.has("kind") else ["land"] * len(table.rows)
    land: list[tuple[int, int]] = []
    water: list[tuple[int, int]] = []
    for row, kind in zip(table.rows, kinds, strict=True):
        a, b = known.get(folded(row[best[0]])), known.get(folded(row[best[1]]))
        if a is not None and b is not None and a != b:
            (land if kind.casefold() in ("land", "") else water).append((min(a, b), max(a, b)))
    return tuple(sorted(set(land))), tuple(sorted(set(water)))
