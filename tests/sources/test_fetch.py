"""Does a file arrive whole, or not at all, whatever the server does?"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bailiwick.errors import SourceError
from bailiwick.sources import fetch
from bailiwick.sources import store as store_module
from bailiwick.sources.fetch import Patience, Wanted

RAW = b"Code,Population\n" + b"E09000032,326474\n" * 4_000
SHA = hashlib.sha256(RAW).hexdigest()


def bytes_of(store, kept):
    return store.object(kept.sha256).read_bytes()


def objects(store):
    return sorted(path for path in store.folder.glob("objects/*/*"))


def assert_sound(store):
    """Every kept object holds the bytes its name says."""
    for path in objects(store):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def test_a_file_comes_whole_and_is_asked_for_once_when_its_digest_is_known(publisher, store, quick):
    publisher.answers["/a.csv"] = RAW
    wanted = Wanted(publisher.url + "/a.csv", "a.csv", SHA, len(RAW))
    first = fetch.fetched(wanted, store, patience=quick)
    again = fetch.fetched(wanted, store, patience=quick)
    assert bytes_of(store, first) == RAW
    assert first == again
    assert len(publisher.asked) == 1
    assert not list((store.folder / "partial").iterdir())


def test_progress_is_told_up_to_the_last_byte(publisher, store, quick):
    publisher.answers["/a.csv"] = RAW
    told = []
    fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=quick, progress=lambda *p: told.append(p))
    assert told[-1] == ("a.csv", len(RAW), len(RAW))
    assert [t[1] for t in told] == sorted(t[1] for t in told)


def test_a_broken_download_goes_on_where_it_stopped(publisher, store, quick, answers):
    publisher.answers["/a.csv"] = answers.cut(RAW, 30_000)
    kept = fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=quick)
    assert bytes_of(store, kept) == RAW
    assert [asked for _, asked in publisher.asked] == [None, "bytes=30000-"]


def test_a_download_goes_on_in_another_run(publisher, store, answers):
    publisher.answers["/a.csv"] = answers.cut(RAW, 20_000)
    wanted = Wanted(publisher.url + "/a.csv", "a.csv")
    with pytest.raises(SourceError, match="broke off after 20000 of"):
        fetch.fetched(wanted, store, patience=Patience(tries=1, pause=0, silence=2))
    assert objects(store) == []
    kept = fetch.fetched(wanted, store, patience=Patience(tries=1, pause=0, silence=2))
    assert bytes_of(store, kept) == RAW
    assert publisher.asked[-1][1] == "bytes=20000-"


def test_a_file_that_changed_in_between_is_fetched_from_its_start(publisher, store, quick, answers):
    newer = RAW.replace(b"326474", b"999999")
    publisher.answers["/a.csv"] = answers.cut(RAW, 20_000)
    wanted = Wanted(publisher.url + "/a.csv", "a.csv")
    with pytest.raises(SourceError):
        fetch.fetched(wanted, store, patience=Patience(tries=1, pause=0, silence=2))
    publisher.answers["/a.csv"] = lambda h: answers.whole(h, newer, headers=[("ETag", '"v2"')])
    kept = fetch.fetched(wanted, store, patience=quick)
    assert bytes_of(store, kept) == newer


def test_a_wrong_piece_and_an_impossible_range_start_afresh(publisher, store, quick, answers):
    wanted = Wanted(publisher.url + "/a.csv", "a.csv")
    for odd in (lambda h: answers.whole(h, b"zzz", status=206, headers=[("Content-Range", "bytes 5-7/8")]),
                lambda h: h.send_error(416)):
        part = store.partial(wanted.url)
        part.write_bytes(RAW[:99])
        part.with_suffix(".mark").write_text('"v0"')
        publisher.answers["/a.csv"] = lambda h, odd=odd: odd(h) if h.headers.get("Range") else answers.whole(h, RAW)
        assert bytes_of(store, fetch.fetched(wanted, store, patience=quick)) == RAW


def test_busy_servers_are_tried_again_and_hopeless_ones_are_not(publisher, store, quick, answers):
    left = [503, 429]
    publisher.answers["/a.csv"] = lambda h: h.send_error(left.pop()) if left else answers.whole(h, RAW)
    assert bytes_of(store, fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=quick)) == RAW
    publisher.asked.clear()
    with pytest.raises(SourceError, match=r"404 Not Found\n  to do: .*--file"):
        fetch.fetched(Wanted(publisher.url + "/none.csv", "none.csv"), store, patience=quick)
    assert len(publisher.asked) == 1
    publisher.answers["/b.csv"] = lambda h: h.send_error(503)
    with pytest.raises(SourceError, match="503 Service Unavailable, 3 times"):
        fetch.fetched(Wanted(publisher.url + "/b.csv", "b.csv"), store, patience=quick)


def test_pauses_double_and_follow_what_the_server_says(publisher, store, monkeypatch):
    waits = []
    monkeypatch.setattr(fetch.time, "sleep", waits.append)
    publisher.answers["/a.csv"] = lambda h: h.send_error(500)
    with pytest.raises(SourceError):
        fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=Patience(4, 1.0, 2.0))
    assert waits == [1.0, 2.0, 4.0]
    waits.clear()

    def _later(handler):
        handler.send_response(429)
        handler.send_header("Retry-After", "7")
        handler.end_headers()

    publisher.answers["/b.csv"] = _later
    with pytest.raises(SourceError):
        fetch.fetched(Wanted(publisher.url + "/b.csv", "b.csv"), store, patience=Patience(2, 1.0, 2.0))
    assert waits == [7.0]


def test_a_server_that_falls_silent_is_left(publisher, store, answers):
    publisher.answers["/a.csv"] = answers.silent(RAW, 0.6)
    with pytest.raises(SourceError, match=r"silent|broke off"):
        fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=Patience(1, 0.0, 0.2))
    assert objects(store) == []


def test_nobody_at_the_address(store, quick):
    with pytest.raises(SourceError, match=r"refused, 3 times\n  to do:"):
        fetch.fetched(Wanted("http://127.0.0.1:9/a.csv", "a.csv"), store, patience=quick)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example/a", "a.csv", "http://[::"])
def test_only_web_addresses_are_opened(store, quick, url):
    with pytest.raises(SourceError, match="to do"):
        fetch.fetched(Wanted(url, "a.csv"), store, patience=quick)


def test_a_page_that_sends_on_to_a_file_of_this_computer_is_refused(publisher, store, quick):
    def _away(handler):
        handler.send_response(302)
        handler.send_header("Location", "file:///etc/hostname")
        handler.end_headers()

    publisher.answers["/a.csv"] = _away
    with pytest.raises(SourceError):
        fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=quick)
    assert objects(store) == []


@pytest.mark.parametrize(("name", "raw", "why"), [
    ("a.csv", b"<!DOCTYPE html><html>moved</html>", "a web page came"),
    ("a.csv", b"", "an empty file"),
    ("a.zip", b"PK\x03\x04 cut off", "broken or cut-off zip"),
    ("a.ods", b"no zip", "broken or cut-off zip"),
])
def test_what_is_no_data_is_not_kept(publisher, store, quick, name, raw, why):
    publisher.answers["/" + name] = raw
    with pytest.raises(SourceError, match=why):
        fetch.fetched(Wanted(publisher.url + "/" + name, name), store, patience=quick)
    assert objects(store) == []
    assert not list((store.folder / "partial").iterdir())


def test_a_wrong_digest_is_not_kept(publisher, store, quick):
    publisher.answers["/a.csv"] = RAW + b"x"
    with pytest.raises(SourceError, match=f"expected {SHA[:12]}"):
        fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv", SHA), store, patience=quick)
    assert objects(store) == []


def test_a_length_that_is_not_told_is_said_unless_the_digest_proves_it(publisher, store, quick, answers):
    publisher.answers["/a.csv"] = lambda h: answers.whole(h, RAW, length=False)
    url = publisher.url + "/a.csv"
    assert "could not be checked" in fetch.fetched(Wanted(url, "a.csv"), store, patience=quick).note
    assert fetch.fetched(Wanted(url, "a.csv", SHA), store, patience=quick).note == ""


def test_a_full_disk_is_said_and_leaves_no_trace(publisher, store, quick, monkeypatch):
    publisher.answers["/a.csv"] = RAW
    real = fetch.Path.open

    class Full:
        def __init__(self, stream):
            self.stream = stream

        def __enter__(self):
            return self

        def __exit__(self, *told):
            self.stream.close()

        def write(self, block):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fetch.Path, "open", lambda self, mode="r", *a, **k: Full(real(self, mode, *a, **k))
                        if self.suffix == ".part" and mode != "rb" else real(self, mode, *a, **k))
    with pytest.raises(SourceError, match=r"disk is full\n  to do: .*BAILIWICK_CACHE"):
        fetch.fetched(Wanted(publisher.url + "/a.csv", "a.csv"), store, patience=quick)
    assert objects(store) == []
    assert not list((store.folder / "partial").glob("*.part"))


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SourceError, match="BAILIWICK_CACHE"):
        store_module.Store(tmp_path / "file").partial("http://a/b")


@pytest.mark.parametrize("text", ["", "name,size\n", "file,bytes,sha256\n../../etc/passwd,3," + "0" * 64 + "\n",
                                  "file,bytes,sha256\na.csv,many," + "0" * 64 + "\n", "file,bytes,sha256\na.csv,3,12\n",
                                  "file,bytes,sha256\n/etc/passwd,3," + "0" * 64 + "\n"])
def test_a_manifest_that_is_none(publisher, quick, text):
    publisher.answers["/MANIFEST.csv"] = text.encode()
    with pytest.raises(SourceError, match=r"to do: .*(first|each) line|its first line"):
        fetch.manifest(publisher.url, patience=quick)


def test_a_manifest_with_commas_and_spaces_in_names(publisher, quick):
    mirror = publisher.mirror({"a/MPS Borough, Level (x).csv": RAW})
    (found,) = fetch.manifest(mirror + "/", patience=quick)
    assert (found.name, found.size, found.sha256) == ("a/MPS Borough, Level (x).csv", len(RAW), SHA)
    assert " " not in found.url


def test_a_listing_is_read_by_the_names_of_its_files(publisher, quick):
    publisher.answers["/list"] = json.dumps({"result": {"resources": [
        {"name": "MPS Borough Level Crime (Historical)", "url": "http://x/1"}]}}).encode()
    assert fetch.listed(publisher.url + "/list", patience=quick)[0].url == "http://x/1"
    publisher.answers["/list"] = b'{"result": 3}'
    with pytest.raises(SourceError, match="not the listing of a data set"):
        fetch.listed(publisher.url + "/list", patience=quick)


def test_features_come_page_after_page(publisher, quick, answers):
    whole = [{"type": "Feature", "properties": {"n": n}, "geometry": None} for n in range(5)]

    def _page(handler):
        start = int(handler.path.split("resultOffset=")[1].split("&")[0])
        more = {"exceededTransferLimit": True} if start + 2 < 5 else {}
        answers.whole(handler, json.dumps({"features": whole[start:start + 2], **more}).encode())

    publisher.answers["/query"] = _page
    found = json.loads(fetch.features(publisher.url + "/query", patience=quick, page=2))
    assert [f["properties"]["n"] for f in found["features"]] == [0, 1, 2, 3, 4]
    publisher.answers["/query"] = b'{"error": {"code": 400}}'
    with pytest.raises(SourceError, match="no features in the answer"):
        fetch.features(publisher.url + "/query", patience=quick)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, len(RAW)), max_size=2), etag=st.sampled_from(['"v1"', 'W/"weak"', ""]),
       told=st.tuples(st.booleans(), st.booleans()))
def test_whatever_breaks_off_the_bytes_are_right_or_nothing_is_kept(publisher, tmp_path_factory, cuts, etag, told):
    length, known = told
    own = store_module.Store(tmp_path_factory.mktemp("cache"))
    left = list(cuts)

    def _answer(handler):
        asked, start = handler.headers.get("Range"), 0
        if asked and etag and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(RAW) - 1}/{len(RAW)}")
        if length:
            handler.send_header("Content-Length", str(len(RAW) - start))
        if etag:
            handler.send_header("ETag", etag)
        handler.end_headers()
        handler.wfile.write(RAW[start:max(start, left.pop()) if left else None])

    publisher.answers["/a.csv"] = _answer
    wanted = Wanted(publisher.url + "/a.csv", "a.csv", SHA if known else "")
    try:
        kept = fetch.fetched(wanted, own, patience=Patience(4, 0.0, 2.0))
    except SourceError as error:
        assert "to do:" in str(error)
    else:
        assert bytes_of(own, kept) == RAW or "could not be checked" in kept.note
    assert_sound(own)


def test_a_zip_that_is_whole_is_kept(publisher, store, quick, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as book:
        book.writestr("a.csv", "x")
    publisher.answers["/a.zip"] = (tmp_path / "a.zip").read_bytes()
    assert fetch.fetched(Wanted(publisher.url + "/a.zip", "a.zip"), store, patience=quick).size > 0
