"""What a plan takes and what it lacks: options that are chosen, and stock that runs out while demands are lost."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Option
from tandemplan.report.facts import item_names, row_names, rows
from tandemplan.report.wording import NOTHING, day, listed, money
from tandemplan.results.shape import DEMAND_SUMMARY, OPTIONS, STOCK_TARGETS
from tandemplan.results.store import Run

GONE = 1e-3  # share of a stock target: less is none


def options_line(run: Run, programme: Programme) -> list[str]:
    """Return the options that the plan chooses, with their day and cost, in one sentence; nothing where there are none."""
    names, currency = row_names(programme, Option), programme.settings.currency
    given = {o.option for o in programme[Option].rows() if o.chosen is not None}
    taken = [r for r in rows(run, OPTIONS) if r["chosen"] and r["option"] not in given]
    words = [
        f"{names.get(r['option'], r['option'])} ({r['option']}) on {day(r['date'])}"
        + (f" for {money(r['cost'], currency)}" if r["cost"] > 0 else "")
        for r in sorted(taken, key=lambda r: (r["date"], r["option"]))
    ]
    return [f"Options: chosen {listed(words, most=9, comma='; ')}."] if words else []


def runs_out(run: Run, programme: Programme) -> list[tuple[str, str, date]]:
    """Return the items with a stock target that run out at a site, each with the first day: (item, site, day), by day.

    An item has run out while less than a thousandth of its target is left at the end of a period. It counts where a demand that
    depends on it at the site is due in such a time, and units of it are lost.
    """
    gone: dict[tuple[str, str], list[tuple[date, bool]]] = defaultdict(list)
    for r in rows(run, STOCK_TARGETS):
        empty = r["safety"] > 0 and r["closing"] < GONE * r["safety"]
        gone[r["item"], r["site"]].append((r["period_start"], empty))
    above, found = parents(programme), []
    for (item, site), periods in gone.items():
        lost = [
            r["due"]
            for r in rows(run, DEMAND_SUMMARY)
            if r["lost"] > NOTHING and r["site"] == site and r["item"] in above.get(item, {item})
        ]
        first = _first_spell(sorted(periods), lost)
        if first is not None:
            found.append((item, site, first))
    return sorted(found, key=lambda f: (f[2], f[1], f[0]))


def dry_line(run: Run, programme: Programme) -> list[str]:
    """Return what runs out where and when, in one sentence; nothing where nothing does."""
    names = item_names(programme)
    words = [
        f"{names.get(item, item)}{f' at {site}' if site else ''} on {day(first)}"
        for item, site, first in runs_out(run, programme)
    ]
    return [f"Runs out: {listed(words, most=4, comma='; ', rest='others later')}."] if words else []


def parents(programme: Programme) -> dict[str, set[str]]:
    """Return for each item all that it goes into, itself included."""
    bom, above = programme[BomLine], defaultdict(set)
    for parent, component in zip(bom.parent, bom.component, strict=True):
        above[str(component)].add(str(parent))
    found: dict[str, set[str]] = {}
    for item in [*above]:
        seen, ahead = {item}, [item]
        while ahead:
            new = above.get(ahead.pop(), set()) - seen
            seen |= new
            ahead += new
        found[item] = seen
    return found


def _first_spell(periods: list[tuple[date, bool]], lost: list[date]) -> date | None:
    """Return the first day of the first row of empty periods in which, up to the next period that is not, a due day lies."""
    begin: date | None = None
    for k, (start, empty) in enumerate(periods):
        if empty and begin is None:
            begin = start
        last = k + 1 == len(periods)
        if begin is not None and (not empty or last):
            if any(begin <= due and (due < start or (empty and last)) for due in lost):
                return begin
            begin = None
    return None
