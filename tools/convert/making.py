"""Operations, work centres, skills, shift patterns and tools."""

from __future__ import annotations

from convert.raw import Cells, Raw, Tables, from_date, per_week, yes
from convert.where import BILLS, unlocked_by

PATTERNS = {"S-BRV": "SH-1", "S-UAP": "SH-U2", "S-MKB": "SH-D", "S-CTZ": "SH-DC"}
TOOL_SUPPLIERS = {"T-MRCAN": "SUP-RO2"}
CREW_HOURS = "crew_flight_hours_limit_7_days"


def convert(raw: Raw) -> Tables:
    """Return the tables of making."""
    _check_patterns(raw)
    steps = [step for r in raw["routings"] for step in _steps(raw, r)]
    return {
        "operations": [*steps, *(_receipt(r) for r in raw["inbound_operations"])],
        "work_centres": [_work_centre(raw, r) for r in raw["work_centres"]],
        "skills": [_skill(raw, r) for r in raw["skills"]],
        "shift_patterns": [_pattern(raw, r) for r in raw["shift_patterns"]],
        "tools": [_tool(raw, r) for r in raw["tools"]],
    }


def _check_patterns(raw: Raw) -> None:
    """Assert that the pattern in force at each site is one that may be chosen at once."""
    at_once = [r for r in raw["shift_patterns"] if r["activation_lead_days"] == "0" and r["earliest_period"] == "1"]
    first = {r["site_id"]: r["shift_pattern_id"] for r in reversed(at_once)}
    assert all(PATTERNS[site] == pattern for site, pattern in first.items())


def _steps(raw: Raw, r: dict[str, str]) -> list[Cells]:
    """Return the row of one routing step, and one more for each alternative bill with hours of its own."""
    base = _step(raw, r)
    same = (r["item_id"], r["operation_number"])
    others = [a for a in raw["operation_alternates"] if (a["item_id"], a["operation_number"]) == same]
    changed = [a for a in others if float(a["hours_multiplier"]) != 1]
    if not changed:
        return [base]
    base["learns_with"] = "/".join(same)
    return [base, *(_alternate(base, a) for a in changed)]


def _alternate(base: Cells, a: dict[str, str]) -> Cells:
    factor = float(a["hours_multiplier"])
    hours = {c: round(float(base[c]) * factor, 10) for c in ("first_unit_hours", "plateau_hours")}
    note = a["note"] or f"hours of the full build times {factor:g}"
    return base | hours | {"alternative": BILLS[int(a["alternate_bom_rank"])], "source": a["source_id"], "note": note}


def _step(raw: Raw, r: dict[str, str]) -> Cells:
    tools = [t for t in raw["tools"] if (t["item_id"], t["work_centre_id"]) == (r["item_id"], r["work_centre_id"])]
    assert len(tools) <= 1
    sources = [r["source_id"]]
    cells: Cells = {
        "item": r["item_id"],
        "site": r["site_id"],
        "when": "make",
        "step": r["operation_number"],
        "work_centre": r["work_centre_id"],
        "skill": r["skill_id"],
        "tool": tools[0]["tool_id"] if tools else "",
        "tool_hours": tools[0]["hours_per_unit"] if tools else "",
        "setup_hours": r["setup_hours_per_lot"],
        "lot_units": r["typical_lot_units"],
        "first_unit_hours": r["run_hours_first_unit"],
        "plateau_hours": r["plateau_hours_per_unit"],
        "learning_slope": r["learning_slope"],
        "experience_units": r["prior_experience_units"],
        "transfer": yes(r["transfer_after_previous"]),
    }
    for y in raw["yields"]:
        if (y["item_id"], y["operation_number"]) == (r["item_id"], r["operation_number"]):
            cells |= _yield(y)
            sources.append(y["source_id"])
    merged = dict.fromkeys(s for text in sources for s in text.split(";"))
    return cells | {
        "source": [s for s in merged if s != "ASSUMPTION"] + (["ASSUMPTION"] if "ASSUMPTION" in merged else [])
    }


def _yield(y: dict[str, str]) -> Cells:
    return {
        "yield_start_share": y["first_pass_yield_start"],
        "yield_mature_share": y["first_pass_yield_mature"],
        "yield_learning_units": y["yield_learning_units"],
        "rework_share": y["rework_fraction_of_rejects"],
        "rework_hours": y["rework_hours_per_unit"],
    }


