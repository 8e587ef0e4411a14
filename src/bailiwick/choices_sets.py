"""In how many accepted sets of assumptions does one map beat another, and how far does each figure range?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bailiwick.case import Case
from bailiwick.choices_local import ALL, BALANCE, CLOSENESS, MATTERS, Row
from bailiwick.choices_response import Response, Served
from bailiwick.choices_ways import Worth, sets_of, told, worth
from bailiwick.findings import holds
from bailiwick.scheme import Grouping
from bailiwick.tables import Cell, ResultTable
from bailiwick.workers import spread

SIMULATED_SETS = 3
"""Accepted sets in which every map is simulated; money and closeness are asked of all of them."""

MOST_TRIED = 9
"""Accepted sets that are tried for those: in some, today has no steady state and no map is compared."""

_BATCH = 10
_ENDS = (0.05, 0.95)
SHARES: Mapping[str, str] = dict.fromkeys(
    ("immediate", "immediate_worst", "significant", "significant_worst"), "higher")
CRITERIA: Mapping[str, Mapping[str, str]] = {
    "balance": BALANCE,
    "closeness": CLOSENESS,
    "response": SHARES,
    "closeness and response": {**CLOSENESS, **SHARES},
    "saving at equal service and closeness": {"neutral": "higher", **CLOSENESS},
    "money and closeness": ALL,
    "all": {**ALL, "neutral": "higher", **SHARES},
}
"""The criterion sets on which one map can beat another, each with the end that is better of every measure in it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What each of some maps comes to in one set of assumptions; `served` is empty where nothing was simulated."""

    worths: tuple[Worth, ...]
    served: tuple[Served, ...]

    def value(self, map: int, name: str) -> float | None:
        """One measure of one map; None where it is not known."""
        if name in SHARES or name in ("neutral", "officers"):
            return getattr(self.served[map], name) if self.served else None
        number: float | None = getattr(self.worths[map], name)
        return number

    def beats(self, a: int, b: int, wishes: Mapping[str, str]) -> bool:
        """Whether map a is no worse than map b on every measure and better on one; unknown never beats.

        A share of calls is better only by `MATTERS` points or more.
        """
        strictly = False
        for name, wish in wishes.items():
            x, y = self.value(a, name), self.value(b, name)
            if x is None or y is None:
                return False
            gain = y - x if wish == "lower" else x - y
            if gain < 0:
                return False
            strictly = strictly or gain >= (MATTERS if name in SHARES else 1e-12)
        return strictly


def central(found: Sequence[Row]) -> Seen:
    """The maps of the scope's own areas at the central assumptions."""
    own = [row for row in found if not row.way.joins]
    return Seen(tuple(row.worth for row in own), tuple(row.served for row in own))


def seen_in_sets(
    case: Case, found: Sequence[Row], response: Response | None, pool: Executor | None = None
) -> tuple[Seen, ...]:
    """The maps of the scope's own areas in every accepted set of the case.

    They are simulated in the first few sets in which today has a steady state. Empty where the case has no accepted
    sets yet.
    """
    groupings = tuple(row.way.grouping for row in found if not row.way.joins)
    ks = tuple(range(len(case.accepted)))
    batches = [ks[i:i + _BATCH] for i in range(0, len(ks), _BATCH)]
    worths = [w for part in spread(pool, partial(_worths, case, groupings), batches) for w in part]
    said = {} if response is None else _simulated(case, groupings, response, ks[:MOST_TRIED], pool)
    return tuple(Seen(w, said.get(k, ())) for k, w in enumerate(worths))


def _worths(case: Case, groupings: Sequence[Grouping], ks: Sequence[int]) -> list[tuple[Worth, ...]]:
    return [tuple(worth(drawn, g) for g in groupings) for drawn in (case.draw(k) for k in ks)]


def _simulated(
    case: Case, groupings: Sequence[Grouping], response: Response, ks: Sequence[int], pool: Executor | None
) -> dict[int, tuple[Served, ...]]:
    """The simulated maps by number of the set: the first few sets of `ks` in which today has a steady state."""
    said: dict[int, tuple[Served, ...]] = {}
    while ks and len(said) < SIMULATED_SETS:
        wanted = SIMULATED_SETS - len(said)
        now, ks = ks[:wanted], ks[wanted:]
        found = spread(pool, partial(_served, case, groupings, response), now)
        said.update({k: one for k, one in zip(now, found, strict=True) if one})
    return said


def _served(case: Case, groupings: Sequence[Grouping], response: Response, k: int) -> tuple[Served, ...]:
    """What is simulated of each map in a set; nothing where today has no steady state."""
    drawn = case.draw(k)
    today = response(drawn, (case.scheme.option("today").grouping,))
    return tuple(response(drawn, groupings)) if today[0].shares is not None else ()


# ---------------------------------------------------------------------------------------------------------------
# Ranges.

RANGED: tuple[tuple[str, str], ...] = (
    ("saving_a_year", "saving"), ("constables_against_today", "constables"), ("immediate_in_target", "immediate"),
    ("immediate_worst_area", "immediate_worst"), ("significant_in_target", "significant"),
    ("significant_worst_area", "significant_worst"), ("officers_to_restore", "officers"),
    ("saving_at_equal_service", "neutral"),
)
"""Columns of the local table that range over the accepted sets, and the measure behind each."""


