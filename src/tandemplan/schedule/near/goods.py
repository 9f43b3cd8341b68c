"""What lies and comes, moves and is delivered in the near horizon: stock, arrivals, moves, receipt and deliveries of the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from tandemplan.model.schema import OpenOrder, Process, ProcessFlow, ProcessOrder, Stock
from tandemplan.network.places import only_site
from tandemplan.results import shape
from tandemplan.schedule.near.starts import SHIFT, Build, midnight
from tandemplan.schedule.near.targets import DELIVERY, DISPATCH, MOVE, RECEIPT, Target
from tandemplan.schedule.near.work import Piece, hours_of

Place = tuple[str, str]  # item, site
Receipt = tuple[str, date, float, float]  # order, day, units accepted and ordered


def add_stock(build: Build) -> None:
    """Add what the plan has in stock as the horizon begins."""
    near = build.near
    for row in near.plan.rows(shape.STOCK):
        if row["period_start"] == near.since and row["opening"] > 0:
            build.rows.append(Stock(item=row["item"], site=row["site"], quantity_units=row["opening"]))


def add_arrivals(build: Build) -> None:
    """Add what comes: purchases and open orders on their days, and moves, those that left before and those of the plan.

    Where receipt takes work, goods arrive before it, and its work is a target of the day's period.
    """
    near = build.near
    received: dict[Place, list[Receipt]] = {}
    bought: dict[Place, list[tuple[str, date, float]]] = {}
    for row in near.within(shape.PURCHASES, "receipt"):
        place = row["item"], row["site"]
        received.setdefault(place, []).append((row["order"], row["receipt"], row["accepted"], row["quantity"]))
        bought.setdefault(place, []).append((row["order"], row["receipt"], row["accepted"]))
    for row in near.within(shape.MOVES, "receipt"):
        place = row["item"], row["to_site"]
        received.setdefault(place, []).append((row["order"], row["receipt"], row["quantity"], row["quantity"]))
        if row["release"] < near.since:
            bought.setdefault(place, []).append((row["order"], row["receipt"], row["quantity"]))
    worked = {place for place, rows in received.items() if _receives(build, place, rows)}
    for place, orders in bought.items():
        arriving = _arrival(place) if place in worked else place[0]
        _arrive(build, f"arrive {_words(place)}", arriving, place[1], orders)
    _open_orders(build)
    add_moves(build, worked)


def _open_orders(build: Build) -> None:
    """Add open orders on their promised days; they take no work of receipt."""
    near, blank = build.near, only_site(build.near.programme)
    found: dict[Place, list[tuple[str, date, float]]] = {}
    for row in near.programme[OpenOrder].rows():
        assert row.promised is not None
        promised = max(row.promised, near.periods.start)
        if near.since <= promised < near.until:
            place = row.item, row.site or blank
            found.setdefault(place, []).append((f"{row.order} (open)", promised, row.quantity_units))
    for (item, site), rows in found.items():
        _arrive(build, f"open orders {_words((item, site))}", item, site, rows)


def _arrive(build: Build, name: str, item: str, site: str, rows: Sequence[tuple[str, date, float]]) -> None:
    build.rows.append(Process(process=name, kind="buy", item=item, site=site, rank=0))
    build.rows += [
        ProcessOrder(order=order, process=name, quantity_units=units, start=midnight(day), end=midnight(day))
        for order, day, units in rows
        if units > 0
    ]


def _arrival(place: Place) -> str:
    return f"{place[0]} arrived"


def _words(place: Place) -> str:
    return f"{place[0]} at {place[1]}" if place[1] else place[0]


def _receives(build: Build, place: Place, rows: Sequence[Receipt]) -> bool:
    """Add the work of receipt at a place, with a target for each arrival; tell whether there is any."""
    (item, site), near = place, build.near
    pieces = build.shop.handling(item, site, "receive", rows[0][1])
    if not pieces:
        return False
    arrived, name = _arrival(place), f"receive {_words(place)}"
    accepted, ordered = sum(r[2] for r in rows), sum(r[3] for r in rows)
    ratio = ordered / accepted if accepted > 0 else 1.0
    one = [replace(p, unit_hours=p.unit_hours * ratio) for p in pieces]
    _handle(build, name, place, one)
    for order, day, units, asked in rows:
        if units <= 0:
            continue
        period = near.period(day)
        hours = hours_of(pieces, asked)
        target = Target(
            RECEIPT, order, item, site, near.begins(period), units, near.ends(period), f"{order} received", hours
        )
        build.asks(target, f"{arrived} and received")
    return True


def _handle(build: Build, name: str, place: Place, pieces: Sequence[Piece]) -> None:
    """Add receipt: what has arrived becomes the item, in lots of at most a shift of work at a step."""
    (item, site), arrived = place, _arrival(place)
    longest = max(p.unit_hours for p in pieces)
    lot = round(SHIFT / longest, 6) if longest > 0 else None
    received = build.item(f"{build.item(arrived)} and received")
    build.process(Process(process=name, item=item, site=site, most_units=lot), pieces)
    build.rows.append(ProcessFlow(process=name, item=arrived, site=site, unit_units=-1.0))
    for made in (item, received):
        build.rows.append(ProcessFlow(process=name, item=made, site=site, when="end", unit_units=1.0))


def add_moves(build: Build, worked: Collection[Place]) -> None:
    """Add the moves of the plan that leave within the horizon: as a process of their days, or as what leaves, where they arrive later.

    At places where receipt takes work (`worked`) they arrive before it.
    """
    near = build.near
    for row in near.within(shape.MOVES, "release"):
        name, item, units = row["order"], row["item"], row["quantity"]
        if units <= 0:
            continue
        period = near.begins(near.period(row["release"]))
        if row["receipt"] >= near.until:
            leaves = f"{name} leaves"
            build.asks(Target(DISPATCH, name, item, row["from_site"], period, units, row["release"], leaves), item)
            continue
        to_site = row["to_site"]
        before, after = build.permit(name, to_site, units)
        handled = (item, to_site) in worked
        process = Process(
            process=name,
            kind="make" if handled else "move",
            item="" if handled else item,
            site=to_site,
            from_site=row["from_site"],
            fixed_hours=24.0 * (row["receipt"] - row["release"]).days,
            minimum_units=units,
            most_units=units,
            from_moment=midnight(row["receipt"]),
        )
        arriving = _arrival((item, to_site)) if handled else item
        build.rows += [
            process,
            ProcessFlow(process=name, item=item, site=row["from_site"], unit_units=-1.0),
            ProcessFlow(process=name, item=before, site=to_site, unit_units=-1.0),
            ProcessFlow(process=name, item=arriving, site=to_site, when="end", unit_units=1.0),
            ProcessFlow(process=name, item=after, site=to_site, when="end", unit_units=1.0),
        ]
        build.asks(Target(MOVE, name, item, to_site, period, units, row["receipt"], name), after)


def add_deliveries(build: Build) -> None:
    """Add the deliveries of the plan within the horizon, with the work that they take.

    One that the plan has late is due when the customer asks for it, so that it goes as soon as it can; its target is the plan's day.
    """
    near, handled = build.near, set()
    for row in near.within(shape.DELIVERIES, "delivered"):
        if row["quantity"] <= 0:
            continue
        place = row["item"], row["site"]
        pieces = build.shop.handling(*place, "deliver", row["delivered"])
        if pieces and place not in handled:
            handled.add(place)
            name = f"deliver {_words(place)}"
            build.process(Process(process=name, kind="deliver", item=place[0], site=place[1]), pieces)
        period, day = near.begins(near.period(row["delivered"])), row["delivered"]
        demand = f"{row['demand']} on {day}"
        hours = hours_of(pieces, row["quantity"])
        target = Target(DELIVERY, row["demand"], *place, period, row["quantity"], day, demand, hours)
        due = max(min(row["due"], day), near.since)
        build.asks(target, place[0], demand_class=row["demand_class"], due=due)
