"""Suppliers, offers, orders under way, lanes, crossings and licences."""

from __future__ import annotations

from convert.raw import Cells, Raw, Tables, names, per_week, yes

DECIDED = {"SUP-IMP": "120"}  # suppliers that only an option opens, with the days of the whole plan
SUPPLIER_PARTNERS = {"SUP-UA6": "PTN-UA"}
PER_ORDER = "export permit per shipment"


def convert(raw: Raw) -> Tables:
    """Return the tables of buying and moving."""
    _check_licences(raw)
    return {
        "suppliers": [_supplier(raw, r) for r in raw["suppliers"]],
        "offers": [_offer(raw, r) for r in raw["supplier_items"]],
        "open_orders": [_open_order(raw, r) for r in raw["open_orders"]],
        "lanes": [_lane(raw, r) for r in raw["lanes"]],
        "crossings": [_crossing(r) for r in raw["border_crossings"]],
        "licences": [_licence(r) for r in raw["licences"]],
    }


def standing(r: dict[str, str]) -> bool:
    """Return whether a raw licence is obtained once, by a task."""
    return r["licence_type"] != PER_ORDER


def _check_licences(raw: Raw) -> None:
    """Assert that an offer asks for a licence exactly where one covers its item and its supplier's country."""
    countries = {r["supplier_id"]: r["country_code"] for r in raw["suppliers"]}
    for r in raw["supplier_items"]:
        country = countries[r["supplier_id"]]
        covers = [
            licence["licence_id"]
            for licence in raw["licences"]
            if r["item_id"] in names(licence["applies_to"]) and country in names(licence["from_node"])
        ]
        assert bool(covers) == yes(r["licence_required"]), r


def _supplier(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "supplier": r["supplier_id"],
        "name": r["supplier_name"],
        "partner": SUPPLIER_PARTNERS.get(r["supplier_id"], "") if raw["partners"] else "",
        "country": r["country_code"],
        "prepayment_share": r["prepay_fraction"],
        "payment_days": r["payment_net_days"],
        "recover_days": r["time_to_recover_days"],
        "quality_system": r["quality_system"],
        "end_use_statement": yes(r["end_use_statement_required"]),
        "source": r["source_id"],
    }


def _offer(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "offer": f"{r['supplier_id']}:{r['item_id']}",
        "supplier": r["supplier_id"],
        "item": r["item_id"],
        "rank": r["preference_rank"],
        "unit_price": r["unit_price_eur"],
        "origin_country": r["origin_country"],
        "third_country_share": r["third_country_cost_share"],
        "minimum_order_units": r["moq_units"],
        "order_multiple_units": r["order_multiple_units"],
        "lead_days": r["lead_time_days_mean"],
        "lead_sd_days": r["lead_time_days_sd"],
        "lead_distribution": r["lead_time_distribution"],
        "capacity_units_per_week": per_week(raw, r["capacity_units_per_period"]),
        "acceptance_share": r["acceptance_rate"],
        "qualified": "no" if r["supplier_id"] in DECIDED else yes(r["qualified_at_start"]),
        "qualification_days": DECIDED.get(r["supplier_id"], r["qualification_days"]),
        "source": r["source_id"],
    }


def _open_order(raw: Raw, r: dict[str, str]) -> Cells:
    offers = {(o["supplier_id"], o["item_id"]) for o in raw["supplier_items"]}
    assert (r["supplier_id"], r["item_id"]) in offers
    return {
        "order": r["order_id"],
        "kind": "purchase",
        "status": r["status"],
        "offer": f"{r['supplier_id']}:{r['item_id']}",
        "item": r["item_id"],
        "site": r["to_site_id"],
        "quantity_units": r["quantity_units"],
        "promised": r["promised_date"],
        "unit_price": r["unit_price_eur"],
        "source": r["source_id"],
    }


def _lane(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "lane": r["lane_id"],
        "from_place": r["from_node"],
        "to_site": r["to_site_id"],
        "mode": r["mode"].replace("_", " "),
        "transit_days": r["transit_days_mean"],
        "transit_sd_days": r["transit_days_sd"],
        "kg_cost": r["cost_eur_per_kg"],
        "shipment_cost": r["fixed_cost_eur_per_shipment"],
        "capacity_kg_per_week": per_week(raw, r["capacity_kg_per_period"]),
        "crossing": r["border_crossing_id"],
        "hazard_allowed": yes(r["hazmat_allowed"]),
        "distance_km": r["distance_km"],
        "source": r["source_id"],
    }


def _crossing(r: dict[str, str]) -> Cells:
    return {
        "crossing": r["border_crossing_id"],
        "name": r["name"],
        "delay_hours": r["normal_delay_hours_mean"],
        "delay_sd_hours": r["normal_delay_hours_sd"],
        "closures_per_year": r["annual_closure_rate"],
        "closure_days": r["closure_days_mean"],
        "closure_sd_days": r["closure_days_sd"],
        "source": r["source_id"],
    }


def _licence(r: dict[str, str]) -> Cells:
    return {
        "licence": r["licence_id"],
        "name": r["name"],
        "kind": "standing" if standing(r) else "per order",
        "country": r["issuing_country"],
        "licence_type": r["licence_type"],
        "task": f"T-{r['licence_id']}" if standing(r) else "",
        "items": names(r["applies_to"]),
        "from_places": names(r["from_node"]),
        "to_places": names(r["to_node"]),
        "processing_days": r["processing_days_mean"],
        "processing_sd_days": r["processing_days_sd"],
        "validity_days": r["validity_days"],
        "cap_units": r["quantity_cap_units"],
        "reexport_consent": yes(r["reexport_consent_required"]),
        "source": r["source_id"],
    }
