"""Constraint families `origin lots`, `origin content`, `origin share`: what is inside products, and what of it is from outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Offer
from tandemplan.network.network import Network
from tandemplan.network.origin import Origin, origin_of
from tandemplan.network.windows import Subject
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
LOTS, CONTENT, SHARE = "origin lots", "origin content", "origin share"


def add_origin(build: Builder, network: Network, x: Variables) -> None:
    """Add the accounts of origin by window v, each named by its last period, and the limits on what is from outside.

        origin lots: sum[c] inside[l,c,v] + remains[l,v] - remains[l,v-1]
            - sum[w of l, t in v] accepted[w] * buy[w,t] - sum[r of l, t in v] good[r,t] * make[r,t] <= supply[l,v]
        origin content: sum[l] inside[l,c,v] - sum[b with c] units[b,c] * inside[b,v] - sum[d of c, t in v] deliver[d,t]
            - sum[r of c, t in v] use[r,t] * make[r,t] = 0
        origin share: sum[l, c of y, v <= e] price[l] * (outside share[l] - most share[y]) * inside[l,c,v] <= 0

    Lots are offers, open orders and stock (supply), and bills b of items that are made. A content is an item inside units that count for a group of
    subjects; what leaves it is delivered, or used by what is not in the accounts. y is a subject of a rule, an item or a contract's, and e a day of
    its evidence.

    `docs/semantics.md`, Origin; the limit is that of Regulation (EU) 2025/1106 (SAFE), Art. 16(10); lots kept apart for each content are flows
    of several commodities, Ford and Fulkerson 1958, A suggested computation for maximal multi-commodity network flows, Management Science 5(1).
    """
    origin = origin_of(network)
    if origin is None:
        return
    _add_lots(build, network, x, origin)
    _add_content(build, network, x, origin)
    _add_shares(build, network, x, origin)


def _at_ends(network: Network, origin: Origin, count: int) -> NDArray[np.bool_]:
    """Return where something of `count` owners stands at the end of a window (owners x periods)."""
    there = np.zeros((count, len(network.periods)), dtype=bool)
    there[:, origin.last] = True
    return there


def _add_lots(build: Builder, network: Network, x: Variables, origin: Origin) -> None:
    lots = len(origin.sources) + len(origin.recipes)
    comes = np.zeros((lots, len(network.periods)))
    comes[: len(origin.sources), origin.last] = origin.supply
    row = build.add_rows(LOTS, origin.lot_names, _at_ends(network, origin, lots), lower=-np.inf, upper=comes)
    ends = origin.last[origin.window]
    build.add(row[origin.part_lot], x.inside, 1.0)
    build.add(row, x.remains, 1.0)
    build.add(row[:, origin.last[1:]], x.remains[:, origin.last[:-1]], -1.0)
    accepted = network.programme[Offer].acceptance_share[[w.offer for w in network.places.ways]]
    build.add(_or_none(row)[origin.way_source][:, ends], x.buy, -accepted[:, None])
    build.add(made_rows(build, origin), x.make, -network.making.good)


def made_rows(build: Builder, origin: Origin) -> Ints:
    """Return the row of `origin lots` to which what a route makes in a period comes (routes x periods; -1: to none)."""
    return np.asarray(_or_none(build.row_grid(LOTS))[origin.recipe_of, origin.last[origin.window]])


def _or_none(rows: Ints) -> Ints:
    """Return rows (owners x periods) with one more owner, who has none: owner -1."""
    return np.concatenate([rows, np.full((1, rows.shape[1]), -1)])


def _add_content(build: Builder, network: Network, x: Variables, origin: Origin) -> None:
    there = _at_ends(network, origin, len(origin.item))
    row = build.add_rows(CONTENT, origin.content_names, there, lower=0.0, upper=0.0)
    ends = origin.last[origin.window]
    build.add(row[origin.part_content], x.inside, 1.0)
    build.add(row[origin.line_content], x.inside[origin.line_part], -origin.line_units[:, None])
    ways, making = network.delivering, network.making
    build.add(_or_none(row)[origin.delivered[ways.demand], ends[ways.period]], x.deliver, -1.0)
    build.add(_or_none(row)[origin.used][:, ends], x.make[making.use_route], -making.use_quantity)


def share_items(network: Network) -> list[str]:
    """Return the item that each limit on a share speaks of, in their order: rules, and subjects of each."""
    origin = origin_of(network)
    return [] if origin is None else [s.item for s in _limits(origin).values()]


def share_rules(network: Network) -> list[str]:
    """Return the rule of each limit on a share, in their order."""
    origin = origin_of(network)
    return [] if origin is None else list({f"{e.rule}|{e.subject}": e.rule for e in origin.evidence}.values())


def _limits(origin: Origin) -> dict[str, Subject]:
    return {f"{e.rule}|{e.subject}": e.subject for e in origin.evidence}


def _add_shares(build: Builder, network: Network, x: Variables, origin: Origin) -> None:
    names = _limits(origin)
    at = {name: k for k, name in enumerate(names)}
    there = np.zeros((len(names), len(network.periods)), dtype=bool)
    for e in origin.evidence:
        there[at[f"{e.rule}|{e.subject}"], e.last] = True
    row = build.add_rows(SHARE, tuple(names), there, lower=-np.inf, upper=0.0, unit=network.programme.settings.currency)
    for e in origin.evidence:
        parts = np.flatnonzero(origin.inside(e.subject) & (origin.price > 0))
        beyond = origin.price[parts] * (origin.share[parts] - e.high)
        build.add(row[at[f"{e.rule}|{e.subject}"], e.last], x.inside[parts][:, : e.last + 1], beyond[:, None])
