"""From frePPLe's dependencies to waits between processes, and to the sequence of the steps of a route."""

from __future__ import annotations

from collections.abc import Sequence

from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.shop import Shop
from tandemplan.model.schema import Process, ProcessWait

Waits = dict[str, set[str]]
BEGUN = "\x1fbegun "  # before the name of a route: its beginning


def after_what_they_wait_for(shop: Shop, subs: Sequence[Thing]) -> list[Thing]:
    """Return the suboperations of a route so that each comes after those of the same route that it waits for, else in their order."""
    names = {s.text("operation") for s in subs}
    waits = Waits()
    for wait in shop.book.all("dependency"):
        if {wait.text("operation"), wait.text("blockedby")} <= names:
            waits.setdefault(wait.text("operation"), set()).add(wait.text("blockedby"))
    left, found = list(subs), list[Thing]()
    while left:
        names = {s.text("operation") for s in left}
        free = (s for s in left if not waits.get(s.text("operation"), set()) & names)
        found.append(next(free, left[0]))
        left.remove(found[-1])
    return found


def add_waits(shop: Shop) -> None:
    """Add a row for each dependency; steps of one route follow each other as it is, and circles are cut."""
    route = {r.process: (r.part_of, r.step) for r in shop.rows if isinstance(r, Process) and r.part_of}
    waits = _sequences(route)
    for wait in shop.book.all("dependency"):
        last, first = wait.text("operation"), wait.text("blockedby")
        hold = shop.hours(wait, "hard_safety_leadtime")
        if shop.hours(wait, "safety_leadtime"):
            said = "soft lead times between operations are not kept."
            shop.book.once(("dependency", "safety_leadtime"), wait.line, said)
        mine, other = route.get(last, (last, 0)), route.get(first, (first, 0))
        if last in route and mine[0] == other[0] and other[1] < mine[1]:
            _hold(shop, first, hold)
            said = f"steps of '{mine[0]}' wait for some of the others: they are planned one after the other, none beside another."
            shop.book.once(("dependency", mine[0]), wait.line, said)
            continue
        begun = BEGUN + last if BEGUN + last in waits else last
        if _leads(waits, first, begun):
            said = f"'{last}' waits for '{first}', which waits for it: that is not kept."
            shop.book.say(wait.line, "not-imported", said)
            continue
        waits.setdefault(begun, set()).add(first)
        units = shop.number(wait, "quantity", 1.0)
        shop.rows.append(ProcessWait(process=last, waits_for=first, quantity_units=units, hold_hours=hold))


def _sequences(route: dict[str, tuple[str, int]]) -> Waits:
    """Return what routes say already: a route has ended after its last step, each step waits for the one before, and the first for its beginning."""
    waits, before = Waits(), dict[str, str]()
    for name, (whole, _) in sorted(route.items(), key=lambda one: one[1]):
        waits[name] = {before.get(whole, BEGUN + whole)}
        waits.setdefault(BEGUN + whole, set())
        before[whole] = name
    for whole, name in before.items():
        waits[whole] = {name}
    return waits


def _hold(shop: Shop, step: str, hours: float) -> None:
    """Let the step that another one waits for hold what comes after it for so long."""
    i = shop.at(Process, "process", step)
    row = shop.rows[i]
    assert isinstance(row, Process)
    shop.change(i, hold_hours=max(row.hold_hours, hours))


def _leads(waits: Waits, first: str, last: str) -> bool:
    """Return whether an operation is another one, or waits for it at any remove."""
    seen, left = set[str](), [first]
    while left:
        name = left.pop()
        if name == last:
            return True
        if name not in seen:
            seen.add(name)
            left += waits.get(name, ())
    return False
