"""The audit of schedules: every rule of docs/scheduling.md once more, to the second, from tables and programme alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tandemplan.audit.findings import Finding
from tandemplan.audit.shop.book import ShopBook, shop_book_of
from tandemplan.audit.shop.check_loads import (
    check_load,
    check_load_rows,
    check_order_loads,
    check_set_ups,
    check_stations,
)
from tandemplan.audit.shop.check_material import check_dependencies, check_flows, check_stock
from tandemplan.audit.shop.check_orders import check_given, check_lots, check_routes, check_times
from tandemplan.audit.shop.check_plan import against_plan, check_factors, check_targets
from tandemplan.audit.shop.check_said import check_said
from tandemplan.audit.shop.check_service import check_classes, check_deliveries, check_groups, check_summary
from tandemplan.model.programme import Programme
from tandemplan.results.store import Frame

__all__ = ["SHOP_CHECKS", "UNPROVED", "audit_beside_plan", "audit_schedule"]

UNPROVED = (
    "plan",
    "from",
    "until",
    "rounds",
    "scenarios",
    "changes",
    "machine",
    "notes",
    "reason",
    "reproducible",
    "steps",
)

SHOP_CHECKS: tuple[Callable[[ShopBook], Iterator[Finding]], ...] = (
    check_said, check_lots, check_times, check_routes, check_given, check_order_loads, check_stations, check_set_ups, check_load, check_load_rows,
    check_flows, check_stock, check_dependencies, check_deliveries, check_groups, check_summary, check_classes,
    check_targets, check_factors,
)  # fmt: skip


def audit_schedule(programme: Programme, info: Mapping[str, Any], frames: Mapping[str, Frame]) -> list[Finding]:
    """Return what the rules of a schedule find in its tables, without digests and files."""
    book = shop_book_of(programme, info, frames)
    return [finding for look in SHOP_CHECKS for finding in look(book)]


def audit_beside_plan(
    programme: Programme,
    info: Mapping[str, Any],
    frames: Mapping[str, Frame],
    plan: tuple[Mapping[str, Any], Mapping[str, Frame]],
) -> list[Finding]:
    """Return what a schedule of a plan's near horizon says otherwise than the plan: what `run.json` of the plan says, and its tables."""
    return list(against_plan(shop_book_of(programme, info, frames), *plan))
