"""What can be typed?  Each command is a few lines; the rooms are imported inside it, so that --help answers at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bailiwick import cli_decides
from bailiwick.cli_evaluate import evaluate
from bailiwick.cli_fetch import fetch
from bailiwick.cli_group import group
from bailiwick.cli_new import new
from bailiwick.cli_qa import qa
from bailiwick.cli_register import app as register
from bailiwick.errors import BailiwickError, CaseError, nearest

if TYPE_CHECKING:
    from bailiwick.case import Case
    from bailiwick.findings import Appraisal

app = typer.Typer(
    name="bailiwick", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    help="Judges a police command merger from public data: what it saves, who waits longer, who is in charge.",
)

CaseArgument = Annotated[str, typer.Argument(help="A case folder, or the name of a bundled case.", metavar="CASE")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Use only what was published by this day (2018-01-31).")]
Set = Annotated[list[str] | None, typer.Option("--set", help="Another value of an assumption: name=value.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the sets of assumptions.")]
Draws = Annotated[int | None, typer.Option(help="How many sets of assumptions to try.", min=1, max=100_000)]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the files (default out/CASE).")]
Scheduler = Annotated[str | None, typer.Option(help="Address of a Dask scheduler to work on.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def main() -> None:
    """Run the command line: exit 2 with one plain message when the user's input cannot be used."""
    try:
        app()
    except BailiwickError as error:
        typer.echo(f"bailiwick: {error}", err=True)
        sys.exit(2)
    except (PermissionError, IsADirectoryError, NotADirectoryError, FileNotFoundError) as error:
        typer.echo(f"bailiwick: {error.filename}: {error.strerror}", err=True)
        sys.exit(2)


app.command()(new)


@app.command()
def check(case: CaseArgument, as_of: AsOf = None, as_json: Json = False) -> None:
    """Validate a case wholly, and list what is missing as tasks."""
    from bailiwick import appraisal, casefile

    loaded = _loaded(case, as_of)
    tasks = casefile.tasks(loaded)
    casefile.check_measures(loaded, appraisal.names(loaded))
    found = appraisal.checks(loaded)
    if as_json:
        _echo_json({"checks": [{"name": c.name, "passed": c.passed, "text": c.text} for c in found],
                    "tasks": [str(task) for task in tasks]})
    else:
        for c in found:
            typer.echo(f"{ {True: 'passed', False: 'FAILED', None: 'note'}[c.passed]:7} {c.name}: {c.text}")
        typer.echo(f"\n{len(tasks)} tasks:" if tasks else "\nNothing is missing.")
        for task in tasks:
            typer.echo(f"  - {task}")
    if any(c.passed is False for c in appraisal.integrity(loaded)):
        raise typer.Exit(1)


@app.command()
def appraise(
    case: CaseArgument, out: Out = None, as_of: AsOf = None, settings: Set = None, seed: Seed = None,
    draws: Draws = None, scheduler: Scheduler = None, as_json: Json = False,
) -> None:
    """Judge a case: the answer on the terminal, results, report, map and record in the folder of --out."""
    from bailiwick import publish
    from bailiwick.publish import terminal

    loaded = _with(_loaded(case, as_of), settings, seed, draws)
    folder = out or Path("out") / loaded.name
    publish.writable(folder)

    def show(document: dict[str, object]) -> None:
        if not as_json:
            typer.echo("\n".join(terminal.summary(document)))

    paths = publish.kept(folder, loaded, Path(case) if Path(case).is_dir() else None)
    if paths:
        typer.echo("Nothing has changed since these files were written: not computed again.", err=True)
        show(publish.read(folder / "results.json"))
    else:
        paths = publish.publish(_appraised(loaded, scheduler, lambda found: show(publish.results(found))), folder)
    if as_json:
        document = publish.read(folder / "results.json")
        _echo_json({"verdict": document["verdict"], "files": [str(path) for path in paths]})
    else:
        typer.echo("\n".join(terminal.files(paths)))


