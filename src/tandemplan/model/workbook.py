"""From a programme to a workbook: one sheet per table, with notes, types and lists to choose from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_range

from tandemplan.model.book import MOST_ROWS, TEXT_FORMAT, new_book, put_number, put_text
from tandemplan.model.cells import EARLIEST, LATEST
from tandemplan.model.describe import note_of
from tandemplan.model.programme import Programme
from tandemplan.model.schema import ROW_CLASSES, TABLES, Column, Description, Kind, Settings
from tandemplan.model.tables import Table, cell_text, empty, only_default
from tandemplan.problems import CellLimitError

SETTINGS_SHEET, LISTS_SHEET = "programme", "x_lists"
VALIDATED_ROWS = 2000
_INLINE = 255  # the longest list that a validation can hold itself


def write_workbook(programme: Programme, file: Path) -> None:
    """Write a programme as a workbook: a sheet of settings and one per table that has rows.

    Texts stay texts, dates are dates, flags are `yes` and `no`; cells of columns that only hold defaults are blank.
    Equal programmes give equal bytes, and what is written reads back equal. Raises CellLimitError, and writes nothing,
    when a table or a text is larger than a workbook can hold.
    """
    with new_book(file) as book:
        add_programme(book, programme)


def blank_workbook(file: Path) -> None:
    """Write a workbook with every table, its notes and validation lists, and no rows: to be filled by hand."""
    with new_book(file) as book:
        _add_sheets(book, Settings(), [empty(c) for c in ROW_CLASSES])


def add_programme(book: Any, programme: Programme) -> None:
    """Add the sheets of a programme to a workbook: its settings, and a sheet per table that has rows."""
    tables = [programme[c] for c in ROW_CLASSES if len(programme[c])]
    for table in tables:
        if len(table) > MOST_ROWS:
            name = table.description.name
            raise CellLimitError(
                f"No workbook can hold table '{name}': {len(table):,} rows, at most {MOST_ROWS:,} on a sheet."
            )
    _add_sheets(book, programme.settings, tables)


def _add_sheets(book: Any, settings: Settings, tables: Sequence[Table[Any]]) -> None:
    styles = {
        "header": book.add_format({"bold": True, "bg_color": "#DCE6F0"}),
        "key": book.add_format({"bold": True, "bg_color": "#B8CCE4"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "text": book.add_format({"num_format": TEXT_FORMAT}),  # 0012, 6-10, MAR1
    }
    lists: list[tuple[str, ...]] = []
    _settings_sheet(book.add_worksheet(SETTINGS_SHEET), settings, styles, lists)
    sizes = {t.description.name: max(VALIDATED_ROWS, len(t) + 1) for t in tables}
    for table in tables:
        sheet = book.add_worksheet(table.description.name)
        _table_sheet(sheet, table, styles)
        _validations(sheet, table.description, sizes, lists)
    _lists_sheet(book, lists)


def _settings_sheet(sheet: Any, settings: Settings, styles: dict[str, Any], lists: list[tuple[str, ...]]) -> None:
    sheet.write_row(0, 0, ("setting", "value"), styles["header"])
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 40)
    for row, column in enumerate(Settings.DESCRIPTION.columns, 1):
        put_text(sheet, (row, 0), column.name)
        sheet.write_comment(row, 0, note_of(column), {"x_scale": 2})
        sheet.write_blank(row, 1, None, _style(column, styles))
        _write_cell(sheet, (row, 1), column, getattr(settings, column.name), styles)
        rule = _rule(column, {}, lists)
        if rule:
            sheet.data_validation(row, 1, row, 1, rule)


def _table_sheet(sheet: Any, table: Table[Any], styles: dict[str, Any]) -> None:
    columns, extra = table.description.columns, sorted(table.extra)
    sheet.freeze_panes(1, max(1, sum(c.key for c in columns)))
    sheet.autofilter(0, 0, max(len(table), 1), len(columns) + len(extra) - 1)
    for at, column in enumerate(columns):
        put_text(sheet, (0, at), column.name, styles["key" if column.key else "header"])
        sheet.write_comment(0, at, note_of(column), {"x_scale": 2})
        width = min(max(len(column.name) + 4, _longest(column, table) + 2, 12), 40)
        sheet.set_column(at, at, width, _style(column, styles))
    for at, name in enumerate(extra, len(columns)):
        put_text(sheet, (0, at), name, styles["header"])
        sheet.set_column(at, at, 12, styles["text"])
    sheet.ignore_errors(
        {"number_stored_as_text": xl_range(1, 0, max(len(table), VALIDATED_ROWS), len(columns) + len(extra))}
    )
    shown = [(at, c) for at, c in enumerate(columns) if c.key or c.required or not only_default(table, c.name)]
    values = [table.columns[c.name].tolist() for _, c in shown]
    own = [table.extra[name].tolist() for name in extra]
    for i in range(len(table)):
        for (at, column), cells in zip(shown, values, strict=True):
            _write_cell(sheet, (i + 1, at), column, cells[i], styles)
        for at, cells in enumerate(own, len(columns)):
            if cells[i]:
                put_text(sheet, (i + 1, at), str(cells[i]), styles["text"])


def _style(column: Column, styles: dict[str, Any]) -> Any:
    """Return the format of a column's cells, blank ones too; numbers take that of the sheet."""
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return None
    return styles[{Kind.DATE: "day", Kind.MOMENT: "moment"}.get(column.kind, "text")]


