"""How does a case read with what has been fetched in place of the built-in tables?  A copy of it, and what changed.

The copy is a case like any other: its files carry the fetched figures, datapackage.json says from which vintage of
which publisher, and results.json binds each by its hash.  The case that ships stays as it is, byte for byte.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick import catalogue
from bailiwick.casefile_files import Document, case_folder, content_of, toml
from bailiwick.casefile_new import Started, new_folder, written
from bailiwick.catalogue.systems import read_system
from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from bailiwick.areas import AreaSystem
    from bailiwick.case import Case
    from bailiwick.sources.renewal import Renewed
    from bailiwick.sources.store import Record, Store

_CATALOGUE = "catalogue:"
_LEFT = ("expected.json", "datapackage.json")


@dataclass(slots=True)
class _Copy:
    """The files of the copy as they are gathered: text, entries of the datapackage, what changed."""

    files: dict[str, str]
    entries: list[dict[str, object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, path: str, renewed: list[Renewed]) -> None:
        """One more file from kept sources; several tables are put under one another."""
        first, *others = (one.text for one in renewed)
        self.files[path] = first + "".join(text.split("\n", 1)[1] for text in others)
        self.entries.append(_entry(path, renewed[0].record))
        self.notes += [one.says + "." for one in renewed]


def like(name: str, case: str | Path, store: Store, folder: Path) -> Started:
    """The new case `name` in `folder`: a copy of `case` in which kept sources stand in for the built-in tables.

    Figures, resident points and outlines are replaced where their source is kept; who touches whom never is.  Errors:
    CaseError for a name that is taken, and when nothing is kept that the case could use.
    """
    target = new_folder(name, folder)
    place = case_folder(case)
    text = content_of(place / "case.toml", f"{place.name}/case.toml").decode()
    document = toml(text.encode(), f"{place.name}/case.toml")
    copy = _Copy({
        path.relative_to(place).as_posix(): content_of(path, path.name).decode()
        for path in sorted(place.rglob("*")) if path.is_file() and path.name not in _LEFT
    })
    text = _tables(document, text, store, copy)
    text = _system(document, text, store, copy)
    if not copy.entries:
        raise CaseError("new", "--like", got="nothing fetched that this case could use", expected="a kept source",
                        hint="bailiwick fetch --list  shows what is kept; fetch or hand over files first")
    copy.files["case.toml"] = re.sub(r'(?m)^name = ".*"$', f'name = "{name}"', text, count=1)
    package = json.loads(content_of(place / "datapackage.json", f"{place.name}/datapackage.json"))
    package["name"], package["resources"] = name, [*package["resources"], *copy.entries]
    copy.files["datapackage.json"] = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    return Started(written(target, copy.files), tuple(copy.notes))


def moved(before: Case, after: Case) -> tuple[str, ...]:
    """What two cases on the same areas say differently about closeness, option by option, at their central values.

    A measure counts as moved in an area when its rounded value, or whether it has one, is another.
    """
    from bailiwick.findings import by_area
    from bailiwick.locality import MEASURES

    told = []
    for measure in (m for m in MEASURES if m.scope == "command"):
        for option in after.scheme.options:
            was, now = (by_area(case, measure, option) for case in (before, after))
            for code in sorted(set(was) & set(now)):
                pair = [_rounded(values[code], measure.decimals) for values in (was, now)]
                if pair[0] != pair[1]:
                    told.append(f"{measure.title}, {after.system.area(code).name}, {option.name}: {pair[1]} "
                                f"{measure.unit}, was {pair[0]}")
    return tuple(told)


def _rounded(value: object, decimals: int) -> str:
    return f"{value:,.{max(decimals, 0)}f}" if isinstance(value, int | float) else "unknown"


def _tables(document: Document, text: str, store: Store, copy: _Copy) -> str:
    from bailiwick.sources.renewal import renewed_table

    tables = document.data.get("tables")
    for table, path in tables.items() if isinstance(tables, dict) else ():
        parts = [part.strip() for part in str(path).split("+")]
        if not all(part.startswith(_CATALOGUE) for part in parts):
            continue
        found = [renewed_table(part.removeprefix(_CATALOGUE), store) for part in parts]
        renewed = [one for one in found if one is not None]
        if len(renewed) == len(parts):
            copy.put(f"data/{table}.csv", renewed)
            text = text.replace(f'{table} = "{path}"', f'{table} = "data/{table}.csv"')
    return text


def _system(document: Document, text: str, store: Store, copy: _Copy) -> str:
    from bailiwick.sources.renewal import renewed_system

    areas = document.data.get("areas")
    name = str(areas.get("system", "")) if isinstance(areas, dict) else ""
    renewed = renewed_system(name, store) if name in catalogue.names("areas") else {}
    if not renewed:
        return text
    shelf = catalogue.folder("areas")
    for file in sorted(entry.name for entry in shelf.iterdir() if entry.name.startswith(f"{name}-")):
        copy.files[f"areas/{file}"] = content_of(shelf / file, f"areas/{file}").decode()
    settings = content_of(shelf / f"{name}.toml", f"areas/{name}.toml").decode()
    if "shapes" in renewed:
        settings = settings.replace("[files]\n", f'[files]\nshapes = "{name}-shapes.json"\n', 1)
    copy.files[f"areas/{name}.toml"] = settings
    for part, one in renewed.items():
        copy.put(f"areas/{name}-{part}.{'json' if part == 'shapes' else 'csv'}", [one])
    listed = {str(entry["path"]) for entry in copy.entries}
    copy.entries += [
        {**entry, "hash": "", "vintage": entry.get("vintage") or "-",
         "first_published": entry.get("first_published") or "-"}
        for entry in catalogue.resources() if entry["path"] in copy.files and entry["path"] not in listed]
    return _placed(text, read_system(shelf, name)) if "points" in renewed else text


def _placed(text: str, system: AreaSystem) -> str:
    """The text of case.toml with every building at a built-in point placed by its easting and northing instead."""
    points = {point.code: point for area in system.areas for point in area.points}

    def _metres(found: re.Match[str]) -> str:
        point = points.get(found[1])
        return f"easting = {point.easting:.0f}\nnorthing = {point.northing:.0f}" if point else found[0]

    return re.sub(r'(?m)^at = "([^"]+)"', _metres, text)


def _entry(path: str, record: Record) -> dict[str, object]:
    files = [{"title": f"{record.publisher}: {kept.name}, sha256 {kept.sha256}", "path": kept.url}
             for kept in record.files]
    return {"name": Path(path).stem, "path": path, "publisher": record.publisher,
            "licenses": [{"name": record.licence}], "sources": files, "first_published": "per row",
            "vintage": f"{record.vintage}, fetched {record.fetched}"}
