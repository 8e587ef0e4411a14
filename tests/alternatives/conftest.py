"""Squared towns, London as a graph, and every map found the slow and obvious way."""

from __future__ import annotations

import csv
import itertools

import networkx as nx
import pytest
from hypothesis import strategies as st

from bailiwick.alternatives.network import Network, network

NO_CROSSING = {
    ("Barking and Dagenham", "Bexley"),
    ("Barking and Dagenham", "Greenwich"),
    ("Bexley", "Havering"),
    ("Lewisham", "Tower Hamlets"),
}


def squares(rows: int, columns: int | None = None, *, queen: bool = False, weights=None) -> Network:
    """A town on squared paper: areas r0c0, r0c1 ... that touch along edges, or corners too."""
    columns = columns or rows
    places = [(r, c) for r in range(rows) for c in range(columns)]
    steps = [(0, 1), (1, 0)] + ([(1, 1), (1, -1)] if queen else [])
    links = [
        (f"r{r}c{c}", f"r{r + a}c{c + b}", "land") for r, c in places for a, b in steps if (r + a, c + b) in places
    ]
    codes = [f"r{r}c{c}" for r, c in places]
    return network("town", dict(zip(codes, weights or [1] * len(codes), strict=True)), links)


def every_map(graph: Network) -> list[tuple[tuple[int, ...], ...]]:
    """Every partition of a small graph into joined-up parts, by asking networkx of every set."""
    g = nx.Graph(list(graph.edges))
    g.add_nodes_from(range(graph.n))
    good = [
        s
        for size in range(1, graph.n + 1)
        for s in itertools.combinations(range(graph.n), size)
        if nx.is_connected(g.subgraph(s))
    ]
    by_first = {i: [s for s in good if s[0] == i] for i in range(graph.n)}

    def fill(left: frozenset[int]):
        if not left:
            yield ()
            return
        for s in by_first[min(left)]:
            if left.issuperset(s):
                for rest in fill(left.difference(s)):
                    yield (s, *rest)

    return list(fill(frozenset(range(graph.n))))


@st.composite
def small_planar_graphs(draw, most: int = 8):
    """A joined-up planar graph: a piece of a squared town, some diagonals, some borders gone, weights of 1 to 9."""
    rows, columns = draw(st.sampled_from([(2, 2), (2, 3), (2, 4), (3, 3)]))
    n = min(rows * columns, most)
    places = [(i // columns, i % columns) for i in range(n)]
    pairs = [
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if abs(places[i][0] - places[j][0]) + abs(places[i][1] - places[j][1]) == 1
    ]
    pairs += [
        (i, i + columns + 1)
        for i in range(n)
        if places[i][1] + 1 < columns and i + columns + 1 < n and draw(st.booleans())
    ]
    kept = [p for p in pairs if draw(st.integers(0, 3)) > 0]
    g = nx.Graph(kept)
    g.add_nodes_from(range(n))
    for pair in pairs:
        if not nx.has_path(g, *pair):
            g.add_edge(*pair)
            kept.append(pair)
    weights = draw(st.lists(st.integers(1, 9), min_size=n, max_size=n))
    names = draw(st.permutations([f"a{i}" for i in range(n)]))
    return network("small", dict(zip(names, weights, strict=True)), [(names[a], names[b], "land") for a, b in kept])


@pytest.fixture(scope="session")
def grid():
    return squares


@pytest.fixture(scope="session")
def brute_force():
    return every_map


@pytest.fixture(scope="session")
def london(shared_data):
    """The 32 boroughs of the Metropolitan Police by residents of 2016: a function of whether crossings count."""
    with (shared_data / "london" / "boroughs.csv").open() as file:
        rows = {r["gss"]: r for r in csv.DictReader(file) if r["name"] != "City of London"}
    with (shared_data / "london" / "borough_adjacency.csv").open() as file:
        pairs = [r for r in csv.DictReader(file) if r["gss_a"] in rows and r["gss_b"] in rows]
    links = [
        (r["gss_a"], r["gss_b"], "land" if r["kind"] == "land" else "crossing")
        for r in pairs
        if r["kind"] == "land" or tuple(sorted((r["a"], r["b"]))) not in NO_CROSSING
    ]

    def made(crossings: bool = False) -> Network:
        return network(
            "london-boroughs",
            {c: int(r["pop_2016"]) for c, r in rows.items()},
            links,
            crossings=crossings,
            names={c: r["name"] for c, r in rows.items()},
            points={c: (float(r["popw_easting"]), float(r["popw_northing"])) for c, r in rows.items()},
        )

    return made


@pytest.fixture(scope="session")
def bcus_of_2018(shared_data):
    """The twelve commands of 2018, each as codes."""
    with (shared_data / "london" / "boroughs.csv").open() as file:
        rows = [(r["bcu_2018"], r["gss"]) for r in csv.DictReader(file) if r["name"] != "City of London"]
    names = sorted({b for b, _ in rows})
    return tuple(sorted(tuple(sorted(c for b, c in rows if b == name)) for name in names))


@pytest.fixture(scope="session")
def planar():
    return small_planar_graphs()
