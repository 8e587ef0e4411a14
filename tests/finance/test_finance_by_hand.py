"""A whole small merger worked by hand in a spreadsheet agrees with the ledger to the penny.

`data/merger_by_hand.csv`: each row has its arithmetic written out in numbers and earlier rows, its result to the penny,
and what of ours it must equal. Two areas become one command on 1 April 2018, four years, Green Book of 2003. The test
first does the sheet's arithmetic again in exact fractions, so the sheet cannot be wrong unnoticed either.
"""

from __future__ import annotations

import ast
import csv
import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from bailiwick.case import Case
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import net_present_value
from bailiwick.finance.pay import cost_of_post
from bailiwick.scheme import Command, Grouping, OperatingModel, Option, Post, Site

SHEET = Path(__file__).parent / "data" / "merger_by_hand.csv"
OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
VALUES = {
    "finance.pay.chief_superintendent": 80_000, "finance.pay.sergeant": 42_000, "finance.pay.constable": 36_000,
    "finance.pay.staff": 28_000, "finance.pay.london_weighting": 2_000, "finance.pay.london_allowance": 4_000,
    "finance.pay.on_costs": 1.30, "finance.pay.staff_weighting": 1_000, "finance.pay.staff_on_costs": 1.20,
    "finance.pay.real_growth": 0.01, "finance.leavers.chief_superintendent": 0.10, "finance.leavers.sergeant": 0.1125,
    "finance.leavers.reach": 2.0, "finance.redundancy.share": 0.4, "finance.redundancy.cost": 22_000,
    "finance.transition.share_moved": 0.2, "finance.transition.move_cost": 1_000,
    "finance.transition.training_cost": 500, "finance.transition.training_days": 2,
    "finance.transition.working_days": 210, "finance.dip.depth": 0.05, "finance.dip.months": 5,
    "finance.risk.share": 0.1, "finance.realisation": 0.8, "finance.optimism.position": 0.5,
    "finance.exit.multiple": 1.2, "finance.exit.rebuy": 1.1, "finance.estate.running_cost": 300_000,
    "finance.estate.receipt": 2_000_000, "finance.estate.sold_share": 0.5, "finance.estate.fit_out": 400_000,
    "finance.estate.needs_merger": 0.3, "finance.vat.recoverable": 0.5, "finance.vat.rate": 0.2,
    "finance.programme.it": 400_000, "finance.programme.other": 200_000, "finance.programme.it_2017_18": 100_000,
    "finance.programme.spent_share": 1.0, "finance.programme.approved_to_march_2017": 50_000,
    "finance.programme.approved_2017": 30_000, "finance.programme.overlap": 0.5, "finance.programme.share_key": 0,
    "finance.programme.marginal": 0,
}
POSTS = (  # rank, role, per, proposed_as, today, proposed, needs the merger
    ("chief superintendent", "commander", "command", "count", 1, 1, 1.0),
    ("sergeant", "supervision", "area", "change", 20, -3, 0.25),
    ("constable", "response", "area", "change", 60, 0, 0.0),
    ("staff", "business support", "command", "count", 6, 8, 0.5),
)


def sheet() -> list[dict[str, str]]:
    with SHEET.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def worked(row: dict[str, str], known: dict[str, Fraction]) -> Fraction:
    """The exact result of a row's arithmetic: numbers and earlier rows, + - * / and brackets."""
    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.Name):
            return known[node.id]
        return Fraction(ast.get_source_segment(row["arithmetic"], node) or "")

    return value(ast.parse(row["arithmetic"], mode="eval").body)


def post(rank: str, role: str, per: str, shape: str) -> Post:
    start = f"posts.{rank}.{role}"
    return Post(rank, role, per, f"{start}.today", f"{start}.proposed", f"{start}.proposed", shape,
                f"{start}.needs_merger", "range")


