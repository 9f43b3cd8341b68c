"""Random capacity of the plant in random programmes: work centres, people, a tool, shift patterns."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tandemplan.model.schema import Row, ShiftPattern, Skill, Tool, WorkCentre
from tandemplan.testing.frame import Draw, Frame, day, opens, sometimes


def capacity(draw: Draw, frame: Frame) -> list[Row]:
    """Draw work centres, people, a tool and shift patterns of the plant, and what may be bought, hired or chosen."""
    small = st.integers(1, 3)
    rows: list[Row] = [
        ShiftPattern(shift_pattern="D1", site=frame.plant, shifts_per_day=draw(st.integers(1, 2))),
        *_shifts(draw, frame),
        Skill(
            skill="K1",
            site=frame.plant,
            headcount=draw(small),
            overtime_hours_per_week=draw(st.sampled_from((0, 5))),
            hour_cost=draw(st.integers(0, 20)),
            shift_pattern=draw(st.sampled_from(("", "D1"))),
            **_hiring(draw),
        ),
        Tool(
            tool="T1",
            site=frame.plant,
            work_centre="W1",
            sets=draw(small),
            **_room(draw, ("most_sets", "set_price", "lead_days")),
        ),
    ]
    for name in ("W1", "W2"):
        share = draw(st.sampled_from((1.0, 0.5)))
        pattern, after = draw(st.sampled_from(("", "D1"))), draw(opens(frame))
        rows.append(
            WorkCentre(
                work_centre=name,
                site=frame.plant,
                stations=draw(small),
                availability_share=share,
                shift_pattern=pattern,
                opens_after=after,
                **_room(draw, ("most_stations", "station_price", "station_lead_days")),
            )
        )
    return rows


def _hiring(draw: Draw) -> dict[str, Any]:
    """Draw how people leave, and now and then how they are hired and trained."""
    found: dict[str, Any] = {"attrition_per_year": draw(st.sampled_from((0.0, 0.0, 0.5)))}
    if draw(st.booleans()):
        return found
    return {
        **found,
        "hires_per_week": draw(st.sampled_from((0.5, 2))),
        "most_headcount": draw(sometimes(st.integers(3, 5))),
        "recruit_days": draw(st.sampled_from((0, 3, 10))),
        "training_days": draw(st.sampled_from((0, 4, 10))),
        "training_output_share": draw(st.sampled_from((0.0, 0.5, 1.0))),
        "trainees_per_trainer": draw(sometimes(st.integers(1, 3))),
        "training_cost": draw(st.integers(0, 50)),
    }


def _shifts(draw: Draw, frame: Frame) -> list[Row]:
    """Draw now and then a pattern of three shifts, or of fewer on all days, that the plant may choose."""
    if draw(st.booleans()):
        return []
    return [
        ShiftPattern(
            shift_pattern="D2",
            site=frame.plant,
            shifts_per_day=draw(st.integers(1, 3)),
            days_per_week=draw(st.sampled_from((5, 7))),
            premium_share=draw(st.sampled_from((0, 0.25))),
            notice_days=draw(st.sampled_from((0, 3.5, 10))),
            shortest_stay_days=draw(st.sampled_from((0, 8, 20))),
            earliest=draw(sometimes(st.just(day(5)))),
        )
    ]


def _room(draw: Draw, columns: tuple[str, str, str]) -> dict[str, Any]:
    """Return place for more stations or sets, their price and lead time; often none."""
    most, price, lead = columns
    if draw(st.integers(0, 2)):
        return {}
    return {most: draw(st.integers(3, 5)), price: draw(st.sampled_from((0, 50))), lead: draw(st.sampled_from((0, 9.5)))}
