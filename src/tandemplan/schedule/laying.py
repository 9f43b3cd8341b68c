"""A board is laid out for a factory, grows where it has too little room, and is read as a schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import Floats, Ints, ints
from tandemplan.schedule import board as types
from tandemplan.schedule.board import FULL, LOGS, MOMENTS, NEEDS, POOL, QUEUES, ROWS, USED, Board, Records
from tandemplan.schedule.factory import FOREVER, UNLIMITED, Factory, Orders, Timeline
from tandemplan.schedule.standing import begin_changes

ROOM = 8  # moments of a profile at first
PLACES = 9
FILLED = {
    LOGS: ("log",),
    NEEDS: ("needs",),
    ROWS: ("orders", "spare"),
    MOMENTS: ("moment", "level"),
    QUEUES: ("queue",),
}  # by what has no room left
Array = NDArray[Any]


def records(kind: np.dtype[np.void], count: int, /, **columns: object) -> Records:
    """Return records with some of their columns filled; others are 0."""
    made = np.zeros(count, dtype=kind)
    for name, values in columns.items():
        made[name] = values
    return made


@dataclass
class Pool:
    """All timelines, one behind the other."""

    at: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    length: int = 0

    def take(self, timeline: Timeline) -> Ints:
        """Add a timeline's moments and values; return where its runs start."""
        first = self.length
        self.at.append(timeline.at)
        self.value.append(timeline.value)
        self.length += len(timeline.at)
        return timeline.start + first


def board_of(factory: Factory, room: int = 1) -> Board:
    """Return the empty board of a factory, with so many times the usual room.

    Arrays are copied: what is compiled for arrays that may be written to is not for others.
    """
    pool = Pool()
    demands, resources = factory.demands, factory.resources
    size, pace = pool.take(resources.size), pool.take(factory.efficiency)
    least, safety = pool.take(factory.processes.minimum_by), pool.take(factory.buffers.safety)
    profiles, moment, level = _profiles(factory, room)
    orders = room * (64 + 8 * len(demands.due) + len(factory.given.start))
    stations = int((resources.matrix >= 0).sum())
    now = np.zeros(PLACES, dtype=np.int64)
    now[POOL] = int(profiles["room"].sum())
    openings = factory.openings
    first_way = len(factory.processes.step)
    kin, members = _groups(factory, first_way + len(demands.way))
    return Board(
        buffers=records(
            types.BUFFER,
            len(factory.buffers.opening),
            maker=factory.buffers.maker_start[:-1],
            maker_end=factory.buffers.maker_start[1:],
            safety=safety[:-1],
            safety_end=safety[1:],
        ),
        makers=_makers(factory),
        processes=_processes(factory, least),
        modes=_modes(factory, pace),
        loads=records(types.LOAD, len(factory.loads.resource), **factory.loads._asdict()),
        flows=records(types.FLOW, len(factory.flows.buffer), **factory.flows._asdict()),
        resources=_resources(factory, size),
        demands=_demands(factory, kin, first_way),
        lists=np.concatenate([factory.processes.step, demands.way, members]).astype(np.int64),
        times=np.concatenate(pool.at).astype(np.int64),
        values=np.concatenate(pool.value).astype(np.float64),
        calendar=np.array(openings.start),
        opens=np.array(openings.opens),
        shuts=np.array(openings.shuts),
        worked=_worked(factory),
        change=np.array(factory.set_up_seconds),
        bounds=_bounds(factory),
        profiles=profiles,
        moment=moment,
        level=level,
        orders=np.zeros(orders, dtype=types.ORDER),
        spare=np.zeros(orders, dtype=np.int64),
        queue=np.zeros((stations, 64 * room), dtype=np.int64),
        queued=np.zeros(stations, dtype=np.int64),
        log=np.zeros(4096 * room, dtype=types.LOG),
        needs=np.zeros(4096 * room, dtype=types.NEED),
        plan=np.zeros(max(256, int(np.diff(factory.processes.step_start).max(initial=0)) + 1), dtype=types.PLAN),
        frames=np.zeros(types.DEEP + 2, dtype=types.FRAME),
        now=now,
    )


