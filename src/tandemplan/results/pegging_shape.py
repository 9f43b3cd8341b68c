"""The shape of pegging: which order feeds which demand. It follows from the other tables of a run and is not stored with them."""

from __future__ import annotations

from dataclasses import replace

from tandemplan.results.fields import Field, Shape, Type, date, maybe, text, units, whole

PEGGING = Shape(
    "pegging",
    "What one order, or stock, gives for one demand, by what takes it next; what serves no demand stands at the end.",
    (
        text("demand", "Demand that is served; blank: what ends in none."),
        text(
            "ends", "`delivered`, `left` (in stock at the end), or `scrap` (in work of which no good unit comes)."
        ),
        whole("level", "Links between the delivery (level 0) and this order, the fewest.", "links"),
        text(
            "kind", "delivery, production, purchase, move, open order, stock (of the start), left, or unknown (rounding)."
        ),
        text("order", "Name of the order, of a delivery that of its demand; blank: stock."),
        text("item", "Item that it gives."),
        text("site", "Site where it gives it."),
        units("quantity", "Units of this order that are for this demand, what is lost on the way included."),
        units("scrapped", "Units of these that are lost on the way, in scrap of bills and rejects of steps."),
        date("from_date", "Day of order, start of work, or dispatch; of stock the plan's start."),
        date("to_date", "Day on which it comes, or is delivered."),
        text("into", "Order that takes it next, of a delivery that of its demand; blank: it is delivered, or left."),
        maybe("needed", "First day on which it is taken next; blank: never."),
        units("slack_days", "Days for which it lies before it is taken next, the fewest.", "days"),
        units(
            "room_days",
            "Days by which it may come later with no delivery of this demand later than it is (or than due), if what waits for it moves along; the fewest.",
            "days",
        ),
    ),
)  # fmt: skip


def _to_the_second(field: Field) -> Field:
    return replace(
        field,
        type=Type.MOMENT,
        meaning=field.meaning.replace("Day of order", "Moment of order")
        .replace("Day on", "Moment at")
        .replace("First day on", "First moment at"),
    )


SCHEDULE_PEGGING = replace(
    PEGGING, fields=tuple(_to_the_second(f) if f.type is Type.DATE else f for f in PEGGING.fields)
)  # of a schedule: days are moments
