"""What identifies a run: who asked what of which version, and how it ended; the same words on page and workbook."""

from __future__ import annotations

from tandemplan.report.wording import gap_text
from tandemplan.results.store import Run

STATUS_WORDS = {
    "optimal": "proved within the gap",
    "feasible": "feasible, stopped by a limit before the gap was reached",
    "infeasible": "infeasible",
    "stopped": "stopped",
}
REPRODUCIBLE_WORDS = {
    True: "yes: the same inputs give the same tables",
    False: "no: the run was ended by the clock or by hand",
}


def status_words(run: Run) -> str:
    """Return how a run ended, in words."""
    return STATUS_WORDS.get(run.info["status"], str(run.info["status"]))


def identity(run: Run) -> list[tuple[str, str]]:
    """Return what identifies a run, as words and texts; nothing that differs between equal runs.

    >>> from tandemplan.testing.runs import run_of
    >>> identity(run_of(""))[0], identity(run_of(""))[-1][0]
    (('Run', 'plan-1'), 'Reproducible')
    """
    info = run.info
    objective = info.get("objective") or {}
    gaps = ", ".join(f"{s['stage']} {gap_text(s['gap'])}" for s in objective.get("stages", []))
    options = ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in info.get("options", {}).items() if v is not None)
    versions = ", ".join(f"{n} {v}" for n, v in info.get("versions", {}).items())
    programme = info.get("programme", {})
    found = [
        ("Run", str(info.get("run", ""))),
        ("Programme", f"{programme.get('name', '')}, digest {programme.get('digest', '')}"),
        ("Gap of each stage", gaps),
        ("Options", options),
        ("Seed", "" if info.get("seed") is None else str(info["seed"])),
        ("Versions", versions),
        ("Reproducible", REPRODUCIBLE_WORDS[bool(info.get("reproducible"))]),
    ]
    return [(name, text) for name, text in found if text]
