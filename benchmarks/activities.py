"""Schedule published shops and projects beside plain CP-SAT, and write the gaps to benchmarks/activities.md.

Run by `make bench`, or `python benchmarks/activities.py [--seconds 30] [--every 4] [SET]...`. Both have two workers and the same time, one
after the other on each instance; plain CP-SAT gets the textbook model and nothing else. The instances stand in ../shared/bench.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from tandemplan.interop.shops import read_activities
from tandemplan.schedule.solve import schedule_activities
from tandemplan.solver.activities import Activities

ROOT = Path(__file__).parents[1]
BENCH = ROOT.parent / "shared" / "bench"
SETS = {
    "job shop": ("jobshop/instances/*/*.txt", "jobshop"),
    "flexible job shop": ("flexible-jobshop/instances/*/*.txt", "flexible-jobshop"),
    "RCPSP J30": ("rcpsp/instances/J30_*.txt", "project"),
    "RCPSP J60": ("rcpsp/instances/J60_*.txt", "project"),
    "multi-mode RCPSP": ("mmrcpsp/instances/*.txt", "psplib"),
    "multi-project RCPSP": ("rcmpsp/instances/*.txt", "projects"),
}
WORKERS = 2


@dataclass(frozen=True)
class Row:
    """What became of one instance: the best-known makespan, ours with its bound, plain CP-SAT's (0 where it found nothing)."""

    name: str
    size: int
    known: int
    ours: int
    bound: int
    plain: int
    plain_bound: int


def known() -> dict[str, int]:
    """Return the best-known makespans."""
    found: dict[str, int] = {}
    for folder in ("jobshop", "flexible-jobshop"):
        listed = json.loads((BENCH / folder / "best_known.json").read_text(encoding="utf-8"))
        found |= {d["instance"]: d["upper_bound"] for d in listed}
    with (BENCH / "project_best_known.csv").open(encoding="utf-8") as file:
        return found | {row["instance"].removesuffix(".txt"): int(row["bks"]) for row in csv.DictReader(file)}


def plain(activities: Activities, seconds: float) -> tuple[int, int]:
    """Return the makespan (0 where none is found) and the bound of plain CP-SAT on the textbook model."""
    model = cp_model.CpModel()
    n, horizon = len(activities), int(np.maximum.reduceat(activities.duration, activities.mode_start[:-1]).sum())
    spans, uses = [], [[] for _ in activities.capacity]
    for i in range(n):
        start, end = model.new_int_var(0, horizon, ""), model.new_int_var(0, horizon, "")
        chosen = []
        for k in range(activities.mode_start[i], activities.mode_start[i + 1]):
            chosen.append(model.new_bool_var(""))
            span = model.new_optional_interval_var(start, int(activities.duration[k]), end, chosen[-1], "")
            run = slice(activities.needs.start[k], activities.needs.start[k + 1])
            for r, q in zip(activities.needs.item[run], activities.needs.value[run], strict=True):
                uses[r].append((span, chosen[-1], int(q)))
        model.add_exactly_one(chosen)
        spans.append((start, end))
    for a, b, lag in zip(activities.before, activities.after, activities.lag, strict=True):
        model.add(spans[b][0] >= spans[a][1] + int(lag))
    for r, listed in enumerate(uses):
        capacity = int(activities.capacity[r])
        if not activities.renewable[r]:
            model.add(sum(q * there for _, there, q in listed) <= capacity)
        elif capacity == 1:
            model.add_no_overlap([span for span, _, _ in listed])
        else:
            model.add_cumulative([span for span, _, _ in listed], [q for _, _, q in listed], capacity)
    makespan = model.new_int_var(0, horizon, "")
    model.add_max_equality(makespan, [end for _, end in spans])
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = WORKERS, seconds
    status = solver.solve(model)
    bound = int(np.ceil(solver.best_objective_bound - 1e-6))
    return (int(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else 0), bound


def measured(name: str, seconds: float, every: int) -> list[Row]:
    """Return the rows of every so-many-th instance of a set."""
    pattern, form = SETS[name]
    best, rows = known(), []
    for file in sorted(BENCH.glob(pattern))[every // 2 :: every]:
        activities = read_activities(file, form)
        ours = schedule_activities(activities, seconds=seconds, workers=WORKERS)
        other, bound = plain(activities, seconds)
        title = next(n for n in (file.stem, f"dpp{file.stem}") if n in best)
        rows.append(Row(title, len(activities), best[title], ours.makespan, ours.bound, other, bound))
        print(rows[-1], flush=True)
    return rows


def gap(values: list[tuple[int, int]]) -> str:
    """Return the mean share by which values are above others, nothing found counting as twice as long."""
    return f"{100 * float(np.mean([(v or 2 * k) / k - 1 for v, k in values])):.2f} %"


def line(name: str, rows: list[Row]) -> str:
    """Return a set's line of the table."""
    better = sum(r.ours < (r.plain or r.ours + 1) for r in rows)
    worse = sum(r.ours > r.plain > 0 for r in rows)
    proved = f"{sum(r.ours == r.bound for r in rows)} / {sum(r.plain == r.plain_bound for r in rows)}"
    gaps = f"{gap([(r.ours, r.known) for r in rows])} | {gap([(r.plain, r.known) for r in rows])}"
    bounds = f"{gap([(r.ours, r.bound) for r in rows])} | {gap([(r.plain, max(r.plain_bound, 1)) for r in rows])}"
    return f"| {name} | {len(rows)} | {gaps} | {bounds} | {better} / {worse} | {proved} |"


def main() -> None:
    """Measure, and write the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=30.0)
    asked.add_argument("--every", type=int, default=6)
    asked.add_argument("sets", nargs="*", default=list(SETS))
    given = asked.parse_args()
    load, began = os.getloadavg()[0], time.monotonic()
    for form, name in (("jobshop", "job shop"), ("project", "RCPSP J30")):  # compile what is compiled
        schedule_activities(read_activities(next(iter(sorted(BENCH.glob(SETS[name][0])))), form), seconds=1)
    rows = {name: measured(name, given.seconds, given.every) for name in given.sets}
    text = f"""# Schedules of activities

Written by `make bench` (`benchmarks/activities.py`). Every {given.every}th published instance of each set, {given.seconds:g} s and two workers for each of
both, one after the other. Gaps are means: above the best-known makespan, and above the bound that each proves for itself.

| set | instances | ours above best known | plain CP-SAT | ours above own bound | plain CP-SAT | ours better / worse | proved, ours / plain |
|---|---|---|---|---|---|---|---|
{chr(10).join(line(name, found) for name, found in rows.items())}

{platform.machine()}, {os.cpu_count()} cores (load {load:.1f} at the start), Python {platform.python_version()}, OR-Tools {version("ortools")}; {(time.monotonic() - began) / 60:.0f} minutes.
"""
    (Path(__file__).parent / "activities.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
