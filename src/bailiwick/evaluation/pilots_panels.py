"""Which outcomes of the pilots can be measured on the case's own tables, on which panel, and which cannot?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bailiwick.case import Case
from bailiwick.errors import CaseError, MethodError
from bailiwick.evaluation.checks import FEW_A_PERIOD
from bailiwick.evaluation.effect import Design
from bailiwick.evaluation.panel import Floats, Names, Panel, from_long
from bailiwick.evaluation.plan import Plan, PlannedOutcome
from bailiwick.evaluation.rolling import exposure
from bailiwick.tables import Column, Table

INDEX = "% of own mean before"
ACTIVITY = "activity"
WINDOWS = {"survey": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One outcome on its panel: `title` in plain words, `window` the periods that one value covers."""

    planned: PlannedOutcome
    title: str
    label: str
    panel: Panel
    design: Design
    window: int

    @property
    def name(self) -> str:
        """The outcome as table.column."""
        return self.planned.name

    @property
    def unit(self) -> str:
        """The unit of effects on this outcome."""
        return self.planned.unit

    def exposed(self, pilot: str) -> Floats:
        """Share of each value [periods] that was observed after the pilot's start."""
        group = next(g for g in self.panel.pilots if g.id == pilot)
        return exposure(self.panel.axis.count, group.start, window=self.window, exposed=group.exposed)


@dataclass(frozen=True, slots=True)
class Refused:
    """An outcome that cannot be measured, and why."""

    name: str
    title: str
    why: str


def outcomes(case: Case, plan: Plan) -> tuple[tuple[Measured, ...], tuple[Refused, ...]]:
    """The outcomes of the plan, and those of the same tables that it does not name (exploratory), each on its panel.

    An outcome without rows by the appraisal's date, without a period on both sides of the start, or with fewer than
    eight cases a period somewhere, is refused with the reason.
    """
    measured: list[Measured] = []
    refused: list[Refused] = []
    for planned, label in (*((o, _label(o)) for o in plan.outcomes), *_unplanned(case, plan)):
        table = planned.name.partition(".")[0]
        described = _column(case, planned.name)
        try:
            panel = _panel(case, plan, case.tables[table], described)
            measured.append(_measured(plan, planned, (described.meaning, label), panel))
        except (CaseError, MethodError) as error:
            refused.append(Refused(planned.name, described.meaning, _one_line(error)))
    return tuple(measured), tuple(refused)


def _label(planned: PlannedOutcome) -> str:
    return ACTIVITY if planned.family.startswith(ACTIVITY) else "plan"


def _unplanned(case: Case, plan: Plan) -> tuple[tuple[PlannedOutcome, str], ...]:
    named = {outcome.name for outcome in plan.outcomes}
    found = []
    for name in sorted({outcome.name.partition(".")[0] for outcome in plan.outcomes}):
        for column in case.tables[name].schema.columns if name in case.tables else ():
            address = f"{name}.{column.name}"
            if column.kind in ("number", "integer") and address not in named:
                unit = INDEX if column.kind == "integer" else "points"
                found.append((PlannedOutcome(address, unit, "neither", "exploratory", None, "secondary"),
                              "exploratory"))
    return tuple(found)


def _column(case: Case, address: str) -> Column:
    table, _, name = address.partition(".")
    for column in case.tables[table].schema.columns if table in case.tables else ():
        if column.name == name and column.kind in ("number", "integer"):
            return column
    known = ", ".join(f"{t}.{c.name}" for t in sorted(case.tables) for c in case.tables[t].schema.columns
                      if c.kind in ("number", "integer") and "reference_period" in case.tables[t].schema.key)
    raise CaseError(f"case {case.name}, evaluation plan", "outcomes.name", got=address,
                    expected=f"a number column of a table by area and period: {known}")


def _panel(case: Case, plan: Plan, table: Table, column: Column) -> Panel:
    rows = [row for row in table.rows if row[column.name] is not None]
    if not rows:
        raise MethodError(f"nothing had been published by {case.as_of.isoformat()}")
    names = Names(f"table {table.schema.name}", f"{table.schema.name}.{column.name}", column.unit,
                  source=table.schema.title, vintage=", ".join(sorted({str(row["vintage"]) for row in rows})))
    panel = from_long([str(row["area"]) for row in rows], [str(row["reference_period"]) for row in rows],
                      [float(row[column.name]) for row in rows], names=names)  # type: ignore[arg-type]
    if plan.until is not None:
        count = min(panel.axis.count, max(1, int(panel.axis.position(plan.until))))
        panel = replace(panel, axis=panel.axis.part(0, count), y=panel.y[:, :count])
    index = {unit: k for k, unit in enumerate(panel.units)}
    pairs = {kind: tuple(sorted(tuple(sorted((index[link.a], index[link.b]))) for link in case.system.contiguity
                                if link.kind == kind and link.a in index and link.b in index))
             for kind in ("land", "crossing")}
    return plan.applied(replace(panel, adjacency=pairs["land"], crossings=pairs["crossing"]))  # type: ignore[arg-type]


def _measured(plan: Plan, planned: PlannedOutcome, words: tuple[str, str], panel: Panel) -> Measured:
    first = min(group.start for group in panel.pilots)
    if planned.unit == INDEX:
        low = panel.y[:, :first].mean(axis=1)
        few = [panel.units[k] for k in range(len(panel.units)) if low[k] < FEW_A_PERIOD]
        if few:
            raise MethodError(f"fewer than {FEW_A_PERIOD} a month before the start in {len(few)} areas: too few to "
                              "tell a change from chance")
    settings = plan.design(panel, planned.name)
    design = replace(settings, since=None, until=None, solver="nnls",
                     scale="index" if planned.unit == INDEX else settings.scale)
    window = WINDOWS.get(planned.name.partition(".")[0], 1)
    return Measured(planned, words[0], words[1], panel, design, window)


def _one_line(error: Exception) -> str:
    if isinstance(error, CaseError):
        return f"{error.got}: expected {error.expected}" + (f" ({error.hint})" if error.hint else "")
    return str(error)
