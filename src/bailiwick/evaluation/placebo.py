"""How often would a place that was not treated show an effect as large?

Every function here is a pure function of the real effect and the placebo effects, all refitted by the same code.
p is always (1 + k) / (1 + n): the treated unit counts, so p is never 0, and its floor 1 / (1 + n) is printed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bailiwick.evaluation.panel import Floats

TIE = 1e-9


def rank_p(effect: float, placebos: Floats) -> float:
    """Share of the placebos and the real effect at least as large in size: (1 + #{|tau_g| >= |tau|}) / (1 + n).

    Effects closer than a billionth of their size count as tied.

    >>> rank_p(3.0, np.array([1.0, -3.0, 2.0]))
    0.5
    """
    return float(1 + np.count_nonzero(np.abs(placebos) >= abs(effect) * (1 - TIE))) / (1 + len(placebos))


def p_floor(count: int) -> float:
    """The smallest p that this many placebos can give."""
    return 1 / (1 + count)


def critical_size(placebos: Floats, alpha: float) -> float | None:
    """h, the k-th largest |tau_g| with k = floor(alpha (n + 1)); None where k = 0 and nothing can be rejected."""
    k = int(np.floor(alpha * (len(placebos) + 1) + TIE))
    if k == 0:
        return None
    return float(np.sort(np.abs(placebos))[-k]) if k <= len(placebos) else 0.0


def interval(effect: float, placebos: Floats, *, level: float = 0.9) -> tuple[float, float] | None:
    """All constant effects that the placebo test does not reject at 1 - level: [tau - h, tau + h].

    The same test as `rank_p`, inverted (Firpo & Possebom 2018, https://doi.org/10.1515/jci-2016-0026). None: the whole
    line, because there are too few placebos for this level.
    """
    h = critical_size(placebos, 1 - level)
    return None if h is None else (effect - h, effect + h)


def max_t(effects: Floats, placebos: Floats) -> Floats:
    """P for each outcome of a family, corrected for looking at all of them: effects[K], placebos[K, n].

    Step-free Westfall-Young max-T: every outcome is divided by the standard deviation of its placebos, and each set
    counts with its largest outcome (Westfall & Young 1993).
    """
    spread = placebos.std(axis=1)
    spread = np.where(spread > 0, spread, 1.0)
    largest = (np.abs(placebos) / spread[:, None]).max(axis=0)
    return np.array([rank_p(z, largest) for z in effects / spread])


def rmspe_ratio(path: Floats, before: int) -> Floats:
    """Root mean squared path after the start over the same before it, path[n, T]: 0 where both are 0."""
    late = np.sqrt((path[:, before:] ** 2).mean(axis=1))
    early = np.sqrt((path[:, :before] ** 2).mean(axis=1))
    small = np.finfo(np.float64).tiny
    return np.asarray(np.where(late == 0, 0.0, late / np.maximum(early, small)))


@dataclass(frozen=True, slots=True)
class ConformalSet:
    """The constant effects that a moving-block test keeps, as disjoint intervals; `says` tells odd cases in words."""

    parts: tuple[tuple[float, float], ...]
    level: float
    says: str


def moving_block_p(residuals: Floats, after: int) -> float:
    """P of the moving-block permutation test: residuals[T] under the null, the last `after` of them after the start.

    The statistic is the mean size of the last `after` residuals over all T cyclic shifts (Chernozhukov, Wuthrich & Zhu
    2021, https://arxiv.org/abs/1712.09089).
    """
    size = np.abs(residuals)
    doubled = np.concatenate([size, size])
    sums = np.convolve(doubled, np.ones(after), mode="valid")[: len(size)]
    own = sums[len(size) - after]
    return float(np.count_nonzero(sums >= own * (1 - TIE))) / len(size)


def conformal_set(refit: Callable[[float], Floats], grid: Sequence[float], *, after: int, level: float) -> ConformalSet:
    """The effects on `grid` that the moving-block test keeps, `refit(d)` giving the residuals[T] with d taken off.

    The set may be empty (every constant effect is rejected) or in pieces: both mean that the effect is not constant.
    """
    kept = [moving_block_p(refit(value), after) > 1 - level for value in grid]
    parts: list[tuple[float, float]] = []
    for k, (value, keep) in enumerate(zip(grid, kept, strict=True)):
        if keep and k and kept[k - 1]:
            parts[-1] = (parts[-1][0], value)
        elif keep:
            parts.append((value, value))
    if not parts:
        says = "empty: every constant effect on the grid is rejected, so the effect is not constant over time"
    elif len(parts) > 1:
        says = f"{len(parts)} separate pieces: the effect is not constant over time"
    elif kept[0] or kept[-1]:
        says = "reaches the end of the grid: the bound lies beyond it"
    else:
        says = "one interval"
    return ConformalSet(tuple(parts), level, says)
