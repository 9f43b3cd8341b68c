"""Why there is no plan: the limits that conflict, what would help, and how sure that is, in words for shell, page and workbook."""

from __future__ import annotations

from typing import Any

from tandemplan.report.wording import counted, listed
from tandemplan.results.store import Run

MOST_CONFLICTS, MOST_MEMBERS, MOST_REMEDIES = 3, 6, 4  # that the shell tells: the run holds all


def reasons(run: Run) -> list[list[str]]:
    """Return the members of each conflict, a sentence each."""
    found: dict[int, list[str]] = {}
    for c in run.info.get("conflicts", []):
        found.setdefault(c.get("conflict", 1), []).append(c["text"])
    return list(found.values())


def remedies(run: Run) -> list[str]:
    """Return what would make a plan possible, the smallest first, a sentence each."""
    return [r["text"] for r in run.info.get("remedies", [])]


def changes(run: Run) -> list[str]:
    """Return for each remedy the changes that come to the same, as the shell takes them; blank where there are none."""
    return [" ".join(f'--set "{c}"' for c in r.get("changes", [])) for r in run.info.get("remedies", [])]


def no_plan(run: Run) -> str:
    """Say that there is no plan, and how many limits in how many conflicts are the reason."""
    found = reasons(run)
    search = run.info.get("conflict_search", {})
    if not found and search.get("reason"):
        return f"No plan: not all limits can be kept, and which of them conflict is not known ({search['reason']})."
    said = counted(len({text for members in found for text in members}), "limit")
    many = f", in {len(found)} conflicts" if len(found) > 1 else ""
    return f"No plan: {said} cannot all be kept{many}."


def doubts(run: Run) -> str:
    """Return what the search for conflicts and remedies did not prove; blank where it proved all that it says."""
    search = run.info.get("conflict_search", {})
    if not search or not reasons(run):
        return ""
    open_points = []
    if not search["irreducible"]:
        open_points.append("a conflict may hold a limit that it does not need")
    if not search["complete"]:
        open_points.append("there may be other remedies" if remedies(run) else "no remedy was found")
    if not open_points:
        return ""
    why = f" (the search ended early: {search['reason']})" if search["reason"] else ""
    text = listed(open_points, most=9)
    return f"{text[0].upper()}{text[1:]}{why}."


def why_section(run: Run) -> dict[str, Any]:
    """Return why there is no plan, for the section of a page that says so: conflicts, what would help, and what is not proved."""
    return {
        "conflicts": reasons(run),
        "remedies": list(zip(remedies(run), changes(run), strict=True)),
        "doubts": doubts(run),
    }


def why_lines(run: Run) -> list[str]:
    """Return why there is no plan and what would help, as lines of a word, a colon and a sentence."""
    found, lines = reasons(run), [no_plan(run)]
    for k, members in enumerate(found[:MOST_CONFLICTS], 1):
        word = "Conflict" if len(found) == 1 else f"Conflict {k}"
        lines += [f"{word}: {text}" for text in members[:MOST_MEMBERS]]
        lines += [f"{word}: {len(members) - MOST_MEMBERS} more." for _ in members[MOST_MEMBERS : MOST_MEMBERS + 1]]
    helps = list(zip(remedies(run), changes(run), strict=True))[:MOST_REMEDIES]
    lines += [f"Would help: {f'{text[:-1]}: {change}' if change else text}" for text, change in helps]
    return [*lines, *(f"Not proved: {d}" for d in [doubts(run)] if d)]
