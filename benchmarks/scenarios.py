"""Plan the joint plant in each of its scenarios, audit the plans, and write benchmarks/scenarios.md.

Run by `make bench`, or `python benchmarks/scenarios.py [--seconds 600] [SCENARIO]...`. One thread and a fresh process each.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from measure import machine
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "joint_plant"
Figures = dict[str, Any]


def planned(scenario: str, seconds: float) -> Figures:
    """Plan a scenario in this process, and tell how classes are served, gaps, seconds, memory, and what the audit finds."""
    from tandemplan.audit import audit
    from tandemplan.results.store import write_run

    programme = read(EXAMPLE, [EXAMPLE / "scenarios" / scenario])
    heard: list[float] = []
    begin = time.perf_counter()

    def hear(progress: Any) -> None:
        if progress.value is not None:
            heard.append(time.perf_counter() - begin)

    run = plan(programme, PlanOptions(time_limit=seconds), hear)
    spent = time.perf_counter() - begin
    children, own = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    found: Figures = {
        "scenario": scenario,
        "status": f"{run.info['status']} {run.info['reason']}".strip(),
        "seconds": spent,
        "cpu": children.ru_utime + own.ru_utime,
        "first": heard[0] if heard else None,
        "memory": max(own.ru_maxrss, children.ru_maxrss) / 1024,
    }
    if "objective" not in run.info:
        return found
    with tempfile.TemporaryDirectory() as folder:
        found["findings"] = len(audit(write_run(run, programme, Path(folder) / "run")).findings)
    classes = run.tables["classes"]
    found["late"], found["lost"], found["gap"] = (
        float(f) for f in (classes["late"].sum(), classes["lost"].sum(), classes["gap"].max())
    )
    gaps = {s["stage"]: s["gap"] for s in run.info["objective"]["stages"]}
    return found | {"cost": run.info["totals"]["cost"], "stock gap": gaps["stock"], "cost gap": gaps["cost"]}


def page(found: list[Figures], seconds: float) -> list[str]:
    """Return the lines of the page."""
    lines = [
        "# The joint plant in its scenarios",
        "",
        f"Written by `make bench` (`benchmarks/scenarios.py`): every rule on, at most {seconds:.0f} s each, one thread and a fresh process. A first plan is the first whole one",
        "that obeys every rule. Where seconds are far above those of the processor, other work took the machine.",
        "",
        "| scenario | late, lost units | classes: gap | stock: gap | cost, million | cost: gap | first plan after s | seconds (CPU) | memory, MB | audit | status |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for f in found:
        took = f"{'-' if f['first'] is None else format(f['first'], '.0f')} | {f['seconds']:.0f} ({f['cpu']:.0f}) | {f['memory']:,.0f}"
        if "cost" in f:
            served = f"{f['late']:,.0f}, {f['lost']:,.0f} | {f['gap']:.1%} | {f['stock gap']:.1%} | {f['cost'] / 1e6:.2f} | {f['cost gap']:.1%}"
            audit = f"{f['findings']} findings" if f["findings"] else "clean"
        else:
            served, audit = "- | - | - | - | -", "-"
        lines.append(f"| `{f['scenario']}` | {served} | {took} | {audit} | {f['status']} |")
    return [*lines, "", machine("highspy", "numpy")]


def main() -> None:
    """Measure each scenario in a fresh process, and write the table."""
    names = sorted(s.name for s in (EXAMPLE / "scenarios").iterdir())
    parser = argparse.ArgumentParser()
    parser.add_argument("scenario", nargs="*", default=names)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--child", action="store_true")
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(planned(asked.scenario[0], asked.seconds)))
        return
    found = []
    for name in asked.scenario:
        command = [sys.executable, __file__, "--child", "--seconds", str(asked.seconds), name]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
        print(found[-1], flush=True)
    (ROOT / "benchmarks" / "scenarios.md").write_text("\n".join(page(found, asked.seconds)) + "\n")


if __name__ == "__main__":
    main()
