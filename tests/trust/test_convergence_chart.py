"""The picture of settling ranges says what its rows say, in order of the sets counted."""

from __future__ import annotations

import re

import pytest

from bailiwick.publish import convergence_chart
from bailiwick.publish.bound import Book

COLUMNS = ["headline", "title", "unit", "sets", "with_a_number", "median", "low", "high", "share_that_pass"]
STEPS = (6, 12, 17, 23, 28)


def book(lows: tuple[float, ...]) -> Book:
    rows = [["finance.x", "Yearly saving", "GBP a year", n, n, 5e6, low, 9e6, 0.0]
            for n, low in zip(STEPS, lows, strict=True)]
    rows += [["spare.y", "Points to spare: calls, within the hour", "points", 28, 0, None, None, None, 0.0]]
    return Book({"findings": [], "options": [], "measures": {}, "case": {"areas": []}, "tables": {"convergence": {
        "columns": COLUMNS, "units": [""] * 9, "rows": rows, "title": "t", "note": ""}}})


@pytest.mark.parametrize(("lows", "said"), [
    ((1e6, 2e6, 3.0e6, 3.1e6, 3.2e6), "has settled"), ((1e6, 2e6, 3.0e6, 2.5e6, 2.0e6), "still moves"),
])
def test_the_headline_says_whether_the_range_still_moves_and_the_table_holds_each_step(lows, said):
    (figure,) = convergence_chart.figures(book(lows))
    assert said in figure.headline
    assert said in figure.alt
    assert "£9.0 million" in figure.alt
    assert [re.sub(r"<.*?>", "", row[1]) for row in figure.table.body] == [str(n) for n in STEPS]
    places = [figure.wide.index(f">{n}</text>") for n in STEPS]
    assert places == sorted(places), "6 comes before 12"


def test_without_numbers_there_is_no_picture():
    empty = book((1e6,) * 5)
    empty.tables["convergence"]["rows"] = empty.tables["convergence"]["rows"][-1:]
    assert convergence_chart.figures(empty) == ()
