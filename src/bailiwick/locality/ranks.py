"""Among all commands that could be formed, how large, busy and far-flung is this one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bailiwick.areas import Area
from bailiwick.case import Case
from bailiwick.locality.crimes import crime_year
from bailiwick.locality.distance import bases, headquarters, mean_kilometres, places
from bailiwick.locality.options import rounded
from bailiwick.scheme import Command
from bailiwick.tables import Cell, ResultTable

Floats = NDArray[np.float64]

MEASURED = (
    ("residents", "people", 0),
    ("area_km2", "km2", 2),
    ("crimes", "crimes a year", 0),
    ("councils", "councils", 0),
    ("distance_to_headquarters", "km", 1),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Candidate commands over `areas`: `member[c, a]` says whether command c holds area a."""

    areas: tuple[Area, ...]
    member: NDArray[np.bool_]


def ranks(case: Case, commands: Sequence[tuple[str, ...]]) -> ResultTable:
    """Where each command of `today` and of the proposal stands among candidate commands, the largest ranked first.

    `commands` are tuples of area codes, each a conceivable command; repeats count once.  Columns: option, command,
    measure, value, unit, rank (one more than the candidates with a larger printed value), of (candidates with a known
    value), equal (candidates with the same printed value), left_out (candidates whose value nobody has published),
    and rank and of among candidates with as many areas.
    Headquarters of candidates are chosen by rule; a command that names another one has a further row with it.
    """
    listed = sorted({tuple(sorted(set(command))) for command in commands})
    subjects = [(option.name, command) for option in case.scheme.options if option.kind in ("today", "proposed")
                for command in option.grouping.commands]
    figures = command_figures(case, listed)
    sizes = np.array([len(command) for command in listed])
    own = command_figures(case, [command.areas for _, command in subjects])
    rows: list[tuple[Cell, ...]] = []
    for i, (option, command) in enumerate(subjects):
        alike = sizes == len(command.areas)
        values = [(measure, float(own[measure][i]), figures[measure], unit, decimals)
                  for measure, unit, decimals in MEASURED]
        values.extend(_with_named_base(case, command, figures["distance_to_headquarters"]))
        rows.extend((option, "+".join(command.areas), measure, *_standing(value, among, unit, decimals),
                     *_standing(value, among[alike], unit, decimals)[2:4])
                    for measure, value, among, unit, decimals in values)
    return ResultTable(
        name="ranks", title="Where each command stands among all commands that could be formed",
        columns=("option", "command", "measure", "value", "unit", "rank", "of", "equal", "left_out",
                 "rank_among_same_size", "of_same_size"),
        units=("", "", "", "see unit", "", "", "commands", "commands", "commands", "", "commands"), rows=tuple(rows),
        note=f"Among {len(listed)} candidate commands. Rank 1 is the largest, busiest or farthest. Same size: as many "
             "areas. Candidates are run from the base nearest their residents' median point.",
    )


def command_figures(case: Case, commands: Sequence[tuple[str, ...]]) -> dict[str, Floats]:
    """Residents, km2, crimes, councils and distance of each command, one array each; NaN where nobody has published it.

    The distance is the residents' mean straight line to the base nearest their median point, weighted by population.
    """
    if not commands:
        return {measure: np.zeros(0) for measure, _, _ in MEASURED}
    codes = sorted({code for command in commands for code in command})
    place = {code: i for i, code in enumerate(codes)}
    member = np.zeros((len(commands), len(codes)), dtype=np.bool_)
    for c, command in enumerate(commands):
        member[c, [place[code] for code in command]] = True
    held = _Candidates(case.system.subset(codes), member)
    residents = np.array([np.nan if a.population is None else a.population for a in held.areas], dtype=np.float64)
    councils = np.array([np.nan if a.councils is None else a.councils for a in held.areas], dtype=np.float64)
    year = crime_year(case)
    crimes = np.array([np.nan if year is None or code not in year.by_area else year.by_area[code].sum()
                       for code in codes], dtype=np.float64)
    return {
        "residents": _sums(member, residents),
        "area_km2": _sums(member, np.array([a.area_km2 for a in held.areas])),
        "crimes": _sums(member, crimes),
        "councils": _sums(member, councils),
        "distance_to_headquarters": _distances(case, held, residents),
    }


def _sums(member: NDArray[np.bool_], values: Floats) -> Floats:
    unknown = np.isnan(values)
    total: Floats = member.astype(np.float64) @ np.where(unknown, 0.0, values)
    total[member[:, unknown].any(axis=1)] = np.nan
    return total


def _distances(case: Case, held: _Candidates, residents: Floats) -> Floats:
    offered = bases(case, tuple(area.code for area in held.areas))
    at = {area.code: i for i, area in enumerate(held.areas)}
    owner = np.array([at[base.area] for base in offered])
    middle = _medians(held)
    spot = np.array([(base.easting, base.northing) for base in offered])
    gap = ((middle[:, None, :] - spot[None, :, :]) ** 2).sum(axis=2)
    gap[~held.member[:, owner]] = np.inf
    chosen = np.argmin(gap, axis=1)
    means = np.array([[np.nan if (km := mean_kilometres(area, base)) is None else km for area in held.areas]
                      for base in offered])
    weight = held.member * np.where(np.isnan(residents), 0.0, residents)
    found: Floats = (weight * np.nan_to_num(means[chosen])).sum(axis=1)
    unknown = (held.member & (np.isnan(means[chosen]) | np.isnan(residents))).any(axis=1)
    found[unknown] = np.nan
    found[~unknown] /= weight[~unknown].sum(axis=1)
    return found


def _medians(held: _Candidates) -> Floats:
    people = [places(area) for area in held.areas]
    owner = np.concatenate([np.full(p.people.size, i) for i, p in enumerate(people)])
    weight = np.concatenate([p.people for p in people])
    middle = np.zeros((len(held.member), 2))
    if not weight.size:
        return middle
    for axis, values in enumerate((np.concatenate([p.easting for p in people]),
                                   np.concatenate([p.northing for p in people]))):
        order = np.argsort(values, kind="stable")
        reached = np.cumsum(held.member[:, owner[order]] * weight[order], axis=1)
        middle[:, axis] = values[order][np.argmax(reached >= reached[:, -1:] / 2, axis=1)]
    return middle


def _standing(value: float, among: Floats, unit: str, decimals: int) -> tuple[Cell, ...]:
    known = among[~np.isnan(among)]
    left_out = int(among.size - known.size)
    if np.isnan(value):
        return None, unit, None, int(known.size), None, left_out
    printed, others = round(value, decimals), np.round(known, decimals)
    return (rounded(value, decimals), unit, 1 + int((others > printed).sum()), int(known.size),
            int((others == printed).sum()), left_out)


def _with_named_base(case: Case, command: Command,
                     among: Floats) -> list[tuple[str, float, Floats, str, int]]:
    base = headquarters(case, command)
    if base.by_rule or base.name == headquarters(case, Command(command.areas, command.model)).name:
        return []
    from_named = {code: km for code in command.areas
                  if (km := mean_kilometres(case.system.area(code), base)) is not None}
    residents = [case.system.area(code).population for code in command.areas]
    if len(from_named) < len(command.areas) or None in residents:
        return []
    weights = np.array(residents, dtype=np.float64)
    value = float(np.array([from_named[code] for code in command.areas]) @ weights / weights.sum())
    _, unit, decimals = MEASURED[-1]
    return [(f"distance_to_headquarters, headquarters {base.name}", value, among, unit, decimals)]
