"""A programme of any size: products over three levels at three sites, capacity that is too small, demand with backlog."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Customer,
    Demand,
    Item,
    Lane,
    Offer,
    Operation,
    Settings,
    Site,
    Supplier,
    WorkCentre,
)
from tandemplan.model.tables import from_rows

START = date(2027, 1, 4)
SITES = ("north", "south", "east")


def synthetic(items: int, weeks: int, seed: int = 1, *, customers: int = 2, every: int = 2) -> Programme:
    """Return a programme of about `items` items (a tenth products, three tenths assemblies, the rest parts).

    Each of `customers` asks for each product once in `every` weeks; the first is of class 1, all others of class 2.
    `synthetic(2000, 104, customers=15, every=1)` has 311,045 rows.
    """
    names = ["own", "allied", *(f"ally-{k:02d}" for k in range(3, customers + 1))][:customers]
    random = np.random.default_rng(seed)
    products = [f"P{k:04d}" for k in range(max(1, items // 10))]
    assemblies = [f"A{k:04d}" for k in range(max(1, 3 * items // 10))]
    parts = [f"R{k:04d}" for k in range(items - len(products) - len(assemblies))]
    bom = [
        BomLine(parent=parent, component=component, quantity_units=float(random.integers(1, 4)))
        for level, below in ((products, assemblies), (assemblies, parts))
        for parent in level
        for component in random.choice(below, size=min(4, len(below)), replace=False)
    ]
    centres = [
        WorkCentre(work_centre=f"W{k}-{s}", site=s, stations=float(items) / 40) for s in SITES[:2] for k in range(10)
    ]
    operations = [
        Operation(
            item=i, site=s, work_centre=f"W{random.integers(10)}-{s}", plateau_hours=float(random.uniform(0.5, 2.5))
        )
        for s in SITES[:2]
        for i in [*products, *assemblies]
    ]
    demands = [
        Demand(
            demand=f"D{p}-{w:03d}-{c}", contract=f"{c}-{p}", site="east", quantity_units=float(random.integers(5, 40)),
            due=START + timedelta(days=7 * w + 4), latest=None if w > weeks - 12 else START + timedelta(days=7 * w + 60),
        )
        for p in products
        for w in range(4, weeks, every)
        for c in names
    ]  # fmt: skip
    tables = [
        [Site(site=s) for s in SITES],
        [Customer(customer=c, demand_class=1 if c == "own" else 2) for c in names],
        [Contract(contract=f"{c}-{p}", customer=c, item=p, unit_price=1000.0) for p in products for c in names],
        [Item(item=i, weight_kg=1.0, standard_cost=float(random.uniform(5, 500))) for i in [*products, *assemblies, *parts]],
        bom,
        centres,
        operations,
        [Supplier(supplier="trade")],
        [
            Offer(offer=f"O-{r}", supplier="trade", item=r, unit_price=float(random.uniform(1, 50)), lead_days=float(random.integers(7, 60)),
                  capacity_units_per_week=float(random.integers(200, 2000)))
            for r in parts
        ],
        [Lane(lane=f"trade-{s}", from_place="trade", to_site=s, transit_days=3.0, kg_cost=0.1) for s in SITES[:2]],
        [Lane(lane=f"{a}-{b}", from_place=a, to_site=b, transit_days=2.0, kg_cost=0.2) for a in SITES[:2] for b in SITES if a != b],
        demands,
    ]  # fmt: skip
    lanes = [*tables[9], *tables[10]]
    made = [*tables[:9], lanes, demands]
    settings = Settings(name="synthetic", start=START, periods=f"{weeks} weeks", holding_per_year_share=0.2)
    return Programme(settings, {t[0].DESCRIPTION.name: from_rows(type(t[0]), t) for t in made})
