"""How would each of many candidate commands answer, all facing one and the same draw of calls?

Every command is simulated by the same code as a named option, on its own areas and, when asked, the ring of neighbours
as they are today. One draw of calls is shared. Work is cut into batches whose results do not depend on who does them.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from bailiwick.response.kernel import AREA, POINT, Load
from bailiwick.response.runs import Packed, Records, carried_out, packed
from bailiwick.response.statistics import measured, response_minutes, saturation
from bailiwick.response.town import (
    Calls,
    Flags,
    Floats,
    Ints,
    Regime,
    Town,
    checked,
    checked_calls,
    checked_regime,
    refuse_if,
)

BATCHES = 16


class Plan(NamedTuple):
    """How a candidate command would run: `regime` holds for all levers without groups, which are made for each command.

    `one_channel` and `one_span`: the command's areas share one group of desks or supervisors; a group has `desks` (or
    `supervisors`) for each of its areas, rounded up, at least one; 0 is no limit. `neighbours` [A, A] who touches whom,
    None to leave the ring out.
    """

    regime: Regime = Regime(dispatch="pooled")
    one_channel: bool = True
    one_span: bool = True
    desks: float = 0.0
    supervisors: float = 0.0
    neighbours: Flags | None = None


class CommandShares(NamedTuple):
    """K commands, A areas, G grades: `share` in target, `mean` minutes, `calls` [K, A, G], NaN or 0 outside of it.

    `busy` [K] share of the command's on-duty minutes at work; `saturated` [K].
    """

    share: Floats
    mean: Floats
    calls: Ints
    busy: Floats
    saturated: Flags


def part_of(town: Town, work: Packed, scope: Ints) -> tuple[Town, Packed]:
    """The town and a packed run cut down to some areas; areas are renumbered as given, all else in order."""
    label = np.full(len(town.areas), -1, np.int64)
    label[scope] = np.arange(len(scope))
    cars, points, bases, kept = (
        np.flatnonzero(label[areas] >= 0)
        for areas in (town.unit_area, town.point_area, town.base_area, work.load.who[:, AREA]))
    point, base = np.full(len(town.point_area), -1, np.int64), np.full(len(town.base_area) + 1, -1, np.int64)
    point[points], base[bases] = np.arange(len(points)), np.arange(len(bases))
    nodes = np.concatenate([points, len(town.point_area) + bases])
    small = town._replace(
        areas=tuple(town.areas[a] for a in scope), point_area=label[town.point_area[points]],
        point_weight=town.point_weight[points], rates=town.rates[scope], travel=town.travel[np.ix_(nodes, nodes)],
        base_area=label[town.base_area[bases]], unit_area=label[town.unit_area[cars]],
        unit_base=base[town.unit_base[cars]], roster=town.roster[:, cars], suite=base[town.suite[scope]],
    )
    who = work.load.who[kept]
    who[:, POINT], who[:, AREA] = point[who[:, POINT]], label[who[:, AREA]]
    return small, work._replace(load=Load(work.load.drawn[kept], who), answer=work.answer[kept], on=work.on[:, cars])


def scope_of(plan: Plan, members: tuple[int, ...]) -> Ints:
    """The command's areas, then its ring, each in order."""
    inside = np.array(sorted(members), np.int64)
    if plan.neighbours is None:
        return inside
    ring = np.flatnonzero(plan.neighbours[inside].any(axis=0))
    return np.concatenate([inside, np.setdiff1d(ring, inside)])


