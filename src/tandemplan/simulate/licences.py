"""Licences and consents as the engine reads them: how long they take and last, and which ways and moves they cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tandemplan.arrays import ints
from tandemplan.model.schema import Lane, Licence, Task
from tandemplan.model.tables import Table
from tandemplan.network.cells import whole_days
from tandemplan.network.flows import Lookup
from tandemplan.network.network import Network
from tandemplan.simulate import layout as at
from tandemplan.simulate.layout import Floats
from tandemplan.simulate.registers import Registers, door

Rows = Sequence[Sequence[int]]


def licences_of(network: Network, registers: Registers) -> Floats:
    """Return the licences: days that they take, and of standing ones the task that obtains them, how long they last, when they are renewed, how much goes."""
    table, tasks = network.programme[Licence], network.programme[Task].index
    found = []
    for k in range(len(table)):
        mean, lasts, lead = (float(c[k]) for c in (table.processing_days, table.validity_days, table.renewal_lead_days))
        name, standing = str(table.licence[k]), table.kind[k] == "standing"
        ahead = whole_days([mean if np.isnan(lead) else lead])[0] if standing and table.renewable[k] else -1
        found.append(
            [
                registers.time(("licence", name), "lognormal", mean, float(table.processing_sd_days[k])),
                registers.known(at.ON_LICENCE, k),
                registers.always("licence", name),
                tasks[(table.task[k],)] if standing and table.task[k] else -1,
                np.inf if np.isnan(lasts) else whole_days([lasts])[0],
                -1 if np.isnan(lasts) else ahead,
                np.inf if np.isnan(table.cap_units[k]) else float(table.cap_units[k]),
                registers.doors.get(door_of(table, k), -1),
                whole_days([mean])[0],
            ]
        )
    return np.array(found, dtype=np.float64).reshape(-1, at.LICENCE_COLUMNS)


def door_of(table: Table[Licence], k: int) -> str:
    """Return the name of the door that opens and shuts as a standing licence that ends or has a cap does."""
    return f"licence {table.licence[k]}"


def is_limited(table: Table[Licence], k: int) -> bool:
    """Say whether a licence is a standing one that ends or has a cap."""
    bounded = not (np.isnan(table.validity_days[k]) and np.isnan(table.cap_units[k]))
    return bool(table.kind[k] == "standing" and table.task[k] and bounded)


def standing_of(registers: Registers, table: Table[Licence], covering: Sequence[int]) -> list[str]:
    """Return what gates wait for of the standing licences among some: doors, or the tasks that obtain those that stay."""
    return [
        door(registers, door_of(table, k)) if is_limited(table, k) else str(table.task[k])
        for k in covering
        if table.kind[k] == "standing"
    ]


def licence_lists(network: Network, look: Lookup) -> dict[str, Any]:
    """Return which licences limit ways and moves, which they ask for with each order, and which moves need whose consent."""
    programme, licensing = network.programme, look.licensing
    table, lanes = programme[Licence], programme[Lane]
    ends = [(item, lanes.from_place[lane], lanes.to_site[lane]) for lane, item in network.places.moves]
    covering = [licensing.of_offer(way.offer, way.site) for way in network.places.ways]
    covering += [licensing.of_move(*way) for way in ends]
    limits = [[k for k in row if is_limited(table, k)] for row in covering]
    asks = [[k for k in row if table.kind[k] == "per order"] for row in covering]
    consents = [licensing.consents(*way) for way in ends]
    return {
        **_listed("way_limit_at", "way_limits", limits),
        **_listed("way_ask_at", "way_asks", asks),
        **_listed("consent_at", "consents", consents),
    }


def _listed(starts: str, name: str, rows: Rows) -> dict[str, Any]:
    """Return lists one after another, and where each begins."""
    return {
        starts: np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64),
        name: ints(k for row in rows for k in row),
    }


def most_of(table: Table[Licence], covering: Sequence[int]) -> float:
    """Return the most units of one order under the licences per order among some (inf: any)."""
    caps = [float(table.cap_units[k]) for k in covering if table.kind[k] == "per order"]
    return float(np.nanmin([*caps, np.inf]))
