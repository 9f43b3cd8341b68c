"""CP-SAT at work on activities: better schedules than a given one, and a bound. The only importer of OR-Tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from tandemplan.arrays import Floats
from tandemplan.solver.activities import Activities, Schedule

OnBetter = Callable[[Schedule, int], bool]  # a better schedule and its makespan; returns whether to go on


@dataclass(frozen=True)
class Effort:
    """How long to search: seconds, or deterministic time (None where the other one counts), with so many workers and a seed."""

    seconds: float | None
    work: float | None = None
    workers: int = 1
    seed: int = 1


@dataclass(frozen=True, eq=False)
class Found:
    """The best schedule found (None where none was), what no makespan is below, and whether the schedule is proved to be best."""

    schedule: Schedule | None
    bound: int
    proved: bool


@dataclass(frozen=True, eq=False)
class _Model:
    """A model with its variables: start of each activity, whether each mode is taken, the makespan."""

    model: cp_model.CpModel
    start: list[cp_model.IntVar]
    taken: list[cp_model.IntVar]
    makespan: cp_model.IntVar


class _Watch(cp_model.CpSolverSolutionCallback):
    """Hands each better schedule on, and stops the search where it is told to."""

    def __init__(self, made: _Model, on_better: OnBetter) -> None:
        super().__init__()
        self._made, self._on_better = made, on_better

    def on_solution_callback(self) -> None:
        """Tell of a solution."""
        schedule = _read(self._made, self.value)
        if not self._on_better(schedule, int(self.objective_value)):
            self.stop_search()


def solve(
    activities: Activities, start: Schedule, floor: int, effort: Effort, on_better: OnBetter = lambda *_: True
) -> Found:
    """Seek schedules with a smaller makespan than a start's, which is the first hint; `floor` is a known bound.

    The textbook model: an interval for each activity, optional ones for its modes, `no_overlap` on resources of which every need
    takes all, `cumulative` on others, sums for those that are not renewable; minimise the makespan.
    """
    made = _model(activities, start, floor)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers, parameters.random_seed = effort.workers, effort.seed
    if effort.seconds is not None:
        parameters.max_time_in_seconds = max(effort.seconds, 0.01)
    if effort.work is not None:
        parameters.max_deterministic_time = effort.work
        parameters.interleave_search = effort.workers > 1
    status = solver.solve(made.model, _Watch(made, on_better))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Found(None, floor, proved=False)
    found = _read(made, solver.value)
    bound = max(floor, int(np.ceil(solver.best_objective_bound - 1e-6)))
    return Found(found, bound, proved=status == cp_model.OPTIMAL)


def _read(made: _Model, value: Callable[[cp_model.IntVar], int]) -> Schedule:
    """Return the schedule of a solution."""
    starts = np.array([value(v) for v in made.start], dtype=np.int64)
    return Schedule(starts, np.flatnonzero([value(v) for v in made.taken]).astype(np.int64))


def _model(activities: Activities, hint: Schedule, floor: int) -> _Model:
    """Return the model of activities, whose horizon is the hint's makespan.

    Modes do not share an end: CP-SAT 9.15 holds that no schedule exists where one mode alone reaches the horizon (tests/solver/test_cpsat.py).
    """
    model = cp_model.CpModel()
    n, horizon = len(activities), hint.makespan(activities)
    start = [model.new_int_var(0, horizon, "") for _ in range(n)]
    end = [model.new_int_var(0, horizon, "") for _ in range(n)]
    makespan = model.new_int_var(min(floor, horizon), horizon, "makespan")
    taken: list[cp_model.IntVar] = []
    intervals = []
    for i in range(n):
        ways = range(int(activities.mode_start[i]), int(activities.mode_start[i + 1]))
        for k in ways:
            takes = int(activities.duration[k])
            taken.append(model.new_bool_var("") if len(ways) > 1 else model.new_constant(1))
            intervals.append(model.new_optional_fixed_size_interval_var(start[i], takes, taken[-1], ""))
        model.add(end[i] == start[i] + sum(int(activities.duration[k]) * taken[k] for k in ways))
        if len(ways) > 1:
            model.add_exactly_one(taken[k] for k in ways)
            model.add_hint(taken[int(hint.mode[i])], 1)
        model.add_hint(start[i], int(hint.start[i]))
    for a, b, lag in zip(activities.before, activities.after, activities.lag, strict=True):
        model.add(start[int(b)] >= end[int(a)] + int(lag))
    for i in set(range(n)) - set(activities.before.tolist()):
        model.add(makespan >= end[i])
    _resources(model, activities, taken, intervals)
    model.minimize(makespan)
    return _Model(model, start, taken, makespan)


def _resources(
    model: cp_model.CpModel, activities: Activities, taken: list[cp_model.IntVar], intervals: list[cp_model.IntervalVar]
) -> None:
    """Add what each resource can do at a time, or in all."""
    by_resource = [np.flatnonzero(activities.needs.item == r) for r in range(len(activities.capacity))]
    for r, entries in enumerate(by_resource):
        capacity = int(activities.capacity[r])
        modes = activities.needs.owners[entries].tolist()
        amounts = activities.needs.value[entries].astype(np.int64).tolist()
        if not activities.renewable[r]:
            model.add(sum(q * taken[k] for k, q in zip(modes, amounts, strict=True)) <= capacity)
        elif modes and 2 * min(amounts) > capacity >= max(amounts):
            model.add_no_overlap([intervals[k] for k in modes])
        else:
            model.add_cumulative([intervals[k] for k in modes], amounts, capacity)


def lower_bound(activities: Activities, longest: Floats) -> int:
    """Return what no makespan is below: the longest way (`longest`, of each activity), and the work of each renewable resource.

    The work of a resource is at least the least that each activity's modes need of it, and is spread over its capacity.
    """
    spent = activities.needs.value * activities.duration[activities.needs.owners]
    bound = int(longest.max(initial=0))
    for r in np.flatnonzero(activities.renewable):
        of_mode = np.zeros(len(activities.duration))
        mine = activities.needs.item == r
        np.add.at(of_mode, activities.needs.owners[mine], spent[mine])
        least = np.minimum.reduceat(of_mode, activities.mode_start[:-1]).sum()
        if activities.capacity[r] > 0:
            bound = max(bound, int(np.ceil(least / activities.capacity[r] - 1e-9)))
    return bound
