"""What identifies a run: who asked what of which version, and whether its tables are its own; the same words on page and workbook."""

from __future__ import annotations

from tandemplan.report.sureness import stated_gap, tables_state
from tandemplan.results.store import Run

REPRODUCIBLE_WORDS = {
    True: "yes: the same inputs give the same tables",
    False: "no: the run was ended by the clock or by hand",
}


def identity(run: Run) -> list[tuple[str, str]]:
    """Return what identifies a run, as words and texts; nothing that differs between equal runs.

    >>> from tandemplan.testing.runs import run_of
    >>> identity(run_of(""))[0], identity(run_of(""))[-1][0]
    (('Run', 'plan-1'), 'Reproducible')
    """
    info = run.info
    objective = info.get("objective") or {}
    gaps = ", ".join(f"{s['stage']} {stated_gap(run, s['gap'])}" for s in objective.get("stages", []))
    options = ", ".join(f"{n.replace('_', ' ')} {v}" for n, v in info.get("options", {}).items() if v is not None)
    versions = ", ".join(f"{n} {v}" for n, v in info.get("versions", {}).items())
    programme = info.get("programme", {})
    found = [
        ("Run", str(info.get("run", ""))),
        ("Programme", f"{programme.get('name', '')}, digest {programme.get('digest', '')}"),
        ("Changes", "; ".join(info.get("changes", []))),
        ("Gap of each stage", gaps),
        ("Options", options),
        ("Seed", "" if info.get("seed") is None else str(info["seed"])),
        ("Versions", versions),
        ("Tables", tables_state(run)),
        ("Reproducible", REPRODUCIBLE_WORDS[bool(info.get("reproducible"))]),
    ]
    return [(name, text) for name, text in found if text]
