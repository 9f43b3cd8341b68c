"""The result tables of a run as sheets of a workbook: one each, or several numbered ones where a table is too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xlsxwriter.utility import xl_range

from tandemplan.model.book import MOST_ROWS, put_text
from tandemplan.model.files.sheet import RESULT_PREFIX
from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.store import Run, shapes_of

Put = Callable[[int, Any], None]
_EPOCH = np.datetime64("1899-12-30", "D")  # day 0 of a workbook, counted back from 1 March 1900
_FIRST_SERIAL = 61  # 1 March 1900; workbooks number earlier days as if 1900 had had a 29 February
_KIND_WORDS = {
    Type.TEXT: "Text.",
    Type.DATE: "A date.",
    Type.MOMENT: "A date and a time, to the second.",
    Type.UNITS: "A number with at most six decimals",
    Type.MONEY: "An amount with two decimals",
    Type.WHOLE: "A whole number",
    Type.FLAG: "yes or no.",
}
_AT_ONCE = 10_000  # rows turned into cells at a time
_WIDTHS = {Type.DATE: 12, Type.MOMENT: 20, Type.UNITS: 14, Type.MONEY: 16, Type.WHOLE: 10, Type.FLAG: 10}


@dataclass(frozen=True)
class Part:
    """One sheet of a result table: its name, and which of the rows it holds, from `first` up to `last` (excluded)."""

    name: str
    shape: Shape
    first: int
    last: int

    @property
    def rows(self) -> int:
        """Return how many rows it holds."""
        return self.last - self.first


def parts_of(run: Run, most_rows: int = MOST_ROWS) -> list[Part]:
    """Return the sheets of all result tables of a run, each with at most `most_rows` rows.

    >>> from tandemplan.testing.runs import run_of
    >>> run = run_of('''
    ...     [classes]
    ...     demand_class
    ...     1
    ...     2
    ...     3
    ... ''')
    >>> [(p.name, p.first, p.last) for p in parts_of(run, most_rows=2)]
    [('result_classes', 0, 2), ('result_classes_2', 2, 3)]
    """
    found = []
    for shape in shapes_of(run.info):
        if shape.name in run.tables:
            count = len(run.tables[shape.name][shape.names[0]])
            for number, first in enumerate(range(0, max(count, 1), most_rows), 1):
                name = f"{RESULT_PREFIX}{shape.name}" + (f"_{number}" if number > 1 else "")
                found.append(Part(name, shape, first, min(first + most_rows, count)))
    return found


def note_of_field(field: Field, currency: str) -> str:
    """Return what a result column holds: meaning, kind and unit.

    >>> from tandemplan.results.shape import CLASSES, COSTS
    >>> note_of_field(COSTS.fields[2], "EUR")
    'Sum over the plan, undiscounted. An amount with two decimals in EUR.'
    >>> note_of_field(CLASSES.fields[8], "EUR")[-70:]
    'A number with at most six decimals (share). The audit cannot prove it.'
    """
    unit = field.unit.replace("money", currency or "money")
    words = _KIND_WORDS[field.type]
    if not words.endswith("."):
        words += f" in {unit}." if field.type is Type.MONEY else f" ({unit})." if unit else "."
    return f"{field.meaning} {words}" + ("" if field.audited else " The audit cannot prove it.")


def add_part(book: Any, run: Run, part: Part, currency: str, styles: dict[str, Any]) -> None:
    """Add one sheet of a result table: header frozen and filtered, notes on the header, cells as the run's CSV says."""
    sheet = book.add_worksheet(part.name)
    fields = part.shape.fields
    columns = [run[part.shape][f.name][part.first : part.last] for f in fields]
    _look(sheet, part)
    for at, (field, values) in enumerate(zip(fields, columns, strict=True)):
        numeric = field.type in (Type.UNITS, Type.MONEY, Type.WHOLE)
        put_text(sheet, (0, at), field.name, styles["numbers" if numeric else "header"])
        sheet.write_comment(0, at, note_of_field(field, currency), {"x_scale": 2})
        words = field.type in (Type.TEXT, Type.FLAG)
        sheet.set_column(at, at, _width(field, values), styles["text"] if words else None)
    puts = [_put(sheet, at, field, styles) for at, field in enumerate(fields)]
    for start in range(0, part.rows, _AT_ONCE):
        some = [cells_of(f, v[start : start + _AT_ONCE]) for f, v in zip(fields, columns, strict=True)]
        for row, cells in enumerate(zip(*some, strict=True), start + 1):
            for put, cell in zip(puts, cells, strict=True):
                put(row, cell)


