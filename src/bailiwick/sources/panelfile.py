"""Which panel does a file hold? Long or wide, CSV or Parquet, with any way of writing periods.

Long: one row for each unit and period. Wide by unit: one row a unit, one column a period. Wide by time: one row a
period, one column a unit.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bailiwick.errors import CaseError, nearest
from bailiwick.evaluation.panel import (
    Names,
    Panel,
    PeriodPhase,
    TreatedGroup,
    from_long,
    period_phases,
    start_position,
    with_pilots,
)
from bailiwick.evaluation.periods import axis, is_period
from bailiwick.sources.textfile import TextTable, numbers, text_table

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class PanelRequest:
    """What to read: column names, the treated units and their start, and what to leave out.

    `where`: pairs of column and value that rows must have. `since`, `until`: labels, half open.
    """

    unit: str
    time: str
    outcome: str
    treated: str
    start: str
    exclude: str = ""
    where: tuple[tuple[str, str], ...] = ()
    since: str | None = None
    until: str | None = None
    groups: Path | None = None
    phases: Path | None = None
    adjacency: Path | None = None


@dataclass(frozen=True, slots=True)
class _Long:
    table: TextTable
    units: list[str]
    periods: list[str]
    cells: list[str]


def panel_from_file(path: Path, request: PanelRequest) -> Panel:
    """The panel in a file with its treated groups, phases and map; CaseError says what cannot be used, and where."""
    table = text_table(path, wanted=(request.unit, request.time, request.outcome))
    table = _filtered(table, request.where)
    long = _windowed(_excluded(_long(table, request), request), request)
    values = numbers(long.table, long.cells, key=request.outcome)
    names = Names(
        where=table.where, outcome=request.outcome, source=table.where, hints=_hints(table, request, long, values)
    )
    panel = from_long(long.units, long.periods, values, names=names)
    treated = _matched(table.where, request.treated, panel.units, option="--treated")
    groups = _groups(request, panel, treated)
    adjacency, crossings = _map(request, panel)
    panel = replace(panel, adjacency=adjacency, crossings=crossings, groups=_donor_groups(panel, groups, treated))
    named = request.start in long.periods
    return with_pilots(panel, _pilots(request, panel, table.where, groups=_treated_only(groups, treated), named=named))


def _filtered(table: TextTable, where: Sequence[tuple[str, str]]) -> TextTable:
    for column, value in where:
        cells = table.column(table.position(column, option="--where"))
        if value not in cells:
            raise CaseError(
                table.where,
                f"--where {column}",
                got=value,
                expected="a value of that column",
                hint=nearest(value, set(cells)),
            )
        table = table.kept([cell == value for cell in cells])
    return table


def _long(table: TextTable, request: PanelRequest) -> _Long:
    """The table as three columns, whichever of the three shapes it has."""
    if table.has(request.unit) and table.has(request.time):
        unit = table.column(table.position(request.unit, option="--unit"))
        time = table.column(table.position(request.time, option="--time"))
        return _Long(table, unit, time, table.column(table.position(request.outcome, option="--outcome")))
    if table.has(request.unit):
        return _wide_by_unit(table, request)
    if table.has(request.time) and not table.has(request.outcome):
        return _wide_by_time(table, request)
    table.position(request.unit, option="--unit")
    raise CaseError(
        table.where,
        "--time",
        got=request.time,
        expected="the name of a column",
        hint=nearest(request.time, table.columns),
    )


def _wide_by_unit(table: TextTable, request: PanelRequest) -> _Long:
    unit = table.position(request.unit, option="--unit")
    columns = [k for k, name in enumerate(table.columns) if k != unit and is_period(name)]
    if not columns:
        columns = [k for k, name in enumerate(table.columns) if k != unit and name.lstrip("-").isdigit()]
    if len(columns) < 3:
        table.position(request.time, option="--time")
    others = [k for k in range(len(table.columns)) if k != unit and k not in columns]
    for k in others:
        cells = table.column(k)
        if request.outcome in cells and len(set(cells)) > 1:
            table = table.kept([cell == request.outcome for cell in cells])
            break
    return _melted(table, table.column(unit), [table.columns[k] for k in columns], columns, by_unit=True)


def _wide_by_time(table: TextTable, request: PanelRequest) -> _Long:
    time = table.position(request.time, option="--time")
    columns = [k for k, name in enumerate(table.columns) if k != time and name]
    excluded = {name.casefold() for name in _split(request.exclude)}
    columns = [k for k in columns if table.columns[k].casefold() not in excluded]
    names = [table.columns[k] for k in columns]
    if not any(_folded(name) in {_folded(n) for n in names} for name in [request.treated, *_split(request.treated)]):
        hint = nearest(request.unit, table.columns)
        raise CaseError(
            table.where,
            "--unit",
            got=request.unit,
            expected="the name of a column, or a table with one column for each unit",
            hint=f"{hint}; a column for {request.treated} is not there either",
        )
    return _melted(table, table.column(time), names, columns, by_unit=False)


def _melted(table: TextTable, keys: list[str], names: list[str], columns: list[int], *, by_unit: bool) -> _Long:
    rows = [
        (key, name, row[k], n)
        for key, row, n in zip(keys, table.rows, table.lines, strict=True)
        for name, k in zip(names, columns, strict=True)
    ]
    units, periods = (
        ([r[0] for r in rows], [r[1] for r in rows]) if by_unit else ([r[1] for r in rows], [r[0] for r in rows])
    )
    lines = TextTable(table.where, table.columns, tuple(() for _ in rows), tuple(r[3] for r in rows))
    return _Long(lines, units, periods, [r[2] for r in rows])


def _excluded(long: _Long, request: PanelRequest) -> _Long:
    for unit, line in zip(long.units, long.table.lines, strict=True):
        if not unit:
            raise CaseError(
                long.table.where, f"{request.unit}, line {line}", got="an empty cell", expected="the name of a unit"
            )
    if not request.exclude:
        return long
    known = sorted(set(long.units))
    by_column = {_folded(n) for n in long.table.columns}
    names = [n for n in _split(request.exclude) if _folded(n) not in by_column or n in known]
    gone = (
        set(_matched(long.table.where, ",".join(f'"{n}"' for n in names), known, option="--exclude"))
        if names
        else set()
    )
    return _kept(long, [unit not in gone for unit in long.units])


def _windowed(long: _Long, request: PanelRequest) -> _Long:
    if request.since is None and request.until is None:
        return long
    found, places = axis(long.periods, where=long.table.where)
    first = 0 if request.since is None else int(found.position(request.since))
    last = found.count if request.until is None else int(found.position(request.until))
    if last - first < 1:
        raise CaseError(
            long.table.where,
            "--since, --until",
            got=f"{request.since} to {request.until}",
            expected="a window that holds a period",
        )
    return _kept(long, [first <= place < last for place in places])


def _kept(long: _Long, flags: list[bool]) -> _Long:
    def _pick(cells: list[str]) -> list[str]:
        return [cell for cell, keep in zip(cells, flags, strict=True) if keep]

    return _Long(long.table.kept(flags), _pick(long.units), _pick(long.periods), _pick(long.cells))


def _hints(table: TextTable, request: PanelRequest, long: _Long, values: list[float]) -> dict[str, str]:
    """What to do about doubled rows and gaps, in the words of this file's own columns and units."""
    hints = {"double": "one row too many: remove it"}
    used = {request.unit.casefold(), request.time.casefold(), request.outcome.casefold()}
    for k, name in enumerate(table.columns):
        cells = sorted(set(table.column(k)))
        if name.casefold() in used or not 1 < len(cells) <= 200 or len(table.rows) != len(long.units):
            continue
        keys = list(zip(long.units, long.periods, table.column(k), strict=True))
        if len(set(keys)) == len(keys):
            hints["double"] = f'"{name}" has {len(cells)} values: choose one, as in  --where "{name}={cells[0]}"'
            break
    short = sorted({unit for unit, value in zip(long.units, values, strict=True) if value != value})
    counts = {unit: long.units.count(unit) for unit in set(long.units)} if len(long.units) < 20_000 else {}
    most = max(counts.values(), default=0)
    short = sorted({*short, *(unit for unit, n in counts.items() if n < most)})
    treated = {_folded(name) for name in [request.treated, *_split(request.treated)]}
    if any(_folded(unit) in treated for unit in short):
        hints["gap"] = "the treated unit itself has gaps: shorten the window with --since and --until"
    elif short:
        listed = ",".join(f"'{u}'" if "," in u else u for u in short[:12])
        hints["gap"] = (
            f'leave out the units with gaps:  --exclude "{listed}"  or shorten the window with --since and --until'
        )
    return hints


