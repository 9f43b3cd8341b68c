"""What a run delivers, of what is asked: by class of demand and unit of measure, so that no two units are added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from tandemplan.report.facts import Cells, class_names, item_units, rows
from tandemplan.report.figures.both import Side
from tandemplan.results.shape import DEMAND_SUMMARY

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Served:
    """Amounts of one unit of measure: asked for, delivered on time, late, never; and amounts times days of lateness."""

    asked: float
    on_time: float
    late: float
    lost: float
    late_days: float

    @property
    def delivered(self) -> float:
        """Return what is delivered at all."""
        return self.on_time + self.late


NONE_SERVED = Served(0.0, 0.0, 0.0, 0.0, 0.0)


def served(side: Side) -> dict[tuple[int, str], Served]:
    """Return what each class gets in each unit of measure."""
    units = item_units(side.programme)
    return _summed(side, lambda r: (int(r["demand_class"]), units.get(r["item"], "each")))


def by_unit(side: Side) -> dict[str, Served]:
    """Return what all classes together get in each unit of measure."""
    units = item_units(side.programme)
    return _summed(side, lambda r: units.get(r["item"], "each"))


def _summed(side: Side, group: Callable[[Cells], Group]) -> dict[Group, Served]:
    groups: dict[Group, list[Cells]] = defaultdict(list)
    for r in rows(side.run, DEMAND_SUMMARY):
        groups[group(r)].append(r)
    return {
        g: Served(*(sum(r[c] for r in members) for c in ("quantity", "on_time", "late", "lost", "late_unit_days")))
        for g, members in groups.items()
    }


def names_of_classes(first: Side, second: Side) -> dict[int, str]:
    """Return who stands behind each class in either run."""
    found = {**class_names(first.run, first.programme), **class_names(second.run, second.programme)}
    return {rank: found[rank] for rank in sorted(found)}
