"""Is every broken file answered with a SourceError that says what to do, and never with anything else?"""

from __future__ import annotations

import importlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bailiwick.errors import SourceError
from bailiwick.sources import SOURCES, library
from bailiwick.sources.store import Store

HERE = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
TEXTS = {
    "met_crime": ("MPS Borough Level Crime (Historical).csv",
                  "MajorText,MinorText,LookUp_BoroughName,201801,201802\nTheft,Other,Merton,1,2\n"
                  "Theft,Other,Sutton,3,4\n"),
    "mopac": ("PAS_Dashboard_Borough.csv",
              'Date,Survey,Borough,Measure,Proportion,MPS,,\n'
              '31/12/2014,PAS,Merton,"""Good Job"" local","0,56","0,67",,\n'),
    "met_workforce": ("Police Force Strength.csv", "Month,Officers,Staff,PCSO\nJan 2018,30000,9000,1400\n"),
    "ons_population": ("nomis_population.csv", "DATE,GEOGRAPHY_CODE,OBS_VALUE\n2017,E09000024,206100\n"),
    "ons_lookups": ("lookup.csv", "LAD16CD,LAD16NM,CSP16CD,CSP16NM,PFA16CD,PFA16NM\n"
                                  "E07000144,Broadland,E22000219,Broadland,E23000024,Norfolk\n"),
    "treasury": ("GDP_Deflators_March_2018.csv", "GDP deflators\n2016-17,100,2.1\n2017-18,101.8,1.8\n"),
    "fire_brigade": ("LFB Incident data.csv",
                     "IncidentNumber,DateOfCall,HourOfCall,IncidentGroup,IncGeo_BoroughCode,IncGeo_BoroughName,Easting_m,"
                     "Northing_m,Easting_rounded,Northing_rounded,FirstPumpArriving_AttendanceTime,"
                     "FirstPumpArriving_DeployedFromStation,SecondPumpArriving_AttendanceTime\n"
                     "1,01 Jan 2009,3,Fire,E09000024,MERTON,525000,170000,525050,170050,300,Mitcham,\n"),
    "police_uk_api": ("answer.json", json.dumps([{"id": 1, "month": "2018-03", "category": "burglary", "location": {
        "latitude": "51.4", "longitude": "-0.2", "street": {"name": "x"}}, "outcome_status": None}])),
    "ons_shapes": ("areas_2018.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"LAD18CD": "E09000024", "LAD18NM": "Merton"}, "geometry": {
            "type": "Polygon", "coordinates": [[[-0.2, 51.4], [-0.1, 51.4], [-0.1, 51.5], [-0.2, 51.4]]]}}]})),
}
STREET = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
          "Last outcome category,Context\n"
          "ab,2018-03,Surrey Police,Surrey Police,-0.3,51.2,On or near,E01000001,X,Drugs,,\n"
          "cd,2018-03,Surrey Police,Surrey Police,,,No Location,,,Drugs,,\n")


@pytest.fixture(scope="module")
def samples(tmp_path_factory, books) -> dict[str, tuple[str, bytes]]:
    """By module: a name and the bytes of a file that its reader takes."""
    folder = tmp_path_factory.mktemp("samples")
    found = {module: (name, text.encode()) for module, (name, text) in TEXTS.items()}
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("2018-03/2018-03-surrey-street.csv", STREET)
        book.writestr("2018-03/2018-03-surrey-outcomes.csv", "x\n")
    found["police_uk"] = ("2018-03.zip", raw.getvalue())
    for module, rows in (
            ("home_office", [["Table 1: Police officers by police force area"], ["", date(2018, 9, 30)],
                             ["Surrey", 5]]),
            ("police_money", [["Police grant 2018/19"], ["Force", "Core grant"], ["Surrey", 5]])):
        path = books.ods(folder / f"{module}-police-grant.ods", {"Table_1": rows})
        found[module] = (path.name, path.read_bytes())
    return found


MODULES = sorted([*TEXTS, "police_uk", "home_office", "police_money"])


def answer(module: str, path: Path) -> str:
    """`read` or the message of its SourceError; anything else fails the test."""
    try:
        tidy = importlib.import_module(f"bailiwick.sources.{module}").read([path])
    except SourceError as error:
        assert "\n  to do:    " in str(error)
        assert path.name in str(error) or module in ("home_office", "police_uk_api")
        return str(error)
    assert len(tidy.frame)
    return "read"


