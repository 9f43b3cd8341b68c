"""A factory that learns: a plan at an experience that it is sure to have, a bound from all being learnt at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.learning import Experience
from tandemplan.network.network import Network, with_experience
from tandemplan.plan.curves import binaries
from tandemplan.plan.flows import Amounts, amounts_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.objective import Stage
from tandemplan.solver.held import HELD, held, held_bound, most_of, relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Basis, Outcome, StageAnswer, compared

Floats = NDArray[np.float64]
KEPT = (0.97, 0.995, 0.9995)  # of the experience of the plan before that the next one is sure to have again
SHARES = (0.97, 0.85, 0.6, 0.3, 0.0)  # of the experience of one who has learnt all, until a plan is good enough
SHARES_OF_LARGE = (0.5, 0.2, 0.0)  # what is best for classes alone may build too early: less of it is demanded
NOWHERE = "no plan was found at any experience that was assumed"
ROUNDS = 12
BETTER = 1e-4  # share of a value, or of the least denominator of its gap, by which a round must better it for another to follow
MOST_WHOLE = 600  # whole columns of curves up to which the model with curves is solved too
SMALL = 20_000  # rows up to which each round seeks all objectives: what is cheapest builds no earlier than needed


class Seek(Protocol):
    """Solves the first objectives of a model, from a basis where there is one."""

    def __call__(self, model: PlanModel, lp: Lp, count: int, basis: Basis | None = None) -> Outcome:
        """Return the outcome for the first `count` objectives."""


@dataclass(frozen=True, eq=False)
class Ramp:
    """A model whose hours and yields stand at an experience that its rows demand; and the relaxation that bounds every plan.

    `relaxation` is the model of one who has learnt all, no column whole; `answers` are its objectives' in order, `curves` those
    of the model with piecewise-linear curves where it was small enough. `plan` is a plan of the model, no column whole. `held` are
    values of the first objectives and a bound on the last one among plans with these or better ones.
    """

    model: PlanModel
    relaxation: PlanModel
    answers: tuple[StageAnswer, ...]
    curves: tuple[StageAnswer, ...] = ()
    plan: Outcome | None = None
    basis: Basis | None = None
    reason: str = ""
    held: tuple[tuple[float, ...], float] = ((), -np.inf)

    def bounds(self, values: tuple[float, ...], x: Floats) -> tuple[float, ...]:
        """Return a bound on each objective among plans with the earlier ones at `values` or below; `x` is such a plan.

        More hours and lower yields than when all is learnt make no plan better, so what bounds the relaxation bounds the true curves.
        """
        lp = relaxed(self.relaxation.lp)
        costs = [s.cost for s in self.relaxation.stages]
        most = most_of(x)
        found = []
        for k, cost in enumerate(costs):
            floor = 0.0 if (cost >= 0).all() else -np.inf
            known = self.answers[: k + 1]
            if len(known) > k and all(len(a.row_duals) for a in known):
                floor = max(floor, held_bound(lp, costs[: k + 1], known, values[:k], most))
            if k == len(costs) - 1 and len(self.held[0]) == k and all(np.less_equal(values[:k], self.held[0])):
                floor = max(floor, self.held[1])
            if len(self.curves) > k and all(v <= held_at(c) for v, c in zip(values[:k], self.curves, strict=False)):
                floor = max(floor, self.curves[k].bound)
            found.append(min(floor, values[k]))
        return tuple(found)


def climb(learnt: PlanModel, seek: Seek, within: Callable[[int, float, float], bool]) -> Ramp | Outcome:
    """Return the ramp of a model of one who has learnt all; its outcome where even that has no plan.

    `seek` solves the first objectives of a model, `within` says whether a value of an objective is near enough to its bound.
    Each round assumes most of the experience of the plan before and demands it (family `experience`): its plans are feasible on
    the true curves, and a plan nearly as good as the one before is among them. A sequence of linear programmes in place of a
    concave one: Horst, Pardalos and Thoai 2000, Introduction to Global Optimization, ch. 4.
    """
    stages = learnt.stages
    classes = learnt.classes or len(stages)
    small = len(learnt.lp.row_lower) <= SMALL
    outcome = seek(learnt, relaxed(learnt.lp), len(stages) if small else classes)
    if outcome.x is None:
        return outcome
    reason = outcome.reason
    curves: tuple[StageAnswer, ...] = ()
    bounds = [a.bound for a in outcome.stages[:classes]]
    tries = [share * _made(learnt, outcome.x) for share in (SHARES if small else SHARES_OF_LARGE)]
    if not reason and binaries(learnt.network) <= MOST_WHOLE:
        curves, made = _along_curves(learnt, seek)
        tries = [KEPT[-1] * made, *tries] if curves else tries
        bounds = [a.bound for a in curves[:classes]] or bounds
    best: tuple[PlanModel, Outcome] | None = None
    found: tuple[PlanModel, Outcome] | None = None
    for made in tries:
        found = _round(learnt.network, made, seek, classes)
        if found is not None and (best is None or _better(found[1], best[1], stages[:classes])):
            best = found
        if best is not None and (_cut_short(found) or _close(best[1], bounds, within)):
            break
    if best is None:
        return Outcome("stopped", None, (), NOWHERE)
    if best[1].x is None:  # of what a round that was cut short assumed, nothing is known
        best = model_of(assumed(learnt.network, np.zeros_like(tries[0]))), best[1]
    kept = 0
    for _ in range(ROUNDS):
        if _cut_short(found) or best[1].x is None or kept == len(KEPT) or _close(best[1], bounds, within):
            break
        found = _round(learnt.network, KEPT[kept] * _made(best[0], best[1].x), seek, classes)
        if found is None or not _better(found[1], best[1], stages[:classes]):
            kept += 1
        else:
            best = found
    return Ramp(
        best[0],
        learnt,
        outcome.stages,
        curves,
        best[1] if best[1].x is not None else None,
        outcome.basis,
        reason or best[1].reason,
    )


def _along_curves(learnt: PlanModel, seek: Seek) -> tuple[tuple[StageAnswer, ...], Floats]:
    """Return what the model with piecewise-linear curves proves, and the units that each school works on in its plan."""
    model = model_of(learnt.network, curves=True)
    outcome = seek(model, model.lp, len(model.stages))
    if outcome.x is None:
        return (), np.zeros(0)
    return outcome.stages, _made(model, outcome.x)


def proved(ramp: Ramp, values: tuple[float, ...], seek: Seek, bound: Callable[[Lp, Floats], float]) -> Ramp:
    """Return the ramp with bounds on stock and cost too, where it has answers of the classes alone; `values` are those of a plan.

    Prices of a cost that was best on the best plans by stock prove little of plans with more stock, as those with whole columns are: the
    last objective is bounded by `bound` in a model with rows that hold the others at these values.
    """
    model, last = ramp.relaxation, len(ramp.relaxation.stages) - 1
    if len(ramp.answers) >= last:
        return ramp
    lp = relaxed(model.lp)
    outcome = seek(model, lp, last, ramp.basis)
    if outcome.x is None or outcome.reason:
        return ramp
    costs = [s.cost for s in model.stages]
    floor = bound(held(lp, costs[:last], values[:last]), costs[last])
    return replace(ramp, answers=outcome.stages, held=(values[:last], floor))


def held_at(answer: StageAnswer) -> float:
    """Return the value at which the model with curves held an objective while it proved the later ones."""
    return answer.value + HELD * abs(answer.value) + HELD


def assumed(network: Network, made: Floats) -> Network:
    """Return the network with hours and yields at the experience that comes of units `made` (schools x periods)."""
    after = np.cumsum(made, axis=1)
    before = after - made
    names = network.making.taught.names
    return with_experience(network, {n: Experience(before[k], after[k]) for k, n in enumerate(names)})


def on_true_curves(network: Network, amounts: Amounts) -> Network:
    """Return the network with the hours and yields that come of what a plan starts: no fewer good units and no more hours than it assumes."""
    return assumed(network, network.making.taught.made(amounts.make)) if network.making.taught.names else network


def _made(model: PlanModel, x: Floats) -> Floats:
    return model.network.making.taught.made(amounts_of(x, model.variables).make)


def _round(network: Network, made: Floats, seek: Seek, classes: int) -> tuple[PlanModel, Outcome] | None:
    model = model_of(assumed(network, made))
    small = len(model.lp.row_lower) <= SMALL
    outcome = seek(model, relaxed(model.lp), len(model.stages) if small else classes)
    return None if outcome.status == "infeasible" else (model, outcome)


def _cut_short(found: tuple[PlanModel, Outcome] | None) -> bool:
    """Return whether time, or the user, ended a round: there is none for another."""
    return found is not None and bool(found[1].reason)


def _close(outcome: Outcome, bounds: list[float], within: Callable[[int, float, float], bool]) -> bool:
    pairs = zip(outcome.stages, bounds, strict=False)
    return bool(outcome.stages) and all(within(k, a.value, b) for k, (a, b) in enumerate(pairs))


def _better(found: Outcome, best: Outcome, stages: Sequence[Stage]) -> bool:
    """Return whether an outcome is clearly better by the first of some objectives in which they differ."""
    if found.x is None or best.x is None:
        return best.x is None
    mine, theirs = ([a.value for a in outcome.stages[: len(stages)]] for outcome in (found, best))
    return compared(mine, theirs, BETTER, [s.scale for s in stages]) < 0


def with_bounds(outcome: Outcome, ramp: Ramp) -> Outcome:
    """Return an outcome of a ramp's model with the bounds that hold on the true curves, in place of those of the model."""
    if outcome.x is None:
        return outcome
    values = tuple(a.value for a in outcome.stages)
    bounds = ramp.bounds(values, outcome.x)
    stages = tuple(replace(a, bound=b) for a, b in zip(outcome.stages, bounds, strict=True))
    return replace(outcome, stages=stages)
