"""What the plan costs, term by term, up to the total."""

from __future__ import annotations

from collections.abc import Sequence

from tandemplan.model.programme import Programme
from tandemplan.report.drawing import Drawing, Key, Panel, label, tag
from tandemplan.report.facts import Cells, rows
from tandemplan.report.summary import LOST_REVENUE, cost_kind
from tandemplan.report.wording import money, percent
from tandemplan.results.shape import COSTS
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 230.0, 520.0, 30.0


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
        Key("box", "total", "total spent"),
    ]
    if lost:
        keys.append(Key("box", "lost", "not spent: sales that are lost"))
    return Drawing(
        "What it costs",
        f"{money(total, currency)} are spent: "
        + "; ".join(f"{words(r)} {money(r['amount'], currency)}" for r in spent)
        + ".",
        (_panel(spent, lost, total, table, currency),) if table else (),
        tuple(keys) if table else (),
    )


def words(row: Cells) -> str:
    """Return what a term of the cost is called."""
    return str(row["term"]).replace("_", " ")


def _panel(spent: list[Cells], lost: list[Cells], total: float, table: list[Cells], currency: str) -> Panel:
    most = max([_highest(spent), total, *(r["amount"] for r in lost)]) or 1.0
    parts, at, y = [], 0.0, 0.0
    for r in spent:
        style = "bar" if r["decided"] else "given"
        low = min(at, at + r["amount"])
        share = percent(r["amount"], total) if r["amount"] > 0 else ""
        parts.append(
            _row(
                y,
                (words(r), "decided" if r["decided"] else "given"),
                (low, abs(r["amount"]), most),
                style,
                (f"{r['amount']:,.0f}", share),
            )
        )
        at += r["amount"]
        y += STEP
    parts.append(_row(y, ("Total spent", ""), (0.0, total, most), "total", (f"{total:,.0f}", currency)))
    y += STEP
    for r in lost:
        parts.append(_row(y, (words(r), "not spent"), (0.0, r["amount"], most), "lost", (f"{r['amount']:,.0f}", "")))
        y += STEP
    header = ("term", "kind", f"amount, {currency}", f"present value, {currency}")
    body = [
        (words(r), cost_kind(r), f"{r['amount']:,.2f}", f"{r['present_amount']:,.2f}")
        for r in [*spent, *lost, *(r for r in table if not r["amount"])]
    ]
    present = sum(r["present_amount"] for r in spent)
    body.insert(len(spent), ("total spent", "", f"{total:,.2f}", f"{present:,.2f}"))
    said = f"{total:,.0f} {currency} are spent, {present:,.0f} {currency} at present value."
    return Panel("", "", said, WIDTH, y + 4, "".join(parts), header, tuple(body), least=760)


def _highest(spent: Sequence[Cells]) -> float:
    at = most = 0.0
    for r in spent:
        at += r["amount"]
        most = max(most, at)
    return most


def _row(
    y: float, names: tuple[str, str], bar: tuple[float, float, float], style: str, figures: tuple[str, str]
) -> str:
    low, size, most = bar
    x, wide = ROOM + SPAN * low / most, max(SPAN * size / most, 1.0)
    strong = style == "total"
    parts = [
        tag("path", class_="rule", d=f"M0,{y + STEP:g} H{WIDTH:g}"),
        label(0, y + 19, names[0][:1].upper() + names[0][1:], "strong" if strong else "ink", 150, size=12.5),
        label(ROOM - 12, y + 19, names[1], "end small"),
        tag("rect", class_=style, x=round(x, 1), y=y + 7, width=round(wide, 1), height=16, rx=1.5),
        label(ROOM + SPAN + 160, y + 19, figures[0], "end strong" if strong else "end ink"),
        label(WIDTH, y + 19, figures[1], "end"),
    ]
    return "".join(parts)
