"""Which panel does a file hold? Long or wide, CSV or Parquet, with any way of writing periods.

Long: one row for each unit and period. Wide by unit: one row a unit, one column a period. Wide by time: one row a
period, one column a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bailiwick.errors import CaseError, nearest
from bailiwick.evaluation.panel import Names, Panel, TreatedGroup, from_long, start_position, with_pilots
from bailiwick.evaluation.periods import axis, is_period
from bailiwick.sources.paneltables import borders, folded, groups, matched, phases, split_names
from bailiwick.sources.textfile import TextTable, numbers, text_table

_PARTS = {"quarter": "Q", "qtr": "Q", "q": "Q", "month": "-", "mon": "-", "mth": "-", "week": "W", "wk": "W"}


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
    return panels_from_file(path, replace(request, outcome=f'"{request.outcome}"'))[0]


def panels_from_file(path: Path, request: PanelRequest) -> tuple[Panel, ...]:
    """One panel for each outcome named (A,B), all on the same units and periods; CaseError as `panel_from_file`."""
    named = split_names(request.outcome)
    table = text_table(path, wanted=(request.unit, *split_names(request.time), request.outcome, *named))
    table = _filtered(table, request.where)
    outcomes = [request.outcome] if table.has(request.outcome) else list(dict.fromkeys(named))
    if not outcomes:
        raise CaseError(table.where, "--outcome", got="nothing", expected="the name of a column")
    panels = tuple(_panel(table, replace(request, outcome=name)) for name in outcomes)
    for other in panels[1:]:
        if (other.units, other.axis) != (panels[0].units, panels[0].axis):
            raise CaseError(
                table.where,
                "--outcome",
                got=f"{other.outcome} on other units or periods than {panels[0].outcome}",
                expected="outcomes of one family on the same units and periods",
                hint="cut them to what they share with --exclude, --since and --until",
            )
    return panels


def _panel(table: TextTable, request: PanelRequest) -> Panel:
    long = _windowed(_excluded(_long(table, request), request), request)
    values = numbers(long.table, long.cells, key=request.outcome)
    names = Names(
        where=table.where, outcome=request.outcome, source=table.where, hints=_hints(table, request, long, values)
    )
    panel = from_long(long.units, long.periods, values, names=names)
    treated = matched(table.where, request.treated, panel.units, option="--treated")
    inside = groups(request.groups, panel, treated)
    adjacency, crossings = borders(request.adjacency, panel)
    panel = replace(panel, adjacency=adjacency, crossings=crossings, groups=_donor_groups(panel, inside, treated))
    own = {label: names for label, names in inside.items() if set(names) & set(treated)}
    return with_pilots(panel, _pilots(request, panel, table.where, own, request.start in long.periods))


def _donor_groups(panel: Panel, inside: dict[str, list[str]], treated: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted(panel.positions(names) for names in inside.values() if not set(names) & set(treated)))


def _pilots(
    request: PanelRequest, panel: Panel, where: str, inside: dict[str, list[str]], named: bool
) -> list[TreatedGroup]:
    """The pilots; `named`: the start is written like one of the file's own periods, so that period is exposed whole."""
    start, exposed = start_position(panel.axis, request.start, where=where, key="--from")
    found = phases(request.phases, panel)
    return [
        TreatedGroup(
            label, tuple(names), start, phases=found.get(label, found.get("", ())), exposed=1.0 if named else exposed
        )
        for label, names in inside.items()
    ]


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
    table = _one_time(table, request)
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


def _one_time(table: TextTable, request: PanelRequest) -> TextTable:
    """The table with a column of its own where --time names two: a year and its quarter, month or week."""
    parts = split_names(request.time)
    if table.has(request.time) or len(parts) != 2 or not all(table.has(p) for p in parts):
        return table
    sign = _PARTS.get(parts[1].casefold())
    if sign is None:
        said = "a year and a column named quarter, month or week"
        raise CaseError(table.where, "--time", got=request.time, expected=said)
    years, others = (table.column(table.position(p, option="--time")) for p in parts)
    cells = [f"{folded(year)}{sign}{folded(part)}" for year, part in zip(years, others, strict=True)]
    rows = tuple((*row, cell) for row, cell in zip(table.rows, cells, strict=True))
    return TextTable(table.where, (*table.columns, request.time), rows, table.lines)