def _longest(column: Column, table: Table[Any]) -> int:
    """Return the length of the longest text in a column of texts, 0 for other columns."""
    if column.kind in (Kind.NUMBER, Kind.INTEGER, Kind.DATE, Kind.MOMENT, Kind.FLAG):
        return 0
    return max((len(cell_text(column, v)) for v in table.columns[column.name]), default=0)


def _write_cell(sheet: Any, place: tuple[int, int], column: Column, value: Any, styles: dict[str, Any]) -> None:
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        if value is not None and not math.isnan(value):
            put_number(sheet, place, float(value))
    elif column.kind in (Kind.DATE, Kind.MOMENT):
        if value is not None:
            sheet.write_datetime(*place, value, _style(column, styles))
    elif text := cell_text(column, value):
        put_text(sheet, place, text, styles["text"])


def _validations(sheet: Any, table: Description, sizes: dict[str, int], lists: list[tuple[str, ...]]) -> None:
    for at, column in enumerate(table.columns):
        rule = _rule(column, sizes, lists)
        if rule:
            sheet.data_validation(1, at, sizes[table.name] - 1, at, rule)


def _rule(column: Column, sizes: dict[str, int], lists: list[tuple[str, ...]]) -> dict[str, Any] | None:
    """Return the validation of a column's cells, or None; `sizes` are the rows of the sheets to refer to."""
    if column.kind is Kind.FLAG:
        return {"validate": "list", "source": ["yes", "no"]}
    if column.kind is Kind.CHOICE:
        return {"validate": "list", "source": _choices(column.choices, lists)}
    if column.kind is Kind.NAME and len(column.refers_to) == 1 and column.refers_to[0] in sizes:
        return {"validate": "list", "source": _key_range(column.refers_to[0], sizes)}
    if column.kind in (Kind.DATE, Kind.MOMENT):
        return _bounded("date", EARLIEST, LATEST, "Write a date from 1900 to 2199.")
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number_rule(column)
    return None


def _number_rule(column: Column) -> dict[str, Any]:
    kind = "integer" if column.kind is Kind.INTEGER else "decimal"
    low, high = column.low if column.low is not None else -1e12, column.high if column.high is not None else 1e12
    message = f"{column.name} ({column.unit}) is a number from {low:g} to {high:g}."
    if column.above is not None and column.high is None:
        message = f"{column.name} ({column.unit}) is a number above {column.above:g}."
        return {"validate": kind, "criteria": ">", "value": column.above, "error_message": message}
    return _bounded(kind, low if column.above is None else column.above, high, message)


def _bounded(kind: str, low: float | date, high: float | date, message: str) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, "error_message": message}


def _choices(choices: tuple[str, ...], lists: list[tuple[str, ...]]) -> list[str] | str:
    if len(",".join(choices)) <= _INLINE and not any("," in c for c in choices):
        return list(choices)
    if choices not in lists:
        lists.append(choices)
    letter = chr(ord("A") + lists.index(choices))
    return f"={LISTS_SHEET}!${letter}$1:${letter}${len(choices)}"


def _key_range(table: str, sizes: dict[str, int]) -> str:
    description = TABLES[table].DESCRIPTION
    at = next(i for i, c in enumerate(description.columns) if c.key)
    letter = chr(ord("A") + at)
    return f"={table}!${letter}$2:${letter}${sizes[table]}"


def _lists_sheet(book: Any, lists: list[tuple[str, ...]]) -> None:
    if not lists:
        return
    sheet = book.add_worksheet(LISTS_SHEET)
    for row in range(max(map(len, lists))):
        for at, choices in enumerate(lists):
            if row < len(choices):
                put_text(sheet, (row, at), choices[row])
    sheet.hide()
