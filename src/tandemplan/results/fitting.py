"""Whether a programme still has what the plan of a run speaks of."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Demand, Item, Lane, Offer, Row, Site
from tandemplan.results import shape
from tandemplan.results.fields import Shape
from tandemplan.results.store import Run

NAMED: tuple[tuple[Shape, str, type[Row]], ...] = (
    (shape.DEMAND_SUMMARY, "demand", Demand),
    (shape.PURCHASES, "item", Item),
    (shape.PURCHASES, "site", Site),
    (shape.PURCHASES, "offer", Offer),
    (shape.PURCHASES, "lane", Lane),
    (shape.PRODUCTION, "item", Item),
    (shape.PRODUCTION, "site", Site),
    (shape.MOVES, "item", Item),
    (shape.MOVES, "lane", Lane),
    (shape.DELIVERIES, "item", Item),
    (shape.DELIVERIES, "site", Site),
)


def missing(run: Run, programme: Programme) -> str:
    r"""Return the first name in the plan of a run that its programme does not have, in words; blank where it has all of them.

    A programme lacks one only where somebody took it out of the run's folder after the plan.

    >>> from tandemplan.testing.models import programme_of
    >>> from tandemplan.testing.runs import run_of
    >>> missing(run_of("[demand_summary]\ndemand\nC1"), programme_of("start = 2026-06-01\nperiods = 2 weeks"))
    "demand 'C1'"
    """
    for table, column, row_class in NAMED:
        if table.name in run.tables:
            known = {str(k[0]) for k in programme[row_class].keys} | {""}
            lost = [str(n) for n in dict.fromkeys(run[table][column].tolist()) if str(n) not in known]
            if lost:
                return f"{column} '{lost[0]}'"
    return ""
