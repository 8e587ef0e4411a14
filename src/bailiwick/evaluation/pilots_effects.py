"""What changed in the pilots, by outcome, method and phase, and would it change the same way in the next place?"""

from __future__ import annotations

from collections.abc import Sequence

from bailiwick.case import Case
from bailiwick.errors import MethodError
from bailiwick.evaluation.effect import InTime
from bailiwick.evaluation.pilots_readings import JOINT, WHOLE, Findings, Reading, findings
from bailiwick.evaluation.pilots_words import (
    ELSEWHERE,
    METHOD_WORDS,
    POINTS_OR_SHARE,
    amount,
    group_of,
    listed,
    measured_in,
    nothing,
    pilot_words,
    rounded,
    worst_first,
)
from bailiwick.evaluation.transfer import forecast
from bailiwick.tables import Cell, ResultTable

_EFFECTS = (
    ("outcome", ""), ("pilot", ""), ("phase", ""), ("method", ""), ("measured_in", ""), ("effect", POINTS_OR_SHARE),
    ("effect_low", POINTS_OR_SHARE), ("effect_high", POINTS_OR_SHARE), ("verdict", ""),
    ("smallest_seen", POINTS_OR_SHARE),
    ("p", "share of placebos as large"), ("p_family", "share, corrected for the other outcomes"),
    ("p_floor", "share, the smallest possible"),
    ("placebos", "groups of areas"), ("margin", POINTS_OR_SHARE), ("confidence", ""), ("maryland", "level 1 to 5"),
    ("label", ""), ("cause", ""), ("first", "period"), ("last", "period"), ("exposed", "share after the start"),
)
_PHASES = (
    ("pilot", ""), ("phase", ""), ("first", "period"), ("last", "period"), ("dose", "share of the change tried"),
    ("exposed", "share after the start"), ("outcome", ""), ("measured_in", ""), ("effect", POINTS_OR_SHARE),
    ("effect_low", POINTS_OR_SHARE), ("effect_high", POINTS_OR_SHARE), ("p", "share of placebos as large"),
    ("p_family", "share, corrected for the other outcomes"), ("smallest_seen", POINTS_OR_SHARE), ("verdict", ""),
)
_TRANSFER = (
    ("outcome", ""), ("measured_in", ""), ("expected", POINTS_OR_SHARE), ("expected_low", POINTS_OR_SHARE),
    ("expected_high", POINTS_OR_SHARE),
    ("between_pilots", "standard deviation, " + POINTS_OR_SHARE), ("pilots", ""), ("forecasts", ""),
    ("finding", ""),
)


def effects(case: Case) -> ResultTable:
    """One row for each outcome, pilot (and jointly), phase and method; verdicts on the planned method's rows only."""
    name, title = "pilots_effects", "What changed in the pilots, against places that did not merge"
    found = findings(case)
    if found is None:
        return nothing(name, title, _EFFECTS)
    order = {one.name: k for k, one in enumerate(found.measured)}
    methods = list(dict.fromkeys(r.method for r in found.readings))
    phases = list(dict.fromkeys(r.phase for r in found.readings))
    phases.sort(key=lambda phase: phase != WHOLE)
    groups: dict[tuple[int, int, int], list[Reading]] = {}
    for r in found.readings:
        key = methods.index(r.method), phases.index(r.phase), order[r.measured.name]
        groups.setdefault(key, []).append(r)
    rows = tuple(_effect_row(found, r) for key in sorted(groups) for r in worst_first(groups[key]))
    return ResultTable(name, title, tuple(c for c, _ in _EFFECTS), tuple(u for _, u in _EFFECTS), rows,
                       note=_summary(found))


def _effect_row(found: Findings, r: Reading) -> tuple[Cell, ...]:
    one, judged = r.measured, r.judgement
    low, high = r.interval or (None, None)
    margin = None if one.planned.margin is None or judged is None else rounded(one.planned.margin * r.exposed)
    return (
        one.title, pilot_words(found, r.pilot), r.phase, METHOD_WORDS.get(r.method, r.method), measured_in(one.unit),
        rounded(r.att), rounded(low), rounded(high), judged.verdict if judged else ELSEWHERE, rounded(r.mde),
        rounded(r.p, 4), rounded(r.family_p, 4), rounded(r.floor, 4), len(r.placebos), margin,
        judged.confidence if judged else ELSEWHERE, judged.maryland if judged else None, one.label,
        _cause(found, r), r.first, r.last, rounded(r.exposed),
    )


def _cause(found: Findings, r: Reading) -> str:
    if r.judgement is None:
        return ELSEWHERE
    if r.judgement.verdict != "changed":
        return "no change shown"
    names = [c.name for c in found.plan.confounders if any(said.startswith(c.name) for said in r.judgement.caveats)]
    return "disputed: " + "; ".join(names) if names else "no rival explanation on record"


