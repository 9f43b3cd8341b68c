"""What is said about one more order: the day that can be promised, what limits it, and whom it hurts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tandemplan.report.wording import counted, day, measure, number

Hurt = tuple[
    str, str, int, float, float, float, float
]  # demand, customer, class; units late and unit-days, before and with the order
MOST = 12


def promise_lines(
    asked: Mapping[str, Any], said: Mapping[str, date | None], hurt: Sequence[Hurt], unsized: int, wished: date | None
) -> tuple[str, ...]:
    """Return what can be promised of an order in a few lines."""
    what = f"{number(asked['quantity'])} {measure('', asked['quantity'])} of {asked['item']}" + (
        f" at {asked['site']}" if asked["site"] else ""
    )
    earliest, goods, promised = said["earliest"], said["goods_allow"], said["promised"]
    lines = []
    if earliest is None:
        lines.append(f"Not within the plan: {what} cannot be delivered with everything else as planned.")
    else:
        lines.append(f"Earliest: {day(earliest)} for {what}, with every other delivery as planned.")
    if goods is not None and goods != earliest:
        lines.append(
            f"Goods, hours and room alone would do by {day(goods)}: money, certificates of origin, shares or tasks are what it waits for."
        )
    if wished is not None and promised is None:
        lines.append(f"Not by {day(wished)}, even where other demands for the item wait.")
    elif wished is not None and (earliest is None or wished < earliest):
        units = sum(h[5] - h[3] for h in hurt)
        lines.append(
            f"By {day(wished)} it makes {counted(len(hurt), 'demand')} later: {number(units)} more {measure('', units)} late, {number(sum(h[6] - h[4] for h in hurt))} more unit-days."
        )
        lines += [
            f"  {h[0]} of {h[1] or 'nobody'}, class {h[2]}: {number(h[6] - h[4])} more unit-days late."
            for h in hurt[:MOST]
        ]
        lines += [f"  And {len(hurt) - MOST} more."] if len(hurt) > MOST else []
    elif wished is not None:
        lines.append(f"By {day(wished)} it hurts nobody.")
    if unsized:
        lines.append(
            f"{counted(unsized, 'purchase')} behind it are of sizes that their offers do not sell: round them before release."
        )
    return tuple(lines)


def promise_data(
    asked: Mapping[str, Any], said: Mapping[str, date | None], hurt: Sequence[Hurt], unsized: int
) -> dict[str, Any]:
    """Return the same as JSON may hold it."""
    names = ("demand", "customer", "demand_class", "late_before", "unit_days_before", "late", "unit_days")
    return {
        "order": dict(asked),
        **{n: None if d is None else d.isoformat() for n, d in said.items()},
        "hurt": [dict(zip(names, h, strict=True)) for h in hurt],
        "unsized_purchases": unsized,
    }
