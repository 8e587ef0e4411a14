"""Have the chains seen enough for a percentage to be printed?

Rank-normalised split R-hat and bulk and tail effective sample size: Vehtari, Gelman, Simpson, Carpenter and Bürkner,
"Rank-normalization, folding, and localization: an improved R-hat for assessing convergence of MCMC", Bayesian
Analysis 16 (2021), 667-718.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from bailiwick.errors import MethodError

Draws = NDArray[np.float64]

MOST_R_HAT = 1.01
LEAST_EFFECTIVE = 400.0
LEAST_CHAINS = 4


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How far the chains agree on one measure; `passed` only when a share of it may be printed."""

    measure: str
    chains: int
    r_hat: float
    bulk: float
    tail: float

    @property
    def passed(self) -> bool:
        """Whether R-hat is at most 1.01 and both effective sizes at least 400, from at least four chains."""
        return self.chains >= LEAST_CHAINS and self.r_hat <= MOST_R_HAT and min(self.bulk, self.tail) >= LEAST_EFFECTIVE

    def told(self) -> str:
        """The numbers in one line."""
        sizes = f"effective size {self.bulk:.0f} bulk, {self.tail:.0f} tail"
        return f"{self.measure}: {self.chains} chains, R-hat {self.r_hat:.3f}, {sizes}"


def diagnosis(measure: str, draws: Draws) -> Diagnosis:
    """The diagnosis of one measure from draws of shape (chains, steps); `MethodError` below four steps a chain."""
    if draws.ndim != 2 or draws.shape[1] < 4:
        raise MethodError(f"{measure}: chains of at least four steps are needed")
    low, high = np.quantile(draws, 0.05), np.quantile(draws, 0.95)
    tail = min(effective_size((draws <= low).astype(np.float64)), effective_size((draws >= high).astype(np.float64)))
    return Diagnosis(measure, draws.shape[0], r_hat(draws), effective_size(rank_normal(draws)), tail)


def r_hat(draws: Draws) -> float:
    """The larger of the rank-normalised split R-hat of the draws and of their distances from the median."""
    folded = np.abs(draws - np.median(draws))
    return max(_split_r_hat(rank_normal(draws)), _split_r_hat(rank_normal(folded)))


def rank_normal(draws: Draws) -> Draws:
    """Draws put in place of their normal scores, (rank - 3/8) / (S + 1/4), average ranks for ties."""
    ranks = rankdata(draws, method="average").reshape(draws.shape)
    scores: Draws = ndtri((ranks - 0.375) / (draws.size + 0.25))
    return scores


def _halves(draws: Draws) -> Draws:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _split_r_hat(draws: Draws) -> float:
    split = _halves(draws)
    n = split.shape[1]
    within = float(split.var(axis=1, ddof=1).mean())
    between = n * float(split.mean(axis=1).var(ddof=1))
    if _each_constant(split):
        return 1.0 if np.ptp(split) == 0.0 else float("inf")
    return float(np.sqrt(((n - 1) / n * within + between / n) / within))


def effective_size(draws: Draws) -> float:
    """The effective sample size of split chains by Geyer's initial monotone sequence; all draws when constant."""
    split = _halves(draws)
    m, n = split.shape
    within = float(split.var(axis=1, ddof=1).mean())
    if _each_constant(split):
        return float(m * n) if np.ptp(split) == 0.0 else float(m)
    total = (n - 1) / n * within + float(split.mean(axis=1).var(ddof=1))
    rho = 1.0 - (within - _autocovariance(split) * n / (n - 1)) / total
    rho[0] = 1.0
    pairs = rho[: n - n % 2].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0.0)
    pairs = np.minimum.accumulate(pairs[: int(negative[0])] if len(negative) else pairs)
    time = max(-1.0 + 2.0 * float(pairs.sum()), 1.0 / np.log10(m * n))
    return float(m * n / time)


def _each_constant(split: Draws) -> bool:
    return bool(np.ptp(split, axis=1).max() == 0.0)


def _autocovariance(split: Draws) -> Draws:
    """Mean over chains of the autocovariance at every lag (divided by n), by Fourier transform."""
    n = split.shape[1]
    centred = split - split.mean(axis=1, keepdims=True)
    size = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(centred, size, axis=1)
    found: Draws = np.fft.irfft(np.abs(spectrum) ** 2, size, axis=1)[:, :n].mean(axis=0) / n
    return found
