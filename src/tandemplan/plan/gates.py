"""Constraint families of tasks that wait: what must be made, bought, or lie in a pool before a task ends, and what stays closed until then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.phrases import Need
from tandemplan.model.schema import Lane, Offer, Tranche
from tandemplan.network.cells import whole_days
from tandemplan.network.gates import BOUGHT, MADE, MONEY, PRODUCED, Gate, first_of_window, gates_of
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.network.openings import finished_tasks, task_links, topological
from tandemplan.plan.cash import unit_of
from tandemplan.plan.money_columns import tranche_names
from tandemplan.plan.needs import most_of_items
from tandemplan.plan.uses import in_force, period_begin
from tandemplan.plan.variables import Variables, move_names, route_names, way_names
from tandemplan.plan.waits import Wait, Waits
from tandemplan.solver.lp import Builder, Lp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEARLY = 1e-9  # share of what is needed that may be missing


def add_gates(build: Builder, network: Network, x: Variables) -> None:
    """Add tasks that wait for production, purchases or money: done[g,t] is 1 where all that task g needs is met by the end of period t.

        units made: sum[r, s <= t] good[r,s] * make[r,s] >= units[g] * done[g,t]
        units bought: sum[w, s <= t] accepted[w] * buy[w,s] >= units[g] * done[g,t]
        rate reached: sum[r] good[r,t] * make[r,t] >= units a week[i] * days[t] / 7 * reached[i,t]
        rate held: sum[s in W] reached[i,s] >= periods[W] * held[i,t]
        money held: cash[p,t] + sum[k of p] left[k,t] >= amount[i] * held[i,t]
        task needs: sum[s <= t] held[i,s] >= done[g,t]
        openings: flow[f,t] <= most[f,t] * done[g,s]

    Routes r make the item and ways w buy of the offer that g needs. i numbers needs of rates and of money, W is the window that ends with t, p the pool that i speaks of; `reached`
    and `held` are 0 or 1. A flow f waits for g, or for a task after it (what a tranche brings is one); s is the last period by whose end g must be done for it. Tasks for which nothing
    waits have no rows.

    `docs/semantics.md`, Start-up.
    """
    gates = gates_of(network.programme)
    closed = _closed(network, x, gates)
    waiting = sorted({c.gate for c in closed})
    if not waiting:
        return
    names = tuple(gates[g].task for g in waiting)
    done = build.add_grid("done", names, np.ones((len(names), len(network.periods)), dtype=bool), 1.0, whole=True)
    for what, family in ((MADE, "units made"), (BOUGHT, "units bought")):
        needs = [(k, n) for k, g in enumerate(waiting) for n in gates[g].needs if n.what == what]
        _add_units(build, network, x, (family, names, needs), done)
    _add_held(build, network, x, [gates[g] for g in waiting], done)
    _add_openings(build, closed, {g: done[k] for k, g in enumerate(waiting)})


def _good(network: Network, item: str) -> tuple[Ints, Floats]:
    """Return the routes that make an item, and their good units per start (routes x periods)."""
    routes = ints(r for r, (i, _, _) in enumerate(network.places.routes) if i == item)
    return routes, network.making.good[routes]


def _bought(network: Network, name: str) -> tuple[Ints, Floats]:
    """Return the ways of an offer, and their accepted units per unit ordered (ways x periods)."""
    offers = network.programme[Offer]
    row = offers.index[(name,)]
    ways = ints(k for k, w in enumerate(network.places.ways) if w.offer == row)
    return ways, np.full((len(ways), len(network.periods)), offers.acceptance_share[row])


Wanted = tuple[str, tuple[str, ...], list[tuple[int, Need]]]  # a family, tasks, needs with the number of their task


def _add_units(build: Builder, network: Network, x: Variables, wanted: Wanted, done: Ints) -> None:
    family, tasks, needs = wanted
    if not needs:
        return
    count = len(network.periods)
    names = tuple(f"{tasks[k]}: {n.name}" for k, n in needs)
    row = build.add_rows(family, names, np.ones((len(needs), count), dtype=bool), lower=0.0, upper=np.inf)
    later, before = np.tril_indices(count)
    for at, (k, need) in enumerate(needs):
        columns, (ways, each) = (
            (x.buy, _bought(network, need.name)) if need.what == BOUGHT else (x.make, _good(network, need.name))
        )
        if len(ways):
            build.add(row[at, later][None, :], columns[ways][:, before], each[:, before])
        build.add(row[at], done[k], -need.least)


def _add_held(build: Builder, network: Network, x: Variables, gates: list[Gate], done: Ints) -> None:
    """Add needs that hold in some periods: of rates, and of money in pools that are limited (the others hold whatever is asked for)."""
    pools, periods = money_of(network).pools, network.periods
    needs = [
        (k, n)
        for k, g in enumerate(gates)
        for n in g.needs
        if n.what == PRODUCED or (n.what == MONEY and n.name in pools)
    ]
    if not needs:
        return
    names = tuple(f"{gates[k].task}: {n.name}" for k, n in needs)
    at_once = np.arange(len(periods))
    first = np.array([at_once if n.what == MONEY else first_of_window(periods, n.weeks or 1.0) for _, n in needs])
    rates = np.array([n.what == PRODUCED for _, n in needs], dtype=bool)[:, None] & np.ones(first.shape, dtype=bool)
    reached = build.add_grid("reached", names, rates, 1.0, whole=True)
    held = build.add_grid("held", names, first >= 0, 1.0, whole=True)
    _add_rates(build, network, x, ([n for _, n in needs], names), first=first, reached=reached, held=held)
    _add_money(build, network, x, ([n for _, n in needs], names), held=held)
    needed = build.add_rows(
        "task needs", names, np.ones(first.shape, dtype=bool), lower=0.0, upper=np.inf, unit="periods"
    )
    later, before = np.tril_indices(len(periods))
    for at, (k, _) in enumerate(needs):
        build.add(needed[at, later], held[at, before], 1.0)
        build.add(needed[at], done[k], -1.0)


Named = tuple[list[Need], tuple[str, ...]]  # needs, and what each is called


def _add_rates(
    build: Builder, network: Network, x: Variables, named: Named, *, first: Ints, reached: Ints, held: Ints
) -> None:
    (needs, names), periods, there = named, network.periods, reached >= 0
    if not there.any():
        return
    row = build.add_rows("rate reached", names, there, lower=0.0, upper=np.inf)
    window = build.add_rows("rate held", names, there & (first >= 0), lower=0.0, upper=np.inf, unit="periods")
    later, before = np.tril_indices(len(periods))
    for at in np.flatnonzero(there.any(axis=1)).tolist():
        routes, good = _good(network, needs[at].name)
        build.add(row[at][None, :], x.make[routes], good)
        build.add(row[at], reached[at], -needs[at].least * periods.lengths / 7)
        inside = first[at, later] <= before
        build.add(window[at, later[inside]], reached[at, before[inside]], 1.0)
        build.add(window[at], held[at], -(np.arange(len(periods)) - first[at] + 1.0))


def _add_money(build: Builder, network: Network, x: Variables, named: Named, *, held: Ints) -> None:
    (needs, names), money = named, money_of(network)
    mine = np.array([n.what == MONEY for n in needs], dtype=bool)[:, None]
    if not mine.any():
        return
    there = mine & np.ones(held.shape, dtype=bool)
    row = build.add_rows("money held", names, there, lower=0.0, upper=np.inf, unit=unit_of(network, money))
    for at in np.flatnonzero(mine).tolist():
        pool = money.pools.index(needs[at].name)
        build.add(row[at], x.money.cash[pool], 1.0)
        build.add(row[at][None, :], x.money.left[money.tranches.pool == pool], 1.0)
        build.add(row[at], held[at], -needs[at].least / money.per)


@dataclass(frozen=True, eq=False)
class Closed:
    """A flow, by its name and columns (one a period, NO_COLUMN: closed anyway), that waits for gate `gate`.

    `until` is the last period by whose end the gate must be done (-1: none is soon enough), `most` the units that may flow.
    """

    name: str
    gate: int
    columns: Ints
    until: Ints
    most: Floats


def _add_openings(build: Builder, closed: list[Closed], done: dict[int, Ints]) -> None:
    there = np.array([(c.columns >= 0) for c in closed])
    names = tuple(c.name for c in closed)
    row = build.add_rows("openings", names, there, lower=-np.inf, upper=0.0)
    for at, c in enumerate(closed):
        build.add(row[at], c.columns, 1.0)
        build.add(row[at], np.where(c.until >= 0, done[c.gate][c.until], -1), -c.most)


def _closed(network: Network, x: Variables, gates: tuple[Gate, ...]) -> list[Closed]:
    """Return what waits for each gate, directly or through tasks after it."""
    if not gates:
        return []
    after = _after(network, gates)
    ends = network.periods.starts + network.periods.lengths
    found = []
    for name, columns, most, waits in _flows(network, x):
        until: dict[int, Ints] = {}
        for wait, days in waits:
            for gate, length in [pair for task in wait.tasks for pair in after.get(task, ())]:
                last = np.searchsorted(ends, days - length, side="right") - 1
                until[gate] = np.minimum(until.get(gate, last), last)
        found += [Closed(name, g, columns, last, most) for g, last in sorted(until.items())]
    return found


def _after(network: Network, gates: tuple[Gate, ...]) -> dict[str, list[tuple[int, int]]]:
    """Return for each task the gates that it comes after (or is), each with the most days from its end to the task's."""
    links, dates = task_links(network.programme), network.dates
    done = finished_tasks(network.programme)
    at = {g.task: k for k, g in enumerate(gates)}
    found: dict[str, dict[int, int]] = {}
    for task in topological(links):
        mine: dict[int, int] = {}
        for before, lag in links[task] if task not in done else ():
            for gate, length in found[before].items():
                mine[gate] = max(mine.get(gate, 0), length + lag + dates[task].length)
        if task in at:
            mine[at[task]] = 0
        found[task] = mine
    return {task: sorted(mine.items()) for task, mine in found.items() if mine}


