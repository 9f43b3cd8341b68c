"""Contracts, demands, stock and stock policies."""

from __future__ import annotations

from datetime import date, timedelta

from convert.raw import Cells, Raw, Tables, first_day, last_day, yes
from convert.where import unlocked_by

POOLS = {"FG-HOST": "CU-RO"}
LAST_BEFORE_EXTENSION = 86  # the raw milestone M-EXT unlocks "demand after period 86"
BOARDS = ("C-FCB", "C-ESC4", "C-DLA", "C-DLG")


def convert(raw: Raw) -> Tables:
    """Return the tables of demand and stock."""
    return {
        "contracts": [_contract(raw, r) for r in raw["contract_lines"]],
        "demands": _demands(raw),
        "stock": [_stock(r) for r in raw["inventory_opening"]],
        "stock_policies": [*(_policy(r) for r in raw["stock_policies"]), *_board_policies(raw)],
    }


def _contract(raw: Raw, r: dict[str, str]) -> Cells:
    group = r["payer_funding_group"]
    return {
        "contract": r["contract_line_id"],
        "customer": r["customer_id"],
        "item": r["item_id"],
        "total_units": r["total_quantity_units"],
        "unit_price": r["unit_price_eur"],
        "advance_share": r["advance_fraction"],
        "advance_date": first_day(raw, r["advance_period"]) if r["advance_period"] else "",
        "payment_days": r["payment_net_days"],
        "damages_per_week_share": r["liquidated_damages_per_week"],
        "damages_cap_share": r["liquidated_damages_cap"],
        "certainty": r["demand_class"],
        "probability": r["exercise_probability"],
        "quantity_cv": r["quantity_cv"],
        "pool": POOLS.get(group, ""),
        "codification": yes(r["requires_nsn"]),
        "acceptance": yes(r["requires_gqa"]),
        "reexport_consent": yes(r["requires_reexport_consent"]),
        "opens_after": _opens_after(raw, r),
        "source": r["source_id"],
        "note": "" if group in POOLS else f"payer {group}, without a limit in this plan",
    }


def _opens_after(raw: Raw, r: dict[str, str]) -> list[str]:
    groups = {c["customer_id"]: c["group"] for c in raw["customers"]}
    tasks = unlocked_by(raw, "all orders") + unlocked_by(raw, f"deliveries {r['item_id']}")
    return tasks if groups[r["customer_id"]] == "HOST" else tasks + unlocked_by(raw, "deliveries to allies")


def _demands(raw: Raw) -> list[Cells]:
    contracts = {r["contract_line_id"]: r for r in raw["contract_lines"]}
    ranks = {r["customer_id"]: r["priority_rank"] for r in raw["customers"]}
    rows = []
    for r in raw["demand"]:
        contract = contracts[r["contract_line_id"]]
        for column in ("customer_id", "item_id", "demand_class"):
            assert r[column] == contract[column]
        assert r["priority"] == ranks[r["customer_id"]]
        rows.append(_demand(raw, r, contract))
    return rows


def _demand(raw: Raw, r: dict[str, str], contract: dict[str, str]) -> Cells:
    due = date.fromisoformat(r["due_date"])
    assert first_day(raw, r["due_period"]) <= due <= last_day(raw, r["due_period"])
    late = int(r["due_period"]) > LAST_BEFORE_EXTENSION
    return {
        "demand": r["demand_id"],
        "contract": r["contract_line_id"],
        "site": r["delivery_site_id"],
        "quantity_units": r["quantity_units"],
        "due": due,
        "latest": due + timedelta(days=int(r["max_lateness_periods"]) * raw.period_days),
        "weight_factor": round(float(contract["unit_price_eur"]) / 1000, 10),
        "minimum_shipment_units": r["minimum_shipment_units"],
        "opens_after": unlocked_by(raw, f"demand after period {LAST_BEFORE_EXTENSION}") if late else [],
        "source": r["source_id"],
    }


def _stock(r: dict[str, str]) -> Cells:
    return {"site": r["site_id"], "item": r["item_id"], "quantity_units": r["quantity_units"], "source": r["source_id"]}


def _policy(r: dict[str, str]) -> Cells:
    assert r["policy"] == "safety_stock"
    return {
        "site": r["site_id"],
        "item": r["item_id"],
        "safety_units": r["safety_stock_units"],
        "safety_days": r["safety_time_days"],
        "most_days": r["max_stock_days"],
        "source": r["source_id"],
    }


def _board_policies(raw: Raw) -> list[Cells]:
    """Return policies without a target, for option MT-10 to raise."""
    known = {r["item_id"] for r in raw["items"]}
    note = "no target until option MT-10 is chosen"
    found = [b for b in BOARDS if b in known]
    return [{"site": "S-BRV", "item": b, "source": "ASSUMPTION", "note": note} for b in found]
