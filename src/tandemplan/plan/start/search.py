"""A plan from its bottlenecks, round by round: a model of them says what to deliver, laying it out finds the next ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tandemplan.arrays import sums
from tandemplan.plan.start.bottlenecks import Groups, Part, groups_of, part_of, widened
from tandemplan.plan.start.flow import DUST, Floats, Flow, Ints, flow_of
from tandemplan.plan.start.layout import Layout, Space, fitted, lay_out, throttled
from tandemplan.plan.start.whole import made_whole
from tandemplan.solver.fold import Fold, fold
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import (
    BASIC,
    BEYOND,
    Basis,
    Limits,
    Outcome,
    StageAnswer,
    compared,
    feasible,
    limits_of,
    narrowed,
    proven_bound,
    scale_of,
)

ROUNDS = 12
SAME = 1e-9  # share of a value by which it may differ from an equal one
AGREED = 1e-6  # share of a value by which a plan and its proof may differ
UNITS = 1e-9  # less than this is not worth another try
Goals = list[tuple[str, Floats]]
Solve = Callable[[Lp, Goals, Basis | None, Limits | None], Outcome]
AT_LOW, UNSEEN = 0, -1  # as the solver numbers what a column or row is in a basis
MUCH = 0.1  # share of its rows by which a part may have grown to be solved on from the basis before


@dataclass(frozen=True, eq=False)
class Start:
    """A plan, what it is worth by each objective, and a bound on each that holds among plans as good by those before.

    `proofs` are the answers of the first objectives, those whose value is their bound; `limits` hold the folded model to its best
    plans by them.
    """

    x: Floats
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    proofs: tuple[StageAnswer, ...]
    limits: Limits


@dataclass(frozen=True, eq=False)
class _Task:
    """What the search works on: the folded model and its flow, its groups, the objectives, and whose row of demand is whose.

    The flow's model counts columns from where they are in `still`, as do plans and limits until they leave the search. `ended` tells that there is no time left.
    """

    folded: Fold
    flow: Flow
    still: Floats
    groups: Groups
    goals: Goals
    rank: Ints
    ended: Callable[[], bool]


@dataclass(frozen=True, eq=False)
class _State:
    """How far the search is: horizons of bottlenecks, deliveries wished, the flow of closed objectives, bounds, limits.

    `laid_out` tells that a first layout has looked for bottlenecks, `lean` that the bottlenecks' last plan needed nothing in
    stock, `stuck` that another round would find nothing new.
    """

    end: Ints
    wished: Floats
    base: Floats
    bounds: tuple[float, ...]
    limits: Limits
    proofs: tuple[StageAnswer, ...] = ()
    basis: Basis | None = None
    laid_out: bool = False
    lean: bool = False
    stuck: bool = False


def search(
    lp: Lp, goals: Goals, solve: Solve, ended: Callable[[], bool] = lambda: False, idle: Floats | None = None
) -> Iterator[Start]:
    """Yield better and better plans for objectives in order; nothing where the model is no flow.

    Columns that steer capacity are counted from where they are in an `idle` plan (0 without one), such as the shifts worked at the start.

    For each objective, a model of the bottlenecks known so far is solved. It forgets limits, so its best value is a bound. What
    it leaves open is laid out backwards. If all fits, the objective is closed: the plan has the value of the bound, and the
    next objective is sought among such plans. Otherwise the capacity that was full is looked at in the next round. Once `ended`
    no model is solved, and what does not fit is tried no later.
    Constraint generation after Dantzig, Fulkerson and Johnson 1954, on what Goldratt 1984 calls the constraints of a plant.
    """
    folded = fold(lp)
    flow = flow_of(folded.lp)
    if flow is None:
        return
    still = np.zeros(len(flow.into)) if idle is None else np.where(flow.family >= 0, idle, 0.0)
    flow = flow_of(counted_from(folded.lp, still)) or flow
    costs = [(name, folded.costs(cost)) for name, cost in goals]
    task = _Task(folded, flow, still, groups_of(flow), costs, _ranks(flow, costs), ended)
    blank = np.zeros(len(flow.into))
    end = np.full(task.groups.count, -1, dtype=np.int64)
    limits = replace(limits_of(flow.lp), upper=np.where(flow.usable, flow.lp.upper, 0.0))
    state = _State(end, _wished(flow, costs), blank, (0.0,) * len(goals), limits)
    best: Start | None = None
    for k in range(len(goals)):
        for _ in range(ROUNDS):
            state, plans = _round(task, state, k, solve)
            for start in (_start(task, state, whole) for whole in plans):
                if start is not None and (best is None or _better(start, best)):
                    best = start
            if best is not None:
                yield replace(best, bounds=state.bounds)
            if len(state.proofs) > k or not plans or state.stuck:
                break
        if len(state.proofs) <= k:
            return


def counted_from(lp: Lp, still: Floats) -> Lp:
    """Return the model in what its columns differ from `still`."""
    rows = lp.times(still)
    return replace(
        lp,
        lower=lp.lower - still,
        upper=lp.upper - still,
        row_lower=lp.row_lower - rows,
        row_upper=lp.row_upper - rows,
    )


def _better(start: Start, best: Start) -> bool:
    """Return whether a plan is better than another: more is proved, or it is worth less by the first objective that differs."""
    if len(start.proofs) != len(best.proofs):
        return len(start.proofs) > len(best.proofs)
    return compared(start.values, best.values, SAME) < 0


def _round(task: _Task, state: _State, k: int, solve: Solve) -> tuple[_State, list[Floats]]:
    """Return the state after one round on objective `k`, and the plans that came of it: none when the solver was stopped."""
    flow = task.flow
    if not state.laid_out:
        layout = _alone(task, state.wished, k)
        filled = _filled(task, np.zeros(len(flow.into)), state.wished)
        return replace(state, end=widened(flow, task.groups, state.end, layout), laid_out=True), [
            made_whole(flow, filled)
        ]
    if task.ended():
        return state, []
    part = part_of(flow, task.groups, state.end, (task.rank <= k) | flow.stores, state.limits)
    held = np.zeros(len(flow.into))
    held[flow.lp.columns["stock"].index] = 1.0
    basis = _kept(state.basis, part)
    outcome = solve(
        part.lp,
        [(n, c[part.columns]) for n, c in (task.goals[k], ("stock", held))],
        basis,
        part.eased if state.lean and basis is None else None,
    )
    if outcome.x is None or outcome.status == "stopped" or not outcome.stages[0].finished:
        return state, []
    steering = np.zeros(len(flow.into))
    steering[part.columns] = outcome.x
    before, task = replace(task, flow=flow.steered(state.base)), replace(task, flow=flow.steered(steering))
    flow = task.flow
    wished = _mixed(flow, part, outcome.x, state.wished)
    layout = _completed(task, part, outcome.x, wished, k)
    cut_back = throttled(flow, layout.x)
    bound = outcome.stages[0].bound + _outside(task, part, k)
    bounds = tuple(max(bound, b) if i == k else b for i, b in enumerate(state.bounds))
    lean = outcome.stages[1].value <= DUST
    state = replace(state, wished=wished, bounds=bounds, basis=_grown(flow, part, outcome.basis), lean=lean)
    plans = [made_whole(flow, _filled(task, cut_back, wished))]
    if len(layout.short):
        plans += [made_whole(flow, _filled(before, state.base, wished))] if k else []
        end = widened(flow, task.groups, state.end, layout)
        return replace(state, end=end, stuck=bool((end == state.end).all())), plans
    whole = plans[0]
    proof, limits = _proved(task, state, part, outcome.stages[0], whole)
    if not feasible(flow.lp, whole) or not _agree(task, (*state.proofs, proof), whole):
        return replace(state, stuck=True), plans
    return replace(state, base=cut_back, limits=limits, proofs=(*state.proofs, proof), basis=None), plans


def _agree(task: _Task, proofs: tuple[StageAnswer, ...], whole: Floats) -> bool:
    """Return whether a plan has the values that are proved: of the objective to be closed, and of those closed before."""
    values = [float(cost @ whole) for _, cost in task.goals[: len(proofs)]]
    return all(abs(v - p.bound) <= AGREED * max(1.0, abs(v)) for v, p in zip(values, proofs, strict=True))


def _outside(task: _Task, part: Part, k: int) -> float:
    """Return what the demands of objective `k` that a part leaves out are worth at the least."""
    flow = task.flow
    left_out = np.ones(len(flow.wave), dtype=bool)
    left_out[part.rows] = False
    least = _least(task, k)
    rows = np.flatnonzero(left_out & (task.rank == k) & np.isfinite(least))
    return float((least[rows] * flow.lp.row_upper[rows]).sum())


def _least(task: _Task, k: int) -> Floats:
    """Return for each row of demand of objective `k` what a unit is worth at the least, inf elsewhere."""
    flow, cost = task.flow, task.goals[k][1]
    mine = np.flatnonzero((flow.demand >= 0) & (task.rank[flow.demand] == k) & flow.usable)
    least = np.full(len(flow.wave), np.inf)
    np.minimum.at(least, flow.demand[mine], cost[mine])
    return least


def _kept(basis: Basis | None, part: Part) -> Basis | None:
    """Return what a basis says of a part, or None where the part has grown so much that a new start, with presolve, is faster."""
    if basis is None or (basis.rows[part.rows] == UNSEEN).sum() > MUCH * len(part.rows):
        return None
    rows = basis.rows[part.rows]
    return Basis(basis.columns[part.columns], np.where(rows == UNSEEN, BASIC, rows).astype(np.int8))


def _grown(flow: Flow, part: Part, basis: Basis | None) -> Basis | None:
    """Return a basis of a part as one of the whole: columns that were not seen at their lower bounds, rows marked as unseen."""
    if basis is None:
        return None
    columns, rows = np.full(len(flow.into), AT_LOW, dtype=np.int8), np.full(len(flow.wave), UNSEEN, dtype=np.int8)
    columns[part.columns], rows[part.rows] = basis.columns, basis.rows
    return Basis(columns, rows)


def _start(task: _Task, state: _State, whole: Floats) -> Start | None:
    """Return what a plan is worth, or None when it breaks a limit that flows do not know."""
    if not feasible(task.flow.lp, whole):
        return None
    values = tuple(float(cost @ whole) for _, cost in task.goals)
    lp, still, limits = task.folded.lp, task.still, state.limits
    rows = lp.times(still)
    limits = Limits(limits.lower + still, limits.upper + still, limits.row_lower + rows, limits.row_upper + rows)
    return Start(task.folded.unfolded(whole + still), values, state.bounds, state.proofs, limits)


def _ranks(flow: Flow, goals: Goals) -> Ints:
    """Return for each row the first objective that speaks of it as a row of demand, and their number where none does."""
    rank = np.full(len(flow.wave), len(goals), dtype=np.int64)
    for k in range(len(goals) - 1, -1, -1):
        rank[flow.demand[(goals[k][1] > 0) & (flow.demand >= 0)]] = k
    return rank


def _wished(flow: Flow, goals: Goals) -> Floats:
    """Return every demand delivered when it costs least, capacity forgotten."""
    wished = np.zeros(len(flow.into))
    order = np.lexsort([np.arange(len(wished)), *(cost for _, cost in reversed(goals))])
    columns = order[flow.usable[order] & (flow.demand[order] >= 0)]
    rows, first = np.unique(flow.demand[columns], return_index=True)
    wished[columns[first]] = flow.lp.row_upper[rows]
    return np.where(flow.delivers, wished, 0.0)


def _mixed(flow: Flow, part: Part, found: Floats, wished: Floats) -> Floats:
    """Return what the bottlenecks' plan delivers of the demands that it looked at, and what was wished of the others."""
    looked = np.zeros(len(flow.wave), dtype=bool)
    looked[part.rows] = True
    made = np.where(looked[flow.demand] & flow.delivers, 0.0, wished)
    made[part.columns] = np.where(flow.delivers[part.columns] & (found > DUST), found, made[part.columns])
    return made


