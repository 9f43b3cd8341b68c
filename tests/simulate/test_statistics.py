"""Result tables from outcomes made up by hand, every number reckoned here."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tandemplan.results.frames import frame_of
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import Run
from tandemplan.simulate.effects import variance_shares
from tandemplan.simulate.statistics import half_width, tables_of
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .made_up import outcomes

MODEL = """
    start = 2026-06-01
    periods = 4 weeks
    [items]
    item
    bike
    [customers]
    customer,demand_class
    host,1
    guest,2
    [contracts]
    contract,customer,item
    H,host,bike
    G,guest,bike
    [demands]
    demand,contract,quantity_units,due
    H1,H,10,2026-06-05
    H2,H,10,2026-06-19
    G1,G,20,2026-06-26
    [offers]
    offer,supplier,item,lead_days,unit_price
    all,,bike,1,1
"""
PLAN = """
    [demand_summary]
    demand,customer,demand_class,item,quantity,due,on_time,late,lost,last_delivery
    H1,host,1,bike,10,2026-06-05,10,0,0,2026-06-05
    H2,host,1,bike,10,2026-06-19,10,0,0,2026-06-19
    G1,guest,2,bike,20,2026-06-26,15,0,5,2026-06-26
    [deliveries]
    demand,item,quantity,due,delivered
    H1,bike,10,2026-06-05,2026-06-05
    H2,bike,10,2026-06-19,2026-06-19
    G1,bike,15,2026-06-26,2026-06-26
    [production]
    [load]
    resource,kind,site,period_start,available_hours,used_hours
    bench,work centre,shop,2026-06-01,40,10
    bench,work centre,shop,2026-06-08,40,30
    [tasks]
    task,occurrence,start,end
    hall,1,2026-06-01,2026-06-03
    [funding]
    tranche,pool,kind
    seed,own,company
    [cash]
    pool,period_start,closing,least
    own,2026-06-01,50,10
    own,2026-06-08,40,10
    own,2026-06-15,60,10
    own,2026-06-22,70,10
    [origin]
    rule,product,evidence,share,limit
    R,bike,2026-06-28,0.2,0.35
