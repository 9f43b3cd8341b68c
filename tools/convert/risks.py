"""Risks, their links, options and scenarios, all written as changes."""

from __future__ import annotations

from datetime import date, timedelta

from convert.raw import Cells, Raw, Tables, first_day, names, number

SCENARIO_FOLDERS = {
    "uas_plant": {
        "SC-00": "sc-00-base",
        "SC-01": "sc-01-motor-and-thermal-cut-off",
        "SC-02": "sc-02-cell-cut-off",
        "SC-03": "sc-03-border-closed",
        "SC-04": "sc-04-host-plant-outage",
        "SC-05": "sc-05-second-tranche-late",
        "SC-06": "sc-06-demand-surge",
        "SC-07": "sc-07-combined",
        "SC-08": "sc-08-building-late",
        "SC-09": "sc-09-partner-plant-relocated",
        "SC-10": "sc-10-origin-strict",
    },
    "tanker_base": {
        "SC-00": "sc-00-announced-turnaround",
        "SC-01": "sc-01-surge",
        "SC-02": "sc-02-turnaround-late",
        "SC-03": "sc-03-late-turnaround-and-surge",
        "SC-04": "sc-04-inland-refinery-fails",
        "SC-05": "sc-05-stand-works-and-sickness",
    },
}
MULTIPLIERS = {  # raw effect parameter and kind of target -> the column that is multiplied
    ("supply_capacity_multiplier", "supplier"): "offers[{}].capacity_units_per_week",
    ("supply_capacity_multiplier", "country"): "offers[{}].capacity_units_per_week",
    ("lane_capacity_multiplier", "border_crossing"): "lanes[{}].capacity_kg_per_week",
    ("capacity_multiplier", "site"): "work_centres[{}].availability_share",
    ("capacity_multiplier", "work_centre"): "work_centres[{}].availability_share",
    ("capacity_multiplier", "skill"): "skills[{}].headcount",
    ("capacity_multiplier", "item"): "operations[{}].open_share",
    ("amount_multiplier", "tranche"): "funding[{}].amount",
    ("hire_rate_multiplier", "skill"): "skills[{}].hires_per_week",
    ("storage_multiplier", "storage_site"): "sites[{}].storage_m3",
    ("demand_multiplier", "contract_line"): "demands[{}].quantity_units",
}
ADDITIONS = {  # raw effect parameter and kind of target -> the column that is added to
    ("lead_time_add_days", "item"): "offers[{}].lead_days",
    ("lead_time_add_days", "lane_mode"): "lanes[{}].transit_days",
    ("delay_days", "tranche"): "funding[{}].date",
    ("delay_days", "milestone"): "tasks[{}].duration_days",
}
KEYS = {  # raw word in a target -> the column it speaks of; blank is the row's own key
    "country": "origin_country",
    "border_crossing": "crossing",
    "lane_mode": "mode",
    "contract_line": "contract",
    "storage_site": "site",
    "milestone": "task",
}


def convert(raw: Raw) -> Tables:
    """Return the tables of risks and their links."""
    return {
        "risks": [*(_risk(raw, r) for r in raw["risks"]), *_refusals(raw)],
        "risk_links": [_link(r) for r in raw["risk_correlations"]],
    }


def effect(raw: Raw, r: dict[str, str], value: str, span: tuple[date, date] | None = None) -> list[str]:
    """Return the changes that a raw risk makes while it lasts, with `value` in place of its own effect.

    `span` is the first day and the day after the last of a dated event: of several tranches, it delays those that
    are planned inside it.
    """
    target = [part.split("=") for part in r["target"].split("|")]
    word, rows = target[0]
    key = (r["effect_parameter"], word)
    if r["effect_parameter"] == "learning_setback_units":
        return [f"operations[item={rows}].experience_units += -{number(value)}"]
    if word == "licence":
        return _licence_effect(raw, r, rows, value)
    if r["effect_parameter"] == "demand_multiplier" and word in ("customer", "milestone"):
        return [f"demands[{_demand_rows(raw, word, rows)}].quantity_units *= {number(value)}"]
    if word == "tranche" and span is not None:
        rows = ",".join(_tranches_inside(raw, rows.split(","), span))
    selector = "|".join(f"{KEYS.get(w, w)}={v}" for w, v in [(word, rows), *target[1:]])
    if key in ADDITIONS:
        return [f"{ADDITIONS[key].format(selector)} += {number(value)}"]
    return [f"{MULTIPLIERS[key].format(selector)} *= {number(value)}"]


