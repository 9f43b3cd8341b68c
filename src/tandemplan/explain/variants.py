"""What a plan would be otherwise, one thing at a time: with another source believed, or without a decision that is pinned. Each is planned again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tandemplan.explain.split import MICRO, Measure, Planned, Solve, Values, has_plan, is_read, less, values_of
from tandemplan.model.changes import Change, apply
from tandemplan.model.checks import check_programme
from tandemplan.model.differences import input_changes
from tandemplan.model.programme import Programme
from tandemplan.model.scenario import dated_event
from tandemplan.model.schema import Claim, OpenOrder, Option

PLANNED, UNREAD, FAULTY, NO_PLAN = "planned", "not read", "faulty", "no plan"


@dataclass(frozen=True)
class Variant:
    """A programme that differs in one thing: its `name`, `cell` (table, key, column), the value `now` and `then`, who says so; `fault`: why it is none."""

    name: str
    cell: tuple[str, str, str]
    now: str
    then: str
    programme: Programme | None
    subject: str = ""
    by: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Effect:
    """What a variant does to the plan: `outcome` planned, not read (no plan can hang on it), faulty or no plan; what changes, in millionths."""

    variant: Variant
    outcome: str
    values: Values = field(default_factory=dict)


def claim_variants(programme: Programme) -> Iterator[Variant]:
    """Yield the programme with each claim that is not chosen and speaks of a cell, where the cell says otherwise."""
    for c in programme[Claim].rows():
        if c.chosen or not c.table:
            continue
        change = Change(c.table, c.key, c.column, c.operation, c.value, c.from_date, c.to_date, f"claim {c.claim}")
        if c.from_date is None:
            other, problems = apply(programme, [change])
        else:
            other, problems = dated_event(programme, change, c.claim), []
        then = c.value if c.operation == "set" else str(change).rpartition("] ")[2].partition(" ")[2]
        about = Variant(c.claim, (c.table, c.key, c.column), "", then, other, c.subject, c.by)
        found = input_changes(programme, other)
        now = "; ".join(dict.fromkeys(d.first for d in found if d.column == c.column))
        if problems:
            yield replace(about, programme=None, fault=problems[0].message)
        elif found:
            yield replace(about, now=now)


def pin_variants(programme: Programme) -> Iterator[Variant]:
    """Yield the programme without each decision that is pinned: open orders of the status `pinned`, and options that are chosen."""
    orders = programme[OpenOrder]
    for i, o in enumerate(orders.rows()):
        if o.status == "pinned":
            rest = programme.replace(orders.take([k for k in range(len(orders)) if k != i]))
            said = f"{o.quantity_units:g} {o.item} on {o.promised}"
            yield Variant(o.order, ("open_orders", o.order, "row"), said, "absent", rest, by=o.offer)
    options = programme[Option]
    for i, x in enumerate(options.rows()):
        if x.chosen is not None:
            chosen = options.chosen.copy()
            chosen[i] = np.datetime64("NaT")
            rest = programme.replace(options.with_column("chosen", chosen))
            yield Variant(x.option, ("options", x.option, "chosen"), str(x.chosen), "free", rest)


def effects(base: Planned, variants: Iterable[Variant], solve: Solve, gap: float = 0.0) -> tuple[Effect, ...]:
    """Return what each variant changes against the plan of a run, the largest effect first.

    `solve` plans with the options of the run. Ranked by what changes of the value of the first class, then of the next, then of the cost, in
    shares of the plan's own; less than `gap` is no change. Those that have no plan come first.
    """
    own = values_of(base.run, base.programme)
    found = [_effect(base, v, own, solve) for v in variants]
    return tuple(sorted(found, key=lambda e: _place(e, own, gap)))


def _effect(base: Planned, variant: Variant, own: Values, solve: Solve) -> Effect:
    programme = variant.programme
    if programme is None or check_programme(programme):
        return Effect(variant, FAULTY)
    if not any(map(is_read, input_changes(base.programme, programme))):
        return Effect(variant, UNREAD)
    run = solve(programme)
    return Effect(variant, PLANNED, less(values_of(run, programme), own)) if has_plan(run) else Effect(variant, NO_PLAN)


def shifts(effect: Effect, own: Values, gap: float) -> list[float]:
    """Return by what share each objective changes: classes in order, then the cost; 0 within the gap."""
    keys = sorted((k for k in {*own, *effect.values} if k[0] == "value"), key=lambda k: int(k[2]))
    costs = sorted(k for k in {*own, *effect.values} if k[:2] == ("cost", "all"))
    return [_share(effect.values, own, k, gap) for k in (*keys, *costs)]


def _share(values: Values, own: Mapping[Measure, int], key: Measure, gap: float) -> float:
    change, size = abs(values.get(key, 0)) / MICRO, max(abs(own.get(key, 0)) / MICRO, 1.0)
    return 0.0 if change <= gap * size + 1e-4 else change / size


def _place(effect: Effect, own: Values, gap: float) -> tuple[object, ...]:
    order = (NO_PLAN, PLANNED, UNREAD, FAULTY).index(effect.outcome)
    return (order, [-s for s in shifts(effect, own, gap)], effect.variant.name)


def plans_needed(base: Programme, variants: Iterable[Variant]) -> int:
    """Return how many of some variants are planned: not those that are faulty, or that no plan reads."""
    return sum(v.programme is not None and any(map(is_read, input_changes(base, v.programme))) for v in variants)
