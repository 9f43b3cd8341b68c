"""The tables of a page: from result tables to rows in the words of the programme."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Licence, Offer, Site, Supplier
from tandemplan.report.buckets import last_day, last_days
from tandemplan.report.datatable import DataTable, columns, without
from tandemplan.report.facts import (
    Cells,
    Limit,
    class_names,
    customer_names,
    item_names,
    item_units,
    limits,
    of_delivery,
    row_names,
    rows,
    sums,
)
from tandemplan.report.figures.purchases import supplier_places
from tandemplan.report.measures import MIXED, called, class_units, common, days_of, headings, unit_of, worth_of
from tandemplan.report.sureness import stated_gap
from tandemplan.report.wording import NOTHING, counted, listed, measure, number
from tandemplan.results.pieces import fractions
from tandemplan.results.service_shapes import CLASS_COSTS
from tandemplan.results.shape import (
    CLASSES,
    DELIVERIES,
    DEMAND_SUMMARY,
    LICENCES,
    MOVES,
    PRODUCTION,
    PURCHASES,
    QUALIFICATIONS,
    STOCK,
    STOCK_TARGETS,
)
from tandemplan.results.store import Run


def classes(run: Run, programme: Programme) -> DataTable:
    """Return how each class is served, and how sure that is."""
    names = class_names(run, programme)
    table = rows(run, CLASSES)
    cost = {r["demand_class"]: r["cost"] for r in rows(run, CLASS_COSTS)}
    units = class_units(run, programme)
    one = common(units.values())
    amounts, days = headings(one)
    found = DataTable(
        "classes",
        "Service by class",
        columns(
            "class:number", "customers", "unit", f"asked:number:{amounts}", f"on time:number:{amounts}", f"late:number:{amounts}",
            f"never:number:{amounts}", f"lateness:number:{days}", "value:number:weighted", "bound:number:weighted", "gap:figure",
            "others first:number:weighted",
        ),
        tuple(
            (
                r["demand_class"], names.get(r["demand_class"], ""), called(units.get(r["demand_class"], one)), r["demanded"], *(round(r[n], 1) for n in ("on_time", "late", "lost")),
                r["late_unit_days"], r["value"], r["bound"], stated_gap(run, r["gap"]), cost.get(r["demand_class"]),
            )
            for r in table
        ),
        lead="Value is the lateness weighted as the programme says; no plan can go below the bound, and the gap is how far this plan may be from it. "
        "Others first is the part of the value that would not be if the classes before asked for nothing.",
        shown=30,
    )  # fmt: skip
    return found if one == MIXED else without(found, "unit")


def deliveries(run: Run, programme: Programme) -> DataTable:
    """Return every delivery."""
    items, who, sites = item_names(programme), customer_names(programme), row_names(programme, Site)
    found = sorted(rows(run, DELIVERIES), key=lambda r: (r["delivered"], r["demand_class"], r["demand"]))
    units = item_units(programme)
    one = common(units.get(r["item"], "each") for r in found)
    table = DataTable(
        "deliveries-table",
        "All deliveries",
        columns("demand", "class:number", "customer", "item", "site", f"quantity:number:{headings(one)[0]}", "unit", "due:date", "delivered:date", "late:number:days"),
        tuple(
            (
                r["demand"], r["demand_class"], who.get(r["customer"], r["customer"]), items.get(r["item"], r["item"]),
                sites.get(r["site"], r["site"]), r["quantity"], measure(units.get(r["item"], "each")), r["due"], r["delivered"],
                r["late_days"],
            )
            for r in found
        ),
        folded=True,
    )  # fmt: skip
    return table if one == MIXED else without(table, "unit")


def late(run: Run, programme: Programme) -> DataTable:
    """Return the demands that are late or not served in full, the worst first."""
    items, who, sites = item_names(programme), customer_names(programme), row_names(programme, Site)
    table = rows(run, DEMAND_SUMMARY)
    hurt = [r for r in table if r["late"] + r["lost"] > NOTHING]
    hurt.sort(key=lambda r: (-r["late_unit_days"], r["demand"]))
    units = item_units(programme)
    one = common(units.get(r["item"], "each") for r in hurt)
    amounts, days = headings(one)
    totals = sums(hurt, "late_unit_days", units)
    together = listed([f"{number(v)} {days_of(u)}" for u, v in sorted(totals.items())])
    found = DataTable(
        "late-table",
        "",
        columns(
            "demand", "class:number", "customer", "item", "site", "due:date", "unit", f"asked:number:{amounts}",
            f"on time:number:{amounts}", f"late:number:{amounts}", f"never:number:{amounts}", "last delivery:date",
            f"lateness:number:{days}",
        ),
        tuple(
            (
                r["demand"], r["demand_class"], who.get(r["customer"], r["customer"]), items.get(r["item"], r["item"]),
                sites.get(r["site"], r["site"]), r["due"], measure(units.get(r["item"], "each")), r["quantity"],
                *(round(r[n], 2) for n in ("on_time", "late", "lost")), r["last_delivery"], r["late_unit_days"],
            )
            for r in hurt
        ),
        lead=(
            f"{counted(len(hurt), 'demand')} of {len(table):,}{_split(hurt)}, the worst first; together {together} late. "
            "Units never delivered count as late to the end of the plan and one period more."
        )
        if hurt
        else "",
        empty="Every demand is served in full and on time.",
    )  # fmt: skip
    return found if one == MIXED else without(found, "unit")


def _split(hurt: list[Cells]) -> str:
    """Return how many demands are never served in full and how many only late; blank where all are of one kind."""
    never = sum(r["lost"] > NOTHING for r in hurt)
    return f" ({never:,} never in full, {len(hurt) - never:,} only late)" if 0 < never < len(hurt) else ""


def spend_by_item(run: Run, programme: Programme) -> DataTable:
    """Return what is spent on each item, the dearest first."""
    items, units, names = item_names(programme), item_units(programme), row_names(programme, Supplier)
    groups: dict[str, list[Cells]] = defaultdict(list)
    for r in rows(run, PURCHASES):
        groups[r["item"]].append(r)
    total = sum(r["cost"] for g in groups.values() for r in g)
    spend = {i: sum(r["cost"] for r in g) for i, g in groups.items()}
    return DataTable(
        "spend",
        "Top spend by part",
        columns("part", "name", "suppliers", "orders:number", "accepted:number", "unit", f"spend:money:{programme.settings.currency}", "share:share"),
        tuple(
            (
                i, items.get(i, i), listed(sorted({names.get(r["supplier"], str(r["supplier"])) for r in groups[i]}), most=3),
                len(groups[i]), sum(r["accepted"] for r in groups[i]), measure(units.get(i, "")), spend[i], spend[i] / total if total else None,
            )
            for i in sorted(groups, key=lambda i: (-spend[i], i))
        ),
        shown=8,
    )  # fmt: skip


def shortages(run: Run, programme: Programme) -> DataTable:
    """Return the parts that are short: those whose supply is a limit of deliveries.

    One row a limit: when it holds, how many periods of that time end without stock, and what one more unit is worth.
    """
    items, sites, places = item_names(programme), row_names(programme, Site), supplier_places(programme)
    offers = {r.offer: r for r in programme[Offer].rows()}
    suppliers = row_names(programme, Supplier)
    empty, classes, currency = _empty_periods(run), class_units(run, programme), programme.settings.currency
    found = []
    for x in limits(run, programme):
        if x.family not in ("balance", "offers") or not of_delivery(x):
            continue
        offer = offers.get(x.name) if x.family == "offers" else None
        item, _, site = (offer.item, "", offer.site) if offer else x.name.partition("@")
        seller = offer.supplier if offer else ""
        why = (
            f"{suppliers.get(seller, seller)} ({places.get(seller, '')}) sends no more"
            if offer
            else "nothing can bring it earlier"
        )
        found.append(
            (
                item, items.get(item, item), sites.get(site, site), why, x.first, x.last, x.periods,
                _without_stock(empty, item, site, x), x.demands, x.worth,
                f"{worth_of(x, classes, currency)} per {unit_of(x, programme)}", x.stage,
            )
        )  # fmt: skip
    return DataTable(
        "short",
        "Parts that are short",
        columns(
            "part", "name", "site", "why", "from:date", "to:date", "periods:number", "of these without stock:number",
            "demands hurt:number", "worth of one more:number", "worth is in", "holds back",
        ),
        tuple(found),
        lead="A part counts as short in a period when one more unit of it would take away delay.",
        empty="No part is short: more of any part would take away no delay.",
    )  # fmt: skip


def _empty_periods(run: Run) -> dict[str, dict[str, set[date]]]:
    """Return the periods that end without stock, by item and site."""
    found: dict[str, dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for r in rows(run, STOCK):
        if r["closing"] <= NOTHING:
            found[r["item"]][r["site"]].add(r["period_start"])
    return found


def _without_stock(empty: dict[str, dict[str, set[date]]], item: str, site: str, limit: Limit) -> int | None:
    """Return in how many periods of a limit's span the part has no stock anywhere (or at the site, where one is named)."""
    places = empty.get(item)
    if not places:
        return None
    days = places[site] if site in places else set.intersection(*places.values())
    return sum(limit.first <= d <= limit.last for d in days)


