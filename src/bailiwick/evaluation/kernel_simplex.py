"""Which weights on the simplex fit best, and what effect follows, for thousands of fits in one call?

Arrays in, arrays out, no randomness. The plain twin is `bailiwick.evaluation.simplex` (one scipy NNLS per problem).
Every weight problem is written as the point of smallest norm in the convex hull of the columns of `rows` (column j is
donor j minus the target), plus a ridge: the active set starts at the best vertex, takes in the column with the lowest
gradient, solves the equality problem by Cholesky, and steps back to the border when a weight would turn negative
(Lawson & Hanson 1974, chapter 23; Wolfe 1976, https://doi.org/10.1007/BF01580381).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-13
FLOOR = 1e-300
SMALL = 256


class Data(NamedTuple):
    """The window: y[N, T] with `before` columns before the start, and what every fit on it shares.

    `pre[before, N]` each series before the start (less its own mean where the estimator asks), `contrast[N, before]`
    each value before the start less the unit's mean after it, `steps[N, 2]` sum and sum of squares of the first
    differences less `drift`, `pool` the positions of the donors.
    """

    y: Floats
    pre: Floats
    contrast: Floats
    steps: Floats
    drift: float
    pool: Ints
    before: int


class Sets(NamedTuple):
    """The fits asked for: positions of the treated and of the excluded donors, one row a fit, padded with -1."""

    treated: Ints
    excluded: Ints


class Rules(NamedTuple):
    """The estimator as switches: fitted units, noise ridge, time weights (0 none, 1 equal, 2 fitted), noise."""

    unit_fit: int
    noise_ridge: int
    time_fit: int
    demean_noise: int


@njit(cache=True, nogil=True)
def _append(factor: Floats, cross: Floats, count: int, shift: float) -> None:
    """Row `count` of the Cholesky factor from the cross products of the entering column."""
    for a in range(count):
        total = cross[count, a] + shift
        for b in range(a):
            total -= factor[a, b] * factor[count, b]
        factor[count, a] = total / factor[a, a]
    total = cross[count, count] + shift
    least = 1e-14 * total
    for b in range(count):
        total -= factor[count, b] * factor[count, b]
    factor[count, count] = np.sqrt(max(total, least))


@njit(cache=True, nogil=True)
def _solved(factor: Floats, count: int, out: Floats) -> None:
    """The solution of L L' v = 1, divided by its sum."""
    for a in range(count):
        total = 1.0
        for b in range(a):
            total -= factor[a, b] * out[b]
        out[a] = total / factor[a, a]
    for a in range(count - 1, -1, -1):
        total = out[a]
        for b in range(a + 1, count):
            total -= factor[b, a] * out[b]
        out[a] = total / factor[a, a]
    total = 0.0
    for a in range(count):
        total += out[a]
    for a in range(count):
        out[a] /= total


@njit(cache=True, nogil=True)
def _gradient(rows: Floats, ridge: float, active: Ints, count: int, weight: Floats, out: Floats) -> float:
    """Half the gradient at the current weights; returns the value of the objective there."""
    equations, columns = rows.shape
    for j in range(columns):
        out[j] = 0.0
    for k in range(equations):
        fit = 0.0
        for a in range(count):
            fit += rows[k, active[a]] * weight[a]
        for j in range(columns):
            out[j] += fit * rows[k, j]
    value = 0.0
    for a in range(count):
        out[active[a]] += ridge * weight[a]
        value += weight[a] * out[active[a]]
    return value


@njit(cache=True, nogil=True)
def _enter(rows: Floats, ridge: float, active: Ints, count: int, cross: Floats) -> None:
    """Cross products of the last active column with all active ones."""
    j = active[count - 1]
    for a in range(count):
        cross[count - 1, a] = 0.0
    for k in range(rows.shape[0]):
        right = rows[k, j]
        for a in range(count):
            cross[count - 1, a] += rows[k, active[a]] * right
    cross[count - 1, count - 1] += ridge


@njit(cache=True, nogil=True)
def _dropped(active: Ints, weight: Floats, target: Floats, cross: Floats, count: int, position: int) -> int:
    """The number of active columns after the one at `position` has left."""
    for a in range(position, count - 1):
        active[a] = active[a + 1]
        weight[a] = weight[a + 1]
        target[a] = target[a + 1]
        for b in range(count):
            cross[a, b] = cross[a + 1, b]
    for b in range(position, count - 1):
        for a in range(count - 1):
            cross[a, b] = cross[a, b + 1]
    return count - 1


