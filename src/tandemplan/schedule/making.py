"""A programme as a factory at the level of orders: names become numbers, pools and choices modes, calendars working time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tandemplan.arrays import Floats, Ints
from tandemplan.calendar import cut
from tandemplan.model.phrases import seconds_of_day
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Demand, Process, ProcessOrder, ProcessWait, Stock, StockPolicy
from tandemplan.network.demands import items_and_customers
from tandemplan.schedule.factory import (
    BUY,
    DELIVER,
    FOREVER,
    MAKE,
    MOVE,
    UNLIMITED,
    Buffers,
    Demands,
    Factory,
    Flows,
    Given,
    Loads,
    Modes,
    Names,
    Processes,
)
from tandemplan.schedule.hours import BEFORE, BEYOND, DAY, Hours, constant, starts, timeline
from tandemplan.schedule.stations import HOUR, Stations
from tandemplan.schedule.ways import Place, Way, Ways, awaited
from tandemplan.schedule.words import classes_of

KINDS = {"make": MAKE, "buy": BUY, "move": MOVE, "deliver": DELIVER}


@dataclass
class Build:
    """A factory in the making: what its parts share."""

    programme: Programme
    hours: Hours
    stations: Stations
    ways: Ways
    horizon: int
    places: dict[Place, int] = field(default_factory=dict)
    modes: list[tuple[int, Way]] = field(default_factory=list)

    def place(self, item: str, site: str) -> int:
        """Return the number of a buffer, a new one where it is the first of its item and site."""
        return self.places.setdefault((item, site), len(self.places))


def factory_of(programme: Programme) -> Factory:
    """Return the factory that a programme without faults describes.

    What the tables mean stands in docs/scheduling.md. Routes have one mode without loads and flows: what they use and make is that of
    their first and last steps. Modes whose choice has rank 0 are left out where a process has others.
    """
    start, horizon = span(programme)
    low, high = _window(programme, start, horizon)
    hours = Hours(programme, start, low, high)
    stations = Stations(programme, hours)
    build = Build(programme, hours, stations, Ways(programme, stations, hours), horizon)
    for p in range(len(build.ways.processes)):
        build.modes += [(p, way) for way in build.ways.ways(p)]
    modes, loads, flows = _modes(build), _loads(build), _flows(build)
    demands = _demands(build)
    given = _given(build, modes)
    buffers = _buffers(build)
    seconds, cost = stations.changes()
    return Factory(
        buffers=buffers,
        processes=_processes(build),
        modes=modes,
        loads=loads,
        flows=flows,
        resources=stations.resources(),
        efficiency=timeline(stations.speeds),
        openings=hours.openings(),
        set_up_seconds=seconds,
        set_up_cost=cost,
        demands=demands,
        given=given,
        horizon=horizon,
        names=_names(build),
    )


def span(programme: Programme) -> tuple[np.datetime64, int]:
    """Return the moment at which a schedule starts, and the seconds from there to its end."""
    settings = programme.settings
    assert settings.start is not None
    first = seconds_of_day(settings.start_time, 0)
    start = np.datetime64(settings.start, "s") + np.timedelta64(first, "s")
    return start, cut(settings.start, settings.periods).days * DAY - first


def _window(programme: Programme, start: np.datetime64, horizon: int) -> tuple[int, int]:
    """Return between which seconds calendars are laid out: around given orders, and all that is asked for."""
    given = programme[ProcessOrder]
    moments = np.concatenate([given.start, given.end])
    seconds = (moments[~np.isnat(moments)] - start).astype("timedelta64[s]").astype(np.int64)
    return min(0, *seconds.tolist(), 0) - BEFORE, max(horizon, *seconds.tolist(), 0) + BEYOND


def _processes(build: Build) -> Processes:
    rows, ways = build.ways.processes, build.ways
    step = [[ways.number[s] for s in ways.steps.get(p.process, ())] for p in rows]
    calendars = [p.minimum_calendar for p in rows]
    none = np.zeros(0, dtype=np.int64), np.zeros(0)
    count = np.bincount([p for p, _ in build.modes], minlength=len(rows))
    return Processes(
        kind=_ints(KINDS[p.kind] for p in rows),
        minimum=_reals(p.minimum_units for p in rows),
        minimum_by=timeline([build.hours.values(c) if c else none for c in calendars]),
        multiple=_reals(p.multiple_units for p in rows),
        most=_reals(UNLIMITED if p.most_units is None else p.most_units for p in rows),
        rank=_ints(p.rank for p in rows),
        since=_ints(_moment(build, p.from_moment, -FOREVER) for p in rows),
        until=_ints(_moment(build, p.to_moment, FOREVER) + 1 for p in rows),
        fence=_ints(round(p.fence_hours * HOUR) for p in rows),
        wait=_ints(round(p.wait_hours * HOUR) for p in rows),
        hold=_holds(rows, step),
        group=_ints(round(p.batch_hours * HOUR) for p in rows),
        mode_start=starts(count.tolist()),
        step_start=starts([len(s) for s in step]),
        step=_ints(s for steps in step for s in steps),
    )


def _holds(rows: Sequence[Process], step: Sequence[Sequence[int]]) -> Ints:
    """Return how long what each process makes waits at least; what a route makes waits for its own and for its last step's."""
    held = _ints(round(p.hold_hours * HOUR) for p in rows)
    for route, steps in enumerate(step):
        if steps:
            held[route] = held[steps[-1]] = held[route] + held[steps[-1]]
    return held


