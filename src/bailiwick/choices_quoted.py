"""How many commands was the whole force said to end with by the date of the appraisal, and over which borders?"""

from __future__ import annotations

from dataclasses import dataclass

from bailiwick.case import Case
from bailiwick.choices_ways import force_codes

BORDERS = (("land", False), ("land and crossings", True))
QUOTED = "alternatives.commands_quoted."


@dataclass(frozen=True, slots=True)
class Quoted:
    """A number of commands that the whole force was said to end with, and where it was said."""

    commands: int
    title: str
    source: str


def whole_force(case: Case) -> bool:
    """Whether the case is about every area of its force."""
    return len(force_codes(case)) <= len(case.scheme.scope)


def borders(case: Case) -> tuple[tuple[str, bool], ...]:
    """The borders that may join a command: land, and land with crossings where the system has any."""
    return BORDERS if any(link.kind == "crossing" for link in case.system.contiguity) else BORDERS[:1]


def quoted(case: Case) -> tuple[Quoted, ...]:
    """The numbers of commands quoted for the whole force by the date of the appraisal, oldest first.

    Where the case is about the whole force, the proposal's own number.
    """
    if whole_force(case):
        return (Quoted(len(case.scheme.option("proposed").grouping.commands), "the proposal", case.title),)
    known = sorted((a for name, a in case.assumptions.items()
                    if name.startswith(QUOTED) and case.published_by(a.published)), key=lambda a: (a.published, a.name))
    return tuple(Quoted(round(case.value(a.name)), a.title, a.source.title if a.source else "") for a in known
                 if case.value(a.name) <= len(force_codes(case)))


def unpublished(case: Case) -> str:
    """The remark that nobody had published a map of the whole force, where a number of commands was quoted."""
    known = case.tables.get("rollout")
    if whole_force(case) or not quoted(case) or (known is not None and any(True for _ in known)):
        return ""
    return f"No map of the whole force had been published by {case.as_of.isoformat()}, so none is compared."