def _alone(task: _Task, wished: Floats, k: int) -> Layout:
    """Return the layout of all that is wished up to objective `k`, as far as it goes."""
    flow = task.flow
    mine = np.where(flow.delivers & (task.rank[flow.demand] <= k), wished, 0.0)
    return lay_out(flow, mine, Space(np.maximum(flow.room, 0.0), np.maximum(flow.supply, 0.0)))


def _completed(task: _Task, part: Part, found: Floats, wished: Floats, k: int) -> Layout:
    """Return the bottlenecks' plan with everything else up to objective `k` laid out, as far as it goes."""
    flow = task.flow
    settled = np.zeros(len(flow.wave), dtype=bool)
    settled[part.rows] = True
    given = np.zeros(len(flow.into))
    given[part.columns] = np.where((found > DUST) | (flow.family >= 0)[part.columns], found, 0.0)
    supply = np.maximum(flow.supply, 0.0)
    brings = np.flatnonzero((flow.into >= 0) & (given > 0))
    np.add.at(supply, flow.into[brings], flow.gain[brings] * given[brings])
    supply[settled] = 0.0
    others = flow.delivers & (task.rank[flow.demand] <= k) & ~settled[flow.demand]
    space = Space(flow.left(given), supply)
    return lay_out(flow, given + np.where(others, wished, 0.0), space, settled=settled)


