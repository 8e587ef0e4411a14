"""How well is the appraisal assured? The command that writes the logs and counts the evidence, check by check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from bailiwick.case import Case
    from bailiwick.publish import qa_evidence
    from bailiwick.register import Line


def qa(
    case: Annotated[str, typer.Argument(help="A case folder, or the name of a bundled case.", metavar="CASE")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder that appraise wrote (default out/CASE).")] = None,
    register: Annotated[
        Path | None, typer.Option("--register", help="Register whose decisions are logged and sign checks off.")
    ] = None,
    tests: Annotated[Path | None, typer.Option("--tests", help="JUnit report of the tests, as pytest writes.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Use only what was published by this day.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Write the assurance logs, and count for how many checks evidence is present, needs a person, or is missing."""
    from bailiwick import publish
    from bailiwick.publish import qa as assured
    from bailiwick.publish import qa_page

    loaded = _loaded(case, as_of)
    folder = out or Path("out") / loaded.name
    lines = _lines(register, loaded)
    found = assured.assurance(_world(loaded, case, folder, register, tests), _signatures(lines), _decisions(lines))
    publish.written(folder / "qa", qa_page.files(found))
    if as_json:
        typer.echo(json.dumps(qa_page.data(found), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join([*qa_page.lines(found), "", f"Files: {folder / 'qa'}"]))


def _loaded(name: str, as_of: str | None) -> Case:
    from datetime import date

    from bailiwick import casefile

    try:
        return casefile.load(name, as_of=date.fromisoformat(as_of) if as_of else None)
    except ValueError:
        raise CaseError("--as-of", "", got=as_of, expected="a date as 2018-01-31") from None


def _world(case: Case, name: str, folder: Path, register: Path | None, tests: Path | None) -> qa_evidence.World:
    from bailiwick import publish
    from bailiwick.publish import qa_evidence

    document = publish.read(folder / "results.json")
    found = cast("dict[str, object]", document["case"])["name"]
    if found != case.name:
        raise CaseError(str(folder / "results.json"), "case", got=str(found), expected=f"results of {case.name}",
                        hint=f"make them with `bailiwick appraise {name}`, or name their folder with --out")
    if not publish.is_of(document, case):
        typer.echo("Note: these results are not of the case as it stands now (other inputs, values, date or number of "
                   "sets).", err=True)
    record = folder / "record.json"
    told = publish.verify(record, Path(name) if Path(name).is_dir() else None) if record.is_file() else None
    kept = json.loads(record.read_text(encoding="utf-8")) if told is not None else {}
    return qa_evidence.World(document, folder, told, str(kept.get("fingerprint", "")), _whole(register), _suite(tests),
                             qa_evidence.checkout())


def _whole(register: Path | None) -> str:
    if register is None:
        return ""
    from bailiwick import register as room

    if room.verify(register):
        return ""
    lines = room.lines(register)
    return f"{register}: {len(lines)} entries, no link broken, last digest {lines[-1].digest[:12]}" if lines else ""


def _suite(tests: Path | None) -> str:
    if tests is None:
        return ""
    import hashlib

    from bailiwick.publish.qa_evidence import suite_of

    try:
        content = tests.read_bytes()
    except OSError as error:
        raise CaseError(str(tests), "--tests", got=error.strerror or str(error), expected="a JUnit report",
                        hint="make one with `pytest --junit-xml FILE`") from error
    said = suite_of(content.decode("utf-8", "replace"))
    return f"{said} ({tests.name}, sha256 {hashlib.sha256(content).hexdigest()[:16]})" if said else ""


def _lines(register: Path | None, case: Case) -> tuple[Line, ...]:
    if register is None:
        return ()
    from bailiwick import register as room

    return tuple(line for line in room.lines(register) if line.entry.case in ("", case.name))


def _signatures(lines: tuple[Line, ...]) -> dict[str, str]:
    return {check: f"{line.entry.by}, {line.entry.day.isoformat()} (register entry {line.number}"
                   f"{', signed ' + line.entry.signer if line.entry.signer else ''})"
            for line in lines for check in line.entry.signs_off}


def _decisions(lines: tuple[Line, ...]) -> list[tuple[str, ...]]:
    return [(str(line.number), line.entry.day.isoformat(), line.entry.kind, line.entry.reference, line.entry.title,
             line.entry.by, line.entry.summary,
             "; ".join(f"{e.name} {e.record or e.sha256}" for e in line.entry.evidence),
             line.entry.signer, line.digest) for line in lines]