def _look(sheet: Any, part: Part) -> None:
    """Set how a sheet is shown and printed."""
    last = max(part.rows, 1)
    sheet.set_tab_color("#0B5CAD")
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(part.shape.fields) - 1)
    texts = [xl_range(1, at, last, at) for at, f in enumerate(part.shape.fields) if f.type is Type.TEXT]
    if texts:
        sheet.ignore_errors({"number_stored_as_text": " ".join(texts)})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def cells_of(field: Field, values: NDArray[Any]) -> list[Any]:
    """Return the cells of a column as a sheet holds them: numbers as rounded as in the run's CSV, days as serials.

    Days that a workbook cannot count (before March 1900) are texts, blank ones the empty text.

    >>> from tandemplan.results.shape import DELIVERIES
    >>> cells_of(DELIVERIES.fields[6], np.array([1 / 3, -1e-9]))
    [0.333333, 0.0]
    >>> cells_of(DELIVERIES.fields[7], np.array(["2026-06-01", "NaT", "1899-01-01"], dtype="datetime64[D]"))
    [46174, '', '1899-01-01']
    """
    if field.type is Type.DATE:
        days = values.astype("datetime64[D]")
        serials = (days - _EPOCH).astype(np.int64).tolist()
        texts = days.astype(str).tolist()
        return [n if n >= _FIRST_SERIAL else "" if t == "NaT" else t for n, t in zip(serials, texts, strict=True)]
    if field.type in (Type.UNITS, Type.MONEY):
        digits = 6 if field.type is Type.UNITS else 2
        return [round(v, digits) + 0.0 for v in values.tolist()]
    if field.type is Type.FLAG:
        return ["yes" if v else "no" for v in values.tolist()]
    return values.tolist() if field.type is Type.WHOLE else [str(v) for v in values.tolist()]


def _put(sheet: Any, at: int, field: Field, styles: dict[str, Any]) -> Put:
    """Return what writes a cell of a column, given its row and value."""
    whole, broken, day, amount = (styles[n] for n in ("whole", "broken", "day", "amount"))

    def text(row: int, cell: Any) -> None:
        if cell:
            put_text(sheet, (row, at), cell)

    def date(row: int, cell: Any) -> None:
        sheet.write_number(row, at, cell, day) if isinstance(cell, int) else text(row, cell)

    def number(row: int, cell: Any) -> None:
        if isfinite(cell):
            sheet.write_number(row, at, cell, whole if cell == int(cell) else broken)
        else:
            odd(row, cell)

    def money(row: int, cell: Any) -> None:
        sheet.write_number(row, at, cell, amount) if isfinite(cell) else odd(row, cell)

    def odd(row: int, cell: Any) -> None:
        if not (field.may_be_blank and isnan(cell)):
            put_text(sheet, (row, at), str(cell))

    by_type: dict[Type, Put] = {Type.DATE: date, Type.UNITS: number, Type.WHOLE: number, Type.MONEY: money}
    return by_type.get(field.type, text)


def _width(field: Field, values: NDArray[Any]) -> int:
    longest = max((len(str(v)) for v in values), default=0) if field.type is Type.TEXT else _WIDTHS[field.type]
    return min(max(len(field.name) + 5, longest + 3, 9), 44)  # 5: room for an indent and the filter's button
