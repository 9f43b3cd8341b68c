"""From all cells of a column to typed values: each distinct word is read once, plain ones many at a time.

What `parse` says of a single cell holds: the short ways here are taken only where they agree with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import numpy as np

from tandemplan.model.cells import EARLIEST, LATEST, LONGEST, MOST, UNSEEN, CellError, parse
from tandemplan.model.schema import Column, Kind, Value
from tandemplan.model.tables import Array, column_array, objects

CHUNK = 4096  # so that a faulty cell costs a look at each of so many others, and no more
_UNUSUAL_NUMBER = re.compile(r"[^0-9.eE+\-\n]")
_DAYS = re.compile(r"(?:\d{4}-\d{2}-\d{2}\n)+", re.ASCII)
_UNUSUAL_NAME = re.compile("[;|\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|\n=")
_UNUSUAL_TEXT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|\n=")
_MOMENTS = re.compile(r"(?:\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?)?\n)+", re.ASCII)
_EARLIEST, _LATEST = np.datetime64(EARLIEST, "D"), np.datetime64(LATEST, "D")


def parse_column(column: Column, cells: Sequence[Any]) -> tuple[Array, list[tuple[int, CellError]]]:
    """Return the values of a column's cells, and which cells cannot be read, in order; these take the default.

    >>> from tandemplan.model.schema import Item
    >>> values, faults = parse_column(Item.DESCRIPTION.column("weight_kg"), ["7.5", "", "heavy", "7.5"])
    >>> values.tolist(), [(row, error.code) for row, error in faults]
    ([7.5, 0.0, 0.0, 7.5], [(2, 'not-a-number')])
    """
    texts = set(map(type, cells)) <= {str}
    words: Sequence[Any] = cells if texts else list(zip(map(type, cells), cells, strict=True))
    number: defaultdict[Any, int] = defaultdict(count().__next__)  # a new word takes the next number
    codes = np.fromiter(map(number.__getitem__, words), dtype=np.int64, count=len(words))
    values, errors = _of_distinct(column, list(number) if texts else [raw for _, raw in number], texts=texts)
    if len(number) == len(cells):
        return values, sorted(errors.items())
    wrong = np.flatnonzero(np.isin(codes, list(errors))) if errors else ()
    return values[codes], [(int(row), errors[int(codes[row])]) for row in wrong]


def plain_values(column: Column, words: list[str]) -> Array | None:
    """Return what `parse` makes of each word, when all are plainly good; None when one would need a closer look.

    >>> from tandemplan.model.schema import Item
    >>> plain_values(Item.DESCRIPTION.column("item"), ["A", " B "]).tolist()
    ['A', 'B']
    """
    shortened = list(map(str.strip, words))
    if "" in shortened:
        return None
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return _numbers(column, shortened)
    if column.kind is Kind.DATE:
        return _dates(shortened, _DAYS, "datetime64[D]")
    if column.kind is Kind.MOMENT:
        return _dates(shortened, _MOMENTS, "datetime64[s]")
    if column.kind in (Kind.NAME, Kind.TEXT):
        return _texts(column, shortened)
    return None


def _of_distinct(column: Column, words: list[Any], *, texts: bool) -> tuple[Array, dict[int, CellError]]:
    """Return the values of distinct cells, and what is wrong with some, by their number."""
    parts = [column_array(column, [])]
    errors: dict[int, CellError] = {}
    for first, chunk in _chunks(words):
        values = plain_values(column, chunk) if texts else None
        if values is None:
            values, found = _one_by_one(column, chunk)
            errors |= {first + k: error for k, error in found.items()}
        parts.append(values)
    return np.concatenate(parts), errors


def _chunks(words: list[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Yield runs of words, the blank one alone, each with the number of its first word."""
    blank = words.index("") if "" in words else 0
    for first, last in ((0, blank), (blank, blank + 1), (blank + 1, len(words))):
        for k in range(first, min(last, len(words)), CHUNK):
            yield k, words[k : min(k + CHUNK, last)]


def _one_by_one(column: Column, words: list[Any]) -> tuple[Array, dict[int, CellError]]:
    values: list[Value] = []
    errors: dict[int, CellError] = {}
    for k, raw in enumerate(words):
        try:
            values.append(parse(column, raw))
        except CellError as error:
            errors[k] = error
            values.append(column.default)
    return column_array(column, values), errors


def _numbers(column: Column, words: list[str]) -> Array | None:
    if _UNUSUAL_NUMBER.search("\n".join(words)):
        return None
    try:
        found = np.fromiter(map(float, words), dtype=np.float64, count=len(words))
    except ValueError:
        return None
    low = -MOST if column.low is None else max(column.low, -MOST)
    high = MOST if column.high is None else min(column.high, MOST)
    above = -np.inf if column.above is None else column.above
    inside = (found >= low) & (found <= high) & (found > above)
    if not inside.all():
        return None
    if column.kind is Kind.INTEGER:  # as a whole number, -0 is 0
        return found + 0.0 if np.array_equal(found, np.floor(found)) else None
    return found


def _dates(words: list[str], plain: re.Pattern[str], dtype: str) -> Array | None:
    if not plain.fullmatch("\n".join(words) + "\n"):
        return None
    try:
        found: Array = np.array(words, dtype=dtype)
    except ValueError:
        return None
    return found if ((found >= _EARLIEST) & (found < _LATEST + 1)).all() else None


def _texts(column: Column, words: list[str]) -> Array | None:
    joined = "\n".join(words)
    name = column.kind is Kind.NAME
    odd = joined.startswith("=") or joined.count("\n") >= len(words) or max(map(len, words)) > LONGEST
    if odd or (_UNUSUAL_NAME if name else _UNUSUAL_TEXT).search(joined) or (name and not _visible(joined)):
        return None
    return objects(words)


def _visible(joined: str) -> bool:
    if joined.isascii():
        return True
    seen = not any(c >= "\x7f" and unicodedata.category(c) in UNSEEN for c in set(joined))
    return seen and unicodedata.is_normalized("NFC", joined)
