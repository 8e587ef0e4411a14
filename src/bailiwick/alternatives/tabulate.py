"""What is every command worth on a slow measure? Each command is asked once, by as many workers as there are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction

from bailiwick.alternatives.blocks import Better, Combine, CommandTable, measured
from bailiwick.errors import MethodError

Values = tuple[float, ...]
Compute = Callable[[tuple[tuple[str, ...], ...]], Sequence[Values]]
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Declared:
    """How a measure computed elsewhere enters the table: name, how commands combine, which end is better, grid."""

    name: str
    combine: Combine
    better: Better
    grid: Fraction = Fraction(1)


def tabulated(
    table: CommandTable,
    compute: Compute,
    declared: Sequence[Declared],
    *,
    salt: str,
    store: MutableMapping[str, Values] | None = None,
    executor: Executor | None = None,
) -> CommandTable:
    """The table with the declared measures computed for every command.

    `compute` takes some commands (each the sorted codes of its areas) and returns for each as many values as measures
    are declared, NaN where there is none; it must be importable where the executor's workers run, and depend on
    nothing but its argument. `salt` is the hash of everything else it depends on: a value already in `store` under the
    hash of salt and command is not computed again. The result is the same for any number of workers.
    """
    wanted = [table.members(row) for row in range(len(table))]
    keys = [command_key(salt, command) for command in wanted]
    known: MutableMapping[str, Values] = {} if store is None else store
    missing = [(key, command) for key, command in zip(keys, wanted, strict=True) if key not in known]
    batches = [tuple(missing[i : i + _BATCH]) for i in range(0, len(missing), _BATCH)]
    asked = [tuple(command for _, command in batch) for batch in batches]
    answers = map(compute, asked) if executor is None else executor.map(compute, asked)
    for batch, answer in zip(batches, answers, strict=True):
        _enter(known, batch, answer, len(declared))
    columns = {d.name: [known[key][i] for key in keys] for i, d in enumerate(declared)}
    return _with_all(table, columns, declared)


def _enter(
    known: MutableMapping[str, Values],
    batch: Sequence[tuple[str, tuple[str, ...]]],
    answer: Sequence[Values],
    width: int,
) -> None:
    if len(answer) != len(batch):
        raise MethodError(f"{len(batch)} commands were asked for and {len(answer)} answered")
    for (key, command), values in zip(batch, answer, strict=True):
        if len(values) != width:
            raise MethodError(f"{' + '.join(command)}: {len(values)} values for {width} measures")
        known[key] = tuple(float(v) for v in values)


def _with_all(
    table: CommandTable, columns: Mapping[str, Sequence[float]], declared: Sequence[Declared]
) -> CommandTable:
    order = {tuple(table.members(row)): row for row in range(len(table))}
    for d in declared:
        values = [columns[d.name][order[table.members(row)]] for row in range(len(table))]
        table = measured(table, d.name, values, combine=d.combine, better=d.better, grid=d.grid)
    return table


def command_key(salt: str, command: Sequence[str]) -> str:
    """The hash under which the values of a command are kept."""
    return hashlib.sha256("\n".join((salt, *sorted(command))).encode()).hexdigest()


def table_digest(table: CommandTable) -> str:
    """The hash of a table: areas, weights, borders, rules, commands and every value, in a fixed order."""
    told = hashlib.sha256()
    graph = table.network
    for part in (graph.codes, graph.weights, graph.edges, graph.kinds, table.rules.told()):
        told.update(repr(part).encode())
    told.update(table.masks.astype("<i8").tobytes())
    for column in sorted(table.columns, key=lambda c: c.name):
        told.update(repr((column.name, column.grid, column.combine, column.better)).encode())
        told.update(column.units.astype("<i8").tobytes())
    return "sha256:" + told.hexdigest()
