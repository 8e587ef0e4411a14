"""Whose cars may be sent to whose calls, and whose waiting calls may a clearing car take?

One table serves every rule. For each area it lists the pool (row 0), the areas that may aid it at each grade (rows
1 .. G), seen from the car the areas outside its pool whose calls it may take at each grade (rows G + 1 .. 2 G), and
last the areas inside its pool whose calls it takes before those of the rest: its own, or none.
"""

from __future__ import annotations

import numpy as np

from bailiwick.response.town import Flags, Ints, Regime

AID = {"strict": 0, "immediate-only-aid": 1}


def command_labels(regime: Regime, areas: int) -> Ints:
    """The command of each area [A]; each area its own when the regime names none."""
    return np.arange(areas) if regime.commands is None else np.array(regime.commands, np.int64)


def pools(regime: Regime, areas: int) -> Ints:
    """The pool of each area [A]: its command when pooled, otherwise itself; a dedicated team is a pool of its own."""
    own = np.arange(areas)
    if regime.dispatch != "pooled":
        return own
    labels = command_labels(regime, areas)
    pool = areas + labels
    pool[list(regime.dedicated)] = own[list(regime.dedicated)]
    return pool


def aid_allowed(regime: Regime, areas: int, grades: int) -> Flags:
    """Whether the column's cars may aid the row's calls of each grade [G, A, A], their own pool aside."""
    labels = command_labels(regime, areas)
    inside = labels[:, None] == labels[None, :]
    dedicated = np.zeros(areas, bool)
    dedicated[list(regime.dedicated)] = True
    either = dedicated[:, None] | dedicated[None, :]
    pool = pools(regime, areas)
    other = pool[:, None] != pool[None, :]
    reach = np.ones((areas, areas), bool) if regime.reach is None else np.asarray(regime.reach, bool)
    allowed = np.zeros((grades, areas, areas), bool)
    for g in range(grades):
        within = g < AID.get(regime.dispatch, grades)
        across = g < AID.get(regime.border, grades)
        may = np.where(inside, within, across)
        if g > 0:
            may = may & ~either
        allowed[g] = may & other & reach
    return allowed


def tiers(regime: Regime, areas: int, grades: int) -> Ints:
    """The table of pools, aid and pulls [2 + 2 G, A, A + 1]; each row is a count, then that many areas."""
    pool = pools(regime, areas)
    aid = aid_allowed(regime, areas, grades)
    first = np.eye(areas, dtype=bool) & (regime.pull == "own-area")
    layers = np.concatenate([(pool[:, None] == pool[None, :])[None], aid, aid.transpose(0, 2, 1), first[None]])
    table = np.zeros((2 + 2 * grades, areas, areas + 1), np.int64)
    table[:, :, 0] = layers.sum(axis=2)
    table[:, :, 1:] = np.argsort(~layers, axis=2, kind="stable")
    return table


def server_groups(
    labels: tuple[int, ...] | None, servers: tuple[int, ...] | None, areas: int
) -> tuple[Ints, Ints]:
    """The group of each area [A] and the number of servers of each group, 0 for no limit."""
    group = np.arange(areas) if labels is None else np.array(labels, np.int64)
    number = np.zeros(int(group.max()) + 1, np.int64) if servers is None else np.array(servers, np.int64)
    return group, number
