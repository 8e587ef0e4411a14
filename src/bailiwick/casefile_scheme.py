"""Is the proposal whole: does every option divide up the same areas, and is every model, site and post known?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from bailiwick.areas import AreaSystem
from bailiwick.casefile_assumptions import post_name
from bailiwick.casefile_files import Document, Place
from bailiwick.casefile_problems import Problems, check_known, check_once
from bailiwick.casefile_schema import CaseTable, OptionTable, PhaseTable, PilotTable, PostTable, SiteTable
from bailiwick.errors import nearest
from bailiwick.scheme import (
    Command,
    Evidence,
    Gate,
    Grouping,
    OperatingModel,
    Option,
    Phase,
    Pilot,
    Post,
    Scheme,
    Site,
)

NEEDED = ("today", "cuts", "proposed")


@dataclass(frozen=True, slots=True)
class Reading:
    """A case.toml being checked: its document, its tables, the area system, the day, and the problems found."""

    document: Document
    case: CaseTable
    system: AreaSystem
    as_of: date
    problems: Problems

    def tell(self, place: Place, *, got: object, expected: str, hint: str = "") -> None:
        """One more problem of case.toml."""
        self.problems.tell(self.document, place, got=got, expected=expected, hint=hint)


def scheme(reading: Reading) -> Scheme | None:
    """The scheme of a case as known on its day, or None after telling every problem."""
    before = len(reading.problems.found)
    for check in (_check_scope, _check_sites, _check_models, _check_options, _check_posts, _check_roles, _check_gates,
                  _check_pilots):
        check(reading)
    if len(reading.problems.found) > before:
        return None
    case = reading.case
    return Scheme(
        name=case.name, title=case.title, scope=tuple(sorted(case.areas.scope)),
        options=tuple(_option(option) for option in case.options), models=_models(case),
        posts=tuple(_post(post) for post in case.posts),
        sites=tuple(_site(site, reading.system) for site in case.sites),
        gates=_gates(case, reading.as_of), pilots=_pilots(case, reading.as_of),
        effective=case.effective, horizon_years=case.horizon_years,
    )


def area_hint(system: AreaSystem, text: str) -> str:
    """What to write instead of a code that no area has: the area meant, found by its name or its nearest name."""
    names = {area.name.lower(): area for area in system.areas}
    names |= {area.name.lower().split(" ")[0]: area for area in reversed(system.areas)}
    names |= {area.code.lower(): area for area in system.areas}
    exact = names.get(text.strip().lower())
    if exact is not None:
        return f"write the code: {exact.name} is {exact.code}"
    hint = nearest(text.strip().lower(), names)
    if hint.startswith("did you mean"):
        meant = names[hint.split('"')[1]]
        return f"did you mean {meant.code} ({meant.name})?"
    known = [f"{area.code} ({area.name})" for area in system.areas]
    return "known: " + ", ".join(known[:8]) + (" ..." if len(known) > 8 else "")


def check_area(reading: Reading, place: Place, code: str) -> bool:
    """Whether the system has an area of this code; a problem with the nearest one when it has not."""
    if any(area.code == code for area in reading.system.areas):
        return True
    reading.tell(place, got=code, expected=f"the code of an area of {reading.system.name}",
                 hint=area_hint(reading.system, code))
    return False


def _check_scope(reading: Reading) -> None:
    scope = reading.case.areas.scope
    check_once(reading.problems, reading.document,
               [(("areas", "scope", n), code) for n, code in enumerate(scope)])
    known = [code for n, code in enumerate(scope) if check_area(reading, ("areas", "scope", n), code)]
    for code in known:
        area = reading.system.area(code)
        if area.population is None:
            reading.tell(("areas", "scope"), got=f"no residents of {area.name} published by {reading.as_of}",
                         expected="a figure of residents for every area in scope",
                         hint="choose a later day, or add a row to the facts of the area system")


def _check_sites(reading: Reading) -> None:
    sites = reading.case.sites
    check_once(reading.problems, reading.document, [(("sites", n, "name"), s.name) for n, s in enumerate(sites)])
    for n, site in enumerate(sites):
        if site.opens and site.closes and site.closes <= site.opens:
            reading.tell(("sites", n, "closes"), got=site.closes.isoformat(),
                         expected=f"a day after it opens, {site.opens.isoformat()}")
        if check_area(reading, ("sites", n, "area"), site.area):
            _check_place(reading, ("sites", n), site)


def _check_place(reading: Reading, place: Place, site: SiteTable) -> None:
    points = reading.system.area(site.area).points
    given = (site.easting is not None) + (site.northing is not None)
    if site.at is None and given == 2:
        return
    if site.at is not None and given == 0:
        named = {point.name: point.code for point in points} | {point.code: point.code for point in points}
        if named.get(site.at) != site.at:
            hint = f"{site.at} is {named[site.at]}" if site.at in named else nearest(site.at, named)
            reading.tell((*place, "at"), got=site.at, expected=f"the code of a point (ward) of {site.area}", hint=hint)
    else:
        reading.tell(place, got="at, easting and northing as they are",
                     expected="either at, or easting and northing", hint='add at = "the code of a ward"')


def _check_models(reading: Reading) -> None:
    models = reading.case.models
    sites = [site.name for site in reading.case.sites]
    check_once(reading.problems, reading.document, [(("models", n, "name"), m.name) for n, m in enumerate(models)])
    for n, model in enumerate(models):
        check_once(reading.problems, reading.document,
                   [(("models", n, "bases", m), base) for m, base in enumerate(model.bases)])
        for m, base in enumerate(model.bases):
            check_known(reading.problems, (reading.document, ("models", n, "bases", m)), base, sites,
                        expected="the name of one of the sites")


def _check_options(reading: Reading) -> None:
    options = reading.case.options
    check_once(reading.problems, reading.document, [(("options", n, "name"), o.name) for n, o in enumerate(options)])
    names = [option.name for option in options]
    known = {area.code for area in reading.system.areas}.issuperset(reading.case.areas.scope)
    for kind in NEEDED:
        if kind not in names:
            reading.tell(("options",), got="options " + ", ".join(names), expected=f'an option named "{kind}"',
                         hint=_needed_hint(kind))
    for n, option in enumerate(options):
        _check_kind(reading, n, option)
        for m, command in enumerate(option.commands):
            _check_words(reading, ("options", n, "commands", m), (command.model, command.headquarters))
        if known and _check_partition(reading, n, option):
            _check_joined(reading, n, option)
    _check_unmerged(reading)


def _needed_hint(kind: str) -> str:
    return {"today": "add the commands as they are", "proposed": "add the merger that is proposed",
            "cuts": "add today's commands with a model whose posts are cuts: the same budget, nobody merged"}[kind]


def _check_kind(reading: Reading, n: int, option: OptionTable) -> None:
    kind = option.kind
    if (option.name in NEEDED or kind in NEEDED) and option.name != kind:
        reading.tell(("options", n, "kind"), got=f"name {option.name}, kind {kind}",
                     expected="today, cuts and proposed each name the one option of that kind",
                     hint='other options have the kind redesigned, pause or alternative')
    if kind == "pause" and option.delay_months == 0:
        reading.tell(("options", n, "delay_months"), got="0", expected="1 month or more for a pause",
                     hint="add delay_months = 6")
    if kind != "pause" and option.delay_months:
        reading.tell(("options", n, "delay_months"), got=str(option.delay_months), expected="0, as it is no pause",
                     hint='delete it, or write kind = "pause"')
    posts = {model.name: model.posts for model in reading.case.models}
    for m, command in enumerate(option.commands):
        found = posts.get(command.model, kind)
        if kind in NEEDED and found != kind:
            reading.tell(("options", n, "commands", m, "model"), got=f"{command.model}, whose posts are {found}",
                         expected=f'a model with posts = "{kind}"',
                         hint=nearest(kind, [name for name, own in posts.items() if own == kind]))


def _check_words(reading: Reading, place: Place, named: tuple[str, str | None]) -> None:
    model, headquarters = named
    at = reading.document, (*place, "model")
    check_known(reading.problems, at, model, [m.name for m in reading.case.models],
                expected="the name of one of the models")
    if headquarters is not None:
        at = reading.document, (*place, "headquarters")
        check_known(reading.problems, at, headquarters, [s.name for s in reading.case.sites],
                    expected="the name of one of the sites")


def _check_partition(reading: Reading, n: int, option: OptionTable) -> bool:
    scope = reading.case.areas.scope
    whose: dict[str, int] = {}
    sound = True
    for m, command in enumerate(option.commands):
        for k, code in enumerate(command.areas):
            place = ("options", n, "commands", m, "areas", k)
            if code in whose:
                reading.tell(place, got=f"{_named(reading, code)} in commands {whose[code] + 1} and {m + 1}"
                             if whose[code] != m else f"{_named(reading, code)} twice",
                             expected="each area in one command, once", hint="delete one of the two")
                sound = False
            elif code not in scope:
                reading.tell(place, got=code, expected="the code of an area in areas.scope",
                             hint=_scope_hint(reading, code))
                sound = False
            whose.setdefault(code, m)
    gap = [code for code in scope if code not in whose]
    if gap:
        reading.tell(("options", n, "commands"), got="no command for " + ", ".join(_named(reading, c) for c in gap),
                     expected="every area in scope in one command", hint="add it to a command, or a command for it")
    return sound and not gap


def _scope_hint(reading: Reading, code: str) -> str:
    if any(area.code == code for area in reading.system.areas):
        return f"{_named(reading, code)} is not in scope: add it to areas.scope, or take it out here"
    return area_hint(reading.system, code)


def _named(reading: Reading, code: str) -> str:
    return next((f"{code} ({area.name})" for area in reading.system.areas if area.code == code), code)


def _check_joined(reading: Reading, n: int, option: OptionTable) -> None:
    known = {area.code for area in reading.system.areas}
    rules = reading.case.areas
    for m, command in enumerate(option.commands):
        if not known.issuperset(command.areas):
            continue
        place = ("options", n, "commands", m, "areas")
        forces = sorted({reading.system.area(code).force for code in command.areas})
        if len(forces) > 1 and not rules.across_forces:
            reading.tell(place, got="areas of " + " and ".join(forces), expected="areas of one police force",
                         hint="where whole forces merge, write across_forces = true under [areas]")
        pieces = reading.system.pieces(command.areas, crossings=rules.crossings)
        if len(pieces) > 1:
            told = " | ".join(" + ".join(_named(reading, code) for code in piece) for piece in pieces)
            over = reading.system.is_contiguous(command.areas, crossings=True)
            reading.tell(place, got=told, expected="areas that join up over land" + (
                " or a crossing" if rules.crossings else ""),
                hint="a bridge, tunnel or ferry joins them: write crossings = true under [areas]" if over
                else "add the areas between them, or make two commands")


def _check_unmerged(reading: Reading) -> None:
    today = _commands(reading.case.options, "today")
    cuts = _commands(reading.case.options, "cuts")
    if today and cuts and today != cuts:
        n = [option.name for option in reading.case.options].index("cuts")
        reading.tell(("options", n, "commands"), got=" | ".join(" + ".join(areas) for areas in cuts),
                     expected="the commands of today: nobody is merged under cuts",
                     hint="a merger with fewer posts is an option of kind alternative")


def _commands(options: Iterable[OptionTable], name: str) -> list[list[str]]:
    return sorted(sorted(command.areas) for option in options if option.name == name for command in option.commands)


def _check_posts(reading: Reading) -> None:
    posts = reading.case.posts
    check_once(reading.problems, reading.document,
               [(("posts", n), f"{post.rank}, {post.role}") for n, post in enumerate(posts)])
    for n, post in enumerate(posts):
        _check_counts(reading, ("posts", n), post)
        _check_attribution(reading, ("posts", n), post)


def _check_counts(reading: Reading, place: Place, post: PostTable) -> None:
    change = post.proposed_as == "change"
    for part, table in (("today", post.today), ("proposed", post.proposed), ("redesigned", post.redesigned)):
        changed = change and part != "today"
        wanted = "change in posts per " if changed else "posts per "
        per = {"command": "command", "channel": "radio channel", "area": "area, borough, district or force"}[post.per]
        ends = (("command", "channel") if post.per == "area" else (post.per,))
        if not table.unit.startswith(wanted) or table.unit.endswith(ends) != (post.per != "area"):
            reading.tell((*place, part, "unit"), got=table.unit, expected=f'"{wanted}" and {per}',
                         hint=f'the line says per = "{post.per}", proposed_as = "{post.proposed_as}"')
        lowest = post.today.low + table.low if changed else table.low
        if lowest < 0:
            reading.tell((*place, part, "low"), got=f"{lowest:g} posts at the lowest", expected="0 posts or more",
                         hint='for a change from today write proposed_as = "change"')


def _check_attribution(reading: Reading, place: Place, post: PostTable) -> None:
    table = post.needs_merger
    if table.unit != "share":
        reading.tell((*place, "needs_merger", "unit"), got=table.unit, expected='"share"',
                     hint="0 where nothing of the reduction needs the merger, 1 where all of it does")
    fits = {"yes": table.low == 1, "no": table.high == 0, "range": table.low < table.high}[post.attribution]
    if not fits:
        reading.tell((*place, "attribution"), got=f"{post.attribution}, needs_merger {table.low:g} to {table.high:g}",
                     expected="yes with 1, no with 0, range with anything between")


def _check_roles(reading: Reading) -> None:
    roles = reading.case.roles
    if roles.assurer and roles.assurer.casefold() == roles.analyst.casefold():
        reading.tell(("roles", "assurer"), got=roles.assurer, expected="somebody other than the analyst",
                     hint="nobody assures their own work: leave it blank until a second person signs")


def _check_gates(reading: Reading) -> None:
    gates = reading.case.gates
    check_once(reading.problems, reading.document, [(("gates", n, "name"), g.name) for n, g in enumerate(gates)])


def _check_pilots(reading: Reading) -> None:
    pilots = reading.case.pilots
    check_once(reading.problems, reading.document, [(("pilots", n, "id"), p.id) for n, p in enumerate(pilots)])
    for n, pilot in enumerate(pilots):
        check_once(reading.problems, reading.document,
                   [(("pilots", n, "areas", m), code) for m, code in enumerate(pilot.areas)])
        for m, code in enumerate(pilot.areas):
            check_area(reading, ("pilots", n, "areas", m), code)
        _check_phases(reading, n, pilot)


def _check_phases(reading: Reading, n: int, pilot: PilotTable) -> None:
    for m, phase in enumerate(pilot.phases):
        place = ("pilots", n, "phases", m)
        if phase.end is not None and phase.end <= phase.start:
            reading.tell((*place, "end"), got=phase.end.isoformat(), expected=f"a day after {phase.start.isoformat()}")
        if m and phase.start < (pilot.phases[m - 1].end or date.max):
            reading.tell((*place, "start"), got=phase.start.isoformat(),
                         expected="a day no earlier than the end of the phase before it",
                         hint="give the phase before it an end")


def _option(option: OptionTable) -> Option:
    commands = tuple(Command(tuple(c.areas), c.model, c.headquarters) for c in option.commands)
    return Option(option.name, option.kind, option.title, Grouping(commands), dict(option.labels),
                  option.delay_months)


def _models(case: CaseTable) -> tuple[OperatingModel, ...]:
    return tuple(
        OperatingModel(
            name=m.name, title=m.title, posts=m.posts, channels=m.channels, strength=m.strength, dispatch=m.dispatch,
            desks=m.desks, supervisors=m.supervisors, carries_investigations=m.carries_investigations,
            bases=tuple(m.bases), posting=m.posting,
        )
        for m in case.models
    )


def _post(post: PostTable) -> Post:
    return Post(
        rank=post.rank, role=post.role, per=post.per, today=post_name(post, "today"),
        proposed=post_name(post, "proposed"), redesigned=post_name(post, "redesigned"), proposed_as=post.proposed_as,
        needs_merger=post_name(post, "needs_merger"), attribution=post.attribution,
    )


def _site(site: SiteTable, system: AreaSystem) -> Site:
    point = next((p for p in system.area(site.area).points if p.code == site.at), None)
    easting = point.easting if point else cast("float", site.easting)
    northing = point.northing if point else cast("float", site.northing)
    return Site(site.name, site.area, float(easting), float(northing), site.role, site.opens, site.closes, site.note)


def _gates(case: CaseTable, as_of: date) -> tuple[Gate, ...]:
    gates = []
    for gate in case.gates:
        evidence = sorted((e for e in gate.evidence if e.day <= as_of), key=lambda e: e.day)
        dated = gate.criterion_dated if gate.criterion_dated and gate.criterion_dated <= as_of else None
        gates.append(Gate(gate.name, gate.owner, gate.due, gate.requires, dated,
                          tuple(Evidence(e.day, e.shows, e.text, e.url) for e in evidence)))
    return tuple(gates)


def _pilots(case: CaseTable, as_of: date) -> tuple[Pilot, ...]:
    pilots = []
    for pilot in case.pilots:
        phases = tuple(_phase(phase, as_of) for phase in pilot.phases if phase.start <= as_of)
        if phases:
            pilots.append(Pilot(pilot.id, pilot.title, tuple(sorted(pilot.areas)), phases))
    return tuple(pilots)


def _phase(phase: PhaseTable, as_of: date) -> Phase:
    end = phase.end if phase.end is not None and phase.end <= as_of else None
    return Phase(phase.name, phase.start, end, float(phase.dose))
