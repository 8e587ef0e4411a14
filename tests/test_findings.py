"""What a change may be called, how areas add up, and how draws stay inside their ranges."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.areas import Area, AreaSystem, Link
from bailiwick.assumptions import Assumption
from bailiwick.errors import CaseError
from bailiwick.findings import Measure, Unavailable, combined, holds, state_of


def measure(**changes) -> Measure:
    given = {
        "name": "locality.test", "title": "", "unit": "km", "decimals": 1, "better": "lower", "role": "closeness",
        "scope": "command", "combine": "sum", "weight": "none", "definition": "", "reference": "",
        "smallest_that_matters": 0.5, "compute": lambda case, command: {}, **changes}
    return Measure(**given)


def assumption(**changes) -> Assumption:
    given = {
        "name": "a.b", "value": 2.0, "low": 1.0, "high": 4.0, "shape": "triangular", "unit": "posts", "kind": "guess",
        "control": "fact", "title": "", "source": None, "published": date(2018, 1, 31), **changes}
    return Assumption(**given)


TOWN = AreaSystem("town", "A town", tuple(
    Area(code, name, "Town", people, 10, 1.0, 0.0, 0.0)
    for code, name, people in (("A", "Ash", 100), ("B", "Birch", 300), ("C", "Cedar", 100))
), (Link("A", "B", "land", "", "map"), Link("B", "C", "crossing", "the bridge", "map")))


@pytest.mark.parametrize(("low", "high", "better", "state"), [
    (0.6, 1.0, "lower", "worse"), (-1.0, -0.6, "lower", "better"), (0.6, 1.0, "higher", "better"),
    (-0.4, 0.4, "lower", "same"), (0.4, 1.0, "lower", "not shown"), (-3.0, 3.0, "lower", "not shown"),
    (0.0, 0.0, "lower", "same"), (0.6, 1.0, "neither", "not shown"), (0.1, 0.2, "neither", "same"),
])
def test_worse_needs_the_whole_range_beyond_what_matters(low, high, better, state):
    assert state_of(low, high, measure(better=better)) == state


@pytest.mark.parametrize(("share", "word"), [(1.0, "all"), (0.9, "most"), (0.89, "some"), (0.1, "few"), (0.0, "none")])
def test_words_for_shares_of_sets(share, word):
    assert holds(share) == word


def test_areas_add_up_as_the_measure_declares():
    case = SimpleNamespace(system=TOWN)
    values = {"A": 1.0, "B": 2.0, "C": 5.0}
    assert combined(case, measure(combine="sum"), values) == 8.0
    assert combined(case, measure(combine="max"), values) == 5.0
    assert combined(case, measure(combine="min"), values) == 1.0
    assert combined(case, measure(combine="mean", weight="none"), values) == pytest.approx(8 / 3)
    assert combined(case, measure(combine="mean", weight="population"), values) == pytest.approx(1200 / 500)
    assert combined(case, measure(), {"scheme": 3.0, "A": 1.0}) == 3.0


def test_one_missing_area_makes_the_total_missing():
    gone = Unavailable("unknown", "nobody has published it")
    assert combined(SimpleNamespace(system=TOWN), measure(), {"A": 1.0, "B": gone}) is gone
    assert isinstance(combined(SimpleNamespace(system=TOWN), measure(combine="other"), {"A": 1.0}), Unavailable)


@given(st.floats(0, 1), st.sampled_from(["uniform", "triangular", "choice"]))
def test_quantiles_stay_inside_the_range_and_rise(u, shape):
    a = assumption(shape=shape)
    assert 1.0 <= a.quantile(u) <= 4.0
    assert a.quantile(0.0) <= a.quantile(u) <= a.quantile(1.0)


def test_a_triangle_has_its_closed_form_median():
    assert assumption().quantile(1 / 3) == pytest.approx(2.0)
    assert assumption(value=3.0, low=1.0, high=5.0).quantile(0.5) == pytest.approx(3.0)
    assert assumption(value=3.0, low=3.0, high=3.0).quantile(0.7) == 3.0


def test_land_and_crossings_are_different_questions():
    assert TOWN.neighbours("B") == ("A",)
    assert TOWN.neighbours("B", crossings=True) == ("A", "C")
    assert TOWN.pieces(["A", "B", "C"]) == (("A", "B"), ("C",))
    assert TOWN.is_contiguous(["A", "B", "C"], crossings=True)
    assert TOWN.is_contiguous([])


def test_areas_are_found_by_name_code_or_beginning():
    assert TOWN.find("birch").code == TOWN.find("B").code == TOWN.find(" Bir").code == "B"
    with pytest.raises(CaseError, match='did you mean "Cedar"'):
        TOWN.find("Ceder")
    with pytest.raises(CaseError):
        TOWN.find("")
