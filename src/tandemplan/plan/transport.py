"""Constraint families `offers` and `lanes`: what suppliers can send and lanes can carry."""

from __future__ import annotations

import numpy as np

from tandemplan.model.schema import Lane, Offer
from tandemplan.network.network import Network
from tandemplan.plan.order_sizes import offer_windows
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder


def add_offers(build: Builder, network: Network, x: Variables) -> None:
    """Add supplier capacity, one row for each offer o with a capacity and period t of dispatch.

        offers: sum[w of o, s in W] buy[w,s] <= capacity[o,W]

    buy[w,s] counts in the period of its dispatch. The window W of a period t is the shortest run of periods from t on that holds one smallest
    order: for most offers t alone. A window that the end of the plan cuts off holds one smallest order.

    `docs/semantics.md`, Purchases, Orders and shipments.
    """
    if not len(x.buy):
        return
    offers = network.programme[Offer]
    offer = np.array([w.offer for w in network.places.ways], dtype=np.int64)
    sent = np.maximum(network.periods.of(network.buying.dispatch), 0)
    used = _used(network.offer_capacity.shape, offer, sent, x.buy >= 0)
    ends, capacity = offer_windows(network)
    before = np.concatenate([np.zeros((len(used), 1), dtype=np.int64), np.cumsum(used, axis=1)], axis=1)
    there = np.isfinite(capacity) & (np.take_along_axis(before, ends, axis=1) > before[:, :-1])
    row = build.add_rows("offers", tuple(offers.offer), there, lower=-np.inf, upper=capacity)
    width = int((ends - np.arange(ends.shape[1])).max(initial=1))
    for back in range(width):  # the window of the period `back` before the one of dispatch, where it reaches so far
        first = np.maximum(sent - back, 0)
        held = (sent >= back) & (ends[offer[:, None], first] > sent)
        build.add(np.where(held, row[offer[:, None], first], -1), x.buy, 1.0)


def add_lanes(build: Builder, network: Network, x: Variables) -> None:
    """Add lane capacity, one row for each lane l with a capacity and period t of dispatch.

        lanes: sum[w on l] weight[w] * buy[w,s] + sum[m on l] weight[m] * move[m,t] <= capacity[l,t]

    buy[w,s] are the purchases that leave in t, whenever they arrive.

    `docs/semantics.md`, Moves.
    """
    lanes = network.programme[Lane]
    if not len(lanes):
        return
    ways = network.places.ways
    lane = np.array([w.lane for w in ways], dtype=np.int64)
    move_lane = np.array([m[0] for m in network.places.moves], dtype=np.int64)
    sent = np.maximum(network.periods.of(network.buying.dispatch), 0)
    period = np.broadcast_to(np.arange(len(network.periods)), x.move.shape)
    there = _used(network.lane_capacity.shape, lane, sent, (x.buy >= 0) & (lane >= 0)[:, None])
    there |= _used(network.lane_capacity.shape, move_lane, period, x.move >= 0)
    there &= np.isfinite(network.lane_capacity)
    row = build.add_rows("lanes", tuple(lanes.lane), there, lower=-np.inf, upper=network.lane_capacity, unit="kg")
    by_lane = np.where((lane >= 0)[:, None], row[np.maximum(lane, 0)[:, None], sent], -1)
    build.add(by_lane, x.buy, network.weight_kg[network.way_node][:, None])
    build.add(row[move_lane[:, None], period], x.move, network.weight_kg[network.move_from][:, None])


def _used(shape: tuple[int, ...], entity: np.ndarray, period: np.ndarray, there: np.ndarray) -> np.ndarray:
    used = np.zeros(shape, dtype=bool)
    which = np.broadcast_to(entity[:, None], period.shape)
    used[which[there], period[there]] = True
    return used
