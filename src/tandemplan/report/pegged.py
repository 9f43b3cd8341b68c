"""What feeds a demand, and what an order feeds, in lines for the shell and rows for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.report.facts import customer_names, item_names, item_units
from tandemplan.report.wording import NOTHING, counted, day, measure, number
from tandemplan.results import schedule_shapes, shape
from tandemplan.results.store import Frame, Run, kind_of

Cells = dict[str, Any]
MOST_ROWS = 20  # that the shell tells: `--json` has them all
HEADS = ("units", "what", "item", "at", "from", "to", "goes into", "lies", "room")


def demand_line(run: Run, programme: Programme, demand: str) -> str:
    """Say what is asked for by whom, and what becomes of it, in a sentence."""
    row = next(r for r in summary_rows(run) if r["demand"] == demand)
    names, customers = item_names(programme), customer_names(programme)
    unit = item_units(programme).get(row["item"], "each")
    asked = f"{number(row['quantity'])} {measure(unit, row['quantity'])} of {names.get(row['item'], row['item'])}"
    who = f" for {customers.get(row['customer'], row['customer'])}" if row["customer"] else ""
    parts = [
        f"{number(row[c])} {w}"
        for c, w in (("on_time", "on time"), ("late", "late"), ("lost", "never"))
        if row[c] > NOTHING
    ]
    last = (
        f", the last on {moment_or_day(row['last_delivery'])}"
        if row["last_delivery"] is not None and row["late"] > NOTHING
        else ""
    )
    at = f" at {row['site']}" if row["site"] else ""
    said = ", ".join(parts) or "nothing"
    return f"{demand}: {asked}{who}{at}, due {moment_or_day(row['due'])}: {said}{last}."


def summary_rows(run: Run) -> list[Cells]:
    """Return what becomes of each demand, of a plan or of a schedule."""
    scheduled = kind_of(run.info) == "schedule"
    return run.rows(schedule_shapes.DEMAND_SUMMARY if scheduled else shape.DEMAND_SUMMARY)


def moment_or_day(value: Any) -> str:
    """Return a day in words, of a moment with its time of day; blank for none.

    >>> moment_or_day(datetime(2026, 6, 1, 6, 30)), moment_or_day(datetime(2026, 6, 1).date())
    ('1 Jun 2026 06:30', '1 Jun 2026')
    """
    value = value.item() if hasattr(value, "item") else value
    return f"{day(value)} {value:%H:%M}" if isinstance(value, datetime) else day(value)


def feeding_lines(frame: Frame, programme: Programme) -> list[str]:
    """Return what feeds a demand, level by level: those with the least room where there are many."""
    told = frame_rows(frame)
    if not told:
        return ["Fed by nothing: nothing is delivered."]
    kept = sorted(range(len(told)), key=lambda k: (told[k]["level"] > 0, told[k]["room_days"], k))[:MOST_ROWS]
    lines = [
        "Fed by (lies: days until it is taken; room: days that it may come later with no delivery later than it is, or than due):"
    ]
    lines += _table([_row(told[k], item_names(programme)) for k in sorted(kept)])
    if len(told) > len(kept):
        least = min(r["room_days"] for k, r in enumerate(told) if k not in kept)
        lines.append(
            f"{counted(len(told) - len(kept), 'row')} more with {_days(least)} of room or more: --json has all."
        )
    return lines


def fed_lines(frame: Frame, run: Run, programme: Programme, late: float | None) -> list[str]:
    """Return what an order feeds, who has the least room first; and with `late` whom it hurts to come so many days later."""
    told = frame_rows(frame)
    first = told[0]
    total, names = sum(r["quantity"] for r in told), item_names(programme)
    unit = item_units(programme).get(first["item"], "each")
    at = f" at {first['site']}" if first["site"] else ""
    head = (
        f"{first['order']}: {first['kind']} of {number(total)} {measure(unit, total)} of {names.get(first['item'], first['item'])}{at}, "
        f"{moment_or_day(first['from_date'])} to {moment_or_day(first['to_date'])}."
    )
    who = {r["demand"]: r for r in summary_rows(run)}
    feeds = [(_end(r, who, programme), r) for r in told]
    body = [
        [number(r["quantity"]), end, f"by {r['into']}" if r["into"] not in ("", r["demand"]) else "", _room(r)]
        for end, r in feeds[:MOST_ROWS]
    ]
    lines = [head, "Feeds (room: days that it may come later with no delivery later than it is, or than due):"]
    lines += _table([["units", "for", "", "room"], *body], right={0, 3})
    if len(feeds) > MOST_ROWS:
        lines.append(f"{counted(len(feeds) - MOST_ROWS, 'row')} more: --json has all.")
    if late is not None:
        lines += _hurt_lines(told, late)
    return lines


def hurt_by(frame: Frame, late: float) -> list[Cells]:
    """Return the demands that wait where an order comes so many days later and only what waits for it moves along: units and days, most days first."""
    found: dict[str, Cells] = {}
    for r in frame_rows(frame):
        days = late - r["room_days"]
        if r["ends"] == "delivered" and days > 0:
            known = found.setdefault(r["demand"], {"demand": r["demand"], "quantity": 0.0, "days": 0.0})
            known["quantity"] += r["quantity"] - r["scrapped"]
            known["days"] = max(known["days"], days)
    return sorted(found.values(), key=lambda c: (-c["days"], c["demand"]))


def frame_rows(frame: Frame) -> list[Cells]:
    """Return the rows of a table as cells by column, dates as dates, blank ones as None."""
    columns = {n: c.astype(object).tolist() if c.dtype.kind == "M" else c.tolist() for n, c in frame.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def json_rows(frame: Frame) -> list[Cells]:
    """Return the rows of a table for JSON: dates as texts.

    >>> json_rows({"a": np.array(["2026-06-01", "NaT"], dtype="datetime64[D]")})
    [{'a': '2026-06-01'}, {'a': None}]
    """
    return [{n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in r.items()} for r in frame_rows(frame)]


def _hurt_lines(told: Sequence[Cells], late: float) -> list[str]:
    columns = {n: np.array([r[n] for r in told]) for n in ("demand", "ends", "quantity", "scrapped", "room_days")}
    found = hurt_by(columns, late)
    if not found:
        return [f"If it comes {_days(late)} later, no delivery is later: it lies so long before it is needed."]
    lines = [f"If it comes {_days(late)} later, and what waits for it moves along with nothing else changed:"]
    lines += [
        f"  {c['demand']} waits up to {_days(c['days'])} for what {number(c['quantity'])} of these units are in."
        for c in found[:MOST_ROWS]
    ]
    if len(found) > MOST_ROWS:
        lines.append(f"  {counted(len(found) - MOST_ROWS, 'demand')} more: --json has all.")
    return lines


def _end(row: Cells, who: dict[str, Cells], programme: Programme) -> str:
    if row["ends"] != "delivered":
        return "stock left at the end" if row["ends"] == "left" else "scrap: no good unit comes of it"
    demand = who[row["demand"]]
    customer = customer_names(programme).get(demand["customer"], demand["customer"])
    return f"{row['demand']}{f' of {customer}' if customer else ''}, class {demand['demand_class']}, due {moment_or_day(demand['due'])}"


def _row(row: Cells, names: dict[str, str]) -> list[str]:
    what = "delivery" if row["kind"] == "delivery" else f"{row['kind']} {row['order']}".strip()
    into = row["into"] if row["level"] > 1 else ""
    lies, room = (_days(row["slack_days"]), _room(row)) if row["level"] else ("", "")
    first = "" if row["level"] == 0 or row["kind"] in ("stock", "open order") else moment_or_day(row["from_date"])
    return [
        number(row["quantity"]), "  " * row["level"] + what, names.get(row["item"], row["item"]), row["site"], first,
        moment_or_day(row["to_date"]), into, lies, room,
    ]  # fmt: skip


def _room(row: Cells) -> str:
    return "" if row["ends"] != "delivered" else _days(row["room_days"])


def _days(days: float) -> str:
    return f"{number(days)} {'day' if number(days) == '1' else 'days'}"


def _table(body: list[list[str]], right: frozenset[int] | set[int] = frozenset({0, 7, 8})) -> list[str]:
    """Return rows as lines of aligned columns, under the usual heads where the first row has as many cells."""
    whole = [list(HEADS), *body] if body and len(body[0]) == len(HEADS) else body
    kept = [c for c in range(len(whole[0])) if any(r[c] for r in whole[1:])]
    wide = {c: max(len(r[c]) for r in whole) for c in kept}
    return [
        "  " + "  ".join(r[c].rjust(wide[c]) if c in right else r[c].ljust(wide[c]) for c in kept).rstrip()
        for r in whole
    ]
