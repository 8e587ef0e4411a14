"""Which map is nearest to the proposal and better, which is the compromise, and which maps beat the proposal?

Every answer is a proof under the separable model or says its gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bailiwick.alternatives.blocks import Column, CommandTable, measured
from bailiwick.alternatives.frontier import beaten_by, frontier
from bailiwick.alternatives.maps import MapGraph
from bailiwick.alternatives.measures import RESIDENTS_WHO_CHANGE, residents_who_change
from bailiwick.alternatives.optimum import Cap, Proof, Search, optimum
from bailiwick.errors import MethodError

COMPROMISE = "weighted compromise"


@dataclass(frozen=True, slots=True)
class NearestBetter:
    """The better map that moves the fewest residents away from the proposal's commanders, and what it trades away.

    `improves` is the measure it betters by at least the smallest change that matters; `values` are (measure, proposal,
    this map) for every measure asked for. `proof.status` is `no map` when nothing is better.
    """

    improves: str | None
    proof: Proof
    values: tuple[tuple[str, float, float], ...]


def nearest_better(
    table: CommandTable,
    proposal: Sequence[Sequence[str]],
    matters: Mapping[str, float],
    *,
    headquarters: Mapping[str, str] | None = None,
    search: Search | None = None,
) -> NearestBetter:
    """The map no worse than the proposal on every measure in `matters` and better on one by the change given there.

    Among all such maps, the one with the fewest residents whose commander differs from the proposal's.
    """
    table = residents_who_change(table, proposal, headquarters)
    rows = table.rows_of(proposal)
    search = search or Search()
    own = {name: table.column(name).value(table.column(name).combined(rows)) for name in matters}
    best: tuple[Proof, str] | None = None
    doubt = False
    for name in sorted(matters):
        better = own[name] - matters[name] if table.column(name).better == "lower" else own[name] + matters[name]
        caps = tuple(Cap(n, better if n == name else own[n]) for n in sorted(matters))
        limits = Search((*search.caps, *caps), search.without, search.seconds, search.seed)
        found = optimum(table, len(rows), RESIDENTS_WHO_CHANGE, search=limits)
        doubt = doubt or found.status in ("best found", "not found")
        if found.value is not None and (best is None or found.value < (best[0].value or 0.0)):
            best = found, name
    if best is None:
        return NearestBetter(None, Proof(RESIDENTS_WHO_CHANGE, None, None, "not found" if doubt else "no map", ()), ())
    proof, improves = best
    if doubt and proof.proved:
        proof = Proof(proof.measure, proof.value, 0.0, "best found", proof.map)
    chosen = table.rows_of(proof.map)
    values = tuple((n, own[n], table.column(n).value(table.column(n).combined(chosen))) for n in sorted(matters))
    return NearestBetter(improves, proof, values)


def in_turn(table: CommandTable, k: int, measures: Sequence[str], *, search: Search | None = None) -> tuple[Proof, ...]:
    """The best on the first measure, then the best on the second among those equally good on the first, and so on.

    Stops at the first that is not proved: what follows would rest on a value not known to be best.
    """
    search = search or Search()
    caps, proofs = list(search.caps), []
    for name in measures:
        found = optimum(table, k, name, search=Search(tuple(caps), search.without, search.seconds, search.seed))
        proofs.append(found)
        if not found.proved or found.value is None:
            break
        caps.append(Cap(name, found.value))
    return tuple(proofs)


def compromise(
    table: CommandTable, k: int, weights: Mapping[str, float], *, search: Search | None = None
) -> tuple[Proof, tuple[tuple[str, float], ...]]:
    """The best map under declared weights per unit of each measure (sums only), and its value on each measure.

    `MethodError` for a worst-of measure: it has no fixed weight per command; limit it with a cap instead.
    """
    total = np.zeros(len(table))
    for name in sorted(weights):
        column = table.column(name)
        if column.combine != "sum":
            raise MethodError(f"{name} is judged by its worst command and cannot be weighted; limit it instead")
        sign = 1.0 if column.better == "lower" else -1.0
        total += sign * weights[name] * float(column.grid) * column.units
    grid = Fraction(1, 10 ** max(0, 9 - len(str(int(np.abs(total).max() + 1)))))
    table = measured(table, COMPROMISE, total, grid=grid)
    found = optimum(table, k, COMPROMISE, search=search)
    if not found.map:
        return found, ()
    rows = table.rows_of(found.map)
    return found, tuple((n, _value(table.column(n), rows)) for n in sorted(weights))


def _value(column: Column, rows: Sequence[int]) -> float:
    return column.value(column.combined(rows))


@dataclass(frozen=True, slots=True)
class Dominance:
    """Whether some map beats one map on a named set of criteria, and which: values of both, in order."""

    criteria: str
    measures: tuple[str, ...]
    own: tuple[float, ...]
    beaten: bool
    theirs: tuple[float, ...]
    map: tuple[tuple[str, ...], ...]


def dominance(
    graph: MapGraph, grouping: Sequence[Sequence[str]], criteria: Mapping[str, Sequence[str]]
) -> tuple[Dominance, ...]:
    """For each named set of criteria: is the map beaten by some map, no worse on all of them and better on one?"""
    rows = graph.table.rows_of(grouping)
    found = []
    for name, measures in criteria.items():
        own = tuple(_value(graph.table.column(m), rows) for m in measures)
        better = beaten_by(frontier(graph, len(rows), measures), own, graph)
        if better is None:
            found.append(Dominance(name, tuple(measures), own, False, (), ()))
        else:
            found.append(Dominance(name, tuple(measures), own, True, better.values, better.map))
    return tuple(found)
