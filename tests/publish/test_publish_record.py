"""A record names whatever was changed; files appear whole or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bailiwick import publish
from bailiwick.case import Input
from bailiwick.errors import CaseError
from bailiwick.publish import record as records


@pytest.fixture
def case_folder(tmp_path):
    folder = tmp_path / "town-2018"
    folder.mkdir()
    (folder / "case.toml").write_text("name = 'town'\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def same_code(monkeypatch):
    """The fingerprint of the code held still, so that these tests do not hash the whole package again and again."""
    monkeypatch.setattr(records, "code_sha256", lambda: "1" * 64)


@pytest.fixture
def published(tmp_path, case_folder, make_appraisal, measures):
    appraisal = make_appraisal()
    told = Input("case.toml", records.sha256((case_folder / "case.toml").read_bytes()), "us", "OGL", "", "")
    case = replace(appraisal.case, inputs=(told,))
    out = tmp_path / "out"
    paths = publish.publish(replace(appraisal, case=case), out, measures=measures)
    return out, paths


def test_four_files_are_written_and_the_record_verifies(published, case_folder):
    out, paths = published
    assert [p.name for p in paths] == ["results.json", "report.html", "map.html", "record.json"]
    assert sorted(p.name for p in out.iterdir()) == sorted(p.name for p in paths)
    assert publish.verify(out / "record.json", case_folder) == ()
    note = json.loads((out / "record.json").read_text(encoding="utf-8"))
    assert note["fingerprint"].startswith("BW-")
    assert note["fingerprint"] in (out / "report.html").read_text(encoding="utf-8")


def test_the_case_folder_is_found_beside_the_record(published):
    out, _ = published
    assert publish.verify(out / "record.json") == ()


@pytest.mark.parametrize("name", ["results.json", "report.html", "map.html"])
def test_one_changed_byte_in_a_file_is_named(published, case_folder, name):
    out, _ = published
    path = out / name
    path.write_bytes(path.read_bytes().replace(b"Northgate", b"Southgate", 1))
    changed = publish.verify(out / "record.json", case_folder)
    assert any(line.startswith(f"{name}: changed") for line in changed)


def test_a_changed_input_is_named(published, case_folder):
    out, _ = published
    (case_folder / "case.toml").write_text("name = 'towm'\n", encoding="utf-8")
    assert publish.verify(out / "record.json", case_folder) == ("case.toml: changed since it was recorded",)
    (case_folder / "case.toml").unlink()
    assert "cannot be read" in publish.verify(out / "record.json", case_folder)[0]


def test_a_case_that_is_not_there_is_said_to_be_missing(published, tmp_path):
    out, _ = published
    assert "is not here" in publish.verify(out / "record.json", tmp_path / "elsewhere")[0]


def test_a_changed_assumption_in_the_record_is_named(published, case_folder):
    out, _ = published
    note = json.loads((out / "record.json").read_text(encoding="utf-8"))
    note["assumptions"]["finance.pay.constable"]["value"] = 1.0
    (out / "record.json").write_text(json.dumps(note), encoding="utf-8")
    assert any("the record itself was changed" in line for line in publish.verify(out / "record.json", case_folder))


def test_the_code_is_fingerprinted_by_content_and_name(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(records.resources, "files", lambda package: tmp_path)
    seen = []
    for name, text in (("a.py", "x = 1"), ("a.py", "x = 2"), ("b.py", "x = 2"), ("__pycache__/c.pyc", "x")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
        seen.append(records.code_sha256())
    assert len(set(seen)) == 3
    assert seen[-1] == seen[-2]


def test_other_code_is_named(published, case_folder, monkeypatch):
    out, _ = published
    monkeypatch.setattr(records, "code_sha256", lambda: "0" * 64)
    assert any(line.startswith("code:") for line in publish.verify(out / "record.json", case_folder))


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"schema": "x"}', b"\xff"])
def test_what_is_no_record_is_refused(tmp_path, content):
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(CaseError):
        publish.verify(path)


def test_rerun_lists_the_numbers_that_differ(published, make_appraisal, measures, monkeypatch):
    out, _ = published
    monkeypatch.setattr(records, "results", lambda appraisal: publish.results(appraisal, measures))
    case = make_appraisal().case
    asked = []

    def load(name, as_of):
        asked.append((Path(name).name, as_of))
        return replace(case, seed=99)

    def appraised(again):
        assert (again.seed, again.draws) == (case.seed, case.draws)
        return make_appraisal()

    same = publish.rerun(out / "record.json", appraised, load)
    assert asked == [("town-2018", case.as_of)]
    assert all("/provenance/inputs" in line or "/case/digest" in line for line in same)
    other = publish.rerun(out / "record.json", lambda c: make_appraisal(checks=()), load)
    assert any(line.startswith("results.json /checks") for line in other)


def test_the_same_appraisal_leaves_the_same_bytes(tmp_path, appraisal, measures):
    first = [p.read_bytes() for p in publish.publish(appraisal, tmp_path / "a", measures=measures)]
    assert first == [p.read_bytes() for p in publish.publish(appraisal, tmp_path / "b", measures=measures)]


def test_a_folder_that_is_a_file_is_refused_with_its_name(tmp_path, appraisal, measures):
    place = tmp_path / "taken"
    place.write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError, match="taken") as refused:
        publish.publish(appraisal, place, measures=measures)
    assert "--out" in str(refused.value)
    assert place.read_text(encoding="utf-8") == "mine"


def test_when_writing_fails_half_way_nothing_new_is_left(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"old")

    def full(path, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CaseError, match="No space left"):
        publish.written(tmp_path, {"a.txt": b"new", "b.txt": b"new"})
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_one_page_alone_is_written_from_results(tmp_path, published, document):
    out, _ = published
    whole = publish.read(out / "results.json")
    assert publish.page(whole, out, "map.html").read_bytes() == (out / "map.html").read_bytes()
    short = publish.page(whole, out, "report.html", "T4")
    assert short.name == "report-T4.html"
    assert "Southfield" in short.read_text(encoding="utf-8")
    assert "not recorded" in publish.page(document, tmp_path / "new", "report.html").read_text(encoding="utf-8")
    with pytest.raises(CaseError, match="report"):
        publish.page(whole, out, "reprot.html")


def test_results_know_their_case(appraisal, document):
    assert publish.is_of(document, appraisal.case)
    assert not publish.is_of(document, replace(appraisal.case, seed=1))


def test_the_room_itself_can_be_called(tmp_path, appraisal, measures):
    paths = publish(appraisal, tmp_path / "called", measures=measures)
    assert [p.name for p in paths] == ["results.json", "report.html", "map.html", "record.json"]
