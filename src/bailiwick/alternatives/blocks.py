"""Which commands are possible at all, and what is each worth on every measure?

The command table is the meeting point with the other rooms: one row a joined-up command, one column a measure. A map
(a grouping of all areas into commands) is a choice of rows, so whatever is known of commands is known of every map.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.kernel_blocks import connected_sets, set_facts
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.rules import Rules, check_rules, keeps
from bailiwick.errors import MethodError

Combine = Literal["sum", "max", "min"]
Better = Literal["lower", "higher"]

MOST_AREAS = 62
MOST_COMMANDS = 20_000_000
MOST_UNITS = 1 << 52


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One measure of every command: `units` (int64, shape rows) are whole multiples of `grid`, so that sums are exact.

    `combine` says how the commands of a map are put together; `better` which end is wished for.
    """

    name: str
    units: NDArray[np.int64]
    grid: Fraction
    combine: Combine
    better: Better

    def value(self, units: int) -> float:
        """A number of grid steps as a value of the measure."""
        return float(self.grid * units)

    @property
    def wished(self) -> NDArray[np.int64]:
        """The units turned so that lower is better."""
        return self.units if self.better == "lower" else -self.units

    @property
    def wished_combine(self) -> Combine:
        """How turned units combine: the largest of numbers is the smallest of the numbers turned round."""
        if self.better == "lower" or self.combine == "sum":
            return self.combine
        return "min" if self.combine == "max" else "max"

    def combined(self, rows: Iterable[int]) -> int:
        """The units of the map made of these rows."""
        chosen = [int(self.units[i]) for i in rows]
        if self.combine == "sum":
            return sum(chosen)
        return max(chosen) if self.combine == "max" else min(chosen)


