"""Changes of the input in words."""

from __future__ import annotations

from collections.abc import Sequence

from tandemplan.model.differences import Change
from tandemplan.model.programme import Programme
from tandemplan.report.facts import item_units
from tandemplan.report.phrases import row_unit, turn_words
from tandemplan.report.wording import listed

MOST_ROWS = 3  # rows of the input that a sentence tells


def said_changes(changes: Sequence[Change], programme: Programme) -> str:
    """Return the changes row by row in a sentence, the first few of them."""
    if not changes:
        return "Nothing: both programmes are the same."
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for c in changes:
        groups.setdefault((c.table, c.row, c.name), []).append(c)
    units, shown = item_units(programme), list(groups.items())[:MOST_ROWS]
    words = [
        f"{_row_words(*where)}: {listed([_turns(c, programme, units) for c in cs], most=4)}" for where, cs in shown
    ]
    words += [""] * (len(groups) - len(shown))  # only counted
    return f"{listed(words, most=MOST_ROWS, comma='; ')}."


def _row_words(table: str, row: str, name: str) -> str:
    place = f"{table.replace('_', ' ')} {row}".strip()
    return f"{name} ({place})" if name else place


def _turns(change: Change, programme: Programme, units: dict[str, str]) -> str:
    if change.column == "row":
        return "added" if change.second == "present" else "taken away"
    unit = row_unit(programme, units, change.table, change.row)
    pair = (change.first, change.second)
    return turn_words(change.table, change.column, pair, programme.settings.currency, unit)
