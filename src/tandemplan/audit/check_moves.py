"""Moves between sites, the weight that lanes carry, and the day on which each node acts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from tandemplan.audit.book import Book, Line, acting
from tandemplan.audit.days import iso
from tandemplan.audit.equations import Sums, equal_day, equal_money, equal_text, not_before, over
from tandemplan.audit.findings import Finding
from tandemplan.audit.ways import lane_days, up
from tandemplan.model.schema import Item, Lane, Site
from tandemplan.results.shape import MOVES, PURCHASES


def check_moves(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with single moves."""
    lanes: dict[int, Lane] = {}
    for r in book.rows(MOVES):
        row, item = book.programme[Lane].index.get((r.lane,)), book.programme[Item].index.get((r.item,))
        if row is None or item is None:
            column, name = ("lane", r.lane) if row is None else ("item", r.item)
            message = f"order '{r.order}': there is no {column} '{name}'."
            yield Finding("moves", r.line, column, f"moves-{column}", message)
            continue
        lane = lanes[row] = lanes.get(row) or book.programme[Lane].row(row)
        yield from _names(book, r, lane)
        yield from _days(book, r, row)
        yield from _openings(book, r, lane)
        if r.quantity < 0:
            message = f"order '{r.order}' moves {r.quantity}."
            yield Finding("moves", r.line, "quantity", "moves-negative", message, -r.quantity)
        rate = float(book.programme[Item].weight_kg[item]) * lane.kg_cost
        yield from equal_money(_where(r), "cost", r.cost, r.quantity * rate, rate=rate)


def _where(r: Line) -> tuple[str, int, str]:
    return "moves", r.line, f"order '{r.order}'"


def _names(book: Book, r: Line, lane: Lane) -> Iterator[Finding]:
    yield from equal_text(_where(r), "from_site", r.from_site, lane.from_place)
    yield from equal_text(_where(r), "to_site", r.to_site, lane.to_site)
    item = book.programme[Item].index[(r.item,)]
    if book.programme[Item].hazard[item] and not lane.hazard_allowed:
        message = f"order '{r.order}': '{r.item}' is hazardous, and lane '{r.lane}' carries no hazardous goods."
        yield Finding("moves", r.line, "lane", "moves-hazard", message)


def _days(book: Book, r: Line, lane: int) -> Iterator[Finding]:
    if not book.horizon.holds(r.release) or not book.horizon.holds(r.receipt):
        message = (
            f"order '{r.order}' goes on {iso(r.release)} and comes on {iso(r.receipt)}; both must lie in the plan."
        )
        yield Finding("moves", r.line, "release", "moves-outside", message)
        return
    days = int(up(lane_days(book.dated, lane, np.array([r.release], dtype=np.int64)))[0])
    yield from equal_day(_where(r), "receipt", r.receipt, book.node_day_from((r.to_site, r.item), r.release + days))


def _openings(book: Book, r: Line, lane: Lane) -> Iterator[Finding]:
    opens = book.openings.after(lane.opens_after)
    yield from not_before(_where(r), "release", r.release, (opens, f"lane '{r.lane}' opens"))
    site = book.programme[Site].index.get((r.to_site,))
    if site is not None:
        opens = book.openings.after(book.programme[Site].opens_after[site])
        yield from not_before(_where(r), "receipt", r.receipt, (opens, f"site '{r.to_site}' opens"))


def check_lanes(book: Book) -> Iterator[Finding]:
    """Yield the lanes that carry more weight in a period than they can."""
    table, items = book.programme[Lane], book.programme[Item]
    sent: dict[tuple[int, int], Sums] = defaultdict(Sums)
    for r, day in [(r, r.shipped) for r in book.rows(PURCHASES)] + [(r, r.release) for r in book.rows(MOVES)]:
        lane, item = table.index.get((r.lane,)), items.index.get((r.item,))
        if lane is not None and item is not None and book.horizon.holds(day):
            sent[lane, book.horizon.period(day)].add(r.quantity * float(items.weight_kg[item]))
    for lane in sorted({lane for lane, _ in sent}):
        daily = book.dated.values("lanes", lane, "capacity_kg_per_week", book.horizon.days) / 7
        for period, most in enumerate(book.horizon.sums(daily).tolist()):
            what = f"lane '{table.lane[lane]}' carries kg in the period from {iso(book.horizon.cuts[period])}"
            if (lane, period) in sent:
                yield from over(("moves", None, what), "lane-capacity", sent[lane, period], most)


def check_phases(book: Book) -> Iterator[Finding]:
    """Yield the rows whose day is not the one on which their node acts in every period."""
    shortest = min(book.horizon.lengths)
    for table, events in acting(book.lines).items():
        for r, column, node, day in events:
            if not book.horizon.holds(day):
                yield Finding(
                    table, r.line, column, "outside-plan", f"{column} is {iso(day)}; it must lie in the plan."
                )
                continue
            period = book.horizon.period(day)
            right = book.horizon.cuts[period] + book.phases[node]
            where = (table, r.line, f"'{node[1]}' at site '{node[0]}'")
            yield from equal_day(where, column, day, right)
            if book.phases[node] >= shortest:
                message = f"{where[2]}: {column} is {iso(day)}, day {book.phases[node] + 1} of its period; "
                yield Finding(table, r.line, column, "phase", message + f"periods may have only {shortest}.")