def _modes(build: Build) -> Modes:
    ways, modes = build.ways, build.modes
    seconds = [ways.seconds(p) for p, _ in modes]
    costs = [ways.costs(p, way) for p, way in modes]
    used = [[k for k, _ in way.loads] for _, way in modes]
    return Modes(
        process=_ints(p for p, _ in modes),
        rank=_ints(way.rank for _, way in modes),
        fixed=_reals(s[0] for s in seconds),
        unit=_reals(s[1] for s in seconds),
        efficiency=_ints(build.stations.speed(k) for k in used),
        calendar=_ints(
            0 if ways.processes[p].process in ways.steps else build.hours.opening(ways.calendars(p, way))
            for p, way in modes
        ),
        begins=_ints(build.hours.opening((), way.spans) if way.spans else 0 for _, way in modes),
        cost=_reals(c[0] for c in costs),
        unit_cost=_reals(c[1] for c in costs),
        load_start=starts([len(way.loads) for _, way in modes]),
        flow_start=starts([len(way.flows) for _, way in modes]),
    )


def _loads(build: Build) -> Loads:
    held = [one for _, way in build.modes for one in way.loads]
    return Loads(
        resource=_ints(k for k, _ in held),
        stations=_reals(load.stations for _, load in held),
        fixed=_reals(load.fixed_units for _, load in held),
        unit=_reals(load.unit_units for _, load in held),
        set_up=_ints(build.stations.set_up(k, load.set_up) for k, load in held),
        held=_ints(load.held for _, load in held),
    )


def _flows(build: Build) -> Flows:
    flows = [flow for _, way in build.modes for flow in way.flows]
    return Flows(
        buffer=_ints(build.place(f.item, f.site) for f in flows),
        fixed=_reals(f.fixed_units for f in flows),
        unit=_reals(f.unit_units for f in flows),
        at_end=_ints(f.when == "end" for f in flows),
        offset=_ints(round(f.offset_hours * HOUR) for f in flows),
        transfer=_reals(f.transfer_units for f in flows),
        since=_ints(_moment(build, f.from_moment, -FOREVER) for f in flows),
        until=_ints(_moment(build, f.to_moment, FOREVER) for f in flows),
    )


def _demands(build: Build) -> Demands:
    rows = list(build.programme[Demand].rows())
    item, customers = items_and_customers(build.programme)
    ranks = classes_of(build.programme, customers).tolist()
    order = {rank: k for k, rank in enumerate(sorted(set(ranks)))}
    groups = {name: k for k, name in enumerate(dict.fromkeys(d.group for d in rows if d.group))}
    by_place: dict[Place, list[int]] = {}
    for i, p in enumerate(build.ways.processes):
        if p.kind == "deliver" and p.item:
            by_place.setdefault((p.item, p.site), []).append(i)
    ways = [
        [build.ways.number[n] for n in d.processes] or by_place.get((name, d.site), [])
        for d, name in zip(rows, item, strict=True)
    ]
    return Demands(
        buffer=_ints(build.place(name, d.site) for d, name in zip(rows, item, strict=True)),
        quantity=_reals(d.quantity_units for d in rows),
        due=_ints(_day(build, d.due, d.due_time) for d in rows),
        latest=_ints(min(build.horizon, _day(build, d.latest, d.latest_time)) for d in rows),
        rank=_ints(order[r] for r in ranks),
        least=_reals(d.minimum_shipment_units for d in rows),
        group=_ints(groups.get(d.group, -1) for d in rows),
        way_start=starts([len(w) for w in ways]),
        way=_ints(p for w in ways for p in w),
    )


