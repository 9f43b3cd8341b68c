"""Measure how long losses planned anew take, and write benchmarks/dependence.md: python benchmarks/dependence.py RUN, on an idle machine.

RUN is the folder of a plan of the joint plant (`tandemplan plan examples/joint_plant --out RUN`).
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from measure import machine

HERE = Path(__file__)
ASKED = (
    ("all suppliers, one process", ("--replan", "--kind", "supplier", "--workers", "1")),
    ("all suppliers, two processes", ("--replan", "--kind", "supplier", "--workers", "2")),
    ("all countries, lost on one day", ("--replan", "--kind", "country", "--from", "2028-05-29", "--workers", "2")),
    ("everything, and nobody plans anew", ()),
)  # fmt: skip
HEAD = """# Losses planned anew

Written by `python benchmarks/dependence.py RUN`: the whole command by the clock, reading and building included. What it solves: the model of the joint plant
without the rows of origin, shares, money and tasks, with what is done before the day of loss as planned, from the best basis without a loss by dual simplex; then, where
somebody waits, one class after the other by primal simplex, and the time to survive by bisection.

| asked | seconds | CPU seconds | memory, MB | answer |
|---|---|---|---|---|
"""


def line(name: str, options: tuple[str, ...], run: str) -> str:
    """Return the row of one command."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tandemplan", "dependence", run, *options], check=True, capture_output=True, text=True
    )
    seconds, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    first = re.sub(r"\s+", " ", done.stdout.splitlines()[0])
    return f"| {name} | {seconds:.0f} | {cpu:.0f} | {after.ru_maxrss / 1e3:.0f} | {first} |"


def main() -> None:
    """Measure, and write the page."""
    run = sys.argv[1]
    where = machine("highspy", "numpy")
    rows = [line(name, options, run) for name, options in ASKED]
    HERE.with_suffix(".md").write_text(HEAD + "\n".join(rows) + f"\n\n{where}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
