"""What is late if something is lost for a while and everything is planned anew, with whole decisions, options and learnt hours as they were planned."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import OpenOrder
from tandemplan.network.network import Network, arrivals
from tandemplan.plan.neighbourhood import HIRES, KEPT
from tandemplan.plan.objective import lateness
from tandemplan.plan.standing import EASED, LAST, Standing
from tandemplan.plan.variables import Variables
from tandemplan.problems import SolverStoppedError
from tandemplan.solver.held import relaxed
from tandemplan.solver.losing import Arriving, Loss, Suffered, suffered
from tandemplan.solver.lp import Lp
from tandemplan.solver.reduced import Reduced, reduced

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
TRIES = 3  # how often work is given out anew after a process has died
ROOM = ("storage", "hazard storage")
RUNGS = (((), ""), (LAST, "origin, shares, money, tasks"), (LAST + ROOM, "origin, shares, money, tasks, room"))


@dataclass(frozen=True, eq=False)
class Lost:
    """What goes with something that is lost for `days` from day `first` on: ways to buy, routes, moves (rows of the network), and open orders (rows)."""

    buy: Bools
    make: Bools
    move: Bools
    orders: Bools
    first: float
    days: float


@dataclass(frozen=True, eq=False)
class Worse:
    """What a loss leads to, compared with the same plan anew without it.

    `units` late or lost, `lost` units and `unit_days` more, an entry for each of `classes`; `survives` is for how many whole periods of it, in days,
    nobody is served later (inf: for all of it); `without` says which limits no plan keeps under it. `planned` is false where there is none even so.
    """

    classes: Ints
    units: Floats
    lost: Floats
    unit_days: Floats
    survives: float
    without: str
    planned: bool = True


@dataclass(frozen=True, eq=False)
class _Case:
    """Losses from one day on, in the model that is left on it: `mine` are their numbers, `part` the model."""

    mine: tuple[int, ...]
    first: float
    part: Reduced
    stages: list[tuple[str, Floats]]
    losses: list[Loss]
    lasts: Floats


@dataclass
class _Found:
    """Answers as they come in."""

    worse: dict[int, Worse] = field(default_factory=dict)
    without: str = ""


def worse_by(
    plan: Standing, losses: Sequence[Lost], *, workers: int = 1, progress: Callable[[int], None] = lambda _: None
) -> list[Worse]:
    """Return what each loss leads to where everything is planned anew from its day on.

    Until that day all is as planned, and nobody knew of it. From it on nothing goes through what is lost while the loss lasts; what is on order comes on
    the day of its end. Purchases, work, moves, deliveries and overtime are anew, in any sizes; stations, options, shifts, hires and the hours of learning
    operations stay as planned. Classes are served in order. In large models rules of origin, shares, money and tasks are not asked; in others where no
    plan keeps them, and room for stock too where none keeps that.

    That is the linear programme of a node's time to recover of Simchi-Levi et al. 2015, Identifying risks and mitigating disruptions in the automotive
    supply chain, Interfaces 45(5), 375-390, over the whole of a plan instead of one interval. `workers` are processes (0: this one).
    """
    found = _Found()
    left = list(range(len(losses)))
    for families, found.without in RUNGS[1 if plan.large else 0 :]:
        if not left:
            break
        cases = [
            c
            for day in sorted({losses[k].first for k in left})
            for c in _cases(plan, losses, left, day, families=families, workers=workers)
        ]
        for case, base, answers in _answered(cases, workers):
            for k, answer in zip(case.mine, answers, strict=False):
                if answer.x is not None and base is not None:
                    found.worse[k] = _worse(plan, case, (base, answer), found.without)
            progress(len(found.worse))
        left = [k for k in left if k not in found.worse]
    nothing = _nothing(plan)
    return [found.worse.get(k, nothing) for k in range(len(losses))]


def _cases(
    plan: Standing, losses: Sequence[Lost], left: Sequence[int], day: float, *, families: tuple[str, ...], workers: int
) -> list[_Case]:
    """Return the losses that begin on a day, in so many cases that all processes have work."""
    model, network, v = plan.model, plan.model.network, plan.model.variables
    mine = [k for k in left if losses[k].first == day]
    lp = _freed(model.lp, plan, v)
    part = reduced(lp, plan.at, _stays(plan, day), plan.rows(families), EASED)
    place = np.full(len(plan.at), -1, dtype=np.int64)
    place[part.of] = np.arange(len(part.of))
    row = np.full(len(model.lp.row_lower), -1, dtype=np.int64)
    row[part.rows] = np.arange(len(part.rows))
    stages = [(name, cost[part.of]) for name, cost in _stages(plan)]
    lasts = (network.periods.starts + network.periods.lengths).astype(np.float64) - day
    made = [_loss(losses[k], (network, v), place, row[model.lp.rows["balance"].index]) for k in mine]
    days = len({losses[k].first for k in left})
    parts = max(1, min(workers, len(mine))) if days < 2 * workers else 1
    return [_Case(tuple(mine[k::parts]), day, part, stages, made[k::parts], lasts[lasts > 0]) for k in range(parts)]


def _freed(lp: Lp, plan: Standing, v: Variables) -> Lp:
    """Return the model without whole columns, in which stock may be below 0 by what tables round away."""
    lower = relaxed(lp).lower.copy()
    lower[v.stock] = np.minimum(plan.at[v.stock], 0.0)
    return replace(relaxed(lp), lower=lower)


def _stages(plan: Standing) -> list[tuple[str, Floats]]:
    """Return the classes in order; where a plan seeks cost alone, all that is late at once."""
    model = plan.model
    if model.classes:
        return model.goals[: model.classes]
    counted = model.network.demands.quantity > 0
    return [("late", lateness(model.network, model.variables, counted, len(plan.at)))]


def _stays(plan: Standing, day: float) -> Bools:
    """Return the columns that stay as planned where a loss begins on a day: whole decisions, hires, and all that is done before."""
    network, v = plan.model.network, plan.model.variables
    found = np.zeros(len(plan.at), dtype=bool)
    for name in (*KEPT, *HIRES):
        if name in plan.model.lp.columns:
            index = plan.model.lp.columns[name].index
            found[index] = plan.known[index]
    for grid, days in _done(network, v):
        found[grid[(grid >= 0) & (days < day)]] = True
    return found


def _done(network: Network, v: Variables) -> list[tuple[Ints, Ints]]:
    """Return the columns of goods, with the day on which each is sent, begun or delivered."""
    starts = np.broadcast_to(network.periods.starts, v.make.shape)
    return [
        (v.buy, network.buying.dispatch),
        (v.make, starts),
        (v.move, network.moving.dispatch),
        (v.deliver, network.delivering.day),
    ]


def _loss(lost: Lost, of: tuple[Network, Variables], place: Ints, balance: Ints) -> Loss:
    """Return a loss in the columns and rows of a part of the model."""
    network, v = of
    columns: list[Ints] = []
    days: list[Floats] = []
    for rows, (grid, day) in zip((lost.buy, lost.make, lost.move), _done(network, v), strict=False):
        there = (grid[rows] >= 0) & (day[rows] >= lost.first)
        columns.append(place[grid[rows][there]])
        days.append(day[rows][there].astype(np.float64))
    at, when = np.concatenate(columns), np.concatenate(days)
    node, _ = arrivals(network)
    mine = np.flatnonzero(lost.orders)
    orders = network.programme[OpenOrder]
    comes = np.maximum(network.periods.numbers(orders.promised[mine], 0), 0).astype(np.float64)
    in_rows = balance.reshape(network.day.shape)[node[mine]]
    arriving = Arriving(in_rows, network.day[node[mine]].astype(np.float64), comes, orders.quantity_units[mine])
    return Loss(at[at >= 0], when[at >= 0], arriving, lost.days)


def _answered(cases: Sequence[_Case], workers: int) -> Iterator[tuple[_Case, Floats | None, list[Suffered]]]:
    """Give the answer of each case as it is done."""
    if not workers:
        yield from ((c, *_solved(c)) for c in cases)
        return
    left = dict(enumerate(cases))
    for _ in range(TRIES):
        pool = ProcessPoolExecutor(
            min(workers, len(left)), multiprocessing.get_context("spawn"), initializer=_leave_interrupts
        )
        try:
            given = {pool.submit(_solved, case): k for k, case in left.items()}
            for done in as_completed(given):
                answer = done.result()
                yield left.pop(given[done]), *answer
        except BrokenProcessPool:
            continue
        else:
            return
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    raise SolverStoppedError(f"processes that plan anew were killed {TRIES} times, the last answers are missing")


def _leave_interrupts() -> None:
    """Let Ctrl-C reach the first process alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _solved(case: _Case) -> tuple[Floats | None, list[Suffered]]:
    return suffered(case.part.lp, case.stages, case.losses, case.first, case.lasts)


