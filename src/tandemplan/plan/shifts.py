"""Constraint families of chosen shifts: `one pattern`, `changes`, `shortest stay`, `bought hours`, `shift pay`, and what they add to hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.objective import plain_pay
from tandemplan.plan.options import steps
from tandemplan.plan.payments import paid_gains
from tandemplan.plan.variables import Variables, investment_names
from tandemplan.solver.lp import Builder

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def add_shifts(build: Builder, network: Network, x: Variables) -> None:
    """Add patterns of shifts, for each site c with a choice and period t, and each of its patterns p but the least.

        one pattern: sum[p of c] works[p,t] = 1
        levels: sum[q from p up] works[q,t] = level[p,t]
        in hours: - sum[p] (hours[k,p,t] - hours of the first[k,t]) * works[p,t]

    `level` is whole: 1 where p or a pattern with more hours a week is worked. Levels rounded up are a plan of shifts, and never one of fewer;
    branching on them parts the patterns in two.

    `docs/semantics.md`, Shifts; special ordered sets, Beale and Tomlin 1970, Special facilities in a general mathematical programming system.
    """
    shifts = network.shifts
    if not len(shifts.row):
        return
    sites = np.unique(shifts.of)
    there = np.zeros((len(shifts.choices), len(network.periods)), dtype=bool)
    there[sites] = True
    names = tuple(c.site for c in shifts.choices)
    row = build.add_rows("one pattern", names, there, lower=1.0, upper=1.0, unit="patterns")
    build.add(row[shifts.of], x.works, 1.0)
    row = build.add_rows("levels", shifts.name, x.level >= 0, lower=0.0, upper=0.0, unit="patterns")
    build.add(row, x.level, -1.0)
    for p, q in np.argwhere((shifts.of[:, None] == shifts.of) & (shifts.rank[:, None] <= shifts.rank)).tolist():
        build.add(row[p], x.works[q], 1.0)
    more = shifts.present - network.hours.present[shifts.resource]
    build.add(build.row_grid("hours")[shifts.resource], x.works[shifts.entry], -more)


def add_changes(build: Builder, network: Network, x: Variables) -> None:
    """Add changes, one row for each pattern p and period t in which it is open, where a change to it is closed or must last.

        changes: works[p,t] - works[p,t-1] <= begin[p,t]
        shortest stay: sum[s in S] begin[p,s] <= works[p,t]

    Before the start the first pattern is worked; `begin` is only where p may begin. S are the periods up to t that begin less than the shortest
    stay before it.

    `docs/semantics.md`, Shifts; Rajan and Takriti 2005, Minimum up/down polytopes of the unit commitment problem with start-up costs,
    IBM Research Report RC23628, inequality (3).
    """
    shifts, starts = network.shifts, network.periods.starts
    if not len(shifts.row):
        return
    must = shifts.open & (shifts.lasts[:, None] | ~shifts.begins)
    must[shifts.initial, 0] = False
    row = build.add_rows("changes", shifts.name, must, lower=-np.inf, upper=0.0, unit="patterns")
    build.add(row, x.works, 1.0)
    build.add(row[:, 1:], x.works[:, :-1], -1.0)
    build.add(row, x.begin, -1.0)
    first = np.array([np.searchsorted(starts, starts - stay, side="right") for stay in shifts.stay])
    stays = (x.begin >= 0) & (first < np.arange(len(starts)))
    row = build.add_rows("shortest stay", shifts.name, stays, lower=-np.inf, upper=0.0, unit="patterns")
    build.add(row, x.works, -1.0)
    for e in np.flatnonzero(shifts.lasts).tolist():
        for t in np.flatnonzero(stays[e]).tolist():
            span = slice(int(first[e, t]), t + 1)
            build.add(np.full(span.stop - span.start, row[e, t]), x.begin[e, span], 1.0)


def add_bought_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add hours of bought stations and sets under the pattern worked, one row for each resource k, pattern p and period t.

        bought hours: extra[k,t] <= each[k,p,t] * owned[k,t] + sum[q] (each[k,q,t] - each[k,p,t]) * most[k] * works[q,t]
        in hours: - extra[k,t]

    The sum runs over the patterns q that give more than p. With whole patterns `extra` is the hours of all that is owned under the pattern worked; with parts, no
    linear form holds closer.

    `docs/semantics.md`, Stations and tools; McCormick 1976, Computability of global solutions to factorable nonconvex programs.
    """
    investing, shifts, names = network.investing, network.shifts, investment_names(network)
    build.add(build.row_grid("hours")[investing.resource], x.extra, -1.0)
    found = [(i, p) for i, k in enumerate(investing.resource) for p in np.flatnonzero(shifts.resource == k).tolist()]
    if not found:
        return
    who = tuple(f"{names[i]}|{shifts.name[shifts.entry[p]]}" for i, p in found)
    there = np.array([(x.extra[i] >= 0) & (x.works[shifts.entry[p]] >= 0) & ~_again(network, p, x) for i, p in found])
    row = build.add_rows("bought hours", who, there, lower=-np.inf, upper=0.0, unit="hours")
    for j, (i, p) in enumerate(found):
        build.add(row[j], x.extra[i], 1.0)
        build.add(row[j], x.owned[i], -shifts.each[p])
        for q in [q for other, q in found if other == i and q != p]:
            more = np.maximum(shifts.each[q] - shifts.each[p], 0.0) * investing.most[i]
            build.add(row[j], x.works[shifts.entry[q]], -more)


