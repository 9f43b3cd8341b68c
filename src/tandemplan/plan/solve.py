"""From a programme to a run: network, model, solver, result tables."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np

import tandemplan
from tandemplan.interrupts import held_back
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Item
from tandemplan.network.gates import MONEY, gates_of
from tandemplan.network.network import Network, network_of
from tandemplan.network.sharing import groups_of
from tandemplan.plan import cash_tables
from tandemplan.plan import flows as goods
from tandemplan.plan import money_tables as money
from tandemplan.plan import service_tables as service
from tandemplan.plan.certificates import certified
from tandemplan.plan.choosing import Served, served_by, settled_network, trimmed
from tandemplan.plan.class_costs import class_costs, values_alone
from tandemplan.plan.conflicts import told_conflicts
from tandemplan.plan.fairness import made_fair, unshared
from tandemplan.plan.gate_dates import met_days, with_met_needs
from tandemplan.plan.investment_tables import investments
from tandemplan.plan.learning_tables import learning
from tandemplan.plan.licence_tables import licences
from tandemplan.plan.limits import limits, worth_of_hours
from tandemplan.plan.materials import materials
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.plan.notes import Note, notes_of
from tandemplan.plan.objective_tables import objectives_said
from tandemplan.plan.origin_tables import origin_tables
from tandemplan.plan.people_tables import hires_of, people, settled
from tandemplan.plan.qualifying import qualifications
from tandemplan.plan.ramp import on_true_curves
from tandemplan.plan.rounding import Goals, Solve, relaxed_of, with_whole_orders
from tandemplan.plan.rule_costs import RuleValues, rule_costs, rule_values
from tandemplan.plan.seeking import sought
from tandemplan.plan.share_tables import share_tables
from tandemplan.plan.sharing_tables import sharing
from tandemplan.plan.shift_tables import premiums, shifts, with_shifts, worked
from tandemplan.plan.shipments import SHIPMENT
from tandemplan.plan.startup_tables import startup
from tandemplan.results.store import Frame, Run
from tandemplan.solver.lp import Lp
from tandemplan.solver.process import solve_in_child
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Outcome, Report, Work

CENT = 0.01
FINISH = 4.0  # seconds in which a plan is finished that the user stopped
GOODS = ("purchases", "production", "moves")
IN_CENTS = (
    "costs", "purchases", "purchases", "production", "moves", "stock", "deliveries", "demand_summary", "load", "cash",
)  # fmt: skip


@dataclass(frozen=True)
class PlanOptions:
    """How to plan.

    `gap` within which each stage must be proved for the plan to count as optimal, `time_limit` in seconds for the whole solve, `threads` of
    the solver, and `memory_mb` that it may use (None: no limit). Raises ValueError for values without a meaning.
    """

    gap: float = 1e-3
    time_limit: float | None = None
    threads: int = 1
    memory_mb: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.gap <= 1:
            raise ValueError(f"gap is {self.gap}; it is a share from 0 to 1")
        if self.time_limit is not None and not self.time_limit >= 0:
            raise ValueError(f"time_limit is {self.time_limit}; it is at least 0 seconds")
        if self.threads < 1:
            raise ValueError(f"threads is {self.threads}; there is at least 1")
        if self.memory_mb is not None and self.memory_mb < 1:
            raise ValueError(f"memory_mb is {self.memory_mb}; it is at least 1 megabyte")


@dataclass(frozen=True)
class Progress:
    """How far a plan has come: phase, its value, bound and gap when known, seconds since the start.

    >>> Progress("class 1 firm", value=28.0, bound=0.0, gap=1.0, seconds=0.2).phase
    'class 1 firm'
    """

    phase: str
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float


@held_back()
def plan(
    programme: Programme,
    options: PlanOptions = PlanOptions(),
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Return the best supply plan of a programme that has passed its checks.

    Demand classes are served strictly in order, then stock targets, then cost; each with a proven bound. The status is
    `optimal`, `feasible` (a limit or Ctrl-C ended the work: the best plan so far), `infeasible` (with the conflicts)
    or `stopped` (ended before any plan). See docs/semantics.md. The third Ctrl-C is raised: it leaves no answer.
    """
    tell = progress or (lambda _: None)
    begin = time.perf_counter()
    tell(Progress("build", None, None, None, 0.0))
    programme = replace(
        programme, tables={n: t.sorted() for n, t in programme.tables.items()}
    )  # no answer hangs on their order
    network = network_of(programme)
    learnt = model = model_of(network)
    built = time.perf_counter()
    work = Work(
        options.time_limit, options.threads, options.memory_mb, options.gap, tuple(s.scale for s in model.stages)
    )
    model, relaxed = sought(model, work, lambda r: tell(_progress(model, r)))
    again = solving(options, built, tell, stopped=relaxed.reason == BY_USER)
    unfair, whole = model, with_whole_orders(model, relaxed, again("orders made whole"))
    model, fair = made_fair(model, learnt, whole, again("made fair", options.gap))
    outcome = certified(model, trimmed(model, fair), again("certificates of origin"))
    plain = unshared(model, learnt, outcome)
    served = served_by(learnt, plain, again("without an option"), options.gap)
    alone = values_alone(model, outcome, again("a class alone"))
    ruled = rule_values(model, outcome, again("without a rule of origin"))
    network = model.network
    solved = time.perf_counter()
    info = info_of(programme, options, outcome)
    frames: Mapping[str, Frame] = {}
    if outcome.x is not None:
        frames, more = tables_of(model, outcome, served, (alone, ruled))
        info |= more
        _tell_loss(info["objective"]["stages"], unfair, relaxed, whole)
        if info["status"] == "optimal" and _worst_gap(info["objective"]["stages"], frames) > options.gap + 1e-6:
            info |= {"status": "feasible", "reason": "not proved within the gap asked for"}
    elif outcome.status == "infeasible":
        left = None if options.time_limit is None else max(options.time_limit - (solved - built), 0.0)
        work = replace(work, seconds=left)
        info |= told_conflicts(
            model, work, lambda r: tell(Progress(r.stage, None, None, None, solved - built + r.seconds))
        )
        info["reproducible"] = info["conflict_search"]["reason"] not in (OUT_OF_TIME, BY_USER)
    info |= noted(notes_of(network, frames, relaxed=info.get("relaxed", {}), roughly=SHIPMENT not in model.lp.columns))
    info["size"] = dict(zip(("rows", "columns", "non_zeros"), model.lp.size, strict=True))
    info["seconds"] = {"build": built - begin, "solve": solved - built, "write": time.perf_counter() - solved}
    return Run(info, frames)


