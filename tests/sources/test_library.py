"""Do sources get into the store and out again, is nothing ever written over, and is every address one that is known?"""

from __future__ import annotations

import hashlib
import importlib
import json
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bailiwick.errors import SourceError
from bailiwick.sources import SOURCES, library
from bailiwick.sources.library import Way
from bailiwick.sources.store import Kept, Record, default_folder

LOOKUP = "Local_Authority_District_to_Community_Safety_Partnerships_to_Police_Force_Areas__December_2016.csv"
TABLE = ("LAD16CD,LAD16NM,CSP16CD,CSP16NM,PFA16CD,PFA16NM,FID\n"
         "E07000144,Broadland,E22000219,Broadland,E23000024,Norfolk,1\n").encode("utf-8-sig")
FORCES = library.source("force-areas")


def way(publisher, files, quick):
    return Way(publisher.mirror({f"publisher_format/ons/{name}": raw for name, raw in files.items()}), None, quick)


def listing(store):
    return sorted((str(p.relative_to(store.folder)), hashlib.sha256(p.read_bytes()).hexdigest())
                  for p in store.folder.rglob("*") if p.is_file())


def test_every_source_has_a_reader_a_licence_and_a_way_to_it():
    names = [source.name for source in SOURCES]
    assert len(names) == len(set(names))
    for source in SOURCES:
        module = importlib.import_module(f"bailiwick.sources.{source.module}")
        assert callable(module.read)
        assert callable(module.vintage)
        assert source.title and source.publisher and source.licence and source.files
        assert source.page or source.address
        assert source.address.startswith(("", "https://"))


def test_a_source_comes_from_a_mirror_with_url_date_vintage_digest_and_licence(publisher, store, quick):
    outcome = library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick))
    assert outcome.state == "new", outcome.reason
    record = store.newest("force-areas")
    assert (record.vintage, record.licence, record.publisher) == ("2016", FORCES.licence, FORCES.publisher)
    assert record.files[0].sha256 == hashlib.sha256(TABLE).hexdigest()
    assert record.files[0].url.endswith(LOOKUP)
    assert record.fetched.startswith("20")
    assert "force-areas, 2016" in record.line()
    told = json.loads((store.folder / "vintages/force-areas/2016/record.json").read_text(encoding="utf-8"))
    assert told["schema"] == "bailiwick/source-record/1"
    assert library.load("force-areas", store).frame["force"].tolist() == ["E23000024"]


def test_afterwards_no_network_is_needed(publisher, store, quick, monkeypatch):
    library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick))
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *a, **k: pytest.fail("a connection"))
    assert len(library.load("force-areas", store).frame) == 1


def test_the_same_again_is_the_same_and_a_silent_change_is_a_second_vintage(publisher, store, quick):
    library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick))
    before = listing(store)
    assert library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick)).state == "same"
    assert listing(store) == before
    changed = TABLE.replace(b"Norfolk", b"Suffolk")
    again = library.obtain(FORCES, store, way(publisher, {LOOKUP: changed}, quick))
    assert (again.state, again.record.vintage) == ("restated", "2016+2")
    assert set(before) <= set(listing(store))
    assert library.load("force-areas", store, vintage="2016").frame["force_name"].tolist() == ["Norfolk"]
    assert library.load("force-areas", store).frame["force_name"].tolist() == ["Suffolk"]
    assert library.obtain(FORCES, store, way(publisher, {LOOKUP: changed}, quick)).state == "same"


def test_kept_files_cannot_be_written_and_altered_ones_are_refused(publisher, store, quick):
    library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick))
    path = store.folder / "vintages/force-areas/2016" / LOOKUP
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    path.unlink()
    path.write_bytes(TABLE.replace(b"24", b"25"))
    with pytest.raises(SourceError, match=r"not the bytes that were fetched\n  to do: .*fetch force-areas again"):
        library.load("force-areas", store)


@pytest.mark.parametrize("raw", [b"<!doctype html><p>gone", b"a,b\n1,2\n", b"\xff\xfe\x00", b"PFA16CD,LAD16CD\n"])
def test_a_file_that_is_not_the_table_gets_no_vintage(publisher, store, quick, raw):
    library.obtain(FORCES, store, way(publisher, {LOOKUP: TABLE}, quick))
    outcome = library.obtain(FORCES, store, way(publisher, {LOOKUP: raw}, quick))
    if outcome.state != "failed":
        with pytest.raises(SourceError, match="to do"):
            library.load("force-areas", store, vintage=outcome.record.vintage)
    else:
        assert "to do:" in outcome.reason
    assert library.load("force-areas", store, vintage="2016").frame["force"].tolist() == ["E23000024"]


