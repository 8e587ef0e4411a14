"""What ships with the package: area systems, tables of published figures, shapes for drawing, assumptions, rulebooks.

Everything is read through importlib.resources; nothing is fetched.  `datapackage.json` lists each file with its
publisher, licence, dates and sha256.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast

from bailiwick.areas import AreaSystem
from bailiwick.catalogue.reading import decoded, read
from bailiwick.catalogue.systems import read_system
from bailiwick.errors import CaseError, nearest
from bailiwick.tables import SCHEMAS, Table

Shelf = Literal["areas", "tables", "shapes", "assumptions", "rulebooks", "rules"]
_ENDINGS: dict[Shelf, str] = {
    "areas": ".toml", "tables": ".csv", "shapes": ".json", "assumptions": ".toml", "rulebooks": ".toml",
    "rules": ".toml",
}


def folder(shelf: Shelf) -> Traversable:
    """The folder of one kind of catalogue entry."""
    return files("bailiwick.catalogue").joinpath(shelf)


def names(shelf: Shelf) -> tuple[str, ...]:
    """The sorted names of the area systems, tables, shapes, assumption files or rulebooks.

    >>> names("areas")
    ('gb-forces', 'london-boroughs')
    """
    ending = _ENDINGS[shelf]
    place = folder(shelf)
    if not place.is_dir():
        return ()
    return tuple(sorted(entry.name.removesuffix(ending) for entry in place.iterdir() if entry.name.endswith(ending)))


@lru_cache(maxsize=32)
def area_system(name: str, as_of: date | None = None) -> AreaSystem:
    """The area system of that name as known on `as_of`; without a date, with the latest figures of the catalogue.

    >>> area_system("london-boroughs").area("E09000032").name
    'Wandsworth'
    """
    _known(name, "areas", "an area system of the catalogue")
    return read_system(folder("areas"), name, as_of)


def table(name: str, as_of: date | None = None) -> Table:
    """The table of that name without the rows published after `as_of`; its schema is the one the datapackage names."""
    _known(name, "tables", "a table of the catalogue")
    path = f"tables/{name}.csv"
    entry = next((e for e in resources() if e["path"] == path), None)
    if entry is None or entry.get("table") not in SCHEMAS:
        raise CaseError("catalogue/datapackage.json", path, got=entry and entry.get("table"),
                        expected="an entry that names the table's schema: " + ", ".join(sorted(SCHEMAS)))
    text = decoded(folder("tables").joinpath(f"{name}.csv").read_bytes(), path)
    return read(text, f"catalogue/{path}", SCHEMAS[str(entry["table"])], as_of=as_of)


def shapes(name: str) -> dict[str, object]:
    """The outlines of an area system for drawing, never for deciding who touches whom.

    Keys: `areas` (code to its polygons, largest first; a polygon is a list of [easting, northing] in metres, not
    closed), `river` (polygons of the water between them, empty where there is none), `labels` (code to the point
    where a name fits best), `bbox` (west, south, east, north), `crs`, `name`, `title`, `licence`, `approximate`.
    """
    _known(name, "shapes", "shapes of the catalogue")
    text = decoded(folder("shapes").joinpath(f"{name}.json").read_bytes(), f"shapes/{name}.json")
    return cast("dict[str, object]", json.loads(text))


@lru_cache(maxsize=1)
def resources() -> tuple[dict[str, object], ...]:
    """The entries of `datapackage.json`: path, hash, publisher, licence, dates and columns of each data file."""
    text = files("bailiwick.catalogue").joinpath("datapackage.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)["resources"])


def _known(name: str, shelf: Shelf, expected: str) -> None:
    known = names(shelf)
    if name not in known:
        raise CaseError("catalogue", shelf, got=name, expected=expected, hint=nearest(name, known))
