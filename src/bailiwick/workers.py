"""On how many processors?  One executor, handed in from above; results never depend on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Batch = TypeVar("Batch")
Result = TypeVar("Result")


@contextmanager
def executor(workers: int | None = None) -> Iterator[Executor | None]:
    """A pool of local processes, or None where one processor is all there is."""
    count = workers or len(os.sched_getaffinity(0))
    if count <= 1:
        yield None
        return
    with ProcessPoolExecutor(max_workers=count) as pool:
        yield pool


def spread(pool: Executor | None, work: Callable[[Batch], Result], batches: Sequence[Batch]) -> Iterator[Result]:
    """The results of `work` on each batch, in the order of the batches, by the pool or in this process."""
    if pool is None:
        return map(work, batches)
    return pool.map(work, batches)
