"""What buys back lost response, at what price, and what may be said of one ward?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bailiwick.response import Regime, groundwork, levers, restore, service, wards
from bailiwick.response.runs import simulate
from bailiwick.response.statistics import measured, response_minutes

KNOWN = levers.known
COST = {"constable": 50_000.0, "inspector": 80_000.0, "staff": 40_000.0}


@pytest.fixture(scope="module")
def posts(case):
    return {o.name: dict.fromkeys(case.scheme.scope, 99.0 if o.name == "cuts" else 110.0) for o in case.scheme.options}


@pytest.fixture(scope="module")
def few(case):
    """Three levers: none, one that is priced by its seats, one whose price is not known."""
    keep = (levers.PLAIN, "one more dispatcher at work", "investigations handed over")
    levers._tried.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(levers, "known", lambda c, o: tuple(r for r in KNOWN(c, o) if r.label in keep))
        yield patch
    levers._tried.cache_clear()


def test_every_kind_of_lever_is_tried_and_each_differs_from_the_proposal(case):
    option = case.scheme.option("proposed")
    found = KNOWN(case, option)
    assert found[0].label == levers.PLAIN
    assert len({lever.label for lever in found}) == len(found) == 11
    for lever in found[1:]:
        assert lever.model or lever.adjust
    seats = {lever.label: (lever.dispatchers, lever.inspectors) for lever in found}
    assert seats["one more dispatcher at work"] == (1, 0)
    assert seats["a channel and an inspector for each area"] == (3, 3)
    told = {value for lever in found for value in lever.model.values() if isinstance(value, str)}
    assert {"own-first", "dedicated", "to-demand-with-floor", "by-area"} <= told


def test_handing_investigations_over_is_worth_officers_and_is_not_priced(case, posts, few):
    rows = {row[0]: row for row in levers.levers(case, posts).rows}
    assert rows[levers.PLAIN][4] == 0.0
    assert rows["investigations handed over"][4] > 5
    assert rows["investigations handed over"][2] > rows[levers.PLAIN][2]
    priced = {row[0]: row for row in levers.buy_back(case, posts, COST).rows if row[1] == "scheme"}
    assert priced["investigations handed over"][5:7] == (None, None)


def test_the_price_is_officers_and_the_lever_s_own_seats_and_areas_share_the_officers(case, posts, few):
    table = levers.buy_back(case, posts, COST)
    scheme = {row[0]: row for row in table.rows if row[1] == "scheme"}
    desk = scheme["one more dispatcher at work"]
    assert desk[5] == case.value("response.restore.posts_per_seat") * COST["staff"]
    for name, row in scheme.items():
        areas = [r for r in table.rows if r[0] == name and r[1] != "scheme"]
        assert [r[1] for r in areas] == list(case.scheme.scope)
        assert sum(r[4] for r in areas) == pytest.approx(row[4])
        assert row[2:4] == (min(r[2] for r in areas), min(r[3] for r in areas))
        if row[6] is not None:
            assert row[6] == pytest.approx(row[4] * COST["constable"] + row[5])
    cheapest = [row for row in scheme.values() if row[7]]
    assert [row[6] for row in cheapest] == [min(row[6] for row in scheme.values() if row[6] is not None)]


def test_a_restoration_tells_the_change_of_each_area_without_officers(case, posts):
    found = restore.restoration(case, case.scheme.option("proposed"), posts)
    before = service.asked(case, case.scheme.option("today"), posts)
    after = service.asked(case, case.scheme.option("proposed"), posts)
    assert np.array(found.change) == pytest.approx(after.share() - before.share())
    assert sum(found.shares) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def two(case):
    """Today and the proposal alone."""
    kept = tuple(o for o in case.scheme.options if o.name in ("today", "proposed"))
    return replace(case, scheme=replace(case.scheme, options=kept), content="today and proposed")


def test_a_ward_has_a_share_only_where_chance_leaves_ten_points(two, posts):
    table = wards.by_ward(two, posts)
    points = sum(len(two.system.area(code).points) for code in two.scheme.scope)
    assert len(table.rows) == 2 * 2 * points
    for row in table.rows:
        if row[5] is not None:
            assert row[6] <= row[5] <= row[7]
            assert row[7] - row[6] <= wards.WIDEST
        if row[9] is not None:
            assert row[10] <= row[9] <= row[11]
            assert row[11] - row[10] <= wards.WIDEST + 1e-9
        assert row[0] == "proposed" or row[9] is None
    shown = sum(row[5] is not None for row in table.rows)
    assert 0 < shown < len(table.rows)
    assert f"({len(table.rows) - shown} of {len(table.rows)} shares)" in table.note


def test_wards_add_up_to_their_area(two, posts):
    """Shares weighted by calls, hidden ones counted afresh, give the share of the area."""
    ground = service.scene(two, service.steady(two))
    today = groundwork.today_of(two)
    records, _, _ = service.recorded(two, today, ground, service.cars_of(two, today, ground, np.ones(4)))
    outcome = service.asked(two, today, posts)
    rows = [r for r in wards._rows_of(two, today, records, None) if r[4] == "immediate"]
    for k, code in enumerate(two.scheme.scope):
        assert sum(r[8] for r in rows if r[1] == code) == outcome.calls[:, k, 0].sum()
    first = next(r for r in rows if r[5] is not None)
    mine = [p.code for code in two.scheme.scope for p in two.system.area(code).points].index(first[2])
    kept = measured(records) & (records.point == mine) & (records.grade == 0)
    assert first[5] == pytest.approx(100 * (response_minutes(records)[kept] <= 15).mean())


def test_a_paired_change_is_zero_with_itself_and_turns_round(town, make_calls):
    calls = make_calls(town, weeks=0.5)
    one, other = simulate(town, Regime(), calls), simulate(town, Regime(dispatch="strict"), calls)
    points = len(town.point_area)
    assert np.nanmax(np.abs(wards.paired_change(one, one, points)[0])) == 0
    there, back = wards.paired_change(one, other, points), wards.paired_change(other, one, points)
    np.testing.assert_allclose(there[0], -back[0], atol=1e-12)
    finite = np.isfinite(there[1])
    np.testing.assert_allclose(there[1][finite], -back[2][finite], atol=1e-12)
