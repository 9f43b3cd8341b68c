"""The child process that opens workbooks: reads the file that its argument names, writes its sheets to standard output.

A broken or hostile workbook can make compiled code end its process or ask for all memory there is; here that ends a
child, and the parent says so. It imports little, so that it starts at once. Messages are pickles between two processes
of one installation: `("sheet", name, first row, rows)` for each sheet that is read, then `("end",)`; or `("locked",)`,
or `("refused", why)`, or `("broken", why)`.
"""

from __future__ import annotations

import contextlib
import pickle
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

MOST_CELLS = 10_000_000
MOST_MEMORY = 6 * 2**30
MOST_SECONDS = 300


def main(path: str, passed_over: Sequence[str]) -> None:
    """Write all messages about one workbook; sheets whose name fits one of the patterns are not read."""
    with contextlib.suppress(ImportError, ValueError):  # Windows has no such limits; a lower one may be set already
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))  # also where nobody waits any more
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for message in messages(path, passed_over):
        pickle.dump(message, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


def messages(path: str, passed_over: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the sheets of a workbook that are visible and not passed over, then what ended the reading."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                seen = meta.visible is SheetVisibleEnum.Visible and meta.typ is SheetTypeEnum.WorkSheet
                if not seen or any(fnmatchcase(meta.name, p) for p in passed_over):
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                area = sheet.width * sheet.height
                if area > MOST_CELLS:
                    yield "refused", f"sheet '{meta.name}' spans {area} cells; at most {MOST_CELLS} are read."
                    return
                yield "sheet", meta.name, sheet.start[0] + 1 if sheet.start else 1, sheet.to_python()
    except PasswordError:
        yield ("locked",)
    except MemoryError:
        yield "broken", "it needs more memory than a workbook may take"
    except BaseException as error:  # noqa: BLE001  # a broken file may panic inside compiled code
        yield "broken", str(error)
    else:
        yield ("end",)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
