"""Plan the joint plant with once, three and ten times its products and parts, and write benchmarks/scaled.md.

Run by `make bench`, or `python benchmarks/scaled.py [--seconds 900] [TIMES]...`. Copies of items have their own bills, operations, offers, contracts,
demands and stock; sites, stations, people, tools and lanes serve all of them, as many times as many as there are copies, and so does money.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from measure import machine
from tandemplan.model.programme import Programme
from tandemplan.model.reading import read

ROOT = Path(__file__).parents[1]
Figures = dict[str, Any]
COPIED = {
    "items": ("item",),
    "bom": ("parent", "component"),
    "operations": ("item", "learns_with"),
    "offers": ("offer", "item"),
    "open_orders": ("order", "offer", "item"),
    "contracts": ("contract", "item"),
    "demands": ("demand", "contract", "item"),
    "stock": ("item", "lot", "offer"),
    "stock_policies": ("item",),
}  # the columns that name what is copied, by table
WIDENED = {
    "work_centres": ("stations", "most_stations"),
    "skills": ("headcount", "most_headcount", "hires_per_week"),
    "tools": ("sets", "most_sets"),
    "lanes": ("capacity_kg_per_week",),
    "sites": ("storage_m3", "hazard_storage_kg", "receiving_lines_per_week"),
    "licences": ("cap_units",),
    "funding": ("amount",),
}  # the columns of what serves all copies
ADDED = re.compile(r"(?P<where>(?P<table>\w+)\[.*\]\.(?P<column>\w+)) \+= (?P<amount>[\d.]+)$")


def scaled(programme: Programme, times: int) -> Programme:
    """Return a programme with each item, and all that speaks of it, so many times; what serves them is as many times as much."""
    if times == 1:
        return programme
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, columns in COPIED.items():
        rows = [asdict(row) for row in programme.tables[name].rows()]
        tables[name] = [
            row if k == 0 else {**row, **{c: f"{row[c]}~{k + 1}" for c in columns if row[c]}}
            for k in range(times)
            for row in rows
        ]
    for name, columns in WIDENED.items():
        rows = [asdict(row) for row in programme.tables[name].rows()]
        tables[name] = [{**row, **{c: row[c] * times for c in columns if row[c] is not None}} for row in rows]
    rows = [asdict(row) for row in programme.tables["options"].rows()]
    tables["options"] = [
        {
            **row,
            **{c: row[c] * times for c in ("one_off_cost", "weekly_cost")},
            "changes": tuple(_more(c, times) for c in row["changes"]),
        }
        for row in rows
    ]
    more = [f"~{k + 1}" for k in range(1, times)]
    copied = {
        str(n) for t, c in (("items", "item"), ("contracts", "contract")) for n in getattr(programme.tables[t], c)
    }

    def named(names: tuple[str, ...]) -> tuple[str, ...]:
        return (*names, *(n + m for m in more for n in names if n in copied))

    tables["licences"] = [{**row, "items": named(row["items"])} for row in tables["licences"]]
    rules = [asdict(row) for row in programme.tables["rules"].rows()]
    tables["rules"] = [
        {**row, "scope": named(row["scope"]), "low": row["low"] * times if row["kind"] == "least cash" else row["low"]}
        for row in rules
    ]
    return programme.replace(**tables)


def _more(change: str, times: int) -> str:
    """Return a change that adds so many times as much, where it adds to what serves all copies: each of them brings an option of its own.

    >>> _more("work_centres[FLT].stations += 1", 3), _more("offers[A].lead_days += 1", 3)
    ('work_centres[FLT].stations += 3', 'offers[A].lead_days += 1')
    """
    found = ADDED.match(change)
    if found and found["column"] in WIDENED.get(found["table"], ()):
        return f"{found['where']} += {float(found['amount']) * times:g}"
    return change


def planned(times: int, seconds: float) -> Figures:
    """Plan in this process, and tell seconds, gaps and memory, with the seconds at which objectives were first reported."""
    from tandemplan.plan import PlanOptions, plan

    programme = scaled(read(ROOT / "examples" / "joint_plant"), times)
    heard: dict[str, float] = {}
    begin = time.perf_counter()

    def hear(progress: Any) -> None:
        if progress.value is not None:
            heard.setdefault(progress.phase, time.perf_counter() - begin)

    run = plan(programme, PlanOptions(time_limit=seconds), hear)
    spent = time.perf_counter() - begin
    children, own = (resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    return {
        "times": times,
        "limit": seconds,
        "rows": sum(map(len, programme.tables.values())),
        "size": run.info["size"],
        "status": f"{run.info['status']} {run.info['reason']}".strip(),
        "stages": [[s["stage"], s["value"], s["bound"], s["gap"]] for s in run.info["objective"]["stages"]]
        if "objective" in run.info
        else [],
        "heard": heard,
        "seconds": spent,
        "cpu": children.ru_utime + own.ru_utime,
        "memory": max(own.ru_maxrss, children.ru_maxrss) / 1024,
    }


def main() -> None:
    """Measure each size in a fresh process, and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("times", nargs="*", type=int, default=[1, 3, 10])
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--child", action="store_true")
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(planned(asked.times[0], asked.seconds)))
        return
    found = []
    for times in asked.times:
        command = [sys.executable, __file__, "--child", "--seconds", str(asked.seconds), str(times)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
        print(found[-1], flush=True)
    (ROOT / "benchmarks" / "scaled.md").write_text("\n".join(page(found)) + "\n")


def page(found: list[Figures]) -> list[str]:
    """Return the lines of the page."""
    lines = [
        "# The joint plant, larger",
        "",
        "Written by `make bench` (`benchmarks/scaled.py`): the joint plant with all its products and parts once, three and ten times; stations,",
        "people, tools, lanes and stores are as many times as many. One thread and a fresh process each; memory is the most that the process, or its",
        "solver, held. A first plan is one with whole stations, sets and shifts in which nobody waits. Where seconds are far above those of the",
        "processor, other work took the machine.",
        "",
        "| times | rows of tables | rows, columns, non-zeros of the model | limit, s | seconds (CPU) | first plan after s | classes | stock: gap | cost: gap | memory, MB | status |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for f in found:
        size = ", ".join(f"{f['size'][n]:,}" for n in ("rows", "columns", "non_zeros"))
        gaps = {s[0]: s[3] for s in f["stages"]}
        classes = [v for k, v in gaps.items() if k.startswith("class")]
        first = min((s for k, s in f["heard"].items() if k.startswith("class")), default=None)
        lines.append(
            f"| {f['times']} | {f['rows']:,} | {size} | {f['limit']:.0f} | {f['seconds']:.0f} ({f['cpu']:.0f}) | {'-' if first is None else f'{first:.0f}'} | "
            f"{'-' if not classes else f'gap {max(classes):.1%}'} | {_gap(gaps, 'stock')} | {_gap(gaps, 'cost')} | "
            f"{f['memory']:,.0f} | {f['status']} |"
        )
    return [*lines, "", machine("highspy", "numpy")]


def _gap(gaps: dict[str, float], stage: str) -> str:
    return f"{gaps[stage]:.1%}" if stage in gaps else "-"


if __name__ == "__main__":
    main()
