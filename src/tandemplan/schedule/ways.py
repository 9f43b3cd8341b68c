"""Processes as modes: one member of each pool, one load and one flow of each choice, with working time, speed and cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations_with_replacement, product
from math import comb, prod
from typing import NamedTuple, TypeVar

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Process, ProcessFlow, ProcessLoad, ProcessWait
from tandemplan.schedule.hours import Hours, Span
from tandemplan.schedule.stations import HOUR, Stations

Place = tuple[str, str]  # item, site
ALWAYS: Span = (None, None, True)
T = TypeVar("T", ProcessFlow, ProcessLoad)


MOST_WAYS = 2_000  # of one process


class TooManyWaysError(ValueError):
    """Raised when a process can be done in so many ways that each can no longer be tried."""

    def __init__(self, process: str, count: int) -> None:
        super().__init__(
            f"Process '{process}' can be done in {count:,} ways, of {MOST_WAYS:,} at most: each member of a pool with each of another, and with each choice. Name fewer members."
        )


class Way(NamedTuple):
    """One way to do an order of a process: its loads with the work centre of each, its flows, the sum of ranks, and the spans in which it works."""

    loads: tuple[tuple[int, ProcessLoad], ...]
    flows: tuple[ProcessFlow, ...]
    rank: int
    spans: tuple[Span, ...]


class Held(NamedTuple):
    """A load on a work centre (None: the load is not in force), its rank, and the span in which that is so."""

    on: tuple[int, ProcessLoad] | None
    rank: int
    span: Span


@dataclass
class Ways:
    """The processes of a programme, numbered in their order, with what they use and hold."""

    programme: Programme
    stations: Stations
    hours: Hours
    processes: tuple[Process, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.processes = tuple(self.programme[Process].rows())

    @cached_property
    def number(self) -> dict[str, int]:
        """Return the number of each process."""
        return {p.process: i for i, p in enumerate(self.processes)}

    @cached_property
    def steps(self) -> dict[str, list[str]]:
        """Return the steps of each route, in order."""
        found: dict[str, list[Process]] = {}
        for p in self.processes:
            if p.part_of:
                found.setdefault(p.part_of, []).append(p)
        return {route: [p.process for p in sorted(parts, key=lambda p: p.step)] for route, parts in found.items()}

    @cached_property
    def flows(self) -> dict[str, list[ProcessFlow]]:
        """Return the flows of each process, implied ones and waits among them; those of a route are its first and last steps'."""
        found: dict[str, list[ProcessFlow]] = {p.process: [] for p in self.processes}
        for flow in self.programme[ProcessFlow].rows():
            site = flow.site or self.processes[self.number[flow.process]].site
            found[flow.process].append(replace(flow, site=site))
        for p in self.processes:
            said = [f for name in (p.process, *self.steps.get(p.process, ())) for f in found[name]]
            found[p.process] += implied(p, said)
        for wait in self.programme[ProcessWait].rows():
            found[wait.waits_for].append(_flow(wait.waits_for, awaited(wait), "end", 1.0, wait.hold_hours))
            found[wait.process].append(_flow(wait.process, awaited(wait), "start", -wait.quantity_units))
        for route, steps in self.steps.items():
            for flow in found[route]:
                found[steps[0] if flow.when == "start" else steps[-1]].append(flow)
            found[route] = []
        return found

    @cached_property
    def _loads(self) -> dict[str, list[ProcessLoad]]:
        found: dict[str, list[ProcessLoad]] = {}
        for load in self.programme[ProcessLoad].rows():
            found.setdefault(load.process, []).append(load)
        return found

    def ways(self, i: int) -> list[Way]:
        """Return the ways of a process, best rank first; without any of rank 0, but where it has no others."""
        every = list(self._every(self.processes[i].process))
        ranked = [w for w in every if w.rank >= 0] or [w._replace(rank=0) for w in every]
        return sorted(ranked, key=lambda w: w.rank)

    def _every(self, name: str) -> Iterator[Way]:
        loads = [self._together(alike) for alike in _alike(_groups(self._loads.get(name, [])))]
        flows = _groups(self.flows[name])
        count = prod(size for size, _ in loads) * prod(map(len, flows))
        if count > MOST_WAYS:
            raise TooManyWaysError(name, count)
        for chosen in product(*(ways() for _, ways in loads)):
            held = [h for some in chosen for h in some]
            on = [h.on for h in held if h.on is not None]
            if not self._room(on):
                continue
            for used in product(*flows):
                ranks = [*(h.rank for h in held), *(f.rank for f in used)]
                rank = -1 if 0 in ranks else sum(r - 1 for r in ranks)
                spans = tuple(dict.fromkeys(h.span for h in held if h.span != ALWAYS))
                yield Way(tuple(on), tuple(used), rank, spans)

    def _together(self, alike: list[list[ProcessLoad]]) -> tuple[int, Callable[[], Iterator[tuple[Held, ...]]]]:
        """Return in how many ways loads that ask for the same are served, and these: which of them has which work centre is all one."""
        found, many = self._holdings(alike[0]), len(alike)
        lines = [group[0].line for group in alike]

        def ways() -> Iterator[tuple[Held, ...]]:
            for some in combinations_with_replacement(found, many):
                yield some if many == 1 else tuple(_of_line(h, line) for h, line in zip(some, lines, strict=True))

        return comb(len(found) + many - 1, many), ways

    def _room(self, on: Sequence[tuple[int, ProcessLoad]]) -> bool:
        """Tell whether a work centre that is held more than once ever has so many stations."""
        wanted: dict[int, float] = {}
        for k, load in on:
            wanted[k] = wanted.get(k, 0.0) + load.stations
        twice = [k for k, _ in on if sum(k == other for other, _ in on) > 1]
        return all(self.stations.rows[k].counts == "buckets" or wanted[k] <= self.stations.most(k) for k in twice)

    def _holdings(self, group: list[ProcessLoad]) -> list[Held]:
        """Return the ways to serve loads of one choice: each on each of its work centres, or none where a single load is not in force."""
        found = [h for load in group for h in self._members(load)]
        load = group[0]
        if len(group) == 1 and not load.choice and (load.from_moment or load.to_moment):
            found.append(Held(None, 1, (load.from_moment, load.to_moment, False)))
        return found

    def _members(self, load: ProcessLoad) -> Iterator[Held]:
        """Yield the work centres that may serve a load, with the rank of load and skill."""
        for k in self.stations.members[load.work_centre]:
            skill = self.stations.skills.get((k, load.skill)) if load.skill else None
            if load.skill and skill is None:
                continue
            first = max((m for m in (load.from_moment, skill and skill.from_moment) if m), default=None)
            last = min((m for m in (load.to_moment, skill and skill.to_moment) if m), default=None)
            rank = skill.rank if skill else 1
            yield Held((k, load), load.rank + rank - 1 if load.rank and rank else 0, (first, last, True))

    def calendars(self, i: int, way: Way) -> list[str]:
        """Return the calendars in which a way works: of the process, its site (not of a purchase), its stations and theirs."""
        p = self.processes[i]
        site = "" if p.kind == "buy" else self.stations.sites.get(p.site, "")
        return [p.hours_calendar, site, *(c for k, _ in way.loads for c in self.stations.calendars(k))]

    def costs(self, i: int, way: Way) -> tuple[float, float]:
        """Return what a lot and a unit cost in a way, hours of stations at their usual speed among it."""
        p = self.processes[i]
        hour = sum(self.stations.rows[k].hour_cost * load.stations for k, load in way.loads)
        return p.cost + hour * p.fixed_hours, p.unit_cost + hour * p.unit_hours

    def seconds(self, i: int) -> tuple[float, float]:
        """Return the working time of a lot and of a unit; a route has that of its steps."""
        p = self.processes[i]
        return (0.0, 0.0) if p.process in self.steps else (p.fixed_hours * HOUR, p.unit_hours * HOUR)


