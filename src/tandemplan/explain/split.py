"""The difference of two plans, split by cause: one change of the input after another, each part by a plan of its own.

Parts add up exactly to the difference: they are counted in millionths, in whole numbers. Along an order, the part of a cause is what
changes when it is added to those before it. Shapley's value (Shapley 1953) is the mean of that over all orders.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, groupby, product
from math import factorial
from typing import Any

from tandemplan.model.checks import check_programme
from tandemplan.model.differences import SETTINGS, WHOLE_ROW, Change, between, input_changes
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Item
from tandemplan.results.shape import CLASSES, COSTS, DEMAND_SUMMARY
from tandemplan.results.store import Run, RunError

Measure = tuple[str, str, str, str]  # what is measured, of what kind of thing, of which, in what unit
Values = Mapping[Measure, int]  # in millionths
Solve = Callable[[Programme], Run]

ORDER, SHAPLEY = METHODS = ("order", "shapley")
CELL, ROW, TABLE = LEVELS = ("cell", "row", "table")
FEW = 6  # causes up to which they are told cell by cell, or row by row
MOST_SHARED = 5  # causes of which all orders are planned: 30 plans in between
MICRO = 1_000_000
PLANNING = "planning"  # the table of a cause that is no input: options of the plan, versions of the programs
UNREAD_TABLES, UNREAD_COLUMNS = ("sources", "claims"), ("name", "note", "source")
MEASURES = ("on_time", "late", "lost", "late_unit_days")
LOST_REVENUE = ("lost revenue", "lost_revenue")  # what is not spent


class SplitError(ValueError):
    """Raised when a difference cannot be split as it was asked for; the message says what can be done."""


@dataclass(frozen=True)
class Cause:
    """Changes of the input that are made together; `table` `planning`: no input, but options or versions of the planning."""

    changes: tuple[Change, ...] = ()
    table: str = PLANNING


@dataclass(frozen=True)
class Part:
    """What a cause does: by measure in millionths, only what is not 0."""

    cause: Cause
    values: Values


@dataclass(frozen=True)
class Split:
    """A difference, split: its parts in the order in which they were added, the plans that it took, and their seconds."""

    method: str
    parts: tuple[Part, ...]
    plans: int = 0
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Planned:
    """A run that holds a plan, and its programme."""

    run: Run
    programme: Programme


def causes_of(first: Programme, second: Programme, by: str = "") -> tuple[Cause, ...]:
    """Return what differs between two programmes and can be read by a plan, as causes in the order in which they are made.

    Settings come first, then rows that change or come, table by table; rows that go are last, from the last table to the first.
    `by` is `cell`, `row` or `table`; blank: the finest of them that makes at most 6 causes, or tables.
    """
    read = [c for c in input_changes(first, second) if is_read(c)]
    if by not in ("", *LEVELS):
        raise SplitError(f"by is '{by}'; it is one of {', '.join(LEVELS)}.")
    for level in [by] if by else LEVELS:
        found = _grouped(read, level)
        if len(found) <= FEW or level == TABLE:
            return found
    return _grouped(read, by)


def is_read(change: Change) -> bool:
    """Tell whether a plan can hang on a cell that changed: names, notes and sources are for people."""
    return not (change.table in UNREAD_TABLES or change.column in UNREAD_COLUMNS or change.column.startswith("x_"))


def _grouped(changes: Sequence[Change], level: str) -> tuple[Cause, ...]:
    goes = [c for c in changes if c.column == WHOLE_ROW and c.second == "absent"]
    stays = [c for c in changes if c not in goes]
    keys: Mapping[str, Callable[[Change], tuple[str, ...]]] = {
        CELL: lambda c: (c.table, c.row, c.column),
        ROW: lambda c: (c.table, c.row, c.column if c.table == SETTINGS else ""),
        TABLE: lambda c: (c.table,),
    }
    groups = [list(g) for part in (stays, goes[::-1]) for _, g in groupby(part, keys[level])]
    return tuple(Cause(tuple(g), g[0].table) for g in groups)


def plans_needed(causes: Sequence[Cause], method: str = ORDER) -> int:
    """Return how many plans in between a split takes, where each of them can be made.

    >>> plans_needed([Cause()] * 3), plans_needed([Cause()] * 3, SHAPLEY)
    (2, 6)
    """
    n = len(causes)
    return max(n - 1, 0) if method == ORDER else max(2**n - 2, 0)


def split(first: Planned, second: Planned, solve: Solve, *, method: str = ORDER, by: str = "") -> Split:
    """Return the difference of the second plan from the first, split by what differs between their programmes.

    `solve` plans a programme with the options of the second run. Where the first was planned otherwise (other options, or versions), it
    is planned again, and what that changes is a part of its own. A cause that leaves no programme without faults, or no plan, is
    made together with the next one. Raises SplitError where a run holds no plan, the
    method cannot be used, or the second run was planned by other versions than these.
    """
    if method not in METHODS:
        raise SplitError(f"method is '{method}'; it is one of {', '.join(METHODS)}.")
    for side in (first, second):
        if not has_plan(side.run):
            raise SplitError(f"{side.run.info['run']} holds no plan, so there is nothing to split.")
    begin = time.perf_counter()
    tried = _Tried(first, second, solve)
    one, two = (_way(p.run) for p in (first, second))
    was, now = (values_of(p.run, p.programme) for p in (first, second))
    start = was if one == two else _needed(_plan_of(tried, first.programme), first)
    causes = causes_of(first.programme, second.programme, by)
    ends = (start, now)
    parts = _in_order(tried, causes, ends) if method == ORDER else _shared(tried, causes, ends)
    planning = [Part(Cause(), less(start, was))] if one != two else []
    return Split(method, (*planning, *parts), len(tried.ways), time.perf_counter() - begin)


@dataclass(frozen=True)
class _Tried:
    """What programmes between two have come to: `known` their values by the changes made (None: no plan), `ways` how each was planned."""

    first: Planned
    second: Planned
    solve: Solve
    known: dict[frozenset[Change], Values | None] = field(default_factory=dict)
    ways: list[object] = field(default_factory=list)


def _in_order(tried: _Tried, causes: Sequence[Cause], ends: tuple[Values, Values]) -> list[Part]:
    """Return the part of each cause, added to those before it."""
    made: list[Change] = []
    held: list[Cause] = []
    parts, (before, end) = [], ends
    for k, cause in enumerate(causes):
        held.append(cause)
        new = [c for h in held for c in h.changes]
        after = end if k == len(causes) - 1 else _values(tried, [*made, *new])
        if after is not None:
            parts.append(Part(Cause(tuple(new), held[0].table), less(after, before)))
            made, held, before = [*made, *new], [], after
    return parts


def _shared(tried: _Tried, causes: Sequence[Cause], ends: tuple[Values, Values]) -> list[Part]:
    """Return the part of each cause, as the mean over all orders; what rounding leaves goes to the largest part."""
    n = len(causes)
    if n > MOST_SHARED:
        message = f"{n} causes have {2**n - 2:,} plans in between; at most {MOST_SHARED} causes are shared."
        raise SplitError(f"{message} Split in order, or by tables.")
    found = {s: _of_set(tried, causes, s, ends) for r in range(n + 1) for s in combinations(range(n), r)}
    parts = [_mean_part(found, i, n) for i in range(n)]
    for m, whole in less(ends[1], ends[0]).items():
        largest = max(parts, key=lambda p: abs(p.get(m, 0)))
        largest[m] = largest.get(m, 0) + whole - sum(p.get(m, 0) for p in parts)
    return [Part(c, {m: v for m, v in p.items() if v}) for c, p in zip(causes, parts, strict=True)]


def _mean_part(found: Mapping[tuple[int, ...], Values], i: int, n: int) -> dict[Measure, int]:
    """Return Shapley's value of cause `i` of `n`: over the sets s without it, |s|! (n - |s| - 1)! / n! of what it adds."""
    total: dict[Measure, Fraction] = {}
    for s in [s for s in found if i not in s]:
        weight = Fraction(factorial(len(s)) * factorial(n - len(s) - 1), factorial(n))
        for m, v in less(found[tuple(sorted((*s, i)))], found[s]).items():
            total[m] = total.get(m, Fraction(0)) + weight * v
    return {m: round(v) for m, v in total.items()}


