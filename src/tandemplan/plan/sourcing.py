"""Constraint families of sourcing: `bought`, `source share`, `fewest sources`, `country concentration`, `subcontract share`."""

from __future__ import annotations

import numpy as np

from tandemplan.model.schema import Offer
from tandemplan.network.network import Network
from tandemplan.network.sourcing import KINDS, Scope, followed, scopes_of
from tandemplan.plan.payments import money_unit
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

BOUGHT = "bought"


def add_sourcing(build: Builder, network: Network, x: Variables) -> None:
    """Add what is bought by each offer over the whole plan, and the most of it that each source may have.

        bought: bought[o] - sum[w of o, t] acceptance share[o] * buy[w,t] = 0
        source share: sum[o of i from s] bought[o] - high[e] * sum[o of i] bought[o] <= 0
        fewest sources: sum[o of i from s] bought[o] - most part[e] * sum[o of i] bought[o] <= 0
        country concentration: sum[o of e from c] unit price[o] * bought[o] - high[e] * sum[o of e] unit price[o] * bought[o] <= 0
        subcontract share: sum[o from s] unit price[o] * bought[o] <= high[e] * value of contracts[e]

    One row for each rule e, item i of its scope (or all of them together) and source: a supplier s, or a country c. Of at least n sources none may have
    more than the most part, 0.99 / (n - 1); of countries whose squared shares may add up to h, none more than h, which is enough:
    the squares of shares up to h add up to no more than h times their sum.

    `docs/semantics.md`, Sourcing; Herfindahl 1950, Concentration in the Steel Industry, and Hirschman 1945, National Power and the Structure of
    Foreign Trade (squares of shares); subcontractors: Regulation (EU) 2025/1106 (SAFE), Art. 16(4).
    """
    _add_bought(build, network, x)
    for kind in KINDS:
        _add_limits(build, network, x, kind, _limits(network, kind))


def limited_items(network: Network, kind: str) -> list[list[str]]:
    """Return the items that each limit of a family speaks of, in the order of its rows: those of all offers it is measured on."""
    item = network.programme[Offer].item
    return [sorted({str(item[k]) for k in s.offers}) for s in _limits(network, kind) for _ in s.sources]


def _limits(network: Network, kind: str) -> list[Scope]:
    return [s for s in scopes_of(network) if s.kind == kind and not s.soft and s.most < 1]


def _add_bought(build: Builder, network: Network, x: Variables) -> None:
    offers = network.programme[Offer]
    if not len(followed(network)):
        return
    row = build.add_rows(BOUGHT, tuple(offers.offer), x.bought >= 0, lower=0.0, upper=0.0)
    build.add(row, x.bought, 1.0)
    offer = np.array([w.offer for w in network.places.ways], dtype=np.int64)
    build.add(row[offer, -1][:, None], x.buy, -offers.acceptance_share[offer][:, None])


def _add_limits(build: Builder, network: Network, x: Variables, kind: str, scopes: list[Scope]) -> None:
    names = [
        f"{s.rule}|{source}{' of ' + s.subject if s.subject not in ('', source) else ''}"
        for s in scopes
        for source, _ in s.sources
    ]
    if not names:
        return
    price, (per, words) = network.programme[Offer].unit_price, money_unit(network)
    there = np.zeros((len(names), len(network.periods)), dtype=bool)
    there[:, -1] = True
    most = np.array([s.most * s.value / per for s in scopes for _ in s.sources])
    unit = words if scopes[0].money else "units"
    row = build.add_rows(kind, tuple(names), there, lower=-np.inf, upper=most[:, None], unit=unit)[:, -1]
    at = 0
    for scope in scopes:
        worth = price / per if scope.money else np.ones(len(price))
        offers = np.array(scope.offers, dtype=np.int64)
        for _, mine in scope.sources:
            listed = np.array(mine, dtype=np.int64)
            build.add(row[at], x.bought[listed, -1], worth[listed])
            if not scope.value:
                build.add(row[at], x.bought[offers, -1], -scope.most * worth[offers])
            at += 1
