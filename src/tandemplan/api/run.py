"""One answer for Python: a run with its programme, its tables as pandas frames, and what is said about it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.api.tables import RunTables
from tandemplan.model.programme import Programme
from tandemplan.model.writing import write_bytes
from tandemplan.report.summary import LOST_REVENUE, plan_lines
from tandemplan.report.wording import NOTHING, listed, money, quantities
from tandemplan.results import store
from tandemplan.results.shape import COSTS

if TYPE_CHECKING:
    import pandas as pd

    from tandemplan.api.explanation import Explanation
    from tandemplan.api.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Run(RunTables):
    """One answer: what `run.json` says, every result table, and the programme that was planned.

    Every result table is an attribute and a fresh pandas frame, so that nobody changes a run: `run.classes`,
    `run.deliveries` and so on; [results](results.md) lists them with their columns, `dir(run)` names them. A run without
    a plan has tables without rows. `answer` is the same as the engine holds it.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> run
    Run('First steps', optimal: 36 of 42 units delivered, cost 3,002.80 EUR)
    >>> run.classes[["demand_class", "demanded", "on_time", "late", "lost", "value", "bound"]]
       demand_class  demanded  on_time  late  lost  value  bound
    0             1      22.0     18.0   4.0   0.0   28.0   28.0
    1             2      20.0     14.0   0.0   6.0  116.0  116.0
    """

    answer: store.Run
    programme: Programme

    def __repr__(self) -> str:
        return f"Run({self.programme.settings.name!r}, {self._outcome()})"

    def _repr_html_(self) -> str:
        cells = (line.partition(": ") for line in self.summary().splitlines())
        rows = "".join(f"<tr><th>{escape(word)}</th><td>{escape(said)}</td></tr>" for word, _, said in cells)
        return f"<p><b>{escape(self.programme.settings.name)}</b>, {escape(self._state())}</p><table>{rows}</table>"

    def _outcome(self) -> str:
        totals = self.info.get("totals")
        if totals is None:
            return f"{self._state()}: no plan"
        by_unit = totals["units"].items()
        asked = quantities({u: t["demanded"] for u, t in by_unit})
        got = quantities({u: t["on_time"] + t["late"] for u, t in by_unit})
        if len(by_unit) == 1:
            got = got.rpartition(" ")[0]
        return f"{self._state()}: {got} of {asked} delivered{self._spent()}"

    def _spent(self) -> str:
        """Return what the plan costs, for the end of a sentence; blank where the table of costs is gone."""
        if COSTS.name not in self.answer.tables:
            return ""
        spent = sum(r["amount"] for r in self.answer.rows(COSTS) if r["term"] not in LOST_REVENUE)
        return f", cost {money(spent, self.programme.settings.currency)}"

    def _state(self) -> str:
        """Return the status and, of a run whose files were changed after the plan, that they were."""
        changed = self.answer.changed
        return f"{self.status}, but changed after the plan ({listed(changed)})" if changed else self.status

    @property
    def info(self) -> dict[str, Any]:
        """Return what `run.json` says, as a copy of your own.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).info["totals"]["cost"]
        3002.8
        """
        return deepcopy(dict(self.answer.info))

    @property
    def id(self) -> str:
        """Return the id of the run: the same for the same programme, options and versions.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).id.startswith("plan-")
        True
        """
        return str(self.answer.info["run"])

    @property
    def status(self) -> str:
        """Return `optimal`, `feasible` (the best plan so far), `infeasible` or `stopped` (ended before any plan).

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps"), time_limit=0).status
        'stopped'
        """
        return str(self.answer.info["status"])

    @property
    def objective(self) -> float | None:
        """Return the value of the last objective, the cost; `classes` holds that of each class. None without a plan.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).objective
        3002.8
        """
        return self._of_objective("value")

    @property
    def bound(self) -> float | None:
        """Return the bound of the last objective: no plan that serves the classes as well has a lower value.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).bound
        3002.8
        """
        return self._of_objective("bound")

    @property
    def gap(self) -> float | None:
        """Return the gap of the last objective, as a share; `classes` holds that of each class. None without a plan.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).gap
        0.0
        """
        return self._of_objective("gap")

    @property
    def pegging(self) -> pd.DataFrame:
        """Return which order feeds which demand, link by link: a row for each demand, order and what takes it next.

        [Explain](../use/explain.md) says how it is found and read; [results](results.md) describes the columns.

        >>> import tandemplan as tp
        >>> links = tp.plan(tp.example("first_steps")).pegging
        >>> links[links["order"] == "P-00001"][["demand", "quantity", "to_date", "into", "slack_days", "room_days"]]
           demand  quantity    to_date     into  slack_days  room_days
        4      C1       4.0 2026-06-12  M-00002         0.0        0.0
        9      C2       2.0 2026-06-12  M-00002         0.0        7.0
        13     S1       4.0 2026-06-12  M-00002         0.0        0.0
        """
        from tandemplan.pegging.tables import pegging
        from tandemplan.results.frames import frame_of
        from tandemplan.results.pegging_shape import PEGGING

        found = pegging(self.programme, self.answer)
        return frame_of(store.Run({}, {PEGGING.name: found}), PEGGING)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what the plan does not count, in sentences.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).notes
        ()
        """
        return tuple(self.answer.info.get("notes", ()))

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the names of all figures.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).figures[:3]
        ('deliveries', 'customers', 'products')
        """
        from tandemplan.report.gallery import FIGURES

        return tuple(FIGURES)

    def _of_objective(self, word: str) -> float | None:
        found = (self.answer.info.get("objective") or {}).get(word)
        return None if found is None else float(found)

    def summary(self) -> str:
        """Return the plan in a few lines that anyone can read, as the shell prints them.

        >>> import tandemplan as tp
        >>> print(tp.plan(tp.example("first_steps")).summary().splitlines()[0])
        Delivered: 36 of 42 units (85.7 %). In order of service: city 22 of 22 units (100 %); school 14 of 20 units (70 %).
        """
        return "\n".join(plan_lines(self.answer, self.programme))

    def late(self) -> pd.DataFrame:
        """Return the rows of `demand_summary` that are late or lost in part, those with most unit-days late first.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).late()[["demand", "quantity", "late", "lost", "late_unit_days"]]
          demand  quantity  late  lost  late_unit_days
        0     S1       8.0   0.0   4.0            96.0
        1     C1      10.0   4.0   0.0            28.0
        2     S2      12.0   0.0   2.0            20.0
        """
        found = self.demand_summary
        found = found[found["late"] + found["lost"] > NOTHING]
        return found.sort_values(["late_unit_days", "demand"], ascending=[False, True], ignore_index=True)

    def explain(self, demand: str = "", *, relief: bool = False, time_limit: float | None = 120.0) -> Explanation:
        """Return why a demand is late, with `relief` also what repairs it; without one which limits of the run do most harm.

        Raises ValueError where the run holds no plan, KeyError for an unknown demand, and SolverStoppedError when
        `time_limit` seconds do not suffice.

        >>> import tandemplan as tp
        >>> print(tp.plan(tp.example("first_steps")).explain("S2"))
        Late by 20 unit-days in all:
          20 unit-days: hours of bench: 8 hours more from 22 Jun 2026 would be enough.
        Instead of that, this would do as well: earlier supply of Kit of parts.
        """
        from tandemplan.api.explanation import explained

        return explained(self.answer, self.programme, demand, relief=relief, time_limit=time_limit)

    def alternatives(self, *, claims: bool = True, pins: bool = True) -> pd.DataFrame:
        """Return what the plan would be with each claim that contradicts the programme, and without each decision that is pinned, the largest effect first.

        Each is planned with the options of the run, so it takes as long for each. `demands` fare otherwise then, `changes` says what the plan does.
        Raises ValueError where the run holds no plan.

        >>> import tandemplan as tp
        >>> pinned = tp.example("first_steps").replace(open_orders=[
        ...     {"order": "spare", "offer": "kits", "item": "kit", "quantity_units": 4, "promised": "2026-06-05", "status": "pinned"}])
        >>> tp.plan(pinned).alternatives()[["name", "now", "then", "outcome"]]
            name                  now    then  outcome
        0  spare  4 kit on 2026-06-05  absent  planned
        """
        from tandemplan.api.explanation import alternatives_of

        return alternatives_of(self.answer, self.programme, claims=claims, pins=pins)

    def actions(self, *, as_of: date | None = None, days: int = 28, against: Run | None = None) -> pd.DataFrame:
        """Return what is to be done within so many days from a day on (None: the plan's start), the most pressing first.

        Each action has its last safe day, its reason, and whom it hurts to be a week late; `against` another run, how it slipped and what
        in the input moved it. [Results](results.md#actions) lists the columns. Raises ValueError where a run holds no plan.

        >>> import tandemplan as tp
        >>> todo = tp.plan(tp.example("first_steps")).actions(days=7)
        >>> todo[["action", "what", "item", "quantity", "last_safe", "units"]].head(2)
            action        what  item  quantity  last_safe  units
        0  release  production  bike       6.0 2026-06-01   10.0
        1  release    purchase   kit      10.0 2026-06-05   14.0
        """
        import pandas as pd

        from tandemplan.explain import actions as explained
        from tandemplan.explain.split import has_plan
        from tandemplan.report.doing import action_rows
        from tandemplan.results.action_shape import ACTIONS

        for run in (self, *([against] if against is not None else [])):
            if not has_plan(run.answer):
                raise ValueError(f"{run.id} holds no plan: it is {run.status}")
        window = explained.window_of(self.programme, as_of, days)
        now = (self.programme, self.answer)
        found = explained.actions(*now, window)
        if against is not None:
            found = explained.against(found, now, (against.programme, against.answer), window)
        frame = pd.DataFrame(action_rows(found, self.programme), columns=ACTIONS.names)
        return frame.astype(dict.fromkeys(("planned", "last_safe", "before"), "datetime64[s]"))

    def figure(self, name: str) -> Figure:
        """Return a figure about the plan, such as `deliveries` or `load`; [figures](figures.md) lists them all.

        Raises KeyError for an unknown one.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).figure("deliveries").description
        'Class 1: city: 22 of 22 units (100 %); Class 2: school: 14 of 20 units (70 %), 6 never'
        """
        from tandemplan.api.figure import figure

        return figure(name, self.answer, self.programme)

    def save(self, folder: str | Path | None = None) -> Path:
        """Write the run to a folder (`runs/` and its id by default) and return it.

        A better answer about the same programme that lies there stays, and the run goes beside it. Raises RunError when
        the folder holds anything else.

        >>> import tandemplan as tp, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     saved = tp.plan(tp.example("first_steps")).save(f"{folder}/run")
        ...     tp.open_run(saved)
        Run('First steps', optimal: 36 of 42 units delivered, cost 3,002.80 EUR)
        """
        return store.write_run(self.answer, self.programme, Path("runs") / self.id if folder is None else Path(folder))

    def report(self, file: str | Path) -> Path:
        """Write one self-contained page (`.html`), or a workbook with every table (`.xlsx`), and return its path.

        >>> import tandemplan as tp, tempfile
        >>> run = tp.plan(tp.example("first_steps"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     [run.report(f"{folder}/plan{suffix}").stat().st_size > 10_000 for suffix in (".html", ".xlsx")]
        [True, True]
        """
        return reported(self.answer, self.programme, Path(file))


def reported(answer: store.Run, programme: Programme, path: Path) -> Path:
    """Write the page or the workbook of a plan or a simulation, and return its path; raises ValueError for another ending."""
    from tandemplan.report.page import page
    from tandemplan.report.workbook import write_run_workbook

    if path.suffix.lower() in (".html", ".htm"):
        write_bytes(path, page(answer, programme).encode())
    elif path.suffix.lower() == ".xlsx":
        write_run_workbook(answer, programme, path)
    else:
        raise ValueError(f"A report is an .html page or an .xlsx workbook; '{path}' is neither.")
    return path
