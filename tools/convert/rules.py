"""Settings of the programme, and the limits on the whole that the raw parameters name."""

from __future__ import annotations

from typing import Any

from convert.raw import Cells, Raw, Tables

SETTINGS = {
    "programme_name": "name",
    "currency": "currency",
    "price_base_year": "price_base_year",
    "plan_start_date": "start",
    "annual_discount_rate": "discount_per_year_share",
    "annual_inventory_holding_rate": "holding_per_year_share",
    "delivery_curve_confidence_low": "low_quantile",
    "delivery_curve_confidence_mid": "middle_quantile",
    "delivery_curve_confidence_high": "high_quantile",
    "risk_measure_alpha_cvar": "risk_level",
    "random_seed": "seed",
}
LOAN_THERE = "2026-07-27"  # pre-financing of FT-01B and its slip: before, equity alone pays for the hall
FENCES = {"frozen_horizon_periods": "frozen_days", "planning_time_fence_periods": "planning_fence_days"}


def settings(raw: Raw) -> dict[str, Any]:
    """Return what `programme.toml` says."""
    found: dict[str, Any] = {ours: raw.parameters[p] for p, ours in SETTINGS.items() if p in raw.parameters}
    found |= {ours: int(raw.parameters[p]) * raw.period_days for p, ours in FENCES.items() if p in raw.parameters}
    unit = {1: "days", 7: "weeks"}[raw.period_days]
    return found | {"time_zone": "Europe/Bucharest", "periods": f"{raw.last_period} {unit}"}


def convert(raw: Raw) -> Tables:
    """Return the rules that the parameters say, in the order of the raw table."""
    rows = _base_rules(raw) if raw.period_days == 1 else _plant_rules(raw)
    return {"rules": rows}


def _rule(raw: Raw, parameter: str, rule: str, kind: str, **cells: Any) -> Cells:
    """Return one rule with the source of its parameter."""
    source = next(r["source_id"] for r in raw["parameters"] if r["parameter"] == parameter)
    return {"rule": rule, "kind": kind, "source": source, **cells}


def _plant_rules(raw: Raw) -> list[Cells]:
    value = raw.parameters
    products = [r["item_id"] for r in raw["items"] if r["item_type"] == "product"]
    origin, low, high = (
        "max_third_country_cost_share",
        "subcontractor_share_review_low",
        "subcontractor_share_review_high",
    )
    sources, share, countries = (
        "min_suppliers_critical_part",
        "max_single_supplier_share_critical",
        "max_hhi_country_critical",
    )
    host, partner = "min_host_value_share", "min_partner_value_share"
    return [
        *(_rule(raw, origin, f"ORIGIN-{p}", "origin share", scope=[p], high=value[origin]) for p in products),
        _rule(raw, low, "SUBCONTRACT-REVIEW", "subcontract share", high=value[low], soft=True),
        _rule(raw, high, "SUBCONTRACT-LIMIT", "subcontract share", high=value[high]),
        _rule(raw, host, "HOST-CONTENT", "host content", scope=["PTN-RO"], low=value[host]),
        _rule(raw, partner, "PARTNER-CONTENT", "work share", scope=["PTN-UA"], low=value[partner]),
        *(_work_share(r) for r in raw["partners"]),
        _rule(raw, sources, "CRITICAL-SOURCES", "fewest sources", scope=["critical"], low=value[sources]),
        _rule(raw, share, "CRITICAL-SHARE", "source share", scope=["critical"], high=value[share]),
        _rule(raw, countries, "CRITICAL-COUNTRIES", "country concentration", scope=["critical"], high=value[countries]),
        _rule(
            raw,
            "min_cash_balance_eur",
            "LEAST-CASH",
            "least cash",
            scope=["JV"],
            low=value["min_cash_balance_eur"],
            from_date=LOAN_THERE,
        ),
        *_common(raw),
        *(_lateness(raw, rank) for rank in ("1", "2", "3")),
        _report(raw),
    ]


def _base_rules(raw: Raw) -> list[Cells]:
    value = raw.parameters
    crews = [r["skill_id"] for r in raw["skills"] if r["skill_id"].startswith("CR-")]
    month, week = "crew_flight_hours_limit_30_days", "crew_flight_hours_limit_7_days"
    reserve, late = "fuel_reserve_days", "lateness_penalty_priority_1_per_period"
    contracts = _contracts_of(raw, "1")
    return [
        _rule(raw, month, "CREW-30-DAYS", "rolling hours", scope=crews, high=value[month], window_days=30),
        _rule(raw, week, "CREW-7-DAYS", "rolling hours", scope=crews, high=value[week], window_days=7),
        _rule(raw, reserve, "FUEL-RESERVE", "stock cover", scope=["F-JET"], low=value[reserve], soft=True),
        *_common(raw),
        _rule(
            raw, late, "LATENESS-1", "lateness cost", scope=contracts, high=value[late], window_days=1, soft=True,
            note="share of the price lost per day late: a sortie not flown on its day is lost",
        ),
    ]  # fmt: skip


def _common(raw: Raw) -> list[Cells]:
    assert raw.parameters["allocation_policy"] == "priority_then_proportional"
    target, policy = "target_on_time_in_full", "allocation_policy"
    return [
        _rule(raw, target, "ON-TIME-IN-FULL", "service level", low=raw.parameters[target], soft=True),
        _rule(raw, policy, "CLASS-ORDER", "class order", note="each class is served before the next"),
        _rule(raw, policy, "FAIR-SHARING", "fair sharing", policy="proportional", note="inside a class"),
    ]


def _work_share(r: dict[str, str]) -> Cells:
    target, band = float(r["workshare_target"]), float(r["workshare_tolerance"])
    return {
        "rule": f"WORK-SHARE-{r['partner_id']}",
        "kind": "work share",
        "scope": [r["partner_id"]],
        "low": round(target - band, 10),
        "high": round(target + band, 10),
        "source": r["source_id"],
        "note": "the partner's target and band, over the whole horizon",
    }


def _lateness(raw: Raw, rank: str) -> Cells:
    parameter = f"lateness_penalty_priority_{rank}_per_week"
    cells = {"scope": _contracts_of(raw, rank), "high": raw.parameters[parameter], "window_days": 7, "soft": True}
    return _rule(
        raw, parameter, f"LATENESS-{rank}", "lateness cost", **cells, note="share of the order's value per week late"
    )


def _contracts_of(raw: Raw, rank: str) -> list[str]:
    customers = {r["customer_id"] for r in raw["customers"] if r["priority_rank"] == rank}
    return [r["contract_line_id"] for r in raw["contract_lines"] if r["customer_id"] in customers]


def _report(raw: Raw) -> Cells:
    parameter = "funding_report_interval_months"
    assert raw.parameters[parameter] == "6"
    note = "every six months: 26 weeks, as deliverable D-PRG says"
    return _rule(raw, parameter, "FUNDING-REPORT", "report", scope=["CU-RO", "JV"], window_days=182, note=note)
