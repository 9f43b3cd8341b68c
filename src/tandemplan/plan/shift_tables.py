"""Result table of the shifts that sites work, and what the choice makes of hours and pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints, texts
from tandemplan.model.schema import ShiftPattern
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.plan.investment_tables import bought
from tandemplan.plan.option_hours import hours_added
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def worked(network: Network, variables: Variables, x: Floats) -> Ints:
    """Return the entry of network.shifts worked in each period (choices x periods; -1 where a site gains by no other pattern)."""
    shifts = network.shifts
    chosen = np.where(variables.works >= 0, np.append(x, 0.0)[variables.works], 0.0)
    found = np.full((len(shifts.choices), len(network.periods)), -1, dtype=np.int64)
    for c in np.unique(shifts.of).tolist():
        mine = np.flatnonzero(shifts.of == c)
        found[c] = mine[np.argmax(chosen[mine], axis=0)]
    return found


def with_shifts(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return a plan with patterns and bought units as tables print them, and all the hours that what is bought, and options, have under them."""
    made, entry, shifts = x.copy(), worked(network, variables, x), network.shifts
    there = variables.works >= 0
    made[variables.works[there]] = (entry[shifts.of] == np.arange(len(shifts.row))[:, None])[there]
    owned = np.cumsum(bought(network, variables, x), axis=1)
    made[variables.owned[variables.owned >= 0]] = owned[variables.owned >= 0]
    for p, (e, k) in enumerate(zip(shifts.entry.tolist(), shifts.resource.tolist(), strict=True)):
        for i in np.flatnonzero(network.investing.resource == k).tolist():
            mine = (entry[shifts.of[e]] == e) & (variables.extra[i] >= 0)
            made[variables.extra[i, mine]] = (owned[i] * shifts.each[p])[mine]
    there = variables.added >= 0
    made[variables.added[there]] = hours_added(network, variables, made)[there]
    return made


def premiums(network: Network, entry: Ints) -> Floats:
    """Return what the patterns worked add to the pay of each resource, as a share (rows of `Hours` x periods)."""
    shifts = network.shifts
    found = np.zeros(network.hours.present.shape)
    for c, paid in enumerate(shifts.paid):
        if (entry[c] >= 0).all():
            found[paid] = shifts.premium[entry[c]]
    return found


@dataclass(frozen=True)
class Stay:
    """A pattern (a row of its table) that a site works from the first day of a period until the day before another."""

    site: str
    pattern: int
    first: int
    after: int


def stays(network: Network, entry: Ints) -> list[Stay]:
    """Return what each site with a choice works, by site and day."""
    shifts, found = network.shifts, []
    for c, choice in enumerate(shifts.choices):
        rows = np.where(entry[c] >= 0, np.append(shifts.row, choice.initial)[entry[c]], choice.initial)
        change = np.flatnonzero(np.diff(rows, prepend=-1)).tolist()
        days = [*network.periods.starts[change].tolist(), network.periods.days]
        found += [
            Stay(choice.site, int(rows[t]), first, after)
            for t, first, after in zip(change, days, days[1:], strict=False)
        ]
    return found


def shifts(network: Network, entry: Ints) -> Frame:
    """Return the patterns that sites with a choice work, with the day of each decision; what is worked from the start on is none."""
    table, periods, found = network.programme[ShiftPattern], network.periods, stays(network, entry)
    initial = {c.site: c.initial for c in network.shifts.choices}
    notice = whole_days(table.notice_days[ints(s.pattern for s in found)])
    decided = periods.dates(ints(s.first for s in found) - notice)
    kept = np.array([s.first == 0 and s.pattern == initial[s.site] for s in found], dtype=bool)
    return {
        "site": texts([s.site for s in found]),
        "shift_pattern": texts([str(table.shift_pattern[s.pattern]) for s in found]),
        "decided": np.where(kept, np.datetime64("NaT", "D"), decided),
        "first_day": periods.dates(ints(s.first for s in found)),
        "last_day": periods.dates(ints(s.after - 1 for s in found)),
    }
