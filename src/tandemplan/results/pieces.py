"""Orders of parts of a piece: the plan is a linear one, and what it orders is rounded before release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Item
from tandemplan.results.shape import DELIVERIES, MOVES, PRODUCTION, PURCHASES
from tandemplan.results.store import Frame

PIECES = ("each", "kit", "set")  # units of measure of which there are no parts
ORDERS = ((DELIVERIES, "quantity", "deliveries"), (PURCHASES, "quantity", "purchases"), (PRODUCTION, "started", "lots"), (MOVES, "quantity", "moves"))  # fmt: skip
ROUNDING = 1e-3  # pieces


@dataclass(frozen=True)
class Fractions:
    """How many orders of one table there are in `whole`, how many of items counted by the piece, and how many of those are broken."""

    whole: int
    pieces: int
    broken: int


def fractions(programme: Programme, frames: Mapping[str, Frame]) -> dict[str, Fractions]:
    """Return the orders of parts of a piece, by kind: deliveries, purchases, lots and moves.

    >>> from tandemplan.testing.models import programme_of
    >>> from tandemplan.testing.runs import run_of
    >>> programme = programme_of('''
    ...     start = 2026-06-01
    ...     [items]
    ...     item,unit
    ...     bike,each
    ...     paint,kg
    ... ''')
    >>> run = run_of('''
    ...     [moves]
    ...     item,quantity
    ...     bike,1
    ...     bike,2.5
    ...     paint,2.5
    ... ''')
    >>> fractions(programme, run.tables)
    {'moves': Fractions(whole=3, pieces=2, broken=1)}
    """
    table = programme[Item]
    pieces = sorted(str(i) for i, unit in zip(table.item, table.unit, strict=True) if unit in PIECES)
    found = {}
    for shape, column, name in ORDERS:
        if shape.name in frames:
            frame = frames[shape.name]
            amount = frame[column][np.isin(frame["item"].astype(str), pieces)]
            broken = int((np.abs(amount - np.rint(amount)) > ROUNDING).sum())
            found[name] = Fractions(len(frame[column]), len(amount), broken)
    return found
