"""Broken files beside case.toml: CSV, claims, the list of data files, and files that are not files."""

from __future__ import annotations

import hashlib
import pickle
from datetime import date

import pytest

from bailiwick import casefile
from bailiwick.errors import CaseError, CaseErrors

HEADER = "area,type,count,reference_period,published,vintage"
ROW = "T01,Theft,500,2016,2017-01-31,as first published"


def first(error: CaseError) -> CaseError:
    return error.problems[0] if isinstance(error, CaseErrors) else error


# name: (old bytes, new bytes), where, key, found, expected, to do
TABLES = {
    "missing column": ((b"area,type,count", b"area,kind,count"), "", "column type", "no such column", "vintage", ""),
    "extra column": ((HEADER.encode(), HEADER.encode() + b",note"), "", "column note", "does not know", "vintage", ""),
    "misspelt column": ((b"area,type,count", b"area,type,cuont"), "", "column count", "no such column", "", "cuont"),
    "text in a number": ((b"Theft,500", b"Theft,five hundred"), "line 3", "count", "five hundred", "a whole number",
                         ""),
    "thousands separator": ((b"Theft,500", b'Theft,"1,500"'), "line 3", "count", "1,500", "a whole number",
                            "thousands"),
    "half a crime": ((b"Theft,500", b"Theft,500.5"), "line 3", "count", "500.5", "a whole number", ""),
    "nan in a number": ((b"Theft,500", b"Theft,nan"), "line 3", "count", "nan", "a whole number", ""),
    "negative count": ((b"Theft,500", b"Theft,-500"), "line 3", "count", "-500", "at least 0", ""),
    "huge number": ((b"Theft,500", b"Theft,5" + b"0" * 30), "line 3", "count", "5000", "no larger than 1e+15", ""),
    "empty cell": ((b"Theft,500", b"Theft,"), "line 3", "count", "nothing", "recorded in the period", ""),
    "byte-order mark": ((b"area,type", b"\xef\xbb\xbfarea,type"), "", "first bytes", "byte-order mark", "UTF-8", "BOM"),
    "UTF-16": ((b"area,type", b"\xff\xfearea,type"), "", "first bytes", "UTF-16", "UTF-8", "save"),
    "semicolons": ((HEADER.encode(), HEADER.replace(",", ";").encode()), "", "header", ";", "commas", "';'"),
    "tabs": ((HEADER.encode(), HEADER.replace(",", "\t").encode()), "", "header", "\t", "commas", ""),
    "Latin-1": ((b"Theft,500", b"Th\xe9ft,500"), "", "byte", "0xe9", "UTF-8", "save"),
    "zero byte": ((b"Theft,500", b"The\x00ft,500"), "line 3", "", "a zero byte", "UTF-8", "damaged"),
    "ragged row": ((b"T01,Theft,500,", b"T01,Theft,500,extra,"), "line 3", "", "7 cells", "6 cells", ""),
    "short row": ((ROW.encode(), b"T01,Theft,500"), "line 3", "", "3 cells", "6 cells", ""),
    "open quote": ((b"T01,Theft", b'T01,"Theft'), "", "", "cells", "6 cells", ""),
    "cell without end": ((b"Theft,500", b"T" * 200_000), "", "", "field larger", "comma-separated", ""),
    "duplicate key": ((b"T01,Theft,500", b"T01,Burglary,500"), "", "area + type + reference_period",
                      "T01, Burglary, 2016",
                      "each combination once", ""),
    "misspelt area": ((b"T03,Theft", b"Eastfeild,Theft"), "line 7", "area", "Eastfeild", "the code of an area",
                      "T03 (Eastfield)"),
    "date the other way": ((b"500,2016,2017-01-31", b"500,2016,31/01/2017"), "line 3", "published", "31/01/2017",
                           "2018-01-31", ""),
    "day that is none": ((b"500,2016,2017-01-31", b"500,2016,2017-02-31"), "line 3", "published", "2017-02-31", "a day",
                         ""),
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_broken_table_is_told_by_line_and_column(name, town, refused):
    (old, new), where, key, found, expected, todo = TABLES[name]
    file = town / "data" / "crimes.csv"
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    error = first(refused())
    assert error.where.startswith("town/data/crimes.csv")
    assert where in f"{error.where} {error.key}"
    assert key in error.key
    assert found in str(error.got)
    assert expected in error.expected
    assert todo in error.hint


def test_an_empty_table_lacks_its_header(town, refused):
    town.joinpath("data/crimes.csv").write_bytes(b"")
    error = first(refused())
    assert (error.where, error.got) == ("town/data/crimes.csv", "an empty file")
    assert error.expected.replace(", ", ",") == HEADER


@pytest.mark.parametrize(("path", "hint"), [
    ("case.toml", ""), ("claims.toml", ""), ("data/crimes.csv", ""), ("datapackage.json", ""),
    ("areas/town-links.csv", ""),
])
def test_a_missing_file_is_named(town, refused, path, hint):
    town.joinpath(path).unlink()
    told = str(refused())
    assert f"town/{path}" in told
    assert "No such file" in told


@pytest.mark.parametrize("path", ["case.toml", "claims.toml", "data/crimes.csv", "datapackage.json"])
def test_a_folder_in_place_of_a_file_is_named(town, refused, path):
    town.joinpath(path).unlink()
    town.joinpath(path).mkdir()
    error = first(refused())
    assert error.where == f"town/{path}"
    assert error.got == "a folder"


@pytest.mark.parametrize("path", ["case.toml", "claims.toml"])
def test_an_empty_toml_says_nothing(town, refused, path):
    town.joinpath(path).write_text("# only a comment\n", encoding="utf-8")
    error = first(refused())
    assert error.where == f"town/{path}"
    assert error.got == "an empty file"


@pytest.mark.parametrize(("path", "old", "new", "line"), [
    ("case.toml", "draws = 20", "draws = = 20", 7),
    ("case.toml", 'question = "Is', "question = Is", 4),
    ("case.toml", "seed = 7", "seed = 7\nseed = 8", 7),
    ("case.toml", "effective = 2018-05-23", "effective = 2018-02-31", 8),
    ("claims.toml", "when = 2018-01-10", "when 2018-01-10", 4),
])
def test_a_mistake_of_syntax_names_its_line(edit, refused, path, old, new, line):
    edit(path, old, new)
    error = first(refused())
    assert error.where == f"town/{path}, line {line}"
    assert "TOML" in error.expected


@pytest.mark.parametrize(("data", "got"), [
    (b"\xef\xbb\xbfname = 1", "byte-order mark"), (b"\xff\xfen\x00", "UTF-16"), (b"a\x00b", "a zero byte"),
    (b'title = "caf\xe9"', "0xe9"), (b"a = " + b"[" * 5000 + b"]" * 5000, "hundreds deep"),
    (b"a = " + b"9" * 5000, "Exceeds the limit"), (b"a = 1\r\r\n", ""),
])
def test_a_case_that_is_no_toml_is_refused(town, refused, data, got):
    town.joinpath("case.toml").write_bytes(data)
    error = first(refused())
    assert error.where.startswith("town/case.toml")
    assert got in str(error.got)


CLAIMS = {
    "unknown option": (('option = "proposed"', 'option = "porposed"'), "claims.distant.option", "porposed",
                       'did you mean "proposed"?'),
    "unknown subject": (('subject = "T04"', 'subject = "T05"'), "claims.distant.subject", "T05", "T04"),
    "measure of no room": (('measure = "locality.distance', 'measure = "localty.distance'), "claims.distant.measure",
                           "localty.distance", "locality"),
    "rule that is none": (('rule = "worse"', 'rule = "much worse"'), "claims.distant.rule", "much worse", "worse"),
    "no threshold": (("threshold = 0.0\n", ""), "claims.saves.threshold", "nothing", "add threshold"),
    "threshold too many": (('rule = "worse"', 'rule = "worse"\nthreshold = 2'), "claims.distant.threshold", "2",
                           "delete it"),
    "untestable without holder": (('holder = "Town Police"\n', ""), "claims.biggest.holder", "nothing", "add holder"),
    "untestable with a measure": (('rule = "worse"', 'rule = "untestable"\nholder = "x"'), "claims.distant.rule",
                                  "untestable, with a measure", "leave the three empty"),
    "claim twice": (('id = "saves"', 'id = "distant"'), "claims.distant.id", "distant", "rename"),
    "when in quotes": (("when = 2018-01-10", 'when = "2018-01-10"'), "claims.distant.when", "2018-01-10",
                       "without quotes"),
    "unknown key": (('side = "for"', 'sides = "for"'), "claims.saves.side", "", ""),
    "address that is none": (("https://example.org/said", "ftp://example.org"), "claims.distant.url", "ftp", ""),
}


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_a_broken_claim_is_told_by_its_id(name, edit, refused):
    (old, new), key, found, todo = CLAIMS[name]
    edit("claims.toml", old, new)
    error = first(refused())
    assert error.where.startswith("town/claims.toml, line ")
    assert error.key.startswith(key)
    assert found in str(error.got)
    assert todo in error.hint


PLAN = '[evaluation]\nplan = "plan.toml"\nsha256 = "sha256:%s"\n\n[[sites]]\nname = "Northgate"'


@pytest.fixture
def lodged(town, edit) -> str:
    """The hash of a plan that stands in the town, as lodged in its case.toml."""
    town.joinpath("plan.toml").write_text('title = "What we shall ask"\nalpha = 0.05\n', encoding="utf-8")
    told = hashlib.sha256(b'{"alpha":0.05,"title":"What we shall ask"}').hexdigest()
    edit("case.toml", '[[sites]]\nname = "Northgate"', PLAN % told)
    return told


def test_a_plan_is_read_while_its_hash_fits_whatever_its_comments(town, lodged):
    before = casefile.load(town)
    assert before.plan.startswith('title = "What we shall ask"')
    assert any(found.path == "plan.toml" for found in before.inputs)
    town.joinpath("plan.toml").write_text('# asked\nalpha = 0.05\ntitle = "What we shall ask"\n', encoding="utf-8")
    assert casefile.load(town).digest == before.digest


def test_a_plan_changed_after_it_was_lodged_is_refused(town, lodged, refused):
    town.joinpath("plan.toml").write_text('title = "What we shall ask"\nalpha = 0.1\n', encoding="utf-8")
    error = first(refused())
    assert error.key == "evaluation.sha256"
    assert lodged in str(error.got)
    assert "lodge a new one and say why" in error.hint


@pytest.mark.parametrize(("data", "found"), [(None, "No such file"), (b"", "an empty file"), (b"a = [", "TOML"),
                                             (b"\xff", "0xff")])
def test_a_plan_that_cannot_be_read_is_refused(town, lodged, refused, data, found):
    town.joinpath("plan.toml").unlink()
    if data is not None:
        town.joinpath("plan.toml").write_bytes(data)
    error = first(refused())
    assert error.where.startswith("town/plan.toml")
    assert found in f"{error.got} {error.expected}"


def test_tables_of_the_catalogue_that_overlap_are_refused(tmp_path):
    folder = casefile.scaffold("twice", "london-boroughs", tmp_path, as_of=date(2018, 1, 31))
    text = folder.joinpath("case.toml").read_text(encoding="utf-8")
    twice = text.replace('"catalogue:crimes-london"', '"catalogue:crimes-london + catalogue:crimes-london"')
    folder.joinpath("case.toml").write_text(twice, encoding="utf-8")
    with pytest.raises(CaseError, match="in two of the tables") as caught:
        casefile.load(folder)
    assert caught.value.key == "tables.crimes"


def test_a_data_file_that_is_not_listed_is_refused(town, refused):
    town.joinpath("data/extra.csv").write_text("a,b\n", encoding="utf-8")
    error = refused()
    assert error.where == "town/datapackage.json"
    assert error.got == "no entry for data/extra.csv"


def test_a_table_that_is_not_listed_is_refused_wherever_it_stands(town, edit, refused):
    edit("case.toml", '"data/figures.csv"', '"figures.csv"')
    town.joinpath("figures.csv").write_bytes(town.joinpath("data/figures.csv").read_bytes())
    told = str(refused())
    assert "no entry for figures.csv" in told


@pytest.mark.parametrize(("old", "new", "key", "found"), [
    ('"path": "data/crimes.csv"', '"path": "../crimes.csv"', "path", "../crimes.csv"),
    ('"publisher": "Town Police", "licenses": [{"name": "OGL', '"licenses": [{"name": "OGL', "resources[7].publisher",
     "nothing"),
    ('"licenses": [{"name": "OGL-UK-3.0"}]', '"licenses": []', "resources[7].licenses", "[]"),
    ('"restricted": true, "hash": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
     '"restricted": true', "resources[9].hash", "nothing"),
    ('"hash": "sha256:e3b0', '"hash": "md5:e3b0', "resources[9].hash", "md5"),
    ('"restricted": true', '"restricted": "yes"', "resources[9].restricted", "yes"),
    ('"path": "data/figures.csv"', '"path": "data/crimes.csv"', "resources[8].path", "data/crimes.csv"),
    ('"path": "data/crimes.csv",', '"path": "data/crimes.csv", "hash": "sha256:' + "0" * 64 + '",',
     "resources[7].hash", "data/crimes.csv with the sha256"),
    ('"resources": [', '"resources": [[', "", "delimiter"),
    ('{\n  "profile"', '[{"profile"', "", ""),
])
def test_a_broken_list_of_data_files_is_told(edit, refused, old, new, key, found):
    edit("datapackage.json", old, new)
    problems = refused()
    told = problems.problems if isinstance(problems, CaseErrors) else (problems,)
    assert any(error.key == key and found in str(error.got) for error in told), str(problems)


@pytest.mark.parametrize(("path", "old", "new", "found"), [
    ("areas/town.toml", 'kind = "council"', 'kind = "county"', "county"),
    ("areas/town.toml", 'areas = "town-areas.csv"', 'areas = "../town-areas.csv"', "../town-areas.csv"),
    ("areas/town-areas.csv", "T02,Hilltop", "T02,Hilltop,extra", "10 cells"),
    ("areas/town-points.csv", "W1A,", "W1B,", "W1B"),
    ("areas/town-links.csv", "T01,T02,land", "T02,T01,land", "T02 + T01"),
    ("areas/town-links.csv", "T01,T02,land", "T01,T09,land", "T09"),
    ("areas/town-facts.csv", "residents,29900", "residents,-1", "-1"),
    ("areas/town-crossings.csv", "Old Bridge,bridge", "Old Bridge,rope", "rope"),
])
def test_a_broken_area_system_is_told_by_its_file(edit, refused, path, old, new, found):
    edit(path, old, new)
    error = first(refused())
    assert error.where.startswith(f"town/{path}")
    assert found in str(error.got)


def test_an_area_whose_residents_nobody_had_counted_is_refused(refused):
    told = str(refused(as_of=date(2016, 1, 1)))
    assert "no residents of Northgate published by 2016-01-01" in told


@pytest.mark.parametrize(("given", "hint"), [
    ("", "south-west-london-2018"), ("south-west-lundon-2018", 'did you mean "south-west-london-2018"?'),
    ("\x00", ""), ("x" * 300, ""),
])
def test_a_case_that_is_nowhere_is_refused(given, hint):
    with pytest.raises(CaseError, match="bundled case") as caught:
        casefile.load(given)
    assert hint in caught.value.hint


def test_a_file_in_place_of_a_folder_is_refused(town):
    with pytest.raises(CaseError) as caught:
        casefile.load(town / "case.toml")
    assert caught.value.got == "a file"
    assert caught.value.hint == f"give {town}"


def test_a_folder_without_a_case_is_refused(tmp_path):
    with pytest.raises(CaseError, match=r"case\.toml"):
        casefile.load(tmp_path)


def test_several_problems_survive_pickling(edit, refused):
    edit("case.toml", "value = 5\nlow", "value = 50\nlow")
    edit("claims.toml", 'option = "proposed"', 'option = "porposed"')
    error = refused()
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301
