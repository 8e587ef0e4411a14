"""Does a copy of a case take what has been fetched, say what changed, and leave the case that ships as it is?"""

from __future__ import annotations

import shutil

import pytest

from bailiwick import casefile
from bailiwick.casefile_like import like, moved
from bailiwick.errors import CaseError
from bailiwick.sources import library
from bailiwick.sources.store import Store

FIRST = "south-west-london-2018"
WANDSWORTH = "E09000032"


def test_a_copy_takes_kept_residents_and_outlines_and_says_so(shared_data, tmp_path):
    store = Store(tmp_path / "cache")
    own = tmp_path / "housing_in_london_yearly_variables.csv"
    text = (shared_data / "publisher_format" / "ons" / own.name).read_text(encoding="utf-8")
    line = next(row for row in text.splitlines() if row.startswith(f"{WANDSWORTH},") and ",2016-12-01," in row)
    before = casefile.load(FIRST)
    people = before.system.area(WANDSWORTH).population
    assert f",{people}," in line
    own.write_text(text.replace(line, line.replace(f",{people},", f",{people + 111},")), encoding="utf-8")
    shapes = shared_data / "publisher_format" / "london_gis" / "London_Borough_Excluding_MHW.shp"
    for source, path in (("population", own), ("borough-shapes", shapes)):
        assert library.take_in(library.source(source), store, [path]).state == "new"

    made = like("mine", FIRST, store, tmp_path)
    after = casefile.load(made.folder)

    assert after.system.area(WANDSWORTH).population == people + 111
    assert set(after.system.outlines) == {area.code for area in after.system.areas}
    assert after.system.contiguity == before.system.contiguity, "shapes never decide who touches whom"
    assert any("facts.csv: 1 of" in note for note in made.notes)
    assert any("33 official outlines" in note for note in made.notes)
    facts = next(found for found in after.inputs if found.path == "areas/london-boroughs-facts.csv")
    assert facts.publisher == "Office for National Statistics"
    assert "later vintage" in (made.folder / "areas" / "london-boroughs-facts.csv").read_text(encoding="utf-8")
    told = moved(before, after)
    assert any(line.startswith("Residents for each commander, Wandsworth, today") and f"{people + 111:,}" in line
               for line in told), told
    assert moved(before, before) == ()
    assert casefile.load(FIRST).digest == before.digest
    assert after.digest != before.digest


def test_a_copy_needs_something_fetched_and_leaves_nothing_behind(tmp_path):
    with pytest.raises(CaseError, match="nothing fetched that this case could use"):
        like("mine", FIRST, Store(tmp_path / "cache"), tmp_path)
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    assert list(tmp_path.iterdir()) == []
