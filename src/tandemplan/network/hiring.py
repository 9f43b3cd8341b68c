"""Hires: who may come to work when, and what a hire and a trained person bring, period by period."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Skill
from tandemplan.network.cells import whole_days
from tandemplan.network.hours import Hours, Staff, survivors

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trained:
    """What one hire who is trained on the first day of a period brings in it (skills x periods).

    Hours at work and of overtime, hours paid, people present (mean), and the share still there on the first day of the next period.
    """

    hours: Floats
    overtime: Floats
    paid: Floats
    present: Floats
    kept: Floats


@dataclass(frozen=True, eq=False)
class Cohorts:
    """What one hire brings in the periods in which hires of that day train, and in the rest of the last of these.

    Entry k speaks of people of `skill[k]` whose first day at work is that of period `came[k]`, in `period[k]`. `hours` are those
    at work less those that trainers give, `there` are people on the first day of the period, `trainee` those of them in training,
    `trained` and `training` people over the period (means), `graduates` those there and trained on the first day of the next one.
    """

    skill: Ints
    came: Ints
    period: Ints
    hours: Floats
    overtime: Floats
    paid: Floats
    there: Floats
    trainee: Floats
    trained: Floats
    training: Floats
    graduates: Floats


@dataclass(frozen=True, eq=False)
class Hiring:
    """Skills that may hire, in table order; arrays are (skills x periods) where nothing else is said.

    `resource` is the row of each skill in `Hours`. `open` says in which periods hires may come to work, `state` in which some may
    be trained; `pace` is the most people hired, `room` the most hires there may be and `heads` the people of the start on the
    first day (inf: no limit); `per_trainer` trainees to each trained person (inf: no limit) and `training_cost` of a hire by skill.
    """

    names: tuple[str, ...]
    resource: Ints
    open: NDArray[np.bool_]
    state: NDArray[np.bool_]
    pace: Floats
    room: Floats
    heads: Floats
    per_trainer: Floats
    training_cost: Floats
    trained: Trained
    cohorts: Cohorts

    @property
    def overtime(self) -> NDArray[np.bool_]:
        """Return in which periods a trained person may work overtime."""
        return self.trained.overtime > 0


def hiring_of(programme: Programme, periods: Periods, hours: Hours) -> Hiring:
    """Return who may be hired; without any skill that hires, arrays without rows. `docs/semantics.md`, People."""
    table = programme[Skill]
    rows = np.flatnonzero(table.hires_per_week > 0)
    at = {n: k for k, n in enumerate(hours.names) if hours.kinds[k] == "skill"}
    heads = hours.staff.heads[rows][:, periods.starts]
    recruiting, training = whole_days(table.recruit_days[rows]), whole_days(table.training_days[rows])
    open_ = periods.starts >= recruiting[:, None]
    last = np.minimum(periods.of(periods.starts + np.maximum(training, 1)[:, None] - 1), len(periods) - 1)
    state = np.arange(len(periods)) > np.where(open_, last, len(periods)).min(axis=1, initial=len(periods))[:, None]
    return Hiring(
        names=tuple(table.skill[rows]),
        resource=ints(at[n] for n in table.skill[rows]),
        open=open_,
        state=state,
        pace=table.hires_per_week[rows][:, None] * periods.lengths / 7,
        room=np.maximum(_or_none(table.most_headcount[rows]) - heads, 0.0),
        heads=heads,
        per_trainer=_or_none(table.trainees_per_trainer[rows]),
        training_cost=table.training_cost[rows],
        trained=_trained(programme, periods, hours.staff, rows),
        cohorts=_joined(
            [_cohorts(periods, hours.staff, table.row(int(k)), (j, int(k)), last[j]) for j, k in enumerate(rows)]
        ),
    )


def _or_none(most: Floats) -> Floats:
    return np.where(np.isnan(most), np.inf, most)[:, None]


def _trained(programme: Programme, periods: Periods, staff: Staff, rows: Ints) -> Trained:
    table = programme[Skill]
    rate = table.attrition_per_year[rows][:, None]
    since = np.arange(periods.days) - np.repeat(periods.starts, periods.lengths)
    there = survivors(rate, since)
    worked = periods.sums(there * staff.open[rows])
    return Trained(
        hours=worked * table.hours_per_week[rows][:, None],
        overtime=worked * table.overtime_hours_per_week[rows][:, None],
        paid=periods.sums(there * staff.week[rows]) * table.hours_per_week[rows][:, None],
        present=periods.sums(there) / periods.lengths,
        kept=survivors(rate, periods.lengths),
    )


def _cohorts(periods: Periods, staff: Staff, skill: Skill, at: tuple[int, int], last: Ints) -> Cohorts:
    """Return the cohorts of one skill, `at` its place among those that hire and its row; `last` is each one's last period."""
    recruiting, training = (int(d) for d in whole_days([skill.recruit_days, skill.training_days]))
    came = np.flatnonzero(periods.starts >= recruiting)
    begin, end = periods.starts[came], periods.starts[last[came]] + periods.lengths[last[came]]
    cohort = np.repeat(np.arange(len(came)), end - begin)
    day = np.arange(len(cohort)) + np.repeat(begin - np.cumsum(end - begin) + (end - begin), end - begin)
    period = periods.of(day)
    new = np.flatnonzero(np.diff(period, prepend=-1) | np.diff(cohort, prepend=-1))
    since = day - begin[cohort]
    there, learns = survivors(skill.attrition_per_year, since), since < training
    teaching = 0.0 if skill.trainees_per_trainer is None else 1 / skill.trainees_per_trainer
    work = there * staff.open[at[1]][day]

    def sums(daily: Floats) -> Floats:
        return np.add.reduceat(daily, new) if len(new) else daily

    cohort, period, length = cohort[new], period[new], periods.lengths[period[new]]
    after = survivors(skill.attrition_per_year, since[new] + length)
    return Cohorts(
        skill=np.full(len(new), at[0]),
        came=came[cohort],
        period=period,
        hours=sums(work * np.where(learns, skill.training_output_share - teaching, 1.0)) * skill.hours_per_week,
        overtime=sums(work * ~learns) * skill.overtime_hours_per_week,
        paid=sums(there * staff.week[at[1]][day]) * skill.hours_per_week,
        there=there[new],
        trainee=(there * learns)[new],
        trained=sums(there * ~learns) / length,
        training=sums(there * learns) / length,
        graduates=np.where((period == last[came[cohort]]) & (since[new] + length >= training), after, 0.0),
    )


def _joined(parts: list[Cohorts]) -> Cohorts:
    whole = {"skill": ints(()), "came": ints(()), "period": ints(())}
    found: dict[str, Any] = {f.name: [whole.get(f.name, np.zeros(0))] for f in fields(Cohorts)}
    for part in parts:
        for name, columns in found.items():
            columns.append(getattr(part, name))
    return Cohorts(**{name: np.concatenate(columns) for name, columns in found.items()})
