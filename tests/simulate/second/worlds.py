"""Random small worlds that the second engine can follow: a plant, what it buys, who asks for what, and what may go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tandemplan.model.draft import Draft
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Cost,
    Crossing,
    Customer,
    Demand,
    Item,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Risk,
    RiskLink,
    Row,
    ShiftPattern,
    Site,
    Skill,
    Stock,
    Supplier,
    Task,
    Tool,
    Tranche,
    WorkCentre,
)

START = date(2026, 6, 1)  # a Monday
WEEKS = 24
MADE = ("x", "y", "a", "b")  # products first; each may hold those after it
PARTS = ("p", "q", "r")
SHAPES = {"uniform": 0.5, "triangular": 0.35, "pert": 0.3, "normal": 0.24, "lognormal": 0.8, "gamma": 0.8}  # most sd


class Dice:
    """Numbers of one world."""

    def __init__(self, seed: int, number: int):
        self.rng = np.random.default_rng((seed, number))

    def yes(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def real(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 2)

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def pick(self, *what):
        return what[self.whole(0, len(what) - 1)]

    def time(self, low: float, high: float) -> tuple[float, float, str]:
        """Return mean, sd and shape of a time."""
        mean, shape = self.real(low, high), self.pick(*SHAPES)
        return mean, round(mean * self.real(0.1, SHAPES[shape]), 2), shape


@dataclass(frozen=True)
class Sketch:
    """What was drawn first: items, hours of each made item at each centre, hours a week of centres, and what is switched on."""

    dice: Dice
    products: tuple[str, ...]
    made: tuple[str, ...]
    parts: tuple[str, ...]
    base: bool
    money: bool
    kind: str  # work learns, or some numbers are whole, or neither (with both, plans take long)
    tasks: tuple[str, ...]
    bills: dict[str, dict[str, int]]

    def units(self, product: str) -> dict[str, float]:
        """Return units of everything in one unit of a product."""
        found = {product: 1.0}
        for item in self.made:
            for component, quantity in self.bills[item].items():
                found[component] = found.get(component, 0.0) + quantity * found.get(item, 0.0)
        return found


def world(seed: int, number: int) -> Programme:
    """Return one world: the same for the same seed and number."""
    dice = Dice(seed, number)
    products = ("x", "y")[: dice.whole(1, 2)]
    made = (*products, *("a", "b")[: dice.whole(0, 2)])
    parts = PARTS[: dice.whole(1, 3)]
    bills = {item: bill(dice, item, made, parts) for item in made}
    tasks = ("permit", "trial")[: dice.pick(0, 0, 1, 2)]
    sketch = Sketch(
        dice,
        products,
        made,
        parts,
        dice.yes(0.4),
        dice.yes(0.4),
        dice.pick("learns", "whole", "plain", "plain"),
        tasks,
        bills,
    )
    shop, pace = shop_rows(sketch)
    rows = [*place_rows(sketch), *shop, *buying_rows(sketch)]
    asked, units = asking_rows(sketch, pace)
    rows += asked
    rows += [*risk_rows(sketch), *money_rows(sketch, units), *standing_rows(sketch)]
    return Draft(name=f"world {number}", start=START, periods=f"{WEEKS} weeks").add(*rows).programme()


def bill(dice: Dice, item: str, made: tuple[str, ...], parts: tuple[str, ...]) -> dict[str, int]:
    below = [m for m in made[made.index(item) + 1 :] if m not in ("x", "y")]
    chosen = list(dice.rng.permutation(below)[: dice.whole(0, 2)]) if below else []
    if not chosen or dice.yes(0.4):
        chosen.append(dice.pick(*parts))
    return {str(c): dice.pick(1, 1, 2) for c in dict.fromkeys(chosen)}


def place_rows(s: Sketch) -> list[Row]:
    dice = s.dice
    rows: list[Row] = [Site(site="works")]
    rows += [Item(item=i, weight_kg=1, standard_cost=10) for i in (*s.made, *s.parts)]
    rows += [
        BomLine(parent=p, component=c, quantity_units=q, scrap_share=dice.pick(0, 0, 0, 0.1))
        for p, of in s.bills.items()
        for c, q in of.items()
    ]
    if s.base:
        closures = dice.pick(0, 4, 10)
        delay = dice.real(5, 60)
        rows += [
            Site(site="base"),
            Crossing(
                crossing="border", delay_hours=delay, delay_sd_hours=round(delay * dice.real(0.2, 1), 2),
                closures_per_year=closures, closure_days=dice.real(3, 15), closure_sd_days=dice.real(1, 8),
            ),
            Lane(
                lane="road", from_place="works", to_site="base", transit_days=dice.real(1, 6),
                transit_sd_days=dice.real(0.2, 3), crossing=dice.pick("", "border", "border"),
            ),
        ]  # fmt: skip
    for k, task in enumerate(s.tasks):
        mean, sd, shape = dice.time(10, 35)
        rows.append(
            Task(
                task=task, duration_days=mean, duration_sd_days=sd, duration_distribution=shape,
                predecessors=(f"permit+{dice.whole(0, 9)}",) if k else (),
                earliest=START + timedelta(days=dice.whole(0, 20)) if not k or dice.yes(0.3) else None,
            )
        )  # fmt: skip
    return rows


def shop_rows(s: Sketch) -> tuple[list[Row], dict[str, float]]:
    """Return what makes things, and the most units a week of each product."""
    dice = s.dice
    rows: list[Row] = [ShiftPattern(shift_pattern="one", shifts_per_day=1, days_per_week=5, hours_per_shift=8)]
    hours: dict[str, float] = {}
    resources: dict[str, str] = {}
    for name in ("mill", "rig")[: dice.whole(1, 2)]:
        number, broken = dice.whole(1, 3), dice.yes(0.4)
        share = dice.real(0.75, 0.95)
        rows.append(
            WorkCentre(
                work_centre=name, site="works", stations=number, shift_pattern="one",
                availability_share=share if broken else 1, repair_hours=dice.real(2, 20) if broken else None,
            )
        )  # fmt: skip
        hours[name], resources[name] = 40 * number * (share if broken else 1), "work_centre"
    if dice.yes(0.5):
        heads = dice.whole(1, 4)
        rows.append(Skill(skill="fitter", site="works", headcount=heads, hours_per_week=dice.pick(30, 40), shift_pattern="one", hour_cost=dice.pick(0, 0.1)))  # fmt: skip
        hours["fitter"] = 30.0 * heads
    if dice.yes(0.3):
        centre = dice.pick(*resources)
        rows.append(Tool(tool="jig", site="works", work_centre=centre, sets=dice.whole(1, 2)))
        hours["jig"] = 40.0
    used: dict[str, dict[str, float]] = {}
    for item in s.made:
        used[item] = {}
        for step in range(10, 10 * dice.whole(1, 2) + 1, 10):
            row = operation(s, item, step, dice.pick(*resources), set(hours))
            rows.append(row)
            for name, of in ((row.work_centre, row.plateau_hours), (row.skill, row.plateau_hours), (row.tool, row.tool_hours)):  # fmt: skip
                if name:
                    used[item][name] = used[item].get(name, 0.0) + of
    pace = {}
    for product in s.products:
        load = {n: sum(q * used.get(i, {}).get(n, 0.0) for i, q in s.units(product).items()) for n in hours}
        pace[product] = min(h / load[n] for n, h in hours.items() if load[n] > 0)
    return rows, pace


def operation(s: Sketch, item: str, step: int, centre: str, there: set[str]) -> Operation:
    dice = s.dice
    mature = dice.real(1, 9)
    skill = "fitter" if "fitter" in there and dice.yes(0.5) else ""
    tool = "jig" if "jig" in there and dice.yes(0.4) else ""
    learns = s.kind == "learns" and dice.yes(0.6)
    good = dice.pick(1, 1, dice.real(0.8, 0.98))
    young = good < 1 and dice.yes(0.4)
    reworks = good < 1 and dice.yes(0.5)
    return Operation(
        item=item, site="works", step=step, work_centre=centre, skill=skill, tool=tool,
        tool_hours=round(mature * dice.real(0.4, 1), 2) if tool else 0,
        plateau_hours=mature,
        first_unit_hours=round(mature * dice.real(1.2, 3), 2) if learns else None,
        learning_slope=dice.real(0.8, 0.95) if learns else 1,
        experience_units=dice.pick(0, 0, 5) if learns else 0,
        hours_cv=dice.pick(0, dice.real(0.2, 1.2), dice.real(0.2, 1.2)),
        yield_mature_share=good,
        yield_start_share=round(good * dice.real(0.7, 0.95), 2) if young else None,
        yield_learning_units=dice.whole(5, 30) if young else None,
        rework_share=dice.real(0.2, 1) if reworks else 0,
        rework_hours=dice.real(1, 5) if reworks else 0,
        setup_hours=dice.pick(0, 0, dice.real(1, 4)),
        lot_units=None if s.kind == "whole" and dice.yes(0.5) else 4,
        opens_after=(s.tasks[-1],) if s.tasks and dice.yes(0.3) else (),
    )  # fmt: skip


def buying_rows(s: Sketch) -> list[Row]:
    dice = s.dice
    prepaid = s.money and dice.yes(0.7)
    rows: list[Row] = [
        Supplier(supplier=v, prepayment_share=dice.pick(0.3, 0.6, 1) if prepaid else 0, payment_days=dice.pick(0, 14, 30))
        for v in ("east", "west")
    ]  # fmt: skip
    for part in s.parts:
        for rank, supplier in enumerate(("east", "west")[: dice.whole(1, 2)], 1):
            mean, sd, shape = dice.time(5, 30)
            rows.append(
                Offer(
                    offer=f"{supplier}-{part}", supplier=supplier, item=part, site="works", rank=rank,
                    unit_price=dice.whole(5, 20) * rank, lead_days=mean, lead_sd_days=sd, lead_distribution=shape,
                    order_multiple_units=dice.pick(0, 1, 5) if s.kind == "whole" else 0,
                    minimum_order_units=dice.pick(0, 0, 4) if s.kind == "whole" else 0,
                    acceptance_share=dice.pick(1, 1, dice.real(0.7, 0.98)),
                    capacity_units_per_week=dice.pick(None, None, dice.whole(10, 40)),
                    opens_after=(s.tasks[0],) if s.tasks and dice.yes(0.15) else (),
                )
            )  # fmt: skip
    return rows


def asking_rows(s: Sketch, pace: dict[str, float]) -> tuple[list[Row], float]:
    """Return who asks for what, and the units that are asked for."""
    dice = s.dice
    rows: list[Row] = [Customer(customer="army", demand_class=1), Customer(customer="shop", demand_class=2)]
    contracts: dict[str, str] = {}
    for customer in ("army", "shop"):
        for product in s.products:
            name = f"{customer}-{product}"
            certain = dice.yes(0.75)
            rows.append(
                Contract(
                    contract=name, customer=customer, item=product, unit_price=dice.whole(80, 200),
                    certainty="firm" if certain else dice.pick("option", "forecast"),
                    probability=1 if certain else dice.real(0.3, 0.8), quantity_cv=dice.pick(0, 0, dice.real(0.1, 0.4)),
                    payment_days=dice.pick(0, 20), advance_share=dice.pick(0, 0.2) if s.money else 0,
                    damages_per_week_share=dice.pick(0, 0.02), damages_cap_share=0.1,
                    opens_after=(s.tasks[-1],) if s.tasks and dice.yes(0.4) else (),
                )
            )  # fmt: skip
            contracts[name] = product
    due, before = dice.whole(49, 84), 21.0
    total = 0.0
    for n in range(dice.whole(2, 5)):
        contract = dice.pick(*contracts)
        most = pace[contracts[contract]] * (due - before) / 7
        units = int(min(max(round(most * dice.real(0.3, 0.95)), 1), 40))
        total += units
        rows.append(
            Demand(
                demand=f"d{n}", contract=contract, site=dice.pick("works", "base") if s.base else "works",
                quantity_units=units, due=START + timedelta(days=due),
                minimum_shipment_units=dice.pick(0, 0, min(4, units)) if s.kind == "whole" else 0,
            )
        )  # fmt: skip
        before, due = due, min(due + dice.whole(5, 30), 7 * WEEKS - 14)
    return rows, total


def risk_rows(s: Sketch) -> list[Row]:
    dice = s.dice
    changes = (
        f"offers[east-{s.parts[0]}].capacity_units_per_week *= 0",
        f"offers[east-{s.parts[-1]}].capacity_units_per_week *= 0.5",
        "demands[d0].quantity_units *= 0.8",
        "demands[*].quantity_units *= 1.2",
    )
    rows: list[Row] = []
    for n, change in enumerate(changes):
        if dice.yes(0.25):
            mean, sd, shape = dice.time(10, 60)
            often = dice.yes(0.7)
            lasting = not often and dice.yes(0.5)
            rows.append(
                Risk(
                    risk=f"risk{n}", group=dice.pick("", "peace", "plants"),
                    rate_per_year=dice.real(0.5, 4) if often else None,
                    probability=None if often else dice.real(0.1, 0.6),
                    duration_days=None if lasting else mean, duration_sd_days=0 if lasting else sd,
                    duration_distribution=shape, changes=(change,),
                )
            )  # fmt: skip
    if len({r.group for r in rows} - {""}) == 2:
        rows.append(RiskLink(from_group="peace", to_group="plants", rate_factor=dice.real(1.5, 4)))
    return rows


def money_rows(s: Sketch, units: float) -> list[Row]:
    """Return tranches that pay for about what the units cost, in two parts, and some fixed cost."""
    if not s.money:
        return []
    dice = s.dice
    cost = 40.0 * units
    later = START + timedelta(days=dice.whole(20, 70))
    return [
        Tranche(tranche="seed", kind="company", amount=round(cost * dice.real(0.2, 1)), date=START),
        Tranche(
            tranche="round", kind="company", amount=round(cost * dice.real(0.2, 1)), date=later,
            slip_days=dice.whole(0, 20), slip_sd_days=dice.whole(1, 15),
            opens_after=(s.tasks[0],) if s.tasks and dice.yes(0.4) else (), evidence_days=dice.pick(0, 5),
        ),
        Cost(cost="rent", category="opex", per="month", amount=round(0.01 * cost)),
    ]  # fmt: skip


def standing_rows(s: Sketch) -> list[Row]:
    dice = s.dice
    rows: list[Row] = [
        Stock(site="works", item=i, quantity_units=dice.whole(1, 6)) for i in (*s.made, *s.parts) if dice.yes(0.2)
    ]
    if dice.yes(0.3):
        when = START + timedelta(days=dice.whole(3, 40))
        rows.append(OpenOrder(order="o1", item=dice.pick(*s.parts), site="works", quantity_units=dice.whole(2, 12), promised=when))  # fmt: skip
    return rows
