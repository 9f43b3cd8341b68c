"""A tiny shop whose best re-plan can be sought without the planner: weeks, kits that are bought, products that are built from them on a bench.

A kit comes with its order on a Friday, an open order on a Monday; both can be built in that week, and are delivered on its Friday.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import highspy
from hypothesis import strategies as st

from tandemplan.model.programme import Programme
from tandemplan.testing.models import programme_of

START, WEEK, FENCE = date(2026, 6, 1), timedelta(days=7), 84.0
HOURS = 168  # a week of a bench that has no shifts
FRIDAY = timedelta(days=4)
PRODUCTS = ("bike", "trike")


@dataclass(frozen=True)
class Demand:
    """So many units of a product that a customer of a class asks for by the Friday of a week."""

    name: str
    product: str
    rank: int
    units: int
    week: int


@dataclass(frozen=True)
class Shop:
    """Each product is built from one kit of its own. `open_week` and `open_units` are open orders by product; a fact puts the one of `bike` off by `late` weeks."""

    weeks: int
    products: tuple[str, ...]
    shared: bool
    hours: dict[str, int]
    lead: int
    most: dict[str, int]
    open_week: dict[str, int]
    open_units: dict[str, int]
    demands: tuple[Demand, ...]
    late: int
    as_of: int
    frozen: int = 0
    fence: int = 0

    @property
    def day(self) -> date:
        """Return the Monday from which on things are not done yet."""
        return START + self.as_of * WEEK

    def bench(self, product: str) -> str:
        """Return the bench on which a product is built."""
        return "bench" if self.shared else f"bench of {product}"

    def delayed(self) -> Shop:
        """Return the shop once the open order of bikes' kits is known to be late."""
        return replace(self, open_week={**self.open_week, "bike": self.open_week["bike"] + self.late})

    def programme(self) -> Programme:
        """Return the shop in the model language."""
        kits = [f"kit of {p}" for p in self.products]
        lines = [
            f"start = {START}", f"periods = {self.weeks} weeks", f"frozen_days = {self.frozen}",
            f"release_fence_days = {self.fence}",
            "[items]", "item", *self.products, *kits,
            "[offers]", "offer,item,unit_price,lead_days,capacity_units_per_week",
            *(f"offer of {p},kit of {p},100,{7 * self.lead},{self.most[p]}" for p in self.products),
            "[bom]", "parent,component,quantity_units", *(f"{p},kit of {p},1" for p in self.products),
            "[operations]", "item,step,work_centre,plateau_hours",
            *(f"{p},1,{self.bench(p)},{self.hours[p]}" for p in self.products),
            "[work_centres]", "work_centre,stations", *sorted({f"{self.bench(p)},1" for p in self.products}),
            "[open_orders]", "order,offer,item,quantity_units,promised",
            *(
                f"open {p},offer of {p},kit of {p},{self.open_units[p]},{START + self.open_week[p] * WEEK}"
                for p in self.products
            ),
            "[customers]", "customer,demand_class", "first,1", "second,2",
            "[demands]", "demand,customer,item,quantity_units,due",
            *(
                f"{d.name},{('first', 'second')[d.rank - 1]},{d.product},{d.units},{START + d.week * WEEK + FRIDAY}"
                for d in self.demands
            ),
        ]  # fmt: skip
        return programme_of("\n".join(lines))


@st.composite
def shops(draw, frozen=(0,), fences=(0,)):
    """Draw a shop, the week in which its open order is put off, by how many weeks, and one of some `frozen` days and of some `fences`."""
    weeks, products = draw(st.integers(4, 6)), PRODUCTS[: draw(st.integers(1, 2))]
    units = st.integers(1, 8)

    def each(numbers):
        return {p: draw(numbers) for p in products}

    demands = tuple(
        Demand(f"D{n}", draw(st.sampled_from(products)), draw(st.integers(1, 2)), draw(units), draw(st.integers(0, weeks - 1)))
        for n in range(draw(st.integers(2, 5)))
    )  # fmt: skip
    late, as_of = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    opened = {p: draw(st.integers(as_of, weeks - 2)) for p in products}
    return Shop(
        weeks, products, draw(st.booleans()), each(st.sampled_from((21, 42, 56))), draw(st.integers(0, 2)), each(st.integers(0, 6)),
        opened, each(units), demands, late, as_of, draw(st.sampled_from(frozen)), draw(st.sampled_from(fences)),
    )  # fmt: skip


@dataclass(frozen=True)
class Best:
    """What the best re-plan of a shop comes to: the values of classes in their order, and unit-days by which purchases and production move."""

    frozen: float
    values: tuple[float, ...]
    moved: float