@njit(cache=True, nogil=True)
def _grown(matrix: Floats, size: int) -> Floats:
    out = np.zeros((size, size))
    n = min(matrix.shape[0], size)
    out[:n, :n] = matrix[:n, :n]
    return out


@njit(cache=True, nogil=True)
def _largest(rows: Floats, ridge: float) -> float:
    """The largest squared column plus the ridge: the scale that gaps are judged by."""
    norms = np.zeros(rows.shape[1])
    for k in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            norms[j] += rows[k, j] * rows[k, j]
    return float(max(FLOOR, norms.max() + ridge))


@njit(cache=True, nogil=True)
def _factorise(matrix: Floats, factor: Floats, count: int) -> None:
    """The lower Cholesky factor of the leading block of `matrix`."""
    for a in range(count):
        for b in range(a + 1):
            total = matrix[a, b]
            for c in range(b):
                total -= factor[a, c] * factor[b, c]
            if a == b:
                factor[a, a] = np.sqrt(max(total, 1e-14 * matrix[a, a]))
            else:
                factor[a, b] = total / factor[b, b]


@njit(cache=True, nogil=True)
def _products(rows: Floats, ridge: float) -> Floats:
    """The lower half of rows' rows + ridge."""
    equations, columns = rows.shape
    out = np.zeros((columns, columns))
    for k in range(equations):
        for a in range(columns):
            left = rows[k, a]
            for b in range(a + 1):
                out[a, b] += left * rows[k, b]
    for a in range(columns):
        out[a, a] += ridge
    return out


@njit(cache=True, nogil=True)
def _tall(products: Floats, active: Ints, count: int, out: Floats) -> None:
    """The equality solution on the active columns (ascending) by their own products."""
    cross, factor = np.empty((count, count)), np.empty((count, count))
    for a in range(count):
        for b in range(a + 1):
            cross[a, b] = products[active[a], active[b]]
    _factorise(cross, factor, count)
    _solved(factor, count, out)


@njit(cache=True, nogil=True)
def _wide(rows: Floats, ridge: float, active: Ints, count: int, out: Floats) -> None:
    """The same by the cross products of the equations (Woodbury): more columns than equations."""
    equations = rows.shape[0]
    cross, factor = np.zeros((equations, equations)), np.zeros((equations, equations))
    right, column = np.zeros(equations), np.empty(equations)
    for a in range(count):
        for k in range(equations):
            column[k] = rows[k, active[a]]
            right[k] += column[k]
        for k in range(equations):
            left = column[k]
            for m in range(k + 1):
                cross[k, m] += left * column[m]
    for k in range(equations):
        cross[k, k] += ridge
    _factorise(cross, factor, equations)
    for a in range(equations):
        for b in range(a):
            right[a] -= factor[a, b] * right[b]
        right[a] /= factor[a, a]
    for a in range(equations - 1, -1, -1):
        for b in range(a + 1, equations):
            right[a] -= factor[b, a] * right[b]
        right[a] /= factor[a, a]
    for a in range(count):
        out[a] = 1.0
    for k in range(equations):
        for a in range(count):
            out[a] -= right[k] * rows[k, active[a]]
    total = 0.0
    for a in range(count):
        total += out[a]
    for a in range(count):
        out[a] /= total


@njit(cache=True, nogil=True)
def ridged(rows: Floats, ridge: float) -> tuple[Floats, float, float, float, int]:
    """As `smallest_norm`, for a ridge of weight: whole blocks enter and leave the active set at once.

    Block pivoting (Judice & Pires 1994, https://doi.org/10.1016/0305-0548(94)90106-6) from the full set; the last
    element of the answer is 0 when it has not settled in 40 rounds and the caller must use the single-step method.
    """
    columns = rows.shape[1]
    active = np.arange(columns)
    weight, gradient = np.zeros(columns), np.zeros(columns)
    small = columns <= SMALL
    products = _products(rows, ridge) if small else np.zeros((1, 1))
    scale = _largest(rows, ridge)
    count, gap, value = columns, 0.0, 0.0
    out = np.zeros(columns)
    for _ in range(40):
        if small:
            _tall(products, active, count, weight)
        else:
            _wide(rows, ridge, active, count, weight)
        kept = 0
        for a in range(count):
            if weight[a] > 0.0:
                active[kept], weight[kept] = active[a], weight[a]
                kept += 1
        if kept < count:
            count = kept
            continue
        value = _gradient(rows, ridge, active, count, weight, gradient)
        out[:] = 0.0
        for a in range(count):
            out[active[a]] = weight[a]
        gap, entering = 0.0, 0
        for j in range(columns):
            gap = max(gap, value - gradient[j])
            if out[j] == 0.0 and value - gradient[j] > TOLERANCE * scale:
                active[count + entering] = j
                entering += 1
        if entering == 0:
            return out, gap, value, scale, 1
        count += entering
        active[:count].sort()
    return out, gap, value, scale, 0


