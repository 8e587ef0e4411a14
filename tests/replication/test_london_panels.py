"""What two pilots of two and three boroughs could have shown on London's open panels, to the printed digit.

Recorded crime by borough and month, vintage 2023-08, January 2014 to March 2018 (39 months before, 12 after), index of
own mean before = 100; survey by borough and quarter, percentage points (10 quarters before, 4 after). SDID at 5%.
"""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bailiwick.evaluation import RECIPES, Design, TreatedGroup, estimate, from_long, with_pilots
from bailiwick.evaluation.fits import Sample, padded, run
from bailiwick.evaluation.placebo import rank_p, rmspe_ratio
from bailiwick.evaluation.power import minimum_detectable_effect
from bailiwick.evaluation.reference import contiguous_groups

PILOTS = {
    "Camden and Islington": ("E09000007", "E09000019"), "East": ("E09000002", "E09000016", "E09000026"),
}
CRIME = {
    "all": (10.5, 9.0, 7.2), "Violence against the Person": (12.1, 9.8, 7.6), "Theft": (13.2, 10.3, 9.5),
    "Arson and Criminal Damage": (13.8, 10.0, 8.4), "Burglary": (30.4, 25.2, 18.0),
    "Public Order Offences": (27.7, 24.7, 18.7), "Sexual Offences": (26.5, 20.2, 16.9),
    "Drug Offences": (31.5, 30.0, 23.2), "Vehicle Offences": (51.8, 32.9, 27.7), "Robbery": (61.1, 44.8, 35.9),
}
SURVEY = {
    "Relied on to be there": (8.9, 7.4), "Good Job local": (10.6, 9.0), "Listen to concerns": (11.7, 10.4),
    "Contact ward officer": (12.2, 11.5), "Treat everyone fairly": (12.4, 11.7), "Understand issues": (15.4, 11.9),
    "Informed local": (18.7, 16.2), "Trust MPS": (5.6, 4.9),
}
SIZE = {  # share of fake pilots rejected at nominal 5%: |effect|, then the RMSPE ratio
    (2, "sdid"): (0.065, 0.049), (2, "sc"): (0.055, 0.058), (2, "did"): (0.051, 0.056),
    (3, "sdid"): (0.070, 0.062), (3, "sc"): (0.070, 0.070), (3, "did"): (0.070, 0.053),
}


@pytest.fixture(scope="module")
def touching(shared_data):
    with (shared_data / "london" / "borough_adjacency.csv").open() as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def crime(shared_data):
    frame = pd.read_parquet(shared_data / "london" / "crime_borough_monthly_2023-08.parquet")
    frame = frame.astype({"borough": str, "major": str, "month": str})
    codes = pd.read_csv(shared_data / "london" / "boroughs.csv").set_index("name")["gss"]
    frame["gss"] = frame["borough"].map(codes)
    frame = frame[(frame.month >= "2014-01") & (frame.month <= "2018-03") & frame.gss.notna()]
    majors = dict(iter(frame.groupby("major")))
    tables = {"all": frame} | majors
    return {name: _table(part, sorted(frame.gss.unique())) for name, part in tables.items()}


def _table(part, codes):
    wide = part.pivot_table(index="gss", columns="month", values="count", aggfunc="sum", fill_value=0, observed=True)
    return wide.reindex(codes, fill_value=0)


def _panel(table, touching, start, outcome="crime"):
    panel = from_long(
        [str(u) for u in table.index for _ in table.columns], [str(t) for _ in table.index for t in table.columns],
        table.to_numpy(dtype=float).ravel(),
    )
    index = {u: k for k, u in enumerate(panel.units)}
    inside = [r for r in touching if r["gss_a"] in index and r["gss_b"] in index]
    known = [(index[r["gss_a"]], index[r["gss_b"]], r["kind"]) for r in inside]
    panel = replace(
        panel, outcome=outcome, adjacency=tuple(sorted((min(a, b), max(a, b)) for a, b, k in known if k == "land")),
        crossings=tuple(sorted((min(a, b), max(a, b)) for a, b, k in known if k != "land")),
    )
    place = panel.axis.labels.index(start)
    return with_pilots(panel, [TreatedGroup(name, units, place) for name, units in PILOTS.items()])


def _up(value):
    """To the grid of 0.1 on which the published figures were searched."""
    return math.ceil(value * 10 - 1e-9) / 10


@pytest.mark.parametrize("name", sorted(CRIME))
def test_detectable_effects_of_crime(crime, touching, name):
    panel = _panel(crime[name], touching, "2017-04")
    design = Design(scale="index", solver="active set")
    found = tuple(_up(estimate(panel, "sdid", design=design, pilot=p).mde) for p in (*PILOTS, "pooled"))
    assert found == pytest.approx(CRIME[name], abs=1e-9)


