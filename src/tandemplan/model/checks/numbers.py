"""Numbers that must agree with each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from tandemplan.model.checks.facts import Facts, Fault, check, listed
from tandemplan.model.schema import (
    Customer,
    Demand,
    Licence,
    Offer,
    Operation,
    Partner,
    Process,
    Row,
    Rule,
    Skill,
    StockPolicy,
    Tool,
    WorkCentre,
)
from tandemplan.model.tables import Table

_ORDER: tuple[tuple[type[Row], str, str], ...] = (
    (Operation, "plateau_hours", "first_unit_hours"),
    (Operation, "yield_start_share", "yield_mature_share"),
    (WorkCentre, "stations", "most_stations"),
    (Skill, "headcount", "most_headcount"),
    (Tool, "sets", "most_sets"),
    (Licence, "renewal_lead_days", "validity_days"),
    (Demand, "minimum_shipment_units", "quantity_units"),
    (Process, "minimum_units", "most_units"),
    (StockPolicy, "safety_units", "most_units"),
    (StockPolicy, "safety_days", "most_days"),
    (Rule, "low", "high"),
)
_MULTIPLES: tuple[tuple[type[Row], str], ...] = (
    (Offer, "order_multiple_units"),
    (Operation, "lot_multiple_units"),
    (Process, "multiple_units"),
)
FINEST = 0.001  # units; orders and lots are kept to 1e-4 of one, and solvers cannot count beyond some millions
_QUANTILES = ("low_quantile", "middle_quantile", "high_quantile")


@check("numbers-out-of-order")
def numbers_in_order(facts: Facts) -> Iterator[Fault]:
    """A number is at most the number that bounds it: present and most, plateau and first unit, low and high.

    So are stations, people and tool sets and their most, yield at the start and mature, safety and most stock,
    minimum shipment and quantity, the lead of a renewal and the validity, and the three quantiles of the settings.
    """
    for row_class, less, more in _ORDER:
        table = facts[row_class]
        small, large = table.columns[less], table.columns[more]
        for i in np.flatnonzero(small > large + 1e-9):
            message = f"{less} is {small[i]:g}, more than {more}, which is {large[i]:g}."
            yield Fault(table, int(i), message, "", (less, more))
    quantiles = [getattr(facts.programme.settings, name) for name in _QUANTILES]
    if quantiles != sorted(quantiles) and not facts.doubts.of_setting(*_QUANTILES):
        said = listed(f"{q:g}" for q in quantiles)
        yield Fault(None, 0, f"{listed(_QUANTILES)} are {said}; they must not fall.")


@check("too-fine")
def multiples_can_be_counted(facts: Facts) -> Iterator[Fault]:
    """A multiple of orders or lots is 0, or at least 0.001 units: plans keep to no finer ones."""
    for row_class, column in _MULTIPLES:
        table = facts[row_class]
        many = table.columns[column]
        for i in np.flatnonzero((many > 0) & (many < FINEST)):
            message = f"{column} is {many[i]:g}, finer than {FINEST:g} units, which plans keep to."
            yield Fault(table, int(i), message, "Leave it 0 for orders and lots of any size.", (column,))


@check("slope-without-first-unit")
def slope_has_first_unit(facts: Facts) -> Iterator[Fault]:
    """An operation whose hours fall with learning (slope below 1) says the hours of its first unit."""
    table = facts[Operation]
    for i in np.flatnonzero((table.learning_slope < 1) & np.isnan(table.first_unit_hours)):
        message = f"learning_slope is {table.learning_slope[i]:g} but first_unit_hours is blank: nothing is learnt."
        yield Fault(table, int(i), message, "Give first_unit_hours, or leave learning_slope blank.", _SLOPE)


_SLOPE = ("learning_slope", "first_unit_hours")


@check("shares-above-one")
def shares_add_up(facts: Facts) -> Iterator[Fault]:
    """Shares of one whole add up to at most 1: partners' cost and work shares, customers' fair shares in a class."""
    whole = np.zeros(len(facts[Partner]))
    for column in ("cost_share", "work_share"):
        yield from _sums(facts[Partner], column, whole, "of all partners")
    yield from _sums(facts[Customer], "fair_share", facts[Customer].demand_class, "of demand class {:g}")


CHECKS = (numbers_in_order, multiples_can_be_counted, slope_has_first_unit, shares_add_up)


def _sums(table: Table[Any], column: str, group: Any, of: str) -> Iterator[Fault]:
    """Yield the row at which the running sum of a group first passes 1, with the sum of the whole group."""
    shares = np.nan_to_num(table.columns[column])
    totals: dict[float, float] = defaultdict(float)
    for key, share in zip(group.tolist(), shares.tolist(), strict=True):
        totals[key] += share
    running: dict[float, float] = defaultdict(float)
    for i, (key, share) in enumerate(zip(group.tolist(), shares.tolist(), strict=True)):
        before = running[key]
        running[key] += share
        if before <= 1 + 1e-9 < running[key]:
            message = f"{column} {of.format(key)} adds up to {totals[key]:g}; it must be at most 1."
            yield Fault(table, i, message, "Shares are fractions of one whole.", (column,))
