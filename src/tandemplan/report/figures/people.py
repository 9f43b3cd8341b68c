"""People over time: those who are there, trained or in training, by skill, and who is hired and leaves."""

from __future__ import annotations

from collections import defaultdict

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Site, Skill
from tandemplan.report.buckets import horizon, period_starts
from tandemplan.report.drawing import Drawing, Panel
from tandemplan.report.facts import Cells, resource_names, row_names, rows
from tandemplan.report.strips import Course, strips
from tandemplan.report.wording import day, number
from tandemplan.results.shape import PEOPLE
from tandemplan.results.store import Run

MOST_ROWS = 20
LEAST = 1e-4  # people: what is less is rounding


def people(run: Run, programme: Programme) -> Drawing:
    """Return the people of each skill over time; nothing where nobody is hired or leaves."""
    found: dict[str, list[Cells]] = defaultdict(list)
    for r in rows(run, PEOPLE):
        found[r["skill"]].append(r)
    moved = {s: m for s, m in found.items() if any(r["hired"] > LEAST or r["left"] > LEAST for r in m)}
    if not moved:
        return Drawing("People by skill", "Nobody is hired and nobody leaves.", (), ())
    shown = sorted(moved.items(), key=lambda m: (-sum(r["hired"] for r in m[1]), m[0]))
    hired, left = (sum(r[c] for m in found.values() for r in m) for c in ("hired", "left"))
    rest = f" {len(shown) - MOST_ROWS:,} more skills are in the table people." if shown[MOST_ROWS:] else ""
    return Drawing(
        "People by skill",
        f"{number(hired)} people are hired, and {number(left)} leave.",
        (_panel(shown[:MOST_ROWS], programme),),
        (),
        note=f"People who are there, trained or in training, a mean over each period: attrition is a rate. Each row has its own scale: its highest point is the most.{rest}",
    )


def _panel(shown: list[tuple[str, list[Cells]]], programme: Programme) -> Panel:
    starts, end = period_starts(programme), horizon(programme)[1]
    until = dict(zip(starts, [*starts[1:], end], strict=True))
    names, sites = resource_names(programme), row_names(programme, Site)
    table = programme[Skill]
    site = dict(zip(map(str, table.skill), map(str, table.site), strict=True))
    courses = []
    for skill, members in shown:
        there = [r["productive"] + r["training"] for r in members]
        values = tuple(
            (r["period_start"], until.get(r["period_start"], end), n) for r, n in zip(members, there, strict=True)
        )
        sums = [sum(r[c] for r in members) for c in ("hired", "left")]
        at = site.get(skill, "")
        figures = tuple(number(round(n, 1)) for n in (there[0], max(there), there[-1], *sums))
        courses.append(Course(names.get(skill, skill), sites.get(at, at) or "", values, max(there), figures))
    header = ("skill", "period from", "trained", "in training", "hired", "left")
    body = tuple(
        (skill, day(r["period_start"]), *(number(r[c]) for c in ("productive", "training", "hired", "left")))
        for skill, members in shown
        for r in members
    )
    heads = ("first", "most", "last", "hired", "left")
    return strips("Trained and in training", courses, heads, horizon(programme), (header, body))
