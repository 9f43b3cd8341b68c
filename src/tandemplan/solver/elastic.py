"""Models whose limits may be eased: what may give way and how far, the model with columns for that, and the model eased."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts
from tandemplan.solver.lp import Block, Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SMALLEST = 1e-6  # an ease is printed, and tried, in whole multiples of this


@dataclass(frozen=True, eq=False)
class Soft:
    """What of a model may give way: entry k eases row `row[k]` of limit `of[k]`, one of `size` limits.

    One unit of ease adds `rate[k]` to what the row counts (below 0: more room under an upper side; above 0: help towards a lower
    one); `most[k]` units are all that it can give (inf: no end). `size` is what of each limit counts as much as 1 of another's
    size, `cost[k]` the price of a unit of ease. A limit that is `level` gives way alike in all its rows, another row by row.
    """

    row: Ints
    of: Ints
    rate: Floats
    most: Floats
    cost: Floats
    size: Floats
    level: Bools

    @property
    def columns(self) -> int:
        """Return how many columns the elastic model has more: one for each entry, and one for each limit that is level."""
        return len(self.row) + int(self.level.sum())

    @property
    def level_limits(self) -> Ints:
        """Return the limits that are level, in the order of their columns."""
        return np.flatnonzero(self.level)


def elastic(lp: Lp, soft: Soft) -> Lp:
    """Return the model with a column of breach for each entry of `soft`, then one of ease for each level limit.

    A x + sum rate * breach + sum rate * ease stays within the sides of the rows; all of these columns are at least 0. Chinneck
    2008, Feasibility and Infeasibility in Optimization, ch. 6 (elastic programs).
    """
    count, entries = len(lp.lower), len(soft.row)
    levels = soft.level_limits
    place = np.full(len(soft.size), -1, dtype=np.int64)
    place[levels] = np.arange(len(levels))
    alike = np.flatnonzero(soft.level[soft.of])
    rows = np.concatenate([lp.row_of_entry, soft.row, soft.row[alike]])
    columns = np.concatenate([lp.row_column, count + np.arange(entries), count + entries + place[soft.of[alike]]])
    values = np.concatenate([lp.value, soft.rate, soft.rate[alike]])
    order = np.lexsort((columns, rows))
    more = soft.columns
    block = Block("breach", count, ("",), np.zeros(more, dtype=np.int64), np.full(more, -1))
    return replace(
        lp,
        columns={**lp.columns, block.name: block},
        lower=np.concatenate([lp.lower, np.zeros(more)]),
        upper=np.concatenate([lp.upper, soft.most, np.full(len(levels), np.inf)]),
        row_start=starts(rows, len(lp.row_lower)),
        row_column=columns[order],
        value=values[order],
        whole=np.concatenate([lp.whole, np.zeros(more, dtype=bool)]),
        covers=(),
    )


def eased(lp: Lp, soft: Soft, amount: Floats) -> Lp:
    """Return the model with the sides of its rows moved by `amount` (units of ease of each entry), and nothing else changed."""
    shift = np.zeros(len(lp.row_lower))
    np.add.at(shift, soft.row, soft.rate * amount)
    return replace(lp, row_lower=lp.row_lower - shift, row_upper=lp.row_upper - shift)


def without(lp: Lp, soft: Soft, gone: Bools) -> Lp:
    """Return the model in which the entries in `gone` have given all that they can; where that has no end, their side is open.

    No column is added: what is feasible here is what the rest of the limits leaves.
    """
    low, high = lp.row_lower.copy(), lp.row_upper.copy()
    down, up = gone & (soft.rate < 0), gone & (soft.rate > 0)
    np.add.at(high, soft.row[down], -soft.rate[down] * soft.most[down])
    np.add.at(low, soft.row[up], -soft.rate[up] * soft.most[up])
    return replace(lp, row_lower=low, row_upper=high)
