"""A run that breaks one rule of its programme is found out: the plant's run under a changed programme."""

import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.model.scenario import apply_sets
from tandemplan.model.schema import Risk
from tandemplan.model.tables import from_values

from . import plant

BROKEN = [
    ("offers[O].capacity_units_per_week=9", "offer-capacity"),
    ("offers[O].to_date=2026-06-10", "purchases-release"),
    ("offers[O].from_date=2026-06-20", "purchases-receipt"),
    ("offers[O].qualified=yes", "qualifications-rows"),
    ("offers[O].qualification_cost=26", "qualifications-cost"),
    ("offers[O].qualification_days=5", "qualifications-qualified"),
    ("offers[O].qualification_days=6", "qualifications-none"),
    ("offers[O].opens_after=t1", "qualifications-closed"),
    ("offers[O].opens_after=t2", "purchases-receipt"),
    ("rules[R].high=0.59", "origin-limit"),
    ("rules[R].window_days=14", "origin-parts-window"),
    ("rules[R].scope=X", "origin-parts-counts-for"),
    ("rules[R].soft=yes", "origin-rows"),
    ("bom[X||A].scrap_share=0.2", "origin-parts-quantity"),
    ("offers[O].third_country_share=0.5", "origin-parts-third-country-share"),
    ("items[A].standard_cost=11", "origin-parts-unit-price"),
    ("open_orders[OPEN].unit_price=13", "origin-parts-unit-price"),
    ("open_orders[OPEN].quantity_units=4", "origin-parts-lots"),
    ("stock[P|A|].quantity_units=5", "origin-parts-lots"),
    ("offers[O].site=P", "purchases-way"),
    ("offers[O].lead_days=2.5", "purchases-release"),
    ("offers[O].acceptance_share=0.7", "purchases-accepted"),
    ("offers[O].unit_price=12", "purchases-price"),
    ("items[A].hazard=yes", None),  # all lanes may carry it
    ("lanes[IN].hazard_allowed=no;items[A].hazard=yes", "purchases-way"),
    ("lanes[OUT].hazard_allowed=no;items[X].hazard=yes", "moves-hazard"),
    ("lanes[IN].from_place=B", "purchases-way"),
    ("lanes[IN].capacity_kg_per_week=4.9", "lane-capacity"),
    ("lanes[OUT].capacity_kg_per_week=7.1", "lane-capacity"),
    ("lanes[IN].opens_after=t3", "purchases-closed"),
    ("lanes[OUT].transit_days=0.6", "moves-receipt"),
    ("crossings[G].delay_hours=36", "moves-receipt"),
    ("tasks[t1].duration_days=4", "moves-closed"),
    ("tasks[t1].kind=deliverable;tasks[t1].duration_days=4", "tasks-end"),
    ("licences[standing].task=t2", "moves-licence"),
    ("licences[order].items=A", "purchases-release"),
    ("licences[standing].cap_units=3.5", "licences-cap"),
    ("licences[standing].cap_units=3.6", "licences-margin"),
    ("licences[standing].renewable=no", "moves-licence"),  # it ends on the day of the second move
    ("licences[standing].validity_days=6;licences[standing].renewal_lead_days=0", "moves-licence"),  # 2 days without
    ("licences[standing].validity_days=6.5", None),  # rounded up
    ("licences[standing].country=C", "licences-rows"),  # its own licence for the way is the consent of C
    ("licences[each].country=D", "licences-rows"),  # to D it goes home
    ("licences[each].cap_units=9", "licences-cap"),
    ("licences[each].validity_days=1", "purchases-receipt"),
    ("licences[each].reexport_consent=no", "licences-rows"),
    ("licences[each].to_places=", "licences-rows"),  # it covers every way on
    ("licences[each].processing_days=4", "moves-licence"),
    ("sites[B].country=H", "licences-rows"),  # no border is crossed
    ("sites[P].opens_after=t3", "production-closed"),
    ("sites[B].opens_after=t2", "deliveries-closed"),
    ("contracts[c3].opens_after=t2", "deliveries-closed"),
    ("demands[d1].opens_after=t2", "deliveries-closed"),
    ("demands[d2].latest=2026-06-11", "deliveries-too-late"),
    ("demands[d2].quantity_units=3", "deliveries-too-much"),
    ("demands[d2].due=2026-06-09", "deliveries-due"),
    ("programme.uncertain_demand=firm", "deliveries-demand"),
    ("programme.uncertain_demand=expected", "demand-summary-quantity"),
    ("operations[X|P|make].opens_after=t2", "production-closed"),
    ("operations[A|P|receive].opens_after=t3", "purchases-closed"),
    ("operations[X|B|deliver].open_share=0", "deliveries-closed"),
    ("operations[X|P|make].open_share=0.5", "load-used-hours"),
    ("operations[X|P|make].open_share=0", "production-closed"),
    ("operations[X|P|make].yield_mature_share=0.9", "production-good"),
    ("work_centres[W].opens_after=t1", "load-available-hours"),
    ("work_centres[W].stations=0.7", "load-available-hours"),
    ("skills[S].overtime_hours_per_week=0.5", "load-over"),
    ("skills[S].headcount=1.1", "people-productive"),
    ("tools[T].sets=0.1", "load-available-hours"),
    ("bom[X].opens_after=t2", "production-closed"),
    ("bom[X].to_date=2026-06-10", "production-bill"),
    ("bom[X].scrap_share=0.3", "stock-used"),
    ("stock[P|A].quantity_units=9", "stock-opening"),
    ("stock[P|A].quantity_units=4", "stock-cover"),
    ("open_orders[OPEN].promised=2026-06-08", "stock-open-orders"),
    ("sites[P].storage_m3=0.1", "storage"),
    ("items[A].hazard=yes;sites[P].hazard_storage_kg=3.4", "storage"),
    ("sites[P].storage_m3=0.2", None),  # 7 x 0.01 + 0.6 x 0.1 = 0.13
    ("stock_policies[P|A].safety_days=0", "stock-targets-safety"),
    ("stock_policies[P|A].most_days=7", "stock-targets-excess"),
    ("costs[f1].amount=71", "costs-amount"),
    ("open_orders[OPEN].paid_amount=0", "costs-amount"),
    ("programme.discount_per_year_share=0.2", "costs-present-amount"),
    ("options[o2].chosen=2026-06-01", "options-chosen"),
    ("rules[L].low=2600", "cash-short"),
    ("rules[L].low=2580", "cash-least"),
    ("rules[L].soft=yes", "cash-least"),
    ("rules[L].from_date=2026-06-22", "cash-least"),
    ("funding[F].amount=0", "cash-tranches"),
    ("funding[F].slip_days=20", "funding-opens"),
    ("funding[F].opens_after=t1", "funding-opens"),
    ("funding[F].awaits=a decision", "funding-opens"),
    ("funding[F].cash=no", "cash-tranches"),
    ("funding[G].pays_for=opex", "spending-closed"),
    ("funding[G].date=2026-06-15;funding[G].expiry=2026-06-20", "spending-closed"),
    ("funding[G].amount=99", "spending-beyond"),
    ("funding[G].expiry=2026-06-30", "cash-expired"),
    ("funding[G].pays_for=", None),  # it expires, and so it is tied
    ("funding[B].expiry=2026-06-12", "spending-unpaid"),
    ("funding[B].interest_per_year_share=0.8", "cash-interest"),
    ("funding[B].amount=49", "spending-beyond"),
    ("funding[B].pays_for=capex", "spending-closed"),
    ("funding[S].kind=outside", "cash-rows"),
    ("contracts[c1].advance_share=0.2", "cash-advances"),
    ("contracts[c1].advance_date=2026-06-09", "cash-advances"),
    ("contracts[c1].total_units=3", "cash-advances"),
    ("contracts[c1].payment_days=2", "cash-deliveries"),
    ("contracts[c2].pool=state", "cash-deliveries"),
    ("suppliers[U].prepayment_share=0.3", "cash-purchases"),
    ("suppliers[U].payment_days=5", "cash-purchases"),
    ("tasks[t1].payments=1@start", None),  # in the same week
    ("costs[f2].category=capex", "cash-capex"),
    ("costs[f2].date=2026-06-14", "cash-opex"),
]