def to_round(run: Run, programme: Programme, kind: str) -> str:
    """Return how many orders of a kind are of parts of a piece, in a sentence; blank where none is."""
    found = fractions(programme, run.tables).get(kind)
    if found is None or not found.broken:
        return ""
    other = found.whole - found.pieces
    rest = f" Items not counted by the piece add {other:,}: {found.whole:,} in all." if other else ""
    return f"Not ready for release: {found.broken:,} of {found.pieces:,} {kind} of items counted by the piece are fractions, to be rounded first.{rest}"


def qualifications(run: Run, programme: Programme) -> list[DataTable]:
    """Return the offers that the plan has qualified, where there are any."""
    offers = {o.offer: o for o in programme[Offer].rows()}
    items, who = item_names(programme), row_names(programme, Supplier)
    found = tuple(
        (
            r["offer"], who.get(offers[r["offer"]].supplier, ""), items.get(offers[r["offer"]].item, ""), r["started"], r["qualified"],
            r["cost"],
        )
        for r in rows(run, QUALIFICATIONS)
    )  # fmt: skip
    return [
        DataTable(
            "qualifications",
            "Offers to qualify",
            columns(
                "offer", "supplier", "item", "start:date", "qualified:date", f"cost:money:{programme.settings.currency}"
            ),
            found,
            lead="Each starts as late as its first order allows.",
        )
    ][: len(found)]


