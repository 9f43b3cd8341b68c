"""Countries, partners, customers, sites, calendars and what is made of what."""

from __future__ import annotations

from convert.raw import Cells, Raw, Tables, first_day, from_date, last_day, names, to_date, yes

GROUPS = {
    "HOST": ["own"],
    "PARTNER": ["partner"],
    "DETACHMENT": ["detachment"],
    "EU": [],
    "EEA_EFTA": [],
    "NATO_NON_EU": ["NATO outside EU"],
    "THIRD": ["third"],
    "THIRD (NATO)": ["third"],
    "THIRD (EFTA but not EEA)": ["third", "EFTA outside EEA"],
}
FLAGS = {
    "is_eu": "EU",
    "is_eea_efta": "EEA-EFTA",
    "is_ukraine": "Ukraine",
    "is_nato": "NATO",
    "safe_origin_eligible": "eligible",
}
SITE_PARTNERS = {"S-BRV": "PTN-RO", "S-WHS": "PTN-RO", "S-UAP": "PTN-UA"}
CRITICALITY = {"A": "critical", "B": "criticality B", "C": "criticality C"}
BILLS = {1: "full", 2: "kit"}
SORTIES = {1: "long", 2: "short"}
SHORT_TASK = "M-SHORT"


def convert(raw: Raw) -> Tables:
    """Return the tables of where, who and what."""
    return {
        "countries": [_country(r) for r in raw["countries"]],
        "partners": [_partner(r) for r in raw["partners"]],
        "customers": [_customer(r) for r in raw["customers"]],
        "sites": [_site(raw, r) for r in raw["sites"]],
        "calendars": [*_working_days(raw), *_weather(raw)],
        "items": [_item(r) for r in raw["items"]],
        "bom": _bom(raw),
    }


def unlocked_by(raw: Raw, thing: str) -> list[str]:
    """Return the milestones that unlock a thing, in the raw tables' words (a `*` stands for anything)."""
    from fnmatch import fnmatchcase

    found = raw["milestones"]
    return [r["milestone_id"] for r in found if any(fnmatchcase(thing, u) for u in names(r["unlocks"]))]


def host_calendar(raw: Raw) -> str:
    """Return the name of the host's calendar of working days; blank where every day is worked."""
    return "HOST" if raw.period_days == 7 else ""


def _country(r: dict[str, str]) -> Cells:
    groups = [name for flag, name in FLAGS.items() if yes(r[flag])] + GROUPS[r["group"]]
    return {
        "country": r["country_code"],
        "name": r["country_name"],
        "groups": groups,
        "export_control_exposure": r["supply_control_exposure_0_3"],
        "source": r["source_id"],
    }


def _partner(r: dict[str, str]) -> Cells:
    return {
        "partner": r["partner_id"],
        "name": r["name"],
        "role": r["role"],
        "country": r["country_code"],
        "cost_share": r["cost_share_target"],
        "work_share": r["workshare_target"],
        "work_share_band": r["workshare_tolerance"],
        "reexport_consent": yes(r["consent_needed_for_reexport"]),
        "source": r["source_id"],
        "note": f"work-share is measured as {r['measure']}",
    }


def _customer(r: dict[str, str]) -> Cells:
    return {
        "customer": r["customer_id"],
        "name": r["customer_name"],
        "country": r["country_code"],
        "groups": [r["group"]],
        "demand_class": r["priority_rank"],
        "fill_rate_share": r["min_fill_rate_target"],
        "source": r["source_id"],
    }


def _site(raw: Raw, r: dict[str, str]) -> Cells:
    kind = "handover" if r["site_type"] == "ally_handover" else r["site_type"].replace("_", " ")
    works = kind in ("plant", "component plant", "warehouse")
    return {
        "site": r["site_id"],
        "name": r["name"],
        "kind": kind,
        "partner": SITE_PARTNERS.get(r["site_id"], "") if raw["partners"] else "",
        "country": r["country_code"],
        "latitude_deg": r["latitude_deg"],
        "longitude_deg": r["longitude_deg"],
        "storage_m3": r["storage_m3"],
        "hazard_storage_kg": r["hazmat_storage_kg"],
        "receiving_lines_per_week": r["receiving_lines_per_week"],
        "calendar": host_calendar(raw) if works else "",
        "opens_after": r["ready_milestone_id"],
        "source": r["source_id"],
    }


