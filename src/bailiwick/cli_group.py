"""Was there a better map? The command that groups any areas: counts, proofs, trade-off, and files of assignments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bailiwick.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from bailiwick.alternatives.network import Network
    from bailiwick.alternatives.study import GroupRequest, GroupStudy
    from bailiwick.choices_named import NamedMap
    from bailiwick.sources.systemfile import FoundSystem

    Told = tuple[GroupStudy, tuple[str, int | None] | None, tuple[NamedMap, ...] | None, bool]


def group(  # noqa: PLR0913 - one option of the command line each
    system: Annotated[
        str, typer.Argument(help="An area system, a case, or any name beside --adjacency.", metavar="SYSTEM|CASE")
    ],
    k: Annotated[int, typer.Option("--commands", help="Number of commands.", min=1)],
    max_size: Annotated[int | None, typer.Option("--max-size", help="Most areas a command may have.", min=1)] = None,
    within: Annotated[str | None, typer.Option("--within", help="Most a command may deviate: 20%.")] = None,
    crossings: Annotated[
        bool, typer.Option("--crossings", help="Count bridges, tunnels and ferries as borders.")
    ] = False,
    minimise: Annotated[
        str, typer.Option("--minimise", help="Measures, best first: A,B.")
    ] = "cut borders,worst deviation",
    must: Annotated[list[str] | None, typer.Option("--must", help='Areas in one command: "X+Y".')] = None,
    apart: Annotated[list[str] | None, typer.Option("--apart", help='Areas in different commands: "X|Y".')] = None,
    headquarters: Annotated[str | None, typer.Option("--hq", help="A headquarters in every command: X,Y,Z.")] = None,
    points: Annotated[
        bool, typer.Option("--points", help="Group the places inside the areas (wards); borders approximate.")
    ] = False,
    adjacency: Annotated[Path | None, typer.Option("--adjacency", help="CSV of pairs that touch: a,b[,kind].")] = None,
    attributes: Annotated[
        Path | None, typer.Option("--attributes", help="CSV of areas: code,weight[,name,...].")
    ] = None,
    outlines: Annotated[Path | None, typer.Option("--outlines", help="GeoJSON of the areas, to draw with.")] = None,
    weight: Annotated[str | None, typer.Option("--weight", help="Column of weights in the attributes.")] = None,
    today: Annotated[str | None, typer.Option("--today", help="Column of today's command in the attributes.")] = None,
    proposal: Annotated[
        str | None, typer.Option("--proposal", help="Column of a proposed command, to be ranked.")
    ] = None,
    leave_out: Annotated[str | None, typer.Option("--leave-out", help="Areas not to be grouped: X,Y.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", help="Longest time for each proof.", min=0.1)] = 120.0,
    seed: Annotated[int, typer.Option(help="Seed of the chain, where the maps cannot be counted.")] = 0,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Simulate each named map whole against today: a case of a whole force.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files (default out/group-SYSTEM).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Group areas into commands: how many maps, the best with proof, the trade-off, and where a proposal ranks."""
    from bailiwick.alternatives.rules import Rules
    from bailiwick.alternatives.study import GroupRequest, group_study

    columns = {"weight": weight, "today": today, "proposal": proposal}
    found = _without(_found(system, (adjacency, attributes), columns, outlines, points=points), _listed(leave_out, ","))
    graph = found.crossings if crossings else found.land
    request = GroupRequest(
        k=k,
        rules=Rules(
            largest=max_size,
            together=tuple(_areas(graph, text, "+", "--must") for text in must or ()),
            apart=tuple(_areas(graph, text, "|", "--apart") for text in apart or ()),
            headquarters=tuple(graph.codes[graph.position(a)] for a in _listed(headquarters, ",")),
        ),
        window=None if within is None else _window(within),
        minimise=_listed(minimise, ","),
        today=found.today,
        proposal=found.proposal,
        proposed=found.proposed,
        seconds=seconds,
        seed=seed,
    )
    study = group_study(graph, request)
    other = _other(found, request, crossings)
    said = _simulated(system, study) if simulate else None
    _written((study, other, said, points), found, out or Path("out") / f"group-{graph.name}", as_json=as_json)


def _simulated(name: str, study: GroupStudy) -> tuple[NamedMap, ...]:
    """Every map of the study, simulated whole against today."""
    from bailiwick import casefile, catalogue
    from bailiwick.alternatives.telling import maps_found
    from bailiwick.choices_named import simulated

    if name in catalogue.names("areas"):
        raise CaseError("group", "--simulate", got=f"the area system {name}", expected="a case about its whole force")
    return simulated(casefile.load(name), maps_found(study))


def _listed(text: str | None, divider: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(divider) if part.strip())


def _areas(graph: Network, text: str, divider: str, option: str) -> tuple[str, ...]:
    parts = _listed(text, divider)
    if len(parts) < 2:
        raise CaseError("group", option, got=text, expected=f'two areas or more: "X{divider}Y"')
    return tuple(graph.codes[graph.position(part)] for part in parts)


