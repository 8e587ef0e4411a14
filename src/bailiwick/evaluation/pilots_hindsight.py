"""With hindsight: what changed with each command as it went live, pilots and roll-out alike?

Never part of an appraisal made before the roll-out: it reads dates that were published later, and answers only for a
case judged on a day by which they were.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from bailiwick.case import Case
from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.effect import Design
from bailiwick.evaluation.estimation import answered
from bailiwick.evaluation.panel import Names, Panel, TreatedGroup, from_long, start_position, with_pilots
from bailiwick.evaluation.pilots_panels import INDEX
from bailiwick.evaluation.pilots_words import listed, rounded
from bailiwick.evaluation.plan import plan_from_toml
from bailiwick.evaluation.question import question
from bailiwick.evaluation.robustness import in_time
from bailiwick.evaluation.strength import Circumstances, Confounder, judged
from bailiwick.tables import Cell, ResultTable

METHODS = ("sdid", "did", "dsc")
OUTCOME = ("crimes_total", "crimes")
UNDATED = "commands of which no source gives the day"
_COLUMNS = (
    ("command", ""), ("live", "date"), ("until", "date"), ("outcome", ""), ("effect", INDEX), ("effect_low", INDEX),
    ("effect_high", INDEX), ("p", "share of placebos as large"), ("p_floor", "share, the smallest possible"),
    ("placebos", ""), ("smallest_seen", INDEX), ("verdict", ""), ("says", ""), ("kind", ""),
    ("against", "areas that went live later"), ("months", "wholly or partly after"),
    ("effect_with_undated", INDEX), ("smallest_seen_with_undated", INDEX), ("against_with_undated", "areas"),
)
_EMPTY: tuple[Cell, ...] = (None,) * 8


@dataclass(frozen=True, slots=True)
class _Command:
    """A command, its areas, the day it went live (None: nobody published it), and whether it was a pilot."""

    name: str
    areas: tuple[str, ...]
    live: date | None
    pilot: bool = False


def rollout(case: Case) -> ResultTable:
    """Every command against the areas that went live later, until the first of them did; one row for each.

    The panel is all recorded crime by area and month. The last columns are a what-if: the same with the areas of the
    undated commands as comparisons too, as if they had gone live after the window. Before any go-live date of the
    roll-out was published there is nothing to say.
    """
    title = "With hindsight: every command, by the day it went live"
    every = _commands(case)
    rows = tuple(_row(case, one, every) for one in every)
    return ResultTable("pilots_hindsight", title, tuple(c for c, _ in _COLUMNS), tuple(u for _, u in _COLUMNS), rows,
                       note=_note(case, every, rows))


def _note(case: Case, every: tuple[_Command, ...], rows: tuple[tuple[Cell, ...], ...]) -> str:
    if not rows:
        return f"Nothing of a roll-out was known on {case.as_of.isoformat()}."
    tested = [row for row in rows if row[4] is not None]
    changed = [row for row in tested if row[11] == "changed"]
    seen = [float(row[10]) for row in tested if row[10] is not None]  # type: ignore[arg-type]
    text = f"Hindsight, never known when it was decided. Of {len(every)} commands {len(tested)} can be tested at all; "
    disputed = sum("disputed" in str(row[12]) for row in changed)
    text += (f"recorded crime changed in {listed([f'{row[0]} ({row[4]:+g}%)' for row in changed])}, its cause disputed "
             f"in {disputed} of {len(changed)}; the rest cannot tell. " if changed else
             "in none of them can the data tell. ")
    if seen:
        text += (f"Only changes of {min(seen):.0f} to {max(seen):.0f}% would have been seen four times in five: places "
                 "that had not gone live yet are few and soon gone. ")
    undated = [one.name for one in every if one.live is None]
    if undated:
        text += f"No source gives the day for {listed(undated)}. "
    return (text + f"{len(tested)} tests at 5% each, not corrected for their number. Recorded crime follows police "
            "work and recording as much as crime. Response by area was never published, and opinion is a moving year: "
            "by its first value wholly after the start every comparison had gone live.")


def _commands(case: Case) -> tuple[_Command, ...]:
    """All commands by the day they went live, the undated last; none before a day of the roll-out was published."""
    dated: dict[str, tuple[date, tuple[str, ...]]] = {}
    for row in case.tables.get("rollout", ()):
        day, name = row["live"], str(row["command"])
        if isinstance(day, date):
            dated[name] = (day, tuple(sorted((*dated.get(name, (day, ()))[1], str(row["area"])))))
    if not dated:
        return ()
    found = [_Command(name, areas, day) for name, (day, areas) in dated.items()]
    found += [_Command(p.title, p.areas, p.phases[0].start, pilot=True) for p in case.scheme.pilots if p.phases]
    taken = {area for one in found for area in one.areas}
    named: dict[str, list[str]] = {}
    for row in case.tables.get("announced", ()):
        if row["area"] not in taken:
            named.setdefault(str(row["command"]), []).append(str(row["area"]))
    left = sorted(_areas(case) - taken - {area for areas in named.values() for area in areas})
    found += [_Command(name, tuple(sorted(areas)), None) for name, areas in named.items()]
    found += [_Command(UNDATED, tuple(left), None)] if left else []
    return tuple(sorted(found, key=lambda one: (one.live or date.max, one.name)))


def _areas(case: Case) -> set[str]:
    return {str(row["area"]) for row in case.tables.get(OUTCOME[0], ())}


def _row(case: Case, one: _Command, every: tuple[_Command, ...]) -> tuple[Cell, ...]:
    title = next((c.meaning for c in case.tables[OUTCOME[0]].schema.columns if c.name == OUTCOME[1]), OUTCOME[1])
    kind = "pilot" if one.pilot else "roll-out"
    rest: tuple[Cell, ...] = (kind, None, None, None, None, None)
    if one.live is None:
        return (one.name, None, None, title, *_EMPTY,
                "no source gives the day it went live: neither tested nor compared with", *rest)
    day = one.live
    later = [c for c in every if c.live is not None and not c.pilot and _month(c.live) > _month(day)]
    until = min((c.live for c in later if c.live is not None), default=None)
    head: tuple[Cell, ...] = (one.name, day, until, title)
    if until is None:
        return (*head, *_EMPTY, "nowhere went live later: there is nothing to compare with", *rest)
    donors = tuple(sorted(area for c in later for area in c.areas))
    undated = tuple(sorted(area for c in every if c.live is None for area in c.areas))
    try:
        panel = _panel(case, one.areas, donors, (day, until))
        told = _answer(case, panel, one.name)
    except (MethodError, CaseError) as error:
        said = error.expected if isinstance(error, CaseError) else str(error).split(". ")[0]
        return (*head, *_EMPTY, said, kind, len(donors), *rest[2:])
    months = panel.axis.count - panel.pilots[0].start
    return (*head, *told, kind, len(donors), months, *_what_if(case, one, (*donors, *undated), (day, until)))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _panel(case: Case, areas: tuple[str, ...], donors: tuple[str, ...], days: tuple[date, date]) -> Panel:
    table, column = OUTCOME
    kept = [row for row in case.tables[table] if row["area"] in areas or row["area"] in donors]
    if not kept:
        raise MethodError("no figures were published")
    whole = from_long([str(row["area"]) for row in kept], [str(row["reference_period"]) for row in kept],
                      [float(row[column]) for row in kept],  # type: ignore[arg-type]
                      names=Names(f"table {table}", f"{table}.{column}", "crimes"))
    count = min(whole.axis.count, max(1, int(whole.axis.position(days[1].isoformat()))))
    index = {unit: k for k, unit in enumerate(whole.units)}
    pairs = sorted({(min(index[k.a], index[k.b]), max(index[k.a], index[k.b])) for k in case.system.contiguity
                    if k.a in index and k.b in index and k.kind == "land"})
    panel = replace(whole, axis=whole.axis.part(0, count), y=whole.y[:, :count], adjacency=tuple(pairs))
    start, exposed = start_position(panel.axis, days[0].isoformat())
    return with_pilots(panel, [TreatedGroup("command", areas, start, exposed=exposed)])


def _answer(case: Case, panel: Panel, name: str) -> tuple[Cell, ...]:
    design = Design(scale="index", reference="all", solver="nnls")
    asked = question(panel, design)
    effects = {method: answered(asked, RECIPES[method]) for method in METHODS}
    head = replace(effects["sdid"], in_time=in_time(panel, RECIPES["sdid"], design=design), outcome=name)
    effects["sdid"] = head
    said = judged(effects, "sdid", around=Circumstances(_rivals(case)))
    low, high = head.interval or (None, None)
    return (rounded(head.att), rounded(low), rounded(high), rounded(head.placebo_p, 4), rounded(head.p_floor, 4),
            head.placebo_n, rounded(head.mde), said.verdict,
            f"exploratory, against {len(head.donors)} areas that went live later; {said.sentence}")


def _rivals(case: Case) -> tuple[Confounder, ...]:
    """The confounders of the case's plan that may have moved this outcome."""
    if not case.plan:
        return ()
    plan = plan_from_toml(case.plan.encode(), where=f"case {case.name}, evaluation plan")
    return tuple(replace(c, outcomes=()) for c in plan.confounders if c.touches(".".join(OUTCOME)))


def _what_if(case: Case, one: _Command, donors: tuple[str, ...], days: tuple[date, date]) -> tuple[Cell, ...]:
    """Effect, detectable effect and number of comparisons with the undated areas among them; nothing where none is."""
    try:
        panel = _panel(case, one.areas, donors, days)
        design = Design(scale="index", reference="contiguous", solver="nnls")
        effect = answered(question(panel, design), RECIPES["sdid"])
    except (MethodError, CaseError):
        return None, None, len(donors)
    return rounded(effect.att), rounded(effect.mde), len(donors)
