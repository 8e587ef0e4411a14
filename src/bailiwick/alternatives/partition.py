"""Which rows of the table make a map at least cost? The integer programme handed to HiGHS, and what came back.

    minimise    sum of c_S x_S
    subject to  sum over S holding i of x_S = 1   for every area i
                sum of x_S = K,   x binary
                further rows: sums no more than a limit; at least one of some rows; a map left out

Balas and Padberg, "Set partitioning: a survey", SIAM Review 18 (1976).  Most rows never reach the whole-number search:
the relaxation's prices bound from below any map that uses a row, and where that is above the cost of a map in hand the
row is left out (reduced cost fixing; Dantzig, Fulkerson and Johnson, Operations Research 2, 1954).
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

from bailiwick.errors import MethodError

_INFINITY = highspy.kHighsInf
_FEW = 600
_RELATIVE = 1e-6
_SLACK = 1e-3  # whole grid steps are 1 apart: what HiGHS may be wrong by in its bound without touching a proof


@dataclass(frozen=True, slots=True)
class Limit:
    """How long HiGHS may take, in seconds, and its own seed."""

    seconds: float
    seed: int


@dataclass(frozen=True, slots=True)
class Solution:
    """Rows of the map, if any, a valid lower bound in whole grid steps, and whether it ran to the end."""

    rows: tuple[int, ...] | None
    bound: int | None
    finished: bool


@dataclass(frozen=True, slots=True, eq=False)
class Further:
    """One more row of the programme: low <= sum of coefficients (float64, shape rows) times x <= high."""

    coefficients: NDArray[np.float64]
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Set partitioning of `areas` areas by `masks` (int64, shape rows) into K parts; `allowed` rows only."""

    masks: NDArray[np.int64]
    areas: int
    k: int
    further: tuple[Further, ...] = ()
    chosen: NDArray[np.bool_] | None = None

    @property
    def allowed(self) -> NDArray[np.bool_]:
        """Which rows may be used: bool of shape rows."""
        return np.ones(len(self.masks), dtype=np.bool_) if self.chosen is None else self.chosen

    def only(self, keep: NDArray[np.bool_]) -> Model:
        """The model in which only some of the rows may be used."""
        return replace(self, chosen=self.allowed & keep)

    def with_sum(self, units: NDArray[np.int64], limit: int) -> Model:
        """The model in which a map's units may add up to no more than the limit; half a step of room."""
        return replace(self, further=(*self.further, Further(units.astype(np.float64), -_INFINITY, limit + 0.5)))

    def with_one_of(self, good: NDArray[np.bool_]) -> Model:
        """The model in which a map must hold at least one of the good rows."""
        return replace(self, further=(*self.further, Further(good.astype(np.float64), 1.0, _INFINITY)))

    def without(self, rows: Sequence[int]) -> Model:
        """The model that leaves one map out."""
        hit = np.zeros(len(self.masks))
        hit[list(rows)] = 1.0
        return replace(self, further=(*self.further, Further(hit, -_INFINITY, float(self.k - 1))))


def solved(model: Model, cost: NDArray[np.int64], limit: Limit) -> Solution:
    """The map of least total cost (int64, shape rows), with the bound that HiGHS proved, rounded up to whole steps."""
    at = np.flatnonzero(model.allowed)
    covered = int(np.bitwise_or.reduce(model.masks[at])) if len(at) else 0
    if covered != (1 << model.areas) - 1:
        return Solution(None, None, True)
    shift = int(cost[at].min())
    step = int(np.gcd.reduce(cost[at] - shift)) or 1
    reduced = ((cost[at] - shift) // step).astype(np.float64)
    if len(at) <= _FEW or not reduced.any():
        return _run(model, at, reduced, limit).turned(shift, step, model.k)
    return _narrowed(model, at, reduced, limit).turned(shift, step, model.k)


@dataclass(frozen=True, slots=True)
class _Found:
    """A solution in reduced costs: rows, cost, a valid lower bound, whether it ran to the end."""

    rows: tuple[int, ...] | None
    cost: float
    bound: float
    finished: bool

    def turned(self, shift: int, step: int, k: int) -> Solution:
        """The same in the costs that were asked, the bound rounded up to whole steps."""
        lowest = math.ceil(self.bound - _SLACK) * step + k * shift if math.isfinite(self.bound) else None
        return Solution(self.rows, lowest, self.finished)


def _narrowed(model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], limit: Limit) -> _Found:
    """The best map, sought among the rows that some map no dearer than one in hand may use."""
    begin = time.monotonic()
    priced = _prices(model, at, cost, limit)
    if priced is None:
        return _run(model, at, cost, limit)
    bound, dearer = priced
    few = np.sort(np.argsort(dearer, kind="stable")[:_FEW])
    first = _run(model, at[few], cost[few], limit)
    if first.rows is None:
        return _run(model, at, cost, _left(limit, begin))
    kept = np.flatnonzero(bound + dearer <= first.cost + 0.5 + _RELATIVE * abs(first.cost))
    if len(kept) <= len(few) and set(kept) <= set(few) and first.finished:
        return replace(first, bound=min(first.bound, first.cost))
    last = _run(model, at[kept], cost[kept], _left(limit, begin))
    best = first if last.rows is None or last.cost > first.cost else last
    return replace(best, bound=max(bound, min(last.bound, first.cost)), finished=last.finished)


