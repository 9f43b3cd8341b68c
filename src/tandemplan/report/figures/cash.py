"""Money over time: the venture's cash and its low point, and of each payer what is released and what is paid of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Tranche
from tandemplan.report.axes import Frame, round_top
from tandemplan.report.buckets import horizon, last_days
from tandemplan.report.chart import axes, closed, steps
from tandemplan.report.drawing import Drawing, Key, Panel, path, tag
from tandemplan.report.facts import Cells, rows
from tandemplan.report.wording import day, money
from tandemplan.results.money_shapes import CASH
from tandemplan.results.store import Run

WIDTH, HEIGHT, LEFT = 1060.0, 262.0, 84.0
Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
OWN = (Key("line", "solid", "cash at the end of each period"), Key("line", "dashed", "the least that must be there"))
PAYER = (Key("line", "dashed", "released so far"), Key("box", "area", "paid so far"), Key("box", "between", "headroom"))
NOTE = (
    "Cash of the venture is all its money, that of tranches which may pay for some things only too. A payer's tranches are released by date and tasks; "
    "what is between them and what is paid for advances and deliveries is headroom. Money is counted by periods."
)


def cash(run: Run, programme: Programme) -> Drawing:
    """Return the money of each pool over time: cash against the least, payers' money released against paid; nothing without funding."""
    pools: dict[str, list[Cells]] = defaultdict(list)
    for r in rows(run, CASH):
        pools[r["pool"]].append(r)
    table = programme[Tranche]
    own = {p for p, k in zip(table.pool.tolist(), table.kind.tolist(), strict=True) if k == "company"}
    panels = tuple((_own if p in own else _payer)(p, members, programme) for p, members in pools.items())
    keys = (*(OWN if own & set(pools) else ()), *(PAYER if set(pools) - own else ()))
    said = " ".join(p.description for p in panels) or "No money is limited."
    return Drawing("Cash and funding", said, panels, keys, note=NOTE if panels else "")


def lowest(members: Sequence[Cells]) -> Cells:
    """Return the period at whose end a pool has the least above what must be there."""
    return min(members, key=lambda r: r["closing"] - r["least"])


def _own(pool: str, members: list[Cells], programme: Programme) -> Panel:
    currency, low = programme.settings.currency, lowest(members)
    last = _end(low, programme)
    level = [(r["period_start"], r["closing"]) for r in members]
    least = [(r["period_start"], r["least"]) for r in members]
    asked = f", {money(low['least'], currency)} of them must be there" if low["least"] else ""
    said = f"The cash of {pool} is lowest at the end of {day(last)}: {money(low['closing'], currency)}{asked}."
    header = ("period from", "opening", "comes", "goes", "closing", "tied", "least")
    body = tuple(
        (day(r["period_start"]), *(f"{r[c]:,.0f}" for c in ("opening", "inflow", "outflow", "closing", "tied", "least"))) for r in members
    )  # fmt: skip
    frame, step = _frame(programme, max(v for _, v in (*level, *least)))
    low_line = steps(frame, level)
    marks = (
        axes(frame, step, currency)
        + tag("path", class_="area", d=closed(low_line, frame.y(0)))
        + (tag("path", class_="dashed", d=path(steps(frame, least))) if any(v for _, v in least) else "")
        + tag("path", class_="solid", d=path(low_line))
    )
    subtitle = f"lowest {money(low['closing'], currency)}, at the end of {day(last)}"
    return _panel((f"Cash of {pool}", subtitle, said), marks, (header, body), frame)


def _payer(pool: str, members: list[Cells], programme: Programme) -> Panel:
    currency = programme.settings.currency
    released, paid, table = 0.0, 0.0, []
    for r in members:
        released += r["tranches"] - r["expired"]
        paid += r["advances"] + r["deliveries"] - r["refunds"]
        table.append((r["period_start"], released, paid))
    low = min(members, key=lambda r: r["closing"])
    last = _end(low, programme)
    said = (
        f"{pool} pays {money(paid, currency)} of {money(released, currency)} released; its headroom is least at the end of {day(last)}: "
        f"{money(low['closing'], currency)}."
    )
    header = ("period from", "released", "paid", "headroom")
    body = tuple((day(d), f"{a:,.0f}", f"{b:,.0f}", f"{a - b:,.0f}") for d, a, b in table)
    frame, step = _frame(programme, max(a for _, a, _ in table))
    high, under = (steps(frame, [(d, v[k]) for d, *v in table]) for k in (0, 1))
    marks = (
        axes(frame, step, f"{currency}, summed up")
        + tag("path", class_="area", d=closed(under, frame.y(0)))
        + tag("path", class_="between", d=f"{path(under)} L{path(high[::-1])[1:]} Z")
        + tag("path", class_="dashed", d=path(high))
        + tag("path", class_="solid", d=path(under))
    )
    subtitle = f"{money(paid, currency)} of {money(released, currency)} paid"
    return _panel((f"Budget of {pool}", subtitle, said), marks, (header, body), frame)


def _panel(words: tuple[str, str, str], marks: str, table: Table, frame: Frame) -> Panel:
    header, body = table
    track = tuple(frame.x(frame.start + (frame.end - frame.start) * k / len(body)) for k in range(len(body)))
    return Panel(*words, WIDTH, HEIGHT, marks, header, body, least=620, track=track)


def _frame(programme: Programme, most: float) -> tuple[Frame, float]:
    top, step = round_top(max(most, 0.0))
    start, end = horizon(programme)
    return Frame(start, end, top, width=WIDTH, height=HEIGHT, left=LEFT), step


def _end(row: Cells, programme: Programme) -> date:
    first: date = row["period_start"]
    return last_days(programme).get(first, first)
