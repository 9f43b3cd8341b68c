"""Properties of plans on random programmes, each true by docs/semantics.md.

Most solves run inside the test process (a child per plan costs twenty times the solve); the first property runs through
the child as users do.
"""

import random
import re
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, reject, settings
from hypothesis import strategies as st

from tandemplan.audit import audit, audit_tables
from tandemplan.calendar import cut
from tandemplan.model.reading import read
from tandemplan.model.schema import (
    Contract,
    Customer,
    Demand,
    Item,
    Kind,
    Lane,
    Licence,
    Offer,
    OpenOrder,
    Rule,
    ShiftPattern,
    Site,
    Skill,
    Stock,
    Supplier,
    Task,
    Tool,
    Tranche,
    WorkCentre,
)
from tandemplan.model.tables import column_texts
from tandemplan.model.variants import with_rows
from tandemplan.model.writing import write
from tandemplan.network.phases import Links, choose_phases
from tandemplan.plan import plan
from tandemplan.plan.solve import PlanOptions
from tandemplan.results.store import write_run
from tandemplan.solver import highs, whole
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

FEW, MANY = 30, 100
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
PHASES = (Phase.explicit, Phase.generate)  # a failing programme is printed as drawn: shrinking takes minutes
few = settings(max_examples=FEW, derandomize=True, phases=PHASES, **QUIET)
many = settings(max_examples=MANY, derandomize=True, phases=PHASES, **QUIET)
SEEDS = st.integers(0, 2**32 - 1)
NEAR = 1e-5  # share of a value: what models with whole columns allow the objectives before is 1e-6 of theirs
DUST = 1e-4  # unit-days: tables print six decimals, and less than 1e-5 of a unit is not called lost


@pytest.fixture(autouse=True)
def in_process(request, monkeypatch):
    """Solve in this process, unless the test is about the child."""

    def here(lp, stages, work, on_report, fallback=None, *, together=1):
        given = {"on_report": on_report, "cancelled": lambda: False, "fallback": fallback, "together": together}
        return (whole if lp.whole.any() else highs).solve(lp, stages, work, **given)

    if "child" not in request.node.name:
        for name in ("solve", "seeking", "seeker"):
            monkeypatch.setattr(import_module(f"tandemplan.plan.{name}"), "solve_in_child", here)


@dataclass(frozen=True)
class Value:
    """What one objective of a class came to, and how far two equal ones may lie apart."""

    stage: str
    value: float
    allowed: float


def planned(programme):
    """Return the plan of a programme and the values of its classes, once each is proved."""
    run = plan(programme, PlanOptions(gap=1e-5))
    if run.info["status"] == "infeasible":  # what lies there at the start, or is under way, may not fit its site
        reject()
    assert run.info["status"] in ("optimal", "feasible")
    longest = cut(programme.settings.start, programme.settings.periods).longest
    found = []
    for stage in run.info["objective"]["stages"]:
        if stage["demand_class"] is not None:
            size = asked(programme, run, stage) * 1e-3 * longest
            found.append(Value(stage["stage"], stage["value"], NEAR * max(stage["value"], size) + DUST))
            assert stage["bound"] >= stage["value"] - 1e-3 * max(stage["value"], size) - DUST
    return run, found


def asked(programme, run, stage):
    """Return the weighted units asked for in one stage."""
    weight = dict(zip(programme[Demand].demand, programme[Demand].weight_factor, strict=True))
    summary = run.tables["demand_summary"]
    rows = (summary["demand_class"] == stage["demand_class"]) & (summary["certainty"] == stage["certainty"])
    return sum(weight[d] * q for d, q in zip(summary["demand"][rows], summary["quantity"][rows], strict=True))


def assert_equal(before, after):
    assert [v.stage for v in after] == [v.stage for v in before]
    for one, other in zip(before, after, strict=True):
        assert other.value == pytest.approx(one.value, rel=0, abs=one.allowed), one.stage


def assert_no_worse(before, after):
    """Compare class by class: the first that differs must be better."""
    assert [v.stage for v in after] == [v.stage for v in before]
    for one, other in zip(before, after, strict=True):
        assert other.value <= one.value + one.allowed, one.stage
        if other.value < one.value - one.allowed:
            return


