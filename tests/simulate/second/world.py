"""One replication of the second engine: the planner's rounds, tasks, risks, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import ceil, inf

import simpy
from simpy.events import URGENT

from tandemplan.model.changes import parse_change, select
from tandemplan.model.schema import TABLES as SCHEMA
from tandemplan.results.shape import PEOPLE

from .buying import Buying
from .facts import Facts
from .licences import Licences
from .luck import Luck
from .money import Money
from .places import EPS, Carry, Places
from .shop import Servers, Shop

OF_PLAN = (
    "work_centres",
    "skills",
    "tools",
    "shift_patterns",
    "calendars",
    "funding",
    "demands",
    "tasks",
)  # what the plan has of dated risks


class World(Places, Buying, Licences):
    """A replication: `run` it, then read what was delivered, and when."""

    def __init__(self, facts: Facts, seed: tuple[int, int] | None):
        self.facts, self.env, self.luck = facts, simpy.Environment(), Luck(seed)
        self.released: dict = defaultdict(float)
        self.claimed: dict = defaultdict(float)
        self.deliveries: dict = defaultdict(list)
        self.asked: dict = defaultdict(float)
        self.queue_events: dict = {}
        self._gates, self._risks, self._rounds = self.env.event(), self.env.event(), self.env.event()
        self.round = 0
        self.cursor: dict = defaultdict(int)
        self.task_end: dict = {}
        self.task_done = {t: self.env.event() for t in facts.tables["tasks"]}
        self.active: dict = {}
        self.effects = {name: list(self._effects_of(name)) for name in facts.tables["risks"]}
        self.env.process(self._planner())
        self.money = Money(self)
        self.shop = Shop(self)
        self.servers = {name: self._servers(name) for name in facts.resources}
        self.unhired: dict = defaultdict(float)
        self.missed: dict = defaultdict(lambda: [0.0] * facts.horizon)
        self.made: dict = defaultdict(float)
        self.made_in: dict = defaultdict(float)
        self.bought: dict = defaultdict(float)
        self.set_up_places()
        self.set_up_buying()
        self.set_up_licences()
        self._draw_demand()
        for name in facts.tables["tasks"]:
            self.env.process(self._task(name))
        for name in facts.tables["risks"]:
            self.env.process(self._risk(name))

    def run(self) -> World:
        self.env.run(until=self.facts.horizon)
        self.money.closing.append(self.money.cash)
        return self

    # what came of it

    def done(self, demand: str) -> float:
        """Return the day of the delivery that completes a demand (inf: it is never complete)."""
        total = 0.0
        for day, units in self.deliveries[demand]:
            total += units
            if total >= self.asked[demand] - 1e-4 and total > 0:
                return day
        return inf

    def on_time(self, demand: str) -> float:
        due = self.facts.key_of(demand)[2]
        return sum(u for d, u in self.deliveries[demand] if d <= due)

    def delivered(self, demand: str) -> float:
        return sum(u for _, u in self.deliveries[demand])

    # demand

    def _draw_demand(self) -> None:
        taken = {}
        self.drawn = {}
        for name, contract in self.facts.tables["contracts"].items():
            luck = True if contract["certainty"] == "firm" else self.luck.happens(contract["probability"])
            taken[name] = True if luck is None else luck
        for name, row in self.facts.tables["demands"].items():
            contract = self.facts.tables["contracts"].get(row["contract"])
            cv = contract["quantity_cv"] if contract else 0.0
            self.drawn[name] = (
                row["quantity_units"] * self.luck.factor(cv) * (taken[row["contract"]] if contract else 1)
            )
            planned = sum(p.quantity for p in self.facts.deliveries if p.demand == name)
            lost = max(0.0, self.facts.planned[name] - planned)
            self.asked[name] = lost * self.drawn[name] / self.facts.planned[name]

    # the planner

    def _planner(self):
        for number, start in enumerate(self.facts.starts):
            yield self.urgent(start - self.env.now)
            end = self.facts.starts[number + 1] if number + 1 < len(self.facts.starts) else self.facts.horizon
            self.money.begin(number)
            self._round(start, end)

    def urgent(self, days: float):
        """Return an event so many days from now, before all else of its moment."""
        moment = self.env.event()
        moment._ok, moment._value = True, None
        self.env.schedule(moment, URGENT, days)
        return moment

    def next_round(self):
        return self._rounds

    def _round(self, start: int, end: int) -> None:
        for part in self.facts.deliveries:
            if start <= part.begin < end:
                factor = self.changed("demands", part.demand, "quantity_units", self.drawn[part.demand])
                units = part.quantity * factor / self.facts.planned[part.demand]
                self.asked[part.demand] += units
                self.claimed[part.node] += units
                if units > EPS:
                    self.env.process(self.ask(part, units))
        for node in self.facts.order:
            self._release(node, start, end)
        self.round += 1
        rounds, self._rounds = self._rounds, self.env.event()
        self._miss_hires(start, end)
        rounds.succeed()
        self.retry_purchases()
        self.serve()

    def _release(self, node, start: int, end: int) -> None:
        lines = self.facts.lines_of[node]
        if self.facts.policy["timing"] == "dates":
            for line in lines[self.cursor[node] :]:
                if line.day < end:
                    self.cursor[node] += 1
                    self._let_go(line, start, end)
            return
        beyond = self.claimed[node] - self.facts.claims_by(node, end)
        for line in lines[self.cursor[node] :]:
            longer = self.longer(line) if line.kind == "purchase" else 0.0
            last = max(s for s in (*self.facts.starts, self.facts.horizon) if s <= max(end, end + longer))
            target = sum(r.good for r in lines if r.day < last) + beyond
            if target - self.released[node] < line.good / 2 - EPS:
                return
            self.cursor[node] += 1
            self._let_go(replace(line, day=max(0, line.day - longer)), start, end)
        target = sum(r.good for r in lines if r.day < end) + beyond
        if lines and target - self.released[node] > lines[-1].good / 2 + EPS:
            more = self._more(lines[-1], (target - self.released[node]) / lines[-1].good)
            self._let_go(more, start, end)

    def _more(self, line, times: float):
        """Return as much as is wanted by the way of the last line, rounded up to the order sizes of a purchase."""
        quantity = line.quantity * times
        if line.kind == "purchase":
            quantity = self.order_size(line.way, quantity)
        times = quantity / line.quantity
        takes = [(n, q * times) for n, q in line.takes]
        return replace(line, good=line.good * times, quantity=quantity, takes=takes, day=0, planned_row=False)

    def _let_go(self, line, now: int, end: int) -> None:
        self.released[line.node] += line.good
        for source, quantity in line.takes:
            self.claimed[source] += quantity
        self._put(line, now, end)

    def _put(self, line, now: int, end: int) -> None:
        if line.kind == "purchase":
            self.env.process(self.order_on(line, now if line.day >= end else max(now, line.day)))
        elif line.kind == "move":
            move = Carry(self, line, line.quantity, self.ticket(line.key, line.day, line.node))
            self.carries[line.lane, line.takes[0][0]].append(move)
            if self.rows:
                self.env.process(self.leave(move))
            else:
                move.ready = 0.0
        else:
            self.put_work(line, self.ticket(line.key, line.day, line.node))

    # what is open

    def is_open(self, table: str, name: str) -> bool:
        if not name:
            return True
        row = self.facts.tables[table][name]
        first, last = self.facts.day(row.get("from_date")), self.facts.day(row.get("to_date"))
        today = int(self.env.now + 1e-9)
        if (first is not None and today < first) or (last is not None and today > last):
            return False
        return self.tasks_done(row.get("opens_after", ()))

    def tasks_done(self, tasks) -> bool:
        return all(t in self.task_end for t in tasks)

    def route_open(self, route) -> bool:
        return all(self.tasks_done(s["opens_after"]) and not self.step_closed(s) for s in self.facts.steps(route))

    def delivery_open(self, demand: str) -> bool:
        contract = self.facts.tables["demands"][demand]["contract"]
        pool = self.facts.tables["contracts"][contract]["pool"] if contract else ""
        if pool in self.money.payers and self.money.payers[pool].late:
            return False
        return self.is_open("demands", demand) and self.is_open("contracts", contract)

    def gate_change(self):
        return self._gates

    def gates_change(self) -> None:
        """Tell all who wait for something to open to look again."""
        gates, self._gates = self._gates, self.env.event()
        gates.succeed()
        self.retry_purchases()
        self.serve()

    # tasks

    def _task(self, name: str):
        row, facts = self.facts.tables["tasks"][name], self.facts
        if row["finished"]:
            yield self.env.timeout(max(0, facts.day(row["finished"])))
            self._end(name)
            return
        starts = [] if row["earliest"] is None else [float(facts.day(row["earliest"]))]
        for before in row["predecessors"]:
            task, _, lag = before.partition("+")
            yield self.task_done[task.strip()]
            starts.append(self.task_end[task.strip()] + float(lag or 0))
        start = max(starts, default=0.0)
        yield self.env.timeout(max(0.0, start - self.env.now))
        length = self.luck.time(row["duration_distribution"], row["duration_days"], row["duration_sd_days"])
        yield self.env.timeout(max(0.0, start + length - self.env.now))
        while not all(map(self._met, row["needs"])):
            yield self.next_round()
        self._end(name)

    def _met(self, need: str) -> bool:
        """Say whether a task has what it needs: `made:ITEM>=N`, `bought:OFFER>=N`, `money:POOL>=N`, or `produced:ITEM>=N/week for W`."""
        what, _, rest = need.partition(":")
        name, _, least = (part.strip() for part in rest.partition(">="))
        if what == "produced":
            rate, _, weeks = least.partition("/week for")
            many = ceil(7 * float(weeks) / self.facts.periods.longest)
            now = self.round - 1  # the period that begins
            have = sum(self.made_in[name, p] for p in range(max(0, now - many), now))
            return have >= float(rate) * float(weeks) - EPS
        have = {"made": self.made[name], "bought": self.bought[name], "money": self.money.cash}[what]
        return have >= float(least) - EPS

    def _end(self, name: str) -> None:
        self.task_end[name] = self.env.now
        self.task_done[name].succeed()
        self.gates_change()

    # risks

    def _effects_of(self, name: str):
        for text in self.facts.tables["risks"][name]["changes"]:
            change = parse_change(text)
            table = self.facts.programme[SCHEMA[change.table]]
            keys = [table.keys[k] for k in select(table, change.rows)]
            names = [k[0] if len(k) == 1 else k for k in keys]
            yield change.table, set(names), change.column, change.operation, float(change.value)

    def _risk(self, name: str):
        row = self.facts.tables["risks"][name]
        if row["date"] is not None:
            yield self.env.timeout(max(0, self.facts.day(row["date"])))
            yield from self._event(name, row)
            return
        if row["rate_per_year"] is None:
            if row["probability"] is not None and self.luck.happens(row["probability"]):
                yield from self._event(name, row)
            return
        while True:
            rate = row["rate_per_year"] / 365
            for link in self.facts.links:
                groups = {self.facts.tables["risks"][r]["group"] for r in self.active}
                if link["to_group"] == row["group"] and link["from_group"] in groups:
                    rate *= link["rate_factor"]
            gap = self.luck.gap(rate)
            if gap == inf and self.luck.rng is None:
                return
            change = self.risk_change()
            wait = [change] if gap == inf else [change, self.env.timeout(gap)]
            found = yield self.env.any_of(wait)
            if len(wait) == 2 and wait[1] in found:
                yield from self._event(name, row)

    def _event(self, name: str, row):
        self.active[name] = self.env.now
        self._risk_changed()
        if row["duration_days"] is None:
            yield self.env.event()
        yield self.env.timeout(
            self.luck.time(row["duration_distribution"], row["duration_days"], row["duration_sd_days"])
        )
        del self.active[name]
        self._risk_changed()

    def _risk_changed(self) -> None:
        risks, self._risks = self._risks, self.env.event()
        for servers in self.servers.values():
            servers.left = self._left(servers.name)
        risks.succeed()
        self.serve()

    def risk_change(self):
        return self._risks

    def value(self, table: str, name: str, column: str):
        return self.changed(table, name, column, self.facts.tables[table][name][column])

    def changed(self, table: str, name: str, column: str, value):
        """Return a cell as the risks that are active change it: sets, then sums, then factors. What the plan knows of its hours is in them."""
        mine = [r for r in self.active if table not in OF_PLAN or not self.facts.foreseen(r)]
        found = [
            (op, by) for risk in mine for t, names, c, op, by in self.effects[risk]
            if t == table and c == column and name in names
        ]  # fmt: skip
        for operation in ("set", "add", "multiply"):
            for op, by in found:
                if op == operation == "set":
                    value = by
                elif op == operation == "add":
                    value = max(0.0, value + by)
                elif op == operation:
                    value = 0.0 if value is None and by == 0 else value if value is None else value * by
        return value

    def _servers(self, name: str) -> Servers:
        numbers, daily, repair = self.facts.resources[name]
        if repair and self.luck.rng is not None:
            return Servers(self, name, numbers, [h / repair[1] for h in daily], repair)
        return Servers(self, name, numbers, daily, None)

    def _left(self, name: str) -> float:
        """Return the share of a resource that risks leave."""
        share = 1.0
        for table, column in (("work_centres", "stations"), ("work_centres", "availability_share"), ("tools", "sets"), ("skills", "headcount")):  # fmt: skip
            row = self.facts.tables[table].get(name)
            if row and row[column]:
                share *= self.value(table, name, column) / row[column]
        return share

    def step_closed(self, step) -> bool:
        """Say whether a risk closes a step."""
        key = (step["item"], step["site"], step["when"], step["alternative"], f"{step['step']:g}")
        return self.changed("operations", key, "open_share", 1.0) <= 0

    # people who were not hired

    def missing(self, name: str) -> float:
        """Return the people of a skill who are missed today."""
        return self.missed[name][int(self.env.now + 1e-9)]

    def _miss_hires(self, start: int, end: int) -> None:
        """Miss those who cannot be hired in a period, from the end of their training on; make up for others as the pace of hiring has room."""
        for name, skill in self.facts.tables["skills"].items():
            usual = skill["hires_per_week"]
            share = min(1.0, self.value("skills", name, "hires_per_week") / usual) if usual else 1.0
            hired = sum(r["hired"] for r in self.facts.run.rows(PEOPLE) if r["skill"] == name and self.facts.day(r["period_start"]) == start)  # fmt: skip
            fewer = hired * (1 - share)
            room = max(0.0, usual / 7 * (end - start) - hired) * share
            back = min(room, self.unhired[name] + fewer)
            self.unhired[name] += fewer - back
            trained = max(
                s for s in (*self.facts.starts, self.facts.horizon) if s <= start + ceil(skill["training_days"] - 1e-9)
            )
            for d in range(trained, self.facts.horizon):
                self.missed[name][d] += fewer - back
