"""Small helpers over numpy arrays that several layers need."""

from __future__ import annotations

from collections.abc import Iterable
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
