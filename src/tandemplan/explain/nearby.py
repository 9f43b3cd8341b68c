"""A large plan planned once more around itself, for a changed programme: what feeds a demand may move, in the weeks about it; all else stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tandemplan.explain.planned import Base
from tandemplan.model.programme import Programme
from tandemplan.network.network import network_of
from tandemplan.plan.again import APART, FENCE, MOVED, MOVED_WEIGHT, Search, carried, completed, decided, rounding
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
UNRECKONED = RuleValues((), (), {}, ())
Floats = np.ndarray


def planned_near(base: Base, demand: str, hear: OnReport = lambda _: None) -> Callable[[Programme], Run]:
    """Return a function that plans a changed programme around a plan that is large.

    Stations, options, shifts, goods that do not feed the demand, and all that is done twelve weeks after it stay, accounts apart. Classes are served as well as
    can be around that, in order, then orders move by as few unit-days as can be. What comes is a plan of the linear model, in which orders are
    not kept whole and operations know what they know in the plan before; the audit may find hundredths of a unit. A better one may be found where more may
    move. The status is `feasible`, or `stopped` where there is none.
    """
    assert base.known is not None
    known = base.known

    def solve(programme: Programme) -> Run:
        programme = replace(programme, tables={n: t.sorted() for n, t in programme.tables.items()})
        network = assumed(network_of(programme, base.model.network.phases), known.made)
        model = model_of(network, demanded=False)
        row = int(np.flatnonzero(network.demands.names == demand)[0])
        lp, at, v = base.near(model, row), carried(known, model), model.variables
        fence = float(programme.settings.planning_fence_days or FENCE)
        lengths = network.periods.lengths.astype(np.float64)
        measured = ((v.buy, v.make, v.move, v.hire), lengths, fence)
        near = around(lp, at, lp.lower, lp.upper, measured, rounded=rounding(lp, at))
        found = solve_in_child(relaxed(near.lp), [(MOVED, _goal(model, near))], Work(), hear)
        x = None if found.x is None else completed(model, near.plan(found.x), decided(model), Search(hear=hear))
        return _run(base, programme, model, x)

    return solve


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
