"""The promises of a programme and the groups that they form: all, classes, customers, contracts, items."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.calendar import Periods, cut
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Customer, Demand
from tandemplan.network.demands import items_and_customers
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run
from tandemplan.simulate.outcomes import Names, Outcomes, line_name

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
KINDS = ("all", "class", "customer", "contract", "item")
NOTHING = 1e-3  # units that do not matter


@dataclass(frozen=True, eq=False)
class Promises:
    """The demands of some outcomes, in their order, as the programme and its plan say them.

    `due` counts days from the plan's start; `planned` is the day on which the plan has a demand complete (inf: never). `counted`, `on_time`
    and `curve` (demands x periods, units delivered up to the end of each) are units of the plan, `first` the day of its first delivery (inf: none).
    """

    names: Names
    contract: NDArray[Any]
    customer: NDArray[Any]
    demand_class: Ints
    item: NDArray[Any]
    site: NDArray[Any]
    due: Ints
    planned: Floats
    counted: Floats
    on_time: Floats
    curve: Floats
    first: Floats


@dataclass(frozen=True, eq=False)
class Group:
    """Some promises told together: which of the demands, and which lines of contracts they are (None: lines hold others too)."""

    kind: str
    name: str
    members: Bools
    lines: Ints | None


@dataclass(frozen=True, eq=False)
class Case:
    """What answers are taken from: the outcomes of replications, the plan that was run, and its programme."""

    outcomes: Outcomes
    programme: Programme
    run: Run

    @cached_property
    def periods(self) -> Periods:
        """Return the periods of the plan."""
        return periods_of(self.programme)

    @cached_property
    def promises(self) -> Promises:
        """Return the demands as programme and plan say them."""
        return promises_of(self.outcomes.demands, self.programme, self.run)

    @cached_property
    def groups(self) -> list[Group]:
        """Return the groups that the demands form."""
        return groups_of(self.promises, self.outcomes.contracts)

    @cached_property
    def kept(self) -> tuple[Bools, Bools, Bools]:
        """Return, replications x demands, which demands are asked for, which are complete on time, and which are complete at all."""
        asked = self.outcomes.asked > NOTHING
        enough = self.outcomes.asked * np.float32(1 - 1e-5) - np.float32(NOTHING)
        return asked, asked & (self.outcomes.on_time >= enough), asked & np.isfinite(self.outcomes.done)

    @property
    def levels(self) -> tuple[float, float, float]:
        """Return the quantiles that the programme wants to see."""
        said = self.programme.settings
        return said.low_quantile, said.middle_quantile, said.high_quantile


def periods_of(programme: Programme) -> Periods:
    """Return the periods of a programme that has been read without faults."""
    assert programme.settings.start is not None
    return cut(programme.settings.start, programme.settings.periods)


def promises_of(names: Names, programme: Programme, run: Run) -> Promises:
    """Return what a programme and its plan say of some demands; one that the plan does not count is never complete in it."""
    table, periods = programme[Demand], periods_of(programme)
    rows = np.array([table.index[n,] for n in names], dtype=np.int64)
    items, customers = items_and_customers(programme)
    classes = dict(zip(programme[Customer].customer, programme[Customer].demand_class, strict=True))
    ranks = np.array([int(classes.get(c, 1)) for c in customers], dtype=np.int64)
    curve, first, last = _delivered(names, run, periods)
    summary = {r["demand"]: r for r in run.rows(DEMAND_SUMMARY)}
    counted, on_time, late = (
        np.array([summary[n][c] if n in summary else 0.0 for n in names], dtype=np.float64)
        for c in ("quantity", "on_time", "late")
    )
    whole = (counted > NOTHING) & (on_time + late >= counted - NOTHING)
    return Promises(
        names=names,
        contract=texts(map(str, table.contract[rows])),
        customer=texts(str(customers[i]) for i in rows),
        demand_class=ranks[rows],
        item=texts(str(items[i]) for i in rows),
        site=texts(map(str, table.site[rows])),
        due=periods.numbers(table.due[rows], periods.days - 1),
        planned=np.where(whole, last, np.inf),
        counted=counted,
        on_time=on_time,
        curve=curve,
        first=first,
    )


def _delivered(names: Names, run: Run, periods: Periods) -> tuple[Floats, Floats, Floats]:
    """Return the plan's units delivered up to the end of each period, and the first and last day (inf, -inf: none), by demand."""
    frame = run.tables[DELIVERIES.name]
    at = {n: i for i, n in enumerate(names)}
    row = np.array([at.get(str(n), -1) for n in frame["demand"]], dtype=np.int64)
    kept = row >= 0
    row, quantity = row[kept], frame["quantity"][kept]
    day = periods.numbers(frame["delivered"][kept], periods.days)
    units = np.zeros((len(names), len(periods)))
    np.add.at(units, (row, np.clip(periods.of(day), 0, len(periods) - 1)), quantity)
    first, last = np.full(len(names), np.inf), np.full(len(names), -np.inf)
    np.minimum.at(first, row, day)
    np.maximum.at(last, row, day)
    return np.cumsum(units, axis=1), first, last


def groups_of(promises: Promises, lines: Names) -> list[Group]:
    """Return the groups that some promises form, `lines` being the contracts (or customers and items) told apart: all, then each kind by name.

    A group has lines where every line with one of its demands has no others.
    """
    labels = {
        "all": texts("all" for _ in promises.names),
        "class": texts(map(str, promises.demand_class.tolist())),
        "customer": promises.customer,
        "contract": promises.contract,
        "item": promises.item,
    }
    at = {n: i for i, n in enumerate(lines)}
    names = map(line_name, promises.contract, promises.customer, promises.item)
    line = np.array([at.get(n, at.get("", -1)) for n in names], dtype=np.int64)
    found = []
    for kind in KINDS:
        for name in sorted({n for n in labels[kind] if n}, key=_by_rank if kind == "class" else None):
            members = np.asarray(labels[kind] == name, dtype=np.bool_)
            mine = np.unique(line[members])
            whole = not np.isin(line[~members], mine).any()
            found.append(Group(kind, name, members, mine if whole else None))
    return found


def _by_rank(name: str) -> tuple[int, str]:
    return int(name), name
