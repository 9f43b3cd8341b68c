"""The raw tables of one example, and the calendar that their period numbers stand for."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

Cells = dict[str, Any]  # one row of the model language before it is parsed: column -> value; "" is blank
Tables = dict[str, list[Cells]]


@dataclass(frozen=True)
class Raw:
    """The raw tables of one example by name, rows in file order; an absent table is empty."""

    tables: Mapping[str, Sequence[dict[str, str]]]

    def __getitem__(self, table: str) -> Sequence[dict[str, str]]:
        return self.tables.get(table, ())

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Return the value of each parameter."""
        return {r["parameter"]: r["value"] for r in self["parameters"]}

    @cached_property
    def start(self) -> date:
        """Return the first day of the plan."""
        return date.fromisoformat(self.parameters["plan_start_date"])

    @cached_property
    def period_days(self) -> int:
        """Return the days of one period."""
        return int(self.parameters["period_length_days"])

    @cached_property
    def last_period(self) -> int:
        """Return the number of the last period."""
        return int(self.parameters["horizon_periods"])


def read_raw(folder: Path) -> Raw:
    """Return all raw tables of a folder."""
    tables = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            tables[file.stem] = list(csv.DictReader(lines))
    return Raw(tables)


def first_day(raw: Raw, period: str | int) -> date:
    """Return the first day of a period.

    >>> r = Raw({"parameters": [{"parameter": "plan_start_date", "value": "2026-06-01"},
    ...                         {"parameter": "period_length_days", "value": "7"}]})
    >>> str(first_day(r, 2)), str(last_day(r, 2))
    ('2026-06-08', '2026-06-14')
    """
    return raw.start + timedelta(days=(int(period) - 1) * raw.period_days)


def last_day(raw: Raw, period: str | int) -> date:
    """Return the last day of a period."""
    return first_day(raw, int(period) + 1) - timedelta(days=1)


def from_date(raw: Raw, period: str) -> date | str:
    """Return the first day of a period, blank for the plan's first period."""
    return "" if int(period) == 1 else first_day(raw, period)


def to_date(raw: Raw, period: str) -> date | str:
    """Return the last day of a period, blank for the plan's last period."""
    return "" if int(period) == raw.last_period else last_day(raw, period)


def per_week(raw: Raw, amount_per_period: str) -> float:
    """Return an amount per period as an amount per week."""
    return round(float(amount_per_period) * 7 / raw.period_days, 10)


def names(text: str) -> list[str]:
    """Return the parts of a list cell.

    >>> names("A; B;"), names("")
    (['A', 'B'], [])
    """
    return [p.strip() for p in text.split(";") if p.strip()]


def yes(text: str) -> bool:
    """Return whether a raw flag is set."""
    return text == "1"


def text_of(value: Any) -> str:
    """Return a value as it is written in a cell.

    >>> text_of(True), text_of(0.5), text_of(["A", "B"]), text_of(None)
    ('yes', '0.5', 'A;B', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ";".join(map(text_of, value)) if isinstance(value, list) else str(value)


def number(text: str) -> str:
    """Return a raw number as a change writes it: whole numbers without a point.

    >>> number("0.0"), number("1.80")
    ('0', '1.8')
    """
    return f"{float(text):g}" if abs(float(text)) < 1e6 else str(int(float(text)))
