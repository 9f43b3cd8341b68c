"""The whole model of a plan: variables, constraint families, objectives.

- `t`, `s`: periods, cut from the horizon; T is the last one, and days[t] is the length of t.
- `n`: nodes, an item at a site; everything that happens at a node in a period happens on one day of it.
- `w`: ways of buying, an offer by a lane (or brought by the supplier) to a site.
- `r`: routes of making, an item at a site by one alternative of its bill.
- `m`: moves, an item on a lane between two sites.
- `d`: demands that count; `c` also their classes; `u` groups of customers i that share fairly.
- `k`: resources: work centres, skills and tools.
- `o`: offers of suppliers in families about buying, options of the programme in families about them.
- `l`: lanes; `p`, `q`: stock policies, or patterns of shifts; `c`: sites with a choice of patterns.
- `g`: tasks that wait for goods, or schools: operations that learn together.
- About money, `p`: pools, `a`: accounts, what a pool pays for, `k`: tranches and credit lines.
- About origin, `l`: lots of one source, `c`: contents, items inside what counts, `b`: bills, `v`: windows of periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.network import Network
from tandemplan.network.sharing import Group
from tandemplan.plan.allocations import add_allocations
from tandemplan.plan.balance import add_balance, add_on_hand
from tandemplan.plan.cash import add_cash, add_credit, add_payments, add_tranches
from tandemplan.plan.covers import covers_of
from tandemplan.plan.curves import add_learning
from tandemplan.plan.experience import add_experience
from tandemplan.plan.gates import add_gates
from tandemplan.plan.hours import add_hours
from tandemplan.plan.investments import add_investments
from tandemplan.plan.licences import add_licence_caps, add_order_caps
from tandemplan.plan.lots import add_lots
from tandemplan.plan.objective import Stage, stages_of
from tandemplan.plan.option_hours import add_option_hours
from tandemplan.plan.options import add_options
from tandemplan.plan.origin import add_origin
from tandemplan.plan.people import (
    add_hiring_pace,
    add_most_people,
    add_overtime,
    add_people_hours,
    add_trained,
    add_trainers,
)
from tandemplan.plan.qualifying import add_qualification
from tandemplan.plan.rolling import add_rolling_hours
from tandemplan.plan.service import add_demand
from tandemplan.plan.sharing import Levels, add_sharing, sharing_stages
from tandemplan.plan.shifts import add_bought_hours, add_changes, add_shift_pay, add_shifts
from tandemplan.plan.sourcing import add_sourcing
from tandemplan.plan.storage import add_storage
from tandemplan.plan.targets import add_targets
from tandemplan.plan.transport import add_lanes, add_offers
from tandemplan.plan.variables import Variables, add_variables
from tandemplan.plan.whole_orders import add_order_lots, add_shipment_days, add_shipments
from tandemplan.plan.work_share import add_work_share
from tandemplan.solver.lp import Builder, Lp

FAMILIES = (
    add_balance, add_on_hand, add_hours, add_experience, add_investments, add_rolling_hours, add_offers, add_lanes, add_storage,
    add_demand, add_targets, add_trained, add_people_hours, add_overtime, add_hiring_pace, add_most_people, add_trainers,
    add_order_lots, add_shipments, add_shipment_days,
    add_licence_caps, add_order_caps, add_allocations, add_payments, add_tranches, add_credit, add_cash,
    add_options, add_option_hours, add_gates, add_qualification, add_origin, add_sourcing, add_work_share, add_shifts, add_changes, add_bought_hours, add_shift_pay,
    add_lots,  # last: it reads off the rows of hours what they allow at most
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class PlanModel:
    """A plan as a linear model, with the numbers of its columns, its objectives in order, and the columns of what is shared fairly."""

    network: Network
    lp: Lp
    variables: Variables
    stages: tuple[Stage, ...]
    levels: tuple[Levels, ...] = ()

    @property
    def goals(self) -> list[tuple[str, NDArray[np.float64]]]:
        """Return the name and the cost of each objective, in order, as the solver asks for them."""
        return [(s.name, s.cost) for s in self.stages]

    @property
    def classes(self) -> int:
        """Return how many of the objectives are those of demand classes: the first ones."""
        return sum(s.demand_class is not None for s in self.stages)


def model_of(
    network: Network, *, curves: bool = False, demanded: bool = True, groups: Sequence[Group] = ()
) -> PlanModel:
    """Return the linear model of a network; with `curves` hours fall along learning curves, by whole columns.

    What `groups` share fairly is sought after the classes. The experience that the network assumes is demanded of plans, unless it is not `demanded`.
    """
    build = Builder()
    variables = add_variables(build, network)
    for add in (*FAMILIES, add_learning) if curves else FAMILIES:
        if add is add_experience and not demanded:
            continue
        add(build, network, variables)
    levels = add_sharing(build, network, variables, groups)
    lp = replace(build.lp(), covers=covers_of(network, variables))
    sharing = sharing_stages(groups, levels, len(lp.lower))
    return PlanModel(network, lp, variables, tuple(stages_of(network, lp, variables, sharing)), tuple(levels))
