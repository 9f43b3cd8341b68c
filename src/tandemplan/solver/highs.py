"""HiGHS at work on objectives in order. Runs in the child process; the only importer of highspy."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.problems import SolverDiedError
from tandemplan.solver.engine import (
    BEST,
    DUAL_SIMPLEX,
    ENDED,
    IMPOSSIBLE,
    PRIMAL_SIMPLEX,
    Watch,
    basis_of,
    cause_of,
    engine_of,
    plan_of,
    set_basis,
    set_columns,
    set_rows,
)
from tandemplan.solver.fold import Fold, as_it_is, fold
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import (
    BEYOND,
    BY_USER,
    OUT_OF_TIME,
    Basis,
    Face,
    Limits,
    OnReport,
    Outcome,
    Report,
    StageAnswer,
    Work,
    at_floor,
    feasible,
    floor_of,
    limits_of,
    narrowed,
    proven_bound,
    scale_of,
    unproved,
)

Floats = NDArray[np.float64]
PARALLEL_DUAL_SIMPLEX = 3
APART = 100.0  # how much more each objective weighs than the next while they are sought together
NOTHING_FEASIBLE = "nothing is feasible"


def solve(
    lp: Lp,
    stages: list[tuple[str, Floats]],
    work: Work,
    *,
    on_report: OnReport,
    cancelled: Callable[[], bool],
    fallback: Floats | None = None,
    together: int = 1,
    basis: Basis | None = None,
    limits: Limits | None = None,
    eased: Limits | None = None,
    folding: bool = True,
) -> Outcome:
    """Return the plan that is best by the first objective, among those by the second, and so on.

    The first `together` objectives are sought at once, weighed apart, by dual simplex after presolve: their best basis is
    where the first objective alone starts from, and each further one from the best of the one before, staying by primal
    simplex within its best plans. A limit of time or `cancelled` ends the work: the best plan so far is returned with what
    is proved. `fallback` stands in, under the status `stopped`, when there is none. `basis` was the best of a model without
    some of these rows: the first objective starts from it by dual simplex. `limits` hold the folded model to the best plans of
    objectives that came before. `eased` are limits under which the first objective is sought before it is sought under those
    that hold: easier ones, whose best plan is near. Without `folding` a basis says what it says of the model as it stands.
    """
    begin = time.monotonic()
    folded = fold(lp) if folding else as_it_is(lp)
    goals = [(name, folded.costs(cost)) for name, cost in stages]
    limits = limits_of(folded.lp) if limits is None else limits
    engine = engine_of(folded.lp, limits if eased is None else eased, work)
    watch = Watch(begin, work.seconds, on_report, cancelled)
    x: Floats | None = None
    face: Face | None = None
    answers: list[StageAnswer] = []
    if basis is not None:
        set_basis(engine, basis, own=not folding)
    if eased is not None:
        _seek_eased(engine, limits, goals[0], watch)
    cause = watch.ended() if together > 1 else ""
    if together > 1 and not cause:
        status = _seek_together(engine, goals[:together], watch)
        if status in IMPOSSIBLE:
            return Outcome("infeasible", None, ())
        cause = cause_of(engine, status) if status in ENDED else ""
        engine.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    if not cause:
        found = in_order(engine, folded.lp, limits, goals, watch)
        if found.cause == NOTHING_FEASIBLE:
            return Outcome("infeasible", None, ())
        cause, x, answers, basis, face = found.cause, found.x, found.answers, found.basis, found.face
    if x is None and cause not in (OUT_OF_TIME, BY_USER):
        raise SolverDiedError(f"No plan: {cause}. Very large and very small numbers in one model may be why.")
    spare = fallback if fallback is not None and feasible(lp, fallback) else None
    outcome = _outcome(stages, _unfolded(folded, x), [_in_model(folded, a) for a in answers], cause, spare)
    return replace(outcome, basis=basis, face=face)


def _seek_together(engine: Any, goals: list[tuple[str, Floats]], watch: Watch) -> Any:
    """Seek several objectives at once, each weighing `APART` times the next, and return the engine's status."""
    cost = sum((c / scale_of(c) * APART**-k for k, (_, c) in enumerate(goals)), np.zeros(engine.getNumCol()))
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    _listen(engine, goals[0][0], watch)
    return _run(engine, watch.left, again=False)


def _seek_eased(engine: Any, limits: Limits, goal: tuple[str, Floats], watch: Watch) -> None:
    """Seek an objective under the limits that the engine has, then put up those that hold: rows by dual simplex, then columns.

    What does not come to an end is forgotten. Parallel dual simplex (Huangfu and Hall 2018) takes fewer iterations here, by one
    thread as well. Several threads wait for each other, busily: without a core for each they take many times as long.
    """
    name, cost = goal
    _prepare(engine, limits, cost / scale_of(cost), first=True)
    _listen(engine, name, watch)
    engine.setOptionValue("simplex_min_concurrency", 2)
    status = None
    for strategy in (PARALLEL_DUAL_SIMPLEX, DUAL_SIMPLEX):
        engine.setOptionValue("simplex_strategy", strategy)
        status = _run(engine, watch.left, again=False) if status is None or status in BEST else status
        set_rows(engine, limits)
    set_columns(engine, limits)
    if status in BEST:
        engine.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    else:
        engine.clearSolver()