@pytest.fixture
def merger(case: Case) -> Case:
    """The merger of the sheet: areas A and B, building B closes, building C opens."""
    def model(name: str, posts: str, bases: tuple[str, ...]) -> OperatingModel:
        return OperatingModel(name, name, posts, "per-area", "", "own-first", "", "", False, bases, "by-area")

    def apart(which: str) -> Grouping:
        return Grouping((Command(("A",), which, "site A"), Command(("B",), which, "site B")))

    own = {f"finance.estate.{what}.site_c": replace(case.assumptions[f"finance.estate.{what}"], value=value)
           for what, value in (("running_cost", 120_000.0), ("receipt", 500_000.0))}
    given = dict(VALUES)
    for rank, role, _, _, today, proposed, needs in POSTS:
        start = f"posts.{rank}.{role}"
        given |= {f"{start}.today": today, f"{start}.proposed": proposed, f"{start}.needs_merger": needs}
    scheme = replace(
        case.scheme, scope=("A", "B"), effective=date(2018, 4, 1), horizon_years=4,
        options=(Option("today", "today", "", apart("alone")), Option("cuts", "cuts", "", apart("alone-cut")),
                 Option("proposed", "proposed", "", Grouping((Command(("A", "B"), "together", "site C"),)))),
        models=(model("alone", "today", ("site A", "site B")), model("alone-cut", "cuts", ("site A", "site B")),
                model("together", "proposed", ("site A",))),
        sites=(Site("site A", "A", 0.0, 0.0, "base", None, None),
               Site("site B", "B", 0.0, 0.0, "base", None, date(2019, 4, 1)),
               Site("site C", "A", 0.0, 0.0, "headquarters", date(2018, 4, 1), None)),
        posts=tuple(post(*line[:4]) for line in POSTS))
    return replace(case, scheme=scheme, assumptions=case.assumptions | own,
                   changed={name: float(value) for name, value in given.items()})


def ours(merger: Case, wanted: str) -> float:
    """The number of ours that a row of the sheet names."""
    kind, _, name = wanted.partition(":")
    kept = books(merger)
    account = kept.account("proposed")
    if kind == "line":
        item, _, year = name.rpartition(":")
        (line,) = [entry for entry in account.lines if (entry.item, entry.year) == (item, year)]
        return line.amount
    found: dict[str, Callable[[], float]] = {
        "cost": lambda: cost_of_post(merger, name), "saving": lambda: account.saving,
        "saving_from_merging": lambda: account.saving_from_merging, "bias": lambda: kept.factors.bias[name],
        "one_off_before": lambda: kept.one_off("proposed", before=True), "one_off": lambda: kept.one_off("proposed"),
        "net": lambda: kept.net("proposed")[kept.years.index(name)],
        "cash": lambda: kept.net("proposed", cash=True)[kept.years.index(name)],
        "npv": lambda: net_present_value(kept.net("proposed"), merger.rulebook),
        "npv_cash": lambda: net_present_value(kept.net("proposed", cash=True), merger.rulebook),
        "exit": lambda: account.exit,
    }
    return found[kind]()


def test_the_sheets_own_arithmetic_is_right():
    known: dict[str, Fraction] = {}
    for row in sheet():
        known[row["row"]] = worked(row, known)
        assert abs(known[row["row"]] - Fraction(row["result"])) <= Fraction(5, 1000), row["what"]


def test_every_row_agrees_to_the_penny(merger):
    compared = [(row["what"], ours(merger, row["engine"]), float(row["result"])) for row in sheet() if row["engine"]]
    assert len(compared) >= 55
    assert [row for row in compared if abs(row[1] - row[2]) > 0.00501] == []


def test_no_line_of_the_ledger_is_missing_from_the_sheet(merger):
    named = {row["engine"].removeprefix("line:") for row in sheet() if row["engine"].startswith("line:")}
    lines = {f"{line.item}:{line.year}" for line in books(merger).account("proposed").lines if line.amount}
    assert lines == named


def test_the_totals_of_the_sheet_are_the_totals_of_the_tables(merger):
    told = {row["row"]: float(row["result"]) for row in sheet()}
    costs, gains = books(merger).gross("proposed")
    assert [g - c for c, g in zip(costs, gains, strict=True)] == pytest.approx([told[f"e{n}"] for n in range(4)])
    assert told["s6"] == pytest.approx(805_400)
    assert told["s7"] == pytest.approx(245_000)
