"""From a first plan of goods alone to a plan of a large factory that learns, with all limits, and to its bounds: near the best, never at a vertex."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.first_plan import FirstPlan, first_plan
from tandemplan.plan.late_plan import LatePlan, late_plan
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.obeying import goods_of, limited, obeying, remade
from tandemplan.plan.objective import at_once
from tandemplan.plan.ramp import Ramp, assumed, proved, with_bounds
from tandemplan.plan.seeker import DUST, LEARNING, Planned, Seeker
from tandemplan.problems import SolverDiedError
from tandemplan.solver.held import held, relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import BY_USER, Basis, Outcome, Report, StageAnswer, at_floor

Floats = NDArray[np.float64]
GROWN = 0.97  # of the experience of the first plan that better ones are sure to have again
MOST_OF_TIME = 0.7  # of the time left that the relaxed plan may take from which the whole one is made
RELAXED = "relaxed"
SERVED = 1e-4  # share by which a class may be served worse than an interior point says


def _first(model: PlanModel, seeker: Seeker) -> LatePlan | None:
    """Return a first plan from the bottlenecks, late for nobody or as good by the classes as is found; where its solver fails, none is."""
    try:
        first = first_plan(model, seeker.part, lambda: seeker.ended)
        if first is None:
            return late_plan(model, seeker.part, lambda: seeker.ended, seeker.within)
        return LatePlan(first, tuple(at_floor(model.lp, s.cost) for s in model.stages[: model.classes]))
    except KeyboardInterrupt:
        seeker.end(BY_USER)
        return None
    except SolverDiedError:
        return None  # the rounds of the ramp come next, and raise it if they fail too


def grown(learnt: PlanModel, seeker: Seeker) -> tuple[PlanModel, Outcome] | None:
    """Return the best plan found of a large model of one who has learnt all, from a first one of goods alone, and the model that it is of.

    The first one knows nothing of money and origin, and its columns need not be whole: it may be no plan, and lends its experience and its flow. Nearly all of
    its experience is assumed: then the relaxed plan that is best by what comes after the classes is sought near enough, and made whole; bounds are
    proved with all learnt. What is cut short, or fails, leaves the best plan so far: None if there is none.
    """
    goods = goods_of(learnt)
    found = _first(goods, seeker)
    if found is None:
        return None
    best, bounds, prices = None, None, np.zeros(0)
    first, known = found.first, _in_all_limits(learnt, goods, found.proofs)
    try:
        if limited(learnt) or first.whole is None:
            made = obeying(learnt, first, seeker.part)
            best = None if made is None else Planned(*made)
        else:
            best = Planned(first.model, first.whole)
        _served_so_far(best, known, seeker)
        model = _grown(learnt, first)
        flow = near(model, _serving(model, first.values), seeker)
        if flow.status == "infeasible" and best is None:
            flow = _near_late(model, first.values, seeker)
        best = better(model, flow, best, seeker)
        _served_so_far(best, known, seeker)
        if best is not None and not seeker.reasons:
            known = _anew(learnt, known, best, seeker)
            bounds, prices = _proved(learnt, best, known, seeker)
    except KeyboardInterrupt:
        seeker.end(BY_USER)
    except SolverDiedError as error:
        seeker.end(f"the solver failed: {error}")
    if best is None:
        return None
    status = "feasible" if seeker.reasons else "optimal"
    outcome = Outcome(status, best.x, _answered(best, known, learnt, prices), seeker.reason)
    return best.model, with_bounds(outcome, bounds or Ramp(best.model, learnt, known))


def _grown(learnt: PlanModel, first: FirstPlan) -> PlanModel:
    """Return the model at nearly all of the experience of a first plan: where that is late, at what it assumes, as it may be no better with less."""
    if any(value > DUST * s.scale for value, s in zip(first.values, first.model.stages, strict=False)):
        return model_of(replace(learnt.network, making=first.model.network.making))
    return model_of(assumed(learnt.network, GROWN * first.made))


def _in_all_limits(learnt: PlanModel, goods: PlanModel, proofs: tuple[StageAnswer, ...]) -> tuple[StageAnswer, ...]:
    """Return proofs of the classes of goods alone as those of the model with all limits: what goods do not know has no price.

    Of a class that is not proved no more is known than its floor.
    """
    known = [replace(p, row_duals=_prices_in(learnt.lp, goods.lp, p.row_duals)) for p in proofs]
    return (*known, *(at_floor(learnt.lp, s.cost) for s in learnt.stages[len(known) : learnt.classes]))


def _prices_in(lp: Lp, other: Lp, prices: Floats) -> Floats:
    """Return prices of the rows of another model at the same rows of a model, none at those that only one has."""
    found = np.zeros(len(lp.row_lower))
    for name, block in lp.rows.items():
        theirs = other.rows.get(name)
        if theirs is not None and len(theirs.entity) == len(block.entity):
            found[block.index] = prices[theirs.index]
    return found


def _served_so_far(best: Planned | None, known: tuple[StageAnswer, ...], seeker: Seeker) -> None:
    """Tell how the classes are served, once there is a plan."""
    for k, stage in enumerate(best.model.stages[: best.model.classes] if best is not None else ()):
        assert best is not None
        seeker.later(Report(stage.name, best.values[k], min(known[k].bound, best.values[k]), 0.0, 0))


def near(model: PlanModel, lp: Lp, seeker: Seeker) -> Outcome:
    """Return what is near the best plan of a relaxed model by what comes after the classes, which `lp` holds.

    The interior point method comes near it far sooner than to its vertex.
    """
    return seeker.solve(lp, [at_once(model.goals[model.classes :])], told=RELAXED, share=MOST_OF_TIME, interior=True)


def better(model: PlanModel, flow: Outcome, best: Planned | None, seeker: Seeker) -> Planned | None:
    """Return a better plan that makes and delivers what a relaxed one does, if one is found, else `best`."""
    if flow.x is None or flow.reason:
        return best
    x = remade(model, flow.x, seeker.part)
    if x is None or (best is not None and not Planned(model, x).no_worse_than(best)):
        return best
    return Planned(model, x)


def _serving(model: PlanModel, values: Sequence[float]) -> Lp:
    """Return the relaxed model whose plans serve the first classes as well as `values` say: where these are 0, nothing of it may be late."""
    stages = model.stages[: min(len(values), model.classes)]
    late = [k for k, s in enumerate(stages) if values[k] > DUST * s.scale]
    lp = held(relaxed(model.lp), [stages[k].cost for k in late], [values[k] for k in late])
    never = np.zeros(len(lp.lower), dtype=bool)
    for k in set(range(len(stages))) - set(late):
        never |= stages[k].cost > 0
    return replace(lp, upper=np.where(never, np.maximum(lp.lower, 0.0), lp.upper))


def _near_late(model: PlanModel, wished: Sequence[float], seeker: Seeker) -> Outcome:
    """Return what is near the best plan where limits do not let the classes be worth what is `wished`: class by class, until the rest may be.

    Interior points tell how well a class can be served by all limits, those before it served as well as they say.
    """
    values: list[float] = []
    flow = Outcome("infeasible", None, ())
    for k, stage in enumerate(model.stages[: model.classes]):
        found = seeker.solve(_serving(model, values), [model.goals[k]], told=LEARNING, interior=True)
        if found.x is None or found.reason:
            return found
        values.append(_eased(found.stages[0].value, stage.scale))
        flow = near(model, _serving(model, [*values, *wished[k + 1 :]]), seeker)
        if flow.status != "infeasible":
            break
    return flow


def _eased(value: float, scale: float) -> float:
    """Return what a class may be worth where an interior point says `value`: 0 where that is next to nothing."""
    return value + SERVED * max(value, scale) if value > SERVED * scale else 0.0


def _anew(learnt: PlanModel, known: tuple[StageAnswer, ...], best: Planned, seeker: Seeker) -> tuple[StageAnswer, ...]:
    """Return proofs of the classes of a plan with all limits, anew where those of goods alone prove too little: limits that these do not know decide."""
    found = list(known)
    for k, goal in enumerate(learnt.goals[: learnt.classes]):
        if not seeker.within(k, best.values[k], known[k].bound) and not seeker.reasons:
            outcome = seeker.solve(_serving(learnt, best.values[:k]), [goal], told=LEARNING, interior=True)
            found[k] = next((a for a in _of_rows(learnt, outcome.stages) if len(a.row_duals)), known[k])
    return tuple(found)


def _of_rows(learnt: PlanModel, answers: Iterable[StageAnswer]) -> tuple[StageAnswer, ...]:
    """Return answers without the prices of rows that hold classes: `held_bound` finds weights in their place."""
    return tuple(replace(a, row_duals=a.row_duals[: len(learnt.lp.row_lower)]) for a in answers)


def _proved(learnt: PlanModel, best: Planned, known: tuple[StageAnswer, ...], seeker: Seeker) -> tuple[Ramp, Floats]:
    """Return what bounds a plan, and the prices of the last objective; `known` proves its classes."""
    bound, prices = bounding(learnt, seeker)
    served = best.values[: learnt.classes]

    def seek(model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:  # noqa: ARG001 - there is no basis
        goals = model.goals[model.classes : count]
        if not goals:
            return Outcome("optimal", lp.lower, known)
        outcome = seeker.solve(_serving(model, served), goals, told=LEARNING, interior=True)
        found = _of_rows(learnt, outcome.stages)
        return replace(outcome, stages=(*known, *found)) if len(goals) == 1 else Outcome("stopped", None, ())

    ramp = proved(Ramp(best.model, learnt, ()), best.values, seek, bound)
    return ramp, prices[0] if prices else np.zeros(0)


def _answered(
    best: Planned, known: tuple[StageAnswer, ...], learnt: PlanModel, prices: Floats
) -> tuple[StageAnswer, ...]:
    """Return the answers of a plan, by what proves its classes, and by prices of the last objective, in the model of one who has learnt all."""
    model, lp = best.model, best.model.lp

    def priced(k: int, answer: StageAnswer, theirs: Floats) -> StageAnswer:
        duals = _prices_in(lp, learnt.lp, theirs)
        reduced = model.stages[k].cost - lp.transposed_times(duals)
        return replace(answer, finished=True, row_duals=duals, column_duals=reduced)

    answers = list(best.answers)
    for k, stage in enumerate(model.stages[: model.classes]):
        full = best.values[k] <= DUST * stage.scale
        answers[k] = at_floor(lp, stage.cost) if full else priced(k, answers[k], known[k].row_duals)
    if len(prices):
        answers[-1] = priced(-1, answers[-1], prices)
    return tuple(answers)


def bounding(learnt: PlanModel, seeker: Seeker) -> tuple[Callable[[Lp, Floats], float], list[Floats]]:
    """Return what bounds the last objective of a model over the plans of a relaxed one, and a list of the prices that did."""
    prices: list[Floats] = []

    def bound(lp: Lp, cost: Floats) -> float:
        found = seeker.solve(lp, [(learnt.stages[-1].name, cost)], told=LEARNING, interior=True)
        prices.extend(a.row_duals for a in found.stages if len(a.row_duals))
        return found.stages[0].bound if found.stages else -np.inf

    return bound, prices
