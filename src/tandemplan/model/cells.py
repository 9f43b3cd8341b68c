"""From what a user typed in a cell to a typed value, or to the reason why not."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

from tandemplan.model.schema import Column, Kind, Value
from tandemplan.problems import did_you_mean, named

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?)?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no workbook can hold
UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")  # kinds of characters that nobody sees in a name, space aside
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
MOST = 1e12  # the largest number that is read
LONGEST = 10_000  # characters of a text


class CellError(ValueError):
    """Say why a cell cannot be read: `code` of the rule, the message and the remedy."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def parse(column: Column, raw: Any) -> Value:
    """Return the typed value of a cell; blank gives the column's default.

    `raw` is a text (CSV) or a native workbook value. Raises CellError with code, value, rule and remedy.

    >>> from tandemplan.model.schema import Item
    >>> parse(Item.DESCRIPTION.column("weight_kg"), "7.5"), parse(Item.DESCRIPTION.column("weight_kg"), "")
    (7.5, 0.0)
    """
    text = raw.strip() if isinstance(raw, str) else raw
    if text is None or text == "":
        if column.required:
            raise CellError("missing-value", f"{column.name} is blank; it must be given.")
        return column.default
    if isinstance(text, str) and text.startswith("="):
        raise CellError("formula", f"{column.name} holds the formula {shown(text)}.", "Paste its value instead.")
    return _PARSERS[column.kind](column, text)


