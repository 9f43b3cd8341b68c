"""Plans of the examples: equal to what is derived by hand, or to golden tables; proved, and audited clean.

`pytest tests/examples/test_plans.py --update-golden` (with `-m long` for the joint plant) writes the golden tables anew;
review the difference by hand.
"""

from importlib import import_module
from pathlib import Path

import pytest

from tandemplan.audit import audit
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan
from tandemplan.report.page import page
from tandemplan.results.fields import Type
from tandemplan.results.shape import CLASSES, COSTS, SHAPES, TASKS
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import read_table, table_text, write_run
from tandemplan.simulate.answer import SimulationOptions, simulate

ROOT = Path(__file__).parents[2]
EXAMPLES, GOLDEN = ROOT / "examples", ROOT / "tests" / "golden"
TANKER = [s.name for s in sorted((EXAMPLES / "tanker_base" / "scenarios").iterdir())]
NETWORK = (
    "task",
    "start",
    "end",
    "slack_days",
    "critical",
)  # by when a task is needed hangs on which of the best plans it is
SETTLED = ("demand_class", "demanded", "value", "bound", "gap")  # the same in every best plan


def planned(name, folder, *, scenario=None, options=None):
    """Return the plan of an example, audited clean, with a bound for each class."""
    path = EXAMPLES / name
    programme = read(path, [path / "scenarios" / scenario] if scenario else [])
    run = plan(programme, options or PlanOptions())
    assert run.info["status"] in ("optimal", "feasible"), run.info["conflicts"]
    assert [str(f) for f in audit(write_run(run, programme, folder / "run")).findings] == []
    assert (run[CLASSES]["bound"] <= run[CLASSES]["value"]).all()
    return run


@pytest.fixture
def golden(request):
    """A function that compares columns of a result table with the golden one: numbers within `relative`, all else equal."""

    def compare(run, example, shape, *, columns=None, relative=1e-6):
        file = GOLDEN / example / f"{shape.name}.csv"
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(table_text(shape, run[shape]), encoding="utf-8")
        wanted = read_table(shape, file)
        for field in shape.fields:
            if columns is None or field.name in columns:
                found = run[shape][field.name]
                assert len(found) == len(wanted[field.name]), shape.name
                if field.type in (Type.UNITS, Type.MONEY):
                    least = 0.011 if field.type is Type.MONEY else 2e-6
                    assert found == pytest.approx(wanted[field.name], rel=relative, abs=least), field.name
                else:
                    assert found.astype(str).tolist() == wanted[field.name].astype(str).tolist(), field.name

    def compare_costs(run, example, relative):
        """Compare given costs term by term and decided ones in all: among best plans money may change its term."""
        file = GOLDEN / example / "costs.csv"
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(table_text(COSTS, run[COSTS]), encoding="utf-8")
        wanted, found = read_table(COSTS, file), run[COSTS]
        decided = wanted["decided"]
        assert found["term"].tolist() == wanted["term"].tolist()
        assert found["decided"].tolist() == decided.tolist()
        for column in ("amount", "present_amount"):
            given = ~decided
            assert found[column][given] == pytest.approx(wanted[column][given], rel=1e-6, abs=0.011), column
        present = wanted["present_amount"][decided].sum()
        assert found["present_amount"][decided].sum() == pytest.approx(present, rel=relative, abs=0.1)

    compare.costs = compare_costs
    return compare


# First steps: every number stands in its README.


def cells(run, table, *columns):
    frame = run.tables[table]
    return list(zip(*(frame[c].astype(str) if frame[c].dtype.kind == "M" else frame[c] for c in columns), strict=True))


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return planned("first_steps", tmp_path_factory.mktemp("first_steps"))


def test_first_steps_has_the_class_values_and_cost_of_its_readme(first):
    assert first.info["status"] == "optimal"
    assert cells(first, "classes", "demand_class", "demanded", "on_time", "late", "lost", "value", "bound") == [
        (1, 22, 18, 4, 0, pytest.approx(28), pytest.approx(28)),
        (2, 20, 14, 0, 6, pytest.approx(116), pytest.approx(116)),
    ]
    amounts = dict(cells(first, "costs", "term", "amount"))
    assert {t: a for t, a in amounts.items() if a} == {"purchases": 3000.00, "holding": 2.80}
    assert first.info["totals"]["cost"] == 3002.80


def test_first_steps_makes_and_delivers_what_its_readme_says(first):
    fridays = ["2026-06-05", "2026-06-12", "2026-06-19", "2026-06-26"]
    assert cells(first, "purchases", "receipt", "quantity") == [(d, pytest.approx(10)) for d in fridays[1:]]
    assert cells(first, "production", "end", "good") == [
        (d, pytest.approx(n)) for d, n in zip(fridays, (6, 10, 10, 10), strict=True)
    ]
    assert sorted(cells(first, "deliveries", "demand", "delivered", "quantity", "late_days")) == [
        ("C1", "2026-06-05", pytest.approx(6), 0),
        ("C1", "2026-06-12", pytest.approx(4), 7),
        ("C2", "2026-06-19", pytest.approx(12), 0),
        ("S1", "2026-06-12", pytest.approx(4), 0),
        ("S2", "2026-06-26", pytest.approx(10), 0),
    ]
    stock = first.tables["stock"]
    assert stock["closing"][stock["item"] == "bike"] == pytest.approx([0, 2, 0, 0])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
def test_first_steps_equals_its_golden_tables(first, golden, shape):
    golden(first, "first_steps", shape)


