"""How fast is the alternatives room beside its peers? Ratios in one run, CPU seconds of one process.

    python benchmarks/alternatives.py [--gerrychain PYTHON] [--steps N]

GerryChain is not among the project's packages: install it into an environment of its own and name that Python.
Graphillion is a test package. What is missing is said and left out. Ward and LSOA borders come from the real boundary
files where they stand beside the checkout (residents of Census 2011, the banks of the Thames joined at their nearest
pairs), else from squared towns of the same size.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from bailiwick import catalogue
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import counts
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import CUT_BORDERS, SUM_OF_DEVIATIONS, WORST_DEVIATION, plain_measures
from bailiwick.alternatives.network import Network, network, network_of
from bailiwick.alternatives.optimum import optimum
from bailiwick.alternatives.recombine import ChainLaw, chain, first_map
from bailiwick.alternatives.rules import Rules, window_bounds, within
from bailiwick.alternatives.sweep import census
from bailiwick.alternatives.walk import walk

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "london"
K = 12

GERRYCHAIN = """
import json, sys, time
import networkx as nx
from functools import partial
from gerrychain import Graph, MarkovChain, Partition, accept, constraints, updaters
from gerrychain.proposals import recom
told = json.load(sys.stdin)
g = nx.Graph([tuple(e) for e in told["edges"]])
for v, w in enumerate(told["weights"]):
    g.nodes[v]["pop"] = w
ups = {"population": updaters.Tally("pop", alias="population"), "cut_edges": updaters.cut_edges}
start = Partition(Graph.from_networkx(g), {v: p for v, p in enumerate(told["start"])}, ups)
target = sum(told["weights"]) / told["k"]
move = partial(recom, pop_col="pop", pop_target=target, epsilon=told["window"], rng=2018)
fair = constraints.within_percent_of_ideal_population(start, told["window"])
run = MarkovChain(move, [fair], accept.always_accept, start, told["steps"])
begin, n, cut = time.process_time(), 0, 0
for plan in run:
    n += 1
    cut += len(plan["cut_edges"])
