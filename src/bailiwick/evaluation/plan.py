"""What was going to be asked, before anybody looked?

A plan is a TOML file. Its hash is taken of its meaning (parsed, sorted, written as JSON), so that spacing and comments
do not count, and it is registered before outcomes are read; what is not in it is exploratory.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bailiwick.errors import CaseError, nearest
from bailiwick.evaluation.effect import Design, checked
from bailiwick.evaluation.panel import (
    Break,
    Panel,
    PeriodPhase,
    Scale,
    TreatedGroup,
    period_phases,
    start_position,
    with_pilots,
)
from bailiwick.evaluation.robustness import Dimensions
from bailiwick.evaluation.strength import Confounder

Role = Literal["primary", "secondary", "negative control"]
Standing = Literal["pre-specified", "exploratory"]
_KEYS = {
    "": (
        "title",
        "method",
        "also",
        "statistic",
        "noise",
        "reference",
        "alpha",
        "level",
        "power",
        "anticipation",
        "scale",
        "window",
        "donors",
        "outcomes",
        "pilots",
        "variants",
        "breaks",
        "confounders",
    ),
    "window": ("since", "until"),
    "donors": ("exclude", "ring", "over_water"),
    "outcomes": ("name", "unit", "better", "family", "margin", "role"),
    "pilots": ("id", "title", "areas", "start", "phases"),
    "phases": ("name", "from", "to", "dose"),
    "variants": ("methods", "since", "after", "scales", "starts", "anticipation", "ring"),
    "breaks": ("series", "at", "what", "parent"),
    "confounders": (
        "id",
        "name",
        "areas",
        "from",
        "to",
        "outcomes",
        "direction",
        "evidence",
        "source",
        "test",
        "state",
    ),
}


@dataclass(frozen=True, slots=True)
class PlannedOutcome:
    """An outcome named before the data: its good direction, family, margin and role."""

    name: str
    unit: str
    better: str
    family: str
    margin: float | None
    role: Role


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase by dates."""

    name: str
    start: str
    end: str | None
    dose: float