def noted(notes: Sequence[Note]) -> dict[str, list[str]]:
    """Return what run.json says of notes."""
    return {"notes": [n.text for n in notes], "hopeful_notes": [n.text for n in notes if n.hopeful]}


def solving(
    options: PlanOptions, begin: float, tell: Callable[[Progress], None], *, stopped: bool
) -> Callable[..., Solve]:
    """Return a function from what is told, and a gap, to one that seeks a plan once more: in the time left since `begin`, or of what the user stopped."""
    ends = [] if options.time_limit is None else [begin + options.time_limit]
    if stopped:
        ends.append(time.perf_counter() + FINISH)

    def telling(told: str, gap: float = 0.0) -> Solve:
        def solve(lp: Lp, goals: Goals) -> Outcome:
            spent = time.perf_counter() - begin
            seconds = max(min(ends) - begin - spent, 0.0) if ends else None
            work = Work(seconds, options.threads, options.memory_mb, gap)
            outcome = solve_in_child(
                lp, goals, work, lambda r: tell(Progress(told, None, None, None, spent + r.seconds))
            )
            if outcome.reason == BY_USER:
                ends.append(time.perf_counter() + FINISH)
            return outcome

        return solve

    return telling


def _tell_loss(stages: list[dict[str, Any]], model: PlanModel, relaxed: Outcome, outcome: Outcome) -> None:
    """Add to what is said of each stage its value before orders were made whole (None: they were whole)."""
    before = dict(zip((s.name for s in model.stages), (a.value for a in relaxed.stages), strict=True))
    for said in stages:
        known = outcome.x is not relaxed.x and said["stage"] in before
        said["relaxed_value"] = round(min(before[said["stage"]], said["value"]), 6) if known else None