Flow = tuple[str, Ints, Floats, list[tuple[Wait, Ints]]]


def _flows(network: Network, x: Variables) -> Iterator[Flow]:
    """Yield every way with its columns, the most that may flow, and its waits, each with the day that counts in each period."""
    waits, most = Waits(network), most_of_items(network)
    yield from _making(network, x, waits, most)
    yield from _buying(network, x, waits, most)
    yield from _moving(network, x, waits, most)
    yield from _giving(network, x, waits)
    yield from _funding(network, x)


def _funding(network: Network, x: Variables) -> Iterator[Flow]:
    """Yield what has opened of tranches behind production: a period counts by its last day."""
    money, periods = money_of(network), network.periods
    table, last = network.programme[Tranche], periods.starts + periods.lengths - 1
    evidence = whole_days(table.evidence_days)
    for k, name in enumerate(tranche_names(network, money)):
        row = int(money.tranches.row[k])
        wait = Wait("opened", tuple(table.opens_after[row]), int(evidence[row]))
        most = np.full(len(periods), money.tranches.amount[k] / money.per)
        yield name, x.money.opened[k], most, [(wait, last - wait.lead)]


def _making(network: Network, x: Variables, waits: Waits, most: dict[str, Floats]) -> Iterator[Flow]:
    good = np.maximum(network.making.good, 1e-9)
    for r, (name, route) in enumerate(zip(route_names(network), network.places.routes, strict=True)):
        day = network.day[network.route_node[r]]
        found = []
        for wait in waits.making(*route):
            days = day
            if wait.line is not None:
                line = wait.line
                days = np.where([in_force(network, line, d) for d in day.tolist()], day, network.periods.days)
            found.append((wait, days))
        yield name, x.make[r], most[route[0]] / good[r], found


