"""Who answers whom when units back each other up, without simulating?

Larson's hypercube queueing model (Computers and Operations Research 1 (1974) 67-95; Larson and Odoni, Urban Operations
Research, chapter 5): Poisson calls from J atoms, each with an order of preference over N units, exponential service at
one rate. Exact up to 20 units, as a check on the simulator; approximate beyond, to rank many candidates and never to be
printed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bailiwick.errors import MethodError
from bailiwick.response import kernel_hypercube as kernel
from bailiwick.response.queues import state_shares
from bailiwick.response.town import Floats, Ints

MOST_UNITS = 20
TRUSTED_ROUNDS = 200
TRUSTED_LOAD = 0.95
MOST_LOAD = 0.9999


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """The steady state: `states` [2^N] share of time of each set of busy units (bit u: unit u), nobody waiting.

    `waiting` share of time with calls waiting; `workload` [N] share of time each unit works, waiting calls included;
    `dispatch` [J, N] share of each atom's calls that unit u answers; `lost` share lost; `sweeps` used.
    """

    states: Floats
    waiting: float
    workload: Floats
    dispatch: Floats
    lost: float
    sweeps: int


@dataclass(frozen=True, slots=True, eq=False)
class Approximate:
    """`workload` [N], `dispatch` [J, N] and `rounds`; `untrusted` says why the figures may not be used, or is empty."""

    workload: Floats
    dispatch: Floats
    rounds: int
    untrusted: str


def _prepared(order: Ints, rate: Floats, service: float) -> tuple[Ints, Floats, int, float]:
    order = np.ascontiguousarray(order, np.int64)
    rate = np.ascontiguousarray(rate, float)
    if order.ndim != 2 or len(order) != len(rate):
        raise ValueError(f"order {order.shape} must have one row for each of {len(rate)} rates")
    if not (np.sort(order, axis=1) == np.arange(order.shape[1])).all():
        raise ValueError("each row of order must name every unit once")
    if not np.isfinite(rate).all() or (rate < 0).any() or rate.sum() <= 0 or not service > 0:
        raise ValueError("rates must be 0 or more with a positive sum, and service above 0")
    return order, rate, order.shape[1], float(rate.sum())


def exact(
    order: Ints, rate: Floats, *, service: float = 1.0, queue: bool = True, tolerance: float = 1e-12, sweeps: int = 5000
) -> Exact:
    """The exact model, with an infinite line or none; MethodError above 20 units or without a steady state.

    Natural-order Gauss-Seidel with every layer of equally many busy units rescaled to its M/M/N share, after Hua, Luo,
    Swersey and Wen (INFORMS Journal on Computing, doi 10.1287/ijoc.2025.1353).
    """
    order, rate, units, total = _prepared(order, rate, service)
    if units > MOST_UNITS:
        raise MethodError(f"{units} units make 2^{units} states; the exact model stops at {MOST_UNITS}")
    shares = np.array(state_shares(units, total / service, queue=queue))
    waiting = 0.0
    if queue:
        waiting = shares[-1] * total / (units * service)
        shares[-1] -= waiting
    small = order.astype(np.uint8)
    flow = kernel.inflow(small, rate, units)
    states, used, change = kernel.settle(flow, shares, total, service, np.array([tolerance, sweeps], float))
    if not change <= tolerance:
        raise MethodError(f"no convergence: relative change {change:.1e} after {used} sweeps")
    dispatch = kernel.dispatch_shares(states, small)
    lost = 0.0 if queue else float(states[-1])
    if queue:
        dispatch += (states[-1] + waiting) / units
    return Exact(states, float(waiting), kernel.workloads(states, units) + waiting, dispatch, lost, used)


def corrections(units: int, load: float, *, queue: bool) -> Floats:
    """Larson's factors Q(0) .. Q(N - 1) for sampling servers without replacement.

    Operations Research 23 (1975) 845-868.

    >>> [round(float(q), 5) for q in corrections(3, 1.5, queue=True)]
    [1.0, 0.73684, 0.63158]
    """
    shares = state_shares(units, load, queue=queue)
    lost = 0.0 if queue else shares[-1]
    mean = load * (1 - lost) / units
    result = np.empty(units)
    k = np.arange(units)
    busy_before = np.array(shares[:units])
    for j in range(units):
        result[j] = (busy_before * (units - k)).sum() / (units - j) / (mean**j * (1 - mean))
        busy_before = busy_before * (k - j) / (units - j)
    return result


def approximate(
    order: Ints, rate: Floats, *, service: float = 1.0, queue: bool = True, damped: bool = True, rounds: int = 1000
) -> Approximate:
    """The approximation, in the damped form that converges; `damped=False` is the textbook's.

    In the damped form each atom's shares are scaled to the share of calls served at once, and half of each step is
    taken. Flagged untrusted above 200 rounds or when a unit's workload exceeds 0.95.
    """
    order, rate, units, total = _prepared(order, rate, service)
    load = total / service
    shares = state_shares(units, load, queue=queue)
    full = shares[-1] if queue else 0.0
    carried = load if queue else load * (1 - shares[-1])
    known = np.array([service, 1 - shares[-1], carried, full])
    limits = np.array([1e-7, rounds, 0.5 if damped else 1.0, 1.0 if damped else 0.0, MOST_LOAD])
    factors = corrections(units, load, queue=queue)
    workload, dispatch, used = kernel.approximate(order, rate, factors, known, limits)
    reasons = []
    if used > TRUSTED_ROUNDS:
        reasons.append(f"{used} rounds")
    if workload.max() > TRUSTED_LOAD:
        reasons.append(f"a unit is busy {workload.max():.3f} of its time")
    return Approximate(workload, dispatch + full / units, used, "; ".join(reasons))
