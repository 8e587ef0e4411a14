"""Where does a map of the whole force rank among all maps of as many commands?"""

from __future__ import annotations

from functools import lru_cache

from bailiwick.alternatives.ensemble import cut_of
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import CUT_BORDERS
from bailiwick.alternatives.rank import Rank, rank
from bailiwick.alternatives.sweep import Census, census
from bailiwick.candidates import Candidates
from bailiwick.case import Case
from bailiwick.choices_force import MOST_BYTES, filled, graph_of, largest_of
from bailiwick.choices_quoted import whole_force
from bailiwick.choices_ways import Sets, named_maps, sets_of
from bailiwick.errors import MethodError
from bailiwick.findings import Measure
from bailiwick.scheme import Grouping
from bailiwick.tables import Cell, ResultTable

_CENSUS_BYTES = 1_000_000_000

PLAIN = {"cut borders": ("Land borders between commands", "borders", 1),
         "worst deviation": ("Residents of the most uneven command", "% off an equal share", 100)}
"""Title, unit and factor of the measures that are of the map alone."""


def ranked(case: Case, known: Candidates) -> ResultTable:
    """The exact rank of each map that the case names, today's apart, on each separable measure, over land.

    Empty where the case is about a part of its force.  Better, equal and worse count the other maps of as many
    commands; a map with a command larger than the table's, or one of too many to hold, is ranked on cut borders
    alone, among maps with commands of any size, and the note says so.
    """
    rows: list[tuple[Cell, ...]] = []
    without: list[str] = []
    maps = named_maps(case)[1:] if whole_force(case) else ()
    for grouping in maps:
        name = _named(case, grouping)
        more, refused = _ranks(case, known, grouping, name)
        rows += more
        without += [f"{name}, {text}" for text in refused]
    return ResultTable(
        "alternatives_rank", "Where each map of the whole force ranks among all maps of as many commands",
        ("map", "commands", "measure", "title", "unit", "value", "better", "equal", "worse", "of",
         "share_at_least_as_good"),
        ("", "commands", "", "", "", "see unit", "maps", "maps", "maps", "maps", "%"), tuple(rows),
        note=_note(case, known, rows, without))


def _ranks(case: Case, known: Candidates, grouping: Grouping, name: str) -> tuple[list[tuple[Cell, ...]], list[str]]:
    """The rows of one map, and what cannot be ranked."""
    k, sets = len(grouping.commands), sets_of(grouping)
    if max(map(len, sets)) > largest_of(known):
        return _by_borders(case, sets, name), [
            f"any other measure: it has a command of more than {largest_of(known)} areas"]
    table = filled(case, graph_of(case, False), known, k)
    try:
        graph = map_graph(table, [k], most_bytes=MOST_BYTES)
    except MethodError as error:
        return _by_borders(case, sets, name), [f"any other measure ({error})"]
    rows, refused = [], []
    for column in table.columns:
        measure = next((m for m in known.measures if m.name == column.name), None)
        try:
            rows.append(_row(name, measure, rank(graph, sets, column.name), table.network.total, k))
        except MethodError as error:
            refused.append(f"{PLAIN[column.name][0] if measure is None else measure.title} ({error})")
    return rows, refused


def _by_borders(case: Case, sets: Sets, name: str) -> list[tuple[Cell, ...]]:
    """The exact rank on cut borders among all maps of as many commands, whatever their size: counted area by area.

    Nothing for a map that is not joined up over land, or where the count takes too much memory.
    """
    graph, k = graph_of(case, False), len(sets)
    counted = _by_cut(case, k)
    if counted is None or not all(graph.is_joined([graph.position(code) for code in group]) for group in sets):
        return []
    cut, of = cut_of(graph, sets), counted.count(k)
    better, alike = counted.at_most(k, cut - 1), counted.at_most(k, cut)
    return [(name, k, CUT_BORDERS, f"{CUT_BORDERS}, commands of any size", "", float(cut), better, alike - better - 1,
             of - alike, of - 1, round(100.0 * alike / of, 4))]


@lru_cache(maxsize=4)
def _by_cut(case: Case, k: int) -> Census | None:
    try:
        return census(graph_of(case, False), most=k, by_cut=True, most_bytes=_CENSUS_BYTES)
    except MethodError:
        return None


def _row(name: str, measure: Measure | None, one: Rank, total: int, k: int) -> tuple[Cell, ...]:
    value = one.value / total if measure is not None and measure.combine == "mean" else one.value
    title, unit, times = PLAIN[one.measure] if measure is None else (measure.title, measure.unit, 1)
    shown = round(value * times, 1 if measure is None else measure.decimals) + 0.0
    return (name, k, one.measure, title, unit, shown, one.better, one.equal - 1, one.worse, one.total - 1,
            round(100.0 * one.share_at_least_as_good, 4))


def _named(case: Case, grouping: Grouping) -> str:
    return next(option.name for option in case.scheme.options if sets_of(option.grouping) == sets_of(grouping))


def _note(case: Case, known: Candidates, rows: list[tuple[Cell, ...]], without: list[str]) -> str:
    if not whole_force(case):
        return "The case is about a part of its force: its command is ranked among all commands instead."
    said = [f"Among {row[9] + 1:,} maps of {row[1]} commands, {row[6]:,} are better than the proposal on "  # type: ignore[operator]
            f"{str(row[3])[0].lower()}{str(row[3])[1:]}." for row in rows if row[0] == "proposed"][:3]
    said.append(f"Exact counts over land, commands of at most {largest_of(known)} areas unless the row says otherwise, "
                "under the separable model; response is not separable and is not ranked.")
    said += [f"Not ranked: {text}." for text in without]
    return " ".join(said)