@dataclass
class _Model:
    """A linear model of a shop, all of it written down here."""

    shop: Shop
    solver: highspy.Highs = field(default_factory=highspy.Highs)

    def __post_init__(self) -> None:
        self.solver.setOptionValue("output_flag", False)
        shop, add = self.shop, self.variable
        weeks = range(shop.weeks)
        self.buy = {(p, t): add() for p in shop.products for t in weeks}
        self.make = {(p, t): add() for p in shop.products for t in weeks}
        self.deliver = {(d, t): add() for d in shop.demands for t in weeks}
        for p in shop.products:
            for t in weeks:
                came = sum(self.buy[p, s] for s in range(t + 1))
                opened = shop.open_units[p] * (shop.open_week[p] <= t)
                used, gone = (
                    sum(x for (q, s), x in of.items() if q == p and s <= t) for of in (self.make, self.sold())
                )
                self.solver.addConstr(came + opened - used >= 0)
                self.solver.addConstr(used - gone >= 0)
                late = START + t * WEEK + FRIDAY - shop.lead * WEEK < START
                self.solver.addConstr(self.buy[p, t] <= (0 if late else shop.most[p]))
        for bench in {shop.bench(p) for p in shop.products}:
            for t in weeks:
                here = [p for p in shop.products if shop.bench(p) == bench]
                self.solver.addConstr(sum(shop.hours[p] * self.make[p, t] for p in here) <= HOURS)
        for d in shop.demands:
            self.solver.addConstr(sum(self.deliver[d, t] for t in weeks) <= d.units)

    def variable(self):
        """Return a column from 0 on."""
        return self.solver.addVariable(0, highspy.kHighsInf)

    def sold(self):
        """Return the units delivered, by product and week."""
        found = {}
        for (d, t), x in self.deliver.items():
            found[d.product, t] = found.get((d.product, t), 0) + x
        return found

    def value(self, rank):
        """Return the unit-days of lateness of a class; units that never come are late until a week after the end."""
        weeks, total = self.shop.weeks, 0
        for d in (d for d in self.shop.demands if d.rank == rank):
            never = 7.0 * weeks + 7 - (7 * d.week + 4)
            total += never * d.units + sum(
                (7 * max(t - d.week, 0) - never) * self.deliver[d, t] for t in range(weeks)
            )  # fmt: skip
        return total

    def done(self, old, as_of):
        """Keep what is done, let what is ordered be cancelled only, and return the units of frozen orders that are cancelled."""
        shop, day, cancelled = self.shop, 7 * as_of, 0
        for (p, t), x in self.buy.items():
            was = old["buy"].get((p, t), 0.0)
            receipt = 7 * t + 4
            release = receipt - 7 * shop.lead
            if receipt < day:
                self.solver.addConstr(x == was)
            elif release < day + shop.fence:
                self.solver.addConstr(x <= was)
            if day <= receipt and release < day + shop.frozen:
                cancelled += self.down(x, was)
        for (p, t), x in self.make.items():
            was = old["make"].get((p, t), 0.0)
            if t < as_of:
                self.solver.addConstr(x == was)
                continue
            if 7 * t < day + shop.fence:
                self.solver.addConstr(x <= was)
            if 7 * t < day + shop.frozen:
                cancelled += self.down(x, was)
        for (d, t), x in self.deliver.items():
            if t < as_of:
                self.solver.addConstr(x == old["deliver"].get((d.name, t), 0.0))
        return cancelled

    def down(self, x, was):
        """Return a column that is at least how far another one lies below what it was."""
        less = self.variable()
        self.solver.addConstr(less >= was - x)
        return less

    def moved(self, old):
        """Return the unit-days by which purchases and production move, each week's units sent to weeks as cheaply as can be."""
        total = 0
        for name, of in (("buy", self.buy), ("make", self.make)):
            for p in self.shop.products:
                total += self.sent(
                    [old[name].get((p, t), 0.0) for t in range(self.shop.weeks)], [of[p, t] for t in range(self.shop.weeks)]
                )  # fmt: skip
        return total

    def sent(self, old, new):
        """Return the cost of sending units from their old weeks to new ones; a unit that is cancelled or new costs FENCE days."""
        weeks, total = range(len(old)), 0
        flow = {(s, t): self.variable() for s in weeks for t in weeks}
        gone, come = [self.variable() for _ in weeks], [self.variable() for _ in weeks]
        for t in weeks:
            self.solver.addConstr(sum(flow[t, s] for s in weeks) + gone[t] == old[t])
            self.solver.addConstr(sum(flow[s, t] for s in weeks) + come[t] == new[t])
        total += sum(7.0 * abs(s - t) * x for (s, t), x in flow.items() if s != t)
        return total + FENCE * sum(gone) + FENCE * sum(come)

    def least(self, of):
        """Return the least value of something, and keep it there from now on; None where there is no plan."""
        if isinstance(of, (int, float)):
            return float(of)
        self.solver.minimize(of)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = self.solver.getInfo().objective_function_value
        self.solver.addConstr(of <= found + 1e-6)
        return found


def best(shop: Shop, old: dict[str, dict]) -> Best | None:
    """Return the best re-plan of a shop whose late order is known: frozen orders, classes in their order, then what moves; None where there is none.

    `old` are units bought, made (by product and week) and delivered (by demand and week) in the plan before.
    """
    model = _Model(shop.delayed())
    cancelled = model.done(old, shop.as_of)
    frozen = model.least(cancelled)
    if frozen is None:
        return None
    values = tuple(model.least(model.value(rank)) for rank in (1, 2))
    return Best(frozen, values, model.least(model.moved(old)))


def first(shop: Shop) -> tuple[float, ...]:
    """Return the values of classes in their order in the best plan of a shop from nothing: what its fence closes is empty."""
    model = _Model(shop)
    nothing = {"buy": {}, "make": {}, "deliver": {}}
    model.done(nothing, 0)
    return tuple(model.least(model.value(rank)) for rank in (1, 2))


def cheapest(old: list[float], new: list[float]) -> float:
    """Return the unit-days by which one series of weeks is another one, moved as cheaply as can be."""
    model = _Model(Shop(1, (), False, {}, 0, {}, {}, {}, (), 0, 0))
    columns = [model.variable() for _ in new]
    for x, units in zip(columns, new, strict=True):
        model.solver.addConstr(x == units)
    return model.least(model.sent(old, columns))
