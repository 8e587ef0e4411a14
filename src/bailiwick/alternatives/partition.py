"""Which rows of the table make a map at least cost? The integer programme handed to HiGHS, and what came back.

    minimise    sum of c_S x_S
    subject to  sum over S holding i of x_S = 1   for every area i
                sum of x_S = K,   x binary
                further rows: sums no more than a limit; at least one of some rows; a map left out

Balas and Padberg, "Set partitioning: a survey", SIAM Review 18 (1976).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from highspy._core import _Highs
from numpy.typing import NDArray

from bailiwick.errors import MethodError

_INFINITY = highspy.kHighsInf
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
    reduced = (cost[at] - shift) // step
    solver = _solver(model, at, reduced.astype(np.float64), limit)
    solver.run()
    return _outcome(solver, model, at, (shift, step))


# the wrapping class prints a banner to stdout when it is made, before it can be told not to
def _solver(model: Model, at: NDArray[np.int64], cost: NDArray[np.float64], limit: Limit) -> _Highs:
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
    solver.passModel(_programme(model, at, cost))
    return solver


def _programme(model: Model, at: NDArray[np.int64], cost: NDArray[np.float64]) -> highspy.HighsLp:
    columns = len(at)
    dense = [((model.masks[at] >> i) & 1).astype(np.float64) for i in range(model.areas)]
    dense.append(np.ones(columns))
    low = [1.0] * model.areas + [float(model.k)]
    high = list(low)
    for row in model.further:
        dense.append(row.coefficients[at])
        low.append(row.low)
        high.append(row.high)
    filled = [np.flatnonzero(row) for row in dense]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, len(dense)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(columns), np.ones(columns)
    lp.row_lower_, lp.row_upper_ = np.array(low), np.array(high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(f) for f in filled])]).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate(filled).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate([row[f] for row, f in zip(dense, filled, strict=True)])
    lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return lp


def _outcome(solver: _Highs, model: Model, at: NDArray[np.int64], scale: tuple[int, int]) -> Solution:
    shift, step = scale
    status = solver.getModelStatus()
    info = solver.getInfo()
    ended = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(None, None, True)
    if not ended and status != highspy.HighsModelStatus.kTimeLimit:
        raise MethodError(f"HiGHS stopped with: {solver.modelStatusToString(status)}")
    bound = info.mip_dual_bound
    lowest = math.ceil(bound - _SLACK) * step + model.k * shift if math.isfinite(bound) else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solution(None, lowest, False)
    picked = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)
    return Solution(tuple(sorted(int(r) for r in at[picked])), lowest, ended)
