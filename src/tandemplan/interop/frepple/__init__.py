"""Models of frePPLe (XML) as programmes: demands, processes, calendars, stations and given orders for a schedule.

What is read and cannot be said in tables is a located problem. What frePPLe's words mean was read from its documents and its public source.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from xml.parsers.expat import ExpatError

from tandemplan.interop.frepple.apart import leave_out, tell_apart
from tandemplan.interop.frepple.asking import add_demands, add_orders
from tandemplan.interop.frepple.basics import add_buffers, add_calendars, add_places, add_resources
from tandemplan.interop.frepple.making import add_operations, add_supply
from tandemplan.interop.frepple.reading import Book, Node, parsed, read_book
from tandemplan.interop.frepple.shapes import IDLE, REFS
from tandemplan.interop.frepple.shop import Shop
from tandemplan.interop.frepple.words import moment_of, time_of_day
from tandemplan.model.cells import EARLIEST, LATEST
from tandemplan.model.draft import Draft
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Process
from tandemplan.problems import Problem, ProgrammeFaultsError, in_order

FAULTS = frozenset({"not-a-number", "not-a-date", "not-a-duration", "bad-xml", "no-start"})
LONGEST_YEARS = 10  # from the start to the end of what a model asks for
STEPS: tuple[Callable[[Shop], None], ...] = (
    add_calendars,
    add_places,
    add_buffers,
    add_operations,
    add_demands,
    add_supply,
    add_resources,
    add_orders,
    tell_apart,
    leave_out,
)


def programme_of_frepple(source: Path) -> tuple[Programme, tuple[Problem, ...]]:
    """Return the programme of a frePPLe model, and what of it could not be said, with lines; raises ProgrammeFaultsError."""
    try:
        return _programme(source)
    except RecursionError as error:
        problem = Problem(
            source.name, None, "bad-xml", "things own each other in a circle, or stand in each other too deep."
        )
        raise ProgrammeFaultsError((problem,)) from error


def _programme(source: Path) -> tuple[Programme, tuple[Problem, ...]]:
    book = read_book(source.name, _root(source))
    shop = Shop(book, _start(book))
    for step in STEPS:
        step(shop)
    _unread(book)
    faults = [p for p in book.problems if p.code in FAULTS]
    if faults:
        raise ProgrammeFaultsError(in_order(faults))
    try:
        return _draft(shop, source.stem).programme(), in_order(book.problems)
    except ProgrammeFaultsError as error:
        raise ProgrammeFaultsError(tuple(_of_the_file(p, source.name) for p in error.problems)) from error


def _of_the_file(problem: Problem, source: str) -> Problem:
    """Return a fault of the tables that were made as one of the file: the table, not its row, which the file does not have."""
    table = problem.source.partition(":")[2]
    message = re.sub(r" \(draft:(\w+):\d+\)", r" (\1)", problem.message)
    return replace(problem, source=source, line=None, message=f"in {table}: {message}" if table else message)


def _root(source: Path) -> Node:
    """Return the root of a file; raises ProgrammeFaultsError where it is no XML, or not of frePPLe."""
    try:
        root = parsed(source.read_bytes())
    except (ExpatError, ValueError, LookupError, StopIteration) as error:
        line, said = getattr(error, "lineno", None), f"the file is no XML that is read: {error}."
        raise ProgrammeFaultsError((Problem(source.name, line, "bad-xml", said),)) from error
    if root.tag != "plan":
        said = f"the file holds <{root.tag}>; a model of frePPLe is a <plan>."
        raise ProgrammeFaultsError((Problem(source.name, root.line, "bad-xml", said),))
    return root


def _start(book: Book) -> datetime:
    text, line = book.settings.get("current", ("", 1))
    try:
        found = moment_of(text)
    except ValueError:
        found = None
    if found is not None and found.date() >= EARLIEST and found.year <= LATEST.year - LONGEST_YEARS:
        return found
    book.say(line, "no-start", f"current is '{text}': the moment at which the schedule starts.", "Write <current>2026-06-01T00:00:00</current>.")  # fmt: skip
    return datetime(2026, 1, 1)  # noqa: DTZ001 - moments have no zone


def _draft(shop: Shop, stem: str) -> Draft:
    start = shop.start
    midnight = start.replace(hour=0, minute=0, second=0)
    last = max(shop.last or start, start) + timedelta(days=31)
    months = max(1, math.ceil((last - midnight).days / 28))
    time = time_of_day((start - midnight).total_seconds())
    name = shop.book.settings.get("name", ("", 0))[0] or stem
    settings = {"name": " ".join(name.split()), "start": start.date().isoformat(), "periods": f"{months} months"}
    draft = Draft(**settings, **({} if time == "00:00" else {"start_time": time}))
    processes = [r for r in shop.rows if isinstance(r, Process)]
    return draft.add(*(r for r in shop.rows if not isinstance(r, Process)), *processes)


def _unread(book: Book) -> None:
    """Say of each field that nothing asked for that it is not read, once for all things of a kind."""
    for kind in REFS:
        for thing in book.all(kind):
            for name in thing.fields.keys() - thing.read - IDLE:
                where = f"{name} of {kind} '{thing.name}'" if "\x1f" not in thing.name else f"{name} of a {kind}"
                book.once((kind, name), thing.line, f"{where} is not read.", "Nor is that of others.")
