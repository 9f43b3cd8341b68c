"""What differs between two runs: what becomes of demands, limits that came and went."""

from __future__ import annotations

from dataclasses import dataclass

from tandemplan.report.facts import Cells, customer_names, item_names, limits, rows
from tandemplan.report.facts import Limit as HeldLimit
from tandemplan.report.figures.both import Side
from tandemplan.results.shape import DEMAND_SUMMARY

FEW_UNITS, FEW_DAYS = 0.01, 0.1  # units and unit-days: smaller changes are rounding


@dataclass(frozen=True)
class Moved:
    """A demand that fares differently: how, and what both runs say of it (None where one has no such demand)."""

    how: str
    first: Cells | None
    second: Cells | None

    @property
    def any_side(self) -> Cells:
        """Return what a run says of it, the second before the first."""
        return self.second or self.first or {}

    def change(self, column: str) -> float:
        """Return the difference of a number."""
        return float((self.second or {}).get(column, 0.0)) - float((self.first or {}).get(column, 0.0))


def moved_demands(first: Side, second: Side) -> list[Moved]:
    """Return the demands that fare differently, the largest change of lateness first."""
    one, two = ({r["demand"]: r for r in rows(s.run, DEMAND_SUMMARY)} for s in (first, second))
    found = [Moved(how(one.get(d), two.get(d)), one.get(d), two.get(d)) for d in dict.fromkeys([*one, *two])]
    moved = [m for m in found if m.how]
    return sorted(moved, key=lambda m: (-abs(m.change("late_unit_days")), m.any_side["demand"]))


def how(first: Cells | None, second: Cells | None) -> str:
    """Return in a word how a demand fares in the second run against the first; blank where nothing changes.

    >>> how({"lost": 0, "quantity": 5, "late_unit_days": 0, "due": 1}, {"lost": 2, "quantity": 5, "late_unit_days": 9, "due": 1})
    'lost'
    """
    if first is None or second is None:
        return "only in B" if first is None else "only in A"
    lost, late = second["lost"] - first["lost"], second["late_unit_days"] - first["late_unit_days"]
    if abs(second["quantity"] - first["quantity"]) > FEW_UNITS or second["due"] != first["due"]:
        return "asked differently"
    if abs(lost) > FEW_UNITS:
        return "lost" if lost > 0 else "gained"
    if abs(late) > FEW_DAYS:
        return "later" if late > 0 else "earlier"
    return ""


@dataclass(frozen=True)
class HeldDifference:
    """A limit in one run or both."""

    fate: str
    first: HeldLimit | None
    second: HeldLimit | None

    @property
    def limit(self) -> HeldLimit:
        """Return the limit as a run tells it, the second before the first."""
        found = self.second or self.first
        assert found is not None, "a limit of one run or both"
        return found


def limits_of_both(first: Side, second: Side) -> list[HeldDifference]:
    """Return the limits of both runs: those that are new in the second, those that are gone, those that stay."""
    one, two = ({(x.family, x.name, x.stage): x for x in limits(s.run, s.programme)} for s in (first, second))
    found = [HeldDifference("new in B", None, two[k]) for k in two if k not in one]
    found += [HeldDifference("gone in B", one[k], None) for k in one if k not in two]
    return found + [HeldDifference("in both", one[k], two[k]) for k in two if k in one]


def names_of_both(first: Side, second: Side) -> tuple[dict[str, str], dict[str, str]]:
    """Return what items and customers are called in either programme."""
    return (
        {**item_names(first.programme), **item_names(second.programme)},
        {**customer_names(first.programme), **customer_names(second.programme)},
    )
