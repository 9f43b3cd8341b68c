"""Shipments of lanes: the days on which something leaves a lane whose shipments cost something."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Lane
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SHIPMENT = "shipment"  # the columns of shipments, in models small enough to have them


@dataclass(frozen=True, eq=False)
class ShipmentDays:
    """The days on which something may leave a lane with a cost per shipment: `lane` row and `day` of each.

    `of_buy` (ways x periods) and `of_move` (moves x periods) say which of them each purchase and move needs (-1: none).
    """

    lane: Ints
    day: Ints
    of_buy: Ints
    of_move: Ints


def shipment_days(network: Network, x: Variables) -> ShipmentDays:
    """Return the days on which a shipment that costs something may leave, by lane and day."""
    cost = np.append(network.programme[Lane].shipment_cost, 0.0)
    lanes = [
        np.array([w.lane for w in network.places.ways], dtype=np.int64),
        np.array([m[0] for m in network.places.moves], dtype=np.int64),
    ]
    keys = []
    for lane, flow, sent in zip(
        lanes, (x.buy, x.move), (network.buying.dispatch, network.moving.dispatch), strict=True
    ):
        costly = (cost[lane] > 0)[:, None] & (flow >= 0)
        keys.append(np.where(costly, lane[:, None] * network.periods.days + sent, -1))
    every = np.unique(np.concatenate([k.ravel() for k in keys]))
    every = every[every >= 0]
    of_buy, of_move = (np.where(k >= 0, np.searchsorted(every, np.maximum(k, 0)), -1) for k in keys)
    days = max(network.periods.days, 1)
    return ShipmentDays(every // days, every % days, of_buy, of_move)


def shipments_made(network: Network, x: Variables, buy: Floats, move: Floats) -> tuple[Ints, Floats]:
    """Return the days and costs of the shipments of a plan, from its purchases and moves in the shapes of `Variables`."""
    days = shipment_days(network, x)
    made = np.zeros(len(days.lane), dtype=bool)
    for at, units in ((days.of_buy, buy), (days.of_move, move)):
        made[at[(at >= 0) & (units > 0)]] = True
    return days.day[made], network.programme[Lane].shipment_cost[days.lane[made]]