def test_what_a_mirror_lacks_and_what_has_no_address_say_what_to_download(publisher, store, quick):
    for source, told in ((library.source("deflators"), way(publisher, {LOOKUP: TABLE}, quick)),
                         (library.source("deflators"), Way(None, None, quick)),
                         (library.source("roads"), Way(None, None, quick))):
        outcome = library.obtain(source, store, told)
        assert outcome.state == "failed"
        assert f"bailiwick fetch {source.name} --file PATH" in outcome.reason


def test_cleaned_tables_of_a_mirror_are_not_the_publishers_files(publisher, store, quick):
    mirror = publisher.mirror({f"london/{LOOKUP}": TABLE})
    assert library.obtain(FORCES, store, Way(mirror, None, quick)).state == "failed"


def test_a_listing_chooses_the_files_by_their_names(publisher, store, quick, answers):
    wide = b"majortext,minortext,boroughname,202402,202403\nBURGLARY,BURGLARY,Merton,4,5\n"
    publisher.answers |= {"/one": wide, "/two": wide.replace(b"202402,202403", b"202404,202405")}
    publisher.answers["/list"] = json.dumps({"result": {"resources": [
        {"name": "MPS Borough Level Crime (Historical)", "url": publisher.url + "/one"},
        {"name": "MPS Borough Level Crime (most recent 24 months).csv", "url": publisher.url + "/two"},
        {"name": "MPS Ward Level Crime (Historical)", "url": publisher.url + "/three"}]}}).encode()
    source = replace(library.source("met-crime"), address=publisher.url + "/list")
    outcome = library.obtain(source, store, Way(None, None, quick))
    assert outcome.state == "new", outcome.reason
    assert outcome.record.vintage == "2024-05"
    assert library.load("met-crime", store).frame["count"].sum() == 18


def test_a_feature_service_becomes_one_file(publisher, store, quick):
    square = {"type": "Polygon", "coordinates": [[[-0.2, 51.4], [-0.1, 51.4], [-0.1, 51.5], [-0.2, 51.4]]]}
    publisher.answers["/LAD_December_2018_X/FeatureServer/0/query"] = json.dumps({"features": [
        {"type": "Feature", "properties": {"LAD18CD": "E09000024", "LAD18NM": "Merton"}, "geometry": square}]}).encode()
    source = replace(library.source("council-shapes"),
                     address=publisher.url + "/LAD_December_2018_X/FeatureServer/0/query")
    outcome = library.obtain(source, store, Way(None, None, quick))
    assert outcome.state == "new", outcome.reason
    assert outcome.record.vintage == "2018"
    assert library.load("council-shapes", store).frame["name"].tolist() == ["Merton"]


def test_a_file_downloaded_by_hand_is_read_and_kept(store, tmp_path):
    path = tmp_path / LOOKUP
    path.write_bytes(TABLE)
    assert library.take_in(FORCES, store, [path]).state == "new"
    assert path.read_bytes() == TABLE
    assert library.load("force-areas", store).vintage == "2016"
    assert "no such file" in library.take_in(FORCES, store, [tmp_path / "none.csv"]).reason
    path.write_bytes(b"<html>")
    assert "web page" in library.take_in(FORCES, store, [path]).reason


def test_a_record_that_is_none_is_said(store):
    home = store.folder / "vintages/x/1"
    home.mkdir(parents=True)
    (home / "record.json").write_text("{")
    with pytest.raises(SourceError, match="delete the folder"):
        store.records()


def test_an_absent_vintage_is_said(store):
    with pytest.raises(SourceError, match=r"force-areas: no vintage is kept.*\n  to do: .*bailiwick fetch force-areas"):
        store.newest("force-areas")
    with pytest.raises(SourceError, match='did you mean "force-areas"'):
        library.source("force-area")


