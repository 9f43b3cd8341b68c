"""How sure a plan is: what is proved, under which assumptions, what it leaves out, and whether its tables are still its own."""

from __future__ import annotations

from tandemplan.report.wording import EXACT, counted, gap_text, listed
from tandemplan.results.shape import CLASSES
from tandemplan.results.store import Run

STATUS_WORDS = {
    "optimal": "best possible under its assumptions",
    "feasible": "stopped by a limit, how good it is is not proved",
    "infeasible": "infeasible",
    "stopped": "stopped",
}


def warning(run: Run) -> str:
    """Return what must be said before anything else of a run whose files were changed; blank where they were not.

    >>> from dataclasses import replace
    >>> from tandemplan.testing.runs import run_of
    >>> warning(run_of("")), warning(replace(run_of(""), changed=("costs.csv",))).partition(".")[0]
    ('', 'Changed after the plan: costs')
    """
    if not run.changed:
        return ""
    return (
        f"Changed after the plan: {listed(run.changed, most=20)}. What stands here is not what the plan wrote, and nothing "
        "of it is proved; tandemplan audit, with the run's folder, tells what does not agree."
    )


def tables_state(run: Run) -> str:
    """Return whether the tables are as the plan wrote them, and how to check further."""
    return warning(run) or (
        "as the plan wrote them, by their digests; tandemplan audit, with the run's folder, also checks them against the "
        "programme and each other"
    )


def worst_gap(run: Run) -> float:
    """Return the largest gap of a class, infinite where one is not proved or the run was changed."""
    if run.changed:
        return float("inf")
    gaps = [r["gap"] for r in run.rows(CLASSES)]
    return max((g if g == g else float("inf") for g in gaps), default=0.0)  # noqa: PLR0124 - nan


def stated_gap(run: Run, gap: float | None) -> str:
    """Return a gap of a run in words: unproven where the run was changed."""
    return gap_text(None if run.changed else gap)


def status_words(run: Run) -> str:
    r"""Return how good a plan is, or how the run ended, in a few words.

    >>> from tandemplan.testing.runs import run_of
    >>> status_words(run_of("[classes]\ndemand_class,gap\n1,0.0005"))
    'within 0.05 % of the best possible under its assumptions'
    """
    if run.changed:
        return "changed after the plan, not proved"
    worst = worst_gap(run)
    if CLASSES.name not in run.tables or (run.info["status"] == "optimal" and worst < EXACT):
        return STATUS_WORDS.get(run.info["status"], str(run.info["status"]))
    if worst < EXACT:
        return "no better deliveries under its assumptions"
    return "not proved" if worst > NO_PROOF else f"within {gap_text(worst)} of the best possible under its assumptions"


def is_replan(run: Run) -> bool:
    """Return whether the run is a plan made once more from another, which keeps most of it and proves nothing."""
    return run.info.get("verb") == "replan"


NO_PROOF = 0.995  # a gap above this says nothing


def proof(run: Run) -> str:
    """Return how sure the answer is, in one sentence."""
    worst = worst_gap(run)
    if run.changed:
        return f"Nothing is proved: {listed(run.changed, most=20)} changed after the plan."
    if worst == float("inf"):
        return "How far a better plan could go is not proved."
    if is_replan(run):
        return "Nothing is proved of a re-plan."
    if worst > NO_PROOF:
        return "Nothing is proved yet: give it more time."
    if worst < EXACT:
        return "Best possible under its assumptions: on these periods and days, no plan serves these classes in their order with less delay."
    return f"Nearly best under its assumptions: on these periods and days, no plan has delays more than {gap_text(worst)} smaller, class by class."


def ended(run: Run) -> str:
    r"""Return what is not proved because the work ended, in a sentence; blank where it reached its gap, or seeks none (a re-plan).

    >>> from tandemplan.testing.runs import run_of
    >>> def said(gap, cost):
    ...     stages = {"stages": [{"stage": "cost", "gap": cost}]}
    ...     return ended(run_of(f"[classes]\ndemand_class,gap\n1,{gap}", status="feasible", objective=stages))
    >>> print(said(0.2, 1), said(0, 1), said(0, 0.04), sep="\n")
    The work ended before the gap was reached.
    The work ended before stock and cost were proved: the same deliveries may cost less.
    The work ended before stock and cost were proved: the same deliveries may cost up to 4 % less.
    """
    if run.info["status"] == "optimal" or is_replan(run):
        return ""
    if worst_gap(run) >= EXACT:
        return "The work ended before the gap was reached."
    gap = next((s["gap"] for s in run.info["objective"]["stages"] if s["stage"] == "cost"), 1.0)
    less = f"up to {gap_text(gap)} less" if EXACT <= gap <= NO_PROOF else "less"
    return f"The work ended before stock and cost were proved: the same deliveries may cost {less}."


def hopeful(run: Run) -> tuple[int, bool]:
    """Return how many of the things left out can only make deliveries fewer or later, and whether most of them can.

    >>> from tandemplan.testing.runs import run_of
    >>> hopeful(run_of("", notes=["a", "b", "c"], hopeful_notes=["a", "c"])), hopeful(run_of("", notes=["a"]))
    ((2, True), (0, False))
    """
    worse = len(run.info.get("hopeful_notes", []))
    return worse, 2 * worse > len(run.info.get("notes", []))


def hopeful_words(run: Run) -> str:
    """Return what the things left out would do to the plan, in a sentence; blank where none can only harm it."""
    worse, most = hopeful(run)
    which = "it" if len(run.info.get("notes", [])) == 1 else f"{worse:,} of them"
    likely = ": where the true figure differs, it is likely lower" if most else ""
    return f"Counting {which} could only make deliveries fewer or later{likely}." if worse else ""


def left_out(run: Run, most: int = 5) -> str:
    """Return what the plan leaves out, the weightiest in words; blank where it leaves nothing out.

    >>> from tandemplan.testing.runs import run_of
    >>> left_out(run_of("", notes=["Funding and cash are not limits yet.", "Hours are the mature ones: slower at first."]))
    'It leaves out 2 things: funding and cash are not limits yet; hours are the mature ones.'
    """
    notes = run.info.get("notes", [])
    if not notes:
        return ""
    heads = [n.partition(":")[0].rstrip(".") for n in notes[:most]]
    above = ", above all" if len(notes) > most else ""
    return f"It leaves out {counted(len(notes), 'thing')}{above}: {'; '.join(h[:1].lower() + h[1:] for h in heads)}."
