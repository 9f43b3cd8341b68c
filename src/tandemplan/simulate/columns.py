"""From estimates to the columns of result tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.results.simulation_shapes import INTERVAL, QUANTILES
from tandemplan.simulate.intervals import Estimate

Columns = dict[str, NDArray[Any]]


def estimate(name: str, told: Estimate) -> Columns:
    """Return the columns of an estimate of a number; what has no bound is blank."""
    parts = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (told.value, told.low, told.high))
    return {name + end: np.where(np.isfinite(v), v, np.nan) for end, v in zip(INTERVAL, parts, strict=True)}


def spread(name: str, told: Sequence[Estimate]) -> Columns:
    """Return the columns of the three quantiles of a number."""
    return {k: v for q, one in zip(QUANTILES, told, strict=True) for k, v in estimate(f"{name}_{q}", one).items()}


def dates(days: NDArray[Any], start: date) -> NDArray[np.datetime64]:
    """Return days of the plan as dates: the day that holds each moment, the first one where there is no lower bound, blank for inf and nan.

    >>> dates(np.array([0.0, 9.7, np.inf, -np.inf]), date(2026, 6, 1)).astype(str).tolist()
    ['2026-06-01', '2026-06-10', 'NaT', '2026-06-01']
    """
    told = np.where(np.isneginf(days), 0.0, np.asarray(days, dtype=np.float64))
    there = np.isfinite(told)
    found = np.datetime64(start, "D") + np.floor(np.where(there, told, 0)).astype("timedelta64[D]")
    return np.where(there, found, np.datetime64("NaT", "D"))


def dated(name: str, told: Sequence[Estimate], start: date) -> Columns:
    """Return the columns of the three quantiles of a day."""
    return {
        f"{name}_{q}{end}": dates(v, start)
        for q, one in zip(QUANTILES, told, strict=True)
        for end, v in zip(INTERVAL, (one.value, one.low, one.high), strict=True)
    }


def stacked(parts: Sequence[Columns], names: Sequence[str], blanks: Columns) -> Columns:
    """Return rows made one by one as one table with the columns `names`; `blanks` is a table without rows."""
    return {n: np.concatenate([p[n] for p in parts]) if parts else blanks[n] for n in names}
