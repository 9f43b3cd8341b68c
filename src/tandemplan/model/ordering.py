"""A programme with one more order in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Demand
from tandemplan.model.variants import with_rows


@dataclass(frozen=True)
class Order:
    """An order that somebody asks for: units of an item at a site, by a contract or for a customer, or for nobody that is known yet.

    `site` is blank in a programme without sites, `item` where the contract says it; `name` is what the new demand is called.
    """

    item: str
    site: str
    quantity: float
    contract: str = ""
    customer: str = ""
    name: str = "PROMISE"


def with_order(programme: Programme, order: Order, due: date) -> Programme:
    """Return the programme with a demand for an order, due on a day; raises ProgrammeFaultsError with all that is wrong with it.

    >>> from tandemplan.testing.models import programme_of
    >>> small = programme_of('''
    ...     start = 2026-06-01
    ...     periods = 2 weeks
    ...     [items]
    ...     item
    ...     A
    ...     [stock]
    ...     item,quantity_units
    ...     A,3
    ... ''')
    >>> more = with_order(small, Order("A", "", 3.0), date(2026, 6, 5))
    >>> more[Demand].demand.tolist(), more[Demand].quantity_units.tolist()
    (['PROMISE'], [3.0])
    """
    import pandas as pd

    from tandemplan.model.frames import frame_of

    table = frame_of(programme[Demand])
    row = {
        "demand": order.name,
        "contract": order.contract,
        "customer": order.customer,
        "site": order.site,
        "item": order.item,
    }
    numbers = {
        "quantity_units": order.quantity,
        "due": pd.Timestamp(due),
        "weight_factor": 1.0,
        "minimum_shipment_units": 0.0,
    }
    blank = {c: pd.NaT if c == "latest" else "" for c in table.columns}
    more = pd.concat([table, pd.DataFrame([{**blank, **row, **numbers}])], ignore_index=True)
    made = with_rows(programme, {"demands": more})
    return replace(made, tables={n: t.sorted() for n, t in made.tables.items()})
