"""Linear models small enough to solve by hand, and one large enough to take a while."""

import numpy as np

from tandemplan.solver.lp import Builder, Lp

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
