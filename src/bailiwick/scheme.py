"""What is proposed: which areas come under which command, run from where, with which posts, by which gates?"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bailiwick.errors import CaseError, nearest

NeedsMerger = Literal["yes", "no", "range"]
Per = Literal["command", "area", "scheme"]


@dataclass(frozen=True, slots=True)
class Command:
    """A group of areas under one commander, the operating model it runs, and its headquarters (an area or site name)."""

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
    """A course of action: a grouping, and labels that say in words and numbers what else it involves."""

    name: str
    grouping: Grouping
    labels: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Post:
    """One line of the establishment: how many posts of a rank in a role, per command or per area, before and after.

    `today` and `proposed` name assumptions that hold the number of posts per command (`per = command`) or per area
    (`per = area`). `needs_merger` names an assumption in [0, 1]: the share of the line's reduction that cannot happen
    without merging; `attribution` is its plain reading.
    """

    rank: str
    role: str
    per: Per
    today: str
    proposed: str
    needs_merger: str
    attribution: NeedsMerger

    @property
    def key(self) -> str:
        """The line's name: rank and role."""
        return f"{self.rank}.{self.role}"


@dataclass(frozen=True, slots=True)
class OperatingModel:
    """How a command works: who answers calls, over how many radio channels, and whose establishment it follows.

    `posts` says which column of the post lines staffs it: today's or the proposal's. `strength`, `desks` and
    `supervisors` name assumptions; `bases` are site names.
    """

    name: str
    title: str
    posts: Literal["today", "proposed"]
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
class Gate:
    """A step that must be passed before the scheme may go on, who owns it, and whether its criterion came first.

    `met_on` and `evidence` say what was known when; both empty means that it cannot be known.
    """

    name: str
    owner: str
    due: date | None
    requires: str
    criterion_dated: date | None
    met_on: date | None = None
    evidence: tuple[str, ...] = ()


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
