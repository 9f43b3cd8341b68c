"""What each source of randomness costs: the same replications once more with it held at its mean, on common random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tandemplan.arrays import texts
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Offer, Supplier
from tandemplan.results.shape import PURCHASES
from tandemplan.results.simulation_shapes import DRIVERS
from tandemplan.results.store import Run
from tandemplan.simulate.columns import Columns, estimate, stacked
from tandemplan.simulate.groups import Case, Floats, Group
from tandemplan.simulate.intervals import Estimate, means, student
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.promises import first_day, on_time_share
from tandemplan.simulate.registers import SOURCES, Held

PARTS = 20  # of the replications, left out one after another
EVERYTHING = "everything"
KINDS = ("sources", "suppliers")
Driver = tuple[str, str]  # a source of randomness, and whose it is (blank: all of it)


@dataclass(frozen=True, eq=False)
class Measured:
    """What a driver acts on, by replication: share late or undelivered, day of the first delivery (at most the plan's days), units delivered."""

    late: Floats
    first: Floats
    units: Floats


def drivers_of(programme: Programme, plan: Run, varying: Held, kinds: tuple[str, ...]) -> dict[Driver, Held]:
    """Return what is held for each driver: by `sources` each of them that varies and all of them at once, by `suppliers` what each one delivers.

    Of suppliers those count from whom the plan buys; what varies of theirs are lead times and what is accepted.
    """
    found: dict[Driver, Held] = {}
    if "sources" in kinds:
        there = {source for source, _ in varying}
        found |= {(s, ""): frozenset({(s, "")}) for s in dict.fromkeys(SOURCES.values()) if s in there}
        found[EVERYTHING, ""] = frozenset((s, "") for s in there)
    if "suppliers" in kinds:
        offers = programme[Offer]
        bought = {r["offer"] for r in plan.rows(PURCHASES)}
        for supplier in programme[Supplier].supplier:
            mine = {str(o) for o in offers.offer[offers.supplier == supplier] if o in bought}
            held = frozenset(v for v in varying if v[0] in ("lead times", "acceptance") and v[1] in mine)
            if held:
                found["supplier", str(supplier)] = held
    return found


def measured(case: Case) -> dict[tuple[str, str], Measured]:
    """Return what drivers act on, for all and for each class."""
    return {(g.kind, g.name): _measured(case, g) for g in case.groups if g.kind in ("all", "class")}


def _measured(case: Case, group: Group) -> Measured:
    outcomes: Outcomes = case.outcomes
    return Measured(
        1 - on_time_share(outcomes, group.members),
        np.minimum(first_day(outcomes, group), case.periods.days),
        outcomes.delivered[:, group.members].sum(axis=1, dtype=np.float64),
    )


Measures = Mapping[tuple[str, str], Measured]


def driver_columns(whole: Measures, held: Mapping[Driver, Measures]) -> Columns:
    """Return the table of drivers: `whole` is measured with everything drawn, `held` with each driver at its mean, replications in one order.

    Where everything is held one replication is like another, and one is enough.
    """
    parts = [_row(driver, group, whole[group], without[group]) for driver, without in held.items() for group in without]
    return stacked(parts, DRIVERS.names, {}) if parts else {}


def _row(driver: Driver, group: tuple[str, str], whole: Measured, without: Measured) -> Columns:
    count = len(whole.late) if driver[0] == EVERYTHING else len(without.late)
    late = whole.late[:count]
    return {
        "source": texts([driver[0]]),
        "name": texts([driver[1]]),
        "kind": texts([group[0]]),
        "group": texts([group[1]]),
        "replications": np.array([count]),
        **estimate("late_share_with", _mean(late)),
        **estimate("late_share_more", _mean(late - without.late)),
        **estimate("first_days_later", _mean(whole.first[:count] - without.first)),
        **estimate("units_fewer", _mean(without.units - whole.units[:count])),
        **estimate("variance_share", variance_less(late, np.broadcast_to(without.late, late.shape))),
    }


def _mean(values: Floats) -> Estimate:
    return means(values[:, None])


def variance_less(whole: Floats, without: Floats) -> Estimate:
    """Return by what share of it the variance of `whole` falls without something, the same replications being in the same places.

    The interval is that of the jackknife with 20 parts left out (Shao and Tu 1995, section 2.3); negative: it varies more without. Nan
    with fewer than 40 replications, or where nothing varies.

    >>> luck = np.tile([0.0, 1.0, 2.0, 3.0], 20)
    >>> [round(float(v[0]), 3) for v in (variance_less(luck, luck / 2).value, variance_less(luck, luck).high)]
    [0.75, 0.0]
    """
    told = ~(np.isnan(whole) | np.isnan(without))
    pairs = np.stack([whole[told], without[told]])
    if pairs.shape[1] < 2 * PARTS or not pairs[0].std() > 1e-12:
        return Estimate(*(np.full(1, np.nan),) * 3)
    part = np.arange(pairs.shape[1]) % PARTS
    value = _less(pairs)
    each = np.array([_less(pairs[:, part != k]) for k in range(PARTS)])
    half = student(PARTS - 1) * np.sqrt((PARTS - 1) / PARTS * ((each - each.mean()) ** 2).sum())
    return Estimate(*(np.array([v]) for v in (value, value - half, min(value + half, 1.0))))


def _less(pairs: Floats) -> float:
    whole, without = pairs.var(axis=1)
    return float(1 - without / whole) if whole > 0 else float("nan")
