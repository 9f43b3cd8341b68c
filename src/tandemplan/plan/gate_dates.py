"""When the plan meets what tasks need, and the days of all tasks that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums
from tandemplan.model.phrases import Need
from tandemplan.network.gates import BOUGHT, MONEY, PRODUCED, first_of_window, gates_of
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.network.openings import task_dates
from tandemplan.plan.money_tables import shipments_paid
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
RELATIVE, UNITS = 1e-6, 1e-5  # what of a need is forgiven
OF_MONEY, CENTS = 1e-5, 0.05  # the same of money


Goods = Mapping[str, Frame]  # the tables production, purchases and moves, among others, and where it is known cash


def met_days(network: Network, goods: Goods) -> dict[str, int]:
    """Return for each task that waits for production, purchases or money the day after the period in which all it needs is first met.

    That is the day after the plan's last where it is not met in the plan. Without a table of cash no need of money is met.
    """
    periods = network.periods
    ends = [*(periods.starts + periods.lengths).tolist(), periods.days]
    found = {}
    for gate in gates_of(network.programme):
        each = [
            _first_funded(network, need, goods)
            if need.what == MONEY
            else _first(network, need, _units(network, goods, need))
            for need in gate.needs
        ]
        found[gate.task] = ends[max(each)]
    return found


def _units(network: Network, goods: Goods, need: Need) -> Floats:
    """Return the units that count for a need in each period: good ones made, or accepted ones of an offer."""
    columns = (
        ("purchases", "offer", "receipt", "accepted")
        if need.what == BOUGHT
        else ("production", "item", "start", "good")
    )
    table, who, when, units = goods[columns[0]], *columns[1:]
    mine = table[who] == need.name
    start = np.datetime64(network.periods.start, "D")
    days = (table[when][mine].astype("datetime64[D]") - start).astype(np.int64)
    total = np.zeros(len(network.periods))
    np.add.at(total, network.periods.of(days), table[units][mine])
    return total


def _first(network: Network, need: Need, units: Floats) -> int:
    """Return the first period by whose end a need is met (the number of periods: none)."""
    periods = network.periods
    if need.what != PRODUCED:
        met = np.cumsum(units) >= need.least * (1 - RELATIVE) - UNITS
    else:
        missed = np.cumsum(units < need.least * periods.lengths / 7 * (1 - RELATIVE) - UNITS)
        first = first_of_window(periods, need.weeks or 1.0)
        before = np.where(first > 0, missed[np.maximum(first - 1, 0)], 0)
        met = (first >= 0) & (missed == before)
    return int(np.argmax(met)) if met.any() else len(units)


def _first_funded(network: Network, need: Need, goods: Goods) -> int:
    """Return the first period at whose end a pool holds what is needed, the cost of shipments apart (0 where its money is no limit, the number of periods: none)."""
    money = money_of(network)
    if need.name not in money.pools:
        return 0
    if "cash" not in goods:
        return len(network.periods)
    mine = goods["cash"]["pool"] == need.name
    held = goods["cash"]["closing"][mine]
    if money.company >= 0 and need.name == money.pools[money.company]:
        days, costs = shipments_paid(network, goods)
        inside = days < network.periods.days
        held = held + np.cumsum(sums(network.periods.of(days[inside]), costs[inside], len(held)))
    met = held >= need.least * (1 - OF_MONEY) - CENTS
    return int(np.argmax(met)) if met.any() else len(held)


def with_met_needs(network: Network, goods: Goods) -> Network:
    """Return the network whose tasks end no sooner than what they need is met by these goods; all else stays as it is.

    Hours are there as if nothing were needed: what they work on waits.
    """
    met = met_days(network, goods)
    if not met:
        return network
    return replace(network, dates=task_dates(network.programme, network.periods, network.cells, met))
