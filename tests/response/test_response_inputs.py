"""Is bad input refused with the place, what was found and what was expected?"""

from __future__ import annotations

import re

import numpy as np
import pytest

from bailiwick.errors import CaseError
from bailiwick.response import Plan, Regime, draw_calls, simulate, simulate_commands
from bailiwick.response.demand import checked_work
from bailiwick.response.town import checked, checked_calls, checked_regime


def with_value(array, place, value):
    changed = np.array(array, copy=True)
    changed[place] = value
    return changed


BAD_TOWNS = {
    "negative rate": (lambda t: {"rates": with_value(t.rates, (1, 0, 5), -0.1)}, r"rates\[1, 0, 5\]"),
    "rate unknown": (lambda t: {"rates": with_value(t.rates, (1, 0, 5), np.nan)}, r"rates\[1, 0, 5\]"),
    "demand without a point": (lambda t: {"point_weight": np.where(t.point_area == 2, 0.0, t.point_weight)}, "West"),
    "base outside": (lambda t: {"base_area": with_value(t.base_area, 3, 4)}, r"base_area\[3\]"),
    "empty hour": (lambda t: {"roster": with_value(t.roster, 30, False)}, r"hour 30 of the week"),
    "speed nought": (lambda t: {"speed": with_value(t.speed, 7, 0.0)}, r"speed\[7\]"),
    "negative trip": (lambda t: {"travel": with_value(t.travel, (0, 1), -1.0)}, r"travel\[0, 1\]"),
    "shape": (lambda t: {"travel": t.travel[:-1]}, "travel"),
    "unit nowhere": (lambda t: {"unit_base": with_value(t.unit_base, 0, 99)}, r"unit_base\[0\]"),
    "no unit": (
        lambda t: {"unit_area": t.unit_area[:0], "unit_base": t.unit_base[:0], "roster": t.roster[:, :0]}, "no unit"),
}


@pytest.mark.parametrize("name", sorted(BAD_TOWNS))
def test_a_town_that_cannot_be_used(town, name):
    change, text = BAD_TOWNS[name]
    with pytest.raises(CaseError) as error:
        checked(town._replace(**change(town)))


    assert re.search(text, str(error.value))
    assert "expected:" in str(error.value)


BAD_REGIMES = {
    "dispatch": ({"dispatch": "poled"}, 'did you mean "pooled"'), "border": ({"border": "pooled"}, "border"),
    "posting": ({"posting": "demands"}, 'did you mean "demand"'), "desks": ({"desks": (1, 1)}, "channels"),
    "channels": ({"channels": (0, 0, 0, 2), "desks": (1, 1)}, "below 2"), "labels": ({"commands": (0, 0)}, "4 areas"),
    "negative label": ({"commands": (0, 0, -1, 0)}, "from 0 up"),
    "negative desks": ({"desks": (1, 1, 1, -1)}, "0 for no"),
    "load": ({"desk_load": -1.0}, "desk_load"), "gain": ({"diversion_gain": float("nan")}, "diversion_gain"),
    "abstraction": ({"abstraction": 1.0}, "below 1"), "dedicated": ({"dedicated": (7,)}, "dedicated"),
    "parade": ({"parade": (0, 0, 0, 40)}, "parade"), "reach": ({"reach": np.ones((2, 2), bool)}, "reach"),
}


@pytest.mark.parametrize("name", sorted(BAD_REGIMES))
def test_a_regime_that_cannot_be_used(town, name):
    change, text = BAD_REGIMES[name]
    with pytest.raises(CaseError) as error:
        checked_regime(town, Regime()._replace(**change))
    assert text in str(error.value)


@pytest.mark.parametrize(("field", "place", "value", "text"), [
    ("time", 3, np.nan, "calls.time[3]"), ("time", 3, 1e9, "not before"), ("point", 0, -1, "calls.point[0]"),
    ("grade", 0, 3, "calls.grade[0]"), ("need", 0, 4, "calls.need[0]"), ("job", (0, 0), -1.0, "calls.job[0, 0]"),
    ("desk", 0, np.inf, "calls.desk[0]"),
])
def test_calls_that_cannot_be_used(town, make_calls, field, place, value, text):
    calls = make_calls(town, weeks=0.2)
    with pytest.raises(CaseError) as error:
        checked_calls(town, calls._replace(**{field: with_value(getattr(calls, field), place, value)}))
    assert text in str(error.value)


@pytest.mark.parametrize(("change", "text"), [
    ({"need": np.full((3, 4), 0.3)}, "adding to 1"), ({"desk": np.array([1.0, -1, 1])}, "work.desk"),
    ({"burst": 1.0}, "work.burst"), ({"day_cv": -1.0}, "work.day_cv"), ({"answer": np.ones(2)}, "3 grades"),
])
def test_work_that_cannot_be_used(make_work, change, text):
    with pytest.raises(CaseError) as error:
        checked_work(make_work()._replace(**change), 3)
    assert text in str(error.value)


def test_the_doors_check(town, make_work, make_calls):
    calls = make_calls(town, weeks=0.1)
    with pytest.raises(CaseError, match="dispatch"):
        simulate(town, Regime(dispatch="no such rule"), calls)
    with pytest.raises(CaseError, match="rngs"):
        draw_calls([np.random.default_rng(1)], town, make_work(), hours=5)
    with pytest.raises(CaseError, match="commands"):
        simulate_commands([(0, 9)], town, calls, Plan())
    with pytest.raises(CaseError, match="commands"):
        simulate_commands([()], town, calls, Plan())


def test_results_hold_no_nan_for_calls_that_were_met(town, make_calls):
    records = simulate(town, Regime(), make_calls(town, weeks=0.2))
    needs = records.need > 0
    assert np.isfinite(records.stamps[needs]).mean() > 0.9
    assert np.isfinite(records.first[needs]).all()
