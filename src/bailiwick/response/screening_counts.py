"""How many calls of a run were on time, and may it be believed?  The rules of `statistics`, on packed calls."""

from __future__ import annotations

import numpy as np

from bailiwick.response.kernel import END, ON_DUTY, WARM, WORKED, Ground, Load, Rules
from bailiwick.response.kernel_counts import MEASURED, QUARTER, UNMET, told
from bailiwick.response.runs import DAY
from bailiwick.response.statistics import MAX_BUSY, MAX_UNMET, grows
from bailiwick.response.town import Floats, Ints


def counted(load: Load, answer: Floats, given: tuple[Ground, Rules, Floats], run: tuple[Floats, Floats]
            ) -> tuple[Ints, Ints] | None:
    """Calls measured and calls on time by area and grade [A, G]; None where `statistics.saturation` has a reason.

    `given` the ground, the rules and the targets [G]; `run` the stamps and clocks that came of them.
    """
    ground, rules, target = given
    stamps, clocks = run
    warm, end = float(rules.dials[WARM]), float(rules.dials[END])
    days = int((end - warm) // DAY)
    quarters = int(days * DAY / QUARTER)
    calls = np.zeros((len(ground.place), len(target)), np.int64)
    on_time, count = np.zeros_like(calls), np.zeros(2, np.int64)
    step, work = np.zeros(quarters + 1, np.int64), np.zeros(rules.servers.size)
    told(stamps, load.drawn, load.who, answer, ground.place, target, warm, end, calls, on_time, step, work, count)
    capacity = rules.servers * (end - warm)
    duty = clocks[:, ON_DUTY].sum()
    queue = np.cumsum(step[:-1]).reshape(days, quarters // days).mean(axis=1) if days else np.zeros(0)
    full = bool((np.divide(work, capacity, out=np.zeros(work.size), where=capacity > 0) >= 1.0).any())
    busy = clocks[:, WORKED].sum() / duty if duty > 0 else 1.0
    lost = count[UNMET] / count[MEASURED] if count[MEASURED] else 0.0
    if full or busy >= MAX_BUSY or lost > MAX_UNMET or grows(queue):
        return None
    return calls, on_time