def with_ranges(table: ResultTable, found: Sequence[Row], sets: Sequence[Seen]) -> ResultTable:
    """The local table with a low and a high column for each figure that an assumption moves.

    The range holds 90% of the sets in which the figure is known, and the figure itself; empty where it is known in
    none, as for maps that are not simulated.
    """
    columns, units, rows = list(table.columns), list(table.units), [list(row) for row in table.rows]
    own = iter(range(len(found)))
    place = [None if row.way.joins else next(own) for row in found]
    for column, name in RANGED:
        at = table.columns.index(column)
        columns += [f"{column}_low", f"{column}_high"]
        units += [table.units[at]] * 2
        for row, m in zip(rows, place, strict=True):
            row += _range(row[at], [] if m is None else [v for s in sets if (v := s.value(m, name)) is not None])
    return replace(table, columns=tuple(columns), units=tuple(units), rows=tuple(tuple(row) for row in rows),
                   note=f"{table.note} {_said(sets)}")


def _range(value: Cell, sets: Sequence[float]) -> list[Cell]:
    if not isinstance(value, int | float) or not sets:
        return [None, None]
    low, high = np.quantile(np.array(sets, dtype=np.float64), _ENDS)
    digits = 1 if value != round(value) else 0
    return [round(min(float(low), value), digits) + 0.0, round(max(float(high), value), digits) + 0.0]


def _said(sets: Sequence[Seen]) -> str:
    if not sets:
        return "Central assumptions only: no accepted sets were at hand, so nothing has a range."
    simulated = sum(any(one.shares is not None for one in s.served) for s in sets)
    how = (f"what is simulated was so in {simulated} of them, the first in which today has a steady state "
           f"(at most {min(MOST_TRIED, len(sets))} tried)") if simulated else "nothing was simulated in them"
    return f"Ranges hold 90% of {len(sets)} accepted sets; {how}."


# ---------------------------------------------------------------------------------------------------------------
# Who beats whom.


def beaten_table(case: Case, found: Sequence[Row], sets: Sequence[Seen]) -> ResultTable:
    """For each map of these areas and each criterion set: the map that beats it, and in how many sets one does."""
    own = [row for row in found if not row.way.joins]
    middle = central(found)
    rows = [
        (_told(case, own[m]), criteria, *_by(case, own, middle, m, wishes), *_share(sets, own, m, wishes))
        for m in range(len(own)) for criteria, wishes in CRITERIA.items()
    ]
    return ResultTable(
        "alternatives_beaten", "Which map beats which, and in how many sets of assumptions",
        ("map", "criteria", "beaten", "by", "sets_beaten", "sets", "holds_in"), ("", "", "", "", "sets", "sets", ""),
        tuple(rows), note=_beaten_note(case, own, sets))


def _told(case: Case, row: Row) -> str:
    return told(case, sets_of(row.way.grouping))


def _alike(own: Sequence[Row], m: int, criteria: Mapping[str, str]) -> list[int]:
    """The maps that a map is compared with: on balance only those of as many commands."""
    size = len(own[m].way.grouping.commands)
    return [n for n, row in enumerate(own)
            if n != m and (criteria is not BALANCE or len(row.way.grouping.commands) == size)]


def known(seen: Seen, m: int, wishes: Mapping[str, str]) -> bool:
    """Whether every measure of a criterion set is known for a map."""
    return all(seen.value(m, name) is not None for name in wishes)


def _by(case: Case, own: Sequence[Row], seen: Seen, m: int, wishes: Mapping[str, str]) -> tuple[str, str]:
    if not known(seen, m, wishes):
        return "not known", ""
    better = [n for n in _alike(own, m, wishes) if seen.beats(n, m, wishes)]
    top = [n for n in better if not any(seen.beats(o, n, wishes) for o in better)] or better
    return ("yes", _told(case, own[top[0]])) if better else ("no", "")


def _share(sets: Sequence[Seen], own: Sequence[Row], m: int, wishes: Mapping[str, str]) -> tuple[int, int, str]:
    asked = [s for s in sets if known(s, m, wishes)]
    hit = sum(any(s.beats(n, m, wishes) for n in _alike(own, m, wishes)) for s in asked)
    return hit, len(asked), holds(hit / len(asked)) if asked else "not asked"


def _beaten_note(case: Case, own: Sequence[Row], sets: Sequence[Seen]) -> str:
    proposal = next((m for m, row in enumerate(own)
                     if sets_of(row.way.grouping) == sets_of(case.scheme.option("proposed").grouping)), None)
    said: list[str] = []
    if proposal is not None:
        for criteria, wishes in CRITERIA.items():
            hit, asked, word = _share(sets, own, proposal, wishes)
            if asked and criteria in ("response", "closeness", "saving at equal service and closeness", "all"):
                said.append(f"On {criteria} the proposal is beaten in {word} of the sets ({hit} of {asked}).")
    return " ".join((*said, "Beaten: another map of the same areas is no worse on every measure of the criteria and "
                     "better on one. Balance: residents and crimes of each command, among maps of as many commands. "
                     "Closeness: largest command, mean and worst distance, likeness of crime, councils for each "
                     "commander, shared priorities. Response: calls in target of both grades, of all and of the worst "
                     f"area, better by {MATTERS:g} point at least. Money: posts saved and residents who change "
                     "commander. All: these together, and the saving left after today's service is restored."))
