"""Jensen-Shannon against closed forms, shares by hand, and which year of crime may be seen."""

from dataclasses import replace
from datetime import date
from math import log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.findings import Unavailable
from bailiwick.locality import priorities as mix
from bailiwick.locality.crimes import crime_year
from bailiwick.scheme import Command

BOTH = Command(("N", "S"), "bcu", "Dock")
MIXES = st.lists(st.integers(0, 1000), min_size=4, max_size=4).filter(any).map(lambda v: np.array(v, dtype=float))


def entropy(*shares):
    return -sum(p * log2(p) for p in shares if p > 0)


@pytest.mark.parametrize(("p", "q", "divergence"), [
    ((1, 0), (0, 1), 1.0),
    ((3, 5), (6, 10), 0.0),
    ((1, 0), (1, 1), entropy(0.75, 0.25) - 0.5),                       # (H(M) - (H(P) + H(Q)) / 2)
    ((1, 1, 0, 0), (0, 1, 1, 0), 0.5),                                 # half of each mix is shared
    ((9, 1), (1, 9), 1 - entropy(0.9, 0.1)),                           # mirror images about an even middle
    ((1, 1, 1, 1), (4, 0, 0, 0), entropy(0.625, 0.125, 0.125, 0.125) - 1.0),
])
def test_jensen_shannon_agrees_with_closed_forms(p, q, divergence):
    found = mix.jensen_shannon(np.array(p, dtype=float), np.array(q, dtype=float))
    assert found == pytest.approx(sqrt(divergence), abs=1e-12)


@given(MIXES, MIXES, MIXES)
def test_jensen_shannon_is_a_metric_between_zero_and_one(p, q, r):
    pq, qr, pr = mix.jensen_shannon(p, q), mix.jensen_shannon(q, r), mix.jensen_shannon(p, r)
    assert 0 <= pq <= 1
    assert pq == pytest.approx(mix.jensen_shannon(q, p), abs=1e-12)
    assert pr <= pq + qr + 1e-9
    assert mix.jensen_shannon(p, 7 * p) == pytest.approx(0, abs=1e-7)
    order = [2, 0, 3, 1]
    assert mix.jensen_shannon(p[order], q[order]) == pytest.approx(pq, abs=1e-12)


def test_a_mix_without_counts_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        mix.jensen_shannon(np.zeros(3), np.ones(3))


def test_mix_distance_is_from_the_whole_command(town):
    north, whole = np.array([60.0, 30, 10]), np.array([80.0, 100, 20])
    assert mix.crime_mix_distance(town, BOTH)["N"] == pytest.approx(mix.jensen_shannon(north, whole))
    assert mix.crime_mix_distance(town, Command(("N",), "borough"))["N"] == 0


def test_shares_of_demand_and_harm(town):
    demand, harm = mix.share_of_command_demand(town, BOTH), mix.share_of_command_harm(town, BOTH)
    assert demand == {"N": 50.0, "S": 50.0}
    north, south = 60 + 30 * 10 + 10 * 20, 20 + 70 * 10 + 10 * 20
    assert harm["N"] == pytest.approx(100 * north / (north + south))
    assert harm["N"] + harm["S"] == pytest.approx(100)
    assert mix.share_of_command_harm(town.assume("locality.harm.violence", 3), BOTH)["N"] > harm["N"]


def test_top_types_put_ties_in_order_of_name_and_leave_out_zeros():
    types = ("A", "B", "C", "D", "E", "F", "G")
    assert mix.top_types(np.array([1.0, 5, 5, 0, 2, 2, 9]), types) == ("G", "B", "C", "E", "F")
    assert mix.top_types(np.array([0.0, 0, 3, 0, 0, 0, 0]), types) == ("C",)


def test_top_five_shared_counts_common_names(town, crimes):
    assert mix.top_five_shared(town, BOTH) == {"N": 3.0, "S": 3.0}
    far = Command(("F", "N"), "bcu")
    assert mix.top_five_shared(town, far) == {"F": 2.0, "N": 3.0}  # nobody was robbed in Far


def test_the_latest_whole_year_published_by_the_day_is_read(town, crimes):
    old, new = crimes({"N": (1, 1, 1)}, "2016", date(2017, 1, 31)), crimes({"N": (2, 2, 2)})
    part = crimes({"N": (9, 9, 9)}, "January 2018", date(2018, 1, 31))
    both = replace(old, rows=(*old.rows, *new.rows, *part.rows))
    case = replace(town, tables={"crimes": both})
    assert crime_year(case).period == "2017"
    assert crime_year(case).of(("N",)).tolist() == [2, 2, 2]
    assert crime_year(replace(case, as_of=date(2018, 1, 30))).period == "2016"
    assert crime_year(replace(case, as_of=date(2016, 1, 30))) is None


@pytest.mark.parametrize("measure", [
    mix.crime_mix_distance, mix.top_five_shared, mix.share_of_command_demand, mix.share_of_command_harm,
])
def test_an_area_without_figures_makes_its_command_unknown(town, crimes, measure):
    for tables in ({}, {"crimes": crimes({"N": (1, 2, 3)})}):
        found = measure(replace(town, tables=tables), BOTH)
        assert [value.reason for value in found.values()] == ["unknown", "unknown"]


def test_an_area_without_crime_has_no_mix(town, crimes):
    case = replace(town, tables={"crimes": crimes({"N": (0, 0, 0), "S": (1, 0, 0)})})
    assert mix.crime_mix_distance(case, BOTH)["N"].reason == "not meaningful here"
    assert mix.share_of_command_demand(case, BOTH) == {"N": 0.0, "S": 100.0}
    alone = Command(("N",), "borough")
    assert mix.share_of_command_demand(case, alone)["N"].reason == "not meaningful here"


def test_a_type_without_weight_is_named(town):
    case = replace(town, assumptions={k: a for k, a in town.assumptions.items() if "robbery" not in k})
    value = mix.share_of_command_harm(case, BOTH)["N"]
    assert isinstance(value, Unavailable)
    assert "Robbery" in value.text
