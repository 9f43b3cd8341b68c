"""Learning curves: hours and yields of an operation as its people and process gain experience."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Operation
from tandemplan.model.tables import Table

Floats = NDArray[np.float64]
EXACT = 1024  # units summed one by one; from there on Euler and Maclaurin's formula errs by less than 1e-12


@dataclass(frozen=True)
class Experience:
    """Units started on the routes of an operation, those before the plan left out, as each period begins and as it ends.

    With `before` and `after` at infinity everything is learnt.
    """

    before: Floats
    after: Floats


def learnt(periods: int) -> Experience:
    """Return the experience of one who has nothing more to learn."""
    never = np.full(periods, np.inf)
    return Experience(never, never)


@dataclass(frozen=True)
class Curve:
    """Hours of the n-th unit: max(plateau, first * n ^ exponent), or by the cumulative average.

    Crawford's unit curve, after Wright 1936, Factors affecting the cost of airplanes, J. Aeronautical Sciences 3(4). With
    `average` Wright's own: the mean of the first n units is first * n ^ exponent, so the n-th takes
    first * (n ^ (1 + exponent) - (n - 1) ^ (1 + exponent)), and never less than the plateau.
    """

    first: float
    plateau: float
    exponent: float
    average: bool = False

    def hours(self, unit: Floats) -> Floats:
        """Return the hours of a unit, counted from 1.

        >>> Curve(10.0, 1.0, -1.0).hours(np.array([1.0, 2.0, 4.0, 100.0])).tolist()
        [10.0, 5.0, 2.5, 1.0]
        """
        n = np.maximum(np.asarray(unit, dtype=np.float64), 1.0)
        with np.errstate(invalid="ignore"):
            said = self._together(n) - self._together(n - 1) if self.average else self.first * n**self.exponent
        return np.where(np.isfinite(n), np.maximum(said, self.plateau), self.plateau)

    @property
    def learnt(self) -> float:
        """Return the number of units that take more than the plateau (infinite without one).

        >>> Curve(10.0, 2.5, -1.0).learnt, Curve(10.0, 3.0, -1.0).learnt, Curve(10.0, 0.0, -1.0).learnt
        (3.0, 3.0, inf)
        """
        low, high = 0.0, 1.0
        while self._raw(high) > self.plateau:
            low, high = high, 2 * high
            if high > 1e15:
                return np.inf
        while high - low > 1:
            middle = float(np.floor((low + high) / 2))
            low, high = (middle, high) if self._raw(middle) > self.plateau else (low, middle)
        return low

    def total(self, units: Floats) -> Floats:
        """Return the hours of the first `units` units together; a part of a unit takes that part of its hours.

        >>> Curve(10.0, 2.5, -1.0).total(np.array([0.0, 1.0, 2.5, 5.0])).round(6).tolist()
        [0.0, 10.0, 16.666667, 23.333333]
        """
        units = np.asarray(units, dtype=np.float64)
        steep = np.minimum(units, self.learnt)
        whole = np.floor(steep)
        part = (steep - whole) * self.hours(whole + 1)
        return self._sum(whole) + part + self.plateau * (units - steep)

    def _raw(self, n: float) -> float:
        if self.average:
            return float(self._together(n) - self._together(n - 1))
        return float(self.first * n**self.exponent)

    def _sum(self, count: Floats) -> Floats:
        """Return the hours of the first `count` units, all above the plateau."""
        return self._together(count) if self.average else self.first * _powers(count, self.exponent)

    def _together(self, count: Floats | float) -> Floats:
        """Return the hours of the first `count` whole units by the cumulative average.

        >>> Curve(10.0, 1.0, -1.0, average=True)._together(np.array([0.0, 1.0, 2.0])).tolist()
        [0.0, 10.0, 10.0]
        """
        return np.where(np.greater(count, 0), self.first * np.maximum(count, 1.0) ** (1 + self.exponent), 0.0)


def _powers(count: Floats, exponent: float) -> Floats:
    """Return 1^e + 2^e + ... + n^e for whole n, from EXACT on by Euler and Maclaurin's formula.

    >>> _powers(np.array([0.0, 1.0, 3.0]), -1.0).round(6).tolist()
    [0.0, 1.0, 1.833333]
    """
    one = np.arange(1, EXACT + 1, dtype=np.float64) ** exponent
    sums = np.concatenate([[0.0], np.cumsum(one)])
    low = sums[np.minimum(count, EXACT).astype(np.int64)]
    n = np.maximum(count, EXACT)
    area = np.log(n / EXACT) if exponent == -1 else (n ** (exponent + 1) - EXACT ** (exponent + 1)) / (exponent + 1)
    ends = (n**exponent - EXACT**exponent) / 2
    slopes = exponent * (n ** (exponent - 1) - EXACT ** (exponent - 1)) / 12
    return np.asarray(low + area + ends + slopes)


@dataclass(frozen=True)
class Learning:
    """How one operation learns: its hours by `curve` (None: always `steady`), its first-pass yield, its `prior` units."""

    curve: Curve | None
    steady: float
    yield_start: float
    yield_mature: float
    yield_units: float
    prior: float

    @property
    def learns(self) -> bool:
        """Return whether hours or yield change with the units made."""
        return self.curve is not None or self.yield_start != self.yield_mature

    def hours(self, known: Experience) -> Floats:
        """Return the mean hours of the units of each period (of the next unit where there are none)."""
        if self.curve is None:
            return np.full(len(known.before), self.steady)
        before, units = self.prior + known.before, _units(known)
        next_one = self.curve.hours(np.floor(np.where(np.isfinite(before), before, 0.0)) + 1)
        finite = np.isfinite(before)
        start = np.where(finite, before, 0.0)
        total = self.curve.total(start + units) - self.curve.total(start)
        mean = np.where(units > 0, total / np.where(units > 0, units, 1.0), next_one)
        return np.where(finite, np.clip(mean, self.curve.plateau, None), self.curve.plateau)

    def share(self, known: Experience) -> Floats:
        """Return the mean first-pass yield of the units of each period (of the next unit where there are none).

        y(n) = mature - (mature - start) exp(-n / units), n being the units made before; its mean is the integral's.
        """
        if self.yield_start == self.yield_mature:
            return np.full(len(known.before), self.yield_mature)
        units = _units(known) / self.yield_units
        with np.errstate(over="ignore"):
            far = np.exp(-(self.prior + known.before) / self.yield_units)
        gap = far * np.where(units > 1e-9, -np.expm1(-units) / np.where(units > 1e-9, units, 1.0), 1.0)
        return np.asarray(self.yield_mature - (self.yield_mature - self.yield_start) * gap)


def _units(known: Experience) -> Floats:
    """Return the units of each period (0 where everything is learnt)."""
    finite = np.isfinite(known.before)
    return np.where(finite, np.where(finite, known.after, 0.0) - np.where(finite, known.before, 0.0), 0.0)


def learning_of(operations: Table[Operation], row: int) -> Learning:
    """Return how the operation in a row learns."""
    first, plateau = float(operations.first_unit_hours[row]), float(operations.plateau_hours[row])
    slope = float(operations.learning_slope[row])
    curve = None
    if slope < 1 and first > plateau:
        curve = Curve(first, plateau, float(np.log2(slope)), operations.learning_curve[row] == "cumulative average")
    steady = max(plateau, first) if slope == 1 and not np.isnan(first) else plateau
    mature, start = float(operations.yield_mature_share[row]), float(operations.yield_start_share[row])
    units = float(operations.yield_learning_units[row])
    matures = not np.isnan(start) and not np.isnan(units)
    return Learning(curve, steady, start if matures else mature, mature, units, float(operations.experience_units[row]))


def school(operations: Table[Operation], row: int) -> str:
    """Return what an operation learns with, or its own name where it learns alone.

    All sites and alternatives that name the same `learns_with` learn together; their experience before the plan is each one's own.
    """
    if operations.learns_with[row]:
        return str(operations.learns_with[row])
    own = (operations.item[row], operations.site[row], operations.alternative[row], str(int(operations.step[row])))
    return "|".join(own)


Schools = Mapping[str, Experience]
