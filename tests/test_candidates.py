"""The command table: every joined-up command once, each value the engine's own."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace

import numpy as np
import pytest

from bailiwick import appraisal, casefile
from bailiwick.candidates import Candidates, candidates, packed, responding, screening_key, unpacked
from bailiwick.errors import MethodError
from bailiwick.findings import Unavailable, combined
from bailiwick.response import screening as screens
from bailiwick.response.screening import SWAMPED, Noise, Screening
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


def test_the_file_is_the_same_bytes_whoever_works(case, table, monkeypatch):
    packed = table.document(case.digest)
    told = json.loads(gzip.decompress(packed))
    assert told["case"] == case.digest
    assert len(told["masks"]) == len(told["residents"]) == 2_938
    assert all(len(m["values"]) == 2_938 for m in told["measures"].values())
    assert len(packed) < 1_500_000
    monkeypatch.setattr("bailiwick.candidates.CAP", 3)
    monkeypatch.setattr("bailiwick.candidates._BATCH", 40)
    fewer = candidates(case)
    assert fewer.commands == tuple(group for group in table.commands if len(group) <= 3)
    assert all(fewer.values[name][k] == table.values[name][table.commands.index(group)]
               for name in fewer.values for k, group in enumerate(fewer.commands))
    with executor(2) as pool:
        assert candidates(case, pool).document(case.digest) == fewer.document(case.digest)


def test_the_measures_of_finance_and_locality_are_there(table):
    names = {m.name for m in table.measures}
    assert {"finance.recurrent_cost", "locality.residents_per_commander"} <= names
    assert all(m.scope == "command" for m in appraisal.MEASURES if m.name in names)


COMMANDS = (("a",), ("a", "b"), ("b",))


def screening(change=None):
    """A made-up screening of three commands at two sets: the pair gains 2 points of I, loses 9 of S, once swamped."""
    gap = np.zeros((2, 3, 2, 2)) if change is None else change
    gap[:, 1, 0], gap[:, 1, 1] = 2.0, -9.0
    gap[1, 1] = np.nan
    steady = np.zeros((2, 3), np.int64)
    steady[1, 1] = SWAMPED
    noise = Noise((2,), np.array([[[0.5, 0.7], [0.6, 0.8]]]), (4,), 6)
    return Screening(COMMANDS, (None, 4), gap, steady, noise)


def small(commands=COMMANDS):
    return Candidates(("a", "b"), commands, (1,) * len(commands), (), {})


def test_screened_response_stands_apart_with_its_noise():
    told = json.loads(gzip.decompress(small().with_screening(screening()).document("x")))
    assert told["schema"] == "bailiwick/commands/1" and told["measures"] == {}
    apart = told["screened"]
    assert apart["label"] == "screened" and apart["sets"] == 2
    assert apart["noise"]["2"] == [[0.5, 0.7], [0.6, 0.8]] and apart["noise"]["1"] == [[0, 0], [0, 0]]
    assert apart["columns"]["immediate"] == [0, 2, 0] and apart["columns"]["significant"] == [0, -9, 0]
    assert apart["columns"]["immediate_low"][1] is None and apart["columns"]["saturated"] == [0, 1, 0]
    assert apart["columns"]["state"] == ["about the same", "worse", "about the same"]
    assert "screened" not in json.loads(gzip.decompress(small().document("x")))
    assert "NaN" not in gzip.decompress(small().with_screening(screening()).document("x")).decode()


def test_the_order_of_the_table_holds_and_other_commands_are_refused():
    turned = small(COMMANDS[::-1]).with_screening(screening())
    assert turned.screened.columns["immediate"] == (0.0, 2.0, 0.0)
    assert small((*COMMANDS[:2], ("b",)))  # the same list again
    with pytest.raises(MethodError, match="3 commands were screened and 2"):
        small(COMMANDS[:2]).with_screening(screening())
    with pytest.raises(MethodError, match="another list of commands"):
        small(COMMANDS[:2]).with_screened(small().with_screening(screening()).screened)


def test_a_kept_screening_comes_back_digit_for_digit(case):
    kept = small().with_screening(screening()).screened
    again = unpacked(packed(kept))
    assert (again.columns, again.noise, again.sets) == (kept.columns, kept.noise, kept.sets)
    assert packed(again) == packed(kept)
    for broken in (b"", b"no gzip", packed(kept)[:20], gzip.compress(b"{}"), gzip.compress(b"[1]")):
        with pytest.raises(MethodError, match="screen again"):
            unpacked(broken)


def test_the_key_of_a_screening_moves_with_everything_that_can_move_it(case):
    drawn = replace(case, accepted=(2, 9))
    key = screening_key(drawn, COMMANDS, (0, 1), "1")
    others = [screening_key(replace(drawn, seed=1), COMMANDS, (0, 1), "1"),
              screening_key(drawn, COMMANDS[:2], (0, 1), "1"), screening_key(drawn, COMMANDS, (0,), "1"),
              screening_key(replace(drawn, accepted=(2, 12)), COMMANDS, (0, 1), "1"),
              screening_key(drawn, COMMANDS, (0, 1), "2")]
    assert key == screening_key(drawn, COMMANDS, (0, 1), "1")
    assert len({key, *others}) == 6


def test_commands_left_out_of_a_screening_have_no_state_and_no_number():
    wider = small((*COMMANDS, ("c",))).with_screening(screening())
    assert all(values[3] is None for values in wider.screened.columns.values())
    told = wider.screened.told()
    assert told["commands"] == 3 and told["columns"]["state"][:3] == ["about the same", "worse", "about the same"]


def test_response_is_screened_where_a_command_takes_in_an_area_of_the_scheme(case, monkeypatch):
    monkeypatch.setattr(screens, "REPLICATIONS", 2)
    monkeypatch.setattr(screens, "WEEKS", 2)
    groups = (("E09000021",), ("E09000021", "E09000024"), ("E09000002",))
    table = Candidates(groups[0], groups, (1, 1, 1), (), {})
    done, (noise,) = responding(case, table)
    assert [state is None for state in done.screened.columns["state"]] == [False, False, True]
    assert done.screened.columns["immediate"][0] == 0.0 != done.screened.columns["immediate"][1]
    assert noise.name == "response_screening_noise" and {row[0] for row in noise.rows} == {2}
    apart = replace(case, scheme=replace(case.scheme, options=case.scheme.options[:2]), content="no proposal")
    assert responding(apart, table) == (table, ())
    monkeypatch.setattr("bailiwick.candidates.MOST", 1)
    assert responding(case, table) == (table, ())