def _buffers(build: Build) -> Buffers:
    opening: dict[Place, float] = {}
    for row in build.programme[Stock].rows():
        opening[row.item, row.site] = opening.get((row.item, row.site), 0.0) + row.quantity_units
    policies = {(row.item, row.site): row for row in build.programme[StockPolicy].rows()}
    for item, site in (*opening, *policies):
        build.place(item, site)
    for wait in build.programme[ProcessWait].rows():
        build.place(*awaited(wait))
    makers: list[list[int]] = [[] for _ in build.places]
    ways = build.ways
    ranked = sorted(
        range(len(build.modes)), key=lambda m: (ways.processes[build.modes[m][0]].rank, build.modes[m][1].rank, m)
    )
    flows: dict[int, set[int]] = {}
    for p, way in build.modes:
        flows.setdefault(p, set()).update(
            build.place(f.item, f.site) for f in way.flows if f.unit_units + f.fixed_units > 0
        )
    for m in ranked:
        p, way = build.modes[m]
        process = ways.processes[p]
        if process.rank and not process.part_of and process.kind != "deliver":
            made = {build.place(f.item, f.site) for f in way.flows if f.unit_units + f.fixed_units > 0}
            for b in sorted(
                made.union(*(flows.get(ways.number[s], set()) for s in ways.steps.get(process.process, ())))
            ):
                makers[b].append(m)
    safety = []
    for place in build.places:
        policy = policies.get(place)
        calendar = policy.safety_calendar if policy else ""
        safety.append(build.hours.values(calendar) if calendar else constant(policy.safety_units if policy else 0.0))
    return Buffers(
        opening=_reals(opening.get(place, 0.0) for place in build.places),
        safety=timeline(safety),
        maker_start=starts([len(m) for m in makers]),
        maker=_ints(m for mine in makers for m in mine),
    )


def _given(build: Build, modes: Modes) -> Given:
    rows = list(build.programme[ProcessOrder].rows())  # in the order of `Names.given`
    number = {row.order: i for i, row in enumerate(rows)}
    demands = {name: i for i, name in enumerate(build.programme[Demand].demand.tolist())}
    mode = [_mode(build, row) for row in rows]
    when = [_when(build, modes, row, m) for row, m in zip(rows, mode, strict=True)]
    return Given(
        process=_ints(build.ways.number[row.process] for row in rows),
        mode=_ints(mode),
        quantity=_reals(row.quantity_units for row in rows),
        start=_ints(s for s, _ in when),
        end=_ints(e for _, e in when),
        firm=_ints(row.status == "confirmed" for row in rows),
        parent=_ints(number[row.part_of] if row.part_of else -1 for row in rows),
        demand=_ints(demands[row.demand] if row.demand else -1 for row in rows),
    )


def _mode(build: Build, row: ProcessOrder) -> int:
    """Return the mode of a given order: the best of those on most of its stations."""
    process = build.ways.number[row.process]
    named = {build.stations.number[w] for w in row.work_centres}
    mine = [m for m, (p, _) in enumerate(build.modes) if p == process]
    return max(mine, key=lambda m: len(named & {k for k, _ in build.modes[m][1].loads}), default=-1)


def _when(build: Build, modes: Modes, row: ProcessOrder, mode: int) -> tuple[int, int]:
    """Return start and end of a given order; one that is not said follows from the other by its working time."""
    start, end = _moment(build, row.start, -FOREVER), _moment(build, row.end, -FOREVER)
    if (row.start and row.end) or mode < 0:
        return (start, end) if row.start and row.end else (max(start, end),) * 2
    line, moment = int(modes.efficiency[mode]), max(start, end)
    speed = 1.0
    if line >= 0:
        at, value = build.stations.speeds[line]
        speed = float(value[np.searchsorted(at, moment, side="right") - 1])
    work = (modes.fixed[mode] + modes.unit[mode] * row.quantity_units) / speed
    calendar = int(modes.calendar[mode])
    return (
        (start, build.hours.after(calendar, start, work))
        if row.start
        else (build.hours.before(calendar, end, work), end)
    )


def _names(build: Build) -> Names:
    return Names(
        buffers=tuple(build.places),
        processes=tuple(build.programme[Process].process.tolist()),
        resources=tuple(r.work_centre for r in build.stations.rows),
        set_ups=build.stations.set_ups,
        demands=tuple(build.programme[Demand].demand.tolist()),
        given=tuple(build.programme[ProcessOrder].order.tolist()),
    )


def _moment(build: Build, when: Any, blank: int) -> int:
    return blank if when is None else build.hours.second(np.datetime64(when, "s"))


def _day(build: Build, when: Any, time: str) -> int:
    """Return the moment of a day and a time of day, a blank one being its end; without a day, the end of the schedule."""
    if when is None:
        return build.horizon
    return build.hours.second(np.datetime64(when, "s")) + seconds_of_day(time, DAY)


def _ints(values: Iterable[Any]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _reals(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)