def _filled(task: _Task, x: Floats, wished: Floats) -> Floats:
    """Return a flow with what is wished and not yet delivered, objective after objective, later where it does not fit."""
    flow, count = task.flow, len(task.flow.wave)
    supply = np.zeros(count) if x.any() else np.maximum(flow.supply, 0.0)
    for k in range(len(task.goals) + 1):
        mine = flow.delivers & flow.usable & (task.rank[flow.demand] == k)
        met = sums(flow.demand[mine], x[mine], count)
        want = np.where(mine, np.maximum(wished - x, 0.0), 0.0)
        asked = sums(flow.demand[mine], want[mine], count)
        fair = np.clip((flow.lp.row_upper - met) / np.maximum(asked, DUST), 0.0, 1.0)
        want = np.where(mine, want * fair[flow.demand], 0.0)
        later = _later(flow, np.flatnonzero(mine))
        shift = 1
        while (want > UNITS).any():
            got, layout = fitted(flow, want, Space(flow.left(x), supply))
            x, supply = x + layout.x, supply - layout.drawn
            if task.ended():
                break
            want = _postponed(np.where(want - got > UNITS, want - got, 0.0), later, shift)
            shift *= 2
    return x


def _later(flow: Flow, columns: Ints) -> Ints:
    """Return the column that delivers the same demand next (-1: none)."""
    later = np.full(len(flow.into), -1, dtype=np.int64)
    same = flow.demand[columns[1:]] == flow.demand[columns[:-1]]
    later[columns[:-1][same]] = columns[1:][same]
    return later


