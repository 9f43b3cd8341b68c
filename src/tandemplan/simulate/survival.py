"""How long promises are kept once a source is lost: the same replications with it cut off from a day on, on common random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tandemplan.arrays import texts
from tandemplan.model.changes import Effect
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Crossing, Lane, Offer, Operation, Site, Supplier
from tandemplan.model.tables import Table
from tandemplan.results.shape import MOVES, PRODUCTION, PURCHASES
from tandemplan.results.simulation_shapes import SURVIVAL
from tandemplan.results.store import Run
from tandemplan.simulate.columns import Columns, dates, estimate, spread, stacked
from tandemplan.simulate.groups import NOTHING, Bools, Case, Floats
from tandemplan.simulate.intervals import Estimate, chances, means, quantiles
from tandemplan.simulate.promises import on_time_share

HELD = 0.95  # of units on time, below which promises have fallen
KINDS = ("suppliers", "countries", "crossings", "sites")
Lost = tuple[str, str]  # one of KINDS, and its name


@dataclass(frozen=True, eq=False)
class Kept:
    """Units on time (replications x demands), and the share of all units that is late or undelivered in each replication."""

    on_time: Floats
    late: Floats


def kept(case: Case) -> Kept:
    """Return what is compared of some replications."""
    everyone = np.ones(len(case.promises.names), dtype=np.bool_)
    return Kept(case.outcomes.on_time.astype(np.float64), 1 - on_time_share(case.outcomes, everyone))


def losses_of(programme: Programme, plan: Run, kinds: tuple[str, ...], first: date) -> dict[Lost, tuple[Effect, ...]]:
    """Return what is cut off from a day on, for good, for each thing of these kinds that the plan makes use of.

    A supplier delivers nothing, nor do all suppliers of a country; no lane over a border point carries anything; nothing is made at a site.
    """
    offers, lanes, operations = programme[Offer], programme[Lane], programme[Operation]
    bought = np.isin(offers.offer, [r["offer"] for r in plan.rows(PURCHASES)])
    used = {r["lane"] for shape in (PURCHASES, MOVES) for r in plan.rows(shape)}
    made = {r["site"] for r in plan.rows(PRODUCTION)}
    home = dict(zip(programme[Supplier].supplier, programme[Supplier].country, strict=True))
    land = np.array([home.get(s, "") for s in offers.supplier], dtype=object)
    found: dict[Lost, tuple[Effect, ...]] = {}

    def add(kind: str, name: str, table: Table[Any], column: str, *, rows: Bools, used: Bools) -> None:
        if kind in kinds and (rows & used).any():
            where = tuple(np.flatnonzero(rows).tolist())
            found[kind, name] = (
                Effect(f"lost {kind} {name}", table.description.name, where, column, "set", 0.0, first, None),
            )

    for name in map(str, programme[Supplier].supplier):
        add("suppliers", name, offers, "capacity_units_per_week", rows=offers.supplier == name, used=bought)
    for name in map(str, programme[Country].country):
        add("countries", name, offers, "capacity_units_per_week", rows=land == name, used=bought)
    for name in map(str, programme[Crossing].crossing):
        add(
            "crossings",
            name,
            lanes,
            "capacity_kg_per_week",
            rows=lanes.crossing == name,
            used=np.isin(lanes.lane, list(used)),
        )
    for name in map(str, programme[Site].site):
        here = operations.site == name
        add("sites", name, operations, "open_share", rows=here, used=np.full(len(operations), name in made))
    return found


def falls_on(due: Floats, whole: Floats, cut: Floats, first: float) -> Floats:
    """Return, by replication, days from `first` on until promises fall for good (inf: never): `due` by demand, units on time by replication and demand.

    Promises fall on the first due day from which on, to the end, less than `HELD` of the units that are due since the loss and would have been on
    time are. That is not the first promise that falls: a loss also changes which job takes which draw, so single promises fall or are
    gained by luck alone, with a supplier that does not matter too.

    >>> whole = np.array([[10.0, 10.0, 10.0, 10.0]])
    >>> falls_on(np.array([3.0, 10.0, 17.0, 24.0]), whole, np.array([[10.0, 9.0, 10.0, 0.0]]), 5.0).tolist()
    [19.0]
    >>> falls_on(np.array([3.0, 10.0, 17.0, 24.0]), whole, np.array([[0.0, 9.0, 10.0, 10.0]]), 5.0).tolist()
    [inf]
    """
    days, of = np.unique(due, return_inverse=True)
    by_day = np.zeros((2, len(whole), len(days)))
    for k, units in enumerate((whole, cut)):
        np.add.at(by_day[k].T, of, units.T)
    later = days >= first
    had, has = np.cumsum(by_day[:, :, later], axis=2)
    behind = has < HELD * had - NOTHING
    for_good = np.logical_and.accumulate(behind[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.where(for_good, days[later], np.inf).min(axis=1, initial=np.inf) - first)


def survival_columns(case: Case, whole: Kept, cut: Mapping[Lost, Kept], first: float) -> Columns:
    """Return the table of survival: `whole` is kept with everything there, `cut` with each loss from day `first` on."""
    suppliers = case.programme[Supplier]
    recover = dict(zip(suppliers.supplier, suppliers.recover_days.tolist(), strict=True))
    parts = []
    for (kind, name), one in cut.items():
        count = len(one.late)
        days = falls_on(case.promises.due.astype(np.float64), whole.on_time[:count], one.on_time, first)
        back = float(recover.get(name, np.nan)) if kind == "suppliers" else np.nan
        known = 0 if np.isnan(back) else count
        parts.append(
            {
                "kind": texts([kind]),
                "name": texts([name]),
                "lost_from": dates(np.array([first]), case.periods.start),
                "replications": np.array([count]),
                "recover_days": np.array([back]),
                **spread("survives", quantiles(days[:, None], case.levels)),
                **estimate("falls_chance", _chance(np.isfinite(days), count)),
                **estimate("before_recovery_chance", _chance(days < back, known)),
                **estimate("late_share_more", means((one.late - whole.late[:count])[:, None])),
            }
        )
    return stacked(parts, SURVIVAL.names, {}) if parts else {}


def _chance(happens: Bools, count: int) -> Estimate:
    return chances([happens.sum() if count else 0], count)
