"""Is there one Green Book for each day since 2003, complete, with a source for each part, and is it the one used?"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import casefile, catalogue
from bailiwick.casefile_new import scaffold
from bailiwick.finance import checks
from bailiwick.finance.cashflow import net_present_value, yearly_rate
from bailiwick.finance.ledger import adjustment

EDITIONS = ("green-book-2003", "green-book-2018", "green-book-2020", "green-book-2022", "green-book-2026")
BOUNDS = {  # percent: Mott MacDonald 2002, table 2: capital cost upper and lower, works duration upper and lower
    "standard-building": (24, 2, 4, 1), "non-standard-building": (51, 4, 39, 2), "standard-civil": (44, 3, 20, 1),
    "non-standard-civil": (66, 6, 25, 3), "equipment": (200, 10, 54, 10), "outsourcing": (41, 0, None, None),
}


@lru_cache(maxsize=1)
def books() -> dict[str, dict[str, object]]:
    folder = catalogue.folder("rulebooks")
    return {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
            for name in catalogue.names("rulebooks")}


def in_force(day: date) -> list[str]:
    """The editions published by a day and not yet followed by a later one."""
    return [name for name, book in books().items()
            if book["published"] <= day and not book.get("superseded", date.max) <= day]


def test_the_editions_follow_each_other_without_gap():
    assert tuple(books()) == EDITIONS
    chain = list(books().values())
    for book, later in pairwise(chain):
        assert book["superseded"] == later["published"]
    assert "superseded" not in chain[-1]


@given(st.dates(min_value=date(2003, 1, 31), max_value=date(2040, 1, 1)))
def test_on_every_day_exactly_one_edition_is_in_force(day):
    assert len(in_force(day)) == 1


@pytest.mark.parametrize(("day", "edition"), [
    (date(2018, 1, 31), 2003), (date(2018, 3, 30), 2003), (date(2018, 3, 31), 2018), (date(2020, 12, 1), 2020),
    (date(2022, 3, 31), 2022), (date(2026, 2, 4), 2022), (date(2026, 11, 24), 2026)])
def test_the_edition_is_chosen_by_the_day(day, edition):
    assert in_force(day) == [f"green-book-{edition}"]


def test_the_first_case_uses_the_edition_of_its_day():
    case = casefile.load("south-west-london-2018")
    assert in_force(case.as_of) == [case.rulebook["name"]]


@pytest.mark.parametrize("name", EDITIONS)
def test_every_edition_has_rates_bounds_weights_and_sources(name):
    book = books()[name]
    for kind, (upper, lower, *duration) in BOUNDS.items():
        assert book["optimism_bias"][kind] == {"upper": upper, "lower": lower}
        if duration[0] is not None:
            assert book["optimism_bias_duration"][kind] == {"upper": duration[0], "lower": duration[1]}
    assert book["distribution"] == {"weights": "none"}
    assert book["sources"]["rates_url"].startswith("https://")
    assert book["sources"]["optimism_bias"].endswith("table 2")
    assert yearly_rate(book, 10) == 0.035


@pytest.mark.parametrize("name", EDITIONS[1:])
def test_the_rate_is_the_sum_of_its_parts(name):
    parts = books()[name]["rate_parts"]
    built = parts["time_preference"] + parts["catastrophic_risk"] + parts["elasticity"] * parts["growth"]
    assert built / 100 == yearly_rate(books()[name], 1)


def test_nothing_in_the_answer_turns_on_the_edition(case):
    """The decision on the rulebook of the day says so: within ten years all give the same money."""
    values = {name: (net_present_value([-100.0] + [20.0] * 9, book), sorted(
        adjustment(replace(case, rulebook=book)).bias.items())) for name, book in books().items()}
    assert len({str(value) for value in values.values()}) == 1


def test_an_edition_of_which_a_later_one_is_out_is_told_and_not_failed(case, changed):
    (told,) = checks.rulebook_in_force(changed(case, as_of=date(2018, 4, 1)))
    assert told.passed is None
    assert "2018-03-31" in told.text
    assert checks.rulebook_in_force(case)[0].passed is True
    late = changed(case, rulebook=books()["green-book-2018"])
    assert checks.rulebook_in_force(late)[0].passed is False


@pytest.mark.parametrize("day", [date(2018, 1, 31), date(2026, 11, 24)])
def test_a_new_case_gets_the_edition_of_its_day(tmp_path, day):
    folder = scaffold("mine", "london-boroughs", tmp_path, as_of=day)
    written = (folder / "case.toml").read_text(encoding="utf-8")
    assert f'rulebook = "{in_force(day)[0]}"' in written
