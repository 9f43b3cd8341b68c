"""When the plan meets what tasks need, and the days of all tasks that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.phrases import Need
from tandemplan.network.gates import BOUGHT, PRODUCED, first_of_window, gates_of
from tandemplan.network.network import Network
from tandemplan.network.openings import task_dates
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
RELATIVE, UNITS = 1e-6, 1e-5  # what of a need is forgiven


Goods = Mapping[str, Frame]  # the tables production and purchases, among others


def met_days(network: Network, goods: Goods) -> dict[str, int]:
    """Return for each task that waits for production or purchases the day after the period in which all it needs is first met.

    That is the day after the plan's last where it is not met in the plan.
    """
    periods = network.periods
    ends = [*(periods.starts + periods.lengths).tolist(), periods.days]
    found = {}
    for gate in gates_of(network.programme):
        each = [_first(network, need, _units(network, goods, need)) for need in gate.needs]
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


def with_met_needs(network: Network, goods: Goods) -> Network:
    """Return the network whose tasks end no sooner than what they need is met by these goods; all else stays as it is.

    Hours are there as if nothing were needed: what they work on waits.
    """
    met = met_days(network, goods)
    if not met:
        return network
    return replace(network, dates=task_dates(network.programme, network.periods, network.cells, met))
