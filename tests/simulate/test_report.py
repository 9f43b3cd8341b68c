"""What people read of a simulation: lines, page, pictures and workbook, from its folder alone."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tandemplan.audit import audit
from tandemplan.cli import app
from tandemplan.model.reading import read
from tandemplan.report.gallery import SIMULATION_FIGURES, figure
from tandemplan.report.page import page
from tandemplan.report.simulated import harmful, least_sure, simulation_answers, simulation_lines
from tandemplan.report.simulation_page import simulated_content
from tandemplan.report.workbook import write_run_workbook
from tandemplan.results.store import RunError, write_run
from tandemplan.simulate.answer import SimulationOptions, simulation_run
from tandemplan.simulate.comparisons import Compared
from tandemplan.simulate.drivers import driver_columns, measured
from tandemplan.simulate.groups import Case
from tandemplan.simulate.survival import Kept, kept, survival_columns
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

from .made_up import outcomes
from .test_statistics import CONTRACTS, DEMANDS, PLAN

_AT = Path(__file__).parents[1] / "report" / "browser.py"  # the browser of the report's tests
_SPEC = spec_from_file_location("report_browser", _AT)
browsing = module_from_spec(_SPEC)
_SPEC.loader.exec_module(browsing)

MODEL = """
    start = 2026-06-01
    periods = 4 weeks
    currency = EUR
    [items]
    item,name
    bike,City bike
    [customers]
    customer,name,demand_class
    host,Host,1
    guest,Guest,2
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
    offer,item,lead_days,unit_price
    all,bike,1,1
    [tasks]
    task,name,duration_days
    hall,Hall ready,2
    [risks]
    risk,name,rate_per_year,duration_days
    strike,Strike at the port,1,7
    storm,Storm <b>,1,3
