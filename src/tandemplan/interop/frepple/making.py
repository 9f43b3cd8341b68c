"""From frePPLe's operations, suppliers and lanes to processes, with what they use and hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tandemplan.interop.frepple.basics import is_buckets
from tandemplan.interop.frepple.parts import Parts, by_owner, deliver_what_it_makes, in_lots, is_route
from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.shop import LONGEST, Place, Shop, ancestors
from tandemplan.interop.frepple.waits import add_waits, after_what_they_wait_for
from tandemplan.interop.frepple.words import flag_of
from tandemplan.model.schema import Process, ProcessFlow, ProcessLoad


def add_operations(shop: Shop) -> None:
    """Add a process for each operation that can be planned: alternates become ways of their own, routes have steps."""
    parts = Parts(shop)
    _producers(shop, parts)
    delivering = {d.text("operation") for d in shop.book.all("demand")} - {""}
    for operation in shop.book.all("operation"):
        if operation.name not in parts.inner:
            delivers = operation.name in delivering
            if delivers and (is_route(parts, operation) or in_lots(shop, parts, operation)):
                deliver_what_it_makes(shop, parts, operation)
            shop.made[operation.name] = list(
                _add(shop, parts, operation, deliver=delivers and operation.name not in shop.done)
            )
    _unwanted(shop, parts)
    add_waits(shop)


def _producers(shop: Shop, parts: Parts) -> None:
    """Let the operation that a buffer names make what lies there, where it does not say what it makes."""
    for buffer in shop.book.all("buffer"):
        item, site = shop.place(buffer)
        operation = buffer.thing("producing")
        if "infinite" in buffer.text("type"):
            shop.rows.append(Process(process=f"Supply of {buffer.name}", kind="buy", item=item, site=site))
        if operation is None:
            continue
        shop.explicit.setdefault((item, site), set()).add(operation.name)
        flows = [f for name in _names(parts, operation.name) for f in parts.flows.get(name, ())]
        if (
            not any(f.thing("buffer") is buffer or f.text("item") == item for f in flows)
            and operation.thing("item") is None
        ):
            operation.fields["item"] = buffer.fields.get("item", item)
            if operation.thing("location") is None and buffer.thing("location") is not None:
                operation.fields["location"] = buffer.fields["location"]


def _names(parts: Parts, name: str) -> list[str]:
    """Return an operation and its parts, by name."""
    return [name, *(s.text("operation") for s in parts.subs.get(name, ()))]


def _unwanted(shop: Shop, parts: Parts) -> None:
    """Plan no operation that makes nothing but what buffers say other operations make."""
    makes: dict[str, set[Place]] = {}
    for row in shop.rows:
        if (isinstance(row, ProcessFlow) and row.unit_units + row.fixed_units > 0) or (
            isinstance(row, Process) and row.kind == "make" and row.item
        ):
            makes.setdefault(row.process, set()).add((row.item, row.site))
    named = {n for names in shop.explicit.values() for name in names for n in _names(parts, name)}
    for i, row in enumerate(shop.rows):
        if isinstance(row, Process) and row.rank and row.process not in named and not row.part_of:
            places = makes.get(row.process, set())
            if places and places <= shop.explicit.keys():
                shop.change(i, rank=0)


def _add(shop: Shop, parts: Parts, operation: Thing, *, deliver: bool) -> Iterator[str]:
    """Add the processes of an operation and yield their names."""
    kind = operation.text("type")
    operation.text("location")
    if not parts.subs.get(operation.name):
        yield _process(shop, parts, operation, deliver=deliver)
    elif "routing" in kind:
        yield _process(shop, parts, operation, deliver=deliver)
        _steps(shop, parts, operation)
    else:
        if "split" in kind:
            said = f"shares of split '{operation.name}' are not kept: its parts are ways to choose from."
            shop.book.say(operation.line, "not-imported", said)
        for sub in parts.subs[operation.name]:
            named = sub.thing("operation")
            if named is None:
                continue
            inner = parts.fresh(named, shop.made)
            _inherit(operation, inner)
            parts.flows.setdefault(inner.name, []).extend(parts.flows.get(operation.name, ()))
            names = list(_add(shop, parts, inner, deliver=deliver))
            shop.made.setdefault(named.name, []).extend(names)
            for name in names:
                _limit(shop, name, sub)
            yield from names


def _inherit(operation: Thing, inner: Thing) -> None:
    """Let a way of an alternate have its item and location where it has none."""
    for name in ("item", "location"):
        if inner.thing(name) is None and operation.thing(name) is not None:
            inner.fields[name] = operation.fields[name]


def _limit(shop: Shop, name: str, sub: Thing) -> None:
    """Give a way the rank and the dates that its alternate says."""
    i = shop.at(Process, "process", name)
    row = shop.rows[i]
    assert isinstance(row, Process)
    first, last = shop.moment(sub, "effective_start"), shop.moment(sub, "effective_end")
    shop.change(
        i,
        rank=int(shop.number(sub, "priority", 1)),
        from_moment=max((m for m in (first, row.from_moment) if m), default=None),
        to_moment=min((m for m in (last, row.to_moment) if m), default=None),
    )


def _steps(shop: Shop, parts: Parts, route: Thing) -> None:
    sizes = [_sizes(shop, route.name)]
    subs = after_what_they_wait_for(shop, sorted(parts.subs[route.name], key=lambda s: shop.number(s, "priority", 1)))
    hard = shop.flag(route, "hard_posttime")
    for number, sub in enumerate(subs, 1):
        named = sub.thing("operation")
        if named is None:
            continue
        step = parts.fresh(named, shop.made)
        if parts.subs.get(step.name):
            said = f"operation '{step.name}' is a step of '{route.name}' and has parts itself: these are not planned."
            shop.book.say(step.line, "not-imported", said)
        step.fields.pop("item", None)
        name = _process(shop, parts, step, deliver=False)
        shop.made.setdefault(named.name, []).append(name)
        i = shop.at(Process, "process", name)
        row = shop.rows[i]
        assert isinstance(row, Process)
        wait = row.wait_hours
        sizes.append(_sizes(shop, name))
        shop.change(
            i,
            part_of=route.name,
            step=10 * number,
            item="",
            wait_hours=0.0 if hard else wait,
            hold_hours=wait if hard else 0.0,
        )

    least, multiple, most = (f(s[k] for s in sizes) for k, f in enumerate((max, max, min)))
    shop.change(
        shop.at(Process, "process", route.name),
        minimum_units=least,
        multiple_units=multiple,
        most_units=max(least, most) if most < math.inf else None,
    )


def _sizes(shop: Shop, name: str) -> tuple[float, float, float]:
    """Return smallest lot, multiple and largest lot of a process: those of a route are the strictest of its steps."""
    row = shop.rows[shop.at(Process, "process", name)]
    assert isinstance(row, Process)
    return row.minimum_units, row.multiple_units, row.most_units or math.inf


def _process(shop: Shop, parts: Parts, operation: Thing, *, deliver: bool) -> str:
    """Add the row of one operation with its flows and loads; returns its name."""
    flows = [_flow(shop, operation, flow) for flow in parts.flows.get(operation.name, ())]
    item = operation.text("item")
    location = operation.thing("location")
    used = any(f.item == item and f.unit_units + f.fixed_units < 0 for f in flows)
    made = any(f.item == item and f.unit_units + f.fixed_units > 0 for f in flows)
    if shop.flag(operation, "nolocationcalendar"):
        shop.book.say(
            operation.line,
            "not-imported",
            f"operation '{operation.name}' works outside its location's hours: they are kept.",
        )
    fixed = shop.hours(operation, "duration")
    row = Process(
        process=operation.name,
        kind="deliver" if deliver else "make",
        item="" if deliver or (used and not made) else item,
        site=location.name if location else shop.site(None) if item and not deliver else "",
        fixed_hours=fixed,
        unit_hours=shop.hours(operation, "duration_per"),
        minimum_units=shop.number(operation, "size_minimum", 1.0),
        minimum_calendar=operation.text("size_minimum_calendar"),
        multiple_units=shop.number(operation, "size_multiple", 0.0),
        most_units=_most(shop, operation),
        rank=int(shop.number(operation, "priority", 1)),
        unit_cost=shop.number(operation, "cost", 0.0),
        from_moment=shop.moment(operation, "effective_start"),
        to_moment=shop.moment(operation, "effective_end"),
        fence_hours=shop.hours(operation, "fence"),
        wait_hours=shop.hours(operation, "posttime"),
        batch_hours=shop.hours(operation, "batchwindow"),
        hours_calendar=operation.text("available"),
    )
    shop.rows += [row, *flows, *_loads(shop, parts, operation)]
    if row.item:
        shop.lies(row.item, row.site)
    return operation.name


def _most(shop: Shop, thing: Thing) -> float | None:
    most = shop.number(thing, "size_maximum", 0.0)
    return max(most, shop.number(thing, "size_minimum", 1.0)) if 0 < most < 1e12 else None


def _flow(shop: Shop, operation: Thing, flow: Thing) -> ProcessFlow:
    kind = flow.text("type")
    buffer, item = flow.thing("buffer"), flow.thing("item")
    if buffer is not None:
        place = shop.place(buffer)
    else:
        location = flow.thing("location") or operation.thing("location")
        place = shop.lies(item.name if item else "", shop.site(location))
    if shop.moment(flow, "effective_start") or shop.moment(flow, "effective_end"):
        said = f"a flow of '{operation.name}' counts between its dates by its own moment, not by the end of the order."
        shop.book.say(flow.line, "not-imported", said)
    units, fixed = shop.number(flow, "quantity", 0.0, low=-1e12), shop.number(flow, "quantity_fixed", 0.0, low=-1e12)
    if "fixed" in kind:
        units, fixed = 0.0, fixed or units
    return ProcessFlow(
        process=operation.name,
        item=place[0],
        site=place[1],
        when="end" if "end" in kind or ("transfer" in kind and units > 0) else "start",
        unit_units=units,
        fixed_units=fixed,
        offset_hours=shop.hours(flow, "offset", low=-LONGEST),
        transfer_units=shop.number(flow, "transferbatch", 0.0),
        from_moment=shop.moment(flow, "effective_start"),
        to_moment=shop.moment(flow, "effective_end"),
        choice=flow.text("name"),
        rank=int(shop.number(flow, "priority", 1)),
    )


def _loads(shop: Shop, parts: Parts, operation: Thing) -> Iterator[ProcessLoad]:
    for load in parts.loads.get(operation.name, ()):
        resource = load.thing("resource")
        if resource is None:
            continue
        if shop.hours(load, "offset", low=-LONGEST) and "load_default" not in load.text("type"):
            shop.book.say(
                load.line, "not-imported", f"a load of '{operation.name}' counts in its first bucket, not later."
            )
        if shop.moment(load, "effective_start") or shop.moment(load, "effective_end"):
            said = f"a load of '{operation.name}' with dates holds for all of the orders that start between them, and no others."
            shop.book.say(load.line, "not-imported", said)
        buckets = is_buckets(shop, resource)
        quantity = shop.number(load, "quantity", 1.0)
        count = 1 if buckets else _members_asked(shop, load, resource, quantity)
        row = ProcessLoad(
            process=operation.name,
            work_centre=resource.name,
            stations=0.0 if buckets else quantity if count == 1 else 1.0,
            unit_units=quantity if buckets else 0.0,
            fixed_units=shop.number(load, "quantity_fixed", 0.0) if buckets else 0.0,
            skill=load.text("skill"),
            set_up=load.text("setup"),
            from_moment=shop.moment(load, "effective_start"),
            to_moment=shop.moment(load, "effective_end"),
            choice=load.text("name"),
            rank=int(shop.number(load, "priority", 1)),
            held=shop.flag(resource, "tool") or shop.flag(resource, "toolperpiece"),
        )
        yield from [row] * count


def _members_asked(shop: Shop, load: Thing, resource: Thing, quantity: float) -> int:
    """Return how many members of a pool a load asks for, one station of each: one of them with all stations, unless the model says otherwise."""
    if quantity <= 1 or not flag_of(shop.book.settings.get("individualPoolResources", ("", 0))[0]):
        return 1
    if not any(r.thing("owner") is resource for r in shop.book.all("resource")):
        return 1
    if load.text("name"):
        said = f"load '{load.text('name')}' is one of several and asks for {quantity:g} members: one with so many stations is taken."
        shop.book.say(load.line, "not-imported", said)
        return 1
    return math.ceil(quantity)


def add_supply(shop: Shop) -> None:
    """Add purchases and moves to each place of an item, also those that its parents' suppliers and lanes allow."""
    suppliers, lanes = by_owner(shop, "itemsupplier", "item"), by_owner(shop, "itemdistribution", "item")
    waiting = list(shop.owner)
    seen: set[tuple[str, str]] = set()
    while waiting:
        item, site = waiting.pop(0)
        thing = shop.book.things["item"].get(item)
        if thing is None or (item, site) in seen or (item, site) in shop.explicit:
            continue
        seen.add((item, site))
        for above in ancestors(thing):
            for offer in suppliers.get(above.name, ()):
                location = offer.thing("location")
                if location is None or location.name == site:
                    _purchase(shop, offer, item, site)
            for lane in lanes.get(above.name, ()):
                origin, end = lane.thing("origin"), lane.thing("destination")
                if origin is not None and origin.name != site and (end is None or end.name == site):
                    waiting.append(_move(shop, lane, item, (origin.name, site)))


