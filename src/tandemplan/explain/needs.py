"""Who needs what an order gives, and for how long that can wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import Frame, Run

WEEK, DUST = 7.0, 1e-5
DELIVERED = "delivered"


@dataclass(frozen=True)
class Need:
    """What hangs on an order: its least `room` in days (None: nothing is delivered of it), and whom it hurts to miss that by a week.

    `slack` are the fewest days for which it lies before it is taken, `needed` the first day on which it is. `demands` are those whose room is less
    than a week more than the least, first class first; `units` all that these are delivered; `late` those of all it feeds that are late or lost.
    """

    room: float | None
    slack: float
    needed: date | None
    demands: tuple[str, ...] = ()
    demand_class: int = 0
    units: float = 0.0
    late: tuple[str, ...] = ()


NO_NEED = Need(None, 0.0, None)


def needs_of(frame: Frame, run: Run, orders: Iterable[str]) -> Mapping[str, Need]:
    """Return the need of each of some orders, from the table of pegging of the run; those that it does not name have none."""
    rows = np.flatnonzero(
        np.isin(frame["order"], np.array(sorted(set(orders)), dtype=object)) & (frame["kind"] != "delivery")
    )
    rows = rows[np.argsort(frame["order"][rows].astype(str), kind="stable")]
    names, first = np.unique(frame["order"][rows].astype(str), return_index=True)
    asked = {r["demand"]: r for r in run.rows(DEMAND_SUMMARY)}
    parts = np.split(rows, first[1:]) if len(rows) else []
    return {str(n): _need(frame, part, asked) for n, part in zip(names, parts, strict=True)}


def _need(frame: Frame, rows: NDArray[np.intp], asked: Mapping[str, Mapping[str, Any]]) -> Need:
    slack, needed = float(frame["slack_days"][rows].min()), frame["needed"][rows]
    there = needed[~np.isnat(needed)]
    day = there.min().item() if len(there) else None
    rows = rows[frame["ends"][rows] == DELIVERED]
    if not len(rows):
        return Need(None, slack, day)
    room = float(frame["room_days"][rows].min())
    names = dict.fromkeys(frame["demand"][rows[frame["room_days"][rows] < room + WEEK]].tolist())
    hurt = sorted(names, key=lambda d: (asked[d]["demand_class"], asked[d]["due"], d))
    late = [d for d in dict.fromkeys(frame["demand"][rows].tolist()) if _waits(asked[d])]
    units = sum(float(asked[d]["on_time"]) + float(asked[d]["late"]) for d in hurt)
    first_class = int(asked[hurt[0]]["demand_class"])
    return Need(room, slack, day, tuple(hurt), first_class, units, tuple(late))


def _waits(said: Mapping[str, Any]) -> bool:
    return bool(said["late"] + said["lost"] > DUST)
