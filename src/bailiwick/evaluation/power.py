"""How large would an effect have to be to be seen, and can a smaller one be ruled out?"""

from __future__ import annotations

from typing import Literal

import numpy as np

from bailiwick.evaluation.panel import Floats
from bailiwick.evaluation.placebo import critical_size

Verdict = Literal["changed", "no change larger than m", "cannot tell"]


def power_at(size: float, placebos: Floats, *, alpha: float = 0.05) -> float:
    """Share of the placebo sets that would be called changed, had an effect of `size` been added to each."""
    h = critical_size(placebos, alpha)
    return 0.0 if h is None else float(np.mean(np.abs(placebos + size) > h))


def minimum_detectable_effect(placebos: Floats, *, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest size, the larger of both signs, at which `power_at` reaches `power`; None below the floor of p.

    The infimum: power(d) counts |tau_g + d| > h, so it can only rise where some tau_g + d passes h, and those are the
    points tried.
    """
    h = critical_size(placebos, alpha)
    if h is None or len(placebos) == 0:
        return None
    return max(_one_sided(placebos, h, power), _one_sided(-placebos, h, power))


def _one_sided(placebos: Floats, h: float, power: float) -> float:
    """The smallest d >= 0 with the share of |tau_g + d| > h (just right of d) at least `power`."""
    ordered = np.sort(placebos)
    n = len(ordered)
    candidates = np.unique(np.concatenate([[0.0], np.maximum(0.0, h - ordered)]))
    slack = 1e-12 * max(1.0, h)
    above = n - np.searchsorted(ordered, h - candidates - slack, side="left")
    below = np.searchsorted(ordered, -h - candidates - slack, side="left")
    reached = np.flatnonzero(above + below >= power * n - 1e-9)
    return float(candidates[reached[0]])


def is_equivalent(interval_90: tuple[float, float] | None, margin: float | None) -> bool:
    """Whether the 90% interval lies inside (-margin, margin): two one-sided tests at 5%."""
    if interval_90 is None or margin is None:
        return False
    return -margin < interval_90[0] and interval_90[1] < margin


def harm_excluded(interval_90: tuple[float, float] | None, margin: float | None, *, better: str) -> bool | None:
    """Whether the harmful side of the 90% interval stays inside the margin: one-sided, at 5%; None without a direction.

    `better` is "higher" or "lower"; harm is the other way.
    """
    if interval_90 is None or margin is None or better not in ("higher", "lower"):
        return None
    return interval_90[0] > -margin if better == "higher" else interval_90[1] < margin
