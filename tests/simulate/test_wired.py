"""From the command to the folder with the true engine: the same bytes again, each line the sum of its demands, an early end."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import tandemplan as tp
from tandemplan.report.page import page
from tandemplan.results.simulation_shapes import SIMULATION_SHAPES
from tandemplan.results.store import table_text
from tandemplan.simulate.run import simulated
from tandemplan.testing.programmes import programmes


@pytest.fixture(scope="module")
def plan():
    """First steps, with lead times that vary."""
    return tp.plan(tp.example("first_steps").with_changes("offers[*].lead_sd_days = 3"))


def texts(simulation):
    return [table_text(s, simulation.answer.tables[s.name]) for s in SIMULATION_SHAPES]


def test_the_same_seed_gives_the_same_bytes_whoever_works(plan):
    one, other = (tp.simulate(plan, replications=120, workers=w) for w in (1, 3))
    assert texts(one) == texts(other)
    assert (one.id, one.status) == (other.id, "done")
    assert texts(one) != texts(tp.simulate(plan, replications=120, seed=2, workers=1))


def test_lines_of_demands_without_a_contract_are_told_by_customer_and_item(plan):
    found = simulated(plan.programme, plan.answer, replications=30, seed=1)
    assert found.contracts == ("|city|bike", "|school|bike")
    for k, demands in enumerate((["C1", "C2"], ["S1", "S2"])):
        members = np.isin(found.demands, demands)
        assert found.curve[:, k, -1] == pytest.approx(found.delivered[:, members].sum(axis=1), abs=1e-3)


def test_classes_have_fans_whether_or_not_demands_have_contracts(plan):
    fan = tp.simulate(plan, replications=30, workers=1).fan
    city = fan[(fan["kind"] == "class") & (fan["name"] == "1")]
    assert city["planned"].tolist() == [6, 10, 22, 22]
    assert (city["mean"].diff().dropna() >= 0).all()


def test_it_ends_when_it_is_precise_enough(plan):
    found = tp.simulate(plan, replications=100_000, precision=0.1, workers=1)
    assert found.replications < 1_000
    assert found.half_width <= 0.1
    assert "ended by the precision asked for" in found.summary()


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programmes())
def test_random_programmes_are_simulated_and_told(programme):
    """Programmes with whatever tables, plans with and without deliveries: no fault, no warning, every picture."""
    run = tp.plan(programme, time_limit=20)
    if run.status not in ("optimal", "feasible"):
        return
    found = tp.simulate(run, replications=10, workers=1)
    assert found.summary().startswith("In short: ")
    assert "</html>" in page(found.answer, programme)
    assert all(found.figure(name).svg for name in found.figures)
