"""Schedules of frePPLe's own test models against the plans that its tests expect: `python benchmarks/frepple_tests.py FOLDER`, with `--seconds S`, `--only NAME`, `--write`.

FOLDER is the folder `test` of a clone of github.com/frePPLe/frepple (MIT licence). Each model is imported, scheduled for S seconds (2) and audited; then
undelivered units and late unit-days of each class, in order, stand against frePPLe's first plan with all its constraints (`solver_mrp(plantype=1,
constraints=15)`), of which the lines DEMAND of the expected output tell the deliveries. Models without such a plan are scheduled and audited alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from peers import Service, _against
from tandemplan.audit.shop import audit_schedule
from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Demand
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.results.schedule_shapes import CLASSES
from tandemplan.schedule.answer import NoShopError, ScheduleOptions, schedule

HERE = Path(__file__)
SOLVE = re.compile(r"solver_mrp\(([^)]*)\)|saveplan\([\"']output\.(\d+)\.xml")
HEAD = """# Schedules of frePPLe's test models

Written by `python benchmarks/frepple_tests.py FOLDER --seconds {seconds:g} --write`, FOLDER being the folder `test` of frePPLe's repository. Units not delivered and late unit-days, summed over classes, compared
class by class, in order, with frePPLe's first plan under all its constraints. A model that says `-` has no such plan. frePPLe may start orders before the present, leave demands late by its own
rules (`minimumdelay`, `lazydelay`), and code in a file is not run here, so not every difference tells of the schedulers.

| model | units lost: ours / frePPLe / bound | late unit-days: ours / frePPLe / bound | against frePPLe | proved | audit |
|---|---|---|---|---|---|
"""


def main() -> None:
    """Print, and with --write also keep, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = []
    for file in sorted(asked.folder.glob(f"{asked.only or '*'}/*.xml")):
        lines.append(_line(file, asked.seconds))
        sys.stdout.write(lines[-1] + "\n")
        sys.stdout.flush()
    if asked.write:
        HERE.with_suffix(".md").write_text(HEAD.format(seconds=asked.seconds) + "\n".join(lines) + "\n", "utf-8")


def _line(file: Path, seconds: float) -> str:
    try:
        programme, _ = programme_of_frepple(file)
        run = schedule(programme, ScheduleOptions(time_limit=seconds, seed=1), lambda _told: None)
    except ProgrammeFaultsError as error:
        return f"| {file.stem} | | | refused: {error.problems[0].message} | | |"
    except NoShopError as error:
        return f"| {file.stem} | | | {error} | | |"
    findings = audit_schedule(programme, run.info, run.tables)
    rows = run.rows(CLASSES)
    ours = {r["demand_class"]: (r["lost"], r["late_unit_days"]) for r in rows}
    theirs = _expected(file, programme)
    lost, late = (sum(s[i] for s in ours.values()) for i in (0, 1))
    said = [f"{sum(s[i] for s in theirs.values()):,.1f}" if theirs else "-" for i in (0, 1)]
    bounds = [sum(r[n] for r in rows) for n in ("lost_bound", "bound")]
    proved = "yes" if run.info["status"] == "optimal" else "no"
    audit = "clean" if not findings else f"{len(findings)} findings: {findings[0]}"
    return (
        f"| {file.stem} | {lost:,.1f} / {said[0]} / {bounds[0]:,.1f} | {late:,.1f} / {said[1]} / {bounds[1]:,.1f} "
        f"| {_against(ours, theirs)} | {proved} | {audit} |"
    )


def _expected(file: Path, programme: Programme) -> Service:
    """Return how frePPLe's first plan under all constraints serves the classes; nothing where its test has none."""
    number, constrained = "", False
    for call, saved in SOLVE.findall(file.read_text(encoding="utf-8")):
        if saved and constrained:
            number = saved
            break
        if not saved:
            constrained = "constraints=15" in call and "plantype=2" not in call
    plan = file.with_suffix(f".{number}.expect")
    if not number or not plan.is_file():
        return {}
    got: dict[str, list[tuple[datetime, float]]] = defaultdict(list)
    for line in plan.read_text(encoding="utf-8").splitlines():
        kind, *cells = line.split("\t")
        if kind == "DEMAND" and len(cells) >= 3:
            got[cells[0]].append((datetime.fromisoformat(cells[1]), float(cells[2])))
    found: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for demand in programme[Demand].rows():
        at = _due(demand)
        mine = got.get(demand.demand, [])
        sums = found[demand.demand_class or 0]
        sums[0] += max(demand.quantity_units - sum(q for _, q in mine), 0.0)
        sums[1] += sum(q * max((when - at).total_seconds(), 0.0) / 86_400 for when, q in mine)
    return {k: (v[0], v[1]) for k, v in found.items()}


def _due(demand: Demand) -> datetime:
    """Return the moment of a due day and time: a blank time is the end of the day."""
    assert demand.due is not None
    hours, minutes, seconds = (
        ([int(n) for n in demand.due_time.split(":")] + [0, 0])[:3] if demand.due_time else (24, 0, 0)
    )
    return datetime(*demand.due.timetuple()[:3]) + timedelta(hours=hours, minutes=minutes, seconds=seconds)  # noqa: DTZ001 - moments have no zone


if __name__ == "__main__":
    main()
