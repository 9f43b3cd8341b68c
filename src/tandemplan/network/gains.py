"""What an option adds to the limits of a plan: by day, and by the period in which it is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Lane, Offer, WorkCentre
from tandemplan.network.capacities import rooms, weekly_capacity
from tandemplan.network.cells import Cells
from tandemplan.network.flows import openings_of
from tandemplan.network.hours import Hours, hours_of_programme
from tandemplan.network.shifts import working
from tandemplan.network.taking import Taken

if TYPE_CHECKING:
    from tandemplan.network.network import Network

Floats = NDArray[np.float64]
HEADS = "heads"  # the name of gains in heads, in head-days: they count for rolling limits
PEOPLE = "people"  # and in people on the first day of a period: they take places of hires
LEAST = 1e-9
WHATEVER = -1  # the entry of what is added under any pattern


@dataclass(frozen=True, eq=False)
class Daily:
    """What an option in effect adds on each day to the limit of `entity` in a constraint family (room: that of the day).

    `entry` is the pattern, an entry of network.shifts, under which it adds that; WHATEVER: under any.
    """

    family: str
    entity: int
    amount: Floats
    entry: int = WHATEVER


@dataclass(frozen=True, eq=False)
class Gain:
    """What an option adds to the limit of `entity` in a constraint family: `amount` (periods of choice x periods).

    `entry` is the pattern, an entry of network.shifts, under which it adds that; WHATEVER: under any.
    """

    family: str
    entity: int
    option: int
    amount: Floats
    entry: int = WHATEVER


def daily_gains(network: Network, option: Taken) -> Iterator[Daily]:
    """Yield what an option in effect adds on each day to each limit."""
    programme, periods = network.programme, network.periods
    each_day = Periods(periods.start, np.arange(periods.days), np.ones(periods.days, dtype=np.int64))
    before, after = (replace(c, periods=each_day) for c in (network.cells, option.cells))
    if option.tables & {"work_centres", "skills", "tools"}:
        yield from _of_hours(network, before, after)
    if "offers" in option.tables:
        yield from _more(
            "offers", *(weekly_capacity(c, programme[Offer], "capacity_units_per_week") for c in (before, after))
        )
    if "lanes" in option.tables:
        yield from _more(
            "lanes", *(weekly_capacity(c, programme[Lane], "capacity_kg_per_week") for c in (before, after))
        )
    if "sites" in option.tables:
        yield from _more("storage", *(rooms(programme, c, "storage_m3") for c in (before, after)))
        yield from _more("hazard storage", *(rooms(programme, c, "hazard_storage_kg") for c in (before, after)))


def _of_hours(network: Network, before: Cells, after: Cells) -> Iterator[Daily]:
    shifts = network.shifts
    sites = openings_of(network.programme, network.dates).sites

    def both(programme: Programme) -> tuple[Hours, Hours]:
        one, two = (hours_of_programme(programme, c, network.dates, sites) for c in (before, after))
        return one, two

    one, two = both(network.programme)
    yield from (g for g in _more("hours", one.present, two.present) if g.entity not in shifts.resource)
    for entry, choice in enumerate(shifts.of.tolist()):
        mine = shifts.resource[shifts.entry == entry]
        under = both(working(network.programme, shifts.choices[choice], int(shifts.row[entry])))
        for gain in _more("hours", *(h.present for h in under)):
            if gain.entity in mine:
                yield replace(gain, entry=entry)
    yield from _more(HEADS, one.heads, two.heads)
    centres = network.programme[WorkCentre]
    at = {name: k for k, (kind, name) in enumerate(zip(one.kinds, one.names, strict=True)) if kind == "work centre"}
    for row in sorted(after.touched(centres, "stations") - before.touched(centres, "stations")):
        more = after.daily(centres, "stations", row) - before.daily(centres, "stations", row)
        yield Daily(HEADS, at[centres.work_centre[row]], more)


def _more(family: str, before: Floats, after: Floats) -> Iterator[Daily]:
    there = np.isfinite(before) | np.isfinite(after)
    more = np.where(there, after, 0.0) - np.where(there, before, 0.0)
    for entity in np.flatnonzero((np.abs(more) > LEAST).any(axis=1)).tolist():
        yield Daily(family, entity, more[entity])


def summed(gain: Daily, periods: Periods, option: Taken, number: int) -> Iterator[Gain]:
    """Yield a gain of an option, with its number, by period of choice and period: sums over days in effect, of room what there is on the last day."""
    begin, end = periods.starts[None, :], (periods.starts + periods.lengths)[None, :]
    effect, there = option.effect[:, None], option.there[:, None]
    if gain.family in ("storage", "hazard storage"):
        amount = np.where(effect < end, gain.amount[end - 1], 0.0)
    else:
        total = np.append(0.0, np.cumsum(gain.amount))
        amount = total[end] - total[np.clip(effect, begin, end)]
    yield Gain(gain.family, gain.entity, number, np.where(there, amount, 0.0), gain.entry)
    if gain.family == HEADS:
        yield Gain(PEOPLE, gain.entity, number, np.where(there & (effect <= begin), gain.amount[begin], 0.0))
