"""Measure plans side by side in one run, and write the figures to benchmarks/figures.md. Run by `make bench`.

`python benchmarks/run.py WORD...` measures the cases whose names hold one of the words, and leaves the figures of the others.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from tandemplan.audit import audit
from tandemplan.model.programme import Programme
from tandemplan.model.reading import read
from tandemplan.network.network import network_of
from tandemplan.plan import PlanOptions, Progress, plan
from tandemplan.plan.model import PlanModel, model_of
from tandemplan.report.page import page
from tandemplan.results.store import read_run, write_run

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))
from measure import Children  # noqa: E402
from synthetic import synthetic  # noqa: E402

PLAIN_SECONDS = 600.0
THREADS = 2


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def whole(programme: Programme, limit: float) -> list[str]:
    """Measure every step of one programme, and plain HiGHS on its first class beside it."""
    build, model = timed(lambda: model_of(network_of(programme)))
    passing = pass_model(model)
    marks: list[Progress] = []
    with Children() as solvers:
        seconds, run = timed(lambda: plan(programme, PlanOptions(time_limit=limit, threads=THREADS), marks.append))
    with tempfile.TemporaryDirectory() as folder:
        write, _ = timed(lambda: write_run(run, programme, Path(folder) / "run"))
        check, report = timed(lambda: audit(Path(folder) / "run"))
        drawing, _ = timed(lambda: page(read_run(Path(folder) / "run"), programme))
    rows, columns, entries = model.lp.size
    plain = plain_classes(model)
    return [
        f"| rows / columns / non-zeros | {rows:,} / {columns:,} / {entries:,} |",
        f"| names to arrays to model | {build:.2f} s |",
        f"| handing the arrays to HiGHS alone | {passing:.2f} s |",
        *(f"| {phase}: plan within 2 % of its bound / proved | {when} |" for phase, when in reached(marks).items()),
        f"| plain HiGHS for the same classes, a row `value <= best` for each | {plain} |",
        f"| whole plan by {THREADS} threads, cost included ({run.info['status']}) | {seconds:.1f} s |",
        f"| most memory of the solver | {solvers.most:,.0f} MB |",
        f"| write the run / audit ({len(report.findings)} findings) / page | {write:.2f} / {check:.2f} / {drawing:.2f} s |",
    ]


def reached(marks: list[Progress]) -> dict[str, str]:
    """Return for each class when its plan was within 2 % of its bound, and when it was proved."""
    found = {}
    for phase in dict.fromkeys(m.phase for m in marks if m.phase.startswith("class")):
        known = [m for m in marks if m.phase == phase and m.gap is not None]
        times = [next((m.seconds for m in known if m.gap <= gap), None) for gap in (0.02, 1e-6)]
        found[phase] = " / ".join("not in this time" if t is None else f"{t:.1f} s" for t in times)
    return found


def pass_model(model: PlanModel) -> float:
    begin = time.perf_counter()
    plain_engine(model)
    return time.perf_counter() - begin


def plain_engine(model: PlanModel) -> Any:
    lp = model.lp
    made = highspy.HighsLp()
    made.num_col_, made.num_row_ = len(lp.lower), len(lp.row_lower)
    made.col_cost_ = model.stages[0].cost
    made.col_lower_, made.col_upper_, made.row_lower_, made.row_upper_ = lp.lower, lp.upper, lp.row_lower, lp.row_upper
    made.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    made.a_matrix_.start_, made.a_matrix_.index_ = lp.row_start.astype(np.int32), lp.row_column.astype(np.int32)
    made.a_matrix_.value_ = lp.value
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    engine.setOptionValue("time_limit", PLAIN_SECONDS)
    engine.passModel(made)
    return engine


def plain_classes(model: PlanModel) -> str:
    """Solve the classes as a reader of the HiGHS manual would: default options, one row more for each class."""
    engine, size = plain_engine(model), len(model.lp.lower)
    stages = [s for s in model.stages if s.demand_class is not None]
    begin = time.perf_counter()
    for k, stage in enumerate(stages):
        if k:
            before = stages[k - 1]
            index = np.flatnonzero(before.cost).astype(np.int32)
            best = engine.getInfo().objective_function_value
            engine.addRow(
                -highspy.kHighsInf, best + 1e-6 * max(best, before.scale), len(index), index, before.cost[index]
            )
            engine.changeColsCost(size, np.arange(size, dtype=np.int32), stage.cost)
        engine.run()
        if engine.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return f"not finished in {PLAIN_SECONDS:.0f} s ({k} of {len(stages)} done)"
    return f"{time.perf_counter() - begin:.1f} s"


CASES: dict[str, tuple[Callable[[], Programme], float]] = {
    "tanker_base": (lambda: read(ROOT / "examples" / "tanker_base"), 60.0),
    "joint_plant": (lambda: read(ROOT / "examples" / "joint_plant"), 300.0),
    "100 items x 3 sites x 104 weeks": (lambda: synthetic(100, 104), 120.0),
    "1,000 items x 3 sites x 104 weeks": (lambda: synthetic(1000, 104), 240.0),
}
FIGURES = ROOT / "benchmarks" / "figures.md"
HEAD = """# Figures

Written by `make bench` (`benchmarks/run.py`). Absolute times drift with the machine: compare within one section, measured in one run.
"""


def section(name: str) -> str:
    """Measure one case and return its section."""
    made, limit = CASES[name]
    cores, load, python = len(os.sched_getaffinity(0)), os.getloadavg()[0], platform.python_version()
    return "\n".join([
        f"## {name}",
        "",
        f"{platform.machine()}, {cores} cores (load {load:.1f} at the start), Python {python}, highspy {version('highspy')}.",
        "",
        "| what | measured |",
        "|---|---|",
        *whole(made(), limit),
        "",
    ])  # fmt: skip


def main(words: list[str]) -> None:
    known = FIGURES.read_text(encoding="utf-8").split("\n## ")[1:] if FIGURES.exists() else []
    sections = {part.split("\n")[0]: f"## {part.strip()}\n" for part in known}
    for name in CASES:
        if not words or any(word in name for word in words):
            print(f"measuring {name}", flush=True)
            sections[name] = section(name)
            print(sections[name], flush=True)
            FIGURES.write_text("\n".join([HEAD, *(sections[n] for n in CASES if n in sections)]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
