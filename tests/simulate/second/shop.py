"""The shop of the second engine: servers with clocks, jobs that wait for them, hours and yields by experience."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from math import ceil, exp, floor, inf, log2


class Servers:
    """A resource: so many servers each day, whose clock runs as the plan has hours, spread over the days that are worked.

    `left` is the share of it that risks leave now.
    """

    def __init__(self, world, name: str, numbers: list[float], daily: list[float], repair: tuple[float, float] | None):
        self.world, self.name, self.numbers, self.repair, self.busy, self.left = world, name, numbers, repair, 0.0, 1.0
        self.clock = [0.0]
        for number, hours in zip(numbers, daily, strict=True):
            self.clock.append(self.clock[-1] + (hours / number if number else 0.0))

    @property
    def number(self) -> float:
        return max(0.0, self.numbers[floor(self.world.env.now + 1e-9)] - self.world.missing(self.name))

    @property
    def free(self) -> float:
        return self.number - self.busy

    def pace(self, first: int, last: int) -> float:
        """Return the hours a day of one server, on average over days (the last is excluded)."""
        return self.left * (self.clock[last] - self.clock[first]) / (last - first)

    def end(self, start: float, hours: float) -> float:
        """Return when a server that begins at `start` has worked so many hours, at the share that is left now (inf: not within the plan)."""
        hours /= self.left
        day = floor(start)
        if day >= len(self.clock) - 1:
            return inf
        begun = self.clock[day] + (start - day) * (self.clock[day + 1] - self.clock[day])
        target = begun + hours
        if target > self.clock[-1] - 1e-9:
            return inf
        last = max(bisect_left(self.clock, target - 1e-12), day + 1)
        before, after = self.clock[last - 1], self.clock[last]
        return start if hours <= 0 else max(start, last - 1 + (target - before) / (after - before))


class Ticket:
    """One job's wish for servers at one step."""

    def __init__(self, event, job, step, units, needs, row):
        self.event, self.job, self.step, self.units, self.row = event, job, step, units, row
        self.number = step[1]
        self.resources, self.shares = zip(*needs, strict=True)
        self.held: list[tuple[Servers, float]] = []


