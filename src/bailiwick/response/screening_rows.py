"""When may a screened command be called better or worse than today?

Only where its change stands clear of the smallest change that matters and of the noise of one short run in every set of
assumptions; about the same only where every change lies inside the smallest that matters by as much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from bailiwick.response.town import Floats, Ints

State = Literal["better", "about the same", "worse", "cannot tell"]

SMALLEST = (1.0, 1.0)
"""The least change that matters, in points of immediate calls in 15 minutes and significant calls in 60."""

Z = 1.6448536269514722
"""Standard deviations that leave out the highest twentieth of a normal distribution."""

STEADY, SWAMPED, UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Row:
    """One command: changes against today in points, central set, and their range over the sets; None where saturated.

    `immediate` and `significant` are means over residents, `_worst` the area that loses most. `saturated` counts the
    sets of `sets` in which the command has no steady state though today has one.
    """

    command: tuple[str, ...]
    immediate: float | None
    immediate_low: float | None
    immediate_high: float | None
    immediate_worst: float | None
    significant: float | None
    significant_low: float | None
    significant_high: float | None
    significant_worst: float | None
    saturated: int
    sets: int
    immediate_state: State
    significant_state: State
    state: State


def row_of(command: tuple[str, ...], change: Floats, steady: Ints, spread: Floats) -> Row:
    """The row of a command from its changes [S, 2, 2] and whether each set has a steady state [S].

    The first set is the central one; `spread` [2, 2] the noise of one change. In a set in which only today has a steady
    state the command counts as worse than any number; a set in which today has none is left out.
    """
    known = steady != UNKNOWN
    gap = np.where((steady == SWAMPED)[:, None], -np.inf, change[:, :, 0])[known]
    first, second = (state_of_grade(gap[:, g], SMALLEST[g], Z * float(spread[g, 0])) for g in (0, 1))
    cells = [_cells(change[:, g]) for g in (0, 1)]
    return Row(command, *cells[0], *cells[1], int((steady == SWAMPED).sum()), int(known.sum()), first, second,
               state_of_command(first, second))


def _cells(change: Floats) -> tuple[float | None, float | None, float | None, float | None]:
    """Mean of residents at the central set, its low and high over the sets, and the worst area at the central set."""
    central, worst = (None if np.isnan(x) else float(x) for x in change[0])
    if np.isnan(change[:, 0]).any():
        return central, None, None, worst
    return central, float(change[:, 0].min()), float(change[:, 0].max()), worst


def state_of_grade(gap: Floats, smallest: float, noise: float) -> State:
    """What the changes of one grade in every set [S] come to, in points, positive for more calls on time.

    >>> state_of_grade(np.array([-3.0, -2.2]), 1.0, 0.5), state_of_grade(np.array([-3.0, -1.2]), 1.0, 0.5)
    ('worse', 'cannot tell')
    """
    if not gap.size:
        return "cannot tell"
    if (gap >= smallest + noise).all():
        return "better"
    if (gap <= -smallest - noise).all():
        return "worse"
    return "about the same" if (np.abs(gap) <= smallest - noise).all() else "cannot tell"


def state_of_command(immediate: State, significant: State) -> State:
    """The state of a command from those of its two grades: worse where either is, better where neither may be worse.

    >>> state_of_command("better", "worse"), state_of_command("better", "about the same")
    ('worse', 'better')
    """
    told = (immediate, significant)
    if "worse" in told:
        return "worse"
    if "cannot tell" in told:
        return "cannot tell"
    return "better" if "better" in told else "about the same"
