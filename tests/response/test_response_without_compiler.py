"""Does the same source give the same bits without the compiler?"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from bailiwick.response import Regime, draw_calls, simulate
from bailiwick.response import hypercube as cube
from bailiwick.response.kernel_single import Jobs, fleet_of, played

HERE = Path(__file__).resolve()

CODE = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("plain", sys.argv[1])
plain = importlib.util.module_from_spec(spec)
sys.modules["plain"] = plain
spec.loader.exec_module(plain)
spec = importlib.util.spec_from_file_location("towns", sys.argv[2])
towns = importlib.util.module_from_spec(spec)
spec.loader.exec_module(towns)
sys.stdout.write(plain.digest(towns.four_boroughs, towns.usual_work))
"""


def digest(make_town, make_work) -> str:
    town = make_town(units=9, points=60)
    town = town._replace(roster=(np.arange(168)[:, None] + np.arange(len(town.unit_area))) % 24 < 16)
    calls = draw_calls([np.random.default_rng([2, a]) for a in range(4)], town, make_work(), hours=30)
    found = hashlib.sha256()
    for regime in (
        Regime(desks=(1,) * 4, diversion_gain=1.0, abstraction=0.1, desk_load=2.0),
        Regime(dispatch="pooled", commands=(0,) * 4, spans=(0,) * 4, supervisors=(1,), briefing=15.0, turnout=1.0),
    ):
        records = simulate(town, regime, calls)
        for array in (records.stamps, records.worked, records.on_duty):
            found.update(array.tobytes())
    jobs = Jobs(calls.time, calls.point, calls.grade, np.ascontiguousarray(calls.job[:, 0]), 3)
    for scan in (False, True):
        found.update(played(fleet_of(town.travel, 60 + np.arange(12), points=60), jobs, scan).tobytes())
    order = np.argsort(town.travel[:20, 60:66], axis=1)
    found.update(cube.exact(order, np.full(20, 0.2)).states.tobytes())
    found.update(cube.approximate(order, np.full(20, 0.2)).dispatch.tobytes())
    return found.hexdigest()


def test_kernels_give_the_same_bits_without_the_compiler(make_town, make_work):
    towns = HERE.parent / "conftest.py"
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(HERE), str(towns)], capture_output=True, text=True, check=True,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"})
    assert done.stdout == digest(make_town, make_work)
