"""The start-up: days and slack of tasks, by when each is needed, and the critical paths."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np

from tandemplan.audit.acts import Act, acts_of
from tandemplan.audit.book import BLANK, Book, Node, open_order_day
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import whole_days
from tandemplan.audit.equations import equal, equal_day, equal_text
from tandemplan.audit.findings import Finding
from tandemplan.model.schema import OpenOrder, Task
from tandemplan.results.shape import CRITICAL_PATH, PRODUCTION, TASKS


def check_startup(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the tasks and the critical paths."""
    tasks = {t.task: t for t in book.programme[Task].rows()}
    acts = acts_of(book) if tasks else []
    yield from _tasks(book, tasks, acts)
    right = {(s.path, s.item, k): s for k, s in _numbered(paths_of(book, acts, done_of(tasks)))}
    said = [(r.line, f"{r.path} of {r.item}, step {r.step}") for r in book.rows(CRITICAL_PATH)]
    names = dict.fromkeys(f"{path} of {item}, step {k}" for path, item, k in right)
    yield from each_once("critical_path", "step", said, names)
    for r in book.rows(CRITICAL_PATH):
        step = right.get((r.path, r.item, r.step))
        if step is not None:
            where = ("critical_path", r.line, f"step {r.step} of the {r.path} of '{r.item}'")
            yield from equal_text(where, "kind", r.kind, step.kind)
            yield from equal_text(where, "name", r.name, step.name)
            yield from equal_day(where, "start", r.start, step.start)
            yield from equal_day(where, "end", r.end, step.end)
            yield from equal(where, "room_days", r.room_days, step.room, tolerance=0.0)


def done_of(tasks: Mapping[str, Task]) -> frozenset[str]:
    """Return the tasks that were finished before the plan."""
    return frozenset(n for n, t in tasks.items() if t.finished is not None)


def _tasks(book: Book, tasks: Mapping[str, Task], acts: Sequence[Act]) -> Iterator[Finding]:
    times = occurrences_of(book, tasks)
    said = [(r.line, f"{r.task} (time {r.occurrence})") for r in book.rows(TASKS)]
    yield from each_once("tasks", "task", said, dict.fromkeys(f"{t} (time {k})" for t, k in times))
    slack, needed = slacks_of(book), needs_of(book, acts, done_of(tasks))
    for r in book.rows(TASKS):
        if (r.task, r.occurrence) in times:
            where, (start, end) = ("tasks", r.line, f"task '{r.task}'"), times[r.task, r.occurrence]
            once = r.occurrence == 1
            right = book.met.get(r.task, BLANK) if once else BLANK
            yield from equal_day(where, "start", r.start, start)
            yield from equal_day(where, "end", r.end, end)
            yield from equal(where, "slack_days", r.slack_days, slack[r.task] if once else 0, tolerance=0.0)
            yield from equal_text(where, "critical", r.critical, once and slack[r.task] == 0)
            yield from equal_day(where, "needed_by", r.needed_by, needed.get(r.task, BLANK) if once else BLANK)
            yield from equal_day(where, "needs_met", r.needs_met, right if right < book.horizon.end else BLANK)


def occurrences_of(book: Book, tasks: Mapping[str, Task]) -> dict[tuple[str, int], tuple[int, int]]:
    """Return the days of each task, and of one that repeats each time that it starts within the plan, by task and time."""
    found = {}
    for name, task in tasks.items():
        start, end = found[name, 1] = book.openings.spans[name]
        if task.every_days is not None:
            time = 1
            while start + (later := whole_days(time * task.every_days)) < book.horizon.end:
                time += 1
                if start + later >= book.horizon.start:
                    found[name, time] = (start + later, end + later)
    return found


def slacks_of(book: Book) -> dict[str, int]:
    """Return the days that each task may end later before the last end of all moves."""
    spans, links = book.openings.spans, book.openings.links
    last = max((end for _, end in spans.values()), default=0)
    latest = dict.fromkeys(spans, last)
    for name in _backwards(links):
        for before, lag in links[name].items():
            latest[before] = min(latest[before], latest[name] - book.openings.days[name] - lag)
    return {n: max(0, latest[n] - end) for n, (_, end) in spans.items()}


def needs_of(book: Book, acts: Sequence[Act], done: frozenset[str]) -> dict[str, int]:
    """Return for each task the latest end that moves nothing that waits for it, directly or through tasks."""
    needed: dict[str, int] = {}
    for act in acts:
        for task, day in act.needs.items():
            needed[task] = min(day, needed.get(task, day))
    links = book.openings.links
    for name in _backwards(links):
        if name in needed and name not in done:
            for before, lag in links[name].items():
                day = needed[name] - book.openings.days[name] - lag
                needed[before] = min(day, needed.get(before, day))
    return needed


def _backwards(links: Mapping[str, Mapping[str, int]]) -> list[str]:
    return list(TopologicalSorter(links).static_order())[::-1]


@dataclass(frozen=True)
class Step:
    """A step of a critical path."""

    path: str
    item: str
    kind: str
    name: str
    start: int
    end: int
    room: int


def _numbered(paths: Iterator[list[Step]]) -> Iterator[tuple[int, Step]]:
    for steps in paths:
        yield from enumerate(steps, 1)


def paths_of(book: Book, acts: Sequence[Act], done: frozenset[str]) -> Iterator[list[Step]]:
    """Yield the critical paths to first delivery and to full rate of every item delivered, each in order of time."""
    brought = bringers(book, acts)
    rooms = rooms_of(book, acts, brought, done)
    delivered: dict[str, Act] = {}
    for act in sorted((a for a in acts if a.kind == "delivery"), key=lambda a: (a.end, a.name)):
        delivered.setdefault(act.node[1], act)
    for item, act in delivered.items():
        yield _to_delivery(book, act, brought, rooms, done)
        first = full_rate_day(book, item)
        if first is not None:
            yield _to_rate(book, item, first, acts, done)