def _summary(found: Findings) -> str:
    whole = found.headline()
    if not whole:
        return "No outcome of the plan could be measured on the day of the appraisal."
    changed = [r for r in whole if r.judgement and r.judgement.verdict == "changed"]
    small = [r for r in whole if r.judgement and r.judgement.verdict == "no change larger than m"]
    names = listed([f"{r.measured.title.lower()}, {pilot_words(found, r.pilot)} ({amount(r.att, r)})" for r in changed])
    disputed = sum("disputed" in _cause(found, r) for r in changed)
    text = (f"Of {len(whole)} verdicts on {len(found.measured)} outcomes, {len(whole) - len(changed) - len(small)} are "
            f"that the data cannot tell and {len(small)} that any change was small.")
    if changed:
        text += f" {len(changed)} are changes: {names}; the cause is disputed in {disputed} of them."
    return (text + " Recorded crime labelled activity follows police work and recording as much as crime. The interval "
            "is the 90% set of effects that the placebo test keeps; the smallest seen is the effect that would have "
            "been noticed four times in five. Placebos are joined-up groups of as many untreated areas.")


def phases(case: Case) -> ResultTable:
    """The primary outcomes before the start (a start that never was), in each phase, and the phases' dates and dose."""
    name, title = "pilots_phases", "The pilots by phase: before, pooled, and after the repair"
    found = findings(case)
    if found is None:
        return nothing(name, title, _PHASES)
    rows: list[tuple[Cell, ...]] = []
    primary = [r for r in found.headline(phase=None) if r.measured.planned.role == "primary"]
    doses = {(p.id, phase.name): phase.dose for p in found.plan.pilots for phase in p.phases}
    told: set[tuple[str, str]] = set()
    for r in sorted(primary, key=lambda r: (r.pilot == JOINT, r.pilot, r.measured.name, r.phase == WHOLE, r.first)):
        if r.pilot != JOINT and (r.pilot, r.measured.name) not in told:
            told.add((r.pilot, r.measured.name))
            fakes = found.effects[r.measured.name, r.pilot, r.method].in_time
            rows.extend(_before_row(found, r, fake) for fake in fakes)
        low, high = r.interval or (None, None)
        rows.append((
            pilot_words(found, r.pilot), r.phase, r.first, r.last, doses.get((r.pilot, r.phase)), rounded(r.exposed),
            r.measured.title, measured_in(r.measured.unit), rounded(r.att), rounded(low), rounded(high),
            rounded(r.p, 4), rounded(r.family_p, 4), rounded(r.mde), r.judgement.verdict if r.judgement else ELSEWHERE))
    return ResultTable(name, title, tuple(c for c, _ in _PHASES), tuple(u for _, u in _PHASES), tuple(rows),
                       note=_phase_note(found, primary))


def _before_row(found: Findings, r: Reading, fake: InTime) -> tuple[Cell, ...]:
    last = r.measured.panel.periods[group_of(r, r.pilot).start - 1]
    return (pilot_words(found, r.pilot), f"before: as if it had started in {fake.start}", fake.start, last, 0.0, 0.0,
            r.measured.title, measured_in(r.measured.unit), rounded(fake.att), None, None, rounded(fake.p, 4), None,
            None, "a test: nothing happened then")


def _phase_note(found: Findings, primary: Sequence[Reading]) -> str:
    named = {phase.name for pilot in found.plan.pilots for phase in pilot.phases}
    parts = [r for r in primary if r.phase in named]
    if not parts:
        return "No phase of a pilot can be measured yet."
    told = sum(r.judgement is not None and r.judgement.verdict != "cannot tell" for r in parts)
    least = min((r.exposed for r in parts), default=1.0)
    text = (f"In {told} of {len(parts)} readings by phase the data can tell anything about a primary outcome: the "
            "phases are a few months long each, and a phase shows only very large changes.")
    if least < 1:
        text += (f" A survey value is the mean of twelve months, so as little as {least:.0%} of a phase's interviews "
                 "came after the start: an effect shows with that share only.")
    return text


def transfer(case: Case) -> ResultTable:
    """What the pilots forecast for the scheme's areas: prediction intervals with the variance between pilots."""
    name, title = "pilots_transfer", "Do the pilots forecast what will happen here?"
    found = findings(case)
    if found is None:
        return nothing(name, title, _TRANSFER)
    place = listed([case.system.area(code).name for code in case.scheme.scope])
    rows = [row for one in found.measured if (row := _forecast_row(found, one.name, place))]
    rows += [(str(row["what"]), "points", None, None, None, None, 1, "no",
              "published for one pilot only: one place cannot say how places differ")
             for row in case.tables.get("pilot_changes", ())]
    said = sum(row[7] == "yes" for row in rows)
    head = f"The pilots do not forecast {place}" if not said else f"The pilots forecast {said} outcomes in {place}"
    note = (f"{head}: in {len(rows) - said} of {len(rows)} outcomes what the next place may see covers both a rise and "
            "a fall." if rows else "No outcome of the pilots was measured, so nothing can be forecast from them.")
    return ResultTable(name, title, tuple(c for c, _ in _TRANSFER), tuple(u for _, u in _TRANSFER), tuple(rows),
                       note=note)


def _forecast_row(found: Findings, outcome: str, place: str) -> tuple[Cell, ...] | None:
    parts = [r for r in found.headline() if r.measured.name == outcome and r.pilot != JOINT]
    if not parts:
        return None
    unit = measured_in(parts[0].measured.unit)
    try:
        said = forecast([r.att for r in parts], [float(r.placebos.std()) for r in parts], place=place)
    except MethodError as error:
        return parts[0].measured.title, unit, None, None, None, None, len(parts), "no", str(error)
    return (parts[0].measured.title, unit, rounded(said.mean), rounded(said.low), rounded(said.high),
            rounded(said.between**0.5), said.pilots, "yes" if said.forecasts else "no", said.sentence)
