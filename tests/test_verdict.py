"""The verdict rule: one test for each row of the truth table in the docs."""

from __future__ import annotations

import tomllib
from itertools import product
from pathlib import Path

import pytest

from bailiwick.verdict import Standing, answer, floor_of, joint, money_of, repairing, under_other_rules

ROOT = Path(__file__).resolve().parents[1]
PASSES = Standing("held", "positive")
FAILS = Standing("breached", "not positive")


def rows():
    page = (ROOT / "docs/explanation/verdict.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("|")][2:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table]


@pytest.mark.parametrize("row", rows(), ids="/".join)
def test_truth_table(row):
    floor, money, unknown, lever, verdict = row
    proposal = Standing(floor, money, ("an assumption",) if unknown == "yes" else ())
    assert answer(proposal, {"redesigned": PASSES if lever == "yes" else FAILS}) == verdict


def test_the_table_leaves_no_combination_out():
    listed = {(floor, money) for floor, money, unknown, lever, _ in rows() if (unknown, lever) == ("no", "no")}
    assert set(product(("held", "not shown", "breached"), ("positive", "not shown", "not positive"))) <= listed


def test_a_wide_interval_is_never_held():
    assert floor_of([(-10.0, 10.0)] * 20, 2.0, 0.9) == "not shown"
    assert floor_of([(-1.0, 1.9)] * 20, 2.0, 0.9) == "held"
    assert floor_of([(2.1, 9.0)] * 20, 2.0, 0.9) == "breached"
    assert floor_of([], 2.0, 0.9) == "missing"


@pytest.mark.parametrize(("held", "state"), [(18, "held"), (17, "not shown")])
def test_nine_sets_in_ten_are_most(held, state):
    assert floor_of([(0.0, 1.0)] * held + [(0.0, 5.0)] * (20 - held), 2.0, 0.9) == state


def test_one_breach_is_a_breach_of_the_whole_and_a_gap_is_a_gap():
    assert joint(["held", "breached", "not shown"]) == "breached"
    assert joint(["held", "breached", "missing"]) == "missing"
    assert joint(["held", "not shown"]) == "not shown"
    assert joint(["held", "held"]) == "held"
    assert joint([]) == "missing"


def test_money_needs_most_sets_to_agree():
    assert money_of([1.0] * 9 + [-1.0], 0.9) == "positive"
    assert money_of([1.0] * 8 + [-1.0] * 2, 0.9) == "not shown"
    assert money_of([-1.0] * 9 + [1.0], 0.9) == "not positive"
    assert money_of([0.0] * 10, 0.9) == "not positive"
    assert money_of([], 0.9) == "missing"


def test_levers_that_repair_are_named_in_order():
    assert repairing({"a": FAILS, "b": PASSES, "c": PASSES}) == ("b", "c")


def test_other_rules():
    assert under_other_rules(PASSES, any_area_worse=True, total_worse=False) == {
        "veto": "not worthwhile", "aggregate": "worthwhile"}
    assert under_other_rules(PASSES, any_area_worse=None, total_worse=None) == {
        "veto": "cannot be judged", "aggregate": "cannot be judged"}


def test_the_rule_file_says_what_the_page_says():
    rule = tomllib.loads((ROOT / "src/bailiwick/catalogue/rules/verdict-1.toml").read_text(encoding="utf-8"))
    assert [m["margin"] for m in rule["safety_floor"]["measures"]] == [2.0, 4.0]
    assert rule["safety_floor"]["against"] == "cuts"
    assert rule["sets"] == {"most": 0.9, "few": 0.1}
