"""Result table of what is bought to add hours: stations and tool sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.network.network import Network
from tandemplan.plan.objective import order_days
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
LEAST = 1e-6  # of a station or set: less is the solver's dust
NEARLY = 1e-5  # so near to a whole number, it is meant


def investments(network: Network, variables: Variables, x: Floats) -> Frame:
    """Return the stations and sets that the plan `x` buys, by resource and day of first use."""
    more = bought(network, variables, x)
    entry, period = np.nonzero(more)
    resource, periods = network.investing.resource[entry], network.periods
    units, price = more[entry, period], network.investing.price[entry]
    hours = network.hours
    return {
        "resource": texts([hours.names[k] for k in resource]),
        "kind": texts([hours.kinds[k] for k in resource]),
        "site": texts([hours.sites[k] for k in resource]),
        "ordered": periods.dates(order_days(network)[entry, period]),
        "usable": periods.dates(periods.starts[period]),
        "units": units,
        "price": price,
        "cost": np.round(units * price, 2),
    }


def bought(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return the stations and sets first in use in each period (entries of network.investing x periods)."""
    columns = variables.owned
    owned = np.where(columns >= 0, np.append(x, 0.0)[columns], 0.0).reshape(network.investing.usable.shape)
    near = np.round(owned)
    owned = np.where(np.abs(owned - near) <= NEARLY, near, owned)
    more = np.diff(np.maximum.accumulate(owned, axis=1), axis=1, prepend=0.0)
    return np.where(more > LEAST, np.round(more, 6), 0.0)
