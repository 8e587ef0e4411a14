"""The maps that people asked for: read with their sources, worth what a hand count says, nothing from later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick import casefile, catalogue
from bailiwick.catalogue import groupings
from bailiwick.catalogue.groupings import asked_for
from bailiwick.choices_asked import asked_table, named
from bailiwick.choices_local import rows
from bailiwick.choices_ways import force_codes, numbers
from bailiwick.errors import CaseError
from bailiwick.scheme import Command

LONDON = catalogue.area_system("london-boroughs")


@pytest.fixture(scope="module")
def case():
    return casefile.load("south-west-london-2018")


@pytest.fixture(scope="module")
def table(case):
    found = asked_table(case, rows(case))
    return found, {row[1]: dict(zip(found.columns, row, strict=True)) for row in found.rows}


def test_each_has_its_day_and_source_and_nothing_later_is_known():
    for one in asked_for(LONDON):
        assert one.url.startswith("http") and one.source and one.who
        assert all(LONDON.area(code).force == "Metropolitan Police" for group in one.commands for code in group)
    assert [one.published.year for one in asked_for(LONDON)] == [2012, 2012, 2017]
    assert len(asked_for(LONDON, date(2017, 1, 1))) == 2
    assert asked_for(LONDON, date(2000, 1, 1)) == ()
    assert asked_for(replace(LONDON, name="elsewhere")) == ()


@pytest.mark.parametrize(("change", "told"), [
    ({"wish": "perhaps"}, "form or redraw"),
    ({"commands": [["Barnet", "Harrow"], ["Barnet", "Brent"]]}, "each area once"),
    ({"commands": [["Barnett"]]}, "Barnet"),
    ({"colour": "red"}, "published"),
])  # fmt: skip
def test_a_broken_entry_is_named(change, told):
    entry = {"name": "x", "title": "", "who": "", "wish": "form", "published": date(2012, 1, 1), "source": "",
             "url": "", "note": "", "commands": [["Barnet", "Harrow"]]} | change
    with pytest.raises(CaseError) as caught:
        groupings._asked(LONDON, "here.toml", entry)
    assert told in str(caught.value)


def test_two_readings_of_a_cut_short_name_are_both_shown(table):
    maps = {row["map"] for row in table[1].values()}
    assert {"Barnet+Harrow", "Barnet+Haringey"} <= {part for told in maps for part in told.split(" | ")}


def test_a_map_to_be_redrawn_comes_with_every_other_way(case):
    """Three areas that all touch can be put together in five ways."""
    ways = [one for one in named(case, rows(case)) if one.title.startswith("Barnet, Brent and Harrow")]
    assert len({one.sets for one in ways}) == 5


def test_figures_of_one_pair_by_hand(case, table):
    row = table[1]["Barnet, Brent and Harrow under one commander, redrawn: Brent+Harrow"]
    people = {code: case.system.area(code).population for code in force_codes(case)}
    brent, harrow = case.system.find("Brent").code, case.system.find("Harrow").code
    assert row["commands"] == 31 and row["areas_merged"] == 2 and row["councils_kept_whole"] == 32
    assert row["residents_who_change_commander"] == min(people[brent], people[harrow])
    assert row["largest_command"] == people[brent] + people[harrow]
    fair = sum(people.values()) / 31
    assert row["uneven_residents"] == pytest.approx(100 * max(
        abs(n / fair - 1) for n in [*(p for c, p in people.items() if c not in (brent, harrow)),
                                    people[brent] + people[harrow]]), abs=0.05)
    apart = [numbers(case, Command((code,), "borough"))[0][code] for code in (brent, harrow)]
    together = numbers(case, Command((brent, harrow), "bcu"))[0]
    assert row["saving_a_year"] == pytest.approx(sum(apart) - sum(together.values()), abs=1000)
    officers = numbers(case, Command((harrow,), "borough"))
    assert row["officers_who_change_commander"] == round(officers[1][harrow] + officers[7][harrow])
    land = [link for link in case.system.contiguity if link.kind == "land"
            and {link.a, link.b} <= set(people)]
    assert row["borders_cut"] == len(land) - 1


def test_no_merger_changes_nothing_and_the_case_s_maps_are_there(table):
    found, by_title = table
    none = by_title["No merger: every area has its own commander"]
    assert none["saving_a_year"] == none["residents_who_change_commander"] == none["officers_who_change_commander"] == 0
    assert by_title["The proposal, all others alone"]["commands"] == 29
    both = by_title["The proposal and the pilots, all others alone"]
    assert both["commands"] == 26 and both["areas_merged"] == 9
    three = next(row for title, row in by_title.items() if "at most three" in title)
    assert three["map"] == "Kingston+Merton+Wandsworth"
    assert all(row["joined_up"] == "yes" for row in by_title.values())
    assert len(found.columns) == len(found.units) and "Response is not simulated" in found.note
