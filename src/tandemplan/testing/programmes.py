"""Random programmes for properties: small, valid, with numbers that a reader can follow by hand.

Needs hypothesis (the extra `test`). The plant is S1: it makes up to three items from up to three bought parts, on one
or two work centres, and delivers there or over lanes to S2 and S3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
    ShiftPattern,
    Site,
    Skill,
    Stock,
    StockPolicy,
    Supplier,
    Task,
    Tool,
    WorkCentre,
)

START = date(2026, 6, 1)  # a Monday
HORIZONS = {"3 weeks": 21, "4 weeks": 28, "6 weeks": 42, "2 weeks, 1 months": 42, "12 days": 12}
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Frame:
    """What was drawn first, and the rest refers to: names of sites, made items and parts, and what is switched on."""

    days: int
    sites: tuple[str, ...]
    made: tuple[str, ...]
    parts: tuple[str, ...]
    lanes: bool
    tasks: tuple[str, ...]
    calendar: str
    contracts: bool

    @property
    def plant(self) -> str:
        """Return the site where everything is made; blank in a programme without sites."""
        return self.sites[0] if self.sites else ""


@st.composite
def programmes(draw: Draw) -> Programme:
    """Draw a programme without faults: 1-3 sites, 2-6 items, demands in 1-3 classes over 3-12 periods.

    Now and then it has calendars, telescoping periods, a kit as an alternative bill, dated risks, tasks that open
    rows, stock, open orders, stock policies, tools, skills with overtime, yields, contracts and damages.
    """
    periods = draw(st.sampled_from(sorted(HORIZONS)))
    frame = draw(_frames(HORIZONS[periods]))
    rates = st.sampled_from((0.0, 0.1))
    settings = {"discount_per_year_share": draw(rates), "holding_per_year_share": draw(rates)}
    draft = Draft(name="random", start=START, periods=periods, **settings)
    parts = (_places, _items, _bills, _capacity, _routes, _buying, _moving, _asking, _standing, _tasks, _risks)
    return draft.add(*(row for part in parts for row in part(draw, frame))).programme()


@st.composite
def _frames(draw: Draw, days: int) -> Frame:
    sites = draw(st.sampled_from(((), ("S1",), ("S1", "S2"), ("S1", "S2", "S3"))))
    return Frame(
        days=days,
        sites=sites,
        made=("P", "A", "B")[: draw(st.integers(1, 3))],
        parts=("R1", "R2", "R3")[: draw(st.integers(1, 3))],
        lanes=len(sites) > 1 or (len(sites) == 1 and draw(st.booleans())),
        tasks=("M1", "M2")[: draw(st.integers(0, 2))],
        calendar=draw(st.sampled_from(("", "C1"))),
        contracts=draw(st.booleans()),
    )


def _places(draw: Draw, frame: Frame) -> list[Row]:
    storage = draw(_sometimes(st.integers(20, 60))) if frame.sites else None
    rows: list[Row] = [
        Site(site=s, storage_m3=storage if s == frame.plant else None, calendar=frame.calendar) for s in frame.sites
    ]
    if frame.calendar:
        begin, end = draw(_spans(frame.days))
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
        part, opens = draw(st.sampled_from(frame.parts)), draw(_opens(frame))
        rows.append(
            BomLine(
                parent=frame.made[0], alternative="kit", component=part, quantity_units=4, rank=2, opens_after=opens
            )
        )
    return rows


def _capacity(draw: Draw, frame: Frame) -> list[Row]:
    small = st.integers(1, 3)
    rows: list[Row] = [
        ShiftPattern(shift_pattern="D1", site=frame.plant, shifts_per_day=draw(st.integers(1, 2))),
        Skill(
            skill="K1",
            site=frame.plant,
            headcount=draw(small),
            overtime_hours_per_week=draw(st.sampled_from((0, 5))),
            hour_cost=draw(st.integers(0, 20)),
            shift_pattern=draw(st.sampled_from(("", "D1"))),
        ),
        Tool(tool="T1", site=frame.plant, work_centre="W1", sets=draw(small)),
    ]
    for name in ("W1", "W2"):
        share = draw(st.sampled_from((1.0, 0.5)))
        pattern, opens = draw(st.sampled_from(("", "D1"))), draw(_opens(frame))
        rows.append(
            WorkCentre(
                work_centre=name,
                site=frame.plant,
                stations=draw(small),
                availability_share=share,
                shift_pattern=pattern,
                opens_after=opens,
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


def _buying(draw: Draw, frame: Frame) -> list[Row]:
    rows: list[Row] = [Supplier(supplier="V1"), Supplier(supplier="V2")]
    for part in frame.parts:
        for supplier in ("V1", "V2")[: draw(st.integers(1, 2))]:
            rows.append(
                Offer(
                    offer=f"{supplier}:{part}",
                    supplier=supplier,
                    item=part,
                    site="" if frame.lanes else frame.plant,
                    unit_price=draw(st.integers(0, 9)),
                    lead_days=draw(st.integers(0, 12)),
                    capacity_units_per_week=draw(_sometimes(st.integers(1, 30))),
                    acceptance_share=draw(st.sampled_from((1.0, 1.0, 0.5))),
                    qualified=draw(st.sampled_from((True, True, False))),
                    qualification_days=draw(st.integers(0, 9)),
                    opens_after=draw(_opens(frame)),
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
            capacity_kg_per_week=draw(_sometimes(st.integers(5, 40))),
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
                unit_price=draw(st.integers(0, 100)),
                damages_per_week_share=draw(st.sampled_from((0.0, 0.05))),
                damages_cap_share=0.1,
                certainty=draw(st.sampled_from(("firm", "firm", "option", "forecast"))),
                probability=0.5,
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


def _demand(draw: Draw, frame: Frame, name: str, what: tuple[str, str, str]) -> Demand:
    due = draw(st.integers(0, frame.days - 1))
    grace = draw(_sometimes(st.integers(0, 14)))
    return Demand(
        demand=name,
        contract=what[0],
        customer=what[1],
        item=what[2],
        site=draw(st.sampled_from(frame.sites or ("",))),
        quantity_units=draw(st.integers(1, 20)),
        due=_day(due),
        latest=None if grace is None else _day(due + grace),
        weight_factor=draw(st.integers(1, 3)),
        opens_after=draw(_opens(frame)),
    )


def _standing(draw: Draw, frame: Frame) -> list[Row]:
    rows: list[Row] = []
    items = (*frame.made, *frame.parts)
    for item in draw(_few(items)):
        rows.append(Stock(site=frame.plant, item=item, quantity_units=draw(st.integers(0, 9))))
    for n, item in enumerate(draw(_few(frame.parts)), 1):
        day = _day(draw(st.integers(-5, frame.days - 1)))
        quantity = draw(st.integers(1, 9))
        rows.append(OpenOrder(order=f"o{n}", item=item, site=frame.plant, quantity_units=quantity, promised=day))
    for item in draw(_few(items)):
        safety, days, most = (
            draw(st.integers(0, 4)),
            draw(st.sampled_from((0, 7))),
            draw(_sometimes(st.integers(5, 20))),
        )
        rows.append(StockPolicy(site=frame.plant, item=item, safety_units=safety, safety_days=days, most_units=most))
    return rows


def _tasks(draw: Draw, frame: Frame) -> list[Row]:
    names = frame.tasks
    before = {"M2": ("M1+3",)}
    return [Task(task=t, duration_days=draw(st.integers(0, 9)), predecessors=before.get(t, ())) for t in names]


def _risks(draw: Draw, frame: Frame) -> list[Row]:
    changes = (
        f"offers[V1:{frame.parts[0]}].capacity_units_per_week *= 0",
        f"offers[V1:{frame.parts[0]}].lead_days += 4",
        "work_centres[W1].availability_share *= 0.5",
        "skills[K1].headcount *= 0",
    )
    rows: list[Row] = []
    for n, change in enumerate(draw(_few(changes)), 1):
        day = _day(draw(st.integers(0, frame.days - 1)))
        rows.append(Risk(risk=f"E{n}", date=day, duration_days=draw(_sometimes(st.integers(1, 14))), changes=(change,)))
    return rows


def _opens(frame: Frame) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw the tasks that open a row: mostly none."""
    return st.sampled_from([(), (), (), *((t,) for t in frame.tasks)])


def _sometimes(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def _few(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


def _spans(days: int) -> st.SearchStrategy[tuple[date, date]]:
    return st.tuples(st.integers(0, days - 1), st.integers(0, 13)).map(lambda s: (_day(s[0]), _day(s[0] + s[1])))


def _day(number: int) -> date:
    return START + timedelta(days=number)
