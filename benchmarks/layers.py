"""Build one linear model three ways, side by side: bare arrays, Tandemplan's blocks, linopy. Writes benchmarks/layers.md.

Run by `make bench`, in an environment of its own (benchmarks/requirements.lock). The model is a multi-level plan with
the three families that make up most rows of a supply plan:

    balance[i,t]:  stock[i,t-1] - stock[i,t] + make[i,t] (or buy) - sum use[l] make[parent(l),t] - deliver[i,t] = 0
    hours[k,t]:    sum over items made on k of hours[i] make[i,t] <= open hours
    demand[p,t]:   deliver[p,t] + backlog[p,t] - backlog[p,t-1] = demand[p,t]
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from measure import fresh, machine, measured

WAYS = ("arrays", "blocks", "linopy")
SMALL, SIZES, WEEKS, REPEATS = (30, 12), (100, 1000, 2000), 104, 3


@dataclass(frozen=True)
class Case:
    """The numbers of one model: the first items are products, then assemblies, then parts, which are bought."""

    weeks: int
    products: int
    made: int
    items: int
    parent: Any
    component: Any
    use: Any
    centre: Any
    hours: Any
    open_hours: float
    demand: Any
    cost: Any


def case_of(items: int, weeks: int) -> Case:
    random = np.random.default_rng(1)
    products, made = items // 10, 4 * items // 10
    level = [(range(products), range(products, made)), (range(products, made), range(made, items))]
    lines = [(p, c) for parents, below in level for p in parents for c in random.choice(below, 4, replace=False)]
    parent, component = np.array(lines).T
    return Case(
        weeks=weeks,
        products=products,
        made=made,
        items=items,
        parent=parent,
        component=component,
        use=random.integers(1, 4, len(lines)).astype(float),
        centre=random.permutation(made) % max(items // 20, 1),
        hours=random.uniform(0.5, 2.5, made),
        open_hours=0.9 * 22 * 1.5 * 9 * products / max(items // 20, 1),  # 9 units are made for one of a product
        demand=random.integers(5, 40, (products, weeks)).astype(float),
        cost=random.uniform(0.1, 1.0, items),
    )


def arrays(case: Case) -> highspy.Highs:
    """Write each family's entries as numpy arrays, sort them by row, and hand them over."""
    weeks, made, items, products = case.weeks, case.made, case.items, case.products
    make = np.arange(made * weeks).reshape(made, weeks)
    buy = made * weeks + np.arange((items - made) * weeks).reshape(-1, weeks)
    stock = items * weeks + np.arange(items * weeks).reshape(items, weeks)
    deliver = 2 * items * weeks + np.arange(products * weeks).reshape(products, weeks)
    backlog = deliver + products * weeks
    centres = case.centre.max() + 1
    balance = np.arange(items * weeks).reshape(items, weeks)
    hours = items * weeks + np.arange(centres * weeks).reshape(centres, weeks)
    demand = (items + centres) * weeks + np.arange(products * weeks).reshape(products, weeks)
    entries = [
        (balance[:, 1:], stock[:, :-1], 1.0),
        (balance, stock, -1.0),
        (balance[:made], make, 1.0),
        (balance[made:], buy, 1.0),
        (balance[case.component], make[case.parent], -case.use[:, None]),
        (balance[:products], deliver, -1.0),
        (hours[case.centre], make, case.hours[:, None]),
        (demand, deliver, 1.0),
        (demand, backlog, 1.0),
        (demand[:, 1:], backlog[:, :-1], -1.0),
    ]
    row = np.concatenate([r.ravel() for r, _, _ in entries])
    column = np.concatenate([c.ravel() for _, c, _ in entries])
    value = np.concatenate([np.broadcast_to(v, r.shape).ravel() for r, _, v in entries])
    order = np.lexsort((column, row))
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=demand[-1, -1] + 1))])
    low = np.concatenate([np.zeros(items * weeks), np.full(centres * weeks, -np.inf), case.demand.ravel()])
    high = np.concatenate([np.zeros(items * weeks), np.full(centres * weeks, case.open_hours), case.demand.ravel()])
    cost = np.zeros(backlog[-1, -1] + 1)
    cost[stock], cost[backlog] = case.cost[:, None], 100.0
    return handed_over(cost, np.full(len(cost), np.inf), (low, high), (start, column[order], value[order]))


def handed_over(cost: Any, upper: Any, sides: tuple[Any, Any], matrix: tuple[Any, Any, Any]) -> highspy.Highs:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(sides[0])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), upper
    lp.row_lower_, lp.row_upper_ = sides
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix[0].astype(np.int32), matrix[1].astype(np.int32)
    lp.a_matrix_.value_ = matrix[2]
    return passed(lp)


def passed(lp: highspy.HighsLp) -> highspy.Highs:
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.passModel(lp)
    return engine


