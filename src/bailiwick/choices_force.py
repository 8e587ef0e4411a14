"""Where does the proposal stand among all commands and all maps of the whole force, and which map would be best?

Exact counts and proofs over joined-up commands; "best" always means best under the separable model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial

import numpy as np

from bailiwick import appraisal
from bailiwick.alternatives.blocks import MOST_UNITS, CommandTable, commands, measured
from bailiwick.alternatives.count import counts, tightest_window
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import MapGraph, map_graph
from bailiwick.alternatives.measures import cut_borders, worst_deviation
from bailiwick.alternatives.network import Network, network_of
from bailiwick.alternatives.rules import Rules, within
from bailiwick.alternatives.sweep import census
from bailiwick.candidates import CAP, Candidates
from bailiwick.case import Case
from bailiwick.choices_quoted import BORDERS, borders, quoted, unpublished
from bailiwick.choices_ways import command_of, force_codes, told
from bailiwick.errors import CaseError, MethodError
from bailiwick.findings import Check, Measure, Unavailable, combined
from bailiwick.scheme import Command
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

Group = tuple[str, ...]
OTHERWISE = ((4, None), (5, None), (None, None), (CAP, 20), (CAP, 30), (CAP, 50))
BEST = ("locality.distance_to_headquarters", "locality.residents_per_commander", "locality.crimes_per_commander",
        "locality.crime_mix_distance", "locality.councils_per_commander", "locality.area_km2_per_commander",
        "finance.recurrent_cost")
MOST_BYTES = 300_000_000
"""Memory that all maps over land may take: many times what 32 areas need, and soon refused where 43 need far more."""

ANY, NONE = "any", "none"
"""What stands in a table for no cap on the areas of a command and for no window."""

_BATCH = 250
_STEPS = 1_000


@lru_cache(maxsize=16)
def graph_of(case: Case, crossings: bool) -> Network:
    """The areas of the force, joined over land or over land and river crossings."""
    return network_of(case.system, codes=force_codes(case), crossings=crossings)


def proposals(case: Case) -> tuple[Group, ...]:
    """The proposal's commands of more than one area."""
    return tuple(c.areas for c in case.scheme.option("proposed").grouping.commands if len(c.areas) > 1)


# ---------------------------------------------------------------------------------------------------------------
# Among all commands.


def valued(case: Case, known: Candidates, pool: Executor | None = None) -> dict[Group, dict[str, float | None]]:
    """What each measure with a better end says of every command over land, then of those that need a crossing."""
    measures = [m for m in known.measures if m.better != "neither"]
    land = {g: {m.name: known.values[m.name][i] for m in measures} for i, g in enumerate(known.commands)}
    names = tuple(m.name for m in measures)
    wider = commands(graph_of(case, True), Rules(largest=largest_of(known)))
    extra = [g for row in range(len(wider)) if (g := wider.members(row)) not in land]
    batches = [extra[i:i + _BATCH] for i in range(0, len(extra), _BATCH)]
    found = [row for part in spread(pool, partial(_valued, case, names), batches) for row in part]
    return land | {g: dict(zip(names, row, strict=True)) for g, row in zip(extra, found, strict=True)}


def standing(case: Case, known: Candidates, both: Mapping[Group, Mapping[str, float | None]]) -> ResultTable:
    """Where each of the proposal's commands ranks among all candidate commands on every measure that has a better end.

    `both` is `valued`. Better, equal and worse count the other commands by the value as printed; those without a value
    are left out.
    """
    measures = [m for m in known.measures if m.better != "neither"]
    land = {g: both[g] for g in known.commands}
    over = tuple(zip(borders(case), (land, both), strict=False))
    rows = tuple(row for group in proposals(case) if group in land for (border, _), among in over
                 for row in _standing(case, group, border, among, measures))
    return ResultTable(
        "alternatives_standing", "Where the proposal's command ranks among all commands that could be formed",
        ("command", "borders", "among", "measure", "title", "unit", "value", "better", "equal", "worse", "of"),
        ("", "", "", "", "", "", "see unit", "commands", "commands", "commands", "commands"), rows,
        note=_standing_note(largest_of(known), rows),
    )


def _valued(case: Case, names: Sequence[str], groups: Sequence[Group]) -> list[tuple[float | None, ...]]:
    measures = [m for name in names if (m := appraisal.measure_named(name)) is not None]
    return [tuple(value_of(case, m, Command(g, command_of(case, g).model)) for m in measures) for g in groups]


def value_of(case: Case, measure: Measure, command: Command) -> float | None:
    """One measure of one command, its areas combined; None where there is no number."""
    number = combined(case, measure, measure.compute(case, command))  # type: ignore[arg-type]
    return None if isinstance(number, Unavailable) else number