# Each plan answers for itself: audit, demand, bounds.


def is_sound(programme, folder):
    run, _ = planned(programme)
    assert [str(f) for f in audit(write_run(run, programme, folder / "run")).findings] == []
    summary, classes = run.tables["demand_summary"], run.tables["classes"]
    served = summary["on_time"] + summary["late"] + summary["lost"]
    assert served == pytest.approx(summary["quantity"], abs=2e-5)
    delivered = dict.fromkeys(summary["demand"], 0.0)
    for demand, quantity in zip(run.tables["deliveries"]["demand"], run.tables["deliveries"]["quantity"], strict=True):
        delivered[demand] += quantity
    assert summary["lost"] == pytest.approx(summary["quantity"] - list(delivered.values()), abs=2e-5)
    assert (classes["bound"] <= classes["value"] + 1e-9).all()
    assert (classes["gap"] <= 1e-3).all()


@settings(few, max_examples=8)
@given(programmes())
def test_a_plan_made_in_a_child_is_audited_clean_and_proved(tmp_path_factory, programme):
    is_sound(programme, tmp_path_factory.mktemp("sound"))


@settings(few, max_examples=40)
@given(programmes())
def test_a_plan_is_audited_clean_and_proved(tmp_path_factory, programme):
    is_sound(programme, tmp_path_factory.mktemp("sound"))


@pytest.mark.long
@many
@given(programmes())
def test_many_plans_are_audited_clean_and_proved(tmp_path_factory, programme):
    is_sound(programme, tmp_path_factory.mktemp("sound"))


def test_a_component_is_not_used_before_the_day_on_which_its_node_receives(request):
    """A is asked for on Wednesday, P, made of A, on Monday: what is made of A on Wednesdays is too late for P.

    Stock of one A serves P on its Monday; the second P waits for the next Monday.

    start = 2026-06-01
    periods = 2 weeks
    [items]
    item
    P
    A
    R
    [bom]
    parent,component
    P,A
    A,R
    [work_centres]
    work_centre
    W
    [operations]
    item,work_centre,plateau_hours
    P,W,1
    A,W,1
    [offers]
    offer,item
    O,R
    [stock]
    item,quantity_units
    A,1
    [demands]
    demand,item,quantity_units,due
    first,P,2,2026-06-01
    spare,A,1,2026-06-03
    """
    run, values = planned(programme_of(request.function.__doc__))
    made = zip(run.tables["production"]["item"], run.tables["production"]["end"].astype(str), strict=True)
    assert list(made) == [("P", "2026-06-01"), ("A", "2026-06-03"), ("P", "2026-06-08")]
    assert [v.value for v in values] == [7.0]


def allows_all(programme):
    """Compare a programme whose rules of origin allow everything with one without rules: accounts alone limit nothing."""
    rules = programme[Rule]
    origin = rules.kind == "origin share"
    assume(origin.any())
    free = programme.replace(rules.with_column("soft", rules.soft | origin))
    at_most = programme.replace(rules.with_column("high", np.where(origin, 1.0, rules.high)))
    everything = changed(Tranche, "third_country_share", np.ones_like)(at_most)
    assert_equal(planned(free)[1], planned(everything)[1])


@few
@given(programmes())
def test_a_rule_of_origin_that_allows_all_is_none(programme):
    allows_all(programme)


@pytest.mark.long
@many
@given(programmes())
def test_a_rule_of_origin_that_allows_all_is_none_in_many(programme):
    allows_all(programme)


# Names and order of rows are the user's own affair.


def renamed(programme, seed):
    """Return the programme with all names changed to others, and with rows in another order."""
    chance = random.Random(seed)
    names = sorted({t for table in programme.tables.values() for t in own_names(table)})
    labels = [f"{k:03d} of it" for k in range(len(names))]
    chance.shuffle(labels)
    fresh = dict(zip(names, labels, strict=True))
    tables = []
    for given_table in programme.tables.values():
        table = given_table
        for column in table.description.columns:
            if column.kind in (Kind.NAME, Kind.NAMES):
                cells = [new_cell(cell, fresh) for cell in table.columns[column.name]]
                array = np.empty(len(cells), dtype=object)
                for k, cell in enumerate(cells):
                    array[k] = cell
                table = table.with_column(column.name, array)
        order = list(range(len(table)))
        chance.shuffle(order)
        tables.append(table.take(order))
    return programme.replace(*tables)


