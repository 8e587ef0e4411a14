"""The command table: every joined-up command once, each value the engine's own."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from bailiwick import appraisal, casefile
from bailiwick.candidates import candidates
from bailiwick.findings import Unavailable, combined
from bailiwick.scheme import Command
from bailiwick.workers import executor


@pytest.fixture(scope="module")
def case():
    return casefile.load("south-west-london-2018")


@pytest.fixture(scope="module")
def table(case):
    return candidates(case)


def test_every_command_is_joined_up_and_listed_once(case, table):
    assert len(table.commands) == len(set(table.commands)) == 2_938
    chosen = random.Random(7).sample(table.commands, 300)
    assert all(case.system.is_contiguous(group) for group in chosen)
    assert all(case.system.area(code).force == "Metropolitan Police" for code in table.areas)
    assert max(map(len, table.commands)) == 6


def test_a_thousand_values_are_the_engines_own(case, table):
    """The page can look up only what a fresh computation gives."""
    rows = random.Random(1).sample(range(len(table.commands)), 60)
    for row in rows:
        group = table.commands[row]
        command = Command(group, "bcu" if len(group) > 1 else "borough")
        for measure in table.measures:
            fresh = combined(case, measure, measure.compute(case, command))
            kept = table.values[measure.name][row]
            assert kept is None if isinstance(fresh, Unavailable) else kept == fresh


def test_the_file_is_the_same_bytes_whoever_works(case, table):
    packed = table.document(case.digest)
    with executor(2) as pool:
        assert candidates(case, pool).document(case.digest) == packed
    told = json.loads(gzip.decompress(packed))
    assert told["case"] == case.digest
    assert len(told["masks"]) == len(told["residents"]) == 2_938
    assert all(len(m["values"]) == 2_938 for m in told["measures"].values())
    assert len(packed) < 1_500_000


def test_the_measures_of_finance_and_locality_are_there(table):
    names = {m.name for m in table.measures}
    assert {"finance.recurrent_cost", "locality.residents_per_commander"} <= names
    assert all(m.scope == "command" for m in appraisal.MEASURES if m.name in names)
