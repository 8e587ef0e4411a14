"""Every kernel gives the same bytes compiled and as plain Python."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import hashlib
from fractions import Fraction
import numpy as np
from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import counts, sample
from bailiwick.alternatives.ensemble import ChainPlan, ensemble
from bailiwick.alternatives.frontier import frontier
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import plain_measures
from bailiwick.alternatives.network import network
from bailiwick.alternatives.rank import histogram
from bailiwick.alternatives.recombine import VARIANTS
from bailiwick.alternatives.rules import Rules
from bailiwick.alternatives.sweep import census
from bailiwick.alternatives.walk import WalkOptions, walk
places = [(r, c) for r in range(3) for c in range(4)]
links = [(f"{r}{c}", f"{r+a}{c+b}", "land") for r, c in places for a, b in ((0, 1), (1, 0)) if (r+a, c+b) in places]
town = network("town", {f"{r}{c}": 1 + (3 * r + 5 * c) % 4 for r, c in places}, links)
table = plain_measures(commands(town, Rules(largest=5, smallest=2)), 4)
told = [table.masks.tolist(), table.sizes.tolist(), table.weights.tolist(), table.leaving.tolist()]
where = map_graph(table, [4])
names = ["cut borders", "worst deviation", "sum of deviations"]
rows = sample(where, 4, np.random.default_rng(1), 5)
told += [where.child.tolist(), where.ok.tolist(), counts(where), rows, histogram(where, table.column(names[2]), 4)]
options = WalkOptions(own=table.grouping(rows[0]), efficient=99)
told += [frontier(where, 4, names), walk(where, 4, names, options=options)]
told += [census(town, Rules(largest=6, lightest=4), by_cut=True), counts(map_graph(commands(town, Rules(largest=3))))]
for variant in VARIANTS:
    plan = ChainPlan(steps=30, keep=10, variant=variant)
    run = ensemble(town, 4, Fraction(1, 2), np.random.default_rng(2), plan=plan)
    told += [run.cut.tolist(), run.deviation.tolist(), run.maps.tolist(), run.trees_a_step]
print(hashlib.sha256(repr(told).encode()).hexdigest())
"""


def run(**extra):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        env={**os.environ, **extra},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_compiled_and_plain_python_give_the_same_bytes_under_any_hash_seed():
    assert run(PYTHONHASHSEED="1") == run(NUMBA_DISABLE_JIT="1", PYTHONHASHSEED="2")
