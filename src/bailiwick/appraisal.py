"""What do the rooms find for one case?  The only place where they meet.

`judge(case)` answers for one set of assumptions; `uncertainty.appraise` loops over the accepted sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bailiwick import finance, locality
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.network import network_of
from bailiwick.alternatives.rules import Rules
from bailiwick.case import Case
from bailiwick.evaluation import pilots
from bailiwick.findings import (
    Check,
    Fit,
    GateState,
    Measure,
    Number,
    Unavailable,
    by_area,
    combined,
    finding_id,
)
from bailiwick.response import answers, calibration
from bailiwick.response.restore import restoration
from bailiwick.response.service import judged, paired
from bailiwick.scheme import Gate, Option
from bailiwick.tables import ResultTable

ROOMS = (finance, locality)
_APART: tuple[Measure, ...] = tuple(measure for room in ROOMS for measure in room.MEASURES)
MEASURES: tuple[Measure, ...] = (*_APART, *answers.MEASURES)
_NEUTRAL = "finance.service_neutral_saving"
TABLES = {name: maker for room in (*ROOMS, pilots, answers) for name, maker in room.TABLES}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Every number of one draw, by finding id, and the tables that were asked for."""

    values: Mapping[str, Number]
    tables: Mapping[str, ResultTable]
    paired: Mapping[tuple[str, str, str], tuple[float, float]]


def judge(case: Case, *, tables: Iterable[str] = ()) -> Judgement:
    """The numbers of one draw of a case: each measure under each option for each area and for the scheme.

    Response is told by finance how many response constables each option leaves; finance is told by response how many
    officers restore the service, and prices them: the service-neutral saving.
    """
    posts = finance.response_constables(case)
    values: dict[str, Number] = dict(judged(case, posts))
    for option in case.scheme.options:
        for measure in MEASURES:
            if measure in _APART:
                found = by_area(case, measure, option)
                values.update({finding_id(measure.name, option.name, code): n for code, n in found.items()})
            else:
                found = {code: values[finding_id(measure.name, option.name, code)] for code in case.scheme.scope}
            values[finding_id(measure.name, option.name, "scheme")] = combined(case, measure, found)
        values[finding_id(_NEUTRAL, option.name, "scheme")] = _service_neutral(case, option, posts)
    return Judgement(values, {name: TABLES[name](case) for name in tables}, paired(case, posts))


def _service_neutral(case: Case, option: Option, posts: Mapping[str, Mapping[str, float]]) -> Number:
    """The saving left once service is bought back.

    Where even the most officers tried do not restore it, what is left after paying them is an upper bound: it stands
    if it is already below zero, else nothing is known.
    """
    found = restoration(case, option, posts)
    if isinstance(found, Unavailable):
        return found
    left = finance.service_neutral_saving(case, option, found.officers)
    if found.reached or left <= 0:
        return left
    return Unavailable("unknown", f"more than {found.officers:.0f} officers would be needed to restore the service")


def money_fits(case: Case) -> tuple[Fit, ...]:
    """The published money that a set of assumptions must reproduce, each figure with ours."""
    return finance.fits(case)


def response_fits(case: Case) -> tuple[Fit, ...]:
    """The published response that a set of assumptions must reproduce, each figure with ours; a simulation each."""
    return calibration.fits(case)


def whole(case: Case) -> tuple[Judgement, tuple[Check, ...]]:
    """The central judgement with every table, and all checks: what an appraisal asks for once."""
    judgement = judge(case, tables=TABLES)
    posts = finance.response_constables(case)
    prices = {rank: finance.cost_of_post(case, rank) for rank in ("constable", "inspector", "staff")}
    staffed = {name: maker(case, posts) for name, maker in answers.TABLES_WITH_POSTS} | {
        name: maker(case, posts, prices) for name, maker in answers.TABLES_WITH_PRICES}
    later = pilots.hindsight(case)
    known = {later.name: later} if later.rows else {}
    return replace(judgement, tables={**judgement.tables, **staffed, **known}), checks(case)


