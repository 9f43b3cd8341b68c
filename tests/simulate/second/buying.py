"""Purchases and carriage in the second engine: orders, suppliers' capacity, lanes, crossings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import ceil, inf

EPS = 1e-6


@dataclass(eq=False)
class Order:
    """An order: units of an offer that come to a place, `expected` of them good."""

    offer: str
    node: tuple
    lane: str
    quantity: float
    expected: float
    key: tuple = ()


class Buying:
    """Orders and carriage (mixed into the world)."""

    def set_up_buying(self) -> None:
        self.held: list[Order] = []
        self.busy: dict = {}
        self.closed: dict = {}
        self.ordered: dict = defaultdict(float)
        self.left: dict = defaultdict(float)
        self.as_of: dict = defaultdict(float)
        self.rate: dict = {}
        self.sending: dict = {}
        self.on_lane: dict = {}
        for name, row in self.facts.tables["crossings"].items():
            self.env.process(self._closures(name, row))

    def _closures(self, name: str, row):
        while True:
            gap = self.luck.gap(row["closures_per_year"] / 365)
            if gap == inf:
                return
            yield self.env.timeout(gap)
            self.closed[name] = self.env.event()
            yield self.env.timeout(self.luck.time("lognormal", row["closure_days"] or 0.0, row["closure_sd_days"]))
            self.closed.pop(name).succeed()

    def order_on(self, line, day=None):
        """Release a purchase on its day (or another): a process of SimPy."""
        yield self.env.timeout(max(0.0, (line.day if day is None else day) - self.env.now))
        key = self.ticket(line.key, line.day, line.node)
        self.release(Order(line.way, line.node, line.lane, line.quantity, line.good, key))

    def release(self, order: Order) -> None:
        if self.is_open("offers", order.offer):
            wait = self.wait_by(
                order.offer, order.lane, self.lead_of(order), self.ordered_before(order.offer), order.node
            )
            if any(one.barred(order.quantity, promised=True) for one in self.standing(self.of_order(order))):
                wait = inf
            other = self.elsewhere(order, wait, self.usual(order))
            order = other or order
            if (other or wait < inf) and self.money.pays(self._prepaid(order)):
                self.ordered[order.offer] += order.quantity
                for one in self.standing(self.of_order(order)):
                    one.promised += order.quantity
                self.env.process(self._ordered(order))
                return
        self.held.append(order)

    def of_order(self, order: Order):
        """Return the licences that an order needs."""
        return self.of_offer(order.offer, order.node[1]) if self.rows else []

    def lead_of(self, order: Order) -> float:
        asked = [r for r in self.of_order(order) if r["kind"] == "per order"]
        return self.lead_by(order.offer) + sum(r["processing_days"] for r in asked)

    def retry_purchases(self) -> None:
        held, self.held = self.held, []
        for order in held:
            self.release(order)

    def _prepaid(self, order: Order) -> float:
        offer = self.facts.tables["offers"][order.offer]
        supplier = self.facts.tables["suppliers"].get(offer["supplier"])
        return (supplier["prepayment_share"] if supplier else 0.0) * offer["unit_price"] * order.expected

    def capacity(self, offer: str) -> float | None:
        return self.value("offers", offer, "capacity_units_per_week")

    def usual(self, order: Order) -> float:
        """Return the days that an order takes as a rule."""
        return (
            self.lead_of(order)
            - self.lead_by(order.offer)
            + self.facts.tables["offers"][order.offer]["lead_days"]
            + self.carriage(order.lane)
        )

    def carriage(self, lane: str) -> float:
        if not lane:
            return 0.0
        row = self.facts.tables["lanes"][lane]
        crossing = self.facts.tables["crossings"].get(row["crossing"])
        return row["transit_days"] + (crossing["delay_hours"] / 24 if crossing else 0.0)

    def lead_by(self, name: str) -> float:
        return self.value("offers", name, "lead_days")

    def ordered_before(self, name: str) -> float:
        """Return the units that a supplier has been asked for and not sent in full."""
        return self.ordered[name] + self.left[name]

    def wait_by(self, name: str, lane: str, lead: float, before: float, node) -> float:
        """Return the days until an order would come by an offer, as things are now (inf: it is cut off)."""
        self._work_on(name)
        capacity = self.capacity(name)
        rows = self.of_offer(name, node[1]) if self.rows else []
        if capacity == 0 or any(one.barred(1e-4, promised=True) for one in self.standing(rows)):
            return inf
        lead = max(lead, self.until_valid(rows))
        return max(lead, 7 * before / capacity if capacity else 0.0) + self.carriage(lane)

    def elsewhere(self, order: Order, wait: float, usual: float) -> Order | None:
        """Return the order at the offer by which it comes first, where its own takes over a period more than usual; None: there is none."""
        if wait <= usual + self.facts.periods.longest or self.facts.policy["sources"] == "planned":
            return None
        item, site = order.node
        others = []
        for name, o in self.facts.tables["offers"].items():
            if o["item"] == item and o["site"] in ("", site) and name != order.offer and self.is_open("offers", name):
                self._work_on(name)
                one = Order(name, order.node, "", 0.0, 0.0)
                rows = self.of_order(one)
                if not self.granted(rows) or not all(t.valid for t in self.standing(rows)):
                    continue
                days = self.wait_by(name, "", self.lead_of(one), self.ordered_before(name), order.node)
                others.append((days, o["rank"], o["unit_price"], name))
        if not others or min(others)[0] >= wait - 1e-7:
            return None
        name = min(others)[3]
        share = self.facts.tables["offers"][name]["acceptance_share"]
        wanted = order.quantity * self.facts.tables["offers"][order.offer]["acceptance_share"] / share
        quantity = self.order_size(name, wanted)
        expected = quantity * share
        self.released[order.node] += expected - order.expected
        return Order(name, order.node, "", quantity, expected, order.key)

    def longer(self, line) -> float:
        """Return by how many days a purchase comes later than usual if it is released now, what others have ordered apart."""
        mine = Order(line.way, line.node, line.lane, line.quantity, line.good)
        usual, lead = self.usual(mine), self.lead_of(mine)
        self._work_on(line.way)
        wait = self.wait_by(line.way, line.lane, lead, self.ordered_before(line.way), line.node)
        released = dict(self.released)
        other = self.elsewhere(mine, wait, usual)
        self.released.update(released)
        days = (
            self.wait_by(other.offer, "", self.lead_of(other), 0, line.node)
            if other
            else self.wait_by(line.way, line.lane, lead, 0, line.node)
        )
        return max(0.0, days - usual) if days < inf else 0.0

    def order_size(self, name: str, quantity: float) -> float:
        """Return a quantity rounded up to the order sizes of an offer."""
        offer = self.facts.tables["offers"][name]
        quantity = max(quantity, offer["minimum_order_units"])
        multiple = offer["order_multiple_units"]
        return ceil(quantity / multiple - 1e-9) * multiple if multiple else quantity

    def _ordered(self, order: Order):
        """An order on its way: lead, dispatch in turn, carriage; a process of SimPy."""
        offer = self.facts.tables["offers"][order.offer]
        paid = self._prepaid(order)
        rows = self.of_order(order)
        asked, lasts = self.ask_for(rows)
        lapses = self.env.now + asked + lasts
        made = self.luck.time(offer["lead_distribution"], offer["lead_days"], offer["lead_sd_days"])
        yield self.env.timeout(made + asked)
        queue = self.busy.setdefault(order.offer, [])
        queue.append(order)
        known = looked = None
        while True:
            now = self.capacity(order.offer)
            if (now != known or (now == 0 and self.round != looked)) and now is not None:
                self._work_on(order.offer)
                ahead = queue[: queue.index(order)]
                before = sum(
                    self.left[order.offer] if o is self.sending.get(order.offer) else o.quantity for o in ahead
                )
                wait = self.wait_by(order.offer, order.lane, 0.0, before, order.node)
                other = self.elsewhere(order, wait, self.carriage(order.lane)) if before > EPS or now == 0 else None
                if other:
                    self.ordered[order.offer] -= order.quantity
                    self.not_promised(order)
                    queue.remove(order)
                    self._stir(order.offer)
                    self.money.cash += paid
                    self.release(other)
                    return
            known, looked = now, self.round
            if queue[0] is order and now != 0:
                break
            yield self.env.any_of([self.changed_queue(order.offer), self.risk_change(), self.next_round()])
        self.ordered[order.offer] -= order.quantity
        if now:
            self.env.process(self._busy(queue, order))
        else:
            queue.pop(0)
            self._stir(order.offer)
        while not self.may_go(rows, order.quantity) or self.env.now >= lapses:
            if any(one.barred(order.quantity, promised=False) for one in self.standing(rows)):
                self.not_promised(order)
                self.money.cash += paid
                self.release(order)
                return
            if self.may_go(rows, order.quantity):
                asked, lasts = self.ask_for(rows)
                lapses = self.env.now + asked + lasts
                yield self.env.timeout(asked)
            else:
                yield self.gate_change()
        self.go(rows, order.quantity, ordered=True)
        good = self.luck.share(order.quantity, offer["acceptance_share"])
        yield from self.carry(order.lane, order.node, (order.quantity, good, order.expected), order.key)
        self.bought[order.offer] += good
        supplier = self.facts.tables["suppliers"].get(offer["supplier"])
        rest = offer["unit_price"] * good - paid
        self.money.later(supplier["payment_days"] if supplier else 0.0, -rest)

    def not_promised(self, order: Order) -> None:
        for one in self.standing(self.of_order(order)):
            one.promised -= order.quantity

    def _busy(self, queue, order: Order):
        """A supplier works on an order at whatever capacity he has: a process of SimPy."""
        offer = order.offer
        self.left[offer], self.as_of[offer], self.sending[offer] = order.quantity, self.env.now, order
        while True:
            capacity = self.rate[offer] = self.capacity(offer)
            change = self.risk_change()
            end = [self.env.timeout(7 * self.left[offer] / capacity)] if capacity else []
            found = yield self.env.any_of([change, *end])
            self._work_on(offer)
            if end and end[0] in found:
                break
        self.left[offer] = 0.0
        self.sending.pop(offer)
        queue.remove(order)
        self._stir(offer)

    def _work_on(self, offer: str) -> None:
        """Bring up to now what is left of the order that a supplier works on."""
        if self.left[offer]:
            done = (self.env.now - self.as_of[offer]) * (self.rate[offer] or 0.0) / 7
            self.left[offer] = max(0.0, self.left[offer] - done)
        self.as_of[offer], self.rate[offer] = self.env.now, self.capacity(offer)

    def _stir(self, offer: str) -> None:
        self.queue_events.pop(offer, self.env.event()).succeed()

    def changed_queue(self, offer: str):
        return self.queue_events.setdefault(offer, self.env.event())

    def _in_turn(self, lane: str, kg: float):
        """Wait for a lane until it has carried what came before, and keep it busy: a process of SimPy."""
        if self.facts.tables["lanes"][lane]["capacity_kg_per_week"] is None:
            return
        queue, mine = self.on_lane.setdefault(lane, []), self.env.event()
        queue.append(mine)
        while queue[0] is not mine or not self.value("lanes", lane, "capacity_kg_per_week"):
            yield self.env.any_of([*queue[: queue.index(mine)], self.risk_change()])
        self.env.process(self._carried(lane, queue, kg))

    def _carried(self, lane: str, queue, kg: float):
        """Keep a lane busy with a load, at whatever capacity it has: a process of SimPy."""
        left = kg
        while left > EPS:
            rate, since = self.value("lanes", lane, "capacity_kg_per_week") / 7, self.env.now
            end = [self.env.timeout(left / rate)] if rate else []
            found = yield self.env.any_of([self.risk_change(), *end])
            left = 0.0 if end and end[0] in found else left - rate * (self.env.now - since)
        queue.pop(0).succeed()

    def carry(self, lane: str, node, units: tuple[float, float, float], key: tuple):
        """Carry units (that are sent, good and expected) over a lane and its crossing: a process of SimPy."""
        if lane:
            while not self.is_open("lanes", lane):
                yield self.gate_change()
            yield from self._in_turn(lane, units[0] * self.facts.tables["items"][node[0]]["weight_kg"])
            row = self.facts.tables["lanes"][lane]
            crossing = self.facts.tables["crossings"].get(row["crossing"])
            transit = self.luck.time("lognormal", row["transit_days"], row["transit_sd_days"])
            yield self.env.timeout(transit)
            if crossing:
                if row["crossing"] in self.closed:
                    yield self.closed[row["crossing"]]
                delay, sd = crossing["delay_hours"] / 24, crossing["delay_sd_hours"] / 24
                yield self.env.timeout(self.luck.varied("lognormal", delay, sd))
        self.receive(node, *units, key)
