"""Result table of learning: hours per unit and yield of each operation that learns, by period."""

from __future__ import annotations

import numpy as np

from tandemplan.model.schema import Operation
from tandemplan.network.learning import Experience, learning_of
from tandemplan.network.network import Network
from tandemplan.plan.flows import Amounts
from tandemplan.results.store import Frame


def learning(network: Network, amounts: Amounts) -> Frame:
    """Return what each operation that learns takes and gives in each period in which its routes start something, on the true curves."""
    taught, operations, periods = network.making.taught, network.programme[Operation], network.periods
    made = taught.made(amounts.make)
    before = np.cumsum(made, axis=1) - made
    found: list[tuple[int, int, float, float, float, float]] = []
    for row in sorted(set(taught.row.tolist())):
        units = amounts.make[np.unique(taught.route[taught.row == row])].sum(axis=0)
        own, learns = int(taught.school[taught.row == row][0]), learning_of(operations, row)
        known = Experience(before[own], before[own] + made[own])
        hours, share = learns.hours(known), learns.share(known)
        at = np.flatnonzero(units > 0)
        columns = (units[at], learns.prior + before[own, at], hours[at], share[at])
        found += [(row, int(t), *rest) for t, *rest in zip(at, *(c.tolist() for c in columns), strict=True)]
    rows = np.array([f[0] for f in found], dtype=np.int64)
    numbers = np.round(np.array([f[2:] for f in found], dtype=np.float64).reshape(-1, 4), 6)
    return {
        "item": operations.item[rows],
        "site": operations.site[rows],
        "alternative": operations.alternative[rows],
        "step": operations.step[rows].astype(np.int64),
        "period_start": periods.dates(periods.starts[np.array([f[1] for f in found], dtype=np.int64)]),
        "units": numbers[:, 0],
        "experience_units": numbers[:, 1],
        "hours_per_unit": numbers[:, 2],
        "first_pass_share": numbers[:, 3],
    }
