"""A made-up county of twenty places over three years, and the builders that the evaluation tests share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bailiwick.evaluation import TreatedGroup, from_long, with_pilots
from bailiwick.evaluation.panel import Names

#   A 4 x 5 grid of places u00 .. u19, row by row; land borders between neighbours.
#
#       u00 u01 u02 u03 u04
#       u05 u06 u07 u08 u09
#       u10 u11 u12 u13 u14
#       u15 u16 u17 u18 u19
UNITS = tuple(f"u{k:02d}" for k in range(20))
MONTHS = tuple(f"{2015 + k // 12}-{k % 12 + 1:02d}" for k in range(36))
GRID = tuple(sorted(
    [(r * 5 + c, r * 5 + c + 1) for r in range(4) for c in range(4)]
    + [(r * 5 + c, r * 5 + c + 5) for r in range(3) for c in range(5)]
))


def _values(seed: int, units: int = 20, periods: int = 36) -> np.ndarray:
    rng = np.random.default_rng(seed)
    factors = np.cumsum(rng.normal(0, 1, (2, periods)), axis=1)
    loads = rng.normal(0, 1, (units, 2))
    return 60 + rng.normal(0, 8, (units, 1)) + loads @ factors + rng.normal(0, 1, (units, periods))


@pytest.fixture(scope="session")
def county():
    """A function from a seed, pilots and a start to a Panel of the county."""

    def build(seed=0, pilots=(("pilot", ("u06", "u07")),), start=24, y=None):
        y = _values(seed) if y is None else np.asarray(y, dtype=float)
        panel = from_long(
            [u for u in UNITS for _ in MONTHS], [m for _ in UNITS for m in MONTHS], y.ravel(),
            names=Names(where="county.csv", outcome="calm", unit="points"),
        )
        panel = replace(panel, adjacency=GRID)
        return with_pilots(panel, [TreatedGroup(name, members, start) for name, members in pilots])

    return build


@pytest.fixture(scope="session")
def county_values():
    return _values


@pytest.fixture(scope="session")
def single():
    """A function from y[units, periods] to a Panel whose first unit is treated at `start`, in numbered periods."""

    def build(y, start):
        y = np.asarray(y, dtype=float)
        names = [f"a{k:03d}" for k in range(len(y))]
        panel = from_long(
            [n for n in names for _ in range(y.shape[1])], [str(t) for _ in names for t in range(y.shape[1])], y.ravel()
        )
        return with_pilots(panel, [TreatedGroup("first", ("a000",), start)])

    return build
