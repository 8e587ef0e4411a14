"""One byte flipped anywhere (results, pages, command table, any input, the record itself) is named by `verify`."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from bailiwick import publish
from bailiwick.errors import CaseError
from bailiwick.publish import record as records
from bailiwick.publish.record import WITHIN, as_bytes

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "cases" / "south-west-london-2018"


@pytest.fixture(scope="module")
def copy(first_case, tmp_path_factory):
    """The first case as published, its folder and the packaged catalogue, all free to be changed."""
    folder = tmp_path_factory.mktemp("bytes")
    shutil.copytree(first_case / "out" / "south-west-london-2018", folder / "out")
    shutil.copytree(CASE, folder / "case")
    shutil.copytree(ROOT / "src" / "bailiwick" / "catalogue", folder / "catalogue",
                    ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return folder


@pytest.fixture(autouse=True)
def packaged(copy, monkeypatch):
    """The packaged files are read from the copy, and the code is taken as unchanged."""
    told = json.loads((copy / "out" / "record.json").read_text(encoding="utf-8"))
    monkeypatch.setattr(records, "code_sha256", lambda: told["code"]["sha256"])
    monkeypatch.setattr(records.resources, "files", lambda package: copy)


def verified(copy):
    try:
        return publish.verify(copy / "out" / "record.json", copy / "case")
    except CaseError as refused:
        return (f"{Path(refused.where).name}: {refused.got}",)


def flipped(path, draw):
    """The place of a byte that was flipped in a file, and the bytes as they were."""
    before = path.read_bytes()
    at = draw.randrange(len(before))
    path.write_bytes(before[:at] + bytes([before[at] ^ (1 << draw.randrange(8))]) + before[at + 1:])
    return at, before


def check(copy, path, name, draw):
    at, before = flipped(path, draw)
    try:
        found = verified(copy)
    finally:
        path.write_bytes(before)
    assert any(line.startswith(f"{name}: ") for line in found), (name, at, found)


def test_the_copy_is_as_recorded(copy):
    assert verified(copy) == ()


@pytest.mark.parametrize("name", ["results.json", "report.html", "map.html", "commands.json.gz"])
def test_a_flipped_byte_of_what_was_published_is_named(copy, name):
    draw = random.Random(name)
    for _ in range(3):
        check(copy, copy / "out" / name, name, draw)


def test_a_flipped_byte_of_any_input_is_named(copy):
    told = json.loads((copy / "out" / "record.json").read_text(encoding="utf-8"))["inputs"]
    assert len(told) > 20
    draw = random.Random(20180131)
    for one in draw.sample(told, 10):
        path = copy / one["path"] if one["path"].startswith("catalogue/") else copy / "case" / one["path"]
        check(copy, path, one["path"], draw)


def test_a_flipped_byte_of_the_record_is_named(copy):
    draw = random.Random(7)
    for _ in range(16):
        check(copy, copy / "out" / "record.json", "record.json", draw)


@pytest.mark.parametrize("change", [
    lambda told: told.pop("pages"), lambda told: told.pop("seal"), lambda told: told["pages"].pop(),
    lambda told: told.update(more=1), lambda told: told["pages"].reverse(), lambda told: told["results"].pop("path"),
    lambda told: told.update(inputs=7), lambda told: told.update(code=[]),
])
def test_a_part_taken_from_or_put_into_the_record_is_named(copy, change):
    path = copy / "out" / "record.json"
    before = path.read_bytes()
    told = json.loads(before)
    change(told)
    path.write_bytes(as_bytes(told))
    try:
        assert any(line.startswith("record.json: ") for line in verified(copy))
    finally:
        path.write_bytes(before)


def compared(before, after):
    units = {"m": 1000.0}
    return list(records._differences("", before, after, units))


@pytest.mark.parametrize(("before", "after", "close"), [
    ({"measure": "m", "value": 7_403_000}, {"measure": "m", "value": 7_404_000}, True),
    ({"measure": "m", "value": 7_403_000}, {"measure": "m", "value": 7_405_000}, False),
    ({"measure": "m", "changes": [{"low": 5000}]}, {"measure": "m", "changes": [{"low": 6000}]}, True),
    ({"rows": [[84.5]]}, {"rows": [[84.6]]}, True),
    ({"rows": [[84.5]]}, {"rows": [[84.7]]}, False),
    ({"rows": [[1e-05]]}, {"rows": [[2e-05]]}, True),
    ({"n": 3}, {"n": 4}, True),
    ({"n": 3}, {"n": 5}, False),
    ({"n": True}, {"n": False}, False),
    ({"n": None}, {"n": 0}, False),
    ({"state": "worse"}, {"state": "same"}, False),
])
def test_a_difference_of_one_unit_of_the_last_digit_is_listed_as_such(before, after, close):
    (line,) = compared(before, after)
    assert line.endswith(WITHIN) == close
    assert compared(before, before) == []
