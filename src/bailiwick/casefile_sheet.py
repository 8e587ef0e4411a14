"""What does a spreadsheet to fill in look like?  One for any boundary file, and the made-up town's, filled in."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick.casefile_files import content_of
from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bailiwick.sources.polygons import Columns
    from bailiwick.sources.workbook import Value

_SHEETS = ("areas", "points", "sites", "posts", "crossings", "crimes")
_READ_ME = (
    ("One sheet for each kind of figure; a sheet is known by its columns, and an empty one is passed over.",),
    ("areas: residents of each area. `today` and `proposed`: a word for the command it is in; `proposed` blank: not in "
     "question.",),
    ("posts: a number with a `source` is data; without one it is a guess and needs its lowest and highest value.",),
    ("crossings: pairs that only water parts. Name a bridge, tunnel or ferry and the year it opened, or leave blank.",),
    ("`published` is the day a figure was first published, `period` what it describes.",),
)


def blank(name: str, boundaries: Path, columns: Columns, folder: Path) -> Path:
    """The new workbook `name`.xlsx in `folder`: every kind of sheet, with the codes and names of the areas."""
    from bailiwick.sources.boundaries import read_boundaries
    from bailiwick.sources.figures import FORMS

    found = read_boundaries(boundaries, given=columns)
    rows: dict[str, list[Sequence[Value]]] = {}
    forms = {form.name: form for form in FORMS}
    for kind in _SHEETS:
        form = forms[kind]
        rows[kind] = [(*form.needs, *form.may)]
    rows["areas"] = [("code", "name", "residents", *(c for c in forms["areas"].may if c not in ("code", "name")))]
    rows["areas"] += [(area.code, area.name) for area in found.areas]
    rows["crossings"] += [(border.a, border.b) for border in found.review]
    return _written(folder / f"{name}.xlsx", {"read me": _READ_ME, **rows})


def example(name: str, folder: Path) -> tuple[Path, ...]:
    """A made-up town of twelve areas: its boundary file and its workbook, filled in, both called `name`."""
    place = files("bailiwick.catalogue").joinpath("examples")
    target = folder / f"{name}.geojson"
    _check_free(target)
    sheets = {kind: _sheet(content_of(place / f"harbour-{kind}.csv", f"examples/harbour-{kind}.csv").decode())
              for kind in _SHEETS}
    book = _written(folder / f"{name}.xlsx", {"read me": _READ_ME, **sheets})
    target.write_bytes(content_of(place / "harbour.geojson", "examples/harbour.geojson"))
    return target, book


def _sheet(text: str) -> list[list[Value]]:
    return [[_value(cell) for cell in row] for row in csv.reader(text.splitlines())]


def _value(cell: str) -> Value:
    try:
        return int(cell)
    except ValueError:
        pass
    try:
        return float(cell)
    except ValueError:
        return cell


def _check_free(path: Path) -> None:
    if path.exists():
        raise CaseError(str(path), "", got="a file that is there already", expected="a new name",
                        hint="choose another name, or move the old one away")


def _written(path: Path, sheets: Mapping[str, Sequence[Sequence[Value]]]) -> Path:
    from bailiwick.sources.workbook import workbook

    _check_free(path)
    try:
        path.write_bytes(workbook(sheets))
    except OSError as error:
        raise CaseError(str(path), "", got=error.strerror or str(error), expected="a folder that can be written",
                        hint="go to a folder of your own") from None
    return path
