"""What was delivered, made and held over time: a fan of curves by period."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import texts
from tandemplan.calendar import Periods
from tandemplan.results.money_shapes import CASH, FUNDING
from tandemplan.results.shape import PRODUCTION
from tandemplan.results.simulation_shapes import FAN
from tandemplan.results.store import Run
from tandemplan.simulate.columns import Columns, dates, estimate, spread
from tandemplan.simulate.groups import Case, Floats, Group
from tandemplan.simulate.intervals import Estimate, chances, means, quantiles


def fan_columns(case: Case) -> Columns:
    """Return the fan of units delivered to each group that has its own lines, and made of each item, by period."""
    outcomes, planned = case.outcomes, case.promises.curve
    periods, about = case.periods, (case.periods, case.levels)
    unasked = np.full((len(outcomes), len(periods)), np.nan)
    parts = [
        _fan(
            (g.kind, g.name),
            outcomes.curve[:, g.lines].sum(axis=1, dtype=np.float64),
            (_asked(case, g), planned[g.members].sum(axis=0)),
            about,
        )
        for g in case.groups
        if g.lines is not None
    ]
    made = planned_output(case)
    parts += [
        _fan(("made", n), outcomes.made[:, i].astype(np.float64), (unasked, made[i]), about)
        for i, n in enumerate(outcomes.items)
        if made[i].any() or outcomes.made[:, i].any()
    ]
    return {n: np.concatenate([p[n] for p in parts]) for n in FAN.names} if parts else {}


def _fan(
    which: tuple[str, str],
    curves: Floats,
    beside: tuple[Floats, Floats],
    about: tuple[Periods, tuple[float, float, float]],
) -> Columns:
    """Return the rows of one fan: `which` it is, its curves (replications x periods), and beside them what is asked (likewise) and planned."""
    periods, levels = about
    return {
        "kind": texts([which[0]] * len(periods)),
        "name": texts([which[1]] * len(periods)),
        "period_start": dates(periods.starts, periods.start),
        **estimate("asked", means(beside[0])),
        "planned": beside[1],
        **estimate("mean", means(curves)),
        **spread("units", quantiles(curves, levels)),
    }


def _asked(case: Case, group: Group) -> Floats:
    """Return the units of a group that are asked for and due up to the end of each period, by replication."""
    periods = case.periods
    due = case.promises.due[group.members, None] < periods.starts + periods.lengths
    return np.asarray(case.outcomes.asked[:, group.members].astype(np.float64) @ due)


def planned_output(case: Case) -> Floats:
    """Return the plan's good units of each item up to the end of each period."""
    outcomes, periods = case.outcomes, case.periods
    frame = case.run.tables[PRODUCTION.name]
    at = {n: i for i, n in enumerate(outcomes.items)}
    row = np.array([at.get(str(n), -1) for n in frame["item"]], dtype=np.int64)
    period = periods.of(periods.numbers(frame["end"], periods.days))
    inside = (row >= 0) & (period >= 0) & (period < len(periods))
    units = np.zeros((len(outcomes.items), len(periods)))
    np.add.at(units, (row[inside], period[inside]), frame["good"][inside])
    return np.cumsum(units, axis=1)


def cash_columns(case: Case) -> tuple[Columns, Columns]:
    """Return the fan of the venture's own money and what is said of its lowest point; nothing where its money is no limit."""
    outcomes, periods, levels = case.outcomes, case.periods, case.levels
    if not outcomes.cash.shape[1]:
        return {}, {}
    planned, least = _planned_cash(case.run, periods)
    cash = outcomes.cash.astype(np.float64)
    floor = np.where(np.isnan(least), 0.0, least)
    count = len(outcomes)
    slack = 0.005  # a cent, rounded
    fan = {
        "period_start": dates(periods.starts, periods.start),
        "planned": planned,
        "least": least,
        **spread("cash", quantiles(cash, levels)),
        **estimate("below_least_chance", chances((cash < floor - slack).sum(axis=0), count)),
        **estimate("below_zero_chance", chances((cash < -slack).sum(axis=0), count)),
    }
    dry = (cash < np.maximum(floor, 0.0) - slack).any(axis=1).sum()
    lowest = cash.min(axis=1, keepdims=True)
    low = {
        "planned": np.array([np.nan if np.isnan(planned).all() else np.nanmin(planned)]),
        **spread("lowest", quantiles(lowest, levels)),
        **estimate("dry_chance", chances(dry, count)),
        **estimate("held_chance", chances((outcomes.held > 0).sum(), count)),
        **estimate("held_order_days", means(outcomes.held[:, None])),
    }
    return fan, low


def _planned_cash(run: Run, periods: Periods) -> tuple[Floats, Floats]:
    """Return the plan's money of the venture at the end of each period, and the least there must be; nan where the plan lacks it."""
    own = {r["pool"] for r in run.rows(FUNDING) if r["kind"] == "company"}
    planned, least = np.full(len(periods), np.nan), np.full(len(periods), np.nan)
    rows = [r for r in run.rows(CASH) if r["pool"] in own]
    at = {d: i for i, d in enumerate(dates(periods.starts, periods.start).tolist())}
    for r in rows:
        planned[at[r["period_start"]]], least[at[r["period_start"]]] = r["closing"], r["least"]
    return planned, least


def shares(values: Floats, levels: tuple[float, float, float], name: str) -> Columns:
    """Return the mean and the quantiles of shares (replications x things), nan where there is none."""
    told: list[Estimate] = quantiles(values, levels)
    return {**estimate(name, means(values)), **spread(name, told)}
