"""The table of materials: what a unit of each product costs at least, with and without its rule of origin, is worked out again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.equations import Where, equal, equal_money, equal_text
from tandemplan.audit.findings import Finding, shown
from tandemplan.audit.materials import Known, Materials
from tandemplan.audit.origin import Certificates, Who
from tandemplan.model.schema import Rule
from tandemplan.results.origin_shapes import MATERIALS

NUMBERS = ("cost", "ruled_cost", "least_share", "day_one_cost", "day_one_ruled_cost", "day_one_least_share")


def check_materials(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the table of materials."""
    asked = Certificates(book.programme, book.horizon)
    rules = [r for r in book.programme[Rule].rows() if r.kind == "origin share"]
    wanted = {_name(r.rule, who): (r, who[0]) for r in rules for who in asked.subjects(r)}
    said = [(r, _name(r.rule, (r.product, r.contract))) for r in book.rows(MATERIALS)]
    yield from each_once("materials", "product", [(r.line, name) for r, name in said], wanted)
    known = Known(book, asked)

    @cache
    def found(item: str, limit: float) -> list[float]:
        return [n for day_one in (False, True) for n in _least(known.of(item, day_one=day_one), limit)]

    for r, name in said:
        if name in wanted:
            rule, item = wanted[name]
            yield from _row(("materials", r.line, name), r, rule, found(item, float(rule.high or 0.0)))


def _name(rule: str, who: Who) -> str:
    return f"material of {who[0]}{f', contract {who[1]},' if who[1] else ''} under {rule}"


def _least(materials: Materials, limit: float) -> list[float]:
    """Return the least cost, that within a limit, and the least share from outside; nan where there is none."""
    free = materials.cheapest(1.0, 0.0)
    found = (None if free is None else free[0], materials.within(limit), materials.least_share())
    return [math.nan if f is None else f for f in found]


def _row(where: Where, r: Line, rule: Rule, right: list[float]) -> Iterator[Finding]:
    yield from equal_text(where, "soft", bool(r.soft), rule.soft)
    yield from equal(where, "limit", r.limit, float(rule.high or 0.0))
    for name, value in zip(NUMBERS, right, strict=True):
        said = getattr(r, name)
        if math.isnan(said) != math.isnan(value):
            words = ["blank" if math.isnan(v) else shown(v) for v in (said, value)]
            message = f"{where[2]}: {name} is {words[0]}, but it must be {words[1]}."
            yield Finding(*where[:2], name, f"materials-{name.replace('_', '-')}", message, math.inf)
        elif not math.isnan(said):
            yield from (equal if name.endswith("share") else equal_money)(where, name, said, value)
