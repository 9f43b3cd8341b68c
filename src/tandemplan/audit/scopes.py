"""Of which demands rules speak, and from which day on a demand can be delivered."""

from __future__ import annotations

import math

from tandemplan.audit.book import Book
from tandemplan.audit.days import number
from tandemplan.audit.wanted import Wanted
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Customer, Rule


def due_in(rule: Rule, demand: Wanted) -> bool:
    """Tell whether a demand is due within the dates of a rule."""
    first = -math.inf if rule.from_date is None else number(rule.from_date)
    last = math.inf if rule.to_date is None else number(rule.to_date)
    return first <= demand.due <= last


def names_of(programme: Programme, demand: Wanted) -> set[str]:
    """Return the names by which a scope may speak of a demand's customer: it, its groups, its class, and the contract."""
    row = programme[Customer].index.get((demand.customer,))
    groups = () if row is None else programme[Customer].row(row).groups
    return {demand.contract, demand.customer, f"class {demand.demand_class}", *groups}


def first_day(book: Book, demand: Wanted) -> int:
    """Return the first day on which a demand may be delivered."""
    node = (demand.site, demand.item)
    last = book.node_day_until(node, demand.due) if node in book.phases else None
    return last if last is not None and last >= demand.opens else book.node_day_from(node, demand.opens)
