"""What can be said of a command from its areas alone: size, balance, borders, distance, who would change commander?

Each function returns the table with one more column. Measures that need posts, money or calls come from the other
rooms and are put in beside these with `blocks.measured`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from bailiwick.alternatives.blocks import CommandTable, measured
from bailiwick.errors import CaseError, MethodError, nearest

CUT_BORDERS = "cut borders"
WORST_DEVIATION = "worst deviation"
SUM_OF_DEVIATIONS = "sum of deviations"
LARGEST_COMMAND = "largest command"
RESIDENTS_WHO_CHANGE = "residents who change commander"
DISTANCE = "distance to the middle"
LONGEST_DISTANCE = "longest distance to the middle"
COUNCILS_KEPT = "councils kept whole"
LARGEST_KM2 = "largest command in km2"


def cut_borders(table: CommandTable) -> CommandTable:
    """With the borders between commands: half the borders leaving each command, summed; fewer is more compact."""
    return measured(table, CUT_BORDERS, table.leaving / 2, grid=Fraction(1, 2))


def worst_deviation(table: CommandTable, k: int) -> CommandTable:
    """With the largest |p / (T/K) - 1| of any command, exact in steps of 1/T."""
    total = table.network.total
    return measured(
        table, WORST_DEVIATION, np.abs(k * table.weights - total) / total, combine="max", grid=Fraction(1, total)
    )


def sum_of_deviations(table: CommandTable, k: int) -> CommandTable:
    """With the sum of |p / (T/K) - 1| over the commands, exact in steps of 1/T."""
    total = table.network.total
    return measured(table, SUM_OF_DEVIATIONS, np.abs(k * table.weights - total) / total, grid=Fraction(1, total))


def largest_command(table: CommandTable) -> CommandTable:
    """With the weight of the largest command: the most people under one commander."""
    return measured(table, LARGEST_COMMAND, table.weights, combine="max")


def residents_who_change(
    table: CommandTable, today: Sequence[Sequence[str]], headquarters: Mapping[str, str] | None = None
) -> CommandTable:
    """With the weight of the areas whose commander changes.

    The commander of a candidate is that of today's command whose headquarters it holds (the heaviest of them, if
    several; the first by code among equals); everyone under anyone else changes. `headquarters` names the area of each
    of today's commands by its first area; without it the heaviest area of each is taken.
    """
    graph = table.network
    groups = [tuple(sorted(graph.position(c) for c in command)) for command in today]
    if sorted(i for g in groups for i in g) != list(range(graph.n)):
        raise CaseError(
            graph.name, "today", got=f"{len(groups)} commands", expected="every area in exactly one command"
        )
    seats = [_seat(table, group, headquarters) for group in groups]
    heavy = sorted(range(len(groups)), key=lambda g: (-sum(graph.weights[i] for i in groups[g]), groups[g]))
    kept = np.zeros(len(table), dtype=np.int64)
    settled = np.zeros(len(table), dtype=np.bool_)
    for g in heavy:
        leads = ((table.masks >> seats[g]) & 1).astype(np.bool_) & ~settled
        stay = sum(
            (((table.masks >> i) & 1) * graph.weights[i] for i in groups[g]), np.zeros(len(table), dtype=np.int64)
        )
        kept[leads] = stay[leads]
        settled |= leads
    return measured(table, RESIDENTS_WHO_CHANGE, table.weights - kept)


def _seat(table: CommandTable, group: Sequence[int], headquarters: Mapping[str, str] | None) -> int:
    graph = table.network
    if headquarters is None:
        return max(group, key=lambda i: (graph.weights[i], -i))
    first = graph.codes[group[0]]
    if first not in headquarters:
        raise CaseError(
            graph.name, "headquarters", got=sorted(headquarters), expected=f"an area for the command of {first}"
        )
    seat = graph.position(headquarters[first])
    if seat not in group:
        raise CaseError(
            graph.name, "headquarters", got=headquarters[first], expected=f"an area of the command of {first}"
        )
    return seat


def distance_to_the_middle(table: CommandTable) -> CommandTable:
    """With resident-kilometres from each area's point to the command's middle, summed over areas and commands.

    The middle is the area of the command from which that sum is least; straight lines. Divide by all residents for the
    mean distance of a map.
    """
    best = _least_distance(table)
    return measured(table, DISTANCE, best, grid=Fraction(1))


def _least_distance(table: CommandTable) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    graph = table.network
    inside, apart = _inside_and_apart(table)
    cost = (inside * np.array(graph.weights, dtype=np.float64)) @ apart
    cost[inside == 0] = np.inf
    least: np.ndarray[tuple[int], np.dtype[np.float64]] = cost.min(axis=1)
    return least


def longest_distance(table: CommandTable) -> CommandTable:
    """With the farthest an area's point is from its command's middle, km; the middle as near as it can be."""
    inside, apart = _inside_and_apart(table)
    far = np.zeros((len(table), table.network.n))
    for j in range(table.network.n):
        far = np.maximum(far, inside[:, j : j + 1] * apart[j])
    far[inside == 0] = np.inf
    return measured(table, LONGEST_DISTANCE, far.min(axis=1), combine="max", grid=Fraction(1, 1000))


def _inside_and_apart(table: CommandTable) -> tuple[np.ndarray, np.ndarray]:
    graph = table.network
    if graph.points is None:
        raise MethodError(f"{graph.name} has no points: distances need the columns easting and northing")
    at = np.array(graph.points)
    apart = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1]) / 1000
    inside = ((table.masks[:, None] >> np.arange(graph.n)) & 1).astype(np.float64)
    return inside, apart


def largest_km2(table: CommandTable) -> CommandTable:
    """With the size of the largest command in square kilometres."""
    graph = table.network
    if graph.km2 is None:
        raise MethodError(f"{graph.name} has no sizes: this needs the column area_km2")
    inside = (table.masks[:, None] >> np.arange(graph.n)) & 1
    return measured(table, LARGEST_KM2, inside @ np.array(graph.km2), combine="max", grid=Fraction(1, 100))


def councils_kept(table: CommandTable, council: Mapping[str, str]) -> CommandTable:
    """With the number of councils that lie wholly inside one command; `council` names the council of each area."""
    graph = table.network
    for code in graph.codes:
        if code not in council:
            raise CaseError(
                graph.name,
                "council",
                got=sorted(council)[:6],
                expected=f"a council for {code}",
                hint=nearest(code, council),
            )
    whole = np.zeros(len(table), dtype=np.int64)
    for name in sorted(set(council.values())):
        mask = sum(1 << i for i, c in enumerate(graph.codes) if council[c] == name)
        if mask:
            whole += (table.masks & mask) == mask
    return measured(table, COUNCILS_KEPT, whole, better="higher")


def plain_measures(table: CommandTable, k: int) -> CommandTable:
    """With every measure that the network by itself allows for maps of K commands."""
    table = largest_command(sum_of_deviations(worst_deviation(cut_borders(table), k), k))
    if table.network.points is not None:
        table = longest_distance(distance_to_the_middle(table))
    return table if table.network.km2 is None else largest_km2(table)