def _split(text: str) -> list[str]:
    quote = "'" if "'" in text and '"' not in text and text.count("'") % 2 == 0 else '"'
    row = next(csv.reader([text], skipinitialspace=True, quotechar=quote), [])
    return [name.strip() for name in row if name.strip()]


def _folded(name: str) -> str:
    text = " ".join(name.split()).casefold()
    return text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text


def _matched(where: str, text: str, units: Sequence[str], *, option: str) -> tuple[str, ...]:
    """The units named in `text`, letter case and a trailing .0 aside; a name with a comma may stand alone or quoted."""
    by_fold = {_folded(unit): unit for unit in units}
    if _folded(text) in by_fold:
        return (by_fold[_folded(text)],)
    found = []
    for name in _split(text):
        if _folded(name) not in by_fold:
            raise CaseError(where, option, got=name, expected="a unit of the panel", hint=nearest(name, units))
        found.append(by_fold[_folded(name)])
    if not found:
        raise CaseError(where, option, got=text or "nothing", expected="at least one unit")
    return tuple(sorted(set(found)))


def _groups(request: PanelRequest, panel: Panel, treated: tuple[str, ...]) -> dict[str, list[str]]:
    """Units by group from the groups file, or all treated units as one group."""
    if request.groups is None:
        label = "+".join(treated) if len(treated) <= MOST_NAMED else f"{treated[0]} and {len(treated) - 1} more"
        return {label: list(treated)}
    table = text_table(request.groups, wanted=("unit", "group"))
    unit, group = (
        table.position("unit", option="columns of --groups"),
        table.position("group", option="columns of --groups"),
    )
    found: dict[str, list[str]] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        if row[group]:
            name = _matched(f"{table.where}, line {line}", f'"{row[unit]}"', panel.units, option="unit")[0]
            found.setdefault(row[group], []).append(name)
    members = [name for names in found.values() for name in names]
    for name in treated:
        if name not in members:
            raise CaseError(table.where, "unit", got=f"nothing for {name}", expected="a group for every treated unit")
    for name in sorted(set(members)):
        if members.count(name) > 1:
            raise CaseError(table.where, "unit", got=name, expected="each unit in one group")
    for label, names in found.items():
        if set(names) & set(treated) and set(names) - set(treated):
            other = sorted(set(names) - set(treated))[0]
            raise CaseError(
                table.where,
                label,
                got=f"{other}, which is not treated",
                expected="a group is treated whole or not at all",
            )
    return {label: sorted(found[label]) for label in sorted(found)}