def _number(column: Column, raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise CellError("not-a-number", f"{column.name} is {shown(raw)}; it must be a number ({column.unit}).")
    if isinstance(raw, str) and not _NUMBER.fullmatch(raw):
        raise CellError("not-a-number", *_why_no_number(column, raw))
    try:
        value = float(raw)
    except OverflowError:
        raise CellError("too-large", f"{column.name} is far beyond 1e12, the largest number that is read.") from None
    if not math.isfinite(value):
        raise CellError("not-finite", f"{column.name} is {raw}; it must be a finite number.")
    check_bounds(column, value)
    return value


def _why_no_number(column: Column, raw: str) -> tuple[str, str]:
    message = f"{column.name} is {shown(raw)}; it must be a number ({column.unit})."
    if re.fullmatch(r"[+-]?\d{1,3}([ .\u00a0]\d{3})*,\d+|[+-]?\d+,\d+", raw):
        return message, "Write a decimal point, and no thousands separator."
    if re.match(r"[+-]?\d", raw):
        return message, "Leave out units and separators: the column's name carries the unit."
    return message, ""


def check_bounds(column: Column, value: float) -> None:
    """Raise CellError when a number lies outside the bounds of its column."""
    if column.low is not None and value < column.low:
        raise CellError("too-small", f"{column.name} is {value:g}; it must be at least {column.low:g}.")
    if column.above is not None and value <= column.above:
        raise CellError("too-small", f"{column.name} is {value:g}; it must be more than {column.above:g}.")
    if column.high is not None and value > column.high:
        hint = "Shares are fractions: write 0.35 for 35 %." if column.unit.startswith(("share", "prob")) else ""
        raise CellError("too-large", f"{column.name} is {value:g}; it must be at most {column.high:g}.", hint)
    if abs(value) > MOST:
        raise CellError("too-large", f"{column.name} is {value:g}; numbers beyond 1e12 are refused.")


def _integer(column: Column, raw: Any) -> int:
    value = _number(column, raw)
    if not value.is_integer():
        raise CellError("not-whole", f"{column.name} is {value:g}; it must be a whole number.")
    return int(value)


def _flag(column: Column, raw: Any) -> bool:
    word = str(raw).casefold() if not isinstance(raw, float) else f"{raw:g}"
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("not-yes-no", f"{column.name} is {shown(raw)}; it must be yes or no.")


def _date(column: Column, raw: Any) -> date:
    if isinstance(raw, datetime):
        raw = raw.date()
    if not isinstance(raw, date):
        if not (isinstance(raw, str) and _DATE.fullmatch(raw)):
            raise CellError(
                "not-a-date", f"{column.name} is {shown(raw)}; it must be a date.", "Write it as 2026-06-01."
            )
        try:
            raw = date.fromisoformat(raw)
        except ValueError:
            raise CellError("not-a-date", f"{column.name} is {shown(raw)}; there is no such day.") from None
    return in_range(column, raw)


def _moment(column: Column, raw: Any) -> datetime:
    if isinstance(raw, datetime):
        raw = raw.replace(tzinfo=None)
        found = (raw + timedelta(microseconds=500_000)).replace(microsecond=0)  # workbooks hold fractions of days
    elif isinstance(raw, date):
        found = datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 - moments have no zone
    else:
        if not (isinstance(raw, str) and _MOMENT.fullmatch(raw)):
            message = f"{column.name} is {shown(raw)}; it must be a date or a date and time."
            raise CellError("not-a-date", message, "Write it as 2026-06-01 or 2026-06-01T08:30.")
        try:
            found = datetime.fromisoformat(raw)
        except ValueError:
            raise CellError("not-a-date", f"{column.name} is {shown(raw)}; there is no such moment.") from None
    in_range(column, found.date())
    return cast("datetime", found)


def in_range(column: Column, when: date) -> date:
    """Return a date that lies in the range that is read; raises CellError for others."""
    if not EARLIEST <= when <= LATEST:
        raise CellError("date-out-of-range", f"{column.name} is {when}; dates from {EARLIEST} to {LATEST} are read.")
    return when


def _name(column: Column, raw: Any) -> str:
    text = _visible(column, _text(column, raw))
    if any(c in text for c in ";|") or any(ord(c) < 32 or c == "\x7f" for c in text):
        raise CellError("bad-name", f"{column.name} is {shown(text)}; a name holds no ';', '|' or control character.")
    return text


def _names(column: Column, raw: Any) -> tuple[str, ...]:
    text = _visible(column, _text(column, raw))
    parts = tuple(p.strip() for p in text.split(";") if p.strip())
    if parts and parts[0].startswith("="):
        raise CellError("formula", f"{column.name} starts with {shown(parts[0])}.", "A name does not start with '='.")
    repeated = sorted({p for p in parts if parts.count(p) > 1})
    if repeated:
        raise CellError("repeated-name", f"{column.name} names {shown(repeated[0])} twice.", "Name it once.")
    return parts


def _visible(column: Column, text: str) -> str:
    """Return names in their Unicode normal form; raises CellError for characters that nobody sees, or sees as a space."""
    if text.isascii():
        return text
    for c in text:
        if c >= "\x7f" and unicodedata.category(c) in UNSEEN:
            message = f"{column.name} holds {named(c)}, which cannot be seen in a name."
            raise CellError("bad-name", message, "Type the name anew, without it.")
    return unicodedata.normalize("NFC", text)


def _text(column: Column, raw: Any) -> str:
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool):
        raw = "yes" if raw else "no"
    text = str(raw)
    if len(text) > LONGEST:
        raise CellError("too-long", f"{column.name} has {len(text)} characters; at most {LONGEST} are read.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unprintable = _CONTROL.search(text)
    if unprintable:
        code = f"U+{ord(unprintable[0]):04X}"
        raise CellError("control-character", f"{column.name} holds the control character {code}.", "Remove it.")
    return text


def _choice(column: Column, raw: Any) -> str:
    word = _text(column, raw)
    if word not in column.choices:
        known = ("; " if any("," in c for c in column.choices) else ", ").join(column.choices)
        hint = did_you_mean(word, column.choices)
        raise CellError("unknown-choice", f"{column.name} is {shown(word)}; it must be one of {known}.", hint)
    return word


def shown(raw: Any) -> str:
    r"""Return what a user wrote as messages quote it: on one line, not too long.

    >>> shown("a\nb"), shown("x" * 100)[-8:]
    ("'a b'", "xxxx...'")
    """
    text = " ".join(str(raw)[:200].split())
    return f"'{text if len(text) <= 60 else text[:57] + '...'}'"


_PARSERS: dict[Kind, Callable[[Column, Any], Value]] = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.FLAG: _flag,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.NAME: _name,
    Kind.NAMES: _names,
    Kind.TEXT: _text,
    Kind.CHOICE: _choice,
}
