"""A plan of a programme as a plan of the same programme so many times as large (`scaled.py`), without planning it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.results.fields import Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Run

NAMES = {
    "deliveries": ("demand", "contract", "item"),
    "demand_summary": ("demand", "item"),
    "purchases": ("order", "offer", "item"),
    "production": ("order", "item", "route"),
    "moves": ("order", "item"),
    "stock": ("item",),
    "stock_targets": ("item",),
    "learning": ("item",),
    "qualifications": ("offer",),
    "sourcing": ("item", "offer"),
}  # the columns that name what is copied, by table: rows of each copy stand behind those of the one before
WIDENED = (
    "classes",
    "sharing",
    "load",
    "investments",
    "people",
    "costs",
    "cash",
    "funding",
    "spending",
    "work_share",
    "options",
)
ALIKE = (
    "gap",
    "worth_per_hour",
    "price",
    "served_share",
    "share",
    "low",
    "high",
)  # figures that are the same for any size


def copied(run: Run, times: int) -> Run:
    """Return the plan with the rows of each item, order and demand so many times, and as many times the people, hours and money.

    What rules, licences and limits say of it is left as it was: simulations do not read it, and audits find it (`audited`).
    """
    tables = dict(run.tables)
    for shape in SHAPES:
        frame = run.tables[shape.name]
        if shape.name in NAMES:
            tables[shape.name] = {n: _repeated(frame[n], times, named=n in NAMES[shape.name]) for n in shape.names}
        elif shape.name in WIDENED:
            figures = [f.name for f in shape.fields if f.type in (Type.UNITS, Type.MONEY) and f.name not in ALIKE]
            tables[shape.name] = _widened(frame, figures, times)
    return replace(run, tables=tables)


def _repeated(column: NDArray[Any], times: int, *, named: bool) -> NDArray[Any]:
    """Return a column once for each copy, with names as `scaled` gives them."""
    if not named:
        return np.concatenate([column] * times)
    return np.concatenate([np.array([_copy(n, k) for n in column], dtype=object) for k in range(times)])


def _copy(name: str, k: int) -> str:
    """Return the name of a copy; of a route, of which what comes first is an item."""
    first, mark, rest = name.partition("|")
    return f"{first}~{k + 1}{mark}{rest}" if name and k else name


def _widened(frame: Mapping[str, NDArray[Any]], figures: list[str], times: int) -> dict[str, NDArray[Any]]:
    return {name: column * times if name in figures else column for name, column in frame.items()}
