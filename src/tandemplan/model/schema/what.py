"""What: items and bills of material."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import (
    Row,
    choice,
    day,
    flag,
    integer,
    key,
    listing,
    number,
    opens_after,
    row,
    text,
)


@row("items", "what")
class Item(Row):
    """A product, assembly, part, kit or service."""

    item: str = key("Name of the item.")
    name: str = text("Full name.")
    kind: str = choice(
        "What the item is.", "product", "assembly", "subassembly", "part", "kit", "service", default="part"
    )
    groups: tuple[str, ...] = listing("Groups that rules and risks speak of, such as critical.")
    unit: str = text("Unit in which quantities of the item are counted.", default="each")
    weight_kg: float = number("Weight of one unit.", unit="kg", default=0.0, low=0)
    volume_m3: float = number("Room that one unit takes.", unit="m3", default=0.0, low=0)
    standard_cost: float = number("Value of one unit for holding cost and stock.", unit="money", default=0.0, low=0)
    list_price: float | None = number("List price of one unit.", unit="money", low=0)
    shelf_life_days: float | None = number(
        "Days until it may no longer be used; blank is for ever.", unit="days", above=0
    )
    hazard: bool = flag("It is hazardous goods: only some lanes and storage may hold it.")
    dual_use: bool = flag("Its export is controlled.")


@row("bom", "what")
class BomLine(Row):
    """One component of one parent in one of the parent's alternative bills of material."""

    parent: str = key("Item that is made.", to="items")
    alternative: str = key("Name of the bill among the parent's alternatives; blank when there is one.", blank=True)
    component: str = key("Item that is used.", to="items")
    from_date: Date | None = day("First day on which the line is in force; blank is always.", as_key=True)
    to_date: Date | None = day("Last day on which the line is in force; blank is always.")
    quantity_units: float = number(
        "Component units in one good start of the parent.", unit="units", default=1.0, above=0
    )
    scrap_share: float = number("Share of the component that is lost in use, on top.", unit="share", default=0.0, low=0)
    rank: int = integer("Order of preference among the alternatives; 1 is first.", unit="rank", default=1, low=1)
    opens_after: tuple[str, ...] = opens_after()
