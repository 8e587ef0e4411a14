"""What does this case folder say, and is all of it sound?  Folder to Case, as known on one day.

Everything is read and checked before anything is returned: a case that loads is whole, and a case that does not
tells every problem at once, each with file and line, key, what was found, what was expected and what to do.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from bailiwick import catalogue
from bailiwick.areas import AreaSystem
from bailiwick.case import Case, Claim
from bailiwick.casefile_assumptions import gathered
from bailiwick.casefile_claims import claims_of, split_by_day
from bailiwick.casefile_files import Document, case_folder, sha256, toml
from bailiwick.casefile_inputs import Shelf, package_of, unlisted
from bailiwick.casefile_new import Beginning, Started, scaffold, start
from bailiwick.casefile_problems import Problems
from bailiwick.casefile_register import registered
from bailiwick.casefile_scenarios import scenarios_of
from bailiwick.casefile_schema import CaseTable, ClaimsTable, checked
from bailiwick.casefile_scheme import Reading, scheme
from bailiwick.casefile_tables import local_system, tables_of
from bailiwick.casefile_tasks import Task, check_measures, tasks
from bailiwick.errors import CaseError, nearest
from bailiwick.scheme import Evidence

__all__ = ["Beginning", "Later", "Started", "Task", "check_measures", "later", "load", "scaffold", "start", "tasks"]


@dataclass(frozen=True, slots=True)
class Later:
    """What a case's files hold that was not known on its day: for hindsight only, never part of the Case.

    `evidence` pairs the name of a gate with what was published about it; `rows` counts hidden rows by table.
    """

    claims: tuple[Claim, ...]
    evidence: tuple[tuple[str, Evidence], ...]
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    case: CaseTable
    document: Document
    shelf: Shelf
    claims: ClaimsTable | None
    claims_document: Document | None
    asked: date | None

    @property
    def as_of(self) -> date:
        """The day asked for, or else the day that the case names."""
        return self.asked or self.case.as_of


def load(path_or_name: str | Path, as_of: date | None = None) -> Case:
    """The case in a folder that holds case.toml, or the bundled case of that name, as known on a day.

    `as_of` stands in for the day written in case.toml; a later day shows more, an earlier one less.  Errors: CaseError
    for one problem, CaseErrors for several.
    """
    folder = case_folder(path_or_name)
    problems = Problems(_label(folder))
    parts = _parts(folder, as_of, problems)
    return _case(parts, problems)


def later(path_or_name: str | Path, as_of: date | None = None) -> Later:
    """What the files of a case hold beyond its day: claims, evidence of gates, and the number of rows hidden."""
    folder = case_folder(path_or_name)
    problems = Problems(_label(folder))
    parts = _parts(folder, as_of, problems)
    case = _case(parts, problems)
    _, beyond = split_by_day(parts.claims, parts.as_of)
    evidence = [
        (gate.name, Evidence(e.day, e.shows, e.text, e.url))
        for gate in parts.case.gates for e in sorted(gate.evidence, key=lambda e: e.day) if e.day > parts.as_of
    ]
    rows = [(name, table.hidden) for name, table in sorted(case.tables.items()) if table.hidden]
    return Later(beyond, tuple(evidence), tuple(rows))


def _label(folder: Path) -> str:
    return folder.resolve().name


def _parts(folder: Path, as_of: date | None, problems: Problems) -> _Parts:
    if isinstance(as_of, datetime) or (as_of is not None and not isinstance(as_of, date)):
        raise CaseError("as_of", "", got=str(as_of), expected="a day, as 2018-01-31")
    label = _label(folder)
    shelf = Shelf(folder, label)
    document = toml(shelf.own("case.toml"), f"{label}/case.toml")
    _check_form(document)
    case = checked(CaseTable, document, problems)
    package_of(shelf, problems)
    claims, claims_document = _claims(shelf, document, problems)
    return _Parts(problems.settled(case), document, shelf, claims, claims_document, as_of)


def _check_form(document: Document) -> None:
    form = document.data.get("schema")
    if isinstance(form, str) and form.startswith("bailiwick/case/") and form != "bailiwick/case/1":
        raise document.problem(("schema",), got=form, expected="bailiwick/case/1, which this version reads",
                               hint="the case was written for another version: install that one")


def _claims(shelf: Shelf, document: Document, problems: Problems) -> tuple[ClaimsTable | None, Document | None]:
    path = document.data.get("claims")
    if not isinstance(path, str):
        return None, None
    try:
        found = toml(shelf.own(path), f"{shelf.label}/{path}")
    except CaseError as error:
        problems.absorb(error)
        return None, None
    return checked(ClaimsTable, found, problems), found


def _case(parts: _Parts, problems: Problems) -> Case:
    case, document, as_of = parts.case, parts.document, parts.as_of
    assumptions = gathered(document, case, as_of, problems)
    rulebook = _rules(parts, "rulebooks", "rulebook", problems)
    rules = _rules(parts, "rules", "verdict_rules", problems)
    system = _system(parts, problems)
    if system is None:
        system = problems.settled(system)
    evaluation = _plan(parts, problems)
    plan = scheme(Reading(document, case, system, as_of, problems))
    tables = tables_of(parts.shelf, (document, case), system, as_of, problems)
    known = claims_of(parts.claims, parts.claims_document, case, problems)
    asked = scenarios_of(document, case, assumptions, problems)
    unlisted(parts.shelf, case.tables, problems)
    plan, entries = registered(problems.settled(plan), case.entered, as_of, shelf=parts.shelf, document=document,
                               problems=problems)
    problems.settle()
    for name in catalogue.names("assumptions"):
        parts.shelf.shipped(f"assumptions/{name}.toml")
    return Case(
        name=case.name, title=case.title, question=case.question, system=system, scheme=plan, tables=tables,
        assumptions=assumptions, as_of=as_of, claims=tuple(c for c in known if c.when <= as_of), scenarios=asked,
        inputs=parts.shelf.inputs(), roles=case.roles.model_dump(),
        unpublished=tuple(name for name, a in assumptions.items() if a.kind == "guess"),
        rulebook=rulebook, rules=rules, plan=evaluation, seed=case.seed, draws=case.draws,
        content=_content(parts, assumptions_told=[asdict(a) for a in assumptions.values()],
                         rules=(rulebook, rules, *entries)),
    )


def _rules(parts: _Parts, shelf: catalogue.Shelf, key: str, problems: Problems) -> dict[str, object]:
    name = str(getattr(parts.case, key))
    known = catalogue.names(shelf)
    if name not in known:
        problems.tell(parts.document, (key,), got=name, expected=f"one of the catalogue's {shelf}",
                      hint=nearest(name, known) if known else "the catalogue has none")
        return {}
    path = f"{shelf}/{name}.toml"
    data = dict(toml(parts.shelf.shipped(path), f"catalogue/{path}").data)
    published = data.get("published")
    if isinstance(published, date) and published > parts.as_of:
        problems.tell(parts.document, (key,), got=f"{name}, published {published.isoformat()}",
                      expected=f"one published by {parts.as_of.isoformat()}", hint="choose an earlier edition")
    return data


def _plan(parts: _Parts, problems: Problems) -> str:
    """The text of the evaluation plan if it is the one whose hash was lodged; read before any outcome is."""
    if parts.case.evaluation is None:
        return ""
    written, where = parts.case.evaluation, f"{parts.shelf.label}/{parts.case.evaluation.plan}"
    try:
        raw = parts.shelf.own(written.plan)
        meaning = toml(raw, where).data
    except CaseError as error:
        problems.absorb(error)
        return ""
    canonical = json.dumps(meaning, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    found = sha256(canonical.encode())
    if found != written.sha256.removeprefix("sha256:"):
        problems.tell(parts.document, ("evaluation", "sha256"), got=written.sha256 or "nothing",
                      expected=f"sha256:{found}, the hash of {written.plan} as it stands",
                      hint="the plan was changed after its hash was lodged: undo that, or lodge a new one and say why")
    return raw.decode("utf-8")


def _system(parts: _Parts, problems: Problems) -> AreaSystem | None:
    name = parts.case.areas.system
    try:
        if parts.shelf.has(f"areas/{name}.toml"):
            return local_system(parts.shelf, name, parts.as_of)
        if name in catalogue.names("areas"):
            parts.shelf.shipped_system(name)
            return catalogue.area_system(name, parts.as_of)
    except CaseError as error:
        problems.absorb(error)
        return None
    known = [*catalogue.names("areas"), *parts.shelf.local_systems()]
    problems.tell(parts.document, ("areas", "system"), got=name, expected="the name of an area system",
                  hint=nearest(name, known) + "; or put its files into the folder areas of the case")
    return None


def _content(parts: _Parts, *, assumptions_told: list[dict[str, object]], rules: tuple[object, ...]) -> str:
    case = parts.case.model_dump(mode="json", exclude={"as_of", "seed", "draws", "assumptions"})
    claims = parts.claims.model_dump(mode="json") if parts.claims else None
    told = [case, claims, assumptions_told, rules, parts.shelf.data_hashes()]
    return parts.shelf.digest(json.dumps(told, sort_keys=True, default=str))