def _working_days(raw: Raw) -> list[Cells]:
    if not host_calendar(raw):
        assert all(r["plant_working_days"] == "1" for r in raw["calendar_periods"])
        return []
    note = "public holidays of the host: worked days of the week over five"
    rows = _runs(
        raw, "HOST", {int(r["period_index"]): float(r["plant_working_days"]) / 5 for r in raw["calendar_periods"]}
    )
    return [{**r, "note": note} for r in rows]


def _weather(raw: Raw) -> list[Cells]:
    column = "flight_test_weather_factor"
    rows = _runs(raw, "WEATHER", {int(r["period_index"]): float(r[column]) for r in raw["calendar_periods"]})
    return [{**r, "note": "share of the hours in which flying is possible"} for r in rows]


def _runs(raw: Raw, calendar: str, factors: dict[int, float]) -> list[Cells]:
    """Return one row for each run of periods with one factor; a factor of 1 needs no row."""
    _check_calendar(raw)
    rows: list[Cells] = []
    for period in sorted(factors):
        if rows and rows[-1]["factor"] == factors[period] and rows[-1]["last"] == period - 1:
            rows[-1] |= {"last": period, "to_date": last_day(raw, period)}
        else:
            rows.append(_run(raw, calendar, period, factors[period]))
    return [{k: v for k, v in r.items() if k != "last"} for r in rows if r["factor"] != 1]


def _run(raw: Raw, calendar: str, period: int, factor: float) -> Cells:
    return {
        "calendar": calendar,
        "kind": "factor",
        "from_date": first_day(raw, period),
        "to_date": last_day(raw, period),
        "factor": factor,
        "source": "ASSUMPTION",
        "last": period,
    }


def _check_calendar(raw: Raw) -> None:
    for r in raw["calendar_periods"]:
        begin = first_day(raw, r["period_index"])
        year, week, _ = begin.isocalendar()
        assert r["period_start_date"] == begin.isoformat()
        assert r["iso_week"] == f"{year}-W{week:02d}"
        assert r["source_id"] == "ASSUMPTION"


def _item(r: dict[str, str]) -> Cells:
    return {
        "item": r["item_id"],
        "name": r["item_name"],
        "kind": r["item_type"],
        "groups": [CRITICALITY[r["criticality_class"]]],
        "unit": r["unit_of_measure"],
        "weight_kg": r["unit_weight_kg"],
        "volume_m3": r["unit_volume_m3"],
        "standard_cost": r["standard_material_cost_eur"],
        "list_price": r["list_price_eur"],
        "shelf_life_days": r["shelf_life_days"] if r["shelf_life_days"] != "0" else "",
        "hazard": yes(r["hazmat_lithium_or_chemical"]),
        "dual_use": yes(r["dual_use_flag"]),
        "source": r["source_id"],
    }


def _bom(raw: Raw) -> list[Cells]:
    made = {r["parent_item_id"] for r in raw["bom"]}
    assert all((r["make_or_buy"] == "make") == (r["item_id"] in made) for r in raw["items"])
    several = {r["parent_item_id"] for r in raw["bom"] if r["alternate_rank"] == "2"}
    words = BILLS if raw.period_days == 7 else SORTIES
    return [_bom_line(raw, r, words if r["parent_item_id"] in several else {1: ""}) for r in raw["bom"]]


def _bom_line(raw: Raw, r: dict[str, str], words: dict[int, str]) -> Cells:
    bill = words[int(r["alternate_rank"])]
    return {
        "parent": r["parent_item_id"],
        "alternative": bill,
        "component": r["component_item_id"],
        "from_date": from_date(raw, r["effective_from_period"]),
        "to_date": to_date(raw, r["effective_to_period"]),
        "quantity_units": r["quantity_per_parent"],
        "scrap_share": r["scrap_fraction"],
        "rank": r["alternate_rank"],
        "opens_after": [SHORT_TASK] if bill == "short" else unlocked_by(raw, r["bom_id"]),
        "source": r["source_id"],
    }
