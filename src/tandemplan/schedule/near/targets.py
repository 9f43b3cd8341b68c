"""What a plan asks of the shop in its near horizon: each start, move, receipt and delivery as a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Resource = tuple[str, str]  # kind, name
PRODUCTION, MOVE, DISPATCH, RECEIPT, DELIVERY = "production", "move", "dispatch", "receipt", "delivery"


@dataclass(frozen=True)
class Target:
    """So many units of a row of the plan, due at the end of a day; `demand` is what it is called in the shop.

    `bill` are the items that a unit takes there, `hours` are those that it takes of each resource, in the period in which the plan counts them, which begins on `period`.
    """

    kind: str
    name: str
    item: str
    site: str
    period: date
    quantity: float
    due: date
    demand: str
    hours: Mapping[Resource, float] = field(default_factory=dict)
    bill: Mapping[str, float] = field(default_factory=dict)