def _donor_groups(panel: Panel, groups: dict[str, list[str]], treated: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted(panel.positions(names) for names in groups.values() if not set(names) & set(treated)))


def _treated_only(groups: dict[str, list[str]], treated: tuple[str, ...]) -> dict[str, list[str]]:
    return {label: names for label, names in groups.items() if set(names) & set(treated)}


def _pilots(
    request: PanelRequest, panel: Panel, where: str, *, groups: dict[str, list[str]], named: bool
) -> list[TreatedGroup]:
    """The pilots; `named`: the start is written like one of the file's own periods, so that period is exposed whole."""
    start, exposed = start_position(panel.axis, request.start, where=where, key="--from")
    phases = _phases(request, panel)
    return [
        TreatedGroup(
            label, tuple(names), start, phases=phases.get(label, phases.get("", ())), exposed=1.0 if named else exposed
        )
        for label, names in groups.items()
    ]


@dataclass(frozen=True, slots=True)
class _Phase:
    name: str
    start: str
    end: str | None
    dose: float


def _phases(request: PanelRequest, panel: Panel) -> dict[str, tuple[PeriodPhase, ...]]:
    """Phases by group ("" for all) from a table with name, from, to and, if given, dose and group."""
    if request.phases is None:
        return {}
    table = text_table(request.phases, wanted=("name", "from", "to"))
    name, start, end = (table.position(c, option="columns of --phases") for c in ("name", "from", "to"))
    dose = (
        numbers(table, table.column(table.position("dose", option="columns of --phases")), key="dose")
        if table.has("dose")
        else [1.0] * len(table.rows)
    )
    group = (
        table.column(table.position("group", option="columns of --phases"))
        if table.has("group")
        else [""] * len(table.rows)
    )
    found: dict[str, list[_Phase]] = {}
    for row, size, label in zip(table.rows, dose, group, strict=True):
        found.setdefault(label, []).append(_Phase(row[name], row[start], row[end] or None, size))
    return {label: period_phases(panel.axis, phases) for label, phases in found.items()}


_Pairs = tuple[tuple[int, int], ...]


def _map(request: PanelRequest, panel: Panel) -> tuple[_Pairs | None, _Pairs]:
    """Pairs that touch over land, and over water, from a table: the two columns that name most units of the panel."""
    if request.adjacency is None:
        return None, ()
    table = text_table(request.adjacency)
    known = {_folded(unit): k for k, unit in enumerate(panel.units)}
    hits = [sum(_folded(cell) in known for cell in table.column(k)) for k in range(len(table.columns))]
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
        a, b = known.get(_folded(row[best[0]])), known.get(_folded(row[best[1]]))
        if a is not None and b is not None and a != b:
            (land if kind.casefold() in ("land", "") else water).append((min(a, b), max(a, b)))
    return tuple(sorted(set(land))), tuple(sorted(set(water)))
