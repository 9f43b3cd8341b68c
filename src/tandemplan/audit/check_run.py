"""What `run.json` says: which run it is, how it ended, and what it repeats of the tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_class_costs import check_unreckoned
from tandemplan.audit.check_demand import LEAST_SHARE
from tandemplan.audit.check_rule_costs import check_unpriced
from tandemplan.audit.check_sharing import SHARE, values_of
from tandemplan.audit.equations import Sums, equal, equal_money, equal_text
from tandemplan.audit.files import RUN, mapping
from tandemplan.audit.findings import MONEY_STEP, RELATIVE, Finding, allowed
from tandemplan.audit.sharing import sharings_of
from tandemplan.model.schema import Item, StockPolicy
from tandemplan.results.money_shapes import CASH
from tandemplan.results.shape import (
    CLASSES,
    COSTS,
    DELIVERIES,
    DEMAND_SUMMARY,
    LOAD,
    MOVES,
    PRODUCTION,
    PURCHASES,
    STOCK,
    STOCK_TARGETS,
)

VERBS = ("plan", "replan")
UNPROVED = (
    "scenarios",
    "changes",
    "machine",
    "notes",
    "relaxed",
    "hopeful_notes",
    "size",
)  # no table proves them: the digest of run.json guards them
REPEATED = ("value", "bound", "gap")
UNITS = {"demanded": "quantity", "on_time": "on_time", "late": "late", "lost": "lost"}
CERTAINTIES = ("firm", "option", "forecast")
BEHIND = 0.01  # the least denominator of the gap of how far customers are behind


def check_run(book: Book) -> Iterator[Finding]:
    """Yield what `run.json` says otherwise than the programme and the tables."""
    yield from _identity(book)
    yield from _classes(book)
    yield from _stages(book)
    yield from check_unreckoned(book)
    yield from check_unpriced(book)
    yield from _end(book)
    yield from _totals(book)


def _identity(book: Book) -> Iterator[Finding]:
    """Yield a run whose id, verb, seed or name of the programme is not the one that it must have."""
    info, where = book.info, (RUN, None, "the run")
    settings = book.programme.settings
    if info.get("verb") not in VERBS:
        yield Finding(RUN, None, "verb", "run-verb", f"no command is called '{info.get('verb')}'.")
    yield from equal_text(where, "seed", info.get("seed"), settings.seed)
    yield from equal_text(where, "name", mapping(info, "programme").get("name"), settings.name)
    yield from equal_text(where, "run", info.get("run"), id_of(info))


def id_of(info: Mapping[str, Any]) -> str:
    """Return the id that a run of that programme, with these options and versions, has."""
    said = {"programme": mapping(info, "programme").get("digest")}
    said |= {name: info.get(name) for name in ("options", "versions")}
    return f"{info.get('verb')}-{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]}"


def entries(book: Book, name: str) -> list[Mapping[str, Any]]:
    """Return the objects of a list inside the objective, none where there is none."""
    found = mapping(book.info, "objective").get(name)
    return [e if isinstance(e, Mapping) else {} for e in found] if isinstance(found, list) else []


def number_of(entry: Mapping[str, Any], name: str) -> float:
    """Return a number of a JSON object; nan, which equals nothing, where there is none."""
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def _classes(book: Book) -> Iterator[Finding]:
    said, rows = entries(book, "classes"), book.rows(CLASSES)
    names = [e.get("demand_class") for e in said]
    if names != [r.demand_class for r in rows]:
        message = f"it lists the classes {names}, the table {[r.demand_class for r in rows]}."
        yield Finding(RUN, None, "objective", "run-class", message)
        return
    for entry, r in zip(said, rows, strict=True):
        for column in REPEATED:
            where, value = (RUN, None, f"class {r.demand_class}"), float(getattr(r, column))
            yield from equal(where, column, number_of(entry, column), value)


def expected_stages(book: Book) -> list[tuple[str, int | None, str | None]]:
    """Return name, class and certainty of the objectives that a plan of the programme has, in their order."""
    if book.programme.settings.objective == "cost":
        return [("cost", None, None)]
    asked = {(w.demand_class, w.certainty) for w in book.wanted.values()}
    order = sorted(asked, key=lambda a: (a[0], CERTAINTIES.index(a[1])))
    found: list[tuple[str, int | None, str | None]] = [(f"class {c} {word}", c, word) for c, word in order]
    stock: list[tuple[str, int | None, str | None]] = (
        [("stock", None, None)] if len(book.programme[StockPolicy]) else []
    )
    fair: list[tuple[str, int | None, str | None]] = [(name, None, None) for name in shared(book)]
    return [*found, *fair, *stock, ("cost", None, None)]


def shared(book: Book) -> dict[str, float]:
    """Return the objectives of fair sharing in their order, with their values in the tables. `docs/semantics.md`, Sharing."""
    return {
        f"{s.rule} of class {s.demand_class} {s.certainty}, {k} worst served": value
        for s in sharings_of(book.programme, book.wanted)
        for k, value in enumerate(s.worst(values_of(book, s)), start=1)
    }


def _stages(book: Book) -> Iterator[Finding]:
    said, right = entries(book, "stages"), expected_stages(book)
    names = [(e.get("stage"), e.get("demand_class"), e.get("certainty")) for e in said]
    if names != right:
        message = f"its stages are {[n for n, _, _ in names]}; they must be {[n for n, _, _ in right]}."
        yield Finding(RUN, None, "objective", "run-stages", message)
        return
    for entry in said:
        yield from _stage(book, entry)
    for column in REPEATED:
        last, objective = number_of(said[-1], column), mapping(book.info, "objective")
        yield from equal((RUN, None, "the objective"), column, number_of(objective, column), last)


def _stage(book: Book, entry: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a stage whose value is not that of the tables, that lies below its bound, or whose gap does not follow."""
    where, (value, bound, gap) = (RUN, None, f"stage '{entry['stage']}'"), (number_of(entry, n) for n in REPEATED)
    right, tolerance, scale = _value(book, entry, value)
    yield from equal(where, "value", value, right, tolerance=tolerance)
    if not bound <= value + tolerance:
        yield Finding(RUN, None, "objective", "run-bound", f"{where[2]}: value {value} is below its bound {bound}.")
    below = max(value, scale)
    share = max(0.0, value - bound) / below if below > 0 else 0.0
    near = RELATIVE + allowed(value) / below if below > 0 else RELATIVE
    yield from equal(where, "gap", gap, share, tolerance=near)
    if not isinstance(entry.get("finished"), bool):
        yield Finding(RUN, None, "objective", "run-stages", f"{where[2]} does not say whether it is finished.")


