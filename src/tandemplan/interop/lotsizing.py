"""Published lot-sizing instances as programmes: what they ask, in the tables of the model language.

A period is a day. Hours are the instance's own, of a work centre for each resource; holding costs a unit what the instance
says for each period in which it lies; a unit late costs its backlog cost for each period. Where the instance lets no demand
be lost, a lost unit costs more than any set-ups, stock and delay that it could save.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tandemplan.interop.lot_files import Instance, lines_of, read_multi_level, read_trigeiro
from tandemplan.interop.numbers import Faults
from tandemplan.model.draft import Draft
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    CalendarRow,
    Contract,
    Customer,
    Demand,
    Item,
    Operation,
    Row,
    WorkCentre,
)
from tandemplan.problems import ProgrammeFaultsError, in_order

START = date(2026, 1, 1)
HOURS_A_DAY = 24
CUSTOMER = "customer"
DEAR = 10.0  # times what a lost unit could save at most: what it costs


def programme_of_instance(source: Path) -> tuple[Programme, tuple[str, ...]]:
    """Return the programme of a published instance, and what of its file no plan obeys, in words.

    Files of Trigeiro, Thomas and McClain (1989) and of the multi-level sets (parts that begin with `N_Product`) are told
    apart by their first line. Raises ProgrammeFaultsError with all problems of the file.
    """
    instance = read_instance(source)
    draft = Draft(
        name=instance.name,
        start=START.isoformat(),
        periods=f"{len(instance.capacity[0])} days",
        objective="cost",
        holding_per_year_share=365.0,
    ).add(*rows_of(instance))
    left_out = f"{instance.left_out} substitutions are left out: items are not exchanged for each other."
    return draft.programme(), (left_out,) if instance.left_out else ()


def read_instance(source: Path) -> Instance:
    """Return the instance in a file; raises ProgrammeFaultsError with all problems."""
    faults = Faults(source.name)
    try:
        lines = lines_of(source.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        lines = []
        faults.add(None, "wrong-encoding", "the file is no text in UTF-8.", "Save it as UTF-8.")
    instance = None
    if not faults.found:
        read = read_multi_level if lines and lines[0].text[0].isalpha() else read_trigeiro
        instance = read(source.stem, lines, faults)
    if faults.found or instance is None:
        raise ProgrammeFaultsError(in_order(faults.found))
    return instance


def rows_of(instance: Instance) -> Iterator[Row]:
    """Yield the rows of all tables."""
    items = range(len(instance.holding))
    components = {c for _, c, _ in instance.bill}
    for i in items:
        kind = "part" if i in components else "product"
        yield Item(item=item_name(instance, i), kind=kind, standard_cost=instance.holding[i])
    for parent, component, quantity in instance.bill:
        names = (item_name(instance, parent), item_name(instance, component))
        yield BomLine(parent=names[0], component=names[1], quantity_units=quantity)
    yield from _work_centres(instance)
    for i in items:
        yield from _operations(instance, i)
    yield Customer(customer=CUSTOMER)
    for i in items:
        if any(instance.demand[i]):
            yield from _demands(instance, i)


def item_name(instance: Instance, i: int) -> str:
    """Return the name of an item, counted from 1 as its file does."""
    return f"item-{i + 1:0{len(str(len(instance.holding)))}d}"


def _work_centres(instance: Instance) -> Iterator[Row]:
    """Yield a work centre for each resource, with a calendar where its capacity differs by period."""
    for r, capacity in enumerate(instance.capacity):
        name, most = f"resource-{r + 1}", max(capacity)
        level = min(capacity) == most
        yield WorkCentre(work_centre=name, stations=most / HOURS_A_DAY, calendar="" if level else name)
        for t, hours in enumerate(() if level else capacity):
            day = _day(t)
            yield CalendarRow(calendar=name, kind="factor", from_date=day, to_date=day, factor=hours / most)


def _operations(instance: Instance, i: int) -> Iterator[Row]:
    """Yield the steps of an item, one for each resource that works on it; the first one holds the cost of a set-up."""
    used = [r for r in range(len(instance.hours)) if instance.hours[r][i] > 0 or instance.setup_hours[r][i] > 0]
    for step, r in enumerate(used):
        yield Operation(
            item=item_name(instance, i),
            step=10 * (step + 1),
            work_centre=f"resource-{r + 1}",
            plateau_hours=instance.hours[r][i],
            setup_hours=instance.setup_hours[r][i],
            setup_cost=0.0 if step else instance.setup_cost[i],
        )
    if not used:
        yield Operation(item=item_name(instance, i), setup_cost=instance.setup_cost[i])


def _demands(instance: Instance, i: int) -> Iterator[Row]:
    """Yield the demands of an item, under a contract whose damages are the backlog cost and whose price keeps units from being lost."""
    item, price = item_name(instance, i), lost_cost(instance, i)
    rate = 7 * instance.backlog[i] / price
    yield Contract(contract=item, customer=CUSTOMER, item=item, unit_price=price, damages_per_week_share=rate)
    width = len(str(len(instance.demand[i])))
    for t, quantity in enumerate(instance.demand[i]):
        if quantity > 0:
            latest = _day(t + instance.late[i][t])
            name = f"{item}/{t + 1:0{width}d}"
            yield Demand(demand=name, contract=item, quantity_units=quantity, due=_day(t), latest=latest)


def lost_cost(instance: Instance, i: int) -> float:
    """Return what a lost unit of an item costs: many times the set-ups, stock and delay of all that it is made of."""
    periods = len(instance.demand[i])
    inside = _closure(instance, i)
    saved = sum(instance.setup_cost[k] + units * periods * instance.holding[k] for k, units in inside.items())
    return float(math.ceil(DEAR * (saved + periods * instance.backlog[i] + 1)))


def _closure(instance: Instance, i: int) -> dict[int, float]:
    """Return the units of each item inside one unit of an item, itself included."""
    found: dict[int, float] = {}
    open_ = [(i, 1.0)]
    while open_:
        item, units = open_.pop()
        found[item] = found.get(item, 0.0) + units
        open_ += [(c, units * q) for p, c, q in instance.bill if p == item]
    return found


def _day(t: int) -> date:
    return START + timedelta(days=t)
