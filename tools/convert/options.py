"""Options: what may be bought to stand a shock, from the raw mitigations, and capex that is a choice already made."""

from __future__ import annotations

from convert.raw import Cells, Raw, Tables, names, per_week

CAPEX_OPTION = "CX-04"
LEAD_IN_OFFER = "order SUP-IMP F-JET units"
CHANGES = {  # the raw lever and value of each mitigation, as changes
    ("qualify supplier SUP-DE2 for R-MOT-M", "1"): ["offers[SUP-DE2:R-MOT-M].qualification_days = 0"],
    ("safety_stock_weeks R-MOT-M", "16"): ["stock_policies[S-BRV|R-MOT-M].safety_days = 112"],
    ("safety_stock_weeks R-CEL-21", "12"): ["stock_policies[S-BRV|R-CEL-21].safety_days = 84"],
    ("qualify supplier SUP-FR1 for R-THC-S", "1"): ["offers[SUP-FR1:R-THC-S].qualification_days = 0"],
    ("add work centre SMT at S-BRV", "1"): [],
    ("stations WC-FLT", "1"): ["work_centres[WC-FLT].stations += 1"],
    ("hours multiplier P-MR10 op 50", "0.4"): [
        "operations[item=P-MR10|step=50].first_unit_hours *= 0.4",
        "operations[item=P-MR10|step=50].plateau_hours *= 0.4",
    ],
    ("credit_line_eur", "10000000"): ["funding[FT-14].amount += 10000000"],
    ("safety_stock P-MR10 at S-WHS", "400"): ["stock_policies[S-WHS|P-MR10].safety_units = 400"],
    ("safety_stock_weeks C-*", "8"): ["stock_policies[site=S-BRV|item=C-*].safety_days = 56"],
    ("order SUP-IMP F-JET units", "6000"): ["offers[SUP-IMP:F-JET].qualification_days = 0"],
    ("storage S-MKB m3", "5299"): ["sites[S-MKB].storage_m3 = 5299"],
    ("headcount CR-MK", "15"): ["skills[CR-MK].headcount = 15"],
    ("stations WC-TKR-MK", "12"): ["work_centres[WC-TKR-MK].stations = 12"],
    ("bom alternate rank P-SRT-*", "2"): ["tasks[M-SHORT].earliest += -120"],
}
NOTES = {
    "add work centre SMT at S-BRV": "no change yet: the raw tables give no routing, people or board test at the host plant",
    "order SUP-IMP F-JET units": "opens the import; how long a parcel takes is the lead of its offer",
    "hours multiplier P-MR10 op 50": "meant for the time after rate gate M-RATE1",
    "credit_line_eur": "raises the credit line, and so opens with it",
    "bom alternate rank P-SRT-*": "brings the decision forward to the plan's start, and so opens the short sortie",
}


def convert(raw: Raw) -> Tables:
    """Return the table of options."""
    capex = [_capex(r) for r in raw["capex"] if r["capex_id"] == CAPEX_OPTION]
    return {"options": [*(_mitigation(raw, r) for r in raw["mitigations"]), *capex]}


def _mitigation(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "option": r["mitigation_id"],
        "name": r["name"],
        "answers": names(r["acts_on_risk_ids"]),
        "one_off_cost": r["one_off_cost_eur"],
        "weekly_cost": per_week(raw, r["recurring_cost_eur_per_period"]),
        "lead_days": "0" if r["lever"] == LEAD_IN_OFFER else r["lead_time_days"],
        "changes": CHANGES[r["lever"], r["lever_value"]],
        "source": r["source_id"],
        "note": NOTES.get(r["lever"], ""),
    }


def _capex(r: dict[str, str]) -> Cells:
    return {
        "option": f"OPT-{r['capex_id']}",
        "name": r["name"],
        "lead_days": r["lead_time_days_mean"],
        "chosen": r["order_date"],
        "changes": ["tools[T-FWMLD].sets += 6"],
        "source": r["source_id"],
        "note": f"its price is cost {r['capex_id']}",
    }
