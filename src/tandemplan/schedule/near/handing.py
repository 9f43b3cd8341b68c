"""Capacity handed back to the plan: what the near horizon can do, as a scenario of dated changes that plans obey."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tandemplan.disk import whole_folder
from tandemplan.model.changes import Change
from tandemplan.model.programme import Programme
from tandemplan.model.scenario import dated_event
from tandemplan.schedule.near.fits import Fit
from tandemplan.schedule.near.targets import Resource

FOLDER, NAME = "capacity", "capacity"
CELLS = {
    "work centre": ("work_centres", "availability_share"),
    "skill": ("skills", "headcount"),
    "tool": ("tools", "sets"),
}
DAMPED = 0.7  # of the hours that fell behind are taken away at once
TINY = 1e-6
Key = tuple[Resource, date]


@dataclass(frozen=True)
class Cut:
    """The share that is left of a resource in a period, from its first to its last day."""

    resource: Resource
    first: date
    last: date
    factor: float


def cuts_of(fit: Fit, damped: float = DAMPED) -> list[Cut]:
    """Return what is taken away: so much that the plan can use what it had less a share of the hours that fell behind.

    Of people only those of the start can be taken away, as those whom the plan hires are its own.
    """
    near, present = fit.shop.near, fit.shop.present
    found = []
    for resource, behind in fit.behind.items():
        for k, first in enumerate(fit.periods):
            hours, planned = fit.hours[resource][k], fit.planned[resource][k]
            if behind[k] <= TINY or hours <= TINY:
                continue
            gone = max(hours - planned, 0.0) + damped * behind[k]
            there = min(present.standing[resource][k], hours) if resource[0] == "skill" else hours
            factor = max(1.0 - gone / there, 0.0) if there > TINY else 0.0
            found.append(Cut(resource, first, near.ends(near.first + k), round(factor, 6)))
    return found


def changes_of(cuts: Sequence[Cut]) -> list[Change]:
    """Return cuts as changes of a scenario."""
    return [
        Change(*_cell(c), "multiply", f"{c.factor:g}", c.first, c.last, f"{FOLDER}/changes.csv", line)
        for line, c in enumerate(cuts, 2)
    ]


def _cell(cut: Cut) -> tuple[str, str, str]:
    table, column = CELLS[cut.resource[0]]
    return table, cut.resource[1], column


def with_cuts(programme: Programme, cuts: Sequence[Cut]) -> Programme:
    """Return a programme with cuts laid over it, as reading the scenario would."""
    for change in changes_of(cuts):
        programme = dated_event(programme, change, FOLDER)
    return programme


def merged(before: Mapping[Key, Cut], cuts: Sequence[Cut]) -> dict[Key, Cut]:
    """Return cuts on top of those before: what is left is left of what was left."""
    found = dict(before)
    for cut in cuts:
        key = cut.resource, cut.first
        share = found[key].factor if key in found else 1.0
        found[key] = Cut(cut.resource, cut.first, cut.last, round(share * cut.factor, 6))
    return found


def scenario_texts(cuts: Sequence[Cut], about: str) -> dict[str, str]:
    """Return the files of the scenario by name."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "key", "column", "operation", "value", "from_date", "to_date"])
    for c in changes_of(cuts):
        writer.writerow([c.table, c.rows, c.column, c.operation, c.value, c.from_date, c.to_date])
    return {
        "scenario.toml": f'name = "{NAME}"\nnote = "{about}"\n',
        "changes.csv": out.getvalue(),
    }


def write_cuts(cuts: Sequence[Cut], about: str, folder: Path) -> Path:
    """Write the scenario of some cuts to a folder, whole or not at all."""
    with whole_folder(folder) as made:
        for name, content in scenario_texts(cuts, about).items():
            (made / name).write_text(content, encoding="utf-8")
    return folder
