"""Hours and yields that answer to what is made before: terms of the first order around the experience of a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.learning import Experience
from tandemplan.network.making import Production
from tandemplan.network.network import Network, with_experience
from tandemplan.plan.hours import resource_rows
from tandemplan.plan.model import PlanModel
from tandemplan.solver.lp import Block, Lp, compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEP = 0.5  # units by which experience is moved to see how hours and yields answer
LEARNT = "experience"


def with_slopes(model: PlanModel, make: Floats, made: Floats, *, flat: bool = False) -> Lp:
    """Return the model with hours and yields that follow experience.

    `make` are the units that a plan starts on each route, `made` those that each school works on in it (both x periods); the model stands at that
    experience. With e[g,t] the units by which school g has worked on more by the end of t,

        experience: e[g,t] - e[g,t-1] - sum[r of g] make[r,t] = -made[g,t]
        hours, balance: a[r,t] * make[r,t] becomes a[r,t] * make[r,t] + units[r,t] * (da/d(before) * e[g,t-1] + da/d(after) * e[g,t])

    for each coefficient a of route r, whose units are `make`. So plans near this one take their true hours but for terms of the second order: a
    step of the sequence of linear programmes of Griffith and Stewart 1961, Management Science 7(4). `flat` leaves the terms out, and keeps the rows.
    """
    network, lp = model.network, model.lp
    taught, count = network.making.taught, len(network.periods)
    shape = taught.assumed.shape
    column = len(lp.lower) + np.arange(taught.assumed.size, dtype=np.int64).reshape(shape)
    row = len(lp.row_lower) + column - len(lp.lower)
    made_of = _Entries([], [], [])
    made_of.add(row, column, 1.0)
    made_of.add(row[:, 1:], column[:, :-1], -1.0)
    for school in range(len(taught.names)):
        made_of.add(row[school], model.variables.make[taught.routes(school)], -1.0)
    if not flat:
        for school, slope in enumerate(_slopes(network, made)):
            _add_hours(made_of, model, make, slope, column[school])
            rows = lp.rows["balance"].index.reshape(-1, count)[network.route_node]
            _add_terms(made_of, rows, -make * slope.good[0], -make * slope.good[1], column[school])
    start, columns, values = compressed(
        np.concatenate([lp.row_of_entry, *made_of.rows]),
        np.concatenate([lp.row_column, *made_of.columns]),
        np.concatenate([lp.value, *made_of.values]),
        len(lp.row_lower) + row.size,
    )
    free, sides = np.full(column.size, np.inf), -made.ravel()
    entity, period = (part.ravel() for part in np.indices(shape))
    named = [Block(LEARNT, int(first), taught.names, entity, period) for first in (len(lp.lower), len(lp.row_lower))]
    return replace(
        lp,
        columns={**lp.columns, LEARNT: named[0]},
        rows={**lp.rows, LEARNT: named[1]},
        lower=np.concatenate([lp.lower, -free]),
        upper=np.concatenate([lp.upper, free]),
        row_lower=np.concatenate([lp.row_lower, sides]),
        row_upper=np.concatenate([lp.row_upper, sides]),
        row_start=start,
        row_column=columns,
        value=values,
        whole=np.concatenate([lp.whole, np.zeros(column.size, dtype=bool)]),
    )


@dataclass(frozen=True, eq=False)
class _Entries:
    """Coefficients as they are gathered."""

    rows: list[Ints]
    columns: list[Ints]
    values: list[Floats]

    def add(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Add coefficients; arrays of one shape. Those that are zero, or of no column, are passed over."""
        rows, columns, values = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        kept = (columns >= 0) & (values != 0)
        for part, found in ((self.rows, rows), (self.columns, columns), (self.values, values)):
            part.append(found[kept])


@dataclass(frozen=True, eq=False)
class _Slope:
    """How hours (entries of `hour_hours` x periods) and good units (routes x periods) change by a unit known before a period, and by its end."""

    hours: tuple[Floats, Floats]
    good: tuple[Floats, Floats]


def _slopes(network: Network, made: Floats) -> list[_Slope]:
    """Return how the coefficients of production answer to the experience of each school."""
    names, after = network.making.taught.names, np.cumsum(made, axis=1)
    before = after - made

    def at(school: int, more: tuple[float, float]) -> Production:
        moved = {n: (more if k == school else (0.0, 0.0)) for k, n in enumerate(names)}
        known = {n: Experience(before[k] + moved[n][0], after[k] + moved[n][1]) for k, n in enumerate(names)}
        return with_experience(network, known).making

    now = at(-1, (0.0, 0.0))
    found = []
    for school in range(len(names)):
        whole, end = at(school, (STEP, STEP)), at(school, (0.0, STEP))
        by_end = (end.hour_hours - now.hour_hours) / STEP, (end.good - now.good) / STEP
        by_both = (whole.hour_hours - now.hour_hours) / STEP, (whole.good - now.good) / STEP
        found.append(_Slope((by_both[0] - by_end[0], by_end[0]), (by_both[1] - by_end[1], by_end[1])))
    return found


def _add_hours(entries: _Entries, model: PlanModel, make: Floats, slope: _Slope, column: Ints) -> None:
    """Add what more hours the work of a plan takes for each unit that a school knows more."""
    making, at = model.network.making, resource_rows(model.network)
    rows = model.lp.rows["hours"].index.reshape(-1, len(model.network.periods))
    used = [k for k, r in enumerate(making.hour_resource) if r in at]
    there = rows[[at[making.hour_resource[k]] for k in used]]
    units = make[making.hour_route[used]]
    _add_terms(entries, there, units * slope.hours[0][used], units * slope.hours[1][used], column)


def _add_terms(entries: _Entries, rows: Ints, before: Floats, after: Floats, column: Ints) -> None:
    entries.add(rows, column[None, :], after)
    entries.add(rows[:, 1:], column[None, :-1], before[:, 1:])
