"""Names: references, keys given twice, names that could mean two things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tandemplan.model.checks.facts import Facts, Fault, also, check, first_of, listed
from tandemplan.model.checks.strays import Stray
from tandemplan.model.schema import TABLES, Contract, Kind, Risk, RiskLink, Skill, Tool, Tranche, WorkCentre
from tandemplan.model.tables import Table
from tandemplan.problems import appearance, did_you_mean

_UNUSUAL = re.compile(r"[^ -~\n]|  |^ | $", re.MULTILINE)


@check("unknown-name")
def unknown_name(facts: Facts) -> Iterator[Fault]:
    """Every name that a row refers to is the name of a row of the table that the column says.

    A name that stands in several rows of one column is reported once, with all its lines.
    """
    for stray in facts.strays:
        yield Fault(stray.table, stray.rows[0], _unknown(stray), _remedy(stray))


@check("ambiguous-name")
def ambiguous_name(facts: Facts) -> Iterator[Fault]:
    """A name in a column that may refer to several tables is a name in one of them only."""
    for row_class in TABLES.values():
        for column in row_class.DESCRIPTION.columns:
            given = [(t, facts.names[t]) for t in column.refers_to]
            shared = {n for t, ns in given for u, ms in given if t < u for n in ns & ms}
            if not shared:
                continue
            table = facts[row_class]
            for i, cell in enumerate(table.columns[column.name].tolist()):
                for name in sorted(shared.intersection((cell,) if column.kind is Kind.NAME else cell)):
                    both = listed(t for t, ns in given if name in ns)
                    yield Fault(
                        table, i, f"{column.name} '{name}' is in {both}: it is not clear which is meant.", "Rename one."
                    )


@check("repeated-key")
def repeated_key(facts: Facts) -> Iterator[Fault]:
    """No two rows of a table have the same key."""
    for row_class in TABLES.values():
        table = facts[row_class]
        columns = [c for c in row_class.DESCRIPTION.columns if c.key]
        if len(set(_key_texts(table))) == len(table):
            continue
        seen: dict[tuple[str, ...], int] = {}
        for i, key in enumerate(table.keys):
            first = seen.setdefault(key, i)
            if first != i and not any(c.required and not part for c, part in zip(columns, key, strict=True)):
                said = ", ".join(f"{c.name} '{part}'" for c, part in zip(columns, key, strict=True) if part)
                message = f"{said or 'the blank key'} is given twice; the first is on {first_of(table, first, i)}."
                yield Fault(table, i, message, "Drop one of the rows, or rename it.", tuple(c.name for c in columns))


@check("alike-names")
def names_look_different(facts: Facts) -> Iterator[Fault]:
    """No two names of a table differ only in capitals, in spaces, or in letters of other scripts that look the same."""
    for row_class in TABLES.values():
        table, column = facts[row_class], next(c for c in row_class.DESCRIPTION.columns if c.key)
        if column.kind is not Kind.NAME or column.refers_to:
            continue
        seen: dict[str, int] = {}
        names = table.columns[column.name].tolist()
        if _plainly_different(names):
            continue
        for i, name in enumerate(names):
            first = seen.setdefault(appearance(name), i)
            if name != names[first]:  # equal ones are another check's
                message = f"{column.name} '{name}' looks like '{names[first]}' on {first_of(table, first, i)}."
                yield Fault(table, i, message, "Rename one, or write both alike.", (column.name,))


@check("repeated-name", WorkCentre, Skill, Tool)
def repeated_resource(facts: Facts) -> Iterator[Fault]:
    """A name stands once: for one work centre, skill or tool (result tables name all three), and once in a list."""
    tables: list[Table[Any]] = [facts[WorkCentre], facts[Skill], facts[Tool]]
    for later, table in enumerate(tables[1:], 1):
        column = table.description.key[0]
        for i, name in enumerate(table.columns[column].tolist()):
            other = next((t for t in tables[:later] if (name,) in t.index), None)
            if name and other is not None:
                file, line = other.place(other.index[(name,)])
                message = f"{column} '{name}' is also the name of a row of {other.description.name} ({file}:{line})."
                yield Fault(table, i, message, "Rename one: results name both alike.")


@check("unknown-name", Risk)
def unknown_risk_group(facts: Facts) -> Iterator[Fault]:
    """The groups that a link joins are groups of risks."""
    known = set(facts[Risk].group.tolist()) - {""}
    links = facts[RiskLink]
    for column in ("from_group", "to_group"):
        for i, name in enumerate(links.columns[column].tolist()):
            if name and name not in known:
                yield Fault(links, i, f"{column} '{name}' is not the group of any risk.", did_you_mean(name, known))


@check("unknown-name", Tranche)
def unknown_pool(facts: Facts) -> Iterator[Fault]:
    """The pool that pays for a contract is the pool of some tranche of funding."""
    known = set(facts[Tranche].pool.tolist()) - {""}
    contracts = facts[Contract]
    for i, name in enumerate(contracts.pool.tolist()):
        if name and name not in known:
            hint = did_you_mean(name, known) or "Leave it blank when the customer is not limited by funding."
            yield Fault(contracts, i, f"pool '{name}' is not the pool of any row of funding.", hint)


CHECKS = (
    unknown_name,
    ambiguous_name,
    repeated_key,
    names_look_different,
    repeated_resource,
    unknown_risk_group,
    unknown_pool,
)


def _key_texts(table: Table[Any]) -> Sequence[Any]:
    """Return a text for each key, or the texts of its parts."""
    parts = [c for c in table.description.columns if c.key]
    one_name = len(parts) == 1 and parts[0].kind is Kind.NAME
    return table.columns[parts[0].name].tolist() if one_name else table.keys


def _plainly_different(names: list[str]) -> bool:
    """Return whether no two of many names differ only as `appearance` does not, seen without a look at each."""
    joined = "\n".join(names)
    if _UNUSUAL.search(joined) or joined.count("\n") >= len(names):
        return False
    return len(set(joined.casefold().split("\n"))) == len(set(names))


def _unknown(stray: Stray) -> str:
    column, where = stray.column, listed(stray.column.refers_to, "or")
    rest = also(stray.table, stray.rows[1:])
    if not stray.absent:
        return f"{column.name} '{stray.word}' is not in {where}{rest}."
    no_table = "no such table" if len(column.refers_to) == 1 else "no such tables"
    return f"{column.name} '{stray.word}' is not in {where}: the programme has {no_table}{rest}."


def _remedy(stray: Stray) -> str:
    return did_you_mean(stray.word, [stray.meant]) if stray.meant else ""
