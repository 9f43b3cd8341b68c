"""One block of replications: the compiled engine on the world of a plan, and its numbers as outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.changes import Effect
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Rule, Task
from tandemplan.results.store import Run
from tandemplan.simulate import state as st
from tandemplan.simulate.chances import lines_of
from tandemplan.simulate.engine import replicate
from tandemplan.simulate.layout import Floats, Ints, World
from tandemplan.simulate.outcomes import Floats as Singles
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.policy import USUAL, Policy
from tandemplan.simulate.registers import NOTHING, Held
from tandemplan.simulate.world import world_of

JOBS = 8192  # jobs and orders under way for which there is room at first
MOST_JOBS = 2**22


@dataclass(frozen=True, eq=False)
class Setup:
    """What a process needs to run replications: the world, and the names of what stands in its arrays.

    `node_item` numbers the items of nodes (-1: of no interest), `node_shared` likewise those under a rule of origin.
    """

    world: World
    schools: int
    groups: int
    demands: tuple[str, ...]
    contracts: tuple[str, ...]
    items: tuple[str, ...]
    node_item: Ints
    tasks: tuple[str, ...]
    resources: tuple[str, ...]
    shared: tuple[str, ...]
    node_shared: Ints
    risks: tuple[str, ...]
    open_hours: Floats
    has_cash: bool
    varying: Held
    policy: Policy
    notes: tuple[str, ...]


def setup_of(
    programme: Programme,
    plan: Run,
    seed: int,
    *,
    random: bool = True,
    held: Held = NOTHING,
    lost: Sequence[Effect] = (),
    policy: Policy = USUAL,
) -> Setup:
    """Return what is needed to run replications of a plan; without `random` nothing varies, nor what is `held`. `lost`, `policy`: see `world_of`."""
    made = world_of(programme, plan, seed=seed, random=random, held=held, lost=lost, policy=policy)
    item = made.network.item
    items = tuple(dict.fromkeys(str(i) for i, _, _ in made.network.places.routes))
    rules = programme[Rule]
    scopes = {name for k in np.flatnonzero(rules.kind == "origin share") for name in rules.scope[k]}
    contracts = dict(zip(programme[Contract].contract, programme[Contract].item, strict=True))
    shared = tuple(sorted({contracts.get(name, name) for name in scopes} & {str(i) for i in item}))
    return Setup(
        world=made.world,
        schools=max(made.schools, 1),
        groups=max(made.groups, 1),
        demands=tuple(str(d) for d in made.network.demands.names),
        contracts=lines_of(made.network),
        items=items,
        node_item=_numbers(items, item),
        tasks=tuple(str(t) for t in programme[Task].task),
        resources=made.resources,
        shared=shared,
        node_shared=_numbers(shared, item),
        risks=made.risks,
        open_hours=made.open_hours,
        has_cash=made.has_cash,
        policy=policy,
        varying=made.varying,
        notes=made.notes,
    )


def _numbers(names: tuple[str, ...], of: NDArray[Any]) -> Ints:
    number = {n: k for k, n in enumerate(names)}
    return np.array([number.get(str(n), -1) for n in of], dtype=np.int64)


def block_of(setup: Setup, first: int, count: int) -> Outcomes:
    """Return the outcomes of replications `first` to `first + count - 1`."""
    jobs = JOBS
    while True:
        out = st.out_of(setup.world, count)
        state = st.state_of(setup.world, jobs, setup.schools, setup.groups)
        fault = replicate(setup.world, state, out, first, count)
        if fault == 0:
            return outcomes_of(setup, out)
        if jobs >= MOST_JOBS:
            raise MemoryError(f"More than {jobs:,} jobs and orders are under way at once.")
        jobs *= 4


def nothing(setup: Setup) -> Outcomes:
    """Return outcomes without a replication."""
    return outcomes_of(setup, st.out_of(setup.world, 0))


def outcomes_of(setup: Setup, out: st.Out) -> Outcomes:
    """Return what the engine wrote as outcomes by name."""
    count = len(out.held)
    delivered = _by_item(setup.node_shared, len(setup.shared), out.value)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = delivered[:, :, 1] / delivered[:, :, 0]
    return Outcomes(
        demands=setup.demands,
        contracts=setup.contracts,
        items=setup.items,
        tasks=setup.tasks,
        resources=setup.resources,
        shared=setup.shared,
        risks=setup.risks,
        asked=out.asked,
        on_time=out.on_time,
        delivered=out.delivered,
        done=out.done,
        curve=np.cumsum(out.curve, axis=2, dtype=np.float32),
        first=out.first,
        made=np.cumsum(_by_item(setup.node_item, len(setup.items), out.made), axis=2, dtype=np.float32),
        task_end=out.task_end[:, : len(setup.tasks)],
        cash=out.cash if setup.has_cash else np.zeros((count, 0), dtype=np.float32),
        held=out.held,
        used=out.used,
        open_hours=np.tile(setup.open_hours.sum(axis=1).astype(np.float32), (count, 1)),
        share=share.astype(np.float32),
        happened=out.happened[:, : len(setup.risks)],
        active=out.active[:, : len(setup.risks)],
    )


def _by_item(numbers: Ints, count: int, of_nodes: Singles) -> Singles:
    """Return what stands by node (second axis) summed by item."""
    total = np.zeros((len(of_nodes), count, of_nodes.shape[2]), dtype=np.float32)
    for node in np.flatnonzero(numbers >= 0).tolist():
        total[:, numbers[node]] += of_nodes[:, node]
    return total
