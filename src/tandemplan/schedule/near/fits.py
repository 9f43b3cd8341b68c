"""What of a plan the schedule does by its day, and where the plan was too hopeful: by target, and by resource and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from tandemplan.arrays import Floats, texts
from tandemplan.results import schedule_shapes as shapes
from tandemplan.results.fields import Shape, Type
from tandemplan.results.store import Frame, Run
from tandemplan.schedule.near.causes import Causes, Lot
from tandemplan.schedule.near.shop import NearShop
from tandemplan.schedule.near.targets import Resource, Target

DAY = np.timedelta64(1, "D")
TINY = 1e-6  # hours, and units


@dataclass(frozen=True, eq=False)
class Fit:
    """A near horizon beside its schedule; `done[k, p]` is the share of target k that is done when period p of the horizon ends."""

    shop: NearShop
    schedule: Run

    @cached_property
    def periods(self) -> list[date]:
        """Return the first days of the periods."""
        near = self.shop.near
        return [near.begins(p) for p in range(near.first, near.last)]

    @cached_property
    def _events(self) -> Mapping[str, list[tuple[np.datetime64, float]]]:
        """Return when how many units are done, by demand of the schedule."""
        found: dict[str, list[tuple[np.datetime64, float]]] = {}
        for row in self.schedule.rows(shapes.DELIVERIES):
            found.setdefault(row["demand"], []).append((np.datetime64(row["delivered"], "s"), row["quantity"]))
        return found

    def events(self, target: Target) -> list[tuple[np.datetime64, float]]:
        """Return when how many units of a target are done, in order."""
        return sorted(self._events.get(target.demand, ()))

    def by(self, target: Target, moment: np.datetime64) -> float:
        """Return the units of a target that are done by a moment."""
        units = sum(q for at, q in self._events.get(target.demand, ()) if at <= moment)
        return target.quantity if units > target.quantity - TINY else units

    @cached_property
    def done(self) -> Floats:
        """Return the share of each target that is done when each period ends."""
        rows = [[self.by(t, end) / t.quantity for end in self._ends] for t in self.shop.targets]
        return np.array(rows).reshape(-1, len(self._ends))

    @cached_property
    def short(self) -> Floats:
        """Return the share of each target that waits for goods when each period ends: of lots that are not done then, and waited for an item."""
        found = np.zeros((len(self.shop.targets), len(self._ends)))
        for k, lots in enumerate(self.lots):
            for lot in lots:
                if lot.item:
                    found[k] += [lot.units * (lot.end is None or lot.end > end) for end in self._ends]
            found[k] /= self.shop.targets[k].quantity
        return found

    @cached_property
    def lots(self) -> Sequence[Sequence[Lot]]:
        """Return the lots of each target."""
        causes = Causes(self.schedule)
        return [causes.lots(t, t.bill) for t in self.shop.targets]

    @cached_property
    def _ends(self) -> list[np.datetime64]:
        near = self.shop.near
        return [np.datetime64(near.ends(p), "s") + DAY for p in range(near.first, near.last)]

    @cached_property
    def hours(self) -> Mapping[Resource, Floats]:
        """Return the hours of the shifts of each resource by period."""
        near = self.shop.near
        found = {}
        first = near.days.start
        bounds = [int(near.periods.starts[p]) - first for p in range(near.first, near.last)]
        for resource, members in self.shop.present.members.items():
            daily = sum(m.stations * np.floor(m.hours * 3600 + TINY) / 3600 for m in members)
            found[resource] = np.add.reduceat(np.asarray(daily, dtype=np.float64), bounds)
        return found

    @cached_property
    def planned(self) -> Mapping[Resource, Floats]:
        """Return the hours that targets take of each resource by period."""
        found = {r: np.zeros(len(self.periods)) for r in self.hours}
        for target in self.shop.targets:
            for resource, hours in target.hours.items():
                found[resource][self.periods.index(target.period)] += hours
        return found

    def tightest(self, target: Target) -> Resource | None:
        """Return the resource of which the plan uses the largest share in the period of a target, the first by name of equal ones."""
        k = self.periods.index(target.period)
        return min(target.hours, key=lambda r: (-round(self._use(r, k), 9), r), default=None)

    def _use(self, resource: Resource, period: int) -> float:
        return float(self.planned[resource][period] / max(self.hours[resource][period], TINY))

    @cached_property
    def late(self) -> Mapping[Resource, Floats]:
        """Return the hours of each period's targets that are not done when it ends."""
        return self._in_period(1 - self.done)

    @cached_property
    def waiting(self) -> Mapping[Resource, Floats]:
        """Return those of these hours whose work waited for goods."""
        return self._in_period(self.short)

    def _in_period(self, share: Floats) -> Mapping[Resource, Floats]:
        found = {r: np.zeros(len(self.periods)) for r in self.hours}
        for k, target in enumerate(self.shop.targets):
            p = self.periods.index(target.period)
            for resource, hours in target.hours.items():
                found[resource][p] += hours * share[k, p]
        return found

    @cached_property
    def behind(self) -> Mapping[Resource, Floats]:
        """Return by how many hours the work that a resource is tightest for falls behind in each period, less those that wait for goods then."""
        open_, waits = ({r: np.zeros(len(self.periods)) for r in self.hours} for _ in range(2))
        for k, target in enumerate(self.shop.targets):
            resource, p = self.tightest(target), self.periods.index(target.period)
            if resource is not None:
                open_[resource][p:] += target.hours[resource] * (1 - self.done[k, p:])
                waits[resource][p:] += target.hours[resource] * self.short[k, p:]
        return {
            r: np.maximum(np.maximum(np.diff(hours, prepend=0.0), 0.0) - waits[r], 0.0) for r, hours in open_.items()
        }


