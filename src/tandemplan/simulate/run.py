"""Replications of a plan, in blocks by several processes: the same whatever their number, and however often one of them dies."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from tandemplan.model.programme import Programme
from tandemplan.results.store import Run
from tandemplan.simulate.blocks import Setup, block_of, nothing, setup_of
from tandemplan.simulate.outcomes import Outcomes, joined
from tandemplan.simulate.statistics import half_width

BLOCK = 50  # replications in one task: a second or two of work
ROUND = 4  # blocks after which precision is judged
TRIES = 3  # how often work is given out anew after a process has died

Enough = Callable[[Outcomes], bool]
Blocks = list[tuple[int, int]]  # first replication and number of each


def simulated(
    programme: Programme,
    plan: Run,
    *,
    replications: int,
    seed: int,
    workers: int = 1,
    precision: float | None = None,
    progress: Callable[[int], None] = lambda _: None,
    executor: Executor | None = None,
) -> Outcomes:
    """Return the outcomes of replications 0, 1, ... of a plan; an interrupt keeps those that are done.

    With `precision` it ends as soon as no chance of a class can be off by more (`half_width`), judged after the same numbers of
    replications whatever the number of processes. `executor` runs blocks elsewhere (Dask's is one); it is left open.
    """
    setup = setup_of(programme, plan, seed)
    enough = within(precision, programme, plan)
    return replicated(setup, replications, workers=workers, enough=enough, progress=progress, executor=executor)


def within(precision: float | None, programme: Programme, plan: Run) -> Enough | None:
    """Return what tells whether outcomes are as precise as is asked for; None where nothing is asked."""
    return None if precision is None else lambda outcomes: half_width(outcomes, programme, plan) <= precision


def replicated(
    setup: Setup,
    replications: int,
    *,
    workers: int = 1,
    enough: Enough | None = None,
    progress: Callable[[int], None] = lambda _: None,
    executor: Executor | None = None,
) -> Outcomes:
    """Return the outcomes of replications 0, 1, ... in a world, fewer where those so far are `enough`; see `simulated`."""
    blocks = [(first, min(BLOCK, replications - first)) for first in range(0, replications, BLOCK)]
    at_once = len(blocks) if enough is None else ROUND
    done: dict[int, Outcomes] = {}
    try:
        for k in range(0, len(blocks), at_once):
            for first, found in _finished(setup, blocks[k : k + at_once], workers, executor):
                done[first] = found
                progress(sum(len(o) for o in done.values()))
            if enough is not None and enough(_all(done)):
                break
    except KeyboardInterrupt:
        pass  # what is done by then is the answer
    return _all(done) if done else nothing(setup)


def _all(done: dict[int, Outcomes]) -> Outcomes:
    return joined([done[first] for first in sorted(done)])


def _finished(setup: Setup, blocks: Blocks, workers: int, executor: Executor | None) -> Iterator[tuple[int, Outcomes]]:
    """Run blocks, and give the first replication and the outcomes of each as it is done."""
    if executor is not None:
        yield from _given_out(setup, blocks, executor)
    elif workers == 1 or len(blocks) == 1:
        for first, count in blocks:
            yield first, block_of(setup, first, count)
    else:
        yield from _by_processes(setup, blocks, min(workers, len(blocks)))


def _by_processes(setup: Setup, blocks: Blocks, workers: int) -> Iterator[tuple[int, Outcomes]]:
    """Run blocks in processes of our own; when one is killed, what is not done is given out anew."""
    left = dict(blocks)
    for attempt in range(TRIES):
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
        try:
            for first, found in _given_out(setup, list(left.items()), pool):
                del left[first]
                yield first, found
        except BrokenProcessPool:
            if attempt == TRIES - 1:
                raise
        else:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _given_out(setup: Setup, blocks: Blocks, executor: Executor) -> Iterator[tuple[int, Outcomes]]:
    given: dict[Future[Outcomes], int] = {executor.submit(block_of, setup, f, n): f for f, n in blocks}
    try:
        for future in as_completed(given):
            yield given[future], future.result()
    finally:
        for future in given:
            future.cancel()


def _leave_interrupts() -> None:
    """Let Ctrl-C reach the first process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