def _progress(model: PlanModel, report: Report) -> Progress:
    gap = None
    if report.value is not None and report.bound is not None:
        scale = next(s.scale for s in model.stages if s.name == report.stage)
        gap = service.gap_of(report.value, report.bound, scale)
    return Progress(report.stage, report.value, report.bound, gap, report.seconds)


def info_of(programme: Programme, options: PlanOptions, outcome: Outcome) -> dict[str, Any]:
    """Return what run.json says of a plan before its tables are made."""
    versions = {"tandemplan": tandemplan.__version__, "highspy": version("highspy"), "numpy": np.__version__}
    versions |= {"python": platform.python_version()}
    said = {"programme": programme.digest, "options": asdict(options), "versions": versions}
    name = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
    status = "stopped" if outcome.status == "memory" else outcome.status
    if status == "optimal" and outcome.reason:  # it ended with its last word, but what comes after it was not sought
        status = "feasible"
    return {
        "run": f"plan-{name}",
        "verb": "plan",
        "programme": {"name": programme.settings.name, "digest": programme.digest},
        "scenarios": list(programme.scenarios),
        "changes": list(programme.changes),
        "options": asdict(options),
        "seed": programme.settings.seed,
        "versions": versions,
        "machine": platform.machine(),
        "status": status,
        "reason": outcome.reason,
        "reproducible": status in ("optimal", "infeasible"),
    }


def tables_of(
    model: PlanModel, outcome: Outcome, served: Mapping[str, Served], compared: tuple[dict[int, float], RuleValues]
) -> tuple[Mapping[str, Frame], dict[str, Any]]:
    """Return all tables of a plan, and what run.json says of its objectives; `compared` is what classes alone, and plans without rules of origin, come to."""
    assert outcome.x is not None
    alone, ruled = compared
    frames, said = _answer(model, outcome, served)
    in_order = model.network.programme.settings.objective != "cost"
    costs, said["unreckoned_classes"] = class_costs(frames["classes"], alone, in_order=in_order)
    said["unreckoned_rules"] = list(ruled.unreckoned)
    said["relaxed"] = relaxed_of(model, outcome.x)
    return {**frames, "class_costs": costs, "rule_costs": rule_costs(ruled)}, said


def _answer(
    model: PlanModel, outcome: Outcome, served: Mapping[str, Served]
) -> tuple[dict[str, Frame], dict[str, Any]]:
    """Return the tables of a plan and what run.json says of its objectives.

    Tasks that need money end when the cash of the plan has it, and what they open may bring cash: tables are made until both agree, once for each such task at most.
    """
    network, cash = model.network, dict[str, Frame]()
    tries = sum(any(n.what == MONEY for n in g.needs) for g in gates_of(network.programme))
    for _ in range(tries + 1):
        frames, said = _tables(model, outcome, served, cash)
        moves, before, cash = {n: frames[n] for n in GOODS}, cash, {"cash": frames["cash"]}
        if met_days(network, {**moves, **before}) == met_days(network, {**moves, **cash}):
            break
    return frames, said