def _value(book: Book, entry: Mapping[str, Any], said: float) -> tuple[float, float, float]:
    """Return the value of a stage as the tables have it, the tolerance, and the smallest denominator of its gap."""
    if entry["stage"] == "cost":
        costs = [r.present_amount for r in book.rows(COSTS) if r.decided]
        rows = sum(len(lines) for lines in book.lines.values())
        return sum(costs), MONEY_STEP * rows + RELATIVE * abs(said), 1.0
    if entry["stage"] == "stock":
        total = _targets(book)
        return total.total, total.allowed, 1.0
    if entry["demand_class"] is None:
        return shared(book)[entry["stage"]], SHARE, BEHIND
    total, asked = Sums(), 0.0
    for r in book.rows(DEMAND_SUMMARY):
        if (r.demand_class, r.certainty) == (entry["demand_class"], entry["certainty"]) and r.demand in book.wanted:
            weight = book.wanted[r.demand].weight
            total.add(weight * r.late_unit_days)
            asked += weight * r.quantity
    return total.total, total.allowed, LEAST_SHARE * asked * max(book.horizon.lengths)


def _targets(book: Book) -> Sums:
    """Return the days x standard cost (1 where it is 0) x (shortfall + excess) over all policies and periods."""
    total, items = Sums(), book.programme[Item]
    days = dict(zip(book.horizon.cuts, book.horizon.lengths, strict=False))
    for r in book.rows(STOCK_TARGETS):
        row = items.index.get((r.item,))
        cost = 1.0 if row is None else float(items.standard_cost[row]) or 1.0
        total.add(days.get(r.period_start, 0) * cost * (r.shortfall + r.excess))
    return total


def _end(book: Book) -> Iterator[Finding]:
    """Yield a status that the stages do not bear out: `optimal` is proved to the end, within the gap asked for."""
    info, stages = book.info, entries(book, "stages")
    status, reason, again = (info.get(n) for n in ("status", "reason", "reproducible"))
    asked = number_of(mapping(info, "options"), "gap")
    worst = max((number_of(e, "gap") for e in stages if not _by_cents(book, e)), default=0.0)
    proved = all(e.get("finished") is True for e in stages) and worst <= asked + RELATIVE
    if status == "optimal":
        sound = proved and reason == "" and again is True
    elif status in ("feasible", "stopped"):
        sound = isinstance(reason, str) and reason != "" and (again is False or (again is True and not proved))
        sound = sound and not (status == "stopped" and any(e.get("finished") is True for e in stages))
    else:
        sound = False
    if not sound:
        message = (
            f"status is '{status}', reason '{reason}', reproducible {again}; of the stages, whose widest gap is "
            f"{worst:g} (asked for: {asked:g}), this cannot be said."
        )
        yield Finding(RUN, None, "status", "run-status", message)


def _by_cents(book: Book, entry: Mapping[str, Any]) -> bool:
    """Tell whether the value of the cost stage lies above its bound by no more than its amounts, printed in cents, are rounded."""
    apart = number_of(entry, "value") - number_of(entry, "bound")
    tables = (COSTS, PURCHASES, PURCHASES, PRODUCTION, MOVES, STOCK, DELIVERIES, DEMAND_SUMMARY, LOAD, CASH)
    amounts = sum(len(book.rows(s)) for s in tables)
    return entry.get("stage") == "cost" and 0 <= apart <= MONEY_STEP / 2 * amounts


def _totals(book: Book) -> Iterator[Finding]:
    """Yield totals that are not the sums of costs, and of demands by unit of measure."""
    totals, costs = mapping(book.info, "totals"), book.rows(COSTS)
    where = (RUN, None, "the totals")
    yield from equal_money(where, "cost", number_of(totals, "cost"), sum(r.amount for r in costs), rows=len(costs))
    measure = dict(zip(book.programme[Item].item.tolist(), book.programme[Item].unit.tolist(), strict=True))
    by_unit: dict[str, list[Line]] = {}
    for r in book.rows(DEMAND_SUMMARY):
        by_unit.setdefault(measure.get(r.item, ""), []).append(r)
    said = mapping(totals, "units")
    yield from equal_text(where, "units", sorted(said), sorted(by_unit))
    for unit, rows in by_unit.items():
        for name, column in UNITS.items():
            total = Sums()
            for r in rows:
                total.add(getattr(r, column))
            number = number_of(mapping(said, unit), name)
            yield from equal((RUN, None, f"unit '{unit}'"), name, number, total.total, tolerance=total.allowed)
