"""Is a map unusual among all maps, and among those that a random-redistricting chain draws? Both, by name.

Counting gives every map the same weight; the chain (ReCom) draws maps by their numbers of spanning trees and so favours
compact ones.  The same map can be usual under one and unusual under the other, so neither is shown without its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

import numpy as np

from bailiwick.alternatives.blocks import CommandTable, commands, containing
from bailiwick.alternatives.count import count
from bailiwick.alternatives.ensemble import ChainPlan, Ensemble, cut_of, ensemble, two_nulls
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import CUT_BORDERS, cut_borders
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.rank import histogram
from bailiwick.alternatives.rules import Rules, within
from bailiwick.case import Case
from bailiwick.choices_force import MOST_BYTES, Group, graph_of, proposals
from bailiwick.choices_quoted import borders, quoted, whole_force
from bailiwick.choices_ways import Sets, named_maps, sets_of
from bailiwick.errors import BailiwickError
from bailiwick.tables import Cell, ResultTable

WINDOWS = (20, 30, 50, 75, 100)
"""Windows, per cent of an equal share; the narrowest that the proposal fits in is taken, for no other holds it."""

UNIFORM = "all maps, each with the same weight (uniform)"
CHAIN = "random-redistricting chain (ReCom, tree-weighted, favours compact maps)"
PLANS = tuple(ChainPlan(chains=4, steps=steps, keep=1_000) for steps in (20_000, 80_000))
"""A longer run is made only where the shorter has not seen enough."""

_QUANTILES = (Fraction(1, 20), Fraction(1, 2), Fraction(19, 20))

Counts = dict[int, int]


def nulls(case: Case) -> ResultTable:
    """Cut borders of all maps near an equal share, and of a chain's maps, and where the named maps stand in each.

    For a case about its whole force each map that it names, today's apart; otherwise the share of maps that hold the
    proposal's commands. The chain's row is empty unless its diagnostics pass; where the maps are too many to hold there
    is only the chain, and the note says so.
    """
    rows: list[tuple[Cell, ...]] = []
    said: list[str] = []
    for k in dict.fromkeys(q.commands for q in quoted(case)):
        for label, crossings in borders(case):
            more, text = _both(case, graph_of(case, crossings), label, k)
            rows += more
            said += text
    columns = ("borders", "commands", "window", "null", "maps", "least", "low", "median", "high", "map", "value",
               "share_at_least_as_compact", "share_with_proposal", "diagnostics")
    units = ("", "commands", "% off an equal share", "", "maps or steps", *("borders between commands",) * 4, "",
             "borders between commands", "%", "%", "")
    return ResultTable("alternatives_nulls", "Two ways to say what is usual: all maps counted, and a chain's maps",
                       columns, units, tuple(rows), note=_note(said))


def _both(case: Case, graph: Network, label: str, k: int) -> tuple[list[tuple[Cell, ...]], list[str]]:
    """The rows of both nulls for one choice of borders, and what is to be said of them."""
    window = _window(graph, proposals(case), k)
    if window is None:
        return [], [f"{label}, {k} commands: nothing is compared, for the proposal fits in no window of up to "
                    f"{WINDOWS[-1]}%."]
    held, maps = proposals(case), _named(case, graph, k)
    try:
        table = cut_borders(commands(graph, within(Rules(), graph, k, Fraction(window, 100))))
    except BailiwickError as error:
        return [], [f"{label}, {k} commands: {error}."]
    counted, holding = _counted(table, k, () if maps else held)
    chains = _chained(case, graph, (label, k), window)
    steps: Counts = {}
    if chains is not None and chains.converged:
        values, times = np.unique(chains.cut, return_counts=True)
        steps = dict(zip(values.tolist(), times.tolist(), strict=True))
    told = "" if chains is None else "; ".join(d.told() for d in chains.diagnoses)
    share = _share_holding(chains, held) if steps and chains is not None and not maps else None
    rows = [(label, k, window, name, *_spread(cells), *where, has, checked)
            for name, cells, has, checked in ((UNIFORM, counted, holding, "exact"), (CHAIN, steps, share, told))
            if cells for where in _places(cells, maps)]
    if not steps:
        rows.append((label, k, window, CHAIN, None, *(None,) * 4, "", None, None, None, told or "no chain ran"))
    return rows, [_sentence(label, k, window, title, (counted, steps), cut) for title, cut in maps]


def _window(graph: Network, held: Sequence[Group], k: int) -> int | None:
    """The narrowest window in which the proposal's commands fit."""
    weights = [sum(graph.weights[graph.position(code)] for code in group) for group in held]
    furthest = max((abs(Fraction(k * w, graph.total) - 1) for w in weights), default=Fraction(0))
    return next((w for w in WINDOWS if furthest <= Fraction(w, 100)), None)