"""
COUNT = 400


@pytest.fixture(scope="module")
def programme():
    return programme_of(MODEL)


@pytest.fixture(scope="module")
def simulation(programme):
    """A strike in half of the replications makes all demands late in three of four, and the hall late in the rest."""
    strike = np.arange(COUNT) % 2
    hit = strike * (np.arange(COUNT) % 8 != 1)
    asked = np.tile([10.0, 10, 20], (COUNT, 1))
    done = np.stack([4 + 9 * hit, 18 + 9 * hit, 25 + 9.0 * hit], axis=1)
    curve = np.zeros((COUNT, 3, 4))
    for line, days, units in ((0, done[:, 0], 10), (0, done[:, 1], 10), (1, done[:, 2], 20)):
        curve[:, line] += units * (days[:, None] < 7 * np.arange(1, 5))
    made = outcomes(
        COUNT, 4, demands=DEMANDS, contracts=CONTRACTS, asked=asked, on_time=asked * (1 - hit)[:, None],
        delivered=asked * (done < 28), done=np.where(done < 28, done, np.inf), curve=curve,
        first=np.stack([done[:, 0], np.where(done[:, 2] < 28, done[:, 2], np.inf), np.full(COUNT, np.inf)], axis=1),
        items=("bike",), made=curve.sum(axis=1, keepdims=True), tasks=("hall",), task_end=(2 + 40 * hit * (np.arange(COUNT) % 4 == 3))[:, None],
        risks=("strike", "storm"), happened=np.stack([strike, 0 * strike], axis=1), active=np.stack([7 * strike, 0 * strike], axis=1),
        cash=np.array([[50, 40, 60, 70]]) - 45 * hit[:, None] * [0, 1, 0, 0], held=3 * hit,
        resources=("bench",), used=np.full((COUNT, 1), 30), open_hours=np.full((COUNT, 1), 40),
        shared=("bike",), share=np.linspace(0.3, 0.4, COUNT)[:, None],
    )  # fmt: skip
    plan = run_of(PLAN)
    case = Case(made, programme, plan)
    whole, calm = measured(case), measured(Case(replace(made, on_time=made.asked), programme, plan))
    cut = Kept(made.on_time * np.array([1, 0, 1], dtype=np.float32), kept(case).late + 0.25)
    tables = {
        "drivers": driver_columns(
            whole, {("risks", ""): calm, ("tasks", ""): whole, ("supplier", "smith & sons"): whole}
        ),
        "survival": survival_columns(
            case, kept(case), {("suppliers", "smith & sons"): cut, ("sites", "shop"): kept(case)}, 5.0
        ),
    }
    return simulation_run(made, programme, plan, SimulationOptions(COUNT, None, 1), Compared(tables))


def test_the_lines_say_how_sure(simulation, programme):
    said = dict(line.split(": ", 1) for line in simulation_lines(simulation, programme))
    assert said["Simulated"].startswith("400 replications of plan-1, seed 1; figures of classes within 4.8 points")
    assert said["In short"] == (
        "The first delivery on 5 Jun 2026, as planned, is 62.5 % (58 to 67 %) sure, 14 Jun 2026 80 %. "
        "Of class 1 (Host), 20 of 20 units by the end are 90 % sure."
    )
    assert said["Class 1 (Host)"] == (
        "20 of 20 units by the end are 90 % sure; all of it by the end is 100 % (at least 99 %) sure, "
        "all on time 62.5 % (58 to 67 %); on average 62.5 % of its units are on time, 100 % in the plan."
    )
    assert "all of it by the end is 62.5 % (58 to 67 %) sure" in said["Class 2 (Guest)"]
    assert said["Least sure"].startswith(
        "Of 2 promises that the plan keeps on time 2 are in doubt: H1 (Host; City bike; due 5 Jun 2026) 62.5 %"
    )
    assert (
        said["Money"]
        == "It runs dry in 37.5 % (33 to 42 %) of all cases; the lowest point is 40 EUR in the middle, 40 EUR in the plan."
    )
    assert said["Risks"].startswith(
        "Strike at the port harms most: it happens in 50 % (45 to 55 %) of all cases, and then 75.0 ("
    )


def test_what_varies_and_what_may_be_lost_are_said(simulation, programme):
    """Of 400 replications 150 are hit: without risks nothing is late. Without smith H2, due on day 18, is late: 13 days after his loss."""
    said = dict(line.split(": ", 1) for line in simulation_lines(simulation, programme))
    assert said["What varies"] == "More of all units are late because of risks 37.5 points (32.7 to 42.3)."
    assert (
        said["Losses"]
        == "From 6 Jun 2026 on, promises fall soonest, in the middle of all cases, without smith & sons after 13 days."
    )
    answers = simulation_answers(simulation)
    assert [r["name"] for r in answers["survival"]] == ["smith & sons", "shop"]
    assert answers["survival"][0]["falls_chance"] == 0.625


def test_promises_that_the_plan_itself_breaks_are_not_doubted(simulation):
    assert [r["demand"] for r in least_sure(simulation)] == ["H1", "H2"]  # five units of G1 are never planned
    assert [r["name"] for r in harmful(simulation)] == ["strike"]


def test_answers_are_plain_json(simulation):
    answers = json.loads(json.dumps(simulation_answers(simulation), allow_nan=False))
    assert [r["name"] for r in answers["classes"]] == ["all", "1", "2"]
    assert answers["least_sure"][0]["due"] == "2026-06-05"
    assert answers["risks"][0]["happens_chance"] == 0.5


@pytest.mark.parametrize("name", SIMULATION_FIGURES)
def test_a_figure_is_an_svg_that_stands_alone(name, simulation, programme):
    found = figure(name, simulation, programme)
    root = ET.fromstring(found.svg)
    assert root.find("{http://www.w3.org/2000/svg}title").text == found.title
    assert "var(" not in found.svg
    assert found.body
    assert all(len(r) == len(found.header) for r in found.body)


@pytest.mark.parametrize("name", SIMULATION_FIGURES)
def test_figures_of_empty_tables_are_empty_and_say_so(name, programme):
    empty = simulation_run(outcomes(0, 4), programme, run_of(PLAN), SimulationOptions(1, None, 1))
    assert figure(name, empty, programme).description is not None


def test_the_numbers_behind_the_pictures(simulation, programme):
    fan = figure("deliveries", simulation, programme)
    assert fan.header == ("panel", "up to", "asked for", "planned", "mean", "low", "middle", "high")
    assert ("Class 1: Host", "7 Jun 2026", "10", "10", "6.2", "0", "10", "10") in fan.body
    risks = figure("risks", simulation, programme).body
    assert risks[0][:2] == ("Strike at the port", "50 % (45 to 55 %)")
    assert risks[0][3:6] == ("0", "75", "75")
    [hall] = figure("startup", simulation, programme).body
    assert hall[4:] == ("75 % (71 to 79 %)", "3 Jun 2026", "3 Jun 2026", "not in the plan", "25 % (21 to 29 %)")


def test_promises_by_contract_and_time(simulation, programme):
    """H1 and H2 are kept in 250 of 400 replications; G1, which the plan has late, in none within 1e-5 of its units."""
    found = figure("promise_map", simulation, programme)
    assert found.header[:6] == ("for whom and of what", "contract", "class", "promises", "on time", "more likely late")
    guest, host = sorted(found.body)
    assert host[:6] == ("Host, City bike", "H", "1", "2", "62 %", "0")
    assert host[6:] == ("62 % of 1, least 62 %", "", "62 % of 1, least 62 %", "")
    assert guest[0] == "Guest, City bike"
    assert sum(bool(c) for c in guest[6:]) == 1
    assert "2 promises" not in found.description


def test_of_many_contracts_the_surest_are_not_drawn(programme):
    from tandemplan.report.figures.promise_map import MOST_ROWS

    extra = "\n".join(f"    X{k},C{k},1,2026-06-19" for k in range(50))
    lines = "\n".join(f"    C{k},host,bike" for k in range(50))
    text = MODEL.replace("    G,guest,bike\n", f"    G,guest,bike\n{lines}\n").replace("    G1,G,20,2026-06-26\n", f"    G1,G,20,2026-06-26\n{extra}\n")  # fmt: skip
    names = (*DEMANDS, *(f"X{k}" for k in range(50)))
    share = np.linspace(0, 1, len(names))
    asked = np.ones((100, len(names)))
    made = outcomes(100, 4, demands=names, contracts=("H", "G", *(f"C{k}" for k in range(50))), asked=asked, on_time=asked * (np.arange(100)[:, None] < 100 * share))  # fmt: skip
    many = programme_of(text)
    found = figure("promise_map", simulation_run(made, many, run_of(PLAN), SimulationOptions(100, None, 1)), many)
    assert len(found.body) == MOST_ROWS
    chances = [float(r[4].removesuffix(" %").removeprefix("< ").removeprefix("> ")) for r in found.body]
    assert chances == sorted(chances)
    assert "surer rows are not drawn" in found.svg


def test_the_page_tells_the_host_first_and_every_part(simulation, programme):
    content = simulated_content(simulation, programme)
    assert content["top"].sentence == (
        "Host: 20 of 20 units by the end are 90 % sure, all of it by the end is 100 % sure, and all on time 62.5 %."
    )
    assert [s.name for s in content["sections"]] == [
        "deliveries",
        "promises",
        "risks",
        "drivers",
        "survival",
        "cash",
        "startup",
        "origin",
        "load",
    ]
    html = page(simulation, programme)
    assert "Storm <b>" not in html
    assert "promises-table" in html
    assert html == page(simulation, programme)


def test_a_page_without_risks_money_or_tasks_leaves_them_out():
    bare = programme_of(re.sub(r"(?s)    \[tasks\].*", "", MODEL))
    made = outcomes(50, 4, demands=DEMANDS, contracts=CONTRACTS, asked=np.full((50, 3), 10.0))
    run = simulation_run(made, bare, run_of(PLAN), SimulationOptions(50, None, 1))
    assert [s.name for s in simulated_content(run, bare)["sections"]] == ["deliveries", "promises"]
    assert "The programme has none that is drawn" in page(run, bare)


def test_report_needs_the_folder_alone(simulation, programme, tmp_path):
    folder = write_run(simulation, programme, tmp_path / "run")
    for suffix in (".html", ".xlsx"):
        said = CliRunner().invoke(app, ["report", str(folder), "--to", str(tmp_path / f"s{suffix}")])
        assert (said.exit_code, said.stdout.splitlines()[0][:9]) == (0, "In short:")
    assert read(tmp_path / "s.xlsx").digest == programme.digest
    both = CliRunner().invoke(app, ["report", str(folder), str(folder), "--to", str(tmp_path / "two.html")])
    assert (both.exit_code, "of a simulation or a schedule it tells alone" in both.stderr) == (2, True)
    with pytest.raises(RunError, match="audit its plan, plan-1"):
        audit(folder)


def test_a_changed_simulation_says_so_first(simulation, programme, tmp_path):
    folder = write_run(simulation, programme, tmp_path / "run")
    file = folder / "promises.csv"
    file.write_text(file.read_text().replace("0.625", "0.925"))
    said = CliRunner().invoke(app, ["report", str(folder), "--to", str(tmp_path / "s.html")])
    assert "Changed after the simulation: promises.csv" in said.stderr
    assert "Changed after the simulation: promises.csv" in (tmp_path / "s.html").read_text()


def test_the_workbook_has_every_table(simulation, programme, tmp_path):
    from zipfile import ZipFile

    write_run_workbook(simulation, programme, tmp_path / "s.xlsx")
    names = re.findall(r'sheet name="([^"]+)"', ZipFile(tmp_path / "s.xlsx").read("xl/workbook.xml").decode())
    assert names[: 1 + len(simulation.tables)] == ["summary", *(f"result_{n}" for n in simulation.tables)]


def test_nothing_is_cut_and_no_words_lie_on_others(simulation, programme, tmp_path):
    """In light and dark, on a wide and a narrow screen; nothing is asked of the network."""
    file = tmp_path / "s.html"
    file.write_text(page(simulation, programme), encoding="utf-8")
    with browsing.chromium() as browser:
        for width, scheme in ((1280, "light"), (420, "dark")):
            visit = browsing.Visit(browser, file, viewport={"width": width, "height": 900}, color_scheme=scheme)
            assert visit.page.evaluate(browsing.LABELS) == []
            assert (visit.said, len(visit.asked)) == ([], 1)
            assert visit.page.evaluate(
                "[...document.querySelectorAll('[role=img]')].every(e => e.getAttribute('aria-label'))"
            )


def test_of_many_idle_risks_none_is_called_harmful_by_chance(programme):
    """40 risks that do nothing, 40 seeds: one interval in twenty lies off 0, and one simulation in twenty at most names a risk."""
    named = 0
    for seed in range(40):
        draw = np.random.Generator(np.random.Philox(seed))
        happened = draw.integers(0, 2, (200, 40))
        units = np.tile([10.0, 10, 20], (200, 1))
        made = outcomes(
            200, 4, demands=DEMANDS, contracts=CONTRACTS, asked=units, on_time=units * draw.random((200, 1)),
            risks=tuple(f"r{k}" for k in range(40)), happened=happened, active=happened,
        )  # fmt: skip
        named += bool(harmful(simulation_run(made, programme, run_of(PLAN), SimulationOptions(200, None, 1))))
    assert named <= 5