def applications(run: Run, programme: Programme) -> DataTable:
    """Return everything that is to be asked for, by day: licences, their renewals, licences per order, consents."""
    names = row_names(programme, Licence)
    found = sorted(rows(run, LICENCES), key=lambda r: (r["asked"], r["licence"], r["kind"], r["number"], r["order"]))
    return DataTable(
        "applications",
        "What to ask for, by day",
        columns(
            "ask on:date", "licence", "name", "kind", "time:number", "order", "granted:date", "valid until:date", "dispatch from:date",
            "units:number", "cap:number", "margin:number",
        ),
        tuple(
            (
                r["asked"], r["licence"], names.get(r["licence"], r["licence"]), r["kind"], r["number"], r["order"], r["granted"],
                r["valid_until"], r["first_dispatch"], r["units"], *((r["cap"], r["margin"]) if r["capped"] else (None, None)),
            )
            for r in found
        ),
        folded=True,
        lead="Licences, their renewals, licences for single orders, and consents to single moves.",
    )  # fmt: skip


def purchases(run: Run, programme: Programme) -> DataTable:
    """Return every purchase order."""
    items, names, sites = item_names(programme), row_names(programme, Supplier), row_names(programme, Site)
    found = sorted(rows(run, PURCHASES), key=lambda r: (r["release"], r["order"]))
    return DataTable(
        "purchases-table",
        "Purchase orders, by day of order",
        columns(
            "order", "supplier", "part", "name", "site", "quantity:number", "order by:date", "dispatch:date", "receipt:date",
            f"cost:money:{programme.settings.currency}", f"carriage:money:{programme.settings.currency}",
        ),
        tuple(
            (
                r["order"], names.get(r["supplier"], r["supplier"]), r["item"], items.get(r["item"], r["item"]),
                sites.get(r["site"], r["site"]), r["quantity"], r["release"], r["shipped"], r["receipt"], r["cost"],
                r["transport_cost"],
            )
            for r in found
        ),
        folded=True,
        lead=to_round(run, programme, "purchases"),
    )  # fmt: skip