def blocks(case: Case) -> highspy.Highs:
    """Say the same in Tandemplan's named blocks, which know whom and which period each row and column speaks of."""
    from tandemplan.solver.lp import Builder

    build, weeks = Builder(), case.weeks
    names = tuple(f"I{k}" for k in range(case.items))

    def there(count: int) -> Any:
        return np.ones((count, weeks), dtype=bool)

    make = build.add_grid("make", names[: case.made], there(case.made))
    buy = build.add_grid("buy", names[case.made :], there(case.items - case.made))
    stock = build.add_grid("stock", names, there(case.items))
    deliver = build.add_grid("deliver", names[: case.products], there(case.products))
    backlog = build.add_grid("backlog", names[: case.products], there(case.products))
    centres = tuple(f"W{k}" for k in range(case.centre.max() + 1))
    balance = build.add_rows("balance", names, there(case.items), lower=0.0, upper=0.0)
    build.add(balance[:, 1:], stock[:, :-1], 1.0)
    build.add(balance, stock, -1.0)
    build.add(balance[: case.made], make, 1.0)
    build.add(balance[case.made :], buy, 1.0)
    build.add(balance[case.component], make[case.parent], -case.use[:, None])
    build.add(balance[: case.products], deliver, -1.0)
    hours = build.add_rows("hours", centres, there(len(centres)), lower=-np.inf, upper=case.open_hours)
    build.add(hours[case.centre], make, case.hours[:, None])
    demand = build.add_rows(
        "demand", names[: case.products], there(case.products), lower=case.demand, upper=case.demand
    )
    build.add(demand, deliver, 1.0)
    build.add(demand, backlog, 1.0)
    build.add(demand[:, 1:], backlog[:, :-1], -1.0)
    lp = build.lp()
    cost = np.zeros(lp.size[1])
    cost[stock], cost[backlog] = case.cost[:, None], 100.0
    return handed_over(cost, lp.upper, (lp.row_lower, lp.row_upper), (lp.row_start, lp.row_column, lp.value))


def linopy(case: Case) -> highspy.Highs:
    """Say the same as a user of linopy would: labelled variables, shifts, sums over groups."""
    from linopy import Model
    from xarray import DataArray

    warnings.simplefilter("ignore")  # a shift leaves its first week without a term, which is meant
    model = Model()
    item, week = np.arange(case.items), np.arange(case.weeks)
    weeks = ("week", week)

    def variable(name: str, who: Any) -> Any:
        return model.add_variables(lower=0, coords=[("item", who), weeks], name=name)

    def over(values: Any, who: Any) -> Any:
        return DataArray(values, coords=[("item", who)])

    made, bought, sold = item[: case.made], item[case.made :], item[: case.products]
    make, buy, stock = variable("make", made), variable("buy", bought), variable("stock", item)
    deliver, backlog = variable("deliver", sold), variable("backlog", sold)
    line = np.arange(len(case.use))
    parent, component = (DataArray(v, coords=[("line", line)]) for v in (case.parent, case.component))
    uses = make.sel(item=parent) * DataArray(case.use, coords=[("line", line)])
    used = uses.groupby(component.rename("part")).sum().rename(part="item")
    before = stock.shift(week=1)
    balance = sum_of(before - stock, 1 * make, 1 * buy, -1 * used, -1 * deliver)
    model.add_constraints(balance == 0, name="balance")
    taken = (make * over(case.hours, made)).groupby(over(case.centre, made).rename("centre")).sum()
    model.add_constraints(taken <= case.open_hours, name="hours")
    asked = DataArray(case.demand, coords=[("item", sold), weeks])
    model.add_constraints(deliver + backlog - backlog.shift(week=1) == asked, name="demand")
    model.add_objective((stock * over(case.cost, item)).sum() + 100 * backlog.sum())
    return model.to_highspy()


def sum_of(*expressions: Any) -> Any:
    from linopy import merge

    return merge(expressions, join="outer")


def one(way: str, items: int, weeks: int) -> None:
    """Build one model in this process and print what it took; a small one before, so that imports do not count."""
    build = {"arrays": arrays, "blocks": blocks, "linopy": linopy}[way]
    small = build(case_of(*SMALL))
    small.setOptionValue("output_flag", False)
    small.run()
    case = case_of(items, weeks)
    figures, engine = measured(lambda: build(case))
    size = [engine.numConstrs, engine.numVariables, engine.getNumNz()]
    print(json.dumps({**figures, "size": size, "optimum": small.getInfo().objective_function_value}))


def best_of(way: str, items: int) -> dict[str, Any]:
    """Return the quickest of some fresh processes."""
    return min((fresh(__file__, way, str(items), str(WEEKS)) for _ in range(REPEATS)), key=lambda f: f["cpu"])


def main() -> None:
    if len(sys.argv) > 1:
        one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
        return
    lines = [HEAD, machine("numpy", "highspy", "linopy"), "", *COLUMNS]
    for items in SIZES:
        found = {way: best_of(way, items) for way in WAYS}
        assert len({tuple(f["size"]) for f in found.values()}) == 1, found
        optima = [f["optimum"] for f in found.values()]
        assert np.ptp(optima) <= 1e-7 * max(optima), optima
        rows, columns, entries = found["arrays"]["size"]
        for way, f in found.items():
            ratio, more = f["cpu"] / found["arrays"]["cpu"], f["more"] / found["arrays"]["more"]
            size = f"{items:,} | {rows:,} / {columns:,} / {entries:,}"
            lines.append(f"| {size} | {way} | {f['seconds']:.2f} | {ratio:.1f} | {f['more']:,.0f} | {more:.1f} |")
            print(lines[-1], flush=True)
    (Path(__file__).parent / "layers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


HEAD = f"""# One linear model, built three ways

Written by `make bench` (`benchmarks/layers.py`). From numbers in memory to a model inside HiGHS, with {WEEKS} weeks:
`arrays` is a program for this one model, bare numpy; `blocks` is what Tandemplan builds its plans with, which knows whom
and which period each row and column speaks of; `linopy` is a modelling layer of its own. Rows, columns, non-zeros and,
on a small one, the optimum are compared on each run. The best of {REPEATS} fresh processes, imports left out;
ratios compare CPU seconds and memory above what the process held before.
"""
COLUMNS = (
    "| items | rows / columns / non-zeros | way | seconds | to arrays | MB more | to arrays |",
    "|---|---|---|---|---|---|---|",
)

if __name__ == "__main__":
    main()
