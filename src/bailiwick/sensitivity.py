"""Which assumptions decide, and what would learning one of them settle?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from bailiwick.case import Case
from bailiwick.draws import HEADLINE, Draws, number_of
from bailiwick.findings import Unknown
from bailiwick.response.groundwork import can_simulate
from bailiwick.workers import spread


def influence(draws: Draws) -> dict[str, float]:
    """Squared rank correlation of each varied assumption with the headline over the trials, in [0, 1]."""
    headline = draws.trials.headline
    if len(headline) < 3 or np.isnan(headline).any() or np.ptp(headline) == 0:
        return {}
    ranked = _ranks(headline)
    return {name: float(np.corrcoef(_ranks(values), ranked)[0, 1] ** 2)
            for name, values in zip(draws.trials.names, draws.trials.values.T, strict=True) if np.ptp(values) > 0}


def settings(draws: Draws) -> dict[str, NDArray[np.float64]]:
    """What each accepted set assumes: for each varied assumption its values over the sets [S]."""
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
    apart = {name: _distance(values[passes], values[~passes]) for name, values in settings(draws).items()}
    bound = (-0.5 * np.log(0.025 / max(1, len(apart))) * (n + m) / (n * m)) ** 0.5
    ordered = sorted(apart, key=lambda name: (-apart[name], name))
    return tuple(name for name in ordered[:most] if apart[name] >= bound)


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    grid = np.concatenate([a, b])
    shares = [np.searchsorted(np.sort(x), grid, side="right") / len(x) for x in (a, b)]
    return float(np.abs(shares[0] - shares[1]).max())


def impact(influence: float, *, turns: bool = False) -> str:
    """The rating of an assumption by what it moves: red above 0.2 of the variance of ranks, amber from 0.05.

    Red too where its range alone `turns` the headline's sign or it separates the sets that pass from those that fail.
    """
    if influence > 0.2 or turns:
        return "red"
    return "amber" if influence >= 0.05 else "green"


def unknowns(case: Case, draws: Draws, pool: Executor | None = None) -> tuple[Unknown, ...]:
    """Every guess that is a fact, the most influential first, with the value that would turn the headline's sign.

    What learning each would settle is worked out apart, once the rule of the verdict is known.
    """
    moved = influence(draws)
    names = [n for n, a in case.assumptions.items() if a.kind == "guess" and a.control == "fact" and used(case, n)]
    ordered = sorted(names, key=lambda n: (-moved.get(n, 0.0), n))
    batches = [ordered[i:i + 10] for i in range(0, len(ordered), 10)]
    turned = [value for part in spread(pool, partial(_breaks_even, case), batches) for value in part]
    found = []
    for name, turns in zip(ordered, turned, strict=True):
        a = case.assumptions[name]
        found.append(Unknown(name, a.title, a.why, a.holder, a.unit, case.value(name), a.low, a.high, turns, 0.0))
    return tuple(found)


def used(case: Case, name: str) -> bool:
    """Whether anything in the case rests on an assumption: nothing rests on those of response where none is simulated.

    Nobody should be warned of a number, or asked for it, that cannot move the answer.
    """
    return not name.startswith("response.") or can_simulate(case)


def _breaks_even(case: Case, names: Sequence[str]) -> list[float | None]:
    """For each assumption, the value at which the headline is zero, all else at its central value."""
    return [switching(partial(_headline, case, name), case.assumptions[name].low, case.assumptions[name].high)
            for name in names]


def switching(headline: Callable[[float], float | None], low: float, high: float) -> float | None:
    """The value between `low` and `high` at which a function turns its sign (Brent 1973); None where it does not.

    Green Book (HM Treasury): a switching value.
    """
    at_low, at_high = headline(low), headline(high)
    if at_low is None or at_high is None or at_low * at_high > 0 or at_low == at_high:
        return None

    def told(value: float) -> float:
        found = headline(value)
        return float("nan") if found is None else found

    try:
        found = float(brentq(told, low, high, xtol=1e-9 * max(1.0, abs(low), abs(high)), rtol=1e-10))
    except (RuntimeError, ValueError):  # a value without a number on the way
        return None
    return found if np.isfinite(found) else None


def _headline(case: Case, name: str, value: float) -> float | None:
    return number_of(case.assume(name, value), HEADLINE)
