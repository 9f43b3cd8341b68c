"""What each rule of origin costs the whole plan: every objective with the rule and without it. Table `rule_costs`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.plan.class_costs import MOST_ROWS
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.origin import SHARE, share_rules
from tandemplan.results.store import Frame
from tandemplan.solver.held import relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Outcome

Floats = NDArray[np.float64]
Seek = Callable[[Lp, list[tuple[str, Floats]]], Outcome]
SAME = 1e-6  # share of a value (of 1, if that is more) by which two may differ that are the same


@dataclass(frozen=True)
class RuleValues:
    """The values of objectives in their order with all rules, and without each rule; `unreckoned` are rules of which that is not known."""

    objectives: tuple[str, ...]
    ruled: tuple[float, ...]
    without: dict[str, tuple[float, ...]]
    unreckoned: tuple[str, ...]


def rule_values(model: PlanModel, outcome: Outcome, seek: Seek) -> RuleValues:
    """Return what the objectives of a plan come to with its rules of origin, and without each of them, as far as that is reckoned.

    No column is whole there, operations know what they do in the plan, and nothing is shared fairly: both values of an objective are found the
    same way. Rules of a larger model are not reckoned, nor those that the time does not suffice for. `docs/semantics.md`, What rules of origin cost.
    """
    rules = tuple(sorted(set(share_rules(model.network))))
    nothing = RuleValues((), (), {}, rules)
    if not rules or outcome.x is None or outcome.reason or len(model.lp.row_lower) > MOST_ROWS:
        return nothing
    plain = model_of(model.network, demanded=False)

    def values(rule: str) -> tuple[float, ...]:
        answer = seek(_without(plain, rule), plain.goals)
        return tuple(a.value for a in answer.stages) if answer.x is not None and not answer.reason else ()

    ruled = values("")
    found = {rule: values(rule) for rule in rules} if ruled else {}
    known = {rule: each for rule, each in found.items() if each}
    names = tuple(s.name for s in plain.stages)
    return RuleValues(names, ruled, known, tuple(r for r in rules if r not in known))


def _without(model: PlanModel, rule: str) -> Lp:
    """Return the model, no column whole, in which nothing limits the shares of a rule."""
    block = model.lp.rows[SHARE]
    freed = np.array([name == rule for name in share_rules(model.network)])[block.entity]
    upper = model.lp.row_upper.copy()
    upper[block.index[freed]] = np.inf
    return replace(relaxed(model.lp), row_upper=upper)


def rule_costs(found: RuleValues) -> Frame:
    """Return the value of each objective with and without each rule, and their difference; what is the same has none."""
    rules = [rule for rule in found.without for _ in found.objectives]
    value = np.array([v for _ in found.without for v in found.ruled], dtype=np.float64)
    least = np.array([v for each in found.without.values() for v in each], dtype=np.float64)
    same = np.abs(value - least) <= SAME * np.maximum(1.0, np.abs(value))
    value, least = (np.asarray(np.round(v, 6), dtype=np.float64) for v in (value, np.where(same, value, least)))
    return {
        "rule": texts(rules),
        "objective": texts(list(found.objectives) * len(found.without)),
        "value": value,
        "without": least,
        "price": np.round(value - least, 6) + 0.0,  # no -0
    }
