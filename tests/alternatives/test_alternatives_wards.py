"""Wards and other places too many to list: approximate borders, and a bound on cut borders that every map keeps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from bailiwick import catalogue
from bailiwick.alternatives import spectral, study
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.cells import cells_of
from bailiwick.alternatives.ensemble import ChainPlan, cut_of, ensemble
from bailiwick.alternatives.measures import cut_borders
from bailiwick.alternatives.network import network, require_joined
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.rules import Rules, within
from bailiwick.alternatives.spectral import cut_bound, least_cut_of_chain
from bailiwick.alternatives.telling import lines
from bailiwick.cli_group import group
from bailiwick.errors import CaseError, MethodError


def grid(side, weights=None):
    cells = [(i, j) for i in range(side) for j in range(side)]
    name = {cell: f"{cell[0]}{cell[1]}" for cell in cells}
    links = [(name[i, j], name[i + a, j + b], "land") for i, j in cells for a, b in ((0, 1), (1, 0))
             if (i + a, j + b) in name]
    found = [1] * len(cells) if weights is None else weights
    return network("grid", {name[c]: int(w) for c, w in zip(cells, found, strict=True)}, links)


@pytest.fixture(scope="module")
def boroughs():
    return catalogue.area_system("london-boroughs")


@pytest.mark.parametrize("seed", range(6))
def test_no_map_cuts_fewer_borders_than_the_bound(seed):
    """Against the proved optimum over joined-up commands, which can only cut more than any map whatever."""
    rng = np.random.default_rng(seed)
    graph, k, window = grid(4, rng.integers(50, 150, 16)), int(rng.integers(2, 5)), Fraction(1, 2)
    table = cut_borders(commands(graph, within(Rules(), graph, k, window)))
    proof = optimum(table, k, "cut borders")
    assert proof.proved and 1 <= cut_bound(graph, k, window) <= proof.value


def test_the_bound_on_equal_grids():
    """The least cut of a grid of 4 x 4 into four is 8, of 5 x 5 into five 16; steps on the diagonal raise the bound."""
    assert [cut_bound(grid(4), 4, Fraction(0), steps=n) for n in (1, 8)] == [5, 7]
    assert cut_bound(grid(5), 5, Fraction(0)) <= 16
    assert cut_bound(grid(4), 2, Fraction(0)) == 3
    assert cut_bound(grid(3), 1, Fraction(0)) == 0


def test_relabelling_changes_no_bound():
    graph = grid(4, range(40, 56))
    turned = replace(graph, codes=tuple(sorted(f"x{c}" for c in graph.codes)))
    assert cut_bound(graph, 3, Fraction(1, 4)) == cut_bound(turned, 3, Fraction(1, 4))


def test_bursts_end_on_a_map_no_worse_than_any_kept_and_can_prove_it():
    graph, window = grid(4), Fraction(0)
    chains = ensemble(graph, 2, window, np.random.default_rng(1), plan=ChainPlan(steps=200, keep=20))
    proof = least_cut_of_chain(chains, np.random.default_rng(2), bursts=20)
    assert proof.value == cut_of(graph, proof.map) == 4
    assert proof.bound == 3 and proof.told() == "best found, gap 1"
    pair = network("pair", dict.fromkeys("abcd", 1), [("a", "b", "land"), ("b", "c", "land"), ("c", "d", "land")])
    chains = ensemble(pair, 2, window, np.random.default_rng(1), plan=ChainPlan(steps=20, keep=5))
    assert least_cut_of_chain(chains, np.random.default_rng(2), bursts=1).proved


def test_too_many_areas_are_refused(monkeypatch):
    monkeypatch.setattr(spectral, "MOST_AREAS_BOUNDED", 15)
    with pytest.raises(MethodError, match="at most 15"):
        cut_bound(grid(4), 2, Fraction(0))


def test_wards_touch_only_where_their_boroughs_do(boroughs):
    codes = [a.code for a in boroughs.areas if a.force == boroughs.area("E09000021").force]
    land, both = (cells_of(boroughs, codes, crossings=c) for c in (False, True))
    require_joined(land)
    assert land.n == both.n == sum(len(boroughs.area(c).points) for c in codes) == len(set(land.names))
    assert land.total == sum(p.residents for c in codes for p in boroughs.area(c).points)
    assert set(land.edges) < set(both.edges) and set(both.kinds) == {"land", "crossing"}
    home = {p.code: c for c in codes for p in boroughs.area(c).points}
    over = {frozenset((link.a, link.b)) for link in boroughs.contiguity if link.kind == "land"}
    across = [frozenset((home[land.codes[a]], home[land.codes[b]])) for a, b in land.edges]
    assert all(len(pair) == 1 or pair in over for pair in across)
    assert 4 < 2 * len(land.edges) / land.n < 6
    assert all(land.is_joined([land.position(p.code) for p in boroughs.area(c).points]) for c in codes)


def test_two_points_at_one_place_are_named(boroughs):
    area = boroughs.area("E09000021")
    twin = replace(area.points[0], code="twin")
    doubled = replace(boroughs, areas=tuple(
        replace(a, points=(*a.points, twin)) if a.code == area.code else a for a in boroughs.areas))
    with pytest.raises(CaseError, match="two at one place"):
        cells_of(doubled, [area.code])
    with pytest.raises(CaseError, match="three or more"):
        cells_of(boroughs, [])


def test_the_command_groups_the_places_of_a_system_and_says_that_borders_are_approximate(tmp_path, monkeypatch):
    monkeypatch.setattr(study, "ChainPlan", lambda **_: ChainPlan(chains=4, steps=300, keep=10))
    monkeypatch.setattr(study, "least_cut_of_chain", partial(least_cut_of_chain, bursts=5))
    app = typer.Typer()
    app.command()(group)
    words = ["gb-forces", "--points", "--commands", "4", "--within", "40%", "--leave-out", "", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.exception
    assert "Note: borders are approximate" in done.output
    assert "best found, gap" in done.output and "no map is below" in done.output
    refused = CliRunner().invoke(app, [*words, "--adjacency", "a.csv", "--attributes", "b.csv"])
    assert isinstance(refused.exception, CaseError) and "--points" in str(refused.exception)


def test_maps_too_many_to_hold_are_counted_area_by_area(monkeypatch):
    request = study.GroupRequest(3, Rules(largest=7), minimise=("cut borders",))
    known = study.group_study(grid(4), request)

    def full(*_, **__):
        raise MethodError("too many partial maps")

    monkeypatch.setattr(study, "map_graph", full)
    found = study.group_study(grid(4), request)
    assert found.maps == known.maps > 100 and found.stopped == "too many partial maps" and known.stopped is None
    assert any(line.startswith("Counted area by area") for line in lines(found))
    window = study.GroupRequest(3, Rules(largest=7), window=Fraction(1, 2), minimise=("cut borders",))
    assert study.group_study(grid(4), window).maps is None
