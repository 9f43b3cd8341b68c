"""The page of all problems: each code, and the rule behind it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tandemplan.model.checks.facts import Check

READING: Mapping[str, str] = {
    "bad-name": "A name holds no `;` or `|` (these join names in lists and keys), and no character that cannot be seen.",
    "bad-xml": "An XML file is well formed, and declares no entities of its own.",
    "blank-cell": "A change adds to or multiplies only a cell that is not blank, and moves a date that is given.",
    "control-character": "Files and cells hold no NUL character.",
    "date-out-of-range": "Dates lie between 1900-01-01 and 2199-12-31.",
    "date-set": "A dated effect of a risk or option moves a date by days, with `+=`; it does not set it.",
    "empty-file": "A file or sheet names its columns in the first row.",
    "file-name": "Files are named as their tables, in small letters, and end in `.csv`.",
    "formula": "A cell holds a value, not a formula.",
    "key-change": "A change does not touch the key of a row; drop the row and add another.",
    "missing-column": "Columns that each row must fill are there.",
    "missing-file": "A programme has a `programme.toml`, a scenario a `scenario.toml`.",
    "missing-setting": "Settings without a default are given.",
    "missing-value": "A cell that must be given is not blank.",
    "not-a-date": "A date is written `2026-06-01`, and there is such a day.",
    "no-start": "A model of another format says the moment at which it starts.",
    "not-a-duration": "A duration is written as ISO 8601 has it, such as `PT8H` or `P7D`.",
    "not-a-number": "A number has digits and at most one decimal point, no unit and no separators; only numbers are multiplied.",
    "not-a-value": "A setting is one value, not a list or a table.",
    "not-finite": "A number is finite.",
    "not-imported": "What a file of another format says and tables cannot is told, and left out.",
    "not-whole": "A count is a whole number.",
    "not-yes-no": "A flag is yes or no.",
    "plan-change": "A simulated world keeps the stations, people, sets and hours of its plan; a risk, or another plan, changes them.",
    "refused-archive": "A zip or workbook stays within the limits of size, members and ratio, without passwords or outside paths.",
    "repeated-column": "A column is given once.",
    "repeated-setting": "A setting is given once.",
    "repeated-table": "A table is given once.",
    "row-length": "A row has as many cells as the header.",
    "setting-change": "A dated effect of a risk or option changes tables; settings are changed by scenarios, and a plan is simulated with its own.",
    "too-large": "A number is at most the upper bound of its column (shares are fractions), a file within the limit of size.",
    "too-long": "A text has at most 10,000 characters.",
    "too-small": "A number is at least the lower bound of its column.",
    "unclosed-quote": "A double quote that opens a cell is closed, and doubled inside the text.",
    "unknown-choice": "A cell with a choice holds one of its words.",
    "unknown-column": "Columns are those of the table, or start with `x_`.",
    "unknown-row": "The rows that a change or a dropped row speaks of are there.",
    "unknown-setting": "Settings are those of the language.",
    "unknown-table": "Files and sheets are named as tables of the language.",
    "unnamed-column": "Each column of the header has a name.",
    "unreadable": "Files can be opened and have the form that their name says.",
    "unreadable-change": "A change is written `table[key].column = value`, with `+=` to add and `*=` to multiply.",
    "wrong-encoding": "Text files are UTF-8.",
    "wrong-form": "A file of another format has all of its parts, each with as many numbers as there are items, periods or resources.",
    "wrong-separator": "Cells of a CSV file are separated by commas.",
}  # codes of single files, sheets, rows and cells, raised where these are read


def problems_page(checks: Iterable[Check]) -> str:
    """Return the Markdown page of all codes in the order of the alphabet."""
    meanings: dict[str, list[str]] = {code: [text] for code, text in READING.items()}
    for rule in checks:
        meanings.setdefault(rule.code, []).append(rule.meaning)
    lines = [f"## {code}\n\n{' '.join(meanings[code])}\n" for code in sorted(meanings)]
    return "\n".join([_HEAD, *lines])


_HEAD = """# Problems

`tandemplan check` lists all faults of a programme at once, by file and line. Each says the value, the rule, the remedy
where there is one, and in square brackets the code of the rule. The codes do not change. One fault gives one problem:
no rule rests on a cell that could not be read, and a name that no table gives is reported once for each file, then
taken for the nearest known one.

This page is written by `python -m tandemplan.model.checks`.
"""