def _left(limit: Limit, begin: float) -> Limit:
    return replace(limit, seconds=max(0.1, limit.seconds - (time.monotonic() - begin)))


def _prices(
    model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], limit: Limit
) -> tuple[float, NDArray[np.float64]] | None:
    """(bound from below of any map's cost, by how much more a map with each row costs at least) from the relaxation.

    Worked out afresh from the row prices, so that both hold whatever the solver's tolerance; None where it has none.
    """
    solver = _solver(model, at, cost, limit, whole=False)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    dense, low, high = _rows(model, at)
    price = np.array(solver.getSolution().row_dual)
    ends = np.where(price > 0, low, high)
    price = np.where(np.isfinite(ends), price, 0.0)
    dearer: NDArray[np.float64] = cost - price @ np.array(dense)
    bound = float(price @ np.where(np.isfinite(ends), ends, 0.0)) + float(np.minimum(dearer, 0.0).sum())
    return bound, np.maximum(dearer, 0.0)


def _run(model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], limit: Limit) -> _Found:
    solver = _solver(model, at, cost, limit)
    solver.run()
    return _outcome(solver, at, cost)


# the wrapping class prints a banner to stdout when it is made, before it can be told not to
def _solver(
    model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], limit: Limit, *, whole: bool = True
) -> _Highs:
    solver = _Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.49),
        ("mip_feasibility_tolerance", 1e-7),
        ("random_seed", limit.seed),
        ("time_limit", float(limit.seconds)),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(_programme(model, at, cost, whole=whole))
    return solver


def _rows(
    model: Model, at: NDArray[np.int64]
) -> tuple[list[NDArray[np.float64]], NDArray[np.float64], NDArray[np.float64]]:
    """The rows of the programme, one array of columns each, with their lower and upper ends."""
    dense = [((model.masks[at] >> i) & 1).astype(np.float64) for i in range(model.areas)]
    dense += [np.ones(len(at)), *(row.coefficients[at] for row in model.further)]
    fixed = [1.0] * model.areas + [float(model.k)]
    return (dense, np.array([*fixed, *(row.low for row in model.further)]),
            np.array([*fixed, *(row.high for row in model.further)]))  # fmt: skip


def _programme(
    model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], *, whole: bool
) -> highspy.HighsLp:
    columns = len(at)
    dense, low, high = _rows(model, at)
    filled = [np.flatnonzero(row) for row in dense]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(dense)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(columns), np.ones(columns)
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(f) for f in filled])]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate(filled).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([row[f] for row, f in zip(dense, filled, strict=True)])
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return lp


def _outcome(solver: _Highs, at: NDArray[np.int64], cost: NDArray[np.float64]) -> _Found:
    status = solver.getModelStatus()
    info = solver.getInfo()
    ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    if status == highspy.HighsModelStatus.kInfeasible:
        return _Found(None, math.inf, math.inf, True)
    if not ended and status != highspy.HighsModelStatus.kTimeLimit:
        raise MethodError(f"HiGHS stopped with: {solver.modelStatusToString(status)}")
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return _Found(None, math.inf, info.mip_dual_bound, False)
    picked = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    rows = tuple(sorted(int(r) for r in at[picked]))
    return _Found(rows, float(cost[picked].sum()), info.mip_dual_bound, ended)
