"""Programmes that are changed to see whether there is a plan: without an event or a chosen option, and with the changes of a remedy."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Option, Risk, Row
from tandemplan.model.tables import Table
from tandemplan.network.network import Network, network_of
from tandemplan.plan.commitments import commitments_of, soft_of
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.solver.elastic import without
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, Report, Work

MOST_CAUSES = 12
Named = tuple[str, str]  # the family of a limit, and whose it is
TABLES: dict[str, type[Row]] = {"risks": Risk, "options": Option}
WORDS = {"risks": "event {who}", "options": "option {who}, which is chosen"}


@dataclass(frozen=True)
class Cause:
    """An event with a date, or an option that is chosen: the table it stands in, its name, and the first day of its effect."""

    table: str
    name: str
    day: str

    @property
    def said(self) -> str:
        """Return what it is called."""
        return WORDS[self.table].format(who=self.name)


@dataclass(frozen=True)
class Guilt:
    """A cause, the numbers of the conflicts that it belongs to, and whether leaving it out is enough for a plan."""

    cause: Cause
    conflicts: tuple[int, ...]
    enough: bool


def causes_of(network: Network) -> list[Cause]:
    """Return the events and the chosen options whose effects a plan knows of: options first, each by its first day."""
    first: dict[tuple[str, str], str] = {}
    for effect in network.cells.known:
        first.setdefault((effect.origin, effect.cause), str(effect.start))
    return [Cause(t, n, day) for t in ("options", "risks") for (table, n), day in first.items() if table == t]


def guilty(
    network: Network, conflicts: Sequence[Collection[Named]], work: Work, hear: Callable[[Report], None]
) -> tuple[list[Guilt], bool]:
    """Return the causes without which the limits of some conflict can be kept, and whether all causes were looked at.

    Each is tried: the programme without it is made a model, in which the limits of a conflict are held and all others give way.
    """
    begin, known = time.monotonic(), True
    found: list[Guilt] = []
    causes = causes_of(network)
    for cause in causes[:MOST_CAUSES]:
        left = None if work.seconds is None else work.seconds - (time.monotonic() - begin)
        if left is not None and left <= 0:
            return found, False
        share = Work(left, work.threads, work.memory_mb)
        model = model_of(network_of(without_cause(network.programme, cause)))
        enough = has_plan(model.lp, share, hear)
        parts = [True if enough else has_plan(_held(model, c), share, hear) for c in conflicts]
        known &= None not in (enough, *parts)
        mine = tuple(k for k, part in enumerate(parts) if part)
        if mine:
            found.append(Guilt(cause, mine, bool(enough)))
    return found, known and len(causes) <= MOST_CAUSES


def without_cause(programme: Programme, cause: Cause) -> Programme:
    """Return the programme without an event, or with an option that is neither chosen nor open."""
    table: Table[Any] = programme[TABLES[cause.table]]
    kept = [k for k, key in enumerate(table.keys) if key != (cause.name,)]
    return programme.replace(table.take(kept))


def _held(model: PlanModel, conflict: Collection[Named]) -> Lp:
    """Return a model in which the limits of a conflict are held, and all others give way."""
    commitments = commitments_of(model)
    soft = soft_of(commitments)
    gone = np.array([(c.family, c.who) not in conflict for c in commitments], dtype=bool)
    return without(model.lp, soft, gone[soft.of])


def tried_changes(
    programme: Programme, remedies: Sequence[Sequence[str]], work: Work, hear: Callable[[Report], None]
) -> list[list[str]]:
    """Return the changes of each remedy where the programme with them is without faults and has a plan, else none.

    A change moves what a table says, a remedy what a model obeys: where events or options change the cell as well, they may differ.
    """
    begin, found = time.monotonic(), []
    for changes in remedies:
        left = None if work.seconds is None else max(work.seconds - (time.monotonic() - begin), 0.0)
        kept = bool(changes) and all(changes) and left != 0
        if kept:
            try:
                model = model_of(network_of(programme.with_changes(*changes)))
            except ProgrammeFaultsError:
                kept = False
            else:
                kept = has_plan(model.lp, Work(left, work.threads, work.memory_mb), hear) is True
        found.append(list(changes) if kept else [])
    return found


def has_plan(lp: Lp, work: Work, hear: Callable[[Report], None]) -> bool | None:
    """Return whether a model has a plan (None: not known in the time given); raises KeyboardInterrupt when the user ends the search."""
    outcome = solve_in_child(lp, [("what conflicts", np.zeros(len(lp.lower)))], work, hear)
    if outcome.reason == BY_USER:
        raise KeyboardInterrupt
    if outcome.status == "infeasible":
        return False
    return True if outcome.x is not None and outcome.status in ("optimal", "feasible") else None
