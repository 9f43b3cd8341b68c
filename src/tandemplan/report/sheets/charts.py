"""Native charts of a workbook, and the sheet of numbers that they refer to: people can change and copy both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tandemplan.model.book import put_text
from tandemplan.model.files.sheet import RESULT_PREFIX
from tandemplan.report.sheets.chart_data import Block

CHART_SHEET = RESULT_PREFIX + "chart_data"
WIDTH, WIDE, HEIGHT = 516, 1049, 300  # of a chart, of one over the whole page, in pixels
_WIDE_LABEL = 30  # characters beside a bar; longer ones need the whole page
_BAR, _AROUND_BARS = 24, 110  # pixels of a bar, and of title and axis of a wide chart
INK, SOFT, GRID, SOLID, AREA, DASHED, WARM = (
    "#17202B", "#566273", "#E6EAF0", "#0B5CAD", "#DCE8F4", "#3D4957", "#C8641B"
)  # fmt: skip
_BAR_COLOURS = {"decided": SOLID, "given": "#8A97A8", "not in the cost": WARM}
_HEADING_ROW, _NAMES_ROW, _FIRST_ROW = 0, 1, 2
_SHORT_SPAN = 150  # days; below, an axis of dates shows days


@dataclass(frozen=True)
class Placed:
    """The numbers of a chart and the column of the chart sheet where they begin."""

    block: Block
    column: int

    @property
    def wide(self) -> bool:
        """Return whether the chart needs the whole width of a page: bars with long names."""
        return self.block.kind == "limit" and max(len(r[0]) for r in self.block.rows) > _WIDE_LABEL

    @property
    def height(self) -> int:
        """Return how many pixels high the chart is."""
        return min(HEIGHT, _AROUND_BARS + _BAR * len(self.block.rows)) if self.wide else HEIGHT

    def title(self) -> list[Any]:
        """Return where the title stands."""
        return [CHART_SHEET, _HEADING_ROW, self.column]

    def names(self, at: int) -> list[Any]:
        """Return where the name of a column stands."""
        return [CHART_SHEET, _NAMES_ROW, self.column + at]

    def cells(self, at: int) -> list[Any]:
        """Return where the cells of a column stand."""
        column = self.column + at
        return [CHART_SHEET, _FIRST_ROW, column, _FIRST_ROW + len(self.block.rows) - 1, column]


def placed(blocks: Sequence[Block]) -> list[Placed]:
    """Return the blocks side by side, with a column between them.

    >>> two = Block("load", "", "", ("period", "hours"), ())
    >>> [p.column for p in placed([two, two])]
    [0, 3]
    """
    found, column = [], 0
    for block in blocks:
        found.append(Placed(block, column))
        column += len(block.names) + 1
    return found


def add_chart_sheet(book: Any, blocks: Sequence[Placed], styles: dict[str, Any]) -> None:
    """Add the sheet of numbers: over each block its title, then its column names, then its rows."""
    sheet = book.add_worksheet(CHART_SHEET)
    sheet.set_tab_color("#8A97A8")
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.set_landscape()
    for p in blocks:
        put_text(sheet, (_HEADING_ROW, p.column), p.block.title, styles["bold"])
        for at in range(len(p.block.names)):
            wide = any(isinstance(r[at], str) and len(r[at]) > 16 for r in p.block.rows)
            sheet.set_column(p.column + at, p.column + at, 44 if wide else 16)
    for p in blocks:
        for at, name in enumerate(p.block.names):
            put_text(sheet, (_NAMES_ROW, p.column + at), name, styles["header" if at == 0 else "numbers"])
    for i in range(max((len(p.block.rows) for p in blocks), default=0)):
        for p in blocks:
            if i < len(p.block.rows):
                for at, cell in enumerate(p.block.rows[i]):
                    _put(sheet, (_FIRST_ROW + i, p.column + at), cell, styles)


def _put(sheet: Any, place: tuple[int, int], cell: Any, styles: dict[str, Any]) -> None:
    if isinstance(cell, str):
        put_text(sheet, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, styles["day"])
    else:
        sheet.write_number(*place, cell, styles["whole" if cell == int(cell) else "broken"])


def chart_of(book: Any, p: Placed) -> Any:
    """Return the chart of a block."""
    chart = _over_time(book, p) if p.block.kind in ("served", "load") else _bars(book, p)
    chart.set_title({"name": p.title(), "data": [p.block.title], "name_font": {"size": 10.5, "color": INK}})
    chart.set_size({"width": WIDE if p.wide else WIDTH, "height": p.height})
    if p.wide:  # room for long names
        bars = {"y": 40 / p.height, "height": 1 - _AROUND_BARS / p.height}
        chart.set_plotarea({"layout": {"x": 0.42, "width": 0.55, **bars}})
    chart.set_chartarea({"border": {"color": "#D7DDE5"}, "fill": {"color": "#FFFFFF"}})
    return chart


def _over_time(book: Any, p: Placed) -> Any:
    """Return a chart of two series over time: the last column is what happens, the one before what it is measured by."""
    chart, lines = book.add_chart({"type": "area"}), book.add_chart({"type": "line"})
    chart.add_series(_series(p, 2, {"fill": {"color": AREA}, "border": {"color": SOLID, "width": 1.75}}))
    lines.add_series(_series(p, 1, {"line": {"color": DASHED, "width": 1.5, "dash_type": "dash"}}))
    chart.combine(lines)
    days = (p.block.rows[-1][0] - p.block.rows[0][0]).days
    font = {"size": 9, "color": SOFT}
    chart.set_x_axis(
        {"date_axis": True, "num_format": "d mmm" if days < _SHORT_SPAN else "mmm yyyy", "num_font": font,
         "line": {"color": SOFT}, **_ticks(days)}
    )  # fmt: skip
    chart.set_y_axis(
        {"name": _words(p.block.unit), "name_font": {**font, "bold": False}, "num_font": font, "num_format": "#,##0", "min": 0,
         "major_gridlines": {"visible": True, "line": {"color": GRID}}, "line": {"none": True}}
    )  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font})
    return chart


def _ticks(days: int) -> dict[str, Any]:
    """Return at most about eight ticks of an axis of dates."""
    if days < _SHORT_SPAN:
        return {"major_unit": max(1, -(-days // 56)) * 7, "major_unit_type": "days"}
    return {"major_unit": next((m for m in (1, 2, 3, 6, 12) if days / 30 / m <= 8), 24), "major_unit_type": "months"}


def _bars(book: Any, p: Placed) -> Any:
    """Return a chart of bars, the first row on top; costs are coloured by who decides them."""
    chart = book.add_chart({"type": "bar"})
    kinds = [_BAR_COLOURS.get(str(r[2]), SOLID) for r in p.block.rows]
    shown, unit = _scale([abs(float(r[1])) for r in p.block.rows], p.block.unit)
    labels = {"value": True, "num_format": shown, "font": {"size": 9, "color": INK}}
    chart.add_series(
        _series(p, 1, {"fill": {"color": SOLID}, "points": [{"fill": {"color": c}} for c in kinds], "gap": 45, "data_labels": labels})
    )  # fmt: skip
    font = {"size": 9, "color": SOFT}
    chart.set_y_axis(
        {
            "reverse": True,
            "interval_unit": 1,
            "num_font": {"size": 9, "color": INK},
            "line": {"color": SOFT},
            "major_tick_mark": "none",
        }
    )
    chart.set_x_axis(
        {"name": _words(unit), "name_font": {**font, "bold": False}, "num_font": font, "num_format": shown, "label_position": "high",
         "major_gridlines": {"visible": True, "line": {"color": GRID}}, "line": {"none": True}}
    )  # fmt: skip
    chart.set_legend({"none": True})
    return chart


def _words(text: str) -> str:
    """Return a text that the writer does not take for a reference to cells."""
    return text.lstrip("=")


def _scale(amounts: Sequence[float], unit: str) -> tuple[str, str]:
    """Return the number format and the unit in which amounts are short.

    >>> _scale([3e6, 2.0], "EUR"), _scale([12.0], "periods")
    (('#,##0.0,,', 'million EUR'), ('#,##0', 'periods'))
    """
    most = max(amounts, default=0.0)
    if most >= 1e9:
        return "#,##0.0,,,", f"billion {unit}"
    if most >= 1e6:
        return "#,##0.0,,", f"million {unit}"
    return "#,##0", unit


def _series(p: Placed, at: int, look: dict[str, Any]) -> dict[str, Any]:
    """Return a series that refers to the cells of a column, with their present values for those who do not calculate."""
    return {
        "name": p.names(at),
        "name_data": [p.block.names[at]],
        "categories": p.cells(0),
        "values": p.cells(at),
        "categories_data": [_cached(r[0]) for r in p.block.rows],
        "values_data": [_cached(r[at]) for r in p.block.rows],
        **look,
    }


def _cached(cell: Any) -> Any:
    return (cell - date(1899, 12, 30)).days if isinstance(cell, date) else cell
