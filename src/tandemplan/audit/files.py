"""The files of a run: what is there, what can be read, and whether it is what the run once wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tandemplan.audit.findings import Finding
from tandemplan.model.programme import Programme
from tandemplan.results.fields import Shape, Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Frame, RunError, info_digest, read_table, shapes_of

RUN, PROGRAMME = "run.json", "programme"


def has_answer(folder: Path, info: Mapping[str, Any]) -> bool:
    """Say whether a run has an answer to audit: one that found none says so, and never wrote a table."""
    tables = [n for n in mapping(info, "digests") if n != "run"]
    wrote = bool(tables) or any(folder.glob("*.csv"))
    return wrote or info.get("status") not in ("infeasible", "stopped")


def read_frames(folder: Path, shapes: Sequence[Shape] = SHAPES) -> tuple[dict[str, Frame], list[Finding]]:
    """Return all tables of a run that can be read, and why the others cannot."""
    frames: dict[str, Frame] = {}
    found: list[Finding] = []
    for shape in shapes:
        file = folder / f"{shape.name}.csv"
        try:
            frames[shape.name] = read_table(shape, file)
        except RunError as error:
            code = "unreadable" if file.exists() else "missing-table"
            message = str(error) if file.exists() else f"the run has no table {shape.name}."
            found.append(Finding(shape.name, None, "", code, message))
            continue
        found += bad_cells(shape, frames[shape.name])
    known = {s.name for s in shapes}
    for file in sorted(folder.glob("*.csv")):
        if file.stem not in known:
            found.append(Finding(file.stem, None, "", "unknown-table", "such a run has no such table."))
    return frames, found


def bad_cells(shape: Shape, frame: Frame) -> Iterator[Finding]:
    """Yield the cells that no equation can be put to: numbers that are not finite, days that are blank."""
    for field in shape.fields:
        values = frame[field.name]
        bad = np.zeros(len(values), dtype=bool)
        if field.type in (Type.UNITS, Type.MONEY):
            bad = ~(np.isfinite(values) | (np.isnan(values) & field.may_be_blank))
        elif field.type in (Type.DATE, Type.MOMENT) and field.audited and not field.may_be_blank:
            bad = np.isnat(values)
        for i in np.flatnonzero(bad):
            what = "is blank" if field.type in (Type.DATE, Type.MOMENT) else f"is {values[i]}"
            yield Finding(shape.name, int(i) + 2, field.name, "bad-cell", f"{field.name} {what}.")


def check_digests(folder: Path, info: Mapping[str, Any], programme: Programme) -> Iterator[Finding]:
    """Yield the tables, and the programme, that are not what the run's digests say."""
    digests = mapping(info, "digests")
    for shape in shapes_of(info):
        file = folder / f"{shape.name}.csv"
        if not file.exists():
            continue
        found = hashlib.sha256(file.read_bytes()).hexdigest()
        if shape.name not in digests:
            yield Finding(RUN, None, "digests", "no-digest", f"it has no digest of {shape.name}.")
        elif digests[shape.name] != found:
            yield Finding(
                shape.name, None, "", "table-digest", "the file is not the one the run wrote: its digest differs."
            )
    if digests.get("run") != info_digest(info):
        yield Finding(RUN, None, "", "run-digest", "it is not what the run wrote: its digest differs.")
    yield from check_programme(info, programme)


def check_programme(info: Mapping[str, Any], programme: Programme) -> Iterator[Finding]:
    """Yield a programme that is not the one that was planned."""
    said = mapping(info, "programme").get("digest")
    if said != programme.digest:
        message = f"the programme's digest is {programme.digest[:12]}, but the run planned {str(said)[:12]}."
        yield Finding(PROGRAMME, None, "", "programme-digest", message)


def mapping(info: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside `run.json`, empty where there is none."""
    found = info.get(name)
    return found if isinstance(found, Mapping) else {}