def test_every_reader_is_broken_here(samples):
    assert set(samples) >= {source.module for source in SOURCES} - {"roads"}
    assert set(samples) == set(MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_the_sample_itself_is_read(module, samples, tmp_path):
    name, raw = samples[module]
    (tmp_path / name).write_bytes(raw)
    assert answer(module, tmp_path / name) == "read"


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("raw", [
    b"", b"   \n", b"<!DOCTYPE html><html><body>Sign in</body></html>", b"\xff\xfe\x00\x01\x02", b"PK\x03\x04 no zip",
    b"%PDF-1.4", b"a,b\n1,2\n", b"{}", b"\x00" * 500], ids=range(9))
def test_another_file_in_its_place_is_refused(module, raw, samples, tmp_path):
    path = tmp_path / samples[module][0]
    path.write_bytes(raw)
    assert answer(module, path) != "read"
    path.unlink()
    assert answer(module, path) != "read"


@pytest.mark.parametrize("module", MODULES)
@HERE
@given(data=st.data())
def test_cut_off_altered_or_recoded_it_is_read_or_refused_with_what_to_do(module, samples, tmp_path_factory, data):
    name, raw = samples[module]
    way = data.draw(st.sampled_from(("cut", "bytes", "column", "utf-16", "latin")))
    if way == "cut":
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    elif way == "bytes":
        place = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:place] + data.draw(st.binary(min_size=1, max_size=4)) + raw[place + data.draw(st.integers(0, 4)):]
    elif way == "column":
        head, _, rest = raw.partition(b"\n")
        cells = head.split(b",")
        cells.pop(data.draw(st.integers(0, len(cells) - 1)))
        raw = b",".join(cells) + b"\n" + rest
    else:
        raw = raw.decode("latin-1").encode("utf-16" if way == "utf-16" else "cp500")
    path = tmp_path_factory.mktemp("fuzz") / name
    path.write_bytes(raw)
    answer(module, path)


@pytest.mark.parametrize("module", ["police_uk", "home_office", "police_money"])
def test_every_cut_of_a_zip_is_refused(module, samples, tmp_path):
    name, raw = samples[module]
    for at in range(0, len(raw), max(1, len(raw) // 40)):
        (tmp_path / name).write_bytes(raw[:at])
        assert answer(module, tmp_path / name) != "read", at


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(max_size=200), st.sampled_from([b"<html>", b"LAD16CD,PFA16CD\n"])))
def test_a_broken_file_taken_in_by_hand_never_harms_what_is_kept(samples, tmp_path_factory, raw):
    folder = tmp_path_factory.mktemp("take")
    store, source = Store(folder / "cache"), library.source("force-areas")
    name, good = samples["ons_lookups"]
    (folder / name).write_bytes(good)
    assert library.take_in(source, store, [folder / name]).state == "new"
    before = library.load("force-areas", store, vintage="2016").frame
    (folder / name).write_bytes(raw)
    outcome = library.take_in(source, store, [folder / name])
    assert outcome.state in ("failed", "new", "restated")
    assert library.load("force-areas", store, vintage="2016").frame.equals(before)
    assert not list((store.folder / "vintages").rglob(".draft*"))
    assert not list((store.folder / "partial").iterdir())


def test_street_crime_counts_what_has_no_place_and_refuses_other_months(samples, tmp_path):
    from bailiwick.sources import police_uk

    path = tmp_path / "2018-03.zip"
    path.write_bytes(samples["police_uk"][1])
    tidy = police_uk.read([path])
    assert tidy.frame.astype(str).values.tolist() == [
        ["Surrey Police", "2018-03", "E01000001", "Drugs", "1"],
        ["Surrey Police", "2018-03", "no location", "Drugs", "1"]]
    with pytest.raises(SourceError, match="force essex is not in it"):
        police_uk.counts(path, forces=["essex"])
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("2018-04-surrey-street.csv", STREET)
    with pytest.raises(SourceError, match=r"holds rows of 2018-03[\s\S]*rows of 2018-04 only"):
        police_uk.read([path])
