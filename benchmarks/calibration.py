"""Measure whether promises are kept as often as they are given, and write benchmarks/calibration.md and its picture. Run by `make bench`.

python benchmarks/calibration.py [WORLDS] [REPLICATIONS]: how, and by which rule, is said in tests/simulate/calibration.py.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from measure import machine  # noqa: E402
from simulate.calibration import (  # noqa: E402
    Promise,
    bins,
    chi_square,
    in_the_large,
    of_chi_square,
    of_normal,
    promises,
    spiegelhalter,
)

SEED = 1
QUESTIONS = ("on its due day", "on a drawn day")
COLOURS = ("#2b5c8a", "#b3541e")
HEAD = """# Calibration

Written by `make bench` (`benchmarks/calibration.py`). {count} random small worlds (programmes with bills of up to four levels, lead times, hours and yields that vary,
learning, breakdowns, tasks, risks, options, demand that varies, money that runs short), each planned. One demand of each is drawn and two things are
asked of it: is it complete by its due day, and by a day that is drawn so that answers are spread evenly. Our engine says how likely that is, by {replications:,}
replications; the second engine (`tests/simulate/second`, processes of SimPy, no code in common) lets it happen once, with draws of its own. A promise that is said
to be kept with probability p is kept with a variance of p (1 - p), and what is said is off by p (1 - p) / {replications:,}: the sum of both is the measure below.

![Of promises by what was said, the share that was kept](calibration.svg)

"""


def table(found: list[Promise]) -> list[str]:
    rows = ["| said | promises | expected to be kept | kept | standard deviations off |", "|---|---|---|---|---|"]
    for one in bins(found):
        if one.count:
            off = (one.kept - one.expected) / math.sqrt(one.variance)
            rows.append(
                f"| {100 * one.low:.0f} to {100 * one.high:.0f} % | {one.count} | {one.expected:.1f} | {one.kept} | {off:+.1f} |"
            )
    return rows


def section(name: str, found: list[Promise]) -> list[str]:
    total, z, (value, groups) = in_the_large(found), spiegelhalter(found), chi_square(found)
    return [
        f"## Complete {name}",
        "",
        *table(found),
        "",
        f"- Kept in all: {sum(p.kept for p in found)} of {len(found)}, {total:+.2f} standard deviations off (p = {of_normal(total):.2f}).",
        f"- Squared error (Spiegelhalter): z = {z:+.2f} (p = {of_normal(z):.2f}).",
        f"- Chi-square over the bins, small ones with their neighbours: {value:.1f} with {groups} degrees of freedom (p = {of_chi_square(value, groups):.2f}).",
        "",
    ]


def picture(questions: list[list[Promise]]) -> str:
    """Return a reliability diagram: what was said and the share that was kept, with two standard deviations around what was said."""
    size, edge = 360, 48
    parts = []
    for k, (name, found) in enumerate(zip(QUESTIONS, questions, strict=True)):
        left = edge + k * (size + 2 * edge)
        x, y = (lambda v, left=left: left + size * v), (lambda v: edge + size * (1 - v))
        parts.append(f'<text x="{x(0)}" y="30" font-weight="bold">Complete {name}: {len(found)} promises</text>')
        parts.append(f'<rect x="{x(0)}" y="{y(1)}" width="{size}" height="{size}" fill="none" stroke="#888"/>')
        parts.append(f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#888" stroke-dasharray="4 4"/>')
        for v in (0, 0.2, 0.4, 0.6, 0.8, 1):
            parts.append(f'<text x="{x(v):.0f}" y="{y(0) + 18:.0f}" text-anchor="middle">{v:.0%}</text>')
            parts.append(f'<text x="{x(0) - 6:.0f}" y="{y(v) + 4:.0f}" text-anchor="end">{v:.0%}</text>')
        for one in bins(found):
            if one.count:
                said, wide = one.expected / one.count, 2 * math.sqrt(one.variance) / one.count
                low, high = max(said - wide, 0), min(said + wide, 1)
                parts.append(
                    f'<line x1="{x(said):.1f}" x2="{x(said):.1f}" y1="{y(low):.1f}" y2="{y(high):.1f}" stroke="#bbb" stroke-width="7"/>'
                )
                parts.append(
                    f'<circle cx="{x(said):.1f}" cy="{y(one.kept / one.count):.1f}" r="{2 + math.sqrt(one.count):.1f}" fill="{COLOURS[k]}" fill-opacity="0.8">'
                    f"<title>{one.kept} of {one.count} kept, {one.expected:.1f} expected</title></circle>"
                )
        parts.append(
            f'<text x="{x(0.5)}" y="{y(0) + 38:.0f}" text-anchor="middle">said by our engine (grey: two standard deviations)</text>'
        )
    height, width = size + 2 * edge + 10, 2 * size + 4 * edge
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{width}" height="{height}" fill="white"/><text x="12" y="{edge + size / 2:.0f}" transform="rotate(-90 12 {edge + size / 2:.0f})" '
        f'text-anchor="middle">kept in the second engine</text>{"".join(parts)}</svg>\n'
    )


def main(count: int = 200, replications: int = 1_000) -> None:
    pairs = []
    for number in range(count):
        pairs.append(promises(SEED, number, replications))
        print(number, *(f"{p.demand} by day {p.day:.0f}: {p.said:.3f} {p.kept}" for p in pairs[-1]), flush=True)
    questions = [list(found) for found in zip(*pairs, strict=True)]
    lines = [line for name, found in zip(QUESTIONS, questions, strict=True) for line in section(name, found)]
    foot = f"{machine('numba', 'numpy', 'simpy')}\n"
    text = HEAD.format(count=count, replications=replications) + "\n".join([*lines, foot])
    (ROOT / "benchmarks" / "calibration.md").write_text(text, encoding="utf-8")
    (ROOT / "benchmarks" / "calibration.svg").write_text(picture(questions), encoding="utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
