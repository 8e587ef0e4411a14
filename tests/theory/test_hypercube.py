"""Does the hypercube model give the textbook's numbers, and does the simulator agree with it?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

from bailiwick.errors import MethodError
from bailiwick.response import hypercube, queues
from bailiwick.response.kernel_single import Jobs, fleet_of, played

# Larson and Odoni, Urban Operations Research, 5.4.3 and 5.5.3, in groups of atoms
ORDER = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]])
RATE = np.array([0.50, 0.25, 0.35, 0.40])


def random_town(units, atoms, load, seed=0):
    rng = np.random.default_rng(seed)
    gap = np.abs(rng.uniform(0, 1, (atoms, 1, 2)) - rng.uniform(0, 1, (1, units, 2))).sum(-1)
    rate = rng.gamma(0.7, 1.0, atoms)
    return np.argsort(gap, axis=1), rate * load * units / rate.sum(), gap


def solved_directly(order, rate, queue):
    """Steady state by a sparse direct solve of the balance equations."""
    units = order.shape[1]
    full, total = (1 << units) - 1, rate.sum()
    rows, columns, values = [], [], []

    def flow(a, b, r):
        rows.extend((b, a))
        columns.extend((a, a))
        values.extend((r, -r))
    for state in range(full + 1):
        if state != full:
            for j, r in enumerate(rate):
                flow(state, state | 1 << next(u for u in order[j] if not state >> u & 1), r)
        for u in range(units):
            if state >> u & 1:
                flow(state, state & ~(1 << u), 1.0)
    balance = coo_matrix((values, (rows, columns)), shape=(full + 1,) * 2).tolil()
    balance[full] = 1.0
    if queue:
        balance[full, full] = units / (units - total)
    right = np.zeros(full + 1)
    right[full] = 1.0
    return spsolve(balance.tocsc(), right)


def test_three_units_of_the_textbook():
    result = hypercube.exact(ORDER, RATE)
    assert result.workload == pytest.approx([0.5574, 0.4734, 0.4693], abs=5e-5)
    assert result.states == pytest.approx(
        [0.210526, 0.136690, 0.088633, 0.094887, 0.090466, 0.088945, 0.053011, 0.118421], abs=6e-7)
    assert result.waiting == pytest.approx(0.118421, abs=5e-7)
    assert result.states[-1] + result.waiting == pytest.approx(0.236842, abs=5e-7)
    home = np.array([0, 0, 1, 2])
    inside = result.dispatch[np.arange(4), home]
    assert (RATE @ (1 - inside)) / RATE.sum() == pytest.approx(0.43533, abs=6e-6)


def test_three_units_approximately():
    assert hypercube.corrections(3, 1.5, queue=True) == pytest.approx([1, 0.73684, 0.63158], abs=5e-6)
    three = hypercube.approximate(ORDER, RATE, damped=False, rounds=3).workload
    assert three == pytest.approx([0.5628, 0.4716, 0.4657], abs=6e-5)
    assert hypercube.approximate(ORDER, RATE, damped=False).workload == pytest.approx(
        [0.5626, 0.4717, 0.4657], abs=6e-5)
    assert hypercube.approximate(ORDER, RATE).workload == pytest.approx([0.5574, 0.4734, 0.4693], abs=0.01)


@pytest.mark.parametrize("queue", [True, False])
@pytest.mark.parametrize("units", [5, 8, *(pytest.param(n, marks=pytest.mark.long) for n in (10, 12))])
def test_the_direct_solution(units, queue):
    order, rate, _ = random_town(units, 30, 0.6)
    assert np.abs(hypercube.exact(order, rate, queue=queue, tolerance=1e-14).states
                  - solved_directly(order, rate, queue)).max() < 1e-11


@pytest.mark.parametrize("queue", [True, False])
def test_invariants(queue):
    units = 9
    order, rate, _ = random_town(units, 40, 0.7, seed=2)
    result = hypercube.exact(order, rate, queue=queue)
    size = np.array([bin(s).count("1") for s in range(1 << units)])
    layers = np.bincount(size, result.states)
    layers[-1] += result.waiting
    assert layers == pytest.approx(queues.state_shares(units, rate.sum(), queue=queue), abs=1e-12)
    assert result.workload.sum() == pytest.approx(rate.sum() * (1 - result.lost))
    assert result.dispatch.sum(axis=1) == pytest.approx(np.full(40, 1 - result.lost))
    assert (0.0 if queue else queues.erlang_b(units, rate.sum())) == pytest.approx(result.lost)


def test_renumbered_units_change_nothing():
    order, rate, _ = random_town(6, 25, 0.5, seed=3)
    new = np.array([3, 1, 5, 0, 2, 4])
    first, second = hypercube.exact(order, rate), hypercube.exact(new[order], rate)
    assert second.workload[new] == pytest.approx(first.workload, abs=1e-11)


def test_one_unit_is_one_server():
    result = hypercube.exact(np.zeros((2, 1), int), np.array([0.3, 0.2]))
    assert result.workload[0] == pytest.approx(0.5)
    assert result.waiting == pytest.approx(0.25)


def test_the_simulator_sends_the_units_that_the_exact_model_says():
    order, rate, gap = random_town(6, 12, 0.55, seed=5)
    rng = np.random.default_rng(1)
    n = 400_000
    time = np.cumsum(rng.exponential(1 / rate.sum(), n))
    atom = rng.choice(12, n, p=rate / rate.sum())
    travel = np.zeros((18, 18))
    travel[:12, 12:] = gap * 1e-9
    travel[12:, :12] = 1e-12
    jobs = Jobs(time, atom, np.zeros(n, np.int64), rng.exponential(1.0, n), 1)
    out = played(fleet_of(travel, np.arange(12, 18), points=12), jobs, False)
    unit = out[:, 2].astype(int)
    share = np.zeros((12, 6))
    np.add.at(share, (atom, unit), 1.0)
    calls = share.sum(axis=1, keepdims=True)
    share /= calls
    # a unit that clears to no queue is home within 1e-12 minutes, so preference is all that counts
    expected = hypercube.exact(order, rate).dispatch
    error = np.sqrt(expected * (1 - expected) / calls)
    assert (np.abs(share - expected) < 4 * error + 0.004).all()


@pytest.mark.parametrize(("units", "load", "queue"), [
    (40, 0.5, False), (40, 0.7, True), (40, 0.9, True), (120, 0.7, True),
])
def test_the_damped_form_converges_and_carries_the_load(units, load, queue):
    order, rate, _ = random_town(units, 150, load, seed=7)
    result = hypercube.approximate(order, rate, queue=queue)
    assert result.rounds < 200
    lost = 0.0 if queue else queues.erlang_b(units, rate.sum())
    assert result.workload.sum() == pytest.approx(rate.sum() * (1 - lost))
    assert result.dispatch.sum(axis=1) == pytest.approx(np.full(150, 1 - lost))


def test_it_is_near_the_exact_model_and_says_when_it_may_not_be_used():
    order, rate, gap = random_town(12, 60, 0.6, seed=8)
    truth, guess = hypercube.exact(order, rate), hypercube.approximate(order, rate)
    trip = [(rate @ (r.dispatch * gap).sum(axis=1)) / rate.sum() for r in (truth, guess)]
    assert trip[1] == pytest.approx(trip[0], rel=0.04)
    assert guess.untrusted == ""
    assert "busy" in hypercube.approximate(order, rate * 1.62).untrusted
    order, rate, _ = random_town(200, 150, 0.7, seed=7)
    assert "rounds" in hypercube.approximate(order, rate, damped=False, rounds=300).untrusted


@pytest.mark.parametrize(("order", "rate", "text"), [
    (np.array([[0, 0]]), np.array([1.0]), "every unit once"), (np.array([[0, 1]]), np.array([-1.0]), "0 or more"),
    (np.array([[0, 1]]), np.array([1.0, 2.0]), "one row"),
])
def test_nonsense_is_a_mistake_of_the_programmer(order, rate, text):
    with pytest.raises(ValueError, match=text):
        hypercube.exact(order, rate)


def test_too_many_units_and_no_steady_state_are_refused():
    with pytest.raises(MethodError, match="stops at 20"):
        hypercube.exact(np.arange(21)[None], np.array([1.0]))
    with pytest.raises(MethodError, match="no steady state"):
        hypercube.exact(ORDER, RATE * 3)
    with pytest.raises(MethodError, match="no convergence"):
        hypercube.exact(ORDER, RATE, sweeps=2)
