"""Does the first case's money hold together, and does nothing published after January 2018 get in?"""

from __future__ import annotations

from datetime import date

import pytest

from bailiwick.casefile import load
from bailiwick.finance import CHECKS, MEASURES, TABLES, fits
from bailiwick.finance.books import books
from bailiwick.finance.budget import outlook, series
from bailiwick.findings import by_area


@pytest.fixture(scope="module")
def first():
    return load("south-west-london-2018")


def test_every_check_passes(first):
    assert {c.name for make in CHECKS for c in make(first) if c.passed is not True} == {"What the saving rests on"}


def test_cuts_give_up_constables_where_merging_gives_up_supervisors(first):
    kept = books(first)
    cut, merged = kept.account("cuts"), kept.account("proposed")
    assert cut.saving == pytest.approx(merged.saving, abs=0.01)
    assert 0 < merged.saving_from_merging < merged.saving
    ranks = [post.rank for post in first.scheme.posts]
    for rank, more_in_merged in (("constable", True), ("chief superintendent", False), ("inspector", False)):
        numbers = [sum(n for n, r in zip(a.posts, ranks, strict=True) if r == rank) for a in (cut, merged)]
        assert (numbers[1] > numbers[0]) is more_in_merged


def test_the_published_price_of_a_constable_is_matched(first):
    assert [f.agrees for f in fits(first)] == [True]


def test_the_council_tax_rise_does_not_keep_up_with_prices(first):
    """£12 on 2,803,707 households is £33.6m on £3.269bn, 1.03%, and the grant stays as it is."""
    found = outlook(first)
    assert found is not None
    assert found.precept_rise == pytest.approx(33.64e6, rel=1e-3)
    assert found.without_rise_percent < found.with_rise_percent < 0


def test_nothing_published_later_gets_in(first):
    table = first.tables["budget"]
    assert all(row["published"] <= date(2018, 1, 31) for row in table)
    assert table.hidden >= 3
    assert "2018-19" not in series(table, "precept band D")
    assert series(table, "added funding") == {}
    assert max(r["year"] for r in first.tables["deflators"].where(series="gdp")) == "2016"


def test_in_hindsight_the_budget_rose(first):
    """The Mayor's final budget of February 2018 added £110m; published too late for the appraisal."""
    later = load("south-west-london-2018", as_of=date(2018, 3, 1))
    found = outlook(later)
    assert found is not None
    assert found.cash_change_percent == pytest.approx(3.36, abs=0.01)


@pytest.mark.long
def test_two_hundred_draws_hold_together(first):
    for k in range(first.draws):
        drawn = first.sample(k)
        for measure in MEASURES:
            for option in drawn.scheme.options:
                by_area(drawn, measure, option)
        for _, make in TABLES:
            make(drawn)
        failed = {c.name for make in CHECKS for c in make(drawn) if c.passed is False}
        assert failed <= {"The published cost of a constable is reproduced"}
