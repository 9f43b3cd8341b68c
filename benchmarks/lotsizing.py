"""Plan published lot-sizing instances beside plain HiGHS on the same model, and write benchmarks/lotsizing.md.

Run by `make bench`, or `python benchmarks/lotsizing.py [--folder DIR] [--seconds 10,60,300] [INSTANCE]...`. Instances follow one another; on each, both
solvers run at the same time, a process and a thread each, so that what else the machine does slows both alike.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measure import machine

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "bench" / "lotsizing"
GAP = 1e-4
Figures = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """An instance: its file, the longest time it is given, what a quick sketch reached in 60 s on an idle core, a published optimum."""

    file: str
    longest: float = 60.0
    sketch: float | None = None
    optimum: float | None = None

    @property
    def name(self) -> str:
        """Return the file's name, with its folder's where files of several folders are called alike."""
        file = Path(self.file)
        return f"{file.parent.name}/{file.stem}" if file.stem.startswith("data") else file.stem


CASES = (
    Case("trigeiro/F1.DAT"),
    Case("trigeiro/G53.DAT", optimum=74634),
    Case("trigeiro/G57.DAT", optimum=136509),
    Case("trigeiro_x/X11117A"),
    Case("trigeiro_x/X11129E", longest=300.0),
    Case("mlclsp/classap/G501130.txt", longest=300.0, sketch=144_683),
    Case("mlclsp/classap/G502532.txt", longest=300.0),
    Case("mlclsp/SET1/data_01.txt", longest=300.0, sketch=33_874),
    Case("mlclsp/SET2/data_01.txt", longest=300.0),
)


def planned(file: Path, seconds: float) -> Figures:
    """Return the cost and bound of a plan after some seconds."""
    from tandemplan.interop.lotsizing import programme_of_instance
    from tandemplan.plan import PlanOptions, plan

    programme, _ = programme_of_instance(file)
    begin = time.perf_counter()
    run = plan(programme, PlanOptions(time_limit=seconds, gap=GAP))
    spent = time.perf_counter() - begin
    objective = run.info["objective"]
    return {
        "value": objective["value"],
        "bound": objective["bound"],
        "lost": run.info["totals"]["units"]["each"]["lost"],
        "seconds": spent,
        "cpu": resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime,
        "size": [*run.info["size"].values()],
    }


def searched(file: Path, seconds: float) -> Figures:
    """Return the cost and bound of HiGHS, as it comes, on the model of the same plan."""
    import highspy
    import numpy as np

    from tandemplan.interop.lotsizing import programme_of_instance
    from tandemplan.network.network import network_of
    from tandemplan.plan.model import model_of

    model = model_of(network_of(programme_of_instance(file)[0]))
    given, lp = model.lp, highspy.HighsLp()
    lp.num_row_, lp.num_col_, _ = given.size
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.stages[-1].cost, given.lower, given.upper
    lp.row_lower_, lp.row_upper_ = given.row_lower, given.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.value_ = given.row_start.astype(np.int32), given.value
    lp.a_matrix_.index_ = given.row_column.astype(np.int32)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(w)] for w in given.whole]
    engine = highspy.Highs()
    for option, setting in (("output_flag", False), ("threads", 1), ("time_limit", seconds), ("mip_rel_gap", GAP)):
        engine.setOptionValue(option, setting)
    engine.passModel(lp)
    begin = time.perf_counter()
    engine.run()
    info = engine.getInfo()
    x = np.array(engine.getSolution().col_value)
    lost = model.variables.lost
    return {
        "value": info.objective_function_value,
        "bound": info.mip_dual_bound,
        "lost": float(x[lost[lost >= 0]].sum()) if info.primal_solution_status == 2 else None,
        "seconds": time.perf_counter() - begin,
        "cpu": resource.getrusage(resource.RUSAGE_SELF).ru_utime,
    }


WORKERS = {"planned": planned, "searched": searched}


def both(file: Path, seconds: float) -> dict[str, Figures]:
    """Return what both reach in so many seconds, side by side."""
    started = {
        name: subprocess.Popen(
            [sys.executable, __file__, "--worker", name, str(file), "--seconds", str(seconds)], stdout=subprocess.PIPE
        )
        for name in WORKERS
    }
    said = {name: process.communicate()[0] for name, process in started.items()}
    return {name: json.loads(text.splitlines()[-1]) for name, text in said.items()}


def table(case: Case, found: dict[float, dict[str, Figures]]) -> Iterator[str]:
    """Yield the rows of one instance, one for each time."""
    for seconds, figures in found.items():
        ours, plain = figures["planned"], figures["searched"]
        ratio = f"{ours['value'] / plain['value']:.3f}" if plain["lost"] is not None else "-"
        best = case.optimum or case.sketch
        known = "-" if best is None else f"{best:,.0f}" + (" (optimum)" if case.optimum else "")
        yield (
            f"| {case.name} | {seconds:g} | {_cost(ours)} | {ours['bound']:,.1f} | {_cost(plain)} | {plain['bound']:,.1f} "
            f"| {ratio} | {known} | {ours['seconds']:.0f} / {ours['cpu']:.0f} | {plain['seconds']:.0f} / {plain['cpu']:.0f} |"
        )


def _cost(figures: Figures) -> str:
    if figures["lost"] is None:
        return "none"
    lost = f" ({figures['lost']:,.0f} lost)" if figures["lost"] > 1e-3 else ""
    return f"{figures['value']:,.1f}{lost}"


HEAD = """# Published lot-sizing instances

Written by `make bench` (`benchmarks/lotsizing.py`); instances as `tandemplan import lotsizing` reads them, planned for cost alone, one thread. Plain
HiGHS is its branch and cut, with presolve and all its settings as they come, on the very model that `plan` builds, without our cuts. Both run at the same
time. Costs with units lost are no plans of the published problem, which lets nothing be lost: a lost unit costs ten times what it could save.
The last columns are seconds by the clock and of the processor: where they differ, other work took the machine.
The sketch is a quick relax-and-fix with fix-and-optimise on an idle core after 60 s.

| instance | after s | our cost | our bound | HiGHS' cost | HiGHS' bound | ours / HiGHS' | known or sketch | our s / CPU s | HiGHS' s / CPU s |
|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("instances", nargs="*", help="names of files, such as F1; none: all")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--seconds", default="10,60,300")
    parser.add_argument("--worker", choices=sorted(WORKERS))
    asked = parser.parse_args()
    times = [float(s) for s in asked.seconds.split(",")]
    if asked.worker:
        print(json.dumps(WORKERS[asked.worker](Path(asked.instances[0]), times[0])))
        return
    lines = []
    for case in CASES:
        file = asked.folder / case.file
        if (asked.instances and case.name not in asked.instances) or not file.exists():
            continue
        rows = list(table(case, {s: both(file, s) for s in times if s <= case.longest}))
        print("\n".join(rows), flush=True)
        lines += rows
    page = HEAD + "\n".join(lines) + f"\n\n{machine('highspy', 'numpy')}\n"
    (ROOT / "benchmarks" / "lotsizing.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
