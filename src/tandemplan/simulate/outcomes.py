"""What came of every replication: arrays of one row each, from which all answers are taken."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Names = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Replications (first axis of each array, N) of one run, in the order of their numbers.

    Days are counted from the plan's start, 0 being its first; `inf`: not within the plan. Names say what stands on the second axis.

    - `asked`, `on_time`, `delivered` (N x demands): units asked for (as drawn), delivered on or before the due day, and in all.
    - `done` (N x demands): day of the delivery that completes it; `inf`: it is never complete.
    - `curve` (N x contracts x periods): units delivered up to the end of each period; demands without a contract are told by customer and item (`line_name`).
    - `first` (N x contracts): day of the first delivery.
    - `made` (N x items x periods): good units made up to the end of each period.
    - `task_end` (N x tasks): day on which each task is done.
    - `cash` (N x periods): the venture's own money at the end of each period; no columns where it is no limit.
    - `held` (N): order-days that purchases waited for money.
    - `used` (N x resources), `open_hours` (N x resources): hours used, and hours that were there.
    - `share` (N x items under a rule of origin): share of third countries in what was delivered, mixed on average.
    - `happened`, `active` (N x risks): how often each risk began, and days on which it was active.
    """

    demands: Names
    contracts: Names
    items: Names
    tasks: Names
    resources: Names
    shared: Names
    risks: Names
    asked: Floats
    on_time: Floats
    delivered: Floats
    done: Floats
    curve: Floats
    first: Floats
    made: Floats
    task_end: Floats
    cash: Floats
    held: Floats
    used: Floats
    open_hours: Floats
    share: Floats
    happened: Floats
    active: Floats

    def __len__(self) -> int:
        """Return the number of replications."""
        return len(self.held)


def line_name(contract: str, customer: str, item: str) -> str:
    """Return under which name of `contracts` a demand is told: its contract, or its customer and item where it has none.

    >>> line_name("H1", "host", "bike"), line_name("", "host", "bike")
    ('H1', '|host|bike')
    """
    return contract or f"|{customer}|{item}"


def leading(outcomes: Outcomes, count: int) -> Outcomes:
    """Return the first replications of some outcomes."""
    found: dict[str, Any] = {f.name: getattr(outcomes, f.name) for f in fields(Outcomes)}
    arrays = {name: value[:count] for name, value in found.items() if not isinstance(value, tuple)}
    return replace(outcomes, **arrays)


def joined(parts: list[Outcomes]) -> Outcomes:
    """Return the replications of several parts, in their order, as one."""
    found: dict[str, Any] = {}
    for f in fields(Outcomes):
        one = [getattr(p, f.name) for p in parts]
        found[f.name] = one[0] if isinstance(one[0], tuple) else np.concatenate(one)
    return Outcomes(**found)
