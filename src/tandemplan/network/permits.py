"""Which licences cover which ways, and when: what the caps of licences and their table are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Lane, Licence
from tandemplan.network.licensing import Licensing
from tandemplan.network.places import Places
from tandemplan.network.terms import Terms

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Permits:
    """The licences that cover purchases (`buying`, licences x ways) and moves (`moving`, licences x moves).

    `consents` (licences x moves) are those whose issuer must consent to each dispatch, `terms` the times of standing ones, as
    if the tasks that obtain them needed nothing made.
    """

    terms: Terms
    buying: Bools
    moving: Bools
    consents: Bools


def permits_of(licensing: Licensing, places: Places) -> Permits:
    """Return which licences cover the ways between places."""
    lanes, count = licensing.programme[Lane], len(licensing.programme[Licence])
    ends = [(item, lanes.from_place[lane], lanes.to_site[lane]) for lane, item in places.moves]
    return Permits(
        terms=licensing.terms,
        buying=_marked(count, [licensing.of_offer(w.offer, w.site) for w in places.ways]),
        moving=_marked(count, [licensing.of_move(*way) for way in ends]),
        consents=_marked(count, [licensing.consents(*way) for way in ends]),
    )


def _marked(count: int, found: Iterable[list[int]]) -> Bools:
    """Return a mark for each row number in each list (row numbers x lists)."""
    lists = list(found)
    marks = np.zeros((count, len(lists)), dtype=np.bool_)
    for at, rows in enumerate(lists):
        marks[rows, at] = True
    return marks
