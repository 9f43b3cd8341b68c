"""What differs between two runs: cells of their programmes, what becomes of demands, limits that came and went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Row, Settings
from tandemplan.model.tables import Table, cell_text, column_texts
from tandemplan.report.facts import Cells, customer_names, item_names, limits, rows
from tandemplan.report.facts import Limit as HeldLimit
from tandemplan.report.figures.both import Side
from tandemplan.results.shape import DEMAND_SUMMARY

FEW_UNITS, FEW_DAYS = 0.01, 0.1  # units and unit-days: smaller changes are rounding


@dataclass(frozen=True)
class Change:
    """A cell that differs: the table, the row by its key and its name, the column, and both texts.

    A row that only one side has is one change in the column `row`.
    """

    table: str
    row: str
    name: str
    column: str
    first: str
    second: str


def input_changes(first: Programme, second: Programme) -> list[Change]:
    """Return the cells in which two programmes differ: settings first, then tables in the order of the schema."""
    found = []
    for column in Settings.DESCRIPTION.columns:
        texts = [cell_text(column, getattr(p.settings, column.name)) for p in (first, second)]
        if texts[0] != texts[1]:
            found.append(Change("programme", "", "", column.name, *texts))
    for row_class in TABLES.values():
        found += _table_changes(first[row_class], second[row_class])
    return found


def _table_changes(first: Table[Any], second: Table[Any]) -> list[Change]:
    name = first.description.name
    ones, twos = _rows_by_key(first), _rows_by_key(second)
    found = []
    for key in dict.fromkeys([*ones, *twos]):
        one, two = ones.get(key), twos.get(key)
        label = (two or one or {}).get("name", "")
        if one is None or two is None:
            texts = ("absent", "present") if one is None else ("present", "absent")
            found.append(Change(name, key, label, "row", *texts))
            continue
        changed = [c for c in dict.fromkeys([*one, *two]) if one.get(c, "") != two.get(c, "")]
        found += [Change(name, key, label, c, one.get(c, ""), two.get(c, "")) for c in changed]
    return found


def _rows_by_key(table: Table[Row]) -> dict[str, dict[str, str]]:
    """Return rows as texts by key; a key that comes again is told apart by its count."""
    columns = {c.name: column_texts(c, table.columns[c.name]) for c in table.description.columns}
    columns |= {n: list(map(str, values)) for n, values in table.extra.items()}
    seen: Counter[str] = Counter()
    found = {}
    for i, parts in enumerate(table.keys):
        key = "|".join(parts)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key} #{seen[key]}"] = {n: texts[i] for n, texts in columns.items()}
    return found


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
