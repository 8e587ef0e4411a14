"""How does somebody start a case of their own?  With a folder that loads, whose numbers are marked to be replaced."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from string import Template
from typing import cast

from bailiwick import catalogue
from bailiwick.areas import Area, AreaSystem
from bailiwick.casefile_files import content_of, toml
from bailiwick.errors import CaseError, nearest
from bailiwick.tables import SCHEMAS

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def scaffold(name: str, system: str, folder: Path, *, as_of: date | None = None) -> Path:
    """The new folder `name` inside `folder`: a commented case on two areas of a system that loads as it stands.

    The folder appears whole or not at all; nothing is overwritten.  Errors: CaseError for a bad name, an unknown
    system, a folder that is there already or a place that cannot be written.
    """
    if not _SLUG.fullmatch(name):
        raise CaseError("new", "NAME", got=name or "nothing", expected="small letters, digits and single hyphens",
                        hint="as in north-town-2019")
    if system not in catalogue.names("areas"):
        raise CaseError("new", "--areas", got=system, expected="an area system of the catalogue",
                        hint=nearest(system, catalogue.names("areas")))
    target = folder / name
    if target.exists():
        raise CaseError(str(target), "", got="a folder or file that is there already", expected="a new name",
                        hint="choose another name, or move the old one away")
    day = as_of or date.today()
    try:
        return _written(target, _files(name, catalogue.area_system(system, day), day))
    except OSError as error:
        raise CaseError(str(target), "", got=error.strerror or str(error), expected="a folder that can be written",
                        hint="go to a folder of your own and run it again") from None


def _written(target: Path, texts: dict[str, str]) -> Path:
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for path, text in texts.items():
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            (draft / path).write_text(text, encoding="utf-8", newline="\n")
        draft.chmod(0o755)
        return draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _files(name: str, system: AreaSystem, day: date) -> dict[str, str]:
    areas = _first_pair(system)
    tables = dict(_tables(system))
    own = {path: ",".join(SCHEMAS[table].names) + "\n"
           for table, path in tables.items() if not path.startswith("catalogue:")}
    return {
        "case.toml": _case_text(name, system, areas, day, tables),
        "claims.toml": _CLAIMS.substitute(day=day.isoformat(), area=_text(areas[-1].code)),
        "datapackage.json": json.dumps(_package(name, sorted(own)), indent=1, ensure_ascii=False) + "\n",
        **own,
    }


def _first_pair(system: AreaSystem) -> tuple[Area, ...]:
    for link in system.contiguity:
        pair = (system.area(link.a), system.area(link.b))
        if link.kind == "land" and pair[0].force == pair[1].force and all(area.population for area in pair):
            return pair
    raise CaseError(f"area system {system.name}", "contiguity", got="no two areas of one force that touch",
                    expected="at least one such pair", hint="choose another area system")


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


def _case_text(name: str, system: AreaSystem, areas: tuple[Area, ...], day: date, tables: dict[str, str]) -> str:
    both = ", ".join(_text(area.code) for area in areas)
    sites = [_SITE.substitute(name=_text(f"{area.name} police station"), area=_text(area.code), place=_place(area),
                              role="headquarters" if n == 0 else "base") for n, area in enumerate(areas)]
    posted = [(area, _text(f"{area.name} police station")) for area in areas]
    return _CASE.substitute(
        name=name, names=" and ".join(area.name for area in areas), day=day.isoformat(), system=system.name,
        effective=(day + timedelta(days=182)).isoformat(), rulebook=_rulebook(day), rules=catalogue.names("rules")[-1],
        scope="\n".join(f"    {_text(area.code)},    # {area.name}" for area in areas),
        tables="\n".join(f"{table} = {_text(path)}" for table, path in tables.items()), sites="\n".join(sites),
        bases=", ".join(base for _, base in posted),
        today="\n".join(_command(_text(area.code), "alone", base) for area, base in posted),
        cuts="\n".join(_command(_text(area.code), "alone-cut", base) for area, base in posted),
        together=_command(both, "together", posted[0][1]),
        posts="\n".join(_post(*line, day) for line in _LINES),
    )


def _command(areas: str, model: str, headquarters: str) -> str:
    return f'    {{ areas = [{areas}], model = "{model}", headquarters = {headquarters} }},'


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _place(area: Area) -> str:
    if not area.points:
        return f"easting = {area.easting:.0f}\nnorthing = {area.northing:.0f}"
    largest = max(area.points, key=lambda point: (point.residents, point.code))
    return f"at = {_text(largest.code)}    # {largest.name}: the point with most residents, TODO: the right ward"


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


def _post(rank: str, role: str, shape: tuple[str, str, str], counts: tuple[tuple[float, ...], ...], day: date) -> str:
    per, attribution, form = shape
    unit = {"command": "posts per command", "area": "posts per area", "channel": "posts per radio channel"}[per]
    units = (unit, *(f"change in {unit}" if form == "change" else unit,) * 2, "share")
    lines = [f'[[posts]]\nrank = "{rank}"\nrole = "{role}"\nper = "{per}"\nattribution = "{attribution}"\n'
             f'proposed_as = "{form}"']
    for part, title, own, (value, low, high) in zip(
            ("today", "proposed", "redesigned", "needs_merger"),
            ("today", "as proposed", "under a redesign", "share of the reduction that needs the merger"),
            units, cast("tuple[tuple[float, float, float], ...]", counts), strict=True):
        lines.append(f'{part} = {{ value = {value:g}, low = {low:g}, high = {high:g}, kind = "guess", unit = "{own}", '
                     f'title = "{rank}, {role}: {title}", published = {day.isoformat()}, '
                     'holder = "TODO: who knows", why = "TODO: why it matters" }')
    return "\n".join(lines) + "\n"


def _package(name: str, paths: list[str]) -> dict[str, object]:
    return {"profile": "tabular-data-package", "name": name, "resources": [
        {"name": Path(path).stem, "path": path, "publisher": "TODO: who published the figures",
         "licenses": [{"name": "TODO: the licence"}], "first_published": "per row", "vintage": "as first published"}
        for path in paths
    ]}


_STARTED = ("accountability", "budget", "crimes", "deflators", "figures")
_ONE = (1, 1, 1)
_LINES: tuple[tuple[str, str, tuple[str, str, str], tuple[tuple[float, ...], ...]], ...] = (
    ("chief superintendent", "commander", ("command", "yes", "count"), (_ONE, _ONE, _ONE, _ONE)),
    ("inspector", "response duty", ("channel", "yes", "count"), ((5, 5, 6), (5, 5, 10), (5, 5, 6), _ONE)),
    ("sergeant", "supervision", ("area", "range", "change"), ((45, 30, 60), (-4, -8, 0), (-4, -8, 0), (0.25, 0, 0.6))),
    ("constable", "response", ("area", "no", "change"), ((110, 80, 150), (0, -6, 6), (0, -6, 6), (0, 0, 0))),
    ("staff", "business support", ("command", "range", "count"),
     ((8, 4, 14), (12, 8, 20), (12, 8, 20), (0.7, 0.4, 1))),
)
_SITE = Template("""[[sites]]
name = $name
area = $area
$place
role = "$role"
""")
_CLAIMS = Template("""# Who said what, and what would show it.  Supporters and opponents by the same rules.
# rule: worse | better | same (the change against today) | at least | at most (the value against threshold)
#       | ratio at least (the value over today's) | untestable (then holder says who has the figure)

