"""Small helpers over numpy arrays that several layers need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def ints(values: Iterable[int]) -> Ints:
    """Return whole numbers as an array of one axis, empty ones included."""
    return np.array(list(values), dtype=np.int64).reshape(-1)


def texts(values: Iterable[str]) -> NDArray[Any]:
    """Return texts as an array of objects."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def sums(group: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of `values` in each of `count` groups.

    >>> sums(np.array([0, 2, 0]), np.array([1.0, 5.0, 2.0]), 3).tolist()
    [3.0, 0.0, 5.0]
    """
    return np.asarray(np.bincount(group, values, minlength=count), dtype=np.float64)


def starts(owner: Ints, count: int) -> Ints:
    """Return where the run of each of `count` owners starts among entries sorted by owner, and where the last one ends.

    >>> starts(np.array([2, 0, 2]), 3).tolist()
    [0, 1, 1, 3]
    """
    found = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=count), out=found[1:])
    return found


@dataclass(frozen=True, eq=False)
class Runs:
    """Entries in runs, one run for each owner: run k is `item[start[k]:start[k + 1]]` with its `value`s."""

    start: Ints
    item: Ints
    value: Floats

    def of(self, owners: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the entries of some owners: the place of the owner in `owners`, the item and the value of each.

        >>> runs = Runs(np.array([0, 2, 3]), np.array([5, 6, 7]), np.array([0.5, 0.6, 0.7]))
        >>> [a.tolist() for a in runs.of(np.array([1, 0]))]
        [[0, 1, 1], [7, 5, 6], [0.7, 0.5, 0.6]]
        """
        length = self.start[owners + 1] - self.start[owners]
        place = np.repeat(np.arange(len(owners)), length)
        entry = np.arange(len(place)) - np.repeat(np.cumsum(length) - length, length) + self.start[owners][place]
        return place, self.item[entry], self.value[entry]

    @cached_property
    def owners(self) -> Ints:
        """Return the owner of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def runs(owner: Ints, item: Ints, value: Floats, count: int) -> Runs:
    """Return entries sorted into runs, `count` of them; entries of one owner keep their order."""
    order = np.argsort(owner, kind="stable")
    return Runs(starts(owner, count), item[order], value[order])
