"""From shares of shift patterns to patterns worked one after the other: enough hours in each period, and each kept as long as it must be.

And from options that were all rounded up to options that go together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
DUST = 1e-6  # share of a pattern below which it is not worked


def whole_shifts(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return `x` with levels of shifts as whole numbers that belong to a plan of shifts, and options that go together; other columns are left.

    Each site goes through time: where it may change, it takes the lowest pattern that has, for as long as it must be kept, at least
    the hours a week of the highest pattern with a share in `x`; where it may not, it goes on as it is.
    """
    made, shifts = options_together(network, variables, x), network.shifts
    shares = np.where(variables.works >= 0, np.append(x, 0.0)[variables.works], 0.0)
    for c in np.unique(shifts.of).tolist():
        mine = np.flatnonzero(shifts.of == c)
        wanted = np.where(shares[mine] > DUST, shifts.rank[mine][:, None], 0).max(axis=0)
        worked = shifts.rank[_schedule(network, mine, wanted)]
        for e in mine.tolist():
            there = variables.level[e] >= 0
            made[variables.level[e][there]] = (worked >= shifts.rank[e])[there]
    return made


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


def _schedule(network: Network, mine: Ints, wanted: Ints) -> Ints:
    """Return the entry of network.shifts that a site works in each period; `mine` are its entries, `wanted` the ranks wished."""
    shifts, starts = network.shifts, network.periods.starts
    now = int(mine[np.argmax(shifts.initial[mine])])
    until, found = 0, np.zeros(len(starts), dtype=np.int64)
    by_rank = mine[np.argsort(shifts.rank[mine], kind="stable")].tolist()
    for t, day in enumerate(starts.tolist()):
        if day >= until:
            for e in by_rank:
                kept = int(np.searchsorted(starts, day + (0 if e == now else int(shifts.stay[e])), side="left"))
                enough = shifts.rank[e] >= wanted[t : max(kept, t + 1)].max()
                if enough and (e == now or shifts.begins[e, t]):
                    until = until if e == now else day + int(shifts.stay[e])
                    now = e
                    break
        found[t] = now
    return found
