"""Ranges, dominance over sets and the nearest better map, on made-up answers that can be checked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bailiwick import casefile, choices
from bailiwick.choices_local import rows
from bailiwick.choices_nearest import best_in_weightings, nearest_table, pairs_table, tradeoff_table
from bailiwick.choices_response import Pair, Served, paired
from bailiwick.choices_sets import CRITERIA, Seen, beaten_table, central, seen_in_sets
from bailiwick.choices_ways import numbers, seats, sets_of, who_change, worth
from bailiwick.response.service import Outcome

TODAY = (("E09000021",), ("E09000024",), ("E09000027",), ("E09000032",))


@pytest.fixture(scope="module")
def case():
    return replace(casefile.load("south-west-london-2018"), accepted=(2, 9, 12))


def answered(case, groupings):
    """Every further command costs a point of immediate calls and gives three of significant ones."""
    n = [len(g.commands) for g in groupings]
    return tuple(Served(90.0 - k, 88.0 - k, 70.0 + 3 * k, 68.0 + 3 * k, 20.0 * (4 - k), True,
                        worth(case, g).saving - 1_000_000.0 * (4 - k), "") for k, g in zip(n, groupings, strict=True))


@pytest.fixture(scope="module")
def found(case):
    return rows(case, answered)


@pytest.fixture(scope="module")
def sets(case, found):
    return seen_in_sets(case, found, answered)


def as_dicts(table):
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_a_range_holds_its_value_and_covers_the_sets(case, found, sets):
    table = as_dicts(choices.local(case, found, response=None)[0])
    assert len(sets) == 3 and all(len(s.worths) == 13 for s in sets)
    moved = 0
    for row in table:
        for name in ("saving_a_year", "constables_against_today", "saving_at_equal_service"):
            if row[f"{name}_low"] is not None:
                assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]
                moved += row[f"{name}_low"] < row[f"{name}_high"]
    assert moved > 20
    today = next(row for row in table if row["is"] == "today")
    assert today["saving_a_year_low"] == today["saving_a_year_high"] == 0
    assert all(row["saving_a_year_low"] is None for row in table if "joins" in row["kind"])


def test_a_set_of_assumptions_is_the_draw_itself(case, sets):
    drawn = case.draw(1)
    proposal = case.scheme.option("proposed").grouping
    cost = [sum(sum(numbers(drawn, c)[0].values()) for c in case.scheme.option(o).grouping.commands)
            for o in ("today", "proposed")]
    assert sets[1].worths[0] == worth(drawn, proposal)
    assert sets[1].worths[0].saving == pytest.approx(cost[0] - cost[1], abs=1000)
    assert sets[1].worths[0].saving != sets[0].worths[0].saving


def test_shares_of_sets_count_what_is_beaten(case, found, sets):
    """Worked afresh for every map and criterion set, over all pairs."""
    own = [row for row in found if not row.way.joins]
    told = iter(as_dicts(beaten_table(case, found, sets)))
    for m in range(len(own)):
        for criteria, wishes in CRITERIA.items():
            row = next(told)
            rivals = [n for n in range(len(own)) if criteria != "balance"
                      or len(own[n].way.grouping.commands) == len(own[m].way.grouping.commands)]
            assert row["criteria"] == criteria and row["sets"] == 3
            assert row["sets_beaten"] == sum(any(s.beats(n, m, wishes) for n in rivals) for s in sets)
            assert (row["beaten"] == "yes") == any(central(found).beats(n, m, wishes) for n in rivals)


def test_no_map_beats_itself_and_none_beats_the_one_that_beats_it(found):
    seen = central(found)
    for wishes in CRITERIA.values():
        for a in range(13):
            assert not seen.beats(a, a, wishes)
            assert not any(seen.beats(a, b, wishes) and seen.beats(b, a, wishes) for b in range(13))


def test_what_is_not_known_beats_nothing(found):
    blind = Seen(central(found).worths, ())
    assert not any(blind.beats(a, b, CRITERIA["response"]) for a in range(13) for b in range(13))
    assert any(blind.beats(a, b, CRITERIA["closeness"]) for a in range(13) for b in range(13))


def test_the_nearest_better_map_moves_the_fewest_residents(case, found, sets):
    """By hand: on closeness each map in which one member leaves is better; Kingston's seat keeps its commander."""
    row = as_dicts(nearest_table(case, found, sets, {}))[0]
    people = {code: case.system.area(code).population for code in case.scheme.scope}
    leaving = [code for code in case.scheme.scope if code != "E09000021"]
    assert row["residents_with_another_commander"] == min(people[code] for code in leaving)
    assert row["map"] == "Kingston+Merton+Wandsworth | Richmond"
    assert row["saving_a_year_change"] < 0 and "saving of posts" in row["gives_up"]
    assert row["largest_command_change"] == -people["E09000027"]
    assert row["still_better_in"] == "all" and row["sets"] == 3
    assert row["immediate_state"] == "not asked"


