"""Constraint families `value added` and `work share`: what each partner adds to the whole, and the bands that rules keep it in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Cost
from tandemplan.network.network import Network
from tandemplan.network.value_added import Partners, bands_of, partners_of
from tandemplan.plan.payments import fixed_payments, money_unit, paid_gains
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
VALUE, SHARE = "value added", "work share"


def add_work_share(build: Builder, network: Network, x: Variables) -> None:
    """Add what each partner adds to the value of the whole plan, and the bands of its share of what all partners add.

        value added: value[p] - sum[k of p, t] pay[k,t] * trained[k,t] - sum[k of p, t] pay of a hire[k,t] * hire[k,t]
            - sum[o, t] pay of people[o,t] * chosen[o,t] - sum[o of p] content[o] * bought[o] = given[p]
        work share: low[e] * sum[q] value[q] <= value[p] <= high[e] * sum[q] value[q]

    Two rows for each rule e and partner p in its scope, one for each side; q are all partners. Given are wages of the people of the start, overhead, and open orders.

    `docs/semantics.md`, Work-share; OCCAR Convention 1998, Art. 5 (one balance over the whole of a programme in place of juste retour).
    """
    bands = [b for b in bands_of(network.programme) if not b.soft]
    if not bands:
        return
    partners, (per, words) = partners_of(network), money_unit(network)
    given = given_value(network, partners) / per
    row = build.add_rows(VALUE, partners.names, x.value >= 0, lower=given[:, None], upper=given[:, None], unit=words)[
        :, -1
    ]
    build.add(row, x.value[:, -1], 1.0)
    rows = np.append(row, -1)
    build.add(rows[partners.offer], x.bought[:, -1], -partners.content / per)
    for partner, columns, amount in _pay(network, x, partners):
        build.add(rows[partner], columns, -amount / per)
    sides = [(b, sign) for b in bands for sign in (1.0, -1.0) if (b.high < 1 if sign > 0 else b.low > 0)]
    there = np.zeros((len(sides), len(network.periods)), dtype=bool)
    there[:, -1] = True
    names = tuple(
        f"{b.rule}|{'most' if sign > 0 else 'least'} share of {partners.names[b.partner]}" for b, sign in sides
    )
    row = build.add_rows(SHARE, names, there, lower=-np.inf, upper=0.0, unit=words)[:, -1]
    for at, (band, sign) in zip(row.tolist(), sides, strict=True):
        build.add(at, x.value[:, -1], -sign * (band.high if sign > 0 else band.low))
        build.add(at, x.value[band.partner, -1], sign)


def with_idle_value(network: Network, x: Variables, values: Floats) -> Floats:
    """Return the plan that does nothing with the value that partners add all the same; outside the bands, it is no plan."""
    made, there = values.copy(), x.value >= 0
    if there.any():
        given = given_value(network, partners_of(network)) / money_unit(network)[0]
        made[x.value[there]] = np.broadcast_to(given[:, None], there.shape)[there]
    return made


def given_value(network: Network, partners: Partners) -> Floats:
    """Return what partners add whatever the plan decides."""
    return wages(network, partners) + overhead(network, partners) + partners.ordered


def wages(network: Network, partners: Partners) -> Floats:
    """Return the pay of the people of the start, overtime and premiums apart, by partner."""
    pay = (network.hours.present * network.hours.hour_cost[:, None]).sum(axis=1)
    return by_partner(partners, partners.resource, pay)


def overhead(network: Network, partners: Partners) -> Floats:
    """Return what costs at the sites of each partner come to within the plan."""
    costs = network.programme[Cost].rows()
    spent = [sum(a for _, a in fixed_payments(network.periods, c)) for c in costs]
    return by_partner(partners, partners.cost, np.array(spent, dtype=np.float64))


def by_partner(partners: Partners, partner: Ints, amount: Floats) -> Floats:
    """Return sums of amounts by partner; what belongs to none (-1) is left out."""
    found = np.zeros(len(partners.names))
    np.add.at(found, partner[partner >= 0], amount[partner >= 0])
    return found


def _pay(network: Network, x: Variables, partners: Partners) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield partner (-1: none), columns and money of a unit of each: pay and training of hires, and pay of people that options add.

    Overtime and premiums are left out: their columns may be larger than what is worked.
    """
    hiring, hours, who = network.hiring, network.hours, network.hiring.cohorts
    mine, hour = partners.resource[hiring.resource], hours.hour_cost[hiring.resource]
    yield mine[:, None], x.trained, hiring.trained.paid * hour[:, None]
    yield mine[who.skill], x.hire[who.skill, who.came], who.paid * hour[who.skill]
    yield mine[:, None], x.hire, np.broadcast_to(hiring.training_cost[:, None], x.hire.shape)
    for gain in paid_gains(network):
        pay = hours.hour_cost[gain.entity] * gain.amount.sum(axis=1)
        columns = x.chosen[gain.option]
        yield np.broadcast_to(partners.resource[gain.entity], columns.shape), columns, pay - np.append(pay[1:], 0.0)
