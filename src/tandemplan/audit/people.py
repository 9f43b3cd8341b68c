"""People by day: those of the start and those hired, who is trained, what their hours and their pay are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.dated import Dated
from tandemplan.audit.days import Horizon, whole_days
from tandemplan.model.schema import Skill

Daily = NDArray[np.float64]
Hired = Sequence[tuple[int, float]]  # days and people whose first day at work they are


@dataclass(frozen=True)
class Crew:
    """People of one skill on each day of the plan: of the `start`, hires `in_training` and hires that are `trained`.

    `leaving` are those of them who are gone on the next day. `at_work` are heads in full, all told: trainees count by their
    output, less what their trainers give to them; `sway` is what one person more or less on each row hired makes of it at most.
    """

    start: Daily
    in_training: Daily
    trained: Daily
    leaving: Daily
    at_work: Daily
    sway: float

    @property
    def full(self) -> Daily:
        """Return trained people, of the start and hired."""
        return self.start + self.trained


def crew_of(dated: Dated, horizon: Horizon, numbered: tuple[int, Skill], hired: Hired) -> Crew:
    r"""Return the people of a skill (its row number and row) with those hired.

    >>> from tandemplan.testing.models import programme_of
    >>> from tandemplan.audit.dated import dated_of
    >>> skill = Skill(skill="S", training_days=1, training_output_share=0.5, trainees_per_trainer=4)
    >>> dated = dated_of(programme_of("start = 1970-01-01\nperiods = 3 days\n[skills]\nskill,headcount\nS,2"))
    >>> crew_of(dated, Horizon((0, 3)), (0, skill), [(1, 4.0)]).at_work.tolist()
    [2.0, 3.0, 6.0]
    """
    row, skill = numbered
    days = horizon.days
    written = dated.values("skills", row, "headcount", days)
    start = written * staying(skill, days - horizon.start)
    leaving = start - written * staying(skill, days + 1 - horizon.start)
    in_training, trained = np.zeros(len(days)), np.zeros(len(days))
    for first, people in hired:
        there = np.where(days >= first, people * staying(skill, np.maximum(days - first, 0)), 0.0)
        learns = days < first + whole_days(skill.training_days)
        in_training += np.where(learns, there, 0.0)
        trained += np.where(learns, 0.0, there)
        leaving += there - np.where(days >= first, people * staying(skill, np.maximum(days + 1 - first, 0)), 0.0)
    worth = skill.training_output_share
    if skill.trainees_per_trainer is not None:
        worth -= 1 / skill.trainees_per_trainer
    return Crew(
        start, in_training, trained, leaving, start + trained + worth * in_training, len(hired) * max(1.0, -worth)
    )


def crews_of(dated: Dated, horizon: Horizon, hired: Mapping[str, Hired]) -> Mapping[str, Crew]:
    """Return the people of all skills by name, with those `hired`."""
    skills = enumerate(dated.programme[Skill].rows())
    return {s.skill: crew_of(dated, horizon, (i, s), hired.get(s.skill, ())) for i, s in skills}


def staying(skill: Skill, days: NDArray[np.int64]) -> Daily:
    """Return which share of the people is still there after some days."""
    return np.asarray(np.power(1 - skill.attrition_per_year, days / 365.0), dtype=np.float64)
