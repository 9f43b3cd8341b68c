"""The sections of a page, in order: headings, what to look for, figures and tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from tandemplan.explain.actions import actions, window_of
from tandemplan.model.programme import Programme
from tandemplan.report import listings, money_listings, ramp, share_listings
from tandemplan.report.answered import answered_sections
from tandemplan.report.certificates import certificates, materials, outside_parts, prices
from tandemplan.report.critical import critical_paths
from tandemplan.report.datatable import DataTable, dense
from tandemplan.report.depending import depending, losses_table
from tandemplan.report.doing import actions_section
from tandemplan.report.drawing import Drawing
from tandemplan.report.facts import customer_names, rows
from tandemplan.report.fairness import sharing
from tandemplan.report.figures.dependence import drawn, replanned_on_map, told
from tandemplan.report.gallery import drawing
from tandemplan.report.section import Section
from tandemplan.report.wording import listed
from tandemplan.results.dependence_shape import REPLANNED
from tandemplan.results.shape import DEMAND_SUMMARY, SHAPES
from tandemplan.results.share_shapes import SOURCING_RULES
from tandemplan.results.store import Run


def sections(run: Run, programme: Programme) -> tuple[Section, ...]:
    """Return the sections about a plan; those without anything to show are left out."""
    found = (
        _deliveries(run, programme),
        _ramp(run, programme),
        _limits(run, programme),
        _actions(run, programme),
        _load(run, programme),
        _late(run, programme),
        *answered_sections(run, programme),
        _purchases(run, programme),
        _origin(run, programme),
        _shares(run, programme),
        _stock(run, programme),
        _costs(run, programme),
        _cash(run, programme),
        _startup(run, programme),
        _licences(run, programme),
        _map(run, programme),
        _dependence(run, programme),
        _moved(run, programme),
        _orders(run, programme),
    )
    dense_parts = (replace(s, parts=tuple(dense(p) if isinstance(p, DataTable) else p for p in s.parts)) for s in found)
    return tuple(s for s in dense_parts if any(_shown(p) for p in s.parts))


def _shown(part: Any) -> bool:
    return bool(part.panels) if isinstance(part, Drawing) else bool(part.rows) or part.name == "late-table"


def _deliveries(run: Run, programme: Programme) -> Section:
    parts = [
        replace(drawing(name, run, programme), heading=heading)
        for name, heading in (("deliveries", "By class"), ("customers", "By customer"), ("products", "By product"))
    ]
    parts[1] = _once(parts[1], alone(run, programme))
    return Section(
        "deliveries",
        "Asked for and delivered",
        "Deliveries",
        "Each line sums up over time: what is asked for by its due day (firm orders, options and forecasts alike), and what is delivered. Where they part, someone waits.",
        (
            parts[0],
            listings.classes(run, programme),
            *sharing(run, programme),
            *parts[1:],
            listings.deliveries(run, programme),
        ),
    )


def alone(run: Run, programme: Programme) -> tuple[str, ...]:
    """Return the names of the customers that are a class of their own: the picture of the class is theirs."""
    names, found = customer_names(programme), {(r["demand_class"], r["customer"]) for r in rows(run, DEMAND_SUMMARY)}
    classes, customers = Counter(c for c, _ in found), Counter(who for _, who in found)
    single = {who for c, who in found if classes[c] == 1 and customers[who] == 1}
    return tuple(sorted(names.get(who, who) for who in single))


def _once(customers: Drawing, above: tuple[str, ...]) -> Drawing:
    """Return the pictures of customers without those that stand above as their class."""
    panels = tuple(p for p in customers.panels if p.title not in above)
    own = "is a class of its own" if len(above) == 1 else "are classes of their own"
    said = f"{listed(above, most=12)} {own}, drawn above."
    return replace(customers, panels=panels, note=f"{customers.note} {said}".strip() if above else customers.note)


def _ramp(run: Run, programme: Programme) -> Section:
    rate, hours, shares, crews, bought = (
        drawing(name, run, programme) for name in ("rate", "learning", "yield", "people", "expansion")
    )
    parts = (rate, hours, shares, ramp.operations(run, programme), _told(crews), _told(bought))
    return Section(
        "ramp",
        "How the plant grows",
        "Ramp-up",
        "What is made against what is promised, and what makes it grow: people learn, others are hired, shifts change, stations and tools are bought.",
        tuple(replace(p, heading=p.title) if isinstance(p, Drawing) else p for p in parts),
    )


def _told(drawn: Drawing) -> Drawing:
    """Return a drawing whose remark begins with what it says."""
    return replace(drawn, note=f"{drawn.description} {drawn.note}")


def _limits(run: Run, programme: Programme) -> Section:
    return Section(
        "limits",
        "What holds the plan back",
        "Limits",
        "Each row is a limit and the time in which it holds: more of it would let more be delivered, or earlier. "
        "Limits of deliveries come first, by the demands they hurt, summed over the periods.",
        (drawing("limits", run, programme),),
    )


def _actions(run: Run, programme: Programme) -> Section:
    """Return what is to be done first; a run that lacks tables says nothing of it."""
    whole = all(s.name in run.tables for s in SHAPES)
    return actions_section(actions(programme, run, window_of(programme)) if whole else (), programme)


def _load(run: Run, programme: Programme) -> Section:
    shown = drawing("load", run, programme)
    return Section("load", shown.title, "Load", shown.description, (shown,))


def _late(run: Run, programme: Programme) -> Section:
    table = listings.late(run, programme)
    return Section("late", "Late and never delivered", "Late", table.lead, (table,))


def _moved(run: Run, programme: Programme) -> Section:
    shown = drawing("moved", run, programme)
    return Section("moved", "What moved against the plan before", "What moved", shown.description, (shown,))


def _purchases(run: Run, programme: Programme) -> Section:
    shown = drawing("purchases", run, programme)
    return Section(
        "purchases",
        "Purchases and shortages",
        "Purchases",
        shown.description,
        (
            shown,
            listings.spend_by_item(run, programme),
            listings.shortages(run, programme),
            *listings.qualifications(run, programme),
            listings.purchases(run, programme),
        ),
    )


def _origin(run: Run, programme: Programme) -> Section:
    shown = drawing("origin", run, programme)
    costs = (materials(run, programme), *prices(run, programme))
    parts: tuple[Drawing | DataTable, ...] = (
        (shown, certificates(run, programme), *costs, outside_parts(run, programme)) if shown.panels else costs
    )
    return Section("origin", shown.title, "Origin", shown.description, parts)


def _shares(run: Run, programme: Programme) -> Section:
    """Return the section on work-share and sourcing, where the programme has partners or a rule on sources."""
    shown = drawing("work_share", run, programme)
    there = shown.panels or rows(run, SOURCING_RULES)
    parts: tuple[Drawing | DataTable, ...] = (shown, *share_listings.tables(run, programme)) if there else ()
    lead = f"{shown.description} Below: whom the plan buys from, and whether rules on sources are kept."
    return Section(
        "shares", "Work-share and sourcing", "Shares", lead if shown.panels else lead.partition(". ")[2], parts
    )


def _stock(run: Run, programme: Programme) -> Section:
    shown = drawing("stock", run, programme)
    return Section("stock", shown.title, "Stock", shown.description, (shown, listings.missed_targets(run, programme)))


def _costs(run: Run, programme: Programme) -> Section:
    shown = drawing("costs", run, programme)
    share = programme.settings.discount_per_year_share
    rate = f" Present values discount at {100 * share:g} % a year." if share else ""
    return Section(
        "costs",
        shown.title,
        "Costs",
        f"{shown.description.partition(':')[0].rstrip('.')}.{rate}",
        (shown,),
    )


def _cash(run: Run, programme: Programme) -> Section:
    shown = drawing("cash", run, programme)
    return Section("cash", shown.title, "Cash", shown.description, (shown, *money_listings.tables(run, programme)))


def _startup(run: Run, programme: Programme) -> Section:
    shown, paths = drawing("startup", run, programme), drawing("paths", run, programme)
    paths = replace(paths, heading=paths.title)
    return Section(
        "startup", shown.title, "Start-up", shown.description, (shown, paths, critical_paths(run, programme))
    )


def _licences(run: Run, programme: Programme) -> Section:
    shown = drawing("licences", run, programme)
    return Section(
        "licences", shown.title, "Licences", shown.description, (shown, listings.applications(run, programme))
    )


def _map(run: Run, programme: Programme) -> Section:
    shown = drawing("map", run, programme)
    return Section("map", shown.title, "Map", shown.description, (shown,))


def _dependence(run: Run, programme: Programme) -> Section:
    found = told(run, programme)
    shown = drawn(found, programme)
    lead = f"{shown.description} What is bought, made and moved stays as planned here, and waits for what is missing."
    anew = rows(run, REPLANNED)
    losses = (replanned_on_map(run, programme), losses_table(anew, programme)) if anew else ()
    return Section("dependence", shown.title, "Dependence", lead.strip(), (shown, depending(found, programme), *losses))


def _orders(run: Run, programme: Programme) -> Section:
    broken = any(listings.to_round(run, programme, kind) for kind in ("purchases", "lots", "moves"))
    rounded = " Fractions of a piece are to be rounded before release: how many, each list says." if broken else ""
    return Section(
        "orders",
        "Orders to round and release" if broken else "Orders to release",
        "Orders",
        f"What to start and what to move, in order of time. Purchase orders stand above, with purchases.{rounded}",
        (listings.production(run, programme), listings.moves(run, programme)),
    )