def test_a_commander_stays_where_the_headquarters_is(case):
    proposed = case.scheme.option("proposed").grouping
    assert seats(case, proposed) == ((tuple(sorted(case.scheme.scope)), "E09000021"),)
    apart = case.scheme.option("today").grouping
    people = {code: case.system.area(code).population for code in case.scheme.scope}
    assert who_change(case, apart, seats(case, proposed)) == sum(people.values()) - people["E09000021"]
    assert who_change(case, apart, seats(case, apart)) == who_change(case, proposed, seats(case, proposed)) == 0


def test_the_trade_off_has_every_map_and_no_point_that_another_beats(case, found):
    table = as_dicts(tradeoff_table(case, found, answered))
    maps = [row for row in table if row["kind"] == "map"]
    assert {row["is"] for row in table} >= {"today", "proposed", "cuts"} and len(maps) == 13
    for row in maps:
        better = [o for o in maps if o["saving_a_year"] >= row["saving_a_year"]
                  and o["distance_mean"] <= row["distance_mean"]
                  and (o["saving_a_year"], o["distance_mean"]) != (row["saving_a_year"], row["distance_mean"])]
        assert row["on_frontier_saving_distance"] == ("no" if better else "yes")
    assert sum(row["best_in_weightings"] for row in maps) == pytest.approx(100, abs=0.7)
    cuts, proposed = (next(row for row in table if row["is"] == name) for name in ("cuts", "proposed"))
    assert cuts["saving_a_year"] == pytest.approx(proposed["saving_a_year"], rel=0.01)
    assert cuts["distance_mean"] < proposed["distance_mean"]


def test_one_best_map_takes_every_weighting(found):
    row = found[0]
    better = replace(row.worth, saving=row.worth.saving + 1, distance=row.worth.distance - 1)
    ahead = row.served._replace(immediate=row.served.immediate + 1, significant=row.served.significant + 1)
    assert best_in_weightings([(row.worth, row.served), (better, ahead)]) == [0.0, 100.0]
    assert best_in_weightings([(row.worth, Served()), (better, ahead)]) is None


def outcome(on_time):
    calls = np.full((len(on_time), 4, 2), 100.0)
    nought = np.zeros((len(on_time), 4, 2))
    met = np.zeros((len(on_time), 4, 2)) + np.asarray(on_time)[:, None, None]
    return Outcome(calls, met, nought, nought, np.zeros(4), np.zeros(4), np.zeros(4), np.zeros(4), ())


def test_a_pair_is_the_weekly_difference_with_its_t_interval(case):
    pair = paired(case, outcome([80.0, 80, 80]), outcome([81.0, 82, 83]))
    assert pair.change == pytest.approx([2, 2])
    # t of 2 degrees of freedom at 95% is 2.920; the standard error of 1, 2, 3 is 1 / sqrt(3)
    assert pair.high - pair.change == pytest.approx([2.920 / 3**0.5] * 2, abs=0.001)
    assert paired(case, None, outcome([81.0, 82])) is None and paired(case, outcome([81.0, 82]), None) is None
    back = paired(case, outcome([81.0, 82, 83]), outcome([80.0, 80, 80]))
    assert back.change == pytest.approx(-pair.change) and back.low == pytest.approx(-pair.high)


def test_the_state_of_a_pair_needs_the_whole_interval(case):
    ends = np.array([1.0, -1.0]), np.array([0.1, -1.9]), np.array([1.9, 0.1])
    areas = np.zeros((4, 2))
    areas[2, 1] = -3.0
    pair = Pair(*ends, areas, areas - 1, areas + 1)
    (row,) = as_dicts(pairs_table(case, {(TODAY, "proposed"): pair}))
    assert (row["immediate_state"], row["significant_state"]) == ("better", "not shown")
    assert (row["worst_area"], row["worst_grade"], row["worst_change"]) == ("Richmond", "significant", -3)


def test_without_accepted_sets_the_table_says_so(case, found):
    bare = replace(case, accepted=())
    table = choices.local(bare, found, response=None)[0]
    assert "no accepted sets were at hand" in table.note
    assert sets_of(found[0].way.grouping) == (tuple(sorted(case.scheme.scope)),)
    assert all(row["saving_a_year_low"] is None for row in as_dicts(table))
