"""What is merged with what, from which buildings, with which posts?  Taken from a spreadsheet, else placeholders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from bailiwick.areas import Area, AreaSystem
from bailiwick.casefile_ground import Atlas, area_rows
from bailiwick.errors import CaseError, nearest

if TYPE_CHECKING:
    from bailiwick.sources.figures import Figures

PARTS = ("today", "proposed", "redesigned", "needs_merger")
_TITLES = ("today", "as proposed", "under a redesign", "share of the reduction that needs the merger")
_CHOICES = {"per": ("command", "area", "channel"), "attribution": ("yes", "no", "range"),
            "proposed_as": ("count", "change")}
_ROLES = ("headquarters", "base", "counter", "office")
_SHARES = {"yes": (1.0, 1.0, 1.0), "no": (0.0, 0.0, 0.0), "range": (0.5, 0.0, 1.0)}
Range = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Building:
    """A site of a new case; `place` is its line of case.toml."""

    name: str
    area: str
    role: str
    place: str
    dates: str = ""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A line of the establishment: each count as (value, low, high), and whether it is a guess or has a source."""

    rank: str
    role: str
    per: str
    attribution: str
    proposed_as: str
    counts: tuple[Range, ...]
    evidence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The areas that the options divide up, the commands of today and as proposed, the buildings and the posts."""

    scope: tuple[Area, ...]
    today: tuple[tuple[str, ...], ...]
    proposed: tuple[tuple[str, ...], ...]
    buildings: tuple[Building, ...]
    posts: tuple[PostLine, ...]

    def headquarters(self, areas: Sequence[str]) -> str | None:
        """The building that a command is run from: its headquarters, else its first base."""
        inside = [b for b in self.buildings if b.area in areas and b.role in _ROLES[:2]]
        return min(inside, key=lambda b: _ROLES.index(b.role)).name if inside else None


def plan_of(system: AreaSystem, figures: Figures | None, atlas: Atlas | None, day: date) -> Plan:
    """The plan that a spreadsheet tells, with placeholders for what it does not; CaseError naming file and line.

    Areas whose cell under `proposed` is filled are in scope; areas with the same word there come under one command.
    """
    today, proposed = _commands(figures, atlas)
    if not proposed:
        pair = tuple(area.code for area in _first_pair(system))
        today, proposed = tuple((code,) for code in pair), (pair,)
    scope = tuple(system.area(code) for code in sorted(code for command in proposed for code in command))
    buildings = _buildings(figures, atlas) or tuple(_station(area, n) for n, area in enumerate(scope))
    posts = _posts(figures, day) or tuple(
        PostLine(*line[:2], *line[2], cast("tuple[Range, ...]", line[3]), _guess(day)) for line in _LINES)
    return Plan(scope, today, proposed, buildings, posts)


def _commands(figures: Figures | None, atlas: Atlas | None) -> tuple[tuple[tuple[str, ...], ...], ...]:
    if figures is None or atlas is None:
        return (), ()
    rows = {code: row for code, (_, row) in area_rows(atlas, figures).items()}
    scope = [code for code in sorted(rows) if rows[code].get("proposed")]
    found = []
    for column in ("today", "proposed"):
        groups: dict[str, list[str]] = {}
        for code in scope:
            groups.setdefault(rows[code].get(column) or f"alone {code}", []).append(code)
        found.append(tuple(sorted(tuple(group) for group in groups.values())))
    return found[0], found[1]


def _first_pair(system: AreaSystem) -> tuple[Area, ...]:
    known = any(area.population for area in system.areas)
    for link in system.contiguity:
        pair = (system.area(link.a), system.area(link.b))
        if link.kind == "land" and pair[0].force == pair[1].force and (not known or all(a.population for a in pair)):
            return pair
    raise CaseError(f"area system {system.name}", "contiguity", got="no two areas of one force that touch",
                    expected="at least one such pair", hint="choose another area system")


def _station(area: Area, n: int) -> Building:
    return Building(f"{area.name} police station", area.code, _ROLES[min(n, 1)], _place(area))


def _place(area: Area) -> str:
    if not area.points:
        return f"easting = {area.easting:.0f}\nnorthing = {area.northing:.0f}"
    largest = max(area.points, key=lambda point: (point.residents, point.code))
    code = json.dumps(largest.code, ensure_ascii=False)
    return f"at = {code}    # {largest.name}: the point with most residents, TODO: the right ward"


def _buildings(figures: Figures | None, atlas: Atlas | None) -> tuple[Building, ...]:
    if figures is None or atlas is None:
        return ()
    found = []
    for n, row in enumerate(figures.rows("sites")):
        where = figures.where("sites", n)
        code = atlas.code(row["area"], where, "area")
        place = atlas.place(row, where, code) or (atlas.areas[code].easting, atlas.areas[code].northing)
        dates = "".join(f"\n{key} = {_day(row[key], where, key)}" for key in ("opens", "closes") if row.get(key))
        found.append(Building(row["name"], code, _one_of(row["role"], where, "role", _ROLES),
                              f"easting = {place[0]:.0f}\nnorthing = {place[1]:.0f}", dates))
    return tuple(found)


def _posts(figures: Figures | None, day: date) -> tuple[PostLine, ...]:
    rows = figures.rows("posts") if figures else []
    if figures is None or not any(row["today"] for row in rows):
        return ()
    columns = {name: figures.column("posts", name)
               for part in PARTS for name in (part, f"{part}_low", f"{part}_high")}
    found = []
    for n, row in enumerate(rows):
        if not row["today"]:
            continue
        where = figures.where("posts", n)
        kinds = [_one_of(row.get(key) or default, where, key, _CHOICES[key])
                 for key, default in (("per", ""), ("attribution", "range"), ("proposed_as", "count"))]
        numbers = {name: values[n] for name, values in columns.items()}
        found.append(PostLine(row["rank"], row["role"], kinds[0], kinds[1], kinds[2],
                              _counts(numbers, bool(row.get("source")), where, kinds[1]), _evidence(row, where, day)))
    return tuple(found)


def _counts(numbers: Mapping[str, float | None], sourced: bool, where: str, attribution: str) -> tuple[Range, ...]:
    found: dict[str, Range] = {}
    for part in PARTS:
        value, low, high = (numbers[name] for name in (part, f"{part}_low", f"{part}_high"))
        if value is None:
            default = {"redesigned": found.get("proposed"), "needs_merger": _SHARES[attribution]}.get(part)
            if default is None:
                raise CaseError(where, part, got="nothing", expected="a number of posts")
            found[part] = default
            continue
        if (low is None or high is None) and not sourced and part != "needs_merger":
            raise CaseError(where, f"{part}_low, {part}_high", got="nothing",
                            expected="the range of a number that has no source",
                            hint="a number without a source is a guess: give the lowest and highest it could be, or "
                                 "say under `source` who published it")
        found[part] = value, value if low is None else low, value if high is None else high
    return tuple(found[part] for part in PARTS)


def _evidence(row: Mapping[str, str], where: str, day: date) -> str:
    if not row.get("source"):
        return _guess(day, row.get("holder", ""), row.get("why", ""))
    published = _day(row["published"], where, "published") if row.get("published") else day.isoformat()
    return (f'kind = "data", source = {json.dumps(row["source"], ensure_ascii=False)}, '
            f'url = {json.dumps(row.get("url", ""))}, published = {published}')


def _guess(day: date, holder: str = "", why: str = "") -> str:
    told = [json.dumps(text, ensure_ascii=False)
            for text in (holder or "TODO: who knows", why or "TODO: why it matters")]
    return f'kind = "guess", published = {day.isoformat()}, holder = {told[0]}, why = {told[1]}'


def post_text(post: PostLine) -> str:
    """A line of posts as it stands in case.toml."""
    unit = {"command": "posts per command", "area": "posts per area", "channel": "posts per radio channel"}[post.per]
    units = (unit, *(f"change in {unit}" if post.proposed_as == "change" else unit,) * 2, "share")
    told = [json.dumps(text, ensure_ascii=False) for text in (post.rank, post.role)]
    lines = [f'[[posts]]\nrank = {told[0]}\nrole = {told[1]}\nper = "{post.per}"\n'
             f'attribution = "{post.attribution}"\nproposed_as = "{post.proposed_as}"']
    for part, title, own, (value, low, high) in zip(PARTS, _TITLES, units, post.counts, strict=True):
        named = json.dumps(f"{post.rank}, {post.role}: {title}", ensure_ascii=False)
        lines.append(f'{part} = {{ value = {value:g}, low = {low:g}, high = {high:g}, unit = "{own}", '
                     f"title = {named}, {post.evidence} }}")
    return "\n".join(lines) + "\n"


def _one_of(word: str, where: str, key: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise CaseError(where, key, got=word or "nothing", expected=", ".join(known), hint=nearest(word, known))
    return word


def _day(text: str, where: str, key: str) -> str:
    from bailiwick.sources.reading import day

    found = day(text)
    if found is None:
        raise CaseError(where, key, got=text, expected="a day, as 2018-01-31")
    return found.isoformat()


_ONE = (1, 1, 1)
_LINES: tuple[tuple[str, str, tuple[str, str, str], tuple[tuple[float, ...], ...]], ...] = (
    ("chief superintendent", "commander", ("command", "yes", "count"), (_ONE, _ONE, _ONE, _ONE)),
    ("inspector", "response duty", ("channel", "yes", "count"), ((5, 5, 6), (5, 5, 10), (5, 5, 6), _ONE)),
    ("sergeant", "supervision", ("area", "range", "change"), ((45, 30, 60), (-4, -8, 0), (-4, -8, 0), (0.25, 0, 0.6))),
    ("constable", "response", ("area", "no", "change"), ((110, 80, 150), (0, -6, 6), (0, -6, 6), (0, 0, 0))),
    ("staff", "business support", ("command", "range", "count"),
     ((8, 4, 14), (12, 8, 20), (12, 8, 20), (0.7, 0.4, 1))),
)
