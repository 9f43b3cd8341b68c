"""What a search for the reasons of an infeasible model finds: conflicts among limits, and remedies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_TOGETHER = 3  # limits that a remedy eases


@dataclass(frozen=True, eq=False)
class Conflict:
    """Entries of limits that cannot all be kept; `proved`: without any one of the limits, the others can be.

    `short` is by how much each of the limits would have to give way if it were the only one to do so, and these entries all that
    is held (nan: not known).
    """

    entries: Ints
    limits: Ints
    short: Floats
    proved: bool


@dataclass(frozen=True, eq=False)
class Remedy:
    """Limits that give way so that there is a plan, the least amount of each, and what that is of their sizes in all.

    `amount` is what each entry of the model gives; a solve of the model eased by it found a plan.
    """

    limits: Ints
    eases: Floats
    amount: Floats
    size: float


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to: conflicts, remedies with the smallest first, and how many solves it took.

    `complete`: no set of at most `MOST_TOGETHER` limits is missing among the remedies, but for those that hold another one;
    `reason` says what ended the search before it was done.
    """

    conflicts: tuple[Conflict, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    complete: bool = False
    reason: str = ""
    solves: int = 0