@dataclass(frozen=True, slots=True)
class PlannedPilot:
    """A pilot by names and dates; the start is a parameter and may be varied."""

    id: str
    title: str
    areas: tuple[str, ...]
    start: str
    phases: tuple[PlannedPhase, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """The hash of a plan and the day it was lodged where it cannot be changed."""

    sha256: str
    on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything settled before outcomes are read; `digest` is the hash of its meaning."""

    title: str
    method: str
    also: tuple[str, ...]
    settings: Design
    since: str | None
    until: str | None
    outcomes: tuple[PlannedOutcome, ...]
    pilots: tuple[PlannedPilot, ...]
    breaks: tuple[tuple[str, str, str, str], ...]
    confounders: tuple[Confounder, ...]
    variants: Mapping[str, Sequence[object]]
    digest: str

    def outcome(self, name: str) -> PlannedOutcome | None:
        """The planned outcome of that name, or None: then whatever is found on it is exploratory."""
        return next((o for o in self.outcomes if o.name == name), None)

    def family(self, name: str) -> tuple[PlannedOutcome, ...]:
        """The outcomes of one family, tested together."""
        return tuple(o for o in self.outcomes if o.family == name)

    def standing(self, outcome: str, *, registration: Registration | None, loaded: date) -> tuple[Standing, str]:
        """Whether a result on this outcome was planned, and why not where it was not.

        Pre-specified needs all of: the outcome in the plan, the plan's hash registered, and registered before the
        outcome data were loaded.
        """
        if self.outcome(outcome) is None:
            return "exploratory", f"{outcome} is not in the plan"
        if registration is None:
            return "exploratory", "the plan was not registered before the data were read"
        if registration.sha256.removeprefix("sha256:") != self.digest:
            return "exploratory", "the plan was changed after it was registered: its hash differs"
        if registration.on > loaded:
            return "exploratory", f"the plan was registered on {registration.on}, after the data were read on {loaded}"
        return "pre-specified", f"registered on {registration.on}, before the data were read"

    def design(self, panel: Panel, outcome: str) -> Design:
        """The design for one outcome on this panel's own periods."""
        planned = self.outcome(outcome)
        since = None if self.since is None else int(panel.axis.position(self.since))
        until = None if self.until is None else min(panel.axis.count, int(panel.axis.position(self.until)))
        return replace(
            self.settings,
            since=since,
            until=until,
            margin=None if planned is None else planned.margin,
            better="neither" if planned is None else planned.better,
        )

    def applied(self, panel: Panel) -> Panel:
        """The panel with the plan's pilots, phases and definition breaks; phases and starts as positions."""
        pilots = []
        for pilot in self.pilots:
            start, exposed = start_position(panel.axis, pilot.start)
            pilots.append(
                TreatedGroup(
                    pilot.id, tuple(sorted(pilot.areas)), start, _phases(panel, pilot.phases), pilot.title, exposed
                )
            )
        breaks = tuple(
            Break(int(panel.axis.position(at)), what, parent)
            for series, at, what, parent in self.breaks
            if series == panel.outcome and 0 < panel.axis.position(at) < panel.axis.count
        )
        return with_pilots(replace(panel, breaks=breaks), pilots)

    def dimensions(self, panel: Panel) -> Dimensions:
        """The declared variants on this panel's own periods; one specification when none is declared."""
        names = self.variants
        scales: tuple[Scale, ...] = tuple(str(s) for s in names.get("scales", (self.settings.scale,)))  # type: ignore[misc]
        ring = (("all donors", ()),)
        own = 0 if self.since is None else int(panel.axis.position(self.since))
        if names.get("ring"):
            touching = tuple(panel.units[k] for k in panel.touching(panel.treated))
            ring = (("all donors", ()), ("without the ring", touching))  # type: ignore[assignment]
        return Dimensions(
            methods=tuple(str(m) for m in names.get("methods", (self.method, *self.also))),
            since=tuple(int(panel.axis.position(str(s))) for s in names.get("since", ())) or (own,),
            after=tuple(int(str(n)) for n in names.get("after", ())) or (None,),
            leave_out=ring,
            scales=scales,
            starts=tuple(start_position(panel.axis, str(s))[0] for s in names.get("starts", ())) or (None,),
            anticipation=tuple(int(str(n)) for n in names.get("anticipation", ())) or (0,),
        )


def _phases(panel: Panel, phases: tuple[PlannedPhase, ...]) -> tuple[PeriodPhase, ...]:
    return period_phases(panel.axis, phases)


def canonical(raw: bytes, *, where: str = "plan") -> bytes:
    """The plan's meaning as bytes: parsed TOML as sorted JSON. CaseError where it is not TOML in UTF-8."""
    try:
        table = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(where, "", got=str(error), expected="a TOML file in UTF-8") from error
    return json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def digest(raw: bytes, *, where: str = "plan") -> str:
    """SHA-256 of the plan's meaning, in hexadecimal."""
    return hashlib.sha256(canonical(raw, where=where)).hexdigest()


def plan_from_toml(raw: bytes, *, where: str = "plan") -> Plan:
    """The plan in these bytes; CaseError names a key that is unknown, missing or of the wrong kind."""
    table = json.loads(canonical(raw, where=where))
    _known(table, "", where)
    window, donors = table.get("window", {}), table.get("donors", {})
    _known(window, "window", where)
    _known(donors, "donors", where)
    _known(table.get("variants", {}), "variants", where)
    settings = checked(
        Design(
            anticipation=_number(table, "anticipation", 0, where),
            leave_out=tuple(donors.get("exclude", ())),
            drop_ring=bool(donors.get("ring", False)),
            ring_over_water=bool(donors.get("over_water", False)),
            scale=table.get("scale", "level"),
            statistic=table.get("statistic", "effect"),
            noise=table.get("noise", "published"),
            reference=table.get("reference", "auto"),
            alpha=table.get("alpha", 0.05),
            level=table.get("level", 0.9),
            power=table.get("power", 0.8),
        )
    )
    return Plan(
        title=table.get("title", ""),
        method=table.get("method", "sdid"),
        also=tuple(table.get("also", ("did", "sc", "dsc"))),
        settings=settings,
        since=window.get("since"),
        until=window.get("until"),
        outcomes=tuple(_outcome(row, where) for row in _rows(table, "outcomes", where, needed=True)),
        pilots=tuple(_pilot(row, where) for row in _rows(table, "pilots", where, needed=True)),
        breaks=tuple(
            (_text(r, "series", where), _text(r, "at", where), _text(r, "what", where), str(r.get("parent", "")))
            for r in _rows(table, "breaks", where)
        ),
        confounders=tuple(_confounder(row, where) for row in _rows(table, "confounders", where)),
        variants=table.get("variants", {}),
        digest=digest(raw, where=where),
    )


Row = dict[str, object]


def _known(row: Mapping[str, object], kind: str, where: str) -> None:
    for key in sorted(row):
        if key not in _KEYS[kind]:
            raise CaseError(
                where,
                f"{kind}.{key}" if kind else key,
                got=key,
                expected="a key of a plan",
                hint=nearest(key, _KEYS[kind]),
            )


def _rows(table: Mapping[str, object], key: str, where: str, *, needed: bool = False) -> list[dict[str, object]]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or (needed and not rows):
        raise CaseError(where, key, got="nothing" if not rows else str(rows), expected=f"at least one [[{key}]]")
    for row in rows:
        _known(row, key, where)
    return rows


def _text(row: Mapping[str, object], key: str, where: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise CaseError(where, key, got="nothing" if value is None else repr(value), expected="a text")
    return value


def _number(row: Mapping[str, object], key: str, default: int, where: str) -> int:
    value = row.get(key, default)
    if not isinstance(value, int):
        raise CaseError(where, key, got=repr(value), expected="a whole number")
    return value


def _outcome(row: Mapping[str, object], where: str) -> PlannedOutcome:
    margin, role = row.get("margin"), row.get("role", "primary")
    if margin is not None and not (isinstance(margin, int | float) and margin > 0):
        raise CaseError(where, "outcomes.margin", got=repr(margin), expected="a number above zero")
    if role not in ("primary", "secondary", "negative control"):
        raise CaseError(where, "outcomes.role", got=repr(role), expected='"primary", "secondary" or "negative control"')
    better = str(row.get("better", "neither"))
    if better not in ("higher", "lower", "neither"):
        raise CaseError(where, "outcomes.better", got=better, expected='"higher", "lower" or "neither"')
    name = _text(row, "name", where)
    return PlannedOutcome(
        name,
        str(row.get("unit", "")),
        better,
        str(row.get("family", role)),
        None if margin is None else float(margin),
        role,
    )


def _pilot(row: Mapping[str, object], where: str) -> PlannedPilot:
    areas = row.get("areas")
    if not isinstance(areas, list) or not areas:
        raise CaseError(where, "pilots.areas", got=repr(areas), expected="a list of units")
    phases = []
    for phase in _rows(row, "phases", where):
        end, dose = phase.get("to"), phase.get("dose", 1.0)
        if not isinstance(dose, int | float):
            raise CaseError(where, "phases.dose", got=repr(dose), expected="a number")
        phases.append(
            PlannedPhase(
                _text(phase, "name", where), _text(phase, "from", where), None if end is None else str(end), float(dose)
            )
        )
    name = _text(row, "id", where)
    return PlannedPilot(
        name, str(row.get("title", name)), tuple(str(a) for a in areas), _text(row, "start", where), tuple(phases)
    )


def _confounder(row: Mapping[str, object], where: str) -> Confounder:
    state = row.get("state", "open")
    if state not in ("open", "tested", "ruled out"):
        raise CaseError(where, "confounders.state", got=repr(state), expected='"open", "tested" or "ruled out"')
    areas, outcomes = row.get("areas", []), row.get("outcomes", [])
    if not isinstance(areas, list) or not isinstance(outcomes, list):
        raise CaseError(where, "confounders", got=repr(row), expected="lists of areas and outcomes")
    return Confounder(
        id=_text(row, "id", where),
        name=_text(row, "name", where),
        areas=tuple(str(a) for a in areas),
        start=str(row.get("from", "")),
        end=str(row.get("to", "")),
        outcomes=tuple(str(o) for o in outcomes),
        direction=str(row.get("direction", "")),
        evidence=str(row.get("evidence", "")),
        source=str(row.get("source", "")),
        test=str(row.get("test", "")),
        state=state,
    )
