"""Hand-made runs: result tables in a few lines of text, for tests of what is said about a run."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np

from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import Frame, Run
from tandemplan.testing.models import files_of

_BLANK: dict[Type, Any] = {Type.TEXT: "", Type.UNITS: 0.0, Type.MONEY: 0.0, Type.WHOLE: 0, Type.FLAG: False}
_DTYPES = {
    Type.TEXT: "O", Type.DATE: "datetime64[D]", Type.MOMENT: "datetime64[s]", Type.UNITS: "f8", Type.MONEY: "f8", Type.WHOLE: "i8", Type.FLAG: "?"
}  # fmt: skip


def run_of(text: str, **info: Any) -> Run:
    """Return the run whose tables stand in `text`: `[table]` and CSV lines; columns not given are blank or 0.

    `info` overrides what `run.json` would say of an optimal plan.

    >>> run = run_of('''
    ...     [classes]
    ...     demand_class,demanded,on_time
    ...     1,10,8
    ... ''')
    >>> run.info["status"], run.tables["classes"]["on_time"].tolist(), run.tables["classes"]["lost"].tolist()
    ('optimal', [8.0], [0.0])
    """
    tables = _frames(text, (*SHAPES, *SIMULATION_SHAPES))
    said = {
        "run": "plan-1", "verb": "plan", "programme": {"name": "hand-made", "digest": "0" * 64}, "scenarios": [], "changes": [],
        "options": {"gap": 0.001}, "seed": 1, "versions": {"tandemplan": "0.1.0"}, "status": "optimal",
        "reproducible": True, "objective": {"stages": [], "classes": [], "value": 0.0, "bound": 0.0, "gap": 0.0},
        "seconds": {}, "totals": {"cost": 0.0, "units": {}}, "notes": [], "hopeful_notes": [], "conflicts": [],
    }  # fmt: skip
    return Run({**said, **info}, tables)


def schedule_of(text: str, **info: Any) -> Run:
    r"""Return the schedule whose tables stand in `text`, as `run_of` does for a plan.

    >>> schedule_of("[orders]\norder,start\nO1,2026-06-01T06:00:00").tables["orders"]["start"].tolist()[0].hour
    6
    """
    said = {
        "run": "schedule-1",
        "verb": "schedule",
        "programme": {"name": "hand-made", "digest": "0" * 64},
        "status": "feasible",
    }
    return Run({**said, **info}, _frames(text, SCHEDULE_SHAPES))


def _frames(text: str, known: Sequence[Shape]) -> dict[str, Frame]:
    shapes = {f"{s.name}.csv": s for s in known}
    return {shapes[name].name: _frame(shapes[name], content) for name, content in files_of(text).items()}


def _frame(shape: Shape, content: str) -> Frame:
    given = list(csv.DictReader(content.splitlines()))
    unknown = set(given[0] if given else ()) - set(shape.names)
    if unknown:
        raise ValueError(f"{shape.name} has no columns {sorted(unknown)}")
    return {f.name: np.array([_cell(f, r.get(f.name, "")) for r in given], dtype=_DTYPES[f.type]) for f in shape.fields}


def _cell(field: Field, text: str) -> Any:
    kind = field.type
    if kind in (Type.DATE, Type.MOMENT):
        return np.datetime64(text or "NaT", "D" if kind is Type.DATE else "s")
    if not text:
        return np.nan if field.may_be_blank else _BLANK[kind]
    if kind is Type.FLAG:
        return text == "yes"
    return text if kind is Type.TEXT else int(text) if kind is Type.WHOLE else float(text)
