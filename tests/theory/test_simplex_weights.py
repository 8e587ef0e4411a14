"""The weight problems against their optimality conditions, an interior-point solver, and each other."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.evaluation import RECIPES
from bailiwick.evaluation import kernel_simplex as kernel
from bailiwick.evaluation.fits import Sample, padded, run
from bailiwick.evaluation.simplex import kkt_gap, simplex_least_squares, smallest_norm

clarabel = pytest.importorskip("clarabel")
sparse = pytest.importorskip("scipy.sparse")


def interior_point(rows, ridge):
    """The same problem by Clarabel at its tightest."""
    n = rows.shape[1]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-13
    scale = (rows * rows).sum(axis=0).max()
    q = sparse.csc_matrix(np.triu(2 * (rows.T @ rows + ridge * np.eye(n)) / scale))
    a = sparse.csc_matrix(np.vstack([np.ones((1, n)), -np.eye(n)]))
    b = np.concatenate([[1.0], np.zeros(n)])
    cones = [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(n)]
    solution = clarabel.DefaultSolver(q, np.zeros(n), a, b, cones, settings).solve()
    w = np.maximum(np.array(solution.x), 0.0)
    return w / w.sum()


def objective(rows, w, ridge):
    return float(((rows @ w) ** 2).sum() + ridge * (w @ w))


def problem(seed, equations, donors):
    rng = np.random.default_rng(seed)
    donors_path = rng.normal(size=(equations, 3)) @ rng.normal(size=(3, donors))
    donors_path += rng.normal(0, 0.3, (equations, donors))
    target = donors_path @ rng.dirichlet(np.ones(donors)) + rng.normal(0, 0.3, equations)
    return donors_path - target[:, None]


@pytest.mark.parametrize("ridge", [0.0, 1e-3, 1.0, 100.0])
@pytest.mark.parametrize(("equations", "donors"), [(19, 38), (40, 12), (84, 26), (26, 84), (10, 27)])
def test_objective_is_as_low_as_an_interior_point_solver_finds(equations, donors, ridge):
    for seed in range(4):
        rows = problem(seed, equations, donors)
        other = objective(rows, interior_point(rows, ridge), ridge)
        single = kernel.smallest_norm(rows, ridge)[0]
        for w in (smallest_norm(rows, ridge=ridge), kernel.solved(rows, ridge)[0], single):
            assert objective(rows, w, ridge) <= other * (1 + 1e-9) + 1e-12 * (rows * rows).sum(axis=0).max()


@given(st.integers(0, 10_000), st.integers(2, 30), st.integers(2, 40), st.sampled_from([0.0, 1e-6, 0.1, 10.0]))
def test_both_solvers_agree_and_meet_the_optimality_conditions(seed, equations, donors, ridge):
    rows = problem(seed, equations, donors)
    plain = smallest_norm(rows, ridge=ridge)
    fast, gap, value, scale = kernel.solved(rows, ridge)
    for w in (plain, fast):
        assert w.min() >= 0
        assert w.sum() == pytest.approx(1, abs=1e-12)
        found, own, size = kkt_gap(rows, w, ridge=ridge)
        assert found <= 1e-11 * size
        assert own == pytest.approx(objective(rows, w, ridge))
    assert gap <= 1e-11 * scale
    assert objective(rows, fast, ridge) == pytest.approx(objective(rows, plain, ridge), rel=1e-9, abs=1e-12 * scale)
    assert value == pytest.approx(objective(rows, fast, ridge), rel=1e-7, abs=1e-10 * scale)


@given(st.integers(0, 10_000), st.integers(3, 12), st.integers(3, 60))
def test_block_and_single_steps_agree_where_the_ridge_has_weight(seed, equations, donors):
    rows = problem(seed, equations, donors)
    blocks, _, _, _, settled = kernel.ridged(rows, 2.0)
    single = kernel.smallest_norm(rows, 2.0)[0]
    if settled:
        assert np.abs(blocks - single).max() < 1e-9


def test_known_answers():
    assert simplex_least_squares(np.eye(3), np.array([1.0, 1.0, 1.0]) / 3).tolist() == pytest.approx([1 / 3] * 3)
    assert simplex_least_squares(np.array([[1.0, 2.0]]), np.array([5.0])).tolist() == pytest.approx([0, 1])
    even = simplex_least_squares(np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([0.0, 0.0]), ridge=1e9)
    assert even.tolist() == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_donor_that_is_the_target_gets_all_the_weight():
    rows = problem(3, 12, 5)
    rows[:, 2] = 0.0
    for w in (smallest_norm(rows), kernel.solved(rows, 0.0)[0]):
        assert w[2] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("method", sorted(RECIPES))
def test_both_paths_of_every_method_agree_on_a_factor_panel(method):
    rng = np.random.default_rng(4)
    y = 100 + np.cumsum(rng.normal(size=(32, 96)), axis=1) + rng.normal(0, 6, (32, 1))
    sample = Sample(y, 84, np.arange(27))
    rows = padded([(a, b) for a in range(27) for b in range(a + 1, 27)][:60])
    plain = run(sample, RECIPES[method], rows, rows, solver="nnls")
    fast = run(sample, RECIPES[method], rows, rows, solver="active set")
    assert np.abs(plain.path - fast.path).max() < 1e-8
    assert max(plain.kkt.max(), fast.kkt.max()) < 1e-11
    assert fast.noise == pytest.approx(plain.noise, rel=1e-10)
    assert fast.rmspe == pytest.approx(plain.rmspe, abs=1e-8)
    assert fast.units == pytest.approx(plain.units)


def test_demeaned_noise_is_the_same_on_both_paths():
    y = 50 + np.cumsum(np.random.default_rng(5).normal(size=(12, 40)), axis=1)
    sample = Sample(y, 30, np.arange(1, 12), demean_noise=True)
    rows = padded([(0,), (3,), (4, 5)])
    plain = run(sample, RECIPES["sdid"], rows, rows, solver="nnls")
    fast = run(sample, RECIPES["sdid"], rows, rows, solver="active set")
    assert fast.noise == pytest.approx(plain.noise, rel=1e-10)
    assert np.abs(plain.path - fast.path).max() < 1e-8


def test_a_perfect_fit_before_the_start_is_solved_again_by_the_plain_path():
    """More donors than periods: weights are not unique, and the two paths must still print one answer."""
    y = np.random.default_rng(6).normal(50, 5, (27, 9))
    sample = Sample(y, 5, np.arange(1, 27))
    rows = padded([(0,), *((k,) for k in range(1, 27))])
    plain = run(sample, RECIPES["sc"], rows, rows, solver="nnls")
    fast = run(sample, RECIPES["sc"], rows, rows, solver="active set")
    assert (plain.rmspe < 1e-4).any()
    assert np.abs(plain.path - fast.path).max() < 1e-8


def test_no_donor_is_the_pseudo_treated_unit():
    """Each placebo leaves its own members out of its donors: had it not, the fit before the start would be perfect."""
    y = np.cumsum(np.random.default_rng(7).normal(size=(10, 40)), axis=1)
    rows = padded([(k,) for k in range(1, 10)])
    sample = Sample(y, 30, np.arange(1, 10))
    for solver in ("nnls", "active set"):
        assert run(sample, RECIPES["sc"], rows, rows, solver=solver).rmspe.min() > 0.05
        leaky = run(sample, RECIPES["sc"], rows, np.full_like(rows, -1), solver=solver)
        assert leaky.rmspe.max() < 1e-6


def test_a_wide_problem_grows_its_room():
    rows = problem(8, 60, 400)
    w, gap, _, scale = kernel.smallest_norm(rows, 30.0)
    assert (w > 0).sum() > 40
    assert gap <= 1e-11 * scale
    assert np.abs(w - smallest_norm(rows, ridge=30.0)).max() < 1e-8


def test_the_compiled_kernel_gives_the_same_bits_as_its_source():
    code = textwrap.dedent("""
        import hashlib
        import numpy as np
        from bailiwick.evaluation import RECIPES
        from bailiwick.evaluation.fits import Sample, padded, run
        y = 50 + np.cumsum(np.random.default_rng(9).normal(size=(9, 20)), axis=1)
        rows = padded([(0,), (1,), (2, 3)])
        told = hashlib.sha256()
        for name in sorted(RECIPES):
            fits = run(Sample(y, 14, np.arange(1, 9)), RECIPES[name], rows, rows, solver="active set", weights=False)
            for part in (fits.path, fits.kkt, fits.noise, fits.rmspe):
                told.update(np.ascontiguousarray(part).tobytes())
        import sys
        sys.stdout.write(told.hexdigest())
    """)
    seen = [
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"NUMBA_DISABLE_JIT": flag}, capture_output=True, text=True,
            check=True,
        ).stdout
        for flag in ("0", "1")
    ]
    assert seen[0] == seen[1] != ""