def _grouped(shared: bool, each: float, members: int, areas: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    labels = np.arange(areas)
    if shared:
        labels[:members] = 0
        labels[members:] = 1 + np.arange(areas - members)
    size = np.bincount(labels)
    number = np.zeros(size.size, np.int64) if each == 0 else np.maximum(1, np.ceil(each * size - 1e-9)).astype(np.int64)
    return tuple(int(k) for k in labels), tuple(int(k) for k in number)


def regime_of(plan: Plan, members: int, areas: int) -> Regime:
    """The regime of a scope whose first areas are the command and whose others are commands of one area."""
    labels = tuple([0] * members + list(range(1, 1 + areas - members)))
    channels, desks = _grouped(plan.one_channel, plan.desks, members, areas)
    spans, supervisors = _grouped(plan.one_span, plan.supervisors, members, areas)
    return plan.regime._replace(commands=labels, channels=channels, desks=desks, spans=spans, supervisors=supervisors)


def _shares(records: Records, target: Floats, members: int) -> tuple[Floats, Floats, Ints]:
    counted = measured(records) & (records.area < members)
    minutes, grade = response_minutes(records)[counted], records.grade[counted]
    cell = records.area[counted] * records.grades + grade
    size, shape = members * records.grades, (members, records.grades)
    calls = np.bincount(cell, minlength=size).reshape(shape)
    inside = np.bincount(cell, (minutes <= target[grade]).astype(float), minlength=size).reshape(shape)
    met = np.isfinite(minutes)
    total = np.bincount(cell[met], minutes[met], minlength=size).reshape(shape)
    number = np.bincount(cell[met], minlength=size).reshape(shape)
    with np.errstate(invalid="ignore"):
        return inside / calls, total / number, calls


def batch_of_commands(
    commands: tuple[tuple[int, ...], ...], *, town: Town, calls: Calls, plan: Plan, warm_hours: float
) -> CommandShares:
    """The results of some commands, one after the other."""
    areas, grades = len(town.areas), len(town.grades)
    share = np.full((len(commands), areas, grades), np.nan)
    mean = share.copy()
    number = np.zeros(share.shape, np.int64)
    busy, saturated = np.zeros(len(commands)), np.zeros(len(commands), bool)
    whole = packed(town, plan.regime, calls)
    for k, members in enumerate(commands):
        scope, size = scope_of(plan, members), len(members)
        small, work = part_of(town, whole, scope)
        records = carried_out(small, regime_of(plan, size, len(scope)), work, warm_hours=warm_hours)
        inside = scope[:size]
        share[k, inside], mean[k, inside], number[k, inside] = _shares(records, town.target, size)
        mine = records.unit_area < size
        busy[k] = records.worked[mine].sum() / max(1.0, records.on_duty[mine].sum())
        saturated[k] = bool(saturation(records))
    return CommandShares(share, mean, number, busy, saturated)


def simulate_commands(
    commands: Sequence[tuple[int, ...]], town: Town, calls: Calls, plan: Plan, *, executor: Executor | None = None,
    warm_hours: float = 24.0,
) -> CommandShares:
    """The results of every command, in the order given, whatever the executor and its number of workers.

    A saturated command's numbers are NaN.
    """
    town, calls = checked(town), checked_calls(town, calls)
    refuse_if(plan.regime.posting != "borough", "plan.regime.posting", got=plan.regime.posting,
              expected="borough: candidate commands are compared with cars where they are")
    checked_regime(town, plan.regime._replace(commands=None, channels=None, desks=None, spans=None, supervisors=None))
    for k, members in enumerate(commands):
        known = bool(members) and min(members) >= 0 and max(members) < len(town.areas)
        refuse_if(not known or len(members) > len(set(members)), f"commands[{k}]", got=members,
                  expected=f"different numbers of areas, 0 to {len(town.areas) - 1}")
    work = partial(batch_of_commands, town=town, calls=calls, plan=plan, warm_hours=warm_hours)
    cuts = np.linspace(0, len(commands), min(BATCHES, max(1, len(commands))) + 1).astype(int)
    parts = [tuple(tuple(sorted(c)) for c in commands[a:b]) for a, b in pairwise(cuts)]
    done = list(map(work, parts)) if executor is None else list(executor.map(work, parts))
    result = CommandShares(*(np.concatenate(fields) for fields in zip(*done, strict=True)))
    result.share[result.saturated] = np.nan
    result.mean[result.saturated] = np.nan
    return result
