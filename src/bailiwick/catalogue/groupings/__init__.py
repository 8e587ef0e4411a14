"""Which maps did somebody propose or ask for?  Named groupings of an area system, each with its day and source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from bailiwick.areas import AreaSystem
from bailiwick.errors import CaseError

_KEYS = ("name", "title", "who", "wish", "published", "source", "url", "note", "commands")


@dataclass(frozen=True, slots=True)
class Asked:
    """A map that somebody proposed (`wish` form) or wanted otherwise (redraw): commands of several areas, as codes.

    Areas that no command names stand alone.
    """

    name: str
    title: str
    who: str
    wish: str
    published: date
    source: str
    url: str
    note: str
    commands: tuple[tuple[str, ...], ...]


def asked_for(system: AreaSystem, as_of: date | None = None) -> tuple[Asked, ...]:
    """The maps of that area system known on `as_of`, oldest first; none where the catalogue has no list of them.

    CaseError naming the entry for a missing or unknown key, an unknown wish, an area twice or not in the system.
    """
    place = files("bailiwick.catalogue.groupings").joinpath(f"{system.name}.toml")
    if not place.is_file():
        return ()
    entries = tomllib.loads(place.read_text(encoding="utf-8"))["groupings"]
    found = [_asked(system, f"catalogue/groupings/{system.name}.toml", entry) for entry in entries]
    known = [one for one in found if as_of is None or one.published <= as_of]
    return tuple(sorted(known, key=lambda one: (one.published, one.name)))


def _asked(system: AreaSystem, where: str, entry: dict[str, object]) -> Asked:
    if sorted(entry) != sorted(_KEYS):
        raise CaseError(where, str(entry.get("name", "")), got=", ".join(sorted(entry)), expected=", ".join(_KEYS))
    if entry["wish"] not in ("form", "redraw"):
        raise CaseError(where, f"{entry['name']}, wish", got=entry["wish"], expected="form or redraw")
    named = [[system.find(area).code for area in command] for command in entry["commands"]]  # type: ignore[attr-defined]
    codes = [code for command in named for code in command]
    if len(set(codes)) < len(codes):
        raise CaseError(where, f"{entry['name']}, commands", got="an area twice", expected="each area once")
    told = {key: entry[key] for key in _KEYS if key != "commands"}
    return Asked(**told, commands=tuple(sorted(tuple(sorted(command)) for command in named)))  # type: ignore[arg-type]
