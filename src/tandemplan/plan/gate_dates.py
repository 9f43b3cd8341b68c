"""When the plan meets what tasks need, and the days of all tasks that follow from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.phrases import Need
from tandemplan.network.gates import MADE, first_of_window, gates_of
from tandemplan.network.network import Network
from tandemplan.network.openings import task_dates
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
RELATIVE, UNITS = 1e-6, 1e-5  # what of a need is forgiven


def met_days(network: Network, production: Frame) -> dict[str, int]:
    """Return for each task that waits for production the day after the period in which all it needs is first met.

    That is the day after the plan's last where it is not met in the plan.
    """
    periods = network.periods
    ends = [*(periods.starts + periods.lengths).tolist(), periods.days]
    found = {}
    for gate in gates_of(network.programme):
        each = [_first(network, need, _made(network, production, need.name)) for need in gate.needs]
        found[gate.task] = ends[max(each)]
    return found


def _made(network: Network, production: Frame, item: str) -> Floats:
    """Return the good units of an item in each period."""
    mine = production["item"] == item
    start = np.datetime64(network.periods.start, "D")
    days = (production["start"][mine].astype("datetime64[D]") - start).astype(np.int64)
    total = np.zeros(len(network.periods))
    np.add.at(total, np.searchsorted(network.periods.starts, days), production["good"][mine])
    return total


def _first(network: Network, need: Need, made: Floats) -> int:
    """Return the first period by whose end a need is met (the number of periods: none)."""
    periods = network.periods
    if need.what == MADE:
        met = np.cumsum(made) >= need.least * (1 - RELATIVE) - UNITS
    else:
        missed = np.cumsum(made < need.least * periods.lengths / 7 * (1 - RELATIVE) - UNITS)
        first = first_of_window(periods, need.weeks or 1.0)
        before = np.where(first > 0, missed[np.maximum(first - 1, 0)], 0)
        met = (first >= 0) & (missed == before)
    return int(np.argmax(met)) if met.any() else len(made)


def with_met_needs(network: Network, production: Frame) -> Network:
    """Return the network whose tasks end no sooner than what they need is met by this production; all else stays as it is.

    Hours are there as if nothing were needed: what they work on waits.
    """
    met = met_days(network, production)
    if not met:
        return network
    return replace(network, dates=task_dates(network.programme, network.periods, network.cells, met))
