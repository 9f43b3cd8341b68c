"""A plan of which some columns are known, completed: stock, money, certificates and tasks follow; and which rows are broken by what is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.plan.gates import whole_gates
from tandemplan.plan.model import PlanModel
from tandemplan.plan.neighbourhood import EASED, EASED_SHARE, FLOW, KEPT, SMALL, Search
from tandemplan.plan.obeying import columns_of
from tandemplan.plan.origin import CONTENT, LOTS, SHARE
from tandemplan.solver.held import relaxed, standing
from tandemplan.solver.lp import Block, Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import Basis, feasible

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
MISSING = 1e-5
HALF_DIGIT = 5e-7  # units by which tables round an amount
SHORT = 9e-5  # units of stock that may be short beside what rounding adds up to; the audit forgives 1e-4
MONEY = (
    "payments",
    "tranches",
    "eligible spending",
    "cash",
    "least cash",
)  # rows that known goods leave free: money is sought to the cent
GATES = ("reached", "held", "done")


def completed(model: PlanModel, at: Floats, known: Bools, search: Search) -> Floats | None:
    """Return the cheapest plan with the columns that are `known` as `at` has them, but for what tables round away; None if there is none.

    In a large plan tasks are done when what is known says so.
    """
    return completed_with_basis(model, at, known, search)[0]


def completed_with_basis(
    model: PlanModel, at: Floats, known: Bools, search: Search
) -> tuple[Floats | None, Basis | None]:
    """Return what `completed` does, and where it is large the basis of the model at which what is not known is best."""
    lp = model.lp
    at, known = with_stock(model, at), known | columns_of(lp, ("stock",))
    if stock_is_short(model, at):
        return None, None
    lp, large = (
        replace(lp, lower=np.where(columns_of(lp, ("stock",)), np.minimum(lp.lower, at), lp.lower)),
        len(lp.row_lower) > SMALL,
    )
    if large:
        at, known = whole_gates(lp, at), known | columns_of(lp, GATES)
    plain = standing(lp, np.clip(at, lp.lower, lp.upper), known)
    plain = replace(plain, whole=lp.whole & ~known & (not large))
    for part in (plain, eased(plain, at, MONEY), eased(plain, at)):
        outcome = solve_in_child(part, model.goals[-1:], search.left, search.hear, folding=not large)
        if outcome.x is not None or outcome.reason:
            break
    x = None if outcome.x is None or outcome.reason else np.where(known, at, outcome.x)
    return (x, outcome.basis) if x is not None and feasible(eased(lp, at), x, 3 * MISSING) else (None, None)


def with_stock(model: PlanModel, at: Floats) -> Floats:
    """Return a plan with the stock that comes of what is bought, made, moved and delivered."""
    lp, made = model.lp, at.copy()
    stock, rows = lp.columns["stock"], lp.rows["balance"]
    made[stock.index] = 0.0
    shape = (len(rows.who), -1)
    comes = (lp.row_upper - lp.times(made))[rows.index].reshape(shape)
    grid = np.full(comes.shape, -1, dtype=np.int64)
    grid[stock.entity, stock.period] = stock.index
    made[grid[grid >= 0]] = np.cumsum(comes, axis=1)[grid >= 0]
    return made


def stock_is_short(model: PlanModel, at: Floats) -> bool:
    """Return whether there is less than nothing somewhere, beyond what the rounding of all amounts that came and went before adds up to."""
    lp = model.lp
    stock, rows = lp.columns["stock"], lp.rows["balance"]
    goods = (at[lp.row_column] != 0) & ~np.isin(lp.row_column, stock.index)
    each = np.bincount(lp.row_of_entry[goods], np.abs(lp.value[goods]), minlength=len(lp.row_lower))[rows.index]
    dust = HALF_DIGIT * np.cumsum(each.reshape(len(rows.who), -1), axis=1)
    return bool((at[stock.index] < -SHORT - dust[stock.entity, stock.period]).any())


def eased(lp: Lp, at: Floats, firm: Sequence[str] = ()) -> Lp:
    """Return a model whose rows give way by what tables round away in a plan `at`, but for those of the families that are `firm`."""
    dust = rounding(lp, at)
    for name in (n for n in firm if n in lp.rows):
        dust[lp.rows[name].index] = 0.0
    return replace(lp, row_lower=lp.row_lower - dust, row_upper=lp.row_upper + dust)


def rounding(lp: Lp, at: Floats) -> Floats:
    """Return by how much tables that are rounded may miss each row; accounts of origin by that of all that is in them in a plan `at`, a part in each window."""
    low, high = lp.row_lower, lp.row_upper
    size = np.abs(np.where(np.isfinite(high), high, np.where(np.isfinite(low), low, 0.0)))
    counted = np.bincount(lp.row_of_entry, np.abs(lp.value * at[lp.row_column]), minlength=len(low))
    for name in (n for n in (LOTS, CONTENT, SHARE) if n in lp.rows):
        block = lp.rows[name]
        size[block.index] = counted[block.index] / (1 + len(np.unique(block.period)))
    return np.asarray(EASED + EASED_SHARE * size)


def broken_by(model: PlanModel, at: Floats, known: Bools, search: Search) -> Ints:
    """Return the rows that no plan keeps with the columns that are `known` as `at` has them: those that give way where all give way by as little as can be."""
    lp = model.lp
    at, known = with_stock(model, at), known | columns_of(lp, ("stock",))
    at, known = whole_gates(lp, at), known | columns_of(lp, GATES)
    part = eased(standing(replace(lp, lower=np.minimum(lp.lower, at)), at, known), at)
    rows = np.flatnonzero(np.isfinite(part.row_lower) | np.isfinite(part.row_upper))
    count, first = len(rows), len(part.lower)
    size = np.diff(part.row_start)
    starts = np.zeros(len(size) + 1, dtype=np.int64)
    more = np.zeros(len(size), dtype=np.int64)
    more[rows] = 2
    starts[1:] = np.cumsum(size + more)
    column, value = np.zeros(starts[-1], dtype=np.int64), np.zeros(starts[-1])
    old = np.arange(len(part.value)) + np.repeat(starts[:-1] - part.row_start[:-1], size)
    column[old], value[old] = part.row_column, part.value
    for k, sign in enumerate((1.0, -1.0)):
        place = starts[rows] + size[rows] + k
        column[place], value[place] = first + k * count + np.arange(count), sign
    number = np.arange(2 * count)
    loose = replace(
        relaxed(part),
        columns={**part.columns, "loose": Block("loose", first, ("",), np.zeros_like(number), number)},
        lower=np.concatenate([part.lower, np.zeros(2 * count)]),
        upper=np.concatenate([part.upper, np.full(2 * count, np.inf)]),
        row_start=starts,
        row_column=column,
        value=value,
        whole=np.zeros(first + 2 * count, dtype=bool),
    )
    goal = np.repeat([0.0, 1.0], [first, 2 * count])
    found = solve_in_child(loose, [("what is broken", goal)], search.left, search.hear)
    if found.x is None:
        return rows[:0]
    gives = found.x[first : first + count] + found.x[first + count :]
    return np.asarray(rows[gives > EASED])


def decided(model: PlanModel) -> Bools:
    """Return the columns that a plan is known by: goods but stock, deliveries, people, stations, options, shifts."""
    names = {*FLOW, *KEPT, "hire", "lost"} - {"stock"}
    found = np.zeros(len(model.lp.lower), dtype=bool)
    for name in (n for n in names if n in model.lp.columns):
        found[model.lp.columns[name].index] = True
    return found
