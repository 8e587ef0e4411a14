"""Can any folder of one TOML and its CSV files become an area system, and is every fault named?"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.catalogue.systems import read_system
from bailiwick.errors import CaseError

TOML = """name = "town"
title = "A made-up town"
kind = "council"
[files]
areas = "a.csv"
facts = "f.csv"
points = "p.csv"
links = "l.csv"
crossings = "x.csv"
"""
TOWN = {
    "town.toml": TOML,
    "a.csv": "code,name,force,area_km2,easting,northing,reference_period,published,vintage\n"
             "N1,North,Town Police,2.5,1000,3000,2011,2012-01-01,first\n"
             "S1,South,Town Police,4,1000,1000,2011,2012-01-01,first\n"
             "W1,West,Town Police,3,0,1000,2011,2012-01-01,first\n",
    "f.csv": "area,what,value,reference_period,published,vintage\n"
             "N1,residents,100,mid-2015,2016-06-01,first\n"
             "N1,residents,110,mid-2016,2017-06-01,first\n"
             "S1,residents,200,mid-2016,2017-06-01,first\n"
             "S1,wards,3,2014,2014-05-01,first\n"
             "S1,councils,2,2014,2014-05-01,first\n",
    "p.csv": "code,name,area,easting,northing,residents,reference_period,published,vintage\n"
             "n2,Upper,N1,1000,3500,40,2011,2012-01-01,first\n"
             "n1,Lower,N1,1000,2500,60,2011,2012-01-01,first\n"
             "s1,Mid,S1,1000,1000,190,2011,2012-01-01,first\n",
    "l.csv": "a,b,kind,land_metres,reason,source,reference_period,published,vintage\n"
             "N1,S1,crossing,,,map,2014,2014-01-01,first\n"
             "N1,W1,none,,no bridge,map,2014,2014-01-01,first\n"
             "S1,W1,land,1200,,map,2014,2014-01-01,first\n",
    "x.csv": "a,b,name,mode,opened,closed_to_motors,source\n"
             "N1,S1,Old Ferry,ferry,1890,,map\n"
             "N1,S1,New Bridge,bridge,2020,,map\n",
}


@pytest.fixture
def write(tmp_path):
    def written(**changes):
        for name, text in TOWN.items():
            change = changes.get(name.split(".")[0], text)
            (tmp_path / name).write_text(change(text) if callable(change) else change, encoding="utf-8")
        return tmp_path
    return written


def refused(folder, day=None):
    with pytest.raises(CaseError) as told:
        read_system(folder, "town", day)
    return told.value


def test_a_town_reads_whole(write):
    town = read_system(write(), "town")
    assert town.title == "A made-up town"
    assert [area.code for area in town.areas] == ["N1", "S1", "W1"]
    assert [point.code for point in town.area("N1").points] == ["n1", "n2"]
    assert (town.area("S1").wards, town.area("S1").councils, town.area("N1").councils) == (3, 2, 1)
    assert town.area("W1").population is None
    assert town.area("W1").points == ()
    assert town.neighbours("S1") == ("W1",)
    assert town.neighbours("S1", crossings=True) == ("N1", "W1")
    assert town.neighbours("W1", crossings=True) == ("S1",)


@pytest.mark.parametrize(("day", "people", "points", "over"), [
    (date(2011, 12, 31), None, 0, "Old Ferry"), (date(2016, 6, 1), 100, 2, "Old Ferry"),
    (date(2017, 6, 1), 110, 2, "Old Ferry"), (date(2020, 1, 1), 110, 2, "Old Ferry; New Bridge"),
    (None, 110, 2, "Old Ferry; New Bridge"),
])
def test_each_day_has_its_own_town(write, day, people, points, over):
    town = read_system(write(), "town", day)
    assert town.area("N1").population == people
    assert len(town.area("N1").points) == points
    links = [link.over for link in town.contiguity if link.kind == "crossing"]
    assert links == ([] if day == date(2011, 12, 31) else [over])


def test_a_force_is_not_a_council_unless_said(write):
    town = read_system(write(town=TOML.replace('"council"', '"force"')), "town")
    assert town.area("N1").councils is None
    assert town.area("S1").councils == 2


def test_crossings_are_optional_when_no_pair_needs_one(write):
    folder = write(town=TOML.replace('crossings = "x.csv"\n', ""),
                   l=lambda t: t.replace("N1,S1,crossing,,,", "N1,S1,land,5,,"))
    assert read_system(folder, "town").is_contiguous(["N1", "S1", "W1"])


BROKEN = [
    ("key", {"town": TOML.replace("title", "titel")}, "town.toml", "title", "titel"),
    ("kind", {"town": TOML.replace('"council"', '"parish"')}, "town.toml", "kind", ""),
    ("extra", {"town": 'colour = "red"\n' + TOML}, "town.toml", "colour", ""),
    ("name", {"town": TOML.replace('"town"', '"city"')}, "town.toml", "name", ""),
    ("syntax", {"town": "name = \n"}, "town.toml", "", ""),
    ("files", {"town": TOML.replace('links = "l.csv"\n', "")}, "town.toml", "files.links", ""),
    ("outside", {"town": TOML.replace('"l.csv"', '"../l.csv"')}, "town.toml", "files.links", ""),
    ("unknown file", {"town": TOML + 'roads = "r.csv"\n'}, "town.toml", "files.roads", ""),
    ("absent", {"town": TOML.replace('"p.csv"', '"pp.csv"')}, "pp.csv", "", "p.csv"),
    ("no areas", {"a": lambda t: t.split("\n")[0] + "\n"}, "a.csv", "rows", ""),
    ("empty", {"a": ""}, "a.csv", "header", ""),
    ("column", {"f": lambda t: t.replace("value", "number")}, "f.csv", "column value", ""),
    ("semicolons", {"f": lambda t: t.replace(",", ";")}, "f.csv", "header", "commas"),
    ("bom", {"f": lambda t: "﻿" + t}, "f.csv", "first bytes", "BOM"),
    ("code", {"f": lambda t: t.replace("S1,wards", "S2,wards")}, "f.csv, line 5", "area", 'known: N1, S1, W1'),
    ("choice", {"f": lambda t: t.replace("wards", "ward")}, "f.csv, line 5", "what", 'did you mean "wards"'),
    ("text", {"f": lambda t: t.replace(",110,", ",many,")}, "f.csv, line 3", "value", "words"),
    ("fraction", {"f": lambda t: t.replace(",110,", ",110.5,")}, "f.csv, line 3", "value", ""),
    ("negative", {"f": lambda t: t.replace(",110,", ",-1,")}, "f.csv, line 3", "value", ""),
    ("day", {"f": lambda t: t.replace("2017-06-01", "June 2017")}, "f.csv, line 3", "published", ""),
    ("twice", {"f": lambda t: t + t.split("\n")[1] + "\n"}, "f.csv", "area + what + published", ""),
    ("ragged", {"p": lambda t: t.replace(",40,", ",40,9,")}, "p.csv, line 2"[:5], "line 2", ""),
    ("nan", {"p": lambda t: t.replace("1000,3500", "nan,3500")}, "p.csv, line 2", "easting", ""),
    ("far away", {"p": lambda t: t.replace("1000,3500", "9e9,3500")}, "p.csv, line 2", "easting", ""),
    ("huge", {"p": lambda t: t.replace(",40,", ",9" + "0" * 30 + ",")}, "p.csv, line 2", "residents", ""),
    ("nobody", {"p": lambda t: t.replace(",190,", ",0,")}, "p.csv", "residents of S1", ""),
    ("order", {"l": lambda t: t.replace("S1,W1,land", "W1,S1,land")}, "l.csv", "a + b", ""),
    ("no reason", {"l": lambda t: t.replace("no bridge", "")}, "l.csv", "N1 + W1", ""),
    ("unnamed", {"x": lambda t: t.split("\n")[0] + "\n"}, "l.csv", "N1 + S1", "bridge"),
    ("stray", {"x": lambda t: t.replace("N1,S1,", "S1,W1,")}, "l.csv", "N1 + S1", ""),
    ("unlisted", {"x": lambda t: t + "N1,N1,Loop,bridge,1900,,map\n"}, "x.csv", "a + b", ""),
]


@pytest.mark.parametrize(("changes", "where", "key", "hint"), [row[1:] for row in BROKEN],
                         ids=[row[0] for row in BROKEN])
def test_a_broken_file_is_named_with_what_was_expected(write, changes, where, key, hint):
    told = refused(write(**changes))
    assert told.where == where
    assert told.key == key
    assert hint in told.hint
    assert told.expected


def test_a_folder_for_a_file_and_wrong_encoding_are_named(write):
    folder = write()
    (folder / "p.csv").write_bytes(b"code,name\nx,Caf\xe9\n")
    assert refused(folder).got == "0xe9"
    (folder / "p.csv").unlink()
    (folder / "p.csv").mkdir()
    assert refused(folder).got == "a folder"
    with pytest.raises(CaseError, match=r"nowhere\.toml"):
        read_system(folder / "nowhere", "nowhere")


@given(st.sampled_from(sorted(TOWN)), st.integers(0, 400), st.text(alphabet=',\n;"aN1-9.=\x00é', max_size=4))
def test_whatever_is_mangled_reads_or_is_refused_plainly(tmp_path_factory, name, spot, text):
    folder = tmp_path_factory.mktemp("town")
    for file, content in TOWN.items():
        mangled = content[:spot] + text + content[spot:] if file == name else content
        (folder / file).write_text(mangled, encoding="utf-8")
    try:
        town = read_system(folder, "town")
    except CaseError as told:
        assert str(told)
    else:
        assert len(town.areas) >= 1


def test_a_system_says_where_the_figures_of_a_measure_come_from(write):
    cited = TOML + '[sources]\n"locality.crimes" = ["Town Police, crimes by place"]\n'
    assert read_system(write(town=cited), "town").sources == {"locality.crimes": ("Town Police, crimes by place",)}
    assert read_system(write(), "town").sources == {}
    told = refused(write(town=TOML + '[sources]\n"locality.crimes" = "Town Police"\n'))
    assert "sources.locality.crimes" in str(told)