def names(case: Case) -> tuple[str, ...]:
    """The names of all measures, those included that the verdict's rule asks for and no room answers yet."""
    floor = case.rules.get("safety_floor")
    asked = floor["measures"] if isinstance(floor, Mapping) else ()
    return (*(measure.name for measure in MEASURES), *(str(rule["measure"]) for rule in asked))


def measure_named(name: str) -> Measure | None:
    """The measure of that name, or None where its room is not built yet."""
    return next((measure for measure in MEASURES if measure.name == name), None)


def checks(case: Case) -> tuple[Check, ...]:
    """The checks that the rooms make of themselves, and those of the appraisal as a whole."""
    evidence = tuple(check for maker in (*pilots.CHECKS, *answers.CHECKS) for check in maker(case))
    return integrity(case) + evidence + _own_checks(case)


def integrity(case: Case) -> tuple[Check, ...]:
    """The rooms' checks of their own arithmetic and inputs: one that fails means that the case is not sound."""
    return tuple(check for room in ROOMS for maker in room.CHECKS for check in maker(case))


def gates(case: Case) -> tuple[GateState, ...]:
    """Each gate with its state on the appraisal's date, from the latest evidence published by then."""
    return tuple(_gate(case, gate) for gate in case.scheme.gates)


def ranks(case: Case, cap: int = 6) -> ResultTable:
    """Where today's and the proposal's commands rank among all joined-up commands of the force, up to `cap` areas."""
    return locality.ranks(case, conceivable(case, cap))


def conceivable(case: Case, cap: int) -> tuple[tuple[str, ...], ...]:
    """Every joined-up command of up to `cap` areas of the force whose areas the case is about, over land."""
    force = case.system.area(case.scheme.scope[0]).force
    codes = [area.code for area in case.system.areas if area.force == force]
    table = commands(network_of(case.system, codes=codes), Rules(largest=cap))
    return tuple(table.members(row) for row in range(len(table)))


def _gate(case: Case, gate: Gate) -> GateState:
    known = sorted((e for e in gate.evidence if e.day <= case.as_of), key=lambda e: e.day)
    said = tuple(f"{e.day.isoformat()}: {e.text} ({e.url})" for e in known)
    late = ""
    if gate.criterion_dated is None and gate.evidence:
        late = " No dated criterion was published before it was tested."
    if known:
        state, text = known[-1].shows, known[-1].text + "." + late
    elif gate.due is not None and gate.due > case.as_of:
        state, text = "not met", "Not due yet." + late
    else:
        state, text = "cannot be known", "Nothing was published about it by the appraisal's date." + late
    return GateState(gate.name, gate.owner, gate.due, gate.requires, state, said, gate.criterion_dated, text)


def _own_checks(case: Case) -> tuple[Check, ...]:
    hidden = sum(table.hidden for table in case.tables.values())
    roles = {"fit", "test", "evidence", "context"}
    figures = case.tables.get("figures")
    twice = sorted({str(row["id"]) for row in figures if row["role"] not in roles}) if figures else []
    guesses = sum(a.kind == "guess" for a in case.assumptions.values())
    before = [g for g in case.scheme.gates if "criteria" in g.name.lower()]
    dated = any(g.criterion_dated and g.due and g.criterion_dated <= g.due for g in before)
    return (
        Check("Nothing published later is used", True,
              f"{hidden} rows published after {case.as_of.isoformat()} are hidden from this appraisal."),
        Check("Each published figure has one role", not twice,
              f"No clear role: {', '.join(twice)}." if twice else "No figure is both fitted to and tested against."),
        Check("A criterion was fixed before the pilots", dated if before else None,
              "The success criteria were dated before the pilots began." if dated else
              "No success criterion was published before the pilots began."),
        Check("Guesses are counted", None,
              f"{guesses} of {len(case.assumptions)} assumptions were published by nobody and are guesses."),
    )