def own_names(table):
    """Return the names that the rows of a table bring in."""
    columns = [c for c in table.description.columns if c.kind is Kind.NAME and c.key and not c.refers_to]
    return {t for c in columns for t in column_texts(c, table.columns[c.name]) if t}


def new_cell(cell, fresh):
    if isinstance(cell, tuple):
        return tuple(new_cell(c, fresh) for c in cell)
    inside = re.fullmatch(r"(\w+)\[(.+)\](.*)", cell)
    if inside:
        return f"{inside[1]}[{fresh.get(inside[2], inside[2])}]{inside[3]}"
    need = re.fullmatch(r"(\w+:)([^<>=]+)(>=.+)", cell)
    if need:
        return need[1] + fresh[need[2]] + need[3]
    lagged = re.fullmatch(r"(\w+)(\+\d+)", cell)
    return fresh[lagged[1]] + lagged[2] if lagged else fresh.get(cell, cell)


def keeps_its_values_when_renamed(programme, seed):
    other = renamed(programme, seed)
    assert other.digest != programme.digest
    assert_equal(planned(programme)[1], planned(other)[1])


@few
@given(programmes(), SEEDS)
def test_names_and_order_of_rows_do_not_matter(programme, seed):
    keeps_its_values_when_renamed(programme, seed)


@pytest.mark.long
@many
@given(programmes(), SEEDS)
def test_names_and_order_of_rows_do_not_matter_to_many(programme, seed):
    keeps_its_values_when_renamed(programme, seed)


def test_days_of_nodes_do_not_hang_on_how_a_sum_is_rounded():
    """R goes into P. To wait one day for 6/7 of the demand, or six for 1/7, is equal in truth, and not in floats.

    The last demand is written in one row, then in two.
    """
    one, many = np.array([2.0, 1.0, 1.0, 3.0]), np.array([2.0, 1.0, 1.0, 0.75, 2.25])
    chosen = []
    for weight, due in ((one, [2, 2, 1, 2]), (many, [2, 2, 1, 2, 2])):
        node = np.zeros(len(due), dtype=np.int64)
        links = Links(np.array([1]), np.array([0]), np.array([0]), node, np.array(due), weight)
        chosen.append(choose_phases(2, links, 7).tolist())
    assert chosen[0] == chosen[1]


# More of what is short never hurts the order of classes.


def changed(row_class, column, change):
    """Return a function that changes one column of a table."""

    def apply(programme):
        table = programme[row_class]
        return programme.replace(table.with_column(column, change(table.columns[column].copy())))

    return apply


def every_way(count):
    """Return so many empty lists."""
    lists = np.empty(count, dtype=object)
    lists[:] = [()] * count
    return lists


def unlimited(values):
    return np.full_like(values, np.nan)


def roomy(programme):
    """Return the programme with room for any stock (more stock alone may not fit)."""
    return changed(Site, "hazard_storage_kg", unlimited)(changed(Site, "storage_m3", unlimited)(programme))


def lasting(programme):
    """Return the programme with licences that are valid for good: one that is granted sooner ends sooner."""
    return changed(Licence, "renewal_lead_days", unlimited)(changed(Licence, "validity_days", unlimited)(programme))


def unlicensed(programme):
    """Return the programme without standing licences (one per order sets the days on which offers send)."""
    table = programme[Licence]
    return programme.replace(table.take(np.flatnonzero(table.kind != "standing").tolist()))


def penniless(programme):
    """Return the programme without limits on money (more people cost more, and later classes bring money)."""
    pools = programme[Contract].columns["pool"]
    paid = programme.replace(programme[Contract].with_column("pool", np.full_like(pools, "")))
    return paid.replace(paid[Tranche].take([]))


