"""Are the minutes by road those of the quickest way, and is an extract read as drivers may use it?"""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from bailiwick.errors import CaseError, MethodError, SourceError
from bailiwick.sources import roads
from bailiwick.sources.roads import CLASSES, Roads, Speeds

osmium = pytest.importorskip("osmium")
MILE = 1_609.344
EAST, NORTH = 525_000.0, 170_000.0
RESIDENTIAL, PRIMARY = CLASSES.index("residential"), CLASSES.index("primary")


def made(points, links):
    """A network from (start, end, metres, class, mph), each one direction."""
    table = np.array(links, dtype=float)
    return Roads(np.array(points, dtype=float), table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2],
                 table[:, 3].astype(np.int64), table[:, 4])


def extract(path, ways, nodes):
    """An .osm.pbf with these ways (node numbers, tags) and nodes (number: metres east and north of a corner)."""
    to = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    writer = osmium.SimpleWriter(str(path))
    for number, (x, y) in nodes.items():
        writer.add_node(osmium.osm.mutable.Node(id=number, location=to.transform(EAST + x, NORTH + y), version=1))
    for number, (refs, tags) in enumerate(ways, 1):
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
    writer.close()
    return path


SQUARE = {1: (0, 0), 2: (MILE, 0), 3: (MILE, MILE), 4: (0, MILE), 5: (MILE / 2, 0), 6: (9e3, 9e3), 7: (9_500, 9e3)}


def spots(*numbers):
    return np.array([(EAST + SQUARE[n][0], NORTH + SQUARE[n][1]) for n in numbers])


def test_an_extract_gives_a_mile_at_thirty_as_two_minutes_and_obeys_one_way_streets(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [
        ([1, 5, 2], {"highway": "residential"}), ([2, 3], {"highway": "primary", "maxspeed": "60 mph"}),
        ([3, 4], {"highway": "tertiary", "oneway": "yes"}), ([4, 1], {"highway": "secondary_link"}),
        ([1, 3], {"highway": "footway"}), ([2, 4], {"highway": "service", "access": "private"}),
        ([6, 7], {"highway": "residential"})], SQUARE)
    network = roads.network(path)
    assert len(network.points) == 4
    found = roads.minutes(network, spots(1, 2), spots(2, 3, 4), hour=3)
    assert found == pytest.approx(np.array([[2.0, 3.0, 2.0], [0.0, 1.0, 3.0]]), abs=0.01)
    assert roads.minutes(network, spots(3), spots(4), hour=3)[0, 0] == pytest.approx(2.0, abs=0.01)
    assert roads.minutes(network, spots(4), spots(3), hour=3)[0, 0] == pytest.approx(5.0, abs=0.01)
    tidy = roads.read([path])
    assert set(tidy.frame["class"]) == {"residential", "primary", "tertiary", "secondary"}
    assert tidy.vintage == "undated"


def test_roundabouts_motorways_and_streets_against_their_drawing(tmp_path):
    path = extract(tmp_path / "a.osm.pbf", [
        ([1, 2], {"highway": "motorway"}), ([3, 2], {"highway": "residential", "oneway": "-1"}),
        ([3, 4], {"highway": "residential", "junction": "roundabout", "maxspeed": "walk"}),
        ([4, 1], {"highway": "residential"})], SQUARE)
    network = roads.network(path)
    found = roads.minutes(network, spots(1, 2, 4), spots(2, 1, 3), hour=0)
    assert found.diagonal() == pytest.approx([60 / 70, 6.0, 2 + 60 / 70 + 2], abs=0.01)


def test_kilometres_an_hour_are_understood():
    assert roads._limit({"maxspeed": "50"}, "primary") == pytest.approx(31.07, abs=0.01)
    assert roads._limit({"maxspeed": "20 mph"}, "primary") == 20
    for odd in ("", "none", "signals", "0"):
        assert roads._limit({"maxspeed": odd}, "motorway") == 70


@pytest.mark.parametrize("raw", [b"", b"<html>", b"\x00\x00\x00\x0d\x0a\x09OSMHeader", b"junk" * 50])
def test_damaged_extracts_are_refused(tmp_path, raw):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(raw)
    with pytest.raises(SourceError, match="to do"):
        roads.read([path])
    whole = extract(tmp_path / "b.osm.pbf", [([1, 2], {"highway": "footway"})], SQUARE)
    with pytest.raises(SourceError, match="no drivable road"):
        roads.read([whole])
    path.write_bytes(whole.read_bytes()[:-40])
    with pytest.raises(SourceError, match="to do"):
        roads.read([path])


def test_hours_and_classes_slow_the_roads_down():
    line = made([(0, 0), (MILE, 0), (2 * MILE, 0)], [(0, 1, MILE, RESIDENTIAL, 30), (1, 2, MILE, PRIMARY, 30),
                                                     (1, 0, MILE, RESIDENTIAL, 30), (2, 1, MILE, PRIMARY, 30)])
    speeds = Speeds({"primary": 0.5}, tuple(0.8 if hour == 8 else 1.0 for hour in range(24)))
    ends = np.array([(0.0, 0.0)]), np.array([(2 * MILE, 0.0)])
    assert roads.minutes(line, *ends, hour=3)[0, 0] == pytest.approx(4.0)
    assert roads.minutes(line, *ends, hour=3, speeds=speeds)[0, 0] == pytest.approx(6.0)
    assert roads.minutes(line, *ends, hour=8, speeds=speeds)[0, 0] == pytest.approx(7.5)


def test_a_point_far_from_any_road_is_refused_and_a_near_one_pays_its_way():
    line = made([(0, 0), (MILE, 0)], [(0, 1, MILE, RESIDENTIAL, 30), (1, 0, MILE, RESIDENTIAL, 30)])
    near, far = np.array([(0.0, MILE / 10)]), np.array([(0.0, 5_000.0)])
    assert roads.minutes(line, near, np.array([(MILE, 0.0)]), hour=0)[0, 0] == pytest.approx(2.2)
    with pytest.raises(MethodError, match="5000 m from the nearest road"):
        roads.minutes(line, far, near, hour=0)


@pytest.mark.parametrize("speeds", [{"by_hour": (1.0,) * 23}, {"by_hour": (0.0,) * 24}, {"by_class": {"lane": 1.0}}])
def test_speeds_that_are_none(speeds):
    with pytest.raises(CaseError):
        Speeds(**speeds)


@settings(max_examples=30)
@given(size=st.integers(2, 14), seed=st.integers(0, 10_000), hour=st.integers(0, 23))
def test_minutes_are_those_of_networkx(size, seed, hour):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 5_000, (size, 2))
    count = int(rng.integers(1, 4 * size))
    links = [(a, b, float(rng.uniform(10, 3_000)), int(rng.integers(0, len(CLASSES))), float(rng.integers(5, 70)))
             for a, b in rng.integers(0, size, (count, 2))]
    speeds = Speeds({"primary": 0.7, "service": 0.3}, tuple(0.5 + h / 24 for h in range(24)))
    oracle = nx.MultiDiGraph()
    oracle.add_nodes_from(range(size))
    for a, b, metres, kind, mph in links:
        pace = mph * speeds.by_class.get(CLASSES[kind], 1.0) * speeds.by_hour[hour] * MILE / 60
        oracle.add_edge(a, b, weight=metres / pace)
    found = roads.minutes(made(points, links), points, points, hour=hour, speeds=speeds)
    for a, reached in nx.all_pairs_dijkstra_path_length(oracle):
        for b in range(size):
            assert found[a, b] == pytest.approx(reached[b], abs=1e-6) if b in reached else np.isnan(found[a, b])
