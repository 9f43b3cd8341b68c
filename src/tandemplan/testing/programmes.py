"""Random programmes for properties: small, valid, with numbers that a reader can follow by hand.

Needs hypothesis (the extra `test`). The plant is S1: it makes up to three items from up to three bought parts, on one
or two work centres, and delivers there or over lanes to S2 and S3.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tandemplan.model.draft import Draft
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    BomLine,
    CalendarRow,
    Contract,
    Customer,
    Demand,
    Item,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Risk,
    Row,
    Site,
    Stock,
    StockPolicy,
    Supplier,
    Task,
)
from tandemplan.testing.capacity import capacity
from tandemplan.testing.frame import HORIZONS, START, Draw, Frame, day, few, opens, sometimes, spans
from tandemplan.testing.frame_rows import borders, funding, handling, money, origins, shares


@st.composite
def programmes(draw: Draw) -> Programme:
    """Draw a programme without faults: 1-3 sites, 2-6 items, demands in 1-3 classes over 3-12 periods.

    Now and then it has calendars, telescoping periods, a kit as an alternative bill, dated risks, tasks that open
    rows, stock, open orders, stock policies, tools, skills with overtime, attrition and hires, stations and sets to buy, shifts to choose, yields, contracts and damages, a border with
    licences, hazardous parts, hours of receipt and delivery, options chosen and open, rules of origin, work-share and sourcing, fixed costs, and funding with
    advances and terms of payment.
    """
    periods = draw(st.sampled_from(sorted(HORIZONS)))
    frame = draw(_frames(HORIZONS[periods]))
    rates = st.sampled_from((0.0, 0.1))
    settings = {"discount_per_year_share": draw(rates), "holding_per_year_share": draw(rates)}
    draft = Draft(name="random", start=START, periods=periods, **settings)
    settings["uncertain_demand"] = draw(st.sampled_from(("all", "all", "expected", "firm")))
    parts = (
        borders,
        handling,
        money,
        funding,
        _places,
        _items,
        _bills,
        capacity,
        _routes,
        _buying,
        _moving,
        _asking,
        _standing,
        _tasks,
        _risks,
        origins,
        shares,
    )
    return draft.add(*(row for part in parts for row in part(draw, frame))).programme()


@st.composite
def _frames(draw: Draw, days: int) -> Frame:
    sites = draw(st.sampled_from(((), ("S1",), ("S1", "S2"), ("S1", "S2", "S3"))))
    parts, hazard = ("R1", "R2", "R3")[: draw(st.integers(1, 3))], draw(st.booleans())
    return Frame(
        days=days,
        sites=sites,
        made=("P", "A", "B")[: draw(st.integers(1, 3))],
        parts=parts,
        lanes=len(sites) > 1 or (len(sites) == 1 and draw(st.booleans())),
        tasks=("M1", "M2")[: draw(st.integers(0, 2))],
        calendar=draw(st.sampled_from(("", "C1"))),
        contracts=draw(st.booleans()),
        border=draw(st.booleans()),
        hazard=hazard,
        funding=draw(st.sampled_from((False, False, True))),
        partners=draw(st.sampled_from((False, False, True))),
        sellers=tuple(
            1 if hazard and p == parts[0] else draw(st.integers(1, 2)) for p in parts
        ),  # V2's lane takes no hazard
    )


def _places(draw: Draw, frame: Frame) -> list[Row]:
    storage = draw(sometimes(st.integers(20, 60))) if frame.sites else None
    most = draw(st.integers(40, 90)) if frame.hazard and frame.sites else None
    rows: list[Row] = [
        Site(
            site=s,
            country=frame.further if s == "S3" else frame.here,
            partner="H" if frame.partners and s != "S3" else "",
            storage_m3=storage if s == frame.plant else None,
            hazard_storage_kg=most if s == frame.plant else None,
            calendar=frame.calendar,
            opens_after=draw(opens(frame)) if s == "S3" else (),
        )
        for s in frame.sites
    ]
    if frame.calendar:
        begin, end = draw(spans(frame.days))
        kind, factor = draw(st.sampled_from((("exception", 0.0), ("factor", 0.5), ("factor", 2.0))))
        rows.append(CalendarRow(calendar="C1", kind=kind, from_date=begin, to_date=end, factor=factor))
    return rows


def _items(draw: Draw, frame: Frame) -> list[Row]:
    costs = st.integers(0, 9)
    return [
        Item(
            item=i,
            weight_kg=draw(st.integers(0, 3)),
            volume_m3=draw(st.sampled_from((0, 0, 1))),
            standard_cost=draw(costs),
            hazard=frame.hazard and i == frame.parts[0],
        )
        for i in (*frame.made, *frame.parts)
    ]


def _bills(draw: Draw, frame: Frame) -> list[Row]:
    rows: list[Row] = []
    kit = draw(st.booleans())
    for at, parent in enumerate(frame.made):
        below = [*frame.made[at + 1 :], *frame.parts]
        name = "full" if kit and at == 0 else ""
        for component in draw(st.lists(st.sampled_from(below), min_size=1, max_size=3, unique=True)):
            scrap = draw(st.sampled_from((0.0, 0.0, 0.25)))
            quantity = draw(st.integers(1, 3))
            rows.append(
                BomLine(
                    parent=parent, alternative=name, component=component, quantity_units=quantity, scrap_share=scrap
                )
            )
    if kit:
        part, after = draw(st.sampled_from(frame.parts)), draw(opens(frame))
        rows.append(
            BomLine(
                parent=frame.made[0], alternative="kit", component=part, quantity_units=4, rank=2, opens_after=after
            )
        )
    return rows


def _routes(draw: Draw, frame: Frame) -> list[Row]:
    rows: list[Row] = []
    for item in frame.made:
        for step in range(10, 10 * draw(st.integers(1, 2)) + 1, 10):
            skill = draw(st.sampled_from(("", "K1")))
            tool_hours = draw(st.sampled_from((0, 0, 2)))
            rows.append(
                Operation(
                    item=item,
                    site=frame.plant,
                    step=step,
                    work_centre=draw(st.sampled_from(("W1", "W2"))),
                    skill=skill,
                    tool="T1" if tool_hours else "",
                    tool_hours=tool_hours,
                    plateau_hours=draw(st.integers(1, 8)),
                    setup_hours=draw(st.sampled_from((0, 2))),
                    lot_units=draw(st.sampled_from((1, 4))),
                    **_yield(draw),
                )
            )
    return rows


def _yield(draw: Draw) -> dict[str, Any]:
    mature, rework = draw(st.sampled_from(((1.0, 0.0), (1.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.75, 1.0))))
    return {"yield_mature_share": mature, "rework_share": rework, "rework_hours": 2.0 * rework}


def _terms(draw: Draw, frame: Frame) -> dict[str, Any]:
    """Draw the terms of a supplier."""
    if not frame.funding:
        return {}
    return {"prepayment_share": draw(st.sampled_from((0.0, 0.5))), "payment_days": draw(st.sampled_from((0, 9)))}


def _buying(draw: Draw, frame: Frame) -> list[Row]:
    own = {"V1": "T"} if frame.partners else {}
    rows: list[Row] = [
        Supplier(supplier=v, country=frame.abroad, partner=own.get(v, ""), **_terms(draw, frame)) for v in ("V1", "V2")
    ]
    for part, sellers in zip(frame.parts, frame.sellers, strict=True):
        for supplier in ("V1", "V2")[:sellers]:
            rows.append(
                Offer(
                    offer=f"{supplier}:{part}",
                    supplier=supplier,
                    item=part,
                    site="" if frame.lanes else frame.plant,
                    unit_price=draw(st.integers(0, 9)),
                    origin_country=frame.here if frame.partners and supplier == "V2" else "",
                    lead_days=draw(st.integers(0, 12)),
                    capacity_units_per_week=draw(sometimes(st.integers(1, 30))),
                    acceptance_share=draw(st.sampled_from((1.0, 1.0, 0.5))),
                    qualified=draw(st.sampled_from((True, True, False))),
                    qualification_days=draw(st.integers(0, 9)),
                    qualification_cost=draw(st.sampled_from((0, 0, 25))),
                    third_country_share=draw(st.sampled_from((None, 0.0, 0.5, 1.0))),
                    opens_after=draw(opens(frame)),
                )
            )
    return rows


def _moving(draw: Draw, frame: Frame) -> list[Row]:
    if not frame.lanes:
        return []
    ways = [("V1", frame.plant), ("V2", frame.plant), *((frame.plant, s) for s in frame.sites[1:])]
    return [
        Lane(
            lane=f"{begin}-{end}",
            from_place=begin,
            to_site=end,
            transit_days=draw(st.integers(0, 9)),
            kg_cost=draw(st.integers(0, 2)),
            capacity_kg_per_week=draw(sometimes(st.integers(5, 40))),
            crossing="X1" if frame.border and begin != frame.plant else "",
            hazard_allowed=begin != "V2" or not frame.hazard,
        )
        for begin, end in ways
    ]


def _asking(draw: Draw, frame: Frame) -> list[Row]:
    classes = draw(st.integers(1, 3))
    rows: list[Row] = [Customer(customer=f"G{k}", demand_class=k) for k in range(1, classes + 1)]
    wanted = (frame.made[0], *frame.made[:2], *frame.parts[:1])
    if frame.contracts:
        rows += [
            Contract(
                contract=f"L{k}",
                customer=f"G{k}",
                item=frame.made[0],
                unit_price=draw(st.integers(int(frame.partners), 100)),
                damages_per_week_share=draw(st.sampled_from((0.0, 0.05))),
                damages_cap_share=0.1,
                certainty=draw(st.sampled_from(("firm", "firm", "option", "forecast"))),
                probability=0.5,
                **_paid(draw, frame, k),
            )
            for k in range(1, classes + 1)
        ]
    for n in range(1, draw(st.integers(1, 6)) + 1):
        k = draw(st.integers(1, classes))
        by_contract = frame.contracts and draw(st.booleans())
        rows.append(
            _demand(
                draw, frame, f"d{n}", (f"L{k}", "", "") if by_contract else ("", f"G{k}", draw(st.sampled_from(wanted)))
            )
        )
    return rows


def _paid(draw: Draw, frame: Frame, number: int) -> dict[str, Any]:
    """Draw how a contract is paid; the first one by a pool."""
    if not frame.funding:
        return {}
    return {
        "advance_share": draw(st.sampled_from((0.0, 0.25))),
        "advance_date": draw(sometimes(st.integers(-3, frame.days + 3).map(day))),
        "payment_days": draw(st.sampled_from((0, 9))),
        "total_units": draw(sometimes(st.integers(1, 30))),
        "pool": "G" if number == 1 else "",
    }


def _demand(draw: Draw, frame: Frame, name: str, what: tuple[str, str, str]) -> Demand:
    due = draw(st.integers(0, frame.days - 1))
    grace = draw(sometimes(st.integers(0, 14)))
    return Demand(
        demand=name,
        contract=what[0],
        customer=what[1],
        item=what[2],
        site=draw(st.sampled_from(frame.sites or ("",))),
        quantity_units=draw(st.integers(1, 20)),
        due=day(due),
        latest=None if grace is None else day(due + grace),
        weight_factor=draw(st.integers(1, 3)),
        opens_after=draw(opens(frame)),
    )


def _standing(draw: Draw, frame: Frame) -> list[Row]:
    rows: list[Row] = []
    items = (*frame.made, *frame.parts)
    for item in draw(few(items)):
        known = draw(st.booleans()) and item in frame.parts
        units = draw(st.integers(0, 9))
        rows.append(Stock(site=frame.plant, item=item, quantity_units=units, offer=f"V1:{item}" if known else ""))
    for n, item in enumerate(draw(few(frame.parts)), 1):
        when = day(draw(st.integers(-5, frame.days - 1)))
        quantity = draw(st.integers(1, 9))
        offer, price = draw(st.sampled_from(("", f"V1:{item}"))), draw(sometimes(st.integers(1, 9)))
        rows.append(
            OpenOrder(
                order=f"o{n}",
                offer=offer,
                item=item,
                site=frame.plant,
                quantity_units=quantity,
                promised=when,
                unit_price=price,
            )
        )
    for item in draw(few(items)):
        safety, days, most = (
            draw(st.integers(0, 4)),
            draw(st.sampled_from((0, 7))),
            draw(sometimes(st.integers(5, 20))),
        )
        rows.append(StockPolicy(site=frame.plant, item=item, safety_units=safety, safety_days=days, most_units=most))
    return rows


def _tasks(draw: Draw, frame: Frame) -> list[Row]:
    names = frame.tasks
    before = {"M2": ("M1+3",)}
    finished = draw(st.sampled_from((None, None, day(-3))))
    return [
        Task(
            task=t,
            duration_days=draw(st.integers(0, 9)),
            predecessors=before.get(t, ()),
            finished=finished if t == "M1" else None,
            needs=_needs(draw, frame),
            every_days=draw(sometimes(st.integers(4, 30))),
            cost_amount=draw(st.integers(0, 9)),
        )
        for t in names
    ]


def _needs(draw: Draw, frame: Frame) -> tuple[str, ...]:
    """Return what a task needs made, mostly nothing."""
    item, units = draw(st.sampled_from(frame.made)), draw(st.integers(1, 6))
    part = draw(st.sampled_from(frame.parts))
    forms: tuple[tuple[str, ...], ...] = (
        (),
        (),
        (),
        (f"made:{item}>={units}",),
        (f"bought:V1:{part}>={units}",),
        (f"produced:{item}>={units}/week for {draw(st.integers(1, 2))}",),
    )
    found: tuple[str, ...] = draw(st.sampled_from(forms))
    return found


def _risks(draw: Draw, frame: Frame) -> list[Row]:
    changes = (
        f"offers[V1:{frame.parts[0]}].capacity_units_per_week *= 0",
        f"offers[V1:{frame.parts[0]}].lead_days += 4",
        "work_centres[W1].availability_share *= 0.5",
        "skills[K1].headcount *= 0",
        "tools[T1].sets += 1",
        "demands[*].quantity_units *= 2",
        *(f"tasks[{t}].duration_days += 3" for t in frame.tasks),
        *(("crossings[X1].delay_hours += 50",) if frame.border else ()),
        *(("licences[H2].processing_days += 2",) if frame.border else ()),
    )
    rows: list[Row] = []
    for n, change in enumerate(draw(few(changes)), 1):
        when = day(draw(st.integers(0, frame.days - 1)))
        rows.append(Risk(risk=f"E{n}", date=when, duration_days=draw(sometimes(st.integers(1, 14))), changes=(change,)))
    return rows
