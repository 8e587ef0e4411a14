"""What can be typed about what decides?  Break-even, the case for and against, what was known when, and hindsight."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bailiwick.case import Case

Loaded = Callable[[str, str | None], "Case"]
"""The case of a name, as known on a day."""

Document = Callable[["Case"], dict[str, object]]
"""The results of a case: stored ones, or computed now."""

CaseArgument = Annotated[str, typer.Argument(help="A case folder, or the name of a bundled case.", metavar="CASE")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Use only what was published by this day (2018-01-31).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]


def attach(app: typer.Typer, loaded: Loaded, document: Document) -> None:
    """Give the program these commands; `loaded` and `document` find a case and its results."""

    @app.command()
    def brief(
        case: CaseArgument,
        reader: Annotated[str, typer.Option("--for", help="Whose case comes first: council or mayor.")],
        as_of: AsOf = None, as_json: Json = False,
    ) -> None:
        """Make the strongest honest case for and against, in how little they differ, and the figure to ask for."""
        from bailiwick.publish import brief as made

        _show(made.brief(document(loaded(case, as_of)), reader), as_json)


def _show(answer: tuple[Sequence[str], object], as_json: bool) -> None:
    lines, data = answer
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1) if as_json else "\n".join(lines))