def _worse(plan: Standing, case: _Case, found: tuple[Floats, Suffered], without: str) -> Worse:
    base, answer = found
    assert answer.x is not None
    classes, *had = _by_class(plan, case.part.plan(base))
    if not answer.harms:
        none = np.zeros(len(classes))
        return Worse(classes, none, none, none, np.inf, without)
    _, *has = _by_class(plan, case.part.plan(answer.x))
    more = [np.round(b - a, 6) for a, b in zip(had, has, strict=True)]
    return Worse(classes, more[0], more[1], more[2], answer.survives, without)


def _by_class(plan: Standing, x: Floats) -> tuple[Ints, Floats, Floats, Floats]:
    """Return the classes of demands, and of each the units late or lost, units lost, and unit-days late."""
    network, v = plan.model.network, plan.model.variables
    ways, demands = network.delivering, network.demands
    classes, of = np.unique(demands.demand_class, return_inverse=True)
    units, lost = x[v.deliver], np.where(v.lost >= 0, x[v.lost], 0.0)
    late = np.where(ways.late > 0, units, 0.0)

    def summed(by_way: Floats, by_demand: Floats) -> Floats:
        total = np.bincount(of[ways.demand], by_way, minlength=len(classes))
        return np.asarray(total + np.bincount(of, by_demand, minlength=len(classes)))

    return (
        classes,
        summed(late, lost),
        summed(np.zeros(len(units)), lost),
        summed(units * ways.late, lost * demands.late_if_lost),
    )


def _nothing(plan: Standing) -> Worse:
    classes = np.unique(plan.model.network.demands.demand_class)
    blank = np.full(len(classes), np.nan)
    return Worse(classes, blank, blank, blank, np.nan, "", planned=False)
