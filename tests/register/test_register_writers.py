"""Two writers at once and a killed one lose nothing that was told to be in the register."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from bailiwick import register
from bailiwick.errors import CaseError

WRITER = """
import sys
from datetime import date
from pathlib import Path
from bailiwick.register import Entry, append
for i in range(int(sys.argv[3])):
    entry = Entry("condition", f"{sys.argv[2]} {i}", date(2018, 1, 1), sys.argv[2], "text " * int(sys.argv[4]))
    print(append(Path(sys.argv[1]), entry).digest, flush=True)
"""


def writer(path, name, times, size=5):
    return subprocess.Popen([sys.executable, "-c", WRITER, str(path), name, str(times), str(size)],
                            stdout=subprocess.PIPE, text=True)


def test_two_writers_at_once_make_one_chain_with_every_entry_of_both(tmp_path):
    path = tmp_path / "r.sqlite"
    both = [writer(path, name, 15) for name in ("left", "right")]
    told = [process.communicate(timeout=60)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    found = register.lines(path)
    assert register.verify(path) == ()
    assert sorted(line.digest for line in found) == sorted([*told[0], *told[1]])
    assert len(found) == 30
    for name in ("left", "right"):
        assert [line.entry.title for line in found if line.entry.by == name] == [f"{name} {i}" for i in range(15)]


def test_a_killed_writer_loses_nothing_it_told_and_leaves_nothing_half_written(tmp_path):
    path = tmp_path / "r.sqlite"
    told = []
    for round_ in range(2):
        process = writer(path, f"round {round_}", 100_000, size=3000)
        lines = [process.stdout.readline().strip() for _ in range(3)]
        time.sleep(0.01 * round_ + 0.003)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split("\n")
        process.stdout.close()
        assert process.wait(timeout=30) == -signal.SIGKILL
        told += [*lines, *(line.strip() for line in rest if len(line.strip()) == 64)]
        assert register.verify(path) == ()
    kept = [line.digest for line in register.lines(path)]
    assert set(told) <= set(kept)
    assert len(kept) <= len(told) + 2, "at most the entry that each killed writer was about to tell"


def test_a_register_that_cannot_be_written_is_refused_with_its_name(tmp_path, make_entry):
    with pytest.raises(CaseError, match="folder"):
        register.append(tmp_path / "no" / "folder" / "r.sqlite", make_entry())
    junk = tmp_path / "junk"
    junk.write_bytes(b"something else" * 50)
    with pytest.raises(CaseError, match="no register"):
        register.append(junk, make_entry())
    assert junk.read_bytes() == b"something else" * 50
    with pytest.raises(CaseError, match="no such file"):
        register.lines(tmp_path / "absent.sqlite")


def test_an_entry_of_the_future_is_refused(tmp_path, make_entry):
    with pytest.raises(CaseError, match="has come"):
        register.append(tmp_path / "r.sqlite", make_entry(day=make_entry().day.replace(year=2999)))
    assert register.append(tmp_path / "r.sqlite", make_entry()).number == 1


def test_a_wrong_entry_leaves_the_register_as_it_was(book, make_entry):
    before = book.read_bytes()
    with pytest.raises(CaseError):
        register.append(book, make_entry(reference=""))
    assert book.read_bytes() == before
