"""Lots that are set up whole: which routes have them, what a set-up takes, least lots and multiples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Operation
from tandemplan.network.cells import Cells
from tandemplan.network.making import (
    Resource,
    has_whole_lots,
    resources_of,
    rows_by_place,
    steps_of,
    usual_lot,
)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Lots:
    """What a lot takes, by route.

    `setup` marks routes with a set-up, or a least lot, for each period in which they start something; `cost` is the money of that set-up,
    `minimum` the least units then started (0: none). `unit_cost` is the money of set-ups spread over usual lots, for each unit
    started. `multiple_route`, `multiple_step`, `multiple_units` are the multiples that starts keep to; `hour_route`,
    `hour_resource`, `hour_hours` (x periods) the hours of one set-up.
    """

    setup: NDArray[np.bool_]
    cost: Floats
    minimum: Floats
    unit_cost: Floats
    multiple_route: Ints
    multiple_step: Ints
    multiple_units: Floats
    hour_route: Ints
    hour_resource: tuple[Resource, ...]
    hour_hours: Floats

    @property
    def largest(self) -> Floats:
        """Return by route the units that a lot may hold beyond what is needed: its least, or its multiple."""
        found = self.minimum.copy()
        np.maximum.at(found, self.multiple_route, self.multiple_units)
        return found


def lots_of(programme: Programme, cells: Cells, routes: tuple[tuple[str, str, str], ...], day: Ints) -> Lots:
    """Return the lots of a programme; `day` is the production day of each route in each period."""
    operations, by_place = programme[Operation], rows_by_place(programme)
    cost, minimum, unit_cost = (np.zeros(len(routes)) for _ in range(3))
    multiples: list[tuple[int, int, float]] = []
    hours: dict[tuple[int, Resource], Floats] = {}
    for r, (item, site, alternative) in enumerate(routes):
        entering = 1.0  # at mature yields
        for row in steps_of(operations, by_place[item, site], alternative):
            money, here = float(operations.setup_cost[row]), entering
            first_pass = float(operations.yield_mature_share[row])
            entering *= first_pass + (1 - first_pass) * float(operations.rework_share[row])
            if not has_whole_lots(operations, row):
                unit_cost[r] += here * money / usual_lot(operations, row)
                continue
            cost[r] += money
            minimum[r] = max(minimum[r], float(operations.minimum_lot_units[row]))
            if operations.lot_multiple_units[row] > 0:
                multiples.append((r, int(operations.step[row]), float(operations.lot_multiple_units[row])))
            share = cells.daily(operations, "open_share", row)[day[r]]
            taken = float(operations.setup_hours[row]) / np.where(share > 0, share, 1.0)
            for resource, is_tool in resources_of(operations, row):
                if not is_tool and taken.any():
                    hours[r, resource] = hours.get((r, resource), np.zeros(day.shape[1])) + taken
    setup = (cost > 0) | (minimum > 0)
    setup[ints([r for r, _ in hours])] = True
    return Lots(
        setup=setup,
        cost=cost,
        minimum=minimum,
        unit_cost=unit_cost,
        multiple_route=ints([r for r, _, _ in multiples]),
        multiple_step=ints([s for _, s, _ in multiples]),
        multiple_units=np.array([u for _, _, u in multiples], dtype=np.float64),
        hour_route=ints([r for r, _ in hours]),
        hour_resource=tuple(resource for _, resource in hours),
        hour_hours=np.array(list(hours.values()), dtype=np.float64).reshape(len(hours), day.shape[1]),
    )
