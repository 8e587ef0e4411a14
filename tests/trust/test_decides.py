"""What decides is found where it was planted, and not where chance put it; ranges that still move are said to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import contrast, decides, headlines, learning, ruling, sensitivity
from bailiwick.contrast import Search
from bailiwick.decides import fitted_line

DESK = "response.desk.minutes"
CARS = "response.cars_on_duty.today"


def rows(table, **wanted):
    told = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return [row for row in told if all(row[key] == value for key, value in wanted.items())]


def test_every_accepted_set_is_told_with_what_it_assumes_and_whether_it_passes(planted):
    draws = planted(lambda v: 1.5 - v[DESK], lambda v: 9.0 - v[CARS])
    table = decides.accepted_sets(draws)
    passing = ruling.passing(draws.case, draws, "proposed")
    assert len(table.rows) == 40
    for k, row in enumerate(rows(table)):
        assert row["passes"] == passing[k] == (row[DESK] < 1.5 and row[CARS] <= 9.0)
        assert row["finance.service_neutral_saving"] == pytest.approx(1.5 - row[DESK])
        assert row["spare.response.significant_in_target"] == pytest.approx(9.0 - row[CARS])
        assert row["worst.response.immediate_in_target"] in draws.case.scheme.scope
    assert 0 < sum(passing) < 40


def test_a_saturated_set_has_no_spare_points_and_does_not_pass(planted):
    draws = planted(lambda v: 1.0, lambda v: None if v[CARS] < 9 else 1.0)
    for row in rows(decides.accepted_sets(draws)):
        assert (row["spare.response.immediate_in_target"] is None) == (row[CARS] < 9)
        assert row["passes"] == (row[CARS] >= 9)


def test_a_planted_switching_value_is_found_by_the_fitted_line_and_nothing_else_is(planted):
    draws = planted(lambda v: 1e6 * (1.4 - v[DESK]))
    mine = rows(decides.what_decides(draws), headline="finance.service_neutral_saving")
    assert [row["assumption"] for row in mine] == [DESK]
    assert mine[0]["turns_at"] == pytest.approx(1.4, abs=0.01)
    assert (mine[0]["at_from"], mine[0]["at_to"]) == (pytest.approx(9e5, rel=0.01), pytest.approx(-1.1e6, rel=0.01))
    assert mine[0]["method"] == "fitted"


def test_money_is_asked_at_both_ends_of_what_moves_it_most_and_the_longest_bar_comes_first(planted, first):
    table = decides.what_decides(planted(lambda v: 1.0))
    for key in headlines.WITHOUT_SERVICE:
        mine = rows(table, headline=key)
        assert 1 < len(mine) <= decides.TOP
        assert [row["swing"] for row in mine] == sorted((row["swing"] for row in mine), reverse=True)
        assert all(row["method"] == "one at a time" for row in mine)
    row = rows(table, headline="finance.saving_from_merging")[0]
    low = first.assume(row["assumption"], row["from"])
    told = decides.number_of(low, "finance.saving_from_merging/proposed/scheme")
    assert row["at_from"] == pytest.approx(told, abs=0.5)


def test_chance_draws_no_line_through_noise():
    rng = np.random.default_rng(1)
    drawn = [fitted_line(rng.random(28), rng.normal(size=28), 146) for _ in range(400)]
    assert sum(line is not None for line in drawn) <= 3
    line = fitted_line(np.arange(20.0), 3.0 - np.arange(20.0), 146)
    assert (line.begin, line.slope, line.share) == pytest.approx((3.0, -1.0, 1.0))
    assert line.zero(0, 20) == pytest.approx(3.0)
    assert line.zero(4, 20) is None
    assert fitted_line(np.arange(5.0), np.arange(5.0), 1) is None, "five points are too few"
    assert fitted_line(np.ones(20), np.arange(20.0), 1) is None


def test_convergence_tells_each_range_at_growing_numbers_of_sets_and_whether_it_moves(planted):
    table = decides.convergence(planted(lambda v: v[DESK]))
    mine = rows(table, headline="finance.net_present_value")
    assert [row["sets"] for row in mine] == [8, 16, 24, 32, 40]
    assert all(row["low"] <= row["median"] <= row["high"] for row in mine)
    before = ("a", "", "", 3, 3, 1, 0.0, 1.0, 0)
    assert "still moving" in decides.settled_note([before, ("a", "", "", 9, 9, 1, 0.0, 2.0, 0)])
    assert "settled" in decides.settled_note([before, ("a", "", "", 9, 9, 1, 0.0, 1.01, 0)])
    assert decides.settled_note([]) == "No headline has a number."


def test_learning_one_planted_figure_settles_and_others_do_not(planted):
    """Below 1.2 minutes everything is well; above it the money is lost: nine tenths of most fifths agree."""
    draws = planted(lambda v: 1.0 if v[DESK] < 1.2 else -1.0, lambda v: 1.0, sets=60)
    shares = learning.settles(draws)
    assert shares[DESK] >= 0.6
    assert sum(share > 0 for share in shares.values()) <= 2
    table = learning.table(draws, shares)
    fifths = rows(table, assumption=DESK)
    assert (fifths[0]["answer"], fifths[-1]["answer"]) == ("worthwhile", "not worthwhile")
    assert learning.best_to_learn(draws.case, shares, [CARS, DESK]) == DESK


def test_nothing_is_left_to_settle_where_all_sets_agree_or_are_few(planted):
    assert not any(learning.settles(planted(lambda v: 1.0)).values())
    assert not any(learning.settles(planted(lambda v: v[DESK] - 1.2, sets=6)).values())


def test_the_two_cases_are_the_sets_whose_weakest_and_whose_best_figure_stand_out(planted):
    draws = planted(lambda v: 1.3 - v[DESK], lambda v: 1.3 - v[DESK])
    found = contrast.sides(draws)
    desk = sensitivity.settings(draws)[DESK]
    assert (found.strongest, found.weakest) == (int(desk.argmin()), int(desk.argmax()))
    assert found.by == "passes"
    table = contrast.two_cases(draws)
    assert [(row["side"], row["row"]) for row in rows(table)] == [("for", found.strongest), ("against", found.weakest)]


def test_where_all_sets_agree_nothing_parts_them(planted):
    draws = planted(lambda v: 5.0 + v[DESK], lambda v: 5.0 + v[DESK])
    table = contrast.contrast(draws)
    assert not table.rows
    assert "same answer" in table.note
    assert contrast.sides(planted(lambda v: 1.0, lambda v: None)) is None


def test_what_should_help_the_case_against_most_is_tried_first(planted):
    draws = planted(lambda v: 1.3 - v[DESK], lambda v: 1.0)
    chosen, drawn = contrast.sides(draws), [draws.case.draw(k).changed for k in draws.ks]
    best, worst = drawn[chosen.strongest], drawn[chosen.weakest]
    names = contrast.ordered(draws, "proposed", dict(best), dict(worst))
    assert names[0] == DESK
    assert not any(name.startswith(contrast.UNREAD) for name in names)


@given(st.sets(st.integers(0, 39), min_size=1, max_size=4), st.permutations(range(40)))
def test_the_search_finds_exactly_the_names_that_are_needed(needed, order):
    names = [str(n) for n in order]
    wanted = {str(n) for n in needed}
    found, least = Search(lambda some: wanted <= set(some), tries=60).found(names)
    assert set(found) == wanted
    assert least


def test_the_search_owns_up_when_it_runs_out_and_what_it_returns_still_does():
    names = [str(n) for n in range(64)]
    for tries in range(1, 12):
        found, least = Search(lambda some: {"20", "40"} <= set(some), tries=tries).found(names)
        assert {"20", "40"} <= set(found)
        assert not least
    found, least = Search(lambda some: {"3"} <= set(some), tries=30).found(names, first=("3", "9"))
    assert (found, least) == (("3",), True)
