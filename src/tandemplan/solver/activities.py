"""Activities on resources: what is to be scheduled, as arrays, and what a schedule of them is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tandemplan.arrays import Floats, Ints, Runs, runs


@dataclass(frozen=True, eq=False)
class Activities:
    """What has to be done: n activities in m modes on r resources, in whole units of time.

    Activity i is done once, without a break, in one of the modes `mode_start[i]` to `mode_start[i + 1] - 1`. Mode k takes
    `duration[k]` and, while it lasts, `amount` of each `resource` that `needs` lists for it. A resource is renewable (so much
    of its `capacity` at any time) or not (so much in all). Arc a: activity `after[a]` starts `lag[a]` or more after the end of
    `before[a]`. No activity starts before 0.

    This is the multi-mode resource-constrained project scheduling problem (Talbot 1982, Management Science 28(10)). Job shops
    are its case of machines of capacity 1; flexible ones have a mode for each machine that can do an operation.
    """

    mode_start: Ints
    duration: Ints
    needs: Runs
    capacity: Ints
    renewable: Ints
    before: Ints
    after: Ints
    lag: Ints

    def __len__(self) -> int:
        """Return the number of activities."""
        return len(self.mode_start) - 1

    @cached_property
    def activity(self) -> Ints:
        """Return the activity of each mode."""
        return np.repeat(np.arange(len(self)), np.diff(self.mode_start))

    @cached_property
    def shortest(self) -> Ints:
        """Return the shortest duration of each activity."""
        return np.minimum.reduceat(self.duration, self.mode_start[:-1])

    @cached_property
    def followers(self) -> Runs:
        """Return, for each activity, those after it and their lags."""
        return runs(self.before, self.after, self.lag.astype(np.float64), len(self))

    @cached_property
    def leaders(self) -> Runs:
        """Return, for each activity, those before it and their lags."""
        return runs(self.after, self.before, self.lag.astype(np.float64), len(self))

    @cached_property
    def is_shop(self) -> bool:
        """Return whether each mode needs one resource of capacity 1 at most, and each activity follows and leads one at most."""
        single = bool(np.all(np.diff(self.needs.start) == 1)) and bool(np.all(self.needs.value == 1))
        lines = all(len(np.unique(ends)) == len(ends) for ends in (self.before, self.after))
        return single and lines and bool(np.all(self.capacity == 1) and np.all(self.renewable) and not np.any(self.lag))


@dataclass(frozen=True, eq=False)
class Schedule:
    """When each activity starts and in which mode (as numbered among all modes)."""

    start: Ints
    mode: Ints

    def end(self, activities: Activities) -> Ints:
        """Return when each activity ends."""
        return np.asarray(self.start + activities.duration[self.mode], dtype=np.int64)

    def makespan(self, activities: Activities) -> int:
        """Return when the last activity ends, 0 where there is none."""
        return int(self.end(activities).max(initial=0))


def activities_of(
    modes: list[list[tuple[int, list[tuple[int, int]]]]],
    arcs: list[tuple[int, int, int]],
    capacity: list[int],
    renewable: list[bool] | None = None,
) -> Activities:
    """Return activities from lists: of each activity its modes (duration, needs as resource and amount), of each arc its ends and lag.

    >>> two = activities_of([[(3, [(0, 1)])], [(2, [(0, 1)])]], [(0, 1, 0)], [1])
    >>> len(two), two.shortest.tolist(), two.is_shop
    (2, [3, 2], True)
    """
    flat = [mode for of in modes for mode in of]
    needs = [(k, r, a) for k, (_, of) in enumerate(flat) for r, a in of if a > 0]
    owner, resource, amount = (np.array([n[c] for n in needs], dtype=np.int64) for c in range(3))
    before, after, lag = (np.array([a[c] for a in arcs], dtype=np.int64) for c in range(3))
    return Activities(
        mode_start=np.cumsum([0, *(len(of) for of in modes)]).astype(np.int64),
        duration=np.array([d for d, _ in flat], dtype=np.int64),
        needs=runs(owner, resource, amount.astype(np.float64), len(flat)),
        capacity=np.array(capacity, dtype=np.int64),
        renewable=np.array([True] * len(capacity) if renewable is None else renewable, dtype=np.int64),
        before=before,
        after=after,
        lag=lag,
    )


def tails(activities: Activities) -> Floats:
    """Return, for each activity, the longest way from its start to the end of all, with shortest durations and lags.

    Raises ValueError where activities wait for each other in a circle.
    """
    return _longest(activities.shortest, activities.leaders, activities.followers)


def heads(activities: Activities) -> Floats:
    """Return, for each activity, the longest way from the beginning of all to its start."""
    return _longest(activities.shortest, activities.followers, activities.leaders) - activities.shortest


def _longest(length: Ints, back: Runs, ahead: Runs) -> Floats:
    """Return the longest way that starts at each activity and goes ahead, its own length included, level by level."""
    n = len(length)
    waits = np.diff(ahead.start)
    best = length.astype(np.float64)
    front = np.flatnonzero(waits == 0)
    done = 0
    while len(front):
        done += len(front)
        place, activity, lag = back.of(front)
        np.maximum.at(best, activity, best[front][place] + lag + length[activity])
        waits = waits - np.bincount(activity, minlength=n)
        front = np.unique(activity[waits[activity] == 0])
    if done < n:
        raise ValueError("Activities wait for each other in a circle.")
    return best
