"""Linear models small enough to solve by hand, and one large enough to take a while."""

import time

import numpy as np

from tandemplan.solver.engine import Watch
from tandemplan.solver.lp import Builder, Lp
from tandemplan.solver.stages import Work
from tandemplan.solver.windows import ground_of

ONE = np.ones((1, 1), dtype=bool)


def two_columns(need: float = 4.0) -> Lp:
    """x <= 3, y <= 5, x + y >= need."""
    build = Builder()
    x = build.add_grid("x", ("a",), ONE, 3.0)
    y = build.add_grid("y", ("b",), ONE, 5.0)
    row = build.add_rows("need", ("c",), ONE, lower=need, upper=np.inf, unit="kg")
    build.add(row, x, 1.0)
    build.add(row, y, 1.0)
    return build.lp()


def transport(size: int) -> tuple[Lp, np.ndarray]:
    """`size` sources of 1 unit, `size` places that each need 1, a way between any two; and pseudo-random costs."""
    build = Builder()
    every = np.ones((size, size), dtype=bool)
    ship = build.add_grid("ship", tuple(map(str, range(size))), every)
    column = np.ones((size, 1), dtype=bool)
    sent = build.add_rows("sent", tuple(map(str, range(size))), column, lower=-np.inf, upper=1.0)
    got = build.add_rows("got", tuple(map(str, range(size))), column, lower=1.0, upper=np.inf)
    build.add(np.repeat(sent, size, axis=1), ship, 1.0)
    build.add(np.repeat(got.T, size, axis=0), ship, 1.0)
    return build.lp(), np.random.default_rng(1).random(size * size)


def lots(seed, items=6, periods=12):
    """Return lot sizes of items that share hours: a set-up takes 8 hours of 60 and costs, stock costs, all is on time or lost."""
    random = np.random.default_rng(seed)
    build = Builder()
    who, every = tuple(map(str, range(items))), np.ones((items, periods), dtype=bool)
    asked = random.integers(0, 15, (items, periods)).astype(float)
    make, stock, lost = (build.add_grid(n, who, every) for n in ("make", "stock", "lost"))
    setup = build.add_grid("setup", who, every, 1.0, whole=True)
    balance = build.add_rows("balance", who, every, lower=asked, upper=asked)
    for column, sign in ((make, 1.0), (stock, -1.0), (lost, 1.0)):
        build.add(balance, column, sign)
    build.add(balance[:, 1:], stock[:, :-1], 1.0)
    hours = build.add_rows("hours", ("W",), every[:1], lower=-np.inf, upper=60.0)
    build.add(np.repeat(hours, items, axis=0), make, 1.0)
    build.add(np.repeat(hours, items, axis=0), setup, 8.0)
    allowed = build.add_rows("allowed", who, every, lower=-np.inf, upper=0.0)
    build.add(allowed, make, 1.0)
    build.add(allowed, setup, -52.0)
    lp = build.lp()
    cost = np.zeros(len(lp.lower))
    cost[setup], cost[stock] = random.integers(20, 60, (items, 1)), random.integers(1, 4, (items, 1))
    late = np.zeros(len(lp.lower))
    late[lost] = 1.0
    return lp, late, cost


def ground(lp, cost, seconds=np.inf):
    """Return a model with a cost to improve, for so many seconds."""
    return ground_of(lp, ("cost", cost), Work(), Watch(time.monotonic(), None, lambda _: None, lambda: False), seconds)
