"""Rows that frePPLe may say twice, and tables hold once, told apart; and loads that nobody can bear."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tandemplan.interop.frepple.shop import Shop
from tandemplan.model.schema import Process, ProcessFlow, ProcessLoad, Row, SetUp, WorkCentreSkill


def tell_apart(shop: Shop) -> None:
    """Give flows and loads that are else alike lines of their own; of skills and set-up rules that stand twice the first is taken."""
    found, seen = list[Row](), Counter[tuple[object, ...]]()
    for row in shop.rows:
        names = tuple(getattr(row, c) for c in row.DESCRIPTION.key)
        key = (type(row), *names)
        seen[key] += 1
        if isinstance(row, ProcessFlow | ProcessLoad):
            found.append(replace(row, line=seen[key]))
        elif seen[key] > 1 and isinstance(row, WorkCentreSkill | SetUp):
            said = f"{row.DESCRIPTION.name} of {' and '.join(map(str, names))} stand twice: the first is taken."
            shop.book.say(None, "not-imported", said)
        else:
            found.append(row)
    shop.rows[:] = found


def leave_out(shop: Shop) -> None:
    """Plan nothing that asks for a skill that nobody has."""
    had = {r.skill for r in shop.rows if isinstance(r, WorkCentreSkill)}
    asked = {r.process: r.skill for r in shop.rows if isinstance(r, ProcessLoad) and r.skill and r.skill not in had}
    for name, skill in asked.items():
        said = f"operation '{name}' asks for skill '{skill}', which nobody has: it is not planned."
        shop.book.say(None, "not-imported", said)
        shop.change(shop.at(Process, "process", name), rank=0)
    shop.rows[:] = [
        replace(r, skill="") if isinstance(r, ProcessLoad) and r.process in asked and r.skill == asked[r.process] else r
        for r in shop.rows
    ]
