"""Which better map is nearest to the proposal, what would it trade away, and what is the whole trade-off?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from itertools import product

import numpy as np

from bailiwick.case import Case
from bailiwick.choices_local import Row, identity
from bailiwick.choices_response import PAIRS, Pair, Response, Served, outcomes, paired
from bailiwick.choices_sets import CRITERIA, SHARES, Seen, central, known
from bailiwick.choices_ways import Sets, Worth, all_listed, seats, sets_of, short_name, told, who_change, worth
from bailiwick.findings import holds
from bailiwick.scheme import Option
from bailiwick.tables import Cell, ResultTable

SOUGHT = ("closeness", "response", "closeness and response", "saving at equal service and closeness", "all")
"""The criterion sets for which the nearest better map is sought."""

TRADED: tuple[tuple[str, str, str], ...] = (
    ("saving", "saving_a_year_change", "GBP a year"), ("neutral", "saving_at_equal_service_change", "GBP a year"),
    ("largest", "largest_command_change", "people for one commander"), ("distance", "distance_mean_change", "km"),
    ("farthest", "distance_worst_area_change", "km"), ("councils", "councils_per_commander_change", "councils"),
    ("priorities", "priorities_shared_worst_area_change", "of 5"),
    ("immediate", "immediate_in_target_change", "points"), ("significant", "significant_in_target_change", "points"),
)
_WORDS = {"saving": "saving of posts", "neutral": "saving at equal service", "largest": "size of the largest command",
          "distance": "mean distance", "farthest": "distance in the worst area", "councils": "councils per commander",
          "priorities": "shared priorities", "immediate": "immediate calls in target",
          "significant": "significant calls in target"}
_LOWER = ("largest", "distance", "farthest", "councils")
_STEPS = 20
BASES = ("today", "proposed")
NONE = "none: no map of these areas beats it"
_WHOLE = tuple(f"{grade}_{what}" for grade in ("immediate", "significant")
               for what in ("again", "again_low", "again_high", "state"))


def nearest_table(
    case: Case, found: Sequence[Row], sets: Sequence[Seen], pairs: Mapping[tuple[Sets, str], Pair]
) -> ResultTable:
    """For each criterion set, of the maps that beat the proposal, the one that moves fewest residents.

    Moved: under another commander than the proposal's. Changes are those from the proposal to that map. No map of
    these areas is left out: the answer is exact. Its response against the proposal is simulated afresh, week by week,
    before it is named.
    """
    own = [row for row in found if not row.way.joins]
    proposal = next((m for m, row in enumerate(own) if identity(case, row.way.grouping) == "proposed"), None)
    rows: list[tuple[Cell, ...]] = []
    for criteria in SOUGHT if proposal is not None else ():
        asked = (proposal or 0, criteria)
        m, cells = _nearest(case, own, (central(found), *sets), asked)
        pair = None if m is None else pairs.get((sets_of(own[m].way.grouping), "proposed"))
        rows.append((*cells, *((None,) * 3 + ("not asked",)) * 2) if pair is None else (*cells, *_whole(pair)))
    columns = ("criteria", "map", "residents_with_another_commander", "gains", "gives_up", "still_better_in",
               "sets_better", "sets", *(column for _, column, _ in TRADED), *_WHOLE)
    units = ("", "", "people", "", "", "", "sets", "sets", *(unit for _, _, unit in TRADED),
             *(("points",) * 3 + ("",)) * 2)
    return ResultTable("alternatives_nearest", "The nearest better map to the proposal, and what it trades away",
                       columns, units, tuple(rows), note=_nearest_note(case, rows))


def _nearest(case: Case, own: Sequence[Row], seen: Sequence[Seen], asked: tuple[int, str]
             ) -> tuple[int | None, tuple[Cell, ...]]:
    """The map and its cells; `seen` is the central set, then the accepted ones."""
    proposal, criteria = asked
    wishes, (middle, *sets) = CRITERIA[criteria], seen
    nothing = (None,) * len(TRADED)
    if not known(middle, proposal, wishes):
        return None, (criteria, "not known", None, "", "", "not asked", 0, 0, *nothing)
    seated = seats(case, own[proposal].way.grouping)
    better = [(who_change(case, own[m].way.grouping, seated), m) for m in range(len(own))
              if middle.beats(m, proposal, wishes)]
    if not better:
        return None, (criteria, NONE, None, "", "", *_still(sets, None, proposal, wishes), *nothing)
    moved, m = min(better)
    change = {name: _change(middle, m, proposal, name) for name, _, _ in TRADED}
    gains, loses = _sides(change)
    return m, (criteria, told(case, sets_of(own[m].way.grouping)), moved, gains, loses,
               *_still(sets, m, proposal, wishes), *change.values())


def _still(sets: Sequence[Seen], m: int | None, proposal: int, wishes: Mapping[str, str]) -> tuple[str, int, int]:
    """In how many accepted sets a map (any map, where none is named) still beats the proposal."""
    asked = [s for s in sets if known(s, proposal, wishes)]
    maps = range(len(asked[0].worths)) if asked and m is None else [] if m is None else [m]
    hit = sum(any(s.beats(n, proposal, wishes) for n in maps) for s in asked)
    return (holds(hit / len(asked)) if asked else "not asked"), hit, len(asked)


def _change(seen: Seen, m: int, proposal: int, name: str) -> float | None:
    after, before = seen.value(m, name), seen.value(proposal, name)
    return None if after is None or before is None else round(after - before, 3) + 0.0


def _sides(change: Mapping[str, float | None]) -> tuple[str, str]:
    """What is better and what is worse, in words."""
    better = [_WORDS[n] for n, c in change.items() if c and (c < 0) == (n in _LOWER)]
    worse = [_WORDS[n] for n, c in change.items() if c and (c < 0) != (n in _LOWER)]
    return ", ".join(better) or "nothing", ", ".join(worse) or "nothing"


def _nearest_note(case: Case, rows: Sequence[tuple[Cell, ...]]) -> str:
    whole = all_listed(case)
    said = [f"The nearest map that is better on {row[0]} is {row[1]}: {row[2]:,} residents would have another "
            f"commander than under the proposal. It gives up: {row[4]}." for row in rows if row[2] is not None]
    for row in rows:
        if row[1] == NONE:
            also = f", but one does in {row[6]} of {row[7]} accepted sets" if row[6] else ""
            said.append(f"No map {'of these areas' if whole else 'that the case names'} beats the proposal on {row[0]} "
                        f"at the central assumptions{also}.")
    said.append("Exact: every map of these areas is compared." if whole else
                "Only the maps that the case names are compared.")
    return " ".join((*dict.fromkeys(said), "A command keeps the proposal's commander if it holds the area of the "
                     "headquarters. Better: no worse on every measure of the criteria and better on one; what lies "
                     "outside the criteria may be worse, and is listed. "
                     f"Again: simulated anew over {PAIRS} weeks, with the range that chance leaves."))


# ---------------------------------------------------------------------------------------------------------------
# Each map against today and against the proposal, week by week.


def pairs_with(
    case: Case, found: Sequence[Row], response: Response | None, pool: Executor | None = None
) -> dict[tuple[Sets, str], Pair]:
    """Every map of these areas against today and against the proposal over forty weeks of the same calls.

    By the map's commands and the other's name; without those that have no steady state.
    """
    groupings = [row.way.grouping for row in found if not row.way.joins] if response is not None else []
    came = dict(zip(map(sets_of, groupings), outcomes(case, groupings, pool), strict=True))
    pairs = {(sets, name): paired(case, came.get(base), after) for name in BASES for sets, after in came.items()
             if sets != (base := sets_of(case.scheme.option(name).grouping))}
    return {key: pair for key, pair in pairs.items() if pair is not None}


def pairs_table(case: Case, pairs: Mapping[tuple[Sets, str], Pair]) -> ResultTable:
    """The table of `pairs_with`: the change in both grades, its interval and state, and the area that loses most."""
    rows = [(told(case, sets), name, *_whole(pair), *_worst(case, pair)) for (sets, name), pair in pairs.items()]
    columns = ("map", "against", *(c.replace("again", "change") for c in _WHOLE), "worst_area", "worst_grade",
               "worst_change", "worst_change_low", "worst_change_high")
    units = ("", "", *(("points",) * 3 + ("",)) * 2, "", "", *("points",) * 3)
    note = (f"Points of calls in target, the map less the other, over {PAIRS} weeks of the same calls at the central "
            "assumptions; the range is the 90% t interval over weeks, chance alone. Better or worse: the whole range "
            "is on one side of nought. Worst: the area and grade that lose most. Whole maps, help across command "
            "borders included.") if rows else "Nothing was simulated."
    return ResultTable("alternatives_pairs", "Response under each map, against today and against the proposal",
                       columns, units, tuple(rows), note=note)


def _whole(pair: Pair) -> list[Cell]:
    cells: list[Cell] = []
    for g in range(2):
        low, high = float(pair.low[g]), float(pair.high[g])
        state = "better" if low > 0 else "worse" if high < 0 else "not shown"
        cells += [round(float(pair.change[g]), 1) + 0.0, round(low, 1) + 0.0, round(high, 1) + 0.0, state]
    return cells


def _worst(case: Case, pair: Pair) -> list[Cell]:
    area, grade = np.unravel_index(int(np.argmin(pair.areas)), pair.areas.shape)
    ends = (pair.areas[area, grade], pair.areas_low[area, grade], pair.areas_high[area, grade])
    return [short_name(case, case.scheme.scope[int(area)]), ("immediate", "significant")[int(grade)],
            *(round(float(x), 1) + 0.0 for x in ends)]


# ---------------------------------------------------------------------------------------------------------------
# The trade-off.

AXES = (("saving", "distance"), ("saving", "largest"), ("neutral", "distance"), ("immediate", "distance"))
"""The pairs of measures whose trade-off is drawn; a map is on the frontier of a pair if none beats it on both."""


def tradeoff_table(case: Case, found: Sequence[Row], response: Response | None) -> ResultTable:
    """Every map of these areas and every option of the case: where it stands on the trade-off of money and closeness.

    `best_in_weightings`: the share of all weightings of saving, closeness and response under which it comes first,
    maps of these areas only (Lahdelma, Hokkanen and Salminen, European Journal of Operational Research 106, 1998).
    """
    own = [row for row in found if not row.way.joins]
    maps = [(told(case, sets_of(r.way.grouping)), identity(case, r.way.grouping), "map", r.worth, r.served)
            for r in own]
    further = [o for o in case.scheme.options if o.kind in ("cuts", "redesigned")]
    said = response(case, [o.grouping for o in further]) if response is not None else (Served(),) * len(further)
    maps += [_option(case, o, s) for o, s in zip(further, said, strict=True)]
    front = [_on_frontier([(w, s) for _, _, kind, w, s in maps if kind == "map"], axes) for axes in AXES]
    shares = best_in_weightings([(w, s) for _, _, kind, w, s in maps if kind == "map"])
    rows = []
    for i, (name, is_, kind, w, s) in enumerate(maps):
        on = [("yes" if f[i] else "no") if kind == "map" and f is not None else "not asked" for f in front]
        rows.append((name, is_, kind, w.saving, s.neutral, w.distance, w.largest, s.immediate, s.significant, *on,
                     shares[i] if kind == "map" and shares is not None else None))
    columns = ("map", "is", "kind", "saving_a_year", "saving_at_equal_service", "distance_mean", "largest_command",
               "immediate_in_target", "significant_in_target", "on_frontier_saving_distance",
               "on_frontier_saving_largest", "on_frontier_equal_service_distance", "on_frontier_immediate_distance",
               "best_in_weightings")
    units = ("", "", "", "GBP a year", "GBP a year", "km", "people for one commander", "%", "%", "", "", "", "",
             "% of weightings")
    which = "of these areas" if all_listed(case) else "that the case names"
    return ResultTable("alternatives_tradeoff", f"Money against closeness: every map {which} and every option",
                       columns, units, tuple(rows), note=_tradeoff_note(rows))


def _option(case: Case, option: Option, said: Served) -> tuple[str, str, str, Worth, Served]:
    return option.title, option.name, option.kind, worth(case, option.grouping), said


def _figure(worth_: Worth, served: Served, name: str) -> float | None:
    value: float | None = getattr(served if name in SHARES or name == "neutral" else worth_, name)
    return value


def _on_frontier(maps: Sequence[tuple[Worth, Served]], axes: tuple[str, str]) -> list[bool] | None:
    """Which maps no other beats on both measures; None where a figure is not known."""
    points = [[_figure(w, s, name) for name in axes] for w, s in maps]
    if any(v is None for point in points for v in point):
        return None
    signs = [1.0 if name in _LOWER else -1.0 for name in axes]
    costs = np.array(points, dtype=np.float64) * signs
    beaten = [bool(((costs <= own).all(axis=1) & (costs < own).any(axis=1)).any()) for own in costs]
    return [not b for b in beaten]


def best_in_weightings(maps: Sequence[tuple[Worth, Served]]) -> list[float] | None:
    """The share, per cent, of all weightings of saving, distance and response under which each map comes first.

    Each measure runs from 0, worst of these maps, to 1, best; weights that add up to one on a grid of twentieths.
    """
    names = ("saving", "distance", "immediate", "significant")
    points = [[_figure(w, s, name) for name in names] for w, s in maps]
    if any(v is None for point in points for v in point):
        return None
    values = np.array(points, dtype=np.float64) * [-1.0 if n in _LOWER else 1.0 for n in names]
    span = np.ptp(values, axis=0)
    scaled = np.divide(values - values.min(axis=0), span, out=np.zeros_like(values), where=span > 0)
    scores = np.column_stack([scaled[:, 0], scaled[:, 1], scaled[:, 2:].mean(axis=1)])
    grid = np.array([(a, b, _STEPS - a - b) for a, b in product(range(_STEPS + 1), repeat=2) if a + b <= _STEPS])
    first = np.argmax(np.round(scores @ grid.T, 9), axis=0)
    return [round(100.0 * float((first == m).mean()), 1) + 0.0 for m in range(len(maps))]


def _tradeoff_note(rows: Sequence[tuple[Cell, ...]]) -> str:
    front = [row for row in rows if row[9] == "yes"]
    first = max((row for row in rows if isinstance(row[-1], float)), key=lambda row: float(str(row[-1])), default=None)
    said = [f"{len(front)} of the maps of these areas are on the trade-off of saving and distance: none of the others "
            "saves more and keeps the commander nearer."]
    if first is not None:
        said.append(f"Whatever weights are put on saving, distance and response, {first[0]} comes first under "
                    f"{first[-1]}% of them, more than any other map.")
    return " ".join((*said, "Cuts are those that reach the proposal's yearly cost without a merger; they are an "
                     "option, not a map. No weight is ours: the share of weightings is printed instead, and closeness "
                     "is nowhere turned into money."))
