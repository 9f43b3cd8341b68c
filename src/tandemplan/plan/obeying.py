"""Whole plans that make and deliver what another plan does: where goods come from, people, stations and money are chosen anew.

What the other plan is may be less than a plan of the model: one of goods alone, which knows nothing of origin and money, or what the interior
point method leaves, which is no vertex.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Tranche
from tandemplan.network.sourcing import without_shares
from tandemplan.plan.first_plan import FirstPlan
from tandemplan.plan.gates import whole_gates
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.objective import at_once
from tandemplan.plan.origin import SHARE
from tandemplan.plan.sourcing import BOUGHT
from tandemplan.plan.start.search import Solve
from tandemplan.plan.whole_shifts import short_periods, spare_hours, whole_shifts
from tandemplan.plan.work_share import VALUE
from tandemplan.solver.held import rounded, standing, whole_in
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import feasible

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FLOW = ("lost", "deliver", "make", "experience")  # columns that stay as they are
SHIFTS = ("level",)
BEFORE = 56  # days before a shortage of hours in which what is made may change
MISSING = 1e-5  # units that may be missing in a row: as for the audit, that is no loss


def funded(model: PlanModel) -> bool:
    """Return whether money is a limit."""
    return "cash" in model.lp.rows


def limited(model: PlanModel) -> bool:
    """Return whether more than the flow of goods is limited: money, shares of origin, or whom is bought from and who adds value."""
    return funded(model) or any(family in model.lp.rows for family in (SHARE, BOUGHT, VALUE))


def goods_of(model: PlanModel) -> PlanModel:
    """Return the model without limits on money, origin, sources and work-share: a flow of goods alone. What bounds its plans bounds those of the model too."""
    if not limited(model):
        return model
    network = without_shares(model.network)
    programme = network.programme.replace(network.programme[Tranche].take([]))
    return model_of(replace(network, programme=programme))


def obeying(learnt: PlanModel, first: FirstPlan, solve: Solve) -> tuple[PlanModel, Floats] | None:
    """Return a whole plan with all limits that makes and delivers what a first plan of goods alone does, and its model; None if none is found.

    `learnt` is the model with all its limits; its experience becomes that of `first`. Where that one is whole, its shifts are worked too.
    """
    goods, whole = first.model.lp, first.whole is not None
    x = first.x if first.whole is None else first.whole
    model = model_of(replace(learnt.network, making=first.model.network.making))
    at = np.zeros(len(model.lp.lower))
    for name in (n for n in (*FLOW, *SHIFTS) if n in goods.columns):
        at[model.lp.columns[name].index] = x[goods.columns[name].index]
    plan = remade(model, at, solve, shifts=whole)
    return None if plan is None else (model, plan)


def remade(model: PlanModel, at: Floats, solve: Solve, *, shifts: bool = False) -> Floats | None:
    """Return the best whole plan, by what comes after the classes, that makes and delivers as `at` says; None if none is found.

    Everything else is sought anew without whole numbers, then stations, options and shifts are rounded up, and all else sought once more.
    With `shifts` those of `at` are worked. Shifts rounded up may have fewer hours at a work centre that works fewer of them: then they are
    held where they are, and stations bought for it; and where no stations that can be bought have them, what is made in the weeks before
    is sought anew.
    """
    lp = model.lp
    flow = columns_of(lp, FLOW)
    stays = flow | columns_of(lp, SHIFTS) if shifts else flow
    plan = _best_with(model, at, stays, solve)
    if plan is None:
        return None
    spare = spare_hours(lp, model.network, plan)
    made = whole_gates(lp, whole_shifts(model.network, model.variables, rounded(lp, plan), spare))
    stays = stays & ~_made_near(model, short_periods(model.network, model.variables, made, spare))
    whole = _best_with(model, np.where(stays, at, made), stays | lp.whole, solve)
    if whole is not None:
        return whole if feasible(lp, whole, MISSING) and whole_in(lp, whole) else None
    return None if shifts else remade(model, np.where(flow, at, made), solve, shifts=True)


def _made_near(model: PlanModel, short: Bools) -> Bools:
    """Return the columns of what is made in some periods and in the days before them, and all that say what experience comes of it."""
    found, starts = np.zeros(len(model.lp.lower), dtype=bool), model.network.periods.starts
    near = [t for t, day in enumerate(starts) if (short & (starts >= day) & (starts <= day + BEFORE)).any()]
    make = model.variables.make[:, near]
    found[make[make >= 0]] = True
    return found | columns_of(model.lp, ("experience",)) if near else found


def columns_of(lp: Lp, names: tuple[str, ...]) -> Bools:
    """Return which columns of a model belong to some families."""
    found = np.zeros(len(lp.lower), dtype=bool)
    for name in (n for n in names if n in lp.columns):
        found[lp.columns[name].index] = True
    return found


def _best_with(model: PlanModel, at: Floats, stays: Bools, solve: Solve) -> Floats | None:
    """Return the best relaxed plan by what comes after the classes, with some columns where `at` has them."""
    lp = model.lp
    at = np.clip(at, lp.lower, lp.upper)
    part = standing(lp, at, stays)
    outcome = solve(part, [at_once(model.goals[model.classes :])], None, None)
    return None if outcome.x is None or outcome.reason else np.where(stays, at, outcome.x)
