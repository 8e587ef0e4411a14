"""With hindsight: what did the roll-out after the decision change, command by command?

Never part of an appraisal made before the roll-out: it reads dates that were published later, and answers only for a
case judged on a day by which they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bailiwick.case import Case
from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.effect import Design
from bailiwick.evaluation.estimation import answered
from bailiwick.evaluation.panel import Names, Panel, TreatedGroup, from_long, start_position, with_pilots
from bailiwick.evaluation.pilots_panels import INDEX
from bailiwick.evaluation.pilots_words import rounded
from bailiwick.evaluation.question import question
from bailiwick.evaluation.robustness import in_time
from bailiwick.evaluation.strength import Circumstances, judged
from bailiwick.tables import Cell, ResultTable

METHODS = ("sdid", "did", "dsc")
OUTCOME = ("crimes_total", "crimes")
_COLUMNS = (
    ("command", ""), ("live", "date"), ("until", "date"), ("outcome", ""), ("effect", INDEX), ("effect_low", INDEX),
    ("effect_high", INDEX), ("p", "share of placebos as large"), ("p_floor", "share, the smallest possible"),
    ("placebos", ""), ("smallest_seen", INDEX), ("verdict", ""), ("says", ""),
)


def rollout(case: Case) -> ResultTable:
    """Each command of the roll-out against the areas that went live later, until the first of them did.

    The panel is all recorded crime by area and month.  Before any go-live date was published there is nothing to say.
    """
    title = "With hindsight: the roll-out, command by command"
    live = _commands(case)
    rows = tuple(_row(case, name, live) for name in sorted(live, key=lambda name: (live[name][0], name)))
    if not rows:
        note = f"Nothing of a roll-out was known on {case.as_of.isoformat()}."
    else:
        told = sum(row[11] not in ("cannot tell", None) for row in rows)
        note = (f"Hindsight, never known when it was decided. In {told} of {len(rows)} commands the data can tell: "
                "places that had not gone live yet are few and soon gone.")
    return ResultTable("pilots_hindsight", title, tuple(c for c, _ in _COLUMNS), tuple(u for _, u in _COLUMNS), rows,
                       note=note)


def _commands(case: Case) -> dict[str, tuple[date, tuple[str, ...]]]:
    found: dict[str, tuple[date, tuple[str, ...]]] = {}
    for row in case.tables.get("rollout", ()):
        day, area = row["live"], str(row["area"])
        if isinstance(day, date):
            _, areas = found.get(str(row["command"]), (day, ()))
            found[str(row["command"])] = (day, tuple(sorted((*areas, area))))
    return found


def _row(case: Case, name: str, live: Mapping[str, tuple[date, tuple[str, ...]]]) -> tuple[Cell, ...]:
    day, areas = live[name]
    later = {other: told for other, told in live.items() if (told[0].year, told[0].month) > (day.year, day.month)}
    until = min((told[0] for told in later.values()), default=None)
    title = next((c.meaning for c in case.tables[OUTCOME[0]].schema.columns if c.name == OUTCOME[1]), OUTCOME[1])
    head: tuple[Cell, ...] = (name, day, until, title)
    if until is None:
        return (*head, *([None] * 8), "nowhere went live later: there is nothing to compare with")
    donors = tuple(sorted(area for _, told in later.values() for area in told))
    try:
        return (*head, *_answer(_panel(case, areas, donors, (day, until)), name))
    except (MethodError, CaseError) as error:
        return (*head, *([None] * 8), error.expected if isinstance(error, CaseError) else str(error))


def _panel(case: Case, areas: tuple[str, ...], donors: tuple[str, ...], days: tuple[date, date]) -> Panel:
    table, column = OUTCOME
    kept = [row for row in case.tables[table] if row["area"] in areas or row["area"] in donors]
    if not kept:
        raise MethodError("no figures were published")
    whole = from_long([str(row["area"]) for row in kept], [str(row["reference_period"]) for row in kept],
                      [float(row[column]) for row in kept],  # type: ignore[arg-type]
                      names=Names(f"table {table}", f"{table}.{column}", "crimes"))
    count = min(whole.axis.count, max(1, int(whole.axis.position(days[1].isoformat()))))
    panel = replace(whole, axis=whole.axis.part(0, count), y=whole.y[:, :count])
    start, exposed = start_position(panel.axis, days[0].isoformat())
    return with_pilots(panel, [TreatedGroup("command", areas, start, exposed=exposed)])


def _answer(panel: Panel, name: str) -> tuple[Cell, ...]:
    design = Design(scale="index", reference="all", solver="nnls")
    asked = question(panel, design)
    effects = {method: answered(asked, RECIPES[method]) for method in METHODS}
    head = replace(effects["sdid"], in_time=in_time(panel, RECIPES["sdid"], design=design), outcome=name)
    effects["sdid"] = head
    said = judged(effects, "sdid", around=Circumstances())
    low, high = head.interval or (None, None)
    return (rounded(head.att), rounded(low), rounded(high), rounded(head.placebo_p, 4), rounded(head.p_floor, 4),
            head.placebo_n, rounded(head.mde), said.verdict,
            f"exploratory, against {len(head.donors)} areas that went live later; {said.sentence}")
