"""Surfaces find a planted line and own their error; requests name body, figure and period; no later fact leaks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from bailiwick import casefile, information, surface
from bailiwick.errors import MethodError
from bailiwick.findings import Unknown
from bailiwick.publish.known_lines import compared, news
from bailiwick.surface import Pair


def cubic(case, x, y):
    return x - 2 * y + 0.5 * x * y - 1.0 + 0.1 * y**3


def test_a_surface_through_a_cubic_is_exact_and_where_it_turns_is_confirmed(first):
    pair = Pair("made", "x and y", ("x", "m", 0.0, 4.0), ("y", "m", 0.0, 3.0), ("z", "m"), cubic)
    table = surface.table(first, pair)
    assert len(table.rows) == surface.LINES
    turned = [row for row in table.rows if row[1] is not None]
    assert turned
    for x, y, again, within in turned:
        assert cubic(first, x, y) == pytest.approx(0, abs=1e-6)
        assert again == pytest.approx(0, abs=1e-6)
        assert within
    assert "30 pairs" in table.note


def test_a_surface_through_noise_says_how_far_left_out_pairs_miss():
    rng = np.random.default_rng(3)
    places = rng.random((30, 2))
    values = 5 * places[:, 0] + rng.normal(0, 0.5, 30)
    found = surface.fitted(places, values, ((0.0, 1.0), (0.0, 1.0)))
    assert 0.3 < found.error < 0.8
    assert found(0.5, 0.5) == pytest.approx(2.5, abs=0.5)
    with pytest.raises(MethodError, match="too few"):
        surface.fitted(places[:7], values[:7], ((0.0, 1.0), (0.0, 1.0)))


def test_pairs_without_an_answer_are_counted_and_left_out(first):
    pair = Pair("made", "x and y", ("x", "m", 0.0, 4.0), ("y", "m", 0.0, 3.0), ("z", "m"),
                lambda case, x, y: None if x < 1 else cubic(case, x, y))
    assert "too few cars to work at all" in surface.table(first, pair).note


def test_posts_that_stay_gone_longer_need_be_fewer(first):
    pair = next(p for p in surface.pairs(first) if p.name == "posts_and_years")
    assert pair.ask(first, 0.0, 10.0) < 0 < pair.ask(first, pair.first[3], 10.0)
    found = surface.table(first, pair)
    years = [row[1] for row in found.rows]
    assert all(row[3] for row in found.rows), "each turning point asked again is nought within the error"
    assert years == sorted(years, reverse=True)


def unknown(title: str, unit: str, holder: str) -> Unknown:
    return Unknown("a.b", title, "why", holder, unit, 1.0, 0.0, 2.0, None, 0.25)


def test_a_request_names_body_figure_unit_places_and_period(first):
    asked = information.requests(first, (
        unknown("Sergeants of a borough today", "posts per borough", "Metropolitan Police, human resources"),
        unknown("Yearly pay of a constable, mean", "GBP a year, 2017-18 prices", "Home Office"),
        unknown("Cars on duty in Kingston upon Thames over its share", "ratio", "The police force, duty rosters"),
        unknown("IT cost of the programme", "GBP", ""),
    ))
    told = [dict(zip(asked.columns, row, strict=True)) for row in asked.rows]
    assert told[0]["body"] == "the Metropolitan Police"
    assert told[0]["part"] == "human resources"
    assert "section 1 of the Freedom of Information Act 2000" in told[0]["request"]
    assert "sergeants of a borough today, in posts per borough, for each of Kingston upon Thames, Merton" in \
        told[0]["request"]
    assert "as it stood on 31 January 2018" in told[0]["request"]
    assert "for the financial year 2016-17 and for 2017-18 so far" in told[1]["request"]
    assert told[2]["places"] == "", "the figure names its own place"
    assert "IT cost of the programme" in told[3]["request"], "capitals that belong to a word stay"
    assert all(row["settles"] == 0.25 for row in told)


def test_every_unknown_of_the_first_case_can_be_asked_for(first):
    guesses = [a for a in first.assumptions.values() if a.kind == "guess" and a.control == "fact"]
    asked = information.requests(first, [unknown(a.title, a.unit, a.holder) for a in guesses])
    for row in asked.rows:
        assert all(row[asked.columns.index(key)] for key in ("body", "figure", "unit", "period", "request"))


def test_what_became_known_lies_between_the_days_and_nothing_later_is_seen_before():
    days = [date(2018, 1, 31), date(2018, 2, 13), date(2018, 3, 31)]
    cases = [casefile.load("south-west-london-2018", as_of=day) for day in days]
    for before, after in pairwise(cases):
        found = news(before, after)
        assert found
        assert all(before.as_of < date.fromisoformat(one.day) <= after.as_of for one in found)
    for case in cases:
        latest = [row["published"] for table in case.tables.values() for row in table]
        assert max(latest) <= case.as_of
        assert all(claim.when <= case.as_of for claim in case.claims)
    lines, data = compared(cases, {})
    text = "\n".join(lines)
    assert "12 February 2018  gates: Decision by the Mayor's Office" in text
    first, later = text.index("Became known after 31 January 2018"), text.index("Became known after 13 February 2018")
    assert all(first < text.index(name) < later for name in ("programme_posts", "programme_saving_as_told"))
    assert text.index("programme_saving_a_year") > later
    assert [d["verdict"] for d in data["dates"]] == [None] * 3
    assert sum("not appraised yet" in line for line in lines) == 3


def test_the_day_before_a_figure_is_printed_it_is_not_known():
    for table, name, day in (("figures", "programme_posts", date(2018, 2, 13)),
                             ("figures", "programme_saving_a_year", date(2018, 3, 23))):
        eve = casefile.load("south-west-london-2018", as_of=day - timedelta(days=1))
        on = casefile.load("south-west-london-2018", as_of=day)
        assert not eve.tables[table].where(id=name)
        assert on.tables[table].where(id=name)
