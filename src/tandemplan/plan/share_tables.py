"""The result tables `work_share`, `sourcing` and `sourcing_rules`, added up from the rows of other tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums, texts
from tandemplan.model.schema import Offer, Partner
from tandemplan.network.network import Network
from tandemplan.network.sourcing import COUNTRIES, SOURCES, Scope, origins, scopes_of
from tandemplan.network.value_added import Band, bands_of, partners_of
from tandemplan.plan.work_share import by_partner, overhead
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
PAY = ("wages", "option_wages", "hire_wages")


def share_tables(network: Network, frames: Mapping[str, Frame]) -> dict[str, Frame]:
    """Return what partners add and what is bought from whom, over the whole plan, against rules.

    `frames` has the tables `people` and `purchases` of the plan; `network` is that of the programme with its options chosen.
    """
    offers, bought = network.programme[Offer], frames["purchases"]
    row = {o: k for k, o in enumerate(offers.offer.tolist())}
    offer = np.array([row[o] for o in bought["offer"].tolist()], dtype=np.int64)
    units, cost = (sums(offer, bought[c], len(offers)) for c in ("accepted", "cost"))
    return {
        "work_share": _work_share(network, frames["people"], cost),
        "sourcing": _sourcing(network, units, cost),
        "sourcing_rules": _rules(network, units, cost),
    }


def _work_share(network: Network, people: Frame, cost: Floats) -> Frame:
    """Return the value that each partner adds, by partner and rule."""
    partners, table = partners_of(network), network.programme[Partner]
    at = {
        n: k
        for n, k, kind in zip(network.hours.names, partners.resource, network.hours.kinds, strict=True)
        if kind == "skill"
    }
    works = np.array([at[s] for s in people["skill"].tolist()], dtype=np.int64)
    pay = by_partner(partners, works, np.sum([people[c] for c in PAY], axis=0))
    spent = overhead(network, partners) + by_partner(partners, works, people["training_cost"])
    inside = np.divide(
        partners.content, network.programme[Offer].unit_price, out=np.zeros(len(cost)), where=partners.content > 0
    )
    content = by_partner(partners, partners.offer, cost * inside) + partners.ordered
    parts = [np.round(a, 2) for a in (pay, spent, content)]
    value = np.sum(parts, axis=0)
    total = float(value.sum())
    rows = sorted(_listed(network, len(table)), key=lambda b: (partners.names[b.partner], b.rule))
    of = np.array([b.partner for b in rows], dtype=np.int64)
    low, high = (np.array([getattr(b, c) for b in rows], dtype=np.float64) for c in ("low", "high"))
    return {
        "partner": texts([partners.names[p] for p in of]),
        "rule": texts([b.rule for b in rows]),
        **{n: a[of] for n, a in zip(("wages", "overhead", "content", "value_added"), (*parts, value), strict=True)},
        "share": np.round(value[of] / total, 4) if total > 0 else np.zeros(len(of)),
        "low": low,
        "high": high,
        "margin": np.round(_inside(value[of], low, high, total), 2) + 0.0,  # no -0
        "soft": np.array([b.soft for b in rows], dtype=np.bool_),
    }  # fmt: skip


def _inside(value: Floats, low: Floats, high: Floats, total: float) -> Floats:
    """Return by how much values are inside the nearer end of their bands; a least share of 0 and a most of 1 are no ends, and without any it is 0."""
    above = np.where(low > 0, value - low * total, np.inf)
    below = np.where(high < 1, high * total - value, np.inf)
    nearer = np.minimum(above, below)
    return np.asarray(np.where(np.isfinite(nearer), nearer, 0.0))


def _listed(network: Network, count: int) -> list[Band]:
    """Return all bands, and one from 0 to 1 for each partner without any."""
    bands = bands_of(network.programme)
    free = sorted(set(range(count)) - {b.partner for b in bands})
    return [*bands, *(Band("", p, 0.0, 1.0, soft=False) for p in free)]


def _sourcing(network: Network, units: Floats, cost: Floats) -> Frame:
    """Return what is bought by each offer, by item, supplier and offer."""
    offers, country = network.programme[Offer], origins(network.programme)
    rows = sorted(
        np.flatnonzero(units > 0).tolist(), key=lambda k: (offers.item[k], offers.supplier[k], offers.offer[k])
    )
    total: dict[str, float] = {}
    for k in rows:
        total[offers.item[k]] = total.get(offers.item[k], 0.0) + float(units[k])
    return {
        "item": texts([offers.item[k] for k in rows]),
        "supplier": texts([offers.supplier[k] for k in rows]),
        "offer": texts([offers.offer[k] for k in rows]),
        "country": texts([country[k] for k in rows]),
        "units": np.round(units[rows], 6),
        "cost": np.round(cost[rows], 2),
        "share": np.array([round(float(units[k]) / total[offers.item[k]], 6) for k in rows], dtype=np.float64),
    }


def _rules(network: Network, units: Floats, cost: Floats) -> Frame:
    """Return each rule on sourcing with what it is measured on, where anything of that is bought."""
    found = []
    for scope in scopes_of(network):
        amount = cost if scope.money else units
        by = [(name, float(amount[list(offers)].sum())) for name, offers in scope.sources]
        if sum(a for _, a in by) > 0:
            found.append((scope, *measured(scope, by)))
    found.sort(key=lambda f: (f[0].rule, f[0].subject))
    value = np.round([v for _, _, _, v in found], 6)
    limit = np.array([s.limit for s, *_ in found], dtype=np.float64)
    sign = np.array([-1.0 if s.kind == SOURCES else 1.0 for s, *_ in found])
    return {
        "rule": texts([s.rule for s, *_ in found]),
        "kind": texts([s.kind for s, *_ in found]),
        "subject": texts([s.subject for s, *_ in found]),
        "source": texts([name for _, name, _, _ in found]),
        "share": np.round([share for _, _, share, _ in found], 6),
        "value": value,
        "limit": limit,
        "margin": np.round(sign * (limit - value), 6) + 0.0,  # no -0
        "soft": np.array([s.soft for s, *_ in found], dtype=np.bool_),
    }


def measured(scope: Scope, by: list[tuple[str, float]]) -> tuple[str, float, float]:
    """Return the largest source of a scope, its share, and what the rule limits, from the amount `by` source.

    >>> by = [("a", 6.0), ("b", 2.0), ("c", 0.0)]
    >>> def scope(kind): return Scope("R", kind, "", (), 0.5, soft=False, money=True)
    >>> measured(scope("fewest sources"), by), measured(scope("country concentration"), by)
    (('a', 0.75, 2.0), ('a', 0.75, 0.625))
    """
    total = scope.value or sum(amount for _, amount in by)
    largest, most = max(by, key=lambda b: b[1])
    share = most / total
    if scope.kind == SOURCES:
        return largest, share, float(sum(amount > 0 for _, amount in by))
    if scope.kind == COUNTRIES:
        return largest, share, sum((amount / total) ** 2 for _, amount in by)
    return largest, share, share
