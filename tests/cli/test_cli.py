"""The shell: exit codes, what goes where, and what it does when the machine refuses."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.model.examples import examples_folder
from tandemplan.model.reading import read
from tandemplan.results.store import read_run, write_run
from tandemplan.testing.runs import run_of

EXAMPLE = str(examples_folder() / "first_steps")
TABLES = """
[deliveries]
demand,customer,demand_class,item,quantity,due,delivered
C1,city,1,bike,10,2026-06-05,2026-06-05
[demand_summary]
demand,customer,demand_class,item,quantity,due,on_time
C1,city,1,bike,10,2026-06-05,10
[classes]
demand_class,demanded,on_time
1,10,10
[costs]
term,amount
purchases,1000
"""


@dataclass(frozen=True)
class Options:
    gap: float = 1e-3
    time_limit: float | None = None
    threads: int = 2
    memory_mb: int | None = None


@dataclass(frozen=True)
class Step:
    phase: str = "class 1 firm"
    gap: float | None = 0.5
    seconds: float = 1.0


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def planner(monkeypatch):
    """Put a planner in place that gives the hand-made run, or what the test says; it keeps the options it was given."""
    given = []

    def use(run):
        def find(programme, options, progress):
            given.append((programme, options))
            progress(Step())
            if isinstance(run, BaseException):
                raise run
            return run

        planning = import_module("tandemplan.plan")  # tandemplan.plan is the verb
        monkeypatch.setattr(planning, "plan", find)
        monkeypatch.setattr(planning, "PlanOptions", Options)
        return given

    return use


def tandemplan(*arguments):
    return CliRunner().invoke(app, list(arguments))


def process(*arguments, **more):
    command = [sys.executable, "-W", "error", "-m", "tandemplan", *arguments]
    return subprocess.run(command, capture_output="stdout" not in more, text=True, check=False, timeout=60, **more)


@pytest.mark.parametrize("arguments", [["--help"], ["plan", "--help"], ["--version"], ["audit"]])
def test_help_loads_nothing_heavy(arguments):
    code = (
        "import sys\nfrom tandemplan.cli import app\n"
        f"try: app({arguments!r})\nexcept SystemExit: pass\n"
        "print(sorted({'numpy', 'numba', 'pandas', 'highspy', 'jinja2', 'python_calamine', 'xlsxwriter', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_and_option_says_what_it_does():
    import typer

    group = typer.main.get_command(app)
    assert list(group.commands) == [
        "new",
        "check",
        "plan",
        "audit",
        "replan",
        "schedule",
        "explain",
        "actions",
        "dependence",
        "promise",
        "simulate",
        "compare",
        "report",
        "import",
    ]
    for command in group.commands.values():
        assert command.help
        assert all(p.help for p in command.params)
        assert "json" in {p.opts[0].removeprefix("--") for p in command.params}


def test_new_copies_an_example_that_can_be_checked():
    assert tandemplan("new", "mine").exit_code == 0
    assert read("mine") == read(EXAMPLE)
    done = tandemplan("check", "mine")
    assert done.exit_code == 0
    assert "no problems in" in done.stdout


def test_new_never_writes_over_work():
    Path("mine").mkdir()
    Path("mine/items.csv").write_text("item\nA\n")
    done = tandemplan("new", "mine")
    assert done.exit_code == 2
    assert "not empty" in done.stderr
    assert [p.name for p in Path("mine").iterdir()] == ["items.csv"]


def test_new_knows_its_examples():
    done = tandemplan("new", "mine", "--from", "joint_plan")
    assert done.exit_code == 2
    assert "Did you mean 'joint_plant'?" in done.stderr
    assert tandemplan("new").exit_code == 2


def test_new_writes_a_blank_workbook_once():
    done = tandemplan("new", "--workbook", "blank.xlsx", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"workbook": "blank.xlsx"}
    assert Path("blank.xlsx").stat().st_size > 1000
    assert tandemplan("new", "--workbook", "blank.xlsx").exit_code == 2
    assert tandemplan("new", "--workbook", "blank.ods").exit_code == 2


def test_check_shows_all_faults_on_standard_error():
    tandemplan("new", "mine")
    with Path("mine/items.csv").open("a") as file:
        file.write("bike,,,\n")
    done = tandemplan("check", "mine")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "items.csv:" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("mend them and check again.")
    said = json.loads(tandemplan("check", "mine", "--json").stdout)
    assert said["problems"][0]["source"] == "items.csv"
    assert said["problems"][0]["text"] in done.stderr


def test_a_programme_that_is_not_there_is_wrong_use():
    done = tandemplan("check", "nowhere", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout) == {"error": "There is no programme 'nowhere'."}
    assert tandemplan("plan", "nowhere").exit_code == 2


def test_plan_writes_a_run_and_a_summary(planner):
    given = planner(run_of(TABLES))
    done = tandemplan("plan", EXAMPLE, "--gap", "0.01", "--time-limit", "5", "--threads", "1", "--memory-limit", "500")
    assert done.exit_code == 0
    assert given[0][1] == Options(0.01, 5.0, 1, 500)
    lines = done.stdout.splitlines()
    assert lines[0] == "Delivered: city 10 of 10 units (100 %)."
    assert lines[-1] == "Run: runs/plan-1"
    assert "class 1 firm, gap 50 %" in done.stderr
    assert read_run(Path("runs/plan-1")).info["status"] == "optimal"


def test_json_is_all_that_goes_to_standard_output(planner):
    planner(run_of(TABLES))
    done = tandemplan("plan", EXAMPLE, "--out", "here", "--json")
    said = json.loads(done.stdout)
    assert (said["folder"], said["status"]) == ("here", "optimal")


def test_changes_reach_the_plan(planner):
    given = planner(run_of(TABLES))
    tandemplan("plan", EXAMPLE, "--set", "programme.holding_per_year_share = 0.5")
    assert given[0][0].settings.holding_per_year_share == 0.5


def test_faults_plan_nothing(planner):
    given = planner(run_of(TABLES))
    done = tandemplan("plan", EXAMPLE, "--set", "items[bikes].weight_kg = 1")
    assert done.exit_code == 1
    assert given == []
    assert done.stderr.splitlines()[-1] == "1 problem in 1 file; nothing was planned."
    assert not Path("runs").exists()


def test_no_feasible_answer_is_code_3(planner):
    planner(run_of("", status="infeasible", conflicts=[{"text": "Room at hall is too small by 3 m3."}]))
    done = tandemplan("plan", EXAMPLE)
    assert done.exit_code == 3
    assert "Conflict: Room at hall is too small by 3 m3." in done.stdout


@pytest.mark.parametrize("place", ["tandemplan.cli.shell", "tandemplan.report.summary"])
def test_an_interrupt_while_modules_are_imported_is_code_4(place):
    """Of the shell itself, or by a command before it does its work."""
    script = (
        "import sys\nclass Finder:\n    def find_spec(self, name, *_):\n"
        f"        if name == {place!r}: raise KeyboardInterrupt\n"
        f"sys.meta_path.insert(0, Finder())\nsys.argv = ['tandemplan', 'plan', {str(EXAMPLE)!r}]\n"
        "from tandemplan.cli import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr


def test_stopped_before_any_answer_is_code_4(planner):
    planner(run_of("", status="stopped", reproducible=False))
    assert tandemplan("plan", EXAMPLE).exit_code == 4
    planner(KeyboardInterrupt())
    done = tandemplan("plan", EXAMPLE, "--json")
    assert done.exit_code == 4
    assert json.loads(done.stdout) == {"error": "Stopped before any answer."}


def test_a_plan_cut_short_is_an_answer_and_an_idle_one_is_none(planner):
    planner(run_of(TABLES, status="feasible", reproducible=False))
    assert tandemplan("plan", EXAMPLE).exit_code == 0
    planner(run_of(TABLES, status="stopped", reproducible=False))
    assert tandemplan("plan", EXAMPLE).exit_code == 4


def test_a_worse_answer_does_not_replace_a_better_one(planner):
    planner(run_of(TABLES))
    assert tandemplan("plan", EXAMPLE, "--out", "run").exit_code == 0
    planner(run_of(TABLES, status="stopped", reproducible=False))
    done = tandemplan("plan", EXAMPLE, "--out", "run")
    assert "Kept: run holds a better answer" in done.stdout
    assert json.loads(Path("run/run.json").read_text())["status"] == "optimal"
    assert json.loads(Path("run-stopped/run.json").read_text())["status"] == "stopped"


def test_a_folder_that_is_no_run_is_refused_before_the_work(planner):
    given = planner(run_of(TABLES))
    Path("here").mkdir()
    Path("here/letter.txt").write_text("dear")
    done = tandemplan("plan", EXAMPLE, "--out", "here")
    assert done.exit_code == 2
    assert given == []
    assert Path("here/letter.txt").read_text() == "dear"


@pytest.mark.parametrize("option", [["--gap", "-1"], ["--threads", "0"], ["--time-limit", "x"], ["--colour", "red"]])
def test_options_without_meaning_are_wrong_use(option):
    assert tandemplan("plan", EXAMPLE, *option).exit_code == 2


def test_report_of_two_runs_compares_them():
    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/one"))
    write_run(run_of(TABLES), read(EXAMPLE, (), ["demands[C1].quantity_units=11"]), Path("runs/two"))
    done = tandemplan("report", "one", "two", "--to", "both.html")
    assert done.exit_code == 0
    assert "Input: demands C1: quantity 10 → 11 units." in done.output
    assert "quantity_units" in Path("both.html").read_text(encoding="utf-8")
    data = json.loads(tandemplan("report", "one", "two", "--to", "both.html", "--json").stdout)
    assert [Path(r).name for r in data["runs"]] == ["one", "two"]
    for wrong in (
        ("one", "two", "one", "--to", "x.html"),
        ("one", "two", "--to", "x.xlsx"),
        ("one", "no", "--to", "x.html"),
    ):
        assert tandemplan("report", *wrong).exit_code == 2
    assert not list(Path().glob("x.*"))


def test_check_writes_a_programme_in_each_form_with_changes_laid_over():
    change = ["--set", "work_centres[bench].stations = 2"]
    digest = tandemplan("check", EXAMPLE, *change).stdout.splitlines()[-1]
    for form in ("two.xlsx", "two.zip", "two"):
        done = tandemplan("check", EXAMPLE, *change, "--to", form)
        assert done.exit_code == 0
        assert done.stdout.splitlines()[-1] == f"Wrote {form}."
        assert tandemplan("check", form).stdout.splitlines()[-1] == digest
    assert json.loads(tandemplan("check", "two", "--to", "x/three.zip", "--json").stdout)["written"] == "x/three.zip"


@pytest.mark.parametrize("to", ["there.xlsx", "there", "new.ods", "new.csv"])
def test_check_writes_over_nothing_and_only_what_it_can_read_again(to):
    Path("there.xlsx").write_text("mine")
    Path("there").mkdir()
    Path("there/notes.txt").write_text("mine")
    assert tandemplan("check", EXAMPLE, "--to", to).exit_code == 2
    assert {p.read_text() for p in Path().rglob("*.*")} == {"mine"}


def test_check_writes_nothing_of_a_programme_with_faults():
    assert tandemplan("check", EXAMPLE, "--set", "items[bike].kind = bicycle", "--to", "new.xlsx").exit_code == 1
    assert list(Path().iterdir()) == []


def test_report_writes_one_page():
    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/plan-1"))
    done = tandemplan("report", "plan-1", "--to", "out/page.html")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["Delivered", "By when", "Never", "Cost", "Limit", "Page"]
    assert lines[-1] == "Page: out/page.html"
    assert Path("out/page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [p.name for p in Path("out").iterdir()] == ["page.html"]
    assert tandemplan("report", "plan-1", "--to", "page.doc").exit_code == 2


def test_a_run_that_is_not_there_is_wrong_use():
    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/plan-1"))
    done = tandemplan("report", "plan-2", "--to", "page.html")
    assert done.exit_code == 2
    assert "Did you mean 'plan-1'?" in done.stderr
    assert tandemplan("audit", "plan-2").exit_code == 2


def test_an_audit_that_finds_something_is_code_1():
    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/plan-1"))
    done = tandemplan("audit", "plan-1", "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 1
    assert said["clean"] is False
    assert said["findings"][0]["text"] in done.stderr
    assert done.stderr.splitlines()[-1].endswith("runs/plan-1 is not to be trusted.")


def test_a_clean_audit_is_code_0_and_tells_its_limits(monkeypatch):
    from tandemplan.audit import Audit

    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/plan-1"))
    found = Audit((), {"classes": 1, "costs": 1}, ("classes.bound",))
    monkeypatch.setattr(import_module("tandemplan.audit"), "audit", lambda folder: found)
    done = tandemplan("audit", "plan-1")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "Audit of runs/plan-1: clean; 2 rows in 2 tables agree with the programme and each other.",
        "Not provable from tables, guarded by their digests: classes.bound.",
    ]


def test_a_full_disk_gives_one_line_and_its_code():
    with Path("/dev/full").open("w") as full:
        done = process("check", EXAMPLE, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 5
    assert done.stderr == "tandemplan: The machine refused: No space left on device.\n"


def test_a_page_that_cannot_be_written_leaves_nothing_behind():
    write_run(run_of(TABLES), read(EXAMPLE), Path("runs/plan-1"))
    Path("file").write_text("x")
    done = tandemplan("report", "plan-1", "--to", "file/page.html")
    assert done.exit_code == 5
    assert done.stderr.startswith("tandemplan: The machine refused: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_pipe_gives_one_line_and_its_code():
    out, into = os.pipe()
    os.close(out)
    done = process("check", EXAMPLE, stdout=into, stderr=subprocess.PIPE)
    os.close(into)
    assert done.returncode == 5
    assert done.stderr == "tandemplan: The machine refused: Broken pipe.\n"
