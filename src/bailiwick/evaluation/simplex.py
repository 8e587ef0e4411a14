"""Which non-negative weights that add up to one bring the donors closest to the treated unit?

The plain twin of `kernel_simplex`: exact, by one non-negative least squares problem and a division.
"""

from __future__ import annotations

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def simplex_least_squares(donors: Floats, target: Floats, *, ridge: float = 0.0) -> Floats:
    """Weights w[n] on the simplex that minimise |donors w - target|^2 + ridge |w|^2, donors[m, n], target[m].

    On the simplex donors w - target = (donors - target 1') w = H w. Writing w = s v with v on the simplex, the plain
    problem min |H x|^2 + ridge |x|^2 + (1'x - 1)^2 over x >= 0 has the value s^2 q(v) + (s - 1)^2, smallest at
    q / (1 + q), which grows with q: so its solution divided by its sum is exact, with no penalty to tune.

    >>> simplex_least_squares(np.array([[0.0, 2.0]]), np.array([0.5])).round(6).tolist()
    [0.75, 0.25]
    """
    return smallest_norm(donors - target[:, None], ridge=ridge)


def smallest_norm(rows: Floats, *, ridge: float = 0.0) -> Floats:
    """Weights on the simplex that minimise |rows w|^2 + ridge |w|^2 by `scipy.optimize.nnls` (Lawson & Hanson 1974)."""
    count = rows.shape[1]
    size = float(np.linalg.norm(rows)) / np.sqrt(count) or 1.0
    blocks = [rows / size]
    if ridge > 0:
        blocks.append(np.sqrt(ridge) / size * np.eye(count))
    system = np.vstack([*blocks, np.ones((1, count))])
    right = np.zeros(len(system))
    right[-1] = 1.0
    weights, _ = scipy.optimize.nnls(system, right, maxiter=30 * count + 100)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def kkt_gap(rows: Floats, weights: Floats, *, ridge: float = 0.0) -> tuple[float, float, float]:
    """The KKT gap w'g - min g with g half the gradient, the objective, and the scale both are to be judged by.

    The objective lies within twice the gap of its minimum (convexity); the scale is the largest squared column.
    """
    gradient = rows.T @ (rows @ weights) + ridge * weights
    value = float(weights @ gradient)
    scale = max(float((rows * rows).sum(axis=0).max()) + ridge, 1e-300)
    return max(0.0, value - float(gradient.min())), value, scale
