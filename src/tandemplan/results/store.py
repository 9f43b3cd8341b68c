"""Runs on disk: a folder with `run.json`, one CSV per table, and the programme that was planned."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.disk import settled, whole_folder
from tandemplan.model.programme import Programme
from tandemplan.model.reading import read
from tandemplan.model.writing import texts, write_texts
from tandemplan.problems import did_you_mean
from tandemplan.results.answer_shapes import ANSWER_SHAPES
from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.sound import FIRST_DAY, LAST_DAY, unsound_cell, unsound_info

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)
_WORDS = {
    Type.UNITS: "a number",
    Type.MONEY: "a number",
    Type.WHOLE: "a whole number",
    Type.FLAG: "yes or no",
    Type.DATE: f"a day from {FIRST_DAY} to {LAST_DAY}, written as 2026-06-01",
    Type.MOMENT: f"a moment from {FIRST_DAY} to {LAST_DAY}, written as 2026-06-01T08:30:00",
}
_CLOCKS = {Type.DATE: "datetime64[D]", Type.MOMENT: "datetime64[s]"}
ANSWERS = "answers"  # folder in that of a run: tables of what was asked of it later
STATUSES = ("optimal", "feasible", "infeasible", "stopped")  # the best answer first
Frame = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Run:
    """One answer: `info` is what `run.json` says, `tables` maps table names to columns.

    Columns are object arrays of text, datetime64[D] for days, datetime64[s] for moments (NaT: blank), float64, int64 or bool, as the
    table's shape says. Answers that are kept with the run (`answer_shapes`) are tables too, where there are any.
    `changed` names the files of its folder that are not as the run wrote them, by their digests.
    """

    info: Mapping[str, Any]
    tables: Mapping[str, Frame]
    changed: tuple[str, ...] = ()

    def __getitem__(self, shape: Shape) -> Frame:
        return self.tables[shape.name]

    def rows(self, shape: Shape) -> list[dict[str, Any]]:
        """Return the rows of a table as cells by column, no rows where the run has no such table.

        They are built once and shared by all who ask: nobody changes them.
        """
        if shape.name not in self._rows:
            frame = self.tables.get(shape.name)
            columns = [] if frame is None else [frame[n].tolist() for n in shape.names]
            self._rows[shape.name] = [
                dict(zip(shape.names, cells, strict=True)) for cells in zip(*columns, strict=True)
            ]
        return self._rows[shape.name]

    @cached_property
    def _rows(self) -> dict[str, list[dict[str, Any]]]:
        return {}


def shapes_of(info: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Return the shapes of the tables of a run, by what `run.json` says of it: those of a plan, a simulation or a schedule."""
    return {"simulation": SIMULATION_SHAPES, "schedule": SCHEDULE_SHAPES}.get(kind_of(info), SHAPES)


def kind_of(info: Mapping[str, Any]) -> str:
    """Return what `run.json` speaks of: a `simulation`, a `schedule`, or else a `plan`.

    >>> kind_of({"verb": "schedule"}), kind_of({"verb": "replan"})
    ('schedule', 'plan')
    """
    return {"simulate": "simulation", "schedule": "schedule"}.get(str(info.get("verb")), "plan")


def is_simulation(info: Mapping[str, Any]) -> bool:
    """Tell whether what `run.json` says is of a simulation."""
    return kind_of(info) == "simulation"


class RunError(ValueError):
    """Raised when a folder is no run, or a damaged one.

    >>> run_folder("nowhere")
    Traceback (most recent call last):
    tandemplan.results.store.RunError: There is no run 'nowhere', neither as a folder nor under runs/.
    """


