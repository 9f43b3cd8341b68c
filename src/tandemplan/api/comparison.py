"""Two runs side by side: what changed in the input, and what that did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from html import escape
from pathlib import Path
from typing import overload

import pandas as pd

from tandemplan.api.paired import SimulationComparison
from tandemplan.api.run import Run
from tandemplan.api.simulation import Simulation
from tandemplan.explain.solving import planned_as
from tandemplan.explain.split import Planned, Split, split
from tandemplan.model.differences import Change, input_changes
from tandemplan.model.writing import write_bytes
from tandemplan.report.compared import ABOUT, FARED, SERVED, class_rows, cost_rows, demand_rows
from tandemplan.report.comparison import comparison, comparison_lines, sides
from tandemplan.report.figures.both import Side
from tandemplan.report.progress import ProgressLines
from tandemplan.report.splits import split_rows
from tandemplan.report.sureness import warning


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two runs: `second` is measured against `first`. Every table is a fresh frame.

    Where several plans are equally good, single orders and days differ between two of them without any meaning: what is
    compared here is what the objectives determine.

    >>> import tandemplan as tp
    >>> bench = tp.example("first_steps")
    >>> both = tp.compare(tp.plan(bench), tp.plan(bench.with_changes("work_centres[bench].stations = 2")))
    >>> both.inputs[["table", "row", "column", "first", "second"]]
              table    row    column first second
    0  work_centres  bench  stations     1      2
    """

    first: Run
    second: Run

    def __repr__(self) -> str:
        *changes, sentence = self.summary().splitlines()[: len(self._warnings()) + 1]
        return f"Comparison({' '.join([*changes, sentence])})"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.summary().splitlines())

    @property
    def inputs(self) -> pd.DataFrame:
        """Return the cells in which the programmes differ, with both texts; a row that one lacks is `absent` there.

        >>> import tandemplan as tp
        >>> run = tp.plan(tp.example("first_steps"))
        >>> len(tp.compare(run, run).inputs)
        0
        """
        found = [asdict(c) for c in input_changes(self.first.programme, self.second.programme)]
        return pd.DataFrame(found, columns=[f.name for f in fields(Change)], dtype="str")

    @property
    def classes(self) -> pd.DataFrame:
        """Return how each class is served, column by column in the first run and in the second.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2")
        >>> tp.compare(tp.plan(bench), tp.plan(two)).classes[["demand_class", "lost_first", "lost_second"]]
           demand_class  lost_first  lost_second
        0             1         0.0          0.0
        1             2         6.0          0.0
        """
        columns = ["demand_class", *(f"{c}_{side}" for c in SERVED for side in ("first", "second"))]
        found = pd.DataFrame(class_rows(*self._sides()), columns=columns)
        return found.astype(dict.fromkeys(columns, "float64") | {"demand_class": "int64"})

    @property
    def demands(self) -> pd.DataFrame:
        """Return the demands that fare differently, the largest change of lateness first; `how` says it in a word.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2")
        >>> tp.compare(tp.plan(bench), tp.plan(two)).demands[["demand", "how", "lost_first", "lost_second"]]
          demand     how  lost_first  lost_second
        0     S1  gained         4.0          0.0
        1     S2  gained         2.0          0.0
        """
        columns = [*ABOUT, "how", *(f"{c}_{side}" for c in FARED for side in ("first", "second"))]
        kinds = dict.fromkeys(columns, "float64") | dict.fromkeys([*ABOUT, "how"], "str") | {"demand_class": "int64"}
        return pd.DataFrame(demand_rows(*self._sides()), columns=columns).astype(kinds)

    @property
    def costs(self) -> pd.DataFrame:
        """Return each term of the cost in the first run, in the second, and the difference.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2")
        >>> tp.compare(tp.plan(bench), tp.plan(two)).costs.set_index("term").loc["purchases"].tolist()
        [3000.0, 3600.0, 600.0]
        """
        return pd.DataFrame(cost_rows(*self._sides()), columns=["term", "first", "second", "difference"])

    def split(self, *, method: str = "order", by: str = "", progress: bool = False) -> pd.DataFrame:
        """Return the difference split by what changed in the input: a row for each part, what it is measured in, and the amount.

        Parts add up exactly to the difference. `method` is `order` (one change after another, in the order of the tables), or
        `shapley` (the mean over all orders, for at most five causes); `by` makes a cause of each `cell`, `row` or `table` (blank: the
        finest that makes at most six). Each part takes a plan of its own, with the options of the second run; `progress` True
        prints where the work is. Raises SplitError, a ValueError, where a run holds no plan or the method cannot be used.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2", "offers[kits].lead_days = 3")
        >>> parts = tp.compare(tp.plan(bench), tp.plan(two)).split()
        >>> parts.query("what == 'late_unit_days' and kind == 'all'")[["part", "cause", "amount"]].values.tolist()
        [[1, 'Work centres bench: stations 1 → 2', -116.0], [2, 'Offers kits: lead 7 → 3 days', -28.0]]
        """
        rows = split_rows(self._split(method, by, progress=progress), self.second.programme)
        return pd.DataFrame(rows, columns=["part", "cause", "what", "kind", "name", "unit", "amount"])

    def _split(self, method: str, by: str, *, progress: bool) -> Split:
        lines = ProgressLines() if progress else None
        solve = planned_as(self.second.answer, lines.show if lines else None)
        try:
            first, second = (Planned(r.answer, r.programme) for r in (self.first, self.second))
            return split(first, second, solve, method=method, by=by)
        finally:
            if lines:
                lines.close()

    def _sides(self) -> tuple[Side, Side]:
        return sides(self.first.answer, self.first.programme, self.second.answer, self.second.programme)

    def summary(self) -> str:
        """Return the comparison in a few lines, as the shell prints them: A is the first run, B the second.

        A run whose files were changed after the plan is named before anything else.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2")
        >>> print(tp.compare(tp.plan(bench), tp.plan(two)).summary().splitlines()[1])
        Input: work centres bench: stations 1 → 2.
        """
        one, two = self.first, self.second
        lines = comparison_lines(one.answer, one.programme, two.answer, two.programme)
        return "\n".join([*self._warnings(), *lines])

    def _warnings(self) -> list[str]:
        """Return what must be said first of the runs whose files were changed after the plan."""
        both = (("A", self.first.answer), ("B", self.second.answer))
        return [f"{letter}: {warning(run)}" for letter, run in both if run.changed]

    def report(self, file: str | Path, *, split: str = "") -> Path:
        """Write one self-contained page about both runs (`.html`), and return its path.

        With `split`, `order` or `shapley`, it tells which change of the input did what (see `split`).

        >>> import tandemplan as tp, tempfile
        >>> run = tp.plan(tp.example("first_steps"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     tp.compare(run, run).report(f"{folder}/both.html").name
        'both.html'
        """
        path = Path(file)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"A comparison is written as an .html page; '{path}' is none.")
        one, two = self.first, self.second
        parts = self._split(split, "", progress=False) if split else None
        write_bytes(path, comparison(one.answer, one.programme, two.answer, two.programme, parts).encode())
        return path


@overload
def compare(first: Run, second: Run) -> Comparison: ...
@overload
def compare(first: Simulation, second: Simulation) -> SimulationComparison: ...


def compare(first: Run | Simulation, second: Run | Simulation) -> Comparison | SimulationComparison:
    """Return two runs side by side, the second measured against the first; two simulations replication by replication.

    Raises TypeError for a plan and a simulation, and ValueError for a simulation that does not tell of its replications one by one.

    >>> import tandemplan as tp
    >>> bench = tp.example("first_steps")
    >>> two = bench.with_changes("work_centres[bench].stations = 2")
    >>> print(tp.compare(tp.plan(bench), tp.plan(two)).summary().splitlines()[2])
    Classes: Class 1, city: as before; Class 2, school: +6 units delivered, −116 unit-days of lateness.
    """
    if isinstance(first, Simulation) and isinstance(second, Simulation):
        return SimulationComparison(first, second)
    if isinstance(first, Run) and isinstance(second, Run):
        return Comparison(first, second)
    kinds = f"{type(first).__name__} and {type(second).__name__}"
    raise TypeError(f"{kinds} cannot be compared; compare two plans, or two simulations")
