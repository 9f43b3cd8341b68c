"""Planned purchases that come otherwise than planned: a later day, another quantity. Open orders stand for them in a re-plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import OpenOrder
from tandemplan.plan.again import Base
from tandemplan.plan.planned import planned
from tandemplan.problems import did_you_mean
from tandemplan.results.store import Run


class UnknownOrderError(ValueError):
    """Raised where an open order replaces a purchase that the plan before does not have."""


def without_replaced(run: Run, before: Programme, programme: Programme) -> Run:
    """Return a plan without the purchases that open orders of a changed programme replace, but for those that replaced them before already.

    Raises UnknownOrderError where one replaces what the plan has not bought.
    """
    was = set(zip(before[OpenOrder].order.tolist(), before[OpenOrder].replaces.tolist(), strict=True))
    rows = zip(programme[OpenOrder].order.tolist(), programme[OpenOrder].replaces.tolist(), strict=True)
    replaced = {purchase: order for order, purchase in rows if purchase and (order, purchase) not in was}
    if not replaced:
        return run
    frame = run.tables["purchases"]
    bought = frame["order"].astype(str).tolist()
    for purchase, order in replaced.items():
        if purchase not in bought:
            hint = did_you_mean(purchase, bought)
            raise UnknownOrderError(
                f"Open order '{order}' replaces '{purchase}', which is no purchase of the plan before. {hint}".strip()
            )
    stays = np.array([b not in replaced for b in bought], dtype=bool)
    return replace(run, tables={**run.tables, "purchases": {n: v[stays] for n, v in frame.items()}})


def less_replaced(base: Base, run: Run, rest: Run) -> Base:
    """Return the columns of a plan less the purchases that are in `run` and not in the `rest` of it; what they fed is not made good."""
    if rest is run:
        return base
    model = base.model
    had, has = (planned(r, model.network, model.variables, len(base.x)).x for r in (run, rest))
    gone = np.zeros(len(base.x))
    buy = model.variables.buy[model.variables.buy >= 0]
    gone[buy] = np.maximum(had[buy] - has[buy], 0.0)
    return replace(base, x=np.maximum(base.x - gone, 0.0))