@pytest.mark.parametrize(
    ("change", "values", "lost"),
    [
        ("customers[school].demand_class = 1", [130], None),
        ("work_centres[bench].stations = 2", None, None),
        ("offers[kits].lead_days = 4", None, [0, 2]),
    ],
)
def test_what_to_try_in_first_steps_comes_out_as_its_readme_says(change, values, lost):
    run = plan(read(EXAMPLES / "first_steps", sets=[change]))
    assert run.info["status"] == "optimal"
    if values is not None:
        assert run[CLASSES]["value"] == pytest.approx(values)
    if lost is not None:
        assert run[CLASSES]["lost"] == pytest.approx(lost)
    if "stations" in change:
        frame = run.tables["production"]
        made = dict(zip(frame["end"].astype(str), frame["good"], strict=True))
        assert made["2026-06-05"] == pytest.approx(6)
        assert max(made.values()) > 10


# The tanker base.


def test_the_tanker_base_is_planned_to_the_end(golden, tmp_path, differences):
    run = planned("tanker_base", tmp_path)
    golden(run, "tanker_base", TASKS, columns=NETWORK)
    classes = run[CLASSES]
    assert (classes["lost"] + classes["late"] <= 0.03 * classes["demanded"]).all(), (
        "whole orders of fuel cost little service"
    )
    found = differences(read(EXAMPLES / "tanker_base"), run)
    assert found.delivered == pytest.approx(1, abs=0.01)
    assert (found.late <= 1).mean() > 0.98, "without randomness its simulation keeps the plan to the day"


@pytest.mark.parametrize("scenario", TANKER)
def test_each_scenario_of_the_tanker_base_is_planned_to_the_end(scenario, tmp_path):
    run = planned("tanker_base", tmp_path, scenario=scenario)
    assert len(run.info["scenarios"]) == 1


def test_the_surge_asks_for_more_and_a_second_refinery_out_hurts_class_1(tmp_path):
    base = planned("tanker_base", tmp_path / "base")[CLASSES]
    surge = planned("tanker_base", tmp_path / "surge", scenario="sc-01-surge")[CLASSES]
    inland = planned("tanker_base", tmp_path / "inland", scenario="sc-04-inland-refinery-fails")[CLASSES]
    assert surge["demanded"].sum() > base["demanded"].sum()
    assert inland["value"][0] > 2 * base["value"][0]


# The joint plant.


@pytest.mark.long
def test_the_joint_plant_is_planned_to_the_end_in_little_memory(tmp_path, differences, monkeypatch):
    """With people, shifts, stations and learning everything is delivered on time, and proved; what it costs is, to a tenth."""
    run = planned("joint_plant", tmp_path, options=PlanOptions(time_limit=1200, memory_mb=4096))
    classes = run[CLASSES]
    assert (classes["gap"] <= 0.01).all()
    assert classes["lost"] == pytest.approx(0, abs=1e-3)
    gaps = {stage["stage"]: stage["gap"] for stage in run.info["objective"]["stages"]}
    assert gaps["stock"] <= 0.06, "whole orders bring more than targets ask"
    assert gaps["cost"] <= 0.12
    learning = run.tables["learning"]
    hours = learning["hours_per_unit"][(learning["item"] == "A-FW-AIR") & (learning["step"] == 10)]
    assert hours[0] > 70, "the first wings take nearly 95 hours"
    assert hours[-1] < 30, "the last ones nearly the 26 of the plateau"
    assert run.tables["people"]["hired"].sum() > 20
    assert len(page(run, read(EXAMPLES / "joint_plant")).encode()) < 4_000_000, "its page can be sent by mail"
    keeps_the_joint_plant(differences(read(EXAMPLES / "joint_plant"), run))
    monkeypatch.setattr(import_module("tandemplan.simulate.run"), "BLOCK", 5)
    one, two, seven = (simulated(read(EXAMPLES / "joint_plant"), run, workers=n) for n in (1, 2, 7))
    assert one == two == seven, "the number of processes changes no byte"


def simulated(programme, run, *, workers):
    """Return the text of each table of 37 replications of a plan, by so many processes."""
    options = SimulationOptions(37, None, 7)
    found = simulate(programme, run, options, workers=workers, progress=lambda _: None)
    return {s.name: table_text(s, found.tables[s.name]) for s in SIMULATION_SHAPES}


def keeps_the_joint_plant(found):
    """Without randomness its simulation keeps the plan: docs/simulation.md explains the days that it may be behind."""
    assert found.delivered == pytest.approx(1, abs=0.01)
    assert (found.late <= 7).mean() > 0.998, (
        "every delivery is within a week of the plan, but for one or two that wait for a rate"
    )
    assert (found.late[found.demand_class == 1] <= 7).all()
    assert found.hours == pytest.approx(dict.fromkeys(found.hours, 1.0), abs=0.01), "hours are those of the plan"


@pytest.mark.long
@pytest.mark.parametrize("scenario", ["sc-04-host-plant-outage", "sc-06-demand-surge"])
def test_the_joint_plant_has_a_plan_with_every_rule_within_minutes_when_something_happens(scenario, tmp_path):
    """Its first plan of goods alone cannot be made whole in these; the rest of the eleven stand in benchmarks/scenarios.md."""
    run = planned("joint_plant", tmp_path, scenario=scenario, options=PlanOptions(time_limit=240, memory_mb=4096))
    classes = run[CLASSES]
    assert (classes["gap"] <= 0.01).all()
    assert classes["lost"] == pytest.approx(0, abs=1e-3)
    assert run.tables["cash"]["closing"].min() >= -0.01
