"""From frePPLe's demands and operationplans to rows."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.shop import Place, Shop
from tandemplan.interop.frepple.words import flag_of, time_of_day
from tandemplan.model.schema import Demand, Process, ProcessOrder, Stock

PLANNED = ("open", "quote", "")
MAX_LATE = 5 * 365 * 24.0  # hours: frePPLe's own default
GIVEN = ("approved", "confirmed", "completed")
PARTS = 10  # a demand is delivered in at most so many parts, where its smallest is not said


def add_demands(shop: Shop) -> None:
    """Add what is asked for, quotes in classes after all orders, and how each may be delivered."""
    asked = [d for d in shop.book.all("demand") if "group" not in d.text("type")]
    ranks = [int(shop.number(d, "priority", 0)) for d in asked if d.text("status") in ("", "open")]
    after = max(ranks, default=0) + 1
    for demand in asked:
        _demand(shop, demand, after)


def _demand(shop: Shop, demand: Thing, after: int) -> None:
    status, quantity = demand.text("status"), shop.number(demand, "quantity", 0.0)
    due, item = shop.moment(demand, "due"), demand.thing("item")
    if status not in PLANNED or quantity <= 0:
        demand.read.update(demand.fields)
        if status not in ("closed", "canceled"):
            why = f"is {status}" if status not in PLANNED else "asks for nothing"
            shop.book.say(demand.line, "not-imported", f"demand '{demand.name}' {why}: it is not planned.")
        return
    if due is None or item is None:
        demand.read.update(demand.fields)
        said = f"demand '{demand.name}' has no {'due' if due is None else 'item'}: it is not planned."
        shop.book.say(demand.line, "not-imported", said)
        return
    rank = int(shop.number(demand, "priority", 0))
    ways, (what, site) = _delivered(shop, demand, item)
    latest = due + timedelta(hours=shop.hours(demand, "maxlateness", MAX_LATE))
    shop.last = max(shop.last or due, min(latest, due + timedelta(hours=MAX_LATE)))
    row = Demand(
        demand=demand.name,
        customer=demand.text("customer"),
        site=site,
        item=what,
        quantity_units=quantity,
        due=due.date(),
        due_time=_time(due),
        latest=latest.date() if latest.year < 2200 else None,
        latest_time=_time(latest) if latest.year < 2200 else "",
        minimum_shipment_units=_least(shop, demand, quantity),
        group=_group(shop, demand),
        demand_class=rank + after if status == "quote" else rank,
        processes=ways,
    )
    if demand.text("batch"):
        shop.book.once(("demand", "batch"), demand.line, "batches of demands are not told apart.")
    shop.rows.append(row)


def _least(shop: Shop, demand: Thing, quantity: float) -> float:
    """Return the smallest shipment; frePPLe's own choice (blank, or -1) is a tenth of the quantity in whole units."""
    usual = float(math.floor(quantity / PARTS))
    said = shop.number(demand, "minshipment", usual, low=-1)
    return min(quantity, usual if said < 0 else said)


def _time(when: datetime) -> str:
    return time_of_day(when.hour * 3600 + when.minute * 60 + when.second)


def _group(shop: Shop, demand: Thing) -> str:
    owner = demand.thing("owner")
    policy = owner.text("policy") if owner is not None else ""
    if owner is not None and policy == "inratio":
        shop.book.once(("demand", "inratio"), owner.line, "groups delivered in ratio are planned each for itself.")
    return owner.name if owner is not None and policy == "alltogether" else ""


def _delivered(shop: Shop, demand: Thing, item: Thing) -> tuple[tuple[str, ...], Place]:
    """Return the processes that deliver a demand, and what is delivered where."""
    operation, location = demand.thing("operation"), demand.thing("location")
    if operation is not None:
        if operation.name in shop.done:
            return (), shop.done[operation.name]
        where = location or operation.thing("location")
        return tuple(shop.made.get(operation.name, ())), (item.name, where.name if where else shop.site(None))
    site = shop.site(location)
    if location is None and len(shop.sites) > 1:
        said = f"demand '{demand.name}' has neither location nor operation: it cannot be delivered."
        shop.book.say(demand.line, "not-imported", said)
    shop.lies(item.name, site)
    if not flag_of(item.text("global_purchase")):
        return (), (item.name, site)
    said = "items bought for all locations together: a purchase is not held back by stock elsewhere."
    shop.book.once(("item", "global_purchase"), item.line, said)
    return _anywhere(shop, item.name, site), (item.name, site)


