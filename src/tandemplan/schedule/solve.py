"""Schedule activities: a first schedule at once, better ones as long as time allows, and a bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from tandemplan.schedule.searches import Search, search_of
from tandemplan.schedule.serial import SPOILED
from tandemplan.solver.activities import Activities, Schedule, tails
from tandemplan.solver.cpsat import Effort, Found, lower_bound, solve

SLICE = 0.3  # seconds after which the compiled search looks at what CP-SAT has found
FIRST = 0.05  # the share of the time in which the compiled search goes ahead of CP-SAT


@dataclass(frozen=True, eq=False)
class Scheduled:
    """A schedule with its makespan and what no makespan is below; `proved` where they are equal."""

    schedule: Schedule
    makespan: int
    bound: int
    seconds: float

    @property
    def proved(self) -> bool:
        """Return whether no schedule is shorter."""
        return self.makespan == self.bound

    @property
    def gap(self) -> float:
        """Return how much longer the schedule is than its bound, as a share of the bound."""
        return self.makespan / self.bound - 1 if self.bound else 0.0


def schedule_activities(
    activities: Activities, *, seconds: float = 30.0, workers: int = 2, seed: int = 1, steps: int | None = None
) -> Scheduled:
    """Return the best schedule found in some seconds; with more than one worker, CP-SAT seeks beside the compiled search.

    Each takes what the other has found: CP-SAT starts from the schedule that the compiled search has after a short time, and the
    compiled search goes on from each better schedule of CP-SAT. Ends at once where a schedule is proved to be best.
    With `steps`, the compiled search alone takes so many, whatever the clock says: the same schedule for the same seed.
    Raises ValueError where activities wait for each other in a circle, or where no modes suffice.
    """
    began = time.monotonic()
    bound = lower_bound(activities, tails(activities))
    search = search_of(activities, seed)
    if search.makespan >= SPOILED:
        return _by_solver(activities, bound, began, Effort(seconds, workers=workers, seed=seed))
    if steps is not None:
        search.go(steps, bound)
        return Scheduled(search.best(), search.makespan, bound, time.monotonic() - began)
    _until(search, began + FIRST * seconds, bound)
    if search.makespan > bound and workers > 1:
        effort = Effort(began + seconds - time.monotonic(), workers=workers - 1, seed=seed)
        bound = _together(activities, search, bound, effort)
    _until(search, began + seconds, bound)
    return Scheduled(search.best(), search.makespan, bound, time.monotonic() - began)


def _until(search: Search, end: float, floor: int, halted: Callable[[], bool] = lambda: False) -> None:
    """Let a search go on until a moment, in slices of about a tenth of a second."""
    steps = 50
    while search.makespan > floor and not halted() and (now := time.monotonic()) < end:
        search.go(steps, floor)
        took = time.monotonic() - now
        steps = max(1, min(steps * 4, int(steps * min(SLICE, end - now) / max(took, 1e-6))))


def _together(activities: Activities, search: Search, bound: int, effort: Effort) -> int:
    """Let CP-SAT and a search go on side by side, and return the best bound; `search` holds the best schedule of both."""
    end = time.monotonic() + (effort.seconds or 0.0)
    better: list[tuple[int, Schedule]] = []
    over = False

    def heard(schedule: Schedule, makespan: int) -> bool:
        better.append((makespan, schedule))
        return not over

    with ThreadPoolExecutor(1) as pool:
        solving = pool.submit(solve, activities, search.best(), bound, effort, heard)
        while not solving.done() and search.makespan > bound and time.monotonic() < end:
            _until(search, min(end, time.monotonic() + SLICE), bound, solving.done)
            _taken(search, better)
        over = True
        found: Found = solving.result()
    _taken(search, better)
    return search.makespan if found.proved else min(found.bound, search.makespan)


def _taken(search: Search, better: list[tuple[int, Schedule]]) -> None:
    """Give a search the best schedule of another one, if that is better than its own."""
    if better and min(better, key=lambda b: b[0])[0] < search.makespan:
        makespan, schedule = min(better, key=lambda b: b[0])
        search.take(schedule, makespan)


def _by_solver(activities: Activities, bound: int, began: float, effort: Effort) -> Scheduled:
    """Return CP-SAT's schedule where the compiled search finds no modes for which nonrenewable resources suffice."""
    order = np.argsort(-tails(activities), kind="stable")
    longest = np.lexsort((-activities.duration, activities.activity))[activities.mode_start[:-1]]
    start = np.zeros(len(activities), dtype=np.int64)
    start[order] = np.cumsum(activities.duration[longest][order]) - activities.duration[longest][order]
    room = Schedule(start + int(activities.lag.sum()), longest.astype(np.int64))
    found = solve(activities, room, bound, effort)
    if found.schedule is None:
        raise ValueError("No modes were found for which the nonrenewable resources suffice.")
    makespan = found.schedule.makespan(activities)
    return Scheduled(found.schedule, makespan, makespan if found.proved else found.bound, time.monotonic() - began)