@dataclass(frozen=True, eq=False)
class Ordered:
    """What objectives in order came to: why they ended early, the best plan, answers, the first's best basis, the last's face."""

    cause: str
    x: Floats | None
    answers: list[StageAnswer]
    basis: Basis | None
    face: Face | None = None


def in_order(engine: Any, lp: Lp, limits: Limits, goals: list[tuple[str, Floats]], watch: Watch) -> Ordered:
    """Seek one objective after the other."""
    x: Floats | None = None
    basis: Basis | None = None
    face: Face | None = None
    answers: list[StageAnswer] = []
    for k, (name, cost) in enumerate(goals):
        cause = watch.ended()
        if cause:
            return Ordered(cause, x, answers, basis)
        if x is not None and float(cost @ x) == floor_of(lp, cost):
            answers.append(at_floor(lp, cost))
            watch.on_report(Report(name, 0.0, 0.0, watch.spent, 0))
            limits = narrowed(limits, scale_of(cost), answers[-1].row_duals, answers[-1].column_duals)
            continue
        scale = scale_of(cost)
        _prepare(engine, limits, cost / scale, first=k == 0)
        _listen(engine, name, watch)
        started = time.monotonic()
        status = _run(engine, watch.left, again=engine.getBasis().valid)
        if k == 0 and status in IMPOSSIBLE:
            return Ordered(NOTHING_FEASIBLE, None, [], None)
        cause = cause_of(engine, status)
        found = plan_of(engine)
        x = found if found is not None else x
        if x is None:
            return Ordered(cause, x, answers, basis)
        basis = basis_of(engine) if k == 0 else basis
        answer = _answer(engine, lp, limits, cost, x, finished=not cause, begin=started, scale=scale)
        answers.append(answer)
        watch.on_report(Report(name, answer.value, answer.bound, watch.spent, answer.iterations))
        if cause:
            return Ordered(cause, x, answers, basis)
        if k == len(goals) - 1:
            face = Face(limits, basis_of(engine))
        limits = narrowed(limits, scale, answer.row_duals, answer.column_duals)
    return Ordered("", x, answers, basis, face)


def _unfolded(folded: Fold, x: Floats | None) -> Floats | None:
    return None if x is None else folded.unfolded(x)


def _in_model(folded: Fold, answer: StageAnswer) -> StageAnswer:
    """Return an answer about the folded model as one about the model."""
    if not answer.finished:
        return answer
    return replace(answer, row_duals=folded.row_prices(answer.row_duals, answer.column_duals))


def _outcome(
    stages: list[tuple[str, Floats]],
    x: Floats | None,
    answers: list[StageAnswer],
    cause: str,
    fallback: Floats | None,
) -> Outcome:
    status = "stopped" if x is None else "feasible" if cause else "optimal"
    x = fallback if x is None else x
    if x is None:
        return Outcome(status, None, (), cause)
    answers += [unproved(cost, x) for _, cost in stages[len(answers) :]]
    return Outcome(status, x, tuple(answers), cause)


def _prepare(engine: Any, limits: Limits, cost: Floats, *, first: bool) -> None:
    engine.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    if first:
        return
    engine.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    set_columns(engine, limits)
    set_rows(engine, limits)


def _listen(engine: Any, name: str, watch: Watch) -> None:
    def say(said: Any) -> Report:
        return Report(name, None, None, watch.spent, int(said.simplex_iteration_count))

    engine.cbSimplexInterrupt.clear()
    engine.cbSimplexInterrupt += watch.listener(say)


def _run(engine: Any, seconds: float | None, *, again: bool) -> Any:
    """Run the engine and return its status; a warm start that gets lost is tried `again` from nothing, after presolve."""
    limit = np.inf if seconds is None else engine.getRunTime() + max(seconds, 0.0)
    engine.setOptionValue("time_limit", limit)
    engine.run()
    if again and engine.getModelStatus() not in ENDED:
        engine.clearSolver()
        engine.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
        engine.run()
    return engine.getModelStatus()


def _answer(
    engine: Any, lp: Lp, limits: Limits, cost: Floats, x: Floats, *, finished: bool, begin: float, scale: float
) -> StageAnswer:
    solution = engine.getSolution()
    iterations = int(engine.getInfo().simplex_iteration_count)
    blank = np.zeros(0)
    floor = floor_of(lp, cost)
    value = float(cost @ x)
    if not finished:
        return StageAnswer(value, floor, False, blank, blank, time.monotonic() - begin, iterations)
    row_duals = np.array(solution.row_dual, dtype=np.float64) * scale
    column_duals = np.array(solution.col_dual, dtype=np.float64) * scale
    most = BEYOND * max(1.0, float(np.abs(x).max(initial=0.0)))
    bound = max(proven_bound(lp, limits, cost, row_duals, most), floor)
    if bound > value + 1e-6 * max(abs(value), scale):
        raise SolverDiedError(f"The proof contradicts the plan: bound {bound:g}, value {value:g}.")
    return StageAnswer(value, min(bound, value), True, row_duals, column_duals, time.monotonic() - begin, iterations)
