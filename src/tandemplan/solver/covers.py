"""Cuts for lots: what leaves before the next set-up lay in stock before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.engine import BEST, Watch, engine_of
from tandemplan.solver.held import relaxed
from tandemplan.solver.lp import Block, Cover, Lp
from tandemplan.solver.stages import Work, limits_of, scale_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SMALLEST = 1e-4  # share of the weighted units of a cut by which it must be broken to be added
LITTLE = 5e-4  # share of its value by which the bound must rise in a round for another one to follow
APART = 100.0  # how much more each objective weighs than the next
BLOCK = "lot covers"
DUST = 1e-9  # a price below which a cut holds nothing back
SHARE = 0.2  # of the time in all that the search for cuts may take


@dataclass(frozen=True, eq=False)
class Cut:
    """A row `sum value * column >= lower`."""

    column: Ints
    value: Floats
    lower: float


def tightened(lp: Lp, costs: Sequence[Floats], work: Work, watch: Watch) -> Lp:
    """Return the model with the cuts that its relaxation breaks: every whole plan keeps them, so its plans and values stay.

    The relaxed model is solved, broken cuts of each cover are added, and so on, until the bound rises no more or a share of the
    time is spent. Cuts without a price are left out again. Objectives weigh 100 times the next each.
    """
    if not lp.covers or watch.ended():
        return lp
    engine = engine_of(relaxed(lp), limits_of(lp), work)
    cost = sum((c / scale_of(c) * APART**-k for k, c in enumerate(costs)), np.zeros(len(lp.lower)))
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    tight: list[Cut] = []
    there, bound = tight, -np.inf
    while _solved(engine, work, watch):
        value = float(engine.getInfo().objective_function_value)
        x = np.array(engine.getSolution().col_value)
        tight = _priced(engine, there, len(lp.row_lower))  # rows that go take the solution along
        more = [cut for cover in lp.covers for cut in broken(cover, x)]
        if not more or value - bound <= LITTLE * abs(value):
            break
        bound, there = value, [*tight, *more]
        _add(engine, more)
    return with_cuts(lp, tight)


def _solved(engine: Any, work: Work, watch: Watch) -> bool:
    """Solve the relaxed model on, and say whether it came to its end in the time for cuts."""
    if work.seconds is not None:
        left = SHARE * work.seconds - watch.spent
        if left <= 0:
            return False
        engine.setOptionValue("time_limit", engine.getRunTime() + left)
    engine.run()
    return engine.getModelStatus() in BEST and not watch.ended()


def broken(cover: Cover, x: Floats) -> list[Cut]:
    r"""Return for each period t the cut of a cover that a plan `x` of the relaxed model breaks most, where it breaks any.

    sum weight * stock[t-1] + sum over d in D of most[d] * sum over s = t..l[d] of setup[s]
        >= sum over d in D of sum over s = t..l[d] of out[d,s]          (weights of d left out)

    for any set D of demands and a last period l[d] of each. If nothing is set up from t to l[d], all that leaves for d by then lay in
    stock before t; otherwise the set-up counts for all of d. The best l[d] of each d is found alone, and D are those that break.
    Barany, Van Roy and Wolsey 1984, Management Science 30(10), eq. (1); with backlog and echelon stock as in Pochet and Wolsey
    2006, Production Planning by Mixed Integer Programming, sec. 10.2 and 13.2.
    """
    padded = np.append(x, 0.0)
    begun = padded[cover.setup].sum(axis=0)
    gone = padded[cover.out] * cover.out_weight[:, None]
    before = np.append(cover.opening, cover.weight @ padded[cover.stock])
    most = cover.most * cover.out_weight
    found = []
    for t in range(len(begun)):
        gain = np.cumsum(gone[:, t:], axis=1) - most[:, None] * np.cumsum(begun[t:])
        last = gain.argmax(axis=1)
        best = gain[np.arange(len(last)), last]
        demands = np.flatnonzero(best > 1e-9 * (1.0 + most))
        if best[demands].sum() - before[t] > SMALLEST * (1.0 + most[demands].sum()):
            found.append(_cut(cover, t, demands, last[demands] + t))
    return found


def _cut(cover: Cover, t: int, demands: Ints, last: Ints) -> Cut:
    columns, values = [], []
    if t:
        columns.append(cover.stock[:, t - 1])
        values.append(cover.weight)
    most, weight = cover.most[demands] * cover.out_weight[demands], cover.out_weight[demands]
    for s in range(t, int(last.max()) + 1):
        there = last >= s
        columns += [cover.setup[:, s], cover.out[demands[there], s]]
        values += [np.full(len(cover.setup), most[there].sum()), -weight[there]]
    column, value = np.concatenate(columns), np.concatenate(values)
    known = column >= 0
    return Cut(column[known], value[known], -cover.opening if t == 0 else 0.0)


def without_cuts(lp: Lp) -> Lp:
    """Return the model without its cuts; blocks of rows are those with them, and speak of other rows then."""
    block = lp.rows.get(BLOCK)
    if block is None:
        return lp
    kept = np.ones(len(lp.row_lower), dtype=bool)
    kept[block.index] = False
    entries = kept[lp.row_of_entry]
    lengths = np.diff(lp.row_start)[kept]
    return replace(
        lp,
        row_lower=lp.row_lower[kept],
        row_upper=lp.row_upper[kept],
        row_start=np.append(0, np.cumsum(lengths)),
        row_column=lp.row_column[entries],
        value=lp.value[entries],
    )


def with_cuts(lp: Lp, cuts: Sequence[Cut]) -> Lp:
    """Return the model with cuts as its last rows."""
    if not cuts:
        return lp
    count = len(cuts)
    block = Block(BLOCK, len(lp.row_lower), ("",), np.zeros(count, dtype=np.int64), np.full(count, -1))
    lengths = np.array([len(c.column) for c in cuts])
    return replace(
        lp,
        rows={**lp.rows, block.name: block},
        row_lower=np.concatenate([lp.row_lower, [c.lower for c in cuts]]),
        row_upper=np.concatenate([lp.row_upper, np.full(count, np.inf)]),
        row_start=np.concatenate([lp.row_start, lp.row_start[-1] + np.cumsum(lengths)]),
        row_column=np.concatenate([lp.row_column, *(c.column for c in cuts)]),
        value=np.concatenate([lp.value, *(c.value for c in cuts)]),
    )


def _add(engine: Any, cuts: Sequence[Cut]) -> None:
    lengths = np.array([len(c.column) for c in cuts])
    engine.addRows(
        len(cuts),
        np.array([c.lower for c in cuts]),
        np.full(len(cuts), highspy.kHighsInf),
        int(lengths.sum()),
        np.append(0, np.cumsum(lengths)[:-1]).astype(np.int32),
        np.concatenate([c.column for c in cuts]).astype(np.int32),
        np.concatenate([c.value for c in cuts]),
    )


def _priced(engine: Any, cuts: Sequence[Cut], first: int) -> list[Cut]:
    """Return the cuts, rows from `first` on, that have a price, and take the others out of the engine."""
    price = np.abs(np.array(engine.getSolution().row_dual)[first:])
    slack = np.flatnonzero(price <= DUST)
    if len(slack):
        engine.deleteRows(len(slack), (slack + first).astype(np.int32))
    return [c for c, p in zip(cuts, price, strict=True) if p > DUST]
