"""The few kinds of equation that a table must meet, each a function that yields what breaks it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tandemplan.audit.days import iso
from tandemplan.audit.findings import Finding, allowed, allowed_money, shown

Where = tuple[str, int | None, str]  # table, line, what the row is about
NO_DAY = -(2**61)
SHARE_STEP = 1e-4  # what a share of amounts in a certificate is printed to
ROUNDING = 1e-5  # units: what six printed decimals may hide after some sums


class Sums:
    """A running total over rows, and what tolerance it has gathered."""

    __slots__ = ("rounding", "rows", "size", "total")

    def __init__(self) -> None:
        self.total, self.size, self.rows, self.rounding = 0.0, 0.0, 0, 0.0

    def add(self, value: float, rate: float = 0.0) -> None:
        """Add the value of one row; `rate` is what one printed unit stands for, where units are printed rounded."""
        self.total += value
        self.size += abs(value)
        self.rows += 1
        self.rounding += ROUNDING * abs(rate)

    @property
    def allowed(self) -> float:
        """Return the tolerance of an equation with this total."""
        return allowed(self.size, max(self.rows, 1)) + self.rounding


def equal(where: Where, column: str, said: float, right: float, *, tolerance: float | None = None) -> Iterator[Finding]:
    """Yield a finding when a quantity, rate or time is not what it must be.

    >>> list(equal(("purchases", 2, "order 'P'"), "accepted", 10.0, 10.00001))
    []
    >>> print(*equal(("purchases", 2, "order 'P'"), "accepted", 10.0, 9.0))
    purchases.csv:2: order 'P': accepted is 10, but it must be 9; off by 1. [purchases-accepted]
    """
    limit = allowed(max(abs(said), abs(right))) if tolerance is None else tolerance
    if not abs(said - right) <= limit:
        yield _unequal(where, column, (said, right), (shown(said), shown(right), shown(abs(said - right))))


def equal_share(where: Where, column: str, said: float, right: float) -> Iterator[Finding]:
    """Yield a finding when a share of amounts is not what it must be, within half of the hundredth of a per cent to which it is printed."""
    yield from equal(where, column, said, right, tolerance=SHARE_STEP / 2 + ROUNDING / 10)


def equal_money(
    where: Where, column: str, said: float, right: float, *, rows: int = 1, rate: float = 0.0
) -> Iterator[Finding]:
    """Yield a finding when an amount is not what it must be; `rate` is the money that one printed unit stands for."""
    if not abs(said - right) <= allowed_money(max(abs(said), abs(right)), rows, rate):
        texts = (f"{said:.2f}", f"{right:.2f}", f"{abs(said - right):.2f}")
        yield _unequal(where, column, (said, right), texts)


def equal_day(where: Where, column: str, said: int, right: int) -> Iterator[Finding]:
    """Yield a finding when a day is not the one it must be (either may be blank)."""
    if said != right:
        size = math.inf if min(said, right) < NO_DAY else float(abs(said - right))
        texts = (day_text(said), day_text(right), "a blank" if math.isinf(size) else f"{size:.0f} days")
        yield _unequal(where, column, (0.0, size), texts)


def equal_text(where: Where, column: str, said: object, right: object) -> Iterator[Finding]:
    """Yield a finding when a name or a yes or no is not what it must be."""
    if said != right:
        message = f"{where[2]}: {column} is '{said}', but it must be '{right}'."
        yield Finding(where[0], where[1], column, f"{code_of(where[0])}-{column.replace('_', '-')}", message)


def not_before(where: Where, column: str, day: int, opening: tuple[int, str]) -> Iterator[Finding]:
    """Yield a finding when a day lies before the day on which something opens."""
    first, why = opening
    if day < first:
        message = f"{where[2]}: {column} is {day_text(day)}, but {why} on {iso(first)}; {first - day} days too early."
        yield Finding(where[0], where[1], column, f"{code_of(where[0])}-closed", message, float(first - day))


def over(where: Where, code: str, total: Sums, most: float) -> Iterator[Finding]:
    """Yield a finding when a total is over its limit (nan: unlimited); `where` says what is limited."""
    if not math.isnan(most) and not total.total <= most + total.allowed + allowed(most):
        size = total.total - most
        message = f"{where[2]}: {shown(total.total)}, but at most {shown(most)} can be; off by {shown(size)}."
        yield Finding(where[0], where[1], "", code, message, size)


def day_text(day: int) -> str:
    """Return the text of a day that may be blank."""
    return "blank" if day < NO_DAY else iso(day)


def code_of(table: str) -> str:
    """Return the name of a table as codes spell it.

    >>> code_of("stock_targets")
    'stock-targets'
    """
    return table.removesuffix(".json").replace("_", "-")


def _unequal(where: Where, column: str, values: tuple[float, float], texts: tuple[str, str, str]) -> Finding:
    table, line, what = where
    said, right, size = texts
    message = f"{what}: {column} is {said}, but it must be {right}; off by {size}."
    code = f"{code_of(table)}-{column.replace('_', '-')}"
    return Finding(table, line, column, code, message, abs(values[0] - values[1]))
