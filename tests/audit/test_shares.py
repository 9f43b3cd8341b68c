"""Work-share and sourcing: limits that the run of the small plant breaks once they are tighter, and what is left aside."""

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets

from . import plant

TABLES = ("work_share", "sourcing", "sourcing_rules")


def found(sets, **cells):
    """Return what is found in the tables of shares when the programme says something else; `cells` are columns of rows of rules."""
    programme, problems = apply_sets(plant.programme(), sets)
    assert problems == []
    run = plant.run()
    tables = dict(run.tables)
    for name, (table, row, value) in cells.items():
        column = tables[table][name].copy()
        column[row] = value
        tables[table] = {**tables[table], name: column}
    return [f for f in audit_tables(programme, run.info, tables) if f.table in TABLES]


@pytest.mark.parametrize(
    ("sets", "cells", "code", "size"),
    [
        ("rules[W].low=0.05", {"low": 0.05, "margin": -10.56}, "work-share-band", 10.56),
        ("rules[W].high=0.04", {"high": 0.04, "margin": -14.59}, "work-share-band", 14.592),
    ],
)
def test_a_share_outside_its_band_is_found(sets, cells, code, size):
    """0.05 x 2515.20 = 125.76, 10.56 more than T adds; 0.04 of it are 100.608, 14.592 less."""
    said = found([sets], **{c: ("work_share", 1, v) for c, v in cells.items()})
    assert [(f.code, round(f.size, 3)) for f in said] == [(code, size)]
    assert found([sets, "rules[W].soft=yes"], **{c: ("work_share", 1, v) for c, v in cells.items()})[0].column == "soft"


@pytest.mark.parametrize(
    ("sets", "row", "limit", "size"),
    [("rules[C].high=0.9", 0, 0.9, 0.1), ("rules[N].low=2", 1, 2, 1), ("rules[Q].high=0.7", 2, 0.7, 0.3), ("rules[V].high=0.08", 3, 0.08, 0.008)],
)  # fmt: skip
def test_a_rule_on_sourcing_that_is_broken_is_found(sets, row, limit, size):
    """All A come from U, in C; 132 of 1500 are 0.088."""
    said = found([sets], limit=("sourcing_rules", row, limit), margin=("sourcing_rules", row, -size))
    assert [(f.code, f.row, round(f.size, 6)) for f in said] == [("sourcing-rules-limit", row + 2, size)]


@pytest.mark.parametrize(
    ("sets", "columns"),
    [
        ("costs[f1].category=capex", {"overhead", "margin", "share"}),
        ("costs[f1].site=B", set()),
        ("sites[B].partner=T", {"wages", "margin", "share"}),
        ("suppliers[U].partner=", {"content", "margin", "share"}),
        ("suppliers[U].partner=;partners[T].country=C", set()),
        ("suppliers[U].partner=;partners[T].country=C;partners[H].country=C", {"content", "margin", "share"}),
        ("partners[H].country=C", set()),
        ("offers[O].third_country_share=0.5", {"content", "margin", "share"}),
        ("open_orders[OPEN].promised=2026-06-22", {"content", "margin", "share"}),
        ("countries[C].groups=eligible", {"subject"}),
        ("rules[W].scope=H", {"partner"}),
    ],
)
def test_value_is_added_as_the_programme_says(sets, columns):
    """A supplier that names no partner counts for the only one of its country."""
    said = {f.column for f in found(sets.split(";"))}
    assert said - {""} >= columns if columns else said == set()


def test_the_largest_source_is_named():
    column = np.array(["C", "U", "nobody", "U"], dtype=object)
    run = plant.run()
    tables = {**run.tables, "sourcing_rules": {**run.tables["sourcing_rules"], "source": column}}
    assert [f.code for f in audit_tables(plant.programme(), run.info, tables)] == ["sourcing-rules-source"]
