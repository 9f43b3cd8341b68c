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
from tandemplan.plan.start.search import Goals, Start, search
from tandemplan.plan.variables import idle_plan
from tandemplan.plan.whole_shifts import whole_shifts
from tandemplan.solver.held import relaxed, rounded, whole_in
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Basis, Limits, Outcome, feasible, scale_of

Floats = NDArray[np.float64]
NEEDED = 0.35  # share of the experience that comes of making what is needed when it is due: plans fall short of it where stock is used
KEPT = 0.8  # of the experience that a plan has, where that is less than it assumes, which the next round assumes
ROUNDS = 3
NONE = 1e-6  # share of the scale of the classes below which nobody is late
MOVING = ("lost", "buy", "make", "move", "stock", "deliver", "shortfall", "excess", "experience")
Solve = Callable[[Lp, Goals, Basis | None, Limits | None], Outcome]


@dataclass(frozen=True, eq=False)
class FirstPlan:
    """A model at an experience that its rows demand, a plan of it that is on time in all classes, and the same with whole columns.

    `whole` is None where rounding up did not make a plan.
    """

    model: PlanModel
    x: Floats
    whole: Floats | None

    @property
    def made(self) -> Floats:
        """Return the units that each school works on in each period (schools x periods)."""
        return made_by(self.model, self.x)


def first_plan(learnt: PlanModel, solve: Solve) -> FirstPlan | None:
    """Return a plan that is late for nobody, of a model of one who has learnt all; None where none is found like this.

    Each round assumes an experience, seeks a plan from its bottlenecks and asks whether that plan has it: less is assumed in the next
    round otherwise. `solve` is that of `start.search`. Objectives of classes are never below 0: such a plan is best by them.
    """
    network = learnt.network
    made = NEEDED * network.making.taught.made(needed(network))
    for _ in range(ROUNDS):
        at = assumed(network, made)
        x = _on_time(model_of(at, demanded=False), solve)
        if x is None:
            return None
        model = model_of(at)
        found = np.cumsum(made_by(model, x), axis=1)
        if (found >= np.cumsum(made, axis=1) - NONE).all():
            x = np.concatenate([x, found.ravel()]) if "experience" in model.lp.columns else x
            return FirstPlan(model, x, made_whole(model, x, solve)) if feasible(model.lp, x) else None
        made = KEPT * np.diff(np.minimum(found, np.cumsum(made, axis=1)), axis=1, prepend=0.0)
    return None


def needed(network: Network) -> Floats:
    """Return the units of each route that are needed in each period (routes x periods), those of one item shared by its routes alike."""
    after = most_needed(network)
    items = [item for item, _, _ in network.places.routes]
    shares = np.array([1.0 / items.count(item) for item in items])
    return np.asarray(shares[:, None] * np.maximum(after - np.append(after[:, 1:], after[:, -1:], axis=1), 0.0))


def made_by(model: PlanModel, x: Floats) -> Floats:
    """Return the units that each school works on in each period of a plan (schools x periods)."""
    return model.network.making.taught.made(amounts_of(x, model.variables).make)


def made_whole(model: PlanModel, x: Floats, solve: Solve) -> Floats | None:
    """Return the cheapest plan with the flow of a relaxed plan `x` and its stations, sets and shifts rounded up, if there is one.

    What moves is held as it is. Rows of it alone hold already, to the tolerance of plans, and are left out.
    """
    lp = model.lp
    at = whole_shifts(model.network, model.variables, rounded(lp, x))
    still = lp.whole.copy()
    for name in MOVING:
        if name in lp.columns:
            still[lp.columns[name].index] = True
    loose = np.bincount(lp.row_of_entry, ~still[lp.row_column], minlength=len(lp.row_lower)) > 0
    part = replace(
        relaxed(lp),
        lower=np.where(still, at, lp.lower),
        upper=np.where(still, at, lp.upper),
        row_lower=np.where(loose, lp.row_lower, -np.inf),
        row_upper=np.where(loose, lp.row_upper, np.inf),
    )
    cost = model.stages[-1].cost
    outcome = solve(part, [(model.stages[-1].name, cost)], None, None)
    if outcome.x is None or outcome.reason:
        return None
    made = np.where(still, at, outcome.x)
    return made if feasible(lp, made) and whole_in(lp, made) else None


def _on_time(model: PlanModel, solve: Solve) -> Floats | None:
    """Return a relaxed plan that is late for nobody, all classes sought at once; None where the model of some bottlenecks has none."""
    costs = [s.cost / scale_of(s.cost) for s in model.stages if s.demand_class is not None]
    if not costs:
        return None
    idle = idle_plan(model.network, model.variables, len(model.lp.lower))
    last: Start | None = None
    for last in search(relaxed(model.lp), [("classes", np.sum(costs, axis=0))], solve, idle=idle):
        if last.bounds[0] > NONE:
            return None
    return last.x if last is not None and last.proofs and last.values[0] <= NONE else None
