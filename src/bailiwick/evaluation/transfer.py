"""Do the pilots forecast what will happen in the next place?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from bailiwick.errors import MethodError


@dataclass(frozen=True, slots=True)
class Forecast:
    """The effect to expect in a place not yet treated, with a prediction interval.

    `between`: estimated variance of true effects between pilots; `mean_error`: standard error of their mean.
    """

    mean: float
    low: float
    high: float
    level: float
    between: float
    mean_error: float
    pilots: int
    forecasts: bool
    sentence: str


def forecast(
    effects: Sequence[float], errors: Sequence[float], *, place: str, level: float = 0.9,
    between_at_least: float = 0.0,
) -> Forecast:
    """The prediction interval for a new place from the effects of k pilots and their standard errors.

    Random effects: between-pilot variance by DerSimonian & Laird 1986 (https://doi.org/10.1016/0197-2456(86)90046-2),
    interval mean +- t_{k-1} sqrt(tau^2 + se^2) as in Higgins, Thompson & Spiegelhalter 2009
    (https://doi.org/10.1111/j.1467-985X.2008.00552.x), with one degree of freedom more than theirs so that two pilots
    give an interval at all: a wide one, because two places hardly show how places differ. `between_at_least` is a floor
    for tau^2 from outside evidence. MethodError with one pilot: one place says nothing about how places differ.
    """
    y, s = np.asarray(effects, dtype=float), np.asarray(errors, dtype=float)
    if len(y) != len(s) or (s <= 0).any():
        raise MethodError("each effect needs a standard error above zero")
    if len(y) < 2:
        raise MethodError("one pilot cannot say how places differ: at least two are needed for a forecast")
    w = 1 / s**2
    fixed = float((w * y).sum() / w.sum())
    q = float((w * (y - fixed) ** 2).sum())
    scale = float(w.sum() - (w**2).sum() / w.sum())
    between = max(0.0, (q - (len(y) - 1)) / scale, between_at_least)
    v = 1 / (s**2 + between)
    mean, mean_error = float((v * y).sum() / v.sum()), math.sqrt(1 / float(v.sum()))
    reach = float(stats.t.ppf(0.5 + level / 2, len(y) - 1)) * math.sqrt(between + mean_error**2)
    low, high = mean - reach, mean + reach
    one_sign = low > 0 or high < 0
    said = f"the pilots do not forecast {place}"
    if one_sign:
        said = f"the pilots forecast {'a rise' if low > 0 else 'a fall'} in {place}"
    return Forecast(mean, low, high, level, between, mean_error, len(y), one_sign, said)