def implied(p: Process, said: list[ProcessFlow]) -> Iterator[ProcessFlow]:
    """Yield the flows of a process that its item says and no row does."""
    made = {(f.item, f.site) for f in said if f.unit_units + f.fixed_units > 0}
    used = {(f.item, f.site) for f in said if f.unit_units + f.fixed_units < 0}
    if p.item and p.kind == "move" and (p.item, p.from_site) not in used:
        yield _flow(p.process, (p.item, p.from_site), "start", -1.0)
    if p.item and p.kind == "deliver" and (p.item, p.site) not in used:
        yield _flow(p.process, (p.item, p.site), "start", -1.0)
    if p.item and p.kind != "deliver" and (p.item, p.site) not in made:
        yield _flow(p.process, (p.item, p.site), "end", 1.0)


def awaited(wait: ProcessWait) -> Place:
    """Return the buffer in which orders of one process wait for those of another."""
    return f"{wait.waits_for} for {wait.process}", ""


def _of_line(held: Held, line: int) -> Held:
    """Return a way to serve a load as one of a load that is the same but for its line."""
    return held if held.on is None else held._replace(on=(held.on[0], replace(held.on[1], line=line)))


def _alike(groups: list[list[ProcessLoad]]) -> list[list[list[ProcessLoad]]]:
    """Return loads together that differ in their lines alone; loads with a choice each for itself."""
    found: dict[ProcessLoad | int, list[list[ProcessLoad]]] = {}
    for k, group in enumerate(groups):
        found.setdefault(k if group[0].choice else replace(group[0], line=1), []).append(group)
    return list(found.values())


def _flow(process: str, place: Place, when: str, units: float, hours: float = 0.0) -> ProcessFlow:
    return ProcessFlow(process=process, item=place[0], site=place[1], when=when, unit_units=units, offset_hours=hours)


def _groups(rows: list[T]) -> list[list[T]]:
    """Return rows by choice; a row without a choice is alone."""
    found: dict[str, list[T]] = {}
    for k, row in enumerate(rows):
        found.setdefault(row.choice or f"\x1f{k}", []).append(row)
    return list(found.values())
