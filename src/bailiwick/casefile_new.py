"""How does somebody start a case of their own?  With a folder that loads, whose numbers are marked to be replaced."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bailiwick import catalogue
from bailiwick.areas import AreaSystem
from bailiwick.casefile_files import content_of, toml
from bailiwick.casefile_plan import Plan, plan_of, post_text
from bailiwick.casefile_words import CASE, CLAIMS, SITE
from bailiwick.catalogue.systems import read_system
from bailiwick.errors import CaseError, nearest
from bailiwick.tables import SCHEMAS

if TYPE_CHECKING:
    from bailiwick.casefile_ground import Ground
    from bailiwick.sources.figures import Figures
    from bailiwick.sources.polygons import Columns

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STARTED = ("accountability", "budget", "crimes", "deflators", "figures")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a case starts from: a boundary file, what is not to be guessed about it, spreadsheets of its figures."""

    boundaries: Path
    columns: Columns | None = None
    figures: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """The new folder, and what its boundary file and spreadsheet leave to be known, in sentences."""

    folder: Path
    notes: tuple[str, ...]


def scaffold(name: str, system: str, folder: Path, *, as_of: date | None = None) -> Path:
    """The new folder `name` inside `folder`: a commented case on two areas of a system that loads as it stands.

    The folder appears whole or not at all; nothing is overwritten.  Errors: CaseError for a bad name, an unknown
    system, a folder that is there already or a place that cannot be written.
    """
    target = new_folder(name, folder)
    if system not in catalogue.names("areas"):
        raise CaseError("new", "--areas", got=system, expected="an area system of the catalogue, or a boundary file "
                        "(.gpkg, .geojson, .shp)", hint=nearest(system, catalogue.names("areas")))
    day = as_of or date.today()
    found = catalogue.area_system(system, day)
    tables = dict(_tables(found))
    return written(target, _files(name, (found, plan_of(found, None, None, day)), day, tables))


def start(name: str, beginning: Beginning, folder: Path, *, as_of: date | None = None) -> Started:
    """The new folder `name` inside `folder`: a commented case on the areas of a boundary file.

    Points, sizes, outlines and the pairs that touch come from the boundary file; residents, commands, posts, buildings
    and crimes from the spreadsheets where they give them.  Errors: CaseError as for `scaffold`, and for each fault of
    the files with line, column or area.
    """
    from bailiwick.casefile_ground import ground_of
    from bailiwick.sources.figures import read_figures
    from bailiwick.sources.polygons import Columns

    target = new_folder(name, folder)
    day = as_of or date.today()
    figures = read_figures(beginning.figures)
    ground = ground_of(name, beginning.boundaries, beginning.columns or Columns(), figures, day)
    system = _system(name, ground, day)
    plan = plan_of(system, figures, ground.atlas, day)
    tables = {table: f"data/{table}.csv" for table in _STARTED} | {"deflators": "catalogue:deflators-uk"}
    files = dict(ground.files) | _files(name, (system, plan), day, tables)
    files |= _crimes(ground, figures, day)
    return Started(written(target, files), ground.notes)


def new_folder(name: str, folder: Path) -> Path:
    """Where a new case will stand; CaseError for a bad name or one that is taken."""
    if not _SLUG.fullmatch(name):
        raise CaseError("new", "NAME", got=name or "nothing", expected="small letters, digits and single hyphens",
                        hint="as in north-town-2019")
    target = folder / name
    if target.exists():
        raise CaseError(str(target), "", got="a folder or file that is there already", expected="a new name",
                        hint="choose another name, or move the old one away")
    return target


def _system(name: str, ground: Ground, day: date) -> AreaSystem:
    with tempfile.TemporaryDirectory() as place:
        for path, text in ground.files.items():
            Path(place, Path(path).name).write_text(text, encoding="utf-8", newline="\n")
        return read_system(Path(place), name, day)


def written(target: Path, texts: Mapping[str, str]) -> Path:
    """The folder with these files by path, there whole or not at all; CaseError where it cannot be written."""
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            for path, text in texts.items():
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                (draft / path).write_text(text, encoding="utf-8", newline="\n")
            draft.chmod(0o755)
            return draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise CaseError(str(target), "", got=error.strerror or str(error), expected="a folder that can be written",
                        hint="go to a folder of your own and run it again") from None


def _files(name: str, told: tuple[AreaSystem, Plan], day: date, tables: Mapping[str, str]) -> dict[str, str]:
    system, plan = told
    own = {path: ",".join(SCHEMAS[table].names) + "\n"
           for table, path in tables.items() if not path.startswith("catalogue:")}
    areas = [f"areas/{name}.toml", *(f"areas/{name}-{part}" for part in (
        "areas.csv", "facts.csv", "points.csv", "links.csv", "crossings.csv", "shapes.json"))]
    listed = [*own, *(areas if system.name == name and name not in catalogue.names("areas") else ())]
    return {
        "case.toml": _case_text(name, told, day, tables),
        "claims.toml": CLAIMS.substitute(day=day.isoformat(), area=_text(plan.scope[-1].code)),
        "datapackage.json": json.dumps(_package(name, sorted(listed)), indent=1, ensure_ascii=False) + "\n",
        **own,
    }


