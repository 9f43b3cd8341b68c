"""A large plan planned once more around itself, for a changed programme: what feeds a demand may move, in the weeks about it; all else stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tandemplan.explain.planned import Base
from tandemplan.model.programme import Programme
from tandemplan.network.network import network_of
from tandemplan.plan.again import APART, FENCE, MOVED, MOVED_WEIGHT, Search, carried
from tandemplan.plan.completing import completed, decided, rounding, stock_is_short, with_stock
from tandemplan.plan.mending import hours_beyond, units, with_margin
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.moving import Around, around
from tandemplan.plan.ramp import assumed
from tandemplan.plan.rule_costs import RuleValues
from tandemplan.plan.solve import PlanOptions, info_of, tables_of
from tandemplan.results.store import Run
from tandemplan.solver.held import relaxed
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import OnReport, Outcome, Work, scale_of, unproved

REASON = "planned around another plan for one demand: how far it is from the best is not proved"
ROUNDS = 4  # in which hours and yields come to those of what is made
AGAIN = 1.2  # of the hours that a plan takes beyond what there are, kept free in the next round
UNRECKONED = RuleValues((), (), {}, ())
Floats = np.ndarray


def planned_near(base: Base, demand: str, hear: OnReport = lambda _: None) -> Callable[[Programme], Run]:
    """Return a function that plans a changed programme around a plan that is large.

    Stations, options, shifts, goods that do not feed the item of the demand, and all that is done twelve weeks after it stay, accounts apart. Classes are served as well as
    can be around that, in order, then orders move by as few unit-days as can be. What comes is a plan of the linear model, in which orders are
    not kept whole. A better one may be found where more may move. The status is `feasible`, or `stopped` where there is none.
    """
    return lambda programme: _planned(base, demand, programme, hear)


def _planned(base: Base, demand: str, programme: Programme, hear: OnReport) -> Run:
    """Return the plan of a changed programme around another, round by round at the hours and yields that come of what the round before makes."""
    assert base.known is not None
    programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
    network, made = network_of(programme, base.model.network.phases), base.known.made
    x, margin = None, np.zeros(0)
    for _ in range(ROUNDS):
        model = model_of(assumed(network, made), demanded=False)
        margin = margin if len(margin) else np.zeros(len(model.lp.rows["hours"].index))
        if x is not None:
            over = hours_beyond(model, x)
            if not over.any() and not stock_is_short(model, with_stock(model, x)):
                break
            margin = margin + AGAIN * over
        x = _moved((base, demand), model, margin, x, hear)
        if x is None:
            break
        made = network.making.taught.made(units(model, x))
    full = None if x is None else completed(model, x, decided(model), Search(hear=hear))
    return _run(base, programme, model, full)


def _moved(
    of: tuple[Base, str], model: PlanModel, margin: Floats, last: Floats | None, hear: OnReport
) -> Floats | None:
    """Return the plan of a model in which a demand, and all others, are served as well as can be around the plan before, or the `last` round's.

    `margin` are hours that stay free.
    """
    base, demand = of
    assert base.known is not None
    network, v = model.network, model.variables
    row = int(np.flatnonzero(network.demands.names == demand)[0])
    lp, at = with_margin(base.near(model, row), margin), carried(base.known, model) if last is None else last
    fence = float(network.programme.settings.planning_fence_days or FENCE)
    measured = ((v.buy, v.make, v.move, v.hire), network.periods.lengths.astype(np.float64), fence)
    near = around(lp, at, lp.lower, lp.upper, measured, rounded=rounding(lp, at))
    found = solve_in_child(relaxed(near.lp), [(MOVED, _goal(model, near))], Work(), hear)
    return None if found.x is None else near.plan(found.x)


def _goal(model: PlanModel, near: Around) -> Floats:
    """Return one objective for all classes, each weighing far more than the next, and last for what moves."""
    total = MOVED_WEIGHT * near.moved
    for k, stage in enumerate(model.stages[: model.classes]):
        total = total + near.costs(stage.cost) / scale_of(stage.cost) * APART**-k
    return total


def _run(base: Base, programme: Programme, model: PlanModel, x: Floats | None) -> Run:
    """Return a plan as a run; nothing is said of what classes and rules cost in it."""
    options = PlanOptions(**{n: base.run.info["options"][n] for n in PlanOptions.__dataclass_fields__})
    if x is None:
        return Run(info_of(programme, options, Outcome("stopped", None, (), REASON)), {})
    outcome = Outcome("feasible", x, tuple(unproved(s.cost, x) for s in model.stages), REASON)
    frames, said = tables_of(model, outcome, {}, ({}, UNRECKONED))
    return Run({**info_of(programme, options, outcome), **said}, frames)
