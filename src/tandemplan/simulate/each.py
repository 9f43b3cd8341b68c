"""What became of each replication: every promise as a letter, units by contract, and the lowest point of cash."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import texts
from tandemplan.simulate.columns import Columns
from tandemplan.simulate.groups import Case
from tandemplan.simulate.outcomes import leading, line_name

MOST = 10_000  # replications that are kept one by one
ON_TIME, LATE, NEVER, NOT_ASKED = "tln-"


def replication_columns(case: Case) -> Columns:
    """Return the table of replications, a row each, in their order; of promises it has a letter each, in the order of table `promises`."""
    first = _leading(case)
    outcomes, count = first.outcomes, len(first.outcomes)
    asked, on_time, complete = first.kept
    letters = np.where(on_time, ON_TIME, np.where(complete, LATE, np.where(asked, NEVER, NOT_ASKED)))
    lowest = outcomes.cash.astype(np.float64).min(axis=1) if outcomes.cash.shape[1] else np.full(count, np.nan)
    return {
        "replication": np.arange(count),
        "lowest_cash": lowest,
        "held_order_days": outcomes.held.astype(np.float64),
        "promises": texts("".join(row) for row in letters),
    }


def unit_columns(case: Case) -> Columns:
    """Return the table of units by replication and contract (customer and item without one), replications in their order.

    The first delivery is not known where a contract is shared by customers or items.
    """
    first = _leading(case)
    outcomes, promises, count = first.outcomes, first.promises, len(first.outcomes)
    labels = list(zip(promises.contract, promises.customer, promises.demand_class.tolist(), promises.item, strict=True))
    kinds = sorted(set(labels))
    place = {k: i for i, k in enumerate(kinds)}
    member = np.zeros((len(labels), len(kinds)))
    member[np.arange(len(labels)), [place[k] for k in labels]] = 1.0
    lines = [line_name(contract, customer, item) for contract, customer, _, item in kinds]
    at = {n: i for i, n in enumerate(outcomes.contracts)}
    days = np.full((count, len(kinds)), np.nan)
    for i, line in enumerate(lines):
        if line in at and lines.count(line) == 1:
            days[:, i] = np.minimum(outcomes.first[:, at[line]], first.periods.days)
    return {
        "replication": np.repeat(np.arange(count), len(kinds)),
        "contract": texts([k[0] for k in kinds] * count),
        "customer": texts([k[1] for k in kinds] * count),
        "demand_class": np.tile(np.array([k[2] for k in kinds], dtype=np.int64), count),
        "item": texts([k[3] for k in kinds] * count),
        **{n: (getattr(outcomes, n).astype(np.float64) @ member).ravel() for n in ("asked", "on_time", "delivered")},
        "first_days": days.ravel(),
    }


def _leading(case: Case) -> Case:
    """Return the case of the first replications, as many as are kept."""
    if len(case.outcomes) <= MOST:
        return case
    return Case(leading(case.outcomes, MOST), case.programme, case.run)
