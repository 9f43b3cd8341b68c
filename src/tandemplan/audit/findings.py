"""What an audit says: findings with table, row and size, and what it could not look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from tandemplan.problems import printable

QUANTITY_STEP = 1e-4
MONEY_STEP = 0.01
RELATIVE = 1e-6


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a run contradicts itself or its programme.

    `row` is the line in the table's CSV file (1 = header; None: no single row), `column` the column (may be empty),
    `code` the stable name of the equation, `message` both numbers in the user's names, `size` by how much it is off.

    >>> print(Finding("purchases", 14, "cost", "purchase-cost", "order 'P1' costs 120, not 110; off by 10.", 10.0))
    purchases.csv:14: order 'P1' costs 120, not 110; off by 10. [purchase-cost]
    """

    table: str
    row: int | None
    column: str
    code: str
    message: str
    size: float = 0.0

    def __str__(self) -> str:
        file = self.table if "." in self.table or self.table == "programme" else f"{self.table}.csv"
        place = file if self.row is None else f"{file}:{self.row}"
        return printable(f"{place}: {self.message} [{self.code}]")

    def as_dict(self) -> dict[str, str | float | int | None]:
        """Return the finding as JSON-ready values; `text` is the line that the shell prints.

        >>> Finding("purchases", 14, "cost", "purchase-cost", "order 'P1' costs 120, not 110.", 10.0).as_dict()["row"]
        14
        """
        return {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "code": self.code,
            "message": printable(self.message),
            "size": self.size,
            "text": str(self),
        }


@dataclass(frozen=True, repr=False)
class Audit:
    """The outcome of an audit: findings by table and row, rows looked at by table, columns no equation proves.

    >>> Audit((), {"classes": 2, "costs": 9}, ("classes.bound",))
    Audit(clean, 11 rows in 2 tables)
    """

    findings: tuple[Finding, ...]
    rows_checked: Mapping[str, int]
    unaudited: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Say whether nothing was found.

        >>> Audit((Finding("purchases", 14, "cost", "purchase-cost", "off by 10.", 10.0),), {"purchases": 20}, ()).clean
        False
        """
        return not self.findings

    def __repr__(self) -> str:
        count = len(self.findings)
        found = "clean" if self.clean else f"{count:,} finding{'' if count == 1 else 's'}"
        return f"Audit({found}, {sum(self.rows_checked.values()):,} rows in {len(self.rows_checked)} tables)"

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{escape(str(f))}</li>" for f in self.findings)
        return f"<p>{escape(repr(self))}</p><ul>{lines}</ul>"


def allowed(size: float, rows: int = 1) -> float:
    """Return the tolerance of an equation between quantities or hours of `size` in all, over `rows` rows.

    >>> allowed(100.0), allowed(100.0, rows=3)
    (0.0002, 0.0004)
    """
    return round(QUANTITY_STEP * rows + RELATIVE * abs(size), 12)


def allowed_money(size: float, rows: int = 1, rate: float = 0.0) -> float:
    """Return the tolerance of an equation between amounts; `rate` is the money that one printed unit stands for.

    >>> allowed_money(1000.0), allowed_money(1000.0, rate=50_000.0)
    (0.011, 0.061)
    """
    return round(MONEY_STEP * rows + RELATIVE * (abs(size) + abs(rate)), 12)


def shown(value: float) -> str:
    """Return a number as messages print it.

    >>> shown(12.0), shown(1234.56), shown(0.3333333)
    ('12', '1234.56', '0.333333')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