def unshared(programme):
    """Return the programme whose work-share and subcontractors have no limit (people and orders that are there add value, later classes are contracts)."""
    rules = programme[Rule]
    found = np.isin(rules.kind.astype(str), ("work share", "host content", "subcontract share"))
    return programme.replace(rules.with_column("soft", rules.soft | found))


def wider(programme):
    """Return the programme whose bands of work-share are wider, and in which one source is enough."""
    rules = programme[Rule]
    shares = np.isin(rules.kind.astype(str), ("work share", "host content", "fewest sources"))
    return programme.replace(rules.with_column("low", np.where(shares, rules.low / 2, rules.low)))


def richer(programme):
    """Return the programme with 300 more in each tranche, where it has any."""
    return changed(Tranche, "amount", lambda v: v + 300)(programme)


def unasked(programme):
    """Return the programme whose tranches ask for no share of origin (later evidence is of more, and not always kept)."""
    return changed(Tranche, "third_country_share", unlimited)(programme)


RELAXED = {
    "stations": changed(WorkCentre, "stations", lambda v: v + 1),
    "availability": changed(WorkCentre, "availability_share", np.ones_like),
    "round the clock": changed(WorkCentre, "shift_pattern", lambda v: np.full_like(v, "")),
    "head-count": changed(Skill, "headcount", lambda v: v + 1),
    "overtime": changed(Skill, "overtime_hours_per_week", lambda v: v + 7),
    "hires": changed(Skill, "hires_per_week", lambda v: v + 1),
    "attrition": changed(Skill, "attrition_per_year", np.zeros_like),
    "tools": changed(Tool, "sets", lambda v: v + 1),
    "place for stations": changed(WorkCentre, "most_stations", lambda v: np.full_like(v, 6)),
    "place for sets": changed(Tool, "most_sets", lambda v: np.full_like(v, 6)),
    "offer capacity": changed(Offer, "capacity_units_per_week", lambda v: v * 1.5),
    "offers without limit": changed(Offer, "capacity_units_per_week", unlimited),
    "qualification": changed(Offer, "qualification_days", lambda v: v / 2),
    "acceptance": changed(Offer, "acceptance_share", np.ones_like),
    "lane capacity": changed(Lane, "capacity_kg_per_week", lambda v: v * 1.5),
    "lanes without limit": changed(Lane, "capacity_kg_per_week", unlimited),
    "storage": roomy,
    "stock": lambda p: changed(Stock, "quantity_units", lambda v: v + 3)(roomy(p)),
    "open orders": lambda p: changed(OpenOrder, "quantity_units", lambda v: v + 3)(roomy(p)),
    "notice of shifts": changed(ShiftPattern, "notice_days", np.zeros_like),
    "stay of shifts": changed(ShiftPattern, "shortest_stay_days", np.zeros_like),
    "tasks": lambda p: changed(Task, "duration_days", lambda v: np.floor(v / 2))(lasting(p)),
    "licence caps": changed(Licence, "cap_units", unlimited),
    "renewal": changed(Licence, "renewable", np.ones_like),
    "validity": lambda p: changed(Licence, "cap_units", unlimited)(lasting(p)),
    "standing licences": unlicensed,
    "consents": changed(Licence, "reexport_consent", np.zeros_like),
    "shares": changed(Rule, "high", lambda v: np.minimum(v + 0.3, 1.0)),
    "no rules": changed(Rule, "soft", np.ones_like),
    "bands of work-share": wider,
    "tranches": richer,
    "sooner tranches": changed(Tranche, "slip_days", np.zeros_like),
    "evidence": lambda p: changed(Tranche, "evidence_days", np.zeros_like)(unasked(p)),
    "least cash": changed(Rule, "low", np.zeros_like),
    "what tranches pay for": changed(Tranche, "pays_for", lambda v: every_way(len(v))),
}
BEFORE = {"stock": roomy, "open orders": roomy, "tasks": lasting}