def _resources(factory: Factory, size: Ints) -> Records:
    """Return the work centres, whose sizes start at `size`; those with set-ups have a row for the sequence of their orders."""
    resources = factory.resources
    stations = np.flatnonzero(resources.matrix >= 0)
    queue = np.full(len(resources.buckets), -1)
    queue[stations] = np.arange(len(stations))
    return records(
        types.RESOURCE,
        len(resources.buckets),
        size=size[:-1],
        size_end=size[1:],
        buckets=resources.buckets,
        matrix=resources.matrix,
        set_up=resources.set_up,
        early=resources.early,
        calendar=resources.calendar,
        queue=queue,
    )


def _demands(factory: Factory, kin: tuple[Ints, Ints], first_way: int) -> Records:
    """Return the demands, whose groups stand at `kin` in the lists, and their ways from `first_way` on."""
    demands = factory.demands
    return records(
        types.DEMAND,
        len(demands.due),
        **{k: v for k, v in demands._asdict().items() if k not in ("way", "way_start")},
        way=demands.way_start[:-1] + first_way,
        way_end=demands.way_start[1:] + first_way,
        chain=-1,
        missing=demands.quantity,
        kin=kin[0],
        kin_end=kin[1],
    )


def _bounds(factory: Factory) -> Ints:
    """Return the horizon, whether anything made should wait, no limit to what is filled, and how early stations may be held at most."""
    early = int(factory.resources.early.min(initial=FOREVER))
    return np.array([factory.horizon, int(factory.processes.wait.any()), FOREVER, early], dtype=np.int64)


def _groups(factory: Factory, first: int) -> tuple[tuple[Ints, Ints], Ints]:
    """Return where the group of each demand starts and ends in the lists, and the members of all groups, the most urgent first."""
    d = factory.demands
    grouped = np.flatnonzero(d.group >= 0)
    members = grouped[np.lexsort((d.due[grouped], d.rank[grouped], d.group[grouped]))]
    group = d.group[members]
    begin, end = np.zeros(len(d.due), dtype=np.int64), np.zeros(len(d.due), dtype=np.int64)
    begin[members] = first + np.searchsorted(group, group)
    end[members] = first + np.searchsorted(group, group, side="right")
    return (begin, end), members


def _processes(factory: Factory, least: Ints) -> Records:
    """Return the processes, whose least lots by date start at `least`."""
    p = factory.processes
    same = {
        k: getattr(p, k) for k in ("kind", "minimum", "multiple", "most", "since", "until", "fence", "wait", "hold")
    }
    return records(
        types.PROCESS,
        len(p.kind),
        **same,
        least=least[:-1],
        least_end=least[1:],
        group=p.group,
        mode=p.mode_start[:-1],
        mode_end=p.mode_start[1:],
        step=p.step_start[:-1],
        step_end=p.step_start[1:],
    )


def _modes(factory: Factory, pace: Ints) -> Records:
    """Return the modes, each with the largest lot that any bucket of its work centres holds."""
    m, loads = factory.modes, factory.loads
    buckets = factory.resources.buckets[loads.resource] > 0
    owner = np.repeat(np.arange(len(m.process)), np.diff(m.load_start))
    size = factory.resources.size
    most_of = np.maximum.reduceat(size.value, size.start[:-1]) if len(size.start) > 1 else np.zeros(0)
    most = np.full(len(m.process), UNLIMITED)
    k = np.flatnonzero(buckets & (loads.unit > 0))
    np.minimum.at(most, owner[k], (most_of[loads.resource[k]] - loads.fixed[k]) / loads.unit[k])
    counts = np.zeros(len(m.process), dtype=np.int64)
    counts[owner[buckets]] = 1
    paced = m.efficiency >= 0
    return records(
        types.MODE,
        len(m.process),
        process=m.process,
        rank=m.rank,
        fixed=m.fixed,
        unit=m.unit,
        pace=np.where(paced, pace[m.efficiency], 0) if len(pace) > 1 else 0,
        pace_end=np.where(paced, pace[np.where(paced, m.efficiency + 1, 0)], 0) if len(pace) > 1 else 0,
        calendar=m.calendar,
        begins=m.begins,
        load=m.load_start[:-1],
        load_end=m.load_start[1:],
        flow=m.flow_start[:-1],
        flow_end=m.flow_start[1:],
        most=np.maximum(most, 0.0),
        counts=counts,
    )


