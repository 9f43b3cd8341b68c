"""The demands of a run that are latest, explained one after another and kept with the run, so that its page shows them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.cli.saying import STOPPED, Outcome

if TYPE_CHECKING:
    from tandemplan.explain.planned import Base
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Run


def explained_latest(folder: Path, run: Run, programme: Programme, count: int, how: tuple[bool, float]) -> Outcome:
    """Explain the `count` latest demands of a run, with relief where `how` asks for it, each within its seconds; keep the answers with the run."""
    from tandemplan.explain.planned import base_of
    from tandemplan.problems import SolverStoppedError
    from tandemplan.report.answered import explanation_rows, relief_rows
    from tandemplan.report.pegged import demand_line
    from tandemplan.results.answer_shapes import EXPLANATIONS, RELIEFS
    from tandemplan.results.answers import keep

    names = latest(run, count)
    try:
        base = base_of(programme, run) if names else None
    except SolverStoppedError as error:
        return Outcome(STOPPED, (), {"explanations": None}, (f"Why they are late is not known: {error}.",))
    lines, said = list[str](), list[dict[str, Any]]()
    for k, demand in enumerate(names, 1):
        print(f"{k} of {len(names)}: {demand}", file=sys.stderr)
        assert base is not None
        words, found = told(base, demand, how)
        lines += [demand_line(run, programme, demand), *words]
        said.append({"demand": demand, **found})
    planned = "around" if base is not None and base.large else "anew"
    known = [s for s in said if s["why"] is not None and not s["why"]["stopped"]]
    kept = {EXPLANATIONS: [r for s in known for r in explanation_rows(s["why"], programme)]}
    if how[0]:
        kept[RELIEFS] = [r for s in known for r in relief_rows(s["demand"], s["relief"], planned)]
    keep(folder, kept)
    return Outcome(lines=tuple(lines) or ("Nobody is late.",), data={"run": str(folder), "explanations": said})


def latest(run: Run, count: int) -> list[str]:
    """Return the demands with the most unit-days late, the worst first."""
    from tandemplan.results.shape import DEMAND_SUMMARY

    late = sorted((-r["late_unit_days"], r["demand"]) for r in run.rows(DEMAND_SUMMARY) if r["late_unit_days"] > 0)
    return [d for _, d in late[:count]]


def told(base: Base, demand: str, how: tuple[bool, float]) -> tuple[list[str], dict[str, Any]]:
    """Return why a demand is late, and with relief what helps, in lines and as values; nothing of why where the time did not suffice."""
    from tandemplan.explain.answer import relief_said, why_said
    from tandemplan.explain.causes import why
    from tandemplan.explain.solving import relieved_as
    from tandemplan.problems import SolverStoppedError
    from tandemplan.report.explained import relief_lines, why_lines
    from tandemplan.report.progress import ProgressLines

    relief, seconds = how
    try:
        found = why(base, demand, seconds)
    except SolverStoppedError as error:
        return [f"Why it is late is not known: {error}."], {"why": None}
    said: dict[str, Any] = {"why": why_said(base, found)}
    lines = [*why_lines(said["why"], base.programme)]
    if relief and not found.stopped:
        progress = ProgressLines()
        try:
            said["relief"] = relief_said(base, found, relieved_as(base, demand, progress.show))
        finally:
            progress.close()
        lines += relief_lines(said["relief"], base.programme, near=base.large)
    return lines, said
