"""Two runs side by side: what changed in the input, and what that did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from html import escape
from pathlib import Path

import pandas as pd

from tandemplan.api.run import Run
from tandemplan.model.writing import write_bytes
from tandemplan.report.comparison import comparison, comparison_lines, sides
from tandemplan.report.differences import Change, input_changes, moved_demands
from tandemplan.report.sureness import warning

_SERVED = ["demanded", "on_time", "late", "lost", "late_unit_days"]
_FARED = ["quantity", "on_time", "late", "lost", "late_unit_days"]


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
        one, two = (run.classes[["demand_class", *_SERVED]] for run in (self.first, self.second))
        both = one.merge(two, on="demand_class", how="outer", suffixes=("_first", "_second"))
        return both[["demand_class", *(f"{c}_{side}" for c in _SERVED for side in ("first", "second"))]]

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
        first, second = sides(self.first.answer, self.first.programme, self.second.answer, self.second.programme)
        about = ["demand", "customer", "demand_class", "item"]
        columns = [*about, "how", *(f"{c}_{side}" for c in _FARED for side in ("first", "second"))]
        rows = [
            {n: m.any_side[n] for n in about}
            | {"how": m.how}
            | {f"{c}_first": (m.first or {}).get(c) for c in _FARED}
            | {f"{c}_second": (m.second or {}).get(c) for c in _FARED}
            for m in moved_demands(first, second)
        ]
        kinds = dict.fromkeys(columns, "float64") | dict.fromkeys([*about, "how"], "str") | {"demand_class": "int64"}
        return pd.DataFrame(rows, columns=columns).astype(kinds)

    @property
    def costs(self) -> pd.DataFrame:
        """Return each term of the cost in the first run, in the second, and the difference.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> two = bench.with_changes("work_centres[bench].stations = 2")
        >>> tp.compare(tp.plan(bench), tp.plan(two)).costs.set_index("term").loc["purchases"].tolist()
        [3000.0, 3600.0, 600.0]
        """
        one, two = (run.costs.set_index("term")["amount"] for run in (self.first, self.second))
        terms = list(dict.fromkeys([*one.index, *two.index]))
        first, second = (side.reindex(terms, fill_value=0.0).to_numpy() for side in (one, two))
        return pd.DataFrame({"term": terms, "first": first, "second": second, "difference": second - first})

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

    def report(self, file: str | Path) -> Path:
        """Write one self-contained page about both runs (`.html`), and return its path.

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
        write_bytes(path, comparison(one.answer, one.programme, two.answer, two.programme).encode())
        return path


def compare(first: Run, second: Run) -> Comparison:
    """Return two runs side by side: the second measured against the first.

    >>> import tandemplan as tp
    >>> bench = tp.example("first_steps")
    >>> two = bench.with_changes("work_centres[bench].stations = 2")
    >>> print(tp.compare(tp.plan(bench), tp.plan(two)).summary().splitlines()[2])
    Classes: Class 1, city: as before; Class 2, school: +6 units delivered, −116 unit-days of lateness.
    """
    return Comparison(first, second)
