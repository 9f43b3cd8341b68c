"""The plan of a run in the columns of its model, as far as its tables say it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.network.network import network_of
from tandemplan.plan.flows import amounts_of, inflow, node_flows, outflow
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.people_tables import settled
from tandemplan.plan.planned import phases_of, planned
from tandemplan.plan.ramp import assumed
from tandemplan.results.store import Run

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LARGE = 20_000  # rows from which on what seldom limits is looked at after goods, or not at all
LAST = (
    "origin lots", "origin content", "origin share", "payments", "tranches", "eligible spending", "cash", "least cash",
    "value added", "work share", "bought", "source share", "fewest sources", "country concentration", "subcontract share",
    "rate reached", "rate held", "task needs", "openings",
)  # fmt: skip  # families of rows that seldom limit
EASED = (2e-5, 1e-6)  # what tables round away: units, and share of what adds up in a row


class NoPlanError(ValueError):
    """Raised where the tables of a run are no plan of its programme."""


@dataclass(frozen=True, eq=False)
class Standing:
    """A plan in the columns `at` of a model at the experience that comes of it; `known` are those that tables speak of, stock follows from them."""

    model: PlanModel
    at: Floats
    known: Bools

    @property
    def large(self) -> bool:
        """Return whether what seldom limits is looked at after goods, or not at all."""
        return len(self.model.lp.row_lower) > LARGE

    def rows(self, families: tuple[str, ...]) -> Bools:
        """Return which rows of the model are of some families."""
        found = np.zeros(len(self.model.lp.row_lower), dtype=bool)
        for name in families:
            if name in self.model.lp.rows:
                found[self.model.lp.rows[name].index] = True
        return found


def standing(run: Run, programme: Programme) -> Standing:
    """Return the plan of a run in the columns of a model of its programme (or of one that has more rows).

    Raises NoPlanError where the tables of the run are no plan of it.
    """
    network = network_of(programme)
    phases = phases_of(run, network)
    network = network if phases == network.phases else network_of(programme, phases)
    model = model_of(network)
    found = planned(run, network, model.variables, len(model.lp.lower))
    if found.missing:
        table, row = found.missing[0]
        raise NoPlanError(f"row {row + 1} of {table} has no place in a plan of its programme")
    made = network.making.taught.made(amounts_of(found.x, model.variables).make)
    model = model_of(assumed(network, made), demanded=False)
    size, v = len(model.lp.lower), model.variables
    at, known = settled(model.network, v, found.x[:size]), found.known[:size].copy()
    known[v.trained[v.trained >= 0]] = True
    flows = node_flows(model.network, amounts_of(at, v))
    at[v.stock] = network.stock[:, None] + np.cumsum(inflow(flows) - outflow(flows), axis=1)
    return Standing(model, at, known)