"""
DEMANDS, CONTRACTS = ("H1", "H2", "G1"), ("H", "G", "")


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL.replace("supplier,", "").replace("all,,", "all,"))


def told(programme, made, table):
    """The rows of one table of a simulation, as dicts."""
    shape = next(s for s in SIMULATION_SHAPES if s.name == table)
    return frame_of(Run({}, tables_of(made, programme, run_of(PLAN))), shape).to_dict("records")


def four(**given):
    """Four replications: H1 on time in three, late in one; H2 in all; G1 asked for in two, complete in one of them, late."""
    base = {
        "demands": DEMANDS,
        "contracts": CONTRACTS,
        "asked": [[10, 10, 20], [10, 10, 20], [10, 10, 0], [10, 10, 0]],
        "on_time": [[10, 10, 15], [10, 10, 10], [10, 10, 0], [5, 10, 0]],
        "delivered": [[10, 10, 20], [10, 10, 10], [10, 10, 0], [10, 10, 0]],
        "done": [[4, 18, 27], [3, 18, np.inf], [2.5, 11, np.inf], [9, 18, np.inf]],
        "first": [[4, 20, np.inf], [3, 21, np.inf], [2, np.inf, np.inf], [1, np.inf, np.inf]],
    }
    return outcomes(4, 4, **(base | given))


def test_promises(programme):
    h1, _, g1 = told(programme, four(), "promises")
    assert (h1["asked_chance"], h1["on_time_chance"], h1["on_time_share"], h1["never_chance"]) == (1, 0.75, 0.875, 0)
    assert (g1["asked_chance"], g1["asked"], g1["on_time_chance"], g1["never_chance"]) == (0.5, 20, 0, 0.5)
    assert g1["on_time_share"] == 0.625
    assert (h1["due"].date(), h1["planned"].date()) == (date(2026, 6, 5), date(2026, 6, 5))
    assert pd.isna(g1["planned"])  # five units are never delivered
    days = [h1[f"done_{q}"].date().day for q in ("low", "middle", "high")]
    assert days == [3, 4, 10]  # of 2.5, 3, 4, 9: ranks 1, 2 and 4, a day being the one that holds the moment
    assert (h1["customer"], h1["demand_class"], h1["item"]) == ("host", 1, "bike")


def test_groups(programme):
    rows = {(r["kind"], r["name"]): r for r in told(programme, four(), "promise_groups")}
    assert list(rows) == [
        ("all", "all"), ("class", "1"), ("class", "2"), ("customer", "guest"), ("customer", "host"),
        ("contract", "G"), ("contract", "H"), ("item", "bike"),
    ]  # fmt: skip
    host, guest, everyone = rows["class", "1"], rows["class", "2"], rows["all", "all"]
    assert (host["on_time_share"], host["all_on_time_chance"], host["total_chance"]) == (
        0.9375,
        0.75,
        1,
    )
    assert (guest["asked"], guest["all_on_time_chance"], guest["total_chance"]) == (10, 0, 0.5)
    assert everyone["on_time_share"] == pytest.approx((35 / 40 + 30 / 40 + 1 + 15 / 20) / 4)
    assert (host["planned_on_time_share"], guest["planned_on_time_share"]) == (1, 0.75)
    assert (host["first_chance"], guest["first_chance"], host["first_middle"].date()) == (1, 0.5, date(2026, 6, 3))
    assert guest["planned_first"].date() == date(2026, 6, 26)
    assert (host["first_by_planned_chance"], guest["first_by_planned_chance"]) == (1, 0.5)


def test_a_group_whose_line_is_shared_has_no_first_delivery(programme):
    """Without contracts the outcomes tell one line of all demands: the whole has its fan, its classes have none."""
    bare = programme_of("""
        start = 2026-06-01
        periods = 4 weeks
        [items]
        item
        bike
        [customers]
        customer,demand_class
        host,1
        guest,2
        [demands]
        demand,customer,item,quantity_units,due
        H1,host,bike,10,2026-06-05
        G1,guest,bike,20,2026-06-26
        [offers]
        offer,item,lead_days,unit_price
        all,bike,1,1
    """)
    made = outcomes(3, 4, demands=("H1", "G1"), asked=np.full((3, 2), 10), first=[[2], [3], [4]])
    rows = {(r["kind"], r["name"]): r for r in told(bare, made, "promise_groups")}
    assert rows["all", "all"]["first_chance"] == 1
    assert np.isnan(rows["class", "1"]["first_chance"])
    assert {(r["kind"], r["name"]) for r in told(bare, made, "fan")} == {("all", "all"), ("item", "bike")}


def test_fan(programme):
    curve = np.zeros((4, 3, 4))
    curve[:, 0] = [[10, 10, 20, 20], [10, 10, 20, 20], [10, 20, 20, 20], [5, 10, 20, 20]]
    rows = told(programme, four(curve=curve, items=("bike",), made=curve[:, 0:1]), "fan")
    host = [r for r in rows if (r["kind"], r["name"]) == ("contract", "H")]
    assert [r["planned"] for r in host] == [10, 10, 20, 20]
    assert [r["asked"] for r in host] == [10, 10, 20, 20]
    assert [r["mean"] for r in host] == [8.75, 12.5, 20, 20]
    assert [host[0][f"units_{q}"] for q in ("low", "middle", "high")] == [5, 10, 10]
    made = [r for r in rows if r["kind"] == "made"]
    assert [r["planned"] for r in made] == [0, 0, 0, 0]
    assert np.isnan(made[0]["asked"])


def test_tasks(programme):
    ends = [[2.0], [2.5], [3.0], [np.inf]]
    (hall,) = told(programme, four(tasks=("hall",), task_end=ends), "task_chances")
    assert (hall["planned_end"].date(), hall["by_planned_chance"], hall["never_chance"]) == (
        date(2026, 6, 3),
        0.5,
        0.25,
    )
    assert [hall[f"end_{q}"].date().day for q in ("low", "middle")] == [3, 3]
    assert pd.isna(hall["end_high"])


def test_cash(programme):
    cash = [[50, 40, 60, 70], [50, 9, 60, 70], [50, -5, 60, 70], [50, 40, 5, 70]]
    made = four(cash=cash, held=[0, 0, 8, 4])
    fan = told(programme, made, "cash_fan")
    assert [r["planned"] for r in fan] == [50, 40, 60, 70]
    assert [r["below_least_chance"] for r in fan] == [0, 0.5, 0.25, 0]
    assert [r["below_zero_chance"] for r in fan] == [0, 0.25, 0, 0]
    (low,) = told(programme, made, "cash_low")
    assert (low["planned"], low["lowest_middle"], low["dry_chance"]) == (40, 5, 0.75)
    assert (low["held_chance"], low["held_order_days"]) == (0.5, 3)
    assert told(programme, four(), "cash_fan") == told(programme, four(), "cash_low") == []


def test_origin_and_use(programme):
    made = four(
        shared=("bike",), share=[[0.2], [0.3], [0.36], [0.2]],
        resources=("bench",), used=[[10], [20], [30], [40]], open_hours=[[80]] * 4,
    )  # fmt: skip
    (bike,) = told(programme, made, "origin_chances")
    assert (bike["limit"], bike["planned"], bike["above_chance"]) == (0.35, 0.2, 0.25)
    (bench,) = told(programme, made, "utilisation")
    assert (bench["kind"], bench["site"], bench["planned"], bench["used"]) == ("work centre", "shop", 0.5, 0.3125)


def test_what_risks_cost(programme):
    """A strike in half of the replications makes 30 % of the units late, a storm in a quarter 10 %, apart from each other: variances 9 to 0.75."""
    count = 400
    strike, storm = np.arange(count) % 2, (np.arange(count) // 2 % 4 == 0).astype(float)
    late = 0.3 * strike + 0.1 * storm
    made = outcomes(
        count, 4, demands=DEMANDS, contracts=CONTRACTS, asked=np.full((count, 3), 10),
        on_time=10 * (1 - late)[:, None] * np.ones(3), risks=("strike", "storm", "flood"),
        happened=np.stack([strike, storm, 0 * storm], axis=1), active=np.stack([7 * strike, 3 * storm, 0 * storm], axis=1),
    )  # fmt: skip
    one, two, never, startup, rest = told(programme, made, "risk_effects")
    assert (one["happens_chance"], one["active_days"], never["happens_chance"]) == (0.5, 3.5, 0)
    assert (one["late_share_with"], one["late_share_without"]) == (pytest.approx(0.325), pytest.approx(0.025))
    assert one["late_share_more_from"] < 0.3 < one["late_share_more_to"]
    assert np.isnan(never["late_share_with"])
    whole = 0.09 * 0.25 + 0.01 * 0.1875
    assert one["variance_share"] == pytest.approx(0.09 * 0.25 / whole, abs=1e-6)
    assert two["variance_share"] == pytest.approx(0.01 * 0.1875 / whole, abs=1e-6)
    assert (never["variance_share"], startup["variance_share"]) == (0, 0)
    assert rest["variance_share"] == pytest.approx(0, abs=1e-6)


def test_shares_of_variance_of_noise():
    """A risk explains 0.8 of the variance, tasks of a chain 0.1 and noise 0.1; ten idle risks explain nothing that is sure."""
    draw = np.random.Generator(np.random.Philox(3))
    risks = draw.normal(size=(4000, 11))
    first = draw.normal(size=4000)
    tasks = np.stack([first, first, 2 * first], axis=1)
    outcome = np.sqrt(8) * risks[:, 0] + first + draw.normal(size=4000)
    found = variance_shares(outcome, risks, tasks)
    assert found.value[[0, 11, 12]] == pytest.approx([0.8, 0.1, 0.1], abs=0.02)
    assert (found.value[1:11] < 0.002).all()
    assert found.value.sum() == pytest.approx(1)
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()


def test_nothing_varies_nothing_is_explained(programme):
    made = four(risks=("strike",), happened=np.zeros((4, 1)), active=np.zeros((4, 1)))
    assert all(np.isnan(r["variance_share"]) for r in told(programme, made, "risk_effects"))


def test_precision_is_that_of_the_least_sure_class(programme):
    """1 of 2 on time in class 2 and few replications: wide; a hundred times as many: about a tenth of that."""
    made = four()
    run = run_of(PLAN)
    many = outcomes(400, 4, demands=DEMANDS, contracts=CONTRACTS, **{
        n: np.tile(getattr(made, n), (100, 1)) for n in ("asked", "on_time", "delivered", "done", "first")
    })  # fmt: skip
    wide, narrow = half_width(made, programme, run), half_width(many, programme, run)
    assert wide > 0.3
    assert narrow == pytest.approx(0.0686, abs=0.0005)  # Wilson of 100 of 200


def test_every_table_is_of_its_shape(programme):
    tables = tables_of(four(), programme, run_of(PLAN))
    assert list(tables) == [s.name for s in SIMULATION_SHAPES]
    for shape in SIMULATION_SHAPES:
        lengths = {len(v) for v in tables[shape.name].values()}
        assert tuple(tables[shape.name]) == shape.names
        assert len(lengths) == 1


def test_intervals_of_shares_of_variance_hold_the_truth_in_95_of_100():
    """300 samples of 200: risks that happen with 0.3, 0.1 and 0.5 and cost 1, 1 and nothing, tasks and noise beside them."""
    draw = np.random.Generator(np.random.Philox(5))
    likely, cost = np.array([0.3, 0.1, 0.5]), np.array([1.0, 1.0, 0.0])
    parts = np.array([*(cost**2 * likely * (1 - likely)), 0.1, 0.2])
    truth = parts / parts.sum()
    held = np.zeros(5)
    for _ in range(300):
        risks = (draw.random((200, 3)) < likely).astype(float)
        task = draw.normal(size=200) * np.sqrt(0.1)
        outcome = risks @ cost + task + draw.normal(size=200) * np.sqrt(0.2)
        found = variance_shares(outcome, risks, np.stack([task, task + draw.normal(size=200)], axis=1))
        held += (found.low <= truth) & (truth <= found.high)
    assert (held >= 0.91 * 300).all(), held
