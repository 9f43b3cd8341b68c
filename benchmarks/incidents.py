"""From an incident of the joint plant to its audited plan and briefing, by the shell; writes benchmarks/incidents.md.

`python benchmarks/incidents.py RUN [--seconds 300] [--only INCIDENT...]`: RUN is a plan of examples/joint_plant. A process each; seconds of the processor are those
of it and of its solvers.
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
from tandemplan.results.store import read_answer

ROOT = Path(__file__).parents[1]
INCIDENTS = ROOT / "examples" / "joint_plant" / "incidents"
Figures = dict[str, Any]


def used() -> float:
    """Return the seconds of the processor that ended children of this process have used."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def said(*words: str) -> tuple[Figures, float, float]:
    """Run a command that answers in JSON: what it says, seconds, seconds of the processor."""
    begin, before = time.perf_counter(), used()
    found = subprocess.run([sys.executable, "-m", "tandemplan", *words, "--json"], capture_output=True, check=False)
    return json.loads(found.stdout or b"{}"), time.perf_counter() - begin, used() - before


def incident(run: Path, name: str, seconds: float) -> Figures:
    """Plan once more after an incident, write the briefing, and audit what comes."""
    with tempfile.TemporaryDirectory() as folder:
        out, page = Path(folder) / "new", Path(folder) / "briefing.html"
        words = ("--incident", str(INCIDENTS / name), "--out", str(out), "--briefing", str(page))
        info, wall, cpu = said("replan", str(run), *words, "--time-limit", str(seconds))
        found: Figures = {
            "incident": name,
            "seconds": wall,
            "cpu": cpu,
            "status": info["status"],
            "reason": info["reason"],
        }
        if "replan" not in info:
            return found
        audit, _, checking = said("audit", str(out))
        demands = read_answer(out)[0].tables["demand_summary"]
        return found | {
            "audit": checking,
            "findings": len(audit["findings"]),
            "late": float(demands["late"].sum()),
            "lost": float(demands["lost"].sum()),
            "orders": info["replan"]["orders_moved"],
            "units": info["replan"]["units_moved"],
            "size": page.stat().st_size,
        }


def row(figures: Figures) -> str:
    """Return one line of the table."""
    head = f"| `{figures['incident']}` | {figures['seconds']:.0f} | {figures['cpu']:.1f} |"
    if "late" not in figures:
        return f"{head} {figures['reason']} | | | | | |"
    cells = (f"{figures['late']:,.0f}", f"{figures['lost']:,.0f}", f"{figures['orders']:,}", f"{figures['units']:,.0f}")
    return f"{head} {' | '.join(cells)} | {figures['findings']} | {figures['audit']:.1f} |"


def main() -> None:
    """Write the table; what is named alone is measured alone."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("run", type=Path)
    asked.add_argument("--only", nargs="*", default=[], metavar="INCIDENT")
    asked.add_argument("--seconds", type=float, default=300.0)
    given = asked.parse_args()
    names = given.only or sorted(p.name for p in INCIDENTS.iterdir())
    rows = []
    for name in names:
        rows.append(row(incident(given.run, name, given.seconds)))
        print(rows[-1], flush=True)
    head = (ROOT / "benchmarks" / "incidents.md").read_text(encoding="utf-8").split("| incident")[0]
    lines = [
        "| incident | seconds | of the processor | late | lost | rows moved | units moved | findings | audit, processor seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    table = "\n".join([*lines, *rows])
    text = f"{head}{table}\n\n{machine()}\n"
    (ROOT / "benchmarks" / "incidents.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