def _buying(network: Network, x: Variables, waits: Waits, most: dict[str, Floats]) -> Iterator[Flow]:
    lanes, timing = network.programme[Lane], network.buying
    shares = network.programme[Offer].acceptance_share
    for w, (name, way) in enumerate(zip(way_names(network), network.places.ways, strict=True)):
        days = {"ordered": timing.release[w], "sent": timing.dispatch[w], "received": timing.arrival[w]}
        lane = str(lanes.lane[way.lane]) if way.lane >= 0 else ""
        found = []
        for wait in waits.buying(way.offer, lane, way.site):
            counted = days[wait.kind] - wait.lead
            counted = period_begin(network, counted) if wait.begins else counted
            found.append((wait, counted))
        item = network.item[network.way_node[w]]
        yield name, x.buy[w], most[item] / max(float(shares[way.offer]), 1e-9), found


def _moving(network: Network, x: Variables, waits: Waits, most: dict[str, Floats]) -> Iterator[Flow]:
    timing = network.moving
    for m, (name, (lane, item)) in enumerate(zip(move_names(network), network.places.moves, strict=True)):
        days = {"sent": timing.dispatch[m], "received": timing.arrival[m]}
        found = [(w, days[w.kind]) for w in waits.moving(lane, item)]
        yield name, x.move[m], most[item], found


def _giving(network: Network, x: Variables, waits: Waits) -> Iterator[Flow]:
    ways, demands, periods = network.delivering, network.demands, network.periods
    for d in np.unique(ways.demand).tolist():
        entries = np.flatnonzero(ways.demand == d)
        columns = np.full(len(periods), -1, dtype=np.int64)
        columns[ways.period[entries]] = x.deliver[entries]
        day = network.day[network.demand_node[d]]
        item, site = network.places.nodes[network.demand_node[d]]
        found = [(w, day) for w in waits.giving(d, item, site)]
        yield str(demands.names[d]), columns, np.full(len(periods), demands.quantity[d]), found


def whole_gates(lp: Lp, x: Floats) -> Floats:
    """Return `x` with what tasks need as it comes of the other columns: reached, held and done are 1 where their rows allow it, else 0."""
    made = x.copy()
    lower, row_of = np.isfinite(lp.row_lower), lp.row_of_entry
    for name in (n for n in ("reached", "held", "done") if n in lp.columns):
        columns = lp.columns[name].index
        made[columns] = 0.0
        inside = np.zeros(len(x), dtype=bool)
        inside[columns] = True
        at = np.flatnonzero(inside[lp.row_column] & (lp.value < 0) & lower[row_of])
        row, need = row_of[at], -lp.value[at]
        enough = lp.times(made)[row] >= lp.row_lower[row] + need * (1 - NEARLY)
        ok = np.ones(len(x))
        np.minimum.at(ok, lp.row_column[at], enough)
        made[columns] = ok[columns]
    return made
