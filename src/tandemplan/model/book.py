"""Workbooks as files: written whole or not at all, equal bytes for equal cells, and texts that stay texts."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from tandemplan.disk import whole_file
from tandemplan.model.tables import number_text
from tandemplan.problems import CellLimitError

MOST_ROWS = 1_048_575  # rows of a sheet below its header
MOST_CHARACTERS = 32_767  # of one cell
TEXT_FORMAT = 49  # the format `@`, by the number that every program knows: what is typed stays a text
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp, so that equal books give equal bytes
_AFTER_UNDERSCORE = re.compile(r"(?<=_)")


class _Nowhere:
    """As much of a file as the end of an archive asks for: it keeps nothing but the place that it is at."""

    def __init__(self) -> None:
        self.place = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.place = offset if whence == 0 else self.place + offset
        return self.place

    def tell(self) -> int:
        return self.place

    def write(self, data: Any, /) -> int:
        self.place += len(data)
        return len(data)

    def flush(self) -> None:
        pass


class _Sink:
    """A file that can be changed for another: a broken archive ends itself when it is thrown away, even in a file that is closed, or on a full disk."""

    def __init__(self, file: Any) -> None:
        self.file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


@contextmanager
def new_book(file: Path) -> Iterator[Any]:
    """Give a workbook to fill; it appears as `file` when the block ends well, and not at all otherwise.

    The cells of each sheet are written row by row, from the top: a row is on disk as soon as the next one begins, so
    that memory does not grow with the rows.
    """
    with whole_file(file) as beside, tempfile.TemporaryDirectory() as scratch, beside.open("wb") as out:
        sink = _Sink(out)
        book = xlsxwriter.Workbook(sink, {"constant_memory": True, "tmpdir": scratch, "use_zip64": True})
        book.set_properties({"created": _CREATED})
        try:
            yield book
            book.close()
        except BaseException as error:
            sink.file = _Nowhere()
            if isinstance(error, FileCreateError):  # the writer's word for an OSError
                raise error.args[0] from None
            raise
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()


def put_text(sheet: Any, place: tuple[int, int], text: str, style: Any = None) -> None:
    """Write a text as a text, whatever it looks like; raises CellLimitError where a cell cannot hold it."""
    if text.startswith("<r>") and text.endswith("</r>"):  # what the writer takes for markup of its own
        runs = [text[0], text[1], *(r for r in _AFTER_UNDERSCORE.split(text[2:]) if r)]
        fault = sheet.write_rich_string(*place, *runs, *(() if style is None else (style,)))
    else:
        fault = sheet.write_string(*place, text, style)
    if fault:
        raise CellLimitError(
            f"No workbook can hold this: sheet '{sheet.get_name()}', row {place[0] + 1}; "
            f"a sheet has {MOST_ROWS + 1:,} rows, a cell {MOST_CHARACTERS:,} characters."
        )


def put_number(sheet: Any, place: tuple[int, int], value: float, style: Any = None) -> None:
    """Write a number; one that is not finite or needs a 17th digit stands as text, because the writer keeps 16."""
    if math.isfinite(value) and float(f"{value:.16G}") == value:
        if sheet.write_number(*place, value, style):
            raise CellLimitError(f"No workbook can hold this: sheet '{sheet.get_name()}' has {MOST_ROWS + 1:,} rows.")
    else:
        put_text(sheet, place, number_text(value) if math.isfinite(value) else str(value), style)
