"""Are posts counted right for the named options, for any other grouping, and at equal money?"""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bailiwick.errors import CaseError
from bailiwick.finance import checks
from bailiwick.finance.books import books
from bailiwick.finance.pay import cost_of_post
from bailiwick.finance.posts import balance_of, balancing_line, cost, counts, counts_by_area, resident_shares
from bailiwick.scheme import Command

COMMANDER, SUPERINTENDENT, DUTY, SERGEANT, RESPONSE, WARD, LOCAL, SUPPORT = range(8)


def test_a_merged_command_has_one_commander_and_one_channel_of_inspectors(case):
    merged = counts(case, Command(("A", "B", "C", "D"), "bcu"))
    assert merged == pytest.approx((1, 4, 5, 164, 440, 148, 688, 20))


def test_channels_per_area_keep_an_inspector_team_for_each(case):
    assert counts(case, Command(("A", "B", "C", "D"), "bcu-channels"))[DUTY] == pytest.approx(20)
    assert counts(case, Command(("A", "B", "C", "D"), "bcu-channels"))[RESPONSE] == pytest.approx(448)


@pytest.mark.parametrize("areas", [("A",), ("A", "B"), ("B", "E", "F"), ("A", "B", "C", "D", "E", "F")])
def test_any_candidate_command_can_be_counted_in_scope_or_not(case, areas):
    found = counts(case, Command(areas, "bcu"))
    assert found[COMMANDER] == pytest.approx(1)
    assert found[SERGEANT] == pytest.approx(41 * len(areas))


def test_posts_of_the_whole_command_are_shared_by_residents(case):
    by_area = counts_by_area(case, Command(("A", "C"), "bcu"))
    assert by_area["A"][COMMANDER] == pytest.approx(0.25)
    assert by_area["C"][COMMANDER] == pytest.approx(0.75)
    assert by_area["A"][RESPONSE] == by_area["C"][RESPONSE] == 110


def test_shares_are_equal_where_a_population_is_unknown(case, changed):
    from dataclasses import replace
    areas = tuple(replace(a, population=None) if a.code == "A" else a for a in case.system.areas)
    blank = changed(case, system=replace(case.system, areas=areas))
    assert resident_shares(blank, Command(("A", "C"), "bcu")) == {"A": 0.5, "C": 0.5}


def test_cuts_make_only_the_reductions_that_need_no_merger_before_balancing(case):
    found = counts(case, Command(("A",), "borough-cut"))
    assert found[COMMANDER] == pytest.approx(1)                     # needs the merger wholly
    assert found[SERGEANT] == pytest.approx(45 - 0.75 * 4)
    assert found[LOCAL] == pytest.approx(180 - 0.9 * 8)
    assert found[RESPONSE] == pytest.approx(110)


def test_the_balance_is_what_merging_alone_saves_in_constables(case):
    kept = books(case)
    merged = kept.account("proposed")
    assert kept.balance.money == pytest.approx(merged.saving_from_merging)
    assert kept.balance.posts == pytest.approx(merged.saving_from_merging / cost_of_post(case, "constable"))
    assert kept.account("cuts").posts[RESPONSE] == pytest.approx(440 - 0.4 * kept.balance.posts)
    assert kept.account("cuts").posts[LOCAL] == pytest.approx(720 - 0.9 * 32 - 0.6 * kept.balance.posts)
    assert kept.account("cuts").posts[WARD] == 148


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_who_bears_the_cut_changes_no_money(case, share):
    """All constables cost the same: the share that response bears moves posts, not pounds."""
    kept = books(case.assume("finance.cuts.from_response", share))
    assert kept.balance.parts[RESPONSE] == pytest.approx(share * kept.balance.posts)
    assert kept.account("cuts").saving == pytest.approx(kept.account("proposed").saving, abs=1e-6)


def test_cuts_and_proposal_cost_the_same_and_have_different_posts(case):
    kept = books(case)
    assert kept.account("cuts").saving == pytest.approx(kept.account("proposed").saving, abs=1e-6)
    assert kept.account("cuts").posts != pytest.approx(kept.account("proposed").posts)
    assert checks.cuts_differ(case)[0].passed
    assert checks.equal_money(case)[0].passed


