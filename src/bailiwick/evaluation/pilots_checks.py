"""Can the evaluation of the pilots be trusted, and could a decision have rested on it?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bailiwick.case import Case
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.checks import panel_checks, parts_add_up
from bailiwick.evaluation.pilots_evidence import published_changes
from bailiwick.evaluation.pilots_readings import Findings, findings
from bailiwick.evaluation.pilots_words import listed
from bailiwick.findings import Check
from bailiwick.tables import Row

PARTS, TOTAL = "crimes_monthly", "crimes_total"
ROUNDING = 1.0


def checks(case: Case) -> tuple[Check, ...]:
    """The checks of the plan, the figures, the panels and the gates, in a fixed order; none without a plan."""
    found = findings(case)
    if found is None:
        return ()
    return (_planned(case, found), _criteria(case), _same_pilots(case, found), _roles(case), _lessons(case, found),
            *_add_up(case), *_panels(found))


def _planned(case: Case, found: Findings) -> Check:
    extra = [one.title.lower() for one in found.measured if one.label == "exploratory"]
    text = (f"The evaluation plan (sha256 {found.plan.digest[:12]}) names {len(found.plan.outcomes)} outcomes and is "
            "refused if it is changed; it was fixed before this program read the outcomes, but after the pilots "
            "began, so it cannot stand in for criteria fixed in advance.")
    if extra:
        text += f" Exploratory, because not in the plan: {listed(extra)}."
    return Check("Pilots: the plan came before the data", True, text)


def _criteria(case: Case) -> Check:
    first = min((phase.start for pilot in case.scheme.pilots for phase in pilot.phases), default=None)
    late = [gate.name for gate in case.scheme.gates if _after(gate.criterion_dated, first)]
    if not case.scheme.gates or first is None:
        return Check("Pilots: criteria fixed before the start", None, "The case names no gate or no pilot.")
    text = (f"{len(late)} of {len(case.scheme.gates)} gates have no criterion published before the first pilot began "
            f"on {first.isoformat()}: what they are judged by was fixed after the fact, or never." if late else
            "Every gate's criterion was published before the first pilot began.")
    return Check("Pilots: criteria fixed before the start", None if late else True, text)


def _after(day: date | None, first: date | None) -> bool:
    return day is None or (first is not None and day >= first)


def _same_pilots(case: Case, found: Findings) -> Check:
    """Whether the plan's pilots are the case's: same areas; a start of its own is a choice and is told."""
    own = {pilot.id: pilot for pilot in case.scheme.pilots}
    wrong = [p.id for p in found.plan.pilots if p.id not in own or sorted(p.areas) != sorted(own[p.id].areas)]
    moved = [f"{p.title} {p.start}" for p in found.plan.pilots if p.id in own and own[p.id].phases
             and own[p.id].phases[0].start.isoformat() != p.start]
    text = "The plan evaluates the case's pilots."
    if wrong:
        text = f"Other areas in the plan than in the case: {listed(wrong)}."
    if moved:
        text += f" The plan starts elsewhere than the case: {listed(moved)}."
    return Check("Pilots: plan and case agree", not wrong, text)


def _roles(case: Case) -> Check:
    """Whether a figure stands twice with different roles: one number may not be fitted to and be evidence too."""
    twice = same_figure_two_roles(case.tables.get("figures", ()))
    used = [str(one.row[key]) for one in published_changes(case) for key in ("before", "after")]
    roles = {str(row["id"]): str(row["role"]) for row in case.tables.get("figures", ())}
    told = listed([f"{id} ({roles[id]})" for id in used])
    if twice:
        return Check("Pilots: each figure has one role", False,
                     f"The same figure under two roles: {listed([' and '.join(pair) for pair in twice])}.")
    return Check("Pilots: each figure has one role", True,
                 f"No figure has two roles. The bound restates figures whose role is in brackets: {told}. It fits "
                 "nothing to them, and is not counted as further evidence.")


def same_figure_two_roles(figures: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    """Pairs of ids that are one figure (subject, period, value, unit and note alike) under different roles."""
    seen: dict[tuple[object, ...], Row] = {}
    found = []
    for row in figures:
        key = tuple(row[name] for name in ("subject", "reference_period", "value", "unit", "note"))
        first = seen.setdefault(key, row)
        if first["role"] != row["role"]:
            found.append((str(first["id"]), str(row["id"])))
    return tuple(found)


def _lessons(case: Case, found: Findings) -> Check:
    """Whether the gates that ask for the pilots' lessons could be met by evidence that anybody outside can check."""
    gates = [gate.name for gate in case.scheme.gates if "pilot" in f"{gate.name} {gate.requires}".lower()]
    whole = found.headline()
    primary = [r for r in whole if r.measured.planned.role == "primary"]
    known = [r for r in primary if r.judgement and r.judgement.verdict != "cannot tell"]
    clear = [r for r in whole if r.judgement and r.judgement.verdict == "changed" and not r.judgement.caveats]
    unmeasured = len(case.tables.get("evidence_wanted", ()))
    could = bool(known) and bool(clear) and not unmeasured
    text = (f"Gates that ask for it: {listed(gates)}. Of {len(primary)} verdicts on primary outcomes {len(known)} can "
            f"tell; {len(clear)} changes have no rival explanation; {unmeasured} things that the pilots were about "
            "could not be measured by anybody outside. " +
            ("A decision could rest on this evidence." if could else
             "On published evidence alone no decision could be said to rest on the lessons of the pilots."))
    return Check("Pilots: could a decision rest on their lessons", True if could else None, text)


def _add_up(case: Case) -> tuple[Check, ...]:
    parts, total = case.tables.get(PARTS), case.tables.get(TOTAL)
    if not parts or not total:
        return ()
    whole = {(row["area"], row["reference_period"]): float(row["crimes"]) for row in total}  # type: ignore[arg-type]
    names = [c.name for c in parts.schema.columns if c.kind == "integer"]
    rows = [row for row in parts if (row["area"], row["reference_period"]) in whole]
    if not rows:
        return ()
    import numpy as np

    columns = {name: np.array([float(row[name]) for row in rows]) for name in names}  # type: ignore[arg-type]
    totals = np.array([whole[row["area"], row["reference_period"]] for row in rows])
    found = parts_add_up(columns, totals, tolerance=ROUNDING)
    return (Check("Pilots: crime types add up to the total", found.passed, found.text),)


def _panels(found: Findings) -> tuple[Check, ...]:
    """The data checks of every outcome's panel, one line for each kind of check.

    A weakness of published data informs and does not fail the appraisal; only a fault that the reading should have
    stopped, a panel with gaps, would.
    """
    faults: dict[str, list[str]] = {}
    first = found.plan.pilots[0].id
    for one in found.measured:
        effect = found.effects[one.name, first, found.plan.method]
        recipe = RECIPES[found.plan.method]
        for check in panel_checks(one.panel, one.design, recipe=recipe, pilot=first, att=effect.att):
            told = faults.setdefault(check.name, [])
            if check.passed is False:
                told.append(f"{one.title.lower()}: {check.text}")
    return tuple(_panel_check(name, told, len(found.measured)) for name, told in faults.items())


def _panel_check(name: str, told: Sequence[str], count: int) -> Check:
    if not told:
        return Check(f"Pilot panels: {name}", True, f"holds for all {count} outcomes")
    more = f"; and {len(told) - 2} more" if len(told) > 2 else ""
    text = f"not for {len(told)} of {count} outcomes: " + "; ".join(told[:2]) + more
    return Check(f"Pilot panels: {name}", None, text)
