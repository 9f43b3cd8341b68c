"""Answers that are kept with a run, in its folder `answers`: a run that is planned again there loses them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tandemplan.disk import whole_file
from tandemplan.results.fields import Shape, Type
from tandemplan.results.store import ANSWERS, Frame, table_text

_DTYPES: dict[Type, Any] = {
    Type.TEXT: object, Type.DATE: "datetime64[D]", Type.UNITS: np.float64, Type.MONEY: np.float64, Type.WHOLE: np.int64, Type.FLAG: np.bool_,
}  # fmt: skip


def framed(shape: Shape, rows: Iterable[Mapping[str, Any]]) -> Frame:
    """Return rows as the columns of a table; None is a blank number, or day."""
    some, blank = list(rows), {Type.DATE: "NaT", Type.UNITS: np.nan, Type.MONEY: np.nan}
    return {
        f.name: np.array([blank.get(f.type) if r[f.name] is None else r[f.name] for r in some], dtype=_DTYPES[f.type])
        for f in shape.fields
    }


def keep(folder: Path, answers: Mapping[Shape, Iterable[Mapping[str, Any]]]) -> None:
    """Write answers into the folder of a run, each table whole or not at all, in the place of those of the same kind."""
    (folder / ANSWERS).mkdir(exist_ok=True)
    for shape, rows in answers.items():
        with whole_file(folder / ANSWERS / f"{shape.name}.csv") as part:
            part.write_text(table_text(shape, framed(shape, rows)), encoding="utf-8")
