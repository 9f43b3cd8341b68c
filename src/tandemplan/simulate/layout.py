"""The arrays that the engine reads, and the columns of its tables.

A table is a two-dimensional array of floats with a row for each thing; a constant names each of its columns. Whole numbers stand in
it as floats. -1 says that there is none. `X_at` holds where the entries of each row begin in a list (one more than there are rows).
Days are counted from the plan's start; 0.5 is noon of its first day. Factors of dated effects stand in one array `effects`, by target.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tandemplan.simulate.draws import packed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# what lies somewhere, and the routes by which it is received and delivered there (-1: without work)
STOCK_UNITS, STOCK_COST, STOCK_THIRD, STOCK_ITEM, STOCK_RECEIVED, STOCK_DELIVERED, STOCK_COLUMNS = range(7)
# supply rows: what the plan releases, by node and then by day
BUY, MAKE, MOVE = 0, 1, 2
ROW_KIND, ROW_WHICH, ROW_UNITS, ROW_GOOD, ROW_DAY, ROW_KEY, ROW_LOTS, ROW_DUE, ROW_COLUMNS = range(9)
# purchase ways
(
    WAY_NODE, WAY_OFFER, WAY_LANE, WAY_MOST, WAY_ACCEPTED, WAY_PRICE, WAY_PREPAID, WAY_PAY_DAYS, WAY_LEAST, WAY_MULTIPLE,
    WAY_GATE, WAY_KG, WAY_THIRD, WAY_SHIP_GATE, WAY_LEAD, WAY_CARRIAGE, WAY_COLUMNS,
) = range(17)  # fmt: skip
OFFER_LEAD, OFFER_CAPACITY, OFFER_FX_LEAD, OFFER_FX_CAPACITY, OFFER_STREAM, OFFER_TAKEN, OFFER_COLUMNS = range(7)
LICENCE_DAYS, LICENCE_FX, LICENCE_STREAM, LICENCE_TASK, LICENCE_LASTS, LICENCE_AHEAD, LICENCE_CAP, LICENCE_DOOR, LICENCE_USUAL, LICENCE_COLUMNS = range(10)  # fmt: skip
LANE_TRANSIT, LANE_CROSSING, LANE_CAPACITY, LANE_FX_TRANSIT, LANE_FX_CAPACITY, LANE_STREAM, LANE_COLUMNS = range(7)
CROSSING_DELAY, CROSSING_RATE, CROSSING_LENGTH, CROSSING_STREAM, CROSSING_CLOSING, CROSSING_COLUMNS = range(6)
MOVE_FROM, MOVE_TO, MOVE_LANE, MOVE_KG, MOVE_GATE, MOVE_MOST, MOVE_ASKS, MOVE_COLUMNS = range(8)
# routes and their steps
ROUTE_NODE, ROUTE_FIRST, ROUTE_LAST, ROUTE_GATE, ROUTE_EVERY, ROUTE_STREAM, ROUTE_HANDLES, ROUTE_COLUMNS = range(8)
MAKES, RECEIVES, DELIVERS = 0, 1, 2
(
    STEP_CENTRE, STEP_SKILL, STEP_TOOL, STEP_TOOL_HOURS, STEP_CURVE, STEP_STEADY, STEP_PRIOR, STEP_SCHOOL, STEP_SETUP, STEP_LOT_SETUP,
    STEP_YIELD_START, STEP_YIELD, STEP_YIELD_UNITS, STEP_REWORK, STEP_REWORK_HOURS, STEP_CV, STEP_ROOM, STEP_FX_OPEN, STEP_FX_KNOWN,
    STEP_TEACHES, STEP_STREAM, STEP_YIELD_STREAM, STEP_ENDLESS, STEP_BASE, STEP_COLUMNS,
) = range(25)  # fmt: skip
(
    FAILURES,
    REPAIR,
    RESOURCE_FX,
    RESOURCE_FX_HIRES,
    RESOURCE_STREAM,
    RESOURCE_HIRES,
    RESOURCE_TRAINING,
    RESOURCE_COLUMNS,
) = range(8)
# what is asked for: rows of planned deliveries, by node and then in order of service
ASK_DEMAND, ASK_UNITS, ASK_DAY, ASK_KEY, ASK_FROM, ASK_COLUMNS = range(6)
(
    DEMAND_NODE, DEMAND_CONTRACT, DEMAND_COUNTED, DEMAND_DUE, DEMAND_LATEST, DEMAND_LEAST, DEMAND_GATE, DEMAND_FX, DEMAND_SPREAD,
    DEMAND_STREAM, DEMAND_COLUMNS,
) = range(11)  # fmt: skip
CONTRACT_CHANCE, CONTRACT_FACTOR, CONTRACT_PRICE, CONTRACT_PAY_DAYS, CONTRACT_DAMAGES, CONTRACT_CAP, CONTRACT_FULL, CONTRACT_STREAM, CONTRACT_PAYER, CONTRACT_COLUMNS = range(10)  # fmt: skip
# start-up
TASK_DAYS, TASK_EARLIEST, TASK_DONE, TASK_BEFORE, TASK_FX, TASK_STREAM, TASK_NEEDS, TASK_COLUMNS = range(8)
NEED_TASK, NEED_KIND, NEED_WHICH, NEED_LEAST, NEED_PERIODS, NEED_COLUMNS = range(6)
MADE, RATE, BOUGHT, MONEY = 0, 1, 2, 3
# risks, and what they change
RISK_RATE, RISK_CHANCE, RISK_DAY, RISK_LENGTH, RISK_GROUP, RISK_MOST, RISK_STREAM, RISK_LENGTH_STREAM, RISK_COLUMNS = range(9)  # fmt: skip
EFFECT_RISK, EFFECT_TARGET, EFFECT_OPERATION, EFFECT_VALUE, EFFECT_COLUMNS = range(5)
ADD, MULTIPLY = 0, 1
TARGET_BASE, TARGET_KIND, TARGET_WHICH, TARGET_COLUMNS = range(4)
(
    ON_CAPACITY, ON_LEAD, ON_LICENCE, ON_LANE, ON_TRANSIT, ON_RESOURCE, ON_TASK, ON_TRANCHE_DAY, ON_TRANCHE, ON_DEMAND, ON_HIRES,
    ON_KNOWN, ON_OPEN,
) = range(13)  # fmt: skip
TRANCHE_AMOUNT, TRANCHE_DAY, TRANCHE_SLIP, TRANCHE_GATE, TRANCHE_EVIDENCE, TRANCHE_FX_DAY, TRANCHE_FX, TRANCHE_STREAM, TRANCHE_LINE, TRANCHE_PAYER, TRANCHE_LAST, TRANCHE_COLUMNS = range(12)  # fmt: skip
# consumers of what lies at a node
BY_ROUTE, BY_MOVE, BY_DEMAND = 0, 1, 2


class World(NamedTuple):
    """A programme and its plan as the engine reads them; `simulate/layout.py` names the columns of each table.

    `periods` are first days of the periods and the day after the last. `planned` and `claimed` (nodes x periods) are good units that
    the plan has released for a node, and units that it has claimed from it, up to the end of each period. `servers` (resources x
    periods) are stations or people there, `clock` (resources x days + 1) hours that one of them has worked up to each day.
    `curve` are hours of the first n units, `curve_at` where each curve begins; after its last unit each takes what the last took.
    `use_units` (lines x periods) are units of a component for each unit started. `dist` holds the packed distributions.
    """

    periods: Floats
    stock: Floats
    order: Ints
    planned: Floats
    claimed: Floats
    rows: Floats
    row_at: Ints
    arriving: Floats  # node, day, units, cost of one, third-country cost of one
    ways: Floats
    way_at: Ints  # by node, the ways to buy in the order in which they are tried
    way_order: Ints
    offers: Floats
    licences: Floats
    way_limit_at: Ints  # by way, and then by move: standing licences that end or have a cap
    way_limits: Ints
    way_ask_at: Ints  # likewise those that are asked for one after another, per order
    way_asks: Ints
    consent_at: Ints  # by move, those whose issuer is asked for consent
    consents: Ints
    lanes: Floats
    crossings: Floats
    moves: Floats
    routes: Floats
    use_at: Ints
    use_node: Ints
    use_units: Floats
    steps: Floats
    curve_at: Ints
    curve: Floats
    resources: Floats
    servers: Floats
    clock: Floats
    served_at: Ints
    served: Ints
    consumer_at: Ints
    consumers: Ints
    asks: Floats
    ask_at: Ints
    ask_order: Ints
    demands: Floats
    contracts: Floats
    tasks: Floats
    after_at: Ints
    after: Floats  # task, lag in days
    opens_at: Ints
    opens: Ints
    needs: Floats
    gates: Floats  # tasks that each gate waits for
    risks: Floats
    links: Floats
    effects: Floats
    effect_at: Ints
    targets: Floats
    tranches: Floats
    flow: Floats
    bills: Floats  # payers x periods: what the plan has them pay beside deliveries
    refunds: Floats  # payers x periods: what comes to them beside tranches
    least: Floats  # payers x periods: what they keep
    door_at: Ints  # the gates of each door, which opens and shuts: payers, then licences
    door_gates: Ints
    hires: Floats
    settings: Floats
    keys: NDArray[np.uint64]
    dist: Floats


PARTS, CASH_COUNTS, LATE_DAYS, KEEPS_DATES, AHEAD_DAYS, SETTING_COUNT = range(6)


def ints(*size: int) -> Ints:
    """Return zeros that count."""
    return np.zeros(size, dtype=np.int64)


def floats(*size: int) -> Floats:
    """Return zeros that measure."""
    return np.zeros(size)


WIDTHS = {  # columns of the tables that are not counted by periods, days or each other
    "stock": STOCK_COLUMNS, "rows": ROW_COLUMNS, "arriving": 5, "ways": WAY_COLUMNS, "offers": OFFER_COLUMNS, "licences": LICENCE_COLUMNS,
    "lanes": LANE_COLUMNS, "crossings": CROSSING_COLUMNS, "moves": MOVE_COLUMNS, "routes": ROUTE_COLUMNS, "steps": STEP_COLUMNS,
    "resources": RESOURCE_COLUMNS, "asks": ASK_COLUMNS, "demands": DEMAND_COLUMNS, "contracts": CONTRACT_COLUMNS,
    "tasks": TASK_COLUMNS, "after": 2, "needs": NEED_COLUMNS, "gates": 1, "risks": RISK_COLUMNS, "links": 0,
    "effects": EFFECT_COLUMNS, "targets": TARGET_COLUMNS, "tranches": TRANCHE_COLUMNS,
}  # fmt: skip
BY_PERIOD = ("planned", "claimed", "use_units", "servers", "hires", "bills", "refunds", "least")
STARTS = tuple(name for name in World._fields if name.endswith("_at"))
LISTS = (
    "order",
    "use_node",
    "served",
    "ask_order",
    "opens",
    "way_order",
    "door_gates",
    "way_limits",
    "way_asks",
    "consents",
)


def widened(rows: Sequence[Sequence[float]], columns: int) -> Floats:
    """Return rows as a table of so many columns; those that are left out are 0.

    >>> widened([[1.0], [2.0]], 3)[1].tolist()
    [2.0, 0.0, 0.0]
    """
    found = floats(len(rows), columns)
    for row, values in zip(found, rows, strict=True):
        row[: len(values)] = values
    return found


def blank(periods: Floats) -> World:
    """Return a world in which there is nothing (but one contract, of demands without one); `periods` as in `World`."""
    count = len(periods) - 1
    found: dict[str, NDArray[Any]] = {name: floats(0, width) for name, width in WIDTHS.items()}
    found |= {name: floats(0, count) for name in BY_PERIOD} | {name: ints(1) for name in STARTS}
    found |= {name: ints(0) for name in LISTS}
    return World(
        **(found | {"contracts": floats(1, CONTRACT_COLUMNS)}),
        periods=periods,
        clock=floats(0, int(periods[-1]) + 1),
        consumers=ints(0, 2),
        curve=floats(0),
        flow=floats(count + 1),
        settings=floats(SETTING_COUNT),
        keys=np.zeros(0, dtype=np.uint64),
        dist=packed([]),
    )