def _named(case: Case, graph: Network, k: int) -> list[tuple[str, int]]:
    """(name, cut borders) of each whole map of K commands that the case names."""
    found: list[tuple[str, int]] = []
    for grouping in named_maps(case)[1:] if whole_force(case) else ():
        sets: Sets = sets_of(grouping)
        if len(sets) == k:
            name = next(o.name for o in case.scheme.options if sets_of(o.grouping) == sets)
            found.append((name, cut_of(graph, sets)))
    return found


def _counted(table: CommandTable, k: int, held: Sequence[Group]) -> tuple[Counts, float | None]:
    """(maps at each number of cut borders, per cent of them that hold the commands); nothing where too many."""
    try:
        cells = histogram(map_graph(table, [k], most_bytes=MOST_BYTES), table.column(CUT_BORDERS), k)
        found = {int(cut): maps for cut, maps in cells.items()}
        holding = count(containing(table, held), k) if all(table.row_of(g) is not None for g in held) else 0
    except BailiwickError:
        return {}, None
    total = sum(found.values())
    return found, round(100.0 * holding / total, 4) if total and held else None


def _chained(case: Case, graph: Network, named: tuple[str, int], window: int) -> Ensemble | None:
    label, k = named
    rng = case.rng(f"alternatives/nulls/{label}/{k}")
    found = None
    for plan in PLANS:
        try:
            found = ensemble(graph, k, Fraction(window, 100), rng, plan=plan)
        except BailiwickError:
            return None
        if found.converged:
            break
    return found


def _share_holding(chains: Ensemble, held: Sequence[Group]) -> float:
    """Per cent of the maps kept that hold every one of the commands."""
    graph, parts = chains.network, chains.maps.reshape(-1, chains.network.n)
    holds = np.ones(len(parts), dtype=np.bool_)
    for group in held:
        inside = np.isin(np.arange(graph.n), [graph.position(code) for code in group])
        first = parts[:, inside][:, :1]
        holds &= ((parts == first) == inside[None, :]).all(axis=1)
    return round(100.0 * float(holds.mean()), 2)


def _spread(cells: Counts) -> tuple[Cell, ...]:
    """(number, least, twentieth, middle and nineteen twentieths from below) of the cut borders."""
    values = sorted(cells)
    running, total = list(accumulate(cells[v] for v in values)), sum(cells.values())
    ends = [next(v for v, n in zip(values, running, strict=True) if n >= q * total) for q in _QUANTILES]
    return total, values[0], *ends


def _places(cells: Counts, maps: Sequence[tuple[str, int]]) -> list[tuple[Cell, ...]]:
    """(map, its cut borders, per cent at least as compact) of each named map; one empty place without any."""
    return [(name, cut, _compact(cells, cut)) for name, cut in maps] or [("", None, None)]


def _compact(cells: Counts, cut: int) -> float:
    return round(100.0 * sum(n for value, n in cells.items() if value <= cut) / sum(cells.values()), 4)


def _sentence(label: str, k: int, window: int, title: str, both: tuple[Counts, Counts], cut: int) -> str:
    counted, chained = (_compact(cells, cut) / 100.0 if cells else None for cells in both)
    said = two_nulls(Fraction(window, 100), sum(both[0].values()) or None, counted, chained)
    return f"{title} ({label}, {k} commands): {said}."


def _note(said: Sequence[str]) -> str:
    return " ".join((
        *said, "Compact: few borders between commands. Counting gives every map the same weight, straggling ones too; "
        "the chain draws maps nearly in proportion to their numbers of spanning trees, and so favours compact ones. "
        "Neither says how likely a map is. Low and high leave out a twentieth on each side. A chain's row is empty "
        "unless R-hat is at most 1.01 and effective sizes are at least 400."))
