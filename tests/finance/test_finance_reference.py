"""Does the outside view stand beside the plan: other mergers' costs, and what the saving rests on?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick import casefile
from bailiwick.finance import checks
from bailiwick.finance.books import books
from bailiwick.finance.figures import posts_by_rank
from bailiwick.finance.reference import reference_class
from bailiwick.tables import SCHEMAS, Table


def told(*given: tuple[str, str, float]) -> Table:
    blank = dict.fromkeys(SCHEMAS["figures"].names)
    return Table(SCHEMAS["figures"], tuple(
        {**blank, "id": str(n), "topic": topic, "subject": subject, "value": value, "source": "a paper"}
        for n, (topic, subject, value) in enumerate(given)))


def test_costs_are_paired_with_what_they_are_measured_by(case, changed):
    figures = told(("merger cost", "X", 50.0), ("merger saving", "X", 20.0), ("merger cost", "Y", 5.0),
                   ("merger exit", "X", 3.0), ("merger budget", "X", 150.0), ("merger saving", "Z", 0.0))
    rows = reference_class(changed(case, tables={**case.tables, "figures": figures})).rows
    assert [row[:5] for row in rows[:2]] == [("X", "to set up", 50.0, 20.0, 2.5), ("X", "to undo", 3.0, 150.0, 2.0)]
    kept = books(case)
    own = {row[1]: row[4] for row in rows if row[0] == "this proposal"}
    assert own["to set up"] == pytest.approx(kept.one_off("proposed") / kept.account("proposed").saving, abs=0.005)
    assert own["to undo"] == pytest.approx(100 * kept.account("proposed").exit / kept.today_cost, abs=0.005)


def test_the_proposal_is_set_only_beside_what_others_published(case, changed):
    figures = told(("merger cost", "X", 50.0), ("merger saving", "X", 20.0))
    rows = reference_class(changed(case, tables={**case.tables, "figures": figures})).rows
    assert [row[1] for row in rows] == ["to set up"] * 2
    assert reference_class(case).rows == ()


def test_on_the_day_of_the_first_case_scotland_was_known_and_the_rest_came_later():
    january = reference_class(casefile.load("south-west-london-2018"))
    assert [(row[0], row[4]) for row in january.rows][:1] == [("Police Scotland", 1.07)]
    assert {row[0] for row in january.rows} == {"Police Scotland", "this proposal"}
    later = reference_class(casefile.load("south-west-london-2018", as_of=date(2020, 4, 1)))
    found = {(row[0], row[1]): row[4] for row in later.rows}
    assert found["Warwickshire and West Mercia", "to undo"] == 3.5
    assert found["Devon and Cornwall with Dorset", "to set up"] == pytest.approx(3 / 7, abs=0.005)
    assert ("this proposal", "to undo") in found


def test_a_saving_on_guessed_posts_is_told_with_its_pounds(case, changed):
    (guessed,) = checks.savings_rest_on(case)
    assert guessed.passed is None
    assert f"{books(case).account('proposed').saving:,.0f}" in guessed.text
    known = {name: replace(a, kind="data") for name, a in case.assumptions.items()}
    sites = changed(case, assumptions=known, scheme=replace(case.scheme, sites=()))
    assert "published numbers" in checks.savings_rest_on(sites)[0].text
    assert {row[-1] for row in posts_by_rank(case).rows} == {"a guess"}
    assert {row[-1] for row in posts_by_rank(sites).rows} == {"a published figure"}
