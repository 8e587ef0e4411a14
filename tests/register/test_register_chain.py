"""Every change of a register is named: an altered word, a broken link, a gap, a cut, a rewriting."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick import register
from bailiwick.register import broken
from bailiwick.register.chain import START, Line, digest_of, linked


def chained(bodies):
    found = []
    for body in bodies:
        found.append(linked(body, found[-1] if found else None))
    return found


BODY = '{"by":"me","day":"2018-01-01","kind":"condition","recorded":"2018-01-02T00:00:0%dZ","summary":"s","title":"t"}'
SIX = chained([BODY % i for i in range(6)])


def test_the_digest_is_the_sha256_of_number_link_and_text():
    told = f"bailiwick/register/1\n1\n{'0' * 64}\ntext"
    assert digest_of(1, START, "text") == hashlib.sha256(told.encode()).hexdigest()


def test_a_whole_chain_has_nothing_broken():
    assert broken(SIX) == ()
    assert broken([]) == ()
    assert broken(SIX, SIX[2].digest[:12]) == ()


@given(place=st.integers(0, 5), what=st.sampled_from(["body", "previous", "digest"]), at=st.integers(0, 60))
def test_one_changed_letter_anywhere_is_named_with_its_entry(place, what, at):
    line = SIX[place]
    text = getattr(line, what)
    other = text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1:]
    changed = [*SIX[:place], replace(line, **{what: other}), *SIX[place + 1:]]
    found = broken(changed)
    assert any(f"entry {line.number}" in said for said in found)


@given(cut=st.sets(st.integers(1, 6), min_size=1, max_size=5))
def test_a_missing_entry_is_named_unless_the_end_is_cut_off(cut):
    left = [line for line in SIX if line.number not in cut]
    at_the_end = left == SIX[:len(left)]
    assert bool(broken(left)) == (not at_the_end)
    assert broken(left, SIX[5].digest) or 6 not in cut


def test_a_chain_written_anew_fits_itself_but_not_the_published_digest():
    anew = chained([BODY.replace('"s"', '"other"') % i for i in range(6)])
    assert broken(anew) == ()
    assert "cut off or written anew" in broken(anew, SIX[3].digest)[0]


def test_entries_set_in_another_order_are_told_by_their_times():
    turned = chained([BODY % i for i in (0, 2, 1)])
    assert broken(turned) == ("entry 3 says it was entered at 2018-01-02T00:00:01Z, before the entry that it follows",)


def test_a_line_that_is_no_entry_is_named():
    assert any("cannot be read" in said for said in broken(chained(["{}", "nonsense"])))


def unguard(path):
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


@pytest.mark.parametrize("statement", [
    "UPDATE entries SET body = 'x' WHERE number = 2", "DELETE FROM entries WHERE number = 3", "DELETE FROM entries",
    "INSERT INTO entries VALUES (9, 'a', 'b', 'c', '')", "INSERT OR REPLACE INTO entries VALUES (2, 'a', 'b', 'c', '')",
    "UPDATE entries SET signature = 'x'",
])
def test_the_file_itself_refuses_change_and_deletion(book, statement):
    before = register.lines(book)
    connection = sqlite3.connect(book)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()
    assert register.lines(book) == before


def test_taking_the_guards_away_and_changing_an_entry_is_named(book):
    connection = unguard(book)
    connection.execute("UPDATE entries SET body = replace(body, 'A letter', 'No letter') WHERE number = 2")
    connection.commit()
    connection.close()
    found = register.verify(book)
    assert sum("guard" in said for said in found) == 3
    assert any("entry 2 was changed" in said for said in found)


def test_one_flipped_byte_of_the_file_is_named_or_changes_nothing(book, tmp_path):
    before, content = register.lines(book), book.read_bytes()
    draw = random.Random(20180131)
    text = content.find(b'"by":"Deputy Mayor"')
    places = [*draw.sample(range(len(content)), 40), *range(text, text + 120, 8)]
    named = 0
    for at in places:
        copy = tmp_path / "copy.sqlite"
        copy.write_bytes(content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1:])
        if register.verify(copy):
            named += 1
        else:
            assert register.lines(copy) == before, f"byte {at}"
        for beside in tmp_path.glob("copy.sqlite*"):
            beside.unlink()
    assert named >= 15


def test_what_is_no_register_is_named(tmp_path):
    junk = tmp_path / "junk.sqlite"
    junk.write_bytes(b"not a database at all" * 100)
    assert "cannot be read" in register.verify(junk)[0]
    other = tmp_path / "other.sqlite"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE things (a)")
    connection.commit()
    connection.close()
    assert "cannot be read" in register.verify(other)[0]


def test_evidence_that_was_changed_is_named(tmp_path, make_entry, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.pdf").write_bytes(b"the plan")
    exhibit = register.exhibit(register.Path("plan.pdf"))
    path = tmp_path / "r.sqlite"
    register.append(path, make_entry(evidence=(exhibit,)))
    assert register.verify(path) == ()
    (tmp_path / "plan.pdf").write_bytes(b"another plan")
    assert register.verify(path) == ("entry 1: the evidence plan.pdf was changed since it was entered",)
    shutil.move(tmp_path / "plan.pdf", tmp_path / "gone.pdf")
    assert register.verify(path) == ()


def test_a_record_as_evidence_keeps_its_fingerprint(tmp_path):
    path = tmp_path / "record.json"
    path.write_text('{"schema": "bailiwick/record/1", "fingerprint": "BW-0123456789ab"}', encoding="utf-8")
    assert register.exhibit(path).record == "BW-0123456789ab"
    assert isinstance(SIX[0], Line)