def test_a_crash_while_a_vintage_is_written_leaves_no_vintage(store, monkeypatch):
    part = store.partial("http://a")
    part.write_bytes(TABLE)
    digest = hashlib.sha256(TABLE).hexdigest()
    store.take(part, digest)
    record = Record("force-areas", "2016", "2026-01-01", "ONS", "OGL", (Kept("a.csv", digest, len(TABLE), ""),))
    monkeypatch.setattr(Path, "rename", lambda *a: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        store.keep(record)
    monkeypatch.undo()
    assert store.records() == ()
    assert store.keep(record)[1] == "new"


def test_two_processes_never_fetch_into_one_store_at_once(store):
    code = ("import sys, pathlib; from bailiwick.sources.store import Store\n"
            f"with Store(pathlib.Path({str(store.folder)!r})).alone(): print('in', flush=True)")
    with store.alone():
        other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(2.0)
    assert other.communicate(timeout=30)[0] == "in\n"


def test_the_cache_moves_with_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("BAILIWICK_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("BAILIWICK_CACHE")
    assert default_folder().parts[-2:] == ("bailiwick", "sources")


@pytest.fixture
def typed(monkeypatch, tmp_path):
    """The command line with a cache of its own."""
    from bailiwick.cli import app

    monkeypatch.setenv("BAILIWICK_CACHE", str(tmp_path / "cache"))
    return lambda *words: CliRunner().invoke(app, ["fetch", *words])


def test_the_command_fetches_lists_and_says_what_failed(typed, publisher, tmp_path):
    mirror = publisher.mirror({f"publisher_format/ons/{LOOKUP}": TABLE})
    done = typed("--mirror", mirror)
    assert done.exit_code == 0
    assert "new          force-areas: 2016, 1 file," in done.output
    assert f"1 of {len(SOURCES)} sources are kept" in done.output
    assert "same" in typed("force-areas", "--mirror", mirror).output
    listed = typed("--list")
    assert "kept: 2016, fetched" in listed.output
    told = json.loads(typed("force-areas", "--list", "--json").output)
    assert told["force-areas"][0]["files"] == [LOOKUP]
    failed = typed("deflators", "--mirror", mirror)
    assert failed.exit_code == 2
    assert "bailiwick fetch deflators --file PATH" in failed.output
    (tmp_path / LOOKUP).write_bytes(TABLE)
    assert json.loads(typed("force-areas", "--file", str(tmp_path / LOOKUP), "--json").output)[0]["state"] == "same"


def test_the_command_holds_built_in_tables_against_what_is_kept(typed, store, tmp_path):
    assert "Nothing that the built-in tables could be held against" in typed("--compare").output
    rows = "2017,E09000024,1\n2016,E09000024,205029\n2017,E09000032,2\n"
    path = tmp_path / "nomis_population.csv"
    path.write_text("DATE,GEOGRAPHY_CODE,OBS_VALUE\n" + rows)
    assert typed("population", "--file", str(path)).exit_code == 0
    told = json.loads(typed("--compare", "--json").output)
    assert [(t["compared"], t["differing"] >= 2) for t in told] == [(3, True)]
    assert "residents of E09000024 in 2017" in typed("--compare").output


def test_the_command_refuses_what_it_cannot_do(typed, tmp_path):
    assert 'did you mean "met-crime"' in str(typed("met-crim").exception)
    assert "one source" in str(typed("--file", str(tmp_path / "a")).exception)


def test_the_page_of_reference_lists_every_source():
    page = (Path(__file__).resolve().parents[2] / "docs/reference/sources.md").read_text(encoding="utf-8")
    missing = [source.name for source in SOURCES if f"| `{source.name}` |" not in page]
    assert not missing


def test_the_python_of_the_how_to_runs(tmp_path, monkeypatch, capsys):
    page = (Path(__file__).resolve().parents[2] / "docs/how-to/fetch-real-data.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "how-to", "exec"), {})  # noqa: S102
    assert "bailiwick fetch met-crime" in capsys.readouterr().out


def test_every_source_without_an_address_is_told_with_the_page_to_go_to():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
    for source in SOURCES:
        assert source.page, f"{source.name}: where does a person find it?"
        row = next((line for line in page.splitlines() if line.startswith(f"| `{source.name}` | `")), None)
        assert (row is None) == bool(source.address), source.name
        assert row is None or (source.page in row and all(file in row for file in source.files)), row