def _tables(system: AreaSystem) -> Iterator[tuple[str, str]]:
    codes = {area.code for area in system.areas}
    shipped: dict[str, list[str]] = {}
    for name in catalogue.names("tables"):
        table = catalogue.table(name)
        columns = [column.name for column in table.schema.columns if column.kind == "area"]
        if all(row[column] in codes for row in table.rows for column in columns):
            shipped.setdefault(table.schema.name, []).append(f"catalogue:{name}")
    for name in _STARTED:
        yield name, " + ".join(shipped.get(name, [f"data/{name}.csv"]))


def _crimes(ground: Ground, figures: Figures, day: date) -> dict[str, str]:
    """The table of crimes that the spreadsheet gives, in the columns of a case's table."""
    rows = figures.rows("crimes")
    if not rows:
        return {}
    counts = figures.column("crimes", "count")
    lines = [",".join(SCHEMAS["crimes"].names)]
    for n, row in enumerate(rows):
        where = figures.where("crimes", n)
        count = counts[n]
        if count is None or not row.get("period"):
            raise CaseError(where, "count" if count is None else "period", got="nothing",
                            expected="how many crimes, and in which period")
        code = ground.atlas.code(row["area"], where, "area")
        lines.append(f'{code},{row["type"]},{count:.0f},{row["period"]},{row.get("published") or day.isoformat()},'
                     "as supplied")
    return {"data/crimes.csv": "\n".join(lines) + "\n"}


def _case_text(name: str, told: tuple[AreaSystem, Plan], day: date, tables: Mapping[str, str]) -> str:
    system, plan = told
    names = [area.name for area in plan.scope]
    listed = f"{len(names)} areas from {names[0]} to {names[-1]}"
    if len(names) < 6:
        listed = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    one = len(plan.proposed) == 1
    merged = f"One police command for {listed}" if one else f"{len(plan.proposed)} police commands for {listed}"
    many = "one police command" if one else f"{len(plan.proposed)} police commands"
    bases = [_text(b.name) for b in plan.buildings if b.role in ("headquarters", "base")]
    return CASE.substitute(
        name=name, names=listed, day=day.isoformat(), system=system.name, title=_text(merged),
        question=_text(f"Is it worthwhile to put {listed} under {many}?"),
        merged=_text("One command" if one else f"{len(plan.proposed)} commands"),
        crossings="false" if all(map(system.is_contiguous, (*plan.today, *plan.proposed))) else "true",
        effective=(day + timedelta(days=182)).isoformat(), rulebook=_rulebook(day), rules=catalogue.names("rules")[-1],
        scope="\n".join(f"    {_text(area.code)},    # {area.name}" for area in plan.scope),
        tables="\n".join(f"{table} = {_text(path)}" for table, path in tables.items()),
        sites="\n".join(SITE.substitute(name=_text(b.name), area=_text(b.area), place=b.place + b.dates, role=b.role)
                        for b in plan.buildings),
        bases=", ".join(bases),
        today=_commands(plan, plan.today, "alone"), cuts=_commands(plan, plan.today, "alone-cut"),
        together=_commands(plan, plan.proposed, "together"), posts="\n".join(map(post_text, plan.posts)),
    )


def _commands(plan: Plan, commands: tuple[tuple[str, ...], ...], model: str) -> str:
    lines = []
    for areas in commands:
        base = plan.headquarters(areas)
        run_from = f", headquarters = {_text(base)}" if base else ""
        lines.append(f'    {{ areas = [{", ".join(map(_text, areas))}], model = "{model}"{run_from} }},')
    return "\n".join(lines)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _rulebook(day: date) -> str:
    dated = []
    for name in catalogue.names("rulebooks"):
        where = f"rulebooks/{name}.toml"
        published = toml(content_of(catalogue.folder("rulebooks") / f"{name}.toml", where), where).data.get("published")
        if isinstance(published, date) and published <= day:
            dated.append((published, name))
    if not dated:
        raise CaseError("new", "as_of", got=day.isoformat(), expected="a day after the first rulebook's",
                        hint="the rulebooks: " + ", ".join(catalogue.names("rulebooks")))
    return max(dated)[1]


def _package(name: str, paths: list[str]) -> dict[str, object]:
    return {"profile": "tabular-data-package", "name": name, "resources": [
        {"name": Path(path).stem, "path": path, "publisher": "TODO: who published the figures",
         "licenses": [{"name": "TODO: the licence"}], "first_published": "per row", "vintage": "as first published"}
        for path in paths
    ]}
