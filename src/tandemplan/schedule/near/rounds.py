"""The near horizon of a plan scheduled: a run with what of the plan does not fit, and the rounds in which the plan corrects itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from tandemplan.interrupts import pending
from tandemplan.model.programme import Programme
from tandemplan.results import shape
from tandemplan.results.store import Run
from tandemplan.schedule.answer import Progress, ScheduleOptions, schedule
from tandemplan.schedule.near.fits import DAY, Fit, fit_tables
from tandemplan.schedule.near.handing import Cut, Key, cuts_of, merged, with_cuts
from tandemplan.schedule.near.horizon import Near, near_of
from tandemplan.schedule.near.shop import near_shop
from tandemplan.schedule.near.targets import DELIVERY

WEEK, SAME = 7.0, 0.01  # days, and the share of them that a wait may be longer by


@dataclass(frozen=True, eq=False)
class NearSchedule:
    """The schedule of a near horizon: its run, the programme of processes that it is of, and beside the plan what of it fits."""

    run: Run
    programme: Programme
    fit: Fit

    @property
    def near(self) -> Near:
        """Return the part of the plan that was scheduled."""
        return self.fit.shop.near


@dataclass(frozen=True, eq=False)
class Round:
    """A plan and the schedule of its near horizon. `cuts` are all that were taken from the resources of the first plan.

    `late_unit_days` are those of the customers' demands that are due before the horizon ends, as the schedule delivers them, by class in order, what is not
    delivered waiting until then; `demanded` are the units of the class. `in_time` and `late` are hours of work that is done by the end of its period, and that is not.
    """

    scheduled: NearSchedule
    cuts: tuple[Cut, ...]
    late_unit_days: tuple[float, ...]
    demanded: tuple[float, ...]
    in_time: float
    late: float


PlanAgain = Callable[[Programme, Near], Run]


def schedule_near(near: Near, options: ScheduleOptions, progress: Callable[[Progress], None]) -> NearSchedule:
    """Return the schedule of a plan's near horizon; `run.json` names the plan, and two tables say what of it does not fit."""
    shop = near_shop(near)
    run = schedule(shop.programme, options, progress)
    fit = Fit(shop, run)
    about = {"plan": near.plan.info["run"], "from": near.since.isoformat(), "until": near.until.isoformat()}
    tables = {**run.tables, **fit_tables(fit)}
    return NearSchedule(Run({**run.info, **about}, tables), shop.programme, fit)


def corrected(
    near: Near,
    options: ScheduleOptions,
    rounds: int,
    plan_again: PlanAgain,
    progress: Callable[[Progress], None],
) -> tuple[list[Round], int]:
    """Return the rounds in which a plan is scheduled, loses the hours that it was too hopeful of, and is planned again; and which is best.

    The first is the plan as it is; `rounds` more follow at most. They end where nothing falls behind, where the changed programme has no plan, and with
    Ctrl-C. A round takes seven tenths of the hours that fell behind. `plan_again` plans a changed programme.
    """
    first, found, cuts = near, [], dict[Key, Cut]()
    for number in range(rounds + 1):
        found.append(_round(schedule_near(near, options, progress), tuple(cuts.values())))
        more = cuts_of(found[-1].scheduled.fit)
        if not more or number == rounds or pending():
            break
        cuts = merged(cuts, more)
        programme = with_cuts(first.programme, list(cuts.values()))
        plan = plan_again(programme, first)
        if shape.PRODUCTION.name not in plan.tables:
            break
        near = near_of(programme, plan, first.since, first.until)
    return found, best_of(found)


def best_of(rounds: Sequence[Round]) -> int:
    """Return the number of the best round.

    Over classes in order, those stay in which customers wait no more than in the best of them, but for a hundredth of a week for each unit; of these
    the best has most hours of work done in their period, less those that are not. Of equal ones it is the first.
    """
    left = list(range(len(rounds)))
    for c, units in enumerate(rounds[0].demanded):
        waits = {k: rounds[k].late_unit_days[c] for k in left}
        left = [k for k in left if waits[k] <= min(waits.values()) + SAME * WEEK * units]
    return max(left, key=lambda k: (round(rounds[k].in_time - rounds[k].late, 6), -k))


def _round(scheduled: NearSchedule, cuts: tuple[Cut, ...]) -> Round:
    fit = scheduled.fit
    late = sum(float(v.sum()) for v in fit.late.values())
    planned = sum(float(v.sum()) for v in fit.planned.values())
    waits, units = served(scheduled)
    return Round(scheduled, cuts, waits, units, planned - late, late)


def served(scheduled: NearSchedule) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the late unit-days of demands that are due before the horizon ends, by class, as the schedule delivers them, and their units.

    What the plan delivered before the horizon began counts as planned; what is not delivered when it ends is late until then.
    """
    near = scheduled.near
    end = np.datetime64(near.until, "s")
    delivered = _delivered(scheduled)
    found: dict[int, float] = {}
    asked: dict[int, float] = {}
    for row in near.plan.rows(shape.DEMAND_SUMMARY):
        due = np.datetime64(row["due"] + timedelta(days=1), "s")
        rank = row["demand_class"]
        found.setdefault(rank, 0.0)
        asked.setdefault(rank, 0.0)
        if due > end:
            continue
        asked[rank] += row["quantity"]
        left = row["quantity"]
        for moment, units in sorted(delivered.get(row["demand"], ())):
            taken = min(units, left)
            left -= taken
            found[rank] += taken * max((moment - due) / DAY, 0.0)
        found[rank] += left * max((end - due) / DAY, 0.0)
    return tuple(found[rank] for rank in sorted(found)), tuple(asked[rank] for rank in sorted(asked))


def _delivered(scheduled: NearSchedule) -> dict[str, list[tuple[np.datetime64, float]]]:
    near, fit = scheduled.near, scheduled.fit
    found: dict[str, list[tuple[np.datetime64, float]]] = {}
    for row in near.plan.rows(shape.DELIVERIES):
        if row["delivered"] < near.since:
            moment = np.datetime64(row["delivered"] + timedelta(days=1), "s")
            found.setdefault(row["demand"], []).append((moment, row["quantity"]))
    for target in fit.shop.targets:
        if target.kind == DELIVERY:
            found.setdefault(target.name, []).extend(fit.events(target))
    return found


def told(rounds: Sequence[Round], best: int, run: Run) -> Run:
    """Return a run whose `run.json` says what came of each round, and which was kept."""
    said = [
        {
            "round": k,
            "plan": r.scheduled.near.plan.info["run"],
            "late_unit_days": [round(d, 6) for d in r.late_unit_days],
            "hours_in_time": round(r.in_time, 6),
            "hours_late": round(r.late, 6),
            "kept": k == best,
        }
        for k, r in enumerate(rounds)
    ]
    return replace(run, info={**run.info, "rounds": said})
