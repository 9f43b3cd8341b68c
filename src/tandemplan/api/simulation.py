"""Simulate a plan from Python: run it many times, and see how sure each promise is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.api.run import Run, reported
from tandemplan.api.tables import SimulationTables
from tandemplan.model.programme import Programme
from tandemplan.model.variants import changed_world
from tandemplan.report.progress import ProgressLines
from tandemplan.report.simulated import simulation_lines
from tandemplan.results import store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from tandemplan.api.figure import Figure
    from tandemplan.simulate.answer import Progress


def simulate(
    run: Run,
    *,
    changes: Sequence[str] = (),
    replications: int = 1000,
    precision: float | None = None,
    seed: int | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    drivers: Sequence[str] = (),
    lost: Sequence[str] = (),
    lost_from: date | None = None,
    pairs: int = 100,
    policy: Mapping[str, float | str] | None = None,
    progress: bool | Callable[[Progress], None] = False,
) -> Simulation:
    """Return what may become of a plan: `replications` runs of it under everything that the programme says may vary.

    With `precision`, it ends when the figures of every class are known within so much (a half-width such as 0.01, with 95 %
    confidence). `seed` is that of the programme by default, `workers` the number of cores; the answer does not depend on the
    workers. With `changes` (`table[rows].column = value`) the same plan is run in a changed world: its risks, times, people. An `executor` of concurrent futures runs them elsewhere: `dask.distributed.Client(address).get_executor()` is one.

    `drivers` asks what each of the `sources` of randomness costs, or what varies of each of the `suppliers` (table `drivers`); `lost` how long
    promises are kept once each of the `suppliers`, `countries`, `crossings` or `sites` is gone from `lost_from` on (the plan's first delivery
    without it; table `survival`). Each takes `pairs` replications more. `policy` says how planners carry the plan out, such as {"ahead": 1} ([what there is](../simulation.md)).
    `progress` True prints where the work is, a function is called with it. Raises ValueError where the run holds no plan.

    >>> import tandemplan as tp
    >>> plan = tp.plan(tp.example("first_steps"))
    >>> simulation = tp.simulate(plan, replications=50, workers=1)
    >>> simulation.replications, simulation.promises["demand"].tolist()
    (50, ['C1', 'C2', 'S1', 'S2'])
    >>> tp.simulate(plan, changes=["offers[kits].lead_days += 7"], replications=50, workers=1).info["changes"]
    ['offers[kits].lead_days += 7']
    """
    from tandemplan.simulate.answer import SimulationOptions
    from tandemplan.simulate.answer import simulate as run_plan
    from tandemplan.simulate.comparisons import Comparisons
    from tandemplan.simulate.policy import policy_of

    if not isinstance(run, Run):
        raise TypeError(
            f"run is a {type(run).__name__}; plan first, tp.plan(programme), or open one, tp.open_run(folder)"
        )
    programme = changed_world(run.programme, changes, "changes")
    more = Comparisons(tuple(drivers), tuple(lost), lost_from, pairs)
    options = SimulationOptions(
        replications, precision, programme.settings.seed if seed is None else seed, more, policy_of(policy or {})
    )
    lines = ProgressLines() if progress is True else None
    show = lines.show if lines else progress if callable(progress) else _silent
    try:
        found = run_plan(
            programme,
            run.answer,
            options,
            workers=workers or os.cpu_count() or 1,
            progress=show,
            executor=executor,
        )
    finally:
        if lines:
            lines.close()
    return Simulation(found, programme)


def open_simulation(simulation: str | Path) -> Simulation:
    """Return a simulation from its folder, or by its id under `runs/`; raises RunError when there is none.

    >>> import tandemplan as tp, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
    ...     tp.open_simulation(found.save(f"{folder}/simulation")).replications
    50
    """
    answer, programme = store.read_answer(store.run_folder(simulation))
    if not store.is_simulation(answer.info):
        raise store.RunError(f"{simulation} is a plan; open it by open_run.")
    return Simulation(answer, programme)


@dataclass(frozen=True, eq=False, repr=False)
class Simulation(SimulationTables):
    """How sure a plan is: what `run.json` says, every result table, and the programme that was planned.

    Every result table is an attribute and a fresh pandas frame: `simulation.promises`, `simulation.fan` and so on;
    [results](results.md) lists them with their columns. Each estimate has three columns: its value, and the ends of its 95 %
    confidence interval.

    >>> import tandemplan as tp
    >>> simulation = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
    >>> simulation
    Simulation('First steps', 50 replications, done)
    """

    answer: store.Run
    programme: Programme

    def __repr__(self) -> str:
        return f"Simulation({self.programme.settings.name!r}, {self.replications:,} replications, {self.status})"

    def _repr_html_(self) -> str:
        cells = (line.partition(": ") for line in self.summary().splitlines())
        rows = "".join(f"<tr><th>{escape(word)}</th><td>{escape(said)}</td></tr>" for word, _, said in cells)
        return f"<p><b>{escape(self.programme.settings.name)}</b>, simulated</p><table>{rows}</table>"

    @property
    def info(self) -> dict[str, Any]:
        """Return what `run.json` says, as a copy of your own.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).info["verb"]
        'simulate'
        """
        return deepcopy(dict(self.answer.info))

    @property
    def id(self) -> str:
        """Return the id of the simulation: the same for the same plan, options, seed and versions.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).id.startswith("simulate-")
        True
        """
        return str(self.answer.info["run"])

    @property
    def status(self) -> str:
        """Return `done`, or `stopped`: a person ended it, and the answers are from what was done by then.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).status
        'done'
        """
        return str(self.answer.info["status"])

    @property
    def replications(self) -> int:
        """Return how many replications the answers are taken from.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).replications
        50
        """
        return int(self.answer.info["replications"])

    @property
    def half_width(self) -> float | None:
        """Return within how much the figures of every class are known, with 95 % confidence; None: too few replications.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).half_width < 0.2
        True
        """
        found = self.answer.info.get("half_width")
        return None if found is None else float(found)

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the names of all figures.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).figures[:3]
        ('deliveries', 'customers', 'contracts')
        """
        from tandemplan.report.gallery import SIMULATION_FIGURES

        return tuple(SIMULATION_FIGURES)

    def summary(self) -> str:
        """Return how sure the plan is in a few lines that anyone can read, as the shell prints them.

        >>> import tandemplan as tp
        >>> found = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
        >>> [line.partition(":")[0] for line in found.summary().splitlines()][:3]
        ['In short', 'Simulated', 'Class 1 (city)']
        """
        return "\n".join(simulation_lines(self.answer, self.programme))

    def least_sure(self) -> pd.DataFrame:
        """Return the rows of `promises` that the plan has complete on time, the least sure first.

        >>> import tandemplan as tp
        >>> found = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
        >>> found.least_sure()["demand"].tolist()
        ['C2']
        """
        found = self.promises
        kept = found[found["planned"].notna() & (found["planned"] <= found["due"])]
        return kept.sort_values(["on_time_chance", "demand"], ignore_index=True)

    def figure(self, name: str) -> Figure:
        """Return a figure about the simulation, such as `risks` or `deliveries`; [figures](figures.md) lists them all.

        Raises KeyError for an unknown one.

        >>> import tandemplan as tp
        >>> tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).figure("promises").title
        'How sure each promise is'
        """
        from tandemplan.api.figure import figure

        return figure(name, self.answer, self.programme)

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the simulation to a folder (`runs/` and its id by default) and return it.

        Raises RunError when the folder holds anything but a simulation.

        >>> import tandemplan as tp, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     saved = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1).save(f"{folder}/s")
        ...     sorted(p.name for p in saved.iterdir())[:2]
        ['cash_fan.csv', 'cash_low.csv']
        """
        return store.write_run(self.answer, self.programme, Path("runs") / self.id if folder is None else Path(folder))

    def report(self, file: str | Path) -> Path:
        """Write one self-contained page (`.html`), or a workbook with every table (`.xlsx`), and return its path.

        >>> import tandemplan as tp, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     found = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
        ...     found.report(f"{folder}/s.html").stat().st_size > 10_000
        True
        """
        return reported(self.answer, self.programme, Path(file))


def _silent(_progress: Progress) -> None:
    """Say nothing of where the work is."""
