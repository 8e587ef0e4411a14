"""Are millions of street-level rows counted rightly, in little memory, in time that grows with their number?"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from bailiwick.sources import police_uk

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def archive():
    """The maker of archives of the benchmark."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.sources import archive as maker

    yield maker
    sys.path.remove(str(ROOT))


def by_hand(path):
    found = Counter()
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            for line in book.read(name).decode().splitlines()[1:]:
                cells = line.split(",")
                found[cells[3], cells[1], cells[7], cells[9]] += 1
    return found


def test_counts_are_those_of_a_plain_loop_over_many_members(archive, tmp_path):
    path = archive(tmp_path / "2018-12.zip", 9_000, rows_a_month=120)
    frame = police_uk.counts(path)
    mine = {tuple(row[:4]): row[4] for row in frame.astype({"count": int}).itertuples(index=False, name=None)}
    assert mine == by_hand(path)
    keys = [tuple(map(str, row[:4])) for row in frame.itertuples(index=False, name=None)]
    assert keys == sorted(keys)
    assert len(police_uk.members(path)) == 75


def test_part_of_an_archive(archive, tmp_path):
    path = archive(tmp_path / "2018-12.zip", 800, rows_a_month=100)
    frame = police_uk.counts(path, forces=["kent"], months=["2015-01"])
    assert set(frame["force"]) == {"Kent Police"}
    assert set(frame["month"]) == {"2015-01"}
    assert frame["count"].sum() == 100


@pytest.mark.long
def test_ten_million_rows_in_a_gigabyte_and_linear(archive, tmp_path):
    used = {}
    for rows in (2_000_000, 10_000_000):
        path = archive(tmp_path / f"{rows}.zip", rows)
        code = f"from benchmarks.sources import once; once('polars', {str(path)!r})"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        words = done.stdout.split()
        assert int(words[2]) == rows
        used[rows] = float(words[words.index("CPU") - 1])
        assert float(words[-2]) <= 1.0
    assert used[10_000_000] <= 60
    assert used[10_000_000] <= 6 * used[2_000_000]
