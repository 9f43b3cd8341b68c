"""Replications of a plan, in blocks by several processes: the same whatever their number, and however often one of them dies."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Mapping
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
Block = tuple[str, int, int]  # which world, its first replication, and how many


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
    blocks = _blocks("", replications)
    at_once = len(blocks) if enough is None else ROUND
    done: dict[Block, Outcomes] = {}
    try:
        for k in range(0, len(blocks), at_once):
            for block, found in _finished({"": setup}, blocks[k : k + at_once], workers, executor):
                done[block] = found
                progress(sum(len(o) for o in done.values()))
            if enough is not None and enough(_all(done)):
                break
    except KeyboardInterrupt:
        pass  # what is done by then is the answer
    return _all(done) if done else nothing(setup)


def replicated_each(
    worlds: Mapping[str, tuple[Setup, int]], *, workers: int = 1, executor: Executor | None = None
) -> Iterator[tuple[str, Outcomes]]:
    """Give the outcomes of the first replications in each of several worlds, so many in each, as they are done; an interrupt is the caller's."""
    blocks = [b for name, (_, count) in worlds.items() for b in _blocks(name, count)]
    done: dict[str, dict[Block, Outcomes]] = {name: {} for name in worlds}
    for block, found in _finished({n: s for n, (s, _) in worlds.items()}, blocks, workers, executor):
        mine = done[block[0]]
        mine[block] = found
        if sum(map(len, mine.values())) == worlds[block[0]][1]:
            yield block[0], _all(done.pop(block[0]))


def _blocks(name: str, replications: int) -> list[Block]:
    return [(name, first, min(BLOCK, replications - first)) for first in range(0, replications, BLOCK)]


def _all(done: dict[Block, Outcomes]) -> Outcomes:
    return joined([done[block] for block in sorted(done)])


def _finished(
    setups: Mapping[str, Setup], blocks: list[Block], workers: int, executor: Executor | None
) -> Iterator[tuple[Block, Outcomes]]:
    """Run blocks, and give each with its outcomes as it is done."""
    if executor is not None:
        yield from _given_out(setups, blocks, executor)
    elif workers == 1 or len(blocks) == 1:
        for block in blocks:
            yield block, block_of(setups[block[0]], *block[1:])
    else:
        yield from _by_processes(setups, blocks, min(workers, len(blocks)))


def _by_processes(setups: Mapping[str, Setup], blocks: list[Block], workers: int) -> Iterator[tuple[Block, Outcomes]]:
    """Run blocks in processes of our own; when one is killed, what is not done is given out anew."""
    left = dict.fromkeys(blocks)
    for attempt in range(TRIES):
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_leave_interrupts)
        try:
            for block, found in _given_out(setups, list(left), pool):
                del left[block]
                yield block, found
        except BrokenProcessPool:
            if attempt == TRIES - 1:
                raise
        else:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _given_out(
    setups: Mapping[str, Setup], blocks: list[Block], executor: Executor
) -> Iterator[tuple[Block, Outcomes]]:
    given: dict[Future[Outcomes], Block] = {executor.submit(block_of, setups[b[0]], *b[1:]): b for b in blocks}
    try:
        for future in as_completed(given):
            yield given[future], future.result()
    finally:
        for future in given:
            future.cancel()


def _leave_interrupts() -> None:
    """Let Ctrl-C reach the first process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
