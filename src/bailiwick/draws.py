"""Which sets of assumptions reproduce what was published, and what is found in each?

Accepted sets (history matching, Craig et al. 1997): a Latin hypercube over the declared ranges, kept where the
published figures are reproduced within their stated discrepancy.  Ranges hold 90% of the accepted sets; they are not
probabilities of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bailiwick import appraisal
from bailiwick.appraisal import Judgement
from bailiwick.case import Case
from bailiwick.findings import Estimate, Measure, Number, Unavailable
from bailiwick.workers import spread

LEVEL = 0.9
_STAND_IN = 8
BANDED = ("cash_by_year",)
"""Tables whose numeric cells carry a range as findings do."""

Progress = Callable[[int, int], None]


HEADLINE = "finance.saving_from_merging/proposed/scheme"
"""The number whose sign each unknown is asked to turn: what merging itself saves a year."""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """The sets that fit the published money: `names` [P] and `values` [T, P] of what varies, the `headline` [T].

    More sets fit the money than fit response too, so what moves money is learnt from these.  `calibrated` is False
    where none fits response too: then the first few of these stand in, assumed, not calibrated.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    headline: NDArray[np.float64]
    calibrated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """The accepted sets of a case and what was found in each: ks[S], judgements[S]; and the trials behind them."""

    case: Case
    tried: int
    ks: tuple[int, ...]
    judgements: tuple[Judgement, ...]
    trials: Trials

    def column(self, id: str) -> list[Number]:
        """One number for each accepted set."""
        return [judgement.values[id] for judgement in self.judgements]

    def numbers(self, id: str) -> NDArray[np.float64] | None:
        """The same as an array, or None where a set has no number."""
        found = [judgement.values.get(id) for judgement in self.judgements]
        if not found or any(value is None or isinstance(value, Unavailable) for value in found):
            return None
        return np.array(found, dtype=np.float64)


def accepted(case: Case, pool: Executor | None = None) -> tuple[Case, Trials]:
    """The case with its accepted sets, those that reproduce the published figures of role `fit`, and the trials."""
    batches = [range(i, min(i + 20, case.draws)) for i in range(0, case.draws, 20)]
    found = [trial for part in spread(pool, partial(_tried, case), batches) for trial in part]
    names = case.varied()
    kept = tuple(k for k, _, _, fitting in found if fitting)
    trials = Trials(names, np.array([values for _, values, _, _ in found]).reshape(len(found), len(names)),
                    np.array([headline for _, _, headline, _ in found]), bool(kept))
    return replace(case, accepted=kept or tuple(k for k, _, _, _ in found[:_STAND_IN])), trials


def _tried(case: Case, ks: Sequence[int]) -> list[tuple[int, list[float], float, bool]]:
    """Of each set that fits the published money: its number, its values, its headline, whether it fits response too."""
    names = case.varied()
    found = []
    for k in ks:
        tried = case.sample(k)
        if all(fit.agrees for fit in appraisal.money_fits(tried)):
            fitting = all(fit.agrees for fit in appraisal.response_fits(tried))
            headline = number_of(tried, HEADLINE)
            found.append((k, [tried.changed[name] for name in names],
                          float("nan") if headline is None else headline, fitting))
    return found


def number_of(case: Case, id: str) -> float | None:
    """One number of the whole scheme for one case or draw, by finding id, without judging anything else."""
    name, option, subject = id.split("/")
    measure = appraisal.measure_named(name)
    if measure is None:
        return None
    number = measure.compute(case, case.scheme.option(option))[subject]  # type: ignore[arg-type]
    return None if isinstance(number, Unavailable) else number


def drawn(case: Case, pool: Executor | None = None, progress: Progress | None = None) -> Draws:
    """Every accepted set judged, by as many processors as there are, always in the same order."""
    matched, trials = accepted(case, pool)
    ks = tuple(range(len(matched.accepted)))
    batches = [ks[i:i + 10] for i in range(0, len(ks), 10)]
    found: list[Judgement] = []
    for part in spread(pool, partial(_judged, matched), batches):
        found.extend(part)
        if progress:
            progress(len(found), len(ks))
    return Draws(matched, case.draws, ks, tuple(found), trials)


def _judged(case: Case, ks: Sequence[int]) -> list[Judgement]:
    return [appraisal.judge(case.draw(k), tables=BANDED) for k in ks]


def estimate(value: Number, sets: Sequence[Number], measure: Measure) -> Estimate | Unavailable:
    """A value with the range that holds 90% of the accepted sets, widened to hold the value itself."""
    if isinstance(value, Unavailable):
        return value
    low, high = central_range([s for s in sets if not isinstance(s, Unavailable)] or [value])
    return Estimate(value, min(low, value), max(high, value), LEVEL, measure.basis)


def central_range(values: Sequence[float]) -> tuple[float, float]:
    """The range that leaves out the lowest and the highest twentieth of some values."""
    low, high = np.quantile(np.asarray(values, dtype=np.float64), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
