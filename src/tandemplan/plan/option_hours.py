"""Constraint family `option hours`: what chosen options add to hours under the pattern that a site works."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.options import steps
from tandemplan.plan.variables import Variables, varying_names
from tandemplan.solver.lp import Builder, Lp

Floats = NDArray[np.float64]


def add_option_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add hours of options at sites that choose shifts, one row for each option o and resource k, pattern p and period t.

        option hours: added[o,k,t] <= sum[s <= t] gain[p,s,t] * (chosen[o,s] - chosen[o,s-1]) + sum[q] more[q,p,t] * works[q,t]
        in hours: - added[o,k,t]

    `gain` is the hours that o adds to k in t under p when chosen in s, `more` the most by which that under another pattern q is above it, for any s.
    With whole columns `added` is the gain under the pattern worked.

    `docs/semantics.md`, Options; McCormick 1976, as in `bought hours`.
    """
    choices, shifts = network.choices, network.shifts
    gains = [(choices.varying.index((g.option, g.entity)), g) for g in choices.gains if g.entry >= 0]
    if not gains:
        return
    build.add(build.row_grid("hours")[[entity for _, entity in choices.varying]], x.added, -1.0)
    names = varying_names(network)
    who = tuple(f"{names[k]}|{shifts.name[g.entry]}" for k, g in gains)
    there = np.array([(x.added[k] >= 0) & (x.works[g.entry] >= 0) for k, g in gains])
    row = build.add_rows("option hours", who, there, lower=-np.inf, upper=0.0, unit="hours")
    for j, (k, gain) in enumerate(gains):
        chosen = x.chosen[gain.option]
        build.add(row[j], x.added[k], 1.0)
        build.add(row[j][None, :], chosen[:, None], -steps(gain.amount, chosen >= 0))
        for other in (g for i, g in gains if i == k and g is not gain):
            more = np.maximum(other.amount - gain.amount, 0.0).max(axis=0)
            build.add(row[j], x.works[other.entry], -more)


def hours_added(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return the hours that options add where they hang on the pattern, all there are under those worked in `x` (pairs x periods)."""
    added = np.zeros(variables.added.shape)
    values = np.append(x, 0.0)
    for gain in (g for g in network.choices.gains if g.entry >= 0):
        chosen, works = variables.chosen[gain.option], variables.works[gain.entry]
        hours = values[chosen] @ steps(gain.amount, chosen >= 0)
        added[network.choices.varying.index((gain.option, gain.entity))] += hours * np.where(
            works >= 0, values[works], 0
        )
    return added


def used_alone(network: Network, lp: Lp, variables: Variables, x: Floats) -> Floats:
    """Return a plan without those hours of options that nothing uses, so that nothing but use tells when an option is needed."""
    made = x.copy()
    for (_, entity), columns in zip(network.choices.varying, variables.added, strict=True):
        block = lp.rows["hours"]
        mine = block.index[block.entity == entity]
        free = np.full(len(columns), np.inf)
        free[block.period[block.entity == entity]] = (lp.row_upper - lp.times(made))[mine]
        there = columns >= 0
        made[columns[there]] -= np.clip(np.minimum(free, np.append(made, 0.0)[columns]), 0.0, None)[there]
    return made
