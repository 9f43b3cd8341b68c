"""Schedules of frePPLe's models against frePPLe's own: `python benchmarks/peers.py [--seconds S] [--write]`.

Each model of ../shared/peers is imported, scheduled for S seconds (10) and audited; then undelivered units and late unit-days of each
class, in order, stand against the best of frePPLe's variants. What a probe's perfect plan is stands in its file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tandemplan.audit.shop import audit_schedule
from tandemplan.interop.frepple import programme_of_frepple
from tandemplan.results.schedule_shapes import CLASSES
from tandemplan.schedule.answer import ScheduleOptions, schedule

HERE = Path(__file__).parent
PEERS = HERE.parents[1] / "shared" / "peers"
Service = Mapping[int, tuple[float, float]]  # by class: units not delivered, late unit-days
NEAR = 1e-4


def main() -> None:
    """Print, and with --write also keep, the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = [
        "# Schedules of frePPLe's models",
        "",
        f"Written by `python benchmarks/peers.py --seconds {asked.seconds:g} --write`: units not delivered and late unit-days, summed over classes; compared class by class, in order.",
        "",
        "| model | units lost: ours / frePPLe / bound | late unit-days: ours / frePPLe / bound | against frePPLe | proved | audit |",
        "|---|---|---|---|---|---|",
        *(_line(folder, asked.seconds) for folder in _cases()),
    ]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if asked.write:
        (HERE / "peers.md").write_text(text, encoding="utf-8")


def _cases() -> Iterator[Path]:
    yield from sorted((PEERS / "frepple").glob("*/model.xml"))
    yield from sorted((PEERS / "probes").glob("*.xml"))


def _line(file: Path, seconds: float) -> str:
    programme, _ = programme_of_frepple(file)
    run = schedule(programme, ScheduleOptions(time_limit=seconds, seed=1), lambda _told: None)
    findings = audit_schedule(programme, run.info, run.tables)
    rows = run.rows(CLASSES)
    ours = {r["demand_class"]: (r["lost"], r["late_unit_days"]) for r in rows}
    theirs = _frepple(file.parent / "baseline.json")
    name = file.parent.name if file.name == "model.xml" else file.stem
    lost, late = (sum(s[i] for s in ours.values()) for i in (0, 1))
    said = [f"{sum(s[i] for s in theirs.values()):,.1f}" if theirs else "-" for i in (0, 1)]
    bounds = [sum(r[n] for r in rows) for n in ("lost_bound", "bound")]
    proved = "yes" if run.info["status"] == "optimal" else "no"
    audit = "clean" if not findings else f"{len(findings)} findings"
    return f"| {name} | {lost:,.1f} / {said[0]} / {bounds[0]:,.1f} | {late:,.1f} / {said[1]} / {bounds[1]:,.1f} | {_against(ours, theirs)} | {proved} | {audit} |"


def _frepple(file: Path) -> Service:
    """Return how frePPLe's best variant serves the classes; nothing where its plan is not there."""
    if not file.is_file():
        return {}
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    found: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for d in said["variants"][said["best_variant"]]["demands"]:
        found[int(d["priority"])][0] += d["unplanned"]
        found[int(d["priority"])][1] += d["late_qty_days"]
    return {k: (v[0], v[1]) for k, v in found.items()}


def _against(ours: Service, theirs: Service) -> str:
    """Return whether ours is better, class by class in order: the first difference decides."""
    if not theirs:
        return "-"
    for k in sorted(ours.keys() | theirs.keys()):
        for one, other in zip(ours.get(k, (0.0, 0.0)), theirs.get(k, (0.0, 0.0)), strict=True):
            if abs(one - other) > NEAR * max(1.0, other):
                return "better" if one < other else f"worse (class {k})"
    return "equal"


if __name__ == "__main__":
    main()
