"""What is asked for and what is delivered of it: in units of measure, by kind of demand, and on time; one basis everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from tandemplan.model.programme import Programme
from tandemplan.report.facts import Cells, item_units, sums
from tandemplan.report.wording import NOTHING, listed, measure, money, number, percent

KINDS = {"firm": "firm orders", "option": "options", "forecast": "forecasts"}


def amounts(members: Iterable[Cells], programme: Programme) -> list[tuple[str, float, float]]:
    """Return units delivered and asked for by unit of measure: its name, delivered, asked."""
    units, table = item_units(programme), list(members)
    asked, lost = sums(table, "quantity", units), sums(table, "lost", units)
    return [(measure(u, a), a - lost[u], a) for u, a in sorted(asked.items())]


def said_amounts(members: Iterable[Cells], programme: Programme) -> str:
    """Return amounts in words.

    Units of measure follow each other: `36 of 42 units (85.7 %)`.
    """
    return listed(
        [f"{number(got)} of {number(a)} {u} ({percent(got, a)})" for u, got, a in amounts(members, programme)]
    )


def kinds(table: Iterable[Cells]) -> dict[str, list[Cells]]:
    """Return demands by kind, the surest first; nothing where they are all firm orders.

    >>> list(kinds([{"certainty": "forecast"}, {"certainty": "firm"}])), kinds([{"certainty": "firm"}])
    (['firm orders', 'forecasts'], {})
    """
    members = list(table)
    found = {name: [r for r in members if r["certainty"] == kind] for kind, name in KINDS.items()}
    found = {name: rows for name, rows in found.items() if rows}
    return {} if list(found) in ([], [KINDS["firm"]]) else found


def by_kind(table: Iterable[Cells], programme: Programme) -> str:
    """Return what each kind of demand gets, in words: `firm orders 5 of 5 units, forecasts 0 of 3 units`.

    Blank where there is but one kind, or none lacks anything.
    """
    members = list(table)
    if not any(r["lost"] > NOTHING for r in members):
        return ""
    return ", ".join(
        f"{name} {' and '.join(f'{number(got)} of {number(a)} {u}' for u, got, a in amounts(members, programme))}"
        for name, members in kinds(members).items()
    )


def lost_sales(table: Iterable[Cells], currency: str) -> str:
    """Return the sales that are lost of each kind of demand, in words; blank for one kind."""
    return ", ".join(
        f"{name} {money(sum(r['lost_revenue'] for r in members), currency)}" for name, members in kinds(table).items()
    )


def on_time(table: Iterable[Cells], programme: Programme) -> str:
    """Return the share of what is asked for that is delivered on time, in words.

    >>> from tandemplan.testing.models import programme_of
    >>> on_time([{"item": "bike", "quantity": 9, "on_time": 3}], programme_of("start = 2026-06-01"))
    '33.3 % of what is asked for is delivered on time'
    """
    units, members = item_units(programme), list(table)
    asked, kept = sums(members, "quantity", units), sums(members, "on_time", units)
    shares = [(measure(u), percent(kept[u], a)) for u, a in sorted(asked.items())]
    if len(shares) == 1:
        return f"{shares[0][1]} of what is asked for is delivered on time"
    return f"on time come {listed([f'{share} of the {u} asked for' for u, share in shares])}"
