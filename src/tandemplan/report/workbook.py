"""A run as a workbook: a summary with charts, a sheet per result table, and the programme that reads back unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tandemplan.model.book import MOST_ROWS, new_book
from tandemplan.model.files.sheet import SUMMARY_SHEET
from tandemplan.model.programme import Programme
from tandemplan.model.schema import ROW_CLASSES, Settings
from tandemplan.model.workbook import SETTINGS_SHEET, add_programme
from tandemplan.report.sheets.chart_data import Block, blocks_of
from tandemplan.report.sheets.charts import CHART_SHEET, add_chart_sheet, chart_of, placed
from tandemplan.report.sheets.front import Entry, Shown, summary_lines
from tandemplan.report.sheets.grid import FIRST, LAST, MARGIN, NARROW, WIDE, write_lines
from tandemplan.report.sheets.results import Part, add_part, parts_of
from tandemplan.report.sheets.shop_front import MOST_LATE, shop_blocks, shop_lines
from tandemplan.report.sheets.styles import styles_of
from tandemplan.report.summary import has_plan
from tandemplan.report.waited import reasons_of
from tandemplan.results.store import Run, kind_of


def write_run_workbook(run: Run, programme: Programme, file: Path, most_rows: int = MOST_ROWS) -> None:
    """Write a run and the programme that it planned as one workbook, whole or not at all; equal runs give equal bytes.

    The sheets are `summary`, one `result_...` per result table (several, numbered, where a table has more than
    `most_rows` rows), the numbers behind the charts, and the sheets of the programme, which read back unchanged. Raises
    CellLimitError when a table of the programme, or a text, is larger than a sheet can hold.
    """
    scheduled = kind_of(run.info) == "schedule"
    blocks = placed(shop_blocks(run, programme) if scheduled else blocks_of(run, programme) if has_plan(run) else [])
    parts = parts_of(run, most_rows)
    with new_book(file) as book:
        styles = styles_of(book)
        summary = _summary_sheet(book)
        charts = [Shown(chart_of(book, p), p.block.title, p.height, p.wide) for p in blocks]
        entries = entries_of(parts, [p.block for p in blocks], programme)
        lines = (
            shop_lines(run, programme, reasons_of(run, programme, MOST_LATE), entries, charts)
            if scheduled
            else summary_lines(run, programme, entries, charts)
        )
        write_lines(summary, lines, styles)
        for part in parts:
            add_part(book, run, part, programme.settings.currency, styles)
        if blocks:
            add_chart_sheet(book, blocks, styles)
        add_programme(book, programme)


def entries_of(parts: Sequence[Part], blocks: Sequence[Block], programme: Programme) -> list[Entry]:
    """Return the list of sheets after the summary, in their order."""
    results = [Entry(p.name, p.rows, _meaning(p, parts), "Results") for p in parts]
    charts = (
        [Entry(CHART_SHEET, max(len(b.rows) for b in blocks), "The numbers of the charts above.", "Results")]
        if blocks
        else []
    )
    settings = Entry(SETTINGS_SHEET, len(Settings.DESCRIPTION.columns), "A setting of the programme.", "Programme")
    tables = [programme[c] for c in ROW_CLASSES if len(programme[c])]
    inputs = [Entry(t.description.name, len(t), t.description.meaning.splitlines()[0], "Programme") for t in tables]
    return [*results, *charts, settings, *inputs]


def _meaning(part: Part, parts: Sequence[Part]) -> str:
    """Return what a row of a result sheet is; where a table goes over several sheets, also which rows these are."""
    if sum(p.shape is part.shape for p in parts) == 1:
        return part.shape.meaning
    return (
        f"{part.shape.meaning} Rows {part.first + 1:,} to {part.last:,} of the table: one sheet cannot hold them all."
    )


def _summary_sheet(book: Any) -> Any:
    sheet = book.add_worksheet(SUMMARY_SHEET)
    sheet.set_tab_color("#10335C")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, MARGIN)
    sheet.set_column(FIRST, FIRST, NARROW)
    sheet.set_column(FIRST + 1, LAST, WIDE)
    sheet.set_column(LAST + 1, LAST + 1, MARGIN)
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    return sheet