def _tables(
    model: PlanModel, outcome: Outcome, served: Mapping[str, Served], cash: Mapping[str, Frame]
) -> tuple[dict[str, Frame], dict[str, Any]]:
    """Return them where tasks that need money end as this table of cash allows."""
    assert outcome.x is not None
    amounts = goods.amounts_of(outcome.x, model.variables)
    network = on_true_curves(model.network, amounts)
    moves = {
        "purchases": goods.purchases(network, amounts),
        "production": goods.production(network, amounts),
        "moves": goods.moves(network, amounts),
    }
    after = with_met_needs(settled_network(network, model.variables, outcome.x), {**moves, **cash})
    built, model = model, replace(model, network=with_met_needs(network, {**moves, **cash}))
    network = model.network
    summary = service.demand_summary(network, amounts)
    bounds = {
        (s.demand_class, s.certainty): a.bound
        for s, a in zip(model.stages, outcome.stages, strict=True)
        if s.demand_class is not None and s.certainty is not None
    }
    moved = goods.node_flows(network, amounts)
    closing = goods.closing_stock(network, moved)
    used = money.used_hours(network, amounts)
    x = with_shifts(network, model.variables, settled(network, model.variables, outcome.x))
    patterns = worked(network, model.variables, x)
    frames: dict[str, Frame] = {
        "classes": service.classes(network, summary, bounds),
        "deliveries": service.deliveries(network, amounts),
        "demand_summary": summary,
        "sharing": sharing(network, groups_of(network), summary),
        **moves,
        "stock": goods.stock(network, moved, closing),
        "stock_targets": goods.stock_targets(after, moved, closing),
        "load": money.load(model, x, used, worth_of_hours(model, outcome.stages)),
        "learning": learning(network, amounts),
        "investments": investments(network, model.variables, x),
        "shifts": shifts(network, patterns),
        "people": people(after, hires_of(network, model.variables, x), premiums(after, patterns), network),
        "options": money.options(network, after.programme, served),
        "qualifications": qualifications(network, moves["purchases"]),
        "licences": licences(network, moves, after.dates),
        **origin_tables(network, model.variables, outcome.x),
        "materials": materials(network.programme, network.periods),
        "limits": limits(model, outcome.stages, summary, outcome.x),
    }
    frames |= share_tables(after, frames)
    frames |= startup(after, {**frames, **cash})
    frames |= cash_tables.money(built, after, x, frames)
    frames["costs"] = money.costs(after, frames, network.programme)
    return frames, _objective(model, outcome, frames)


def _objective(model: PlanModel, outcome: Outcome, frames: Mapping[str, Frame]) -> dict[str, Any]:
    """Return what run.json says of values, bounds and gaps: values as the tables give them."""
    stages, classes, costs = objectives_said(model, outcome, frames), frames["classes"], frames["costs"]
    rows = zip(*(classes[n].tolist() for n in ("demand_class", "value", "bound", "gap")), strict=True)
    listed = [
        {"demand_class": c, "value": round(v, 6), "bound": round(b, 6), "gap": round(g, 9)} for c, v, b, g in rows
    ]
    last = stages[-1]
    totals = {"cost": round(float(costs["amount"].sum()), 2), "units": _units(model.network, frames["demand_summary"])}
    objective = {
        "value": last["value"],
        "bound": last["bound"],
        "gap": last["gap"],
        "classes": listed,
        "stages": stages,
    }
    return {"objective": objective, "totals": totals}


def _worst_gap(stages: Sequence[Mapping[str, Any]], frames: Mapping[str, Frame]) -> float:
    """Return the widest gap that is printed, that of a cost apart which is above its bound by the rounding of its amounts alone."""
    cents = CENT / 2 * sum(len(next(iter(frames[name].values()))) for name in IN_CENTS)
    gaps = [s["gap"] for s in stages if not (s["stage"] == "cost" and s["value"] - s["bound"] <= cents)]
    return float(max(gaps, default=0.0))


def _units(network: Network, summary: Frame) -> dict[str, dict[str, float]]:
    """Return what is demanded, on time, late and lost in all, apart for each unit of measure."""
    items = network.programme[Item]
    measure = dict(zip(items.item, items.unit, strict=True))
    unit = np.array([measure[i] for i in summary["item"]], dtype=object)
    names = (("demanded", "quantity"), ("on_time", "on_time"), ("late", "late"), ("lost", "lost"))
    return {
        str(u): {n: round(float(summary[c][unit == u].sum()), 6) for n, c in names} for u in sorted(set(unit.tolist()))
    }
