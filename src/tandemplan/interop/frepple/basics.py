"""From frePPLe's calendars, places, items and resources to rows."""

from __future__ import annotations

from datetime import datetime

from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.shop import Shop
from tandemplan.interop.frepple.words import time_of_day
from tandemplan.model.cells import WEEKDAYS
from tandemplan.model.schema import (
    CalendarHours,
    Customer,
    Item,
    SetUp,
    Site,
    Stock,
    StockPolicy,
    Supplier,
    WorkCentre,
    WorkCentreSkill,
)

UNLIMITED = 1e9  # stations of what frePPLe does not count
MAX_EARLY = 2_400.0  # hours: frePPLe's own default
DAY = 86_400.0


def add_calendars(shop: Shop) -> None:
    """Add the rules of calendars: lower priorities go before; of equal ones the one that starts later."""
    buckets: dict[str, list[Thing]] = {}
    for bucket in shop.book.all("bucket"):
        buckets.setdefault(bucket.text("calendar"), []).append(bucket)
    for calendar in shop.book.all("calendar"):
        shop.rows.append(
            CalendarHours(calendar=calendar.name, rank=None, value=shop.number(calendar, "default", 0.0, low=-1e12))
        )
        order = {
            b.name: (shop.number(b, "priority", 0, low=-1e12), -_seconds(shop.moment(b, "start")))
            for b in buckets.get(calendar.name, ())
        }
        for rank, bucket in enumerate(sorted(buckets.get(calendar.name, ()), key=lambda b: order[b.name]), 1):
            if (row := _rule(shop, calendar.name, rank, bucket)) is not None:
                shop.rows.append(row)


def _seconds(when: datetime | None) -> float:
    return 0.0 if when is None else (when - datetime(1971, 1, 1)).total_seconds()  # noqa: DTZ001 - moments have no zone


def _rule(shop: Shop, calendar: str, rank: int, bucket: Thing) -> CalendarHours | None:
    mask = int(shop.number(bucket, "days", 127))
    days = tuple(WEEKDAYS[(bit - 1) % 7] for bit in (1, 2, 3, 4, 5, 6, 0) if mask & (1 << bit))
    first, last = shop.hours(bucket, "starttime"), shop.hours(bucket, "endtime", 24.0)
    start, end = shop.moment(bucket, "start"), shop.moment(bucket, "end")
    if not days or last <= first or (start is not None and end is not None and end <= start):
        shop.book.say(bucket.line, "not-imported", f"a bucket of calendar '{calendar}' is never in force.")
        return None
    return CalendarHours(
        calendar=calendar,
        rank=rank,
        from_moment=start,
        to_moment=end,
        weekdays=() if len(days) == 7 else days,
        from_time=time_of_day(3600 * first) if first else "",
        to_time=time_of_day(3600 * last) if last < 24 else "",
        value=shop.number(bucket, "value", 0.0, low=-1e12),
    )


def add_places(shop: Shop) -> None:
    """Add locations, customers, suppliers and items."""
    for location in shop.book.all("location"):
        shop.rows.append(Site(site=location.name, hours_calendar=location.text("available")))
        location.text("owner")
    for customer in shop.book.all("customer"):
        shop.rows.append(Customer(customer=customer.name))
        customer.text("owner")
    for supplier in shop.book.all("supplier"):
        shop.rows.append(Supplier(supplier=supplier.name))
        supplier.text("owner")
    for item in shop.book.all("item"):
        shop.rows.append(Item(item=item.name, standard_cost=shop.number(item, "cost", 0.0)))
        item.text("owner")
        if "mto" in item.text("type") or item.text("type").startswith("make to order"):
            shop.book.once(("item", "mto"), item.line, "items made to order are not told apart by batch.")