def gains_by_relaxing(programme, kind):
    programme = unshared(penniless(programme)) if kind in ("head-count", "attrition", "tasks") else programme
    programme = unshared(programme) if kind == "open orders" else programme
    before = BEFORE.get(kind, lambda p: p)(programme)
    after = RELAXED[kind](programme)
    assume(after != before)
    assert_no_worse(planned(before)[1], planned(after)[1])


@settings(few, max_examples=4)
@pytest.mark.parametrize("kind", RELAXED)
@given(programme=programmes())
def test_relaxing_a_limit_never_hurts_the_order_of_classes(kind, programme):
    gains_by_relaxing(programme, kind)


@pytest.mark.long
@settings(many, max_examples=10)
@pytest.mark.parametrize("kind", RELAXED)
@given(programme=programmes())
def test_relaxing_a_limit_never_hurts_the_order_of_classes_of_many(kind, programme):
    gains_by_relaxing(programme, kind)


# A demand may be written in one row or two.


def split(programme, seed):
    """Return the programme with one demand, drawn by chance, in two rows of a quarter and three quarters."""
    table = programme[Demand]
    k = random.Random(seed).randrange(len(table))
    both = table.take([*range(len(table)), k])
    names, quantity = both.demand.copy(), both.quantity_units.copy()
    names[-1] = f"{names[k]} again"
    quantity[-1] = quantity[k] * 3 / 4
    quantity[k] = quantity[k] / 4
    return programme.replace(both.with_column("demand", names).with_column("quantity_units", quantity))


def keeps_its_values_when_split(programme, seed):
    assert_equal(planned(programme)[1], planned(split(programme, seed))[1])


@few
@given(programmes(), SEEDS)
def test_a_demand_in_two_rows_is_served_as_well(programme, seed):
    keeps_its_values_when_split(programme, seed)


@pytest.mark.long
@many
@given(programmes(), SEEDS)
def test_a_demand_in_two_rows_is_served_as_well_in_many(programme, seed):
    keeps_its_values_when_split(programme, seed)


# A later class takes nothing from an earlier one.


def without_last_class(programme):
    """Return the programme without the demands of its last class, or None when it has one class."""
    summary = plan(programme).tables.get("demand_summary")
    assume(summary is not None)
    ranks = sorted(set(summary["demand_class"].tolist()))
    assume(len(ranks) > 1)
    gone = set(summary["demand"][summary["demand_class"] == ranks[-1]])
    table = programme[Demand]
    return programme.replace(table.take([k for k in range(len(table)) if table.demand[k] not in gone]))


def guards_earlier_classes(programme):
    programme = unshared(penniless(programme))
    before = planned(without_last_class(programme))[1]
    after = planned(programme)[1][: len(before)]
    assert_no_worse(before, after)
    assert_no_worse(after, before)


@few
@given(programmes())
def test_a_later_class_takes_nothing_from_an_earlier_one(programme):
    guards_earlier_classes(programme)


@pytest.mark.long
@many
@given(programmes())
def test_a_later_class_takes_nothing_from_an_earlier_one_in_many(programme):
    guards_earlier_classes(programme)


# A scenario laid over a programme is an edited copy of it.


def edited(programme, seed):
    """Return a programme with one supplier's offers dearer, one item heavier, a row dropped and a row added."""
    chance = random.Random(seed)
    offers, items, stock = programme[Offer], programme[Item], programme[Stock]
    rows = np.flatnonzero(offers.supplier == chance.choice(sorted(set(offers.supplier))))
    price = offers.unit_price.copy()
    price[rows] *= 3
    item = chance.randrange(len(items))
    weight = items.weight_kg.copy()
    weight[item] += 2
    kept = stock.take(range(1, len(stock)))
    suppliers = programme[Supplier]
    more = suppliers.take([*range(len(suppliers)), 0])
    names, countries, partners = more.supplier.copy(), more.country.copy(), more.partner.copy()
    names[-1], countries[-1], partners[-1] = "V9", "", ""
    terms = {n: np.append(suppliers.columns[n], 0.0) for n in ("prepayment_share", "payment_days")}
    for column, values in terms.items():
        more = more.with_column(column, values)
    made = programme.replace(
        offers.with_column("unit_price", price),
        items.with_column("weight_kg", weight),
        kept,
        more.with_column("supplier", names).with_column("country", countries).with_column("partner", partners),
    )
    changes = [
        f"offers,supplier={offers.supplier[rows[0]]},unit_price,multiply,3",
        f"items,{items.item[item]},weight_kg,add,2",
    ]
    files = {
        "scenario.toml": 'name = "edited"\n',
        "changes.csv": "\n".join(["table,key,column,operation,value", *changes, ""]),
        "suppliers.csv": "supplier\nV9\n",
    }
    if len(stock):
        key = "|".join(stock.keys[0])
        files["dropped.csv"] = f"table,key\nstock,{key}\n"
    return made, files


