"""How long a run's workbook takes to write and read back, how large it is, and how much memory that needs.

    python benchmarks/workbook.py [RUN]

measures the run in a folder, and a made one with a stock table of 300,000 rows; each in a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tandemplan.model.programme import Programme
from tandemplan.model.reading import read
from tandemplan.report.workbook import write_run_workbook
from tandemplan.results.fields import Type
from tandemplan.results.shape import STOCK
from tandemplan.results.store import Run, read_run
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

ROWS = 300_000
CLASSES = """
[classes]
demand_class,demanded,on_time
1,10,10
"""


def made(rows: int) -> tuple[Run, Programme]:
    """Return a run whose table of stock has so many rows, and a programme of one item."""
    random = np.random.default_rng(1)
    cells = {
        Type.TEXT: lambda: np.array([f"part-{n:05d}" for n in random.integers(0, 2_000, rows)], dtype=object),
        Type.DATE: lambda: np.datetime64("2026-06-01", "D") + random.integers(0, 1_000, rows),
        Type.UNITS: lambda: np.round(random.uniform(0, 5_000, rows), 6),
        Type.MONEY: lambda: np.round(random.uniform(0, 90_000, rows), 2),
    }
    run = run_of(CLASSES)
    stock = {f.name: cells[f.type]() for f in STOCK.fields}
    return Run(run.info, {**run.tables, "stock": stock}), programme_of("start = 2026-06-01\n[items]\nitem\npart")


def measure(name: str) -> str:
    """Return a line of figures about one run: a folder's, or a made one."""
    run, programme = (read_run(Path(name)), read(Path(name) / "programme")) if name else made(ROWS)
    rows = sum(len(next(iter(table.values()))) for table in run.tables.values())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.xlsx"
        begin, work = time.perf_counter(), time.process_time()
        write_run_workbook(run, programme, file)
        work = time.process_time() - work
        written, most = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        again = read(file)
        done = time.perf_counter()
        assert again.digest == programme.digest
        size = file.stat().st_size / 1e6
    return (
        f"| {Path(name).name or 'made'} | {rows:,} | {written - begin:.1f} | {work:.1f} | {done - written:.2f} | {size:.1f} | "
        f"{before:.0f} | {most:.0f} |"
    )


def main() -> None:
    """Print a table of figures."""
    if sys.argv[1:2] == ["--one"]:
        print(measure(sys.argv[2]))
        return
    print(
        "| run | result rows | write, s | of these computing, s | read back, s | MB | memory before, MB | most memory, MB |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in [*sys.argv[1:], ""]:
        subprocess.run([sys.executable, __file__, "--one", name], check=True)


if __name__ == "__main__":
    main()
