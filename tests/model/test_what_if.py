"""Single changes, `table[rows].column = value`: every fault where it was written, with what was meant, and what a run remembers."""

import json

import pytest

import tandemplan as tp
from tandemplan.model.examples import examples_folder
from tandemplan.model.reading import check
from tandemplan.testing.models import programme_of

RISKS = """
start = 2026-06-01
periods = 4 weeks
[risks]
risk,rate_per_year,probability,duration_days
flood,0.5,,7
storm,2,,7
strike,,0.1,7
"""
FAULTS = {
    "work_centre[bench].stations = 2": "there is no table 'work_centre'. Did you mean 'work_centres'? [unknown-table]",
    "work_centres[bensh].stations = 2": "no row of work_centres is 'bensh'. Did you mean 'bench'? [unknown-row]",
    "work_centres[bench].station = 2": "table 'work_centres' has no column 'station'. Did you mean 'stations'? [unknown-column]",
    "work_centres[bench].stations = two": "stations is 'two'; it must be a number (stations). [not-a-number]",
    "work_centres[bench].stations = -1": "stations is -1; it must be at least 0. [too-small]",
    "work_centres.stations = 2": "no row of work_centres is ''. Say which in brackets: work_centres[key], or work_centres[*] for all of them. [unknown-row]",
    "demands[customer=citty].weight_factor = 2": "no row of demands is 'customer=citty'. Did you mean 'customer=city'? [unknown-row]",
    "demands[customer=city|demand=S1].weight_factor = 2": "no row of demands is 'customer=city|demand=S1'. Each condition holds for some row, all of them for none. [unknown-row]",
    "stock[bike].quantity_units = 2": "no row of stock is 'bike'. Its rows are '|kit|'. [unknown-row]",
    "funding[bike].amount = 2": "no row of funding is 'bike'. The table funding is empty. [unknown-row]",
    "programme[x].objective = cost": "programme has no rows such as 'x'; it holds the settings. Write programme.objective, without brackets. [unknown-row]",
    "programme.objective = csot": "objective is 'csot'; it must be one of classes, stock, cost; cost. Did you mean 'cost'? [unknown-choice]",
    "demands[C1].customer = cty": "customer 'cty' is not in customers, in demands.csv:2 after 'demands[C1].customer = cty'. Did you mean 'city'? [unknown-name]",
}  # fmt: skip


@pytest.mark.parametrize("change", FAULTS)
def test_a_fault_stands_at_the_change_with_its_remedy(change):
    folder = examples_folder() / "first_steps"
    assert list(map(str, check(folder, sets=[change]).problems)) == [f"--set: {FAULTS[change]}"]
    with pytest.raises(tp.ProgrammeFaultsError) as caught:
        tp.example("first_steps").with_changes("offers[kits].lead_days = 3", change)
    assert list(map(str, caught.value.problems)) == [f"changes:2: {FAULTS[change]}"]


def test_of_several_cells_the_blank_ones_stay_blank():
    """Two of three risks have a rate: both double; where all cells are blank there is nothing to multiply, and that is a fault."""
    bench = programme_of(RISKS)
    doubled = bench.with_changes("risks[*].rate_per_year *= 2").frame("risks").set_index("risk")["rate_per_year"]
    assert doubled.dropna().to_dict() == {"flood": 1.0, "storm": 4.0}
    assert doubled.isna().sum() == 1
    with pytest.raises(tp.ProgrammeFaultsError, match="blank-cell"):
        bench.with_changes("risks[strike].rate_per_year *= 2")


def test_what_was_changed_is_remembered_by_programme_run_and_disk(tmp_path):
    one = tp.example("first_steps").with_changes("work_centres[bench].stations=2")
    two = one.with_changes("offers[kits].lead_days += 1")
    said = ("work_centres[bench].stations = 2", "offers[kits].lead_days += 1")
    assert (one.changes, two.changes) == (said[:1], said)
    run = tp.plan(two)
    folder = run.save(tmp_path / "run")
    assert json.loads((folder / "run.json").read_text())["changes"] == list(said)
    opened = tp.open_run(folder)
    assert (opened.programme.changes, opened.info["programme"]["digest"]) == (said, two.digest)


def test_runs_are_called_by_their_changes_where_scenarios_do_not_tell_them_apart():
    bench = tp.example("first_steps")
    both = tp.compare(tp.plan(bench), tp.plan(bench.with_changes("work_centres[bench].stations = 2")))
    assert both.summary().startswith("With work_centres[bench].stations = 2 (B) against no change (A): ")
