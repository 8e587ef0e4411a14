"""A small town of two by two boroughs, drawn once, and the work its calls make.

    +-----+-----+
    |  2  |  3  |   25 x 25 km, 60 points, three bases a borough
    +-----+-----+
    |  0  |  1  |   borough 0 has twice the demand of the others
    +-----+-----+
"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick import casefile
from bailiwick.case import Case
from bailiwick.response.demand import Work, draw_calls
from bailiwick.response.town import Town


def four_boroughs(
    *, units: int = 13, calls_a_day: float = 520.0, points: int = 240, swing: float = 0.6, even: bool = False
) -> Town:
    rng = np.random.default_rng(1)
    where = rng.uniform(0, 25, (points, 2))
    area = (where[:, 0] > 12.5).astype(int) + 2 * (where[:, 1] > 12.5)
    corner = np.array([[0, 0], [12.5, 0], [0, 12.5], [12.5, 12.5]])
    base = np.vstack([c + rng.uniform(2, 10.5, (3, 2)) for c in corner])
    every = np.vstack([where, base])
    travel = np.abs(every[:, None] - every[None]).sum(-1) / 0.5
    share = np.array([0.4, 0.2, 0.2, 0.2])
    hour = 1 + swing * np.sin((np.arange(168) % 24 - 13) / 24 * 2 * np.pi)
    grade = np.array([0.3, 0.6, 0.1])
    rates = share[:, None, None] * grade[None, :, None] * hour[None, None, :] * calls_a_day / 24
    shares = np.full(4, units) if even else np.floor(share * units * 4).astype(int)
    unit_area = np.repeat(np.arange(4), shares)
    rank = np.concatenate([np.arange(k) for k in shares])
    return Town(
        areas=("South", "East", "West", "North"), rates=rates,
        point_area=area, point_weight=rng.gamma(0.7, 1.0, points),
        travel=travel, base_area=np.repeat(np.arange(4), 3), unit_area=unit_area, unit_base=3 * unit_area + rank % 3,
        roster=np.ones((168, len(unit_area)), bool), speed=np.ones(168), blue=np.array([1.3, 1.0, 1.0]),
        suite=np.array([0, 3, 6, 9]), target=np.array([15.0, 60.0, np.inf]),
    )


def usual_work(*, desk: float = 0.94) -> Work:
    return Work(
        need=np.array([[0, 0.5, 0.4, 0.1], [0, 0.8, 0.2, 0.0], [0.2, 0.8, 0.0, 0.0]]),
        job=np.array([[[0.7, 25, 0.8], [0.3, 80, 1.0]]] * 3), support=np.full(3, 0.7),
        custody=np.array([[0.07, 150.0]] * 3), guard=np.array([[0.01, 200.0]] * 3), carried=np.array([[0.3, 40.0]] * 3),
        oversight=np.array([[0.2, 2.0], [0.1, 2.0], [0.0, 0.0]]), desk=np.full(3, desk), answer=np.full(3, 0.3),
        turnout=np.full(3, 1.0), travel_cv=0.2, day_cv=0.1, burst=0.02,
    )


@pytest.fixture(scope="session")
def case() -> Case:
    """The first case, read once for all files that ask it."""
    return casefile.load("south-west-london-2018")


@pytest.fixture(scope="session")
def town() -> Town:
    return four_boroughs()


@pytest.fixture(scope="session")
def make_town():
    return four_boroughs


@pytest.fixture(scope="session")
def make_work():
    return usual_work


@pytest.fixture(scope="session")
def make_calls():
    def calls(town: Town, work: Work | None = None, *, weeks: float = 1, seed: int = 5):
        rngs = [np.random.default_rng([seed, a]) for a in range(len(town.areas))]
        return draw_calls(rngs, town, work or usual_work(), hours=int(168 * weeks))
    return calls
