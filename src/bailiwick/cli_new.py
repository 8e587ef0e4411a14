"""What can be typed to start a case, from an area system or from a boundary file and a spreadsheet?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from datetime import date

    from bailiwick.sources.polygons import Columns

_SHOWN = 12
Named = Annotated[str, typer.Argument(help="Name of the new case folder.")]
Areas = Annotated[str | None, typer.Option(
    "--areas", help="Area system, as london-boroughs, or a boundary file: .gpkg, .geojson, .shp, .zip.")]
Sheets = Annotated[list[Path] | None, typer.Option(
    "--figures", help="Workbook or CSV with residents, commands, posts, buildings; can be given again.")]
Layer = Annotated[str | None, typer.Option(help="Layer of the boundary file, where it has several.")]
Code = Annotated[str | None, typer.Option(help="Column of the boundary file with the codes of the areas.")]
Called = Annotated[str | None, typer.Option("--name-column", help="Column with the names of the areas.")]
Grid = Annotated[str | None, typer.Option(help="Grid of the coordinates where the file does not say, as EPSG:27700.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Day as of which the case is judged (2018-01-31).")]
Blank = Annotated[bool, typer.Option("--blank", help="Write NAME.xlsx to fill in, with the areas of the file.")]
Like = Annotated[str | None, typer.Option("--like", metavar="CASE", help="Copy this case, with what has been fetched "
                                          "in place of the built-in tables.")]
Example = Annotated[bool, typer.Option("--example", help="Write a made-up town: NAME.geojson and NAME.xlsx.")]


def new(  # noqa: PLR0913 - one option of the command line each
    name: Named, areas: Areas = None, figures: Sheets = None, layer: Layer = None, code: Code = None,
    name_column: Called = None, crs: Grid = None, as_of: AsOf = None, blank: Blank = False, example: Example = False,
    like: Like = None,
) -> None:
    """Write a commented case folder to fill in, from an area system or from a boundary file and a spreadsheet."""
    from bailiwick import casefile, casefile_sheet
    from bailiwick.sources.polygons import ENDINGS, Columns

    if example:
        _tell_files(casefile_sheet.example(name, Path()))
        return
    if like is not None:
        _like(name, like)
        return
    if areas is None:
        raise CaseError("new", "--areas", got="nothing", expected="an area system of the catalogue, or a boundary file",
                        hint="--example writes a made-up town to try it with")
    columns = Columns(layer, code, name_column, crs)
    file = Path(areas)
    if file.suffix.lower() not in ENDINGS:
        _check_plain(figures, columns, blank=blank)
        folder = casefile.scaffold(name, areas, Path(), as_of=_day(as_of))
        typer.echo(f"Written: {folder}\nFill in what is marked TODO, then run:  bailiwick check {folder}")
        return
    if blank:
        _tell_files((casefile_sheet.blank(name, file, columns, Path()),))
        return
    beginning = casefile.Beginning(file, columns, tuple(figures or ()))
    started = casefile.start(name, beginning, Path(), as_of=_day(as_of))
    typer.echo("\n".join(started.notes))
    typer.echo(f"Written: {started.folder}\nFill in what is marked TODO, then run:  bailiwick check {started.folder}")


def _like(name: str, case: str) -> None:
    from bailiwick import casefile
    from bailiwick.casefile_like import like, moved
    from bailiwick.sources.store import Store, default_folder

    made = like(name, case, Store(default_folder()), Path())
    typer.echo("\n".join(made.notes))
    lines = moved(casefile.load(case), casefile.load(made.folder))
    typer.echo("What this moves in closeness, before any other room is asked:" if lines else
               "No measure of closeness moves.")
    for line in lines[:_SHOWN]:
        typer.echo(f"  {line}")
    if len(lines) > _SHOWN:
        typer.echo(f"  ... and {len(lines) - _SHOWN} more")
    typer.echo(f"Written: {made.folder}\nNext:  bailiwick appraise {made.folder}")


def _tell_files(paths: tuple[Path, ...]) -> None:
    for path in paths:
        typer.echo(f"Written: {path}")


def _check_plain(figures: list[Path] | None, columns: Columns, *, blank: bool) -> None:
    if figures or blank or any((columns.layer, columns.code, columns.name, columns.crs)):
        raise CaseError("new", "--areas", got="an area system of the catalogue", expected="a boundary file "
                        "(.gpkg, .geojson, .shp, .zip)", hint="a spreadsheet fills a case that is started from one")


def _day(text: str | None) -> date | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CaseError("--as-of", "", got=text, expected="a date as 2018-01-31") from None