def test_without_any_need_of_merging_cuts_are_the_proposal(case, changed):
    free = changed(case, {a: 0.0 for a in case.assumptions if a.endswith("needs_merger")})
    kept = books(free)
    assert kept.account("cuts").posts == pytest.approx(kept.account("proposed").posts)
    assert kept.account("proposed").saving_from_merging == 0
    assert checks.cuts_differ(free)[0].passed, "nothing needs the merger, so the same posts are right"


def test_the_check_fails_when_cuts_are_the_merger_under_another_name(case, changed):
    values = {a: case.value(a.rsplit(".", 1)[0] + ".today") for a in case.assumptions
              if a.startswith("posts.") and a.endswith((".proposed", ".redesigned"))}
    for rank in ("sergeant.supervision", "constable.dedicated ward officer", "constable.local policing",
                 "constable.response"):
        values[f"posts.{rank}.proposed"] = 0.0
    for whole in ("chief superintendent.commander", "superintendent.functions", "inspector.response duty",
                  "staff.business support"):
        values[f"posts.{whole}.proposed"] = 4 * case.value(f"posts.{whole}.today")
    values |= {"posts.constable.response.proposed": -10.0, "posts.constable.response.needs_merger": 1.0,
               "finance.estate.needs_merger": 0.0, "finance.cuts.from_response": 1.0}
    swapped = changed(case, values)
    kept = books(swapped)
    assert kept.account("cuts").posts == pytest.approx(kept.account("proposed").posts)
    assert checks.cuts_differ(swapped)[0].passed is False


def test_equal_money_fails_openly_when_there_are_too_few_constables(case, changed):
    poor = changed(case, {"posts.constable.response.today": 2.0, "posts.constable.local policing.today": 10.0})
    assert balance_of(poor).short > 0
    assert min(books(poor).account("cuts").posts) >= -1e-9
    failed = checks.equal_money(poor)[0]
    assert failed.passed is False
    assert "too few constables" in failed.text


shares = st.lists(st.floats(0, 1), min_size=8, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(needs=shares, commanders=st.floats(1, 3), staff=st.floats(5, 40), building=st.floats(0, 0.8))
def test_equal_money_and_attribution_hold_whatever_needs_the_merger(redrawn, needs, commanders, staff, building):
    drawn = redrawn(needs, {
        "posts.chief superintendent.commander.today": commanders, "posts.staff.business support.proposed": staff,
        "finance.estate.needs_merger": building})
    kept = books(drawn)
    cut, merged = kept.account("cuts"), kept.account("proposed")
    assert cut.saving == pytest.approx(merged.saving, abs=0.01)
    assert kept.balance.money == pytest.approx(merged.saving_from_merging, abs=0.01)
    assert cut.saving_from_merging == 0
    assert merged.saving == pytest.approx(
        kept.today_cost - cost(drawn, merged.posts) + merged.estate_saving, abs=0.01)


def test_the_line_that_gives_way_is_response_or_the_largest_of_constables(case, changed):
    from dataclasses import replace
    assert balancing_line(case) == RESPONSE
    fewer = replace(case.scheme, posts=tuple(p for p in case.scheme.posts if p.role != "response"))
    assert fewer.posts[balancing_line(changed(case, scheme=fewer))].role == "local policing"
    none = replace(case.scheme, posts=tuple(p for p in case.scheme.posts if p.rank != "constable"))
    with pytest.raises(CaseError, match="posts"):
        balancing_line(changed(case, scheme=none))


def test_negative_numbers_of_posts_cannot_be_proposed(case, changed):
    absurd = changed(case, {"posts.sergeant.supervision.proposed": -100.0})
    assert counts(absurd, Command(("A",), "bcu"))[SERGEANT] == 0.0


def test_areas_add_up_to_the_command_under_every_model(case):
    for which in ("borough", "bcu", "bcu-channels", "borough-cut"):
        command = Command(("A", "B"), which)
        parts = counts_by_area(case, command, books(case).balance)
        whole = counts(case, command, books(case).balance)
        for line, total in enumerate(whole):
            assert math.fsum(p[line] for p in parts.values()) == pytest.approx(total)