class Shop:
    """All servers, and who waits for them."""

    def __init__(self, world):
        self.world, self.env, self.luck = world, world.env, world.luck
        self.waiting: list[Ticket] = []
        self.taught: dict = {}  # by who learns and route: units that have started the first, the second ... of its steps of them

    def hand_out(self) -> None:
        """Give free servers to those who wait: first in order of service, of each step's jobs to the one that came first."""
        while True:
            heads = {}
            for ticket in self.waiting:
                heads.setdefault(ticket.step, ticket)
            for ticket in sorted(heads.values(), key=lambda t: (*self.world.place(t.job), -t.number)):
                if self._seat(ticket):
                    self.waiting.remove(ticket)
                    break
            else:
                return

    def _seat(self, ticket: Ticket) -> bool:
        first = ticket.resources[0]
        if self.world.step_closed(ticket.row):
            return False
        days = self.world.facts.period_of(self.env.now)
        if not all(r.pace(*days) for r in ticket.resources):
            return False
        ratios = [s * first.pace(*days) / r.pace(*days) for s, r in zip(ticket.shares, ticket.resources, strict=True)]
        free = min(r.free / q for r, q in zip(ticket.resources, ratios, strict=True))
        least = min(1.0, *(r.number / q for r, q in zip(ticket.resources, ratios, strict=True)))
        if free < least - 1e-9:
            return False
        taken = min(max(ticket.units, 1.0), free)
        if free - taken < 1 - 1e-9:
            taken = free
        ticket.held = [(r, taken * q) for r, q in zip(ticket.resources, ratios, strict=True)]
        for servers, number in ticket.held:
            servers.busy += number
        ticket.event.succeed(taken)
        return True

    def work(self, job):
        """Take one job through its steps: a process of SimPy."""
        route, units = job.route, job.units
        left = units
        place: dict = defaultdict(int)
        for step in self.world.facts.steps(route):
            needs = self._needs(step)
            seats = 0.0
            if needs:
                ticket = Ticket(self.env.event(), job, (route, step["step"]), left, needs, step)
                self.waiting.append(ticket)
                self.world.serve()
                seats = yield ticket.event
            school = step["learns_with"] or id(step)
            before = step["experience_units"] + self._known(school, place[school])
            self.taught.setdefault((school, route), {})
            begun = self.taught[school, route]
            begun[place[school]] = begun.get(place[school], 0.0) + units
            place[school] += 1
            hours, passed = self._draw(step, left, (before, units), first_part=job.first_part)
            if needs:
                clock = needs[0][0]
                if clock.repair:
                    hours += self.luck.repairs(hours, *clock.repair)
                end = clock.end(self.env.now, hours / seats)
                if end == inf:
                    return
                yield self.env.timeout(end - self.env.now)
                for servers, held in ticket.held:
                    servers.busy -= held
                self.world.serve()
            left = passed
        yield from job.done(left)

    def _known(self, school, place: int) -> float:
        """Return the units that have started a step at its place among those of each route that learn together (the last, where there are fewer)."""
        known = 0.0
        for (name, route), begun in self.taught.items():
            if name == school:
                steps = [s for s in self.world.facts.steps(route) if (s["learns_with"] or id(s)) == school]
                known += begun.get(min(place, len(steps) - 1), 0.0)
        return known

    def _needs(self, step) -> list[tuple[Servers, float]]:
        """Return what a step needs, each for a share of its time: a tool for that of its hours in the labour hours."""
        found = [(self.world.servers[step[c]], 1.0) for c in ("work_centre", "skill") if step[c]]
        if step["tool"] and step["tool_hours"]:
            mature = mature_hours(step)
            share = min(1.0, step["tool_hours"] / mature) if mature else 1.0
            found.append((self.world.servers[step["tool"]], share))
        return found

    def _draw(self, step, units: float, known: tuple[float, float], *, first_part: bool) -> tuple[float, float]:
        """Return labour hours of a job at a step, and the units that pass it; `known`: units before it, and started by it."""
        if step["when"] != "make":
            extra = (1 - step["yield_mature_share"]) * step["rework_share"] * step["rework_hours"]
            hours = self.luck.gamma(units * mature_hours(step), step["hours_cv"] / max(units, 1.0) ** 0.5)
            return hours + units * (extra + step["setup_hours"] / (step["lot_units"] or 1.0)), units
        mean = curve_hours(step, *known) * units / known[1]
        hours = self.luck.gamma(mean, step["hours_cv"] / max(units, 1.0) ** 0.5)
        if step["lot_units"]:
            hours += step["setup_hours"] * units / step["lot_units"]
        elif first_part:
            hours += step["setup_hours"]
        good = self.luck.share(units, first_pass(step, *known))
        rework = (units - good) * step["rework_share"]
        return hours + rework * step["rework_hours"], good + rework


def learns(step) -> bool:
    return step["learning_slope"] < 1 and (step["first_unit_hours"] or 0.0) > step["plateau_hours"]


def mature_hours(step) -> float:
    """Return the hours of a unit when all is learnt."""
    flat = step["first_unit_hours"] or 0.0 if step["learning_slope"] >= 1 else 0.0
    return max(step["plateau_hours"], flat)


def curve_hours(step, before: float, units: float) -> float:
    """Return the hours of the units after those `before`, along Crawford's curve."""
    if not learns(step):
        return units * mature_hours(step)
    total, at, end = 0.0, before, before + units
    while at < end - 1e-9:
        number = floor(at + 1e-9) + 1
        upto = min(end, number)
        total += (upto - at) * max(step["plateau_hours"], unit_hours(step, number))
        at = upto
    return total


def unit_hours(step, number: int) -> float:
    """Return the hours of one unit, before the plateau: of Crawford's curve, or what it adds to Wright's cumulative average."""
    slope, first = log2(step["learning_slope"]), step["first_unit_hours"]
    if step["learning_curve"] == "unit":
        return first * number**slope
    return first * (number ** (1 + slope) - (number - 1) ** (1 + slope))


def first_pass(step, before: float, units: float) -> float:
    """Return the mean first-pass yield of the units after those `before`."""
    mature, start, scale = step["yield_mature_share"], step["yield_start_share"], step["yield_learning_units"]
    if start is None or scale is None or units <= 0:
        return mature
    gap = (exp(-before / scale) - exp(-(before + units) / scale)) * scale / units
    return mature - (mature - start) * gap


def parts_of(units: float) -> list[float]:
    """Return the jobs of a start: equal parts, as many as units, rounded up, no more than 16."""
    number = min(16, max(1, ceil(units - 1e-6)))
    return [units / number] * number
