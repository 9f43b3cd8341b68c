"""Tables of a programme as pandas frames: fresh ones at each call, so that nobody changes a programme."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tandemplan.model.schema import Column, Kind
from tandemplan.model.tables import Array, Table, column_texts


def frame_of(table: Table[Any]) -> pd.DataFrame:
    """Return the rows of a table in their order, a column of the frame for each column of the table.

    Numbers are float64 (nan: blank), whole numbers Int64 (NA: blank), flags bool, dates datetime64[s] (NaT: blank),
    everything else text; a list of names is one text, joined by ';', as in a file.

    >>> from tandemplan.model.schema import Item
    >>> from tandemplan.model.tables import from_values
    >>> frame_of(from_values(Item, {"item": ["A"], "groups": [("x", "y")]}))[["item", "groups", "weight_kg", "hazard"]]
      item groups  weight_kg  hazard
    0    A    x;y        0.0   False
    """
    columns = {c.name: _series(c, table.columns[c.name]) for c in table.description.columns}
    columns |= {n: pd.Series(list(map(str, table.extra[n])), dtype="str") for n in sorted(table.extra)}
    return pd.DataFrame(columns)


def _series(column: Column, values: Array) -> pd.Series[Any]:
    if column.kind is Kind.NUMBER:
        return pd.Series(values.copy(), dtype="float64")
    if column.kind is Kind.INTEGER:
        return pd.Series(values.copy(), dtype="float64").astype("Int64")
    if column.kind is Kind.FLAG:
        return pd.Series(values.copy(), dtype="bool")
    if column.kind in (Kind.DATE, Kind.MOMENT):
        return pd.Series(values.astype("datetime64[s]"))
    return pd.Series(column_texts(column, values), dtype="str")