@app.command()
def compare(
    case: CaseArgument,
    others: Annotated[list[str] | None, typer.Argument(help="Options to set side by side, or another case.")] = None,
    plan: Annotated[str | None, typer.Option(help="Code of a plan drawn on the map page.")] = None,
    as_of: AsOf = None, settings: Set = None, as_json: Json = False,
) -> None:
    """Set options of a case side by side, or a drawn plan beside today, or list where two cases differ."""
    from bailiwick import casefile
    from bailiwick.publish import plan_terminal, terminal

    loaded = _with(_loaded(case, as_of), settings, None, None)
    if plan is not None:
        lines = plan_terminal.plan_comparison(loaded, plan)
        _show((lines, lines), as_json)
        return
    known = [option.name for option in loaded.scheme.options]
    wanted = others or [name for name in ("today", "cuts", "proposed") if name in known]
    if len(wanted) == 1 and wanted[0] not in known:
        typer.echo("\n".join(terminal.differences(loaded, casefile.load(wanted[0]))))
        return
    for name in wanted:
        loaded.scheme.option(name)
    document = _document(loaded)
    _show(terminal.comparison(document, wanted), as_json)


@app.command()
def area(
    case: CaseArgument, name: Annotated[str, typer.Argument(help="Name or code of an area.", metavar="AREA")],
    as_of: AsOf = None, as_json: Json = False,
) -> None:
    """Show one area before and after: who is in charge, how far, how many they serve."""
    from bailiwick.publish import terminal

    loaded = _loaded(case, as_of)
    found = loaded.system.find(name)
    if found.code not in loaded.scheme.scope:
        names = [loaded.system.area(code).name for code in loaded.scheme.scope]
        raise CaseError(f"case {loaded.name}", "AREA", got=found.name, expected="one of " + ", ".join(names),
                        hint="this case does not change that area")
    _show(terminal.one_area(_document(loaded), found.code), as_json)


@app.command()
def breakeven(
    case: CaseArgument, as_of: AsOf = None, settings: Set = None,
    full: Annotated[bool, typer.Option("--full", help="Pairs too: posts and years, cars and desk work.")] = False,
    as_json: Json = False,
) -> None:
    """List what must be true for the merger to pay: the value of each unknown that would turn the answer."""
    asked = _with(_loaded(case, as_of), settings, None, None)
    _show(cli_decides.break_even(asked, _document(asked), full=full), as_json)


@app.command()
def claims(case: CaseArgument, as_of: AsOf = None, as_json: Json = False) -> None:
    """Test what was said in the debate, supporters and opponents by the same rules."""
    from bailiwick.publish import terminal

    _show(terminal.claims(_document(_loaded(case, as_of))), as_json)


@app.command()
def questions(
    case: CaseArgument, area: Annotated[str | None, typer.Option("--area", help="Name or code of an area.")] = None,
    reader: Annotated[str | None, typer.Option("--for", help="scrutiny: lines of enquiry by the five cases.")] = None,
    as_of: AsOf = None, as_json: Json = False,
) -> None:
    """List what nobody has published, who holds it, and the words to ask for it."""
    from bailiwick.publish import terminal

    if reader not in (None, "scrutiny"):
        raise CaseError("questions", "--for", got=str(reader), expected="scrutiny")
    loaded = _loaded(case, as_of)
    code = loaded.system.find(area).code if area else None
    asked = terminal.scrutiny if reader else terminal.questions
    _show(asked(_document(loaded), code), as_json)


@app.command()
def why(
    case: CaseArgument,
    finding: Annotated[str, typer.Argument(help="Id of a finding, as printed in results.json.", metavar="FINDING-ID")],
    as_of: AsOf = None, as_json: Json = False,
) -> None:
    """Trace one number: formula with numbers, assumptions, rows, sources, code, draws, and where it is printed."""
    from bailiwick.publish import PAGES
    from bailiwick.publish.trace import trace

    loaded = _loaded(case, as_of)
    document = _document(loaded)
    ids = [str(f["id"]) for f in document["findings"]]  # type: ignore[attr-defined]
    if finding not in ids:
        raise CaseError(f"case {case}", "FINDING-ID", got=finding, expected="the id of a finding",
                        hint=nearest(finding, ids))
    folder = Path("out") / loaded.name
    pages = {name: (folder / name).read_text(encoding="utf-8") for name in PAGES if (folder / name).is_file()}
    _show(trace(document, loaded, finding, pages), as_json)


