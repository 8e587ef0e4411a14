"""What exactly did the appraisal find, in one file that a page, a test or a stranger's program can read?

`results` turns an Appraisal into the dict that becomes results.json; numbers are rounded to their measure's decimals
on the way in, so that nothing printed from it can disagree with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from bailiwick import __version__
from bailiwick.appraisal import MEASURES
from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.errors import CaseError
from bailiwick.findings import Appraisal, Change, Estimate, Finding, Measure, Unavailable
from bailiwick.publish import words
from bailiwick.scheme import Command, Option
from bailiwick.tables import Cell, ResultTable

Json = dict[str, object]
SCHEMA = "bailiwick/results/1"
_DECIMALS: Mapping[str, int] = {"km": 2, "minutes": 1, "people": 0, "residents": 0, "posts": 2, "crimes": 0, "%": 2}
_OTHER_DECIMALS = 4


def results(appraisal: Appraisal, measures: Sequence[Measure] | None = None) -> Json:
    """The appraisal as plain JSON values, in a fixed order, rounded; `measures` defaults to those of all rooms."""
    known = {m.name: m for m in (MEASURES if measures is None else measures)}
    case = appraisal.case
    return {
        "schema": SCHEMA,
        "case": _case(case, appraisal.case_digest),
        "options": [_option(case, option) for option in appraisal.options],
        "verdict": _verdict(appraisal),
        "counts": _counts(appraisal),
        "measures": {name: _measure(known[name]) for name in _used(appraisal, known)},
        "findings": [_finding(f, known.get(f.measure), case) for f in appraisal.findings],
        "gates": [_gate(appraisal, i) for i in range(len(appraisal.gates))],
        "conditions": _conditions(appraisal),
        "tables": {table.name: _table(table) for table in appraisal.tables},
        "checks": [{"name": c.name, "passed": c.passed, "text": c.text} for c in appraisal.checks],
        "unknowns": _unknowns(appraisal),
        "claims": _claims(appraisal),
        "pilots": [
            {"id": p.id, "title": p.title, "areas": list(p.areas), "phases": [
                {"name": f.name, "start": _day(f.start), "end": _day(f.end), "dose": f.dose} for f in p.phases]}
            for p in case.scheme.pilots
        ],
        "provenance": _provenance(appraisal),
    }


def canonical(document: Json) -> bytes:
    """The bytes of a results document: UTF-8, one finding or table row a line, a newline at the end, no NaN."""
    parts = [f"{json.dumps(key)}: {_lines(value)}" for key, value in document.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def read(path: Path) -> Json:
    """The results document of a file; CaseError when it is absent, broken, or of another schema version."""
    where = str(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(where, "", got=error.strerror or str(error), expected="a results.json that can be read",
                        hint="make one with `bailiwick appraise CASE`") from error
    except ValueError as error:
        raise CaseError(where, "", got=str(error), expected="JSON as written by bailiwick",
                        hint="make it afresh with `bailiwick appraise CASE`") from error
    found = document.get("schema") if isinstance(document, dict) else type(document).__name__
    if found != SCHEMA:
        raise CaseError(where, "schema", got=found or "nothing", expected=SCHEMA,
                        hint="make it afresh with `bailiwick appraise CASE`: this version reads no other schema")
    validate(document, where)
    return cast(Json, document)


def validate(document: Json, where: str = "results.json") -> None:
    """CaseError naming the first place where a results document breaks the shipped JSON Schema; None otherwise."""
    broken = sorted(_validator().iter_errors(document), key=lambda e: [str(p) for p in e.absolute_path])
    if broken:
        first = broken[0]
        raise CaseError(where, "/".join(str(p) for p in first.absolute_path), got=first.message[:110],
                        expected=f"a document of the schema {SCHEMA}",
                        hint=f"{words.count(len(broken), 'place')} broken in all; the schema is results-1.schema.json")


@cache
def _validator() -> Draft202012Validator:
    text = (resources.files("bailiwick.publish") / "schema" / "results-1.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _lines(value: object) -> str:
    dump: Callable[[object], str] = lambda v: json.dumps(v, ensure_ascii=False, allow_nan=False)  # noqa: E731
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(dump(item) for item in value) + "\n]"
    if isinstance(value, dict) and value:
        rows = (
            f"{json.dumps(key)}: {_lines(item) if key == 'rows' or isinstance(item, dict) else dump(item)}"
            for key, item in value.items()
        )
        return "{\n" + ",\n".join(rows) + "\n}"
    return dump(value)


def _used(appraisal: Appraisal, known: Mapping[str, Measure]) -> tuple[str, ...]:
    asked = {f.measure for f in appraisal.findings}
    return tuple(name for name in known if name in asked)


def _case(case: Case, digest: str) -> Json:
    scheme = case.scheme
    return {
        "name": case.name, "title": case.title, "question": case.question, "as_of": case.as_of.isoformat(),
        "digest": digest, "system": case.system.name, "system_title": case.system.title,
        "scheme": scheme.title, "scope": list(scheme.scope), "effective": scheme.effective.isoformat(),
        "horizon_years": scheme.horizon_years, "roles": dict(case.roles), "rules": _plain(case.rules),
        "areas": [_area(area, scheme.scope) for area in case.system.areas],
        "sites": [
            {"name": s.name, "area": s.area, "easting": s.easting, "northing": s.northing, "role": s.role,
             "opens": _day(s.opens), "closes": _day(s.closes), "note": s.note}
            for s in scheme.sites
        ],
        **({"outlines": case.system.outlines} if case.system.outlines else {}),
    }


def _area(area: Area, scope: Iterable[str]) -> Json:
    return {
        "code": area.code, "name": area.name, "force": area.force, "population": area.population,
        "households": area.households, "area_km2": _number(area.area_km2, 2), "easting": _number(area.easting, 0),
        "northing": _number(area.northing, 0), "in_scope": area.code in tuple(scope),
        "wards": list(dict.fromkeys(p.name for p in area.points if p.name and p.name not in (p.code, area.name))),
    }


def _option(case: Case, option: Option) -> Json:
    commands = option.grouping.commands
    return {
        "name": option.name, "kind": option.kind, "title": option.title, "delay_months": option.delay_months,
        "commands": [list(command.areas) for command in commands],
        "command_count": len(commands),
        "run_from": [_command(case, command) for command in commands],
        "labels": dict(option.labels),
    }


def _command(case: Case, command: Command) -> Json:
    models = {m.name: m.title for m in case.scheme.models}
    return {"areas": list(command.areas), "model": command.model, "model_title": models.get(command.model, ""),
            "headquarters": command.headquarters}


def _counts(appraisal: Appraisal) -> Json:
    assumptions = list(appraisal.case.assumptions.values())
    scope = appraisal.case.system.subset(appraisal.case.scheme.scope)
    people = [area.population for area in scope]
    return {
        "areas": len(scope), "residents": None if None in people else sum(p or 0 for p in people),
        "assumptions": len(assumptions),
        **{f"assumptions_{kind}": sum(a.kind == kind for a in assumptions) for kind in ("data", "research", "guess")},
        "unknowns": len(appraisal.unknowns),
        "checks": len(appraisal.checks),
        **{f"checks_{word}": sum(c.passed is state for c in appraisal.checks)
           for word, state in (("passed", True), ("failed", False), ("informing", None))},
        "gates": len(appraisal.gates),
        **{f"gates_{state.replace(' ', '_')}": sum(g.state == state for g in appraisal.gates)
           for state in ("met", "not met", "cannot be known")},
        "claims": len(appraisal.claims),
        **{f"claims_{verdict.replace(' ', '_')}": sum(c.verdict == verdict for c in appraisal.claims)
           for verdict in ("supported", "not supported", "cannot be tested")},
    }


def _verdict(appraisal: Appraisal) -> Json:
    verdict = appraisal.verdict
    return {"answer": verdict.answer, "sentence": verdict.sentence, "reasons": list(verdict.reasons),
            "caveats": list(verdict.caveats), "under_other_rules": dict(verdict.under_other_rules),
            "rule_sha256": verdict.rule_sha256}


def _measure(measure: Measure) -> Json:
    return {"title": measure.title, "unit": measure.unit, "decimals": measure.decimals, "better": measure.better,
            "role": measure.role, "scope": measure.scope, "combine": measure.combine,
            "definition": measure.definition, "reference": measure.reference,
            "smallest_that_matters": measure.smallest_that_matters}


def _finding(finding: Finding, measure: Measure | None, case: Case) -> Json:
    decimals = measure.decimals if measure else _OTHER_DECIMALS
    value = finding.value
    found: Json = {
        "id": finding.id, "measure": finding.measure, "title": measure.title if measure else finding.measure,
        "unit": measure.unit if measure else "", "option": finding.option, "subject": finding.subject,
        "area": _name_of(case, finding.subject), **_estimate(value, decimals),
        "changes": [_change(change, decimals) for change in finding.changes],
        "published": _day(finding.published), "sources": list(finding.sources), "note": finding.note,
    }
    if isinstance(value, Unavailable):
        found["reason"] = value.reason
        found["note"] = ". ".join(part.rstrip(".") for part in (value.text, finding.note) if part)
    return found


def _estimate(value: Estimate | Unavailable | None, decimals: int) -> Json:
    if not isinstance(value, Estimate):
        return {"value": None, "low": None, "high": None, "level": None, "basis": None}
    return {"value": _number(value.value, decimals), "low": _number(value.low, decimals),
            "high": _number(value.high, decimals), "level": value.level, "basis": value.basis}


def _change(change: Change, decimals: int) -> Json:
    kept = _estimate(change.estimate, decimals)
    return {"against": change.against, "value": kept["value"], "low": kept["low"], "high": kept["high"],
            "state": change.state, "holds_in": change.holds_in}


def _name_of(case: Case, subject: str) -> str:
    names = {area.code: area.name for area in case.system.areas}
    codes = subject.removeprefix("command:").split("+")
    return words.joined(names[code] for code in codes) if all(code in names for code in codes) else ""


def _gate(appraisal: Appraisal, i: int) -> Json:
    gate = appraisal.gates[i]
    return {"name": gate.name, "owner": gate.owner, "due": _day(gate.due), "requires": gate.requires,
            "state": gate.state, "evidence": list(gate.evidence), "criterion_dated": _day(gate.criterion_dated),
            "text": gate.text}


def _conditions(appraisal: Appraisal) -> list[Json]:
    return [
        {"lever": c.lever, "setting": c.setting, "protects": list(c.protects),
         "cost_a_year": {"unit": "GBP a year", **_estimate(c.cost_a_year, -3)},
         "verdict_with": c.verdict_with, "verdict_without": c.verdict_without}
        for c in appraisal.conditions
    ]


def _unknowns(appraisal: Appraisal) -> list[Json]:
    return [
        {"name": u.assumption, "title": u.title, "why_it_matters": u.why_it_matters, "holder": u.holder,
         "unit": u.unit, "value": _cell(u.value, u.unit), "low": _cell(u.low, u.unit),
         "high": _cell(u.high, u.unit), "breaks_even_at": _cell(u.breaks_even_at, u.unit),
         "settles": _number(u.settles, 4)}
        for u in appraisal.unknowns
    ]


def _claims(appraisal: Appraisal) -> list[Json]:
    return [
        {"id": c.id, "who": c.who, "when": c.when.isoformat(), "quote": c.quote, "side": c.side, "url": c.url,
         "verdict": c.verdict, "text": c.text, "findings": list(c.findings)}
        for c in appraisal.claims
    ]


def _table(table: ResultTable) -> Json:
    units = (*table.units, *[""] * (len(table.columns) - len(table.units)))
    rows = [[_cell(cell, units[i]) for i, cell in enumerate(row)] for row in table.rows]
    return {"title": table.title, "columns": list(table.columns), "units": list(units), "rows": rows,
            "finding_ids": list(table.finding_ids), "note": table.note}


def _cell(cell: Cell, unit: str) -> Cell:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool) or not isinstance(cell, float):
        return cell
    if cell != cell or cell in (float("inf"), float("-inf")):
        return None
    return _number(cell, _decimals(cell, unit))


def _decimals(cell: float, unit: str) -> int:
    if words.is_money(unit):
        return 0 if abs(cell) >= 100 else 2
    return _DECIMALS.get(unit, _OTHER_DECIMALS)


def _number(value: float | None, decimals: int) -> float | int | None:
    if value is None or value != value:
        return None
    kept = words.rounded(value, decimals)
    return int(kept) if decimals <= 0 or kept.is_integer() else kept


def _provenance(appraisal: Appraisal) -> Json:
    case = appraisal.case
    inputs = [
        {"path": i.path, "sha256": i.sha256, "publisher": i.publisher, "licence": i.licence,
         "published": i.published, "url": i.url, "restricted": i.restricted}
        for i in case.inputs
    ]
    told = cast(Json, _plain(appraisal.provenance))
    return {"version": __version__, "seed": case.seed, "draws": case.draws, **told, "inputs": inputs}


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in value}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _day(when: date | None) -> str | None:
    return when.isoformat() if when else None
