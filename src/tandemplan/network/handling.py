"""Work on goods as they are received or delivered: when it is open, and the hours it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Operation
from tandemplan.network.cells import Cells
from tandemplan.network.learning import learning_of, learnt
from tandemplan.network.making import Resource, hours_of, operation_openings, resources_of
from tandemplan.network.openings import TaskDates
from tandemplan.network.places import only_site

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Handling:
    """Receipt or delivery: where it is open (nodes x periods), and hours of one unit as parallel entries.

    Entry k says that a unit at `node[k]` takes `hours[k]` (by period) of `resource[k]`.
    """

    open: NDArray[np.bool_]
    node: Ints
    resource: tuple[Resource, ...]
    hours: NDArray[np.float64]


def handling_of(
    programme: Programme,
    cells: Cells,
    dates: dict[str, TaskDates],
    when: str,
    *,
    at: dict[tuple[str, str], int],
    day: Ints,
) -> Handling:
    """Return the work of `when` (receive or deliver) at the nodes numbered by `at`, on their days `day`."""
    operations, blank = programme[Operation], only_site(programme)
    opens = operation_openings(programme, dates)
    is_open = np.ones(day.shape, dtype=bool)
    found: list[tuple[int, Resource, NDArray[np.float64]]] = []
    for k in np.flatnonzero(operations.when == when).tolist():
        node = at.get((operations.item[k], operations.site[k] or blank))
        if node is None:
            continue
        share = cells.daily(operations, "open_share", k)[day[node]]
        is_open[node] &= (share > 0) & (day[node] >= opens[k])
        known = learnt(day.shape[1])  # who receives and delivers has nothing to learn
        labour = hours_of(operations, k, known, learning_of(operations, k).share(known))
        tool = np.full(day.shape[1], float(operations.tool_hours[k]))
        for resource, is_tool in resources_of(operations, k):
            found.append((node, resource, (tool if is_tool else labour) / np.where(share > 0, share, 1.0)))
    return Handling(
        open=is_open,
        node=np.array([n for n, _, _ in found], dtype=np.int64),
        resource=tuple(r for _, r, _ in found),
        hours=np.array([h for _, _, h in found]).reshape(len(found), day.shape[1]),
    )
