"""What the plan costs, term by term, up to the total."""

from __future__ import annotations

from collections.abc import Sequence

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Cost
from tandemplan.report.drawing import Drawing, Key, Panel, label, tag
from tandemplan.report.facts import Cells, rows
from tandemplan.report.summary import LOST_REVENUE, cost_kind
from tandemplan.report.summary import term_words as words
from tandemplan.report.wording import counted, listed, money, percent
from tandemplan.results.shape import COSTS
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 230.0, 520.0, 46.0
MEANINGS = {
    "purchases": "accepted units times the price of their offer, on the day of receipt",
    "transport": "carriage of purchases and moves by weight",
    "shipments": "what lanes ask for each day on which something leaves on them",
    "setups": "of lots, on the day of production",
    "holding": "a yearly share of the standard cost of what lies in stock: capital, room, insurance",
    "overtime": "hours of people beyond those present, with their premiums",
    "shift premium": "what shifts chosen add to pay, over the pattern worked at the start",
    "qualification": "qualifying of offers, on the day it starts",
    "investments": "stations and tool sets bought, on the day each is ordered",
    "interest": "on credit drawn, at the end of each period",
    "damages": "what contracts take off the price for each week of delay, of late units and of those never delivered",
    "hire wages": "pay of the people hired, trainees in full, used or not",
    "training": "training of the people hired, on their first day at work",
    "option wages": "pay of the people that these options add, used or not",
    "wages": "pay for the hours that people of the start are present, used or not",
    "open orders": "what is still to pay for orders placed before the plan's start",
    "options": "options already chosen: once, and each week",
    "chosen options": "options that the plan chooses: once, and each week",
    "tasks": "tasks of the start-up, on the day each is done",
    "lost revenue": "price of the units that are never delivered: not in the total, but the plan keeps it as small as it can",
}


def meaning(term: str, programme: Programme) -> str:
    """Return what a term of the cost is made of, in a line; blank for one that is not known.

    >>> from tandemplan.testing.models import programme_of
    >>> meaning("wages", programme_of("start = 2026-06-01"))
    'pay for the hours that people of the start are present, used or not'
    """
    if term != "fixed":
        return MEANINGS.get(term, "")
    table = programme[Cost]
    about = listed(sorted({str(c) for c in table.category if c}), most=6)
    return f"{counted(len(table), 'row')} of the table costs{f' ({about})' if about else ''}: once, or each week or month in force"


def costs(run: Run, programme: Programme) -> Drawing:
    """Return the terms of the cost as a waterfall: given terms, decided ones, their total; lost sales apart."""
    table, currency = rows(run, COSTS), programme.settings.currency
    spent = sorted(
        (r for r in table if r["term"] not in LOST_REVENUE and r["amount"]),
        key=lambda r: (-abs(r["amount"]), r["term"]),
    )
    lost = [r for r in table if r["term"] in LOST_REVENUE and r["amount"]]
    total = sum(r["amount"] for r in spent)
    keys = [
        Key("box", "bar", "decided by the plan"),
        Key("box", "given", "given with the programme"),
        Key("box", "total", "total cost"),
    ]
    if lost:
        keys.append(Key("box", "lost", "not in the cost: sales that are lost"))
    return Drawing(
        "What it costs",
        f"The plan costs {money(total, currency)}: "
        + "; ".join(f"{words(r)} {money(r['amount'], currency)}" for r in spent)
        + ".",
        (_panel(spent, lost, table, programme),) if table else (),
        tuple(keys) if table else (),
        note=NOTE if table else "",
    )


NOTE = (
    "Decided: what the plan can change. Given: what the programme says and no plan changes; it does not weigh in the choice. "
    "The exact rules are in docs/semantics.md under Classes, stock, cost."
)


def _panel(spent: list[Cells], lost: list[Cells], table: list[Cells], programme: Programme) -> Panel:
    total, currency = sum(r["amount"] for r in spent), programme.settings.currency
    most = max([_highest(spent), total, *(r["amount"] for r in lost)]) or 1.0
    parts, at, y = [], 0.0, 0.0
    for r in spent:
        style = "bar" if r["decided"] else "given"
        low = min(at, at + r["amount"])
        share = percent(r["amount"], total) if r["amount"] > 0 else ""
        parts.append(
            _row(
                y,
                (words(r), "decided" if r["decided"] else "given", meaning(words(r), programme)),
                (low, abs(r["amount"]), most),
                style,
                (f"{r['amount']:,.0f}", share),
            )
        )
        at += r["amount"]
        y += STEP
    parts.append(_row(y, ("Total cost", "", ""), (0.0, total, most), "total", (f"{total:,.0f}", currency)))
    y += STEP
    for r in lost:
        names = (words(r), "not in the cost", meaning(words(r), programme))
        parts.append(_row(y, names, (0.0, r["amount"], most), "lost", (f"{r['amount']:,.0f}", "")))
        y += STEP
    header = ("term", "kind", "what it is", f"amount, {currency}", f"present value, {currency}")
    body = [
        (words(r), cost_kind(r), meaning(words(r), programme), f"{r['amount']:,.2f}", f"{r['present_amount']:,.2f}")
        for r in [*spent, *lost, *(r for r in table if not r["amount"])]
    ]
    present = sum(r["present_amount"] for r in spent)
    body.insert(len(spent), ("total cost", "", "", f"{total:,.2f}", f"{present:,.2f}"))
    said = f"The plan costs {total:,.0f} {currency}, {present:,.0f} {currency} at present value."
    return Panel("", "", said, WIDTH, y + 4, "".join(parts), header, tuple(body), least=760)


def _highest(spent: Sequence[Cells]) -> float:
    at = most = 0.0
    for r in spent:
        at += r["amount"]
        most = max(most, at)
    return most


def _row(
    y: float, names: tuple[str, str, str], bar: tuple[float, float, float], style: str, figures: tuple[str, str]
) -> str:
    low, size, most = bar
    x, wide = ROOM + SPAN * low / most, max(SPAN * size / most, 1.0)
    strong = style == "total"
    parts = [
        tag("path", class_="rule", d=f"M0,{y + STEP:g} H{WIDTH:g}"),
        label(0, y + 19, names[0][:1].upper() + names[0][1:], "strong" if strong else "ink", 150, size=12.5),
        label(ROOM - 12, y + 19, names[1], "end small"),
        tag("rect", class_=style, x=round(x, 1), y=y + 7, width=round(wide, 1), height=16, rx=1.5),
        label(0, y + 37, names[2][:1].upper() + names[2][1:], "small", ROOM + SPAN + 140, size=11),
        label(ROOM + SPAN + 160, y + 19, figures[0], "end strong" if strong else "end ink"),
        label(WIDTH, y + 19, figures[1], "end"),
    ]
    return "".join(parts)
