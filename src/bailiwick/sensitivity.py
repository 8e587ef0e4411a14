"""Which assumptions decide, and what would learning one of them settle?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bailiwick.case import Case
from bailiwick.draws import HEADLINE, Draws, number_of
from bailiwick.findings import Unknown
from bailiwick.workers import spread


def influence(draws: Draws) -> dict[str, float]:
    """Squared rank correlation of each varied assumption with the headline over the trials, in [0, 1]."""
    headline = draws.trials.headline
    if len(headline) < 3 or np.isnan(headline).any() or np.ptp(headline) == 0:
        return {}
    ranked = _ranks(headline)
    return {name: float(np.corrcoef(_ranks(values), ranked)[0, 1] ** 2)
            for name, values in zip(draws.trials.names, draws.trials.values.T, strict=True) if np.ptp(values) > 0}


def _settings(draws: Draws) -> dict[str, NDArray[np.float64]]:
    sets = [draws.case.draw(k).changed for k in draws.ks]
    return {name: np.array([s[name] for s in sets]) for name in draws.case.varied()}


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def separating(draws: Draws, passes: NDArray[np.bool_], most: int = 3) -> tuple[str, ...]:
    """The assumptions that best separate the accepted sets that pass from those that fail, the best first.

    By the largest distance between the two distributions (regional sensitivity; Spear and Hornberger 1980), where it
    is beyond what chance gives to any of so many assumptions at 5% (Smirnov, shared evenly); none where all sets
    agree.
    """
    n, m = int(passes.sum()), int((~passes).sum())
    if n == 0 or m == 0:
        return ()
    apart = {name: _distance(values[passes], values[~passes]) for name, values in _settings(draws).items()}
    bound = (-0.5 * np.log(0.025 / max(1, len(apart))) * (n + m) / (n * m)) ** 0.5
    ordered = sorted(apart, key=lambda name: (-apart[name], name))
    return tuple(name for name in ordered[:most] if apart[name] >= bound)


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    grid = np.concatenate([a, b])
    shares = [np.searchsorted(np.sort(x), grid, side="right") / len(x) for x in (a, b)]
    return float(np.abs(shares[0] - shares[1]).max())


def impact(influence: float) -> str:
    """The rating of an assumption by what it moves: red above 0.2 of the variance of ranks, amber from 0.05."""
    if influence > 0.2:
        return "red"
    return "amber" if influence >= 0.05 else "green"


def unknowns(
    case: Case, draws: Draws, passes: NDArray[np.bool_], pool: Executor | None = None
) -> tuple[Unknown, ...]:
    """Every guess that is a fact, the most influential first, with the value that would turn the headline's sign.

    `passes` [S] says in which accepted sets the verdict's rule is met: what learning the guess would settle.
    """
    moved = influence(draws)
    settings = _settings(draws)
    names = [n for n, a in case.assumptions.items() if a.kind == "guess" and a.control == "fact"]
    ordered = sorted(names, key=lambda n: (-moved.get(n, 0.0), n))
    batches = [ordered[i:i + 10] for i in range(0, len(ordered), 10)]
    turned = [value for part in spread(pool, partial(_breaks_even, case), batches) for value in part]
    found = []
    for name, turns in zip(ordered, turned, strict=True):
        a = case.assumptions[name]
        settles = settled(settings[name], passes) if name in settings and len(passes) else 0.0
        found.append(Unknown(name, a.title, a.why, a.holder, a.unit, case.value(name), a.low, a.high, turns, settles))
    return tuple(found)


def settled(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The share of accepted sets whose sign would be settled by learning one assumption to a fifth of its range.

    A fifth settles the sign when at least 90% of its sets agree; what is settled without learning does not count.
    """
    overall = max(positive.mean(), 1 - positive.mean())
    if overall >= 0.9 or np.ptp(values) == 0:
        return 0.0
    fifths = np.array_split(np.argsort(values, kind="stable"), 5)
    sure = sum(len(f) for f in fifths if len(f) and max(positive[f].mean(), 1 - positive[f].mean()) >= 0.9)
    return float(sure / len(values))


def _breaks_even(case: Case, names: Sequence[str]) -> list[float | None]:
    """For each assumption, the value at which the headline is zero, all else at its central value."""
    return [switching(partial(_headline, case, name), case.assumptions[name].low, case.assumptions[name].high)
            for name in names]


def switching(headline: Callable[[float], float | None], low: float, high: float) -> float | None:
    """The value between `low` and `high` at which a function turns its sign, by bisection; None where it does not.

    Green Book (HM Treasury): a switching value.
    """
    at_low, at_high = headline(low), headline(high)
    if at_low is None or at_high is None or at_low * at_high > 0 or at_low == at_high:
        return None
    for _ in range(40):
        middle = (low + high) / 2
        value = headline(middle)
        if value is None:
            return None
        if at_low * value <= 0:
            high = middle
        else:
            low, at_low = middle, value
    return (low + high) / 2


def _headline(case: Case, name: str, value: float) -> float | None:
    return number_of(case.assume(name, value), HEADLINE)
