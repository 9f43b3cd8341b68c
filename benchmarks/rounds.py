"""From a plan to the schedule of its next weeks and back, round by round, by the shell; writes benchmarks/rounds.md.

`python benchmarks/rounds.py SCHEDULE...` tells of schedules that `tandemplan schedule RUN --rounds N --out SCHEDULE` wrote, each audited once more, its plan too.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from tandemplan.audit import audit
from tandemplan.results.schedule_shapes import ORDERS, TARGETS
from tandemplan.results.store import Run, read_answer

HEAD = """# From a plan to its schedule and back

`tandemplan schedule RUN --from ... --until ... --steps 0 --rounds N`: the next weeks of a plan scheduled to the second (dispatch alone, no improvement), hours that the plan was too hopeful of taken from it, planned and scheduled again, the best kept
([what the words mean](../docs/scheduling.md#the-next-weeks-of-a-plan)). Hours are those of all work centres, people and tools. Written by `python benchmarks/rounds.py SCHEDULE...`.
"""


def lines_of(folder: Path) -> list[str]:
    """Return what is told of one schedule."""
    run, _ = read_answer(folder)
    plan, programme = read_answer(folder / "plan")
    findings = len(audit(folder).findings), len(audit(folder / "plan").findings)
    rows = [
        f"| {r['round'] or 'as planned'}{' (kept)' if r['kept'] else ''} | {r['hours_in_time'] + r['hours_late']:,.0f} | {r['hours_late']:,.0f} "
        f"| {_share(r['hours_late'], r['hours_in_time'] + r['hours_late'])} | {', '.join(f'{d:,.1f}' for d in r['late_unit_days'])} |"
        for r in run.info["rounds"]
    ]
    return [
        f"\n## {programme.settings.name}\n",
        (
            f"From {run.info['from']} until {run.info['until']}, {len(run.rows(TARGETS)):,} targets and {len(run.rows(ORDERS)):,} orders in the schedule kept. {_kept(run)}"
            f" Findings of the audit: {findings[0]} of the schedule beside its plan, {findings[1]} of the plan ({plan.info['verb']}).\n"
        ),
        "| round | hours planned | of these not done in their period | share | customers wait, unit-days by class |",
        "|---|---|---|---|---|",
        *rows,
    ]


def _kept(run: Run) -> str:
    targets: list[dict[str, Any]] = run.rows(TARGETS)
    starts = [t for t in targets if t["kind"] == "production"]
    done = sum(t["in_time"] >= t["quantity"] - 1e-6 for t in starts)
    return f"{done:,} of {len(starts):,} starts of production are done by the end of their period."


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schedules", nargs="+", type=Path)
    given = parser.parse_args()
    text = HEAD + "\n".join(line for folder in given.schedules for line in lines_of(folder)) + "\n"
    (Path(__file__).parent / "rounds.md").write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
