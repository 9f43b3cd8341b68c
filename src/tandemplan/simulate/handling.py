"""Work on goods as they are received or delivered, as routes of the engine that use nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tandemplan.model.schema import Operation
from tandemplan.network.learning import learning_of
from tandemplan.network.making import rows_by_place, usual_lot
from tandemplan.network.network import Network
from tandemplan.simulate import layout as at
from tandemplan.simulate.layout import Floats
from tandemplan.simulate.registers import Registers
from tandemplan.simulate.shop_floor import Resource, step_of, waits_of

WHEN = {"receive": at.RECEIVES, "deliver": at.DELIVERS}


def handling_rows(network: Network, when: str) -> dict[int, list[int]]:
    """Return the rows of `operations` of receipt or delivery at each node that has any, in the order of their steps."""
    operations, by_place = network.programme[Operation], rows_by_place(network.programme)
    found = {}
    for node, place in enumerate(zip(network.item.tolist(), network.site.tolist(), strict=True)):
        rows = [k for k in by_place.get(place, ()) if operations.when[k] == when]
        if rows:
            found[node] = sorted(rows, key=lambda k: int(operations.step[k]))
    return found


def handling_of(
    network: Network, registers: Registers, numbers: Mapping[Resource, int], routes: int, steps: int
) -> tuple[Floats, Floats, Floats]:
    """Return the routes and steps of receipt and delivery, numbered after those of production, and both routes of each node (-1: none)."""
    of_node = np.full((len(network.item), 2), -1.0)
    made: list[list[float]] = []
    worked: list[list[float]] = []
    for column, (when, kind) in enumerate(WHEN.items()):
        for node, rows in handling_rows(network, when).items():
            place = (str(network.item[node]), str(network.site[node]), "")
            of_node[node, column] = routes + len(made)
            first = steps + len(worked)
            worked += [_step(network, registers, numbers, row) for row in rows]
            gate = registers.gate(waits_of(network, place, rows))
            made.append([float(x) for x in (node, first, first + len(rows), gate, 0.0, -1.0, kind)])
    return (
        np.array(made, dtype=np.float64).reshape(-1, at.ROUTE_COLUMNS),
        np.array(worked, dtype=np.float64).reshape(-1, at.STEP_COLUMNS),
        of_node,
    )


def _step(network: Network, registers: Registers, numbers: Mapping[Resource, int], row: int) -> list[float]:
    """Return a step at which nothing is learnt or scrapped: set-ups and rework are in the hours of a unit."""
    operations = network.programme[Operation]
    rejected = 1.0 - learning_of(operations, row).yield_mature
    one = step_of(network, registers, numbers, row, -1)
    one[at.STEP_CURVE], one[at.STEP_YIELD_STREAM] = -1.0, -1.0
    one[at.STEP_YIELD] = one[at.STEP_YIELD_START] = 1.0
    one[at.STEP_SETUP] = float(operations.setup_hours[row]) / usual_lot(operations, row)
    one[at.STEP_SETUP] += rejected * float(operations.rework_share[row]) * float(operations.rework_hours[row])
    one[at.STEP_LOT_SETUP] = 0.0
    return one
