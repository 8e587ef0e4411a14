"""How else could these few areas be commanded, and what is each way worth beside today on the same areas?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bailiwick import appraisal
from bailiwick.alternatives.local import MOST_AREAS, joined_partitions, local_maps
from bailiwick.alternatives.network import network_of
from bailiwick.areas import Link
from bailiwick.case import Case
from bailiwick.errors import MethodError
from bailiwick.findings import Measure, Number, Unavailable, combined
from bailiwick.scheme import Command, Grouping

Sets = tuple[tuple[str, ...], ...]

COST = "finance.recurrent_cost"
CONSTABLES = "finance.constables"
DISTANCE = "locality.distance_to_headquarters"
MIX = "locality.crime_mix_distance"
COUNCILS = "locality.councils_per_commander"
CRIMES = "locality.crimes_per_commander"
PRIORITIES = "locality.top_five_shared"
SUPERVISORS = "finance.supervisors"
ASKED = (COST, CONSTABLES, DISTANCE, MIX, COUNCILS, CRIMES, PRIORITIES, SUPERVISORS)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to command some areas. `moved` joins the scope or leaves it; `hung` are borders a command needs."""

    grouping: Grouping
    moved: str | None
    joins: bool
    hung: tuple[Link, ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas it commands, sorted."""
        return self.grouping.areas


@dataclass(frozen=True, slots=True)
class Worth:
    """What one way comes to, all against today on the same areas; None where nobody has published what it needs.

    Saving in pounds a year, posts only; `uneven_*` the worst command's deviation from an equal share, per cent;
    `priorities` how many of its top five crime problems the worst area shares with its command; `officers_change`
    officers of today, constables and supervisors, who get another commander; `cut` land borders between commands.
    """

    saving: float | None
    constables: float | None
    change_commander: int
    largest: int
    distance: float | None
    farthest: float | None
    mix: float | None
    councils: float | None
    uneven_residents: float
    uneven_crimes: float | None
    priorities: float | None = None
    officers_change: int | None = None
    cut: int = 0


def short_name(case: Case, code: str) -> str:
    """An area's everyday name: Kingston for Kingston upon Thames."""
    return case.system.area(code).name.split(" upon ")[0]


def told(case: Case, sets: Sequence[Sequence[str]]) -> str:
    """A map in plain words: names joined by + within a command, commands divided by |.

    Of a scope too large to list, a map that the case names goes by that name: dozens of areas in a row say nothing.
    """
    name = None if all_listed(case) else _named(case, tuple(tuple(command) for command in sets))
    if name is not None:
        return f"{name}, {len(sets)} commands"
    return " | ".join("+".join(short_name(case, code) for code in command) for command in sets)


def _named(case: Case, sets: Sets) -> str | None:
    """The name of the case's first option with these commands."""
    return next((o.name for o in case.scheme.options if sets_of(o.grouping) == sets), None)


def sets_of(grouping: Grouping) -> Sets:
    """The commands of a grouping as tuples of area codes."""
    return tuple(command.areas for command in grouping.commands)


def force_codes(case: Case) -> tuple[str, ...]:
    """The areas of the forces that the case is about; areas with a force of their own are never grouped with them."""
    forces = {case.system.area(code).force for code in case.scheme.scope}
    return tuple(sorted(area.code for area in case.system.areas if area.force in forces))


def today_on(case: Case, areas: Sequence[str]) -> Sets:
    """Today's commands on these areas: the option's in the scope, one a neighbour outside it."""
    own = sets_of(case.scheme.option("today").grouping)
    return (*own, *((code,) for code in sorted(set(areas) - set(case.scheme.scope))))


def command_of(case: Case, areas: Sequence[str]) -> Command:
    """The command of these areas: an option's own, or today's model for one area and the proposal's for several.

    Without an option that names it, its headquarters is chosen by rule.
    """
    wanted = tuple(sorted(areas))
    for name in ("today", "proposed"):
        for command in case.scheme.option(name).grouping.commands:
            if command.areas == wanted:
                return command
    said = case.scheme.option("proposed" if len(wanted) > 1 else "today")
    return Command(wanted, said.grouping.commands[0].model)


def grouping_of(case: Case, sets: Sequence[Sequence[str]]) -> Grouping:
    """The grouping made of these sets of areas."""
    return Grouping(tuple(command_of(case, areas) for areas in sets))


def all_listed(case: Case) -> bool:
    """Whether every map of the scope is compared; of a larger scope only the maps that the case names are."""
    return len(case.scheme.scope) <= MOST_AREAS


def named_maps(case: Case) -> tuple[Grouping, ...]:
    """The different groupings of the case's options, in their order."""
    found: dict[Sets, Grouping] = {}
    for option in case.scheme.options:
        found.setdefault(sets_of(option.grouping), option.grouping)
    return tuple(found.values())


def ways(case: Case) -> tuple[Way, ...]:
    """Every map of the scope into joined-up commands over land, then each map with one neighbour in the command.

    A map in which one member leaves and the rest stay together is one of the first; `moved` names the member.  Of a
    scope too large to list, the maps that the case names.
    """
    if not all_listed(case):
        return tuple(Way(grouping, None, False, ()) for grouping in named_maps(case))
    graph = network_of(case.system, codes=force_codes(case))
    found = local_maps(graph, case.scheme.scope)
    leaves = {m.commands: m.moved for m in found if m.kind == "one leaves"}
    return tuple(
        Way(grouping_of(case, m.commands), m.moved or leaves.get(m.commands), m.kind == "one joins",
            tuple(link_between(case, a, b) for a, b in m.hangs_on))
        for m in found if m.kind != "one leaves"
    )


def rivals(case: Case, way: Way) -> tuple[Grouping, ...]:
    """Every map of the same areas that it is compared with: those of the scope, a neighbour standing alone."""
    if not all_listed(case):
        return named_maps(case)
    graph = network_of(case.system, codes=force_codes(case))
    inside = [graph.position(code) for code in case.scheme.scope]
    own = [tuple(tuple(graph.codes[i] for i in part) for part in parts) for parts in joined_partitions(graph, inside)]
    if not way.joins or way.moved is None:
        return tuple(grouping_of(case, sets) for sets in own)
    return (*(grouping_of(case, (*sets, (way.moved,))) for sets in own), way.grouping)


def link_between(case: Case, a: str, b: str) -> Link:
    """The border between two areas over land."""
    for link in case.system.contiguity:
        if {link.a, link.b} == {a, b} and link.kind == "land":
            return link
    raise MethodError(f"{a} and {b} do not touch over land")


def shortest_border(case: Case) -> Link | None:
    """The shortest land border between two areas of the scope; None when no length is known."""
    scope = set(case.scheme.scope)
    known = [link for link in case.system.contiguity
             if link.kind == "land" and {link.a, link.b} <= scope and link.land_metres is not None]
    return min(known, key=lambda link: (link.land_metres or 0.0, link.a, link.b), default=None)


@lru_cache(maxsize=2048)
def numbers(case: Case, command: Command) -> tuple[Mapping[str, Number], ...]:
    """What each measure of `ASKED` says of a command, area by area."""
    return tuple(_asked(name).compute(case, command) for name in ASKED)  # type: ignore[arg-type]


def _asked(name: str) -> Measure:
    measure = appraisal.measure_named(name)
    if measure is None:
        raise MethodError(f"the local choice set needs the measure {name}, which no room answers")
    return measure


@lru_cache(maxsize=1024)
def worth(case: Case, grouping: Grouping) -> Worth:
    """What a map comes to, against today's commands on exactly its areas."""
    by_area = _all_areas(case, grouping)
    today = _all_areas(case, grouping_of(case, today_on(case, grouping.areas)))
    sizes = [residents(case, command.areas) for command in grouping.commands]
    stay = keep_commander(case, grouping, _seats(case, today_on(case, grouping.areas)))
    crimes = [_known(numbers(case, command)[ASKED.index(CRIMES)][command.areas[0]]) for command in grouping.commands]
    return Worth(
        saving=_difference(_rounded(case, COST, today), _rounded(case, COST, by_area)),
        constables=_difference(_rounded(case, CONSTABLES, by_area), _rounded(case, CONSTABLES, today)),
        change_commander=residents(case, grouping.areas) - residents(case, stay),
        largest=max(sizes),
        distance=_rounded(case, DISTANCE, by_area),
        farthest=_extreme(DISTANCE, by_area),
        mix=_rounded(case, MIX, by_area),
        councils=_extreme(COUNCILS, by_area),
        uneven_residents=_uneven(sizes) or 0.0,
        uneven_crimes=_uneven(crimes),
        priorities=_extreme(PRIORITIES, by_area, least=True),
        officers_change=_officers(today, [code for code in grouping.areas if code not in stay]),
        cut=borders_between(case, grouping),
    )


def residents(case: Case, codes: Sequence[str]) -> int:
    """The residents of these areas together."""
    return sum(case.system.area(code).population or 0 for code in codes)


def _all_areas(case: Case, grouping: Grouping) -> dict[str, dict[str, Number]]:
    found: dict[str, dict[str, Number]] = {name: {} for name in ASKED}
    for command in grouping.commands:
        for name, values in zip(ASKED, numbers(case, command), strict=True):
            found[name].update(values)
    return found


def _rounded(case: Case, name: str, by_area: Mapping[str, Mapping[str, Number]]) -> float | None:
    measure = _asked(name)
    value = _known(combined(case, measure, by_area[name]))
    return None if value is None else round(value, measure.decimals) + 0.0


def _extreme(name: str, by_area: Mapping[str, Mapping[str, Number]], *, least: bool = False) -> float | None:
    known = [_known(value) for value in by_area[name].values()]
    if any(value is None for value in known):
        return None
    worst = min if least else max
    return round(worst(value for value in known if value is not None), _asked(name).decimals) + 0.0


def _known(number: Number) -> float | None:
    return None if isinstance(number, Unavailable) else float(number)


def _difference(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else round(a - b, 6) + 0.0


def _uneven(sizes: Sequence[float | None]) -> float | None:
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or not sum(known):
        return None
    fair = sum(known) / len(known)
    return round(100.0 * max(abs(size / fair - 1.0) for size in known), 1)


def _seats(case: Case, sets: Sets) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Each command with the area that its commander sits in: the most populous one."""
    return tuple((group, max(group, key=lambda code: (residents(case, [code]), code))) for group in sets)


def seats(case: Case, grouping: Grouping) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Each command with the area that its commander sits in: the headquarters' if named, else the most populous one."""
    found = []
    for group, seat in _seats(case, sets_of(grouping)):
        base = grouping.command_of(group[0]).headquarters
        home = case.scheme.site(base).area if base else seat
        found.append((group, home if home in group else seat))
    return tuple(found)


def who_change(case: Case, grouping: Grouping, seated: Sequence[tuple[Sequence[str], str]]) -> int:
    """Residents who are not under the commander that they have under `seated`, commands with the area of each seat."""
    return residents(case, grouping.areas) - residents(case, keep_commander(case, grouping, seated))


def keep_commander(
    case: Case, grouping: Grouping, seated: Sequence[tuple[Sequence[str], str]]
) -> tuple[str, ...]:
    """The areas whose commander stays: that of a command's seat; of several seats in it, that of most residents."""
    before = sorted(seated, key=lambda pair: (-residents(case, pair[0]), tuple(pair[0])))
    stay: list[str] = []
    for command in grouping.commands:
        for group, seat in before:
            if seat in command.areas:
                stay += sorted(set(group) & set(command.areas))
                break
    return tuple(sorted(stay))


def _officers(today: Mapping[str, Mapping[str, Number]], codes: Sequence[str]) -> int | None:
    """Constables and supervisors of these areas today."""
    known = [_known(today[name][code]) for name in (CONSTABLES, SUPERVISORS) for code in codes]
    return None if any(n is None for n in known) else round(sum(n for n in known if n is not None))


def borders_between(case: Case, grouping: Grouping) -> int:
    """Land borders between areas of the grouping that lie in different commands."""
    at = {code: i for i, command in enumerate(grouping.commands) for code in command.areas}
    return sum(link.kind == "land" and link.a in at and link.b in at and at[link.a] != at[link.b]
               for link in case.system.contiguity)