def _of_set(tried: _Tried, causes: Sequence[Cause], chosen: tuple[int, ...], ends: tuple[Values, Values]) -> Values:
    if len(chosen) in (0, len(causes)):
        return ends[1 if chosen else 0]
    found = _values(tried, [c for k in chosen for c in causes[k].changes])
    if found is None:
        raise SplitError("Some of these changes have no plan without the others. Split in order, or by tables.")
    return found


def _values(tried: _Tried, changes: Sequence[Change]) -> Values | None:
    """Return what the plan with some of the changes comes to; None where these leave faults, or no plan."""
    key = frozenset(changes)
    if key not in tried.known:
        programme = between(tried.first.programme, tried.second.programme, changes)
        tried.known[key] = None if check_programme(programme) else _plan_of(tried, programme)
    return tried.known[key]


def _plan_of(tried: _Tried, programme: Programme) -> Values | None:
    run = tried.solve(programme)
    tried.ways.append(_way(run))
    if _way(run)[1] != _way(tried.second.run)[1]:
        message = f"{tried.second.run.info['run']} was planned by other versions than those here; plan it again, and split then."
        raise SplitError(message)
    return values_of(run, programme) if has_plan(run) else None


def _needed(values: Values | None, side: Planned) -> Values:
    if values is None:
        raise SplitError(f"{side.run.info['run']} has no plan when it is planned as the other run was.")
    return values


