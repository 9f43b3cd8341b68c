"""Measure every step from files to page on programmes that grow to 300,000 rows, and write benchmarks/size.md.

Run by `make bench`, or `python benchmarks/size.py [CASE]...`. Each case is read, checked, compiled and built in one
fresh process; solving, writing, audit and page have a fresh process each. Memory is the most that the process held
during the step, whatever it held before included.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from measure import Children, fresh, machine, measured
from synthetic import synthetic
from tandemplan.model.programme import Programme
from tandemplan.model.reading import read

ROOT = Path(__file__).parents[1]
SECONDS = 60.0  # for the solver
Figures = dict[str, Any]


def _example(name: str) -> Callable[[], Programme]:
    return lambda: read(ROOT / "examples" / name)


def _synthetic(items: int, **more: int) -> Callable[[], Programme]:
    return lambda: synthetic(items, 104, **more)


CASES: dict[str, Callable[[], Programme]] = {
    "first_steps": _example("first_steps"),
    "tanker_base": _example("tanker_base"),
    "joint_plant": _example("joint_plant"),
    **{f"{items:,} items": _synthetic(items) for items in (100, 200, 500, 1000, 2000)},
    "2,000 items, 300,000 demands": _synthetic(2000, customers=15, every=1),
}


def prepare(case: str, folder: Path) -> Figures:
    """Write the programme of a case as a folder of CSV files."""
    from tandemplan.model.writing import write

    programme = CASES[case]()
    figures, _ = measured(lambda: write(programme, folder / "programme"))
    return {"write programme": figures, "rows": sum(map(len, programme.tables.values()))}


def front(_: str, folder: Path) -> Figures:
    """Read, check, compile and build, as `plan` does."""
    from tandemplan.model.checks import check_programme
    from tandemplan.model.files import open_source
    from tandemplan.model.reading import parse_source
    from tandemplan.network.network import network_of
    from tandemplan.plan.model import model_of

    found: Figures = {}
    found["open"], (source, problems) = measured(lambda: open_source(folder / "programme"))
    assert source is not None
    found["parse"], (programme, more) = measured(lambda: parse_source(source))
    source = None
    found["check"], faults = measured(lambda: check_programme(programme, [*problems, *more]))
    assert not faults, faults[:3]
    found["digest"], _ = measured(lambda: programme.digest)
    found["compile"], network = measured(lambda: network_of(programme))
    found["build"], model = measured(lambda: model_of(network))
    return {**found, "size": model.lp.size}


def solve(_: str, folder: Path) -> Figures:
    """Plan for a minute, and keep the run."""
    from tandemplan.plan import PlanOptions, plan

    programme = read(folder / "programme")
    with Children() as children:
        figures, run = measured(lambda: plan(programme, PlanOptions(time_limit=SECONDS)))
    (folder / "run.pickle").write_bytes(pickle.dumps((run, programme)))
    lines = sum(len(next(iter(frame.values()))) for frame in run.tables.values())
    return {"solve": {**figures, "child": children.most}, "status": run.info["status"], "lines": lines}


def back(_: str, folder: Path) -> Figures:
    """Write the run."""
    from tandemplan.results.store import write_run

    run, programme = pickle.loads((folder / "run.pickle").read_bytes())
    figures, _ = measured(lambda: write_run(run, programme, folder / "run"))
    return {"write": figures, "bytes": sum(f.stat().st_size for f in (folder / "run").glob("*.csv"))}


def look(_: str, folder: Path) -> Figures:
    """Audit the run."""
    from tandemplan.audit import audit

    figures, report = measured(lambda: audit(folder / "run"))
    return {"audit": figures, "findings": len(report.findings)}


def show(_: str, folder: Path) -> Figures:
    """Draw the page."""
    from tandemplan.report.page import page
    from tandemplan.results.store import read_run

    figures, text = measured(lambda: page(read_run(folder / "run"), read(folder / "run" / "programme")))
    return {"page": figures, "page_bytes": len(text.encode())}


PROCESSES = {"prepare": prepare, "front": front, "solve": solve, "back": back, "look": look, "show": show}
STEPS = (
    ("open", "files to raw cells"),
    ("parse", "cells to typed columns"),
    ("check", "all rules"),
    ("digest", "digest"),
    ("compile", "names to arrays (network)"),
    ("build", "arrays to LP"),
    ("solve", f"plan: compile, build, solve (at most {SECONDS:.0f} s), tables"),
    ("write", "write the run"),
    ("audit", "audit the run"),
    ("page", "draw the page"),
)


def table(case: str, found: Figures) -> Iterator[str]:
    """Yield the lines of one case."""
    rows, columns, entries = found["size"]
    yield f"## {case}: {found['rows']:,} rows"
    yield f"LP of {rows:,} rows, {columns:,} columns, {entries:,} non-zeros; the plan is {found['status']}, its tables have"
    yield f"{found['lines']:,} rows ({found['bytes'] / 1e6:.1f} MB), its page {found['page_bytes'] / 1e6:.1f} MB; {found['findings']} findings."
    yield from ("", "| step | seconds | CPU seconds | most memory, MB |", "|---|---|---|---|")
    for step, words in STEPS:
        f = found[step]
        memory = f"{f['memory']:,.0f}" + (f" (solver {f['child']:,.0f})" if "child" in f else "")
        yield f"| {words} | {f['seconds']:.2f} | {f['cpu']:.2f} | {memory} |"
    read_in = [found[s] for s in ("open", "parse", "check", "compile")]
    seconds, cpu = (sum(f[k] for f in read_in) for k in ("seconds", "cpu"))
    yield f"| **read, checked and compiled** | **{seconds:.2f}** | **{cpu:.2f}** | **{max(f['memory'] for f in read_in):,.0f}** |"
    yield ""


HEAD = """# Every step at size

Written by `make bench` (`benchmarks/size.py`). The examples, and `benchmarks/synthetic.py` with items at 3 sites over 104
weeks; the largest has 15 customers who ask for each of 200 products each week. Each case in fresh processes; memory is the
most that the process held during the step. Absolute times drift with the machine and with what runs beside (30 % and more):
compare within one run, and CPU seconds before seconds.
"""


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1] in PROCESSES:
        print(json.dumps(PROCESSES[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))))
        return
    lines = [HEAD, machine("numpy", "highspy"), ""]
    for case in sys.argv[1:] or CASES:
        found: Figures = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in PROCESSES:
                found |= fresh(__file__, name, case, folder)
        lines += table(case, found)
        print("\n".join(table(case, found)), flush=True)
    if not sys.argv[1:]:
        (ROOT / "benchmarks" / "size.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
