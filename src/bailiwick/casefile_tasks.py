"""What is still missing from a case, and whom could one ask?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bailiwick.case import Case
from bailiwick.errors import CaseError, nearest

_ROLES = {"commissioner": "who asked for the appraisal", "analyst": "who made it", "assurer": "who checked it",
          "approver": "who approved it"}


@dataclass(frozen=True, slots=True)
class Task:
    """Something to find out or to sign: of which kind, under which name, in words, and who could answer."""

    kind: Literal["role", "border", "force", "gate", "file", "table", "answer", "guess"]
    name: str
    text: str
    holder: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}" + (f" Ask: {self.holder}." if self.holder else "")


def tasks(case: Case) -> tuple[Task, ...]:
    """What is missing: roles nobody fills, borders to decide on, tables without rows, blank answers, guesses."""
    return (*_roles(case), *_borders(case), *_blanks(case), *_tables(case), *_answers(case), *_guesses(case))


def check_measures(case: Case, known: Iterable[str]) -> None:
    """Nothing when every claim names one of the known measures; CaseError with the nearest one otherwise."""
    names = tuple(known)
    for claim in case.claims:
        if claim.measure and claim.measure not in names:
            raise CaseError(f"{case.name}/claims.toml", f"claims.{claim.id}.measure", got=claim.measure,
                            expected="the name of a measure", hint=nearest(claim.measure, names))


def _roles(case: Case) -> Iterator[Task]:
    for role, meaning in _ROLES.items():
        if not case.roles.get(role):
            yield Task("role", f"roles.{role}", f"nobody is named: {meaning}.", "")


def _borders(case: Case) -> Iterator[Task]:
    for n, pair in enumerate(case.system.undecided, 1):
        yield Task("border", f"areas.{case.system.name}-links.{n}", f"{pair}. Are they joined by land, or by a bridge, "
                   f"tunnel or ferry? Write it there (a crossing in {case.system.name}-crossings.csv too), or why not.",
                   "")


def _blanks(case: Case) -> Iterator[Task]:
    """What a new case leaves marked TODO outside its numbers: forces, owners of gates, publishers of files."""
    unnamed = sum(area.force.startswith("TODO") for area in case.system.areas)
    if unnamed:
        yield Task("force", f"areas.{case.system.name}-areas", f"no police force is named for {unnamed} areas.", "")
    for gate in case.scheme.gates:
        if gate.owner.startswith("TODO"):
            yield Task("gate", f"gates.{gate.name}", "nobody is named who answers for it.", "")
    unsaid = [found.path for found in case.inputs if found.publisher.startswith("TODO")]
    if unsaid:
        yield Task("file", "datapackage", f"no publisher and licence is named for {len(unsaid)} files: "
                   f"{', '.join(unsaid[:4])}{' ...' if len(unsaid) > 4 else ''}.", "")


def _tables(case: Case) -> Iterator[Task]:
    for name, table in sorted(case.tables.items()):
        if not table.rows:
            late = f"; {table.hidden} rows were published after {case.as_of.isoformat()}" if table.hidden else ""
            yield Task("table", f"tables.{name}", f"no rows ({table.schema.title}){late}.", "")


def _answers(case: Case) -> Iterator[Task]:
    for row in case.tables.get("accountability", ()):
        if row["answer"] is None:
            area = case.system.area(str(row["area"])).name
            yield Task("answer", f"accountability.{row['area']}.{row['option']}",
                       f"not known for {area} under {row['option']}: {row['question']}.", str(row["holder"] or ""))


def _guesses(case: Case) -> Iterator[Task]:
    for name, a in sorted(case.assumptions.items()):
        if a.kind == "guess":
            guess = f"a guess of {a.value:,.12g} ({a.low:,.12g} to {a.high:,.12g}) {a.unit}"
            yield Task("guess", name, f"{a.title}: {guess}. {a.why.rstrip('.')}.", a.holder)