def has_plan(run: Run) -> bool:
    """Tell whether a run holds a plan that was sought: one that was stopped before holds none that means anything.

    Raises RunError where tables of the plan are gone: what rests on the others would not be the plan's.
    """
    gone = [name for name in run.changed if name.endswith(".csv") and name.removesuffix(".csv") not in run.tables]
    if gone and run.info["status"] in ("optimal", "feasible"):
        raise RunError(f"The run {run.info['run']} is damaged: {', '.join(gone)} is gone. Plan again.")
    return run.info["status"] in ("optimal", "feasible") and CLASSES.name in run.tables


def _way(run: Run) -> tuple[Any, Any]:
    """Return how a run was planned: its options and versions."""
    return run.info.get("options"), run.info.get("versions")


def values_of(run: Run, programme: Programme) -> Values:
    """Return what a plan comes to: units and unit-days late of all, of classes and of demands, and the cost, term by term.

    What is spent counts in the cost of all, sales that are lost do not.
    """
    found: dict[Measure, int] = {}

    def add(key: Measure, value: float) -> None:
        found[key] = found.get(key, 0) + round(value * MICRO)

    units, currency = dict(zip(programme[Item].item, programme[Item].unit, strict=True)), programme.settings.currency
    for row in run.rows(CLASSES):
        add(("value", "class", str(row["demand_class"]), ""), row["value"])
    for row in run.rows(DEMAND_SUMMARY):
        whose = (("all", ""), ("class", str(row["demand_class"])), ("demand", row["demand"]))
        for what, (kind, name) in product(MEASURES, whose):
            add((what, kind, name, units.get(row["item"], "each")), row[what])
    for row in run.rows(COSTS):
        add(("cost", "term", row["term"], currency), row["amount"])
        if row["term"] not in LOST_REVENUE:
            add(("cost", "all", "", currency), row["amount"])
    return found


def less(after: Values, before: Values) -> Values:
    """Return after less before, only what is not 0."""
    keys = dict.fromkeys([*before, *after])
    found = {k: after.get(k, 0) - before.get(k, 0) for k in keys}
    return {k: v for k, v in found.items() if v}