def _anywhere(shop: Shop, item: str, site: str) -> tuple[str, ...]:
    """Return deliveries of an item from its own site, and from others that have it in stock."""
    others = [r.site for r in shop.rows if isinstance(r, Stock) and r.item == item and r.site != site]
    names = []
    for rank, place in enumerate([site, *others], 1):
        name = f"Ship {item} @ {place}"
        names.append(name)
        if shop.at(Process, "process", name) < 0:
            shop.rows.append(Process(process=name, kind="deliver", item=item, site=place, rank=min(rank, 2)))
    return tuple(names)


def add_orders(shop: Shop) -> None:
    """Add orders that are confirmed, approved or completed; what is only proposed is planned anew, what is closed counts in stock.

    What is completed is done, but not in stock yet: it ends before the schedule starts.
    """
    known = {r.process for r in shop.rows if isinstance(r, Process)}
    given: set[str] = set()
    loaded: dict[str, list[Thing]] = {}
    for load in shop.book.all("loadplan"):
        loaded.setdefault(load.text("operationplan"), []).append(load)
    for plan in shop.book.all("operationplan"):
        status = plan.text("status") or "proposed"
        process = _process_of(shop, plan, known)
        if status not in GIVEN or not process:
            plan.read.update(plan.fields)
        if status not in GIVEN:
            said = f"order '{plan.name}' is {status}: it is not kept."
            shop.book.once(("operationplan", status), plan.line, said, "Others like it are not kept either.")
        elif not process:
            said = f"order '{plan.name}' is of an operation that is not planned: it is not kept."
            shop.book.say(plan.line, "not-imported", said)
        else:
            _order(shop, plan, (process, status, given, loaded))


def _process_of(shop: Shop, plan: Thing, known: set[str]) -> str:
    operation, item, supplier = plan.thing("operation"), plan.text("item"), plan.text("supplier")
    origin, end = plan.text("origin"), plan.thing("destination") or plan.thing("location")
    if operation is not None:
        made = shop.made.get(operation.name, [])
        return operation.name if operation.name in known else made[0] if len(made) == 1 else ""
    site = shop.site(end)
    if item and (supplier or origin):
        name = f"Ship {item} from {origin} to {site}" if origin else f"Purchase {item} @ {site} from {supplier}"
        if name not in known:
            kind = {"kind": "move", "from_site": origin} if origin else {"kind": "buy", "supplier": supplier}
            shop.rows.append(Process(process=name, item=item, site=site, rank=0, **kind))  # type: ignore[arg-type]
            known.add(name)
        return name
    return ""


def _order(shop: Shop, plan: Thing, about: tuple[str, str, set[str], dict[str, list[Thing]]]) -> None:
    process, status, given, loaded = about
    start, end = shop.moment(plan, "start"), shop.moment(plan, "end")
    owner, demand = plan.thing("owner"), plan.text("demand")
    if plan.text("batch"):
        shop.book.once(("operationplan", "batch"), plan.line, "batches of orders are not told apart.")
    done = shop.number(plan, "quantity_completed", 0.0)
    stations = [t.text("resource") for t in loaded.get(plan.name, ())]
    if status == "approved" and start is not None:
        start, end = max(start, shop.start), None  # it takes the time of its lot, whatever the file says
    if status == "completed":
        end = min(end or start or shop.start, shop.start)
        start, status, done = min(start or end, end), "confirmed", 0.0
    row = ProcessOrder(
        order=plan.name,
        process=process,
        status=status,
        quantity_units=max(0.0, shop.number(plan, "quantity", 1.0) - done),
        start=start if start or end else shop.start,
        end=end if start is None or end is None or end >= start else start,
        part_of=owner.name if owner is not None and owner.name in given else "",
        demand=demand if shop.at(Demand, "demand", demand) >= 0 else "",
        work_centres=tuple(dict.fromkeys(s for s in stations if s)),
    )
    given.add(plan.name)
    shop.rows.append(row)
