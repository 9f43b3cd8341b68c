"""Outcomes made up by hand for tests: what is not given is there, and nothing."""

from __future__ import annotations

import numpy as np

from tandemplan.simulate.outcomes import Outcomes

SECOND = {
    "asked": "demands", "on_time": "demands", "delivered": "demands", "done": "demands", "first": "contracts",
    "task_end": "tasks", "used": "resources", "open_hours": "resources", "share": "shared", "happened": "risks",
    "active": "risks",
}  # fmt: skip
NAMES = ("demands", "contracts", "items", "tasks", "resources", "shared", "risks")


def outcomes(count: int, periods: int, **given) -> Outcomes:
    """Return outcomes of `count` replications over `periods` periods with the arrays and names that are given."""
    names = {n: tuple(given.pop(n, ("",) if n == "contracts" else ())) for n in NAMES}
    arrays = {a: np.zeros((count, len(names[n]))) for a, n in SECOND.items()}
    arrays |= {
        "done": np.full((count, len(names["demands"])), np.inf),
        "first": np.full((count, len(names["contracts"])), np.inf),
        "task_end": np.full((count, len(names["tasks"])), np.inf),
        "curve": np.zeros((count, len(names["contracts"]), periods)),
        "made": np.zeros((count, len(names["items"]), periods)),
        "cash": np.zeros((count, 0)),
        "held": np.zeros(count),
    }
    arrays |= given
    return Outcomes(**names, **{n: np.asarray(v, dtype=np.float32) for n, v in arrays.items()})