def add_buffers(shop: Shop) -> None:
    """Add what is on hand, and the safety stock, of each buffer."""
    for buffer in shop.book.all("buffer"):
        item, site = shop.place(buffer)
        if buffer.text("batch"):
            shop.book.once(("buffer", "batch"), buffer.line, "batches of stock are not told apart.")
        on_hand = shop.number(buffer, "onhand", 0.0)
        if on_hand:
            shop.rows.append(Stock(site=site, item=item, quantity_units=on_hand))
        safety, calendar = shop.number(buffer, "minimum", 0.0), buffer.text("minimum_calendar")
        most = shop.number(buffer, "maximum", 0.0)
        if buffer.text("maximum_calendar"):
            shop.book.once(("buffer", "maximum_calendar"), buffer.line, "a largest stock by date is not kept.")
        if safety or calendar or most:
            row = StockPolicy(site=site, item=item, safety_units=safety, safety_calendar=calendar, most_units=max(most, safety) if most else None)  # fmt: skip
            shop.rows.append(row)


def is_buckets(shop: Shop, resource: Thing) -> bool:
    """Return whether a resource, or the first member of a pool, counts buckets."""
    members = [r for r in shop.book.all("resource") if r.thing("owner") is resource]
    return is_buckets(shop, members[0]) if members else "bucket" in resource.text("type")


def add_resources(shop: Shop) -> None:
    """Add resources with their set-up matrices and skills."""
    for rule in shop.book.all("rule"):
        _set_up(shop, rule)
    for resource in shop.book.all("resource"):
        _work_centre(shop, resource)
    for skill in shop.book.all("resourceskill"):
        row = WorkCentreSkill(
            work_centre=skill.text("resource"),
            skill=skill.text("skill"),
            rank=int(shop.number(skill, "priority", 1)),
            from_moment=shop.moment(skill, "effective_start"),
            to_moment=shop.moment(skill, "effective_end"),
        )
        shop.rows.append(row)


def _set_up(shop: Shop, rule: Thing) -> None:
    if rule.thing("resource") is not None:
        shop.book.once(("rule", "resource"), rule.line, "resources that change set-ups are not counted.")
    row = SetUp(
        matrix=rule.text("setupmatrix"),
        rank=int(shop.number(rule, "priority", 0)),
        from_set_up=_pattern(rule.text("fromsetup")),
        to_set_up=_pattern(rule.text("tosetup")),
        hours=shop.hours(rule, "duration"),
        cost=shop.number(rule, "cost", 0.0),
    )
    shop.rows.append(row)


def _pattern(text: str) -> str:
    return "" if text in (".*", "*") else text


def _work_centre(shop: Shop, resource: Thing) -> None:
    kind = resource.text("type")
    free = "infinite" in kind or (resource.text("constrained") and not shop.flag(resource, "constrained"))
    buckets = is_buckets(shop, resource)
    calendar = resource.text("maximum_calendar")
    if buckets and not calendar and not free:
        said = f"resource '{resource.name}' has buckets but no maximum_calendar: one bucket for ever is taken."
        shop.book.say(resource.line, "not-imported", said)
    if shop.flag(resource, "toolperpiece"):
        said = f"resource '{resource.name}' is a tool for each piece: it is taken as one for each lot."
        shop.book.say(resource.line, "not-imported", said)
    location = resource.thing("location")
    owner = resource.thing("owner")
    row = WorkCentre(
        work_centre=resource.name,
        site=location.name if location else shop.nowhere(),
        stations=UNLIMITED if free else shop.number(resource, "maximum", 1.0),
        hours_calendar=resource.text("available"),
        pool=owner.name if owner else "",
        counts="buckets" if buckets else "stations",
        stations_calendar="" if free else calendar,
        efficiency_share=max(shop.number(resource, "efficiency", 100.0), 1e-6) / 100,
        efficiency_calendar=_efficiency(shop, resource),
        set_up_matrix=resource.text("setupmatrix"),
        set_up=resource.text("setup"),
        early_hours=shop.hours(resource, "maxearly", MAX_EARLY),
        hour_cost=shop.number(resource, "cost", 0.0),
    )
    shop.rows.append(row)


def _efficiency(shop: Shop, resource: Thing) -> str:
    """Return a calendar of speeds as shares: frePPLe's is in percent."""
    calendar = resource.text("efficiency_calendar")
    name = f"{calendar} as a share" if calendar else ""
    if calendar and shop.at(CalendarHours, "calendar", name) < 0:
        rules = [r for r in shop.rows if isinstance(r, CalendarHours) and r.calendar == calendar]
        from dataclasses import replace

        shop.rows += [replace(r, calendar=name, value=r.value / 100) for r in rules]
    return name