@dataclass(frozen=True, slots=True, eq=False)
class CommandTable:
    """Every command that the rules allow, in the order of size and members.

    Bit i of a mask is area i of `network`. `masks`, `sizes`, `weights` and `leaving` (borders that leave the command)
    are int64 of shape rows. `excluded` names, by measure, how many rows were left out because it had no value there.
    """

    network: Network
    rules: Rules
    masks: NDArray[np.int64]
    sizes: NDArray[np.int64]
    weights: NDArray[np.int64]
    leaving: NDArray[np.int64]
    columns: tuple[Column, ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()

    def __len__(self) -> int:
        return len(self.masks)

    def members(self, row: int) -> tuple[str, ...]:
        """The codes of a row's areas, sorted."""
        mask = int(self.masks[row])
        return tuple(code for i, code in enumerate(self.network.codes) if mask >> i & 1)

    def column(self, name: str) -> Column:
        """The column of that name; `MethodError` when no measure of that name has been put in."""
        for column in self.columns:
            if column.name == name:
                return column
        known = ", ".join(c.name for c in self.columns) or "none"
        raise MethodError(f'the command table has no measure "{name}"; it has: {known}')

    def row_of(self, codes: Sequence[str]) -> int | None:
        """The row of the command made of these areas, or None when the rules leave it out."""
        mask = sum(1 << self.network.position(c) for c in set(codes))
        hits = np.flatnonzero(self.masks == mask)
        return int(hits[0]) if len(hits) else None

    def rows_of(self, grouping: Sequence[Sequence[str]]) -> tuple[int, ...]:
        """The rows of a whole map; `MethodError` naming the command that the table does not hold."""
        rows = []
        for command in grouping:
            row = self.row_of(command)
            if row is None:
                names = " + ".join(self.network.names[self.network.position(c)] for c in sorted(command))
                raise MethodError(f"the command {names} is not among those the rules allow ({self.rules.told()})")
            rows.append(row)
        covered = sum(int(self.masks[r]) for r in rows)
        if covered != (1 << self.network.n) - 1 or sum(int(self.sizes[r]) for r in rows) != self.network.n:
            raise MethodError("not a map: every area must be in exactly one command")
        return tuple(sorted(rows))

    def grouping(self, rows: Iterable[int]) -> tuple[tuple[str, ...], ...]:
        """The map made of these rows, commands in the order of their first area."""
        return tuple(sorted(self.members(r) for r in rows))

    def only(self, keep: NDArray[np.bool_]) -> CommandTable:
        """The table of the rows for which `keep` (bool, shape rows) holds."""
        columns = tuple(replace(c, units=c.units[keep]) for c in self.columns)
        return replace(
            self,
            masks=self.masks[keep],
            sizes=self.sizes[keep],
            weights=self.weights[keep],
            leaving=self.leaving[keep],
            columns=columns,
        )

    def with_column(self, column: Column) -> CommandTable:
        """The table with one more measure, or with a measure of the same name replaced."""
        if column.units.shape != self.masks.shape:
            raise ValueError(f"{column.name}: {column.units.shape} values for {self.masks.shape} commands")
        return replace(self, columns=(*(c for c in self.columns if c.name != column.name), column))


def commands(graph: Network, rules: Rules, *, most: int = MOST_COMMANDS) -> CommandTable:
    """Every joined-up command that the rules allow, each once.

    Each set is grown from its lowest area by areas not yet refused, so the cost is proportional to the number found.
    `CaseError` when the rules contradict each other, `MethodError` above `most` commands or 62 areas.
    """
    if graph.n > MOST_AREAS:
        raise MethodError(f"{graph.n} areas: commands can be listed for at most {MOST_AREAS}; use the ensemble")
    check_rules(graph, rules)
    adj = np.array(graph.adjacency(), dtype=np.int64)
    weight = np.array(graph.weights, dtype=np.int64)
    heaviest = graph.total if rules.heaviest is None else rules.heaviest
    bounds = np.array([rules.lightest, heaviest], dtype=np.int64)
    cap = min(graph.n, rules.largest or graph.n)
    complete, masks, weights = connected_sets(adj, weight, cap, bounds, most)
    if not complete:
        raise MethodError(
            f"more than {most:,} joined-up commands of up to {cap} areas: lower the size cap or narrow the window"
        )
    sizes, leaving = set_facts(adj, masks)
    kept = keeps(graph, rules, masks, sizes)
    masks, sizes, weights, leaving = masks[kept], sizes[kept], weights[kept], leaving[kept]
    rank = np.lexsort((_mirrored(masks, graph.n), sizes))
    return CommandTable(graph, rules, masks[rank], sizes[rank], weights[rank], leaving[rank])


def containing(table: CommandTable, kept: Sequence[Sequence[str]]) -> CommandTable:
    """The table of the maps that hold these commands as they are: rows equal to one of them, or apart from all.

    `MethodError` when the rules leave one of them out, or two of them share an area.
    """
    rows = []
    for command in kept:
        row = table.row_of(command)
        if row is None:
            raise MethodError(f"the command {' + '.join(sorted(command))} is not among those the rules allow")
        rows.append(row)
    masks = [int(table.masks[row]) for row in rows]
    held = sum(masks)
    if held.bit_count() != sum(mask.bit_count() for mask in masks):
        raise MethodError("two of the commands to be kept share an area")
    keep = (table.masks & held) == 0
    keep[rows] = True
    return table.only(keep)


def _mirrored(masks: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    turned = np.zeros_like(masks)
    for i in range(n):
        turned |= (masks >> i & 1) << (n - 1 - i)
    return -turned


def measured(
    table: CommandTable,
    name: str,
    values: Sequence[float] | NDArray[np.float64] | NDArray[np.int64],
    *,
    combine: Combine = "sum",
    better: Better = "lower",
    grid: Fraction = Fraction(1),
) -> CommandTable:
    """The table with a measure put in, rounded to `grid`; commands without a value (NaN) are left out and counted.

    `MethodError` when no command has a value, a value is infinite, or the numbers are too large to add exactly.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.shape != table.masks.shape:
        raise ValueError(f"{name}: {given.shape} values for {table.masks.shape} commands")
    if np.isinf(given).any():
        row = int(np.flatnonzero(np.isinf(given))[0])
        raise MethodError(f"{name}: the value of {' + '.join(table.members(row))} is not a finite number")
    known = ~np.isnan(given)
    if len(table) and not known.any():
        raise MethodError(f"{name}: no command has a value")
    scaled = np.round(given[known] * (grid.denominator / grid.numerator))
    if np.abs(scaled).max(initial=0) * table.network.n > MOST_UNITS:
        raise MethodError(f"{name}: too large to add exactly in steps of {float(grid):g}; declare a coarser grid")
    if not known.all():
        table = replace(table.only(known), excluded=(*table.excluded, (name, int((~known).sum()))))
    return table.with_column(Column(name, scaled.astype(np.int64), grid, combine, better))


def filled(table: CommandTable, columns: Mapping[str, Sequence[float]], like: Mapping[str, Column]) -> CommandTable:
    """The table with columns computed elsewhere (one value a row), each declared as in `like`."""
    for name in sorted(columns):
        shape = like[name]
        table = measured(table, name, columns[name], combine=shape.combine, better=shape.better, grid=shape.grid)
    return table