def _makers(factory: Factory) -> Records:
    """Return the makers of buffers; those alike (process, flows, rank) are in a run, and `next` is where it ends."""
    b, m = factory.buffers, factory.modes
    owner = np.repeat(np.arange(len(b.opening)), np.diff(b.maker_start))
    f = factory.flows
    flows = [
        tuple(c[k].item() for c in f for k in range(m.flow_start[i], m.flow_start[i + 1])) for i in b.maker.tolist()
    ]
    alike = [(int(owner[k]), int(m.process[i]), int(m.rank[i]), flows[k]) for k, i in enumerate(b.maker.tolist())]
    following = np.arange(1, len(alike) + 1)
    for k in range(len(alike) - 2, -1, -1):
        if alike[k] == alike[k + 1]:
            following[k] = following[k + 1]
    return records(types.MAKER, len(alike), mode=b.maker, buffer=owner, next=following)


def _worked(factory: Factory) -> Ints:
    """Return the open seconds before each interval of its calendar."""
    o = factory.openings
    length = (o.shuts - o.opens).astype(np.int64)
    before = np.cumsum(length) - length
    first = (
        np.repeat(before[np.minimum(o.start[:-1], max(len(before) - 1, 0))], np.diff(o.start))
        if len(before)
        else before
    )
    return (before - first).astype(np.int64)


def _profiles(factory: Factory, more: int) -> tuple[Records, Ints, Floats]:
    """Return the profiles of stations and of opening stocks, with room to grow."""
    size, stock = factory.resources.size, factory.buffers.opening
    count = np.concatenate([np.diff(size.start), np.ones(len(stock), dtype=np.int64)]).astype(np.int64)
    room = count + ROOM
    first = np.cumsum(room) - room
    moment, level = np.zeros(2 * more * int(room.sum()) + 64, dtype=np.int64), np.zeros(2 * more * int(room.sum()) + 64)
    r = len(size.start) - 1
    to = np.repeat(first[:r] - size.start[:-1], np.diff(size.start)) + np.arange(len(size.at))
    moment[to], level[to] = size.at, size.value
    moment[first[r:]], level[first[r:]] = -FOREVER, stock
    return records(types.PROFILE, len(count), first=first, room=room, count=count), moment, level


def grown(board: Board) -> Board:
    """Return a board with twice the room of what has none left."""
    short = FILLED.get(int(board.now[FULL]), ())
    board.now[FULL] = 0
    return board._replace(**{n: _twice(getattr(board, n)) for n in short})


def _twice(array: Array) -> Array:
    """Return an array with as many zeros behind its last axis."""
    return np.concatenate([array, np.zeros_like(array)], axis=-1)


def orders_of(board: Board) -> Orders:
    """Return the orders that lie on a board."""
    begin_changes(board)
    laid = board.orders[: board.now[USED]]
    kept = np.flatnonzero(laid["alive"])
    new = np.full(len(laid) + 1, -1)
    new[kept] = np.arange(len(kept))
    columns = {k: laid[k][kept].copy() for k in ("process", "quantity", "start", "end", "change", "demand", "given")}
    mode = laid["mode"][kept].copy()
    steps = np.diff(np.append(board.processes["step"], board.processes["step_end"]).reshape(2, -1), axis=0)[0]
    mode[(columns["process"] >= 0) & (steps[columns["process"]] > 0)] = -1
    parent = laid["parent"][kept]
    row_of = {int(g): i for i, g in enumerate(columns["given"]) if g >= 0}
    parents = [new[p] if p >= -1 else row_of[-2 - p] for p in parent.tolist()]
    return Orders(**columns, mode=mode, parent=ints(parents))
