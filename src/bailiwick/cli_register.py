"""Who decided what, on which evidence? The commands that add to a register, list it, show a page, and verify it."""

from __future__ import annotations

import json
import textwrap
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from bailiwick.register import Line

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  help="Keep decisions, criteria and answers in a register that shows every later change.")

Where = Annotated[Path, typer.Option("--register", help="File of the register.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Words = Annotated[str | None, typer.Option()]
FILE = Path("register.sqlite")
WIDTH = 100
_PAGE = (("reference", "Reference"), ("day", "Date"), ("by", "Decision by"), ("case", "Case"),
         ("summary", "Executive summary"), ("recommendation", "Recommendation"),
         ("facts", "Non-confidential facts and advice"), ("financial", "Financial implications"),
         ("legal", "Legal implications"), ("equality", "Equality implications"), ("risk", "Risks"))


@app.command()
def add(  # noqa: PLR0913 - one part of a decision page each
    kind: Annotated[str | None, typer.Option(help="evaluation plan, criterion, consultation response, decision, "
                                             "condition or stop-rule reading.")] = None,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    day: Annotated[str | None, typer.Option(help="The day it is about, as 2018-01-31.")] = None,
    by: Annotated[str | None, typer.Option(help="Who planned, asked, answered, decided or measured.")] = None,
    summary: Annotated[str | None, typer.Option(help="What it says, in a few sentences.")] = None,
    case: Annotated[str | None, typer.Option(help="Name of the case it belongs to.")] = None,
    reference: Annotated[str | None, typer.Option(help="Its reference, as PCD 217.")] = None,
    recommendation: Annotated[str | None, typer.Option(help="What was recommended.")] = None,
    facts: Annotated[str | None, typer.Option(help="Non-confidential facts and advice.")] = None,
    financial: Annotated[str | None, typer.Option(help="Financial implications.")] = None,
    legal: Annotated[str | None, typer.Option(help="Legal implications.")] = None,
    equality: Annotated[str | None, typer.Option(help="Equality implications.")] = None,
    risk: Annotated[str | None, typer.Option(help="Risks.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="A file it rests on, bound by its sha256.")] = None,
    gate: Annotated[str | None, typer.Option(help="Name of the gate it bears on.")] = None,
    shows: Annotated[str | None, typer.Option(help="What it shows of the gate: met, not met, cannot be known.")] = None,
    measure: Annotated[str | None, typer.Option(help="Stop-rule reading: what was measured.")] = None,
    reading: Annotated[float | None, typer.Option(help="Stop-rule reading: the number read.")] = None,
    limit: Annotated[float | None, typer.Option(help="Stop-rule reading: where the rule says stop.")] = None,
    unit: Annotated[str | None, typer.Option(help="Stop-rule reading: its unit.")] = None,
    signs_off: Annotated[list[str] | None, typer.Option(help="Decision: a check of `qa` it signs off, as Q15.")] = None,
    small_counts: Annotated[str | None, typer.Option(help="Why a count of one to four people may stand.")] = None,
    from_file: Annotated[Path | None, typer.Option("--from", help="A TOML file that holds the same keys.")] = None,
    sign: Annotated[Path | None, typer.Option(help="Private SSH key that signs the entry.")] = None,
    signer: Annotated[str | None, typer.Option(help="Name of the signer in the allowed-signers file.")] = None,
    register: Where = FILE, as_json: AsJson = False,
) -> None:
    """Add an entry at the end of the register: it can never be changed or taken out."""
    given = {key: value for key, value in locals().items()
             if key not in ("from_file", "sign", "register", "as_json", "evidence") and value is not None}
    told = {**_file(from_file), **given}
    line = _added(register, told, evidence or [], sign)
    if as_json:
        typer.echo(json.dumps(_plain(line), ensure_ascii=False, indent=1))
    else:
        typer.echo(f"Entry {line.number} is in {register}.\nIts digest: {line.digest}\nPublish the digest elsewhere: "
                   "it shows later that nothing before it was changed or cut off.")


@app.command("list")
def list_(
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    case: Annotated[str | None, typer.Option(help="Only entries of this case.")] = None,
    register: Where = FILE, as_json: AsJson = False,
) -> None:
    """List the entries in their order: number, day, kind, title, by whom, signed or not."""
    from bailiwick import register as room
    from bailiwick.errors import nearest

    if kind is not None and kind not in room.KINDS:
        raise CaseError("register list", "--kind", got=kind, expected="one of " + ", ".join(room.KINDS),
                        hint=nearest(kind, room.KINDS))
    found = [line for line in room.lines(register)
             if (kind is None or line.entry.kind == kind) and (case is None or line.entry.case == case)]
    if as_json:
        typer.echo(json.dumps([_plain(line) for line in found], ensure_ascii=False, indent=1))
        return
    for line in found:
        entry = line.entry
        signed = f", signed {entry.signer}" if entry.signer else ""
        named = f"{entry.reference}: {entry.title}" if entry.reference else entry.title
        typer.echo(f"{line.number:4}  {entry.day}  {entry.kind:21}  {named} ({entry.by}{signed})  {line.digest[:12]}")
    if not found:
        typer.echo("No entry.")


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="Number of the entry.", metavar="NUMBER")], register: Where = FILE,
) -> None:
    """Show one entry as a decision page: reference, date, by whom, summary, advice, evidence."""
    from bailiwick import register as room

    found = room.lines(register)
    line = next((line for line in found if line.number == number), None)
    if line is None:
        raise CaseError(str(register), "NUMBER", got=number, expected=f"the number of an entry, 1 to {len(found)}")
    typer.echo("\n".join(_page(line)))


@app.command()
def verify(
    register: Annotated[Path, typer.Argument(help="File of the register.", metavar="FILE")] = FILE,
    allowed_signers: Annotated[Path | None, typer.Option("--allowed-signers", help="Whose SSH key is whose.")] = None,
    head: Annotated[str, typer.Option(help="A digest published elsewhere that must still be there.")] = "",
    as_json: AsJson = False,
) -> None:
    """Check every link, signature and piece of evidence, offline, and name what is broken (exit 1)."""
    from bailiwick import register as room

    broken = room.verify(register, allowed_signers=allowed_signers, head=head)
    if as_json:
        typer.echo(json.dumps({"whole": not broken, "broken": list(broken)}, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(broken) if broken else _whole(room.lines(register), allowed_signers))
    if broken:
        raise typer.Exit(1)


def _file(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CaseError(str(path), "--from", got=str(error), expected="a TOML file with the keys of an entry"
                        ) from error


def _added(register: Path, told: dict[str, object], evidence: list[Path], sign: Path | None) -> Line:
    from dataclasses import replace

    from bailiwick import register as room

    if "recorded" in told:
        raise CaseError("register add", "recorded", got=str(told["recorded"]), expected="nothing: the clock tells it")
    if bool(sign) != bool(told.get("signer")):
        raise CaseError("register add", "--sign", got="a key" if sign else f"signer {told.get('signer')}",
                        expected="--sign KEY and --signer NAME together")
    entry = room.entry_of(told, "register add")
    whole = replace(entry, evidence=(*entry.evidence, *(room.exhibit(path) for path in evidence)))
    return room.append(register, whole, room.signer(sign) if sign else None)


def _plain(line: Line) -> dict[str, Any]:
    return {"number": line.number, "digest": line.digest, "previous": line.previous, **json.loads(line.body),
            "signature": line.signature}


def _page(line: Line) -> list[str]:
    entry = line.entry
    told = [entry.title, "=" * min(len(entry.title), WIDTH), "", f"Entry {line.number}: {entry.kind}"]
    for key, label in _PAGE:
        said = str(getattr(entry, key))
        if said:
            told += ["", f"{label}", *textwrap.wrap(said, WIDTH, initial_indent="  ", subsequent_indent="  ")]
    if entry.reading is not None:
        told += ["", "Reading", f"  {entry.measure}: {entry.reading:g} {entry.unit} (stop at {entry.limit:g})"]
    if entry.gate:
        told += ["", "Gate", f"  {entry.gate}: {entry.shows or 'nothing said of its state'}"]
    if entry.signs_off:
        told += ["", "Signs off", f"  {', '.join(entry.signs_off)}"]
    if entry.evidence:
        told += ["", "Evidence", *(f"  {e.name}  {e.record}  sha256:{e.sha256}" for e in entry.evidence)]
    return [*told, "", f"Entered {entry.recorded}; digest {line.digest}",
            f"Signed by {entry.signer}" if entry.signer else "Not signed"]


def _whole(found: tuple[Line, ...], allowed: Path | None) -> str:
    signed = sum(bool(line.signature) for line in found)
    last = f" The last digest is {found[-1].digest}." if found else ""
    whose = ("" if not signed else " Each signature is of the named signer." if allowed else
             " Signatures fit their keys; whose keys they are was not checked: give --allowed-signers.")
    return f"Whole: {len(found)} entries, {signed} of them signed, no link broken.{last}{whose}"
