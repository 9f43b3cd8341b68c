"""The answer in a few lines."""

from pathlib import Path

import pytest

from tandemplan.report.facts import limits, tightest
from tandemplan.report.figures.costs import meaning
from tandemplan.report.headline import headline, holding_back
from tandemplan.report.measures import said
from tandemplan.report.page import chips
from tandemplan.report.summary import five_lines, has_plan, plan_lines
from tandemplan.report.sureness import ended, proof
from tandemplan.results.store import Run
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of


def test_first_steps_in_five_lines(run, programme):
    assert five_lines(run, programme) == [
        (
            "Delivered: 36 of 42 units (85.7 %). In order of service: city 22 of 22 units (100 %); "
            "school 14 of 20 units (70 %)."
        ),
        (
            "By when: First delivery 5 Jun 2026, last 26 Jun 2026; 76.2 % of what is asked for is delivered on time, "
            "4 units late, by 7 days on average, 7 at most."
        ),
        "Never: 6 units are not delivered: 6 × Bicycle for school.",
        "Cost: 3,002.80 EUR: purchases 3,000 EUR and holding 2.80 EUR.",
        (
            "Limit: Hours of bench, from 15 Jun 2026 to 28 Jun 2026; then supply of Kit of parts. "
            "Best possible under its assumptions: on these periods and days, no plan serves these classes in their order with less delay."
        ),
    ]


def test_below_them_stand_the_proofs(run, programme):
    lines = plan_lines(run, programme)
    assert lines[:5] == five_lines(run, programme)
    assert len(lines) <= 12
    assert "Class 2: 116 unit-days late; value 116, bound 116, gap 0 %; classes before it cost it 116 of that." in lines
    assert lines[-1] == "Not counted: Minimum shipments are relaxed."


@pytest.mark.parametrize(("lost", "words"), [(0, ""), (80, ", with sales lost")])
def test_the_cost_has_its_bound_and_gap_too(programme, lost, words):
    stages = [{"stage": "cost", "value": 200.0, "bound": 190.0, "gap": 0.05}]
    text = f"[classes]\ndemand_class,gap\n1,0\n[costs]\nterm,amount\nlost_revenue,{lost}\n"
    lines = plan_lines(run_of(text, objective={"stages": stages}), programme)
    assert f"Costs that the plan decides{words}: present value 200 EUR, bound 190 EUR, gap 5 %." in lines


def test_every_term_of_the_cost_is_explained(programme):
    golden = Path(__file__).parents[1] / "golden" / "first_steps" / "costs.csv"
    terms = [line.partition(",")[0].replace("_", " ") for line in golden.read_text().splitlines()[1:]]
    assert len(terms) > 20
    assert [t for t in terms if not meaning(t, programme)] == []


def test_a_plan_without_any_delay_says_so():
    programme = programme_of("start = 2026-06-01\n[items]\nitem,unit\nfuel,l")
    run = run_of("""
        [deliveries]
        demand,demand_class,item,quantity,due,delivered
        d,1,fuel,1500,2026-06-05,2026-06-05
        [demand_summary]
        demand,demand_class,item,quantity,due,on_time
        d,1,fuel,1500,2026-06-05,1500
        [classes]
        demand_class,demanded,on_time
        1,1500,1500
        [costs]
        term,amount
        lost_revenue,0
    """)
    assert five_lines(run, programme) == [
        "Delivered: class 1 1,500 of 1,500 l (100 %).",
        "By when: First delivery 5 Jun 2026, last 5 Jun 2026; everything is on time.",
        "Never: Nothing that is asked for is lost.",
        "Cost: 0 EUR.",
        "Limit: Nothing; everything asked for comes on time. Best possible under its assumptions: on these periods and days, no plan serves these classes in their order with less delay.",
    ]


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.0008, "no plan has delays more than 0.08 % smaller"),
        (float("nan"), "is not proved"),
        (float("inf"), "is not proved"),
        (0.0, "with less delay"),
    ],
)
def test_the_proof_is_as_sure_as_the_worst_gap(gap, said):
    run = run_of("[classes]\ndemand_class,gap\n1,0\n2,0.00001")
    run.tables["classes"]["gap"][1] = gap
    assert said in proof(run)


def test_lost_sales_are_no_spending(run, programme):
    costs = run_of("[costs]\nterm,amount\npurchases,2000000\nlost_revenue,1500000").tables["costs"]
    lines = five_lines(Run(run.info, {**run.tables, "costs": costs}), programme)
    assert (
        lines[3]
        == "Cost: 2.0 million EUR: purchases 2.0 million EUR. Besides, sales of 1.5 million EUR are lost: no part of this cost."
    )


