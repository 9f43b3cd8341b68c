"""Constraint families `licence caps` and `order caps`: no more units under a licence than it covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Licence
from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables, move_names, way_names
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Capped:
    """The times of standing licences with a cap: entry k is `term[k]` of network.permits.terms, whose row speaks of `entity[k]` in `period[k]`.

    An entity is a licence, by row number in `licence`; one whose terms begin more than once in a period is several.
    """

    licence: Ints
    term: Ints
    entity: Ints
    period: Ints


def capped_terms(network: Network) -> Capped:
    """Return the times, within the plan, of standing licences with a cap."""
    terms, caps = network.permits.terms, network.programme[Licence].cap_units
    within = (terms.end > 0) & (terms.begin < network.periods.days)
    term = np.flatnonzero(within & ~np.isnan(caps[terms.licence]))
    licence = terms.licence[term]
    period = network.periods.of(np.maximum(terms.begin[term], 0))
    first = np.ones(len(term), dtype=bool)
    first[1:] = (licence[1:] != licence[:-1]) | (period[1:] != period[:-1])
    run = np.flatnonzero(first)[np.cumsum(first) - 1] if len(term) else term
    who, entity = np.unique(np.stack([licence, np.arange(len(term)) - run]), axis=1, return_inverse=True)
    return Capped(who[0], term, entity.reshape(-1), period)


def add_licence_caps(build: Builder, network: Network, x: Variables) -> None:
    """Add caps of standing licences, one row for each licence l with a cap and time v for which it is valid (named by the period in which that begins).

        licence caps: sum[w of l, s in v] buy[w,s] + sum[m of l, t in v] move[m,t] <= cap_units[l]

    w and m are the ways and moves that l covers, s and t the periods whose day of dispatch lies in v.

    `docs/semantics.md`, Licences; a licence for a specified quantity: Directive 2009/43/EC, Art. 7.
    """
    capped, permits = capped_terms(network), network.permits
    if not len(capped.term):
        return
    licences = network.programme[Licence]
    there = np.zeros((len(capped.licence), len(network.periods)), dtype=bool)
    there[capped.entity, capped.period] = True
    names = tuple(licences.licence[k] for k in capped.licence)
    most = np.broadcast_to(licences.cap_units[capped.licence][:, None], there.shape)
    row = build.add_rows("licence caps", names, there, lower=-np.inf, upper=most)
    of_term = np.full(len(permits.terms.licence) + 1, -1, dtype=np.int64)  # the last is for days without a licence
    of_term[capped.term] = row[capped.entity, capped.period]
    for k in np.unique(capped.licence).tolist():
        for covers, sent, columns in (
            (permits.buying[k], network.buying.dispatch, x.buy),
            (permits.moving[k], network.moving.dispatch, x.move),
        ):
            build.add(of_term[permits.terms.at(k, sent[covers])], columns[covers], 1.0)


def add_order_caps(build: Builder, network: Network, x: Variables) -> None:
    """Add caps of licences per order, one row for each purchase or move that some with a cap cover.

        order caps: flow[f,t] <= cap_units[f]

    flow is buy or move; its cap is the least of the licences per order that cover it.

    `docs/semantics.md`, Licences.
    """
    licences, permits = network.programme[Licence], network.permits
    caps = np.where((licences.kind == "per order") & ~np.isnan(licences.cap_units), licences.cap_units, np.inf)
    covers = np.concatenate([permits.buying, permits.moving], axis=1)
    most = np.where(covers, caps[:, None], np.inf).min(axis=0, initial=np.inf)
    columns = np.concatenate([x.buy, x.move])
    there = (columns >= 0) & np.isfinite(most)[:, None]
    if there.any():
        names = (*way_names(network), *move_names(network))
        row = build.add_rows("order caps", names, there, lower=-np.inf, upper=most[:, None])
        build.add(row, columns, 1.0)
