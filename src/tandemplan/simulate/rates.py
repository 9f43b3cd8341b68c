"""When each product is made at full rate: how soon output comes near the highest rate of the plan."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import texts
from tandemplan.calendar import Periods
from tandemplan.simulate.columns import Columns, dated, dates, estimate, spread
from tandemplan.simulate.fans import planned_output
from tandemplan.simulate.groups import Case, Floats
from tandemplan.simulate.intervals import chances, quantiles

WINDOW = 28  # days over which a rate is the mean
NEAR = 0.9  # share of the plan's highest rate that counts as full rate


def rate_columns(case: Case) -> Columns:
    """Return the table of rates: a row for each item that is demanded and that the plan makes."""
    outcomes, periods = case.outcomes, case.periods
    planned = planned_output(case)
    demanded = np.isin(np.array(outcomes.items, dtype=object), case.promises.item)
    told = np.flatnonzero(demanded & (planned[:, -1] > 0)) if planned.shape[1] else np.empty(0, dtype=np.int64)
    if not len(told):
        return {}
    by_plan = rates(planned[told], periods)
    made = rates(outcomes.made[:, told].astype(np.float64), periods)
    highest = np.nanmax(by_plan, axis=1)
    hoped = reached(by_plan, highest, periods)
    days = reached(made, highest, periods)
    count = len(outcomes)
    return {
        "item": texts(outcomes.items[i] for i in told.tolist()),
        "planned_rate": highest,
        "planned": dates(hoped, periods.start),
        **estimate("by_planned_chance", chances((days <= hoped).sum(axis=0), count)),
        **estimate("reached_chance", chances(np.isfinite(days).sum(axis=0), count)),
        **dated("reached", quantiles(days, case.levels), periods.start),
        **spread("rate", quantiles(np.nanmax(made, axis=2), case.levels)),
    }


def rates(curves: Floats, periods: Periods) -> Floats:
    """Return the mean rate a week over the 28 days that end with each period (nan: they are not within the plan), from units up to its end.

    The last axis is that of periods; units of a period count as made evenly over it. A plan shorter than 28 days has one rate, that of all of it.

    >>> from datetime import date
    >>> from tandemplan.calendar import cut
    >>> rates(np.array([0.0, 0.0, 0.0, 0.0, 14.0, 42.0]), cut(date(2026, 6, 1), "6 weeks"))[3:].tolist()
    [0.0, 3.5, 10.5]
    """
    edges = np.append(periods.starts, periods.days).astype(np.float64)
    made = np.concatenate([np.zeros((*curves.shape[:-1], 1)), curves], axis=-1)
    window = min(WINDOW, periods.days)
    ends = edges[1:]
    begins = np.maximum(ends - window, 0.0)
    low = np.clip(np.searchsorted(edges, begins, side="right") - 1, 0, len(edges) - 2)
    part = (begins - edges[low]) / (edges[low + 1] - edges[low])
    before = made[..., low] + part * (made[..., low + 1] - made[..., low])
    return np.asarray(np.where(ends >= window, (made[..., 1:] - before) * 7.0 / window, np.nan))


def reached(found: Floats, highest: Floats, periods: Periods) -> Floats:
    """Return the last day of the first period whose rate is at least `NEAR` of the highest of the plan (inf: none), by item (second last axis)."""
    near = found >= NEAR * highest[:, None] - 1e-9
    last = (periods.starts + periods.lengths - 1).astype(np.float64)
    return np.asarray(np.where(near, last, np.inf).min(axis=-1))