def _receipt(r: dict[str, str]) -> Cells:
    return {
        "item": r["item_id"],
        "site": r["site_id"],
        "when": "receive",
        "step": 10,
        "work_centre": r["work_centre_id"],
        "skill": r["skill_id"],
        "plateau_hours": r["hours_per_unit"],
        "source": r["source_id"],
        "note": r["note"],
    }


def _work_centre(raw: Raw, r: dict[str, str]) -> Cells:
    milestone = r["available_from_milestone_id"]
    assert unlocked_by(raw, r["work_centre_id"]) == ([milestone] if milestone else [])
    return {
        "work_centre": r["work_centre_id"],
        "site": r["site_id"],
        "name": r["name"],
        "stations": r["stations_initial"],
        "most_stations": r["stations_max"],
        "station_price": r["station_capex_eur"],
        "station_lead_days": r["station_lead_time_days"],
        "availability_share": r["availability"],
        "most_shifts": r["max_shift_factor"],
        "shift_pattern": PATTERNS[r["site_id"]],
        "calendar": "WEATHER" if yes(r["weather_limited"]) else "",
        "opens_after": milestone,
        "source": r["source_id"],
    }


def _skill(raw: Raw, r: dict[str, str]) -> Cells:
    hours, note = _hours(raw, r)
    trained = float(r["trainees_per_trainer"]) > 0
    return {
        "skill": r["skill_id"],
        "site": r["site_id"],
        "name": r["name"],
        "headcount": r["headcount_initial"],
        "most_headcount": r["headcount_max"],
        "hours_per_week": hours,
        "hires_per_week": per_week(raw, r["hire_max_per_period"]),
        "recruit_days": r["recruit_lead_days"],
        "training_days": r["training_days"],
        "training_output_share": r["productivity_in_training"],
        "trainees_per_trainer": r["trainees_per_trainer"] if trained else "",
        "attrition_per_year": r["attrition_per_year"],
        "hour_cost": r["labour_cost_eur_per_hour"],
        "training_cost": r["training_cost_eur_per_person"],
        "shift_pattern": PATTERNS[r["site_id"]],
        "source": r["source_id"],
        "note": note,
    }


def _hours(raw: Raw, r: dict[str, str]) -> tuple[str, str]:
    if "plant_effective_hours_per_person_week" in raw.parameters:
        return raw.parameters["plant_effective_hours_per_person_week"], ""
    if r["skill_id"].startswith("CR-"):
        return raw.parameters[CREW_HOURS], "the seven-day flying limit"
    return "42", "assumption of the conversion: 3.5 shifts of 12 hours a week"


def _pattern(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "shift_pattern": r["shift_pattern_id"],
        "site": r["site_id"],
        "name": r["name"],
        "shifts_per_day": r["shifts_per_day"],
        "days_per_week": r["days_per_week"],
        "hours_per_shift": r["hours_per_shift"],
        "premium_share": r["labour_premium_fraction"],
        "notice_days": r["activation_lead_days"],
        "shortest_stay_days": int(r["min_duration_periods"]) * raw.period_days,
        "earliest": from_date(raw, r["earliest_period"]),
        "source": r["source_id"],
    }


def _tool(raw: Raw, r: dict[str, str]) -> Cells:
    places = {w["work_centre_id"]: w["site_id"] for w in raw["work_centres"]}
    supplier = TOOL_SUPPLIERS.get(r["tool_id"], "")
    assert bool(supplier) != bool(r["work_centre_id"])
    return {
        "tool": r["tool_id"],
        "site": places.get(r["work_centre_id"], ""),
        "name": r["name"],
        "supplier": supplier,
        "item": r["item_id"] if supplier else "",
        "work_centre": r["work_centre_id"],
        "sets": r["sets_initial"],
        "most_sets": r["sets_max"],
        "set_price": r["set_cost_eur"],
        "unit_hours": r["hours_per_unit"] if supplier else "",
        "lead_days": r["lead_time_days_mean"],
        "lead_sd_days": r["lead_time_days_sd"],
        "opens_after": r["available_from_milestone_id"],
        "source": r["source_id"],
    }
