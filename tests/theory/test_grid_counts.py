"""Known numbers of ways to divide a squared town, found by both counting methods.

Rook and queen counts: Schutzman and MGGG, "The Known Sizes of Grid Metagraphs", 2018. 7x7 into 7: OEIS A172477.
Tolerance: none, these are whole numbers.
"""

from __future__ import annotations

import pytest

from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import count, counts
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.network import network
from bailiwick.alternatives.rules import Rules
from bailiwick.alternatives.sweep import census

# side, parts: counts for parts of equal size, within 1, 2 and 3 of it, and of any size
KNOWN = {
    (3, 3, False): (10, 58, 170, 226, 258),
    (4, 2, False): (70, 206, 338, 454, 627),
    (4, 4, False): (117, 1953, 8849, 29069, 62741),
    (4, 8, False): (36, 34444, 153094, 251230, 340198),
    (3, 3, True): (36, 224, 622, 746, 782),
    (4, 2, True): (1718, 4690, 6630, 7598, 8171),
    (4, 4, True): (2620, 46456, 222398, 710622, 1130612),
    (4, 8, True): (280, 567725, 2629081, 4262917, 5362109),
}
CASES = [(*key, slack, known[slack]) for key, known in KNOWN.items() for slack in range(5)]


def town(side: int, queen: bool):
    places = [(r, c) for r in range(side) for c in range(side)]
    steps = [(0, 1), (1, 0)] + ([(1, 1), (1, -1)] if queen else [])
    links = [(f"{r}-{c}", f"{r + a}-{c + b}", "land") for r, c in places for a, b in steps if (r + a, c + b) in places]
    return network("town", {f"{r}-{c}": 1 for r, c in places}, links)


def sizes(side: int, parts: int, slack: int) -> Rules:
    if slack == 4:
        return Rules()
    fair = side * side // parts
    return Rules(smallest=max(1, fair - slack), largest=fair + slack)


@pytest.mark.parametrize(("side", "parts", "queen", "slack", "known"), CASES)
def test_the_published_count_comes_out_of_both_methods(side, parts, queen, slack, known):
    graph, rules = town(side, queen), sizes(side, parts, slack)
    assert count(commands(graph, rules), parts) == known
    assert census(graph, rules, most=parts).count(parts) == known


def test_one_run_gives_every_number_of_parts():
    graph = town(4, False)
    everything = counts(map_graph(commands(graph, Rules())))
    swept = census(graph)
    assert everything == {k: swept.count(k) for k in range(1, 17)}
    assert everything[4] == 62741 and everything[1] == 1 and everything[16] == 1


@pytest.mark.parametrize(
    ("side", "known"), [(5, 4006), (6, 451206), pytest.param(7, 158753814, marks=pytest.mark.long)]
)
def test_equal_parts_of_larger_towns(side, known):
    graph, rules = town(side, False), Rules(smallest=side, largest=side)
    assert count(commands(graph, rules), side) == known
    if side < 7:
        assert census(graph, rules, most=side).count(side) == known


def test_cut_borders_of_the_117_maps():
    by_cut = census(town(4, False), Rules(smallest=4, largest=4), most=4, by_cut=True)
    assert {cut: maps for parts, cut, maps in by_cut.cells if parts == 4} == {8: 1, 10: 14, 11: 24, 12: 78}
    assert by_cut.at_most(4, 10) == 15
    mean = sum(cut * maps for _, cut, maps in by_cut.cells) / 117
    assert mean == pytest.approx(11.521368, abs=5e-7)
