"""From shares of shift patterns to patterns worked one after the other: enough hours in each period, and each kept as long as it must be.

And from options that were all rounded up to options that go together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.options import steps
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Lp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
DUST = 1e-6  # share of a pattern below which it is not worked
HOURS = 1e-6  # that may be missing


def whole_shifts(network: Network, variables: Variables, x: Floats, spare: Floats | None = None) -> Floats:
    """Return `x` with levels of shifts as whole numbers that belong to a plan of shifts, and options that go together; other columns are left.

    Each site goes through time: where it may change, it takes the lowest pattern that has, for as long as it must be kept, at least
    the hours a week of the highest pattern with a share in `x`; where it may not, it goes on as it is. Of hours that are `spare` (rows of
    `Hours` x periods), a pattern may take no more than there are where it gives a resource less than the shares do, if there is such a one.
    """
    made, shifts = options_together(network, variables, x), network.shifts
    shares = np.where(variables.works >= 0, np.append(x, 0.0)[variables.works], 0.0)
    enough = _enough(network, variables, made, shares, spare)
    for c in np.unique(shifts.of).tolist():
        mine = np.flatnonzero(shifts.of == c)
        wanted = np.where(shares[mine] > DUST, shifts.rank[mine][:, None], 0).max(axis=0)
        worked = shifts.rank[_schedule(network, mine, wanted, enough)]
        for e in mine.tolist():
            there = variables.level[e] >= 0
            made[variables.level[e][there]] = (worked >= shifts.rank[e])[there]
    return made


def spare_hours(lp: Lp, network: Network, x: Floats) -> Floats:
    """Return the hours that a plan `x` of a model leaves of each resource in each period (rows of `Hours` x periods; inf where there is no limit)."""
    found, block = np.full(network.hours.present.shape, np.inf), lp.rows["hours"]
    found[block.entity, block.period] = lp.row_upper[block.index] - lp.times(x)[block.index]
    return found


def short_periods(network: Network, variables: Variables, x: Floats, spare: Floats) -> Bools:
    """Return the periods in which some resource lacks hours under the levels of `x`, whatever stations and sets are bought.

    Shares of patterns in `x`, and what is bought under them, are those of a plan without whole numbers that leaves hours `spare`.
    """
    shifts = network.shifts
    shares = np.where(variables.works >= 0, np.append(x, 0.0)[variables.works], 0.0)
    levels = np.where(variables.level >= 0, np.append(x, 0.0)[variables.level], 0.0).round()
    enough = _enough(network, variables, x, shares, spare, all_bought=True)
    worked = np.zeros(shares.shape, dtype=bool)
    for c in np.unique(shifts.of).tolist():
        mine = np.flatnonzero(shifts.of == c)
        rank = (shifts.rank[mine][:, None] * (levels[mine] > 0)).max(axis=0)
        worked[mine] = shifts.rank[mine][:, None] == rank
    return np.asarray((worked & ~enough).any(axis=0))


def _enough(
    network: Network, variables: Variables, x: Floats, shares: Floats, spare: Floats | None, *, all_bought: bool = False
) -> Bools:
    """Return for each entry of network.shifts in which periods it gives every resource what `shares` of patterns do, less what is spare.

    That is with the stations and sets that `x` has, or with all that can be bought.
    """
    shifts, investing = network.shifts, network.investing
    found = np.ones(shares.shape, dtype=bool)
    if spare is None:
        return found
    at, values = {int(k): i for i, k in enumerate(investing.resource)}, np.append(x, 0.0)
    for k in np.unique(shifts.resource).tolist():
        pairs = np.flatnonzero(shifts.resource == k)
        mixed = (shares[shifts.entry[pairs]] * shifts.present[pairs]).sum(axis=0)
        owned = np.zeros(len(mixed))
        if k in at and (variables.extra[at[k]] >= 0).any():
            mixed = mixed + values[variables.extra[at[k]]]
            owned = investing.most[at[k]] * investing.usable[at[k]] if all_bought else values[variables.owned[at[k]]]
        mine = [v for v, (_, entity) in enumerate(network.choices.varying) if entity == k]
        mixed = mixed + values[variables.added[mine]].sum(axis=0)
        for p in pairs.tolist():
            gives = shifts.present[p] + shifts.each[p] * owned + _gained(network, variables, values, p)
            found[shifts.entry[p]] &= gives + spare[k] >= mixed - HOURS
    return found


def _gained(network: Network, variables: Variables, values: Floats, pair: int) -> Floats:
    """Return the hours that chosen options add to the resource of a pair of network.shifts under its pattern (by period)."""
    shifts, found = network.shifts, np.zeros(len(network.periods))
    for gain in network.choices.gains:
        if gain.entry == shifts.entry[pair] and gain.entity == shifts.resource[pair]:
            chosen = variables.chosen[gain.option]
            found += values[chosen] @ steps(gain.amount, chosen >= 0)
    return found


def options_together(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return `x`, in which options and stations are whole, without options that clash with others or find no place beside what is bought.

    Of two, the one that is chosen later goes. Stations stay: as many as an option without a place adds are bought from the day on which
    it was chosen, as far as there are places.
    """
    made, choices = x.copy(), network.choices

    def chosen(option: int) -> float:
        return float(made[variables.chosen[option].max()])

    def leave(options: list[int]) -> tuple[int, int]:
        """Leave the latest of some options; return it and the period in which it was chosen."""
        left = max(options, key=lambda o: (-made[variables.chosen[o][variables.chosen[o] >= 0]].sum(), o))
        columns = variables.chosen[left]
        period = int(np.argmax(np.append(made, 0.0)[columns] > DUST))
        made[columns[columns >= 0]] = 0.0
        return left, period

    for pair in choices.clashes:
        if all(chosen(o) > DUST for o in pair):
            leave(list(pair))
    for entry in dict.fromkeys(e for e, _, _ in choices.places):
        takes = {o: units for e, o, units in choices.places if e == entry}
        owned = float(np.append(made, 0.0)[variables.owned[entry, -1]])
        while owned + sum(units * chosen(o) for o, units in takes.items()) > network.investing.most[entry] + DUST:
            there = [o for o in takes if chosen(o) > DUST]
            if not there:
                break
            left, period = leave(there)
            columns = variables.owned[entry, period:]
            columns = columns[columns >= 0]
            made[columns] = np.minimum(made[columns] + takes[left], network.investing.most[entry])
    return made


def _schedule(network: Network, mine: Ints, wanted: Ints, enough: Bools) -> Ints:
    """Return the entry of network.shifts that a site works in each period; `mine` are its entries, `wanted` the ranks wished, `enough` as in `_enough`."""
    shifts, starts = network.shifts, network.periods.starts
    now = int(mine[np.argmax(shifts.initial[mine])])
    until, found = 0, np.zeros(len(starts), dtype=np.int64)
    by_rank = mine[np.argsort(shifts.rank[mine], kind="stable")].tolist()
    for t, day in enumerate(starts.tolist()):
        if day >= until:
            can = []
            for e in by_rank:
                kept = int(np.searchsorted(starts, day + (0 if e == now else int(shifts.stay[e])), side="left"))
                span = slice(t, max(kept, t + 1))
                if shifts.rank[e] >= wanted[span].max() and (e == now or shifts.begins[e, t]):
                    can.append((not enough[e, span].all(), e))
            if can:
                e = min(can, key=lambda c: c[0])[1]
                until = until if e == now else day + int(shifts.stay[e])
                now = e
        found[t] = now
    return found
