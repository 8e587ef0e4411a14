"""Charts and maps: the same bytes every time, names that never clash, London with its river, commands told apart."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from math import dist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import catalogue
from bailiwick.publish import charts, maps
from bailiwick.publish.bound import Book
from bailiwick.publish.page import Figure

SCRIPT = """
import hashlib
from bailiwick.publish import charts
rows = [{"at": str(y), "name": n, "value": float(y), "low": 0.0, "high": 9.0} for n in ("a", "b") for y in range(5)]
drawing = charts.drawn("x", charts.lines(rows, "t", "GBP", names=["a", "b"], zero=True))
print(hashlib.sha256((drawing.wide + drawing.narrow).encode()).hexdigest())
"""


def test_a_chart_has_the_same_bytes_in_every_process_and_under_every_hash_seed():
    digests = {
        subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
                       env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "7")
    }
    assert len(digests) == 1


def test_names_inside_two_charts_never_clash():
    rows = [{"name": "a", "before": 1.0, "after": 2.0}]
    one, two = (charts.drawn(name, charts.dumbbell(rows, "km", "km")) for name in ("one", "two"))
    ids = [set(re.findall(r'id="([^"]+)"', str(svg))) for svg in (one.wide, one.narrow, two.wide, two.narrow)]
    assert sum(map(len, ids)) == len(set().union(*ids))
    for svg in (one.wide, two.narrow):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'id="([^"]+)"', svg))
        assert "style=" not in svg
        assert "<script" not in svg


def test_labels_that_hold_markup_are_escaped():
    drawing = charts.drawn("x", charts.dumbbell([{"name": "<b>&amp", "before": 1.0, "after": 2.0}], "km", "km"))
    assert "<b>" not in drawing.wide


def test_more_than_four_categories_are_refused():
    names = list("abcde")
    with pytest.raises(ValueError, match="four at most"):
        charts.lines([], "t", "km", names=names)
    with pytest.raises(ValueError, match="four at most"):
        charts.bars([], "t", "km", names=names)


@pytest.mark.parametrize("unit", ["GBP", "share", "km", "people"])
def test_every_kind_of_chart_draws_negative_zero_and_huge_values(unit):
    rows = [{"name": n, "value": v, "low": v - 1, "high": v + 1, "focus": "no"}
            for n, v in (("a", -3e9), ("b", 0.0), ("c", 4e10))]
    assert "<svg" in charts.drawn("r", charts.ranges(rows, "x", unit)).wide


def test_a_gauge_marks_the_value_and_the_turning_point_only_where_there_is_one():
    assert "<path" in charts.gauge(0.0, 10.0, 5.0, 7.0)
    assert "<path" not in charts.gauge(0.0, 10.0, 5.0, None)
    assert 'cx="75.0"' in charts.gauge(0.0, 10.0, 5.0, None)
    assert "<circle" in charts.gauge(2.0, 2.0, 2.0, None)


def test_a_figure_without_words_for_it_is_refused(document):
    with pytest.raises(ValueError, match="alt text"):
        Figure("x", charts.Markup("A"), "", charts.Markup(""), charts.Markup(""), "too short", charts.Markup(""), None)


points = st.tuples(st.integers(0, 60).map(float), st.integers(0, 60).map(float))


@given(st.lists(points, min_size=2, max_size=9, unique=True))
def test_grown_cells_hold_their_own_point_and_share_out_the_whole_frame(sites):
    named = {str(i): site for i, site in enumerate(sites)}
    grown = maps.cells(named)

    def area(polygon):
        return abs(maps._doubled(polygon)) / 2

    frame = maps._around(named)
    assert sum(area(cell) for cell in grown.values()) == pytest.approx(area(frame))
    for code, cell in grown.items():
        for corner in cell:
            assert min(named, key=lambda other: dist(named[other], corner)) == code or dist(
                named[code], corner) == pytest.approx(min(dist(site, corner) for site in sites))


def test_the_outline_of_two_squares_leaves_their_common_side_out():
    left, right = [(0, 0), (1, 0), (1, 1), (0, 1)], [(1, 0), (2, 0), (2, 1), (1, 1)]
    sides = maps.outline([left, right])
    assert len(sides) == 6
    assert ((1.0, 0.0), (1.0, 1.0)) not in sides


def test_each_command_has_its_letter_and_a_list_says_where_it_is_run_from(document):
    book = Book(document)
    today, proposed = book.of_kind("today"), book.of_kind("proposed")
    assert maps.lettered(today) == {"T1": "A", "T2": "B", "T4": "C", "T5": "D"}
    assert set(maps.lettered(proposed).values()) == {"A"}
    assert len(maps.legend(book, today)) == 4
    redesigned = maps.legend(book, book.of_kind("redesigned"))
    assert "chosen by rule" in redesigned[1]
    shapes = maps.outlines(book)
    assert shapes.approximate
    svg = maps.command_map(book, shapes, today)
    assert svg.count('class="hq"') == 4
    assert svg.count('class="letter"') == 4
    assert svg.count('class="edge"') == 4
    assert len(set(re.findall(r'fill="(#\w+)"', svg))) >= 4


def test_london_looks_like_london_with_its_river(document):
    system = catalogue.area_system("london-boroughs", date(2018, 1, 31))
    four = ["E09000021", "E09000024", "E09000027", "E09000032"]
    areas = [{"code": a.code, "name": a.name, "easting": a.easting, "northing": a.northing} for a in system.areas]
    option = {"name": "proposed", "kind": "proposed", "commands": [four],
              "run_from": [{"areas": four, "headquarters": None}]}
    book = Book({**document, "options": [option],
                 "case": {**document["case"], "system": "london-boroughs", "areas": areas, "scope": four}})
    shapes = maps.outlines(book)
    assert not shapes.approximate
    assert len(shapes.areas) == 33
    assert shapes.river
    small, big = maps.locator(book, shapes), maps.command_map(book, shapes, option)
    assert small.count('class="in"') == 4
    assert small.count('class="out"') == 29
    assert 'class="water"' in small
    assert 'class="water"' in big
    assert "Wandsworth" in big
