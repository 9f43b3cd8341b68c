"""The shop as the engine reads it: routes and steps, learning curves, and the stations, people and tools of the plan day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tandemplan.model.schema import BomLine, Operation, Site, Skill, Tool, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.network.hours import daily_hours
from tandemplan.network.learning import learning_of, school
from tandemplan.network.making import has_whole_lots, rows_by_place, steps_of, usual_lot
from tandemplan.network.network import Network
from tandemplan.results import shape
from tandemplan.results.store import Run
from tandemplan.simulate import layout as at
from tandemplan.simulate.layout import Floats, Ints
from tandemplan.simulate.registers import Registers

Resource = tuple[str, str]  # kind, name
BEHIND = 2_000.0  # units of experience that an effect may take away


@dataclass(frozen=True, eq=False)
class Floor:
    """Routes, steps and curves as in `World`; `schools` counts those who learn together."""

    routes: Floats
    steps: Floats
    curve_at: Ints
    curve: Floats
    schools: int


def numbers_of(plan: Run) -> dict[Resource, int]:
    """Return the number of each resource of a plan, by kind and name."""
    frame = plan[shape.LOAD]
    pairs = zip(frame["kind"].tolist(), frame["resource"].tolist(), strict=True)
    return {pair: k for k, pair in enumerate(dict.fromkeys(pairs))}


def floor_of(network: Network, registers: Registers, numbers: Mapping[Resource, int], started: Floats) -> Floor:
    """Return routes and their steps; `started` are units that the plan starts by route."""
    operations, by_place = network.programme[Operation], rows_by_place(network.programme)
    schools, count_of = _schools(network, operations, by_place)
    routes, steps, curves = [], [], [np.zeros(0)]
    edges = [0]
    for r, (item, site, alternative) in enumerate(network.places.routes):
        rows = steps_of(operations, by_place[item, site], alternative)
        names = [school(operations, row) for row in rows]
        for k, row in enumerate(rows):
            learns, before = learning_of(operations, row), names[:k].count(names[k])
            one = step_of(network, registers, numbers, row, schools[names[k]] + before if learns.learns else -1)
            more = names[k] in names[k + 1 :]
            one[at.STEP_TEACHES] = 1.0 if more else count_of[names[k]] - before
            one[at.STEP_CURVE] = -1
            if learns.curve is not None:
                one[at.STEP_BASE] = max(learns.prior - BEHIND, 0.0)
                most = 4 * started[network.route_node == network.route_node[r]].sum() + BEHIND + 100
                count = int(min(most, max(learns.curve.learnt - one[at.STEP_BASE], 0) + 2, 1e6))
                units = one[at.STEP_BASE] + np.arange(count + 1.0)
                curves.append(learns.curve.total(units) - learns.curve.total(units[:1]))
                one[at.STEP_CURVE] = len(edges) - 1
                edges.append(edges[-1] + count + 1)
            steps.append(one)
        gate = registers.gate(waits_of(network, (item, site, alternative), rows))
        routes.append([float(network.route_node[r]), len(steps) - len(rows), len(steps), gate, 0.0, -1.0, at.MAKES])
    return Floor(
        np.array(routes, dtype=np.float64).reshape(-1, at.ROUTE_COLUMNS),
        np.array(steps, dtype=np.float64).reshape(-1, at.STEP_COLUMNS),
        np.array(edges, dtype=np.int64),
        np.concatenate(curves),
        sum(count_of.values()),
    )


def _schools(
    network: Network, operations: Table[Operation], by_place: Mapping[tuple[str, str], list[int]]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the first number of each who learn together, and how many they have: one for each step that one route has of them."""
    count_of: dict[str, int] = {}
    for item, site, alternative in network.places.routes:
        names = [school(operations, row) for row in steps_of(operations, by_place[item, site], alternative)]
        for name in names:
            count_of[name] = max(count_of.get(name, 1), names.count(name))
    firsts = np.cumsum([0, *count_of.values()]).tolist()
    return dict(zip(count_of, firsts, strict=False)), count_of


