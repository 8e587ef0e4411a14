"""What shares of time does each set of busy units have, and who answers whom?

Sets of busy units are numbers whose bit u says that unit u is busy. Arrays in, arrays out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


@njit(**COMPILED)
def inflow(order: Bytes, rate: Floats, units: int) -> Floats:
    """Rates [2^N, N] at which calls make unit u busy, read at the state in which it is busy already.

    `order` [J, N] is each atom's order of preference, `rate` [J].
    """
    states = 1 << units
    flow = np.zeros((states, units))
    for state in range(states - 1):
        for j in range(rate.size):
            k = 0
            while (state >> np.int64(order[j, k])) & 1:
                k += 1
            u = np.int64(order[j, k])
            flow[state | (1 << u), u] += rate[j]
    return flow


@njit(**COMPILED)
def busy_units(units: int) -> Ints:
    """How many units are busy in each state [2^N]."""
    size = np.zeros(1 << units, np.int64)
    for state in range(1, 1 << units):
        size[state] = size[state >> 1] + (state & 1)
    return size


@njit(**COMPILED)
def settle(flow: Floats, layer: Floats, total_rate: float, service: float, limits: Floats) -> tuple[Floats, int, float]:
    """Share of time of each state [2^N], the sweeps used and the last relative change.

    One Gauss-Seidel sweep in the order of the numbers, then every layer of equally many busy units is rescaled to its
    known share `layer` [N + 1]. `limits`: relative change to stop at, most sweeps.
    """
    states, units = flow.shape
    size = busy_units(units)
    number = np.zeros(units + 1)
    for state in range(states):
        number[size[state]] += 1
    p = np.empty(states)
    for state in range(states):
        p[state] = layer[size[state]] / number[size[state]]
    total = np.zeros(units + 1)
    change, sweeps = np.inf, 0
    while change > limits[0] and sweeps < limits[1]:
        sweeps += 1
        total[:] = 0.0
        change = 0.0
        for state in range(states):
            gain, loss = 0.0, size[state] * service
            if size[state] < units:
                loss += total_rate
            for u in range(units):
                bit = 1 << u
                if state & bit:
                    gain += p[state ^ bit] * flow[state, u]
                else:
                    gain += p[state | bit] * service
            new = gain / loss
            change = max(change, abs(new - p[state]) / new)
            p[state] = new
            total[size[state]] += new
        for state in range(states):
            p[state] *= layer[size[state]] / total[size[state]]
    return p, sweeps, change


@njit(**COMPILED)
def dispatch_shares(p: Floats, order: Bytes) -> Floats:
    """Share of each atom's calls that find a free unit and are answered by unit u [J, N]."""
    atoms, units = order.shape
    share = np.zeros((atoms, units))
    for state in range((1 << units) - 1):
        for j in range(atoms):
            k = 0
            while (state >> np.int64(order[j, k])) & 1:
                k += 1
            share[j, order[j, k]] += p[state]
    return share


@njit(**COMPILED)
def workloads(p: Floats, units: int) -> Floats:
    """Share of time that each unit is busy [N], waiting calls aside."""
    busy = np.zeros(units)
    for state in range(p.size):
        for u in range(units):
            if (state >> u) & 1:
                busy[u] += p[state]
    return busy


@njit(**COMPILED)
def approximate(
    order: Ints, rate: Floats, correction: Floats, known: Floats, limits: Floats
) -> tuple[Floats, Floats, int]:
    """Workloads [N], dispatch shares [J, N] and iterations of the approximation.

    `known`: service rate, share served at once, load that must be carried, share of time all are busy; `limits`: change
    to stop at, most iterations, damping (1: none), 1 to normalise each atom's shares, highest workload.
    """
    atoms, units = order.shape
    service, at_once, carried, full = known[0], known[1], known[2], known[3]
    rho = np.full(units, min(carried / units, limits[4]))
    share = np.zeros((atoms, units))
    load = np.zeros(units)
    total_load = rate.sum() / service
    change, rounds = np.inf, 0
    while change > limits[0] and rounds < limits[1]:
        rounds += 1
        load[:] = 0.0
        for j in range(atoms):
            ahead, sum_of_shares = 1.0, 0.0
            for k in range(units):
                u = order[j, k]
                share[j, u] = correction[k] * ahead * (1.0 - rho[u])
                sum_of_shares += share[j, u]
                ahead *= rho[u]
            scale = at_once / sum_of_shares if limits[3] == 1 else 1.0
            for u in range(units):
                share[j, u] *= scale
                load[u] += rate[j] / service * share[j, u] / (1.0 - rho[u])
        change, total = 0.0, 0.0
        for u in range(units):
            load[u] = (load[u] + total_load * full / units) / (1.0 + load[u])
            total += load[u]
        for u in range(units):
            new = min(limits[4], load[u] * carried / total)
            new = rho[u] + limits[2] * (new - rho[u])
            change = max(change, abs(new - rho[u]))
            rho[u] = new
    return rho, share, rounds