@njit(cache=True, nogil=True)
def smallest_norm(rows: Floats, ridge: float) -> tuple[Floats, float, float, float]:
    """Weights w[m] on the simplex minimising |rows w|^2 + ridge |w|^2, with the KKT gap, the objective and the scale.

    The gap is w'g - min g with g half the gradient: the objective is within twice the gap of its minimum.
    """
    equations, columns = rows.shape
    norms = np.zeros(columns)
    for k in range(equations):
        for j in range(columns):
            norms[j] += rows[k, j] * rows[k, j]
    first = 0
    scale = FLOOR
    for j in range(columns):
        if norms[j] < norms[first]:
            first = j
        scale = max(scale, norms[j] + ridge)
    room = min(columns, 32)
    active = np.empty(columns, np.int64)
    inside = np.zeros(columns, np.bool_)
    weight, target, gradient = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    cross, factor = np.zeros((room, room)), np.zeros((room, room))
    active[0], weight[0], inside[first] = first, 1.0, True
    count = 1
    _enter(rows, ridge, active, count, cross)
    _append(factor, cross, 0, scale)
    value = _gradient(rows, ridge, active, count, weight, gradient)
    gap = 0.0
    for _ in range(10 * columns + 50):
        best, lowest = -1, value
        gap = 0.0
        for j in range(columns):
            gap = max(gap, value - gradient[j])
            if not inside[j] and gradient[j] < lowest:
                best, lowest = j, gradient[j]
        if best < 0 or gap <= TOLERANCE * scale:
            break
        if count == room:
            room = min(columns, 2 * room)
            cross, factor = _grown(cross, room), _grown(factor, room)
        active[count], weight[count], inside[best] = best, 0.0, True
        count += 1
        _enter(rows, ridge, active, count, cross)
        _append(factor, cross, count - 1, scale)
        while True:
            _solved(factor, count, target)
            step, leaving = 1.0, -1
            for a in range(count):
                if target[a] <= 0.0:
                    size = weight[a] / (weight[a] - target[a]) if weight[a] > target[a] else 0.0
                    if leaving < 0 or size < step:
                        step, leaving = size, a
            for a in range(count):
                weight[a] += step * (target[a] - weight[a])
            if leaving < 0:
                break
            inside[active[leaving]] = False
            count = _dropped(active, weight, target, cross, count, leaving)
            for a in range(leaving, count):
                _append(factor, cross, a, scale)
        before = value
        value = _gradient(rows, ridge, active, count, weight, gradient)
        if value >= before:
            break
    out = np.zeros(columns)
    total = 0.0
    for a in range(count):
        total += weight[a]
    for a in range(count):
        out[active[a]] = weight[a] / total
    return out, gap, value, scale


@njit(cache=True, nogil=True)
def solved(rows: Floats, ridge: float) -> tuple[Floats, float, float, float]:
    """Weights, KKT gap, objective and scale by the faster method that fits: in blocks where the ridge has weight."""
    trace = 0.0
    for k in range(rows.shape[0]):
        for j in range(rows.shape[1]):
            trace += rows[k, j] * rows[k, j]
    if ridge > 1e-4 * trace / rows.shape[1]:
        out, gap, value, scale, settled = ridged(rows, ridge)
        if settled:
            return out, gap, value, scale
    return smallest_norm(rows, ridge)