def step_of(
    network: Network, registers: Registers, numbers: Mapping[Resource, int], row: int, number: int
) -> list[float]:
    """Return a step by its row of `operations`; `number` is that of who learns there (-1: nobody)."""
    table = network.programme[Operation]
    learns = learning_of(table, row)
    name = "|".join([table.item[row], table.site[row], table.alternative[row], str(int(table.step[row]))])
    setup = float(table.setup_hours[row])
    whole = has_whole_lots(table, row)
    one = [0.0] * at.STEP_COLUMNS
    one[at.STEP_CENTRE] = numbers.get(("work centre", table.work_centre[row]), -1)
    one[at.STEP_SKILL] = numbers.get(("skill", table.skill[row]), -1)
    one[at.STEP_TOOL] = numbers.get(("tool", table.tool[row]), -1)
    one[at.STEP_TOOL_HOURS] = float(table.tool_hours[row])
    one[at.STEP_STEADY] = learns.steady if learns.curve is None else learns.curve.plateau
    one[at.STEP_PRIOR], one[at.STEP_SCHOOL] = learns.prior, number
    one[at.STEP_SETUP] = 0.0 if whole else setup / usual_lot(table, row)
    one[at.STEP_LOT_SETUP] = setup if whole else 0.0
    one[at.STEP_YIELD], one[at.STEP_YIELD_START] = learns.yield_mature, learns.yield_start
    one[at.STEP_YIELD_UNITS] = learns.yield_units if np.isfinite(learns.yield_units) else 1.0
    one[at.STEP_REWORK], one[at.STEP_REWORK_HOURS] = float(table.rework_share[row]), float(table.rework_hours[row])
    one[at.STEP_STREAM] = registers.stream("hours", name, spread=table.hours_cv[row] > 0)
    one[at.STEP_CV] = float(table.hours_cv[row]) if one[at.STEP_STREAM] >= 0 else 0.0
    one[at.STEP_ROOM] = one[at.STEP_ENDLESS] = -1.0
    one[at.STEP_FX_OPEN], one[at.STEP_FX_KNOWN] = registers.known(at.ON_OPEN, row), registers.known(at.ON_KNOWN, row)
    one[at.STEP_YIELD_STREAM] = registers.stream("yield", name, spread=min(learns.yield_mature, learns.yield_start) < 1)
    return [float(x) for x in one]


def waits_of(network: Network, route: tuple[str, str, str], rows: list[int]) -> set[str]:
    """Return the tasks that must be done before a route is open."""
    programme, (item, site, alternative) = network.programme, route
    table, bom = programme[Operation], programme[BomLine]
    found = {t for row in rows for t in table.opens_after[row]}
    for row_class, column in ((WorkCentre, "work_centre"), (Skill, "skill"), (Tool, "tool")):
        used = {table.columns[column][row] for row in rows}
        other = programme[row_class]
        found |= {t for k in range(len(other)) if other.columns[column][k] in used for t in other.opens_after[k]}
    mine = (bom.parent == item) & (bom.alternative == alternative)
    found |= {t for k in np.flatnonzero(mine).tolist() for t in bom.opens_after[k]}
    return found | site_tasks(network, site)


def site_tasks(network: Network, site: str) -> set[str]:
    """Return the tasks that open a site."""
    table = network.programme[Site]
    return {t for k in range(len(table)) if table.site[k] == site for t in table.opens_after[k]}


@dataclass(frozen=True, eq=False)
class Present:
    """Resources as in `World`: how they fail, how many servers there are, what one of them works, who is hired."""

    resources: Floats
    servers: Floats
    clock: Floats
    hires: Floats
    open_hours: Floats


