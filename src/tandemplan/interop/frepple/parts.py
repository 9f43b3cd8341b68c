"""What belongs to frePPLe's operations, and copies of those that stand in several routes or alternates."""

from __future__ import annotations

from collections.abc import Container

from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.shop import LARGEST, Shop


class Parts:
    """What belongs to each operation: flows, loads and suboperations, by its name."""

    def __init__(self, shop: Shop) -> None:
        self.flows = by_owner(shop, "flow", "operation")
        self.loads = by_owner(shop, "load", "operation")
        self.subs = by_owner(shop, "suboperation", "owner")
        for operation in shop.book.all("operation"):  # an operation may name its owner itself
            owner = operation.thing("owner")
            if owner is not None and not any(s.thing("operation") is operation for s in self.subs.get(owner.name, ())):
                fields = {"owner": owner, "operation": operation, "priority": operation.text("priority", "1")}
                self.subs.setdefault(owner.name, []).append(
                    Thing("suboperation", operation.name, operation.line, fields)
                )
        self.inner = {s.text("operation") for subs in self.subs.values() for s in subs}
        self._own = {name: list(flows) for name, flows in self.flows.items()}
        self._copies = 0

    def fresh(self, operation: Thing, made: Container[str]) -> Thing:
        """Return an operation that is a part of something; where it is a part of another thing too, a copy of it under a name of its own."""
        if operation.name not in made:
            return operation
        self._copies += 1
        copy = Thing(operation.kind, f"{operation.name} (copy {self._copies})", operation.line, dict(operation.fields))
        copy.fields["name"] = copy.name
        self.flows[copy.name] = list(self._own.get(operation.name, ()))
        self.loads[copy.name] = self.loads.get(operation.name, [])
        if operation.name in self.subs:
            self.subs[copy.name] = self.subs[operation.name]
        return copy


def by_owner(shop: Shop, kind: str, name: str) -> dict[str, list[Thing]]:
    """Return the things of a kind by the name of what they belong to, which their field `name` says."""
    found: dict[str, list[Thing]] = {}
    for thing in shop.book.all(kind):
        found.setdefault(thing.text(name), []).append(thing)
    return found


def is_route(parts: Parts, operation: Thing) -> bool:
    """Return whether an operation, or one of its ways, has steps."""
    subs = parts.subs.get(operation.name, ())
    inner = [s.thing("operation") for s in subs]
    return bool(subs) and (
        "routing" in operation.text("type") or any(is_route(parts, o) for o in inner if o is not None)
    )


def in_lots(shop: Shop, parts: Parts, operation: Thing) -> bool:
    """Return whether an operation, or one of its ways, has lots that are not of any size from one unit on."""
    least, multiple = shop.number(operation, "size_minimum", 1.0), shop.number(operation, "size_multiple", 0.0)
    most = shop.number(operation, "size_maximum", 0.0)
    inner = [s.thing("operation") for s in parts.subs.get(operation.name, ())]
    return (
        least > 1
        or multiple > 0
        or 0 < most < LARGEST
        or bool(operation.text("size_minimum_calendar"))
        or any(in_lots(shop, parts, o) for o in inner if o is not None)
    )


def deliver_what_it_makes(shop: Shop, parts: Parts, operation: Thing) -> None:
    """Let a delivery that has steps, or lots, make an item of its own, which is delivered at once."""
    item = Thing("item", f"{operation.name}, done", operation.line)
    shop.item(item.name)
    ways, left = list[Thing](), [operation]
    while left:
        way = left.pop(0)
        inner = [o for s in parts.subs.get(way.name, ()) if (o := s.thing("operation")) is not None]
        if inner and "routing" not in way.text("type"):
            left += inner
        else:
            ways.append(way)
    where = next((at for o in (operation, *ways) if (at := o.thing("location")) is not None), None)
    shop.done[operation.name] = shop.lies(item.name, shop.site(where))
    for way in (operation, *ways):
        way.fields.pop("item", None)
    for way in ways:
        fields = {"operation": way, "item": item, "location": where, "quantity": "1", "type": "flow_end"}
        done = Thing("flow", f"{way.name}, done", way.line, {n: v for n, v in fields.items() if v is not None})
        parts.flows.setdefault(way.name, []).append(done)
