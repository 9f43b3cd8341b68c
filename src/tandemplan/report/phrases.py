"""Cells of a programme as people say them: what a column is called, what stands in it, and what a change turns it into."""

from __future__ import annotations

from datetime import date

from tandemplan.model.cells import CellError
from tandemplan.model.changes import SETTINGS_TABLE, Change, parse_change
from tandemplan.model.programme import Programme
from tandemplan.model.schema import TABLES, Column, Kind, Settings
from tandemplan.report.wording import day, listed, measure

_PLAIN = {
    "", "units", "factor", "rank", "grade", "step", "version", "year", "seed", "quantile", "probability", "as the kind says",
}  # fmt: skip
_SIGNS = {"set": "=", "add": "+", "multiply": "×"}
_SPREADS = {"sd": "standard deviation of", "cv": "coefficient of variation of"}
BLANK = "none"


def column_of(table: str, name: str) -> Column | None:
    """Return a column of a table or of the settings by its name; None where the schema has none of that name."""
    row_class = Settings if table == SETTINGS_TABLE else TABLES.get(table)
    return row_class.DESCRIPTION.column(name) if row_class else None


def column_words(name: str, unit: str = "") -> str:
    """Return what a column is called, without the unit at its end.

    >>> column_words("duration_sd_days", "days"), column_words("capacity_kg_per_week", "kg per week")
    ('standard deviation of duration', 'capacity')
    >>> column_words("stations", "stations"), column_words("due")
    ('stations', 'due')
    """
    ending = "_share" if unit.startswith("share") else f"_{unit.replace(' ', '_')}"
    kept = name.removesuffix(ending) if unit else name
    base, _, last = kept.rpartition("_")
    if base and last in _SPREADS:
        return f"{_SPREADS[last]} {base.replace('_', ' ')}"
    return kept.replace("_", " ")


def value_words(column: Column | None, text: str, currency: str = "", unit: str = "") -> str:
    """Return a cell in words, with its unit; `unit` is that of the row's item.

    >>> value_words(column_of("risks", "date"), "2027-07-19"), value_words(column_of("risks", "duration_days"), "28")
    ('19 Jul 2027', '28 days')
    >>> value_words(column_of("risks", "date"), ""), value_words(column_of("items", "list_price"), "5", "EUR")
    ('none', '5 EUR')
    """
    if not text:
        return BLANK
    if column is None:
        return text
    if column.name == "changes":
        return "; ".join(f"{head} {turn}" for head, turn in map(effect_words, text.split(";")))
    try:
        if column.kind is Kind.DATE:
            return day(date.fromisoformat(text))
        if column.kind is Kind.MOMENT:
            return f"{day(date.fromisoformat(text[:10]))} {text[11:]}".strip()
        if column.kind in (Kind.NUMBER, Kind.INTEGER):
            return _amount(column, float(text), text, (currency, unit))
    except ValueError:  # a date such as a task's end, a number such as a formula: it says what it is
        return text
    return text


def _amount(column: Column, value: float, text: str, units: tuple[str, str]) -> str:
    currency, unit = units
    if column.unit.startswith("share"):
        return f"{100 * value:.10g} %{column.unit.removeprefix('share')}"
    if column.unit.startswith("money"):
        return f"{text} {currency or 'money'}{column.unit.removeprefix('money')}"
    if column.unit.startswith("units") and unit:
        return f"{text} {measure(unit, value)}{column.unit.removeprefix('units')}"
    return (
        text
        if column.unit in _PLAIN or column.unit == column_words(column.name, column.unit)
        else f"{text} {column.unit}"
    )


def effect_words(text: str) -> tuple[str, str]:
    """Return what a change of a programme changes, and to what.

    >>> effect_words("lanes[crossing=BX-SIRET].capacity_kg_per_week *= 0.05")
    ('capacity of lanes with crossing BX-SIRET', '× 0.05')
    >>> effect_words("work_centres[bench].stations = 2"), effect_words("no change at all")
    (('stations of work centres bench', '= 2'), ('no change at all', ''))
    """
    try:
        change = parse_change(text)
    except CellError:
        return text, ""
    column = column_of(change.table, change.column)
    unit = column.unit if column else ""
    what = column_words(change.column, unit)
    of = "" if change.table == SETTINGS_TABLE else f" of {_rows_words(change)}"
    return f"{what}{of}", f"{_SIGNS[change.operation]} {change.value}"


def _rows_words(change: Change) -> str:
    table = change.table.replace("_", " ")
    if change.rows == "*":
        return f"all {table}"
    parts = change.rows.split("|")
    if not all("=" in p for p in parts):
        return f"{table} {change.rows}"
    said = [
        f"{name.strip().replace('_', ' ')} {' or '.join(v.split(','))}"
        for name, _, v in (p.partition("=") for p in parts)
    ]
    return f"{table} with {listed(said, most=9)}"


def turn_words(table: str, name: str, pair: tuple[str, str], currency: str = "", unit: str = "") -> str:
    """Return how a cell differs between two programmes.

    >>> turn_words("risks", "duration_days", ("16", "28")), turn_words("risks", "date", ("", "2027-07-19"))
    ('duration 16 → 28 days', 'date none → 19 Jul 2027')
    >>> turn_words("risks", "changes", ("items[a].weight_kg *= 2", "items[a].weight_kg *= 3;items[b].weight_kg = 1"))
    'weight of items a × 2 → × 3 and weight of items b = 1 (new)'
    >>> turn_words("demands", "quantity_units", ("1", "80"), unit="sortie")
    'quantity 1 → 80 sorties'
    """
    column = column_of(table, name)
    if name == "changes":
        return _effect_turns(pair)
    first, second = (value_words(column, text, currency, unit) for text in pair)
    counts = column is not None and column.kind in (Kind.NUMBER, Kind.INTEGER)
    shown = first.partition(" ")[0] if counts and all(map(_is_number, pair)) else first
    return f"{column_words(name, column.unit if column else '')} {shown} → {second}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _effect_turns(pair: tuple[str, str]) -> str:
    one, two = (dict(map(effect_words, filter(None, text.split(";")))) for text in pair)
    said = []
    for head in dict.fromkeys([*one, *two]):
        if one.get(head) != two.get(head):
            both = head in one and head in two
            said.append(f"{head} {one[head]} → {two[head]}" if both else _alone(head, one, two))
    return listed(said, most=4)


def _alone(head: str, one: dict[str, str], two: dict[str, str]) -> str:
    return f"{head} {two[head]} (new)" if head in two else f"{head} {one[head]} (gone)"


def row_unit(programme: Programme, units: dict[str, str], table: str, row: str) -> str:
    """Return the unit of the item that a row speaks of, blank where it speaks of none."""
    row_class = TABLES.get(table)
    if row_class is None or row_class.DESCRIPTION.column("item") is None:
        return ""
    found = programme[row_class]
    at = found.index.get(tuple(row.split("|")))
    return "" if at is None else units.get(str(found.columns["item"][at]), "")
