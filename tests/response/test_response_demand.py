"""Do the drawn calls come when, where and as often as they should, and do options share them?"""

from __future__ import annotations

import numpy as np
import pytest

from bailiwick.response import draw_calls
from bailiwick.response.demand import area_calls


@pytest.fixture(scope="module")
def drawn(town, make_work, make_calls):
    return make_calls(town, make_work()._replace(day_cv=0.0, burst=0.0), weeks=12)


def test_calls_come_at_the_rate_of_their_area_grade_and_hour(town, drawn):
    hour = (drawn.time // 60).astype(int) % 168
    seen = np.zeros(town.rates.shape)
    np.add.at(seen, (drawn.area, drawn.grade, hour), 1)
    expected = 12 * town.rates
    z = (seen - expected).sum(axis=2) / np.sqrt(expected.sum(axis=2))
    assert np.abs(z).max() < 4
    evening = seen[..., 18:22].sum() / seen.sum()
    assert evening == pytest.approx(town.rates[..., 18:22].sum() / town.rates.sum(), rel=0.05)
    assert (np.diff(drawn.time) >= 0).all()
    assert drawn.time[-1] < 60 * drawn.hours


def test_calls_fall_on_the_points_of_their_area_by_weight(town, drawn):
    assert (town.point_area[drawn.point] == drawn.area).all()
    mine = drawn.area == 0
    weight = np.where(town.point_area == 0, town.point_weight, 0)
    expected = mine.sum() * weight / weight.sum()
    seen = np.bincount(drawn.point[mine], minlength=len(weight))
    assert ((seen - expected) ** 2 / np.maximum(expected, 1)).sum() < 2 * (weight > 0).sum()


def test_work_has_the_asked_means(make_work, drawn):
    work = make_work()
    for g in range(3):
        mine = drawn.grade == g
        assert [np.mean(drawn.need[mine] == k) for k in range(4)] == pytest.approx(work.need[g], abs=0.02)
        assert drawn.job[mine, 0].mean() == pytest.approx(0.7 * 25 + 0.3 * 80, rel=0.07)
        assert drawn.job[mine, 1].mean() == pytest.approx(0.7 * (0.7 * 25 + 0.3 * 80), rel=0.07)
        assert drawn.desk[mine].mean() == pytest.approx(work.desk[g], rel=0.05)
        assert (drawn.custody[mine] > 0).mean() == pytest.approx(0.07, abs=0.01)
    assert drawn.slowness.mean() == pytest.approx(1.0, abs=0.01)
    assert drawn.slowness.std() == pytest.approx(0.2, abs=0.01)
    assert drawn.job[:, 0].std() / drawn.job[:, 0].mean() > 1.2, "far from exponential"


def test_days_and_bursts_spread_the_counts_but_keep_the_mean(town, make_work, make_calls):
    lumpy = make_calls(town, make_work()._replace(day_cv=0.3, burst=0.2), weeks=26)
    days = np.bincount((lumpy.time[lumpy.area == 1] // 1440).astype(int))
    expected = town.rates[1].sum() / 7
    assert days.mean() == pytest.approx(expected, rel=0.07)
    assert days.var() / days.mean() > 3
    same_place = (np.diff(lumpy.time[lumpy.area == 1]) < 30) & (np.diff(lumpy.point[lumpy.area == 1]) == 0)
    assert same_place.mean() > 0.05


def test_an_area_is_drawn_alike_whoever_its_neighbours_are(town, make_work):
    rngs = [np.random.default_rng([3, a]) for a in range(4)]
    whole = draw_calls(rngs, town, make_work(), hours=50)
    alone = area_calls(np.random.default_rng([3, 2]), town, make_work(), area=2, hours=50)
    mine = whole.area == 2
    for name in ("time", "point", "job", "desk", "slowness"):
        np.testing.assert_array_equal(getattr(whole, name)[mine], getattr(alone, name))


def test_a_change_to_one_attribute_moves_no_other(town, make_work):
    draws = [
        draw_calls([np.random.default_rng([3, a]) for a in range(4)], town, w, hours=50)
        for w in (make_work(), make_work(desk=3.0)._replace(custody=np.array([[0.5, 60.0]] * 3)))
    ]
    for name in ("time", "point", "grade", "need", "job", "oversight", "slowness", "absence"):
        np.testing.assert_array_equal(getattr(draws[0], name), getattr(draws[1], name))
    assert np.allclose(draws[1].desk, draws[0].desk * 3.0 / 0.94)


def test_an_area_without_demand_has_no_calls(town, make_work):
    quiet = town._replace(rates=town.rates * np.array([1, 0, 1, 1])[:, None, None],
                          point_weight=np.where(town.point_area == 1, 0, town.point_weight))
    calls = draw_calls([np.random.default_rng([3, a]) for a in range(4)], quiet, make_work(), hours=50)
    assert set(np.unique(calls.area)) == {0, 2, 3}
