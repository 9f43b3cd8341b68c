"""A sheet that is laid out like a page: lines of cells, some of them wide, some of them links, with charts between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from tandemplan.model.book import put_number, put_text

FIRST, LAST, MIDDLE = 1, 12, 7  # columns of the page, and where its right half begins
MARGIN, NARROW, WIDE = 2, 14, 11.5  # widths of the columns: margins, first, others
LINE_HEIGHT, MOST_HEIGHT = 15.0, 409.0  # of a line of text, and of any row, in points


@dataclass(frozen=True)
class Cell:
    """One cell of a page: where it begins and ends, what it says, how, and where it leads.

    `link` is the name of a sheet, or `#` and the name of a line of the page.
    """

    column: int
    value: str | float | None
    style: str = "plain"
    last: int = 0
    link: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a page: its cells, its height in points (None: that of a line of text), its name, and its charts: column, chart, description."""

    cells: tuple[Cell, ...] = ()
    height: float | None = None
    name: str = ""
    charts: tuple[tuple[int, Any, str], ...] = ()


def text_height(text: str, first: int, last: int = LAST) -> float:
    """Return the height that a text needs when it is wrapped into the columns from `first` to `last`.

    >>> text_height("short", 2), text_height("long " * 50, 2)
    (18.0, 33.0)
    """
    width = sum(NARROW if c == FIRST else WIDE for c in range(first, last + 1))
    return min(LINE_HEIGHT * max(1, ceil(len(text) * 0.9 / width)) + 3, MOST_HEIGHT)


def write_lines(sheet: Any, lines: Sequence[Line], styles: dict[str, Any]) -> None:
    """Write the lines of a page from the top of a sheet."""
    named = {line.name: row for row, line in enumerate(lines) if line.name}
    for row, line in enumerate(lines):
        if line.height is not None:
            sheet.set_row(row, line.height)
        for cell in line.cells:
            _write(sheet, row, cell, named, styles)
        for column, chart, description in line.charts:
            words = "".join(
                c if c.isprintable() else " " for c in description
            )  # an attribute holds no control characters
            sheet.insert_chart(row, column, chart, {"object_position": 1, "description": words})


def _write(sheet: Any, row: int, cell: Cell, named: dict[str, int], styles: dict[str, Any]) -> None:
    style, place = styles[cell.style], (row, cell.column)
    if cell.last > cell.column:
        sheet.merge_range(row, cell.column, row, cell.last, "", style)
    if cell.link:
        to = (
            f"internal:{sheet.get_name()}!B{named[cell.link[1:]] + 1}"
            if cell.link[0] == "#"
            else f"internal:{cell.link}!A1"
        )
        sheet.write_url(*place, to, style, str(cell.value))
    elif isinstance(cell.value, str):
        put_text(sheet, place, cell.value, style)
    elif cell.value is None:
        sheet.write_blank(*place, None, style)
    else:
        put_number(sheet, place, cell.value, style)
