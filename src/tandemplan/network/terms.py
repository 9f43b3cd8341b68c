"""When standing licences are in force: from the day they are granted, renewed before they end or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.schema import Licence
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.openings import NEVER, TaskDates

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Terms:
    """The times that standing licences are valid, by licence, then day.

    Entry k is time `number[k]` (from 1) of the licence in row `licence[k]`, asked for on day `asked[k]` and in force on days
    `begin[k]` <= day < `end[k]` (NEVER: for good). Days may lie before the plan's start.
    """

    licence: Ints
    number: Ints
    asked: Ints
    begin: Ints
    end: Ints

    def in_force(self, licence: int, days: Ints) -> Bools:
        """Return on which of some days a licence (row number) is in force."""
        return np.asarray(self.at(licence, days) >= 0)

    def at(self, licence: int, days: Ints) -> Ints:
        """Return the entry that is in force on each of some days (-1: none)."""
        mine = np.flatnonzero(self.licence == licence)
        if not len(mine):
            return np.full(np.shape(days), -1, dtype=np.int64)
        place = np.maximum(np.searchsorted(self.begin[mine], days, side="right") - 1, 0)
        entry = mine[place]
        return np.where((self.begin[entry] <= days) & (days < self.end[entry]), entry, -1)


def terms_of(cells: Cells, dates: dict[str, TaskDates]) -> Terms:
    """Return the times that standing licences are valid until the plan's end, where their tasks end on these days.

    A licence is granted on the day its task ends. `docs/semantics.md`, Licences.
    """
    licences = cells.programme[Licence]
    found = []
    for k in np.flatnonzero((licences.kind == "standing") & (licences.task != "")).tolist():
        task = dates[licences.task[k]]
        found += [(k, n, *days) for n, days in enumerate(_times(cells, k, task.start, task.end), 1)]
    return Terms(*(ints(column) for column in zip(*found, strict=True))) if found else Terms(*[ints([])] * 5)


def _times(cells: Cells, licence: int, asked: int, begin: int) -> list[tuple[int, int, int]]:
    """Return the day asked, the first day and the day after the last, of each time that a licence is valid."""
    licences = cells.programme[Licence]
    validity, lead = licences.validity_days[licence], licences.renewal_lead_days[licence]
    if np.isnan(validity):
        return [(asked, begin, NEVER)]
    lasts = int(whole_days([validity])[0])
    taken = whole_days(cells.daily(licences, "processing_days", licence))
    ahead = int(whole_days([licences.processing_days[licence] if np.isnan(lead) else lead])[0])
    found = [(asked, begin, begin + lasts)]
    while licences.renewable[licence] and found[-1][2] < cells.periods.days:
        _, begin, end = found[-1]
        asked = max(end - ahead, begin)
        again = max(end, asked + int(taken[min(max(asked, 0), cells.periods.days - 1)]))
        found.append((asked, again, again + lasts))
    return found