def findings(programme):
    run = plant.run()
    return audit_tables(programme, run.info, run.tables)


@pytest.mark.parametrize(("sets", "code"), BROKEN)
def test_a_run_that_breaks_a_rule_is_found(sets, code):
    programme = with_late_task(plant.programme())
    programme, problems = apply_sets(programme, sets.split(";"))
    assert problems == []
    codes = {f.code for f in findings(programme)} - {"tasks-rows", "tasks-slack-days", "tasks-critical"}
    assert codes == set() if code is None else code in codes


def with_late_task(programme):
    """Return the programme with a task t3 that ends within the last week (the run does not show it)."""
    from tandemplan.model.schema import Task
    from tandemplan.model.tables import joined

    made = from_values(Task, {"task": ["t3"], "duration_days": [17.0]})
    return programme.replace(joined(programme[Task], made))


DATED = [
    ("2026-06-08", 7.0, "offers[O].capacity_units_per_week *= 0.1", "offer-capacity"),
    ("2026-06-01", 7.0, "offers[O].capacity_units_per_week *= 0.1", None),  # nothing is sent in that week
    ("2026-06-06", 1.0, "offers[O].lead_days += 1", "purchases-release"),
    ("2026-06-07", 1.0, "offers[O].lead_days += 1", None),  # the lead counts on the day of order
    ("2026-06-04", 1.0, "crossings[G].delay_hours += 24", "moves-receipt"),
    ("2026-06-11", 0.5, "operations[X|P|make].open_share = 0", "production-closed"),
    ("2026-06-12", 1.0, "operations[X|P|make].open_share = 0", None),
    ("2026-06-08", 1.0, "work_centres[W].stations = 0", "load-available-hours"),
    ("2026-06-07", 1.0, "work_centres[W].stations = 0", None),  # a Sunday
    ("2026-06-08", None, "skills[S].headcount -= 0.5", "people-productive"),
    ("2026-06-21", 1.0, "sites[P].storage_m3 = 0.1", "storage"),
    ("2026-06-15", 6.0, "sites[P].storage_m3 = 0.1", None),  # room counts on the last day of the period
    ("2026-06-08", 1.0, "demands[d2].quantity_units += 1", "demand-summary-quantity"),
    ("2026-06-09", 1.0, "demands[d2].quantity_units += 1", None),
    ("2027-01-01", 1.0, "tasks[t1].duration_days = 4", "moves-closed"),  # whatever the day
    ("2026-06-01", None, "contracts[c1].unit_price *= 2", None),  # no cell that plans obey
]


