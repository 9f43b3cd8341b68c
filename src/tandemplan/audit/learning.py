"""Learning: hours and yields of an operation by the units that its routes have started, on the true curves."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tandemplan.model.schema import Operation

LISTED = 100_000  # units whose hours are summed one by one


@dataclass(frozen=True)
class Rate:
    """What a unit entering an operation takes and gives in a period, in the mean: hours of work, share that passes at first."""

    hours: float
    first_pass: float


def school_of(o: Operation) -> str:
    """Return the name under which an operation gathers experience."""
    return o.learns_with or f"{o.item}|{o.site}|{o.alternative}|{o.step}"


def unit_hours(o: Operation, unit: int) -> float:
    """Return the hours of the unit with this number, counted from 1, prior experience included.

    >>> o = Operation(item="A", first_unit_hours=8.0, plateau_hours=3.0, learning_slope=0.5)
    >>> [unit_hours(o, n) for n in (1, 2, 4)]
    [8.0, 4.0, 3.0]
    """
    first = o.plateau_hours if o.first_unit_hours is None else o.first_unit_hours
    if o.learning_slope == 1 or unit == 1:
        return max(first, o.plateau_hours)
    power = math.log2(o.learning_slope)
    if o.learning_curve == "unit":
        return max(o.plateau_hours, first * float(unit**power))
    return max(o.plateau_hours, first * float(unit ** (1 + power) - (unit - 1) ** (1 + power)))


def learnt(o: Operation) -> Rate:
    """Return the rate of an operation that has nothing more to learn."""
    hours = o.plateau_hours
    if o.learning_slope == 1 and o.first_unit_hours is not None:
        hours = max(hours, o.first_unit_hours)
    return Rate(hours, o.yield_mature_share)


def learns(o: Operation) -> bool:
    """Return whether hours or yield of an operation change with the units made."""
    falls = o.learning_slope < 1 and (o.first_unit_hours or 0.0) > o.plateau_hours
    matures = o.yield_start_share is not None and o.yield_learning_units is not None
    return falls or (matures and o.yield_start_share != o.yield_mature_share)


def _beyond(o: Operation, units: float) -> float:
    """Return the hours of the units from `LISTED` on: the area under their curve, half a unit before and after each.

    The midpoint rule errs by less than 1e-12 of the first unit's hours there. Those of a cumulative average add up as they are.

    >>> o = Operation(item="A", first_unit_hours=8.0, plateau_hours=0.0, learning_slope=0.5)
    >>> round(_beyond(o, LISTED + 1), 12), 8 / (LISTED + 1)
    (7.99992e-05, 7.999920000799993e-05)
    """
    if units <= LISTED:
        return 0.0
    first, power = o.first_unit_hours or 0.0, math.log2(o.learning_slope)
    half = 0.5
    if o.learning_curve != "unit":
        first, half = first * (1 + power), 0.0
    steep = units
    if first * units**power < o.plateau_hours:
        steep = max((o.plateau_hours / first) ** (1 / power), LISTED)
    low, high = LISTED + half, steep + half
    area = math.log(high / low) if power == -1 else (high ** (1 + power) - low ** (1 + power)) / (1 + power)
    return first * area + o.plateau_hours * (units - steep)


class Curves:
    """The hours of the first n units of operations, summed one by one up to `LISTED`; what has been summed is kept."""

    def __init__(self) -> None:
        """Start with nothing summed."""
        self._sums: dict[tuple[float | None, float, float, str], list[float]] = defaultdict(lambda: [0.0])

    def total(self, o: Operation, units: float) -> float:
        """Return the hours of the first `units` units; of a part of a unit that part."""
        sums = self._sums[o.first_unit_hours, o.plateau_hours, o.learning_slope, o.learning_curve]
        listed = min(units, float(LISTED))
        whole = math.floor(listed)
        while len(sums) <= whole + 1:
            hours = unit_hours(o, len(sums))
            if hours <= o.plateau_hours or o.learning_slope == 1:
                break
            sums.append(sums[-1] + hours)
        if whole + 1 < len(sums):
            return sums[whole] + (listed - whole) * (sums[whole + 1] - sums[whole]) + _beyond(o, units)
        steep = len(sums) - 1
        return sums[-1] + (units - steep) * unit_hours(o, steep + 1)

    def rate(self, o: Operation, before: float, units: float) -> Rate:
        """Return the mean rate of `units` units started after `before` others (of the next one where there are none)."""
        at = o.experience_units + before
        span = units if units > 0 else 1e-9
        if o.learning_slope == 1 or o.first_unit_hours is None or o.first_unit_hours <= o.plateau_hours:
            hours = learnt(o).hours
        elif units > 0:
            hours = (self.total(o, at + units) - self.total(o, at)) / units
        else:
            hours = unit_hours(o, math.floor(at) + 1)
        return Rate(hours, _first_pass(o, at, span))


def _first_pass(o: Operation, at: float, span: float) -> float:
    if o.yield_start_share is None or o.yield_learning_units is None:
        return o.yield_mature_share
    scale = o.yield_learning_units
    gap = o.yield_mature_share - o.yield_start_share
    return o.yield_mature_share - gap * scale * math.exp(-at / scale) * -math.expm1(-span / scale) / span


Experience = Mapping[str, Mapping[int, tuple[float, float]]]


def experience(starts: Iterable[tuple[int, float, Iterable[str]]]) -> Experience:
    """Return by school and period the units before and the units in it, from starts (period, units, the schools they teach).

    >>> experience([(0, 2.0, ["a"]), (3, 1.0, ["a"]), (3, 1.0, ["a"])])["a"]
    {0: (0.0, 2.0), 3: (2.0, 2.0)}
    """
    made: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for period, units, schools in starts:
        for name in schools:
            made[name][period] += units
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for name, periods in made.items():
        total, found[name] = 0.0, {}
        for period in sorted(periods):
            found[name][period] = (total, periods[period])
            total += periods[period]
    return found
