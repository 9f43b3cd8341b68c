"""How sure each demand is, and each group of them: on time, complete, and when."""

from __future__ import annotations

import numpy as np

from tandemplan.arrays import texts
from tandemplan.simulate.columns import Columns, dated, dates, estimate, spread
from tandemplan.simulate.groups import Bools, Case, Floats, Group, Promises
from tandemplan.simulate.intervals import Estimate, chances, means, quantiles
from tandemplan.simulate.outcomes import Outcomes


def promise_columns(case: Case) -> Columns:
    """Return the table of promises: a row a demand; all but the chance that it is asked for is among replications in which it is."""
    outcomes, promises, start = case.outcomes, case.promises, case.periods.start
    asked, on_time, complete = case.kept
    times = asked.sum(axis=0)
    there = np.where(asked, outcomes.asked, np.nan)
    done = np.where(asked, outcomes.done, np.nan)
    return {
        "demand": texts(promises.names),
        "contract": promises.contract,
        "customer": promises.customer,
        "demand_class": promises.demand_class,
        "item": promises.item,
        "site": promises.site,
        "due": dates(promises.due, start),
        "planned": dates(promises.planned, start),
        **estimate("asked_chance", chances(times, len(outcomes))),
        **estimate("asked", means(there)),
        **estimate("on_time_chance", chances(on_time.sum(axis=0), times)),
        **estimate("on_time_share", means(outcomes.on_time / there).clipped(0, 1)),
        **estimate("never_chance", chances((asked & ~complete).sum(axis=0), times)),
        **dated("done", quantiles(done, case.levels), start),
    }


def group_columns(case: Case) -> Columns:
    """Return the table of groups of promises, a row each."""
    outcomes, promises, groups = case.outcomes, case.promises, case.groups
    shares = np.stack([on_time_share(outcomes, g.members) for g in groups], axis=1)
    firsts = np.stack([first_day(outcomes, g) for g in groups], axis=1)
    asked = np.stack([outcomes.asked[:, g.members].sum(axis=1, dtype=np.float64) for g in groups], axis=1)
    sure = [sureness(case, g.members) for g in groups]
    known = np.array([g.lines is not None for g in groups])
    planned = np.array([promises.first[g.members].min() for g in groups])
    begun, early = np.isfinite(firsts).sum(axis=0), (np.floor(firsts) <= planned).sum(axis=0)
    start, levels = case.periods.start, case.levels
    return {
        "kind": texts(g.kind for g in groups),
        "name": texts(g.name for g in groups),
        "planned_on_time_share": np.array([_planned_share(promises, g.members) for g in groups]),
        **estimate("asked", means(asked)),
        **estimate("on_time_share", means(shares).clipped(0, 1)),
        **spread("on_time_share", [q.clipped(0, 1) for q in quantiles(shares, levels)]),
        **estimate("all_on_time_chance", _side_by_side([s[0] for s in sure])),
        **estimate("total_chance", _side_by_side([s[1] for s in sure])),
        "planned_first": dates(planned, start),
        **dated("first", quantiles(firsts, levels), start),
        **estimate("first_by_planned_chance", chances(early, np.where(known & np.isfinite(planned), len(outcomes), 0))),
        **estimate("first_chance", chances(begun, np.where(known, len(outcomes), 0))),
    }


def on_time_share(outcomes: Outcomes, members: Bools) -> Floats:
    """Return the share of the units asked for by some demands that is on time, by replication; nan where none is asked for."""
    asked = outcomes.asked[:, members].sum(axis=1, dtype=np.float64)
    served = outcomes.on_time[:, members].sum(axis=1, dtype=np.float64)
    return np.asarray(served / np.where(asked > 0, asked, np.nan))


def sureness(case: Case, members: Bools) -> tuple[Estimate, Estimate]:
    """Return the chance that all of some demands due within the plan are complete on time, and that all are complete in the end."""
    asked, on_time, complete = (v[:, members] for v in case.kept)
    due = case.promises.due[members] < case.periods.days
    wanted = asked.any(axis=1)
    all_on_time = wanted & (on_time | ~asked)[:, due].all(axis=1)
    total = wanted & (complete | ~asked).all(axis=1)
    return chances(all_on_time.sum(), wanted.sum()), chances(total.sum(), wanted.sum())


def first_day(outcomes: Outcomes, group: Group) -> Floats:
    """Return the day of the first delivery to a group by replication; nan where its lines are shared with others."""
    if group.lines is None:
        return np.full(len(outcomes), np.nan)
    return np.asarray(outcomes.first[:, group.lines].min(axis=1, initial=np.inf), dtype=np.float64)


def _planned_share(promises: Promises, members: Bools) -> float:
    counted = promises.counted[members].sum()
    return float(promises.on_time[members].sum() / counted) if counted > 0 else float("nan")


def _side_by_side(told: list[Estimate]) -> Estimate:
    return Estimate(
        *(np.array([float(v) for v in part]) for part in zip(*((e.value, e.low, e.high) for e in told), strict=True))
    )
