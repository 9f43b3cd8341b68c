"""Result table of people: those of the start and those hired, by period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.model.schema import Skill
from tandemplan.network.hiring import Hiring
from tandemplan.network.hours import survivors
from tandemplan.network.network import Network
from tandemplan.plan.objective import plain_pay
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hires:
    """Hires by skill and period: those who `came` to work, those who are `trained` on its first day, both in people."""

    came: Floats
    trained: Floats


def hires_of(network: Network, variables: Variables, x: Floats) -> Hires:
    """Return the hires of a plan, rounded to the six decimals that tables print, and who of them is trained when."""
    hiring, there = network.hiring, variables.hire >= 0
    came = np.where(there, np.round(np.append(x, 0.0)[variables.hire], 6), 0.0)
    came = np.maximum(came, 0.0)
    return Hires(came, _trained(hiring, came))


def settled(network: Network, variables: Variables, x: Floats) -> Floats:
    """Return a plan with the hires that tables print, and the trained people that follow from them."""
    hires, made = hires_of(network, variables, x), x.copy()
    for columns, found in ((variables.hire, hires.came), (variables.trained, hires.trained)):
        made[columns[columns >= 0]] = found[columns >= 0]
    return made


def people(network: Network, hires: Hires, premium: Floats, before: Network) -> Frame:
    """Return the people of each skill in each period: those of the start and hires; means over the period but for who comes and leaves.

    `premium` is what the shifts chosen add to pay, as a share (rows of `Hours` x periods); `before` is the network without the options
    that the plan chose.
    """
    hours, hiring, periods = network.hours, network.hiring, network.periods
    skills = [k for k, kind in enumerate(hours.kinds) if kind == "skill"]
    where = np.searchsorted(skills, hiring.resource)
    grids = {n: np.zeros((len(skills), len(periods))) for n in ("productive", "training", "hired", "left")}
    grids["productive"] += hours.heads[skills]
    grids["left"] += _leave(network)
    given, pay = before.hours.present[skills], hours.hour_cost[skills][:, None]
    wages = {
        "wages": given * pay,
        "option_wages": (hours.present[skills] - given) * pay,
        "hire_wages": np.zeros_like(grids["left"]),
    }
    who, trained = hiring.cohorts, hiring.trained

    def brought(state: Floats, cohort: Floats) -> Floats:
        found = hires.trained * state
        np.add.at(found, (who.skill, who.period), hires.came[who.skill, who.came] * cohort)
        return found

    blank = np.zeros_like(trained.kept)
    grids["productive"][where] += brought(trained.present, who.trained)
    grids["training"][where] = brought(blank, who.training)
    grids["hired"][where] = hires.came
    grids["left"][where] += brought(np.ones_like(blank), who.there) * (1 - trained.kept)
    cost = hours.hour_cost[hiring.resource][:, None]
    paid = brought(trained.paid, who.paid)
    wages["hire_wages"][where] = paid * cost
    wages["shift_premium"] = hours.present[skills]
    wages["shift_premium"][where] += paid
    wages["shift_premium"] *= premium[skills] * plain_pay(network)[skills][:, None]
    wages["training_cost"] = np.zeros_like(grids["left"])
    wages["training_cost"][where] = hires.came * hiring.training_cost[:, None]
    return {
        "skill": np.repeat(texts([hours.names[k] for k in skills]), len(periods)),
        "period_start": np.tile(periods.dates(periods.starts), len(skills)),
        **{n: g.ravel() for n, g in grids.items()},
        **{n: np.round(g, 2).ravel() for n, g in wages.items()},
    }


def _trained(hiring: Hiring, came: Floats) -> Floats:
    """Return the hires that are trained on the first day of each period."""
    who = hiring.cohorts
    joins = np.zeros((came.shape[0], came.shape[1] + 1))
    np.add.at(joins, (who.skill, who.period + 1), came[who.skill, who.came] * who.graduates)
    found = np.zeros_like(came)
    for t in range(1, came.shape[1]):
        found[:, t] = found[:, t - 1] * hiring.trained.kept[:, t - 1] + joins[:, t]
    return found


def _leave(network: Network) -> Floats:
    """Return how many of the people of the start leave in each period."""
    rate = network.programme[Skill].attrition_per_year[:, None]
    staff = network.hours.staff
    return network.periods.sums(staff.heads * (1 - survivors(rate, 1)))
