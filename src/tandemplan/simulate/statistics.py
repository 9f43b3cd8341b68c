"""From the outcomes of all replications to result tables: how sure every promise is, each figure with its 95 % interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from tandemplan.arrays import texts
from tandemplan.model.programme import Programme
from tandemplan.results.fields import Shape, Type
from tandemplan.results.origin_shapes import ORIGIN
from tandemplan.results.shape import LOAD, TASKS
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import Frame, Run
from tandemplan.simulate.columns import Columns, dated, estimate
from tandemplan.simulate.each import replication_columns, unit_columns
from tandemplan.simulate.effects import effect_columns
from tandemplan.simulate.fans import cash_columns, fan_columns, shares
from tandemplan.simulate.groups import Case
from tandemplan.simulate.intervals import chances, means, quantiles
from tandemplan.simulate.outcomes import Outcomes
from tandemplan.simulate.promises import group_columns, on_time_share, promise_columns, sureness
from tandemplan.simulate.rates import rate_columns


def tables_of(
    outcomes: Outcomes, programme: Programme, run: Run, compared: Mapping[str, Columns] | None = None
) -> dict[str, Frame]:
    """Return all result tables of a simulation of a plan, in the shapes of `results/simulation_shapes.py`.

    `compared` are the columns of tables that other worlds were run for. What the programme does not speak of has no rows. KeyError is raised where the outcomes tell of demands that the programme lacks.
    """
    case = Case(outcomes, programme, run)
    cash_fan, cash_low = cash_columns(case)
    found: Mapping[str, Columns] = {
        "promises": promise_columns(case),
        "promise_groups": group_columns(case) if case.groups else {},
        "fan": fan_columns(case),
        "rate_chances": rate_columns(case),
        "task_chances": task_columns(case),
        "cash_fan": cash_fan,
        "cash_low": cash_low,
        "origin_chances": origin_columns(case),
        "utilisation": utilisation_columns(case),
        "risk_effects": effect_columns(outcomes, case.periods.days),
        "outcomes": replication_columns(case),
        "outcome_units": unit_columns(case),
        **(compared or {}),
    }
    return {s.name: _framed(s, found.get(s.name, {})) for s in SIMULATION_SHAPES}


def half_width(outcomes: Outcomes, programme: Programme, run: Run) -> float:
    """Return how far the least sure figure of a class may be off, with 95 % confidence: what `precision` limits.

    It is the largest half-width, over classes, of the intervals of three probabilities: that all of the class is on time, that all of it is
    delivered in the end, and that a unit of it is on time (its mean share). Where nothing is asked for it is 0, where there are too few
    replications for an interval infinite.
    """
    case = Case(outcomes, programme, run)
    widths = [0.0]
    for rank in np.unique(case.promises.demand_class):
        members = case.promises.demand_class == rank
        told = (*sureness(case, members), means(on_time_share(outcomes, members)).clipped(0, 1))
        widths += [float(t.half()) for t in told if not np.isnan(t.value)]
    return float("inf") if np.isnan(widths).any() else max(widths)


def task_columns(case: Case) -> Columns:
    """Return the table of tasks: when each is done, against the plan's day."""
    outcomes, periods = case.outcomes, case.periods
    planned = {r["task"]: r for r in case.run.rows(TASKS) if r["occurrence"] == 1}
    start = np.array([planned[t]["start"] if t in planned else None for t in outcomes.tasks], dtype="datetime64[D]")
    end = np.array([planned[t]["end"] if t in planned else None for t in outcomes.tasks], dtype="datetime64[D]")
    last = periods.numbers(end, -1)
    ends = outcomes.task_end.astype(np.float64)
    known = np.where(np.isnat(end), 0, len(outcomes))
    return {
        "task": texts(outcomes.tasks),
        "planned_start": start,
        "planned_end": end,
        **estimate("by_planned_chance", chances((np.floor(ends) <= last).sum(axis=0), known)),
        **estimate("never_chance", chances((~(ends < periods.days)).sum(axis=0), len(outcomes))),
        **dated("end", quantiles(np.where(ends < periods.days, ends, np.inf), case.levels), periods.start),
    }


def origin_columns(case: Case) -> Columns:
    """Return the table of shares from outside by item, against the tightest limit at the last day of evidence that the plan shows."""
    outcomes = case.outcomes
    limit, planned = np.full(len(outcomes.shared), np.nan), np.full(len(outcomes.shared), np.nan)
    for i, item in enumerate(outcomes.shared):
        told = [r for r in case.run.rows(ORIGIN) if r["product"] == item]
        if told:
            last = max(r["evidence"] for r in told)
            tightest = min((r for r in told if r["evidence"] == last), key=lambda r: float(r["limit"]))
            limit[i], planned[i] = tightest["limit"], tightest["share"]
    above = (outcomes.share > limit + 1e-6).sum(axis=0)
    return {
        "item": texts(outcomes.shared),
        "limit": limit,
        "planned": planned,
        **shares(outcomes.share.astype(np.float64), case.levels, "share"),
        **estimate(
            "above_chance", chances(above, np.where(np.isnan(limit), 0, (~np.isnan(outcomes.share)).sum(axis=0)))
        ),
    }


def utilisation_columns(case: Case) -> Columns:
    """Return the table of resources: hours used over hours there, over the whole plan."""
    outcomes = case.outcomes
    used: dict[str, float] = defaultdict(float)
    there: dict[str, float] = defaultdict(float)
    about: dict[str, tuple[str, str]] = {}
    for r in case.run.rows(LOAD):
        used[r["resource"]] += r["used_hours"]
        there[r["resource"]] += r["available_hours"]
        about[r["resource"]] = (r["kind"], r["site"])
    hours = outcomes.open_hours.astype(np.float64)
    return {
        "resource": texts(outcomes.resources),
        "kind": texts(about.get(n, ("", ""))[0] for n in outcomes.resources),
        "site": texts(about.get(n, ("", ""))[1] for n in outcomes.resources),
        "planned": np.array(
            [used[n] / there[n] if there[n] > 0 else np.nan for n in outcomes.resources], dtype=np.float64
        ),
        **shares(outcomes.used / np.where(hours > 0, hours, np.nan), case.levels, "used"),
    }


_EMPTY: Mapping[Type, Any] = {Type.TEXT: object, Type.DATE: "datetime64[D]", Type.WHOLE: np.int64}


def _framed(shape: Shape, columns: Columns) -> Frame:
    """Return the columns of a table in the order of its shape, numbers as its file has them; without rows where there are none."""
    if not columns:
        return {f.name: np.empty(0, _EMPTY.get(f.type, np.float64)) for f in shape.fields}
    digits = {Type.UNITS: 6, Type.MONEY: 2}
    return {
        f.name: np.round(columns[f.name], digits[f.type]) if f.type in digits else columns[f.name] for f in shape.fields
    }
