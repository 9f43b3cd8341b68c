"""Commitments and limits in the user's words: what of a plan's model may give way, how far, and how that is said.

A new constraint family joins here: what limits or commits goes into `LIMITS` with its words, what only says what a plan is into `DEFINING`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.tables import number_text
from tandemplan.network.network import Network, orders_arriving
from tandemplan.plan.model import PlanModel
from tandemplan.solver.elastic import Soft

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SOONER = 1e-3  # share by which an ease row by row costs more for each period that it comes sooner: what is short is said where it is
LEVEL, WEEKLY, TOTAL = "level", "weekly", "total"
TOO_MANY = "too many"
PLAIN = re.compile(r"[\w:@./ -]+")  # names that a change can say as they are
THE_SITE = "the site"  # of a programme without sites


@dataclass(frozen=True)
class Words:
    """How limits of a family are told and eased; `{who}` is the name of one; `{owner}` and `{part}` are what stands before and after a bar in it.

    `said` is the limit, `more` what giving way means, after an amount. A `level` limit gives way by one amount in all periods, a
    `weekly` one by one amount a week, a `total` by amounts in periods, which are summed. `counted`: the side of its rows is a number to tell.
    `lack` follows the amount by which it is short, and `when` tells the periods in conflict by their first and last day. `cell` is the
    cell that says it in the tables, where there is one. `given`: what is owed whatever is planned; it gives way by no more than all of it.
    """

    said: str
    more: str
    measure: str = LEVEL
    counted: bool = True
    lack: str = "too little"
    when: str = " from {first} to {last}"
    cell: str = ""
    given: bool = False

    @property
    def per(self) -> str:
        """Return what follows the unit."""
        return " a week" if self.measure == WEEKLY else ""

    def change(self, who: str, amount: float) -> str:
        """Return the change of the programme that eases a limit by an amount, blank where no cell says it.

        >>> LIMITS["storage"].change("P", 1.5), LIMITS["open orders"].change("O1", 3), LIMITS["hours"].change("W", 2)
        ('sites[P].storage_m3 += 1.5', 'open_orders[O1].quantity_units += -3', '')
        >>> LIMITS["least cash"].change("own", 20)
        'rules[kind=least cash|scope=own].low += -20'
        """
        if not self.cell or not PLAIN.fullmatch(who):
            return ""
        sign = "" if self.lack == Words.lack else "-"
        return f"{self.cell.format(who=who)} += {sign}{number_text(round(float(amount), 6))}"


WHOLE = " over the whole plan"
# Of conflicts that are as good as each other, the one with the limits that come last here is told.
LIMITS: dict[str, Words] = {
    "trainers": Words("trainees that people of {who} train", "more trainees that people of {who} train"),
    "hiring pace": Words("hires of {who}", "more hires of {who}", WEEKLY, cell="skills[{who}].hires_per_week"),
    "most people": Words("most people of {who} beside those of the start", "more people of {who} at most"),
    "rolling hours": Words("hours in a window, by the rule for {who}", "more hours in a window, by the rule for {who}"),
    "hours": Words("hours of {who}", "more of {who}", WEEKLY),
    "minimum allocation": Words("units by the rule {who}", "fewer by the rule {who}", lack=TOO_MANY),
    "offers": Words(
        "what offer {who} can send", "more of offer {who}", WEEKLY, cell="offers[{who}].capacity_units_per_week"
    ),
    "lanes": Words("what lane {who} can carry", "more on lane {who}", WEEKLY, cell="lanes[{who}].capacity_kg_per_week"),
    "order caps": Words("units of one order of {who}, by its licences", "more in one order of {who}"),
    "licence caps": Words("units that licence {who} covers", "more by licence {who}", cell="licences[{who}].cap_units"),
    "storage": Words("room for stock at {who}", "more room for stock at {who}", cell="sites[{who}].storage_m3"),
    "hazard storage": Words(
        "room for hazardous stock at {who}",
        "more room for hazardous stock at {who}",
        cell="sites[{who}].hazard_storage_kg",
    ),
    "origin share": Words(
        "content from outside that rule {owner} allows in {part}",
        "more content from outside that rule {owner} allows in {part}",
        counted=False,
        when=" by {last}",
    ),
    **dict.fromkeys(
        ("subcontract share", "country concentration", "fewest sources", "source share"),
        Words("what rule {owner} allows {part}", "more than rule {owner} allows {part}", counted=False, when=WHOLE),
    ),
    "work share": Words(
        "{part} by rule {owner}",
        "of value added outside the {part} by rule {owner}",
        counted=False,
        lack="outside",
        when=WHOLE,
    ),
    "payments": Words(
        "what {owner} owes for {part}", "less owed by {owner} for {part}", TOTAL, lack="too much", given=True
    ),
    "least cash": Words(
        "least cash of {who}",
        "less as least cash of {who}",
        lack="too much",
        cell="rules[kind=least cash|scope={who}].low",
    ),
    "cash": Words("cash of {who}", "more cash of {who}", TOTAL, counted=False, when=" by {last}"),
    "opening stock": Words(
        "what lies at {who} at the start", "fewer at {who} at the start", TOTAL, lack=TOO_MANY, when=""
    ),
    "open orders": Words(
        "open order {who}",
        "fewer by open order {who}",
        TOTAL,
        lack=TOO_MANY,
        when=" by {last}",
        cell="open_orders[{who}].quantity_units",
    ),
}
DEFINING = frozenset({
    "balance", "on hand", "demand", "safety stock", "coming use", "most stock", "most cover", "trained", "overtime",
    "set-ups", "minimum lots", "lot multiples", "units made", "units bought", "rate reached", "rate held", "money held", "task needs", "openings",
    "qualification", "qualified",
    "bought stations", "bought sets", "one pattern", "levels", "changes", "shortest stay", "bought hours", "shift pay", "options",
    "option hours", "option openings", "option places", "option clashes", "order multiples", "minimum orders", "placed orders", "shipments",
    "minimum shipments", "last shipments", "bought shipments", "moved shipments",
    "tranches", "eligible spending", "credit", "credit limit", "origin lots", "origin content", "bought", "value added",
    "burdens", "worst served", "experience", "learning parts", "learning filled", "learning used", "learning order", "learning kept",
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Commitment:
    """One limit or commitment: its family, whose it is, its unit, and its entries: rows, rates, most ease, side, and period.

    See `tandemplan.solver.elastic.Soft` for rates and most ease; `side` is the limit itself, in the unit of ease. Where entries
    stand for goods, `goods` names those of each.
    """

    family: str
    who: str
    unit: str
    row: Ints
    rate: Floats
    most: Floats
    side: Floats
    period: Ints
    goods: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        """Return how its family is told."""
        return LIMITS[self.family]

    def told(self, words: str) -> str:
        """Return some of these words with its name in them."""
        owner, _, part = self.who.partition("|")
        return words.format(who=self.who or THE_SITE, owner=owner, part=part)


def commitments_of(model: PlanModel) -> list[Commitment]:
    """Return all that may give way in a plan's model, in the order of `LIMITS`, then of names."""
    found: list[Commitment] = []
    for family in LIMITS:
        if family == "opening stock":
            found += _opening_stock(model)
        elif family == "open orders":
            found += _open_orders(model)
        elif family in model.lp.rows:
            found += _limits(model, family)
    return found


