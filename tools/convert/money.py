"""Funding, costs, tasks and rules."""

from __future__ import annotations

from datetime import timedelta

from convert.buying import standing
from convert.raw import Cells, Raw, Tables, first_day, from_date, names, per_week, to_date, yes
from convert.where import SHORT_TASK, unlocked_by

KINDS = {
    "CU-RO": "payer",
    "JV": "company",
    "BASE": "outside",
    "OUTSIDE": "outside",
}  # BASE reimburses what contracts pay
PROFILES = {
    "30% order, 50% progress, 20% acceptance": ["0.3@start", "0.5@middle", "0.2@end"],
    "40/60": ["0.4@start", "0.6@end"],
    "50/50": ["0.5@start", "0.5@end"],
    "monthly": ["monthly"],
}
OPTION_COSTS = {"CX-04": "OPT-CX-04"}
NEEDS = {
    "M-RATE1": ["produced:P-MR10>=40/week for 4"],
    "M-RATE2": ["produced:P-MR10>=90/week for 4", "produced:P-FW25>=6/week for 4"],
    "M-HOST": ["share:host>=0.5 over 26"],
}
FINISHED = {"M-AGR", "M-PAR"}  # their earliest date lies before the plan's start


def convert(raw: Raw) -> Tables:
    """Return the tables of money and start-up."""
    return {
        "funding": [_tranche(raw, r) for r in raw["funding_tranches"]],
        "costs": [*(_capex(r) for r in raw["capex"]), *(_fixed(raw, r) for r in raw["fixed_costs"])],
        "tasks": [
            *(_milestone(r) for r in raw["milestones"]),
            *(_licence_task(raw, r) for r in raw["licences"] if standing(r)),
            *(_deliverable(raw, r) for r in raw["deliverables"]),
            *_short_task(raw),
        ],
    }


def _tranche(raw: Raw, r: dict[str, str]) -> Cells:
    condition = r["release_condition_id"]
    task = condition in {m["milestone_id"] for m in raw["milestones"]}
    assert yes(r["origin_rule_applies"]) == bool(r["max_third_country_cost_share"])
    if task and raw["partners"]:
        assert condition in {*unlocked_by(raw, r["tranche_id"]), "M-FAIM", "M-BLD", "M-JVC", "M-TTT"}
    return {
        "tranche": r["tranche_id"],
        "name": r["source_name"],
        "pool": r["recipient"],
        "kind": KINDS[r["recipient"]],
        "instrument": r["funding_type"].replace("_", " "),
        "amount": r["amount_eur"],
        "date": r["planned_date"],
        "slip_days": r["slip_days_mean"],
        "slip_sd_days": r["slip_days_sd"],
        "expiry": r["expiry_date"],
        "pays_for": names(r["eligible_cost_categories"]),
        "interest_per_year_share": r["annual_interest_rate"],
        "cash": yes(r["cash"]),
        "third_country_share": r["max_third_country_cost_share"],
        "evidence_days": r["evidence_lead_days"],
        "awaits": "" if task else condition,
        "opens_after": condition if task else "",
        "source": r["source_id"],
    }


def _capex(r: dict[str, str]) -> Cells:
    return {
        "cost": r["capex_id"],
        "name": r["name"],
        "category": "capex",
        "per": "once",
        "amount": r["amount_eur"],
        "date": r["order_date"],
        "payments": PROFILES[r["payment_profile"]],
        "lead_days": r["lead_time_days_mean"],
        "lead_sd_days": r["lead_time_days_sd"],
        "task": r["needed_for_milestone_id"],
        "option": OPTION_COSTS.get(r["capex_id"], ""),
        "grant_eligible": yes(r["eligible_for_grant"]),
        "source": r["source_id"],
    }


def _fixed(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "cost": r["cost_id"],
        "name": r["name"],
        "site": r["site_id"],
        "category": "opex",
        "per": "week",
        "amount": per_week(raw, r["amount_eur_per_period"]),
        "from_date": from_date(raw, r["from_period"]),
        "to_date": to_date(raw, r["to_period"]),
        "source": r["source_id"],
    }


def _milestone(r: dict[str, str]) -> Cells:
    return {
        "task": r["milestone_id"],
        "name": r["name"],
        "kind": r["gate_type"],
        "owner": r["owner"],
        "predecessors": names(r["predecessor_ids"]),
        "duration_days": r["duration_days_mean"],
        "duration_sd_days": r["duration_days_sd"],
        "earliest": r["earliest_date"],
        "finished": r["earliest_date"] if r["milestone_id"] in FINISHED else "",
        "needs": NEEDS.get(r["milestone_id"], []),
        "source": r["source_id"],
    }


def _licence_task(raw: Raw, r: dict[str, str]) -> Cells:
    before = unlocked_by(raw, r["licence_id"])
    return {
        "task": f"T-{r['licence_id']}",
        "name": f"Obtain: {r['name']}",
        "kind": "licence",
        "predecessors": before,
        "duration_days": r["processing_days_mean"],
        "duration_sd_days": r["processing_days_sd"],
        "earliest": "" if before else raw.start,
        "source": r["source_id"],
    }


def _deliverable(raw: Raw, r: dict[str, str]) -> Cells:
    return {
        "task": r["deliverable_id"],
        "name": r["name"],
        "kind": "deliverable",
        "owner": r["owner"],
        "requirement": r["requirement_reference"],
        "accepted_by": r["accept_authority"],
        "source": r["source_id"],
        **_due(raw, r),
    }


def _due(raw: Raw, r: dict[str, str]) -> Cells:
    """Return when a deliverable is due, from the raw due rule, milestone and offset."""
    rule, milestone, offset = r["due_rule"], r["due_milestone_id"], int(r["offset_days"])
    if rule in ("at milestone", "after milestone"):
        return {"predecessors": [f"{milestone}+{offset}" if offset else milestone]}
    if rule == "before milestone":
        return {"note": f"due {-offset} days before {milestone} ends"}
    if rule.startswith("every "):
        days = int(rule.split()[1]) * raw.period_days
        note = f"due {offset} days after the end of each interval" if offset else ""
        return {"every_days": days, "earliest": first_day(raw, 1) + timedelta(days=days), "note": note}
    return {"note": f"due {rule}" + (f", {-offset} days before it" if offset else "")}


def _short_task(raw: Raw) -> list[Cells]:
    if raw.period_days != 1:
        return []
    return [
        {
            "task": SHORT_TASK,
            "name": "Short-sortie profile decided",
            "kind": "technical",
            "earliest": first_day(raw, raw.last_period + 1),
            "source": "ASSUMPTION",
            "note": "after the plan's end: only option MT-05 brings it forward, and so opens the short sortie",
        }
    ]
