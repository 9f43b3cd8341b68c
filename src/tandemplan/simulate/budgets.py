"""Budgets of payers as the engine reads them: who pays for which contract, and what the plan has each pay and get beside deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tandemplan.network.money import Money
from tandemplan.network.network import Network
from tandemplan.results import money_shapes
from tandemplan.results.store import Run
from tandemplan.simulate.layout import Floats, Ints
from tandemplan.simulate.registers import Registers, door


def payer_door(payer: int) -> str:
    """Return the name of the door that shuts while a payer is late."""
    return f"payer {payer} pays"


def payers_of(money: Money) -> Ints:
    """Return the payer of each contract (-1: none whose money is limited); payers are counted from 0 on, the venture apart."""
    return np.where(money.payer >= 0, money.payer - (money.company >= 0), -1)


def payer_numbers(money: Money) -> dict[str, int]:
    """Return the number of each payer's pool, and -1 for the venture's."""
    own = int(money.company >= 0)
    return {pool: k - own for k, pool in enumerate(money.pools)}


def budgets_of(network: Network, registers: Registers, plan: Run, money: Money) -> dict[str, Any]:
    """Return what payers pay and get by the plan in each period but for tranches and deliveries, and the least that they keep.

    Doors of payers are registered, as the first ones.
    """
    periods, numbers = network.periods, payer_numbers(money)
    count = sum(1 for number in numbers.values() if number >= 0)
    bills, refunds = np.zeros((count, len(periods))), np.zeros((count, len(periods)))
    for payer in range(count):
        door(registers, payer_door(payer))
    if count:
        frame = plan[money_shapes.CASH]
        column = periods.of(periods.numbers(frame["period_start"], 0))
        row = np.array([numbers[p] for p in frame["pool"].tolist()], dtype=np.int64)
        mine = row >= 0
        bills[row[mine], column[mine]] = frame["advances"][mine]
        refunds[row[mine], column[mine]] = frame["refunds"][mine]
    return {"bills": bills, "refunds": refunds, "least": money.least[len(money.least) - count :]}


def advances_of_payers(plan: Run, money: Money, column: Ints, periods: int) -> Floats:
    """Return by period what payers with a budget advance by the plan; `column` is the period of each row of its cash."""
    frame, numbers = plan[money_shapes.CASH], payer_numbers(money)
    mine = np.array([numbers[p] >= 0 for p in frame["pool"].tolist()], dtype=np.bool_)
    return np.bincount(column[mine], frame["advances"][mine], minlength=periods).astype(np.float64)


def doors_of(registers: Registers) -> Mapping[str, Ints]:
    """Return the gates of each door, as a list and where each door's part of it begins."""
    pairs = sorted(
        (registers.doors[name], gate)
        for names, gate in registers.gates.items()
        for name in names & registers.doors.keys()
    )
    doors = np.array([d for d, _ in pairs], dtype=np.int64)
    return {
        "door_at": np.searchsorted(doors, np.arange(len(registers.doors) + 1)),
        "door_gates": np.array([g for _, g in pairs], dtype=np.int64),
    }
