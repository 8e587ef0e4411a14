"""What effect does each estimator find for each treated set, thousands of sets at a time?

An estimator is a `Recipe` of three choices: how donors are weighted, how periods before the start are weighted, and
whether the unit weights carry the noise ridge of synthetic difference in differences. Real fits, placebos, left-out
donors and every variant go through `run`, so they are the same computation by construction.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from bailiwick.errors import MethodError
from bailiwick.evaluation.panel import Floats, Ints
from bailiwick.evaluation.simplex import kkt_gap, smallest_norm

if TYPE_CHECKING:
    from bailiwick.evaluation.kernel_simplex import Data, Rules, Sets

Solver = Literal["auto", "active set", "nnls"]
TimeWeights = Literal["none", "equal", "fitted"]
NEAR_ZERO_RIDGE = 1e-12
DOUBTFUL = 1e-9
KERNEL_FROM = 3000
MANY_DONORS = 512
CHUNK = 256


@dataclass(frozen=True, slots=True)
class Recipe:
    """An estimator as choices.

    `fitted_units`: simplex weights on donors, else equal ones. `centred`: each series less its own mean before the
    start. `noise_ridge`: zeta^2 T0 |w|^2 with zeta = (|S| T1)^(1/4) s. `time`: weights of the periods before.
    """

    name: str
    fitted_units: bool
    centred: bool
    noise_ridge: bool
    time: TimeWeights


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The numbers of one evaluation: y[N, T], `before` columns before the start, and positions of the donor pool."""

    y: Floats
    before: int
    pool: Ints
    demean_noise: bool = False

    def __post_init__(self) -> None:
        if self.before < 2:
            raise MethodError(f"{self.before} period before the start: at least two are needed")
        if self.y.shape[1] <= self.before:
            raise MethodError("no period after the start")
        if len(self.pool) < 2:
            raise MethodError(f"{len(self.pool)} donor: at least two are needed")


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """One row a fit: path[n, T] (gap less its weighted level before the start), noise, kkt, rmspe before the start [n].

    `units` [N] and `times` [before] are the weights of the first fit only.
    """

    path: Floats
    noise: Floats
    kkt: Floats
    rmspe: Floats
    units: Floats
    times: Floats
    before: int

    @property
    def effects(self) -> Floats:
        """Mean of the path after the start, one a fit."""
        return np.asarray(self.path[:, self.before :].mean(axis=1))


def padded(sets: Sequence[Sequence[int]]) -> Ints:
    """Sets of positions as one array, short rows filled with -1."""
    width = max((len(s) for s in sets), default=0)
    out = np.full((len(sets), max(width, 1)), -1, dtype=np.int64)
    for row, members in enumerate(sets):
        out[row, : len(members)] = members
    return out


def run(
    sample: Sample, recipe: Recipe, treated: Ints, excluded: Ints, *, solver: Solver = "auto", weights: bool = True
) -> Fits:
    """The fits of these treated sets [n, k] on the pool less the excluded [n, m], rows filled up with -1.

    `auto` takes scipy's NNLS for small jobs and the compiled active set for large ones; both are exact. Fits that the
    active set leaves in doubt (a perfect fit before the start, weights not unique) are solved again by NNLS, unless
    there are so many donors that its system would not fit in memory. With `weights` false the weights of the first fit
    are left at 0.
    """
    small = len(treated) < KERNEL_FROM and len(sample.pool) <= MANY_DONORS
    if solver == "nnls" or (solver == "auto" and small):
        return _by_nnls(sample, recipe, treated, excluded)
    return _by_kernel(sample, recipe, treated, excluded, weights=weights)


def _by_nnls(sample: Sample, recipe: Recipe, treated: Ints, excluded: Ints) -> Fits:
    n = len(treated)
    path, facts = np.empty((n, sample.y.shape[1])), np.empty((n, 3))
    units, times = np.zeros(len(sample.y)), np.zeros(sample.before)
    for job in range(n):
        donors = np.setdiff1d(sample.pool, excluded[job], assume_unique=False)
        w, times_job, path[job], facts[job] = _one(sample, recipe, treated[job][treated[job] >= 0], donors)
        if job == 0:
            units[donors], times = w, times_job
    return Fits(path, facts[:, 0], facts[:, 1], facts[:, 2], units, times, sample.before)


