"""Which map is best, and is that proved?

Set partitioning over the command table, solved by HiGHS: each area in exactly one command, K commands. A proof is a
statement about the separable model only: commands valued one by one, combined by sum or by the worst of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from bailiwick.alternatives.blocks import Column, CommandTable
from bailiwick.alternatives.count import check_k
from bailiwick.alternatives.partition import Limit, Model, Solution, solved
from bailiwick.errors import MethodError

Status = Literal["proved", "best found", "no map", "not found"]
SCOPE = "best under the separable model"


@dataclass(frozen=True, slots=True)
class Proof:
    """The best map found for one measure and how sure that is.

    `bound` is what no map can beat; `status` is `proved` only when value and bound agree to less than one grid step.
    `no map`: proved that none exists. `not found`: none found within the time limit, and none excluded either.
    """

    measure: str
    value: float | None
    bound: float | None
    status: Status
    map: tuple[tuple[str, ...], ...]

    @property
    def proved(self) -> bool:
        """Whether no better map exists under the separable model."""
        return self.status == "proved"

    @property
    def gap(self) -> float | None:
        """How far the map may be from the best, in the measure's units; None without a map or a bound."""
        return None if self.value is None or self.bound is None else abs(self.value - self.bound)

    def told(self) -> str:
        """The result in the only words it may be given."""
        if self.proved:
            return "proved"
        return f"best found, gap {self.gap:g}" if self.gap is not None else self.status


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on another measure: the map must be no worse than `value`, in the measure's own sense."""

    measure: str
    value: float


@dataclass(frozen=True, slots=True)
class Search:
    """What a solve must respect besides the table: caps on measures, maps to leave out, how long it may take."""

    caps: tuple[Cap, ...] = ()
    without: tuple[tuple[int, ...], ...] = ()
    seconds: float = 600.0
    seed: int = 0


def optimum(table: CommandTable, k: int, minimise: str, *, search: Search | None = None) -> Proof:
    """The map of K commands that is best on the measure (highest where higher is better), with its proof.

    Every map returned is checked again: joined-up commands of the table, each area once, value recomputed in integers.
    """
    check_k(table.network, k)
    search = search or Search()
    column = table.column(minimise)
    if not len(table):
        return Proof(minimise, None, None, "no map", ())
    model = _model(table, k, search)
    if column.wished_combine == "sum":
        found = solved(model, column.wished, Limit(search.seconds, search.seed))
    elif column.wished_combine == "max":
        found = _least_worst(model, column, search)
    else:
        found = _least_best(model, column, search)
    return _proof(table, k, column, found, search.caps)


def _proof(table: CommandTable, k: int, column: Column, found: Solution, caps: Sequence[Cap]) -> Proof:
    sign = 1 if column.better == "lower" else -1
    bound = None if found.bound is None else column.value(sign * found.bound)
    if found.rows is None:
        return Proof(column.name, None, bound, "no map" if found.finished else "not found", ())
    grouping = validated(table, k, found.rows)
    for cap in caps:
        _check_cap(table.column(cap.measure), cap, found.rows)
    value = column.combined(found.rows)
    proved = found.bound is not None and sign * value <= found.bound
    shown = column.value(value) if proved else bound
    return Proof(column.name, column.value(value), shown, "proved" if proved else "best found", grouping)


def validated(table: CommandTable, k: int, rows: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """The map of these rows after checking it afresh: K commands, each area once, every command in one piece."""
    grouping = table.grouping(rows)
    graph = table.network
    members = sorted(code for command in grouping for code in command)
    if len(grouping) != k or tuple(members) != graph.codes:
        raise MethodError("internal check failed: a returned map does not hold every area exactly once")
    for command in grouping:
        if not graph.is_joined([graph.position(c) for c in command]):
            raise MethodError(f"internal check failed: {' + '.join(command)} is not in one piece")
    return grouping


def _model(table: CommandTable, k: int, search: Search) -> Model:
    model = Model(table.masks, table.network.n, k)
    for cap in search.caps:
        model = _capped(model, table.column(cap.measure), cap.value)
    for rows in search.without:
        model = model.without(rows)
    return model


def _check_cap(column: Column, cap: Cap, rows: Sequence[int]) -> None:
    reached = column.combined(rows)
    if (reached if column.better == "lower" else -reached) > _cap_units(column, cap.value):
        raise MethodError(
            f"internal check failed: {column.name} is {column.value(reached):g}, beyond its limit {cap.value:g}"
        )


def _cap_units(column: Column, value: float) -> int:
    """The limit in turned units (lower is better), taken to the measure's own grid on the strict side."""
    exact = Fraction(value).limit_denominator(10**9) / column.grid
    return exact.numerator // exact.denominator if column.better == "lower" else exact.numerator // -exact.denominator


def _capped(model: Model, column: Column, value: float) -> Model:
    """The model with a limit on one more measure."""
    limit = _cap_units(column, value)
    combine = column.wished_combine
    if combine == "sum":
        return model.with_sum(column.wished, limit)
    good = column.wished <= limit
    return model.only(good) if combine == "max" else model.with_one_of(good)


def _least_worst(model: Model, column: Column, search: Search) -> Solution:
    """Least t such that rows no worse than t make a map: halving over the distinct values, a proof a step."""
    return _halved(model, column, search, lambda limit: model.only(column.wished <= limit))


def _least_best(model: Model, column: Column, search: Search) -> Solution:
    return _halved(model, column, search, lambda limit: model.with_one_of(column.wished <= limit))


def _halved(model: Model, column: Column, search: Search, limited: Callable[[int], Model]) -> Solution:
    steps = sorted({int(u) for u in column.wished[model.allowed]})
    nothing = np.zeros(len(column.units), dtype=np.int64)
    best: Solution | None = None
    low, high = 0, len(steps)
    sure = True
    while low < high:
        middle = (low + high) // 2
        found = solved(limited(steps[middle]), nothing, Limit(search.seconds, search.seed))
        if found.rows is not None:
            best, high = found, min(middle, _step_of(steps, column, found.rows))
        elif found.finished:
            low = middle + 1
        else:
            sure = False
            break
    if best is None:
        return Solution(None, None, sure)
    return Solution(best.rows, steps[low], sure)


def _step_of(steps: Sequence[int], column: Column, rows: Sequence[int]) -> int:
    values = [int(column.wished[r]) for r in rows]
    return steps.index(max(values) if column.wished_combine == "max" else min(values))
