"""A first plan of a large factory that learns, from its bottlenecks: all on time, at an experience that it has, whole columns rounded up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.plan.flows import amounts_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.needs import most_needed
from tandemplan.plan.ramp import assumed
from tandemplan.plan.start.search import Solve, Start, search
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.whole_shifts import spare_hours, whole_shifts
from tandemplan.solver.held import fixed, relaxed, rounded, standing, whole_in
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import feasible, scale_of

Floats = NDArray[np.float64]
NEEDED = 0.35  # share of the experience that comes of making what is needed at the last moment: plans fall short of it where stock is used
KEPT = (
    0.8,
    0.5,
    0.2,
    0.0,
)  # of the experience that a plan has, where that is less than it assumes, which the next rounds assume
NONE = 1e-6  # share of the scale of the classes below which nobody is late
MOVING = ("lost", "buy", "make", "move", "stock", "deliver", "shortfall", "excess", "experience")


@dataclass(frozen=True, eq=False)
class FirstPlan:
    """A model at an experience that its rows demand, a plan of it that is on time in all classes, and the same with whole columns.

    `whole` is None where rounding up did not make a plan.
    """

    model: PlanModel
    x: Floats
    whole: Floats | None

    @property
    def values(self) -> tuple[float, ...]:
        """Return its values by the classes."""
        return tuple(float(s.cost @ self.x) for s in self.model.stages[: self.model.classes])

    @property
    def made(self) -> Floats:
        """Return the units that each school works on in each period (schools x periods)."""
        return made_by(self.model, self.x if self.whole is None else self.whole)


def first_plan(learnt: PlanModel, solve: Solve, ended: Callable[[], bool] = lambda: False) -> FirstPlan | None:
    """Return a plan that is late for nobody, of a model of one who has learnt all; None where none is found like this.

    Each round assumes an experience, seeks a plan from its bottlenecks and asks whether that plan has it: less is assumed in the next
    round otherwise. `solve` and `ended` are those of `start.search`. Objectives of classes are never below 0: such a plan is best by them.
    """
    network = learnt.network
    made = NEEDED * network.making.taught.made(needed(network))
    for kept in (*KEPT, 0.0):
        at = assumed(network, made)
        plain = model_of(at, demanded=False)
        x = _on_time(plain, idle_plan(network, plain.variables, len(plain.lp.lower)), solve, ended)
        if x is None:
            return None
        model = model_of(at)
        full = experienced(model, x)
        if full is not None:
            return FirstPlan(model, full, _whole(plain, model, full, solve, ended))
        if not made.any():
            return None
        made = kept * had_of(made, made_by(plain, x))
    return None


def needed(network: Network) -> Floats:
    """Return the units of each route that are of use in a period and no later (routes x periods), those of one item shared by its routes alike.

    That is when demands may last be delivered: what may be late until the plan ends is of use all along, and counts nowhere.
    """
    after = most_needed(network)
    items = [item for item, _, _ in network.places.routes]
    shares = np.array([1.0 / items.count(item) for item in items])
    return np.asarray(shares[:, None] * np.maximum(after - np.append(after[:, 1:], after[:, -1:], axis=1), 0.0))


def had_of(assumed_made: Floats, made: Floats) -> Floats:
    """Return the units that each school works on in each period of what is assumed, as far as by then a plan has `made` them (schools x periods)."""
    return np.diff(np.minimum(np.cumsum(made, axis=1), np.cumsum(assumed_made, axis=1)), axis=1, prepend=0.0)


def made_by(model: PlanModel, x: Floats) -> Floats:
    """Return the units that each school works on in each period of a plan (schools x periods)."""
    return model.network.making.taught.made(amounts_of(x, model.variables).make)


def made_whole(model: PlanModel, x: Floats, solve: Solve) -> Floats | None:
    """Return the cheapest plan with the flow of a relaxed plan `x` and its stations, sets and shifts rounded up, if there is one.

    What moves is held as it is.
    """
    lp = model.lp
    spare = spare_hours(lp, model.network, x)
    at = np.clip(whole_shifts(model.network, model.variables, rounded(lp, x), spare), lp.lower, lp.upper)
    still = lp.whole | _moving(lp)
    part = standing(lp, at, still)
    cost = model.stages[-1].cost
    outcome = solve(part, [(model.stages[-1].name, cost)], None, None)
    if outcome.x is None or outcome.reason:
        return None
    made = np.where(still, at, outcome.x)
    return made if feasible(lp, made) and whole_in(lp, made) else None


def _whole(plain: PlanModel, model: PlanModel, x: Floats, solve: Solve, ended: Callable[[], bool]) -> Floats | None:
    """Return a plan with the whole columns of `x` rounded up: with the flow of `x` if it can be kept, else with one sought anew.

    Patterns rounded up may have fewer hours at a work centre that works fewer shifts than they have.
    """
    whole = made_whole(model, x, solve)
    if whole is not None:
        return whole
    if ended():
        return None
    idle = idle_plan(plain.network, plain.variables, len(plain.lp.lower))
    calm = made_whole(plain, np.where(_moving(plain.lp), idle, x[~_experience(model.lp)]), solve)
    found = None if calm is None else _on_time(replace(plain, lp=fixed(plain.lp, calm)), calm, solve, ended)
    full = None if found is None else experienced(model, found)
    return full if full is not None and whole_in(model.lp, full) else None


def experienced(model: PlanModel, x: Floats) -> Floats | None:
    """Return a plan of a model without rows of experience as one of the model with them; None where it has less, or is no plan."""
    full, there = np.zeros(len(model.lp.lower)), _experience(model.lp)
    full[~there] = x
    full[there] = np.cumsum(made_by(model, full), axis=1).ravel()[: int(there.sum())]
    return full if feasible(model.lp, full) else None


def _experience(lp: Lp) -> NDArray[np.bool_]:
    """Return the columns of experience: none where none is assumed."""
    found = np.zeros(len(lp.lower), dtype=bool)
    if "experience" in lp.columns:
        found[lp.columns["experience"].index] = True
    return found


def _moving(lp: Lp) -> NDArray[np.bool_]:
    """Return the columns of the flow, and those that follow from it."""
    found = np.zeros(len(lp.lower), dtype=bool)
    for name in MOVING:
        if name in lp.columns:
            found[lp.columns[name].index] = True
    return found


def _on_time(model: PlanModel, idle: Floats, solve: Solve, ended: Callable[[], bool]) -> Floats | None:
    """Return a relaxed plan that is late for nobody, all classes sought at once; None where the model of some bottlenecks has none.

    `idle` is a plan around which capacity is steered.
    """
    costs = [s.cost / scale_of(s.cost) for s in model.stages if s.demand_class is not None]
    if not costs:
        return None
    last: Start | None = None
    for last in search(relaxed(model.lp), [("classes", np.sum(costs, axis=0))], solve, ended, idle):
        if last.bounds[0] > NONE:
            return None
    return last.x if last is not None and last.proofs and last.values[0] <= NONE else None
