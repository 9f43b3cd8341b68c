"""Constraint families of people: `trained`, `hiring pace`, `most people`, `trainers`, `overtime`, and what hires add to hours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.variables import Variables
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def add_trained(build: Builder, network: Network, x: Variables) -> None:
    """Add the trained among the hires, one row for each skill k and period t on whose first day some may be.

        trained: trained[k,t] = kept[k,t-1] * trained[k,t-1] + sum[s] graduates[k,s,t] * hire[k,s]

    The sum runs over hires whose training ends in t-1 or on the first day of t; `kept` is the share that attrition leaves.

    `docs/semantics.md`, People; Hax and Candea 1984, Production and Inventory Management, sec. 3.4 (work force balance).
    """
    hiring = network.hiring
    if not len(hiring.names):
        return
    row = build.add_rows("trained", hiring.names, hiring.state, lower=0.0, upper=0.0, unit="people")
    build.add(row, x.trained, 1.0)
    build.add(row[:, 1:], x.trained[:, :-1], -hiring.trained.kept[:, :-1])
    who = hiring.cohorts
    inside = np.flatnonzero(who.period + 1 < len(network.periods))
    skill, came = who.skill[inside], who.came[inside]
    build.add(row[skill, who.period[inside] + 1], x.hire[skill, came], -who.graduates[inside])


def add_people_hours(build: Builder, network: Network, x: Variables) -> None:
    """Add hours of hires: those of the trained, and the output of trainees less the hours of their trainers.

        in hours: - hours[k,t] * trained[k,t] - sum[s <= t] net hours[k,s,t] * hire[k,s]

    The sum runs over hires still in training in t.

    `docs/semantics.md`, People.
    """
    hiring = network.hiring
    if not len(hiring.names):
        return
    row = build.row_grid("hours")[hiring.resource]
    build.add(row, x.trained, -hiring.trained.hours)
    who = hiring.cohorts
    build.add(row[who.skill, who.period], x.hire[who.skill, who.came], -who.hours)


def add_heads(build: Builder, network: Network, x: Variables, row: Ints, each: Floats) -> None:
    """Add to rows (resources x periods) `each` (by period) times the hires of the resource that are trained, mean over the period."""
    hiring, who = network.hiring, network.hiring.cohorts
    mine = row[hiring.resource]
    build.add(mine, x.trained, hiring.trained.present * each)
    build.add(mine[who.skill, who.period], x.hire[who.skill, who.came], who.trained * each[who.period])


def add_overtime(build: Builder, network: Network, x: Variables) -> None:
    """Add most overtime, one row for each skill k that hires and period t in which a trained person may work overtime.

        overtime: overtime[k,t] <= overtime of the start[k,t] + overtime of one[k,t] * trained[k,t] + sum[s <= t] overtime of one[k,s,t] * hire[k,s]

    The sum runs over hires whose training ends within t.

    `docs/semantics.md`, Hours present, People.
    """
    hiring, who = network.hiring, network.hiring.cohorts
    if not hiring.overtime.any():
        return
    most = network.hours.overtime[hiring.resource]
    row = build.add_rows("overtime", hiring.names, hiring.overtime, lower=-np.inf, upper=most, unit="hours")
    build.add(row, x.overtime[hiring.resource], 1.0)
    build.add(row, x.trained, -hiring.trained.overtime)
    build.add(row[who.skill, who.period], x.hire[who.skill, who.came], -who.overtime)


def add_hiring_pace(build: Builder, network: Network, x: Variables) -> None:
    """Add most hires, one row for each skill k and period t in which hires may come to work.

        hiring pace: hire[k,t] <= hires_per_week[k] * days[t] / 7

    `docs/semantics.md`, People.
    """
    hiring = network.hiring
    if not len(hiring.names):
        return
    row = build.add_rows("hiring pace", hiring.names, hiring.open, lower=-np.inf, upper=hiring.pace, unit="people")
    build.add(row, x.hire, 1.0)


def add_most_people(build: Builder, network: Network, x: Variables) -> None:
    """Add most people, one row for each skill k with a most and period t on whose first day hires may be there.

        most people: trained[k,t] + sum[s <= t] there[k,s,t] * hire[k,s] <= max(0, most_headcount[k] - people of the start[k,t])

    The sum runs over hires still in training; `there` is the share of them that attrition leaves.

    `docs/semantics.md`, People.
    """
    hiring, who = network.hiring, network.hiring.cohorts
    there = np.isfinite(hiring.room) & (hiring.open | hiring.state)
    if not there.any():
        return
    row = build.add_rows("most people", hiring.names, there, lower=-np.inf, upper=hiring.room, unit="people")
    build.add(row, x.trained, 1.0)
    build.add(row[who.skill, who.period], x.hire[who.skill, who.came], who.there)


def add_trainers(build: Builder, network: Network, x: Variables) -> None:
    """Add enough trainers, one row for each skill k and period t on whose first day some may be in training.

        trainers: sum[s <= t] trainees[k,s,t] * hire[k,s] <= trainees_per_trainer[k] * (people of the start[k,t] + trained[k,t])

    The sum runs over hires still in training.

    `docs/semantics.md`, People.
    """
    hiring, who = network.hiring, network.hiring.cohorts
    there = np.zeros(hiring.open.shape, dtype=bool)
    there[who.skill[who.trainee > 0], who.period[who.trainee > 0]] = True
    there &= np.isfinite(hiring.per_trainer)
    if not there.any():
        return
    most = np.where(there, hiring.per_trainer, 0.0)
    row = build.add_rows("trainers", hiring.names, there, lower=-np.inf, upper=most * hiring.heads, unit="people")
    build.add(row[who.skill, who.period], x.hire[who.skill, who.came], who.trainee)
    build.add(row, x.trained, -most)
