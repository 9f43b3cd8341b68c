"""Result tables as pandas frames: fresh ones at each call, so that nobody changes a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tandemplan.results.fields import Shape, Type
from tandemplan.results.store import Run

_DTYPES = {
    Type.TEXT: "str",
    Type.DATE: "datetime64[s]",
    Type.MOMENT: "datetime64[s]",
    Type.UNITS: "float64",
    Type.MONEY: "float64",
    Type.WHOLE: "int64",
    Type.FLAG: "bool",
}


def frame_of(run: Run, shape: Shape) -> pd.DataFrame:
    """Return a result table with the columns of its shape; a run without a plan has tables without rows.

    Text is str, dates and moments are datetime64[s] (NaT: blank), quantities and amounts float64, whole numbers int64, flags bool.

    >>> from tandemplan.results.shape import COSTS
    >>> frame_of(Run({}, {}), COSTS).dtypes["amount"]
    dtype('float64')
    """
    columns = run.tables.get(shape.name, {})
    return pd.DataFrame({f.name: _series(f.type, columns.get(f.name, np.empty(0))) for f in shape.fields})


def _series(kind: Type, values: NDArray[Any]) -> pd.Series[Any]:
    if kind is Type.TEXT:
        return pd.Series([str(v) for v in values], dtype="str")
    return pd.Series(values.astype(_DTYPES[kind]))
