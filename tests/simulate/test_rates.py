"""When a product is at full rate: outputs made up by hand, days reckoned here."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tandemplan.calendar import cut
from tandemplan.results.frames import frame_of
from tandemplan.results.simulation_shapes import RATE_CHANCES
from tandemplan.results.store import Run
from tandemplan.simulate.rates import rates
from tandemplan.simulate.statistics import tables_of
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .made_up import outcomes

MODEL = """
    start = 2026-06-01
    periods = 8 weeks
    [items]
    item
    bike
    [demands]
    demand,item,quantity_units,due
    D,bike,100,2026-07-24
    [offers]
    offer,item,lead_days,unit_price
    all,bike,1,1
"""
PLAN = """
    [demand_summary]
    demand,customer,demand_class,item,quantity,due,on_time,late,lost,last_delivery
    D,,1,bike,100,2026-07-24,100,0,0,2026-07-24
    [deliveries]
    demand,item,quantity,due,delivered
    D,bike,100,2026-07-24,2026-07-24
    [production]
    item,good,start,end
    bike,10,2026-06-15,2026-06-21
    bike,20,2026-06-22,2026-06-28
    bike,20,2026-06-29,2026-07-05
    bike,20,2026-07-06,2026-07-12
    bike,20,2026-07-13,2026-07-19
    bike,10,2026-07-20,2026-07-26
"""


def test_full_rate():
    """Of the plan the highest is 20 a week, over the four weeks to 19 July; 18 a week is enough: 70 units by 12 July are 17.5.

    As the plan, one week later, and never more than 17 a week.
    """
    weekly = np.array([
        [0, 0, 10, 20, 20, 20, 20, 10],
        [0, 0, 0, 10, 20, 20, 20, 20],
        [0, 0, 10, 17, 17, 17, 17, 17],
        [0, 0, 10, 20, 20, 22, 20, 10],
    ])  # fmt: skip
    made = outcomes(
        4, 8, demands=("D",), asked=np.full((4, 1), 100), items=("bike",), made=np.cumsum(weekly, axis=1)[:, None]
    )
    tables = tables_of(made, programme_of(MODEL), run_of(PLAN))
    (bike,) = frame_of(Run({}, tables), RATE_CHANCES).to_dict("records")
    assert (bike["item"], bike["planned_rate"], bike["planned"].date()) == ("bike", 20, date(2026, 7, 19))
    assert (bike["by_planned_chance"], bike["reached_chance"]) == (0.5, 0.75)
    days = [bike[f"reached_{q}"] for q in ("low", "middle", "high")]
    assert [d.date() for d in days[:2]] == [date(2026, 7, 12), date(2026, 7, 19)]  # 72 units by 12 July are 18 a week
    assert pd.isna(days[2])
    assert [bike[f"rate_{q}"] for q in ("low", "middle", "high")] == [17, 20, 20.5]


def test_periods_longer_than_four_weeks_are_made_evenly():
    """31 days with 62 units: 14 a week, and so in the 28 days that end with them; a plan of one week has one rate."""
    months = cut(date(2026, 7, 1), "2 months")
    assert rates(np.array([62.0, 62.0]), months) == pytest.approx([14.0, 0.0])
    assert rates(np.array([5.0]), cut(date(2026, 7, 1), "1 weeks")).tolist() == [5.0]