def write_run(run: Run, programme: Programme, folder: Path) -> Path:
    """Write a run to `folder` whole or not at all, and return the folder.

    An older run there is replaced, unless it is a better answer about the same programme (optimal before feasible before
    none): that one stays, and the run goes to a folder beside it, named after its status. Anything that is no run, or one of
    another kind (plan, simulation, schedule), is left alone and refused with RunError.
    """
    if _is_better(folder, run):
        folder = folder.with_name(f"{folder.name}-{run.info['status']}")
    refuse_foreign(folder, run.info)
    with whole_folder(folder) as made:
        begin = time.perf_counter()
        digests = _write_tables(run, made) | _broken_digests(run)
        write_texts(texts(programme, sort=True), made / "programme")
        seconds = dict(run.info.get("seconds", {}))
        seconds["write"] = seconds.get("write", 0.0) + time.perf_counter() - begin
        digests.setdefault("run", info_digest(run.info))
        info = {**run.info, "seconds": {n: round(s, 3) for n, s in seconds.items()}, "digests": digests}
        (made / "run.json").write_text(json.dumps(info, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return folder


def refuse_foreign(folder: Path, info: Mapping[str, Any] | None = None) -> None:
    """Raise RunError when a folder holds what a run (a plan, or what `info` says) must not replace: no run, or one of another kind."""
    old = _old_info(folder)
    if folder.exists() and any(folder.iterdir()) and old is None:
        raise RunError(f"{folder} is not empty and no run; choose another folder.")
    if old is not None and kind_of(old) != kind_of(info or {}):
        raise RunError(f"{folder} holds a {kind_of(old)}; choose another folder.")


def info_digest(info: Mapping[str, Any]) -> str:
    """Return a SHA-256 of what `run.json` says, without its `digests` and the `seconds` that never repeat."""
    said = {k: v for k, v in info.items() if k not in ("digests", "seconds")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def run_folder(name: str | Path) -> Path:
    """Return the folder of a run, given as a folder or as an id under `runs/`; raises RunError when there is none."""
    for folder in (Path(name), Path("runs") / name):
        if (folder / "run.json").is_file():
            return folder
    known = [p.parent.name for p in Path("runs").glob("*/run.json")]
    hint = did_you_mean(str(name), known)
    raise RunError(f"There is no run '{name}', neither as a folder nor under runs/. {hint}".strip())


def read_answer(folder: Path) -> tuple[Run, Programme]:
    """Return the run in a folder and its programme, both of one moment; raises RunError and ProgrammeFaultsError."""
    return settled(folder, _read_answer)


def _read_answer(folder: Path) -> tuple[Run, Programme]:
    run, programme = _read_run(folder), read(folder / "programme")
    scenarios, changes = (tuple(run.info.get(name, ())) for name in ("scenarios", "changes"))
    programme = replace(programme, scenarios=scenarios, changes=changes)
    planned = run.info["programme"].get("digest") == programme.digest
    return (run if planned else replace(run, changed=(*run.changed, "programme"))), programme


def read_run(folder: Path) -> Run:
    """Return the run in a folder; raises RunError when it is none or cannot be read."""
    return settled(folder, _read_run)


def read_info(folder: Path) -> Mapping[str, Any]:
    """Return what `run.json` of a folder says; raises RunError when it cannot be read as one object of plain text."""
    try:
        said = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        json.dumps(said, ensure_ascii=False).encode()
    except (OSError, ValueError, RecursionError) as error:  # no file, no JSON, no UTF-8, no end of brackets
        raise RunError(f"{folder} is no run: {error}") from error
    if not isinstance(said, dict):
        raise RunError(f"{folder} is no run: run.json does not hold an object.")
    return said


def _read_run(folder: Path) -> Run:
    info = read_info(folder)
    wrong = unsound_info(info)
    if wrong:
        raise RunError(f"{folder} is a damaged run: of run.json, {wrong}.")
    tables = {}
    for shape in shapes_of(info):
        file = folder / f"{shape.name}.csv"
        if file.is_file():
            tables[shape.name] = read_table(shape, file)
            fault = unsound_cell(shape, tables[shape.name])
            if fault:
                raise RunError(fault)
    return Run(info, tables | _answers(folder), tuple(_changed_files(folder, info)))


def _answers(folder: Path) -> dict[str, Frame]:
    """Return the answers that are kept with a run; raises RunError where one cannot be read."""
    files = {s: folder / ANSWERS / f"{s.name}.csv" for s in ANSWER_SHAPES}
    found = {s.name: read_table(s, f) for s, f in files.items() if f.is_file()}
    for shape in (s for s in ANSWER_SHAPES if s.name in found):
        fault = unsound_cell(shape, found[shape.name])
        if fault:
            raise RunError(fault)
    return found


def _changed_files(folder: Path, info: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files of a run that are not what its digests say: changed, gone, or never written by it.

    A plan, a simulation and a schedule have every table, so that one which is gone is missed even where its digest went with it.
    """
    digests = info.get("digests")
    said = digests if isinstance(digests, Mapping) else {}
    planned = info["status"] in ("optimal", "feasible") or bool(info.get("objective")) or kind_of(info) != "plan"
    for shape in shapes_of(info):
        file = folder / f"{shape.name}.csv"
        found = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None
        if said.get(shape.name) != found or (planned and found is None):
            yield file.name
    if said.get("run") != info_digest(info):
        yield "run.json"


def _broken_digests(run: Run) -> dict[str, str]:
    """Return the digests that a changed run keeps when it is written again, so that it does not pass for a planned one."""
    digests = run.info.get("digests")
    said = digests if isinstance(digests, Mapping) else {}
    names = (n.removesuffix(".csv").removesuffix(".json") for n in run.changed if n != "programme")
    return {n: str(said.get(n, "")) for n in names}


def table_text(shape: Shape, frame: Frame) -> str:
    """Return the CSV text of a table, the same bytes for the same values."""
    texts = [_texts(field, frame[field.name]) for field in shape.fields]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(shape.names)
    writer.writerows(zip(*texts, strict=True))
    return out.getvalue()


def read_table(shape: Shape, file: Path) -> Frame:
    """Return the columns of a result table; raises RunError when its header or a cell is not of its shape."""
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(map(tuple, csv.reader(stream, strict=True)))  # tuples of texts cost the collector nothing
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{file.name} cannot be read: {error}") from error
    names = shape.names
    if not rows or rows[0] != names:
        raise RunError(f"{file.name} does not have the columns {', '.join(shape.names)}.")
    short = next((i for i, r in enumerate(rows, 1) if len(r) != len(names)), None)
    if short is not None:
        raise RunError(f"{file.name}:{short} does not have {len(names)} cells.")
    columns = list(zip(*rows[1:], strict=True)) or [()] * len(names)
    return {f.name: _values(file, f, cells) for f, cells in zip(shape.fields, columns, strict=True)}


def _is_better(folder: Path, run: Run) -> bool:
    """Return whether the run in a folder answers the same programme better than `run`."""
    old = _old_info(folder)
    if old is None or kind_of(run.info) != "plan":
        return False
    said, status = old.get("programme"), old.get("status")
    same = isinstance(said, Mapping) and said.get("digest") == run.info["programme"]["digest"]
    return same and status in STATUSES and STATUSES.index(status) < STATUSES.index(run.info["status"])


def _old_info(folder: Path) -> Mapping[str, Any] | None:
    """Return what the run in a folder says of itself; None where there is none, or it is damaged."""
    try:
        return read_info(folder)
    except RunError:
        return None


def _write_tables(run: Run, folder: Path) -> dict[str, str]:
    digests = {}
    for shape in shapes_of(run.info):
        if shape.name in run.tables:
            content = table_text(shape, run.tables[shape.name]).encode()
            (folder / f"{shape.name}.csv").write_bytes(content)
            digests[shape.name] = hashlib.sha256(content).hexdigest()
    return digests


def _texts(field: Field, values: NDArray[Any]) -> list[str]:
    kind = field.type
    if kind in (Type.UNITS, Type.MONEY, Type.WHOLE):
        distinct, place = np.unique(values, return_inverse=True)  # most cells of large tables are the same: 0
        texts = np.array(_numbers(kind, distinct.tolist()), dtype=object)
        if field.may_be_blank:
            texts[np.isnan(distinct)] = ""
        return texts[place].tolist()  # type: ignore[no-any-return]
    if kind is Type.FLAG:
        return ["yes" if v else "no" for v in values.tolist()]
    if kind in _CLOCKS:
        return ["" if s == "NaT" else s for s in values.astype(_CLOCKS[kind]).astype(str).tolist()]
    return [str(v) for v in values]


def _numbers(kind: Type, values: list[float]) -> list[str]:
    if kind is Type.UNITS:
        return [_trim(f"{v:.6f}") for v in values]
    if kind is Type.MONEY:
        return ["0.00" if (s := f"{v:.2f}") == "-0.00" else s for v in values]
    return [str(int(v)) for v in values]


def _trim(text: str) -> str:
    text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _times(kind: Type, cells: tuple[str, ...]) -> NDArray[Any]:
    written = _DAY if kind is Type.DATE else _MOMENT
    if not all(written.fullmatch(c) for c in cells if c):
        raise ValueError(cells)
    found = np.array([c or "NaT" for c in cells], dtype=_CLOCKS[kind])
    if ((found < FIRST_DAY) | (found > LAST_DAY)).any():
        raise ValueError(cells)
    return found


def _values(file: Path, field: Field, cells: tuple[str, ...]) -> NDArray[Any]:
    name, kind = field.name, field.type
    if field.may_be_blank and kind in (Type.UNITS, Type.MONEY):
        cells = tuple(c or "nan" for c in cells)
    try:
        return _converted(kind, cells)
    except (ValueError, KeyError, OverflowError) as error:
        line, cell = next((i, c) for i, c in enumerate(cells, 2) if _is_odd(kind, c))
        said = f"is {cell[:40]!a}; it must be {_WORDS[kind]}" if cell else "is blank"
        raise RunError(f"{file.name}:{line}: {name} {said}.") from error


def _is_odd(kind: Type, cell: str) -> bool:
    try:
        _converted(kind, (cell,))
    except (ValueError, KeyError, OverflowError):
        return True
    return False


def _converted(kind: Type, cells: tuple[str, ...]) -> NDArray[Any]:
    """Return cells as values of their kind; raises ValueError, KeyError or OverflowError when one is none."""
    if kind in (Type.UNITS, Type.MONEY):
        return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    if kind is Type.WHOLE:
        return np.array([int(c) for c in cells], dtype=np.int64)
    if kind is Type.FLAG:
        return np.array([{"yes": True, "no": False}[c] for c in cells], dtype=np.bool_)
    if kind in _CLOCKS:
        return _times(kind, cells)
    array = np.empty(len(cells), dtype=object)
    array[:] = cells
    return array