@pytest.mark.parametrize("name", sorted(SURVEY))
def test_detectable_effects_of_the_survey(shared_data, touching, name):
    frame = pd.read_csv(shared_data / "london" / "pas_borough_quarterly.csv")
    frame = frame[(frame.measure == name) & (frame.date <= "2018-03-31")]
    table = 100 * frame.pivot_table(index="gss", columns="date", values="proportion")
    panel = _panel(table, touching, "2017Q2")
    found = tuple(_up(estimate(panel, "sdid", pilot=p).mde) for p in PILOTS)
    assert found == pytest.approx(SURVEY[name], abs=1e-9)


def test_counts_of_reference_sets(crime, touching):
    panel = _panel(crime["all"], touching, "2017-04")
    pool = [k for k in range(32) if k not in panel.treated]
    water = panel.adjacency + panel.crossings
    assert [len(contiguous_groups(pool, panel.adjacency, k)) for k in (2, 3, 4)] == [50, 102, 204]
    assert [len(contiguous_groups(pool, water, k)) for k in (2, 3, 4)] == [59, 151, 402]
    for over_water, size, pairs, triples, ring in ((False, 20, 31, 60, 7), (True, 18, 32, 67, 9)):
        near = panel.touching(panel.treated, over_water=over_water)
        rest = [k for k in pool if k not in near]
        edges = water if over_water else panel.adjacency
        assert (len(near), len(rest)) == (ring, size)
        assert [len(contiguous_groups(rest, edges, k)) for k in (2, 3)] == [pairs, triples]
    assert estimate(panel, "did").placebo_n == 4081


@pytest.mark.parametrize(("size", "method"), sorted(SIZE))
def test_fake_pilots_are_called_changed_about_one_time_in_twenty(crime, touching, size, method):
    """Every joined-up group of donors in turn as if it had been the pilot, refitted on the other donors, 11 series."""
    panel = _panel(crime["all"], touching, "2017-04")
    pool = [k for k in range(32) if k not in panel.treated]
    groups = contiguous_groups(pool, panel.adjacency, size)
    by_effect, by_ratio = [], []
    for name in sorted(set(crime) - {"Historical Fraud and Forgery", "Possession of Weapons"}):
        y = crime[name].to_numpy(dtype=float)
        y = y / y[:, :39].mean(axis=1, keepdims=True) * 100
        for group in groups:
            rows = padded([group, *(g for g in groups if not set(g) & set(group))])
            sample = Sample(y, 39, np.array([k for k in pool if k not in group]))
            fits = run(sample, RECIPES[method], rows, rows, solver="active set", weights=False)
            ratios = rmspe_ratio(fits.path, 39)
            by_effect.append(rank_p(fits.effects[0], fits.effects[1:]) <= 0.05)
            by_ratio.append(rank_p(ratios[0], ratios[1:]) <= 0.05)
    found = (np.mean(by_effect), np.mean(by_ratio))
    assert found == pytest.approx(SIZE[size, method], abs=0.0006)
    assert all(0.03 <= share < 0.0705 for share in found)


@pytest.mark.parametrize("points", [0, 5, 10, 20])
def test_planted_effects_come_back_whole(crime, touching, points):
    """A change of so many points in every joined-up pair: on the index scale the estimate is the placebo's plus it."""
    panel = _panel(crime["all"], touching, "2017-04")
    pool = np.array([k for k in range(32) if k not in panel.treated])
    y = panel.y / panel.y[:, :39].mean(axis=1, keepdims=True) * 100
    groups = contiguous_groups(pool, panel.adjacency, 2)
    rows = padded(groups)
    plain = run(Sample(y, 39, pool), RECIPES["sdid"], rows, rows, solver="active set", weights=False).effects
    for row, group in enumerate(groups):
        raised = y.copy()
        raised[list(group), 39:] += points
        own = rows[row : row + 1]
        effect = run(Sample(raised, 39, pool), RECIPES["sdid"], own, own).effects[0]
        assert effect == pytest.approx(plain[row] + points, abs=1e-8)
        grown = np.log(y)
        fake = run(Sample(grown, 39, pool), RECIPES["sdid"], own, own).effects[0]
        grown[list(group), 39:] += np.log1p(points / 100)
        assert run(Sample(grown, 39, pool), RECIPES["sdid"], own, own).effects[0] == pytest.approx(
            fake + np.log1p(points / 100), abs=1e-9
        )
    assert minimum_detectable_effect(plain) == pytest.approx(10.5, abs=0.1)
