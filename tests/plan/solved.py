"""Plan a model, have it audited, and read the answer as plain values."""

from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from tandemplan.audit import audit
from tandemplan.plan import plan
from tandemplan.results.fields import Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Run, write_run
from tandemplan.testing.models import programme_of

NUMBERS = (Type.UNITS, Type.MONEY)


def audited(text: str, folder: Path) -> Run:
    """Return the plan of a model; fails when the audit finds anything in it."""
    programme = programme_of(text)
    run = plan(programme)
    found = audit(write_run(run, programme, Path(mkdtemp(dir=folder)) / "run"))
    for finding in found.findings:
        pytest.fail(str(finding))
    return run


def rows(run: Run, table: str, columns: str, **where: object) -> list[tuple]:
    """Return the cells of some columns, in the order of the table: dates as text, numbers within 1e-6 of the truth.

    `where` keeps the rows whose cells equal the values given.
    """
    frame = run.tables[table]
    types = next({f.name: f.type for f in s.fields} for s in SHAPES if s.name == table)
    names = columns.split()
    kept = range(len(next(iter(frame.values()))))
    return [
        tuple(_cell(types[n], frame[n][k]) for n in names)
        for k in kept
        if all(_cell(types[n], frame[n][k]) == v for n, v in where.items())
    ]


def values(run: Run) -> list[object]:
    """Return the values of the classes in order of service, once equal bounds prove them."""
    assert run.info["status"] == "optimal"
    found = run.tables["classes"]
    assert found["bound"].tolist() == pytest.approx(found["value"].tolist(), rel=1e-6, abs=1e-5)
    return [v for (v,) in rows(run, "classes", "value")]


def stage(run: Run, name: str) -> object:
    """Return the value of one objective, once an equal bound proves it."""
    found = next(s for s in run.info["objective"]["stages"] if s["stage"] == name)
    assert found["value"] == pytest.approx(found["bound"], rel=1e-6, abs=1e-5)
    return pytest.approx(found["value"], rel=1e-6, abs=1e-6)


def amounts(run: Run) -> dict[str, object]:
    """Return the cost terms that are not 0, undiscounted."""
    return {t: a for t, a in rows(run, "costs", "term amount") if a != 0}


def _cell(kind: Type, value: object) -> object:
    if kind is Type.DATE:
        return "" if np.isnat(value) else str(value)
    if kind in NUMBERS:
        return pytest.approx(float(value), rel=1e-6, abs=1e-6)
    if kind is Type.WHOLE:
        return int(value)
    return bool(value) if kind is Type.FLAG else str(value)
