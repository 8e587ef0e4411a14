"""Do the formulas give the published numbers, and does the simulator agree with them?"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.errors import MethodError
from bailiwick.response import kernel, queues
from bailiwick.response.kernel_single import Jobs, fleet_of, played


@pytest.mark.parametrize(("servers", "load", "lost", "waits", "wait"), [
    (3, 1.5, 0.13432836, 0.23684211, 0.15789474), (5, 3, 0.11005435, 0.2361516, 0.1180758),
    (10, 7, 0.07874088, 0.22173122, 0.07391041), (20, 15, 0.04559322, 0.16042939, 0.03208588),
])
def test_erlang(servers, load, lost, waits, wait):
    assert queues.erlang_b(servers, load) == pytest.approx(lost, abs=5e-9)
    assert queues.erlang_c(servers, load) == pytest.approx(waits, abs=5e-8)
    assert queues.mean_wait(servers, load, 1.0) == pytest.approx(wait, abs=5e-8)


def test_cobham():
    one, two = (60 * w for w in queues.cobham_waits([6, 9], [1 / 20, 1 / 30], [1 / 400, 2 / 900]))
    assert (one, two) == pytest.approx((1.5, 3.75))
    assert (6 * one + 9 * two) / 15 == pytest.approx(2.85)
    together = queues.cobham_waits([15], [(6 / 20 + 9 / 30) / 15], [(6 / 400 + 9 * 2 / 900) / 15])
    assert 60 * together[0] == pytest.approx(2.625)


def test_priorities_in_many_servers():
    assert queues.priority_waits(3, [0.5, 0.75], 0.5) == pytest.approx((0.702247, 4.213483), abs=5e-7)
    assert queues.priority_waits(5, [1, 1.5, 1], 1) == pytest.approx((0.094460, 0.188919, 0.503784), abs=5e-7)


def test_the_shares_of_time_add_to_one_and_end_in_erlang():
    lost, waiting = queues.state_shares(4, 2.5, queue=False), queues.state_shares(4, 2.5, queue=True)
    assert sum(lost) == pytest.approx(1)
    assert lost[-1] == pytest.approx(queues.erlang_b(4, 2.5))
    assert waiting[-1] == pytest.approx(queues.erlang_c(4, 2.5))


@pytest.mark.parametrize("call", [
    lambda: queues.erlang_c(3, 3.0), lambda: queues.priority_waits(2, [1, 1], 1.0),
    lambda: queues.cobham_waits([1], [1], [2]), lambda: queues.state_shares(2, 2.0, queue=True),
])
def test_a_load_without_steady_state_is_refused(call):
    with pytest.raises(MethodError, match="no steady state"):
        call()


def test_nonsense_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="0 or more"):
        queues.erlang_b(-1, 1.0)


def simulated_waits(servers, rates, job, n=400_000, seed=3):
    """Waits by grade of the plain kernel without travel, and their standard errors over 40 stretches."""
    rng = np.random.default_rng(seed)
    time = np.cumsum(rng.exponential(1 / sum(rates), n))
    grade = np.searchsorted(np.cumsum(rates) / sum(rates), rng.random(n), side="right")
    fleet = fleet_of(np.zeros((2, 2)), np.ones(servers, np.int64), points=1)
    out = played(fleet, Jobs(time, np.zeros(n, np.int64), grade, job(rng, grade), len(rates)), False)
    waits = out[:, 0] - time
    stretch = np.arange(n) * 40 // n
    means = np.array([[waits[(grade == g) & (stretch == k)].mean() for k in range(2, 40)] for g in range(len(rates))])
    return means.mean(axis=1), means.std(axis=1, ddof=1) / np.sqrt(38)


def test_the_simulator_waits_as_long_as_the_formula_says():
    mean, error = simulated_waits(3, [0.5, 0.75], lambda rng, g: rng.exponential(2.0, len(g)))
    assert np.abs(mean - queues.priority_waits(3, [0.5, 0.75], 0.5)).max() < 3.5 * error.max()
    assert (np.abs(mean - queues.priority_waits(3, [0.5, 0.75], 0.5)) < 3.5 * error).all()


def test_the_simulator_agrees_with_cobham_for_one_server():
    def job(rng, grade):
        return np.where(grade == 0, 3.0, rng.exponential(2.0, len(grade)))
    mean, error = simulated_waits(1, [0.1, 0.15], job, seed=4)
    assert (np.abs(mean - np.array([1.5, 3.75])) < 3.5 * error).all()


def test_desks_in_the_full_kernel_wait_as_in_a_priority_queue():
    rng = np.random.default_rng(9)
    n, hours = 150_000, 4000
    rates = np.array([0.5, 0.75])
    time = np.sort(rng.uniform(0, 60 * hours, n))
    time *= n / rates.sum() / (60 * hours)
    hours = int(time[-1] / 60) + 2
    grade = (rng.random(n) >= rates[0] / rates.sum()).astype(int)
    ground = kernel.Ground(np.zeros((2, 2)), np.ones((3, hours)), np.ones((hours, 1), np.uint8),
                           np.array([[1, 1, 0]]), np.array([[-1, 0, 0, 1]]))
    drawn = np.zeros((n, 9))
    drawn[:, kernel.TIME], drawn[:, kernel.DESK] = time, rng.exponential(2.0, n)
    who = np.column_stack([np.zeros(n), np.zeros(n), grade, np.zeros(n)]).astype(np.int64)
    tier = np.zeros((5, 1, 2), np.int64)
    rules = kernel.Rules(tier, np.array([3, 0]), np.array([0, -1.0, 2.0, 0, 0, 60.0 * hours]))
    stamps, _ = kernel.run(ground, kernel.Load(drawn, who), rules)
    waits = stamps[:, kernel.DESK_START] - time
    mean = [waits[grade == g].mean() for g in (0, 1)]
    assert mean == pytest.approx(queues.priority_waits(3, rates, 0.5), rel=0.06)


@pytest.mark.parametrize("manhattan", [False, True])
def test_square_root_law(manhattan):
    rng = np.random.default_rng(12)
    side, units, trials = 20.0, 60, 1500
    found = []
    for _ in range(trials):
        cars, call = rng.uniform(-side, side, (4 * units, 2)), rng.uniform(-side / 2, side / 2, 2)
        gap = np.abs(cars - call)
        found.append((gap.sum(axis=1) if manhattan else np.hypot(*gap.T)).min())
    error = np.std(found) / np.sqrt(trials)
    law = queues.square_root_distance(4 * side**2, 4 * units, manhattan=manhattan)
    assert abs(np.mean(found) - law) < 3.5 * error


def test_the_simulators_mean_trip_follows_the_square_root_of_free_units():
    rng = np.random.default_rng(2)
    points, side = 900, 30.0
    trips = []
    for bases in (25, 100):
        node = rng.uniform(0, side, (points, 2))
        line = (np.arange(int(bases**0.5)) + 0.5) * side / bases**0.5
        stations = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        every = np.vstack([node, stations])
        travel = np.hypot(*(every[:, None] - every[None]).transpose(2, 0, 1))
        n = 20_000
        jobs = Jobs(np.arange(n) * 1e4, rng.integers(0, points, n), np.zeros(n, np.int64), np.ones(n), 1)
        out = played(fleet_of(travel, points + np.arange(bases), points=points), jobs, False)
        trips.append(out[:, 1].mean())
    assert trips[0] / trips[1] == pytest.approx(2.0, rel=0.08)