@app.command()
def verify(
    record: Annotated[Path, typer.Argument(help="A record.json written by appraise.")],
    rerun: Annotated[bool, typer.Option("--rerun", help="Compute again, and compare every number.")] = False,
) -> None:
    """Hash everything a record binds again, and name what has changed."""
    from bailiwick import casefile, publish

    changed = publish.verify(record)
    if rerun and not changed:
        changed = publish.rerun(record, lambda case: _appraised(case, None), casefile.load)
    for line in changed:
        typer.echo(line)
    if not all(line.endswith(publish.WITHIN) for line in changed):
        raise typer.Exit(1)
    typer.echo("Unchanged: every input, assumption and result is as recorded. This is no independent proof.")


@app.command("map")
def map_(case: CaseArgument, out: Out = None, as_of: AsOf = None) -> None:
    """Write the map of a case."""
    _one_page(case, out, as_of, "map.html")


@app.command()
def report(
    case: CaseArgument, out: Out = None, as_of: AsOf = None,
    area: Annotated[str | None, typer.Option("--area", help="Name or code of an area: its own short report.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as a tagged PDF (needs Pango).")] = False,
) -> None:
    """Write the report of a case, or the two pages for one area."""
    _one_page(case, out, as_of, "report.html", area=area, pdf=pdf)


app.command()(evaluate)
app.command()(group)
app.command()(fetch)
app.command()(qa)
app.add_typer(register, name="register")
cli_decides.attach(app, lambda name, as_of: _loaded(name, as_of), lambda case: _document(case))


def _loaded(name: str, as_of: str | None) -> Case:
    from datetime import date

    from bailiwick import casefile

    if as_of is None:
        return casefile.load(name)
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise CaseError("--as-of", "", got=as_of, expected="a date as 2018-01-31") from None
    return casefile.load(name, as_of=day)


def _with(case: Case, settings: list[str] | None, seed: int | None, draws: int | None) -> Case:
    from dataclasses import replace

    for setting in settings or []:
        name, equals, value = setting.partition("=")
        try:
            number = float(value)
        except ValueError:
            raise CaseError("--set", name, got=setting, expected="name=value with a number") from None
        if not equals:
            raise CaseError("--set", name, got=setting, expected="name=value")
        case = case.assume(name.strip(), number)
    return replace(case, seed=case.seed if seed is None else seed, draws=case.draws if draws is None else draws)


def _appraised(
    case: Case, scheduler: str | None, show: Callable[[Appraisal], None] | None = None,
) -> Appraisal:
    from bailiwick import uncertainty
    from bailiwick.workers import executor

    with executor(scheduler=scheduler) as pool:
        with _progress("Trying sets of assumptions") as progress:
            found, draws = uncertainty.answer(case, pool, progress)
        if show:
            show(found)
            typer.echo("\nThe answer stands. Now the other maps, the report and the map page.", err=True)
        return uncertainty.completed(case, found, draws, pool)


def _document(case: Case) -> dict[str, object]:
    """The results of a case: those on disk when they are of this very case, else computed now."""
    from bailiwick import publish

    path = Path("out") / case.name / "results.json"
    if path.is_file():
        document = publish.read(path)
        if publish.is_of(document, case):
            return document
    return publish.results(_appraised(case, None))


def _one_page(
    name: str, out: Path | None, as_of: str | None, page: str, *, area: str | None = None, pdf: bool = False,
) -> None:
    from bailiwick import publish

    case = _loaded(name, as_of)
    folder = out or Path("out") / case.name
    code = case.system.find(area).code if area else None
    document = _document(case)
    written = publish.page(document, folder, page, code)
    typer.echo(f"Written: {written}")
    if pdf:
        typer.echo(f"Written: {publish.paper(written, document)}")


def _show(answer: tuple[Sequence[str], object], as_json: bool) -> None:
    lines, data = answer
    if as_json:
        _echo_json(data)
    else:
        typer.echo("\n".join(lines))


def _echo_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
