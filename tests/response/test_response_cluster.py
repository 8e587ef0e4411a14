"""Does a cluster that loses a worker in mid-run give the bytes of this process?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bailiwick import casefile, uncertainty, workers
from bailiwick.errors import MethodError
from bailiwick.publish.results import canonical, results
from bailiwick.response import Plan, simulate_commands
from bailiwick.response.commands import batch_of_commands
from bailiwick.workers import executor, spread

TOWN = Path(__file__).parents[1] / "casefile" / "town"
COMMANDS = ((0, 1), (0, 1, 2, 3), (2,), (1, 3), (0, 2, 3), (0, 2), (2, 3), (1,), (0, 1, 2), (3,))


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """Two worker processes on this machine, each with a nanny that starts it again."""
    distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
                                  host="127.0.0.1") as found:
        yield found


def test_a_worker_killed_in_mid_run_changes_no_byte(cluster, town, make_calls):
    calls = make_calls(town, weeks=1)
    work = partial(batch_of_commands, town=town, calls=calls, plan=Plan(desks=1.0), warm_hours=24.0)
    batches = [(command,) for command in COMMANDS]
    here = list(spread(None, work, batches))

    def slowly(batch: tuple[tuple[int, ...], ...]) -> object:
        time.sleep(0.3)
        return work(batch)

    victims = [worker.process.pid for worker in cluster.workers.values()]
    with executor(scheduler=cluster.scheduler_address) as pool:
        coming = iter(spread(pool, slowly, batches))
        there = [next(coming)]
        os.kill(victims[0], signal.SIGKILL)
        there += list(coming)
    assert len(there) == len(here)
    for one, two in zip(here, there, strict=True):
        for a, b in zip(one, two, strict=True):
            assert a.tobytes() == b.tobytes()
    assert not _alive(victims[0])


def _alive(pid: int) -> bool:
    """Whether a process is there and is not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_all_commands_by_the_cluster_are_those_of_one_process(cluster, town, make_calls):
    calls = make_calls(town, weeks=0.5)
    with executor(scheduler=cluster.scheduler_address) as pool:
        there = simulate_commands(COMMANDS, town, calls, Plan(desks=1.0), executor=pool)
    for a, b in zip(simulate_commands(COMMANDS, town, calls, Plan(desks=1.0)), there, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.long
def test_a_whole_appraisal_by_the_cluster_is_that_of_one_process(cluster):
    case = replace(casefile.load(TOWN), draws=3)
    with executor(scheduler=cluster.scheduler_address) as pool:
        there = uncertainty.appraise(case, pool)
    here = uncertainty.appraise(case)
    assert there.commands == here.commands
    assert canonical(results(there)) == canonical(results(here))


def test_no_scheduler_at_the_address_is_said(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(workers, "PATIENCE", "1s")
    with pytest.raises(MethodError, match="no Dask scheduler answers at tcp://127"), \
            executor(scheduler="tcp://127.0.0.1:9"):
        pass