def fit_tables(fit: Fit) -> dict[str, Frame]:
    """Return the tables of targets and of capacity factors."""
    return {
        shapes.TARGETS.name: _frame(shapes.TARGETS, [_target_row(fit, t) for t in fit.shop.targets]),
        shapes.CAPACITY_FACTORS.name: _frame(shapes.CAPACITY_FACTORS, list(factor_rows(fit))),
    }


def no_fit() -> dict[str, Frame]:
    """Return the tables of a schedule that is not of a plan: without rows."""
    return {shape.name: _frame(shape, []) for shape in shapes.NEAR_SHAPES}


def _target_row(fit: Fit, target: Target) -> dict[str, Any]:
    due = np.datetime64(target.due + timedelta(days=1), "s")
    events = fit.events(target)
    in_time, late = fit.by(target, due), sum(q for at, q in events if at > due)
    tightest, lots = fit.tightest(target), fit.lots[fit.shop.targets.index(target)]
    return {
        "kind": target.kind,
        "name": target.name,
        "demand": target.demand,
        "item": target.item,
        "site": target.site,
        "period_start": target.period,
        "quantity": target.quantity,
        "due": due,
        "in_time": in_time,
        "late": late,
        "undone": max(target.quantity - in_time - late, 0.0),
        "done": max((at for at, _ in events), default=np.datetime64("NaT", "s")),
        "waiting": sum(lot.units for lot in lots if lot.item),
        "waited_for": max(lots, key=lambda lot: (bool(lot.item), lot.units)).item if lots else "",
        "tightest": "" if tightest is None else fit.shop.present.names[tightest],
    }


def factor_rows(fit: Fit) -> Sequence[dict[str, Any]]:
    """Return the rows of capacity factors, of resources that the plan uses in the horizon."""
    rows = []
    for resource, planned in fit.planned.items():
        if planned.max(initial=0.0) <= TINY:
            continue
        for k, period in enumerate(fit.periods):
            available, behind = float(fit.hours[resource][k]), float(fit.behind[resource][k])
            row = {
                "resource": resource[1],
                "kind": resource[0],
                "site": fit.shop.present.site[resource],
                "period_start": period,
                "available_hours": available,
                "planned_hours": float(planned[k]),
                "late_hours": float(fit.late[resource][k]),
                "waiting_hours": float(fit.waiting[resource][k]),
                "behind_hours": behind,
                "factor": 1.0
                if behind <= TINY or available <= TINY
                else min(max((planned[k] - behind) / available, 0.0), 1.0),
            }
            rows.append(row)
    return rows


def _frame(shape: Shape, rows: Sequence[Mapping[str, Any]]) -> Frame:
    frame: dict[str, Any] = {}
    for field in shape.fields:
        cells = [row[field.name] for row in rows]
        if field.type is Type.TEXT:
            frame[field.name] = texts(cells)
        elif field.type is Type.UNITS:
            frame[field.name] = np.array(cells, dtype=np.float64)
        else:
            frame[field.name] = np.array(cells, dtype="datetime64[D]" if field.type is Type.DATE else "datetime64[s]")
    return frame
