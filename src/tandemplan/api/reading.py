"""Programmes into Python: from files, from the examples, or from rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tandemplan.model import reading
from tandemplan.model.examples import example_names, examples_folder
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Settings
from tandemplan.model.variants import with_rows
from tandemplan.problems import Problem, ProgrammeFaultsError, did_you_mean

_SOURCE = "changes"


def read(path: str | Path, *, scenarios: Sequence[str | Path] = (), changes: Sequence[str] = ()) -> Programme:
    """Return the programme at `path`: a folder, a zip of one, or a workbook.

    `scenarios` (folders, or names of those beside the programme) are laid over it in order, then `changes`
    (`table[rows].column = value`) are made. Raises ProgrammeFaultsError with all problems at once.

    >>> import tandemplan as tp, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = tp.example("first_steps").save(folder)
    ...     bench = tp.read(saved, changes=["work_centres[bench].stations = 2"])
    >>> bench.frame("work_centres")["stations"].tolist()
    [2.0]
    """
    found = reading.check(path, scenarios, changes, _SOURCE)
    if found.programme is None:
        raise ProgrammeFaultsError(found.problems)
    return found.programme


def check(
    path: str | Path, *, scenarios: Sequence[str | Path] = (), changes: Sequence[str] = ()
) -> tuple[Problem, ...]:
    r"""Return all problems of the programme at `path`, scenarios and changes applied; no problem, no rows.

    >>> import tandemplan as tp, tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     saved = tp.example("first_steps").save(folder)
    ...     size = Path(folder, "stock.csv").write_text("item,quantity_units\nkitt,-6\n")
    ...     print(*tp.check(folder), sep="\n")
    stock.csv:2: quantity_units is -6; it must be at least 0. [too-small]
    stock.csv:2: item 'kitt' is not in items. Did you mean 'kit'? [unknown-name]
    """
    return reading.check(path, scenarios, changes, _SOURCE).problems


def example(name: str) -> Programme:
    """Return one of the programmes that come with Tandemplan; raises KeyError for an unknown one.

    >>> import tandemplan as tp
    >>> tp.example("first_steps").settings.name
    'First steps'
    """
    known = example_names()
    if name not in known:
        raise KeyError(
            f"there is no example '{name}'; there are {', '.join(known)}. {did_you_mean(name, known)}".strip()
        )
    return read(examples_folder() / name)


def programme(**given: Any) -> Programme:
    """Return a programme made in memory: settings as values, each table as a pandas frame or a list of dicts.

    Every table and setting of the model language can be given by its name. They are read and checked as files are:
    ProgrammeFaultsError lists all problems, a row by its number in what was given.

    >>> import tandemplan as tp
    >>> stall = tp.programme(
    ...     name="Stall", start="2026-06-01", periods="2 weeks",
    ...     items=[{"item": "cake"}],
    ...     stock=[{"item": "cake", "quantity_units": 3}],
    ...     demands=[{"demand": "D1", "item": "cake", "quantity_units": 5, "due": "2026-06-05"}],
    ... )
    >>> run = tp.plan(stall)
    >>> run.demand_summary[["demand", "on_time", "late", "lost"]]
      demand  on_time  late  lost
    0     D1      3.0   0.0   2.0
    """
    return with_rows(Programme(Settings(), {}), given)
