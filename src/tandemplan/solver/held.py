"""Models around whole columns: relaxed, held to the values of objectives before, fixed; and what prices prove under a hold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.lp import Block, Lp
from tandemplan.solver.stages import BEYOND, StageAnswer, limits_of, proven_bound, scale_of

Floats = NDArray[np.float64]
HELD = 1e-6  # share of its value by which an objective may be worse in the models of later ones
DUST = 1e-9  # share of a value below which two are the same


def relaxed(lp: Lp) -> Lp:
    """Return the model with no column whole: its best plan is a bound for whole plans."""
    return replace(lp, whole=np.zeros(len(lp.whole), dtype=bool))


def fixed(lp: Lp, x: Floats) -> Lp:
    """Return the model with each whole column at the whole number next to `x`, and so none left to choose."""
    at = np.clip(np.round(x), np.ceil(lp.lower - HELD), np.floor(lp.upper + HELD))
    lower, upper = np.where(lp.whole, at, lp.lower), np.where(lp.whole, at, lp.upper)
    return replace(relaxed(lp), lower=lower, upper=upper)


def standing(lp: Lp, at: Floats, stays: NDArray[np.bool_]) -> Lp:
    """Return the relaxed model with some columns where `at` has them.

    Rows of these alone hold already, to the tolerance of plans, and are left out.
    """
    loose = np.bincount(lp.row_of_entry, ~stays[lp.row_column], minlength=len(lp.row_lower)) > 0
    return replace(
        relaxed(lp),
        lower=np.where(stays, at, lp.lower),
        upper=np.where(stays, at, lp.upper),
        row_lower=np.where(loose, lp.row_lower, -np.inf),
        row_upper=np.where(loose, lp.row_upper, np.inf),
    )


def whole_in(lp: Lp, x: Floats) -> bool:
    """Return whether `x` has whole numbers in whole columns."""
    return bool((np.abs(x - np.round(x))[lp.whole] <= HELD).all())


def rounded(lp: Lp, x: Floats) -> Floats:
    """Return `x` with whole columns rounded the way that rows let them go: up unless a row stops that and none stops down.

    Rows of whole columns alone, such as `owned before <= owned now`, keep their order when both are rounded alike. What comes
    out may not be a plan. Locks: Achterberg 2007, Constraint Integer Programming, ch. 3.3.
    """
    row_of = lp.row_of_entry
    loose = np.bincount(row_of, ~lp.whole[lp.row_column], minlength=len(lp.row_lower)) > 0
    above, below = np.isfinite(lp.row_upper)[row_of], np.isfinite(lp.row_lower)[row_of]
    counted = loose[row_of]
    stops_up = counted & (((lp.value > 0) & above) | ((lp.value < 0) & below))
    stops_down = counted & (((lp.value < 0) & above) | ((lp.value > 0) & below))
    size = len(lp.lower)
    up, down = (np.bincount(lp.row_column[stop], minlength=size) > 0 for stop in (stops_up, stops_down))
    made = np.where(up & ~down, np.floor(x + HELD), np.ceil(x - HELD))
    return np.where(lp.whole, np.clip(made, np.ceil(lp.lower - HELD), np.floor(lp.upper + HELD)), x)


def held(lp: Lp, costs: Sequence[Floats], values: Sequence[float]) -> Lp:
    """Return the model with a row `cost x <= value` for each objective that came before, eased by `HELD`.

    Rows are divided by the objective's scale, for a solver with absolute tolerances.
    """
    rows, columns, amounts, sides = [], [], [], []
    for k, (cost, value) in enumerate(zip(costs, values, strict=True)):
        scale = scale_of(cost)
        there = np.flatnonzero(cost)
        rows.append(np.full(len(there), k))
        columns.append(there)
        amounts.append(cost[there] / scale)
        sides.append((value + HELD * abs(value)) / scale + HELD)
    count = len(sides)
    if not count:
        return lp
    block = Block("held", len(lp.row_lower), ("",), np.zeros(count, dtype=np.int64), np.full(count, -1))
    lengths = np.array([len(c) for c in columns])
    return replace(
        lp,
        rows={**lp.rows, "held": block},
        row_lower=np.concatenate([lp.row_lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([lp.row_upper, sides]),
        row_start=np.concatenate([lp.row_start, lp.row_start[-1] + np.cumsum(lengths)]),
        row_column=np.concatenate([lp.row_column, *columns]),
        value=np.concatenate([lp.value, *amounts]),
    )


def held_bound(
    lp: Lp, costs: Sequence[Floats], answers: Sequence[StageAnswer], values: Sequence[float], most: float
) -> float:
    """Return the lower bound on the last of `costs` over plans of the relaxed model with the earlier ones at `values` or below.

    The last objective was proved on the best plans of those before, which `values` may be worse than. With prices y[k] of each
    objective's proof and any weights w >= 0, weak duality bounds `c + sum w[j] c[j]` by y + sum w[j] y[j]; less
    `sum w[j] values[j]` that bounds c. The best weights of some rows of sizes are taken, each further apart than the next or
    all alike, then each in turn (Lagrangian duality: Bertsimas and
    Tsitsiklis 1997, ch. 11.4).
    """
    last = len(costs) - 1
    weights = np.zeros(last)
    limits = limits_of(lp)

    def proved(weights: Floats) -> float:
        cost, prices, paid = costs[last], answers[last].row_duals, 0.0
        for w, c, a, v in zip(weights, costs, answers, values, strict=False):
            if w > 0:
                cost, prices, paid = cost + w * c, prices + w * a.row_duals, paid + w * v
        return proven_bound(lp, limits, cost, prices, most) - paid

    sizes = np.array([scale_of(costs[last]) / scale_of(c) for c in costs[:last]])
    tries = [
        sizes * 10.0 ** (step + apart * (last - 1 - np.arange(last))) for step in range(-3, 7) for apart in (0, 1, 2)
    ]
    best, enough = proved(weights), answers[last].bound - DUST * max(1.0, abs(answers[last].bound))
    for tried in reversed(tries):
        found = proved(tried) if best < enough else -np.inf  # no values held prove more than those of the face
        if found > best:
            best, weights = found, tried
    for j, step in itertools.product(reversed(range(last)), range(-3, 10)):
        tried = weights.copy()
        tried[j] = sizes[j] * 10.0**step
        found = proved(tried) if best < enough else -np.inf
        if found > best:
            best, weights = found, tried
    return float(best)


def most_of(x: Floats) -> float:
    """Return what columns without an upper bound are taken to reach, far more than any amount in a plan."""
    return BEYOND * max(1.0, float(np.abs(x).max(initial=0.0)))
