"""What can be typed about what decides?  Break-even, the case for and against, what was known when, and hindsight."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bailiwick.case import Case
    from bailiwick.hindsight import Outcome
    from bailiwick.publish.hindsight_lines import Held

Loaded = Callable[[str, str | None], "Case"]
"""The case of a name, as known on a day."""

Document = Callable[["Case"], dict[str, object]]
"""The results of a case: stored ones, or computed now."""

CaseArgument = Annotated[str, typer.Argument(help="A case folder, or the name of a bundled case.", metavar="CASE")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Use only what was published by this day (2018-01-31).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def attach(app: typer.Typer, loaded: Loaded, document: Document) -> None:
    """Give the program these commands; `loaded` and `document` find a case and its results."""
    _attach_brief(app, loaded, document)
    _attach_hindsight(app, loaded, document)
    _attach_known(app, loaded, document)


def _attach_brief(app: typer.Typer, loaded: Loaded, document: Document) -> None:
    @app.command()
    def brief(
        case: CaseArgument,
        reader: Annotated[str, typer.Option("--for", help="Whose case comes first: council or mayor.")],
        as_of: AsOf = None, as_json: Json = False,
    ) -> None:
        """Make the strongest honest case for and against, in how little they differ, and the figure to ask for."""
        from bailiwick.publish import brief as made

        _show(made.brief(document(loaded(case, as_of)), reader), as_json)


def _attach_hindsight(app: typer.Typer, loaded: Loaded, document: Document) -> None:
    @app.command()
    def hindsight(
        case: CaseArgument,
        outcomes: Annotated[Path, typer.Argument(help="Table of what came: measure, area, period, value, source.",
                                                 metavar="OUTCOMES.csv")],
        out: Annotated[Path | None, typer.Option("--out", help="Folder for hindsight.html, .txt and .json.")] = None,
        as_of: AsOf = None, as_json: Json = False,
    ) -> None:
        """Score each forecast of an appraisal against what came, from your own table of outcomes."""
        from bailiwick.publish.hindsight_lines import held, scored

        known = loaded(case, as_of)
        found = document(known)
        against = held(found, _outcomes(known, found, outcomes))
        answer = scored(against)
        if out is not None:
            _write_hindsight(out, against, answer)
        _show(answer, as_json)


def _write_hindsight(out: Path, against: Held, answer: tuple[list[str], object]) -> None:
    from bailiwick import publish
    from bailiwick.publish import hindsight_page

    lines, data = answer
    publish.written(out, {
        "hindsight.html": hindsight_page.page(against).encode(), "hindsight.txt": ("\n".join(lines) + "\n").encode(),
        "hindsight.json": (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()})
    typer.echo(f"Written: {out / 'hindsight.html'}, hindsight.txt, hindsight.json", err=True)



def _attach_known(app: typer.Typer, loaded: Loaded, document: Document) -> None:
    @app.command()
    def known(
        case: CaseArgument,
        dates: Annotated[list[str], typer.Argument(help="Later days to set beside the case's own.", metavar="DATE...")],
        appraise: Annotated[bool, typer.Option("--appraise", help="Appraise each day that is not stored yet.")] = False,
        draws: Annotated[int | None, typer.Option(help="How many sets of assumptions to try for those.", min=1)] = None,
        as_json: Json = False,
    ) -> None:
        """Set the answers of several days side by side, with what became known between them."""
        from dataclasses import replace

        from bailiwick.publish.known_lines import compared

        cases = sorted((loaded(case, day) for day in (None, *dates)), key=lambda one: one.as_of)
        wanted = [one if draws is None else replace(one, draws=draws) for one in cases]
        found = {one.as_of: _stored(one) or (_kept(one, document(one)) if appraise else None) for one in wanted}
        _show(compared(cases, found), as_json)


def break_even(case: Case, document: dict[str, object], *, full: bool) -> tuple[list[str], object]:
    """What turns each headline; in pairs too where `full`, which simulates."""
    from bailiwick.publish import break_even_lines

    if not full:
        return break_even_lines.alone(document)
    from bailiwick import surface
    from bailiwick.workers import executor

    with executor() as pool:
        tables = [surface.table(case, pair, pool) for pair in surface.pairs(case)]
    return break_even_lines.in_pairs(document, tables)


def _folders(case: Case) -> tuple[Path, Path]:
    place = Path("out") / case.name
    return place, place / f"as-of-{case.as_of.isoformat()}"


def _stored(case: Case) -> dict[str, object] | None:
    """The stored results of a case as known on its day, whatever the number of draws; None where there are none."""
    from bailiwick import publish

    for folder in _folders(case):
        path = folder / "results.json"
        if path.is_file():
            document = publish.read(path)
            if publish.is_of(document, case) or _same_day(document, case):
                return document
    return None


def _same_day(document: dict[str, object], case: Case) -> bool:
    told = document["case"]
    return isinstance(told, dict) and (told.get("name"), told.get("as_of")) == (case.name, case.as_of.isoformat())


def _kept(case: Case, document: dict[str, object]) -> dict[str, object]:
    from importlib import import_module

    folder = _folders(case)[1]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_bytes(import_module("bailiwick.publish.results").canonical(document))
    return document


def _outcomes(case: Case, document: dict[str, object], path: Path) -> tuple[Outcome, ...]:
    from bailiwick.casefile_outcomes import outcomes
    from bailiwick.publish.bound import Book

    book = Book(document)
    names = sorted((str(option["name"]) for option in book.options), key=lambda name: name != "proposed")
    return outcomes(path, measures={name: str(m["title"]) for name, m in book.measures.items()},
                    areas={code: book.names[code] for code in book.scope}, options=tuple(names), as_of=case.as_of)


def _show(answer: tuple[Sequence[str], object], as_json: bool) -> None:
    lines, data = answer
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