def bringers(book: Book, acts: Sequence[Act]) -> dict[int, list[Act]]:
    """Return for each act (by id) the acts that brought the first units it takes, unless some lay there or were under way."""
    into: dict[Node, list[Act]] = defaultdict(list)
    for act in acts:
        if act.kind != "delivery":
            into[act.node].append(act)
    there = {node: book.horizon.start for node, units in book.opening.items() if units > 0}
    for order in book.programme[OpenOrder].rows():
        if order.quantity_units > 0:
            day = open_order_day(order, book.horizon)
            there[order.site, order.item] = min(there.get((order.site, order.item), day), day)
    found: dict[int, list[Act]] = {}
    for act in acts:
        firsts = [min(into[n], key=lambda a: (a.end, a.rank)) for n in sorted(act.takes) if into[n]]
        found[id(act)] = [f for f in firsts if f.end <= act.takes_on and f.end < there.get(f.node, f.end + 1)]
    return found


def rooms_of(book: Book, acts: Sequence[Act], brought: Mapping[int, list[Act]], done: frozenset[str]) -> dict[int, int]:
    """Return for each act (by id) the least room in all on a chain from a task or the plan's start: sweeps until none changes."""
    rooms = {}
    for act in acts:
        ends = [day - book.openings.spans[t][1] for t, day in act.needs.items() if t not in done]
        rooms[id(act)] = min([act.start - book.horizon.start, *ends])
    changed = True
    while changed:
        changed = False
        for act in acts:
            least = min((act.takes_on - b.end + rooms[id(b)] for b in brought[id(act)]), default=rooms[id(act)])
            if least < rooms[id(act)]:
                rooms[id(act)], changed = least, True
    return rooms


def _to_delivery(
    book: Book, act: Act, brought: Mapping[int, list[Act]], rooms: Mapping[int, int], done: frozenset[str]
) -> list[Step]:
    item, steps, room = act.node[1], list[Step](), 0
    while True:
        steps.append(Step("first delivery", item, act.kind, act.name, act.start, act.end, room))
        least, spans = rooms[id(act)], book.openings.spans
        tasks = sorted(t for t, day in act.needs.items() if t not in done and day - spans[t][1] == least)
        if tasks:
            room = act.needs[tasks[0]] - spans[tasks[0]][1]
            return [*reversed(steps + _behind(book, "first delivery", item, (tasks[0], room), done))]
        before = sorted(
            (b for b in brought[id(act)] if act.takes_on - b.end + rooms[id(b)] == least), key=lambda b: b.rank
        )
        if not before or len(steps) > len(rooms):
            return steps[::-1]
        room, act = act.takes_on - before[0].end, before[0]


def _behind(book: Book, path: str, item: str, task: tuple[str, int], done: frozenset[str]) -> list[Step]:
    """Return a task, and going back the predecessors that set each start; the first with the room given."""
    name, room = task
    spans, links = book.openings.spans, book.openings.links
    step = Step(path, item, "task", name, *spans[name], room)
    drivers = [p for p, lag in links[name].items() if p not in done and spans[p][1] + lag == spans[name][0]]
    return [step, *(_behind(book, path, item, (min(drivers), 0), done) if drivers else [])]


def full_rate_day(book: Book, item: str) -> int | None:
    """Return the first day of the first period whose output a week is at least the highest mean over 28 days that end with a period."""
    horizon, daily = book.horizon, np.zeros(len(book.horizon.days))
    for r in book.rows(PRODUCTION):
        if r.item == item and horizon.holds(r.start):
            period = horizon.period(r.start)
            span = slice(horizon.cuts[period] - horizon.start, horizon.cuts[period + 1] - horizon.start)
            daily[span] += r.good / horizon.lengths[period]
    if not daily.sum() > 0:
        return None
    window = min(28, len(daily))
    ends = [c - horizon.start for c in horizon.cuts[1:] if c - horizon.start >= window]
    highest = max(daily[e - window : e].mean() for e in ends)
    return next(c for c in horizon.cuts[:-1] if daily[c - horizon.start] >= highest * (1 - 1e-6))


def _to_rate(book: Book, item: str, day: int, acts: Sequence[Act], done: frozenset[str]) -> list[Step]:
    last = book.horizon.cuts[book.horizon.period(day) + 1] - 1
    makes = [a for a in acts if a.kind == "production" and a.node[1] == item]
    into: dict[Node, list[Act]] = defaultdict(list)
    for a in acts:
        if a.kind != "delivery" and a.end <= last:
            into[a.node].append(a)
    reached, nodes = {id(a): a for a in makes if a.end <= last}, set[Node]()
    waiting = list(reached.values())
    while waiting:
        fresh = {n for a in waiting for n in a.takes} - nodes
        nodes |= fresh
        waiting = [a for n in fresh for a in into[n] if id(a) not in reached]
        reached |= {id(a): a for a in waiting}
    spans = book.openings.spans
    waited = {t for a in reached.values() for t, by in a.needs.items() if t not in done and by <= last}
    if not waited:
        first = min(a.end for a in makes)
        return [Step("full rate", item, "full rate", item, min(first, day), day, 0)]
    task = min(waited, key=lambda t: (-spans[t][1], t))
    step = Step("full rate", item, "full rate", item, spans[task][1], max(day, spans[task][1]), 0)
    return [*reversed([step, *_behind(book, "full rate", item, (task, 0), done)])]
