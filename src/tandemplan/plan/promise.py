"""Capable to promise: the earliest day on which one more order can be delivered with everything else as it is planned, or whom an earlier day hurts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import cut
from tandemplan.model.ordering import Order, with_order
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Offer
from tandemplan.plan.objective import FIRST
from tandemplan.plan.order_sizes import way_sizes
from tandemplan.plan.spare import Solve, Spare, fixed_goods, growing, spare_of, yielding
from tandemplan.results.store import Run
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import crossed_in_child, solve_in_child
from tandemplan.solver.stages import Outcome, Work, scale_of

Floats = NDArray[np.float64]
OUTSIDE = 10.0  # how much dearer what comes from third countries is made, where origin is looked at later
DUST = 1e-4  # units of an order; less is rounding


@dataclass(frozen=True, eq=False)
class Hurt:
    """A demand that an order makes later: its units late and lost, and unit-days late, before and with the order."""

    demand: str
    customer: str
    demand_class: int
    before: tuple[float, float]
    after: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Promise:
    """What can be promised of an order.

    `earliest` is the first day on which all of it can be delivered with every other delivery as planned (None: not within the plan), `goods`
    the first day on which goods, hours and room alone would allow that; no plan that leaves the others as they are is earlier than that.
    `promised` is the day that is told: the wished one, or the earliest. `hurt` are demands that wait for it, `impossible` says that the wished day
    cannot be met even where all other demands for the item wait. `spare` and `x` are the plan behind it, `unsized` purchases in sizes that their offers do not sell.
    """

    order: Order
    earliest: date | None
    goods: date | None
    promised: date | None
    hurt: tuple[Hurt, ...]
    impossible: bool
    unsized: int
    spare: Spare = field(repr=False)
    x: Floats | None = field(repr=False)


class DueError(ValueError):
    """Raised when a day is wished for that is no day of the plan."""


def promise(
    run: Run, programme: Programme, order: Order, due: date | None = None, solve: Solve | None = None
) -> Promise:
    """Return what can be promised of an order, beside everything that the plan of a run does.

    Stations, options, shifts and hires stay; purchases, work, moves and overtime may grow where the plan leaves capacity, material, room and money.
    With `due`, whom that day hurts is sought where it is before the earliest: other demands for the item may come later, the first classes last of all.
    Raises ProgrammeFaultsError for an order that has no meaning, NoPlanError where the run is no plan of the programme, and DueError for a day outside of it.
    """
    start = programme.settings.start
    assert start is not None
    if due is not None:
        last = start + timedelta(days=cut(start, programme.settings.periods).days - 1)
        if not start <= due <= last:
            raise DueError(f"is {due}; it must be a day of the plan, from {start} to {last}")
    solve = solve or _in_child
    spare = spare_of(run, with_order(programme, order, start), order.name)
    goods, found = _earliest(spare, solve)
    days = [None if k is None else _day(spare, start, k) for k in (goods, None if found is None else found.period)]
    if due is None or (days[1] is not None and days[1] <= due):
        told = days[1]
        return _told(order, days, told, spare, found)
    found = _at_harm(spare, (due - start).days, solve)
    if found is None:
        return Promise(order, days[1], days[0], None, (), True, 0, spare, None)
    return _told(order, days, _day(spare, start, found.period), spare, found)


@dataclass(frozen=True, eq=False)
class _Found:
    """A plan with the order delivered in a period, and purchases of sizes that offers do not sell."""

    period: int
    x: Floats
    unsized: int = 0


def _told(
    order: Order, days: Sequence[date | None], promised: date | None, spare: Spare, found: _Found | None
) -> Promise:
    if found is None:
        return Promise(order, days[1], days[0], None, (), False, 0, spare, None)
    return Promise(order, days[1], days[0], promised, _hurt(spare, found.x), False, found.unsized, spare, found.x)


def _in_child(lp: Lp, goals: list[tuple[str, Floats]], dense: bool) -> Outcome:
    if dense:
        return crossed_in_child(lp, goals[0], Work(), lambda _: None)
    return solve_in_child(lp, goals, Work(), lambda _: None)


def _day(spare: Spare, start: date, period: int) -> date:
    network = spare.model.network
    where = np.flatnonzero(spare.period == period)[0]
    columns = np.flatnonzero(spare.model.variables.deliver == spare.mine[where])
    return start + timedelta(days=int(network.delivering.day[columns[0]]))


def _earliest(spare: Spare, solve: Solve) -> tuple[int | None, _Found | None]:
    """Return the first period in which goods, hours and room allow all of the order, and the plan with it in the first period that all limits allow."""
    aims, count = (_lateness(spare), _cheap(spare)), len(spare.model.network.periods)
    x = spare.seek(solve, growing(spare, 0, count), aims, goods_alone=spare.large)
    if x is None:
        return None, None
    last, whole = _last(spare, x), x
    while _spread(spare, x):  # all of it may be there before, where it does not come as early in parts
        sooner = spare.seek(solve, growing(spare, 0, last - 1), aims, goods_alone=spare.large)
        if sooner is None:
            at_once = spare.seek(solve, growing(spare, last, last), aims, goods_alone=spare.large)
            whole = x if at_once is None else at_once
            break
        x = whole = sooner
        last = _last(spare, x)
    full = spare.seek(solve, fixed_goods(spare, whole), aims[1:], goods_alone=False) if spare.large else whole
    if full is not None:
        return last, _finished(spare, full, solve)
    return last, _everything(spare, last, solve)


def _everything(spare: Spare, first: int, solve: Solve) -> _Found | None:
    """Return the plan with all of the order in the first period that all limits allow, sought under all of them at once."""
    count = len(spare.model.network.periods)
    x = spare.seek(solve, growing(spare, first, count), (_lateness(spare), _cheap(spare)), goods_alone=False)
    return None if x is None else _finished(spare, x, solve)


def _finished(spare: Spare, x: Floats, solve: Solve) -> _Found:
    """Return a plan with purchases of sizes that their offers sell, where all limits allow it."""
    made, *as_it_is = _sized(spare, x)
    full = spare.seek(solve, fixed_goods(spare, made), (_cheap(spare),), goods_alone=False) if as_it_is else None
    return _Found(_last(spare, x), x if full is None else full, 0 if full is not None else _odd(spare, x))


def _at_harm(spare: Spare, due: int, solve: Solve) -> _Found | None:
    """Return the plan that delivers the order by a day and makes other demands for its item as little late as can be, earlier classes first."""
    network, lp = spare.model.network, spare.model.lp
    ways = np.isin(spare.model.variables.deliver, spare.mine)
    periods = spare.period[network.delivering.day[ways] <= due]
    if not len(periods):
        return None
    bounds = yielding(spare, int(periods.max()))
    cost = np.zeros(len(lp.lower))
    for k, stage in enumerate(spare.model.stages[: spare.model.classes]):
        cost += stage.cost / scale_of(stage.cost) * FIRST**-k
    cost[spare.mine] = 0.0
    aims = (cost, _cheap(spare))
    x = spare.seek(solve, bounds, aims, goods_alone=spare.large)
    if x is None:
        return None
    if spare.large:
        full = spare.seek(solve, fixed_goods(spare, x), aims[1:], goods_alone=False)
        x = spare.seek(solve, bounds, aims, goods_alone=False) if full is None else full
    return None if x is None else _finished(spare, x, solve)


def _cheap(spare: Spare) -> Floats:
    """Return how far a plan is off its stock targets and what it costs as one objective.

    In a large model, whose certificates of origin are looked at after goods, what comes from third countries is dearer than it is.
    """
    network, v = spare.model.network, spare.model.variables
    stages = spare.model.stages[spare.model.classes :]
    if spare.large and len(v.buy):
        offers, ways = network.programme[Offer], np.array([w.offer for w in network.places.ways])
        outside = np.nan_to_num(offers.third_country_share[ways]) * offers.unit_price[ways]
        more = np.zeros(len(spare.at) + 1)
        more[v.buy] = outside[:, None]
        last = stages[-1]
        stages = (*stages[:-1], replace(last, cost=last.cost + OUTSIDE * more[:-1]))
    return sum((s.cost / scale_of(s.cost) * FIRST**-k for k, s in enumerate(stages)), np.zeros(len(spare.at)))


def _lateness(spare: Spare) -> Floats:
    network = spare.model.network
    cost = np.zeros(len(spare.at))
    mine = np.isin(spare.model.variables.deliver, spare.mine)
    cost[spare.mine] = network.delivering.day[mine] / network.periods.days
    return cost


def _last(spare: Spare, x: Floats) -> int:
    return int(spare.period[x[spare.mine] > DUST].max())


def _spread(spare: Spare, x: Floats) -> bool:
    """Return whether the order is delivered in more than one period: of one alone it is plain that it is the first."""
    return int((x[spare.mine] > DUST).sum()) > 1


def _changed(spare: Spare, x: Floats) -> NDArray[np.int64]:
    """Return the ways and periods of purchases that are not as planned, and of a size that offers do not sell."""
    grid, sizes = spare.model.variables.buy, way_sizes(spare.model.network)
    if not len(grid):
        return np.zeros((0, 2), dtype=np.int64)
    bought = np.where(grid >= 0, x[grid], 0.0)
    there = (
        (np.abs(bought - np.where(grid >= 0, spare.at[grid], 0.0)) > DUST)
        & (bought > DUST)
        & (sizes.least > 0)[:, None]
    )
    found = np.argwhere(there)
    odd = [abs(sizes.up(int(w), float(bought[w, t])) - float(bought[w, t])) > DUST for w, t in found]
    return found[np.array(odd, dtype=bool)] if len(found) else found


def _odd(spare: Spare, x: Floats) -> int:
    return len(_changed(spare, x))


def _sized(spare: Spare, x: Floats) -> list[Floats]:
    """Return a plan whose larger purchases are rounded up to sizes that their offers sell, and behind it the plan as it is where that differs."""
    found = _changed(spare, x)
    if not len(found):
        return [x]
    grid, sizes, made = spare.model.variables.buy, way_sizes(spare.model.network), x.copy()
    for w, t in found:
        made[grid[w, t]] = sizes.up(int(w), float(x[grid[w, t]]))
    return [made, x]


def _hurt(spare: Spare, x: Floats) -> tuple[Hurt, ...]:
    """Return the demands that are later in a plan than in the one before, earlier classes first."""
    network, v = spare.model.network, spare.model.variables
    ways, demands = network.delivering, network.demands
    found = []
    count = len(demands.names)

    def behind_of(at: Floats) -> tuple[Floats, Floats]:
        units, late = at[v.deliver], ways.late
        lost = np.where(v.lost >= 0, at[v.lost], 0.0)
        behind = np.bincount(ways.demand, np.where(late > 0, units, 0.0), minlength=count) + lost
        days = np.bincount(ways.demand, units * late, minlength=count) + lost * demands.late_if_lost
        return np.asarray(behind, dtype=np.float64), np.asarray(days, dtype=np.float64)

    (units, days), (more, longer) = behind_of(spare.at), behind_of(x)
    for d in np.flatnonzero(longer > days + DUST):
        if int(v.lost[d]) != spare.lost:
            before, after = ((round(float(a[d]), 3), round(float(b[d]), 3)) for a, b in ((units, days), (more, longer)))
            found.append(Hurt(str(demands.names[d]), demands.customers[d], int(demands.demand_class[d]), before, after))
    return tuple(sorted(found, key=lambda h: (h.demand_class, h.demand)))