def is_an_edited_copy(programme, seed, folder):
    made, files = edited(programme, seed)
    (folder / "overlay").mkdir()
    for name, text in files.items():
        (folder / "overlay" / name).write_text(text, encoding="utf-8")
    write(programme, folder / "base")
    write(made, folder / "copy")
    overlaid, copy = read(folder / "base", [folder / "overlay"]), read(folder / "copy")
    assert overlaid.digest == copy.digest
    assert overlaid.digest != programme.digest


@few
@given(programmes(), SEEDS)
def test_an_overlay_has_the_digest_of_an_edited_copy(tmp_path_factory, programme, seed):
    is_an_edited_copy(programme, seed, tmp_path_factory.mktemp("overlay"))


@pytest.mark.long
@many
@given(programmes(), SEEDS)
def test_an_overlay_has_the_digest_of_an_edited_copy_in_many(tmp_path_factory, programme, seed):
    is_an_edited_copy(programme, seed, tmp_path_factory.mktemp("overlay"))


# Fair sharing takes nothing from any class.


def with_rule(programme, rule):
    """Return the programme with one more rule beside its own."""
    rules = [asdict(r) for r in programme[Rule].rows()]
    return with_rows(programme, {"rules": [*rules, rule]})


def shared_fairly(programme, policy):
    """Return the programme with all customers in one class, without a rule of fair sharing and with it."""
    customers = programme[Customer]
    one = programme.replace(customers.with_column("demand_class", np.ones_like(customers.demand_class)))
    return one, with_rule(one, {"rule": "F", "kind": "fair sharing", "policy": policy})


def keeps_classes_and_is_fair(programme, policy):
    before, after = shared_fairly(programme, policy)
    values, (run, shared) = planned(before)[1], planned(after)
    assert_equal(values, shared)
    assert audit_tables(after, run.info, run.tables) == []
    fair = [s for s in run.info["objective"]["stages"] if s["stage"].endswith("worst served")]
    assert run.info["status"] != "optimal" or all(s["gap"] <= 1e-3 for s in fair)


POLICIES = st.sampled_from(("proportional", "uniform gains", "uniform losses"))


@few
@given(programmes(), POLICIES)
def test_fair_sharing_takes_nothing_from_a_class(programme, policy):
    keeps_classes_and_is_fair(programme, policy)


@pytest.mark.long
@many
@given(programmes(), POLICIES)
def test_fair_sharing_takes_nothing_from_a_class_in_many(programme, policy):
    keeps_classes_and_is_fair(programme, policy)


# What customers are sure of costs others, never those who are sure of it.


def allocated(programme, low):
    """Return the programme with a rule by which its last class is sure of a share of all that is delivered."""
    last = max({"1"} | {str(int(c)) for c in programme[Customer].demand_class})
    sure = {"rule": "M", "kind": "minimum allocation", "scope": (f"class {last}",), "policy": "share"}
    return with_rule(programme, {**sure, "low": low, "window_days": 7.0})


def gains_without_the_rule(programme, low):
    sure = allocated(programme, low)
    run, values = planned(sure)
    assert_no_worse(values, planned(programme)[1])
    assert audit_tables(sure, run.info, run.tables) == []


@few
@given(programmes(), st.sampled_from((0.2, 0.5, 0.9)))
def test_dropping_a_minimum_allocation_never_hurts_the_order_of_classes(programme, low):
    gains_without_the_rule(programme, low)


