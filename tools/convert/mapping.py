"""Where every raw table and column goes: `mapping.csv`, one row per raw column and per parameter.

A row's `home` is `table.column` of the model language (`programme.x` is a setting); where it is blank, `reason` says
why the column is not carried. Rows of the table `parameter` say the same of each row of the raw table of parameters.
The READMEs of the examples print these lists; tests/examples/test_conversion.py compares them with the raw tables and
with the schema.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

SCENARIO_FILES = ("scenario.toml", "changes")


@cache
def mapping() -> dict[tuple[str, str], tuple[str, str]]:
    """Return home and reason of each raw table and column."""
    with (Path(__file__).parent / "mapping.csv").open(encoding="utf-8", newline="") as lines:
        return {(r["table"], r["column"]): (r["home"], r["reason"]) for r in csv.DictReader(lines)}


def homes(table: str) -> str:
    """Return the tables of the model language that a raw table goes to, in order of first mention.

    >>> homes("operation_alternates"), homes("scenario_events")
    ('operations', 'scenarios')
    """
    found = [word for (t, _), (home, _) in mapping().items() if t == table for word in home.split()]
    words = ["scenarios" if w.startswith(SCENARIO_FILES) else w.split(".")[0] for w in found]
    return ", ".join(dict.fromkeys(words))


def not_carried(tables: dict[str, list[str]], parameters: list[str]) -> list[tuple[str, str]]:
    """Return what is not carried, as `table.column` or parameter, each with the reason.

    >>> not_carried({"bom": ["bom_id", "source_id"]}, [])
    [('bom.bom_id', 'a bill is named by its parent and its alternative')]
    """
    columns = [(f"{t}.{c}", mapping()[t, c][1]) for t, names in tables.items() for c in names]
    words = [(f"parameter {p}", mapping()["parameter", p][1]) for p in parameters]
    return [(name, reason) for name, reason in columns + words if reason]
