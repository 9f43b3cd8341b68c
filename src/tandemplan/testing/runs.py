"""Hand-made runs: result tables in a few lines of text, for tests of what is said about a run."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np

from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import Frame, Run
from tandemplan.testing.models import files_of

_BLANK: dict[Type, Any] = {Type.TEXT: "", Type.UNITS: 0.0, Type.MONEY: 0.0, Type.WHOLE: 0, Type.FLAG: False}
_DTYPES = {
    Type.TEXT: "O", Type.DATE: "datetime64[D]", Type.UNITS: "f8", Type.MONEY: "f8", Type.WHOLE: "i8", Type.FLAG: "?"
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
    shapes = {f"{s.name}.csv": s for s in (*SHAPES, *SIMULATION_SHAPES)}
    tables = {shapes[name].name: _frame(shapes[name], content) for name, content in files_of(text).items()}
    said = {
        "run": "plan-1", "verb": "plan", "programme": {"name": "hand-made", "digest": "0" * 64}, "scenarios": [], "changes": [],
        "options": {"gap": 0.001}, "seed": 1, "versions": {"tandemplan": "0.1.0"}, "status": "optimal",
        "reproducible": True, "objective": {"stages": [], "classes": [], "value": 0.0, "bound": 0.0, "gap": 0.0},
        "seconds": {}, "totals": {"cost": 0.0, "units": {}}, "notes": [], "hopeful_notes": [], "conflicts": [],
    }  # fmt: skip
    return Run({**said, **info}, tables)


def _frame(shape: Shape, content: str) -> Frame:
    given = list(csv.DictReader(content.splitlines()))
    unknown = set(given[0] if given else ()) - set(shape.names)
    if unknown:
        raise ValueError(f"{shape.name} has no columns {sorted(unknown)}")
    return {f.name: np.array([_cell(f, r.get(f.name, "")) for r in given], dtype=_DTYPES[f.type]) for f in shape.fields}


def _cell(field: Field, text: str) -> Any:
    kind = field.type
    if kind is Type.DATE:
        return np.datetime64(text or "NaT", "D")
    if not text:
        return np.nan if field.may_be_blank else _BLANK[kind]
    if kind is Type.FLAG:
        return text == "yes"
    return text if kind is Type.TEXT else int(text) if kind is Type.WHOLE else float(text)
