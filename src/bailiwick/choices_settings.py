"""Does the best map of the whole force stay the best if the river, the size cap or the window is chosen otherwise?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from bailiwick.alternatives.blocks import CommandTable, commands, measured
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import worst_deviation
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.rules import Rules, within
from bailiwick.candidates import Candidates
from bailiwick.case import Case
from bailiwick.choices_force import NONE, Group, graph_of, largest_of, only_holding, proposals
from bailiwick.choices_quoted import borders, quoted
from bailiwick.choices_ways import DISTANCE, Sets, residents, told
from bailiwick.errors import CaseError, MethodError
from bailiwick.tables import Cell, ResultTable

SETTINGS: tuple[tuple[int | None, int | None], ...] = ((None, None), (4, None), (3, None), (None, 50), (None, 30))
"""(most areas a command, None: as many as the table's; window in per cent of an equal share, None: none)."""

MOST_BYTES, MANY = 40_000_000, 3_000
"""Memory for all maps of one setting, and commands; beyond either the best is proved by set partitioning."""

MOST_COMMANDS = 10_000
"""The most commands for such a proof, so that it takes a second; beyond it the setting is not searched and says so."""

NARROW = (30, 60, 120)
"""Windows, per cent: a map inside one is more even than all outside it, so the most even is sought in them first."""

BALANCE, CLOSEST = "worst deviation", "Distance to the commander's headquarters"
PROVED = "proved: best under the separable model, not simulated whole"


class Best(NamedTuple):
    """A best map and its value in the table's terms."""

    value: float
    map: Sets


def sensitivity(case: Case, known: Candidates, valued: Mapping[Group, Mapping[str, float | None]]) -> ResultTable:
    """The best map on closeness and on balance under each choice of borders, size cap and window, by going through all.

    `valued` are the measures of every command over land and over crossings (`choices_force.valued`).  For each also the
    best of those maps that hold every command of the proposal, and how many commands the best map shares with that of
    the first setting.
    """
    rows: list[tuple[Cell, ...]] = []
    for k in dict.fromkeys(said.commands for said in quoted(case)):
        first: dict[str, Best] = {}
        for border, crossings in borders(case):
            table = _table(case, graph_of(case, crossings), known, valued, k)
            for cap, window in SETTINGS:
                rows += _rows(case, table, (border, cap or largest_of(known), window, k), first)
    columns = ("borders", "largest_allowed", "window", "commands", "measure", "unit", "better", "value",
               "value_with_proposal", "commands_as_first", "map", "certainty")
    units = ("", "areas", "% off an equal share", "commands", "", "", "", "see unit", "see unit", "commands", "", "")
    return ResultTable("alternatives_sensitivity", "The best map if the river, the size cap or the window is otherwise",
                       columns, units, tuple(rows), note=_note(rows))


def _table(case: Case, graph: Network, known: Candidates, valued: Mapping[Group, Mapping[str, float | None]], k: int
           ) -> CommandTable:
    """Every command with its deviation and, where it is known of all, the sum of its residents' distances."""
    table = worst_deviation(commands(graph, Rules(largest=largest_of(known))), k)
    groups = [table.members(row) for row in range(len(table))]
    plain = [valued[group].get(DISTANCE) for group in groups]
    if not any(m.name == DISTANCE for m in known.measures) or any(value is None for value in plain):
        return table
    sums = np.array([float(v or 0.0) * residents(case, g) for v, g in zip(plain, groups, strict=True)])
    return measured(table, DISTANCE, sums, combine="sum", better="lower", grid=Fraction(1))


def _rows(case: Case, table: CommandTable, setting: tuple[str, int, int | None, int], first: dict[str, Best]
          ) -> list[tuple[Cell, ...]]:
    (_, cap, window, k), shown = setting, _settled(setting)
    names = [column.name for column in table.columns]
    try:
        kept = _inside(table, Rules(largest=cap), k, window)
        everything, holding = _best(kept, k, names), _best(only_holding(kept, proposals(case)), k, names)
    except CaseError as error:
        return [(*shown, "every measure", "", "", None, None, None, "no such map", str(error))]
    except MethodError as error:
        return [(*shown, "every measure", "", "", None, None, None, "not searched", str(error))]
    return [_row(case, table, setting, name, (everything.get(name), holding.get(name)), first) for name in names]


def _settled(setting: tuple[str, int, int | None, int]) -> tuple[Cell, ...]:
    border, cap, window, k = setting
    return border, cap, NONE if window is None else window, k


def _best(table: CommandTable, k: int, names: Sequence[str]) -> dict[str, Best]:
    """The best map on each measure; empty where there is no map, MethodError where there are too many to prove it."""
    if BALANCE not in names:
        return _proved(table, k, names)
    for window in NARROW:
        try:
            even = _proved(_inside(table, Rules(), k, window), k, [BALANCE])
        except CaseError:
            continue
        if even:
            return even | _proved(table, k, [name for name in names if name != BALANCE])
    return _proved(table, k, names)


def _inside(table: CommandTable, rules: Rules, k: int, window: int | None) -> CommandTable:
    """The commands that keep the rules on size and the window; CaseError where no map can."""
    rules = rules if window is None else within(rules, table.network, k, Fraction(window, 100))
    heaviest = table.network.total if rules.heaviest is None else rules.heaviest
    kept = (table.weights >= rules.lightest) & (table.weights <= heaviest)
    return table.only(kept & (table.sizes <= (rules.largest or table.network.n)))


def _proved(table: CommandTable, k: int, names: Sequence[str]) -> dict[str, Best]:
    """The same by going through all maps or, where they are too many, by set partitioning."""
    if MANY < len(table) <= MOST_COMMANDS:
        proofs = {name: optimum(table, k, name) for name in names}
        return {name: Best(p.value, p.map) for name, p in proofs.items() if p.proved and p.value is not None}
    where = map_graph(table, [k], most_bytes=MOST_BYTES)
    if not where.has(k):
        return {}
    points = {name: frontier(where, k, [name]).points[0] for name in names}
    return {name: Best(point.values[0], point.map) for name, point in points.items()}


def _row(case: Case, table: CommandTable, setting: tuple[str, int, int | None, int], name: str,
         found: tuple[Best | None, Best | None], first: dict[str, Best]) -> tuple[Cell, ...]:
    measure, unit = (CLOSEST, "km") if name == DISTANCE else (
        BALANCE, "% off an equal share, at most")
    best, holding = found
    if best is None:
        return (*_settled(setting), measure, unit, "lower", None, None, None, "no such map", "proved: none exists")
    shared = len(set(best.map) & set(first.setdefault(name, best).map))
    shown = [None if point is None else _shown(table, name, point) for point in (best, holding)]
    return (*_settled(setting), measure, unit, "lower", *shown, shared, told(case, best.map), PROVED)


def _shown(table: CommandTable, name: str, point: Best) -> float:
    value = point.value
    return round(value / table.network.total if name == DISTANCE else 100.0 * value, 2) + 0.0


def _note(rows: Sequence[tuple[Cell, ...]]) -> str:
    said = []
    for k in dict.fromkeys(row[3] for row in rows):
        for measure, words in ((BALANCE, "the most even map has a command {}% off an equal share"),
                               (CLOSEST, "the closest map brings residents to a mean of {} km from their commander")):
            values = [float(str(row[7])) for row in rows if row[3] == k and row[4] == measure and row[7] is not None]
            if values:
                ends = f"{min(values):g} to {max(values):g}" if min(values) < max(values) else f"{values[0]:g}"
                said.append(f"With {k} commands {words.format(ends)}, over {len(values)} choices of borders, size cap "
                            "and window.")
    return " ".join((*said, "Each best map is found by going through all maps of its row or by set partitioning; none "
                     "of them was simulated whole, so nothing is said of response. The last count says how many "
                     "commands it has in common with the best map of the first row."))
