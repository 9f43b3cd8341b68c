"""Rows of a random programme about borders, handling at the plant, and money."""

from __future__ import annotations

from hypothesis import strategies as st

from tandemplan.model.schema import Cost, Country, Crossing, Licence, Operation, Option, Row
from tandemplan.testing.frame import Draw, Frame, day, few, sometimes


def borders(draw: Draw, frame: Frame) -> list[Row]:
    """Draw three countries, a crossing between them and licences for what crosses it, if the frame has a border."""
    if not frame.border:
        return []
    rows: list[Row] = [Country(country=c) for c in (frame.here, frame.abroad, frame.further)]
    rows.append(Crossing(crossing="X1", delay_hours=draw(st.sampled_from((0, 12, 30)))))
    if frame.tasks and draw(st.booleans()):
        covered = tuple(draw(few(frame.parts)))
        terms = {
            "validity_days": draw(sometimes(st.integers(4, 20))),
            "renewable": draw(st.booleans()),
            "cap_units": draw(sometimes(st.integers(1, 30))),
            "processing_days": draw(st.integers(0, 4)),
            "country": frame.abroad,
            "from_places": (frame.abroad,),
            "to_places": draw(st.sampled_from(((), (frame.here,)))),
            "reexport_consent": draw(st.booleans()),
        }
        if terms["validity_days"]:
            terms["renewal_lead_days"] = draw(sometimes(st.integers(0, 4)))
        rows.append(Licence(licence="H1", task=frame.tasks[0], items=covered, **terms))
    items = tuple(draw(few(frame.parts)))
    places = draw(st.sampled_from(((), ("V1",), (frame.abroad,))))
    days = draw(st.integers(0, 4))
    per_order = {"validity_days": draw(sometimes(st.integers(1, 9))), "cap_units": draw(sometimes(st.integers(2, 20)))}
    rows.append(
        Licence(licence="H2", kind="per order", items=items, from_places=places, processing_days=days, **per_order)
    )
    return rows


def handling(draw: Draw, frame: Frame) -> list[Row]:
    """Draw steps of receipt and of delivery at the plant, mostly none."""
    rows: list[Row] = []
    if draw(st.integers(0, 3)) == 0:
        part, hours = draw(st.sampled_from(frame.parts)), draw(st.integers(1, 2))
        rows.append(Operation(item=part, site=frame.plant, when="receive", work_centre="W2", plateau_hours=hours))
    if draw(st.integers(0, 3)) == 0:
        item, skill = frame.made[0], draw(st.sampled_from(("", "K1")))
        rows.append(
            Operation(item=item, site=frame.plant, when="deliver", work_centre="W1", skill=skill, plateau_hours=1)
        )
    return rows


def money(draw: Draw, frame: Frame) -> list[Row]:
    """Draw fixed costs and an option that is already chosen or may be, mostly none."""
    rows: list[Row] = []
    for per in draw(few(("once", "week", "month"))):
        when = day(draw(st.integers(-9, frame.days + 9)))
        amount, once = draw(st.integers(1, 999)), per == "once"
        dates = (when, None) if once else (None, when)
        rows.append(Cost(cost=f"F{per}", per=per, amount=amount, date=dates[0], from_date=dates[1]))
    if draw(st.integers(0, 3)) == 0:
        change = draw(st.sampled_from(("work_centres[W1].stations += 1", "skills[K1].headcount += 2")))
        rows.append(
            Option(
                option="Y1",
                chosen=draw(st.sampled_from((day(draw(st.integers(-9, frame.days + 9))), None))),
                lead_days=draw(st.integers(0, 9)),
                one_off_cost=draw(st.integers(0, 99)),
                weekly_cost=draw(st.integers(0, 99)),
                changes=(change,),
            )
        )
    return rows
