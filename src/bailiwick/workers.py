"""On how many processors?  One executor, handed in from above; results never depend on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from bailiwick.errors import MethodError

Batch = TypeVar("Batch")
Result = TypeVar("Result")

PATIENCE = "10s"
"""How long a scheduler may take to answer."""

RETRIES = 2
"""How often work is given out again when it fails; work lost with its worker is given out again by the scheduler."""


@contextmanager
def executor(workers: int | None = None, *, scheduler: str | None = None) -> Iterator[Executor | None]:
    """A pool of local processes, a Dask cluster when its address is given, or None where there is one processor."""
    if scheduler:
        with _cluster(scheduler) as pool:
            yield pool
        return
    count = workers or len(os.sched_getaffinity(0))
    if count <= 1:
        yield None
        return
    with ProcessPoolExecutor(max_workers=count) as pool:
        yield pool


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise MethodError("--scheduler needs the extra `cluster`: pip install 'bailiwick[cluster]'") from None
    try:
        client = Client(address, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise MethodError(f"no Dask scheduler answers at {address}: {error}") from error
    with client, client.get_executor(pure=False, retries=RETRIES) as pool:  # type: ignore[no-untyped-call]
        yield pool


def spread(pool: Executor | None, work: Callable[[Batch], Result], batches: Sequence[Batch]) -> Iterator[Result]:
    """The results of `work` on each batch, in the order of the batches, by the pool or in this process."""
    if pool is None:
        return map(work, batches)
    return pool.map(work, batches)