def _licence_effect(raw: Raw, r: dict[str, str], licence: str, value: str) -> list[str]:
    found = next(row for row in raw["licences"] if row["licence_id"] == licence)
    if r["effect_parameter"] == "lane_capacity_multiplier":
        return [f"lanes[to_site={','.join(names(found['to_node']))}].capacity_kg_per_week *= {number(value)}"]
    changes = [f"licences[{licence}].processing_days += {number(value)}"]
    if found["licence_type"] != "export permit per shipment":
        changes.append(f"tasks[T-{licence}].duration_days += {number(value)}")
    return changes


def _demand_rows(raw: Raw, word: str, rows: str) -> str:
    if word == "milestone":
        return f"opens_after={rows}"
    wanted = rows.split(",")
    return "contract=" + ",".join(r["contract_line_id"] for r in raw["contract_lines"] if r["customer_id"] in wanted)


def _tranches_inside(raw: Raw, tranches: list[str], span: tuple[date, date]) -> list[str]:
    planned = {r["tranche_id"]: date.fromisoformat(r["planned_date"]) for r in raw["funding_tranches"]}
    return [t for t in tranches if span[0] <= planned[t] < span[1]]


def _risk(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "risk": r["risk_id"],
        "name": r["name"],
        "kind": r["risk_type"].replace("_", " "),
        "group": r["correlation_group"],
        "rate_per_year": r["annual_rate"],
        "duration_days": r["duration_days_mean"],
        "duration_sd_days": r["duration_days_sd"],
        "duration_distribution": r["duration_distribution"],
        "changes": effect(raw, r, r["effect_value"]),
        "source": r["source_id"],
    }


def _refusals(raw: Raw) -> list[Cells]:
    """Return one risk, drawn once, for each supplier that may refuse to sell to a military end user."""
    column = "military_end_use_refusal_risk_0_1"
    return [
        {
            "risk": f"RF-{r['supplier_id']}",
            "name": f"Refusal by {r['supplier_name']}",
            "kind": "supplier refusal",
            "probability": r[column],
            "changes": [f"offers[supplier={r['supplier_id']}].capacity_units_per_week *= 0"],
            "source": r["source_id"],
        }
        for r in raw["suppliers"]
        if float(r[column]) > 0
    ]


def _link(r: dict[str, str]) -> Cells:
    return {
        "from_group": r["group_a"],
        "to_group": r["group_b"],
        "rate_factor": r["multiplier_on_rate_of_b_when_a_active"],
        "source": r["source_id"],
    }


def scenario_changes(raw: Raw, scenario: str) -> list[Cells]:
    """Return the rows of a scenario's `changes.csv`: each event sets date, duration and effect of its risk; a surge of demand opens its tranche."""
    rows = []
    for r in raw["scenario_events"]:
        if r["scenario_id"] == scenario:
            rows += _event(raw, r)
    policy = next(r["policy_note"] for r in raw["scenarios"] if r["scenario_id"] == scenario)
    if policy:
        share = policy.rsplit(" ", 1)[1]
        rows.append(_change("rules", "kind=origin share", "high", share, "ASSUMPTION"))
    return rows


def _event(raw: Raw, r: dict[str, str]) -> list[Cells]:
    risk = next(k for k in raw["risks"] if k["risk_id"] == r["risk_id"])
    begin = first_day(raw, r["start_period"])
    span = (begin, begin + timedelta(days=int(r["duration_days"])))
    changes = ";".join(effect(raw, risk, r["effect_value"], span))
    cells = {"date": str(begin), "duration_days": r["duration_days"], "duration_sd_days": "0", "changes": changes}
    rows = [_change("risks", r["risk_id"], column, value, r["source_id"]) for column, value in cells.items()]
    surge = [t for t in raw["funding_tranches"] if t["release_condition_id"] == "surge decision"]
    opened = surge if changes.startswith("demands[") else []
    return rows + [_change("funding", t["tranche_id"], "awaits", "", t["source_id"]) for t in opened]


def _change(table: str, key: str, column: str, value: str, source: str) -> Cells:
    return {"table": table, "key": key, "column": column, "operation": "set", "value": value, "source": source}
