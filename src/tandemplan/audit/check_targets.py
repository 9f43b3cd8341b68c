"""Stock targets and options: each stands once and says what the programme means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tandemplan.audit.book import BLANK, FIRST, Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.check_stock import DEPARTURES, nodes_of
from tandemplan.audit.days import Horizon, iso, number, whole_days
from tandemplan.audit.equations import day_text, equal, equal_day, equal_money, equal_text, not_before
from tandemplan.audit.findings import Finding, allowed
from tandemplan.model.schema import Option, StockPolicy
from tandemplan.results.shape import OPTIONS, STOCK_TARGETS


def check_targets(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the stock targets."""
    table, stock = book.programme[StockPolicy], nodes_of(book)
    nodes = list(zip(table.site.tolist(), table.item.tolist(), strict=True))
    keys = {f"{item} at {site} from {iso(day)}" for site, item in nodes for day in book.horizon.cuts[:-1]}
    said = [(r.line, f"{r.item} at {r.site} from {iso(r.period_start)}") for r in book.rows(STOCK_TARGETS)]
    yield from each_once("stock_targets", "item", said, dict.fromkeys(keys))
    uses = {node: daily_use(book.horizon, stock.get(node, ())) for node in nodes}
    closings = {node: {r.period_start: r.closing for r in stock.get(node, ())} for node in nodes}
    for r in book.rows(STOCK_TARGETS):
        node = (r.site, r.item)
        if node in table.index and r.period_start in book.horizon.cuts[:-1]:
            closing = closings[node].get(r.period_start, book.opening.get(node, 0.0))
            yield from _target(book, r, (table.index[node], closing), uses[node])


def _target(book: Book, r: Line, at: tuple[int, float], use: NDArray[np.float64]) -> Iterator[Finding]:
    where, horizon = ("stock_targets", r.line, f"'{r.item}' at site '{r.site}'"), book.horizon
    row, closing = at
    policy = book.programme[StockPolicy].row(row)
    after = horizon.cuts[horizon.period(r.period_start) + 1]
    safety = book.dated.on("stock_policies", row, "safety_units", after - 1)
    safety = max(safety, coming_use(horizon, use, (after, policy.safety_days)))
    cover = np.nan if policy.most_days is None else coming_use(horizon, use, (after, policy.most_days))
    most = np.fmin(np.nan if policy.most_units is None else policy.most_units, cover)
    near = allowed(max(safety, abs(closing)), 3)
    yield from equal(where, "safety", r.safety, safety, tolerance=near)
    yield from equal(where, "closing", r.closing, closing)
    yield from equal(where, "shortfall", r.shortfall, max(0.0, safety - closing), tolerance=near)
    excess = 0.0 if np.isnan(most) else max(0.0, closing - float(most))
    yield from equal(where, "excess", r.excess, excess, tolerance=near)


def daily_use(horizon: Horizon, rows: Sequence[Line]) -> NDArray[np.float64]:
    """Return what leaves a node on each day, spread evenly over the days of each period."""
    daily = np.zeros(len(horizon.days))
    for r in rows:
        if r.period_start in horizon.cuts[:-1]:
            period = horizon.period(r.period_start)
            span = slice(horizon.cuts[period] - horizon.start, horizon.cuts[period + 1] - horizon.start)
            daily[span] = sum(getattr(r, k) for k in DEPARTURES) / horizon.lengths[period]
    return daily


def coming_use(horizon: Horizon, daily: NDArray[np.float64], span: tuple[int, float]) -> float:
    """Return the use in so many days (a last part of a day counts in part) from a day on, within the plan.

    >>> coming_use(Horizon((0, 3)), np.array([5.0, 2.0, 4.0]), (1, 1.5))
    4.0
    """
    first, days = span
    shares = np.clip(first + days - horizon.days, 0, 1) * (horizon.days >= first)
    return float(shares @ daily)


def check_options(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the options: those given are as given, others chosen on a day on which they may be."""
    options = {o.option: o for o in book.given[Option].rows()}
    taken = {o.option: o for o in book.programme[Option].rows()}
    yield from each_once("options", "option", [(r.line, r.option) for r in book.rows(OPTIONS)], options)
    for r in book.rows(OPTIONS):
        option = options.get(r.option)
        if option is None:
            continue
        where = ("options", r.line, f"option '{r.option}'")
        if option.chosen is not None:
            yield from equal_text(where, "chosen", r.chosen, right=True)
            yield from equal_day(where, "date", r.date, number(option.chosen))
        elif r.chosen:
            yield from _choice(book, r, option)
        else:
            yield from equal_day(where, "date", r.date, BLANK)
        yield from equal_money(where, "cost", r.cost, sum(c for _, c in option_costs(book.horizon, taken[r.option])))


def _choice(book: Book, r: Line, option: Option) -> Iterator[Finding]:
    """Yield what is wrong with the day on which the run chooses an option."""
    where, horizon = ("options", r.line, f"option '{r.option}'"), book.horizon
    if r.date not in horizon.begins:
        message = f"{where[2]} is chosen on {day_text(r.date)}, which is no first day of a period."
        yield Finding("options", r.line, "date", "options-date", message)
    elif r.date + whole_days(option.lead_days) >= horizon.end:
        message = f"{where[2]} is chosen on {iso(r.date)}, and in effect after the plan."
        yield Finding("options", r.line, "date", "options-late", message)
    if option.earliest is not None and r.date >= FIRST:
        yield from not_before(where, "date", r.date, (number(option.earliest), "it may be chosen"))


def option_costs(horizon: Horizon, option: Option) -> Iterator[tuple[int, float]]:
    """Yield the days and amounts that an option chosen within the plan costs."""
    if option.chosen is None or number(option.chosen) >= horizon.end:
        return
    yield max(number(option.chosen), horizon.start), option.one_off_cost
    begin = number(option.chosen) + whole_days(option.lead_days)
    yield from spread(horizon, option.weekly_cost / 7, (begin, horizon.end))


def spread(horizon: Horizon, daily: float, span: tuple[int, int]) -> Iterator[tuple[int, float]]:
    """Yield the start of each period, and what a daily amount on the days from a first to before a last makes there.

    >>> list(spread(Horizon((0, 7, 14)), 2.0, (5, 9)))
    [(0, 4.0), (7, 4.0)]
    """
    for begin, end in zip(horizon.cuts, horizon.cuts[1:], strict=False):
        days = min(end, span[1]) - max(begin, span[0])
        if days > 0:
            yield begin, daily * days