def production(run: Run, programme: Programme) -> DataTable:
    """Return every production order."""
    items, sites = item_names(programme), row_names(programme, Site)
    found = sorted(rows(run, PRODUCTION), key=lambda r: (r["start"], r["order"]))
    return DataTable(
        "production",
        "Production orders, by first day",
        columns("order", "item", "name", "site", "alternative", "started:number", "good:number", "scrapped:number", "start:date", "end:date"),
        tuple(
            (
                r["order"], r["item"], items.get(r["item"], r["item"]), sites.get(r["site"], r["site"]), r["alternative"],
                r["started"], r["good"], r["scrapped"], r["start"], r["end"],
            )
            for r in found
        ),
        folded=True,
        lead=to_round(run, programme, "lots"),
    )  # fmt: skip


def moves(run: Run, programme: Programme) -> DataTable:
    """Return every move between sites."""
    items, sites = item_names(programme), row_names(programme, Site)
    found = sorted(rows(run, MOVES), key=lambda r: (r["release"], r["order"]))
    return DataTable(
        "moves",
        "Moves between sites, by day of dispatch",
        columns("order", "item", "name", "from", "to", "quantity:number", "dispatch:date", "arrival:date", f"cost:money:{programme.settings.currency}"),
        tuple(
            (
                r["order"], r["item"], items.get(r["item"], r["item"]), sites.get(r["from_site"], r["from_site"]),
                sites.get(r["to_site"], r["to_site"]), r["quantity"], r["release"], r["receipt"], r["cost"],
            )
            for r in found
        ),
        folded=True,
        lead=to_round(run, programme, "moves"),
    )  # fmt: skip


def missed_targets(run: Run, programme: Programme) -> DataTable:
    """Return the stock targets that are missed in some period, the most missed first."""
    items, sites = item_names(programme), row_names(programme, Site)
    groups: dict[tuple[str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, STOCK_TARGETS):
        if r["safety"] > NOTHING:
            groups[r["item"], r["site"]].append(r)
    found, ends = [], last_days(programme)
    for (item, site), members in groups.items():
        missed = [r for r in members if r["shortfall"] > NOTHING]
        if missed:
            wanted, short = sum(r["safety"] for r in members), sum(r["shortfall"] for r in members)
            first, last = (
                min(r["period_start"] for r in missed),
                last_day((r["period_start"] for r in missed), ends),
            )
            found.append(
                (
                    item,
                    items.get(item, item),
                    sites.get(site, site),
                    len(members),
                    len(missed),
                    (wanted - short) / wanted,
                    first,
                    last,
                )
            )
    return DataTable(
        "targets",
        "Stock targets that are missed",
        columns("item", "name", "site", "periods with a target:number", "missed in:number:periods", "reached on average:share", "first missed:date", "last missed:date"),
        tuple(sorted(found, key=lambda f: (-f[4], f[0]))),
        empty="Every stock target is reached in every period.",
    )  # fmt: skip