def _ways(shop: Shop, lane: Thing) -> dict[str, Any]:
    """Return the cells that purchases and moves have in common."""
    return {
        "fixed_hours": shop.hours(lane, "leadtime"),
        "minimum_units": shop.number(lane, "size_minimum", 1.0),
        "multiple_units": shop.number(lane, "size_multiple", 1.0),
        "most_units": _most(shop, lane),
        "rank": int(shop.number(lane, "priority", 1)),
        "unit_cost": shop.number(lane, "cost", 0.0),
        "from_moment": shop.moment(lane, "effective_start"),
        "to_moment": shop.moment(lane, "effective_end"),
        "fence_hours": shop.hours(lane, "fence"),
        "batch_hours": shop.hours(lane, "batchwindow"),
    }


def _purchase(shop: Shop, offer: Thing, item: str, site: str) -> None:
    supplier = offer.text("supplier")
    base = f"Purchase {item} @ {site} from {supplier}" if site else f"Purchase {item} from {supplier}"
    name = shop.unique(_dated(base, shop.moment(offer, "effective_start")))
    own = shop.book.things["location"].get(supplier) or shop.book.things["supplier"].get(supplier)
    row = Process(
        process=name, kind="buy", item=item, site=site, supplier=supplier,
        wait_hours=shop.hours(offer, "extra_safety_leadtime"), hold_hours=shop.hours(offer, "hard_safety_leadtime"),
        hours_calendar=own.text("available") if own else "", **_ways(shop, offer),
    )  # fmt: skip
    shop.rows.append(row)
    _resource(shop, offer, name)


def _move(shop: Shop, lane: Thing, item: str, way: tuple[str, str]) -> tuple[str, str]:
    base = f"Ship {item} from {way[0]} to {way[1]}"
    name = shop.unique(_dated(base, shop.moment(lane, "effective_start")))
    row = Process(process=name, kind="move", item=item, site=way[1], from_site=way[0], **_ways(shop, lane))
    shop.rows.append(row)
    _resource(shop, lane, name)
    return shop.lies(item, way[0])


def _dated(name: str, start: datetime | None) -> str:
    return name if start is None else f"{name} valid from {start.isoformat()}"


def _resource(shop: Shop, lane: Thing, name: str) -> None:
    resource = lane.thing("resource")
    quantity = shop.number(lane, "resource_qty", 1.0)
    if resource is not None:
        buckets = is_buckets(shop, resource)
        row = ProcessLoad(
            process=name,
            work_centre=resource.name,
            stations=0.0 if buckets else quantity,
            unit_units=quantity if buckets else 0.0,
        )
        shop.rows.append(row)
