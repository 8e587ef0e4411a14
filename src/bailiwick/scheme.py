"""What is proposed: which areas come under which command, run from where, with which posts, by which gates?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bailiwick.errors import CaseError, nearest

NeedsMerger = Literal["yes", "no", "range"]
Per = Literal["command", "area", "channel"]
OptionKind = Literal["today", "cuts", "proposed", "redesigned", "pause", "alternative"]
Establishment = Literal["today", "cuts", "proposed", "redesigned"]


@dataclass(frozen=True, slots=True)
class Command:
    """A group of areas under one commander, the operating model it runs, and its headquarters (a site's name).

    Without headquarters, the base nearest the residents' median serves, and the page says so.
    """

    areas: tuple[str, ...]
    model: str
    headquarters: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "areas", tuple(sorted(self.areas)))

    @property
    def name(self) -> str:
        """The command as a subject of findings: `command:` and its areas' codes."""
        return "command:" + "+".join(self.areas)


@dataclass(frozen=True, slots=True)
class Grouping:
    """A partition of the areas in scope into commands, in the order of each command's first area."""

    commands: tuple[Command, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "commands", tuple(sorted(self.commands, key=lambda c: c.areas)))

    def command_of(self, code: str) -> Command:
        """The command that holds this area."""
        for command in self.commands:
            if code in command.areas:
                return command
        raise CaseError("grouping", "area", got=code, expected="an area of one of its commands")

    @property
    def areas(self) -> tuple[str, ...]:
        """All areas of all commands, sorted."""
        return tuple(sorted(code for command in self.commands for code in command.areas))


@dataclass(frozen=True, slots=True)
class Option:
    """A course of action: a grouping, a kind, and labels that say in words what it involves.

    `kind` tells the rooms how to read it: `cuts` reaches the proposal's yearly cost without merging; `pause` is the
    proposal decided `delay_months` later.
    """

    name: str
    kind: OptionKind
    title: str
    grouping: Grouping
    labels: dict[str, str] = field(default_factory=dict)
    delay_months: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the establishment: how many posts of a rank in a role, per command or per area, before and after.

    `today`, `proposed` and `redesigned` name assumptions. Today's is a number of posts per command, per
    area, or per radio channel (a command has one channel, or one per area, as its model's `channels` says); the other
    two are such numbers too, or changes from today's (`proposed_as = change`).
    `needs_merger` names an assumption in [0, 1]: the share of the line's reduction that cannot happen without
    merging; `attribution` is its plain reading.
    """

    rank: str
    role: str
    per: Per
    today: str
    proposed: str
    redesigned: str
    proposed_as: Literal["count", "change"]
    needs_merger: str
    attribution: NeedsMerger

    @property
    def key(self) -> str:
        """The line's name: rank and role."""
        return f"{self.rank}.{self.role}"


@dataclass(frozen=True, slots=True)
class OperatingModel:
    """How a command works: who answers calls, over how many radio channels, and whose establishment it follows.

    `posts` says which establishment staffs it: today's, today's cut to the proposal's cost, the proposal's, or the
    proposal's with the redesign's added posts. `strength`, `desks` and `supervisors` name assumptions (desks and
    supervisors on duty at once per channel); `channels` says whether a radio channel serves one area or the whole
    command; `bases` are site names.
    """

    name: str
    title: str
    posts: Establishment
    channels: Literal["per-area", "per-command"]
    strength: str
    dispatch: Literal["strict", "own-first", "immediate-only-aid", "pooled", "dedicated"]
    desks: str
    supervisors: str
    carries_investigations: bool
    bases: tuple[str, ...]
    posting: Literal["by-area", "to-demand", "to-demand-with-floor"]


@dataclass(frozen=True, slots=True)
class Site:
    """A building: where it is (metres, EPSG:27700), what it is for, when it opens and closes."""

    name: str
    area: str
    easting: float
    northing: float
    role: Literal["headquarters", "base", "counter", "office"]
    opens: date | None
    closes: date | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something published about a gate, on a day, and what it shows."""

    day: date
    shows: Literal["met", "not met", "cannot be known"]
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A step that must be passed before the scheme may go on, who owns it, and whether its criterion came first.

    The latest evidence published by the appraisal's date says its state; without any it cannot be known.
    """

    name: str
    owner: str
    due: date | None
    requires: str
    criterion_dated: date | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """A regime inside a pilot, from a date up to (not including) another, with the dose of the change under test."""

    name: str
    start: date
    end: date | None
    dose: float


@dataclass(frozen=True, slots=True)
class Pilot:
    """A place where the change was tried before the decision."""

    id: str
    title: str
    areas: tuple[str, ...]
    phases: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The proposal and everything it is compared with. `scope`: the areas that every option partitions."""

    name: str
    title: str
    scope: tuple[str, ...]
    options: tuple[Option, ...]
    models: tuple[OperatingModel, ...]
    posts: tuple[Post, ...]
    sites: tuple[Site, ...]
    gates: tuple[Gate, ...]
    pilots: tuple[Pilot, ...]
    effective: date
    horizon_years: int

    def option(self, name: str) -> Option:
        """The option of that name; CaseError with the nearest match when there is none."""
        for option in self.options:
            if option.name == name:
                return option
        raise CaseError(self.name, "option", got=name, expected="one of the case's options",
                        hint=nearest(name, [o.name for o in self.options]))

    def model(self, name: str) -> OperatingModel:
        """The operating model of that name; CaseError with the nearest match when there is none."""
        for model in self.models:
            if model.name == name:
                return model
        raise CaseError(self.name, "model", got=name, expected="one of the case's operating models",
                        hint=nearest(name, [m.name for m in self.models]))

    def site(self, name: str) -> Site:
        """The site of that name; CaseError with the nearest match when there is none."""
        for site in self.sites:
            if site.name == name:
                return site
        raise CaseError(self.name, "site", got=name, expected="one of the case's sites",
                        hint=nearest(name, [s.name for s in self.sites]))
