"""Options that the plan may choose: when, what each adds to limits, and what it opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import (
    Contract,
    Demand,
    Lane,
    Licence,
    Offer,
    Operation,
    Option,
    Site,
    Skill,
    Task,
    Tool,
    Tranche,
    WorkCentre,
)
from tandemplan.network.flows import Lookup, Timing, openings_of, purchase_timing
from tandemplan.network.gains import LEAST, Daily, Gain, daily_gains, summed
from tandemplan.network.gates import gates_of
from tandemplan.network.investing import investing_of
from tandemplan.network.making import production_of
from tandemplan.network.openings import task_dates, task_links, topological
from tandemplan.network.taking import LeftAloneError, Taken, clashes, taken
from tandemplan.network.waits import route_tasks

if TYPE_CHECKING:
    from tandemplan.network.network import Network

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
GATED = (
    Site,
    Offer,
    Lane,
    Contract,
    Demand,
    WorkCentre,
    Skill,
    Tool,
    Tranche,
)  # what a task opens beside operations and bills


@dataclass(frozen=True, eq=False)
class Opened:
    """Columns that options open: entry k is open where `option[k]` was chosen in period `last[k]` or before.

    `row` and `period` are the place of the column among ways (purchases) or routes (production).
    """

    row: Ints
    period: Ints
    option: Ints
    last: Ints


@dataclass(frozen=True, eq=False)
class Choices:
    """Options that a plan may choose, by `names`; each on the first day of the periods that are `there` (options x periods).

    `effect` is the day from which it is in effect when chosen so. `places` are those of stations and sets that can be bought and
    that an option takes: entry of network.investing, option, how many. `clashes` are pairs of which at most one is chosen.
    `left_alone` says in words which options are never chosen, and why.
    """

    names: tuple[str, ...]
    there: Bools
    effect: Ints
    gains: tuple[Gain, ...]
    ways: Opened
    routes: Opened
    places: tuple[tuple[int, int, float], ...]
    clashes: tuple[tuple[int, int], ...]
    left_alone: tuple[str, ...]

    @property
    def varying(self) -> tuple[tuple[int, int], ...]:
        """Return the pairs of an option and a resource (row in `Hours`) where what it adds hangs on the pattern worked."""
        return tuple(dict.fromkeys((g.option, g.entity) for g in self.gains if g.entry >= 0))


@dataclass(frozen=True, eq=False)
class _Found:
    """An option with what it adds by day, and what it opens."""

    taken: Taken
    gains: list[Daily]
    timing: Timing
    ways: Opened
    places: dict[int, float]
    open: Bools
    routes: Opened


def no_choices(periods: int) -> Choices:
    """Return no options to choose from."""
    blank = np.zeros((0, periods))
    none = _joined([])
    return Choices((), blank.astype(np.bool_), blank.astype(np.int64), (), none, none, (), (), ())


def with_choices(network: Network) -> Network:
    """Return the network with the options that a plan may choose, and with open columns that they can open."""
    table = network.programme[Option]
    found: list[_Found] = []
    alone: list[str] = []
    for row in np.flatnonzero(np.isnat(table.chosen)).tolist():
        try:
            option = taken(network.programme, network.cells, row)
            made = None if option is None else _found(network, option, len(found))
            if made is not None and (made.gains or len(made.ways.row) or len(made.routes.row)):
                found.append(made)
        except LeftAloneError as reason:
            alone.append(f"Option {table.option[row]} is not chosen by the plan: {reason}.")
    if not found:
        return replace(network, choices=replace(network.choices, left_alone=tuple(alone)))
    choices = Choices(
        names=tuple(f.taken.name for f in found),
        there=np.array([f.taken.there for f in found]),
        effect=np.array([f.taken.effect for f in found]),
        gains=tuple(g for k, f in enumerate(found) for d in f.gains for g in summed(d, network.periods, f.taken, k)),
        ways=_joined([f.ways for f in found]),
        routes=_joined([f.routes for f in found]),
        places=tuple((entry, k, units) for k, f in enumerate(found) for entry, units in f.places.items()),
        clashes=tuple(clashes([f.taken for f in found])),
        left_alone=tuple(alone),
    )
    is_open = np.logical_or.reduce([network.making.open, *(f.open for f in found)])
    buying = network.buying
    for f in found:
        buying = _merged(buying, f.timing)
    return replace(network, buying=buying, making=replace(network.making, open=is_open), choices=choices)


def _found(network: Network, option: Taken, number: int) -> _Found:
    gains = list(daily_gains(network, option))
    if any((g.amount < -LEAST).any() for g in gains):
        raise LeftAloneError("it takes something away, which plans cannot choose about yet")
    timing = _timing(network, option)
    ways = _opened_ways(network, option, timing, number)
    return _Found(option, gains, timing, ways, _places(network, option), *_opened_routes(network, option, number))


def _places(network: Network, option: Taken) -> dict[int, float]:
    """Return how many places of stations and sets that can be bought an option takes, by entry of network.investing."""
    investing, hours = network.investing, network.hours
    named = [(hours.kinds[r], hours.names[r]) for r in investing.resource.tolist()]
    centres = network.programme[WorkCentre]
    fit = {centres.work_centre[r] for e in option.own if e.column == "availability_share" for r in e.rows}
    if any(kind == "work centre" and name in fit for kind, name in named):
        raise LeftAloneError("it changes the availability of stations of which more can be bought")
    left = investing_of(network.programme, option.cells, hours)
    room = dict(zip(left.resource.tolist(), left.most.tolist(), strict=True))
    taken_ = investing.most - np.array([room.get(r, 0.0) for r in investing.resource.tolist()])
    return {int(k): float(taken_[k]) for k in np.flatnonzero(taken_ > 0)}


def _merged(buying: Timing, more: Timing) -> Timing:
    """Return the days of purchases, with those of `more` where there were none."""
    new = (more.release >= 0) & (buying.release < 0)
    pairs = [(getattr(more, n), getattr(buying, n)) for n in ("release", "dispatch", "arrival", "period")]
    return Timing(*(np.where(new, theirs, ours) for theirs, ours in pairs))


def _joined(parts: Iterable[Opened]) -> Opened:
    blank = np.zeros(0, dtype=np.int64)
    columns = [[getattr(p, n) for p in parts] for n in ("row", "period", "option", "last")]
    return Opened(*(np.concatenate([blank, *c]) for c in columns))


def _timing(network: Network, option: Taken) -> Timing:
    """Return the days of purchases with the option in effect as early as it may be."""
    if not any(e.column == "qualification_days" for e in option.own):
        return network.buying
    look = Lookup(network.programme, option.cells, openings_of(network.programme, network.dates))
    day = network.day[network.way_node]
    return purchase_timing(look, network.places.ways, day, network.receipt.open[network.way_node])


def _opened_ways(network: Network, option: Taken, timing: Timing, number: int) -> Opened:
    if ((timing.release < 0) & (network.buying.release >= 0)).any():
        raise LeftAloneError("it closes purchases")
    row, period = np.nonzero((timing.release >= 0) & (network.buying.release < 0))
    chosen = np.flatnonzero(option.there)
    in_time = option.effect[chosen][None, :] <= timing.release[row, period][:, None]
    return Opened(row, period, np.full(len(row), number), chosen[np.maximum(in_time.sum(axis=1) - 1, 0)])


def _opened_routes(network: Network, option: Taken, number: int) -> tuple[Bools, Opened]:
    """Return where routes are open with the option in effect as early as it may be, and until when each needs it."""
    making, programme = network.making, network.programme
    if "tasks" not in option.tables:
        return making.open, _joined([])
    dates = task_dates(programme, network.periods, option.cells, {})
    _waits_for_days_alone(network, option)
    _opens_routes_alone(network, frozenset(t for t in dates if dates[t].end != network.dates[t].end))
    routes, day = network.places.routes, network.day[network.route_node]
    sites = openings_of(programme, dates).sites
    is_open = production_of(programme, option.cells, dates, routes, day=day, site_opens=sites).open
    if (making.open & ~is_open).any():
        raise LeftAloneError("it closes production")
    row, period = np.nonzero(is_open & ~making.open)
    chosen, waits = np.flatnonzero(option.there), route_tasks(programme, routes)
    opens = np.zeros((len(chosen), len(routes)))
    for k, day_of in enumerate(option.effect[chosen].tolist()):
        ends = task_dates(programme, network.periods, option.cells_from(day_of), {})
        opens[k] = [max((ends[t].end for t in tasks), default=0) for tasks in waits]
    in_time = opens[:, row] <= day[row, period][None, :]
    kept = in_time.any(axis=0)
    last = chosen[np.maximum(in_time.sum(axis=0) - 1, 0)]
    opened = making.open.copy()
    opened[row[kept], period[kept]] = True
    return opened, Opened(row[kept], period[kept], np.full(int(kept.sum()), number), last[kept])


def _waits_for_days_alone(network: Network, option: Taken) -> None:
    """Raise where an option changes a task that waits for production, itself or through tasks before it."""
    links, table = task_links(network.programme), network.programme[Task]
    gates = {g.task for g in gates_of(network.programme)}
    for task in topological(links):
        gates |= {task} if any(before in gates for before, _ in links[task]) else set()
    if gates & {table.task[r] for e in option.own if e.table == "tasks" for r in e.rows}:
        raise LeftAloneError("it changes a task that waits for production")


def _opens_routes_alone(network: Network, moved: frozenset[str]) -> None:
    programme = network.programme
    for row_class in GATED:
        if any(moved & set(tasks) for tasks in programme[row_class].opens_after):
            raise LeftAloneError(f"it moves a task that opens rows of {row_class.DESCRIPTION.name}")
    if moved & set(programme[Licence].task):
        raise LeftAloneError("it moves a task that obtains a licence")
    operations = programme[Operation]
    if any(moved & set(t) for t in operations.opens_after[operations.when != "make"]):
        raise LeftAloneError("it moves a task that opens receipt or delivery")
