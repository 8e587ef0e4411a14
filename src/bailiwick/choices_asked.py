"""What would the maps be worth that people asked for?  Whole maps of the force, side by side, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bailiwick.alternatives.local import joined_partitions
from bailiwick.alternatives.network import network_of
from bailiwick.case import Case
from bailiwick.catalogue.groupings import Asked, asked_for
from bailiwick.choices_local import Row
from bailiwick.choices_ways import Sets, force_codes, grouping_of, sets_of, told, worth
from bailiwick.errors import CaseError
from bailiwick.tables import Cell, ResultTable

OWN = "this appraisal"


@dataclass(frozen=True, slots=True)
class Named:
    """One map to be set beside the others: its commands of several areas, what it is, who asked, when and where."""

    sets: Sets
    title: str
    who: str
    published: str
    source: str
    url: str
    note: str = ""


def asked_table(case: Case, found: Sequence[Row]) -> ResultTable:
    """The maps that people asked for and those that the case holds, all of the whole force; the rest stand alone.

    Against today on all areas of the force; empty where the force has no areas beyond the case's own.
    """
    codes = force_codes(case)
    rows = [] if len(codes) <= len(case.scheme.scope) else [_cells(case, codes, one) for one in named(case, found)]
    columns = ("map", "asked", "who", "published", "commands", "areas_merged", "residents_who_change_commander",
               "officers_who_change_commander", "saving_a_year", "largest_command", "distance_mean",
               "distance_worst_area", "crime_mix_distance", "uneven_residents", "uneven_crimes", "borders_cut",
               "councils_kept_whole", "joined_up", "note", "source", "url")
    units = ("", "", "", "", "commands", "areas", "people", "officers", "GBP a year, posts only",
             "people for one commander", "km", "km", "0 to 1", "% off an equal share, at most",
             "% off an equal share, at most", "borders between commands", "councils", "", "", "", "")
    return ResultTable("alternatives_asked", "The maps that people asked for, side by side", columns, units,
                       tuple(rows), note=_note(case, rows))


def named(case: Case, found: Sequence[Row]) -> tuple[Named, ...]:
    """No merger, the pilots, the maps asked for by the date of the appraisal, the proposal, at most three together.

    A map that somebody wanted redrawn comes with every other way to command its areas, for none was published.
    """
    pilots = tuple(sorted(tuple(sorted(p.areas)) for p in case.scheme.pilots if len(p.areas) > 1))
    own = sets_of(case.scheme.option("proposed").grouping)
    several = tuple(g for g in own if len(g) > 1)
    listed = [Named((), "No merger: every area has its own commander", OWN, "", "", "")]
    if not {code for group in pilots for code in group} <= set(force_codes(case)):
        pilots = ()
    tried = {code for group in pilots for code in group}
    if pilots:
        listed.append(Named(pilots, "Only the pilots as they were launched", OWN, "", "", ""))
    listed += [one for asked in asked_for(case.system, case.as_of) for one in _of(case, asked)]
    listed.append(Named(several, "The proposal, all others alone", OWN, "", "", ""))
    if tried and not tried & {code for group in several for code in group}:
        listed.append(Named(tuple(sorted((*several, *pilots))), "The proposal and the pilots, all others alone", OWN,
                            "", "", ""))
    three = _best_of_three(found)
    if three is not None:
        listed.append(Named(tuple(g for g in three if len(g) > 1),
                            "These areas, at most three to a commander: the most saved, then the nearest commander",
                            OWN, "", "", ""))
    return tuple(listed)


def _of(case: Case, asked: Asked) -> list[Named]:
    source = (asked.who, asked.published.isoformat(), asked.source, asked.url, asked.note)
    first = Named(asked.commands, asked.title, *source)
    if asked.wish != "redraw":
        return [first]
    graph = network_of(case.system, codes=force_codes(case))
    inside = [graph.position(code) for command in asked.commands for code in command]
    found = []
    for parts in joined_partitions(graph, inside):
        sets = tuple(sorted(tuple(sorted(graph.codes[i] for i in part)) for part in parts if len(part) > 1))
        if sets != asked.commands:
            how = told(case, sets) if sets else "all apart"
            found.append(Named(sets, f"{asked.title}, redrawn: {how}", *source))
    return [first, *found]


def _best_of_three(found: Sequence[Row]) -> Sets | None:
    kept = [row for row in found if not row.way.joins and row.worth.saving is not None
            and all(len(c.areas) <= 3 for c in row.way.grouping.commands)]
    if not kept:
        return None
    return sets_of(min(kept, key=lambda row: (-(row.worth.saving or 0.0), row.worth.distance or 0.0)).way.grouping)


def _cells(case: Case, codes: Sequence[str], one: Named) -> tuple[Cell, ...]:
    merged = [code for group in one.sets for code in group]
    unknown = sorted(set(merged) - set(codes))
    if unknown:
        raise CaseError("map asked for", one.title, got=", ".join(unknown), expected="areas of the force")
    grouping = grouping_of(case, (*one.sets, *((code,) for code in codes if code not in merged)))
    w = worth(case, grouping)
    joined = all(case.system.is_contiguous(group) for group in one.sets)
    return (told(case, one.sets) or "none", one.title, one.who, one.published or None, len(grouping.commands),
            len(merged), w.change_commander, w.officers_change, w.saving, w.largest, w.distance, w.farthest, w.mix,
            w.uneven_residents, w.uneven_crimes, w.cut, len(codes), "yes" if joined else "no", one.note, one.source,
            one.url)


def _note(case: Case, rows: Sequence[tuple[Cell, ...]]) -> str:
    if not rows:
        return "The force has no areas beyond these."
    outside = [str(row[1]) for row in rows if row[17] == "no"]
    apart = f" Not joined up over land: {'; '.join(outside)}." if outside else ""
    return (f"Whole maps of the force's {len(force_codes(case))} areas; those that a map does not name stand alone, so "
            "maps that merge more save more posts. Published by the date of the appraisal; what came later is left "
            "out. Each area is one council, so every map keeps all councils whole. Response is not simulated here: "
            f"calls and cars of the whole force are not in the model.{apart}")
