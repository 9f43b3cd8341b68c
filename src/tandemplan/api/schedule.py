"""Schedule orders to the second from Python: a factory's processes, or the next weeks of a plan."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.api.run import Run, reported
from tandemplan.api.tables import ScheduleTables
from tandemplan.model.programme import Programme
from tandemplan.model.variants import checked
from tandemplan.report.progress import ProgressLines
from tandemplan.report.scheduled import schedule_lines
from tandemplan.results import store
from tandemplan.results.schedule_shapes import CLASSES

if TYPE_CHECKING:
    import pandas as pd

    from tandemplan.api.figure import Figure
    from tandemplan.schedule.answer import Progress


def schedule(
    programme: Programme | Run,
    *,
    since: date | None = None,
    until: date | None = None,
    time_limit: float = 10.0,
    steps: int | None = None,
    seed: int | None = None,
    progress: bool | Callable[[Progress], None] = False,
) -> Schedule:
    """Return orders to the second for a programme of processes, or for the weeks of a plan between `since` and `until` (its first four).

    It is improved for `time_limit` seconds (0: dispatch alone), or by a number of `steps`: then the same schedule comes every time. `seed` is that
    of the programme by default. `progress` True prints where the work is, a function is called with it. Raises ValueError for a
    programme without processes, for one that could be done in too many ways, and for days without a plan; ProgrammeFaultsError for faults.

    >>> import tandemplan as tp
    >>> shop = tp.programme(
    ...     name="Chairs", start="2026-06-01", periods="1 week", items=[{"item": "chair"}], work_centres=[{"work_centre": "bench"}],
    ...     processes=[{"process": "build", "item": "chair", "unit_hours": 3}], process_loads=[{"process": "build", "work_centre": "bench"}],
    ...     demands=[{"demand": "D1", "item": "chair", "quantity_units": 10, "due": "2026-06-01", "minimum_shipment_units": 10}])
    >>> week = tp.schedule(shop, steps=0)
    >>> week.deliveries[["demand", "quantity", "delivered", "late_days"]]
      demand  quantity           delivered  late_days
    0     D1      10.0 2026-06-02 06:00:00       0.25
    """
    from tandemplan.schedule.answer import ScheduleOptions
    from tandemplan.schedule.answer import schedule as find_schedule
    from tandemplan.schedule.near.horizon import near_of
    from tandemplan.schedule.near.rounds import schedule_near

    if not isinstance(programme, Programme | Run):
        raise TypeError(
            f"programme is a {type(programme).__name__}; read one first, tp.read(path), or give the run of a plan"
        )
    if isinstance(programme, Programme) and (since or until):
        raise ValueError(
            "since and until say what is scheduled of a plan; a programme of processes says its days itself"
        )
    about = programme.programme if isinstance(programme, Run) else programme
    options = ScheduleOptions(time_limit, steps, about.settings.seed if seed is None else seed)
    lines = ProgressLines() if progress is True else None
    show = lines.show if lines else progress if callable(progress) else _silent
    try:
        if isinstance(programme, Run):
            found = schedule_near(near_of(about, programme.answer, since, until), options, show)
            return Schedule(found.run, found.programme)
        checked(programme)
        return Schedule(find_schedule(programme, options, show), programme)
    finally:
        if lines:
            lines.close()


def open_schedule(schedule: str | Path) -> Schedule:
    """Return a schedule from its folder, or by its id under `runs/`; raises RunError when there is none.

    >>> import tandemplan as tp
    >>> tp.open_schedule("nowhere")
    Traceback (most recent call last):
    tandemplan.results.store.RunError: There is no run 'nowhere', neither as a folder nor under runs/.
    """
    answer, programme = store.read_answer(store.run_folder(schedule))
    if store.kind_of(answer.info) != "schedule":
        raise store.RunError(f"{schedule} is a {store.kind_of(answer.info)}, no schedule.")
    return Schedule(answer, programme)


@dataclass(frozen=True, eq=False, repr=False)
class Schedule(ScheduleTables):
    """Orders to the second: what `run.json` says, every result table, and the programme that was scheduled.

    Every result table is an attribute and a fresh pandas frame: `schedule.orders`, `schedule.order_loads` and so on;
    [results](results.md#tables-of-a-schedule) lists them with their columns.

    >>> import tandemplan as tp
    >>> from tandemplan.testing.shops import chairs
    >>> tp.schedule(chairs(), steps=0)
    Schedule('Chairs', optimal: 8 of 16 units on time)
    """

    answer: store.Run
    programme: Programme

    def __repr__(self) -> str:
        classes = self.answer.rows(CLASSES)
        asked, kept = (sum(c[n] for c in classes) for n in ("demanded", "on_time"))
        return f"Schedule({self.programme.settings.name!r}, {self.status}: {kept:,.10g} of {asked:,.10g} units on time)"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{escape(line)}</p>" for line in self.summary().splitlines())
        return f"<p><b>{escape(self.programme.settings.name)}</b>, scheduled</p>{lines}"

    @property
    def info(self) -> dict[str, Any]:
        """Return what `run.json` says, as a copy of your own.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).info["verb"]
        'schedule'
        """
        return deepcopy(dict(self.answer.info))

    @property
    def id(self) -> str:
        """Return the id of the schedule: the same for the same programme, options, seed and versions.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).id.startswith("schedule-")
        True
        """
        return str(self.answer.info["run"])

    @property
    def status(self) -> str:
        """Return `optimal` (proved to be the best for every class), or `feasible`.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).status
        'optimal'
        """
        return str(self.answer.info["status"])

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the names of all figures.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).figures
        ('deliveries', 'gantt', 'load')
        """
        from tandemplan.report.gallery import SCHEDULE_FIGURES

        return tuple(SCHEDULE_FIGURES)

    def summary(self) -> str:
        """Return how each class is served, how far that is proved, and who waits longest, as the shell prints it.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> print(tp.schedule(chairs(), steps=0).summary().splitlines()[0])
        Orders: 4 new, 0 given.
        """
        return "\n".join(schedule_lines(self.answer))

    def late(self) -> pd.DataFrame:
        """Return the rows of `demand_summary` that are late or lost, class by class, the worst first.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).late()[["demand", "late", "late_unit_days"]]
          demand  late  late_unit_days
        0     D2   8.0             8.0
        """
        found = self.demand_summary
        kept = found[(found["late"] > 0) | (found["lost"] > 0)]
        order = ["demand_class", "lost", "late_unit_days", "demand"]
        return kept.sort_values(order, ascending=[True, False, False, True], ignore_index=True)

    def waits(self, demand: str) -> pd.DataFrame:
        """Return why a demand is late: the chain of waits that ends with its last delivery, in order; `late_days` add up to how late that is.

        [Schedule](../use/schedule.md#why-is-it-late) tells how it is found. No rows where nothing of it is delivered; raises KeyError for an unknown demand.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).waits("D2")[["kind", "held_by", "late_days"]]
              kind held_by  late_days
        0  station      O1        1.0
        1     work                0.0
        """
        import pandas as pd

        from tandemplan.explain.waits import Chains
        from tandemplan.report.waited import chain_said

        if demand not in self.demand_summary["demand"].tolist():
            raise KeyError(f"the schedule has no demand '{demand}'")
        chains = Chains(self.programme, self.answer)
        chain = chains.of(demand)
        names = ["kind", "from", "to", "days", "late_days", "order", "resource", "held_by", "demand", "demand_class"]
        found = pd.DataFrame(chain_said(chains, chain)["waits"] if chain else [], columns=names)
        return found.astype({"from": "datetime64[s]", "to": "datetime64[s]"})

    def causes(self) -> pd.DataFrame:
        """Return what makes last deliveries late over all late demands: what and where, days, and how many demands; most days first.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).causes().to_numpy().tolist()
        [['station', 'bench', 1.0, 1]]
        """
        import pandas as pd

        from tandemplan.report.waited import causes

        return pd.DataFrame(causes(self.answer, self.programme), columns=["kind", "name", "days", "demands"])

    def pegging(self) -> pd.DataFrame:
        """Return which order feeds which demand, through all levels: as the pegging of a plan, with moments for days; quantities of an order add up to it.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).pegging()[["demand", "kind", "order", "quantity"]].tail(2)
          demand        kind order  quantity
        2     D2    delivery    D2       8.0
        3     D2  production    O3       8.0
        """
        from tandemplan.pegging.tables import pegging
        from tandemplan.results.frames import frame_of
        from tandemplan.results.pegging_shape import SCHEDULE_PEGGING

        made = pegging(self.programme, self.answer)
        return frame_of(store.Run({}, {SCHEDULE_PEGGING.name: made}), SCHEDULE_PEGGING)

    def figure(self, name: str) -> Figure:
        """Return a figure about the schedule, such as `gantt` or `load`; [figures](figures.md) lists them all. Raises KeyError for an unknown one.

        >>> import tandemplan as tp
        >>> from tandemplan.testing.shops import chairs
        >>> tp.schedule(chairs(), steps=0).figure("gantt").title
        'Orders on work centres'
        """
        from tandemplan.api.figure import figure

        return figure(name, self.answer, self.programme)

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the schedule to a folder (`runs/` and its id by default) and return it; raises RunError when that holds anything but a schedule.

        >>> import tandemplan as tp, tempfile
        >>> from tandemplan.testing.shops import chairs
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tp.open_schedule(tp.schedule(chairs(), steps=0).save(f"{folder}/week")).status
        'optimal'
        """
        return store.write_run(self.answer, self.programme, Path("runs") / self.id if folder is None else Path(folder))

    def report(self, file: str | Path) -> Path:
        """Write one self-contained page with its Gantt (`.html`), or a workbook with every table (`.xlsx`), and return its path.

        >>> import tandemplan as tp, tempfile
        >>> from tandemplan.testing.shops import chairs
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tp.schedule(chairs(), steps=0).report(f"{folder}/week.html").stat().st_size > 10_000
        True
        """
        return reported(self.answer, self.programme, Path(file))


def _silent(_progress: Progress) -> None:
    """Say nothing of where the work is."""
