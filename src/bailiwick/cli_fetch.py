"""What can be typed to bring publishers' files to this computer, and to see which are there?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from bailiwick.sources.library import Outcome
    from bailiwick.sources.store import Record, Store

Named = Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Sources to fetch; none: all of them.")]
Mirror = Annotated[str | None, typer.Option(help="Address of a mirror with a MANIFEST.csv.", metavar="URL")]
Shown = Annotated[bool, typer.Option("--list", help="List the sources, and what is kept of them, without any network.")]
Compared = Annotated[bool, typer.Option("--compare", help="Hold the built-in tables against what is kept.")]
ByHand = Annotated[list[Path] | None, typer.Option("--file", help="Take in a file that was downloaded by hand.")]
Issue = Annotated[str | None, typer.Option(help="Which issue of a dated archive, as 2018-12.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def fetch(  # noqa: PLR0913 - one option of the command line each
    sources: Named = None, mirror: Mirror = None, shown: Shown = False, file: ByHand = None, issue: Issue = None,
    compare: Compared = False, as_json: Json = False,
) -> None:
    """Bring publishers' files to this computer: checked, dated, never written over; offline afterwards."""
    from bailiwick.sources import SOURCES, library
    from bailiwick.sources.store import Store, default_folder

    store = Store(default_folder())
    wanted = [library.source(name) for name in sources or []]
    if compare:
        _compare(store, as_json)
        return
    if shown:
        _list(store, [w.name for w in wanted] or [s.name for s in SOURCES], as_json)
        return
    if file:
        if len(wanted) != 1:
            raise CaseError("--file", "SOURCE", got=", ".join(sources or []) or "none", expected="one source",
                            hint="bailiwick fetch SOURCE --file PATH")
        outcomes = [library.take_in(wanted[0], store, file)]
    else:
        with _progress() as progress:
            way = library.Way(mirror, issue, None, progress)
            outcomes = [library.obtain(w, store, way) for w in wanted or SOURCES]
    _tell(outcomes, as_json)
    if any(o.state == "failed" for o in outcomes) and (wanted or all(o.state == "failed" for o in outcomes)):
        raise typer.Exit(2)


def _tell(outcomes: list[Outcome], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_plain(o) for o in outcomes], ensure_ascii=False, indent=1))
        return
    for outcome in outcomes:
        if outcome.record is None:
            typer.echo(f"not fetched  {outcome.reason}", err=True)
            continue
        files = outcome.record.files
        size = sum(kept.size for kept in files)
        many = "1 file" if len(files) == 1 else f"{len(files)} files"
        typer.echo(f"{outcome.state:12} {outcome.source}: {outcome.record.vintage}, {many}, "
                   f"{size / 1e6:.1f} MB, {outcome.record.licence}")
        if outcome.state == "restated":
            typer.echo("             the publisher has changed this vintage; both are kept, use one throughout")
        for note in sorted({kept.note for kept in outcome.record.files if kept.note}):
            typer.echo(f"             {note}")
    got = sum(o.record is not None for o in outcomes)
    if got < len(outcomes) > 1:
        typer.echo(f"{got} of {len(outcomes)} sources are kept; for the others see what is said above.")


def _plain(outcome: Outcome) -> dict[str, object]:
    vintage = outcome.record.vintage if outcome.record else None
    files = [{"name": kept.name, "sha256": kept.sha256, "bytes": kept.size, "url": kept.url}
             for kept in outcome.record.files] if outcome.record else []
    return {"source": outcome.source, "state": outcome.state, "vintage": vintage, "files": files,
            "reason": outcome.reason}


def _list(store: Store, names: list[str], as_json: bool) -> None:
    from bailiwick.sources import library

    kept: dict[str, list[Record]] = {name: list(store.records(name)) for name in names}
    if as_json:
        typer.echo(json.dumps({name: [{"vintage": r.vintage, "fetched": r.fetched, "licence": r.licence,
                                       "files": [f.name for f in r.files]} for r in found]
                               for name, found in kept.items()}, ensure_ascii=False, indent=1))
        return
    for name, found in kept.items():
        source = library.source(name)
        typer.echo(f"{name:20} {source.title} ({source.publisher}; {source.licence})")
        for record in found:
            size = sum(file.size for file in record.files)
            typer.echo(f"{'':20}   kept: {record.vintage}, fetched {record.fetched}, {size / 1e6:.1f} MB")
    typer.echo(f"\nKept in {store.folder}")


def _compare(store: Store, as_json: bool) -> None:
    from dataclasses import asdict

    from bailiwick.sources.agreement import agreements

    found = agreements(store)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    elif not found:
        typer.echo("Nothing that the built-in tables could be held against is kept: fetch met-crime, attitudes, "
                   "population or police-workforce first.")
    else:
        typer.echo("\n".join(one.sentence() for one in found))


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int | None], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def _moved(name: str, done: int, total: int | None) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name[:40], total=total)
            bar.update(tasks[name], completed=done, total=total)  # type: ignore[arg-type]

        yield _moved
