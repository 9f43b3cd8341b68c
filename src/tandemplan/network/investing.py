"""What can be bought to add hours: stations of work centres and sets of tools, from which period on, at what price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Tool, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.hours import Hours

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Investing:
    """Resources of which more can be bought, in the order of `Hours`.

    `resource` is the row in `Hours`, `most` how many more there may be (whole), `price` money for one, `lead` days from order
    to use. Of `usable` (entries x periods), those are True from whose first day on one can be in use: it was ordered at the plan's
    start or later, and there is an hour to be had of it then or afterwards.
    """

    resource: Ints
    most: Floats
    price: Floats
    lead: Ints
    usable: Bools


def investing_of(programme: Programme, cells: Cells, hours: Hours) -> Investing:
    """Return what can be bought under a checked programme."""
    at = {r: k for k, r in enumerate(zip(hours.kinds, hours.names, strict=True))}
    found = [
        (at[kind, name], *rest)
        for kind, name, *rest in (*_stations(programme[WorkCentre], cells), *_sets(programme[Tool], cells))
        if (kind, name) in at
    ]
    resource, lead = ints([f[0] for f in found]), whole_days([f[3] for f in found])
    ever = hours.each[resource] > 0
    first = np.where(ever.any(axis=1), np.argmax(ever, axis=1), len(cells.periods)) if found else resource
    usable = (cells.periods.starts[None, :] >= lead[:, None]) & (np.arange(len(cells.periods)) >= first[:, None])
    numbers = np.array([f[1:3] for f in found], dtype=np.float64).reshape(-1, 2)
    return Investing(resource, numbers[:, 0], numbers[:, 1], lead, usable)


def _stations(table: Table[WorkCentre], cells: Cells) -> Iterator[tuple[Any, ...]]:
    for k, most in _more(table, cells, ("stations", "most_stations")):
        yield (
            "work centre",
            table.work_centre[k],
            most,
            float(table.station_price[k]),
            float(table.station_lead_days[k]),
        )


def _sets(table: Table[Tool], cells: Cells) -> Iterator[tuple[Any, ...]]:
    for k, most in _more(table, cells, ("sets", "most_sets")):
        yield "tool", table.tool[k], most, float(table.set_price[k]), float(table.lead_days[k])


def _more(table: Table[Any], cells: Cells, columns: tuple[str, str]) -> Iterator[tuple[int, float]]:
    """Yield the rows of which more can be bought, with how many: whole ones, beside the most that are present on a day."""
    present, most = columns
    for k in range(len(table)):
        limit = float(table.columns[most][k])
        room = 0.0 if np.isnan(limit) else np.floor(limit - cells.daily(table, present, k).max() + 1e-9)
        if room >= 1:
            yield k, float(room)