def soft_of(commitments: list[Commitment]) -> Soft:
    """Return commitments as what of a model may give way: limit k is commitment k, entries in their order."""
    of = np.repeat(np.arange(len(commitments)), [len(c.row) for c in commitments])
    size = np.array([max(float(np.abs(c.side).max(initial=0.0)), 1e-9) for c in commitments])
    size = np.where(size > 1e-9, size, 1.0)
    period, most, row = (np.concatenate([getattr(c, n) for c in commitments]) for n in ("period", "most", "row"))
    level = np.array([c.words.measure != TOTAL for c in commitments], dtype=bool)
    sooner = np.where(level[of], 0.0, SOONER * (period.max(initial=0) - period))
    rate = np.concatenate([c.rate for c in commitments])
    return Soft(row, of, rate, most, (1 + sooner) / size[of], size, level)


def _limits(model: PlanModel, family: str) -> Iterator[Commitment]:
    """Yield a commitment for each entity of a family whose rows have one side: less under an upper, more above a lower one."""
    lp, block, words = model.lp, model.lp.rows[family], LIMITS[family]
    weeks = model.network.periods.lengths / 7 if words.measure == WEEKLY else np.ones(len(model.network.periods))
    order = np.argsort(block.entity, kind="stable")
    ends = np.flatnonzero(np.diff(block.entity[order])) + 1
    for mine in np.split(order, ends) if len(order) else []:
        row, period = block.first + mine, block.period[mine]
        upper = np.isfinite(lp.row_upper[row])
        rate = np.where(upper, -1.0, 1.0) * weeks[period]
        side = np.where(upper, lp.row_upper[row], lp.row_lower[row]) / weeks[period]
        if words.given:
            owed = side > 0
            row, rate, side, period = row[owed], rate[owed], side[owed], period[owed]
        who, most = block.who[block.entity[mine[0]]], side if words.given else np.full(len(row), np.inf)
        if len(row):
            yield Commitment(family, who, block.unit, row, rate, most, side, period)


def _opening_stock(model: PlanModel) -> Iterator[Commitment]:
    """Yield what lies at each site at the start: it can be less by no more than there is."""
    network, block = model.network, model.lp.rows["balance"]
    for site in sorted(set(network.site.tolist())):
        node = np.flatnonzero((network.site == site) & (network.stock > 0))
        if len(node):
            row, first = _balance(block.index, network)[node, 0], np.zeros(len(node), dtype=np.int64)
            goods = tuple(network.item[node].tolist())
            yield _given("opening stock", site, row, network.stock[node], period=first, goods=goods)


def _open_orders(model: PlanModel) -> Iterator[Commitment]:
    """Yield each open order: it can bring less by no more than all of it."""
    network, block = model.network, model.lp.rows["balance"]
    for order, node, period, quantity in orders_arriving(network):
        row = _balance(block.index, network)[node, period]
        goods = (str(network.item[node]),)
        yield _given(
            "open orders", order, np.array([row]), np.array([quantity]), period=np.array([period]), goods=goods
        )


def _balance(index: Ints, network: Network) -> Ints:
    """Return the rows of the balance (nodes x periods), which has one for each."""
    return index.reshape(network.day.shape)


def _given(family: str, who: str, row: Ints, quantity: Floats, *, period: Ints, goods: tuple[str, ...]) -> Commitment:
    return Commitment(family, who, "units", row, np.ones(len(row)), quantity, quantity, period, goods)
