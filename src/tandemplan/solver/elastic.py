"""What conflicts when nothing is feasible: every limit may be broken at a price, and the cheapest breaks are named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import starts
from tandemplan.solver.lp import Block, Lp


@dataclass(frozen=True)
class Break:
    """A row that the cheapest relaxation breaks: its family, whom and which period it speaks of, by how much."""

    family: str
    who: str
    period: int
    amount: float
    unit: str


def elastic(lp: Lp, hard: frozenset[str]) -> tuple[Lp, NDArray[np.float64], NDArray[np.int64]]:
    """Return the model with a column of breach for each row not in the `hard` families, the cost of breaches, their rows.

    A breach costs 1 per unit over the size of the limit, so that families compare by shares. Chinneck 2008,
    Feasibility and Infeasibility in Optimization, ch. 6 (elastic programs).
    """
    soft = np.concatenate([b.index for n, b in lp.rows.items() if n not in hard] or [np.zeros(0, dtype=np.int64)])
    over = soft[np.isfinite(lp.row_upper[soft])]
    under = soft[np.isfinite(lp.row_lower[soft])]
    rows = np.concatenate([over, under])
    sign = np.concatenate([-np.ones(len(over)), np.ones(len(under))])
    first = len(lp.lower)
    entry_rows = np.concatenate([lp.row_of_entry, rows])
    columns = np.concatenate([lp.row_column, first + np.arange(len(rows))])
    values = np.concatenate([lp.value, sign])
    order = np.lexsort((columns, entry_rows))
    block = Block("breach", first, ("",), np.zeros(len(rows), dtype=np.int64), np.full(len(rows), -1))
    made = Lp(
        columns={**lp.columns, "breach": block},
        rows=lp.rows,
        lower=np.concatenate([lp.lower, np.zeros(len(rows))]),
        upper=np.concatenate([lp.upper, np.full(len(rows), np.inf)]),
        row_lower=lp.row_lower,
        row_upper=lp.row_upper,
        row_start=starts(entry_rows, len(lp.row_lower)),
        row_column=columns[order],
        value=values[order],
        whole=np.concatenate([lp.whole, np.zeros(len(rows), dtype=bool)]),
    )
    size = np.concatenate([np.abs(lp.row_upper[over]), np.abs(lp.row_lower[under])])
    cost = np.concatenate([np.zeros(first), 1.0 / np.maximum(size, 1.0)])
    return made, cost, rows


def breaks(lp: Lp, x: NDArray[np.float64], rows: NDArray[np.int64], first: int) -> list[Break]:
    """Return the limits that an elastic plan `x` breaks, largest share first within the order of families."""
    amount = x[first:]
    found = []
    for name, block in lp.rows.items():
        for k in np.flatnonzero((amount > 1e-6) & (rows >= block.first) & (rows < block.first + len(block.entity))):
            at = rows[k] - block.first
            found.append(Break(name, block.who[block.entity[at]], int(block.period[at]), float(amount[k]), block.unit))
    return found
