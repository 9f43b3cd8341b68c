"""Docstring models: a whole programme in a few lines of text, for tests and examples."""

from __future__ import annotations

import re
from textwrap import dedent

from tandemplan.model.checks import check_programme
from tandemplan.model.files.csv_file import csv_sheet
from tandemplan.model.files.sheet import SETTINGS_FILE, Source
from tandemplan.model.programme import Programme
from tandemplan.model.reading import Reading, parse_source
from tandemplan.problems import ProgrammeFaultsError, in_order

_HEADING = re.compile(r"\[([A-Za-z_]+)\]")
_SETTING = re.compile(r"([a-z_]+) *= *(\S.*)")
_BARE = re.compile(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\d|true|false|\".*\"")


def programme_of(text: str) -> Programme:
    """Return the programme that a docstring model says; raises ProgrammeFaultsError with all of its problems.

    A model is settings `word = value`, then for each table a heading `[table]` and its CSV lines (header first).
    Common indentation, blank lines and prose before the first setting or heading are skipped. Problems name
    `<table>.csv` and the line below the heading (1 = header), as if each table had been a file.

    >>> two = programme_of('''
    ...     start = 2026-06-01
    ...     periods = 2 weeks
    ...     [items]
    ...     item,weight_kg
    ...     A,1.5
    ...     B,
    ... ''')
    >>> from tandemplan.model.schema import Item
    >>> two.settings.periods, two[Item].weight_kg.tolist()
    ('2 weeks', [1.5, 0.0])
    """
    reading = reading_of(text)
    if reading.programme is None:
        raise ProgrammeFaultsError(reading.problems)
    return reading.programme


def reading_of(text: str) -> Reading:
    r"""Return the programme that a docstring model says, or all of its problems in order.

    >>> for problem in reading_of("start = 2026-06-01\n[items]\nitem,weight_kg\nA,heavy").problems:
    ...     print(problem)
    items.csv:2: weight_kg is 'heavy'; it must be a number (kg). [not-a-number]
    """
    sheets, problems = [], []
    parts = files_of(text)
    for name, content in parts.items():
        if name != SETTINGS_FILE:
            sheet, more = csv_sheet(name, content.encode())
            problems += more
            sheets += [] if sheet is None else [sheet]
    programme, more = parse_source(Source(tuple(sheets), SETTINGS_FILE, parts.get(SETTINGS_FILE)))
    found = in_order([*problems, *more, *check_programme(programme, [*problems, *more])])
    return Reading(None, found) if found else Reading(programme, ())


def files_of(text: str) -> dict[str, str]:
    r"""Return the files that a docstring model stands for: their text by name.

    >>> files_of("start = 2026-06-01\nperiods = 2 weeks\n[items]\nitem\nA")
    {'programme.toml': 'start = 2026-06-01\nperiods = "2 weeks"\n', 'items.csv': 'item\nA\n'}
    """
    files: dict[str, str] = {}
    name = ""
    for line in filter(str.strip, dedent(text).splitlines()):
        heading, setting = _HEADING.fullmatch(line.strip()), _SETTING.fullmatch(line.strip())
        if heading:
            name = f"{heading[1]}.csv"
            if name in files:
                raise ValueError(f"[{heading[1]}] stands twice in the model")
            files[name] = ""
        elif name not in ("", SETTINGS_FILE):
            files[name] += line.strip() + "\n"
        elif setting:
            name = SETTINGS_FILE
            files[name] = files.get(name, "") + f"{setting[1]} = {_toml(setting[2])}\n"
        elif name:
            raise ValueError(f"{line.strip()!r} is neither a setting nor a heading")
    return files


def _toml(value: str) -> str:
    return value if _BARE.fullmatch(value) else f'"{value}"'
