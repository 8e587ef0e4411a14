"""Do the room's pages name everything it answers, and do their examples run?"""

from __future__ import annotations

import doctest
import tomllib
from pathlib import Path

from bailiwick.finance import MEASURES, TABLES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "finance.md"
SHIPPED = tomllib.loads(
    (ROOT / "src" / "bailiwick" / "catalogue" / "assumptions" / "finance.toml").read_text(encoding="utf-8"))


def test_the_examples_of_the_reference_page_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried >= 6
    assert failed == 0


def test_every_measure_and_table_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    assert [m.name for m in MEASURES if f"`{m.name}`" not in text] == []
    assert [name for name, _ in TABLES if f"`{name}`" not in text] == []


def test_every_group_of_assumptions_stands_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    groups = {name.split(".")[1] for name in SHIPPED}
    assert [group for group in sorted(groups) if f"`finance.{group}." not in text
            and f"`finance.{group}`" not in text] == []


def test_every_assumption_is_bounded_dated_and_has_a_source_or_a_holder():
    for name, row in SHIPPED.items():
        assert row["low"] <= row["value"] <= row["high"], name
        assert row["published"].isoformat() <= "2018-01-31", name
        assert row["why"], name
        assert row["holder"] if row["kind"] == "guess" else row["source"], name
        assert ("price_base" in row) == row["unit"].startswith("GBP"), name


def test_about_three_in_four_are_guesses_as_the_page_says():
    guesses = sum(row["kind"] == "guess" for row in SHIPPED.values())
    assert 0.7 <= guesses / len(SHIPPED) <= 0.8
