"""The audit: a second look at a run, from its tables and its programme alone.

It shares no code with the planner: days, calendars, routes and prices are worked out here again, from
`docs/semantics.md`. What no equation can prove (bounds, worth) is named, and guarded by digests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tandemplan.audit.book import Book, book_of
from tandemplan.audit.check_allocations import check_allocations
from tandemplan.audit.check_cash import check_cash
from tandemplan.audit.check_class_costs import check_class_costs
from tandemplan.audit.check_costs import check_costs
from tandemplan.audit.check_demand import check_classes, check_deliveries, check_demand_summary
from tandemplan.audit.check_done import check_done, check_fence
from tandemplan.audit.check_investments import check_investments
from tandemplan.audit.check_learning import check_learning
from tandemplan.audit.check_licences import check_licences
from tandemplan.audit.check_load import check_load
from tandemplan.audit.check_materials import check_materials
from tandemplan.audit.check_moves import check_lanes, check_moves, check_phases
from tandemplan.audit.check_orders import check_orders
from tandemplan.audit.check_origin import check_origin
from tandemplan.audit.check_people import check_people
from tandemplan.audit.check_production import check_production
from tandemplan.audit.check_purchases import check_purchases
from tandemplan.audit.check_qualifications import check_qualifications
from tandemplan.audit.check_rolling import check_rolling
from tandemplan.audit.check_rule_costs import check_rule_costs
from tandemplan.audit.check_run import UNPROVED, check_run
from tandemplan.audit.check_sharing import check_sharing
from tandemplan.audit.check_shifts import check_shifts
from tandemplan.audit.check_sizes import check_sizes
from tandemplan.audit.check_sourcing import check_sourcing
from tandemplan.audit.check_startup import check_startup
from tandemplan.audit.check_stock import check_cover, check_stock, check_storage
from tandemplan.audit.check_targets import check_options, check_targets
from tandemplan.audit.check_work_share import check_work_share
from tandemplan.audit.files import PROGRAMME, RUN, check_digests, has_answer, read_frames
from tandemplan.audit.findings import Audit, Finding
from tandemplan.audit.shop import UNPROVED as SHOP_UNPROVED
from tandemplan.audit.shop import audit_beside_plan, audit_schedule
from tandemplan.disk import settled
from tandemplan.model.programme import Programme
from tandemplan.model.reading import check
from tandemplan.results.fields import Shape
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Frame, RunError, is_simulation, read_info, shapes_of

PLAN = "plan"  # folder in that of a schedule of a plan: the plan

__all__ = ["CHECKS", "Audit", "Finding", "audit", "audit_tables"]

CHECKS: tuple[Callable[[Book], Iterator[Finding]], ...] = (
    check_run, check_orders, check_classes, check_class_costs, check_deliveries, check_demand_summary, check_allocations, check_sharing, check_purchases, check_sizes, check_production,
    check_moves, check_phases, check_lanes, check_stock, check_cover, check_storage, check_targets, check_load, check_learning, check_rolling, check_investments,
    check_shifts, check_people, check_options, check_qualifications, check_licences, check_origin, check_materials, check_rule_costs, check_work_share, check_sourcing, check_startup, check_cash, check_costs, check_done, check_fence,
)  # fmt: skip


def audit(folder: Path) -> Audit:
    """Return what a second look at the plan or schedule in `folder` finds; raises RunError when the folder is no run, or a simulation.

    Of a run without an answer, only the programme is looked at. Tables that cannot be read, or a programme with faults, are findings; then nothing else is looked at.
    """
    return settled(folder, _audit)


def _audit(folder: Path) -> Audit:
    info = read_info(folder)
    if is_simulation(info):
        raise RunError(f"{folder} is a simulation, which no audit proves; audit its plan, {info.get('plan', '')}.")
    answered = has_answer(folder, info)
    shapes = shapes_of(info)
    frames, found = read_frames(folder, shapes) if answered else ({}, [])
    reading = check(folder / PROGRAMME)
    for problem in reading.problems:
        found.append(Finding(PROGRAMME, problem.line, "", "programme-fault", str(problem)))
    if reading.programme is not None:
        found += check_digests(folder, info, reading.programme)
        if answered and not any(f.code in ("unreadable", "bad-cell") for f in found):
            look = audit_schedule if shapes is SCHEDULE_SHAPES else audit_tables
            found += look(reading.programme, info, frames)
            if shapes is SCHEDULE_SHAPES and "plan" in info:
                found += _beside_plan(folder, info, reading.programme, frames)
    rows = {name: len(next(iter(frame.values()))) for name, frame in frames.items()}
    return Audit(in_order(found, shapes), rows, unaudited(shapes))


def _beside_plan(
    folder: Path, info: Mapping[str, Any], programme: Programme, frames: Mapping[str, Frame]
) -> list[Finding]:
    """Return what a schedule says otherwise than its plan, which lies in its folder; a plan that is not there, or damaged, is a finding."""
    try:
        said = read_info(folder / PLAN)
    except RunError:
        return [Finding(RUN, None, "plan", "missing-plan", f"the plan that was scheduled is not in {PLAN}/.")]
    plan, found = read_frames(folder / PLAN)
    reading = check(folder / PLAN / PROGRAMME)
    if reading.programme is not None:
        found += check_digests(folder / PLAN, said, reading.programme)
    return found or audit_beside_plan(programme, info, frames, (said, plan))


def audit_tables(programme: Programme, info: Mapping[str, Any], frames: Mapping[str, Frame]) -> list[Finding]:
    """Return what the equations between tables and programme find, without digests and files."""
    book = book_of(programme, info, frames)
    return [finding for look in CHECKS for finding in look(book)]


def unaudited(shapes: Sequence[Shape] = SHAPES) -> tuple[str, ...]:
    """Return the columns that no equation proves, and what of `run.json` none does: their digests guard them."""
    columns = (f"{s.name}.{f.name}" for s in shapes for f in s.fields if not f.audited)
    unproved = SHOP_UNPROVED if shapes is SCHEDULE_SHAPES else UNPROVED
    return (*columns, *(f"run.json {name}" for name in unproved))


def in_order(findings: list[Finding], shapes: Sequence[Shape] = SHAPES) -> tuple[Finding, ...]:
    """Return findings by table (as a run lists them), row and code, `run.json` and the programme first."""
    places = {s.name: i for i, s in enumerate(shapes)}
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda f: (places.get(f.table, -1), f.row or 0, f.code, f.message)))
