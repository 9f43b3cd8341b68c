"""How much of a plan may change when it is sought once more: what is done and frozen, the days and ways that are sought anew, the limits that count."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Skill
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.plan.model import PlanModel
from tandemplan.plan.moving import without_rows
from tandemplan.plan.obeying import columns_of
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import OnReport, Work

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FLOW = ("buy", "make", "move", "stock", "deliver")  # columns of goods
KEPT = ("owned", "chosen", "level", "works", "begin", "started")  # what stays as it was planned
HIRES = ("hire", "trained")  # what stays too where a large plan is sought anew in few days
RARE = (
    "rate reached", "rate held", "task needs", "openings", "cash", "least cash", "payments", "tranches", "eligible spending", "safety stock", "coming use",
    "most stock", "most cover",
)  # fmt: skip  # rows that limit little in a few days: plans are sought without them first, and looked at with them
ACCOUNTS = (
    "origin lots", "origin content", "origin share", "value added", "work share", "bought", "source share", "fewest sources",
    "country concentration", "subcontract share",
)  # fmt: skip  # rows that goods alone know nothing of
SMALL = 20_000  # rows up to which everything is sought at once
EASED, EASED_SHARE = 2e-5, 1e-6  # what tables round away: units, and share of a side


@dataclass(frozen=True, eq=False)
class Search:
    """How a plan is sought once more: the limits of the work, who hears of it, and the first day that is not done yet (None: all may change).

    Columns of the families `kept` stay as they are.
    """

    work: Work = field(default_factory=Work)
    hear: OnReport = lambda _: None
    as_of: date | None = None
    kept: tuple[str, ...] = KEPT
    begin: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> Work:
        """Return the work with the seconds that are left of it."""
        if self.work.seconds is None:
            return self.work
        return replace(self.work, seconds=max(self.work.seconds - (time.monotonic() - self.begin), 0.0))


@dataclass(frozen=True, eq=False)
class Room:
    """How far columns may go: from `low` to `high`; `frozen` are those of orders that should not go down."""

    low: Floats
    high: Floats
    frozen: Bools


def room_of(model: PlanModel, at: Floats, search: Search, closed: int = 0) -> Room:
    """Return how far each column may go by what is done, what is frozen, and what stays; nothing new begins on the first `closed` days."""
    lp, v, network = model.lp, model.variables, model.network
    low, high, frozen = lp.lower.copy(), lp.upper.copy(), np.zeros(len(lp.lower), dtype=bool)
    for name in (n for n in search.kept if n in lp.columns):
        index = lp.columns[name].index
        low[index] = high[index] = at[index]
    if search.as_of is None:
        return Room(low, high, frozen)
    day = network.periods.day(search.as_of)
    starts = np.broadcast_to(network.periods.starts, v.make.shape)
    fence = day + network.programme.settings.frozen_days
    decided = network.periods.starts - whole_days(network.programme[Skill].recruit_days)[:, None]
    hires = decided[np.searchsorted(_skills(network), network.hiring.resource)]
    grids = (
        (v.hire, hires, hires),
        (v.buy, network.buying.dispatch, network.buying.release),
        (v.move, network.moving.dispatch, network.moving.dispatch),
        (v.make, starts, starts),
        (v.deliver, network.delivering.day, network.delivering.day),
    )
    for grid, done, begun in grids:
        there = grid >= 0
        past = grid[there & (done < day)]
        low[past] = high[past] = at[past]
        placed = grid[there & (begun < day)]
        high[placed] = at[placed]
        if grid is not v.deliver and grid is not v.hire:
            fenced = grid[there & (begun < day + closed)]
            high[fenced] = at[fenced]
            frozen[grid[there & (begun < fence)]] = True
    return Room(low, high, frozen)


def _skills(network: Network) -> Ints:
    """Return the row of each skill of the programme among the resources."""
    return np.flatnonzero(np.array(network.hours.kinds) == "skill")


def standing_apart(model: PlanModel, at: Floats, search: Search, broken: Ints, *, wide: bool) -> Bools:
    """Return the columns of a large plan `at` that stay: what is early, hires, purchases but for items that `broken` rows speak of.

    In a `wide` search purchases stay that go by ways that the plan does not use.
    """
    bought = _ways(model, at, broken) if wide else _bought_as_planned(model, at, broken)
    return _early(model, search) | columns_of(model.lp, HIRES) | bought


def broken_rows(lp: Lp, at: Floats) -> Ints:
    """Return the rows that a plan breaks."""
    has = lp.times(at)
    dust = 3 * (EASED + EASED_SHARE * np.abs(has))
    return np.flatnonzero((has < lp.row_lower - dust) | (has > lp.row_upper + dust))


def _early(model: PlanModel, search: Search) -> Bools:
    """Return the columns of goods before the day that is not done yet."""
    periods, lp = model.network.periods, model.lp
    found = np.zeros(len(lp.lower), dtype=bool)
    first = -1 if search.as_of is None else periods.day(search.as_of) - periods.longest
    for name in FLOW:
        block = lp.columns[name]
        found[block.index] = periods.starts[block.period] < first
    return found


def _concerned(model: PlanModel, at: Floats, broken: Ints) -> tuple[Bools, Bools]:
    """Return the ways of purchases and of moves whose items a broken limit speaks of by columns that a plan uses."""
    lp, network, v = model.lp, model.network, model.variables
    used = np.append(at, 0.0) > 0
    spoken = np.zeros(len(used), dtype=bool)
    spoken[lp.row_column[np.isin(lp.row_of_entry, broken)]] = True
    grids = ((v.buy, network.item[network.way_node]), (v.move, network.item[network.move_from]))
    hit: set[str] = set()
    for grid, item in grids:
        hit |= set(item[((grid >= 0) & spoken[grid] & used[grid]).any(axis=1)].tolist())
    buys, moves = (np.array([i in hit for i in item.tolist()], dtype=bool) for _, item in grids)
    return buys, moves


def _bought_as_planned(model: PlanModel, at: Floats, broken: Ints) -> Bools:
    """Return the columns of purchases, and of moves of what is bought, but for items that a broken limit speaks of."""
    network, v = model.network, model.variables
    made = set(network.item[network.route_node].tolist())
    buys, moves = _concerned(model, at, broken)
    moves |= np.array([i in made for i in network.item[network.move_from].tolist()], dtype=bool)
    found = np.zeros(len(model.lp.lower), dtype=bool)
    for grid, free in ((v.buy, buys), (v.move, moves)):
        stays = grid[~free]
        found[stays[stays >= 0]] = True
    return found


def _ways(model: PlanModel, at: Floats, broken: Ints) -> Bools:
    """Return the columns of purchases and moves by ways that a plan does not use, but for those of items that a broken limit concerns."""
    v, used = model.variables, np.append(at, 0.0)
    found = np.zeros(len(model.lp.lower), dtype=bool)
    for grid, hit in zip((v.buy, v.move), _concerned(model, at, broken), strict=True):
        there = grid >= 0
        idle = ~(there & (used[grid] > 0)).any(axis=1) & ~hit
        found[grid[idle][there[idle]]] = True
    return found


@dataclass(frozen=True)
class Limit:
    """A limit of a changed programme that the plan before it breaks: its family and name, the first day, and the items that it concerns."""

    family: str
    name: str
    day: date
    items: tuple[str, ...]


def limits_broken(model: PlanModel, at: Floats) -> list[Limit]:
    """Return the limits that the plan before breaks, each once, by family and name; those of accounts, which follow goods, where it breaks no others."""
    lp, network, v = model.lp, model.network, model.variables
    rows = broken_rows(without_rows(lp, ACCOUNTS), at)
    rows = rows if len(rows) else broken_rows(lp, at)
    owner: dict[int, str] = {}
    for grid, item in (
        (v.buy, network.item[network.way_node]),
        (v.move, network.item[network.move_from]),
        (v.make, network.item[network.route_node]),
    ):
        for k, name in enumerate(item.tolist()):
            owner |= dict.fromkeys(grid[k][grid[k] >= 0].tolist(), name)
    limits: dict[tuple[str, str], Limit] = {}
    for family, block in lp.rows.items():
        for row in rows[(rows >= block.first) & (rows < block.first + len(block.entity))].tolist():
            k = row - block.first
            columns = lp.row_column[lp.row_start[row] : lp.row_start[row + 1]]
            items = {owner[c] for c in columns.tolist() if c in owner and at[c] > 0}
            name, day = (
                block.who[block.entity[k]],
                network.periods.dates(network.periods.starts)[max(block.period[k], 0)].item(),
            )
            old = limits.get((family, name))
            items |= set() if old is None else set(old.items)
            limits[family, name] = Limit(family, name, day if old is None else min(day, old.day), tuple(sorted(items)))
    return list(limits.values())
