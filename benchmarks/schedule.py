"""Schedule the synthetic case of 50 products, and write benchmarks/schedule.md.

python benchmarks/schedule.py [--orders 1000,5000] [--seconds 60]: dispatch, then improvement for some seconds of the processor. The case is drawn as
the XML text for the other planner is, whose figures stand beside ours.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from measure import machine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.schedule.factories import synthetic  # noqa: E402

from tandemplan.schedule.bounding import bounds_of  # noqa: E402
from tandemplan.schedule.dispatch import PARTS, dispatched, lateness, usual_sequence  # noqa: E402
from tandemplan.schedule.improving import improve, search_of  # noqa: E402
from tandemplan.schedule.laying import grown  # noqa: E402

PEER = {
    1000: (31730, 1.2, 16350),
    5000: (184511, 243, 84643),
}  # late unit-days, seconds, operations: frePPLe Community 9.18-dev
SLICE = 100
CLASSES = 3


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", default="1000,5000")
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    dispatched(synthetic(2))
    rows = [measured(int(n), asked.seconds) for n in asked.orders.split(",")]
    written(rows, asked.seconds)


def measured(orders: int, seconds: float) -> dict[str, Any]:
    """Return the figures of one size."""
    factory = synthetic(orders)
    began = time.process_time()
    board = dispatched(factory, usual_sequence(factory), PARTS)
    took = time.process_time() - began
    first, alive = lateness(board, CLASSES)[1], int(board.orders["alive"].sum())
    search, steps = search_of(board, 1), 0
    began = time.process_time()
    while time.process_time() - began < seconds:
        done = improve(board, search, SLICE)
        steps += done
        board = grown(board) if done < SLICE else board
    missing, late = lateness(board, CLASSES)
    print(orders, round(took, 2), first.sum(), late.sum(), steps, flush=True)
    return {
        "orders": orders,
        "operations": alive,
        "took": took,
        "first": first,
        "late": late,
        "missing": missing,
        "steps": steps,
        "bound": bounds_of(factory)[1],
    }


def written(rows: list[dict[str, Any]], seconds: float) -> None:
    """Write the table."""
    text = [
        "# Schedules of the synthetic case\n",
        f"Written by `python benchmarks/schedule.py`; {machine()}, one core, seconds of the processor (compiled before). 50 products on three levels, 100",
        "bought parts, 20 machines; every order is delivered in the end. Late unit-days by class (units times days after due), and in all; the bound holds for each class",
        "alone. frePPLe: its Community edition 9.18-dev, one thread, on a shared machine of two cores (late unit-days in all).\n",
        f"| orders | operations | dispatch s | late at once | after {seconds:.0f} s more | bound | steps | frePPLe: operations, s, late |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        peer = PEER.get(r["orders"])
        theirs = f"{peer[2]:,}, {peer[1]}, {peer[0]:,}" if peer else "not finished in 6 minutes"
        mine = " | ".join(
            f"{', '.join(f'{x:,.0f}' for x in r[k])}: **{np.sum(r[k]):,.0f}**" for k in ("first", "late", "bound")
        )
        text.append(f"| {r['orders']:,} | {r['operations']:,} | {r['took']:.2f} | {mine} | {r['steps']:,} | {theirs} |")
    (ROOT / "benchmarks" / "schedule.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
