"""What repairs a late demand: changes of the programme, each planned again, with what it costs and what it does to everybody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.explain.planned import Base
from tandemplan.explain.proposals import Proposal
from tandemplan.model.programme import Programme
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.results.shape import CLASSES, DEMAND_SUMMARY
from tandemplan.results.store import Run

SAME = 1e-3  # unit-days, and share of a value, by which two may differ that are the same
LEAST_HELP = 0.01  # share of its lateness that a change must take off to be told


@dataclass(frozen=True)
class Relief:
    """A change that was planned: how late the demand is then, what the plan costs more, and who is better or worse off.

    `late` and `others` are unit-days: of the demand with the change, and by how much all others together are later (below 0: sooner); of demands that
    the change itself moves, as of the new day. `price` is what the change itself costs (nan: the tables do not say).
    """

    text: str
    changes: tuple[str, ...]
    late: float
    repaired: bool
    cost: float
    price: float
    others: float
    better: tuple[str, ...]
    worse: tuple[str, ...]
    proved: bool

    @property
    def whole(self) -> float:
        """Return the cost with the price of the change, where that is known."""
        return self.cost + (0.0 if np.isnan(self.price) else self.price)


def tried(
    base: Base, demand: str, at_best: float, some: Sequence[Proposal], solve: Callable[[Programme], Run]
) -> list[Relief]:
    """Return the proposals that help, each verified by a plan of the changed programme: those that repair the demand first, then the cheapest.

    A demand counts as repaired where it is as little late as it can be at all. Nothing is said of a change that makes faults, or leaves no plan.
    """
    found = []
    for proposal in some:
        try:
            programme = base.programme.with_changes(*proposal.changes)
        except ProgrammeFaultsError:
            continue
        run = _once(base, demand, proposal, programme, solve)
        if run.info["status"] not in ("optimal", "feasible"):
            continue
        relief = _relief(base, demand, at_best, proposal, run)
        if relief.repaired or _late(base.run)[demand] - relief.late > LEAST_HELP * _late(base.run)[demand]:
            found.append(relief)
    return sorted(found, key=lambda r: (not r.repaired, round(r.late, 3), np.isnan(r.price), r.whole, r.text))


def _once(base: Base, demand: str, proposal: Proposal, programme: Programme, solve: Callable[[Programme], Run]) -> Run:
    """Return the plan of a changed programme, found once for all demands for which as much may move; with what is told of it alone."""
    key = (proposal.changes, base.around(demand) if base.large else ())
    if key not in base.tried:
        run = solve(programme)
        base.tried[key] = Run(run.info, {s.name: run[s] for s in (CLASSES, DEMAND_SUMMARY) if s.name in run.tables})
    return base.tried[key]


def _relief(base: Base, demand: str, at_best: float, proposal: Proposal, run: Run) -> Relief:
    before, after = _late(base.run), _late(run)
    moved = {d: after.get(d, 0.0) - before[d] for d in before if d != demand}
    size = {d: SAME * max(1.0, before[d]) for d in before}
    worse = sorted((d for d in moved if moved[d] > size[d]), key=lambda d: -moved[d])
    better = sorted((d for d in moved if moved[d] < -size[d]), key=lambda d: moved[d])
    cost = float(run.info["totals"]["cost"]) - float(base.run.info["totals"]["cost"])
    late = after[demand]
    return Relief(
        text=proposal.text,
        changes=proposal.changes,
        late=late,
        repaired=late <= at_best + SAME * max(1.0, at_best),
        cost=cost,
        price=proposal.price,
        others=float(sum(moved.values())),
        better=tuple(better),
        worse=tuple(worse),
        proved=run.info["status"] == "optimal" and len(run[CLASSES]["demand_class"]) > 0,
    )


def _late(run: Run) -> dict[str, float]:
    frame = run[DEMAND_SUMMARY]
    return dict(zip(frame["demand"].tolist(), frame["late_unit_days"].tolist(), strict=True))
