"""Text files of numbers: lines told apart from their numbers, every fault kept with its line."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tandemplan.problems import Problem

Numbers = tuple[float, ...]
MOST = 10_000  # items, periods or resources


@dataclass(frozen=True)
class Line:
    """A line of a file that is not blank: its number and its text."""

    number: int
    text: str


@dataclass
class Faults:
    """Collects what is wrong with one file; the one value here that grows, while a file is read."""

    source: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int | None, code: str, message: str, hint: str = "") -> None:
        """Keep one problem."""
        self.found.append(Problem(self.source, line, code, message, hint))

    def shape(self, line: int | None, message: str, hint: str = "") -> None:
        """Keep a problem of form: a part that is missing, or has too many or too few numbers."""
        self.found.append(Problem(self.source, line, "wrong-form", message, hint))

    def number(self, line: int, what: str, text: str, least: float | None = 0.0) -> float:
        """Return the number that a text stands for (0 where it is none, which is kept as a problem)."""
        try:
            value = float(text)
        except ValueError:
            self.found.append(Problem(self.source, line, "not-a-number", f"{what} is '{text}'; it must be a number."))
            return 0.0
        if not math.isfinite(value):
            self.found.append(Problem(self.source, line, "not-finite", f"{what} is '{text}'; it must be finite."))
            return 0.0
        if least is not None and value < least:
            self.found.append(
                Problem(self.source, line, "too-small", f"{what} is {value:g}; it must be at least {least:g}.")
            )
            return least
        return value

    def whole(self, line: int, what: str, text: str, least: int) -> int:
        """Return the whole number, at most MOST, that a text stands for."""
        value = self.number(line, what, text, least)
        if value > MOST:
            self.found.append(Problem(self.source, line, "too-large", f"{what} is {text}; it must be at most {MOST}."))
            return least
        if value != int(value):
            self.found.append(Problem(self.source, line, "not-whole", f"{what} is {text}; it must be a whole number."))
        return max(int(value), least)

    def numbers(self, line: Line, what: str, texts: Sequence[str], each: Sequence[str]) -> Numbers:
        """Return the numbers of a line, one for each name in `each`; another count is a problem, and gives zeros."""
        if len(texts) != len(each):
            self.shape(
                line.number,
                f"{what} has {len(texts)} numbers; it must have {len(each)}.",
                f"They are those of {each[0]} to {each[-1]}." if each else "",
            )
            return (0.0,) * len(each)
        return tuple(self.number(line.number, f"{what}, {e}", t) for e, t in zip(each, texts, strict=True))


def listed(faults: Faults, line: Line) -> list[Any] | None:
    """Return the list that a line such as `[1, 2.5]` or `[[1],[2]]` holds, numbers as texts; None where it is no list."""
    try:
        found = json.loads(line.text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list):
        return found
    start = line.text if len(line.text) <= 40 else line.text[:40] + "..."
    faults.shape(line.number, f"'{start}' is no list.", "Write numbers in brackets, with commas between them.")
    return None


def texts(row: Any) -> list[str]:
    """Return the cells of a list as texts (none where it is no list).

    >>> texts(["1.5", True, None])
    ['1.5', 'true', 'null']
    """
    return [t if isinstance(t, str) else json.dumps(t) for t in row] if isinstance(row, list) else []
