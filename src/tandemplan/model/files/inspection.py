"""What must be known of a zipped workbook before it is opened: its size when unpacked, and its formulas."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path, PurePosixPath

import numpy as np

from tandemplan.model.files.archive import capped, refusals
from tandemplan.model.files.sheet import passed_over

MOST_CELLS = 10_000_000
MOST_TEXT = 512 * 2**20
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d+)"')
_ODS_PART = re.compile(
    rb'<table:table\b[^>]*?table:name="(?P<table>[^"]*)"'
    rb"|<table:table-row\b(?P<row>[^>]*)>"
    rb"|<table:(?:covered-)?table-cell\b(?P<cell>[^>]*)>"
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')
_LETTERS = re.compile(rb'\br="([A-Z]{1,3})\d{1,7}"')
_NUMBERS = re.compile(rb'\br="[A-Z]{1,3}(\d{1,7})"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d+)<')


@dataclass(frozen=True)
class Inspection:
    """`refusals` say why a workbook is not opened; `formulas` name cells (column letters, row) by sheet."""

    refusals: tuple[str, ...]
    formulas: dict[str, tuple[tuple[str, int], ...]]


def inspect(path: Path) -> Inspection:
    """Return what is known of a workbook that is a zip (`.xlsx`, `.xlsm`, `.ods`; of `.xlsb` only its size).

    Sheets of an `.xlsx` that are passed over are not looked at, however large they are: nobody unpacks them.
    """
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        sheets = list(xlsx_members(archive, names))
        unread = {m for s, m in sheets if passed_over(s)} - {m for s, m in sheets if not passed_over(s)}
        refused = [p.message for p in refusals(path.name, [m for m in archive.infolist() if m.filename not in unread])]
        if refused:
            return Inspection(tuple(refused), {})
        if "content.xml" in names:
            return _inspect_ods(capped(archive, archive.getinfo("content.xml")))
        return _inspect_xlsx(archive, names)


def _inspect_xlsx(archive: zipfile.ZipFile, names: set[str]) -> Inspection:
    strings = "xl/sharedStrings.xml"
    ends = capped(archive, archive.getinfo(strings)).split(b"</si>") if strings in names else []
    sizes = np.array([len(e) for e in ends] or [0], dtype=np.int64)
    refused, formulas, text = [], {}, 0
    for sheet, member in [(s, m) for s, m in xlsx_members(archive, names) if not passed_over(s)]:
        content = capped(archive, archive.getinfo(member))
        area = area_of(content)
        if area > MOST_CELLS:
            refused.append(f"sheet '{sheet}' spans {area} cells; at most {MOST_CELLS} are read.")
        if sizes.max() * content.count(b'"s"') > MOST_TEXT:
            used = np.array(_SHARED.findall(content), dtype=np.int64)
            text += int(sizes[used[used < len(sizes)]].sum())
        formulas[sheet] = tuple((a.decode(), int(n)) for a, n in _FORMULA.findall(content))
    if text > MOST_TEXT:
        refused.append(f"its cells hold {text // 2**20} MB of text; at most {MOST_TEXT // 2**20} MB are read.")
    return Inspection(tuple(refused), formulas)


def xlsx_members(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the member that holds its cells."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return
    targets = {}
    for tag in _RELATION.findall(capped(archive, archive.getinfo("xl/_rels/workbook.xml.rels"))):
        attributes = _attributes(tag)
        targets[attributes.get("Id", "")] = attributes.get("Target", "")
    for tag in _SHEET.findall(capped(archive, archive.getinfo("xl/workbook.xml"))):
        attributes = _attributes(tag)
        target = targets.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""), "")
        member = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if member in names:
            yield attributes.get("name", ""), member


def area_of(content: bytes) -> int:
    """Return the rows times columns of the rectangle that the cells of an xlsx sheet span.

    >>> area_of(b'<c r="B2"><v>1</v></c><c r="AA11"><v>2</v></c>')
    260
    """
    columns = [column_number(letters) for letters in set(_LETTERS.findall(content))]
    rows = [int(n) for n in set(_NUMBERS.findall(content))]
    return (max(columns) - min(columns) + 1) * (max(rows) - min(rows) + 1) if columns else 0


def column_number(letters: bytes) -> int:
    """Return the number of a column from its letters, A = 1.

    >>> column_number(b"B"), column_number(b"AA")
    (2, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _inspect_ods(content: bytes) -> Inspection:
    """Follow the cells of an OpenDocument table, whose repeated cells make small files span large areas."""
    formulas: dict[str, list[tuple[str, int]]] = {}
    cells, table, row, repeats, next_row, column = 0, "", 0, 1, 1, 0
    for part in _ODS_PART.finditer(content):
        if part["table"] is not None:
            table, next_row = unescape(part["table"].decode("utf-8", "replace")), 1
        elif part["row"] is not None:
            row, repeats, column = next_row, _repeat(part["row"]), 0
            next_row = row + repeats
        else:
            times = _repeat(part["cell"])
            if b"office:value" in part["cell"] or b"formula" in part["cell"]:
                cells += times * repeats
            if b"table:formula" in part["cell"]:
                formulas.setdefault(table, []).append((column_letters(column + 1), row))
            column += times
    refused = (f"its sheets hold {cells} cells; at most {MOST_CELLS} are read.",) if cells > MOST_CELLS else ()
    return Inspection(refused, {t: tuple(f) for t, f in formulas.items()})


def column_letters(number: int) -> str:
    """Return the letters of a column from its number.

    >>> column_letters(2), column_letters(27)
    ('B', 'AA')
    """
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _repeat(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _attributes(tag: bytes) -> dict[str, str]:
    return {k.decode(): unescape(v.decode("utf-8", "replace")) for k, v in _ATTRIBUTE.findall(tag)}
