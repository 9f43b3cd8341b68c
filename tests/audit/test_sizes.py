"""Orders and part deliveries of sizes that they may not have are found, unless the run says that it relaxed them."""

import dataclasses

import pytest

from tandemplan.audit import audit_tables

from . import plant


def codes(table, column, at, value, relaxed=None):
    """Return the codes of the findings in the small plant's run with one cell changed."""
    run = plant.run()
    cells = run.tables[table][column].copy()
    cells[at] = value
    tables = {**run.tables, table: {**run.tables[table], column: cells}}
    return {f.code for f in audit_tables(plant.programme(), {**run.info, "relaxed": relaxed or {}}, tables)}


@pytest.mark.parametrize(
    ("units", "code"), [(11.0, "purchases-multiple"), (2.5, "purchases-minimum"), (5.01, "purchases-multiple")]
)
def test_orders_of_no_size_that_the_offer_sells_are_found(units, code):
    """O sells at least 3, in multiples of 2.5."""
    assert code in codes("purchases", "quantity", 0, units)
    assert code not in codes("purchases", "quantity", 0, units, {"offers": ["O"]})


@pytest.mark.parametrize("units", [2.9, 0.5])
def test_part_deliveries_below_the_minimum_are_found(units):
    """d2 takes parts of at least 3, or all that is left of 4."""
    assert "deliveries-minimum" in codes("deliveries", "quantity", 1, units)
    assert "deliveries-minimum" not in codes("deliveries", "quantity", 1, units, {"demands": ["d2"]})


def test_the_last_part_may_be_smaller():
    """After 3.2 of d2, the 0.8 that are left may be delivered."""
    run = plant.run()
    rows = [0, 1, 1, 2]
    frame = {n: v[rows] for n, v in run.tables["deliveries"].items()}
    for quantity, found in ((0.8, False), (0.4, True)):
        frame["quantity"][2] = quantity
        tables = {**run.tables, "deliveries": frame}
        assert (
            "deliveries-minimum"
            in {f.code for f in audit_tables(plant.programme(), dataclasses.asdict(run)["info"], tables)}
        ) == found