def _postponed(want: Floats, later: Ints, times: int) -> Floats:
    for _ in range(times):
        there = np.flatnonzero(want > 0)
        to = later[there]
        moved = np.zeros(len(want))
        np.add.at(moved, to[to >= 0], want[there[to >= 0]])
        want = moved
    return want


def _proved(task: _Task, state: _State, part: Part, answer: StageAnswer, x: Floats) -> tuple[StageAnswer, Limits]:
    """Return the proof of the objective at work for the whole model, from prices of the bottlenecks, and limits to its best plans.

    Rows that were left out have no price; a demand that was left out has that of its best delivery. The bound is that of
    weak duality over all rows and columns.
    """
    k = len(state.proofs)
    flow, cost, limits = task.flow, task.goals[k][1], state.limits
    least = _least(task, k)
    price = np.where(np.isfinite(least), least, 0.0)
    price[part.rows] = answer.row_duals
    reduced = cost - flow.lp.transposed_times(price)
    most = BEYOND * max(1.0, float(np.abs(x).max(initial=0.0)))
    bound = proven_bound(flow.lp, limits, cost, price, most)
    reduced = np.where(flow.usable, reduced, 0.0)
    proof = replace(
        answer, value=bound, bound=bound, row_duals=task.folded.row_prices(price, reduced), column_duals=reduced
    )
    return proof, narrowed(limits, scale_of(cost), price, reduced)
