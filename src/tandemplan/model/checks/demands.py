"""Demands, contracts, open orders: what is asked for agrees with what was agreed; every row says its site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tandemplan.model.checks.facts import Facts, Fault, also, check, rows_where
from tandemplan.model.schema import (
    Contract,
    Demand,
    Lane,
    Offer,
    OpenOrder,
    Operation,
    Row,
    Site,
    Skill,
    Stock,
    StockPolicy,
    WorkCentre,
)
from tandemplan.model.tables import Table

_PLACED: tuple[type[Row], ...] = (Operation, WorkCentre, Skill, Demand, Stock, StockPolicy, OpenOrder)


@check("no-item")
def demands_name_an_item(facts: Facts) -> Iterator[Fault]:
    """A demand names an item, or a contract whose item it asks for."""
    table = facts[Demand]
    for i in np.flatnonzero((table.item == "") & (table.contract == "")):
        message = f"demand '{table.demand[i]}' names neither an item nor a contract."
        yield Fault(table, int(i), message, "Name the item that is delivered.", ("item", "contract"))


@check("contract-mismatch")
def demands_agree_with_contracts(facts: Facts) -> Iterator[Fault]:
    """Item and customer of a demand, where they are given, are those of its contract."""
    for column in ("item", "customer"):
        agreed = _column_by_name(facts[Contract], column)
        yield from _differs(facts[Demand], ("contract", column), agreed)


@check("order-mismatch")
def orders_agree_with_offers(facts: Facts) -> Iterator[Fault]:
    """An open order brings the item of its offer (so does a lot on hand), to the site where its lane ends."""
    items = _column_by_name(facts[Offer], "item")
    yield from _differs(facts[OpenOrder], ("offer", "item"), items)
    yield from _differs(facts[Stock], ("offer", "item"), items)
    table, ends = facts[OpenOrder], _column_by_name(facts[Lane], "to_site")
    for i, (lane, site) in enumerate(zip(table.lane.tolist(), table.site.tolist(), strict=True)):
        if site and ends.get(lane, site) != site:
            message = f"site is '{site}', but lane '{lane}' ends at '{ends[lane]}'."
            yield Fault(table, i, message, "Correct one of them.", ("lane", "site"))


@check("blank-site", Site)
def rows_say_their_site(facts: Facts) -> Iterator[Fault]:
    """In a programme with sites, each demand, operation, work centre, skill, stock, policy and open order says its own."""
    if not len(facts[Site]):
        return
    for row_class in _PLACED:
        table = facts[row_class]
        files: dict[str, list[int]] = {}
        for i in np.flatnonzero(table.site == "").tolist():
            if not facts.doubts.of_cells(*table.place(i), ("site",)):
                files.setdefault(str(table.files[i]), []).append(i)
        for first, *rest in files.values():
            message = f"site is blank{also(table, rest)}; the programme has sites, so each row must say which."
            yield Fault(table, first, message, "Name the site.", ("site",))


CHECKS = (demands_name_an_item, demands_agree_with_contracts, orders_agree_with_offers, rows_say_their_site)


def _column_by_name(table: Table[Any], column: str) -> dict[str, str]:
    names = table.columns[table.description.key[0]].tolist()
    return {n: v for n, v in zip(names, table.columns[column].tolist(), strict=True) if n}


def _differs(table: Table[Any], columns: tuple[str, str], agreed: dict[str, str]) -> Iterator[Fault]:
    """Yield the rows whose second column is given and not what the row named in the first column says."""
    by, column = columns
    described = table.description.column(column)
    must = described is not None and described.required
    hint = "Correct one of them." if must else "Leave it blank, or name the right one."
    names, given = table.columns[by].tolist(), table.columns[column].tolist()

    def wrong(key: tuple[str, str]) -> bool:
        name, own = key
        return bool(own) and agreed.get(name, own) not in ("", own)

    for i in rows_where(zip(names, given, strict=True), wrong):
        message = f"{column} is '{given[i]}', but {by} '{names[i]}' is for '{agreed[names[i]]}'."
        yield Fault(table, i, message, hint, columns)
