"""Constraint family `rolling hours`: in any so many days, no more than so many hours for each head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model.schema import Rule, WorkCentre
from tandemplan.network.network import Network
from tandemplan.plan.hours import add_work, resource_rows
from tandemplan.plan.people import add_heads
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LIMITED = ("skill", "work centre")  # kinds of resources that have heads: people, or stations


@dataclass(frozen=True, eq=False)
class Runs:
    """Runs of periods that a rule measures, by their last period: `there` is one ends there, `first` its first period.

    `share` is the part of a window that counts: 1, and more for a single period longer than the window.
    """

    there: Bools
    first: Ints
    share: Floats


@dataclass(frozen=True, eq=False)
class Rolling:
    """One resource under one rule: its row in `network.hours`, the most hours of a head, and the runs they are measured over."""

    name: str
    resource: int
    most: float
    runs: Runs


def runs_of(periods: Periods, window: int, within: Bools) -> Runs:
    """Return the longest runs of whole periods `within` a rule's dates that have at most `window` days.

    A period longer than the window is a run of its own.

    >>> from datetime import date
    >>> from tandemplan.calendar import cut
    >>> runs = runs_of(cut(date(2026, 6, 1), "4 weeks, 1 month"), 14, np.ones(5, dtype=bool))
    >>> runs.there.tolist(), runs.first.tolist(), runs.share.round(2).tolist()
    ([False, True, True, True, True], [0, 0, 1, 2, 4], [1.0, 1.0, 1.0, 1.0, 2.14])
    """
    ends = periods.starts + periods.lengths
    first = np.arange(len(periods))
    for t in range(len(periods)):
        while first[t] > 0 and within[first[t] - 1] and ends[t] - periods.starts[first[t] - 1] <= window:
            first[t] -= 1
    longer = np.append((first[1:] <= first[:-1]) & within[1:], False)
    return Runs(within & ~longer, first, np.maximum(periods.lengths / window, 1.0))


def rolling_limits(network: Network) -> list[Rolling]:
    """Return the rolling limits of a programme: hard rules, each resource in their scope, in order of rules."""
    periods, rules, at = network.periods, network.programme[Rule], resource_rows(network)
    found = []
    for k in np.flatnonzero((rules.kind == "rolling hours") & ~rules.soft).tolist():
        first, last = periods.numbers(np.array([rules.from_date[k], rules.to_date[k]]), 0)
        last = periods.days if np.isnat(rules.to_date[k]) else last
        within = (periods.starts >= first) & (periods.starts + periods.lengths - 1 <= last)
        runs = runs_of(periods, max(int(rules.window_days[k] + 1e-9), 1), within)
        rows = [at[kind, name] for name in rules.scope[k] for kind in LIMITED if (kind, name) in at]
        found += [Rolling(f"{rules.rule[k]}|{network.hours.names[r]}", r, float(rules.high[k]), runs) for r in rows]
    return found


def heads_of(network: Network, resource: int) -> Floats:
    """Return the mean heads of a skill (of the start), or stations of a work centre, in each period."""
    hours = network.hours
    if hours.kinds[resource] == "skill":
        return np.asarray(hours.heads[resource])
    centres = network.programme[WorkCentre]
    row = centres.index[(hours.names[resource],)]
    return network.periods.sums(network.cells.daily(centres, "stations", row)) / network.periods.lengths


def add_rolling_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add rolling limits, one row for each rule and resource k in its scope and longest run R of periods that the rule's window holds.

        rolling hours: sum[t in R] used[k,t] <= most[k] * mean heads[k,R] * share[R]

    `used` is the left side of `hours` without overtime; heads are stations, or trained people, those of the start and hires; `most` is the most
    hours of a head in a window; `share` is 1, or for a single period that is longer than the window its length / window.

    `docs/semantics.md`, Rolling limits; the form is that of flight time limits, at most so many hours in any consecutive days
    (EASA, Regulation (EU) 965/2012, ORO.FTL.210).
    """
    limits = rolling_limits(network)
    if not limits:
        return
    there = np.array([limit.runs.there for limit in limits])
    most = np.array([_most(network, limit) for limit in limits])
    row = build.add_rows("rolling hours", tuple(r.name for r in limits), there, lower=-np.inf, upper=most, unit="hours")
    count, shape = len(network.periods), network.hours.present.shape
    for k, limit in enumerate(limits):
        longest = int((np.arange(count) - limit.runs.first).max(initial=0))
        for later in range(longest + 1):
            last = np.arange(count - later) + later
            inside = limit.runs.first[last] <= last - later
            grid = np.full(shape, -1, dtype=np.int64)
            grid[limit.resource, : count - later] = np.where(inside, row[k, later:], -1)
            add_work(build, network, x, grid)
            add_heads(build, network, x, grid, -_weight(network, limit, later))


def _weight(network: Network, limit: Rolling, later: int) -> Floats:
    """Return what a head of a period adds to the limit of the run that ends `later` periods after (0 past the end)."""
    lengths, runs = network.periods.lengths, limit.runs
    last = np.minimum(np.arange(len(lengths)) + later, len(lengths) - 1)
    days = np.append(0, np.cumsum(lengths))
    return np.asarray(limit.most * runs.share[last] * lengths / (days[last + 1] - days[runs.first[last]]))


def _most(network: Network, limit: Rolling) -> Floats:
    lengths, runs = network.periods.lengths, limit.runs
    sums = np.append(0.0, np.cumsum(heads_of(network, limit.resource) * lengths))
    days = np.append(0, np.cumsum(lengths))
    last = np.arange(len(lengths)) + 1
    heads = (sums[last] - sums[runs.first]) / (days[last] - days[runs.first])
    return np.asarray(limit.most * heads * runs.share)