@pytest.mark.long
@many
@given(programmes(), st.sampled_from((0.2, 0.5, 0.9)))
def test_dropping_a_minimum_allocation_never_hurts_the_order_of_classes_in_many(programme, low):
    gains_without_the_rule(programme, low)


# Nor does a rolling limit on hours help anybody.


def gains_without_rolling_hours(programme, high):
    rule = {"rule": "R", "kind": "rolling hours", "window_days": 7.0}
    tight, wide = (with_rule(programme, {**rule, "high": h}) for h in (high, 2 * high))
    (run, values), looser = planned(tight), planned(wide)[1]
    assert_no_worse(values, looser)
    assert_no_worse(looser, planned(programme)[1])
    assert audit_tables(tight, run.info, run.tables) == []


@few
@given(programmes(), st.sampled_from((4.0, 15.0, 40.0)))
def test_relaxing_rolling_hours_never_hurts_the_order_of_classes(programme, high):
    gains_without_rolling_hours(programme, high)


@pytest.mark.long
@many
@given(programmes(), st.sampled_from((4.0, 15.0, 40.0)))
def test_relaxing_rolling_hours_never_hurts_the_order_of_classes_of_many(programme, high):
    gains_without_rolling_hours(programme, high)


# One tranche more, that asks for nothing, never hurts where money is a limit without it.

TERMS = {
    "money": {},
    "tied": {"pays_for": ("purchases",)},
    "expiring": {"expiry": date(2026, 6, 12)},
    "credit": {"instrument": "credit line", "interest_per_year_share": 0.1},
}


def gains_by_a_tranche(programme, terms, day, pool):
    table = programme[Tranche]
    pools = {str(p): str(k) for p, k in zip(table.pool, table.kind, strict=True) if k != "outside"}
    assume(pool in pools)
    more = {"tranche": "more", "pool": pool, "kind": pools[pool], "amount": 400.0, "date": day, **TERMS[terms]}
    richer_ = with_rows(programme, {"funding": [*(asdict(t) for t in table.rows()), more]})
    run, values = planned(richer_)
    assert_no_worse(planned(programme)[1], values)
    assert [str(f) for f in audit_tables(richer_, run.info, run.tables)] == []


DAYS = st.dates(date(2026, 5, 25), date(2026, 6, 12))


@few
@given(programmes(), st.sampled_from(sorted(TERMS)), DAYS, st.sampled_from(("V", "G")))
def test_a_tranche_more_never_hurts_the_order_of_classes(programme, terms, day, pool):
    gains_by_a_tranche(programme, terms, day, pool)


@pytest.mark.long
@many
@given(programmes(), st.sampled_from(sorted(TERMS)), DAYS, st.sampled_from(("V", "G")))
def test_a_tranche_more_never_hurts_the_order_of_classes_of_many(programme, terms, day, pool):
    gains_by_a_tranche(programme, terms, day, pool)


# Nor does it help if a task waits until money lies there.


def gains_without_a_need_of_money(programme, least, pool):
    tasks = programme[Task]
    assume(len(tasks) and pool in programme[Tranche].pool)
    rows = [asdict(t) for t in tasks.rows()]
    rows[0]["needs"] = (f"money:{pool}>={least}",)
    waiting = with_rows(programme, {"tasks": rows})
    run, values = planned(waiting)
    assert [str(f) for f in audit_tables(waiting, run.info, run.tables)] == []
    free = with_rows(programme, {"tasks": [{**rows[0], "needs": ()}, *rows[1:]]})
    assert_no_worse(values, planned(free)[1])


LEAST = st.sampled_from((1, 250, 900, 2000, 6000))


@few
@given(programmes(), LEAST, st.sampled_from(("V", "V", "G")))
def test_waiting_for_money_never_helps_the_order_of_classes(programme, least, pool):
    gains_without_a_need_of_money(programme, least, pool)


@pytest.mark.long
@many
@given(programmes(), LEAST, st.sampled_from(("V", "V", "G")))
def test_waiting_for_money_never_helps_the_order_of_classes_of_many(programme, least, pool):
    gains_without_a_need_of_money(programme, least, pool)
