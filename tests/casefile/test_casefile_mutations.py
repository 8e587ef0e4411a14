"""Whatever is done to the files of a valid case, it loads or it is refused with a CaseError, never anything else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bailiwick import casefile
from bailiwick.case import Case
from bailiwick.errors import CaseError

TOWN = Path(__file__).parent / "town"
FILES = sorted(p.relative_to(TOWN).as_posix() for p in TOWN.rglob("*") if p.is_file())
LITERALS = ["nan", "inf", "-1", "0", "1e400", "9" * 40, "0.5", "true", '""', '"T01"', '"x"', "[]", "{}", "[[]]",
            "2018-01-31", "0001-01-01", "9999-12-31", "2018-01-31T00:00:00Z", "12:00:00", '["T01", "T01"]', "'\\'",
            '"\\u0000"', '"\\n"', '{ value = 1 }', '[1, "a"]', "0x7f", "1_000", '"' + "y" * 5000 + '"']
VALUE = re.compile(r"(?<== )[^,\n{}\[\]]+")

lines = st.tuples(st.sampled_from(["drop", "double", "swap", "cut"]), st.integers(0, 400), st.integers(0, 400))
values = st.tuples(st.just("value"), st.integers(0, 400), st.sampled_from(LITERALS))
letters = st.tuples(st.just("letter"), st.integers(0, 20_000), st.characters(codec="utf-8"))
changes = st.lists(st.one_of(lines, values, letters), min_size=1, max_size=4)


def changed(text: str, change: tuple[str, int, object]) -> str:
    kind, at, what = change
    if kind == "value":
        places = list(VALUE.finditer(text))
        if not places:
            return text
        place = places[at % len(places)]
        return text[: place.start()] + str(what) + text[place.end():]
    if kind == "letter":
        at %= len(text) + 1
        return text[:at] + str(what) + text[at + 1:]
    rows = text.split("\n")
    first, second = at % len(rows), int(what) % len(rows)
    if kind == "drop":
        rows[first:first + 1] = []
    elif kind == "double":
        rows.insert(second, rows[first])
    elif kind == "swap":
        rows[first], rows[second] = rows[second], rows[first]
    else:
        rows = rows[: first or 1]
    return "\n".join(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return Path(shutil.copytree(TOWN, tmp_path_factory.mktemp("mutations") / "town"))


def loads_or_is_refused(folder: Path, path: str, data: bytes) -> None:
    file = folder / path
    before = file.read_bytes()
    file.write_bytes(data)
    try:
        assert isinstance(casefile.load(folder), Case)
    except CaseError as error:
        told = str(error)
        assert told.count("\n") <= 4 * 20 + 2
        assert "  expected: " in told
    finally:
        file.write_bytes(before)


@given(changes=changes)
@settings(max_examples=150)
def test_a_changed_case_loads_or_is_refused(folder, changes):
    text = (TOWN / "case.toml").read_text(encoding="utf-8")
    for change in changes:
        text = changed(text, change)
    loads_or_is_refused(folder, "case.toml", text.encode())


@given(path=st.sampled_from(FILES), changes=changes)
@settings(max_examples=100)
def test_any_changed_file_loads_or_is_refused(folder, path, changes):
    text = (TOWN / path).read_text(encoding="utf-8")
    for change in changes:
        text = changed(text, change)
    loads_or_is_refused(folder, path, text.encode())


@given(path=st.sampled_from(FILES), data=st.binary(max_size=60))
@settings(max_examples=60)
def test_any_file_of_other_bytes_loads_or_is_refused(folder, path, data):
    loads_or_is_refused(folder, path, data)


@pytest.mark.long
@given(path=st.sampled_from([*["case.toml"] * 10, *FILES]), changes=changes)
@settings(max_examples=2000)
def test_thousands_of_changed_files_load_or_are_refused(folder, path, changes):
    text = (TOWN / path).read_text(encoding="utf-8")
    for change in changes:
        text = changed(text, change)
    loads_or_is_refused(folder, path, text.encode())