def _wide_by_unit(table: TextTable, request: PanelRequest) -> _Long:
    unit = table.position(request.unit, option="--unit")
    columns = [k for k, name in enumerate(table.columns) if k != unit and is_period(name)]
    names = {k: table.columns[k] for k in columns}
    if not columns:
        columns = [k for k, name in enumerate(table.columns) if k != unit and name.lstrip("-").isdigit()]
        names = {k: table.columns[k] for k in columns}
    if len(columns) < 3:
        names = _stemmed(table, request.outcome)
        columns = sorted(names)
    if len(columns) < 3:
        table.position(request.time, option="--time")
    others = [k for k in range(len(table.columns)) if k != unit and k not in columns]
    for k in others:
        cells = table.column(k)
        if request.outcome in cells and len(set(cells)) > 1:
            table = table.kept([cell == request.outcome for cell in cells])
            break
    return _melted(table, table.column(unit), [names[k] for k in columns], columns, by_unit=True)


def _stemmed(table: TextTable, outcome: str) -> dict[int, str]:
    """Columns named after the outcome and a period (packs1970, packs_1971), by position, with the period's part."""
    found = {}
    for k, name in enumerate(table.columns):
        rest = name[len(outcome) :].strip(" _.-") if name.casefold().startswith(outcome.casefold()) else ""
        if rest and (is_period(rest) or rest.isdigit()):
            found[k] = rest
    return found


def _wide_by_time(table: TextTable, request: PanelRequest) -> _Long:
    time = table.position(request.time, option="--time")
    columns = [k for k, name in enumerate(table.columns) if k != time and name]
    excluded = {name.casefold() for name in split_names(request.exclude)}
    columns = [k for k in columns if table.columns[k].casefold() not in excluded]
    names = [table.columns[k] for k in columns]
    if not any(folded(name) in {folded(n) for n in names} for name in [request.treated, *split_names(request.treated)]):
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
    for unit, period, line in zip(long.units, long.periods, long.table.lines, strict=True):
        if not unit or not period:
            column, said = (request.time, "a period") if unit else (request.unit, "the name of a unit")
            raise CaseError(
                long.table.where,
                f"{column}, line {line}",
                got="an empty cell",
                expected=said,
                hint="is it a note under the table? Remove such lines",
            )
    if not request.exclude:
        return long
    known = sorted(set(long.units))
    by_column = {folded(n) for n in long.table.columns}
    names = [n for n in split_names(request.exclude) if folded(n) not in by_column or n in known]
    gone = (
        set(matched(long.table.where, ",".join(f'"{n}"' for n in names), known, option="--exclude"))
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
            hints["double"] = (
                f'is "{name}" a part of the time? Say  --time "{request.time},{name}"'
                if name.casefold() in _PARTS
                else f'"{name}" has {len(cells)} values: choose one, as in  --where "{name}={cells[0]}"'
            )
            break
    short = sorted({unit for unit, value in zip(long.units, values, strict=True) if value != value})
    counts = {unit: long.units.count(unit) for unit in set(long.units)} if len(long.units) < 20_000 else {}
    most = max(counts.values(), default=0)
    short = sorted({*short, *(unit for unit, n in counts.items() if n < most)})
    treated = {folded(name) for name in [request.treated, *split_names(request.treated)]}
    if any(folded(unit) in treated for unit in short):
        hints["gap"] = "the treated unit itself has gaps: shorten the window with --since and --until"
    elif short:
        listed = ",".join(f"'{u}'" if "," in u else u for u in short[:12])
        hints["gap"] = (
            f'leave out the units with gaps:  --exclude "{listed}"  or shorten the window with --since and --until'
        )
    return hints