print(json.dumps({"rate": n / (time.process_time() - begin), "cut": cut / n}))
"""


def boroughs(crossings: bool) -> Network:
    system = catalogue.area_system("london-boroughs")
    codes = [a.code for a in system.areas if a.force != "City of London Police"]
    return network_of(system, crossings=crossings, codes=codes)


def squares(rows: int, columns: int) -> Network:
    rng = np.random.default_rng(1)
    places = [(r, c) for r in range(rows) for c in range(columns)]
    links = [
        (f"{r:03d}-{c:03d}", f"{r + a:03d}-{c + b:03d}", "land")
        for r, c in places for a, b in ((0, 1), (1, 0)) if r + a < rows and c + b < columns
    ]
    return network("squares", {f"{r:03d}-{c:03d}": int(rng.integers(1000, 2500)) for r, c in places}, links)


def small_areas(file: str, keys: tuple[str, str], table: str, weight: str) -> Network | None:
    """The graph of wards or LSOAs: areas touch when outlines share a side; pieces are joined at nearest pairs."""
    shapes = SHARED / file
    if not shapes.is_file():
        return None
    with (SHARED / table).open() as rows:
        facts = {r[keys[1]]: r for r in csv.DictReader(rows)}
    sides: dict[tuple, list[str]] = {}
    for feature in json.loads(shapes.read_text())["features"]:
        code = feature["properties"][keys[0]]
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            for p, q in pairwise(ring):
                sides.setdefault(tuple(sorted((tuple(p), tuple(q)))), []).append(code)
    pairs = {tuple(sorted(set(c))) for c in sides.values() if len(set(c)) == 2}
    points = {c: (float(facts[c]["easting"]), float(facts[c]["northing"])) for c in facts}
    weights = {c: int(facts[c][weight]) for c in facts}
    links = [(a, b, "land") for a, b in sorted(pairs)]
    while True:
        graph = network(file.split("_")[0], weights, links, points=points)
        pieces = sorted(graph.pieces(), key=len)
        if len(pieces) == 1:
            return graph
        at = np.array(graph.points)
        inside = np.array(pieces[0])
        outside = np.setdiff1d(np.arange(graph.n), inside)
        apart = np.hypot(*(at[inside, None] - at[None, outside]).transpose(2, 0, 1))
        i, j = np.unravel_index(apart.argmin(), apart.shape)
        links.append((graph.codes[inside[i]], graph.codes[outside[j]], "land"))


def seconds(job, least: float = 0.2) -> float:
    """CPU seconds of one call: the mean over as many calls as fill `least` seconds, after one call to compile."""
    job()
    done, begin = 0, time.process_time()
    while time.process_time() - begin < least:
        job()
        done += 1
    return (time.process_time() - begin) / done


def recom(title: str, graph: Network, window: Fraction, steps: int, peer: str | None) -> float | None:
    low, high = window_bounds(graph.total, K, window)
    law = ChainLaw("new_pair", low, high)
    start = first_map(graph, K, law, np.random.default_rng(1))
    chain(graph, start, law, np.random.default_rng(2), 50)
    ours = []
    for seed in range(3):
        begin = time.process_time()
        chain(graph, start, law, np.random.default_rng(seed), steps)
        ours.append(steps / (time.process_time() - begin))
    rate = sorted(ours)[1]
    line = f"ReCom, {title} ({graph.n} areas, {len(graph.edges)} borders, ±{float(window):.0%}): {rate:,.0f} steps/s"
    theirs = None
    if peer:
        told = {
            "edges": graph.edges, "weights": graph.weights, "start": start.tolist(), "k": K, "window": float(window),
            "steps": max(60, min(3000, 300_000 // graph.n)),
        }
        call = [peer, "-W", "ignore", "-c", GERRYCHAIN]
        done = subprocess.run(call, input=json.dumps(told), capture_output=True, text=True, check=False)
        if done.returncode:
            line += f"; GerryChain failed: {done.stderr.strip().splitlines()[-1]}"
        else:
            theirs = json.loads(done.stdout)["rate"]
            line += f"; GerryChain {theirs:,.0f} steps/s: {rate / theirs:,.0f} times"
    print(line)
    return theirs


def graphillion_set(graph: Network):
    try:
        from graphillion import GraphSet
    except ImportError:
        return None
    from bailiwick.alternatives.order import cheapest_order

    place = {v: n for n, v in enumerate(cheapest_order(graph.adjacency()))}
    GraphSet.set_universe(sorted(tuple(sorted((place[a], place[b]))) for a, b in graph.edges), traversal="as-is")
    return GraphSet


def counting(graph: Network) -> float | None:
    ours = seconds(lambda: census(graph, most=K))
    sets = graphillion_set(graph)
    line = f"Count of all maps into {K}, crossings: {census(graph, most=K).count(K):,} in {ours:.3f} s"
    iterated = None
    if sets is not None:
        begin = time.process_time()
        found = sets.partitions(num_comp_lb=K, num_comp_ub=K)
        theirs = time.process_time() - begin
        line += f"; Graphillion {theirs:.3f} s: {ours / theirs:.2f} times its time"
        begin, n = time.process_time(), 0
        for _ in found:
            n += 1
            if n == 200_000:
                break
        iterated = n / (time.process_time() - begin)
    print(line)
    return iterated


def walking(graph: Network, gerrychain: float | None, graphillion: float | None) -> None:
    rules = within(Rules(), graph, K, Fraction(2, 5))
    table = plain_measures(commands(graph, rules), K)
    where = map_graph(table, [K])
    names = [c.name for c in table.columns][:5]
    small = map_graph(plain_measures(commands(graph, within(Rules(), graph, K, Fraction(1, 5))), K), [K])
    walk(small, K, names)
    begin = time.process_time()
    found = walk(where, K, names)
    rate = found.maps / (time.process_time() - begin)
    line = f"Walk of {found.maps:,} maps, {len(names)} measures: {rate / 1e6:.1f} million maps/s"
    if gerrychain:
        line += f"; {rate / gerrychain:,.0f} times GerryChain's steps"
    if graphillion:
        line += f"; {rate / graphillion:,.0f} times Graphillion's iteration ({graphillion:,.0f} maps/s)"
    print(line)
    pair = [CUT_BORDERS, WORST_DEVIATION]
    exact = seconds(lambda: frontier(where, K, pair))
    begin = time.process_time()
    walk(where, K, pair)
    share = exact / (time.process_time() - begin)
    print(f"Frontier of two measures over the same maps: {exact:.3f} s, {share:.4f} of the walk's time")


def proving(graph: Network, title: str) -> None:
    for cap in (5, 6):
        table = plain_measures(commands(graph, Rules(largest=cap)), K)
        for name in (SUM_OF_DEVIATIONS, CUT_BORDERS, WORST_DEVIATION):
            begin = time.process_time()
            proof = optimum(table, K, name)
            spent = time.process_time() - begin
            print(f"Best {name}, {title}, up to {cap} boroughs: {proof.value:g}, {proof.told()}, {spent:.2f} s")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--gerrychain", help="a Python that has GerryChain 1.0")
    options.add_argument("--steps", type=int, default=400_000, help="steps of our chain at borough scale")
    asked = options.parse_args()
    if not asked.gerrychain:
        print("GerryChain is missing: its ratios are left out (--gerrychain PYTHON)")
    land, both = boroughs(False), boroughs(True)
    if graphillion_set(both) is None:
        print("Graphillion is missing: its ratios are left out")
    listing = seconds(lambda: commands(both, Rules(largest=6)))
    print(f"Listing {len(commands(both, Rules(largest=6))):,} commands of up to 6 boroughs: {listing * 1000:.2f} ms")
    iterated = counting(both)
    stepped = recom("boroughs", both, Fraction(1, 2), asked.steps, asked.gerrychain)
    walking(both, stepped, iterated)
    table = commands(both, within(Rules(), both, K, Fraction(1, 2)))
    spent = seconds(lambda: counts(map_graph(table, [K])))
    print(f"Count within ±50% through the table: {counts(map_graph(table, [K]))[K]:,} in {spent:.3f} s")
    for graph, title in ((land, "land"), (both, "crossings")):
        proving(graph, title)
    people = "usual_residents_2011"
    wards = small_areas("wards_pre2014_simplified.geojson", ("gss", "ward_code"), "wards_points.csv", people)
    recom("wards", wards or squares(25, 26), Fraction(1, 10), asked.steps // 20, asked.gerrychain)
    lsoas = small_areas("lsoa_2011_simplified.geojson", ("lsoa11cd", "lsoa11cd"), "lsoa_2011.csv", people)
    recom("LSOAs", lsoas or squares(70, 69), Fraction(1, 10), asked.steps // 200, asked.gerrychain)


if __name__ == "__main__":
    main()