def _standing(case: Case, group: Group, border: str, among: Mapping[Group, Mapping[str, float | None]],
              measures: Sequence[Measure]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for kind, peers in (("any size", list(among)), (f"{len(group)} areas", [g for g in among if len(g) == len(group)])):
        for m in measures:
            own = among[group][m.name]
            if own is None:
                continue
            others = [round(v, m.decimals) for g in peers if g != group and (v := among[g][m.name]) is not None]
            mine = round(own, m.decimals)
            lower, equal = sum(v < mine for v in others), sum(v == mine for v in others)
            higher = len(others) - lower - equal
            better, worse = (lower, higher) if m.better == "lower" else (higher, lower)
            rows.append((told(case, [group]), border, kind, m.name, m.title, m.unit, mine + 0.0, better, equal, worse,
                         len(others)))
    return rows


def _standing_note(cap: int, rows: Sequence[tuple[Cell, ...]]) -> str:
    said = []
    several = len({row[0] for row in rows}) > 1
    for name, words in (("locality.residents_per_commander", "fewer residents under one commander"),
                        ("locality.distance_to_headquarters", "residents who live nearer to headquarters"),
                        ("locality.crime_mix_distance", "areas more alike in their crime")):
        for row in rows:
            if row[1] == "land" and row[2] != "any size" and row[3] == name:
                said.append(f"{row[0]}: of {row[10]:,} others of {row[2]}, {row[7]:,} have {words}." if several else
                            f"Of the {row[10]:,} other joined-up commands of {row[2]}, {row[7]:,} have {words}.")
    return " ".join((*said, "All are run from the base nearest their residents' median point, the proposal's too, so "
                     "that like is compared with like. Sums such as cost grow with the command: read those among "
                     f"commands of the same size. Commands of up to {cap} areas; the first count is over land, the "
                     "second lets commands cross the river by bridge, tunnel or ferry."))


# ---------------------------------------------------------------------------------------------------------------
# Among all maps.


@dataclass(frozen=True, slots=True)
class Setting:
    """What a command of a map may be: borders, most areas (None: any), window in per cent of an equal share (None)."""

    crossings: bool
    cap: int | None
    window: int | None


def maps(case: Case) -> ResultTable:
    """How many maps the whole force has for each number of commands, how many hold the proposal, how many need a four.

    Exact. `at_most_three`: maps in which no command has more than three areas; `with_larger` is the rest.
    """
    rows: list[tuple[Cell, ...]] = []
    for label, crossings in borders(case):
        rows += _every_k(case, label, Setting(crossings, CAP, None))
    for said in quoted(case):
        for label, crossings in borders(case):
            rows += [row for cap, window in OTHERWISE
                     for row in _one_k(case, label, Setting(crossings, cap, window), said.commands)]
    columns = ("borders", "largest_allowed", "window", "commands", "maps", "with_proposal", "share_with_proposal",
               "at_most_three", "with_larger", "share_at_most_three", "tightest_window", "with_pilots",
               "with_pilots_and_proposal", "share_with_proposal_of_those_with_pilots")
    units = ("", "areas", "% off an equal share", "commands", "maps", "maps", "%", "maps", "maps", "%",
             "% off an equal share", "maps", "maps", "%")
    return ResultTable("alternatives_maps", "How many maps the whole force could have", columns, units, tuple(rows),
                       note=_maps_note(case, rows))


def _every_k(case: Case, label: str, setting: Setting) -> list[tuple[Cell, ...]]:
    graph = graph_of(case, setting.crossings)
    found = (*counted(case, setting, None), *counted_with_pilots(case, setting, None))
    asked = {said.commands for said in quoted(case)}
    return [_row(label, setting, k, tuple(c.get(k, 0) for c in found),
                 _tightest(graph, k, Rules(largest=setting.cap)) if k in asked else None)
            for k in range(graph.n, 0, -1) if found[0].get(k, 0)]


def _tightest(graph: Network, k: int, rules: Rules) -> Fraction | None:
    """The tightest window that a map of K commands fits in; None where there are too many maps to look for it."""
    try:
        return tightest_window(graph, k, rules, most_bytes=2 * MOST_BYTES)
    except MethodError:
        return None


def _one_k(case: Case, label: str, setting: Setting, k: int) -> list[tuple[Cell, ...]]:
    try:
        found = (*counted(case, setting, k), *counted_with_pilots(case, setting, k))
    except MethodError:
        return []
    return [_row(label, setting, k, tuple(c.get(k, 0) for c in found), None)]


def _row(label: str, setting: Setting, k: int, found: tuple[int, ...], tight: Fraction | None) -> tuple[Cell, ...]:
    whole, holding, small, kept, both = found
    return (label, setting.cap or ANY, setting.window or NONE, k, whole, holding, _percent(holding, whole), small,
            whole - small, _percent(small, whole), None if tight is None else round(100.0 * float(tight), 2), kept,
            both, _percent(both, kept))


def _percent(part: int, whole: int) -> float | None:
    return round(100.0 * part / whole, 4) if whole else None


@lru_cache(maxsize=256)
def counted(case: Case, setting: Setting, k: int | None) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """(all maps, maps that hold every command of the proposal, maps of at most three areas a command), by commands.

    A window needs the number of commands `k`; without one, all numbers are counted at once.
    """
    graph = graph_of(case, setting.crossings)
    rules = Rules(largest=setting.cap)
    if setting.window is not None and k is not None:
        rules = within(rules, graph, k, Fraction(setting.window, 100))
    small = Rules(largest=min(3, rules.largest or 3), lightest=rules.lightest, heaviest=rules.heaviest)
    return _census(graph, rules), _holding(graph, rules, proposals(case)), _census(graph, small)


@lru_cache(maxsize=256)
def counted_with_pilots(case: Case, setting: Setting, k: int | None) -> tuple[dict[int, int], dict[int, int]]:
    """(maps that keep the pilots' commands as they were launched, those of them that hold the proposal's too).

    The second null: where pilots stay, only the rest can be drawn freely. Empty where pilots and proposal overlap.
    """
    graph = graph_of(case, setting.crossings)
    rules = Rules(largest=setting.cap)
    if setting.window is not None and k is not None:
        rules = within(rules, graph, k, Fraction(setting.window, 100))
    held = pilots(case)
    return _holding(graph, rules, held), _holding(graph, rules, (*held, *proposals(case))) if held else {}


def pilots(case: Case) -> tuple[Group, ...]:
    """The pilots' commands of more than one area, those of the force and apart from the proposal's."""
    taken = {code for group in proposals(case) for code in group}
    groups = sorted(tuple(sorted(p.areas)) for p in case.scheme.pilots if len(p.areas) > 1)
    codes = set(force_codes(case))
    return tuple(g for g in groups if set(g) <= codes and not set(g) & taken)


def _census(graph: Network, rules: Rules) -> dict[int, int]:
    try:
        found = census(graph, rules)
    except CaseError as error:
        if error.key == "window":
            return {}
        raise
    return {k: found.count(k) for k in range(1, graph.n + 1)}


def _holding(graph: Network, rules: Rules, held: Sequence[Group]) -> dict[int, int]:
    joined = [[graph.position(code) for code in group] for group in held]
    weights = [sum(graph.weights[i] for i in group) for group in joined]
    heaviest = graph.total if rules.heaviest is None else rules.heaviest
    fits = all(rules.lightest <= w <= heaviest and len(g) <= (rules.largest or graph.n) and graph.is_joined(g)
               for w, g in zip(weights, joined, strict=True))
    rest = [code for code in graph.codes if not any(code in group for group in held)]
    if not fits or not held:
        return {}
    if not rest:
        return {len(held): 1}
    return {k + len(held): n for k, n in _census(graph.restricted(rest), rules).items()}


def counted_again(case: Case, table: ResultTable) -> Check:
    """The counts over land a second time, by the list of commands instead of by frontier, where they can be held."""
    try:
        found = counts(map_graph(commands(graph_of(case, False), Rules(largest=CAP)), most_bytes=MOST_BYTES))
    except MethodError as error:
        return Check("Maps counted by two methods agree", None, f"Counted by one method only: {error}.")
    listed = {int(str(row[3])): row[4] for row in table.rows if row[:3] == ("land", CAP, NONE)}
    agree = all(found.get(k) == n for k, n in listed.items())
    return Check("Maps counted by two methods agree", agree,
                 f"{sum(found.values()):,} maps of the force over land, of {min(listed, default=0)} to "
                 f"{max(listed, default=0)} commands.")


def _maps_note(case: Case, rows: Sequence[tuple[Cell, ...]]) -> str:
    fewest = [(label, min((int(str(r[3])) for r in rows if r[0] == label and r[7] and r[1] == CAP and r[2] == NONE),
                          default=None)) for label, _ in BORDERS]
    said = [f"With at most three areas a command the force can be put under as few as {k} commands ({label})."
            for label, k in fewest if k is not None]
    for q in quoted(case):
        for label, _ in BORDERS:
            for r in rows:
                if r[0] == label and r[1] == CAP and r[2] == NONE and r[3] == q.commands:
                    said.append(f"Of {r[4]:,} maps of {q.commands} commands ({label}), {r[7]:,} have no command of "
                                f"more than three areas; {r[5]:,} hold the proposal's command.")
    spoken = "; ".join(f"{q.commands}: {q.title} ({q.source})" for q in quoted(case))
    return " ".join((*said, "A map: all areas of the force in joined-up commands. "
                     f"Up to {CAP} areas a command unless the row says otherwise. Window: no command's residents are "
                     "further from an equal share; the tightest window is the narrowest in which any such map exists. "
                     "Two sets are counted: all maps, and those that keep the pilots' commands as they were launched. "
                     + unpublished(case),
                     f"Numbers of commands quoted by then: {spoken}." if spoken else ""))


# ---------------------------------------------------------------------------------------------------------------
# The best maps.


def best_of_force(case: Case, known: Candidates, asked: Sequence[int]) -> list[tuple[Cell, ...]]:
    """Best map of the whole force into each number of commands, on each measure, over land, by going through all maps.

    Four lines each: among all maps, with at most three areas a command, holding the proposal's command, keeping the
    pilots' commands where there are any.
    """
    rows: list[tuple[Cell, ...]] = []
    graph = graph_of(case, False)
    for k in asked:
        table = filled(case, graph, known, k)
        small = table.only(table.sizes <= 3)
        parts = [("all maps", table), ("at most three areas a command", small),
                 ("maps that hold the proposal's command", only_holding(table, proposals(case)))]
        if pilots(case):
            parts.append(("maps that keep the pilots' commands", only_holding(table, pilots(case))))
        for among, part in parts:
            rows += _bests(case, part, k, among, known)
    return rows


def _bests(case: Case, part: CommandTable, k: int, among: str, known: Candidates) -> list[tuple[Cell, ...]]:
    """The best on each measure; where there are too many maps to go through, one line that says so."""
    try:
        where = map_graph(part, [k], most_bytes=MOST_BYTES)
        return [_best(case, where, column.name, k, among, known) for column in part.columns]
    except MethodError as error:
        return [("the whole force", k, among, "every measure", "", "", None, "not searched", None, str(error))]


def _best(case: Case, where: MapGraph, name: str, k: int, among: str, known: Candidates) -> tuple[Cell, ...]:
    measure = next((m for m in known.measures if m.name == name), None)
    title, unit, better = (name, _units(name), "lower") if measure is None else (measure.title, measure.unit,
                                                                                 measure.better)
    if not where.has(k):
        return ("the whole force", k, among, title, unit, better, None, "no such map", None, "proved: none exists")
    point = frontier(where, k, [name]).points[0]
    value = point.values[0]
    if measure is None:
        shown = round(value * (100.0 if name == "worst deviation" else 1.0), 2)
    else:
        shown = round(value / (where.table.network.total if measure.combine == "mean" else 1), measure.decimals)
    return ("the whole force", k, among, title, unit, better, shown + 0.0, told(case, point.map), None,
            "proved: best under the separable model, not simulated whole")


def _units(name: str) -> str:
    return "% off an equal share, at most" if name == "worst deviation" else "borders between commands"


def filled(case: Case, graph: Network, known: Candidates, k: int) -> CommandTable:
    """The command table over land with the measures of `BEST`, means over residents turned into exact sums."""
    table = worst_deviation(cut_borders(commands(graph, Rules(largest=largest_of(known)))), k)
    place = {group: i for i, group in enumerate(known.commands)}
    for measure in known.measures:
        if measure.name not in BEST:
            continue
        at = [place[table.members(row)] for row in range(len(table))]
        values = [known.values[measure.name][i] for i in at]
        plain = np.array([np.nan if v is None else v for v in values])
        if measure.combine == "mean":
            plain = plain * np.array([known.residents[i] for i in at])
        if np.isnan(plain).all():
            continue
        grid = Fraction(1) if measure.combine == "mean" or measure.decimals < 0 else Fraction(1, _STEPS)
        while np.nanmax(np.abs(plain)) * graph.n / grid > MOST_UNITS:
            grid *= 10
        table = measured(table, measure.name, plain, combine="sum" if measure.combine == "mean" else measure.combine,  # type: ignore[arg-type]
                         better=measure.better, grid=grid)  # type: ignore[arg-type]
    return table


def largest_of(known: Candidates) -> int:
    """The most areas that a command of the table has."""
    return max(map(len, known.commands))


def only_holding(table: CommandTable, held: Sequence[Group]) -> CommandTable:
    """The rows that maps holding some commands are made of: those commands, and all that do not meet them."""
    keep = np.ones(len(table), dtype=np.bool_)
    for mask in (sum(1 << table.network.position(code) for code in group) for group in held):
        keep &= (table.masks == mask) | ((table.masks & mask) == 0)
    return table.only(keep)