@pytest.mark.parametrize(("begin", "days", "change", "code"), DATED)
def test_dated_effects_count_on_their_days(begin, days, change, code):
    from datetime import date

    change = change.replace("headcount -= 0.5", "headcount += -0.5")
    risk = from_values(
        Risk, {"risk": ["r"], "date": [date.fromisoformat(begin)], "duration_days": [days], "changes": [(change,)]}
    )
    codes = {f.code for f in findings(plant.programme().replace(risk))}
    assert codes == set() if code is None else code in codes


@pytest.mark.parametrize(("on_hand", "short"), [("10", []), ("9", [1.0])])
def test_use_before_arrival_is_found_within_a_period(on_hand, short):
    """An open order arrives on Friday, but 10 parts are used on Thursday: the period adds up, the day does not."""
    sets = ["open_orders[OPEN].promised=2026-06-05", f"stock[P|A].quantity_units={on_hand}"]
    programme, problems = apply_sets(plant.programme(), sets)
    assert problems == []
    assert [f.size for f in findings(programme) if f.code == "stock-cover"] == pytest.approx(short, abs=1e-3)


@pytest.mark.parametrize(
    ("sets", "resource", "hours", "bought"),
    [("work_centres[W].stations=0.7", "W", 14, 54), ("tools[T].sets=0.1", "T", 4, 84)],
)
def test_more_hours_than_there_are_is_found(sets, resource, hours, bought):
    programme, _ = apply_sets(plant.programme(), [sets])
    run = plant.run()
    load = dict(run.tables["load"])
    hours = hours + np.where(load["period_start"] == np.datetime64("2026-06-15"), bought, 0)
    load["available_hours"] = np.where(load["resource"] == resource, hours, load["available_hours"])
    codes = [f.code for f in audit_tables(programme, run.info, {**run.tables, "load": load})]
    assert codes == ["load-overtime-hours", "load-over"] * 2  # in the first and the second week


