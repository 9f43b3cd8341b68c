"""Options and fixtures of the whole test run."""

from dataclasses import dataclass

import numpy as np
import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files anew; review the difference by hand"
    )


@dataclass(frozen=True)
class Differences:
    """By demand days after the plan's last delivery (inf: never complete) and its class; shares of units delivered and of hours used."""

    late: np.ndarray
    demand_class: np.ndarray
    delivered: float
    hours: dict[str, float]


@pytest.fixture(scope="session")
def differences():
    """A function from a programme and its plan to how far a simulation without randomness is from it."""
    return _differences


def _differences(programme, run):
    from tandemplan.simulate import layout as at
    from tandemplan.simulate.blocks import block_of, setup_of

    setup = setup_of(programme, run, 1, random=False)
    found = block_of(setup, 0, 1)
    asks = setup.world.asks
    last = np.full(len(setup.demands), -np.inf)
    np.maximum.at(last, asks[:, at.ASK_DEMAND].astype(int), asks[:, at.ASK_DAY])
    told = np.isfinite(last)
    table = run.tables["demand_summary"]
    classes = dict(zip(table["demand"].tolist(), table["demand_class"].tolist(), strict=True))
    load = run.tables["load"]
    planned = {r: load["used_hours"][load["resource"] == r].sum() for r in setup.resources}
    used = dict(zip(setup.resources, found.used[0].tolist(), strict=True))
    return Differences(
        late=(found.done[0] - last)[told],
        demand_class=np.array([classes.get(d, 0) for d in setup.demands])[told],
        delivered=float(found.delivered.sum() / asks[:, at.ASK_UNITS].sum()),
        hours={r: used[r] / h for r, h in planned.items() if h > 100},
    )
