"""What do closed formulas say about waiting, where they apply?

They certify the simulator; no published number comes from them. Rates are per unit of time, waits in that unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bailiwick.errors import MethodError


def erlang_b(servers: int, load: float) -> float:
    """The share of calls lost with that many servers and offered load, by the usual recursion.

    >>> round(erlang_b(3, 1.5), 8)
    0.13432836
    """
    if servers < 0 or load < 0:
        raise ValueError("servers and load must be 0 or more")
    lost = 1.0
    for k in range(1, servers + 1):
        lost = load * lost / (k + load * lost)
    return lost


def erlang_c(servers: int, load: float) -> float:
    """The share of calls that wait, Erlang's second formula; MethodError when the load is not below the servers.

    >>> round(erlang_c(3, 1.5), 8)
    0.23684211
    """
    if load >= servers:
        raise MethodError(f"a load of {load:g} on {servers} servers has no steady state")
    lost = erlang_b(servers, load)
    return servers * lost / (servers - load * (1 - lost))


def mean_wait(servers: int, arrivals: float, service: float) -> float:
    """Mean wait in M/M/c with arrival rate and service rate of one server.

    >>> round(mean_wait(3, 1.5, 1.0), 8)
    0.15789474
    """
    return erlang_c(servers, arrivals / service) / (servers * service - arrivals)


def state_shares(servers: int, load: float, *, queue: bool) -> tuple[float, ...]:
    """The shares of time with 0, 1, ... busy servers in M/M/c, the last one with all busy, waiting calls included."""
    weights = [1.0]
    for k in range(1, servers + 1):
        weights.append(weights[-1] * load / k)
    if queue:
        if load >= servers:
            raise MethodError(f"a load of {load:g} on {servers} servers has no steady state")
        weights[-1] *= servers / (servers - load)
    total = sum(weights)
    return tuple(w / total for w in weights)


def priority_waits(servers: int, arrivals: Sequence[float], service: float) -> tuple[float, ...]:
    """Mean wait of each grade in M/M/c without pre-emption, equal service rates, the most urgent first.

    C(c, a) / (c mu) / ((1 - s_(k-1)) (1 - s_k)), s_k the load of grades 1 to k over c: Cobham, Operations Research 2
    (1954) 70-76; Kella and Yechiali, Naval Research Logistics 32 (1985) 637-646.
    """
    wait = erlang_c(servers, sum(arrivals) / service) / (servers * service)
    return _priority(wait, [a / (servers * service) for a in arrivals])


def cobham_waits(
    arrivals: Sequence[float], mean_service: Sequence[float], mean_square_service: Sequence[float]
) -> tuple[float, ...]:
    """Mean wait of each grade in M/G/1 without pre-emption, W0 = sum of lambda E[S^2] / 2: Cobham (1954).

    >>> [round(60 * w, 6) for w in cobham_waits([6, 9], [1/20, 1/30], [1/400, 2/900])]
    [1.5, 3.75]
    """
    residual = sum(a * m for a, m in zip(arrivals, mean_square_service, strict=True)) / 2
    return _priority(residual, [a * m for a, m in zip(arrivals, mean_service, strict=True)])


def _priority(wait: float, loads: Sequence[float]) -> tuple[float, ...]:
    sums = np.concatenate([[0.0], np.cumsum(loads)])
    if sums[-1] >= 1:
        raise MethodError(f"a load of {sums[-1]:g} per server has no steady state")
    return tuple(float(wait / ((1 - before) * (1 - after))) for before, after in pairwise(sums))


def square_root_distance(area: float, free_units: float, *, manhattan: bool = False) -> float:
    """Mean distance to the nearest of so many free units at random places.

    Kolesar and Blum, Management Science 19 (1973) 1368-1378: c sqrt(A / n) with
    c = 1/2 in a straight line and sqrt(pi / 8) along a square street grid.
    """
    constant = float(np.sqrt(np.pi / 8)) if manhattan else 0.5
    return constant * float(np.sqrt(area / free_units))