def _again(network: Network, pair: int, x: Variables) -> Bools:
    """Return in which periods a pattern gives a resource as much as one before it: their rows would be the same."""
    shifts = network.shifts
    found = np.zeros(shifts.each.shape[1], dtype=bool)
    for p in np.flatnonzero(shifts.resource == shifts.resource[pair]).tolist():
        found |= (p < pair) & (x.works[shifts.entry[p]] >= 0) & (shifts.each[p] == shifts.each[pair])
    return found


def add_shift_pay(build: Builder, network: Network, x: Variables) -> None:
    """Add the premium of hires and of people that options add, one row for each pattern p with a premium at a site c and period t.

        shift pay: raised[c,t] >= premium[p] * pay[c,t] - sum[q] (premium[p] - premium[q]) * most pay[c,t] * works[q,t]

    The sum runs over the patterns q with a smaller premium; `pay` is that of these people, without any premium. With whole patterns `raised` is
    the premium of the pattern worked on that pay.

    `docs/semantics.md`, Shifts; McCormick 1976, as in `bought hours`.
    """
    hiring, shifts, who = network.hiring, network.shifts, network.hiring.cohorts
    there = (x.works >= 0) & (x.raised[shifts.of] >= 0) & (shifts.premium > 0)[:, None]
    row = build.add_rows("shift pay", shifts.name, there, lower=0.0, upper=np.inf, unit="money")
    hour, most = plain_pay(network), most_pay(network)
    pay = hour[hiring.resource]
    for e in np.flatnonzero(there.any(axis=1)).tolist():
        mine = np.flatnonzero(np.isin(hiring.resource, shifts.paid[shifts.of[e]]))
        build.add(row[e], x.raised[shifts.of[e]], 1.0)
        build.add(row[e][None, :], x.trained[mine], -shifts.premium[e] * hiring.trained.paid[mine] * pay[mine, None])
        those = np.flatnonzero(np.isin(who.skill, mine))
        paid = who.paid[those] * pay[who.skill[those]]
        build.add(row[e][who.period[those]], x.hire[who.skill[those], who.came[those]], -shifts.premium[e] * paid)
        for gain in (g for g in paid_gains(network) if g.entity in shifts.paid[shifts.of[e]]):
            chosen = x.chosen[gain.option]
            paid = steps(gain.amount, chosen >= 0) * hour[gain.entity]
            build.add(row[e][None, :], chosen[:, None], -shifts.premium[e] * paid)
        for q in np.flatnonzero((shifts.of == shifts.of[e]) & (shifts.premium < shifts.premium[e])).tolist():
            build.add(row[e], x.works[q], (shifts.premium[e] - shifts.premium[q]) * most[shifts.of[e]])


def most_pay(network: Network) -> Floats:
    """Return the most that hires, and people that options add, can be paid without premium (choices of network.shifts x periods)."""
    hiring, shifts, hour = network.hiring, network.shifts, plain_pay(network)
    come = np.cumsum(np.where(hiring.open, hiring.pace, 0.0), axis=1)
    hires = np.minimum(hiring.room, come) * hiring.trained.paid * hour[hiring.resource][:, None]
    most = np.zeros((len(shifts.choices), len(network.periods)))
    for c, paid in enumerate(shifts.paid):
        most[c] = hires[np.isin(hiring.resource, paid)].sum(axis=0)
        for gain in (g for g in paid_gains(network) if g.entity in paid):
            most[c] += gain.amount.max(axis=0) * hour[gain.entity]
    return most