def _one(
    sample: Sample, recipe: Recipe, treated: Ints, donors: Ints
) -> tuple[Floats, Floats, Floats, tuple[float, float, float]]:
    """Unit weights, time weights, path, and (noise, KKT gap, RMSPE before) of one fit."""
    before, after = sample.before, sample.y.shape[1] - sample.before
    others = sample.y[donors]
    noise = _noise(others[:, :before], sample.demean_noise)
    target = sample.y[treated].mean(axis=0)
    kkt = 0.0
    units = np.full(len(donors), 1 / len(donors))
    if recipe.fitted_units:
        rows = (others[:, :before] - target[:before]).T
        rows = rows - rows.mean(axis=0) if recipe.centred else rows
        if recipe.noise_ridge:
            ridge = np.sqrt(len(treated) * after) * noise**2 * before
        else:
            ridge = NEAR_ZERO_RIDGE * noise**2 * before if before < len(donors) else 0.0
        units = smallest_norm(rows, ridge=ridge)
        gap, _, scale = kkt_gap(rows, units, ridge=ridge)
        kkt = gap / scale
    gaps = target - units @ others
    times = np.full(before, 1 / before) if recipe.time == "equal" else np.zeros(before)
    if recipe.time == "fitted":
        rows = others[:, :before] - others[:, before:].mean(axis=1)[:, None]
        rows = rows - rows.mean(axis=0)
        ridge = NEAR_ZERO_RIDGE * noise**2 * len(donors)
        times = smallest_norm(rows, ridge=ridge)
        gap, _, scale = kkt_gap(rows, times, ridge=ridge)
        kkt = max(kkt, gap / scale)
    path = gaps - gaps[:before] @ times
    return units, times, path, (noise, kkt, float(np.sqrt((path[:before] ** 2).mean())))


def _noise(before: Floats, demean: bool) -> float:
    """Standard deviation (ddof 1) of the pooled first differences before the start."""
    steps = np.diff(before, axis=1)
    if demean:
        steps = steps - steps.mean(axis=0)
    return float(steps.std(ddof=1)) if steps.size > 1 else 0.0


def _by_kernel(sample: Sample, recipe: Recipe, treated: Ints, excluded: Ints, *, weights: bool) -> Fits:
    from bailiwick.evaluation import kernel_simplex as kernel

    data = kernel_data(sample, recipe)
    sets = kernel.Sets(np.ascontiguousarray(treated), np.ascontiguousarray(excluded))
    rules = kernel.Rules(
        int(recipe.fitted_units),
        int(recipe.noise_ridge),
        ("none", "equal", "fitted").index(recipe.time),
        int(sample.demean_noise),
    )
    path, facts = _in_threads(data, sets, rules, len(treated))
    few = len(sample.pool) <= MANY_DONORS
    for job in np.flatnonzero(facts[:, 3]) if few else ():
        donors = np.setdiff1d(sample.pool, excluded[job])
        _, _, path[job], facts[job, :3] = _one(sample, recipe, treated[job][treated[job] >= 0], donors)
    units, times = np.zeros(len(sample.y)), np.zeros(sample.before)
    if weights and few and facts[0, 3]:
        first = _by_nnls(sample, recipe, treated[:1], excluded[:1])
        units, times = first.units, first.times
    elif weights:
        donors = np.setdiff1d(sample.pool, excluded[0])
        units[donors], times, _, _ = kernel.fitted(data, treated[0][treated[0] >= 0], donors, rules)
    return Fits(path, facts[:, 0], facts[:, 1], facts[:, 2], units, times, sample.before)


def kernel_data(sample: Sample, recipe: Recipe) -> Data:
    """The sample as the kernel wants it: what every fit shares is computed once."""
    from bailiwick.evaluation import kernel_simplex as kernel

    early = sample.y[:, : sample.before]
    pre = early - early.mean(axis=1, keepdims=True) if recipe.centred else early
    steps = np.diff(early, axis=1)
    drift = float(steps[sample.pool].mean())
    steps = steps - drift
    return kernel.Data(
        np.ascontiguousarray(sample.y),
        np.ascontiguousarray(pre.T),
        np.ascontiguousarray(early - sample.y[:, sample.before :].mean(axis=1, keepdims=True)),
        np.stack([steps.sum(axis=1), (steps * steps).sum(axis=1)], axis=1),
        drift,
        np.ascontiguousarray(sample.pool, dtype=np.int64),
        sample.before,
    )


def _in_threads(data: Data, sets: Sets, rules: Rules, count: int) -> tuple[Floats, Floats]:
    """Paths and facts of all fits; threads take runs of fits, results stand by index, so order never matters."""
    from bailiwick.evaluation import kernel_simplex as kernel

    if count <= CHUNK:
        return kernel.batch(data, sets, rules, 0, count)
    edges = [*range(0, count, CHUNK), count]
    kernel.batch(data, sets, rules, 0, 1)
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        parts = list(pool.map(lambda e: kernel.batch(data, sets, rules, e, min(e + CHUNK, count)), edges[:-1]))
    return np.concatenate([p for p, _ in parts]), np.concatenate([f for _, f in parts])