@njit(cache=True, nogil=True)
def _noise(data: Data, donors: Ints, demean: int) -> float:
    """Standard deviation (ddof 1) of the pooled first differences of the donors before the start."""
    n = donors.size * (data.before - 1)
    total, mean = 0.0, 0.0
    for i in donors:
        mean += data.steps[i, 0] / n
        total += data.steps[i, 1]
    total -= n * mean * mean
    if demean:
        for t in range(1, data.before):
            shift = 0.0
            for i in donors:
                shift += (data.y[i, t] - data.y[i, t - 1] - data.drift) / donors.size
            total -= donors.size * (shift - mean) * (shift - mean)
    return float(np.sqrt(max(total, 0.0) / (n - 1)))


@njit(cache=True, nogil=True)
def _unit_rows(data: Data, treated: Ints, donors: Ints) -> Floats:
    """rows[before, donors]: donor minus treated mean before the start."""
    size = donors.size
    rows = np.empty((data.before, size))
    for t in range(data.before):
        mean = 0.0
        for i in treated:
            mean += data.pre[t, i] / treated.size
        for a in range(size):
            rows[t, a] = data.pre[t, donors[a]] - mean
    return rows


@njit(cache=True, nogil=True)
def _time_rows(data: Data, donors: Ints) -> Floats:
    """rows[donors, before]: value minus mean after the start, each period less its mean over the donors."""
    before, size = data.before, donors.size
    rows = np.empty((size, before))
    shift = np.zeros(before)
    for a in range(size):
        for t in range(before):
            rows[a, t] = data.contrast[donors[a], t]
            shift[t] += rows[a, t] / size
    for a in range(size):
        for t in range(before):
            rows[a, t] -= shift[t]
    return rows


@njit(cache=True, nogil=True)
def fitted(
    data: Data, treated: Ints, donors: Ints, rules: Rules
) -> tuple[Floats, Floats, Floats, tuple[float, float, float, int]]:
    """One fit: unit weights, time weights, path less its level before, and (noise, KKT gap, RMSPE, doubtful)."""
    before, periods = data.before, data.y.shape[1]
    noise = _noise(data, donors, rules.demean_noise)
    unit = np.full(donors.size, 1.0 / donors.size)
    kkt, doubtful = 0.0, 0
    if rules.unit_fit:
        if rules.noise_ridge:
            ridge = np.sqrt(treated.size * (periods - before)) * noise * noise * before
        else:
            ridge = 1e-12 * noise * noise * before if before < donors.size else 0.0
        unit, gap, value, scale = solved(_unit_rows(data, treated, donors), ridge)
        kkt = gap / scale
        if value < 1e-9 * scale:
            doubtful = 1
    path = np.zeros(periods)
    for i in treated:
        for t in range(periods):
            path[t] += data.y[i, t] / treated.size
    for a in range(donors.size):
        if unit[a] != 0.0:
            for t in range(periods):
                path[t] -= unit[a] * data.y[donors[a], t]
    time = np.zeros(before)
    if rules.time_fit == 1:
        time[:] = 1.0 / before
    elif rules.time_fit == 2:
        time, gap, value, scale = smallest_norm(_time_rows(data, donors), 1e-12 * noise * noise * donors.size)
        kkt = max(kkt, gap / scale)
        if value < 1e-9 * scale:
            doubtful = 1
    level = 0.0
    for t in range(before):
        level += time[t] * path[t]
    rmspe = 0.0
    for t in range(before):
        rmspe += (path[t] - level) ** 2 / before
    for t in range(periods):
        path[t] -= level
    return unit, time, path, (noise, kkt, np.sqrt(rmspe), doubtful)


@njit(cache=True, nogil=True)
def batch(data: Data, sets: Sets, rules: Rules, first: int, last: int) -> tuple[Floats, Floats]:
    """Paths [n, T] and statistics [n, 4] (noise, KKT gap, pre-period RMSPE, doubtful) of the fits `first` to `last`."""
    count = last - first
    paths = np.empty((count, data.y.shape[1]))
    facts = np.empty((count, 4))
    out = np.zeros(data.y.shape[0], np.bool_)
    for job in range(count):
        members = sets.treated[first + job]
        treated = members[members >= 0]
        gone = sets.excluded[first + job]
        for i in gone:
            if i >= 0:
                out[i] = True
        donors = data.pool[~out[data.pool]]
        for i in gone:
            if i >= 0:
                out[i] = False
        _, _, path, fact = fitted(data, treated, donors, rules)
        paths[job] = path
        facts[job, 0], facts[job, 1], facts[job, 2], facts[job, 3] = fact
    return paths, facts
