"""Who gets what in the second engine: units that lie at places, and those that ask for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import floor, inf

from .shop import parts_of

EPS = 1e-6
CRUMB = 1e-4  # units that may be missing by the rounding of tables, and 1e-5 of what is needed


def short(have: float, wanted: float) -> bool:
    return have < wanted * (1 - 1e-5) - CRUMB


@dataclass(eq=False)
class Ask:
    """A delivery that is asked for."""

    world: object
    part: object
    left: float
    key: tuple
    line = None

    def serve(self) -> bool:
        """Take what there is; say whether anything was taken."""
        world, node = self.world, self.part.node
        if not world.delivery_open(self.part.demand):
            return False
        least = world.facts.tables["demands"][self.part.demand]["minimum_shipment_units"]
        units = min(self.left, world.stock[node])
        if units <= EPS or short(units, min(least, self.left)):
            return False
        world.stock[node] -= units
        self.left -= units
        if self.left <= CRUMB + 1e-5 * units:
            self.left = 0.0
        if (*node, "deliver") in world.facts.handled:
            job = Handled(world, (*node, "deliver"), units, self.key, part=self.part)
            world.routes[job.route].append(job)
        else:
            world.delivered_units(self.part.demand, units)
        return True


@dataclass(eq=False)
class Carry:
    """A move that takes what there is of what it carries."""

    world: object
    line: object
    left: float
    key: tuple
    ready: float = inf
    lapses: float = inf

    def serve(self) -> bool:
        (node, _), world = self.line.takes[0], self.world
        rows = world.of_move(node[0], node[1], self.line.node[1]) if world.rows else []
        room = min((one.room if one.valid else 0.0 for one in world.standing(rows)), default=inf)
        units = min(self.left, world.stock[node], room)
        if units <= EPS or not world.is_open("lanes", self.line.lane) or not world.granted(rows):
            return False
        if world.env.now < self.ready:
            return False
        if world.env.now >= self.lapses:
            world.env.process(world.leave_again(self))
            return False
        world.go(rows, units, ordered=False)
        world.stock[node] -= units
        self.left -= units
        if self.left <= CRUMB + 1e-5 * units:
            world.carries[self.line.lane, node].remove(self)
        world.env.process(world.carry(self.line.lane, self.line.node, (units, units, units), self.key))
        return True


@dataclass(eq=False)
class Job:
    """A part of a start that waits for its components: all of them at once."""

    world: object
    line: object
    units: float
    expected: float
    first_part: bool
    key: tuple

    def serve(self) -> bool:
        world, needs = self.world, [(n, q * self.units / self.line.quantity) for n, q in self.line.takes]
        if not world.route_open(self.route) or any(short(world.stock[n], q) for n, q in needs):
            return False
        for node, quantity in needs:
            world.stock[node] = max(0.0, world.stock[node] - quantity)
        world.routes[self.route].remove(self)
        world.env.process(world.shop.work(self))
        return True

    @property
    def route(self):
        return (*self.line.node, self.line.way)

    def done(self, units: float):
        """Put what is good into stock: a process of SimPy."""
        self.world.made[self.route[0]] += units
        self.world.made_in[self.route[0], self.world.round - 1] += units
        self.world.arrive(self.route[:2], units, self.expected)
        yield self.world.env.timeout(0)


@dataclass(eq=False)
class Handled:
    """Work on goods that are received (`good` of them go into stock), or delivered (a `part` of a demand)."""

    world: object
    route: tuple
    units: float
    key: tuple
    good: float = 0.0
    part: object = None
    line = None
    first_part = False

    def serve(self) -> bool:
        world = self.world
        if not world.route_open(self.route):
            return False
        world.routes[self.route].remove(self)
        world.env.process(world.shop.work(self))
        return True

    def done(self, _units: float):
        """Put what is good into stock, or hand over, not before the day on which the plan does: a process of SimPy."""
        world = self.world
        if self.part is None:
            world.stock[self.route[:2]] += self.good
            world.serve()
            yield world.env.timeout(0)
        else:
            yield world.env.timeout(max(0.0, self.part.day - world.env.now))
            world.delivered_units(self.part.demand, self.units)


class Places:
    """Stock of all places and the claims on it (mixed into the world)."""

    def set_up_places(self) -> None:
        self.stock: dict = defaultdict(float)
        self.asks: list = []
        self.carries: dict = defaultdict(list)
        self.routes: dict = defaultdict(list)
        self.number = 0
        self.looking = False
        for row in self.facts.stock:
            self.stock[row["item"], row["site"]] += row["quantity_units"]
        for row in self.facts.open_orders:
            self.env.process(self._promised(row))

    def _promised(self, row):
        yield self.env.timeout(max(0, self.facts.day(row["promised"])))
        self.arrive((row["item"], row["site"]), row["quantity_units"], row["quantity_units"])

    def arrive(self, node, units: float, expected: float) -> None:
        """Put units into stock: what is more or less than expected corrects what has been released."""
        self.stock[node] += units
        self.released[node] += units - expected
        self.serve()

    def receive(self, node, units: float, good: float, expected: float, key) -> None:
        """Take what comes by a purchase or a move in: after work on all of it where receipt takes work, in parts."""
        if not self.facts.receives(node):
            self.arrive(node, good, expected)
            return
        self.released[node] += good - expected
        parts = parts_of(units)
        for one in parts:
            self.routes[(*node, "receive")].append(Handled(self, (*node, "receive"), one, key, good / len(parts)))
        self.serve()

    def ticket(self, key, day: float, node=None) -> tuple:
        """Return a place: among equals the day of release counts, then who is further downstream."""
        self.number += 1
        return (*key, day, self.facts.order.index(node) if node else -1, self.number)

    def place(self, one) -> tuple:
        """Return the place in the order of service: what is released before its day in the plan stands behind till then."""
        return (one.line is not None and self.env.now < one.line.due, *one.key)

    def ask(self, part, units: float) -> None:
        """Ask for a delivery from its day on: a process of SimPy."""
        yield self.env.timeout(max(0.0, part.begin - self.env.now))
        self.asks.append(Ask(self, part, units, self.ticket(part.key, part.day)))
        self.serve()

    def put_work(self, line, key) -> None:
        parts = parts_of(line.quantity)
        for k, units in enumerate(parts):
            job = Job(self, line, units, line.good / len(parts), k == 0, key)
            self.routes[job.route].append(job)

    def serve(self) -> None:
        """Look, when all that happens at this moment has happened, what can be given and started."""
        if not self.looking:
            self.looking = True
            moment = self.env.event()
            moment._ok, moment._value = True, None
            moment.callbacks.append(self._look)
            self.env.schedule(moment, priority=2)

    def _look(self, _event) -> None:
        self.looking = False
        if self._give():
            self.serve()  # when the work that now starts has queued
        else:
            self.shop.hand_out()

    def _give(self) -> bool:
        """Hand out what lies anywhere, to whoever can use it and comes first; say whether anybody was given anything."""
        given = False
        while True:
            heads = [jobs[0] for jobs in [*self.routes.values(), *self.carries.values()] if jobs]
            if not any(one.serve() for one in sorted([*self.asks, *heads], key=self.place)):
                return given
            given = True
            self.asks = [a for a in self.asks if a.left > EPS]

    def delivered_units(self, demand: str, units: float) -> None:
        day = floor(self.env.now + 1e-9)
        self.deliveries[demand].append((day, units))
        self.money.customer_owes(demand, units)