def present_of(network: Network, registers: Registers, plan: Run, numbers: Mapping[Resource, int]) -> Present:
    """Return the hours that the plan has of each resource, shared out among servers and days; breakdowns take theirs where they are drawn."""
    periods, count = network.periods, len(numbers)
    frame = plan[shape.LOAD]
    hours = np.zeros((count, len(periods)))
    row = np.array(
        [numbers[p] for p in zip(frame["kind"].tolist(), frame["resource"].tolist(), strict=True)], dtype=np.int64
    )
    column = periods.of(periods.numbers(frame["period_start"], 0))
    hours[row, column] = frame["available_hours"] + frame["overtime_hours"]
    servers, hires, fails = np.ones_like(hours), np.zeros_like(hours), np.zeros((count, at.RESOURCE_COLUMNS))
    base = {(r.kind, r.name): r.present for r in daily_hours(network.programme, network.cells, network.dates)}
    clock, skills = np.zeros((count, periods.days + 1)), network.programme[Skill]
    for (kind, name), k in numbers.items():
        servers[k], hires[k] = _servers(network, plan, kind, name)
        each = np.where(servers[k] > 0, hours[k] / np.where(servers[k] > 0, servers[k], 1.0), 0.0)
        fails[k, : at.RESOURCE_HIRES] = (
            0.0,
            0.0,
            registers.known(at.ON_RESOURCE, k),
            registers.known(at.ON_HIRES, k),
            -1.0,
        )
        if kind == "skill":
            skill = skills.index[(name,)]
            fails[k, at.RESOURCE_HIRES] = skills.hires_per_week[skill] / 7
            fails[k, at.RESOURCE_TRAINING] = np.ceil(skills.training_days[skill] - 1e-9)
        if kind == "work centre":
            each = each / _breakdowns(network, registers, name, fails[k])
        clock[k, 1:] = np.cumsum(_spread(periods.starts, periods.lengths, base.get((kind, name)), each))
    return Present(fails, servers, clock, hires, hours)


def _breakdowns(network: Network, registers: Registers, name: str, row: Floats) -> float:
    """Set how stations of a work centre fail, and return the share of open hours that this leaves (1: it is left in the hours)."""
    table = network.programme[WorkCentre]
    k = table.index[(name,)]
    fit, repair = float(table.availability_share[k]), float(table.repair_hours[k])
    stream = registers.stream("breakdown", name, spread=bool(np.isfinite(repair)) and 0 < fit < 1)
    if stream < 0:
        return 1.0
    row[at.FAILURES], row[at.REPAIR], row[at.RESOURCE_STREAM] = (1 - fit) / (fit * repair), repair, stream
    return fit


def _servers(network: Network, plan: Run, kind: str, name: str) -> tuple[Floats, Floats]:
    """Return how many stations, people or sets the plan has in each period, and how many people come in it."""
    periods, programme = network.periods, network.programme
    none = np.zeros(len(periods))
    if kind == "skill":
        frame = plan[shape.PEOPLE]
        mine = frame["skill"] == name
        there, hired = none.copy(), none.copy()
        column = periods.of(periods.numbers(frame["period_start"][mine], 0))
        there[column], hired[column] = frame["productive"][mine], frame["hired"][mine]
        return np.maximum(there, 1e-3), hired
    table = programme[WorkCentre if kind == "work centre" else Tool]
    usual = float(table.columns["stations" if kind == "work centre" else "sets"][table.index[(name,)]])
    frame = plan[shape.INVESTMENTS]
    mine = (frame["resource"] == name) & (frame["kind"] == kind)
    usable = periods.numbers(frame["usable"][mine], 0)
    bought = np.array([frame["units"][mine][usable <= s].sum() for s in periods.starts])
    return np.maximum(np.floor(usual + bought + 1e-6), 1.0), none


def _spread(starts: Ints, lengths: Ints, base: Floats | None, hours: Floats) -> Floats:
    """Return hours by day: those of each period spread like what is usually worked, evenly where nothing is.

    >>> _spread(np.array([0, 2]), np.array([2, 2]), np.array([0.0, 3.0, 0.0, 0.0]), np.array([8.0, 4.0])).tolist()
    [0.0, 8.0, 2.0, 2.0]
    """
    days = int(lengths.sum())
    base = np.ones(days) if base is None else base
    whole = np.repeat(np.add.reduceat(base, starts), lengths)
    share = np.where(whole > 0, base / np.where(whole > 0, whole, 1.0), 1.0 / np.repeat(lengths, lengths))
    return np.asarray(share * np.repeat(hours, lengths))
