"""Plan once more from a plan, after new facts, and tell it on one page, from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import pandas as pd

from tandemplan.api.run import Run
from tandemplan.explain.split import has_plan
from tandemplan.model.programme import Programme
from tandemplan.model.scenario import latest_date
from tandemplan.model.variants import checked
from tandemplan.model.writing import write_bytes
from tandemplan.plan import PlanOptions, Progress
from tandemplan.plan.replan import Move
from tandemplan.plan.replan import replan as sought
from tandemplan.report.briefing import briefing_lines, briefing_page
from tandemplan.report.progress import ProgressLines

DAYS = ("from_date", "to_date")


def replan(
    run: Run,
    facts: Programme | str | Path | Sequence[str | Path] = (),
    *,
    as_of: date | str | None = None,
    improve: bool = False,
    time_limit: float | None = None,
    progress: bool | Callable[[Progress], None] = False,
) -> Run:
    """Return the plan that moves little of the plan of a run, after new facts.

    `facts` are overlays (folders, or names of those beside the programme), or the programme as it is now. What was shipped, started, dispatched and
    delivered before `as_of` stays; without it, the latest date of an overlay is meant, and without any everything may move. Where nothing is new nothing
    moves, and a better plan is offered; with `improve` it is taken. `briefing` tells what moved. The status is `feasible`, as nothing is proved, or `stopped` where no plan is found. Raises ProgrammeFaultsError for faults, ValueError where the run
    holds no plan, NoBaseError (a ValueError) where its tables are no plan of its programme.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> new = tp.replan(run, run.programme.with_changes("demands[C2].due = 2026-06-12"), as_of="2026-06-02")
    >>> new.status, new.info["replan"]["moved_unit_days"]
    ('feasible', 70.0)
    """
    if not isinstance(run, Run):
        raise TypeError(
            f"run is a {type(run).__name__}; plan first, tp.plan(programme), or open one, tp.open_run(folder)"
        )
    if not has_plan(run.answer):
        raise ValueError(f"{run.id} holds no plan: it is {run.status}")
    when = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    if isinstance(facts, Programme):
        programme = checked(facts)
    else:
        overlays = [facts] if isinstance(facts, str | Path) else list(facts)
        programme = run.programme.with_scenario(*overlays)
        when = when or latest_date(overlays, run.programme.home)
    lines = ProgressLines() if progress is True else None
    show = lines.show if lines is not None else progress or None
    options = PlanOptions(time_limit=time_limit)
    try:
        answer = sought(run.answer, run.programme, programme, options, as_of=when, improve=improve, progress=show)  # type: ignore[arg-type]
    finally:
        if lines is not None:
            lines.close()
    return Run(answer, programme)


@dataclass(frozen=True, eq=False, repr=False)
class Briefing:
    """What a re-plan comes to, on one page: `new` is told against `before`, the plan that it comes from.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> tp.briefing(run, tp.replan(run, as_of="2026-06-02"))
    Briefing('No new facts: as of 2 Jun 2026')
    """

    before: Run
    new: Run

    def __repr__(self) -> str:
        return f"Briefing({self.summary().splitlines()[0]!r})"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.summary())}</pre>"

    def summary(self) -> str:
        """Return the briefing in lines, as the shell prints it.

        >>> import tandemplan as tp
        >>> run = tp.plan(tp.example("first_steps"))
        >>> print(tp.briefing(run, tp.replan(run, as_of="2026-06-02")).summary().splitlines()[-1].strip())
        Nothing moved.
        """
        return "\n".join(briefing_lines(self.new.answer, self.before.answer, self.new.programme))

    @property
    def moved(self) -> pd.DataFrame:
        """Return what moved, way by way: from which day to which (blank: new, or cancelled), how many units, and the limit that asks for it.

        >>> import tandemplan as tp
        >>> run = tp.plan(tp.example("first_steps"))
        >>> new = tp.replan(run, run.programme.with_changes("demands[C2].due = 2026-06-12"), as_of="2026-06-02")
        >>> tp.briefing(run, new).moved[["table", "way", "from_date", "to_date", "quantity", "unit_days"]]
                table way  from_date    to_date  quantity  unit_days
        0  deliveries  C2 2026-06-19 2026-06-12       6.0       42.0
        1  deliveries  S1 2026-06-12 2026-06-19       4.0       28.0
        """
        rows = self.new.info.get("replan", {}).get("changes", [])
        found = pd.DataFrame(rows, columns=list(Move.__dataclass_fields__))
        for name in DAYS:
            found[name] = pd.to_datetime(found[name].replace("", None)).astype("datetime64[s]")
        return found.astype({"quantity": "float64", "unit_days": "float64"})

    def report(self, file: str | Path) -> Path:
        """Write the briefing as one page (`.html`), and return its path.

        >>> import tandemplan as tp, tempfile
        >>> run = tp.plan(tp.example("first_steps"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tp.briefing(run, tp.replan(run, as_of="2026-06-02")).report(f"{folder}/briefing.html").name
        'briefing.html'
        """
        path = Path(file)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"A briefing is written as an .html page; '{path}' is none.")
        write_bytes(path, briefing_page(self.new.answer, self.before.answer, self.new.programme).encode())
        return path


def briefing(before: Run, new: Run) -> Briefing:
    """Return on one page what a re-plan comes to: what no longer holds, who waits, what to do today, what moved.

    `before` is the run that `new` comes from. Raises ValueError where `new` is no re-plan of it.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps"))
    >>> print(tp.briefing(run, tp.replan(run, as_of="2026-06-02")).summary().splitlines()[0])
    No new facts: as of 2 Jun 2026
    """
    if new.info["verb"] != "replan":
        raise ValueError(f"{new.id} is no re-plan; make one, tp.replan(run, facts)")
    base = new.info["options"]["base"]
    if base != before.id:
        raise ValueError(f"{new.id} comes from {base}, not from {before.id}")
    return Briefing(before, new)