[[claims]]
id = "first"
who = "TODO: who said it"
when = $day
quote = "TODO: the words"
side = "against"
url = ""
measure = "locality.distance_to_headquarters"
option = "proposed"
subject = $area
rule = "worse"
why = "TODO: how you read the words"
""")
_CASE = Template('''# The appraisal of one command for $names.  A case is data: nothing here is code.
# Every number below is a placeholder, marked as a guess: replace it, and write kind = "data" with its source once you
# have one.  `bailiwick check` lists what is missing; docs/reference/case-file.md explains each key.

schema = "bailiwick/case/1"
name = "$name"
title = "One police command for $names"
question = "Is it worthwhile to put $names under one police command?"
as_of = $day                 # nothing published later is used
draws = 200
effective = $effective             # TODO: the day it would start
horizon_years = 10
rulebook = "$rulebook"
verdict_rules = "$rules"
claims = "claims.toml"

[roles]                            # blank until a person signs
commissioner = ""
analyst = ""
assurer = ""                       # never the analyst
approver = ""

[areas]
system = "$system"
scope = [                          # TODO: the areas that every option divides up
$scope
]
crossings = false                  # true where a bridge, tunnel or ferry may join a command

[tables]                           # a file of this folder, or one of the catalogue
$tables

# Buildings: `at` is the code of a point (ward); or give easting and northing in metres.

$sites
# How a command works.

[[models]]
name = "alone"
title = "One area, one commander, its own radio channel"
posts = "today"
channels = "per-area"
dispatch = "own-first"
strength = "response.cars_on_duty.today"
desks = "response.desks_per_channel.alone"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "by-area"

[[models]]
name = "alone-cut"
title = "The same, with posts cut until the proposal's yearly cost is reached"
posts = "cuts"
channels = "per-area"
dispatch = "own-first"
strength = "response.cars_on_duty.today"
desks = "response.desks_per_channel.alone"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "by-area"

[[models]]
name = "together"
title = "One command, one pooled radio channel"
posts = "proposed"
channels = "per-command"
dispatch = "pooled"
strength = "response.cars_on_duty.proposed"
desks = "response.desks_per_channel.pooled"
supervisors = "response.inspectors_per_channel"
carries_investigations = false
bases = [$bases]
posting = "to-demand"

# The options: today, cuts (the same yearly budget as proposed, nobody merged) and proposed are required.

[[options]]
name = "today"
kind = "today"
title = "As it is"
commands = [
$today
]

[[options]]
name = "cuts"
kind = "cuts"
title = "As it is, cut to the proposal's yearly budget"
commands = [
$cuts
]

[[options]]
name = "proposed"
kind = "proposed"
title = "One command"
commands = [
$together
]

# Posts.  `per` says what the counts are per; proposed_as = "change" gives the difference from today.
# needs_merger: the share of the line's reduction that cannot happen without merging.

$posts
# What must be true before the scheme may go on.  The latest evidence by the day of the appraisal sets the state.

[[gates]]
name = "Expected saving of this merger published"
owner = "TODO: who answers for it"
requires = "A yearly saving, with how it was worked out"

# Assumptions of this case; all others come from the catalogue and can be overridden here by name.

[assumptions."response.cars_on_duty.today"]
title = "Response cars on duty in an area, average over the week, today"
value = 9
low = 4
high = 14
unit = "cars"
kind = "guess"
published = $day
holder = "TODO: who knows"
why = "How long a caller waits depends first on how many cars are free"

[assumptions."response.cars_on_duty.proposed"]
title = "Response cars on duty per area under the merger"
value = 9
low = 4
high = 14
unit = "cars"
kind = "guess"
published = $day
holder = "TODO: who knows"
why = "How long a caller waits depends first on how many cars are free"

[assumptions."response.desks_per_channel.alone"]
title = "Dispatchers at work at once on an area's radio channel"
value = 1
low = 1
high = 2
shape = "choice"
unit = "desks"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "A channel whose dispatcher is busy keeps callers waiting however many cars are free"

[assumptions."response.desks_per_channel.pooled"]
title = "Dispatchers at work at once on the pooled radio channel"
value = 1
low = 1
high = 4
shape = "choice"
unit = "desks"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "A channel whose dispatcher is busy keeps callers waiting however many cars are free"

[assumptions."response.inspectors_per_channel"]
title = "Response inspectors on duty at once for each radio channel"
value = 1
low = 1
high = 2
shape = "choice"
unit = "inspectors"
kind = "guess"
control = "lever"
published = $day
holder = "TODO: who knows"
why = "One inspector cannot be at two incidents"
''')
