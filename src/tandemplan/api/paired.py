"""Two simulations side by side, from Python: the same replications in both."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from functools import cached_property
from html import escape

import pandas as pd

from tandemplan.api.simulation import Simulation
from tandemplan.model.differences import Change, input_changes
from tandemplan.report.paired import paired_lines
from tandemplan.results.frames import frame_of
from tandemplan.results.paired_shape import PAIRED
from tandemplan.results.store import Run as Answer
from tandemplan.simulate.paired import paired


@dataclass(frozen=True, eq=False, repr=False)
class SimulationComparison:
    """Two simulations: `second` is measured against `first`, replication by replication. Every table is a fresh frame.

    Replication k of one seed has the same luck in both, whatever else differs, so that differences are known far better than either side.

    >>> import tandemplan as tp
    >>> plan = tp.plan(tp.example("first_steps"))
    >>> sides = [tp.simulate(plan, changes=c, replications=50, workers=1) for c in ([], ["offers[kits].lead_days += 2"])]
    >>> both = tp.compare(*sides)
    >>> both.inputs[["table", "row", "column", "first", "second"]].values.tolist()
    [['offers', 'kits', 'lead_days', '7', '9']]
    """

    first: Simulation
    second: Simulation

    def __repr__(self) -> str:
        return f"SimulationComparison({self.summary().splitlines()[0]!r})"

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in self.summary().splitlines())

    @property
    def inputs(self) -> pd.DataFrame:
        """Return the cells in which the programmes differ, with both texts; a row that one lacks is `absent` there.

        >>> import tandemplan as tp
        >>> simulation = tp.simulate(tp.plan(tp.example("first_steps")), replications=50, workers=1)
        >>> len(tp.compare(simulation, simulation).inputs)
        0
        """
        found = [asdict(c) for c in input_changes(self.first.programme, self.second.programme)]
        return pd.DataFrame(found, columns=[f.name for f in fields(Change)], dtype="str")

    @property
    def differences(self) -> pd.DataFrame:
        """Return each figure in both simulations and the second less the first, with its 95 % interval over pairs of replications.

        Rows are told of all, of each class, customer, contract and item, and of each demand that both have; the columns stand in [results](results.md).

        >>> import tandemplan as tp
        >>> plan = tp.plan(tp.example("first_steps"))
        >>> sides = [tp.simulate(plan, changes=c, replications=50, workers=1) for c in ([], ["offers[kits].lead_days += 2"])]
        >>> found = tp.compare(*sides).differences
        >>> found.query("kind == 'class' and what == 'units_delivered'")[["name", "first", "second", "difference"]].values.tolist()
        [['1', 22.0, 22.0, 0.0], ['2', 14.0, 10.0, -4.0]]
        """
        return frame_of(self._paired, PAIRED)

    @cached_property
    def _paired(self) -> Answer:
        sides = [(s.answer, s.programme) for s in (self.first, self.second)]
        return Answer({}, {PAIRED.name: paired(*sides)})

    def summary(self) -> str:
        """Return the comparison in a few lines, as the shell prints them: A is the first simulation, B the second.

        >>> import tandemplan as tp
        >>> plan = tp.plan(tp.example("first_steps"))
        >>> sides = [tp.simulate(plan, changes=c, replications=50, workers=1) for c in ([], ["offers[kits].lead_days += 2"])]
        >>> print(tp.compare(*sides).summary().splitlines()[0])
        Input: offers kits: lead 7 → 9 days.
        """
        one, two = ((s.answer, s.programme) for s in (self.first, self.second))
        return "\n".join(paired_lines(one, two, self._paired.rows(PAIRED)))
