"""Was there a better map?  Every way to command these areas, then where the proposal stands in the whole force."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from bailiwick.candidates import Candidates
from bailiwick.case import Case
from bailiwick.choices_asked import asked_table
from bailiwick.choices_force import best_of_force, counted_again, maps, standing, valued
from bailiwick.choices_local import Row, best_rows, local_table, rows
from bailiwick.choices_nearest import nearest_table, pairs_table, pairs_with, tradeoff_table
from bailiwick.choices_nulls import nulls
from bailiwick.choices_quoted import quoted, unpublished
from bailiwick.choices_response import Response, served
from bailiwick.choices_sets import beaten_table, seen_in_sets, with_ranges
from bailiwick.choices_settings import sensitivity
from bailiwick.choices_ways import all_listed, rivals, sets_of, ways
from bailiwick.choices_whole import ranked
from bailiwick.findings import Check
from bailiwick.tables import Cell, ResultTable

DISTANCE = "Distance to the commander's headquarters"


def tables(
    case: Case, candidates: Candidates, pool: Executor | None = None, *, response: Response | None = served
) -> tuple[ResultTable, ...]:
    """The tables on alternatives: those on the case's own areas, then those on the whole force.

    Ranges and shares of sets come from the accepted sets that the case holds; without any, from the central
    assumptions alone, and the tables say so. `response` simulates whole maps of the scope; None leaves them out, and so
    does a scope too large to list.
    """
    return (*of_scope(case, pool, response=response), *of_force(case, candidates, pool))


def of_scope(
    case: Case, pool: Executor | None = None, *, response: Response | None = served
) -> tuple[ResultTable, ...]:
    """The tables on the case's own areas; a scope too large to list is not simulated again for them."""
    told = response if all_listed(case) else None
    return local(case, rows(case, told), pool, response=told)


def of_force(case: Case, candidates: Candidates, pool: Executor | None = None) -> tuple[ResultTable, ...]:
    """The tables on the whole force, central assumptions: maps asked for, the proposal's standing, counts, the best."""
    found, both = rows(case), valued(case, candidates, pool)
    return (asked_table(case, found), standing(case, candidates, both), maps(case),
            sensitivity(case, candidates, both), best(case, candidates, found), ranked(case, candidates), nulls(case))


def local(
    case: Case, found: Sequence[Row], pool: Executor | None = None, *, response: Response | None = served
) -> tuple[ResultTable, ...]:
    """The tables on these areas: every map of them, the nearest better one, the trade-off, pairs, who beats whom."""
    sets = seen_in_sets(case, found, response, pool)
    pairs = pairs_with(case, found, response, pool)
    return (with_ranges(local_table(case, found), found, sets), nearest_table(case, found, sets, pairs),
            tradeoff_table(case, found, response), pairs_table(case, pairs), beaten_table(case, found, sets))


def best(case: Case, candidates: Candidates, found: Sequence[Row], commands: Sequence[int] = ()) -> ResultTable:
    """The best map of the scope on each measure, then of the whole force for each number of commands.

    Without `commands`, the numbers quoted for the force by the date of the appraisal.
    """
    asked = tuple(commands) or tuple(dict.fromkeys(q.commands for q in quoted(case)))
    among = "every way to command them" if all_listed(case) else "the maps that the case names"
    own: list[tuple[Cell, ...]] = [
        ("these areas", None, among, measure, unit, better, value, name, ties, sure)
        for measure, unit, better, value, name, ties, sure in best_rows(case, found)]
    force = best_of_force(case, candidates, asked)
    return ResultTable(
        "alternatives_best", "The best map on each measure",
        ("of", "commands", "among", "measure", "unit", "better", "value", "map", "equally_good", "certainty"),
        ("", "commands", "", "", "", "", "see unit", "", "maps", ""),
        tuple(own + force), note=_note(case, asked, force))


def _finding(force: Sequence[tuple[Cell, ...]]) -> str:
    """The sentence that says, for each number of commands, what holding the proposal's command costs at best."""
    said = []
    for row in force:
        held = next((r for r in force if r[1] == row[1] and r[3] == row[3] and "hold" in str(r[2])), None)
        if row[2] == "all maps" and row[3] == DISTANCE and held is not None and held[6] is not None:
            said.append(f"With {row[1]} commands in the whole force, the best map brings residents to a mean of "
                        f"{row[6]} km from their commander, the best with the proposal's command to {held[6]} km.")
    return " ".join(said)


def _note(case: Case, asked: Sequence[int], force: Sequence[tuple[Cell, ...]]) -> str:
    said = "; ".join(f"{q.title} ({q.source})" for q in quoted(case) if q.commands in asked)
    told = (
        _finding(force),
        "A map that is best on one measure can be poor on another. Proved means that no map of the same areas and "
        "number of commands has a better value under the separable model, in which each command is judged by itself; "
        "response is not in it for the whole force. Commands are joined up over land and run from the base nearest "
        "their residents' median point.", unpublished(case), f"Numbers of commands: {said}." if said else "")
    return " ".join(part for part in told if part)


def checks(case: Case, found: Sequence[ResultTable]) -> tuple[Check, ...]:
    """The checks of the tables on alternatives: maps whole and joined up, counts confirmed by a second method."""
    own = [way for way in ways(case) if not way.joins]
    listed = {sets_of(way.grouping) for way in own}
    whole = all(way.areas == tuple(sorted(case.scheme.scope)) for way in own)
    joined = all(case.system.is_contiguous(command) for way in ways(case) for command in sets_of(way.grouping))
    there = {sets_of(case.scheme.option(name).grouping) for name in ("today", "proposed")} <= listed
    same = len(listed) == len(own) == len(rivals(case, own[0]))
    counts = next((table for table in found if table.name == "alternatives_maps"), None)
    made = () if counts is None else (counted_again(case, counts),)
    return (
        Check("Every map compared is whole and joined up", whole and joined and same,
              f"{len(own)} maps of these areas, each area in exactly one command, every command joined up over land."),
        Check("Today and the proposal are among the maps compared", there or None,
              "Both are rows of the table." if there else "Not both are joined up over land, so not both are rows."),
        *made,
    )
