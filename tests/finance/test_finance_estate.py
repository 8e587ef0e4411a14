"""Which buildings go, when is the saving had, and who may claim it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick.finance.books import books
from bailiwick.finance.estate import holdings, yearly_saving
from bailiwick.finance.figures import estate


def test_a_building_goes_only_with_a_closing_date_and_no_use(case):
    found = {h.site.name: h.state for h in holdings(case, case.scheme.option("proposed"))}
    assert found == {"site A": "kept", "site B": "kept", "site C": "kept", "site D": "released"}
    assert {h.state for h in holdings(case, case.scheme.option("today"))} == {"kept"}


def test_cuts_release_what_needs_no_merger(case):
    merged = yearly_saving(case, case.scheme.option("proposed"))
    assert yearly_saving(case, case.scheme.option("cuts")) == pytest.approx(0.7 * merged)


def test_running_costs_are_saved_from_the_day_it_closes(case):
    lines = [line for line in books(case).account("proposed").lines if line.item == "site.site D.running"]
    assert lines[0].year == "2018-19"
    assert lines[0].amount == pytest.approx(350_000 / 365)
    assert lines[1].amount == pytest.approx(350_000)


def test_a_receipt_is_had_once_when_it_closes(case):
    sold = [line for line in books(case).account("proposed").lines if line.headline == "receipts"]
    assert [(line.year, line.amount) for line in sold] == [("2018-19", 2_000_000)]


def test_a_public_counter_is_another_programmes(case, changed):
    sites = tuple(replace(s, role="counter") if s.closes else s for s in case.scheme.sites)
    counters = changed(case, scheme=replace(case.scheme, sites=sites))
    assert yearly_saving(counters, case.scheme.option("proposed")) == 0


def test_a_new_building_costs_to_run_and_to_fit_out(case, changed):
    sites = tuple(replace(s, opens=date(2018, 6, 1)) if s.name == "site A" else s for s in case.scheme.sites)
    opened = changed(case, scheme=replace(case.scheme, sites=sites))
    (new,) = [h for h in holdings(opened, opened.scheme.option("proposed")) if h.state == "opened"]
    assert new.fit_out == 400_000
    assert yearly_saving(opened, opened.scheme.option("proposed")) == pytest.approx(0.0)
    assert [line for line in books(opened).account("proposed").lines if line.item == "fit-out"]


def test_a_site_may_have_a_price_of_its_own(case, changed):
    own = dict(case.assumptions)
    own["finance.estate.receipt.site_d"] = replace(case.assumptions["finance.estate.receipt"], value=9e6)
    dear = changed(case, assumptions=own)
    (held,) = [h for h in holdings(dear, dear.scheme.option("proposed")) if h.state == "released"]
    assert held.receipt == pytest.approx(4.5e6)


def test_the_table_lists_every_building_under_every_option_but_a_pause(case):
    assert len(estate(case).rows) == 4 * 4
