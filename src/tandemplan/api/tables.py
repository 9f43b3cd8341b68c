"""The result tables of a run as attributes: fresh pandas frames, derived from `results/shape.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tandemplan.problems import did_you_mean
from tandemplan.results import store
from tandemplan.results.frames import frame_of
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.results.shape import SHAPES
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES

if TYPE_CHECKING:
    import pandas as pd

_SHAPES = {s.name: s for s in SHAPES}
_SCHEDULE_SHAPES = {s.name: s for s in SCHEDULE_SHAPES}
_SIMULATION_SHAPES = {s.name: s for s in SIMULATION_SHAPES}


class RunTables:
    """Give a run an attribute for each table of `results/shape.py`; the names below are for editors and type checkers."""

    answer: store.Run

    if TYPE_CHECKING:
        classes: pd.DataFrame
        class_costs: pd.DataFrame
        sharing: pd.DataFrame
        deliveries: pd.DataFrame
        demand_summary: pd.DataFrame
        purchases: pd.DataFrame
        production: pd.DataFrame
        moves: pd.DataFrame
        stock: pd.DataFrame
        stock_targets: pd.DataFrame
        load: pd.DataFrame
        learning: pd.DataFrame
        investments: pd.DataFrame
        shifts: pd.DataFrame
        people: pd.DataFrame
        options: pd.DataFrame
        qualifications: pd.DataFrame
        licences: pd.DataFrame
        origin: pd.DataFrame
        origin_parts: pd.DataFrame
        materials: pd.DataFrame
        rule_costs: pd.DataFrame
        work_share: pd.DataFrame
        sourcing: pd.DataFrame
        sourcing_rules: pd.DataFrame
        tasks: pd.DataFrame
        critical_path: pd.DataFrame
        limits: pd.DataFrame
        costs: pd.DataFrame
        cash: pd.DataFrame
        funding: pd.DataFrame
        spending: pd.DataFrame
    else:

        def __getattr__(self, name: str) -> Any:
            if name in _SHAPES:
                return frame_of(self.answer, _SHAPES[name])
            raise AttributeError(f"a run has no table or attribute '{name}'. {did_you_mean(name, dir(self))}".strip())

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_SHAPES})


class SimulationTables:
    """Give a simulation an attribute for each table of `results/simulation_shapes.py`; the names below are for editors and type checkers."""

    answer: store.Run

    if TYPE_CHECKING:
        promises: pd.DataFrame
        promise_groups: pd.DataFrame
        fan: pd.DataFrame
        rate_chances: pd.DataFrame
        task_chances: pd.DataFrame
        cash_fan: pd.DataFrame
        cash_low: pd.DataFrame
        origin_chances: pd.DataFrame
        utilisation: pd.DataFrame
        risk_effects: pd.DataFrame
        drivers: pd.DataFrame
        survival: pd.DataFrame
        outcomes: pd.DataFrame
        outcome_units: pd.DataFrame
    else:

        def __getattr__(self, name: str) -> Any:
            if name in _SIMULATION_SHAPES:
                return frame_of(self.answer, _SIMULATION_SHAPES[name])
            raise AttributeError(
                f"a simulation has no table or attribute '{name}'. {did_you_mean(name, dir(self))}".strip()
            )

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_SIMULATION_SHAPES})


class ScheduleTables:
    """Give a schedule an attribute for each table of `results/schedule_shapes.py`; the names below are for editors and type checkers."""

    answer: store.Run

    if TYPE_CHECKING:
        classes: pd.DataFrame
        deliveries: pd.DataFrame
        demand_summary: pd.DataFrame
        orders: pd.DataFrame
        order_loads: pd.DataFrame
        order_flows: pd.DataFrame
        load: pd.DataFrame
        targets: pd.DataFrame
        capacity_factors: pd.DataFrame
    else:

        def __getattr__(self, name: str) -> Any:
            if name in _SCHEDULE_SHAPES:
                return frame_of(self.answer, _SCHEDULE_SHAPES[name])
            raise AttributeError(
                f"a schedule has no table or attribute '{name}'. {did_you_mean(name, dir(self))}".strip()
            )

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_SCHEDULE_SHAPES})