def test_an_infeasible_run_says_what_conflicts(programme):
    conflicts = [{"text": f"room {n} is too small by 1 m3."} for n in range(9)]
    run = run_of("", status="infeasible", conflicts=conflicts)
    lines = plan_lines(run, programme)
    assert not has_plan(run)
    assert lines[:2] == ["No plan: 9 limits cannot all be kept.", "Conflict: room 0 is too small by 1 m3."]
    assert lines[-1] == "Conflict: 3 more."
    assert len(five_lines(run, programme)) == 5


def test_what_would_help_and_what_is_not_proved_is_said(programme):
    conflicts = [{"text": f"room {n} is too small.", "conflict": 1 + n // 2} for n in range(4)]
    search = {"irreducible": False, "complete": False, "reason": "stopped by the time limit"}
    run = run_of(
        "",
        status="infeasible",
        conflicts=conflicts,
        remedies=[{"text": "1 m3 more room.", "changes": ["sites[P].storage_m3 += 1"]}],
        conflict_search=search,
    )
    unproved = "A conflict may hold a limit that it does not need and there may be other remedies"
    assert plan_lines(run, programme) == [
        "No plan: 4 limits cannot all be kept, in 2 conflicts.",
        *(f"Conflict {1 + n // 2}: room {n} is too small." for n in range(4)),
        'Would help: 1 m3 more room: --set "sites[P].storage_m3 += 1"',
        f"Not proved: {unproved} (the search ended early: stopped by the time limit).",
    ]
    nothing = run_of("", status="infeasible", conflict_search=search)
    assert plan_lines(nothing, programme) == [
        "No plan: not all limits can be kept, and which of them conflict is not known (stopped by the time limit)."
    ]


def test_a_run_stopped_too_early_says_so(programme):
    run = run_of("", status="stopped", reason="stopped by the time limit")
    assert five_lines(run, programme) == [
        "No plan: the run ended before any plan was found (stopped by the time limit)."
    ]


def test_a_replan_does_not_ask_for_more_time(programme):
    stages = [{"stage": "class 1", "gap": 1, "finished": False}]
    run = run_of("[classes]\ndemand_class,gap\n1,1\n", status="feasible", verb="replan", objective={"stages": stages})
    assert ended(run) == ""
    assert proof(run) == "Nothing is proved of a re-plan."
    assert holding_back(run, programme).startswith("Not sought: ")


def test_limits_of_deliveries_come_first_and_gather_periods(run, programme):
    found = limits(run, programme)
    assert [(x.family, x.name, x.periods, x.demands) for x in found] == [
        ("hours", "bench", 2, 2),
        ("balance", "kit", 1, 1),
        ("offers", "kits", 1, 0),
    ]
    assert said(found[0], ("weighted m3-days", "hour")) == (
        "Hours of bench holds back class 2 firm from 15 Jun 2026 to 28 Jun 2026 (2 periods) and hurts 2 demands; "
        "one more hour is worth up to 6 weighted m3-days."
    )


def test_the_tightest_resource_is_full_in_most_periods(run):
    (about, members), *others = tightest(run)
    assert (about["resource"], about["full"], about["used"], len(members)) == ("bench", 3, 144, 4)
    assert others == [], "a resource that is never used is not tight"


@pytest.mark.parametrize(
    ("worse", "tone", "said", "chip"),
    [
        ([], "good", "", False),
        (["Cash.", "Rules."], "", "Counting 2 of them could only make deliveries fewer or later: where the true", True),
        (["Cash."], "", "Counting 1 of them could only make deliveries fewer or later. All stand", False),
    ],
)
def test_a_best_plan_that_leaves_out_what_would_harm_it_is_not_shown_as_all_good(
    run, programme, worse, tone, said, chip
):
    noted = Run({**run.info, "notes": ["Cash.", "Rules.", "Hiring."], "hopeful_notes": worse}, run.tables)
    top = headline(noted, programme)
    proved = next(t for t in top.tiles if t.name == "Proof")
    assert (proved.tone, proved.figure) == (tone, "best possible")
    assert (f"{len(worse)} of which could only make deliveries fewer or later" in proved.below) == bool(worse)
    assert said in top.answers[-1][1]
    assert ("Counting" in top.answers[-1][1]) == bool(worse)
    assert ("most of what is left out could only lower deliveries" in chips(noted, programme)) == chip
