"""The published lot-sizing model, written straight from a file's numbers and solved by plain HiGHS: no line of it is shared."""

import json
from dataclasses import dataclass
from pathlib import Path

import highspy
import numpy as np


@dataclass(frozen=True)
class Numbers:
    capacity: np.ndarray  # resources x periods
    hours: np.ndarray  # resources x items
    setup_hours: np.ndarray
    setup_cost: np.ndarray
    holding: np.ndarray
    backlog: np.ndarray
    demand: np.ndarray  # items x periods
    late: np.ndarray
    bill: list


def numbers_of(file: Path) -> Numbers:
    """Return the numbers of a file, trusting its form."""
    text = file.read_text(encoding="utf-8")
    return _multi_level(text) if text.startswith("N_Product") else _single_level(text)


def _single_level(text: str) -> Numbers:
    rows = [line.split() for line in text.splitlines() if line.strip()]
    items, periods = map(int, rows[0])
    of_items = np.array(rows[3 : 3 + items], dtype=float)
    blocks = rows[3 + items : 3 + items + periods * (1 + (items - 1) // 15)]
    demand = np.hstack([np.array(blocks[k : k + periods], dtype=float) for k in range(0, len(blocks), periods)]).T
    one = np.full((1, periods), float(rows[2][0]))
    hours, holding, setup_hours, setup_cost = of_items.T
    zero = np.zeros(items)
    return Numbers(
        one, hours[None], setup_hours[None], setup_cost, holding, zero, demand, np.zeros(demand.shape, dtype=int), []
    )


def _multi_level(text: str) -> Numbers:
    parts: dict[str, list] = {}
    for line in text.split():
        if line[0].isalpha():
            lines = parts.setdefault(line, [])
        else:
            lines.append(json.loads(line))
    array = {name: np.array(lines, dtype=float) for name, lines in parts.items() if "," not in name or "Cap" in name}
    return Numbers(
        array["Cap(R,Cap)"],
        array["Production_Time"],
        array["Setup_Time"],
        array["Setup_Cost"].sum(axis=0),
        array["Holding_Cost"][0],
        array["Delay_Cost"][0],
        array["Demand"][0],
        array["Order_Delay_TimeLimit"].T.astype(int),
        parts["Assemble,Component,Quantity"],
    )


def least_cost(n: Numbers, seconds: float = 60.0) -> tuple[float, float]:
    """Return the cost of the best plan found, and the bound."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("mip_rel_gap", 1e-6)
    items, periods = n.demand.shape
    whole = highspy.HighsVarType.kInteger
    made = [[model.addVariable(lb=0) for _ in range(periods)] for _ in range(items)]
    lies = [[model.addVariable(lb=0, obj=n.holding[i]) for _ in range(periods)] for i in range(items)]
    begun = [
        [model.addVariable(lb=0, ub=1, obj=n.setup_cost[i], type=whole) for _ in range(periods)] for i in range(items)
    ]
    most = n.demand.sum(axis=1)
    for _ in range(items):  # as many rounds as there can be levels
        most = n.demand.sum(axis=1) + sum(
            (q * most[p - 1] * (np.arange(items) == c - 1) for p, c, q in n.bill), np.zeros(items)
        )
    for i in range(items):
        served: list[list] = [[] for _ in range(periods)]
        for due in range(periods):
            ways = [
                (t, model.addVariable(lb=0, obj=n.backlog[i] * (t - due)))
                for t in range(due, min(periods, due + n.late[i, due] + 1))
            ]
            model.addConstr(sum((v for _, v in ways[1:]), 1.0 * ways[0][1]) == n.demand[i, due])
            for t, v in ways:
                served[t].append(v)
        for t in range(periods):
            left = made[i][t] - lies[i][t] + (lies[i][t - 1] if t else 0.0)
            for p, c, q in n.bill:
                left = left - float(q) * made[p - 1][t] if c == i + 1 else left
            model.addConstr(left - sum(served[t], 0.0) == 0)
            model.addConstr(made[i][t] - float(most[i]) * begun[i][t] <= 0)
    for r, capacity in enumerate(n.capacity):
        for t in range(periods):
            used = [n.hours[r, i] * made[i][t] + n.setup_hours[r, i] * begun[i][t] for i in range(items)]
            model.addConstr(sum(used, 0.0) <= capacity[t])
    model.run()
    info = model.getInfo()
    return info.objective_function_value, info.mip_dual_bound