def _window(text: str) -> Fraction:
    from fractions import Fraction

    try:
        share = Fraction(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise CaseError("group", "--within", got=text, expected="a share: 20% or 0.2") from None
    if not 0 <= share <= 100:
        raise CaseError("group", "--within", got=text, expected="a share of 0 or more: 20% or 0.2")
    return share


def _found(
    name: str,
    tables: tuple[Path | None, Path | None],
    columns: dict[str, str | None],
    outlines: Path | None,
    *,
    points: bool,
) -> FoundSystem:
    from dataclasses import replace

    from bailiwick.sources.systemfile import SystemFiles, outlines_in, system_from_files

    adjacency, attributes = tables
    if points and (adjacency is not None or attributes is not None):
        raise CaseError("group", "--points", got="together with --adjacency or --attributes",
                        expected="an area system or a case: your own places are the rows of --attributes")
    if adjacency is None and attributes is None:
        found = _bundled(name, points=points)
        return found if outlines is None else replace(found, outlines=outlines_in(outlines, found.land.codes))
    if adjacency is None or attributes is None:
        missing = "--adjacency" if adjacency is None else "--attributes"
        raise CaseError("group", missing, got="nothing", expected="both --adjacency FILE and --attributes FILE")
    return system_from_files(SystemFiles(adjacency, attributes, **columns, outlines=outlines), name=name)


def _bundled(name: str, *, points: bool) -> FoundSystem:
    from bailiwick import casefile, catalogue
    from bailiwick.alternatives.cells import cells_of
    from bailiwick.alternatives.network import network_of
    from bailiwick.sources.systemfile import FoundSystem

    known = catalogue.names("areas")
    proposed: tuple[tuple[str, ...], ...] = ()
    if name in known:
        system = catalogue.area_system(name)
        forces = [a.force for a in system.areas]
        force = max(sorted(set(forces)), key=forces.count)
    else:
        case = casefile.load(name)
        system, force = case.system, case.system.area(case.scheme.scope[0]).force
        options = {option.name: option for option in case.scheme.options}
        if "proposed" in options:
            proposed = tuple(sorted(c.areas for c in options["proposed"].grouping.commands if len(c.areas) > 1))
    codes = [a.code for a in system.areas if a.force == force]
    if len({a.force for a in system.areas}) == len(system.areas):
        codes = [a.code for a in system.areas]  # areas that are forces themselves are grouped with one another
    if points:
        land, both = (cells_of(system, codes, crossings=crossings) for crossings in (False, True))
        return FoundSystem(land, both, None, None, None, (), None)
    land, both = (network_of(system, crossings=crossings, codes=codes) for crossings in (False, True))
    return FoundSystem(land, both, None, None, None, proposed, _outlines(system.name, codes))


def _outlines(name: str, codes: list[str]) -> dict[str, Mapping[str, object]] | None:
    """The outlines that the catalogue has of a system's areas, in degrees; None where it has none."""
    from bailiwick import catalogue
    from bailiwick.alternatives.assignments import outline

    if name not in catalogue.names("shapes"):
        return None
    drawn = cast("Mapping[str, list[list[list[float]]]]", catalogue.shapes(name)["areas"])
    return {code: outline(drawn[code]) for code in codes if code in drawn}


def _without(found: FoundSystem, left_out: tuple[str, ...]) -> FoundSystem:
    from dataclasses import replace

    if not left_out:
        return found
    gone = {found.land.codes[found.land.position(name)] for name in left_out}
    kept = [c for c in found.land.codes if c not in gone]
    lonlat = found.lonlat
    if lonlat is not None:
        lonlat = tuple(p for c, p in zip(found.land.codes, lonlat, strict=True) if c not in gone)

    def cut(grouping: tuple[tuple[str, ...], ...] | None) -> tuple[tuple[str, ...], ...] | None:
        if grouping is None:
            return None
        rest = (tuple(c for c in command if c not in gone) for command in grouping)
        return tuple(sorted(command for command in rest if command))

    return replace(
        found,
        land=found.land.restricted(kept),
        crossings=found.crossings.restricted(kept),
        today=cut(found.today),
        proposal=cut(found.proposal),
        proposed=tuple(c for c in found.proposed if not gone & set(c)),
        lonlat=lonlat,
    )


def _other(found: FoundSystem, request: GroupRequest, crossings: bool) -> tuple[str, int | None] | None:
    """The number of maps under the other choice of borders, where there is one; None when it cannot be counted."""
    from bailiwick.alternatives.blocks import MOST_AREAS, commands
    from bailiwick.alternatives.count import count
    from bailiwick.alternatives.study import settled_rules
    from bailiwick.errors import MethodError

    if found.land.edges == found.crossings.edges:
        return None
    graph, title = (found.land, "land borders only") if crossings else (found.crossings, "land borders and crossings")
    if graph.n > MOST_AREAS:
        return title, None
    try:
        return title, count(commands(graph, settled_rules(graph, request)[0]), request.k)
    except MethodError:
        return title, None
    except CaseError:
        return title, 0


def _written(told: Told, found: FoundSystem, folder: Path, *, as_json: bool) -> None:
    from bailiwick.alternatives.assignments import assignments_csv, assignments_geojson
    from bailiwick.alternatives.cells import APPROXIMATE
    from bailiwick.alternatives.telling import document, lines, maps_found

    study, other, said, points = told
    maps = maps_found(study)
    content = document(study, other)
    content["borders_are"] = APPROXIMATE if points else "as listed"
    if said is not None:
        content["simulated_whole"] = [one.document() for one in said]
    files = {
        "assignments.csv": assignments_csv(study.network, maps),
        "assignments.geojson": json.dumps(
            assignments_geojson(study.network, maps, found.lonlat, found.outlines), ensure_ascii=False, indent=1
        ),
        "group.json": json.dumps(content, ensure_ascii=False, indent=1),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False))
    else:
        first, *rest = lines(study, other)
        noted = [f"Note: {APPROXIMATE}."] if points else []
        typer.echo("\n".join([first, *noted, *rest, *_of_simulation(said)]))
        typer.echo(f"Files: {', '.join(str(folder / name) for name in files)}")


def _of_simulation(said: tuple[NamedMap, ...] | None) -> list[str]:
    from bailiwick.choices_named import weeks

    if said is None:
        return ["Response: not in it; no map was simulated whole."]
    return [f"Simulated whole against today, {weeks()} weeks of the same calls, central assumptions, range of chance:",
            *(f"  {one.told()}" for one in said)]
