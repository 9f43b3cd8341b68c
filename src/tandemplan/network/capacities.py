"""What offers can send, lanes can carry and sites can hold, period by period."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Site
from tandemplan.network.cells import Cells
from tandemplan.network.places import site_names

Floats = NDArray[np.float64]


def weekly_capacity(cells: Cells, table: object, column: str) -> Floats:
    """Return a weekly capacity summed over the days of each period (inf where it is blank)."""
    periods = cells.periods
    weekly = table.columns[column].astype(np.float64)  # type: ignore[attr-defined]
    total = np.where(np.isnan(weekly), np.inf, weekly)[:, None] / 7 * periods.lengths[None, :]
    for k in cells.touched(table, column):  # type: ignore[arg-type]
        daily = cells.daily(table, column, k)  # type: ignore[arg-type]
        total[k] = periods.sums(np.where(np.isnan(daily), np.inf, daily) / 7)
    return total


def rooms(programme: Programme, cells: Cells, column: str) -> Floats:
    """Return the room of each site at the end of each period (inf where it is blank), in the order of site names."""
    sites = programme[Site]
    if not len(sites):
        return np.full((len(site_names(programme)), len(cells.periods)), np.inf)
    last = cells.periods.starts + cells.periods.lengths - 1
    found = np.array([cells.daily(sites, column, k)[last] for k in range(len(sites))])
    return np.where(np.isnan(found), np.inf, found)
