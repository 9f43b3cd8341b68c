"""Working time of a factory's calendars, and integrals of what changes by date, over arrays of moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.schedule.factory import FOREVER, Openings, Timeline


@dataclass(frozen=True, eq=False)
class Clock:
    """One calendar: open from `opens` until `shuts`, with `before` seconds of open time before each opening.

    >>> clock = Clock(np.array([10, 30]), np.array([20, 50]), np.array([0, 10]))
    >>> clock.worked(np.array([5, 15, 25, 60])).tolist(), clock.when(np.array([0, 10, 15])).tolist()
    ([0, 5, 10, 30], [10, 20, 35])
    """

    opens: Ints
    shuts: Ints
    before: Ints

    def worked(self, moments: Ints) -> Ints:
        """Return the open seconds before each moment."""
        k = np.maximum(np.searchsorted(self.opens, moments, side="right") - 1, 0)
        return np.asarray(self.before[k] + np.clip(moments - self.opens[k], 0, self.shuts[k] - self.opens[k]))

    def when(self, worked: Ints) -> Ints:
        """Return the first moment before which so many seconds are open; of none, the first opening."""
        k = np.maximum(np.searchsorted(self.before, worked, side="left") - 1, 0)
        return np.asarray(self.opens[k] + worked - self.before[k])


def clock_of(openings: Openings, calendar: int, first: int, last: int) -> Clock:
    """Return a calendar as far as it lies between two moments; a calendar that is never open has one empty interval."""
    run = slice(int(openings.start[calendar]), int(openings.start[calendar + 1]))
    opens, shuts = np.clip(openings.opens[run], first, last), np.clip(openings.shuts[run], first, last)
    there = shuts > opens
    if not there.any():
        return Clock(np.array([last]), np.array([last]), np.array([0]))
    opens, shuts = opens[there], shuts[there]
    return Clock(opens, shuts, np.cumsum(shuts - opens) - (shuts - opens))


def pieces_of(timeline: Timeline, owner: int, first: int, last: int) -> tuple[Ints, Ints, Floats]:
    """Return from when, until when, and the value of each stretch of a timeline between two moments.

    >>> line = Timeline(np.array([0, 2]), np.array([-FOREVER, 5]), np.array([1.0, 3.0]))
    >>> [column.tolist() for column in pieces_of(line, 0, 0, 8)]
    [[0, 5], [5, 8], [1.0, 3.0]]
    """
    run = slice(int(timeline.start[owner]), int(timeline.start[owner + 1]))
    begin = timeline.at[run]
    end = np.append(begin[1:], FOREVER)
    there = (end > first) & (begin < last)
    return np.maximum(begin[there], first), np.minimum(end[there], last), timeline.value[run][there]
