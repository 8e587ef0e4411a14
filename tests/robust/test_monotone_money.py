"""Does each driver move the money the right way, whatever everything else is?

Random cases: every assumption of money and posts of the first case anywhere in its range. One driver is then moved.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import casefile
from bailiwick.case import Case
from bailiwick.finance import net_present_value
from bailiwick.finance.books import Books, books
from bailiwick.finance.pay import cost_of_post

seeds = st.integers(0, 2**32 - 1)
PENNY = 0.01
DEARER = (  # drivers that make the change dearer and bring nothing
    "finance.transition.share_moved", "finance.transition.move_cost", "finance.transition.training_cost",
    "finance.transition.training_days", "finance.dip.depth", "finance.dip.months", "finance.risk.share",
    "finance.optimism.position", "finance.programme.it", "finance.estate.fit_out",
)


@lru_cache(maxsize=1)
def first() -> Case:
    return casefile.load("south-west-london-2018")


def somewhere(seed: int) -> Case:
    """The first case with every assumption of money and posts at a random place in its range."""
    rng = np.random.default_rng(seed)
    case = first()
    values = dict(case.changed)
    for name, told in sorted(case.assumptions.items()):
        if name.startswith(("finance.", "posts.")) and told.low < told.high:
            values[name] = float(rng.integers(round(told.low), round(told.high) + 1)) if told.shape == "choice" \
                else float(rng.uniform(told.low, told.high))
    return moved(case, values)


def moved(case: Case, values: dict[str, float]) -> Case:
    """The case with other values, ranges aside."""
    return replace(case, changed={**case.changed, **values})


def worth(case: Case, option: str = "proposed") -> float:
    return net_present_value(books(case).net(option), case.rulebook)


@given(seeds, st.sampled_from(DEARER), st.floats(0.0, 1.0))
def test_a_dearer_change_costs_more_and_is_worth_less(seed, driver, step):
    case = somewhere(seed)
    told = case.assumptions[driver]
    dearer = moved(case, {driver: case.value(driver) + step * (told.high - case.value(driver))})
    before, after = books(case), books(dearer)
    assert after.one_off("proposed") >= before.one_off("proposed") - PENNY
    assert worth(dearer) <= worth(case) + PENNY
    assert after.account("proposed").saving == before.account("proposed").saving
    assert after.account("proposed").exit >= before.account("proposed").exit - PENNY
    assert worth(dearer, "cuts") == pytest.approx(worth(case, "cuts"))


@given(seeds, st.integers(0, 100), st.floats(0.1, 2.0))
def test_more_posts_cut_save_more_a_year_and_displace_no_fewer(seed, which, fewer):
    case = somewhere(seed)
    post = case.scheme.posts[which % len(case.scheme.posts)]
    cut = moved(case, {post.proposed: case.value(post.proposed) - fewer})
    before, after = books(case), books(cut)
    gone = before.account("proposed").posts[which % len(case.scheme.posts)] \
        - after.account("proposed").posts[which % len(case.scheme.posts)]
    saved = after.account("proposed").saving - before.account("proposed").saving
    assert gone >= 0
    assert saved == pytest.approx(gone * cost_of_post(case, post.rank), abs=PENNY)
    assert after.account("cuts").saving == pytest.approx(after.account("proposed").saving - after.balance.short, abs=1)
    assert displaced(after, post.rank) >= displaced(before, post.rank) - PENNY


def displaced(kept: Books, rank: str) -> float:
    return math.fsum(line.amount for line in kept.account("proposed").lines if line.item == f"displaced.{rank}")


@given(seeds, st.floats(0.1, 4.0))
def test_more_staff_posts_cut_are_worth_more(seed, fewer):
    """Staff can go at once and what they are paid is a transfer: each further post is worth more, not less."""
    case = somewhere(seed)
    post = next(p for p in case.scheme.posts if p.rank == "staff")
    less = max(0.0, case.value(post.proposed) - fewer)
    assert worth(moved(case, {post.proposed: less})) >= worth(case) - PENNY


@given(seeds, st.sampled_from(["constable", "sergeant", "inspector", "chief_superintendent", "staff"]),
       st.floats(100.0, 10_000.0))
def test_higher_pay_makes_posts_dearer_and_savings_of_that_rank_larger(seed, rank, rise):
    case = somewhere(seed)
    dearer = moved(case, {f"finance.pay.{rank}": case.value(f"finance.pay.{rank}") + rise})
    before, after = books(case), books(dearer)
    assert after.today_cost >= before.today_cost
    name = rank.replace("_", " ")
    fewer = math.fsum(now - then for post, now, then in zip(
        case.scheme.posts, before.today, before.account("proposed").posts, strict=True) if post.rank == name)
    each = cost_of_post(dearer, name) - cost_of_post(case, name)
    assert each > 0
    assert after.account("proposed").saving - before.account("proposed").saving == pytest.approx(fewer * each, abs=1)


@given(seeds, st.floats(0.0, 1.0))
def test_less_realised_is_worth_less_and_leaves_the_plan_alone(seed, share):
    case = somewhere(seed)
    lower = moved(case, {"finance.realisation": share * case.value("finance.realisation")})
    before, after = books(case), books(lower)
    for option in ("proposed", "cuts", "pause"):
        assert worth(lower, option) <= worth(case, option) + PENNY
        assert after.account(option).saving == before.account(option).saving
        assert after.one_off(option) == pytest.approx(before.one_off(option))


@given(seeds, st.floats(1.0, 4.0))
def test_more_places_for_displaced_officers_cost_less(seed, times):
    case = somewhere(seed)
    more = moved(case, {"finance.leavers.reach": times * case.value("finance.leavers.reach")})
    assert books(more).one_off("proposed") <= books(case).one_off("proposed") + PENNY
    assert worth(more) >= worth(case) - PENNY


@given(seeds, st.floats(0.0, 1.0))
def test_what_needs_the_merger_is_part_of_what_is_saved(seed, share):
    """The more of every line needs the merger, the more of the saving is its own, from nothing to all of it."""
    case = somewhere(seed)
    needs = {post.needs_merger: share for post in case.scheme.posts} | {"finance.estate.needs_merger": share}
    account = books(moved(case, needs)).account("proposed")
    assert account.saving_from_merging == pytest.approx(share * account.saving, abs=1)


@given(seeds)
def test_waiting_saves_the_same_a_year_and_less_in_all(seed):
    case = somewhere(seed)
    kept = books(case)
    assert kept.account("pause").saving == pytest.approx(kept.account("proposed").saving)
    now, half, year = (math.fsum(kept.gross(option)[1]) for option in ("proposed", "pause", "pause-12"))
    assert year <= half <= now
    assert kept.one_off("pause-12") - kept.one_off("pause") == pytest.approx(
        kept.account("pause-12").bridging - kept.account("pause").bridging, abs=1)
