"""What a plan chose among its options, nothing for nothing: the programme and network as they then stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.changes import chosen_on
from tandemplan.network.network import Network, network_of
from tandemplan.plan.model import PlanModel
from tandemplan.plan.option_hours import used_alone
from tandemplan.plan.variables import Variables
from tandemplan.solver.held import relaxed
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import Outcome, feasible

Floats = NDArray[np.float64]

HALF = 0.5  # a whole column is 1 from here on
MOST_ROWS = 20_000  # of a model, up to which it is solved again for each option chosen, without it
Seek = Callable[[Lp, list[tuple[str, Floats]]], Outcome]


@dataclass(frozen=True)
class Served:
    """What an option serves: the first objective that is worse without it, and by how much at least."""

    stage: str
    saves: float


def chosen_days(network: Network, x: Variables, values: NDArray[np.float64]) -> dict[str, date]:
    """Return the options that a plan chooses, each with its day."""
    days = network.periods.dates(network.periods.starts).tolist()
    found = {}
    for name, columns in zip(network.choices.names, x.chosen, strict=True):
        taken = (columns >= 0) & (np.append(values, 0.0)[columns] > HALF)
        if taken.any():
            found[name] = days[int(np.argmax(taken))]
    return found


def settled_network(network: Network, x: Variables, values: NDArray[np.float64]) -> Network:
    """Return the network of the programme in which the options that the plan chooses are chosen on their days."""
    days = chosen_days(network, x, values)
    return network_of(chosen_on(network.programme, days), network.phases) if days else network


def trimmed(model: PlanModel, outcome: Outcome) -> Outcome:
    """Return an outcome whose options are chosen as late as the rest of its plan allows, and not at all where it needs none.

    Such a plan serves as well and costs no more. Options are looked at one after the other, each with those before it trimmed.
    """
    if outcome.x is None:
        return outcome
    x = used_alone(model.network, model.lp, model.variables, outcome.x)
    for columns in (c[c >= 0] for c in model.variables.chosen):
        low, high = 0, len(columns)  # chosen from column `low` on is a plan; how many more may be 0?
        low = int(np.argmax(x[columns] > HALF)) if (x[columns] > HALF).any() else high
        while low < high:
            middle = (low + high + 1) // 2
            if feasible(model.lp, _chosen_from(x, columns, middle)):
                low = middle
            else:
                high = middle - 1
        x = _chosen_from(x, columns, low)
    return replace(outcome, x=x)


def _chosen_from(x: NDArray[np.float64], columns: NDArray[np.int64], first: int) -> NDArray[np.float64]:
    made = x.copy()
    made[columns[:first]], made[columns[first:]] = 0.0, 1.0
    return made


def served_by(relaxation: PlanModel, outcome: Outcome, seek: Seek, gap: float) -> dict[str, Served]:
    """Return what each option that a plan chooses serves, as far as classes and stock show it (larger models: nothing).

    `relaxation` bounds every plan, with no column whole; it is solved again without the option, in all else free. What that proves
    of an objective, less the plan's own value, is saved at least: by any plan that serves the objectives before as well as can be.
    """
    stages = [s for s in relaxation.stages if s.name != "cost"]
    if outcome.x is None or outcome.reason or not stages or len(relaxation.lp.row_lower) > MOST_ROWS:
        return {}
    goals, found = [(s.name, s.cost) for s in stages], {}
    for name, columns in zip(relaxation.network.choices.names, relaxation.variables.chosen, strict=True):
        mine = columns[columns >= 0]
        if not (outcome.x[mine] > HALF).any():
            continue
        upper = relaxation.lp.upper.copy()
        upper[mine] = 0.0
        without = seek(replace(relaxed(relaxation.lp), upper=upper), goals)
        for stage, mine_, theirs in zip(stages, outcome.stages, without.stages, strict=False):
            if theirs.bound > mine_.value + gap * max(mine_.value, stage.scale):
                found[name] = Served(stage.name, theirs.bound - mine_.value)
                break
    return found
