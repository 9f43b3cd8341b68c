"""Purchases and carriage in the second engine: orders, suppliers' capacity, lanes, crossings."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf


@dataclass(eq=False)
class Order:
    """An order: units of an offer that come to a place, `expected` of them good."""

    offer: str
    node: tuple
    lane: str
    quantity: float
    expected: float


class Buying:
    """Orders and carriage (mixed into the world)."""

    def set_up_buying(self) -> None:
        self.held: list[Order] = []
        self.busy: dict = {}
        self.closed: dict = {}
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
        self.release(Order(line.way, line.node, line.lane, line.quantity, line.good))

    def release(self, order: Order) -> None:
        if self.capacity(order.offer) == 0:
            order = self.elsewhere(order)
        if self.is_open("offers", order.offer) and self.money.pays(self._prepaid(order)):
            self.env.process(self._ordered(order))
        else:
            self.held.append(order)

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

    def elsewhere(self, order: Order) -> Order:
        """Return the order at the first other offer that is open and delivers, or the order itself."""
        item, site = order.node
        others = [
            (o["rank"], o["unit_price"], name)
            for name, o in self.facts.tables["offers"].items()
            if o["item"] == item and o["site"] in ("", site) and name != order.offer
            and self.is_open("offers", name) and self.capacity(name) != 0
        ]  # fmt: skip
        if not others:
            return order
        name = min(others)[2]
        share = self.facts.tables["offers"][name]["acceptance_share"]
        wanted = order.quantity * self.facts.tables["offers"][order.offer]["acceptance_share"] / share
        quantity = self.order_size(name, wanted)
        expected = quantity * share
        self.released[order.node] += expected - order.expected
        return Order(name, order.node, "", quantity, expected)

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
        yield self.env.timeout(self.luck.time(offer["lead_distribution"], offer["lead_days"], offer["lead_sd_days"]))
        queue = self.busy.setdefault(order.offer, [])
        queue.append(order)
        while queue[0] is not order:
            yield self.changed_queue(order.offer)
        while self.capacity(order.offer) == 0:
            other = self.elsewhere(order)
            if other is not order:
                self._leave(queue, order.offer)
                self.money.cash += paid
                self.release(other)
                return
            yield self.risk_change()
        capacity = self.capacity(order.offer)
        if capacity:
            self.env.process(self._busy(queue, order, 7 * order.quantity / capacity))
        else:
            self._leave(queue, order.offer)
        good = self.luck.share(order.quantity, offer["acceptance_share"])
        yield from self.carry(order.lane, order.node, good, order.expected)
        supplier = self.facts.tables["suppliers"].get(offer["supplier"])
        rest = offer["unit_price"] * good - paid
        self.money.later(supplier["payment_days"] if supplier else 0.0, -rest)

    def _busy(self, queue, order: Order, days: float):
        yield self.env.timeout(days)
        self._leave(queue, order.offer)

    def _leave(self, queue, offer: str) -> None:
        queue.pop(0)
        self.queue_events.pop(offer, self.env.event()).succeed()

    def changed_queue(self, offer: str):
        return self.queue_events.setdefault(offer, self.env.event())

    def carry(self, lane: str, node, units: float, expected: float):
        """Carry units over a lane and its crossing: a process of SimPy."""
        if lane:
            while not self.is_open("lanes", lane):
                yield self.gate_change()
            row = self.facts.tables["lanes"][lane]
            crossing = self.facts.tables["crossings"].get(row["crossing"])
            transit = self.luck.time("lognormal", row["transit_days"], row["transit_sd_days"])
            yield self.env.timeout(transit)
            if crossing:
                if row["crossing"] in self.closed:
                    yield self.closed[row["crossing"]]
                delay, sd = crossing["delay_hours"] / 24, crossing["delay_sd_hours"] / 24
                yield self.env.timeout(self.luck.varied("lognormal", delay, sd))
        self.arrive(node, units, expected)