@pytest.mark.parametrize(
    ("sets", "code"),
    [
        ("work_centres[W].most_stations=1.9", "investments-rows"),  # no place for a whole one
        ("tools[T].most_sets=", "investments-rows"),  # a blank most is no place
        ("work_centres[W].station_lead_days=14", None),  # ordered on the first day of the plan
        ("work_centres[W].station_lead_days=14.1", "investments-closed"),
        ("work_centres[W].station_lead_days=3", "investments-ordered"),
        ("tools[T].set_price=61", "investments-price"),
    ],
)
def test_what_is_bought_is_bought_as_the_programme_says(sets, code):
    programme, problems = apply_sets(plant.programme(), [sets])
    assert problems == []
    run = plant.run()
    frame = dict(run.tables["investments"])
    if code in (None, "investments-closed"):
        days = 14 if code is None else 15
        frame["ordered"] = frame["usable"] - np.where(frame["resource"] == "W", days, 4)
    found = audit_tables(programme, run.info, {**run.tables, "investments": frame})
    codes = {f.code for f in found if f.table == "investments"}
    assert codes == set() if code is None else code in codes


@pytest.mark.parametrize(
    ("sets", "code"),
    [
        ("shift_patterns[Q2].notice_days=14", None),  # decided on the first day of the plan
        ("shift_patterns[Q2].notice_days=14.5", "shifts-closed"),
        ("shift_patterns[Q2].notice_days=3", "shifts-decided"),
        ("shift_patterns[Q2].earliest=2026-06-15", None),
        ("shift_patterns[Q2].earliest=2026-06-16", "shifts-closed"),
        ("shift_patterns[Q2].site=B", "shifts-rows"),
        ("shift_patterns[Q].shortest_stay_days=21", None),  # what is worked at the start need not be kept
        ("shift_patterns[Q2].premium_share=0.05", "people-shift-premium"),  # no pay is below that of the usual pattern
    ],
)
def test_shifts_are_chosen_as_the_programme_says(sets, code):
    programme, problems = apply_sets(plant.programme(), [sets])
    assert problems == []
    run = plant.run()
    frame = dict(run.tables["shifts"])
    if "notice_days=14" in sets:
        frame["decided"] = frame["decided"] - (7 if code is None else 8)
    found = audit_tables(programme, run.info, {**run.tables, "shifts": frame})
    codes = {f.code for f in found if f.table in ("shifts", "people")}
    assert codes == set() if code is None else code in codes


@pytest.mark.parametrize(
    ("first_day", "last_day", "code"),
    [
        (["2026-06-01", "2026-06-08", "2026-06-15"], ["2026-06-07", "2026-06-14", "2026-06-21"], "shifts-stay"),
        (["2026-06-01", "2026-06-11", "2026-06-18"], ["2026-06-10", "2026-06-17", "2026-06-21"], "shifts-period"),
        (["2026-06-01", "2026-06-08", "2026-06-15"], ["2026-06-07", "2026-06-13", "2026-06-21"], "shifts-first-day"),
    ],
)
def test_stays_follow_each_other_and_last(first_day, last_day, code):
    run = plant.run()
    frame = {
        "site": np.array(["P"] * 3, dtype=object),
        "shift_pattern": np.array(["Q", "Q2", "Q"], dtype=object),
        "decided": np.array(["NaT", "2026-06-01", first_day[2]], dtype="datetime64[D]"),
        "first_day": np.array(first_day, dtype="datetime64[D]"),
        "last_day": np.array(last_day, dtype="datetime64[D]"),
    }
    found = audit_tables(plant.programme(), run.info, {**run.tables, "shifts": frame})
    assert code in {f.code for f in found if f.table == "shifts"}


def test_more_stations_than_there_is_place_for_are_found():
    run = plant.run()
    frame = {**run.tables["investments"], "units": np.array([2.0, 1.0])}
    found = audit_tables(plant.programme(), run.info, {**run.tables, "investments": frame})
    assert [(f.table, f.size) for f in found if f.code == "investments-over"] == [("investments", 1.0)]


def test_a_way_to_make_that_is_not_there_is_found():
    run = plant.run()
    production = {**run.tables["production"], "alternative": np.array(["kit", ""], dtype=object)}
    found = audit_tables(plant.programme(), run.info, {**run.tables, "production": production})
    assert "production-route" in {f.code for f in found if f.row == 2}
