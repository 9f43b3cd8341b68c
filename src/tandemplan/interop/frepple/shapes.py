"""What frePPLe's XML is made of: kinds of objects, which fields of them are objects or lists of objects, and what means nothing here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Refs = dict[str, str]

# Each kind: fields that are another object (field -> kind), and fields that hold lists (field -> (kind, field of its owner)).
REFS: dict[str, Refs] = {
    "calendar": {},
    "bucket": {"calendar": "calendar"},
    "location": {"owner": "location", "available": "calendar"},
    "customer": {"owner": "customer"},
    "supplier": {"owner": "supplier", "available": "calendar"},
    "item": {"owner": "item"},
    "itemsupplier": {"supplier": "supplier", "item": "item", "location": "location", "resource": "resource"},
    "itemdistribution": {"item": "item", "origin": "location", "destination": "location", "resource": "resource"},
    "operation": {"item": "item", "location": "location", "available": "calendar", "size_minimum_calendar": "calendar", "owner": "operation"},
    "suboperation": {"owner": "operation", "operation": "operation"},
    "dependency": {"operation": "operation", "blockedby": "operation"},
    "buffer": {"owner": "buffer", "item": "item", "location": "location", "producing": "operation", "minimum_calendar": "calendar", "maximum_calendar": "calendar"},
    "flow": {"operation": "operation", "item": "item", "location": "location", "buffer": "buffer"},
    "load": {"operation": "operation", "resource": "resource", "skill": "skill"},
    "resource": {"owner": "resource", "location": "location", "available": "calendar", "maximum_calendar": "calendar", "efficiency_calendar": "calendar", "setupmatrix": "setupmatrix"},
    "resourceskill": {"resource": "resource", "skill": "skill"},
    "skill": {},
    "setupmatrix": {},
    "rule": {"setupmatrix": "setupmatrix", "resource": "resource"},
    "demand": {"owner": "demand", "item": "item", "location": "location", "customer": "customer", "operation": "operation"},
    "operationplan": {"operation": "operation", "demand": "demand", "owner": "operationplan", "item": "item", "location": "location", "supplier": "supplier", "origin": "location", "destination": "location"},
    "loadplan": {"operationplan": "operationplan", "resource": "resource"},
    "flowplan": {"operationplan": "operationplan"},
}  # fmt: skip
LISTS: dict[str, dict[str, tuple[str, str]]] = {
    "calendar": {"buckets": ("bucket", "calendar")},
    "location": {"members": ("location", "owner")},
    "customer": {"members": ("customer", "owner"), "demands": ("demand", "customer")},
    "supplier": {"members": ("supplier", "owner"), "itemsuppliers": ("itemsupplier", "supplier")},
    "item": {
        "members": ("item", "owner"),
        "itemsuppliers": ("itemsupplier", "item"),
        "itemdistributions": ("itemdistribution", "item"),
        "operations": ("operation", "item"),
        "buffers": ("buffer", "item"),
        "demands": ("demand", "item"),
    },
    "operation": {
        "flows": ("flow", "operation"),
        "loads": ("load", "operation"),
        "suboperations": ("suboperation", "owner"),
        "dependencies": ("dependency", "operation"),
        "blockedby": ("dependency", "operation"),
        "blocking": ("dependency", "blockedby"),
        "operationplans": ("operationplan", "operation"),
    },
    "buffer": {"members": ("buffer", "owner"), "flows": ("flow", "buffer")},
    "resource": {
        "members": ("resource", "owner"),
        "loads": ("load", "resource"),
        "resourceskills": ("resourceskill", "resource"),
    },
    "skill": {"resourceskills": ("resourceskill", "skill")},
    "setupmatrix": {"rules": ("rule", "setupmatrix")},
    "demand": {"members": ("demand", "owner"), "operationplans": ("operationplan", "demand")},
    "operationplan": {"loadplans": ("loadplan", "operationplan"), "flowplans": ("flowplan", "operationplan")},
}
TOP: dict[str, str] = {
    "calendars": "calendar",
    "locations": "location",
    "customers": "customer",
    "suppliers": "supplier",
    "items": "item",
    "itemsuppliers": "itemsupplier",
    "itemdistributions": "itemdistribution",
    "operations": "operation",
    "suboperations": "suboperation",
    "operationdependencies": "dependency",
    "dependencies": "dependency",
    "buffers": "buffer",
    "flows": "flow",
    "loads": "load",
    "resources": "resource",
    "resourceskills": "resourceskill",
    "skills": "skill",
    "setupmatrices": "setupmatrix",
    "demands": "demand",
    "operationplans": "operationplan",
}
NAMED = frozenset({"calendar", "location", "customer", "supplier", "item", "operation", "buffer", "resource", "skill", "setupmatrix", "demand"})  # fmt: skip
# What tells apart objects without names: a block with the same ones updates the first.
KEYS: dict[str, tuple[str, ...]] = {
    "bucket": ("calendar", "start", "end", "priority"),
    "itemsupplier": ("supplier", "item", "location", "effective_start"),
    "itemdistribution": ("item", "origin", "destination", "effective_start"),
    "suboperation": ("owner", "operation", "effective_start"),
    "dependency": ("operation", "blockedby"),
    "flow": ("operation", "item", "location", "buffer", "effective_start", "name", "type"),
    "load": ("operation", "resource", "effective_start", "name"),
    "resourceskill": ("resource", "skill"),
    "rule": ("setupmatrix", "priority"),
    "operationplan": ("reference",),
}
# Words about the file or the screen, and results of a plan: nothing that a schedule could obey.
IDLE = frozenset({"description", "category", "subcategory", "source", "hidden", "cluster", "level", "detectproblems", "name", "id", "reference", "type", "action", "remark", "info", "feasible", "criticality", "delay", "unavailable", "setupend", "constraints", "pegging", "problems", "planned_quantity", "delivery", "interruptions", "ordertype", "search", "uom", "volume", "weight", "autofence", "loadplans", "flowplans", "plan", "create"})  # fmt: skip


@dataclass
class Thing:
    """An object of the file: its kind, name (or number), fields as text or as other things, and the line where it was first written."""

    kind: str
    name: str
    line: int
    fields: dict[str, Any] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def text(self, name: str, default: str = "") -> str:
        """Return a field as text, and remember that it was asked for."""
        self.read.add(name)
        value = self.fields.get(name, default)
        return value.name if isinstance(value, Thing) else str(value)

    def thing(self, name: str) -> Thing | None:
        """Return a field that is another object, or None."""
        self.read.add(name)
        value = self.fields.get(name)
        return value if isinstance(value, Thing) else None
